"""What the shipped example promises (docs/example.md)."""

import datetime as dt
import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from gridmap.capabilities.stations.work.facts import outlet_series, stations_of
from gridmap.core import codes
from gridmap.store import Project, ProjectError

TODAY = dt.date(2026, 11, 22)
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "example.md"
SQUARE_KM = 95_694.0 * 110_870.0 / 1e6  # of a square degree at this latitude


def units(example: Project, tier: str) -> Any:
    frame = example.layer("grid_units")
    return frame[frame["tier"] == tier].set_index("code")


def segments(geometry: Any) -> set[frozenset[tuple[float, float]]]:
    """Undirected segments of all rings or lines, by exact coordinates."""
    found = set()
    parts = shapely.get_parts(geometry)
    lines = shapely.get_rings(parts) if parts[0].geom_type == "Polygon" else parts
    for line in lines:
        corners = [tuple(corner) for corner in shapely.get_coordinates(line).tolist()]
        found |= {frozenset(pair) for pair in itertools.pairwise(corners)}
    return found


def gap_of(example: Project) -> Any:
    county = units(example, "county").geometry.iloc[0]
    return county.difference(shapely.union_all(units(example, "township").geometry.to_numpy()))


def overlap_of(example: Project) -> tuple[str, str, Any]:
    towns = units(example, "township").geometry
    tree = shapely.STRtree(towns.to_numpy())
    pairs = tree.query(towns.to_numpy(), predicate="overlaps").T
    ((left, right),) = [tuple(pair) for pair in pairs.tolist() if pair[0] < pair[1]]
    common = towns.iloc[left].intersection(towns.iloc[right])  # with lines where they only touch
    common = max(shapely.get_parts(common), key=lambda part: part.area)
    return str(towns.index[left]), str(towns.index[right]), common


def test_it_says_that_it_is_an_example(example: Project) -> None:
    assert example.is_example
    assert example.title == "南湖区示例"
    assert example.settings.get("data_date") == "2026-11-22"
    for layer_id in example.editions():
        assert set(example.layer(layer_id)["data_status"]) <= {"real", "example"}
    grid = example.layer("grid_units").set_index("data_status")
    assert set(grid.loc["real", "tier"]) == {"city", "county"}
    assert (example.people()["name"].str.startswith("示例")).all()
    assert (example.people()["phone"].str.startswith("102")).all()


def test_nothing_of_its_making_can_be_undone(example: Project, tmp_path: Path) -> None:
    copy = Project.open(example.save_as(tmp_path / "copy.gpkg"))
    with copy, pytest.raises(ProjectError):
        copy.undo()
    assert example.verify_log().ok
    assert example.check() is None


def test_it_fills_every_layer_to_the_size_promised(example: Project) -> None:
    tiers = example.layer("grid_units")["tier"].value_counts().to_dict()
    assert tiers == {"village": 143, "township": 13, "city": 1, "county": 1, "park": 1}
    rows = {layer_id: edition.rows for layer_id, edition in example.editions().items()}
    assert set(rows) == set(example.declarations)
    assert 60 <= rows["reaches"] <= 100
    assert 10 <= rows["rivers"] <= 21
    assert (rows["sections"], rows["stations"], rows["liaison_districts"]) == (14, 19, 2)
    assert rows["enterprises"] >= 160
    assert rows["places"] >= 150
    assert rows["context_outlines"] == 6
    assert (rows["sluices"], rows["intakes"], rows["signboards"]) == (10, 4, 30)
    assert example.layer("stations")["kind"].value_counts().to_dict() == {"air": 12, "water": 7}


def test_every_geometry_is_valid_and_required_cells_are_filled(example: Project) -> None:
    for layer_id, declaration in example.declarations.items():
        frame = example.layer(layer_id)
        assert shapely.is_valid(frame.geometry.to_numpy()).all(), layer_id
        for field in declaration.fields:
            if field.required:
                assert frame[field.name].notna().all(), (layer_id, field.name)
            if field.value_titles:
                assert set(frame[field.name].dropna()) <= set(field.value_titles), field.name


