"""The water's way from reach to reach: nodes, downstream and upstream walks.

Reaches are directed in their dominant flow from `from_node` to `to_node`; loops are
allowed. Distances are metres along the reaches.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A reach met on a walk and the metres from the start to its nearer end."""

    reach: int
    distance_m: float


class RiverNet:
    """Reaches by position, joined at nodes.

    Args:
        from_nodes: upstream node of each reach; an empty name joins nothing.
        to_nodes: downstream node of each reach.
        lengths_m: length of each reach in metres.
    """

    def __init__(
        self, from_nodes: Sequence[str], to_nodes: Sequence[str], lengths_m: Sequence[float]
    ) -> None:
        self._from, self._to, self._lengths = tuple(from_nodes), tuple(to_nodes), tuple(lengths_m)
        self._leaving: dict[str, list[int]] = defaultdict(list)
        self._arriving: dict[str, list[int]] = defaultdict(list)
        for reach, (start, end) in enumerate(zip(from_nodes, to_nodes, strict=True)):
            if start:
                self._leaving[start].append(reach)
            if end:
                self._arriving[end].append(reach)

    @property
    def joined(self) -> bool:
        """Whether any two reaches meet at a node."""
        return any(node in self._leaving for node in self._arriving)

    def downstream(self, reach: int, offset_m: float, limit_m: float) -> Iterator[Step]:
        """Reaches below, nearest first, from a place `offset_m` above the reach's end."""
        return self._walk(self._to[reach], offset_m, limit_m, self._leaving, self._to, reach)

    def upstream(self, reach: int, offset_m: float, limit_m: float) -> Iterator[Step]:
        """Reaches above, nearest first, from a place `offset_m` below the reach's start."""
        return self._walk(self._from[reach], offset_m, limit_m, self._arriving, self._from, reach)

    def _walk(
        self,
        node: str,
        offset_m: float,
        limit_m: float,
        edges: dict[str, list[int]],
        far_end: tuple[str, ...],
        origin: int,
    ) -> Iterator[Step]:
        seen = {origin}
        queue: list[tuple[float, int]] = []

        def meet(at: str, distance_m: float) -> None:
            for reach in edges.get(at, ()):
                if reach not in seen and distance_m <= limit_m:
                    heapq.heappush(queue, (distance_m, reach))

        meet(node, offset_m)
        while queue:
            distance_m, reach = heapq.heappop(queue)
            if reach in seen:
                continue
            seen.add(reach)
            yield Step(reach, distance_m)
            meet(far_end[reach], distance_m + self._lengths[reach])
