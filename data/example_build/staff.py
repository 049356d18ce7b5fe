"""People and their posts, and the table of departments. Nobody here exists.

The names say so (示例…), and the phone numbers begin with 102, which no network uses.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from example_build.frames import EXAMPLE
from example_build.packages import CITY_CODE, COUNTY_CODE
from example_build.plane import rng
from example_build.rivers import PLANS
from example_build.territory import PARK_CODE
from example_build.units import DISTRICTS, Ground
from example_build.water import Reach

_TIERS_OF_GRADE: Final = {
    "city": ("village", "township", "county", "city"),
    "county": ("village", "township", "county"),
    "township": ("village", "township"),
    "village": ("village",),
}
_TIER_TITLES: Final = {"village": "村级", "township": "镇级", "county": "区级", "city": "市级"}
# Deliberate vacancies: the last day of the last holder; None = never filled.
VACANT_CHIEFS: Final[dict[tuple[str, str], dt.date]] = {
    ("HL015-02", "township"): dt.date(2026, 8, 31),
    ("HL010-04", "village"): dt.date(2026, 6, 30),
    ("HL001-09", "county"): dt.date(2026, 9, 30),
    ("HL021-02", "village"): dt.date(2025, 12, 31),
    ("HL013-02", "county"): dt.date(2026, 4, 30),
}
VACANT_MEMBERS: Final[dict[str, dt.date | None]] = {
    "330402101203": dt.date(2026, 7, 15),
    "330402015208": None,
    "330402105225": None,
}
# The recent change: on this reach and tier the holder changed on this day.
CHANGED: Final = ("HL001-05", "township", dt.date(2026, 10, 15))


@dataclass
class Staff:
    """Collects people and posts."""

    people: list[dict[str, object]] = field(default_factory=list)
    posts: list[dict[str, object]] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, organisation: str) -> str:
        """The id of a person, made at first mention."""
        if name not in self._known:
            number = len(self._known) + 1
            self._known[name] = f"P{number:04d}"
            self.people.append({
                "person_id": self._known[name], "name": name, "organisation": organisation,
                "phone": f"1020000{number:04d}", "data_status": EXAMPLE,
            })  # fmt: skip
        return self._known[name]

    def post(
        self,
        person: str,
        role: str,
        place: tuple[str, str, str],
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> None:
        """Give a post at `place` = (tier, scope, code)."""
        tier, scope, code = place
        self.posts.append({
            "post_id": f"G{len(self.posts) + 1:04d}", "person_id": person, "role": role,
            "tier": tier, "scope": scope, "scope_code": code,
            "valid_from": since or _first_day(role, tier, code), "valid_to": until,
            "data_status": EXAMPLE,
        })  # fmt: skip


def staff(ground: Ground, reaches: list[Reach]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People and posts as the project's tables hold them."""
    made = Staff()
    _grid(made, ground)
    _districts(made)
    for reach in reaches:
        for tier in _TIERS_OF_GRADE[PLANS[reach.river].grade]:
            _chief(made, ground, reach, tier)
    return pd.DataFrame(made.people), pd.DataFrame(made.posts)


def departments() -> pd.DataFrame:
    """Which department answers which type of problem; an example, to be edited by the office."""
    table = (
        ("water", "水污染", "Water pollution", "生态环境分局水环境科", 1, 5),
        ("air", "大气污染", "Air pollution", "生态环境分局大气环境科", 1, 5),
        ("noise", "噪声污染", "Noise", "综合行政执法局", 1, 5),
        ("solid_waste", "固体废物", "Solid waste", "生态环境分局固废科", 1, 7),
        ("ecology", "生态破坏", "Damage to nature", "自然资源和规划分局", 1, 10),
        ("radiation", "辐射污染", "Radiation", "生态环境分局核与辐射科", 0, 5),
        ("odour", "恶臭异味", "Odour", "生态环境分局大气环境科", 1, 5),
        ("agriculture", "农业面源与养殖", "Farming and livestock", "农业农村和水利局", 1, 7),
        ("river_waste", "河道漂浮物与保洁", "Litter in rivers", "五水共治办公室", 1, 3),
        ("sewage", "污水管网与溢流", "Sewers and overflows", "住房和城乡建设局", 1, 5),
        ("dust", "扬尘", "Dust", "住房和城乡建设局", 1, 3),
        ("catering", "餐饮油烟", "Kitchen fumes", "综合行政执法局", 1, 5),
    )
    fields = ("problem_type", "title_zh", "title_en", "department", "with_township", "work_days")
    frame = pd.DataFrame(table, columns=pd.Index(fields))
    frame["department"] = "示例·" + frame["department"]
    return frame.assign(basis="示例：由本单位按职责分工核定后修改", data_status=EXAMPLE)


