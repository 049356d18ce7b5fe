"""The river net: named rivers routed over the mesh between hand-set junctions.

The names are names of waters in Jiaxing; the courses are invented. The net is a plain
river net: it has loops, and every reach is digitised in its dominant direction of flow.
"""

import heapq
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from example_build.mesh import Mesh
from example_build.plane import Floats, Noise, to_metres

# Junctions and, with a leading "@", places where a river crosses the outline of the district.
PLACES: Final[dict[str, tuple[float, float]]] = {
    "@hang": (120.6518, 30.7300), "@changshui": (120.7025, 30.6995),
    "@haiyan": (120.7745, 30.6180), "@canal": (120.7300, 30.7720),
    "@north": (120.7680, 30.7846), "@sandian": (120.8420, 30.8430),
    "@jiashan": (120.8983, 30.7850), "@pinghu": (120.9672, 30.7320),
    "@yanping": (120.8600, 30.6103), "@fengqiao": (120.9512, 30.6500),
    "@xinfeng": (120.9360, 30.7761), "@xinhuang": (120.8240, 30.6250),
    "lake": (120.7650, 30.7500), "west": (120.7440, 30.7560),
    "north": (120.7660, 30.7690), "east": (120.7850, 30.7620),
    "south": (120.7520, 30.7370), "hai1": (120.7730, 30.7260),
    "hai2": (120.7850, 30.6900), "ping1": (120.8080, 30.7440),
    "ping2": (120.8380, 30.7400), "ping3": (120.8730, 30.7330),
    "ping4": (120.9150, 30.7290), "feng1": (120.8250, 30.6790),
    "feng2": (120.8680, 30.6660), "feng3": (120.9080, 30.6640),
    "yan1": (120.8720, 30.6990), "jia1": (120.8120, 30.7700),
    "jia2": (120.8400, 30.7720), "jia3": (120.8720, 30.7760),
    "san1": (120.8060, 30.8020), "xin1": (120.9020, 30.6960),
    "nan1": (120.8160, 30.7130), "xiang": (120.8300, 30.8120),
    "chang1": (120.7260, 30.7210), "yu1": (120.7620, 30.6580),
    "qi1": (120.8420, 30.7030), "sou1": (120.8120, 30.6450),
    "lake2": (120.7740, 30.7490), "west2": (120.7370, 30.7540),
    "north2": (120.7760, 30.7680), "ping5": (120.8460, 30.7370),
    "ping6": (120.8800, 30.7320), "ping7": (120.9220, 30.7300),
    "feng4": (120.8180, 30.6800), "feng5": (120.8330, 30.6770),
    "feng6": (120.8770, 30.6650),
}  # fmt: skip


@dataclass(frozen=True)
class RiverPlan:
    """A river: its places in the direction of flow, grade, width (m) and velocity (m/s)."""

    code: str
    name: str
    grade: str
    width_m: float
    velocity_m_s: float
    places: tuple[str, ...]


def _plan(code: int, name: str, grade: str, size: tuple[float, float], places: str) -> RiverPlan:
    return RiverPlan(f"HL{code:03d}", name, grade, size[0], size[1], tuple(places.split()))


PLANS: Final = (
    _plan(1, "平湖塘", "city", (55, 0.20),
          "lake lake2 ping1 ping2 ping5 ping3 ping6 ping4 ping7 @pinghu"),
    _plan(2, "海盐塘", "city", (48, 0.18), "@haiyan yu1 hai2 hai1 lake"),
    _plan(3, "长水塘", "city", (42, 0.16), "@changshui chang1 south lake"),
    _plan(4, "京杭运河", "city", (60, 0.22), "@canal west north @north"),
    _plan(5, "杭州塘", "county", (38, 0.14), "@hang west2 west"),
    _plan(6, "环城河", "county", (30, 0.08), "south west2"),
    _plan(7, "环城东河", "county", (28, 0.08), "lake2 east north2 north"),
    _plan(8, "嘉善塘", "city", (46, 0.17), "east jia1 jia2 jia3 @jiashan"),
    _plan(9, "三店塘", "city", (40, 0.15), "north2 san1 xiang @sandian"),
    _plan(10, "凤桥港", "county", (26, 0.11), "hai2 feng4 feng1 feng5 feng2 feng6 feng3 @fengqiao"),
    _plan(11, "盐平塘南段", "county", (36, 0.14), "@yanping feng2"),
    _plan(12, "盐平塘", "county", (34, 0.14), "feng6 yan1 ping3"),
    _plan(13, "新丰港", "county", (24, 0.12), "feng3 xin1 ping4"),
    _plan(14, "竹林港", "township", (22, 0.10), "ping7 @xinfeng"),
    _plan(15, "南郊河", "township", (32, 0.10), "hai1 nan1 ping2"),
    _plan(16, "大桥港", "township", (22, 0.09), "ping5 jia2"),
    _plan(17, "余北港", "township", (18, 0.08), "feng4 nan1"),
    _plan(18, "七星港", "township", (20, 0.07), "jia1 xiang"),
    _plan(19, "十八里港", "township", (21, 0.10), "ping6 jia3"),
    _plan(20, "新篁港", "village", (16, 0.06), "@xinhuang sou1 feng1"),
    _plan(21, "横塘港", "village", (15, 0.05), "feng5 qi1 yan1"),
)  # fmt: skip
_LONGEST_REACH_M = 3_000.0
_JOINT_M = 1_100.0


@dataclass
class Net:
    """The net on the mesh.

    Attributes:
        edge_river: for each mesh edge the index into `PLANS`, or -1.
        reaches: (river index, node path in the direction of flow).
    """

    edge_river: list[int]
    reaches: list[tuple[int, list[int]]]