def test_townships_and_the_gap_cover_the_county_exactly(example: Project) -> None:
    county = units(example, "county").geometry.iloc[0]
    union = shapely.union_all(units(example, "township").geometry.to_numpy())
    gap = gap_of(example)
    assert union.difference(county).area == 0
    assert gap.geom_type == "Polygon"
    assert 0.02 < gap.area * SQUARE_KM < 0.12
    assert union.union(gap).symmetric_difference(county).area == 0


def test_villages_cover_each_township_exactly(example: Project) -> None:
    villages = units(example, "village")
    for code, town in units(example, "township").geometry.items():
        own = villages[villages["parent_code"] == code].geometry.to_numpy()
        assert shapely.union_all(own).symmetric_difference(town).area == 0, code


@pytest.mark.parametrize("tier", ["township", "village"])
def test_borders_are_shared_to_the_last_bit(example: Project, tier: str) -> None:
    shared: Counter[frozenset[tuple[float, float]]] = Counter()
    for geometry in units(example, tier).geometry:
        shared.update(segments(geometry))
    county = segments(units(example, "county").geometry.iloc[0])
    rims = [gap_of(example), overlap_of(example)[2]]
    rim = {tuple(corner) for corner in shapely.get_coordinates(rims).tolist()}
    alone = {pair for pair, count in shared.items() if count == 1}
    assert all(pair <= rim for pair in alone - county)
    assert county <= alone
    assert len(shared) > 3_000


def test_the_neighbours_share_the_county_outline(example: Project) -> None:
    county = units(example, "county").geometry.iloc[0]
    around = example.layer("context_outlines").geometry.to_numpy()
    assert shapely.area(shapely.intersection(around, county)).max() == 0
    city = units(example, "city").geometry.iloc[0]
    assert county.difference(city).area == 0
    assert len(segments(county) & set().union(*map(segments, around))) > 60


def test_two_townships_overlap_in_one_strip(example: Project) -> None:
    left, right, strip = overlap_of(example)
    assert (left, right) == ("330402103", "330402105")
    assert 0.1 < strip.area * SQUARE_KM < 1.0


def test_the_dispute_names_the_townships_that_it_touches(example: Project) -> None:
    (dispute,) = example.layer("disputes").itertuples()
    towns = units(example, "township").geometry
    for code in dispute.unit_codes.split(";"):
        assert towns[code].intersection(dispute.geometry).area > 0
    assert dispute.since == dt.date(2024, 5, 20)


def test_the_park_lies_in_two_townships_and_goes_before_them(example: Project) -> None:
    (park,) = units(example, "park").itertuples()
    towns = units(example, "township")
    touched = [c for c, g in towns.geometry.items() if g.intersection(park.geometry).area > 1e-7]
    assert len(touched) >= 2
    assert (park.Index, park.parent_code, park.priority) == ("330402400", "330402", 10)
    assert (towns["priority"] == 0).all()


def test_one_village_has_an_island_in_a_hole_of_its_neighbour(example: Project) -> None:
    for tier in ("township", "village"):
        frame = units(example, tier)
        several = frame[frame.geometry.map(lambda g: len(g.geoms)) > 1]
        assert len(several) == 1
        island = min(several.geometry.iloc[0].geoms, key=lambda part: part.area)
        holes = [
            shapely.Polygon(ring)
            for geometry in frame.geometry
            for part in geometry.geoms
            for ring in part.interiors
        ]
        assert any(hole.equals(island) for hole in holes)


def test_reaches_meet_in_their_nodes_bit_for_bit(example: Project) -> None:
    reaches = example.layer("reaches")
    nodes: dict[str, set[tuple[float, ...]]] = {}
    for reach in reaches.itertuples():
        line = shapely.get_coordinates(reach.geometry)
        nodes.setdefault(reach.from_node, set()).add(tuple(line[0]))
        nodes.setdefault(reach.to_node, set()).add(tuple(line[-1]))
    assert all(len(spots) == 1 for spots in nodes.values())
    assert len({spot for spots in nodes.values() for spot in spots}) == len(nodes)
    arms = Counter([*reaches["from_node"], *reaches["to_node"]])
    assert sum(count >= 3 for count in arms.values()) >= 20
    assert len(reaches) - len(nodes) + 1 >= 5  # independent loops of one connected net


