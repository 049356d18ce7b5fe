"""From a spill in a project to a list of calls: who, where, until when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.domain import plane
from gridmap.domain.classing.course import micro
from gridmap.domain.rivers.waterways import Spot
from gridmap.domain.tracing import MarkKind
from gridmap.domain.verdict import Holding, Place, UnitRef, Verdict
from gridmap.domain.warning import Arrival, Target, TargetKind, Warning, warn  # noqa: A004
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.errors import ProjectError
from gridmap.project.waters import OnWater, Waters, frames_of, tracing_figures, waters_of

_SNAP_M: Final = 1000.0  # a spill farther from any water does not reach it by itself
_TIERS: Final = ("village", "township", "county", "city", "province")
_BEYOND_M: Final = 300.0  # where to look for the neighbour behind the end of a reach


@dataclass(frozen=True)
class Call:
    """Somebody to call.

    Attributes:
        order: from 1 on: the earlier the water arrives the sooner; then from the village up.
        who: the post as it is held, or vacant (`person` None).
        about: what of theirs is reached: names of reaches, intakes, units.
        earliest, latest: when the water may arrive there, aware.
        neighbour: whether they are across a border.
    """

    order: int
    who: Holding
    about: tuple[str, ...]
    earliest: datetime
    latest: datetime
    neighbour: bool = False


@dataclass(frozen=True)
class Contact:
    """Whom an intake or a neighbour names instead of a post: name, telephone, manager."""

    name: str
    phone: str
    manager: str


@dataclass(frozen=True)
class WarningAnswer:
    """A warning with everything needed to act.

    Attributes:
        found: arrivals; start: aware; offset_m: how far off the water the place was.
        calls: posts in the order to call them.
        contacts: code of an intake to its contact.
        neighbours: units and counties across borders, with the arrival at each.
        verdict: of the place itself.
        waters: the water it was computed on.
    """

    found: Warning
    start: datetime
    offset_m: float
    calls: tuple[Call, ...]
    contacts: Mapping[str, Contact]
    neighbours: tuple[tuple[str, Arrival], ...]
    verdict: Verdict
    waters: Waters


def warning_of(
    project: AnsweringProject,
    lon: float,
    lat: float,
    start: datetime,
    *,
    limit_m: float | None = None,
    waters: Waters | None = None,
) -> WarningAnswer:
    """Warn downstream of a place.

    Args:
        project: the project.
        lon: degrees of EPSG:4490.
        lat: degrees of EPSG:4490.
        start: when it entered the water, aware.
        limit_m: how far to walk; that of `resources/tracing.toml` if omitted.
        waters: made anew if omitted.

    Raises:
        ProjectError: `warning.error.not_on_water` if no reach lies within 1 km.
    """
    waters = waters or waters_of(project)
    seen = waters.spot_at(lon, lat, _SNAP_M)
    if seen is None:
        raise ProjectError("warning.error.not_on_water", lon=f"{lon:.5f}", lat=f"{lat:.5f}")
    spot, offset, _ = seen
    figures = tracing_figures(project)["warning"]
    far = float(figures["limit_m"]) if limit_m is None else limit_m
    passed = waters.ways.reaches_from(spot, far, above=False)
    targets = [*_targets(waters, passed), *_zones(project, waters, passed, figures["zone_m"])]
    found = warn(waters.ways, spot, micro(start), targets, far)
    day = start.astimezone(ZONE).date()
    return WarningAnswer(
        found=found,
        start=start,
        offset_m=offset,
        calls=tuple(_calls(project, waters, found, day)),
        contacts=_contacts(waters.intakes),
        neighbours=tuple(_neighbours(project, waters, found)),
        verdict=project.responsibility().locate(Place(lon, lat), day),
        waters=waters,
    )


# --- targets ------------------------------------------------------------------------------


def _targets(waters: Waters, passed: Mapping[str, tuple[float, float]]) -> Iterator[Target]:
    for one in waters.sections:
        yield Target(TargetKind.SECTION, one.code, one.name, one.spot)
    for one in waters.intakes:
        yield Target(TargetKind.INTAKE, one.code, one.name, one.spot)
    for mark in waters.marks:
        if mark.kind is MarkKind.BORDER:
            yield Target(TargetKind.BORDER, mark.code, mark.name, mark.spot)
    for number, spot in enumerate(waters.ways.closed):
        yield Target(TargetKind.SLUICE, f"{spot.reach}@{number}", spot.reach, spot)
    names = {reach.code: reach.name for reach in waters.ways.reaches}
    for code in passed:
        yield Target(TargetKind.REACH, code, names.get(code, code), Spot(code, 0.0))


def _zones(
    project: AnsweringProject,
    waters: Waters,
    passed: Mapping[str, tuple[float, float]],
    within_m: float,
) -> Iterator[Target]:
    """Protected zones beside the reaches passed: each at every reach where it is touched."""
    zones = [frame for _, frame in frames_of(project, "zone")]
    if not zones:
        return
    frame = gpd.GeoDataFrame(pd.concat(zones, ignore_index=True), crs=zones[0].crs)
    tree = shapely.STRtree(frame.geometry.to_numpy())
    for code in passed:
        position = waters.index.position_of(code)
        if position is None:
            continue
        places = waters.index.evenly(position)
        step = float(waters.index.lengths_m[position]) / max(len(places), 1)
        touched: set[int] = set()
        for number, (lon, lat) in enumerate(places):
            per_lon, per_lat = plane.metres_per_degree(lat)
            reach = within_m / min(per_lon, per_lat)
            for row in tree.query(shapely.Point(lon, lat).buffer(reach), predicate="intersects"):
                if int(row) not in touched:
                    touched.add(int(row))
                    zone = frame.iloc[int(row)]
                    spot = Spot(code, step * (number + 0.5))
                    yield Target(TargetKind.ZONE, str(zone["code"]), str(zone["name"]), spot)


# --- people -------------------------------------------------------------------------------


def _calls(project: AnsweringProject, waters: Waters, found: Warning, day: date) -> Iterator[Call]:
    """Chiefs of the reaches that are reached, each once, by arrival and then from below up."""
    rule = project.responsibility()
    about: dict[tuple[str, str, str, str], list[Arrival]] = {}
    holdings: dict[tuple[str, str, str, str], Holding] = {}
    for arrival in _reaches(found):
        lon, lat = waters.place_of(arrival.target.spot)
        verdict = rule.locate(Place(lon, lat), day)
        if verdict.river is None:
            continue
        chiefs = rule.chiefs_of(arrival.target.code, day)
        for held in chiefs:
            name = held.person.name if held.person else f"vacant {arrival.target.code}"
            phone = held.person.phone if held.person else ""
            key = (held.role, held.tier, name, phone)
            holdings[key] = held
            about.setdefault(key, []).append(arrival)
    ordered = sorted(
        about.items(),
        key=lambda one: (
            min(arrival.earliest for arrival in one[1]),
            _TIERS.index(one[0][1]) if one[0][1] in _TIERS else len(_TIERS),
            one[0],
        ),
    )
    for order, (key, arrivals) in enumerate(ordered, start=1):
        yield Call(
            order,
            holdings[key],
            tuple(dict.fromkeys(arrival.target.name for arrival in arrivals)),
            _moment(min(arrival.earliest for arrival in arrivals)),
            _moment(max(arrival.latest for arrival in arrivals)),
        )


def _reaches(found: Warning) -> list[Arrival]:
    """Arrivals at reaches, the reach of the place itself first."""
    return [one for one in found.arrivals if one.target.kind is TargetKind.REACH]


def _contacts(intakes: Sequence[OnWater]) -> dict[str, Contact]:
    def text(value: Any) -> str:
        return "" if value is None or pd.isna(value) else str(value)

    return {
        one.code: Contact(
            text(one.facts.get("contact")),
            text(one.facts.get("phone")),
            text(one.facts.get("manager")),
        )
        for one in intakes
    }


def _neighbours(
    project: AnsweringProject, waters: Waters, found: Warning
) -> Iterator[tuple[str, Arrival]]:
    """Across borders: the unit below each border passed, the county beyond the territory."""
    units = {unit.code: unit for unit in project.responsibility().grid.owners.units}
    seen: set[str] = set()
    for arrival in found.arrivals:
        if arrival.target.kind is TargetKind.BORDER:
            for code in arrival.target.code.replace("/", "|").split("|"):
                unit: UnitRef | None = units.get(code)
                if unit is not None and unit.code not in seen:
                    seen.add(unit.code)
                    yield unit.name, arrival
    outlines = [frame for _, frame in frames_of(project, "context")]
    for arrival in _reaches(found):
        position = waters.index.position_of(arrival.target.code)
        if position is None:
            continue
        end = waters.index.place_at(position, float(waters.index.lengths_m[position]))
        for frame in outlines:
            shapes = frame.geometry.to_numpy()
            near = shapely.dwithin(shapes, shapely.Point(end), _BEYOND_M / 100_000.0)
            for name in np.array(frame["name"])[near]:
                if str(name) not in seen:
                    seen.add(str(name))
                    yield str(name), arrival


def _moment(micros: int) -> datetime:
    return pd.Timestamp(micros, unit="us", tz=ZONE).to_pydatetime()
