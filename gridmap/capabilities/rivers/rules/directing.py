"""Which way the water runs: from attributes, from the outlet, or not known.

A network is an undirected graph at first. From an outlet every reach runs from its farther end to
its nearer one. A reach on a loop may be passed either way; there the direction is the dominant one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gridmap.core.rivernet.graphs import distances_from, graph_of, parts_of

Positions = NDArray[np.int64]
Floats = NDArray[np.float64]

KNOWN: Final = "known"
DOMINANT: Final = "dominant"
UNKNOWN: Final = "unknown"
_LEAST_M: Final = 1e-6
_MOST_TIPS: Final = 200  # a part with more ends than that needs to be told its outlet


@dataclass(frozen=True)
class Directed:
    """Directions of n reaches.

    Attributes:
        turned: shape (n,), whether the reach runs against the way it was drawn.
        flow: "known", "dominant" (on a loop) or "unknown" of each reach.
        component: number of the connected part each reach lies in.
        outlet: node of the outlet of each part; -1 where there is none.
        guessed: parts whose outlet was taken from how most of their length is drawn, and the
            share of the length that agrees, 0–1.
    """

    turned: NDArray[np.bool_]
    flow: tuple[str, ...]
    component: Positions
    outlet: Mapping[int, int]
    guessed: Mapping[int, float]


def directed(
    starts: Positions,
    ends: Positions,
    lengths_m: Floats,
    given: Sequence[str],
    outlets: Sequence[int] = (),
) -> Directed:
    """Direct the reaches of a network.

    Args:
        starts: node where each reach begins as drawn, shape (n,).
        ends: node where it ends as drawn.
        lengths_m: metres.
        given: "known" or "dominant" where an attribute says that it is drawn along the water,
            else "".
        outlets: nodes known to be outlets.
    """
    count = len(lengths_m)
    nodes = int(max(starts.max(), ends.max())) + 1 if count else 0
    part_of_node = parts_of((starts, ends), nodes)
    component = part_of_node[starts].astype(np.int64) if count else np.zeros(0, np.int64)
    loops = on_loops(starts, ends, nodes)
    turned = np.zeros(count, bool)
    flow = [UNKNOWN] * count
    outlet: dict[int, int] = {}
    guessed: dict[int, float] = {}
    for part in np.unique(component).tolist():
        members = np.flatnonzero(component == part)
        mouths = [node for node in outlets if part_of_node[node] == part]
        sure = bool(mouths)
        if not mouths:
            best = _drawn_outlet(starts, ends, lengths_m, members, nodes)
            if best is not None:
                mouths, guessed[part] = [best[0]], best[1]
        if mouths:
            outlet[part] = mouths[0]
            far = _distances(starts, ends, lengths_m, members, mouths, nodes)
            against = far[starts[members]] < far[ends[members]]
            level = far[starts[members]] == far[ends[members]]
            turned[members] = against
            for reach, same in zip(members.tolist(), level.tolist(), strict=True):
                if sure and not same:
                    flow[reach] = DOMINANT if loops[reach] else KNOWN
    for reach, said in enumerate(given):
        if said:
            turned[reach], flow[reach] = False, said
    return Directed(turned, tuple(flow), component, outlet, guessed)


def on_loops(starts: Positions, ends: Positions, nodes: int) -> NDArray[np.bool_]:
    """Which reaches lie on a loop: those that are no bridges of the graph (Tarjan 1974)."""
    beside: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for reach, (a, b) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        beside[a].append((b, reach))
        beside[b].append((a, reach))
    entered, low = [-1] * nodes, [0] * nodes
    bridge = np.zeros(len(starts), bool)
    time = 0
    for root in range(nodes):
        if entered[root] >= 0:
            continue
        stack = [(root, -1, iter(beside[root]))]
        entered[root] = low[root] = time
        time += 1
        while stack:
            node, via, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                    bridge[via] = low[node] > entered[above]
                continue
            other, reach = step
            if reach == via:
                continue
            if entered[other] >= 0:
                low[node] = min(low[node], entered[other])
            else:
                entered[other] = low[other] = time
                time += 1
                stack.append((other, reach, iter(beside[other])))
    return ~bridge


def _distances(
    starts: Positions,
    ends: Positions,
    lengths_m: Floats,
    members: Positions,
    mouths: Sequence[int],
    nodes: int,
) -> Floats:
    """Metres from each node to the nearest outlet along the reaches, either way."""
    weights: dict[tuple[int, int], float] = {}
    for reach in members.tolist():
        pair = (int(min(starts[reach], ends[reach])), int(max(starts[reach], ends[reach])))
        length = max(float(lengths_m[reach]), _LEAST_M)
        weights[pair] = min(length, weights.get(pair, length))
    pairs = np.array(list(weights), np.int64).reshape(-1, 2)
    graph = graph_of(np.array(list(weights.values())), pairs.T, nodes)
    return distances_from(graph, list(mouths), directed=False)


def _drawn_outlet(
    starts: Positions, ends: Positions, lengths_m: Floats, members: Positions, nodes: int
) -> tuple[int, float] | None:
    """The end at which an outlet agrees best with how the lines are drawn, and how well."""
    degree = np.bincount(np.concatenate((starts[members], ends[members])), minlength=nodes)
    drawn = np.bincount(ends[members], minlength=nodes) > 0
    tips = np.flatnonzero((degree == 1) & drawn)
    if len(tips) > _MOST_TIPS:
        return None
    total = float(lengths_m[members].sum())
    best: tuple[int, float] | None = None
    for tip in tips.tolist():
        far = _distances(starts, ends, lengths_m, members, [tip], nodes)
        along = far[starts[members]] > far[ends[members]]
        share = float(lengths_m[members][along].sum()) / max(total, _LEAST_M)
        if best is None or share > best[1]:
            best = (tip, share)
    return best
