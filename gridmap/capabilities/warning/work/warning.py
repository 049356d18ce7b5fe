"""From a spill in a project to a list of calls: who, where, until when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from gridmap.capabilities.locate.rules.verdict import Verdict
from gridmap.capabilities.locate.work.answering import answer
from gridmap.capabilities.rivers.rules.waterways import MarkKind, Spot
from gridmap.capabilities.rivers.work.waters import Waters, present_waters, waters_of
from gridmap.capabilities.warning.rules import (
    Piece,
    Target,
    TargetKind,
    Warning,  # noqa: A004  the field's word
    pieces_of,
    warn,
)
from gridmap.capabilities.warning.work.calls import Call, calls_of
from gridmap.capabilities.warning.work.figures import warning_figures
from gridmap.core import plane
from gridmap.core.moments import ZONE, micros_of, moment_of
from gridmap.core.place import Place
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_SNAP_M: Final = 1000.0  # a spill farther from any water does not reach it by itself
_BEYOND_M: Final = 300.0  # where to look for the neighbour behind the end of a reach
_UNPROTECTED: Final = "urban"  # the one kind of control zone that a spill does not endanger
_SAME_M: Final = 1.0
_BEHIND_M: Final = 0.01

Tell = Callable[[float], None]


@dataclass(frozen=True)
class WarningAnswer:
    """A warning with everything needed to act.

    Attributes:
        found: arrivals; start: aware; offset_m: how far off the water the place was.
        limit_m: how far was walked, in metres of water.
        pieces: the water passed, for maps; hours after the start.
        calls: whom to call, in order: intakes, then chiefs and neighbours by arrival.
        verdict: of the place itself.
        waters: the water it was computed on.
        example: whether the project is an example.
        title: of the project.
    """

    found: Warning
    start: datetime
    offset_m: float
    limit_m: float
    pieces: tuple[Piece, ...]
    calls: tuple[Call, ...]
    verdict: Verdict
    waters: Waters
    example: bool
    title: str

    @property
    def factor(self) -> float:
        """By how much the water is quicker than the velocities of the reaches say."""
        return self.found.factor

    @property
    def lonlat(self) -> tuple[float, float]:
        """Where it entered the water, degrees of EPSG:4490."""
        return self.waters.place_of(self.found.place)

    @property
    def until(self) -> datetime:
        """When the slowest water has reached everything, aware."""
        latest = max((one.latest for one in self.found.arrivals), default=self.found.start)
        return moment_of(latest)

    def retimed(self, start: datetime, factor: float) -> "WarningAnswer":
        """The same answer at another start of the same day and another velocity; no new walk.

        Who holds a post depends on the day: for another day ask `warning_of` again.
        """
        share = self.factor / factor
        return replace(
            self,
            found=self.found.retimed(micros_of(start), factor),
            start=start,
            pieces=tuple(
                replace(one, from_h=one.from_h * share, to_h=one.to_h * share)
                for one in self.pieces
            ),
            calls=tuple(
                replace(
                    one,
                    earliest=start + (one.earliest - self.start) * share,
                    latest=start + (one.latest - self.start) * share,
                )
                for one in self.calls
            ),
        )


def warning_of(  # noqa: PLR0913  one question, one argument for each part of it
    project: Project,
    lon: float,
    lat: float,
    start: datetime,
    *,
    limit_m: float | None = None,
    factor: float = 1.0,
    turned: tuple[str, ...] = (),
    waters: Waters | None = None,
    tell: Tell = lambda _: None,
) -> WarningAnswer:
    """Warn downstream of a place.

    Args:
        project: the project.
        lon: degrees of EPSG:4490.
        lat: degrees of EPSG:4490.
        start: when it entered the water, aware.
        limit_m: how far to walk; that of `resources/tracing_rules.toml` if omitted.
        factor: all velocities times this, above 0.
        turned: reaches whose water runs back; only without `waters`.
        waters: made anew if omitted.
        tell: hears how far the work is, 0–1; an exception of its own ends the work.

    Raises:
        ProjectError: `warning.error.not_on_water` if no reach lies within 1 km;
            `warning.error.no_reach` for an unknown reach in `turned`.
    """
    tell(0.0)
    if waters is None:
        waters = waters_of(project, turned=turned) if turned else present_waters(project)
    tell(0.6)
    unknown = [code for code in turned if waters.index.position_of(code) is None]
    if unknown:
        raise ProjectError("warning.error.no_reach", codes=", ".join(unknown))
    seen = waters.spot_at(lon, lat, _SNAP_M)
    if seen is None:
        raise ProjectError("warning.error.not_on_water", lon=f"{lon:.5f}", lat=f"{lat:.5f}")
    spot, offset, _ = seen
    figures = warning_figures(project)
    far = figures.limit_m if limit_m is None else limit_m
    passed = waters.ways.reaches_from(spot, far, above=False)
    targets = [
        *_targets(waters),
        *_sluices(project, waters),
        *_zones(project, waters, passed, figures.zone_m),
        *_counties(project, waters, passed, waters.place_of(spot)),
    ]
    tell(0.75)
    found = warn(waters.ways, spot, micros_of(start), targets, far, factor)
    tell(0.85)
    verdict = answer(project, Place(lon, lat), start.astimezone(ZONE).date())
    return WarningAnswer(
        found=found,
        start=start.astimezone(ZONE),
        offset_m=offset,
        limit_m=far,
        pieces=pieces_of(waters.ways, found, far),
        calls=calls_of(project, waters, found, verdict),
        verdict=verdict,
        waters=waters,
        example=project.is_example,
        title=project.title,
    )


# --- targets ------------------------------------------------------------------------------


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


def _counties(
    project: Project,
    waters: Waters,
    passed: Mapping[str, tuple[float, float]],
    place: tuple[float, float],
) -> Iterator[Target]:
    """Counties beyond the territory, where a reach that is passed ends at their outline."""
    here = shapely.Point(place)
    for _, frame in frames_of(project, "context"):
        for row in frame.itertuples():
            if row.geometry is None or row.geometry.contains(here):
                continue
            for code in passed:
                position = waters.index.position_of(code)
                if position is None:
                    continue
                length = float(waters.index.lengths_m[position])
                end = 0.0 if code in waters.ways.turned else length
                lon, lat = waters.index.place_at(position, end)
                if shapely.dwithin(row.geometry, shapely.Point(lon, lat), _degrees(lat, _BEYOND_M)):
                    yield Target(TargetKind.COUNTY, str(row.code), str(row.name), Spot(code, end))


def _evenly(waters: Waters, code: str) -> tuple[list[Any], float]:
    position = waters.index.position_of(code)
    if position is None:
        return [], 0.0
    places = waters.index.evenly(position)
    return places, float(waters.index.lengths_m[position]) / max(len(places), 1)


def _degrees(lat: float, metres: float) -> float:
    """So many metres in degrees of the coarser axis: never less than asked."""
    return metres / min(plane.metres_per_degree(lat))