def build_net(mesh: Mesh) -> Net:
    """Route every plan, smooth the courses (moves mesh nodes' metres), cut them into reaches."""
    anchors = {name: _anchor(mesh, name) for name in PLACES}
    weights = mesh.lengths * (1.0 + 0.6 * Noise("rivers", 2_500.0)(_middles(mesh)))
    router = _Router(mesh, np.maximum(weights, mesh.lengths * 0.3), set(anchors.values()))
    paths: list[list[int]] = []
    for plan in PLANS:
        first, *rest = plan.places
        path: list[int] = []
        starts = router.joints(anchors[first])
        for place in rest:
            ends = router.joints(anchors[place])
            leg = router.route(starts, ends)
            path += leg[1:] if path else leg
            starts = {leg[-1]: 0.0}
        paths.append(path)
    _smooth(mesh, paths)
    edge_river = [-1] * len(mesh.edges)
    for river, path in enumerate(paths):
        for a, b in itertools.pairwise(path):
            edge_river[mesh.edge(a, b)] = river
    return Net(edge_river, _reaches(mesh, paths))


def _middles(mesh: Mesh) -> Floats:
    return np.asarray(mesh.metres[mesh.edges].mean(axis=1))


def _anchor(mesh: Mesh, name: str) -> int:
    """The mesh node that stands for a place."""
    degree = np.bincount(mesh.edges.ravel())
    allowed = mesh.on_outline & (degree == 3) if name.startswith("@") else ~mesh.on_outline
    distance = np.hypot(*(mesh.metres - to_metres(PLACES[name])).T)
    return int(np.argmin(np.where(allowed, distance, np.inf)))


class _Router:
    """Finds courses that cross no earlier course; keeps what is taken."""

    def __init__(self, mesh: Mesh, weights: Floats, reserved: set[int]) -> None:
        self._mesh, self._weights = mesh, weights
        self._arms = dict.fromkeys(reserved, 0)
        self._around: dict[int, list[tuple[int, int]]] = {}
        for index, (a, b) in enumerate(mesh.edges.tolist()):
            self._around.setdefault(a, []).append((b, index))
            self._around.setdefault(b, []).append((a, index))

    def joints(self, anchor: int) -> dict[int, float]:
        """Where a course may begin or end near a place, with the extra cost of each node.

        A node of the mesh has three arms; on an earlier course only one of them is left, and
        it may point to the wrong side, so that the neighbours on that course count too.
        """
        if not self._arms[anchor]:
            return {anchor: 0.0}
        offset = np.hypot(*(self._mesh.metres - self._mesh.metres[anchor]).T)
        near = [n for n, arms in self._arms.items() if 1 <= arms <= 2 and offset[n] < _JOINT_M]
        return {n: float(offset[n]) for n in near if not self._mesh.on_outline[n]}

    def route(self, starts: dict[int, float], ends: dict[int, float]) -> list[int]:
        """The cheapest path over inner edges that meets no other river on its way."""
        best, came = dict(starts), dict.fromkeys(starts, -1)
        queue = [(cost, node, False) for node, cost in starts.items()]
        heapq.heapify(queue)
        while queue:
            cost, node, arrived = heapq.heappop(queue)
            if arrived:
                return self._take(came, node)
            if cost > best[node]:
                continue
            if node in ends and node not in starts:
                heapq.heappush(queue, (cost + ends[node], node, True))
                continue
            for other, edge in self._around[node]:
                taken = other in self._arms or self._mesh.on_outline[other]
                total = cost + self._weights[edge]
                if (not taken or other in ends) and total < best.get(other, np.inf):
                    best[other], came[other] = total, node
                    heapq.heappush(queue, (total, other, False))
        raise ValueError("no course left: other rivers close it off")

    def _take(self, came: dict[int, int], goal: int) -> list[int]:
        path = [goal]
        while came[path[-1]] >= 0:
            path.append(came[path[-1]])
        for a, b in itertools.pairwise(path):
            self._arms[a] = self._arms.get(a, 0) + 1
            self._arms[b] = self._arms.get(b, 0) + 1
        return path[::-1]


def _smooth(mesh: Mesh, paths: list[list[int]]) -> None:
    """Take the zigzag of the cells out of the courses; junctions and ends stay where they are."""
    for _ in range(3):
        for path in paths:
            line = mesh.metres[path]
            line[1:-1] = 0.5 * line[1:-1] + 0.25 * (line[:-2] + line[2:])
            fixed = [0, len(path) - 1, *(i for i, n in enumerate(path) if mesh.on_outline[n])]
            line[fixed] = mesh.metres[[path[i] for i in fixed]]
            mesh.metres[path] = line


def _reaches(mesh: Mesh, paths: list[list[int]]) -> list[tuple[int, list[int]]]:
    ends = Counter(node for path in paths for node in {path[0], path[-1]})
    inner = Counter(node for path in paths for node in path[1:-1])
    junctions = {node for node in {*ends, *inner} if ends[node] + 2 * inner[node] > 2}
    reaches = []
    for river, path in enumerate(paths):
        cuts = [i for i, node in enumerate(path) if node in junctions or i in (0, len(path) - 1)]
        for first, last in itertools.pairwise(cuts):
            piece = path[first : last + 1]
            reaches += [(river, part) for part in _shorter(mesh, piece)]
    return reaches


def _shorter(mesh: Mesh, path: list[int]) -> list[list[int]]:
    steps = np.hypot(*np.diff(mesh.metres[path], axis=0).T).cumsum()
    parts = int(np.ceil(steps[-1] / _LONGEST_REACH_M))
    cuts = [0, *(int(np.searchsorted(steps, steps[-1] * k / parts)) + 1 for k in range(1, parts))]
    return [path[a : b + 1] for a, b in itertools.pairwise([*cuts, len(path) - 1])]
