"""The network of a project: planned, split, written, checked; mended by hand."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from gridmap.capabilities.locate.work.answering import AnsweringProject, responsibility_of
from gridmap.capabilities.rivers.rules.building import NetRules
from gridmap.capabilities.rivers.rules.findings import NetKind
from gridmap.capabilities.rivers.work.edits import (
    flip_reach,
    join_ends,
    mark_flow,
    set_sluice,
    split_reach,
)
from gridmap.capabilities.rivers.work.network import (
    check_network,
    plan_network,
    split_at_units,
    split_rules_of,
    write_network,
)
from gridmap.capabilities.rivers.work.posts import PostGapKind, gaps_in_posts
from gridmap.core import plane
from gridmap.store import Edition, ProjectError

LON, LAT = 120.0, 30.0
PER_LON, PER_LAT = plane.metres_per_degree(LAT)
MOUTH = (LON + 9000 / PER_LON, LAT)


def at(x, y):
    return LON + x / PER_LON, LAT + y / PER_LAT


def line(*places):
    return LineString([at(*place) for place in places])


def rivers():
    """甲河 in two lines that miss each other by 9 m, 乙河 into it 300 m short, a canal over it."""
    return gpd.GeoDataFrame(
        {
            "code": ["J1", "J2", "Y", "C"],
            "name": ["甲河", "甲河", "乙河", "丙渠"],
            "category": [None, None, None, "canal"],
            "width_m": [40.0, 40.0, None, 10.0],
            "velocity_m_s": [0.4, None, None, None],
        },
        geometry=[
            line((0, 0), (4000, 0)), line((4009, 0), (9000, 0)),
            line((6000, 3000), (6000, 300)), line((2000, -2000), (2000, 2000)),
        ],
        crs="EPSG:4490",
    )  # fmt: skip


def towns():
    """Two towns side by side, cut by 甲河 at 5 km."""
    shapes = [box(*at(-1000, -4000), *at(5000, 4000)), box(*at(5000, -4000), *at(10_000, 4000))]
    return gpd.GeoDataFrame(
        {
            "code": ["330402001", "330402002"], "name": ["东镇", "西镇"],
            "tier": ["township"] * 2, "data_status": ["synthetic"] * 2,
        },
        geometry=shapes, crs="EPSG:4490",
    )  # fmt: skip


@pytest.fixture
def world(tmp_path):
    """A project with a grid, two sluices, no reaches yet."""
    with AnsweringProject.create(tmp_path / "河.gpkg", title="河") as project:
        sluices = gpd.GeoDataFrame(
            {"code": ["S1"], "name": ["一号闸"], "state": ["open"], "manager": ["水利站"]},
            geometry=[Point(at(3000, 5))], crs="EPSG:4490",
        )  # fmt: skip
        with project.change("data") as change:
            change.replace_layer("grid_units", towns(), Edition("grid_units"))
            change.replace_layer("sluices", sluices, Edition("sluices"))
        yield project


@pytest.fixture
def built(world):
    """The same with its network written."""
    plan = plan_network(world, lines=rivers(), outlets=[MOUTH], rules=NetRules(bridge_m=400))
    write_network(world, split_at_units(plan, world.layer("grid_units")), actor="测")
    return world


def codes(project):
    return project.layer("reaches").set_index("code")


# --- planning and writing -----------------------------------------------------------------


def test_a_plan_names_reaches_from_upstream_and_changes_nothing(world):
    before = world.revision
    plan = plan_network(world, lines=rivers(), outlets=[MOUTH], rules=NetRules(bridge_m=400))
    assert world.revision == before
    assert [(one.code, one.name) for one in plan.reaches if one.built.river == "甲河"] == [
        ("甲河-01", "甲河1段"), ("甲河-02", "甲河2段"), ("甲河-03", "甲河3段"),
    ]  # fmt: skip
    first = plan.reaches[0]
    assert first.facts.figures == {"width_m": 40.0, "velocity_m_s": 0.4}
    assert [round(one.chainage_m) for one in plan.reaches[:3]] == pytest.approx(
        [0, 4000, 6000], abs=12
    )
    assert plan.confluences() == {(frozenset({"甲河", "乙河"}), "甲河")}
    assert [one.code for one in plan.reaches if one.built.river == "乙河"] == ["Y-01", "Y-02"]
    kinds = {one.kind for one in plan.findings}
    assert {NetKind.SNAPPED, NetKind.BRIDGED, NetKind.CROSSING} <= kinds
    table = plan.findings_table()
    assert len(table) == len(plan.findings)
    assert table.loc[table["kind"] == "snapped", "metres"].tolist() == pytest.approx([9], abs=0.1)


def test_the_canal_crosses_without_joining(world):
    plan = plan_network(world, lines=rivers(), outlets=[MOUTH])
    canal = [one for one in plan.reaches if one.built.river == "丙渠"]
    assert len(canal) == 1
    assert canal[0].built.part != plan.reaches[0].built.part


def test_a_gap_is_closed_by_its_id_and_an_unknown_one_is_refused(world):
    gap = next(
        one for one in plan_network(world, lines=rivers(), outlets=[MOUTH]).findings
        if one.kind is NetKind.GAP
    )  # fmt: skip
    plan = plan_network(world, lines=rivers(), outlets=[MOUTH], closed=[gap.id])
    assert any(one.built.bridge for one in plan.reaches)
    with pytest.raises(ProjectError) as caught:
        plan_network(world, lines=rivers(), closed=["gap:nowhere"])
    assert caught.value.key == "network.error.unknown_finding"


def test_splitting_names_units_and_keeps_length(world):
    plan = plan_network(world, lines=rivers(), outlets=[MOUTH], rules=NetRules(bridge_m=400))
    split = split_at_units(plan, world.layer("grid_units"), "township", split_rules_of(world))
    own = [one for one in split.reaches if one.built.river == "甲河"]
    assert [(one.name, one.units, one.border) for one in own] == [
        ("甲河东镇1段", ("330402001",), ""),
        ("甲河东镇2段", ("330402001",), "up_down"),
        ("甲河西镇1段", ("330402002",), "up_down"),
        ("甲河西镇2段", ("330402002",), ""),
    ]
    assert own[1].built.to_node == own[2].built.from_node
    total = sum(one.built.length_m for one in split.reaches)
    assert total == pytest.approx(sum(one.built.length_m for one in plan.reaches))
    assert split.edition.data_status == "mixed"  # towns are invented, rivers are not
    with pytest.raises(ProjectError) as caught:
        split_at_units(plan, world.layer("grid_units"), "village")
    assert caught.value.key == "network.error.no_units"


def test_writing_is_one_change_that_can_be_undone(built):
    frame = codes(built)
    assert frame.loc["甲河-01", ["river_name", "flow", "width_m"]].tolist() == ["甲河", "known", 40]
    assert frame.loc["甲河-03", "unit_codes"] == "330402002"
    entry = built.log().iloc[-1]
    assert (entry["action"], entry["actor"]) == ("river network", "测")
    assert built.locate(*at(1000, 30)).river.reach_code == "甲河-01"
    built.undo()
    assert "reaches" not in built.editions() or not len(built.layer("reaches"))


def test_what_is_missing_is_said(world):
    with pytest.raises(ProjectError) as caught:
        plan_network(world)
    assert caught.value.key == "network.error.no_rivers"
    with pytest.raises(ProjectError) as caught:
        plan_network(world, lines=towns())
    assert caught.value.key == "network.error.not_lines"
    with pytest.raises(ProjectError) as caught:
        check_network(world)
    assert caught.value.key == "network.error.no_reaches"


def test_a_written_network_is_checked_as_it_is(built):
    assert {one.kind for one in check_network(built).open_findings} == {
        NetKind.LOOSE, NetKind.UNKNOWN, NetKind.GAP,  # the canal, which ends near 乙河
    }  # fmt: skip


# --- posts --------------------------------------------------------------------------------


def test_gaps_in_posts(built):
    people = pd.DataFrame({"person_id": ["p1", "p2"], "name": ["赵一", "钱二"]})
    posts = pd.DataFrame(
        [
            ("a", "p1", "甲河-01", date(2026, 1, 1), None),
            ("b", "p1", "甲河-02", date(2026, 1, 1), None),
            ("c", "p2", "甲河-02", date(2026, 2, 1), None),
            ("d", "p2", "甲河-03", date(2025, 1, 1), date(2026, 6, 30)),
        ],
        columns=["post_id", "person_id", "scope_code", "valid_from", "valid_to"],
    ).assign(role="river_chief", tier="township", scope="reach")
    with built.change("posts") as change:
        change.put_people(people)
        change.put_posts(posts)
    found = {one.reach: one for one in gaps_in_posts(built, date(2026, 11, 22))}
    assert "甲河-01" not in found
    assert (found["甲河-02"].kind, found["甲河-02"].people) == (
        PostGapKind.DOUBLE, ("赵一", "钱二"),
    )  # fmt: skip
    assert (found["甲河-03"].kind, found["甲河-03"].since) == (
        PostGapKind.EXPIRED, date(2026, 7, 1),
    )  # fmt: skip
    assert found["甲河-04"].kind is PostGapKind.NOBODY
    earlier = {one.reach: one.kind for one in gaps_in_posts(built, date(2026, 1, 15))}
    assert "甲河-02" not in earlier
    assert "甲河-03" not in earlier


# --- edits --------------------------------------------------------------------------------


def test_a_reach_is_flipped_and_back(built):
    before = codes(built).loc["甲河-02"]
    flip_reach(built, "甲河-02", actor="测")
    after = codes(built).loc["甲河-02"]
    assert (after["from_node"], after["to_node"]) == (before["to_node"], before["from_node"])
    assert after.geometry.equals(before.geometry)
    assert after.geometry.geoms[0].coords[0] == before.geometry.geoms[0].coords[-1]
    assert built.log().iloc[-1]["action"] == "flip reach"
    built.undo()
    assert codes(built).loc["甲河-02", "from_node"] == before["from_node"]


def test_a_split_gives_both_pieces_the_chief(built):
    people = pd.DataFrame({"person_id": ["p1"], "name": ["赵一"]})
    post = pd.DataFrame(
        {
            "post_id": ["a"], "person_id": ["p1"], "role": ["river_chief"], "tier": ["township"],
            "scope": ["reach"], "scope_code": ["甲河-01"],
        }
    )  # fmt: skip
    with built.change("posts") as change:
        change.put_people(people)
        change.put_posts(post)
    length = codes(built).geometry.loc["甲河-01"].length  # one shape: degrees do
    new = split_reach(built, "甲河-01", *at(1000, 40), actor="测")
    assert new == "甲河-05"
    frame = codes(built)
    assert frame.loc["甲河-01", "to_node"] == frame.loc[new, "from_node"]
    assert frame.loc[new, "chainage_m"] == pytest.approx(1000, abs=1)
    pieces = [frame.geometry.loc[one].length for one in ("甲河-01", new)]
    assert sum(pieces) == pytest.approx(length)
    assert {
        one.person.name for one in responsibility_of(built).chiefs_of(new, date(2026, 5, 1))
    } == {"赵一"}
    with pytest.raises(ProjectError) as caught:
        split_reach(built, "甲河-02", *at(1000, 3000))
    assert caught.value.key == "network.error.far_from_reach"
    with pytest.raises(ProjectError) as caught:
        split_reach(built, "甲河-01", *at(0, 0))
    assert caught.value.key == "network.error.at_end"


def test_ends_are_joined_within_a_distance(world):
    two = gpd.GeoDataFrame(
        {"code": ["a", "b", "c"], "name": ["一", "二", "三"], "flow": ["known"] * 3},
        geometry=[
            line((0, 0), (1000, 0)), line((1300, 0), (3000, 0)), line((9000, 0), (9900, 0)),
        ],
        crs="EPSG:4490",
    )  # fmt: skip
    write_network(world, plan_network(world, lines=two))
    with pytest.raises(ProjectError) as caught:
        join_ends(world, "a-01", "c-01")
    assert caught.value.key == "network.error.ends_far"
    assert "8000" in str(caught.value)
    assert join_ends(world, "a-01", "b-01") == pytest.approx(300, abs=1)
    frame = codes(world)
    assert frame.loc["a-01", "to_node"] == frame.loc["b-01", "from_node"]
    assert len(frame.loc["a-01"].geometry.geoms[0].coords) == 3
    with pytest.raises(ProjectError) as caught:
        join_ends(world, "a-01", "b-01")
    assert caught.value.key == "network.error.joined"
    with pytest.raises(ProjectError):
        join_ends(world, "a-01", "a-01")


def test_sluices_and_flow_are_marked(built):
    set_sluice(built, "S1", "closed", actor="测")
    [sluice] = built.layer("sluices").to_dict("records")
    assert (sluice["state"], sluice["manager"]) == ("closed", "水利站")
    mark_flow(built, "丙渠-01" if "丙渠-01" in codes(built).index else "C-01", "dominant")
    assert "dominant" in set(built.layer("reaches")["flow"])
    for call, key in (
        (lambda: set_sluice(built, "S9", "open"), "no_sluice"),
        (lambda: set_sluice(built, "S1", "ajar"), "bad_state"),
        (lambda: mark_flow(built, "X", "known"), "no_reach"),
        (lambda: mark_flow(built, "甲河-01", "up"), "bad_flow"),
        (lambda: flip_reach(built, "X"), "no_reach"),
    ):
        with pytest.raises(ProjectError) as caught:
            call()
        assert caught.value.key == f"network.error.{key}"
        assert str(caught.value)
