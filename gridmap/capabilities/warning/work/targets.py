"""What a spill may reach: sections, intakes, borders, counties, zones and closed sluices."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from gridmap.capabilities.locate.rules.grid import Grid
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.rivers.rules.waterways import MarkKind, Spot
from gridmap.capabilities.rivers.work.waters import Waters
from gridmap.capabilities.warning.rules import Target, TargetKind
from gridmap.core import plane
from gridmap.store.project import Project
from gridmap.store.roles import frames_of
from gridmap.texts import t

_BEYOND_M: Final = 300.0  # where to look for the neighbour behind the end of a reach
_UNPROTECTED: Final = "urban"  # the one kind of control zone that a spill does not endanger
_SAME_M: Final = 1.0
_BEHIND_M: Final = 0.01


def targets_of(
    project: Project, waters: Waters, spot: Spot, limit_m: float, zone_m: float
) -> list[Target]:
    """Everything on and beside the water that a spill may reach, besides the reaches.

    Args:
        project: the project.
        waters: its water.
        spot: where it entered the water.
        limit_m: how far is walked, in metres of water.
        zone_m: how near to the water a protected zone is reached.
    """
    passed = waters.ways.reaches_from(spot, limit_m, above=False)
    return [
        *_targets(waters),
        *_sluices(project, waters),
        *_zones(project, waters, passed, zone_m),
        *_counties(project, waters, waters.place_of(spot)),
        *_counties_beyond(project, waters, passed, spot),
    ]


def _targets(waters: Waters) -> Iterator[Target]:
    """Sections, intakes and borders between units."""
    for one in waters.sections:
        yield Target(TargetKind.SECTION, one.code, one.name, one.spot)
    for one in waters.intakes:
        yield Target(TargetKind.INTAKE, one.code, one.name, one.spot)
    for mark in waters.marks:
        if mark.kind is MarkKind.BORDER:
            yield Target(TargetKind.BORDER, mark.code, mark.name, mark.spot)


def _sluices(project: Project, waters: Waters) -> Iterator[Target]:
    """Closed sluices by their names; those closed by hand by the name of their reach."""
    named: list[tuple[Spot, str, str]] = []
    for _, frame in frames_of(project, "sluice"):
        for row in frame.to_dict("records"):
            position = waters.index.position_of(str(row.get("reach_code")))
            if position is not None and row["geometry"] is not None:
                on = waters.index.on(position, row["geometry"].x, row["geometry"].y)
                spot = Spot(str(row["reach_code"]), on.chainage_m)
                named.append((spot, str(row["code"]), str(row["name"])))
    names = {reach.code: reach.name for reach in waters.ways.reaches}
    for number, spot in enumerate(waters.ways.closed):
        code, name = next(
            (
                (code, name)
                for at, code, name in named
                if at.reach == spot.reach and abs(at.chainage_m - spot.chainage_m) < _SAME_M
            ),
            (f"{spot.reach}@{number}", names.get(spot.reach) or spot.reach),
        )
        # A place on the cut itself belongs to the piece above it as the reach is drawn; where
        # the water runs back, the piece that it comes through is the other one.
        shift = _BEHIND_M if spot.reach in waters.ways.turned else 0.0
        yield Target(TargetKind.SLUICE, code, name, Spot(spot.reach, spot.chainage_m + shift))


def _zones(
    project: Project,
    waters: Waters,
    passed: Mapping[str, tuple[float, float]],
    within_m: float,
) -> Iterator[Target]:
    """Protected zones beside the reaches passed: each at every reach where it is touched."""
    zones = [frame for _, frame in frames_of(project, "zone")]
    if not zones:
        return
    frame = gpd.GeoDataFrame(pd.concat(zones, ignore_index=True), crs=zones[0].crs)
    if "kind" in frame.columns:
        frame = frame[frame["kind"] != _UNPROTECTED]
    tree = shapely.STRtree(frame.geometry.to_numpy())
    for code in passed:
        places, step = _evenly(waters, code)
        touched: set[int] = set()
        order = list(enumerate(places))
        if code in waters.ways.turned:
            order.reverse()
        for number, (lon, lat) in order:
            reach = _degrees(lat, within_m)
            for row in tree.query(shapely.Point(lon, lat).buffer(reach), predicate="intersects"):
                spot = Spot(code, step * (number + 0.5))
                if int(row) not in touched and _is_below(passed, code, spot, waters):
                    touched.add(int(row))
                    zone = frame.iloc[int(row)]
                    yield Target(TargetKind.ZONE, str(zone["code"]), str(zone["name"]), spot)


def _is_below(
    passed: Mapping[str, tuple[float, float]], code: str, spot: Spot, waters: Waters
) -> bool:
    """Whether a place on a reach lies on its part that is passed: the own reach begins midway."""
    near, far = passed[code]
    position = waters.index.position_of(code)
    if near > 0 or position is None:
        return True
    length = float(waters.index.lengths_m[position])
    rest = spot.chainage_m if code in waters.ways.turned else length - spot.chainage_m
    return rest <= far


def _counties(project: Project, waters: Waters, place: tuple[float, float]) -> Iterator[Target]:
    """Counties that begin where a border between units is crossed; not that of the place."""
    grid = responsibility_of(project).grid
    names = _county_names(project, grid)
    here = grid.owner_code(*place)
    own = "" if here is None else grid.county_code(here)
    for mark in waters.marks:
        if mark.kind is not MarkKind.BORDER:
            continue
        above, below = (grid.county_code(code) for code in mark.code.replace("/", "|").split("|"))
        # A river that is the border touches both banks; one that is crossed goes to the second.
        entered = {below} if "|" in mark.code else {above, below}
        if above and below and above != below:
            for code in sorted(entered - {own}):
                name = names.get(code) or t("warning.county_unnamed", code=code)
                yield Target(TargetKind.COUNTY, code, name, mark.spot)


def _county_names(project: Project, grid: Grid) -> dict[str, str]:
    """Code to name of the counties that a project knows."""
    beyond = {
        str(row.code): str(row.name)
        for _, frame in frames_of(project, "context")
        for row in frame.itertuples()
    }
    counties = grid.tiers.get("county")
    own = () if counties is None else counties.units
    return beyond | {unit.code: unit.name for unit in own}


def _counties_beyond(
    project: Project,
    waters: Waters,
    passed: Mapping[str, tuple[float, float]],
    spot: Spot,
) -> Iterator[Target]:
    """Counties of the context: where a reach that is passed enters one, or ends beside it."""
    here = shapely.Point(waters.place_of(spot))
    for _, frame in frames_of(project, "context"):
        for row in frame.itertuples():
            if row.geometry is None or row.geometry.contains(here):
                continue
            shapely.prepare(row.geometry)
            for code in passed:
                at = _entry(waters, code, row.geometry, spot)
                if at is not None:
                    yield Target(TargetKind.COUNTY, str(row.code), str(row.name), Spot(code, at))


def _entry(waters: Waters, code: str, outline: Any, spot: Spot) -> float | None:
    """Chainage where the water of a spill enters an outline on a reach, or ends beside it.

    None if it does neither. On the reach of the spill itself only what lies below it counts.
    """
    position = waters.index.position_of(code)
    if position is None:
        return None
    line = waters.index.geometries[position]
    turned = code in waters.ways.turned
    if outline.intersects(line):
        inside = shapely.get_coordinates(outline.intersection(line))
        places = [waters.index.on(position, lon, lat).chainage_m for lon, lat in inside.tolist()]
        if code == spot.reach:
            places = [at for at in places if (at < spot.chainage_m) == turned]
        if places:
            return max(places) if turned else min(places)
    end = 0.0 if turned else float(waters.index.lengths_m[position])
    lon, lat = waters.index.place_at(position, end)
    near = shapely.dwithin(outline, shapely.Point(lon, lat), _degrees(lat, _BEYOND_M))
    return end if near else None


def _evenly(waters: Waters, code: str) -> tuple[list[Any], float]:
    position = waters.index.position_of(code)
    if position is None:
        return [], 0.0
    places = waters.index.evenly(position)
    return places, float(waters.index.lengths_m[position]) / max(len(places), 1)


def _degrees(lat: float, metres: float) -> float:
    """So many metres in degrees of the coarser axis: never less than asked."""
    return metres / min(plane.metres_per_degree(lat))
