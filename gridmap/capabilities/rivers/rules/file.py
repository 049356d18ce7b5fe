"""What a file per river (一河一档) is made of: order of the water, lengths by unit, terms.

A vacancy is a term without a person. Days are days in Asia/Shanghai, both ends included.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from gridmap.capabilities.locate.rules.verdict import Person, UnitRef

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Node:
    """A reach by its code and the nodes that its water comes from and goes to."""

    code: str
    from_node: str
    to_node: str


def in_order_of_water(reaches: Sequence[Node]) -> list[int]:
    """Positions of the reaches from the source on, each after all that flow into it.

    Where there is a choice the water is followed on before another branch is begun, and of several
    branches the one with the lower code comes first. A loop is entered at its lowest code.
    """
    arriving: dict[str, set[int]] = defaultdict(set)
    for place, reach in enumerate(reaches):
        if reach.to_node:
            arriving[reach.to_node].add(place)
    waiting = {
        place: set(arriving.get(reach.from_node, ())) - {place}
        for place, reach in enumerate(reaches)
    }
    leaving: dict[str, list[int]] = defaultdict(list)
    for place, reach in enumerate(reaches):
        if reach.from_node:
            leaving[reach.from_node].append(place)
    queue = [(reach.code, place) for place, reach in enumerate(reaches) if not waiting[place]]
    heapq.heapify(queue)
    rest = sorted(range(len(reaches)), key=lambda place: (reaches[place].code, place), reverse=True)
    done: list[int] = []
    seen: set[int] = set()
    following: list[tuple[str, int]] = []
    while len(done) < len(reaches):
        place = _next(following, queue, rest, seen)
        done.append(place)
        seen.add(place)
        node = reaches[place].to_node
        for below in leaving.get(node, ()) if node else ():
            waiting[below].discard(place)
            if not waiting[below] and below not in seen:
                heapq.heappush(following, (reaches[below].code, below))
    return done


def _next(
    following: list[tuple[str, int]],
    queue: list[tuple[str, int]],
    rest: list[int],
    seen: set[int],
) -> int:
    """On with the water, else a new source, else into a loop."""
    for heap in (following, queue):
        while heap:
            _, place = heapq.heappop(heap)
            if place not in seen:
                return place
    while rest[-1] in seen:
        rest.pop()
    return rest.pop()


# --- lengths ------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitLength:
    """How much of a water lies with one unit.

    Attributes:
        unit: that answers; None is water that no unit covers.
        metres: all of it.
        border_m: the part of `metres` along which the river is the border with another unit.
        with_units: the units on the other bank there.
    """

    unit: UnitRef | None
    metres: float
    border_m: float = 0.0
    with_units: tuple[UnitRef, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A piece of a reach with one owner; `other` is the owner of the other bank, if another."""

    start_m: float
    end_m: float
    unit: UnitRef | None
    other: UnitRef | None = None

    @property
    def metres(self) -> float:
        """Its length."""
        return self.end_m - self.start_m


def pieces_of(
    length_m: float,
    cuts: Iterable[float],
    owner_at: Callable[[float], tuple[UnitRef | None, UnitRef | None]],
    least_m: float = 0.01,
) -> list[Piece]:
    """A reach cut where its owner may change; neighbours of one kind are one piece.

    The pieces follow each other without gap, so that their lengths add up to the whole.

    Args:
        length_m: of the reach.
        cuts: metres from its beginning at which the line meets a border.
        owner_at: the owner and that of the other bank in the middle of a piece.
        least_m: cuts nearer to each other are one.
    """
    edges = [0.0]
    for cut in sorted(cuts):
        if least_m < cut < length_m - least_m and cut - edges[-1] > least_m:
            edges.append(cut)
    edges.append(length_m)
    found: list[Piece] = []
    for start, end in pairwise(edges):
        unit, other = owner_at((start + end) / 2)
        last = found[-1] if found else None
        if last is not None and (last.unit, last.other) == (unit, other):
            found[-1] = replace(last, end_m=end)
        else:
            found.append(Piece(start, end, unit, other))
    return found


def by_unit(pieces: Iterable[Piece]) -> tuple[UnitLength, ...]:
    """Length per unit, in the order in which the water meets them."""
    found: dict[str, UnitLength] = {}
    for piece in pieces:
        key = "" if piece.unit is None else piece.unit.code
        one = found.get(key, UnitLength(piece.unit, 0.0))
        others = one.with_units
        if piece.other is not None and piece.other not in others:
            others = (*others, piece.other)
        border = piece.metres if piece.other is not None else 0.0
        found[key] = UnitLength(
            piece.unit, one.metres + piece.metres, one.border_m + border, others
        )
    return tuple(found.values())


def joined(lengths: Iterable[UnitLength]) -> tuple[UnitLength, ...]:
    """Lengths of several reaches as those of a river."""
    found: dict[str, UnitLength] = {}
    for one in lengths:
        key = "" if one.unit is None else one.unit.code
        had = found.get(key, UnitLength(one.unit, 0.0))
        others = tuple(dict.fromkeys((*had.with_units, *one.with_units)))
        found[key] = UnitLength(
            one.unit, had.metres + one.metres, had.border_m + one.border_m, others
        )
    return tuple(found.values())


# --- chiefs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A term of office, or a vacancy between two (`person` None).

    Attributes:
        reach: code of the reach.
        role, tier: codes.
        person: who held the post, None for a vacancy.
        first, last: both days included; None is open.
    """

    reach: str
    role: str
    tier: str
    person: Person | None
    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day <= self.last)


def history_of(terms: Sequence[Term], on: date) -> tuple[Term, ...]:
    """The terms of one post up to a day, oldest first, with the vacancies between and after them.

    What begins after the day is left out. Records of vacancies (terms without a person) say no
    more than the gaps themselves and are replaced by them.
    """
    begun = [one for one in terms if one.first is None or one.first <= on]
    held = sorted(
        (one for one in begun if one.person is not None), key=lambda one: one.first or date.min
    )
    if not held:
        first = begun[0].first if begun else None
        return tuple(replace(one, person=None, first=first, last=None) for one in terms[:1])
    found: list[Term] = []
    until: date | None = date.min
    for one in held:
        if found and until is not None and one.first is not None and one.first > until + _DAY:
            found.append(replace(one, person=None, first=until + _DAY, last=one.first - _DAY))
        found.append(one)
        if until is not None:
            until = None if one.last is None else max(until, one.last)
    if until is not None and until < on:
        found.append(replace(held[-1], person=None, first=until + _DAY, last=None))
    return tuple(found)
