"""Graphs over numbered nodes: parts, what is reached, shortest ways.

SciPy is large and only networks need it: it is imported at the first question, not before.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Graph = Any
"""A sparse square matrix; a cell is the length of the edge from its row to its column."""


def graph_of(lengths: ArrayLike, edges: Any, nodes: int) -> Graph:
    """A graph.

    Args:
        lengths: of the edges, shape (m,); edges between the same two nodes add up.
        edges: nodes where they start and end, (m,) each.
        nodes: how many there are.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415

    return csr_array((lengths, tuple(edges)), shape=(nodes, nodes))


def parts_of(edges: Any, nodes: int) -> NDArray[np.int32]:
    """The connected part that each node lies in, numbered from 0; shape (nodes,)."""
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    starts, ends = edges
    graph = coo_array((np.ones(len(starts)), (starts, ends)), shape=(nodes, nodes))
    _, found = connected_components(graph, directed=False)
    labels: NDArray[np.int32] = found
    return labels


def reached_from(graph: Graph, node: int) -> NDArray[np.int64]:
    """The nodes reached along the edges, itself first, in order of how many edges away."""
    from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415

    found = breadth_first_order(graph, node, directed=True, return_predecessors=False)
    return np.asarray(found, np.int64)


def distances_from(
    graph: Graph, nodes: int | Sequence[int] | NDArray[np.int64], *, directed: bool = True,
    limit: float = np.inf,
) -> NDArray[np.float64]:  # fmt: skip
    """The length of the shortest way to each node, infinite where there is none in the limit.

    From several nodes: from the nearest of them.
    """
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    several = not isinstance(nodes, int)
    found: NDArray[np.float64] = dijkstra(
        graph, directed=directed, indices=nodes, limit=limit, min_only=several
    )
    return found


def pairs_within(places: ArrayLike, distance: float) -> NDArray[np.int64]:
    """Pairs of places (shape (n, 2), plane) no farther apart than a distance; shape (m, 2)."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    found: NDArray[np.int64] = cKDTree(places).query_pairs(distance, output_type="ndarray")
    return found


def heads_of(
    conductances: NDArray[np.float64], edges: Any, fed: NDArray[np.float64], inside: Any
) -> NDArray[np.float64]:
    """The head of each node of a net of pipes; 0 outside, where it drains.

    Args:
        conductances: of the edges, shape (m,).
        edges: nodes where they start and end, (m,) each.
        fed: what enters at each node, shape (n,).
        inside: the nodes whose head is asked.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import laplacian  # noqa: PLC0415
    from scipy.sparse.linalg import spsolve  # noqa: PLC0415

    start, end = edges
    both = np.concatenate((conductances, conductances))
    pairs = np.concatenate((start, end)), np.concatenate((end, start))
    graph = coo_array((both, pairs), shape=(len(fed), len(fed))).tocsr()
    head = np.zeros(len(fed))
    if len(inside):
        system = laplacian(graph).tocsr()[inside][:, inside].tocsc()
        head[inside] = spsolve(system, fed[inside])
    return head
