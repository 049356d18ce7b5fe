"""Reaches cut where the unit that answers changes, but not where the river is the border.

A line is cut exactly where it crosses a border. Where the border runs along the water, both banks
belong to different units over a long way: such a stretch stays whole and belongs to both. Short
pieces that the uncertain border cuts off are given back to their neighbours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.capabilities.locate.rules.reaches import border_kind_of
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import BorderKind
from gridmap.core import plane

Floats = NDArray[np.float64]
_Units = frozenset[int]

_STEP_M: Final = 25.0
_MOST_SAMPLES: Final = 20_000
_NOBODY: Final = -1
_SAME_M: Final = 0.01
_TWO: Final = 2


@dataclass(frozen=True)
class SplitRules:
    """Figures of splitting; distances in metres, shares between 0 and 1.

    Attributes:
        tolerance_m: how far off the drawn borders may be.
        least_m: shorter pieces are given to a neighbour where the tolerance allows it.
        border_share: share of a piece with different owners on its banks from which on the
            river is the border (左右岸).
        interlocked_share: share from which on a piece that also crosses is both (犬牙交错).
    """

    tolerance_m: float = 50.0
    least_m: float = 500.0
    border_share: float = 0.5
    interlocked_share: float = 0.15


@dataclass(frozen=True)
class Stretch:
    """A piece of a reach between two borders.

    Attributes:
        start_m, end_m: metres from the upstream end of the reach.
        geometry: LineString in degrees of EPSG:4490.
        units: codes of the unit it lies in, of several where the river is their border.
        kind: how it meets borders; None where it meets none.
        above, below: codes of the units beyond its ends, where it was cut.
    """

    start_m: float
    end_m: float
    geometry: shapely.LineString
    units: tuple[str, ...]
    kind: BorderKind | None
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass
class _Token:
    """A piece while pieces are being put together; `settled` ones stay though they are short."""

    start: float
    end: float
    units: _Units
    settled: bool = False

    @property
    def length(self) -> float:
        return self.end - self.start


def split_at_borders(
    line: shapely.LineString,
    units: UnitIndex,
    width_m: float = 0.0,
    rules: SplitRules | None = None,
) -> tuple[Stretch, ...]:
    """Cut a reach where its unit changes.

    Args:
        line: degrees of EPSG:4490, from upstream to downstream.
        units: the units of one tier.
        width_m: of the water.
        rules: figures; the defaults if omitted.

    Returns:
        The pieces from upstream to downstream; they make up the whole line.
    """
    return _Splitting(line, units, width_m, rules or SplitRules()).stretches()


class _Splitting:
    """One line and the units around it."""

    def __init__(
        self, line: shapely.LineString, units: UnitIndex, width_m: float, rules: SplitRules
    ) -> None:
        self._line, self._units, self._rules = line, units, rules
        self._offset_m = width_m / 2 + rules.tolerance_m
        self._xy: Floats = shapely.get_coordinates(line)
        _, _, metres = plane.GEOD.inv(*self._xy[:-1].T, *self._xy[1:].T)
        self._ends: Floats = np.concatenate(([0.0], np.cumsum(metres)))
        self._total = float(self._ends[-1])

    def stretches(self) -> tuple[Stretch, ...]:
        """See `split_at_borders`."""
        tokens = self._merged(self._tokens())
        named = [self._codes(token.units) for token in tokens]
        found = []
        for number, token in enumerate(tokens):
            above = named[number - 1] if number else ()
            below = named[number + 1] if number + 1 < len(tokens) else ()
            found.append(
                Stretch(
                    token.start, token.end, self._between(token.start, token.end), named[number],
                    self._kind(token, above, below), above, below,
                )
            )  # fmt: skip
        return tuple(found)

    # --- places along the line ------------------------------------------------------------

    def _places(self, along: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Degrees at metres along the line, shape (m, 2), and the segments they lie on."""
        at = np.clip(np.searchsorted(self._ends, along, side="right") - 1, 0, len(self._xy) - 2)
        length = self._ends[at + 1] - self._ends[at]
        share = (along - self._ends[at]) / np.where(length > 0, length, 1.0)
        places = self._xy[at] + share[:, None] * (self._xy[at + 1] - self._xy[at])
        return places, at

    def _between(self, start: float, end: float) -> shapely.LineString:
        (first, last), _ = self._places(np.array([start, end]))
        inner = self._xy[(self._ends > start + _SAME_M) & (self._ends < end - _SAME_M)]
        if start <= 0:
            first = self._xy[0]
        if end >= self._total:
            last = self._xy[-1]
        return shapely.LineString(np.vstack((first, inner, last)))

    @cached_property
    def _samples(self) -> Floats:
        count = min(max(int(self._total / _STEP_M), 9), _MOST_SAMPLES)
        found: Floats = (np.arange(count) + 0.5) / count * self._total
        return found

    @cached_property
    def _banks(self) -> NDArray[np.int64]:
        """Positions of the owners on the left and the right at each sample, shape (m, 2)."""
        places, at = self._places(self._samples)
        per_lon, per_lat = plane.metres_per_degree(float(self._xy[:, 1].mean()))
        ways = (self._xy[at + 1] - self._xy[at]) * (per_lon, per_lat)
        lengths = np.hypot(ways[:, 0], ways[:, 1])
        ways = ways / np.where(lengths > 0, lengths, 1.0)[:, None] * self._offset_m
        left = np.column_stack((-ways[:, 1] / per_lon, ways[:, 0] / per_lat))
        sides = [self._units.many(*(places + sign * left).T).owners for sign in (1, -1)]
        return np.column_stack(sides)

    @cached_property
    def _crossings(self) -> list[float]:
        """Metres along the line at which it meets a border, rising."""
        near = shapely.intersects(self._units.geometries, self._line)
        steps = np.hypot(*np.diff(self._xy, axis=0).T)
        degrees = np.concatenate(([0.0], np.cumsum(steps)))
        found = set()
        for border in shapely.boundary(self._units.geometries[near]):
            met = shapely.get_coordinates(self._line.intersection(border))
            for at in shapely.line_locate_point(self._line, shapely.points(met)):
                found.add(float(np.interp(at, degrees, self._ends)))
        return sorted(found)

    # --- pieces ---------------------------------------------------------------------------

    def _tokens(self) -> list[_Token]:
        """Every piece between two crossings, and every long stretch that is itself a border."""
        runs = self._border_runs()
        tokens: list[_Token] = []
        begin = 0.0
        for start, end, pair in [*runs, (self._total, self._total, frozenset[int]())]:
            inner = [at for at in self._crossings if begin + _SAME_M < at < start - _SAME_M]
            edges = [begin, *inner, start]
            for low, high in pairwise(edges):
                if high - low > _SAME_M:
                    tokens.append(_Token(low, high, self._owner((low + high) / 2)))
            if end > start:
                tokens.append(_Token(start, end, pair))
            begin = end
        return tokens or [_Token(0.0, self._total, self._owner(self._total / 2))]

    def _owner(self, along: float) -> _Units:
        [[lon, lat]], _ = self._places(np.array([along]))
        owner = self._units.owner(float(lon), float(lat))
        return frozenset((_NOBODY if owner is None else owner,))

    def _border_runs(self) -> list[tuple[float, float, _Units]]:
        """Stretches along which two units face each other: from, to, both."""
        half = self._total / len(self._samples) / 2
        runs: list[tuple[float, float, _Units]] = []
        gap: set[int] = set()
        for along, (left, right) in zip(self._samples, self._banks.tolist(), strict=True):
            pair = frozenset((left, right))
            if left == right or _NOBODY in pair:
                gap |= pair
                continue
            last = runs[-1] if runs else None
            close = last is not None and along - half - last[1] < self._rules.least_m
            if last is not None and close and last[2] == pair and gap <= pair:
                runs[-1] = (last[0], along + half, pair)
            else:
                runs.append((along - half, along + half, pair))
            gap = set()
        long = [run for run in runs if run[1] - run[0] >= self._rules.least_m]
        return self._apart([(self._edge(a), self._edge(b), pair) for a, b, pair in long])

    def _apart(
        self, runs: Iterable[tuple[float, float, _Units]]
    ) -> list[tuple[float, float, _Units]]:
        """The runs without overlaps that moving their edges made."""
        found: list[tuple[float, float, _Units]] = []
        for start, end, pair in runs:
            begin = max(start, found[-1][1]) if found else start
            if end - begin > _SAME_M:
                found.append((begin, end, pair))
        return found

    def _edge(self, along: float) -> float:
        """The end of a run: at the crossing or the end of the line where one is near."""
        near = [at for at in (0.0, self._total, *self._crossings)
                if abs(at - along) <= _TWO * self._offset_m]  # fmt: skip
        return min(near, key=lambda at: abs(at - along), default=along)

    # --- short pieces ---------------------------------------------------------------------

    def _merged(self, tokens: list[_Token]) -> list[_Token]:
        """Short pieces given to a neighbour, joined with another short one, or left."""
        tokens = _joined(tokens)
        while True:
            short = [
                i for i, token in enumerate(tokens)
                if token.length < self._rules.least_m and not token.settled
            ]  # fmt: skip
            if not short or len(tokens) == 1:
                return tokens
            number = min(short, key=lambda i: (tokens[i].length, i))
            beside = [i for i in (number - 1, number + 1) if 0 <= i < len(tokens)]
            token = tokens[number]
            fits = [i for i in beside if self._fits(token, tokens[i].units)]
            # Ground of nobody is joined with nothing: it must not look like somebody's.
            alike = [
                i for i in beside if i in short and _NOBODY not in token.units | tokens[i].units
            ]
            if fits:
                other = max(fits, key=lambda i: tokens[i].length)
                tokens[number].units = tokens[other].units
            elif alike:
                other = alike[0]
                both = token.units | tokens[other].units
                tokens[number].units = tokens[other].units = both
            else:
                token.settled = True
            tokens = _joined(tokens)

    def _fits(self, token: _Token, units: _Units) -> bool:
        """Whether a piece lies in these units as far as the tolerance can tell."""
        if token.units <= units:
            return True
        inner = self._ends[(self._ends > token.start) & (self._ends < token.end)]
        along = np.concatenate((np.linspace(token.start, token.end, 5), inner))
        places, _ = self._places(along)
        return all(
            any(self._within(unit, lon, lat) for unit in units) for lon, lat in places.tolist()
        )

    def _within(self, unit: int, lon: float, lat: float) -> bool:
        if unit == _NOBODY:
            return False
        seen = self._units.seen_from(unit, lon, lat)
        return seen.covers or seen.distance_m <= self._rules.tolerance_m

    # --- words ----------------------------------------------------------------------------

    def _codes(self, units: _Units) -> tuple[str, ...]:
        return tuple(sorted(self._units.units[unit].code for unit in units if unit != _NOBODY))

    def _kind(
        self, token: _Token, above: tuple[str, ...], below: tuple[str, ...]
    ) -> BorderKind | None:
        own = self._codes(token.units)
        if len(own) < _TWO:
            return BorderKind.UP_DOWN if own and (above or below) else None
        rows = (self._samples >= token.start) & (self._samples <= token.end)
        banks = [
            (_code(left), _code(right)) for left, right in self._banks[rows].tolist()
        ]  # fmt: skip
        if not banks:
            return BorderKind.INTERLOCKED
        kind = border_kind_of(banks, self._rules.border_share, self._rules.interlocked_share)
        return BorderKind.LEFT_RIGHT if kind is BorderKind.LEFT_RIGHT else BorderKind.INTERLOCKED


def _code(position: int) -> str | None:
    return None if position == _NOBODY else str(position)


def _joined(tokens: list[_Token]) -> list[_Token]:
    """Neighbours of the same units as one."""
    found: list[_Token] = []
    for token in tokens:
        if found and found[-1].units == token.units:
            found[-1] = _Token(found[-1].start, token.end, token.units)
        else:
            found.append(token)
    return found
