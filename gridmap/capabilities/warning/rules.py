"""What a spill reaches downstream, and when: whom to warn, in which order.

Pure arithmetic over the water; who holds which post is the business of the caller.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from gridmap.capabilities.rivers.rules.waterways import Spot, WaterReach, Waterways, Way
from gridmap.core.moments import HOUR_US

BANDS_H: Final = (2.0, 6.0, 12.0, 24.0)
"""Hours of travel at which the colour of the water changes on maps."""

_STEP_M: Final = 60.0  # how finely the time of passing is known along a reach


class TargetKind(StrEnum):
    """What may be reached. COUNTY: another one begins; SLUICE: a closed one stops the water."""

    INTAKE = "intake"
    ZONE = "zone"
    SECTION = "section"
    BORDER = "border"
    COUNTY = "county"
    REACH = "reach"
    SLUICE = "sluice"


@dataclass(frozen=True)
class Target:
    """Something on the water. One that is touched at many places is many targets of one code."""

    kind: TargetKind
    code: str
    name: str
    spot: Spot


@dataclass(frozen=True)
class Arrival:
    """A target with the way to it and the window of arrival (µs since 1970 UTC)."""

    target: Target
    way: Way
    earliest: int
    latest: int


@dataclass(frozen=True)
class Warning:  # noqa: A001  the field's word; Python's own is not used here
    """The answer: each target once, and the reaches passed with their metres.

    Attributes:
        place: where it entered the water.
        start: when, µs since 1970 UTC.
        factor: by how much the water is quicker than the velocities of the reaches say.
        arrivals: the reach of the place itself first, then by the earliest time.
        reaches: code to the nearer and farther end in metres of water from the place.
    """

    place: Spot
    start: int
    factor: float
    arrivals: tuple[Arrival, ...]
    reaches: Mapping[str, tuple[float, float]]

    @property
    def stopped_by(self) -> tuple[Arrival, ...]:
        """Closed sluices at which water stops."""
        return self.of(TargetKind.SLUICE)

    def of(self, *kinds: TargetKind) -> tuple[Arrival, ...]:
        """The arrivals at targets of some kinds."""
        return tuple(one for one in self.arrivals if one.target.kind in kinds)

    def retimed(self, start: int, factor: float) -> "Warning":
        """The same water at another start (µs) and velocity: who comes first stays the same."""
        share = self.factor / factor
        arrivals = tuple(
            _arrival(one.target, _scaled(one.way, share), start) for one in self.arrivals
        )
        return replace(self, start=start, factor=factor, arrivals=arrivals)


@dataclass(frozen=True)
class Piece:
    """A piece of a reach, passed from one chainage (m) to the other, in hours after the start."""

    reach: str
    from_m: float
    to_m: float
    from_h: float
    to_h: float


def warn(
    net: Waterways,
    place: Spot,
    start: int,
    targets: Sequence[Target],
    limit_m: float,
    factor: float = 1.0,
) -> Warning:
    """Walk downstream from a place and say what is reached when.

    Args:
        net: the water; closed sluices stop it.
        place: where it entered the water.
        start: when, microseconds since 1970 UTC.
        targets: what may be reached besides the reaches; of targets of one kind and code the one
            that is reached first counts.
        limit_m: how far to walk, in metres of water.
        factor: all velocities times this; above 0.

    Arrivals of equal time are in order of distance, then of kind and code.

    Raises:
        ValueError: for a factor that is not above 0.
    """
    if not factor > 0:
        raise ValueError(factor)
    passed = net.reaches_from(place, limit_m, above=False)
    known = {reach.code: reach for reach in net.reaches}
    every = [*targets, *_entries(known, passed, place, net.turned)]
    ways = net.downstream(place, [target.spot for target in every], limit_m)
    first: dict[tuple[TargetKind, str], Arrival] = {}
    for number, way in ways.items():
        arrival = _arrival(every[number], _scaled(way, 1.0 / factor), start)
        key = (arrival.target.kind, arrival.target.code)
        if key not in first or _rank(arrival) < _rank(first[key]):
            first[key] = arrival
    own = (TargetKind.REACH, place.reach)
    arrivals = sorted(
        first.values(), key=lambda one: ((one.target.kind, one.target.code) != own, _rank(one))
    )
    return Warning(place, start, factor, tuple(arrivals), passed)


def pieces_of(net: Waterways, found: Warning, limit_m: float) -> tuple[Piece, ...]:
    """The water passed in pieces of about 60 m, with hours at the velocities of the reaches.

    Args:
        net: the water that was walked.
        found: the warning; its factor counts.
        limit_m: how far it was walked.

    Pieces of a reach follow each other as the reach is drawn; each runs as the water does.
    """
    lengths = {reach.code: reach.length_m for reach in net.reaches}
    spots = [spot for code in found.reaches for spot in _samples(code, lengths[code], found.place)]
    ways = net.downstream(found.place, spots, limit_m)
    return tuple(
        Piece(
            a.reach, spots[low].chainage_m, spots[high].chainage_m,
            ways[low].hours / found.factor, ways[high].hours / found.factor,
        )
        for number, (a, b) in enumerate(pairwise(spots))
        if a.reach == b.reach and number in ways and number + 1 in ways
        for low, high in [_as_it_runs(number, ways)]
    )  # fmt: skip


def band_of(hours: float) -> int:
    """The position of the colour of so many hours of travel, from 0."""
    return sum(hours >= limit for limit in BANDS_H)


# --- inner --------------------------------------------------------------------------------


def _samples(code: str, length_m: float, place: Spot) -> list[Spot]:
    count = max(int(length_m / _STEP_M), 1)
    chainages = [length_m * number / count for number in range(count + 1)]
    if code == place.reach:
        chainages = sorted({*chainages, place.chainage_m})
    return [Spot(code, chainage) for chainage in chainages]


def _as_it_runs(number: int, ways: Mapping[int, Way]) -> tuple[int, int]:
    backwards = ways[number].hours > ways[number + 1].hours
    return (number + 1, number) if backwards else (number, number + 1)


def _entries(
    known: Mapping[str, WaterReach], passed: Iterable[str], place: Spot, turned: Iterable[str]
) -> Iterator[Target]:
    """Each reach where the water enters it; the own one at the place itself."""
    backwards = set(turned)
    for code in passed:
        reach = known[code]
        spot = Spot(code, reach.length_m if code in backwards else 0.0)
        at = place if code == place.reach else spot
        yield Target(TargetKind.REACH, code, reach.name or code, at)


def _arrival(target: Target, way: Way, start: int) -> Arrival:
    return Arrival(
        target,
        way,
        start + round(way.hours_fast * HOUR_US),
        start + round(way.hours_slow * HOUR_US),
    )


def _scaled(way: Way, share: float) -> Way:
    return Way(way.metres, way.hours * share, way.hours_fast * share, way.hours_slow * share)


_KINDS: Final = {kind: place for place, kind in enumerate(TargetKind)}


def _rank(one: Arrival) -> tuple[int, float, int, str]:
    return one.earliest, one.way.metres, _KINDS[one.target.kind], one.target.code