def test_rivers_are_their_reaches(example: Project) -> None:
    reaches = example.layer("reaches")
    for river in example.layer("rivers").itertuples():
        own = reaches[reaches["river_code"] == river.code]
        joined = set().union(*map(segments, own.geometry))
        assert segments(river.geometry) == joined
    assert reaches["width_m"].between(15, 60).all()
    assert reaches["velocity_m_s"].between(0.05, 0.4).all()


def test_some_reaches_are_borders_and_some_cross_them(example: Project) -> None:
    towns = units(example, "township").geometry
    borders = set().union(*map(segments, towns))
    shares = {}
    crossing = 0
    for reach in example.layer("reaches").itertuples():
        own = segments(reach.geometry)
        shares[reach.code] = len(own & borders) / len(own)
        crossing += sum(town.intersection(reach.geometry).length > 1e-4 for town in towns) > 1
    assert sum(share > 0.6 for share in shares.values()) >= 4
    assert crossing >= 10


def test_sections_lie_on_vertices_of_their_reaches(example: Project) -> None:
    reaches = example.layer("reaches").set_index("code").geometry
    sections = example.layer("sections").set_index("code")
    for section in sections.itertuples():
        line = shapely.get_coordinates(reaches[section.reach_code]).tolist()
        assert [section.geometry.x, section.geometry.y] in line
    stations = example.layer("stations")
    for station in stations[stations["kind"] == "water"].itertuples():
        assert station.geometry.equals(sections.geometry[station.section_code])


def test_codes_of_firms_and_units_are_right(example: Project) -> None:
    firms = example.layer("enterprises")
    assert [codes.check_credit_code(code) for code in firms["code"]] == [None] * len(firms)
    permits = firms["permit"].dropna()
    assert len(permits) > 90
    assert [codes.check_permit_code(code) for code in permits] == [None] * len(permits)
    grid = example.layer("grid_units")
    assert [codes.check_unit_code(code) for code in grid["code"]] == [None] * len(grid)
    parents = grid.set_index("code")["parent_code"].dropna()
    assert set(parents) <= set(grid["code"])


def test_outlets_stand_at_the_bank_of_their_reach(example: Project) -> None:
    reaches = example.layer("reaches").set_index("code")
    outlets = example.layer("outlets")
    assert set(outlets["enterprise_code"]) <= set(example.layer("enterprises")["code"])
    water = outlets[outlets["kind"] == "DW"]
    for outlet in water.itertuples():
        reach = reaches.loc[outlet.reach_code]
        away_m = reach.geometry.distance(outlet.geometry) * 103_000
        assert away_m < reach.width_m / 2 + 8
    assert outlets.loc[outlets["kind"] == "DA", "reach_code"].isna().all()


def test_closed_sluices_leave_the_way_of_the_event_open(example: Project) -> None:
    reaches = example.layer("reaches").set_index("code").geometry
    sluices = example.layer("sluices")
    for sluice in sluices.itertuples():
        line = shapely.get_coordinates(reaches[sluice.reach_code]).tolist()
        assert [sluice.geometry.x, sluice.geometry.y] in line
    closed = sluices[sluices["state"] == "closed"]
    assert len(closed) == 2
    assert not closed["reach_code"].str.startswith("HL001").any()
    assert set(sluices["kind"]) == {"sluice", "pump", "weir"}


def test_one_intake_is_for_drinking_water_below_the_event(example: Project) -> None:
    reaches = example.layer("reaches").set_index("code")
    intakes = example.layer("intakes").set_index("code")
    for intake in intakes.itertuples():
        reach = reaches.loc[intake.reach_code]
        assert reach.geometry.distance(intake.geometry) * 103_000 < reach.width_m / 2 + 8
    assert intakes["use"].value_counts()["drinking"] == 1
    drinking = intakes[intakes["use"] == "drinking"].iloc[0]
    assert "HL001-07" < drinking["reach_code"] <= "HL001-14"  # below WS04
    assert drinking["supplied"] > 0
    assert intakes.loc[intakes["use"] != "drinking", "supplied"].isna().all()