def _grid(made: Staff, ground: Ground) -> None:
    head = made.person("示例市级网格长01", "嘉兴市（示例）")
    made.post(head, "grid_head", ("city", "unit", CITY_CODE))
    head = made.person("示例区级网格长01", "南湖区（示例）")
    made.post(head, "grid_head", ("county", "unit", COUNTY_CODE))
    general = made.person("示例区级总河长01", "南湖区（示例）")
    made.post(general, "general_river_chief", ("county", "unit", COUNTY_CODE))
    head = made.person("示例园区网格长01", "示例工业园区管委会")
    made.post(head, "grid_head", ("park", "unit", PARK_CODE))
    for number, town in enumerate(ground.townships, 1):
        head = made.person(f"示例镇级网格长{number:02d}", f"{town.name}（示例）")
        made.post(head, "grid_head", ("township", "unit", town.code))
        if number % 3 == 0:
            made.post(head, "general_river_chief", ("township", "unit", town.code))
    for number, village in enumerate(ground.villages, 1):
        until = VACANT_MEMBERS.get(village.code)
        if village.code in VACANT_MEMBERS and until is None:
            continue
        member = made.person(f"示例网格员{number:04d}", f"{village.name}（示例）")
        made.post(member, "grid_member", ("village", "unit", village.code), until=until)


def _districts(made: Staff) -> None:
    number = 0
    for code, (name, _) in DISTRICTS.items():
        for _ in range(8):
            number += 1
            officer = made.person(f"示例联络员{number:02d}", name)
            made.post(officer, "liaison_officer", ("county", "district", code))


def _chief(made: Staff, ground: Ground, reach: Reach, tier: str) -> None:
    place = (tier, "reach", reach.code)
    vacancy = (reach.code, tier)
    name, organisation = _chief_of(ground, reach, tier)
    holder = made.person(name, organisation)
    if vacancy == CHANGED[:2]:
        day = CHANGED[2]
        former = made.person(f"{name}（前任）", organisation)
        made.post(former, "river_chief", place, until=day - dt.timedelta(days=1))
        made.post(holder, "river_chief", place, since=day)
    else:
        made.post(holder, "river_chief", place, until=VACANT_CHIEFS.get(vacancy))


def _chief_of(ground: Ground, reach: Reach, tier: str) -> tuple[str, str]:
    """Who holds a reach at a tier; one person holds several reaches."""
    if tier == "city":
        return f"示例市级河长{reach.river % 3 + 1:02d}", "嘉兴市（示例）"
    if tier == "county":
        return f"示例区级河长{reach.river % 6 + 1:02d}", "南湖区（示例）"
    division = reach.village if tier == "village" else reach.village[:9]
    own = ground.villages if tier == "village" else ground.townships
    number = next(i for i, d in enumerate(own, 1) if d.code == division)
    digits = f"{number:03d}" if tier == "village" else f"{number:02d}"
    return f"示例{_TIER_TITLES[tier]}河长{digits}", f"{ground.name(division)}（示例）"


def _first_day(role: str, tier: str, code: str) -> dt.date:
    """The first of some month, mostly in 2024 and 2025."""
    months = int(rng("since", role, tier, code).integers(0, 24))
    return dt.date(2024 + months // 12, months % 12 + 1, 1)
