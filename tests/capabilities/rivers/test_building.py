"""Networks from lines: every way of being drawn badly, and 湍河 as OpenStreetMap has it."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon
from shapely.geometry import shape

from gridmap.capabilities.rivers.rules.building import DrawnLine, Lake, NetRules, build
from gridmap.capabilities.rivers.rules.findings import NetKind

LON, LAT = 120.0, 30.0
M = 1 / 96_486.0  # degrees of longitude a metre has at 30° N, about


def line(*places, key="", **facts):
    """A line through places in metres east and north of a corner."""
    degrees = [(LON + x * M, LAT + y / 110_850.0) for x, y in places]
    return DrawnLine(key or "x", LineString(degrees), **facts)


def kinds(net):
    return sorted(one.kind.value for one in net.findings if one.kind is not NetKind.UNKNOWN)


def place(x, y):
    return LON + x * M, LAT + y / 110_850.0


def test_ends_that_nearly_meet_are_one_node_and_told():
    net = build([
        line((0, 0), (1000, 0), key="a"),
        line((1009, 3), (2000, 0), key="b"),
    ], outlets=[place(2000, 0)])  # fmt: skip
    assert [(r.from_node, r.to_node, r.flow) for r in net.reaches] == [
        ("N0001", "N0002", "known"), ("N0002", "N0003", "known"),
    ]  # fmt: skip
    [snap] = net.findings
    assert snap.kind is NetKind.SNAPPED
    assert snap.metres == pytest.approx(9.5, abs=0.2)
    assert {snap.line, snap.other} == {"a", "b"}
    assert snap.resolved


def test_a_line_is_cut_where_another_ends_on_it():
    net = build([
        line((0, 0), (2000, 0), key="main"),
        line((1000, 800), (1000, 12), key="branch"),
    ], outlets=[place(2000, 0)])  # fmt: skip
    assert len(net.reaches) == 3
    [(_, arriving)] = net.confluences().items()
    assert {net.reaches[one].line for one in arriving} == {0, 1}
    [cut] = net.findings
    assert (cut.kind, cut.line, cut.other) == (NetKind.SPLIT, "main", "branch")
    assert cut.metres == pytest.approx(12, abs=0.2)


def test_rivers_that_cross_join_and_canals_do_not():
    river = line((0, 0), (2000, 0), key="river")
    other = line((1000, -900), (1000, 900), key="other")
    joined = build([river, other], outlets=[place(2000, 0)])
    assert len(joined.reaches) == 4
    assert kinds(joined) == ["split", "turned"]  # the northern half runs against its drawing
    canal = line((1000, -900), (1000, 900), key="canal", crosses=True)
    apart = build([river, canal], outlets=[place(2000, 0)])
    assert len(apart.reaches) == 2
    assert "crossing" in kinds(apart)
    assert {reach.part for reach in apart.reaches} == {0, 1}


def test_lines_drawn_against_the_water_are_turned():
    net = build([
        line((2000, 0), (1000, 0), key="wrong"),
        line((0, 0), (1000, 0), key="right"),
    ], outlets=[place(2000, 0)])  # fmt: skip
    wrong, right = net.reaches
    assert (wrong.turned, right.turned) == (True, False)
    assert wrong.geometry.coords[0] == pytest.approx(place(1000, 0), abs=1e-9)
    assert right.to_node == wrong.from_node
    assert kinds(net) == ["turned"]


def test_without_an_outlet_directions_are_unknown_and_the_likely_outlet_is_told():
    net = build([line((0, 0), (1000, 0), key="a"), line((1000, 0), (3000, 0), key="b")])
    assert {reach.flow for reach in net.reaches} == {"unknown"}
    [outlet] = [one for one in net.findings if one.kind is NetKind.OUTLET]
    assert (outlet.line, outlet.metres) == ("b", 1.0)  # all of the length agrees
    assert (outlet.lon, outlet.lat) == pytest.approx(place(3000, 0), abs=1e-7)


def test_an_attribute_wins_over_the_outlet():
    net = build(
        [line((2000, 0), (1000, 0), key="fixed", flow="known"), line((0, 0), (1000, 0))],
        outlets=[place(2000, 0)],
    )
    assert not net.reaches[0].turned
    assert net.reaches[0].flow == "known"


def test_loops_have_a_dominant_direction():
    net = build([
        line((0, 0), (1000, 0), key="in"),
        line((1000, 0), (1500, 400), (2000, 0), key="upper arm"),
        line((1000, 0), (1500, -200), (2000, 0), key="lower arm"),
        line((2000, 0), (3000, 0), key="out"),
    ], outlets=[place(3000, 0)])  # fmt: skip
    assert [reach.flow for reach in net.reaches] == ["known", "dominant", "dominant", "known"]
    assert not any(reach.turned for reach in net.reaches)


def test_a_lake_joins_what_runs_in_with_what_leaves():
    area = Polygon([place(900, -300), place(2100, -300), place(2100, 300), place(900, 300)])
    net = build(
        [
            line((0, 0), (1000, 0), key="in 1"),
            line((0, 900), (1200, 200), key="in 2"),
            line((2000, 0), (4000, 0), key="out"),
        ],
        [Lake("镜湖", area)],
        outlets=[place(4000, 0)],
    )
    through = [reach for reach in net.reaches if reach.lake]
    assert [reach.river for reach in through] == ["镜湖"] * 3
    assert {reach.part for reach in net.reaches} == {0}
    assert {reach.flow for reach in net.reaches} == {"known"}
    assert kinds(net) == ["through"] * 3


def test_a_line_drawn_twice_counts_once():
    net = build([line((0, 0), (900, 0), key="a"), line((900, 0), (0, 0), key="b")])
    assert len(net.reaches) == 1
    assert "duplicate" in kinds(net)


def test_gaps_are_told_and_closed_on_wish():
    lines = [line((0, 0), (2000, 0), key="main"), line((1000, 900), (1000, 300), key="branch")]
    open_net = build(lines, outlets=[place(2000, 0)])
    [gap] = [one for one in open_net.findings if one.kind is NetKind.GAP]
    assert (gap.line, gap.other, gap.resolved) == ("branch", "main", False)
    assert gap.metres == pytest.approx(300, abs=1)
    assert len({reach.part for reach in open_net.reaches}) == 2
    closed = build(lines, outlets=[place(2000, 0)], closed=[gap.id])
    assert len({reach.part for reach in closed.reaches}) == 1
    [bridge] = [reach for reach in closed.reaches if reach.bridge]
    assert bridge.length_m == pytest.approx(300, abs=1)
    by_rule = build(lines, outlets=[place(2000, 0)], rules=NetRules(bridge_m=400))
    assert [r.to_node for r in by_rule.reaches] == [r.to_node for r in closed.reaches]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.integers(0, 2**32 - 1))
def test_a_torn_tree_is_mended_whatever_the_order_and_direction(seed):
    """A tree with ends moved by up to 8 m, lines shuffled and turned, becomes the same tree."""
    rng = np.random.default_rng(seed)
    nodes = {0: (0.0, 0.0)}
    below = {}
    for number in range(1, 14):
        parent = int(rng.integers(max(0, number - 4), number))
        x, y = nodes[parent]
        nodes[number] = (x + 900 * (1 + number % 3), y + 700 * (number % 5 - 2) + 37 * number)
        below[number] = parent
    drawn = []
    for number, parent in below.items():
        ends = np.array([nodes[number], nodes[parent]]) + rng.uniform(-5.5, 5.5, (2, 2))
        if rng.random() < 0.5:
            ends = ends[::-1]
        drawn.append(line(*ends, key=str(number), crosses=True))
    shapes = [one.geometry for one in drawn]
    for a, b in itertools.combinations(range(len(drawn)), 2):
        touching = {a + 1, below[a + 1]} & {b + 1, below[b + 1]}
        far = [
            one.distance(Point(end))
            for one, other in ((shapes[a], shapes[b]), (shapes[b], shapes[a]))
            for end in other.coords
        ]
        assume(sorted(far)[2 if touching else 0] > 60 * M)
        assume(touching or shapes[a].distance(shapes[b]) > 60 * M)
    order = rng.permutation(len(drawn))
    net = build([drawn[i] for i in order], outlets=[place(0, 0)])
    reaches = {int(drawn[order[reach.line]].key): reach for reach in net.reaches}
    assert len(net.reaches) == len(below)
    for number, parent in below.items():
        if parent:
            assert reaches[number].to_node == reaches[parent].from_node
        assert reaches[number].flow == "known"


def test_tuanhe_becomes_connected_rivers(shared):
    """湍河, 刁河, 赵河, 严陵河 → 白河/唐白河; 刁河 ends 1.4 km short of it, its head is apart."""
    folder = shared / "data" / "tuanhe"

    def features(name):
        text = (folder / f"{name}.geojson").read_text(encoding="utf-8")
        return json.loads(text)["features"]

    rivers = [
        DrawnLine(f["properties"]["id"], shape(f["geometry"]), f["properties"]["name_zh"])
        for f in features("rivers")
    ]
    lakes = [
        Lake(f["properties"]["name_zh"], shape(f["geometry"]))
        for f in features("osm-reservoir-surfaces")
    ]
    mouth = (112.3364662, 32.1693312)
    drawn = build(rivers, lakes, outlets=[mouth])
    gap = next(one for one in drawn.findings if one.kind is NetKind.GAP)
    assert (gap.line, gap.other) == ("osm-way-159628501", "osm-way-76245166")
    assert gap.metres == pytest.approx(1390, abs=2)
    net = build(rivers, lakes, outlets=[mouth], closed=[gap.id])
    met = {
        (
            frozenset(net.reaches[one].river for one in arriving),
            next(r.river for r in net.reaches if r.from_node == node),
        )
        for node, arriving in net.confluences().items()
    }
    assert met == {
        (frozenset({"赵河", "严陵河"}), "赵河"),
        (frozenset({"湍河", "赵河"}), "赵河"),  # below it OpenStreetMap calls it 赵河
        (frozenset({"赵河", "唐白河"}), "唐白河"),
        (frozenset({"刁河", "唐白河"}), "唐白河"),
    }
    whole = [reach for reach in net.reaches if reach.part == net.reaches[0].part]
    assert {reach.river for reach in whole} == {"湍河", "刁河", "赵河", "严陵河", "白河", "唐白河"}
    assert {reach.flow for reach in whole} == {"known"}
    [loose] = [one for one in net.findings if one.kind is NetKind.LOOSE]
    assert loose.line == "osm-way-963832750"  # the head of 刁河, 9 km from the rest
    assert [one.kind for one in net.findings if one.kind is NetKind.BRIDGED]
