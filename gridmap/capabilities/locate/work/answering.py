"""From an open project to the rule and its verdict: `answer`.

This is the one place where the tables of a project become the evidence of
`gridmap.capabilities.locate.rules`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gridmap.capabilities.locate.rules.around import Outlet, Section, Station
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.grid import Dispute, UnitRow
from gridmap.capabilities.locate.rules.locate import Evidence, Responsibility
from gridmap.capabilities.locate.rules.posts import Post, PostBook, Role
from gridmap.capabilities.locate.rules.reaches import Reach
from gridmap.capabilities.locate.rules.verdict import Duty, EditionUsed, Person, UnitRef, Verdict
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.locate.work.latest import LATEST_READS, with_latest
from gridmap.core.moments import ZONE
from gridmap.core.place import Place
from gridmap.standards import item_files as tables
from gridmap.store.changes import ROSTERS, roles, settings
from gridmap.store.project import Project
from gridmap.store.roles import editions_of, frame_of

_RULE_ROLES: Final = (
    "grid", "district", "reach", "zone", "dispute", "section", "station", "outlet", "enterprise",
)  # fmt: skip


RULE_READS: Final = roles(*_RULE_ROLES) | ROSTERS | settings("rules.")

VERDICT_READS: Final = RULE_READS | LATEST_READS
"""What an `answer` is made of."""


def responsibility_of(project: Project) -> Responsibility:
    """The rule over the project's present state; built anew only after what it reads changed.

    Any thread. Its verdicts lack the latest readings of sections: see `answer`.
    """
    return project.derived(_rule_of, RULE_READS)


def answer(project: Project, place: Place, on: date, problem: str | None = None) -> Verdict:
    """Who is responsible at a place on a day, with the latest readings of its sections.

    Any thread.

    Raises:
        gridmap.capabilities.locate.rules.UnknownProblemError: for an unknown problem type.
    """
    return with_latest(project, responsibility_of(project).locate(place, on, problem))


class AnsweringProject(Project):
    """A project that can be asked directly, for scripts and notebooks: see `gridmap.open`."""

    def locate(
        self,
        lon: float,
        lat: float,
        *,
        on: date | None = None,
        problem: str | None = None,
        radius_m: float = 0.0,
        text: str | None = None,
    ) -> Verdict:
        """Who is responsible at a place on a day.

        Args:
            lon: degrees of EPSG:4490 (WGS 84 is the same for this purpose).
            lat: degrees of EPSG:4490.
            on: the day in Asia/Shanghai; today if omitted.
            problem: a problem type of the project's table of departments.
            radius_m: how far off the place may be, in metres.
            text: what the user wrote, kept with the answer.

        Raises:
            gridmap.capabilities.locate.rules.UnknownProblemError: for an unknown problem type.
        """
        place = Place(float(lon), float(lat), radius_m, text)
        return answer(self, place, on or datetime.now(ZONE).date(), problem)


def _rule_of(project: Project) -> Responsibility:
    return Responsibility(evidence_of(project))


def evidence_of(project: Project) -> Evidence:
    """Everything the rule reads, out of the project's tables."""
    units = frame_of(project, "grid")
    districts = frame_of(project, "district")
    reaches = frame_of(project, "reach")
    zones = frame_of(project, "zone")
    disputes = frame_of(project, "dispute")
    people, posts = project.people(), project.posts()
    duties = list(_duties(project.departments()))
    return Evidence(
        rules=rules_of(project),
        posts=_post_book(people, posts),
        units=[
            UnitRow(UnitRef(code, name, tier), parent, priority)
            for code, name, tier, parent, priority in zip(
                _texts(units, "code"), _texts(units, "name"), _texts(units, "tier"),
                _texts(units, "parent_code"), _numbers(units, "priority"), strict=True,
            )
        ],
        unit_shapes=_shapes(units),
        districts=[
            UnitRef(code, name, "district")
            for code, name in zip(_texts(districts, "code"), _texts(districts, "name"), strict=True)
        ],
        district_shapes=_shapes(districts),
        reaches=list(_reaches(reaches)),
        reach_shapes=_shapes(reaches),
        zones=list(_zones(zones)),
        zone_shapes=_shapes(zones),
        disputes=list(zip(_disputes(disputes), _shapes(disputes), strict=True)),
        sections=list(_sections(project)),
        stations=list(_stations(frame_of(project, "station"))),
        outlets=list(_outlets(project)),
        duties={duty.problem: duty for duty in duties},
        editions=_editions(project, [people, posts, project.departments()]),
        accuracy_m=_accuracy(project),
    )  # fmt: skip


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(value) else str(value) for value in frame[name]]


def _numbers(frame: pd.DataFrame, name: str) -> list[int]:
    if name not in frame.columns:
        return [0] * len(frame)
    return [0 if pd.isna(value) else int(value) for value in frame[name]]


