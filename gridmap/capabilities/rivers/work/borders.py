"""Where the water passes from one unit that answers to another: within reaches, and at their nodes.

Reaches are mostly cut where units meet, so that a border lies at a node more often than not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from gridmap.capabilities.locate.rules.grid import Grid
from gridmap.capabilities.locate.rules.reaches import ReachIndex
from gridmap.capabilities.rivers.rules.waterways import Mark, MarkKind, Spot, WaterReach, Waterways

_STEP_M: Final = 50.0  # what swings out of a unit for less is no visit to another
_MOST: Final = 400
_EXACT_M: Final = 1.0
_PAIR: Final = 2


@dataclass(frozen=True)
class _Stretch:
    """A stretch of a reach in one unit: metres from where the water enters the reach."""

    begin_m: float
    owner: str


@dataclass(frozen=True)
class _Border:
    """A border on a reach, metres from where the water enters it."""

    reach: WaterReach
    along_m: float
    above: str
    sign: str
    below: str


def borders_of(
    grid: Grid, ways: Waterways, index: ReachIndex, banks: Mapping[str, Sequence[str]]
) -> Iterator[Mark]:
    """Every place where water leaves one unit for another, in the order of the reaches.

    Args:
        grid: the units that answer; ground of nobody between two of them is passed over.
        ways: the water; where it runs back the order of the units does too.
        index: the reaches with their lines.
        banks: code of a reach to the units on its two banks, where it is their border.

    Codes are `A|B` for a border that is crossed from A to B, at a node on the reach above, and
    `A/B` for a reach that is itself the border, told once where it begins to be.
    """
    course = _Course(grid, ways, index)
    names = {unit.code: unit.name for unit in grid.owners.units}
    for reach in ways.reaches:
        beside = tuple(code for code in banks.get(reach.code, ()) if code in names)
        for one in _met(course, reach, (beside[0], beside[1]) if len(beside) == _PAIR else None):
            on, along, sign = one.reach, one.along_m, one.sign
            chainage = on.length_m - along if on.code in ways.turned else along
            yield Mark(
                MarkKind.BORDER,
                f"{one.above}{sign}{one.below}",
                f"{names.get(one.above, one.above)} {sign} {names.get(one.below, one.below)}",
                Spot(on.code, chainage),
            )


def _met(course: "_Course", reach: WaterReach, beside: tuple[str, str] | None) -> Iterator[_Border]:
    """The borders that water meets on its way into a reach and through it.

    A pair of units that is crossed again and again, or lies on both banks, is told once, where
    the water first meets it.
    """
    stretches = course.stretches[reach.code]
    crossed: dict[frozenset[str], list[_Border]] = defaultdict(list)
    if stretches:
        first = stretches[0]
        for above, unit in course.entering(reach):
            # At the end of the reach above: at a confluence not all water comes from there.
            at, along = (reach, first.begin_m) if first.begin_m else (above, above.length_m)
            crossed[frozenset((unit, first.owner))].append(
                _Border(at, along, unit, "|", first.owner)
            )
    arrived = {pair: len(found) for pair, found in crossed.items()}
    for upper, lower in pairwise(stretches):
        pair = frozenset((upper.owner, lower.owner))
        crossed[pair].append(_Border(reach, lower.begin_m, upper.owner, "|", lower.owner))
    if beside is not None:
        yield _Border(reach, 0.0, beside[0], "/", beside[1])
        crossed.pop(frozenset(beside), None)
    for pair, found in crossed.items():
        inside = len(found) - arrived.get(pair, 0)
        if inside > 1 or (inside and arrived.get(pair)):
            yield replace(found[0], sign="/")
        else:
            yield from found


class _Course:
    """The units along the water: stretches of each reach, and what arrives at its head."""

    def __init__(self, grid: Grid, ways: Waterways, index: ReachIndex) -> None:
        self._grid, self._ways, self._index = grid, ways, index
        self.stretches = {reach.code: self._stretches(reach) for reach in ways.reaches}
        self._arriving: dict[str, list[WaterReach]] = defaultdict(list)
        for reach in ways.reaches:
            if end := self._ends(reach)[1]:
                self._arriving[end].append(reach)

    def entering(self, reach: WaterReach) -> Iterator[tuple[WaterReach, str]]:
        """Reaches above and the units that their water comes from, where this one is in another."""
        own = {one.owner for one in self.stretches[reach.code][:1]}
        for above in self._arriving[self._ends(reach)[0]]:
            for unit in sorted(self._leaving(above) - own):
                yield above, unit

    def _leaving(self, reach: WaterReach) -> set[str]:
        """The unit that a reach ends in; of a reach on ground of nobody those it comes from."""
        found: set[str] = set()
        seen, stack = {reach.code}, [reach]
        while stack:
            one = stack.pop()
            if stretches := self.stretches[one.code]:
                found.add(stretches[-1].owner)
                continue
            for above in self._arriving[self._ends(one)[0]]:
                if above.code not in seen:
                    seen.add(above.code)
                    stack.append(above)
        return found

    def _ends(self, reach: WaterReach) -> tuple[str, str]:
        """The nodes where the water enters and leaves; "" joins nothing."""
        ends = reach.from_node, reach.to_node
        return ends[::-1] if reach.code in self._ways.turned else ends

    def _stretches(self, reach: WaterReach) -> list[_Stretch]:
        count = min(max(int(reach.length_m / _STEP_M), 1), _MOST)
        step = reach.length_m / count
        found: list[_Stretch] = []
        last = 0.0
        for number in range(count):
            along = step * (number + 0.5)
            owner = self._owner(reach, along)
            if owner is None:
                last = along
                continue
            if not found or found[-1].owner != owner:
                begin = self._begin(reach, last, along, owner) if along > step else 0.0
                found.append(_Stretch(begin, owner))
            last = along
        return found

    def _begin(self, reach: WaterReach, outside: float, inside: float, owner: str) -> float:
        """Where a unit begins between a place that is not in it and one that is."""
        while inside - outside > _EXACT_M:
            middle = (outside + inside) / 2
            if self._owner(reach, middle) == owner:
                inside = middle
            else:
                outside = middle
        return inside

    def _owner(self, reach: WaterReach, along_m: float) -> str | None:
        position = self._index.position_of(reach.code)
        if position is None:
            return None
        at = reach.length_m - along_m if reach.code in self._ways.turned else along_m
        return self._grid.owner_code(*self._index.place_at(position, at))
