"""One file per river (一河一档): everything a project knows of one river on a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import pandas as pd
from shapely.ops import nearest_points

from gridmap.capabilities.alerts.work.records import alerts
from gridmap.capabilities.attainment.rules import Months
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.rules.file import (
    Node,
    Term,
    by_unit,
    history_of,
    in_order_of_water,
    joined,
)
from gridmap.capabilities.rivers.work.boards import signboards_of, terms_of
from gridmap.capabilities.rivers.work.figures import chief_rules_of
from gridmap.capabilities.rivers.work.parts import (
    OutletFile,
    ReachFile,
    River,
    RiverFile,
    SectionFile,
    ZoneFile,
)
from gridmap.capabilities.rivers.work.reaches import ReachSplitter
from gridmap.capabilities.rivers.work.rivers import find_river
from gridmap.capabilities.rivers.work.waters import OnWater, Waters, present_waters
from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.capabilities.stations.work.standing import course
from gridmap.core import plane
from gridmap.core.moments import ZONE
from gridmap.standards.classing import Medium, days_of
from gridmap.standards.tables import Period
from gridmap.store.project import Project
from gridmap.store.roles import editions_of, frames_of

MONTHS: Final = 12
_CLASSES: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_ORDER_OF_TIERS: Final = ("province", "city", "county", "township", "village")


def river_file(
    project: Project,
    river: str,
    on: date,
    tell: Callable[[float], None] = lambda _: None,
) -> RiverFile:
    """Everything about one river on a day. Any thread.

    Args:
        project: the project.
        river: code or name of the river, or code of one of its reaches.
        on: the day in Asia/Shanghai; posts, boards and the months of classes go by it.
        tell: hears of progress, 0–1; may raise to stop.

    Raises:
        ProjectError: `river.error.*` for an unknown river, `answer.rule.bad` for a bad setting.
    """
    own = find_river(project, river)
    rules, terms = chief_rules_of(project), terms_of(project)
    waters = present_waters(project)
    tell(0.3)
    reaches = _reaches(project, own, waters, terms, on)
    codes = tuple(one.code for one in reaches)
    tell(0.5)
    stations = stations_of(project)
    months = _months(on)
    sections = _sections(project, waters, codes, stations, months)
    tell(0.9)
    measured = {one.station for one in sections if one.station}
    keys = project.series.keys()
    last = keys.loc[keys["station"].isin(measured), "last"].max() if len(keys) else None
    return RiverFile(
        river=own,
        on=on,
        reaches=reaches,
        units=joined(unit for one in reaches for unit in one.units),
        months=months,
        sections=sections,
        outlets=_outlets(project, waters, codes),
        zones=_zones(project, waters, codes),
        alerts=tuple(
            alerts(project, live=True, stations=measured | {one.code for one in sections})
        ),
        boards=signboards_of(project, on, reaches=codes, terms=terms, rules=rules),
        rules=rules,
        editions=tuple(
            (layer_id, edition.edition_date)
            for layer_id, edition in editions_of(project, *_ROLES).items()
        ),
        until=None if last is None or pd.isna(last) else last.to_pydatetime(),
    )


_ROLES: Final = frozenset({
    "river", "reach", "grid", "section", "outlet", "enterprise", "zone", "signboard",
})  # fmt: skip


def _reaches(
    project: Project,
    river: River,
    waters: Waters,
    terms: Mapping[str, Sequence[Term]],
    on: date,
) -> tuple[ReachFile, ...]:
    rule, index = responsibility_of(project), waters.index
    grid_m = max((e.accuracy_m for e in editions_of(project, "grid").values()), default=0.0)
    splitter = ReachSplitter(index, rule.grid, _outlines(project), rules_of(project), grid_m)
    rows = {
        str(row.code): (layer_id, row)
        for layer_id, frame in frames_of(project, "reach")
        for row in frame.itertuples()
        if str(row.code) in river.reaches and index.position_of(str(row.code)) is not None
    }
    nodes = [Node(code, _text(r.from_node), _text(r.to_node)) for code, (_, r) in rows.items()]
    found = []
    for place in in_order_of_water(nodes):
        layer_id, row = rows[nodes[place].code]
        code = nodes[place].code
        position = index.position_of(code) or 0
        kind, sides = splitter.border(position)
        patrol = getattr(row, "patrol_per_month", None)
        found.append(
            ReachFile(
                layer_id=layer_id,
                code=code,
                name=_text(row.name),
                length_m=float(index.lengths_m[position]),
                units=by_unit(splitter.pieces(position)),
                border=kind,
                sides=sides,
                flow=_text(row.flow) or "unknown",
                patrol_per_month=None if patrol is None or pd.isna(patrol) else int(patrol),
                chiefs=tuple(reversed(rule.chiefs_of(code, on))),
                history=_history(terms.get(code, ()), on),
            )
        )
    return tuple(found)


def _history(terms: Sequence[Term], on: date) -> tuple[Term, ...]:
    posts: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        posts.setdefault((term.tier, term.role), []).append(term)
    ordered = sorted(posts, key=lambda key: (_place(key[0]), key))
    return tuple(term for key in ordered for term in history_of(posts[key], on))


def _place(tier: str) -> int:
    return _ORDER_OF_TIERS.index(tier) if tier in _ORDER_OF_TIERS else len(_ORDER_OF_TIERS)


def _outlines(project: Project) -> list[Any]:
    """Outlines of the units that answer."""
    owners = {unit.code for unit in responsibility_of(project).grid.owners.units}
    return [
        shape
        for _, frame in frames_of(project, "grid")
        for code, shape in zip(frame["code"], frame.geometry, strict=True)
        if str(code) in owners
    ]


def _months(on: date) -> tuple[date, ...]:
    """First days of twelve months, the last one that of the day."""
    return tuple(
        Months(date(on.year - 1, on.month, 1), 1 + number).after for number in range(MONTHS)
    )


def _sections(
    project: Project,
    waters: Waters,
    codes: Sequence[str],
    stations: Mapping[str, StationFacts],
    months: Sequence[date],
) -> tuple[SectionFile, ...]:
    order = {code: place for place, code in enumerate(codes)}
    measured: dict[str, StationFacts] = {}
    for facts in stations.values():
        if facts.section and facts.medium is Medium.WATER:
            measured.setdefault(facts.section, facts)
    judge = Judge(project)
    found = [
        _section(project, one, measured.get(one.code), months, judge)
        for one in waters.sections
        if one.spot.reach in order
    ]
    return tuple(sorted(found, key=lambda one: (order[one.reach], one.chainage_m, one.code)))


def _section(
    project: Project,
    own: OnWater,
    facts: StationFacts | None,
    months: Sequence[date],
    judge: Judge,
) -> SectionFile:
    classes = (0,) * len(months) if facts is None else _classes(project, facts, months, judge)
    return SectionFile(
        own.layer_id, own.code, own.name, own.spot.reach, own.spot.chainage_m,
        _text(own.facts.get("role")), _text(own.facts.get("control_level")),
        _CLASSES.get(_text(own.facts.get("target_class"))), "" if facts is None else facts.code,
        classes,
    )  # fmt: skip


def _classes(
    project: Project, facts: StationFacts, months: Sequence[date], judge: Judge
) -> tuple[int, ...]:
    """The class of each month, 0 for one without a valid mean."""
    start = datetime.combine(months[0], time(), ZONE)
    end = datetime.combine(Months(months[-1]).after, time(), ZONE)
    seen = course(project, facts, Period.MONTH, start, end, judge)
    days = days_of(seen.times, Medium.WATER).astype("datetime64[M]").astype("datetime64[D]")
    by_month = dict(zip(days.tolist(), seen.grade.tolist(), strict=True))
    return tuple(max(int(by_month.get(month, 0)), 0) for month in months)


def _outlets(project: Project, waters: Waters, codes: Sequence[str]) -> tuple[OutletFile, ...]:
    order = {code: place for place, code in enumerate(codes)}
    firms = {
        str(row["code"]): (_text(row.get("name")), _text(row.get("management")))
        for _, frame in frames_of(project, "enterprise")
        for row in frame.drop(columns="geometry").to_dict("records")
    }
    found = []
    for one in waters.outlets:
        if one.spot.reach not in order:
            continue
        firm = _text(one.facts.get("enterprise_code"))
        name, management = firms.get(firm, (firm, ""))
        found.append(
            OutletFile(
                one.layer_id, one.code, one.name, one.spot.reach, one.spot.chainage_m, one.bank,
                firm, name, management, _text(one.facts.get("items")),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (order[one.reach], one.chainage_m, one.code)))


def _zones(project: Project, waters: Waters, codes: Sequence[str]) -> tuple[ZoneFile, ...]:
    """Zones that the river runs through, and those nearer than their accuracy."""
    index = waters.index
    lines = [(code, index.geometries[index.position_of(code) or 0]) for code in codes]
    found = []
    for layer_id, frame in frames_of(project, "zone"):
        accuracy = project.editions()[layer_id].accuracy_m
        for row in frame.to_dict("records"):
            area = row["geometry"]
            if area is None or area.is_empty:
                continue
            inside, nearest, crossed = 0.0, float("inf"), []
            for code, line in lines:
                metres = _metres_inside(line, area)
                away = 0.0 if metres else _metres_between(line, area)
                if metres or away <= accuracy:
                    crossed.append(code)
                inside, nearest = inside + metres, min(nearest, away)
            if crossed:
                found.append(
                    ZoneFile(
                        layer_id, str(row["code"]), _text(row.get("name")), _text(row.get("kind")),
                        _text(row.get("zone_class")), row.get("disputed") is True, inside,
                        0.0 if inside else nearest, tuple(crossed),
                    )
                )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.inside_m, one.distance_m, one.code)))


def _metres_inside(line: Any, area: Any) -> float:
    if not line.intersects(area):
        return 0.0
    inside = line.intersection(area)
    return float(plane.GEOD.geometry_length(inside))


def _metres_between(line: Any, area: Any) -> float:
    """Geodesic distance of the nearest points as the plane of degrees finds them."""
    here, there = nearest_points(line, area)
    return float(plane.GEOD.inv(here.x, here.y, there.x, there.y)[2])


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