def _reals(frame: pd.DataFrame, name: str) -> list[float]:
    if name not in frame.columns:
        return [0.0] * len(frame)
    return [0.0 if pd.isna(value) else float(value) for value in frame[name]]


def _shapes(frame: gpd.GeoDataFrame) -> Any:
    return np.asarray(frame.geometry.array, dtype=object)


def _reaches(frame: gpd.GeoDataFrame) -> Iterator[Reach]:
    names = ("code", "name", "river_name", "from_node", "to_node", "flow")
    cells = zip(*(_texts(frame, name) for name in names), _reals(frame, "width_m"), strict=True)
    for code, name, river, start, end, flow, width in cells:
        yield Reach(code, name, river, start, end, flow or "unknown", width)


def _zones(frame: gpd.GeoDataFrame) -> Iterator[Zone]:
    names = ("code", "name", "kind", "zone_class")
    cells = zip(*(_texts(frame, name) for name in names), _numbers(frame, "disputed"), strict=True)
    for code, name, kind, zone_class, disputed in cells:
        yield Zone(code, name, kind, zone_class, bool(disputed))


def _disputes(frame: gpd.GeoDataFrame) -> Iterator[Dispute]:
    columns = (_texts(frame, name) for name in ("code", "name", "unit_codes"))
    for code, name, units in zip(*columns, strict=True):
        claimants = units.replace("；", ";").replace("、", ";").replace(",", ";").split(";")
        yield Dispute(code, name, tuple(one.strip() for one in claimants if one.strip()))


def _stations(frame: gpd.GeoDataFrame) -> Iterator[Station]:
    names = (_texts(frame, name) for name in ("code", "name", "kind"))
    for code, name, kind, point in zip(*names, _shapes(frame), strict=True):
        yield Station(code, name, kind, point.x, point.y)


def _sections(project: Project) -> Iterator[Section]:
    frame = frame_of(project, "section")
    names = ("code", "name", "reach_code", "target_class", "control_level")
    cells = zip(*(_texts(frame, name) for name in names), _shapes(frame), strict=True)
    for code, name, reach, target, level, point in cells:
        yield Section(code, name, point.x, point.y, reach, target, level)


def _outlets(project: Project) -> Iterator[Outlet]:
    frame, firms = frame_of(project, "outlet"), frame_of(project, "enterprise")
    name_of = dict(zip(_texts(firms, "code"), _texts(firms, "name"), strict=True))
    names = ("code", "enterprise_code", "reach_code", "items", "kind")
    cells = zip(*(_texts(frame, name) for name in names), _shapes(frame), strict=True)
    for code, firm, reach, items, kind, point in cells:
        if kind != "DA":
            yield Outlet(code, firm, name_of.get(firm, firm), point.x, point.y, reach, items)


def _duties(frame: pd.DataFrame) -> Iterator[Duty]:
    names = ("problem_type", "title_zh", "title_en", "department", "basis")
    columns = (_texts(frame, name) for name in names)
    cells = zip(*columns, _numbers(frame, "with_township"), frame["work_days"], strict=True)
    for problem, zh, en, department, basis, township, days in cells:
        work_days = None if pd.isna(days) else int(days)
        yield Duty(problem, zh, en, department, bool(township), work_days, basis)


def _post_book(people: pd.DataFrame, posts: pd.DataFrame) -> PostBook:
    names = ("person_id", "name", "organisation", "phone")
    persons = {
        key: Person(name, organisation, phone)
        for key, name, organisation, phone in zip(*(_texts(people, n) for n in names), strict=True)
    }
    roles = [Role(r.id, r.scope, r.tiers, r.rank, r.expected) for r in tables.roles()]
    columns = ("person_id", "role", "tier", "scope", "scope_code")
    cells = zip(
        *(_texts(posts, name) for name in columns), posts["valid_from"], posts["valid_to"],
        strict=True,
    )  # fmt: skip
    terms = [
        Post(role, tier, scope, code, persons.get(person), _day(start), _day(end))
        for person, role, tier, scope, code, start, end in cells
    ]
    return PostBook.of(roles, terms)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _editions(project: Project, records: Sequence[pd.DataFrame]) -> tuple[EditionUsed, ...]:
    """The editions the rule reads, and the rosters by a hash of their own."""
    used = [
        EditionUsed(
            layer_id, edition.edition_date, edition.accuracy_m, edition.content_hash,
            edition.data_status,
        )
        for layer_id, edition in editions_of(project, *_RULE_ROLES).items()
    ]  # fmt: skip
    content = "".join(frame.to_csv(index=False) for frame in records)
    mark = hashlib.sha256(content.encode()).hexdigest()
    return (*used, EditionUsed("people_and_posts", None, 0.0, mark, ""))


def _accuracy(project: Project) -> dict[str, float]:
    """The accuracy of each role in metres: that of its least accurate layer."""
    found: dict[str, float] = {}
    for layer_id, edition in project.editions().items():
        role = project.declarations[layer_id].role
        found[role] = max(found.get(role, 0.0), edition.accuracy_m)
    return found
