"""Nodes where water arrives and nothing leaves, or leaves and nothing arrives: a reach drawn wrong.

Where a river begins or leaves the network one reach ends alone; that is no dead end, unless the
network is known to leave elsewhere.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gridmap.capabilities.rivers.rules.waterways import Spot, Waterways
from gridmap.core.rivernet.graphs import parts_of

_MEET: Final = 2


@dataclass(frozen=True)
class Directed:
    """A reach by its nodes as the water runs, "" for none; `sure` unless nobody knows the way."""

    code: str
    from_node: str
    to_node: str
    sure: bool = True


@dataclass(frozen=True)
class DeadEnd:
    """A node at which water cannot go on, or comes from nowhere.

    Attributes:
        node: its name.
        sink: water arrives and nothing leaves; else water leaves and nothing arrives.
        reaches: codes of the reaches that meet there, sorted.
    """

    node: str
    sink: bool
    reaches: tuple[str, ...]


def dead_ends(reaches: Sequence[Directed], outlets: Collection[str] = ()) -> list[DeadEnd]:
    """The dead ends of a network, in the order of their nodes.

    Args:
        reaches: the network.
        outlets: nodes where the water is known to leave it.

    A node that a reach of unknown direction touches is none: that reach may carry the water.
    """
    arriving, leaving, unsure = (
        defaultdict[str, list[str]](list),
        defaultdict[str, list[str]](list),
        set[str](),
    )
    for one in reaches:
        if one.sure:
            leaving[one.from_node].append(one.code)
            arriving[one.to_node].append(one.code)
        else:
            unsure |= {one.from_node, one.to_node}
    drained = _drained(reaches, outlets)
    found = []
    for node in sorted((set(arriving) | set(leaving)) - unsure - {""}):
        into, out = arriving[node], leaving[node]
        alone = len(into) + len(out) < _MEET
        outlet = node in outlets
        if not out and not outlet and (not alone or node in drained):
            found.append(DeadEnd(node, True, tuple(sorted(into))))
        elif not into and (not alone or outlet):
            found.append(DeadEnd(node, False, tuple(sorted(out))))
    return found


def _drained(reaches: Sequence[Directed], outlets: Collection[str]) -> set[str]:
    """The nodes of the parts whose outlet is known."""
    numbers: dict[str, int] = {}
    edges = [
        (numbers.setdefault(a, len(numbers)), numbers.setdefault(b, len(numbers)))
        for a, b in ((one.from_node, one.to_node) for one in reaches)
        if a and b
    ]
    known = [numbers[node] for node in outlets if node in numbers]
    if not known:
        return set()
    part = parts_of(np.array(edges).T, len(numbers))
    wanted = {int(part[number]) for number in known}
    return {node for node, number in numbers.items() if int(part[number]) in wanted}


def stranded(ways: Waterways, place: Spot, limit_m: float, *, above: bool) -> list[DeadEnd]:
    """The dead ends at which a walk from a place ends, upstream or downstream, within a limit."""
    passed = ways.reaches_from(place, limit_m, above=above)
    lengths = {one.code: one.length_m for one in ways.reaches}
    reaches = []
    for one in ways.reaches:
        ends = (one.from_node, one.to_node)
        reaches.append(Directed(one.code, *(ends[::-1] if one.code in ways.turned else ends)))
    walk = ways.upstream if above else ways.downstream

    def reached(one: DeadEnd) -> bool:
        spots = [
            Spot(code, 0.0 if above != (code in ways.turned) else lengths[code])
            for code in one.reaches
            if code in passed
        ]
        return bool(walk(place, spots, limit_m))

    return [one for one in dead_ends(reaches) if one.sink != above and reached(one)]
