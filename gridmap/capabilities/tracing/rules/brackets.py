"""Sections above that were clean, or not, when the water of the event passed them.

What lies above a clean section with no other way around it cannot be the source. What lies below a
section that was beyond the limit already cannot explain that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gridmap.capabilities.rivers.rules.waterways import Spot, Waterways, Way
from gridmap.capabilities.tracing.rules.event import Event


class State(StrEnum):
    """How a section was when the water passed it. SILENT: it has no reading of that time."""

    CLEAN = "clean"
    BEYOND = "beyond"
    SILENT = "silent"


@dataclass(frozen=True, eq=False)
class Trail:
    """The readings of the item at a section: times (µs since 1970 UTC, rising) and values, (n,)."""

    code: str
    name: str
    spot: Spot
    times: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Bracket:
    """A section above the event: the way, when the water passed it, how it was then.

    `worst` is the worst reading in that time, NaN where it was silent.
    """

    code: str
    name: str
    spot: Spot
    way: Way
    earliest: int
    latest: int
    state: State
    readings: int
    worst: float


@dataclass(frozen=True)
class Bracketing:
    """What the sections say of sources; arrays of shape (n,), one place a source.

    Attributes:
        sections: those above the event, nearest first.
        excluded: all ways of the source lead through a clean section.
        inside: a clean section lies above the source, so that it is between that and the event.
        explains: share of the sections beyond the limit that the source lies above, NaN if there
            is no such section.
        behind: for an excluded source the code of the nearest clean section below it, else "".
    """

    sections: tuple[Bracket, ...]
    excluded: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    explains: NDArray[np.float64]
    behind: tuple[str, ...]


def bracketed(
    net: Waterways,
    event: Event,
    trails: Sequence[Trail],
    spots: Sequence[Spot],
    limit_m: float,
    slack_us: int,
) -> Bracketing:
    """Judge sources by the sections above.

    Args:
        net: the water.
        event: what is traced.
        trails: readings of sections; those that lie above within the limit count.
        spots: places of the sources, shape (n,).
        limit_m: how far to walk.
        slack_us: the time of passing is widened by this, because readings come in steps.
    """
    ways = net.upstream(event.spot, [trail.spot for trail in trails], limit_m)
    sections = tuple(
        _state(event, trails[number], way, slack_us)
        for number, way in ways.items()
        if trails[number].spot != event.spot
    )
    clean = [one for one in sections if one.state is State.CLEAN]
    beyond = [one for one in sections if one.state is State.BEYOND]
    count = len(spots)
    excluded, inside = np.zeros(count, bool), np.zeros(count, bool)
    behind = [""] * count
    if clean:
        stopped = replace(net, closed=(*net.closed, *(one.spot for one in clean)))
        free = set(stopped.upstream(event.spot, spots, limit_m))
        reached = set(net.upstream(event.spot, spots, limit_m))
        excluded[list(reached - free)] = True
        for one in clean:
            for number in net.upstream(one.spot, spots, limit_m):
                behind[number] = behind[number] or (one.code if excluded[number] else "")
            for number in net.downstream(one.spot, spots, limit_m):
                inside[number] = True
    explains = np.full(count, np.nan)
    if beyond:
        above = [set(net.upstream(one.spot, spots, limit_m)) for one in beyond]
        explains = np.array([np.mean([n in one for one in above]) for n in range(count)])
    return Bracketing(sections, excluded, inside & ~excluded, explains, tuple(behind))


def _state(event: Event, trail: Trail, way: Way, slack_us: int) -> Bracket:
    earliest, latest = event.passed_at(way)
    inside = (trail.times >= earliest - slack_us) & (trail.times <= latest + slack_us)
    values = trail.values[inside]
    values = values[~np.isnan(values)]
    if not len(values):
        state, worst = State.SILENT, float("nan")
    else:
        state = State.BEYOND if event.beyond(values).any() else State.CLEAN
        worst = float(values.min() if event.at_least else values.max())
    return Bracket(
        trail.code, trail.name, trail.spot, way, earliest, latest, state, len(values), worst
    )
