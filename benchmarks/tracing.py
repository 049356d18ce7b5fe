"""Upstream tracing against networkx, on a tree and on a net with loops, in the same run.

    uv run python benchmarks/tracing.py [--reaches 200000]

Everything upstream of each of the same reaches: once as a set, once with the metres of water.
Ratios only: machines are noisy.
"""

import argparse
import random
from collections.abc import Callable
from time import perf_counter

import networkx as nx
import numpy as np

from gridmap.core.rivernet.flow import FlowIndex

Net = tuple[list[str], list[str], list[float]]


def tree(count: int, rng: random.Random) -> Net:
    """Each reach runs into one of the last hundred before it: long rivers with branches."""
    to = [""] + [f"n{rng.randrange(max(0, i - 100), i)}" for i in range(1, count)]
    return [f"n{i}" for i in range(count)], to, [rng.uniform(100, 3000) for _ in range(count)]


def net(count: int, rng: random.Random) -> Net:
    """The same with one reach in twenty doubled by an arm that leaves and joins again."""
    start, end, metres = tree(count - count // 20, rng)
    for _ in range(count // 20):
        one = rng.randrange(1, len(start) - 1)
        start.append(start[one])
        end.append(end[one])
        metres.append(rng.uniform(100, 3000))
    return start, end, metres


def graph_of(found: Net) -> nx.DiGraph:
    """Reaches as nodes; an edge, against the water, is as long as the reach it leaves."""
    start, end, metres = found
    leaving: dict[str, list[int]] = {}
    for reach, node in enumerate(start):
        leaving.setdefault(node, []).append(reach)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(start)))
    for upper, node in enumerate(end):
        for lower in leaving.get(node, ()):
            graph.add_edge(lower, upper, metres=metres[lower])
    return graph


def seconds(act: Callable[[], object]) -> float:
    begin = perf_counter()
    act()
    return perf_counter() - begin


def measure(name: str, found: Net, rng: random.Random) -> None:
    index, graph = FlowIndex(*found), graph_of(found)
    index.upstream(0)
    chosen = [*(rng.randrange(len(index)) for _ in range(200)), 0, 1, 2]
    for reach in chosen[:20]:
        assert set(index.upstream(reach).tolist()) == nx.descendants(graph, reach)
    theirs = seconds(lambda: [nx.descendants(graph, one) for one in chosen])
    ours = seconds(lambda: [index.upstream(one) for one in chosen])
    far = [*chosen[:40], 0]
    metres = nx.single_source_dijkstra_path_length
    theirs_m = seconds(lambda: [metres(graph, one, weight="metres") for one in far])
    ours_m = seconds(lambda: [index.upstream_within(one) for one in far])
    build = seconds(lambda: FlowIndex(*found))
    size = np.mean([len(index.upstream(one)) for one in chosen])
    print(f"{name}: {len(index):,} reaches, {size:,.0f} upstream on average")
    print(f"  the set upstream      {theirs / ours:8.0f} × networkx")
    print(f"  with metres of water  {theirs_m / ours_m:8.0f} × networkx")
    print(f"  building the index    {build / theirs:8.2f} of networkx's tracing")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reaches", type=int, default=200_000)
    options = parser.parse_args()
    rng = random.Random(5)
    for name, make in (("tree", tree), ("net with loops", net)):
        measure(name, make(options.reaches, rng), rng)


if __name__ == "__main__":
    main()