def test_rivers_have_length_and_goal_and_reaches_a_minimum_of_patrols(example: Project) -> None:
    geod = Geod(ellps="GRS80")
    rivers = example.layer("rivers").set_index("code")
    for river in rivers.itertuples():
        assert river.length_km == pytest.approx(
            geod.geometry_length(river.geometry) / 1e3, abs=0.01
        )
    assert rivers["goal"].str.startswith("示例").all()
    reaches = example.layer("reaches")
    grades = rivers["grade"].loc[reaches["river_code"]].to_numpy()
    minima = reaches.groupby(grades)["patrol_per_month"].agg(["min", "max"])
    assert (minima["min"] == minima["max"]).all()
    assert minima["min"].to_dict() == {"village": 4, "township": 7, "county": 8, "city": 8}


def holders(posts: pd.DataFrame, code: str, tier: str, day: dt.date) -> list[str]:
    mine = posts[(posts["scope_code"] == code) & (posts["tier"] == tier)]
    return [
        post.person_id
        for post in mine.itertuples()
        if post.person_id and post.valid_from <= day and (not post.valid_to or day <= post.valid_to)
    ]


def test_posts_have_vacancies_and_one_recent_change(example: Project) -> None:
    posts = example.posts()
    people = example.people()
    assert set(posts["person_id"].dropna()) == set(people["person_id"])
    for code, tier in [("HL015-02", "township"), ("HL001-09", "county"), ("HL021-02", "village"),
                       ("330402101203", "village"), ("330402015208", "village")]:  # fmt: skip
        assert holders(posts, code, tier, TODAY) == []
    assert holders(posts, "HL015-02", "township", dt.date(2026, 8, 31)) != []
    (before,) = holders(posts, "HL001-05", "township", dt.date(2026, 10, 14))
    (after,) = holders(posts, "HL001-05", "township", dt.date(2026, 10, 15))
    names = people.set_index("person_id")["name"]
    assert names[before] == f"{names[after]}（前任）"
    chiefs = posts[posts["role"] == "river_chief"]
    assert chiefs.groupby("person_id")["scope_code"].nunique().max() > 5
    assert (posts["role"] == "liaison_officer").sum() == 16
    assert set(chiefs["tier"]) == {"village", "township", "county", "city"}


