"""Places on the water and the ways between them: metres along the river, hours of travel.

A closed sluice parts its reach in two that the water does not pass between. A reach whose water
runs back for the time being is passed the other way. Places are named by reach and chainage of the
drawn reach; what runs where is the business of this module.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from gridmap.core.rivernet.flow import FlowIndex, Reached

_SECONDS_PER_HOUR: Final = 3600.0


@dataclass(frozen=True)
class WaterReach:
    """A reach in its dominant direction of flow.

    `velocity_m_s` is the mean velocity, 0 where nobody measured it.
    """

    code: str
    name: str
    river: str
    from_node: str
    to_node: str
    length_m: float
    velocity_m_s: float = 0.0


@dataclass(frozen=True)
class Spot:
    """A place on the water: code of the reach and metres from its upstream end."""

    reach: str
    chainage_m: float


class MarkKind(StrEnum):
    """What else lies on the way along the water."""

    SECTION = "section"
    MOUTH = "mouth"
    BORDER = "border"


@dataclass(frozen=True)
class Mark:
    """Something else on the way: a section, the mouth of a tributary, a border of units."""

    kind: MarkKind
    code: str
    name: str
    spot: Spot


@dataclass(frozen=True)
class Velocities:
    """Velocities where none is measured, and how far all of them may be off.

    Attributes:
        default_m_s: of a reach without one of its own.
        slow, fast: shares of the velocity at the slowest and fastest, slow ≤ 1 ≤ fast.
    """

    default_m_s: float = 0.3
    slow: float = 0.6
    fast: float = 1.5

    def __post_init__(self) -> None:
        if not (self.default_m_s > 0 and 0 < self.slow <= 1 <= self.fast):
            raise ValueError("velocities")


@dataclass(frozen=True)
class Way:
    """The way from one place to another along the water.

    Attributes:
        metres: of water between, along the shortest way.
        hours: at the velocities of the reaches, along the quickest way.
        hours_fast, hours_slow: the earliest and latest time of travel.
    """

    metres: float
    hours: float
    hours_fast: float
    hours_slow: float


@dataclass(frozen=True)
class _Link:
    """A piece of a reach that water passes: from and to in metres of the drawn reach."""

    reach: int
    start_m: float
    end_m: float


@dataclass(frozen=True, eq=False)
class Waterways:
    """The water of a network; immutable, safe to share between threads.

    Args:
        reaches: all reaches.
        velocities: for the time of travel.
        closed: places of closed sluices.
        turned: codes of reaches whose water runs back at the time.
    """

    reaches: Sequence[WaterReach]
    velocities: Velocities = field(default_factory=Velocities)
    closed: Sequence[Spot] = ()
    turned: Collection[str] = ()

    def __post_init__(self) -> None:
        links: list[_Link] = []
        starts: list[str] = []
        ends: list[str] = []
        cuts: dict[str, list[float]] = defaultdict(list)
        for spot in self.closed:
            cuts[spot.reach].append(spot.chainage_m)
        for number, reach in enumerate(self.reaches):
            inner = sorted({min(max(c, 0.0), reach.length_m) for c in cuts.get(reach.code, ())})
            edges = [0.0, *inner, reach.length_m]
            for place, (low, high) in enumerate(pairwise(edges)):
                links.append(_Link(number, low, high))
                # Water does not pass a closed sluice: its two sides are nodes of their own.
                start = reach.from_node if place == 0 else ""
                end = reach.to_node if place == len(edges) - 2 else ""
                backwards = reach.code in self.turned
                starts.append(end if backwards else start)
                ends.append(start if backwards else end)
        metres = [link.end_m - link.start_m for link in links]
        seconds = [
            m / (self.reaches[link.reach].velocity_m_s or self.velocities.default_m_s)
            for m, link in zip(metres, links, strict=True)
        ]
        by_reach: dict[str, list[int]] = defaultdict(list)
        for number, link in enumerate(links):
            by_reach[self.reaches[link.reach].code].append(number)
        # A frozen dataclass is filled once, here.
        object.__setattr__(self, "_links", links)
        object.__setattr__(self, "_by_reach", by_reach)
        object.__setattr__(self, "_metres", FlowIndex(starts, ends, metres))
        object.__setattr__(self, "_seconds", FlowIndex(starts, ends, seconds))

    _links: list[_Link] = field(init=False, repr=False)
    _by_reach: Mapping[str, list[int]] = field(init=False, repr=False)
    _metres: FlowIndex = field(init=False, repr=False)
    _seconds: FlowIndex = field(init=False, repr=False)

    def upstream(
        self, place: Spot, spots: Sequence[Spot], limit_m: float = np.inf
    ) -> dict[int, Way]:
        """Ways from places above to this one: position in `spots` to the way, nearest first."""
        return self._ways(place, spots, limit_m, above=True)

    def downstream(
        self, place: Spot, spots: Sequence[Spot], limit_m: float = np.inf
    ) -> dict[int, Way]:
        """Ways from this place to places below: position in `spots` to the way, nearest first."""
        return self._ways(place, spots, limit_m, above=False)

    def reaches_from(
        self, place: Spot, limit_m: float, *, above: bool
    ) -> dict[str, tuple[float, float]]:
        """The parts of reaches that water passes on its way to a place, or from it.

        Returns:
            Code of the reach to its nearer and farther end in metres of water from the place;
            the farther one ends at the limit.
        """
        link, before = self._at(place)
        own = before if above else self._length(link) - before
        found = {self._code(link): (0.0, min(own, limit_m))}
        for other, metres in self._around(self._metres, link, limit_m - own, above=above):
            near = own + metres
            far = min(near + self._length(other), limit_m)
            code = self._code(other)
            known = found.get(code)
            found[code] = (
                (near, far) if known is None else (min(known[0], near), max(known[1], far))
            )
        return found

    def _ways(
        self, place: Spot, spots: Sequence[Spot], limit_m: float, *, above: bool
    ) -> dict[int, Way]:
        link, before = self._at(place)
        own = before if above else self._length(link) - before
        own_s = own / self._length(link) * float(self._seconds.lengths_m[link]) if own else 0.0
        metres = dict(self._around(self._metres, link, limit_m - own, above=above))
        seconds = dict(self._around(self._seconds, link, np.inf, above=above))
        found: dict[int, tuple[float, float]] = {}
        for number, spot in enumerate(spots):
            at, chainage = self._at(spot)
            length = self._length(at)
            rest = length - chainage if above else chainage
            share = rest / length if length else 0.0
            if at == link:
                # Of two places on one link one is above the other, or neither is if they are one.
                ahead = before - chainage if above else chainage - before
                if 0 <= ahead <= limit_m:
                    slowness = float(self._seconds.lengths_m[link]) / length if length else 0.0
                    found[number] = ahead, ahead * slowness
            elif at in metres and own + metres[at] + rest <= limit_m:
                travel = own_s + seconds[at] + share * float(self._seconds.lengths_m[at])
                found[number] = own + metres[at] + rest, travel
        ordered = sorted(found.items(), key=lambda one: (one[1][0], one[0]))
        return {number: self._way(*way) for number, way in ordered}

    def _way(self, metres: float, seconds: float) -> Way:
        hours = seconds / _SECONDS_PER_HOUR
        v = self.velocities
        return Way(metres, hours, hours / v.fast, hours / v.slow)

    def _at(self, spot: Spot) -> tuple[int, float]:
        """The link of a place and metres from its upstream end as the water runs.

        Raises:
            KeyError: for an unknown reach.
        """
        numbers = self._by_reach[spot.reach]
        for number in numbers:
            link = self._links[number]
            if spot.chainage_m <= link.end_m or number == numbers[-1]:
                along = min(max(spot.chainage_m, link.start_m), link.end_m) - link.start_m
                backwards = spot.reach in self.turned
                return number, self._length(number) - along if backwards else along
        raise KeyError(spot.reach)

    def _around(
        self, index: FlowIndex, link: int, limit: float, *, above: bool
    ) -> list[tuple[int, float]]:
        if limit < 0:
            return []
        walk = index.upstream_within if above else index.downstream_within
        found: Reached = walk(link, limit)
        return list(zip(found.reaches.tolist(), found.distance_m.tolist(), strict=True))

    def _length(self, link: int) -> float:
        return self._links[link].end_m - self._links[link].start_m

    def _code(self, link: int) -> str:
        return self.reaches[self._links[link].reach].code
