"""Who is upstream of whom, for any reach, fast: intervals on trees, a graph library on nets.

On a forest of rivers (no more than one reach leaves any node, no loops) every reach gets a number
such that all reaches above it follow it without a gap: what is upstream is a slice. Where water
divides and meets again, `scipy.sparse.csgraph` searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gridmap.core.rivernet.graphs import Graph, distances_from, graph_of, reached_from

Positions = NDArray[np.int64]
Floats = NDArray[np.float64]

_NONE: Final = -1
_LEAST_M: Final = 1e-9  # an edge of length zero would be no edge to the library


@dataclass(frozen=True)
class Reached:
    """Reaches met from one reach, shape (m,): positions and metres of water between.

    `distance_m` runs from the start of the reach asked to the end of the one above, or from
    its end to the start of the one below: zero for neighbours.
    """

    reaches: Positions
    distance_m: Floats


class FlowIndex:
    """The way of the water over n reaches; immutable, safe to share between threads.

    Args:
        from_nodes: upstream node of each reach, "" for none; shape (n,).
        to_nodes: downstream node of each reach, "" for none.
        lengths_m: length of each reach in metres.
    """

    def __init__(
        self, from_nodes: Sequence[str], to_nodes: Sequence[str], lengths_m: Sequence[float]
    ) -> None:
        self.lengths_m: Floats = np.asarray(lengths_m, np.float64)
        numbers: dict[str, int] = {}
        self._from = _numbered(from_nodes, numbers)
        self._to = _numbered(to_nodes, numbers)
        self._next, self._splits = self._following(len(numbers))
        self._order: Positions = np.empty(0, np.int64)
        self._place: Positions = np.empty(0, np.int64)
        self._size: Positions = np.empty(0, np.int64)
        self._mouth_m: Floats = np.empty(0)
        self.is_forest = not self._splits and self._number_forest()

    def __len__(self) -> int:
        return len(self.lengths_m)

    def upstream(self, reach: int) -> Positions:
        """All reaches above one, without itself, in no particular order."""
        if self.is_forest:
            first = self._place[reach]
            return self._order[first + 1 : first + self._size[reach]]
        return reached_from(self._against, reach)[1:]

    def downstream(self, reach: int) -> Positions:
        """All reaches below one, without itself; on a forest in the order of the water."""
        if self.is_forest:
            path = []
            below = int(self._next[reach])
            while below != _NONE:
                path.append(below)
                below = int(self._next[below])
            return np.array(path, np.int64)
        return reached_from(self._along, reach)[1:]

    def upstream_within(self, reach: int, limit_m: float = np.inf) -> Reached:
        """Reaches above within a distance along the shortest way of the water, nearest first."""
        if self.is_forest:
            above = self.upstream(reach)
            start = self._mouth_m[reach] + self.lengths_m[reach]
            return _nearest(above, self._mouth_m[above] - start, limit_m)
        return self._searched(self._against, reach, limit_m)

    def downstream_within(self, reach: int, limit_m: float = np.inf) -> Reached:
        """Reaches below within a distance along the shortest way of the water, nearest first."""
        if self.is_forest:
            below = self.downstream(reach)
            start = self._mouth_m[below] + self.lengths_m[below]
            return _nearest(below, self._mouth_m[reach] - start, limit_m)
        return self._searched(self._along, reach, limit_m)

    def between(self, upper: int, lower: int) -> float:
        """Metres of water from the end of one reach to the start of another below; NaN if none."""
        if self.is_forest:
            first = self._place[lower]
            if not first < self._place[upper] < first + self._size[lower]:
                return float("nan")
            return float(self._mouth_m[upper] - self._mouth_m[lower] - self.lengths_m[lower])
        found = self._searched(self._along, upper, np.inf)
        here = np.flatnonzero(found.reaches == lower)
        return float(found.distance_m[here[0]]) if len(here) else float("nan")

    # --- forest ---------------------------------------------------------------------------

    def _following(self, nodes: int) -> tuple[Positions, bool]:
        """The reach that follows each, -1 for none, and whether some water divides."""
        leaving = np.full(nodes, _NONE, np.int64)
        known = self._from != _NONE
        leaving[self._from[known]] = np.flatnonzero(known)
        splits = len(np.unique(self._from[known])) < int(known.sum())
        following = np.full(len(self), _NONE, np.int64)
        ends = self._to != _NONE
        following[ends] = leaving[self._to[ends]]
        return following, splits

    def _number_forest(self) -> bool:
        """Number the reaches from the mouths up; False if there is a loop."""
        count = len(self)
        above: list[list[int]] = [[] for _ in range(count)]
        following = self._next.tolist()
        for reach, below in enumerate(following):
            if below != _NONE:
                above[below].append(reach)
        order: list[int] = []
        stack = [reach for reach, below in enumerate(following) if below == _NONE][::-1]
        while stack:
            reach = stack.pop()
            order.append(reach)
            stack.extend(above[reach])
        if len(order) != count:
            return False
        size, mouth = [1] * count, [0.0] * count
        lengths = self.lengths_m.tolist()
        for reach in order:
            below = following[reach]
            if below != _NONE:
                mouth[reach] = mouth[below] + lengths[below]
        for reach in reversed(order):
            if following[reach] != _NONE:
                size[following[reach]] += size[reach]
        self._order = np.array(order, np.int64)
        self._place = np.empty(count, np.int64)
        self._place[self._order] = np.arange(count)
        self._size, self._mouth_m = np.array(size, np.int64), np.array(mouth)
        return True

    # --- nets -----------------------------------------------------------------------------

    @cached_property
    def _along(self) -> Graph:
        """Reach to the reaches that follow it; an edge is as long as the reach it leaves."""
        pairs = self._pairs()
        weights = np.maximum(self.lengths_m[pairs[0]], _LEAST_M)
        return graph_of(weights, pairs, len(self))

    @cached_property
    def _against(self) -> Graph:
        """Reach to the reaches before it; an edge is as long as the reach it leaves."""
        lower, upper = self._pairs()[::-1]
        weights = np.maximum(self.lengths_m[lower], _LEAST_M)
        return graph_of(weights, (lower, upper), len(self))

    def _pairs(self) -> tuple[Positions, Positions]:
        """All pairs of a reach and one that follows it at a node; shape (2, m)."""
        leaving = np.argsort(self._from, kind="stable")
        starts = np.searchsorted(self._from[leaving], self._to, side="left")
        ends = np.searchsorted(self._from[leaving], self._to, side="right")
        counts = np.where(self._to == _NONE, 0, ends - starts)
        upper = np.repeat(np.arange(len(self)), counts)
        first = np.repeat(starts, counts)
        within = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
        return upper, leaving[first + within]

    def _searched(self, edges: Graph, reach: int, limit_m: float) -> Reached:
        # Each first step leaves the reach asked, whose own length is not between.
        own = max(float(self.lengths_m[reach]), _LEAST_M)
        metres = distances_from(edges, int(reach), limit=limit_m + own)
        found = np.flatnonzero(np.isfinite(metres))
        found = found[found != reach]
        return _nearest(found, metres[found] - own, limit_m)


def _numbered(nodes: Sequence[str], numbers: dict[str, int]) -> Positions:
    return np.array(
        [numbers.setdefault(node, len(numbers)) if node else _NONE for node in nodes], np.int64
    )


def _nearest(reaches: Positions, metres: Floats, limit_m: float) -> Reached:
    metres = np.maximum(metres, 0.0)
    near = metres <= limit_m
    reaches, metres = reaches[near], metres[near]
    order = np.lexsort((reaches, metres))
    return Reached(reaches[order], metres[order])
