"""From a spill in a project to a list of calls: who, where, until when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from gridmap.capabilities.locate.rules.verdict import Verdict
from gridmap.capabilities.locate.work.answering import answer
from gridmap.capabilities.rivers.rules.dead_ends import DeadEnd, stranded
from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.rivers.work.waters import Waters, present_waters, waters_of
from gridmap.capabilities.warning.rules import (
    Piece,
    Warning,  # noqa: A004  the field's word
    pieces_of,
    warn,
)
from gridmap.capabilities.warning.work.calls import Call, calls_of
from gridmap.capabilities.warning.work.figures import warning_figures
from gridmap.capabilities.warning.work.targets import targets_of
from gridmap.core.moments import ZONE, micros_of, moment_of
from gridmap.core.place import Place
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

_SNAP_M: Final = 1000.0  # a spill farther from any water does not reach it by itself

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
        dead_ends: nodes at which the water arrives and no reach leaves: the walk ends there.
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
    dead_ends: tuple[DeadEnd, ...]
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
    spot, offset = _entered(waters, lon, lat, turned)
    figures = warning_figures(project)
    far = figures.limit_m if limit_m is None else limit_m
    targets = targets_of(project, waters, spot, far, figures.zone_m)
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
        dead_ends=tuple(stranded(waters.ways, spot, far, above=False)),
        example=project.is_example,
        title=project.title,
    )


def _entered(waters: Waters, lon: float, lat: float, turned: tuple[str, ...]) -> tuple[Spot, float]:
    """Where a place is on the water, and how far off it lies in metres."""
    unknown = [code for code in turned if waters.index.position_of(code) is None]
    if unknown:
        raise ProjectError("warning.error.no_reach", codes=", ".join(unknown))
    seen = waters.spot_at(lon, lat, _SNAP_M)
    if seen is None:
        raise ProjectError("warning.error.not_on_water", lon=f"{lon:.5f}", lat=f"{lat:.5f}")
    spot, offset, _ = seen
    return spot, offset
