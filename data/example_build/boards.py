"""Signboards of river chiefs; four of them name somebody who holds the post no more."""

import datetime as dt
from typing import Final

import geopandas as gpd
import pandas as pd

from example_build.frames import EXAMPLE, Row, layer, point
from example_build.plane import rng
from example_build.rivers import PLANS
from example_build.staff import CHANGED, VACANT_CHIEFS
from example_build.water import Reach, Spot

# Reach and tier of the boards that were not renewed when the post fell vacant or changed hands.
OUT_OF_DATE: Final = (
    ("HL001-05", "township"),
    ("HL001-09", "county"),
    ("HL015-02", "township"),
    ("HL021-02", "village"),
)
_COUNTY_BOARDS: Final = ("HL001-01", "HL001-14", "HL002-01")
_TITLES: Final = {"village": "村级河长", "township": "镇级河长", "county": "区级河长"}
_HOTLINE: Final = "10200030000"


def signboards(reaches: list[Reach], people: pd.DataFrame, posts: pd.DataFrame) -> gpd.GeoDataFrame:
    """Boards on every other reach of 平湖塘, the first of each river, and where one is old."""
    known = people.set_index("person_id")
    rows: list[Row] = []
    shapes = []
    tiers = _boards(reaches)
    for number, reach in enumerate((r for r in reaches if r.code in tiers), 1):
        tier = tiers[reach.code]
        updated = _updated(reach.code, tier)
        chief = known.loc[_holder(posts, reach.code, tier, updated)]
        rows.append({
            "code": f"GS{number:03d}", "name": f"{_name(reach)}公示牌（示例）",
            "reach_code": reach.code, "chief_name": chief["name"], "chief_phone": chief["phone"],
            "updated": updated.isoformat(), "text": _text(reach, tier), "data_status": EXAMPLE,
        })  # fmt: skip
        place = Spot(reach, len(reach.metres) // 2, 0.0)
        shapes.append(point(place.bank(1 if number % 2 else -1, 6.0)))
    return layer(rows, shapes)


def _boards(reaches: list[Reach]) -> dict[str, str]:
    """The reaches with a board, and of which tier the chief on it is."""
    tiers = {}
    for reach in reaches:
        number = int(reach.code[-2:])
        if number == 1 or (PLANS[reach.river].name == "平湖塘" and number % 2):
            village = PLANS[reach.river].grade == "village"
            tiers[reach.code] = "village" if village else "township"
    return {**tiers, **dict.fromkeys(_COUNTY_BOARDS, "county"), **dict(OUT_OF_DATE)}


def _updated(reach: str, tier: str) -> dt.date:
    """A day of the last year before the data date; where a board is old, before the change."""
    day = dt.date(2026, 11, 1) - dt.timedelta(days=int(rng("signboard", reach).integers(0, 300)))
    if (reach, tier) not in OUT_OF_DATE:
        return day
    left = CHANGED[2] if (reach, tier) == CHANGED[:2] else VACANT_CHIEFS[reach, tier]
    return min(day, left - dt.timedelta(days=40))


def _holder(posts: pd.DataFrame, reach: str, tier: str, day: dt.date) -> str:
    """Who was the chief of a reach on a day; of a board older than the post, the first chief."""
    mine = posts[(posts["scope_code"] == reach) & (posts["tier"] == tier)]
    mine = mine[mine["role"] == "river_chief"].sort_values("valid_from", kind="stable")
    held = mine[mine["valid_to"].isna() | (mine["valid_to"] >= day)]
    return str(held["person_id"].iloc[0])


def _name(reach: Reach) -> str:
    return f"{PLANS[reach.river].name}{int(reach.code[-2:])}段"


def _text(reach: Reach, tier: str) -> str:
    return (
        f"示例：{_name(reach)}，长 {reach.length_m / 1000:.1f} 公里。{_TITLES[tier]}职责："
        f"巡河、督导治理、处理群众反映的问题。监督电话 {_HOTLINE}"
    )