def test_four_signboards_name_a_chief_of_the_past(example: Project) -> None:
    posts = example.posts()
    chiefs = posts[posts["role"] == "river_chief"]
    names = example.people().set_index("person_id")["name"]
    boards = example.layer("signboards")
    old, past = set(), set()
    for board in boards.itertuples():
        mine = chiefs[chiefs["scope_code"] == board.reach_code]
        held = [holders(posts, board.reach_code, tier, TODAY) for tier in set(mine["tier"])]
        if board.chief_name not in {names[one] for found in held for one in found}:
            old.add(board.reach_code)
            past |= set(mine["person_id"].dropna().map(names)) & {board.chief_name}
        assert board.updated <= TODAY
        assert board.chief_phone.startswith("102")
    assert old == {"HL001-05", "HL001-09", "HL015-02", "HL021-02"}
    assert len(past) == 4  # each of them held the post once
    text = DOCUMENT.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(GS\d+)` \| (HL\d+-\d+) \|", text, re.MULTILINE)
    codes_of = dict(zip(boards["reach_code"], boards["code"], strict=True))
    assert {(codes_of[reach], reach) for reach in old} == set(listed)


def test_series_span_a_year_with_gaps_and_maintenance(example: Project) -> None:
    keys = example.series.keys()
    assert len(keys) == 7 * 9 + 12 * 6 + 12 * 2
    first, last = keys["first"].min(), keys["last"].max()
    assert first.isoformat() == "2025-11-22T00:00:00+08:00"
    assert last.isoformat() == "2026-11-22T08:00:00+08:00"
    readings = example.series.read("WS04", "nh3n")
    gaps = readings.index.to_series().diff()
    assert gaps.max() > pd.Timedelta(hours=48)
    assert readings["value"].isna().any()
    notes = example.series.notes("WS04")
    service = notes[notes["kind"] == "maintenance"].iloc[0]
    inside = readings[service["start"] : service["end"] - pd.Timedelta(hours=1)]
    assert len(inside)
    assert inside["value"].isna().all()
    assert (inside["flag"] == "M").all()


def test_labelled_faults_are_in_the_values(example: Project) -> None:
    kinds = set()
    for station in example.layer("stations")["code"]:
        for note in example.series.notes(station).itertuples():
            kinds.add(note.kind)
            values = (
                example.series.read(station, note.item, note.start, note.end)["value"]
                if note.item
                else None
            )
            if note.kind == "fault:stuck":
                assert values is not None
                assert values.min() == values.max()
            if note.kind == "fault:spike":
                assert values is not None
                around = example.series.read(station, note.item)["value"]
                assert values.iloc[0] > 3 * around.median()
    assert kinds == {"maintenance", "fault:stuck", "fault:spike", "event"}


def test_the_ammonia_event_travels_down_the_river(example: Project) -> None:
    arrivals = {}
    for station in ("WS03", "WS04", "WS05", "WS06"):
        values = example.series.read(station, "nh3n")["value"]
        usual = values["2026-10-25":"2026-11-13"].median()
        days = values["2026-11-14":"2026-11-18"].dropna()
        assert days.max() > 4 * usual
        half = usual + (days.max() - usual) / 2
        arrivals[station] = (days > half).idxmax()
        (event,) = example.series.notes(station).query("kind == 'event'").itertuples()
        lag = float(re.findall(r"约需 ([\d.]+) 小时", event.note)[0])
        front = pd.Timestamp("2026-11-14 11:00", tz="Asia/Shanghai") + pd.Timedelta(hours=lag)
        assert abs(arrivals[station] - front) <= pd.Timedelta(hours=5)
        assert event.note.split("排污口 ")[1].split("，")[0] in set(
            example.layer("outlets")["code"]
        )
    assert list(arrivals.values()) == sorted(arrivals.values())
    above = example.series.read("WS02", "nh3n")["value"]
    assert above["2026-11-14":"2026-11-18"].max() < 1.0


def test_twelve_outlets_monitor_themselves_and_one_shows_the_event(example: Project) -> None:
    outlets = example.layer("outlets").set_index("code")
    firms = example.layer("enterprises").set_index("code")
    measured = outlet_series(example)
    assert len(measured) == 12
    assert set(stations_of(example)) == set(example.layer("stations")["code"])
    truth = str(example.settings.get("example.event_outlet"))
    begin, end = (
        pd.Timestamp(t, tz="Asia/Shanghai") for t in ("2026-11-14 06:00", "2026-11-16 10:00")
    )
    for code, items in measured.items():
        assert set(items) == {"nh3n", "codmn"}
        assert firms.loc[outlets.loc[code, "enterprise_code"], "management"] == "key"
        frame = example.series.read(code, "nh3n")
        assert frame.index[0] >= pd.Timestamp("2026-10-23", tz="Asia/Shanghai")
        missing = 1 - len(frame) / (30 * 24 + 9)
        assert 0.005 < missing < 0.03
        usual = frame["value"][: begin - pd.Timedelta(hours=1)]
        during = frame["value"][begin : end - pd.Timedelta(hours=7)]
        after = frame["value"][end:]
        if code == truth:
            assert during.between(25, 41).all()
            assert 2.5 < usual.median() < 3.5
        else:
            assert during.max() < 2 * usual.median()
        assert after.max() < 2.5 * usual.median()
    (event,) = example.series.notes(truth).itertuples()
    assert (event.kind, event.item, event.start, event.end) == ("event", "nh3n", begin, end)


def test_the_document_gives_the_right_places(example: Project) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    places = dict(re.findall(r"^\| `(\w+)` \| (\d+\.\d+, \d+\.\d+) \|", text, re.MULTILINE))
    at = {name: shapely.Point([float(x) for x in xy.split(", ")]) for name, xy in places.items()}
    assert gap_of(example).contains(at["gap"])
    assert overlap_of(example)[2].contains(at["overlap"])
    assert example.layer("disputes").geometry.iloc[0].contains(at["dispute"])
    assert units(example, "park").geometry.iloc[0].contains(at["park"])
    village = units(example, "village").geometry
    (several,) = [g for g in village if len(g.geoms) > 1]
    assert min(several.geoms, key=lambda part: part.area).contains(at["exclave"])
    outlets = example.layer("outlets").set_index("code").geometry
    named = re.findall(r"`(91330402EXAM\w+-DW001)`", text)
    assert np.isclose(outlets[named[0]].distance(at["event"]), 0, atol=1e-4)
