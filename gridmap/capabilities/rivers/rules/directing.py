"""Which way the water runs: from attributes, from the outlet, or not known.

A network is an undirected graph at first. On a tree every reach runs towards the outlet. A reach on
a loop may be passed either way; there the direction is the dominant one, and two things speak for
it: how the lines are drawn, where those that are sure are drawn along the water nearly without
exception; and the head, as in a net of pipes that is fed at its ends and drains at the outlet, so
that no water springs from, or ends in, the middle of a loop. Where the drawing says nothing and the
head and the shortest way contradict each other, the direction is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gridmap.core.rivernet.graphs import distances_from, graph_of, heads_of, parts_of

Positions = NDArray[np.int64]
Floats = NDArray[np.float64]

KNOWN: Final = "known"
DOMINANT: Final = "dominant"
UNKNOWN: Final = "unknown"
_LEAST_M: Final = 1e-6
_MOST_TIPS: Final = 200  # a part with more ends than that needs to be told its outlet
_DRAWN_ALONG: Final = 0.95  # of the length of sure reaches: then loops are drawn along it, too
_ENOUGH_SURE: Final = 10  # … if there are that many of them


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
            best = _drawn_outlet(_Net(starts, ends, lengths_m, members, nodes))
            if best is not None:
                mouths, guessed[part] = [best[0]], best[1]
        if mouths:
            outlet[part] = mouths[0]
            net = _Net(starts, ends, lengths_m, members, nodes)
            against, clear = _downhill(net, mouths, loops[members])
            turned[members] = against
            for reach, told in zip(members.tolist(), clear.tolist(), strict=True):
                if sure and told:
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


@dataclass(frozen=True)
class _Net:
    """A connected part: `members` of all reaches, and how many nodes all of them have."""

    starts: Positions
    ends: Positions
    lengths_m: Floats
    members: Positions
    nodes: int

    @property
    def own(self) -> tuple[Positions, Positions, Floats]:
        """Starts, ends and lengths (at least `_LEAST_M`) of its reaches."""
        at = self.members
        return self.starts[at], self.ends[at], np.maximum(self.lengths_m[at], _LEAST_M)


def _downhill(
    net: _Net, mouths: Sequence[int], loops: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which reaches of a part run against their drawing, and whether that is clear; shape (m,)."""
    start, end, length = net.own
    far = _distances(net, mouths)
    against, clear = far[start] < far[end], far[start] != far[end]
    if not loops.any():
        return against, clear
    bridges = ~loops
    if bridges.sum() >= _ENOUGH_SURE:
        along = float(length[bridges & ~against].sum()) / float(length[bridges].sum())
        if along >= _DRAWN_ALONG or along <= 1.0 - _DRAWN_ALONG:
            drawn = np.where(loops, along < _DRAWN_ALONG, against)
            if not _dead_ends(net, drawn, mouths):
                return drawn, clear | loops
    head = _heads(net, mouths)
    falls = head[start] < head[end]
    same = falls == against
    return np.where(loops, falls, against), np.where(
        loops, same & (head[start] != head[end]), clear
    )


def _dead_ends(net: _Net, against: NDArray[np.bool_], mouths: Sequence[int]) -> bool:
    """Whether water would end at, or spring from, a node where reaches meet."""
    start, end, _ = net.own
    leaving = np.bincount(np.where(against, end, start), minlength=net.nodes)
    arriving = np.bincount(np.where(against, start, end), minlength=net.nodes)
    inner = (leaving + arriving) > 1
    inner[list(mouths)] = False
    return bool((inner & ((leaving == 0) | (arriving == 0))).any())


def _heads(net: _Net, mouths: Sequence[int]) -> Floats:
    """The head of each node of a net that is fed evenly at its tips and drains at the mouths.

    A reach conducts as 1 / length; at no inner node is the head highest or lowest.
    """
    start, end, length = net.own
    degree = np.bincount(np.concatenate((start, end)), minlength=net.nodes)
    fed = (degree == 1).astype(np.float64)
    inside = np.unique(np.concatenate((start, end)))
    inside = inside[~np.isin(inside, list(mouths))]
    return heads_of(1.0 / length, (start, end), fed, inside)


def _distances(net: _Net, mouths: Sequence[int]) -> Floats:
    """Metres from each node to the nearest outlet along the reaches, either way."""
    weights: dict[tuple[int, int], float] = {}
    for one, other, length in zip(*(column.tolist() for column in net.own), strict=True):
        pair = (min(one, other), max(one, other))
        weights[pair] = min(length, weights.get(pair, length))
    pairs = np.array(list(weights), np.int64).reshape(-1, 2)
    graph = graph_of(np.array(list(weights.values())), pairs.T, net.nodes)
    return distances_from(graph, list(mouths), directed=False)


def _drawn_outlet(net: _Net) -> tuple[int, float] | None:
    """The end at which an outlet agrees best with how the lines are drawn, and how well."""
    start, end, length = net.own
    degree = np.bincount(np.concatenate((start, end)), minlength=net.nodes)
    drawn = np.bincount(end, minlength=net.nodes) > 0
    tips = np.flatnonzero((degree == 1) & drawn)
    if len(tips) > _MOST_TIPS:
        return None
    total = float(length.sum())
    best: tuple[int, float] | None = None
    for tip in tips.tolist():
        far = _distances(net, [tip])
        share = float(length[far[start] > far[end]].sum()) / max(total, _LEAST_M)
        if best is None or share > best[1]:
            best = (tip, share)
    return best
