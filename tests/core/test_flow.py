"""Upstream and downstream: the fast index against networkx, on trees and on nets with loops."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.core.rivernet.flow import FlowIndex


def graph_of(from_nodes, to_nodes, lengths):
    """The reaches as nodes of a graph; an edge is as long as the reach it leaves."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(lengths)))
    for upper, end in enumerate(to_nodes):
        for lower, start in enumerate(from_nodes):
            if end and end == start and upper != lower:
                graph.add_edge(upper, lower, metres=lengths[upper])
    return graph


@st.composite
def trees(draw):
    """Reaches that each run into an earlier one, or into the sea."""
    count = draw(st.integers(1, 40))
    below = [draw(st.integers(-1, reach - 1)) for reach in range(count)]
    from_nodes = [f"n{reach}" for reach in range(count)]
    to_nodes = [f"n{one}" if one >= 0 else "" for one in below]
    lengths = draw(st.lists(st.integers(1, 900), min_size=count, max_size=count))
    order = draw(st.permutations(range(count)))
    return tuple([column[i] for i in order] for column in (from_nodes, to_nodes, lengths))


@st.composite
def nets(draw):
    """Any reaches between a few nodes: braids, loops, dead ends."""
    count, nodes = draw(st.integers(1, 25)), draw(st.integers(1, 10))
    names = st.sampled_from([*(f"n{i}" for i in range(nodes)), ""])
    from_nodes = draw(st.lists(names, min_size=count, max_size=count))
    to_nodes = draw(st.lists(names, min_size=count, max_size=count))
    lengths = draw(st.lists(st.integers(1, 900), min_size=count, max_size=count))
    return from_nodes, to_nodes, lengths


def check(from_nodes, to_nodes, lengths):
    index = FlowIndex(from_nodes, to_nodes, lengths)
    graph = graph_of(from_nodes, to_nodes, lengths)
    against = graph.reverse()
    for reach in range(len(lengths)):
        assert set(index.upstream(reach).tolist()) == nx.ancestors(graph, reach)
        assert set(index.downstream(reach).tolist()) == nx.descendants(graph, reach)
        for found, edges, weights in (
            (index.downstream_within(reach), graph, lengths),
            (index.upstream_within(reach), against, lengths),
        ):
            # A step costs the reach it leaves; the first leaves the one asked, which is free.
            metres = nx.single_source_dijkstra_path_length(
                edges, reach, weight=lambda a, _b, _d, w=weights: w[a]
            )
            expected = {k: v - weights[reach] for k, v in metres.items() if k != reach}
            got = dict(zip(found.reaches.tolist(), found.distance_m.tolist(), strict=True))
            assert got == pytest.approx(expected)
            assert (np.diff(found.distance_m) >= 0).all()
    return index


@settings(max_examples=60, deadline=None)
@given(trees())
def test_trees_are_numbered_and_agree(found):
    assert check(*found).is_forest


@settings(max_examples=80, deadline=None)
@given(nets())
def test_nets_agree(found):
    check(*found)


def test_a_loop_is_no_forest():
    index = FlowIndex(["a", "b", "c"], ["b", "c", "a"], [1, 2, 3])
    assert not index.is_forest
    assert sorted(index.upstream(0).tolist()) == [1, 2]


def test_limits_and_between():
    index = FlowIndex(["a", "b", "c", "x"], ["b", "c", "d", "b"], [10, 20, 30, 5])
    assert index.upstream_within(2, 0).reaches.tolist() == [1]
    assert index.upstream_within(2, 20).reaches.tolist() == [1, 0, 3]
    assert index.upstream_within(2, 19.9).reaches.tolist() == [1]
    assert index.between(0, 2) == 20
    assert index.between(3, 1) == 0
    assert np.isnan(index.between(2, 0))
    assert np.isnan(index.between(0, 3))
    braid = FlowIndex(["a", "b", "b", "c"], ["b", "c", "c", "d"], [10, 20, 7, 30])
    assert not braid.is_forest
    assert braid.between(0, 3) == 7  # the shorter arm
    assert np.isnan(braid.between(3, 0))
