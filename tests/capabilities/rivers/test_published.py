"""Two published networks, given as lines and an outlet: the rest has to be found.

Directions, upstream sets and lengths of NHDPlus are the answer key (FromNode, ToNode, LENGTHKM).
"""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from gridmap.capabilities.rivers.rules.building import BuiltNet, DrawnLine, build

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module", params=["walker", "new_hope"])
def published(request, shared: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(shared / "vectors" / "rivers" / f"{request.param}.gpkg").to_crs(4490)


def built(frame: gpd.GeoDataFrame, turned: set[int]) -> BuiltNet:
    lines = [
        DrawnLine(str(code), shape.reverse() if place in turned else shape)
        for place, (code, shape) in enumerate(zip(frame["COMID"], frame.geometry, strict=True))
    ]
    last = frame.loc[~frame["ToNode"].isin(frame["FromNode"]), "geometry"].iloc[0]
    outlet = shapely.get_coordinates(last)[-1]
    return build(lines, outlets=[(float(outlet[0]), float(outlet[1]))])


def upstream(edges: list[tuple[object, object]]) -> list[set[int]]:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(edges)))
    leaving: dict[object, list[int]] = {}
    for number, (start, _) in enumerate(edges):
        leaving.setdefault(start, []).append(number)
    graph.add_edges_from(
        (number, other) for number, (_, end) in enumerate(edges) for other in leaving.get(end, ())
    )
    return [nx.ancestors(graph, number) for number in range(len(edges))]


def test_no_line_is_lost_and_every_direction_is_right(published) -> None:
    net = built(published, set())
    by_line: dict[int, list] = {}
    for reach in net.reaches:
        by_line.setdefault(reach.line, []).append(reach)
    assert set(by_line) == set(range(len(published)))
    turned = [line for line, parts in by_line.items() if any(one.turned for one in parts)]
    assert turned == []
    assert all(reach.flow in {"known", "dominant"} for reach in net.reaches)
    edges = [(reach.from_node, reach.to_node) for reach in net.reaches]
    key = upstream(list(zip(published["FromNode"], published["ToNode"], strict=True)))
    lines = [reach.line for reach in net.reaches]
    right = sum(
        {lines[i] for i in found} - {lines[number]} == key[lines[number]]
        for number, found in enumerate(upstream(edges))
    )
    assert right >= 0.98 * len(published)
    length = sum(reach.length_m for reach in net.reaches) / 1000
    drawn = published.to_crs(published.estimate_utm_crs()).length.sum() / 1000
    assert length == pytest.approx(drawn, rel=0.001)


def test_lines_drawn_at_random_are_right_or_unknown(published) -> None:
    """Half of the lines reversed: the drawing says nothing, what stays uncertain is unknown."""
    rng = np.random.default_rng(7)
    turned = set(np.flatnonzero(rng.random(len(published)) < 0.5).tolist())
    net = built(published, turned)
    told = [one for one in net.reaches if one.flow != "unknown"]
    wrong = [one for one in told if one.turned != (one.line in turned)]
    assert len(told) > 0.9 * len(net.reaches)
    assert len(wrong) <= 0.02 * len(net.reaches)
