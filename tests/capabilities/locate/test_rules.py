"""The verdict in every situation the rule names."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.locate.rules import UnknownProblemError
from gridmap.capabilities.locate.rules.around import Outlet, Section, Station
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.grid import Dispute
from gridmap.capabilities.locate.rules.posts import Post
from gridmap.capabilities.locate.rules.reaches import Reach
from gridmap.capabilities.locate.rules.verdict import Bank, BorderKind, Duty, Person, Reason, Status
from gridmap.core.place import Place
from gridmap.core.plane import GEOD
from tests.worlds import DAY, World, box, chief, four_towns, line, unit, xy


def rules_used(verdict):
    return [step.rule for step in verdict.basis.rules]


def test_deep_inside_one_unit_is_certain():
    verdict = four_towns().at(1000, 1000)
    assert (verdict.status, verdict.reason) == (Status.CERTAIN, Reason.INSIDE_ONE_UNIT)
    assert verdict.owner.code == "330402102"
    assert verdict.border_m == pytest.approx(1000, abs=1)
    assert [c.unit.code for c in verdict.candidates] == ["330402102"]
    assert [link.unit.tier for link in verdict.chain] == ["township", "county"]


def test_nearer_to_the_border_than_the_accuracy_is_borderline_with_the_neighbour_named():
    verdict = four_towns().at(30, 1000)
    assert (verdict.status, verdict.reason) == (Status.BORDERLINE, Reason.NEAR_BORDER)
    assert [c.unit.code for c in verdict.candidates] == ["330402102", "330402101"]
    assert verdict.candidates[1].covers is False
    assert verdict.border_m == pytest.approx(30, abs=0.1)


def test_the_radius_of_the_place_adds_to_the_accuracy():
    assert four_towns().at(80, 1000).status is Status.CERTAIN
    verdict = four_towns().at(80, 1000, radius_m=40.0)
    assert verdict.status is Status.BORDERLINE
    assert verdict.basis.tolerance_m == 90.0


def test_on_a_shared_border_the_lower_code_leads():
    lon, lat = xy(0, 1000)
    verdict = four_towns().rule().locate(Place(lon, lat), DAY)
    assert (verdict.status, verdict.reason) == (Status.BORDERLINE, Reason.ON_BORDER)
    assert verdict.owner.code == "330402101"
    assert all(candidate.covers for candidate in verdict.candidates)
    assert "tie_break_code" in rules_used(verdict)


def test_on_a_vertex_where_four_units_meet_there_is_one_owner():
    verdict = four_towns().at(0, 0)
    assert verdict.owner.code == "330402101"
    assert len(verdict.candidates) == 4
    assert verdict.status is Status.BORDERLINE


def test_with_exact_data_a_border_point_is_still_not_certain():
    verdict = four_towns(accuracy_m=0.0).at(0, 1000)
    assert verdict.status is Status.BORDERLINE
    assert four_towns(accuracy_m=0.0).at(1, 1000).status is Status.CERTAIN


def test_in_an_overlap_the_deeper_unit_leads():
    world = four_towns()
    world.units[1] = (unit("330402102"), box(-200, 0, 2000, 2000))
    verdict = world.at(-150, 1000)
    assert (verdict.status, verdict.reason) == (Status.SHARED, Reason.OVERLAPPING_UNITS)
    assert verdict.owner.code == "330402101"
    assert "tie_break_depth" in rules_used(verdict)
    assert world.at(-50, 1000).owner.code == "330402102"


def test_a_park_of_higher_priority_leads_and_the_township_shares():
    world = four_towns()
    world.units.append((unit("330402400", "park", "330402", 10), box(-300, 500, 300, 1500)))
    verdict = world.at(200, 1000)
    assert verdict.status is Status.SHARED
    assert verdict.owner.code == "330402400"
    assert [c.unit.code for c in verdict.candidates] == ["330402400", "330402102"]
    assert "tie_break_priority" in rules_used(verdict)
    assert {link.unit.tier for link in verdict.chain} == {"park", "township", "county"}


def test_a_gap_in_the_territory_is_unassigned_and_names_the_nearest_provisionally():
    world = four_towns()
    world.units[1] = (
        unit("330402102"),
        box(0, 0, 2000, 2000, holes=(((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)),
    )
    verdict = world.at(1000, 1010)
    assert (verdict.status, verdict.reason) == (Status.UNASSIGNED, Reason.GAP)
    assert verdict.provisional
    assert verdict.owner.code == "330402102"
    assert verdict.border_m == pytest.approx(190, abs=1)


def test_a_hole_that_the_county_does_not_hold_is_outside():
    world = four_towns()
    hole = (((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)
    world.units[1] = (unit("330402102"), box(0, 0, 2000, 2000, holes=hole))
    world.units[4] = (unit("330402", "county", ""), box(-2000, -2000, 2000, 2000, holes=hole))
    verdict = world.at(1000, 1000)
    assert verdict.status is Status.OUTSIDE
    assert verdict.owner is None
    assert verdict.chain == ()


def test_without_a_county_a_hole_is_a_gap_and_beyond_the_rim_is_outside():
    world = four_towns()
    del world.units[4]
    hole = (((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)
    world.units[1] = (unit("330402102"), box(0, 0, 2000, 2000, holes=hole))
    assert world.at(1000, 1000).status is Status.UNASSIGNED
    assert world.at(2500, 1000).status is Status.OUTSIDE


def test_just_outside_by_less_than_the_accuracy_is_borderline_and_provisional():
    verdict = four_towns().at(2020, 1000)
    assert (verdict.status, verdict.reason) == (Status.BORDERLINE, Reason.JUST_OUTSIDE_A_UNIT)
    assert verdict.provisional
    assert verdict.owner.code == "330402102"


def test_outside_says_how_far():
    verdict = four_towns().at(5000, 1000)
    assert verdict.status is Status.OUTSIDE
    assert verdict.owner is None
    assert verdict.border_m == pytest.approx(3000, rel=0.001)


def test_an_island_of_a_multipart_unit_belongs_to_it():
    world = four_towns()
    island = box(900, 900, 1100, 1100)
    world.units[1] = (unit("330402102"), box(0, 0, 2000, 2000).difference(island))
    world.units[0] = (
        unit("330402101"), shapely.MultiPolygon([box(-2000, 0, 0, 2000), island]),
    )  # fmt: skip
    verdict = world.at(1000, 1000)
    assert verdict.owner.code == "330402101"
    assert verdict.status is Status.CERTAIN
    assert verdict.border_m == pytest.approx(100, abs=0.5)


def test_a_disputed_area_is_shared_by_its_claimants():
    world = four_towns()
    dispute = Dispute("ZY001", "示例争议区", ("330402101", "330402102"))
    world.disputes.append((dispute, box(100, 500, 400, 900)))
    verdict = world.at(250, 700)
    assert (verdict.status, verdict.reason) == (Status.SHARED, Reason.DISPUTED)
    assert verdict.owner.code == "330402102"
    assert [c.unit.code for c in verdict.candidates] == ["330402102", "330402101"]
    assert "dispute" in rules_used(verdict)


def with_rivers() -> World:
    """A river from north to south on the border x = 0, one across it at y = −1000."""
    world, there = four_towns(), (0, -1000)
    world.reaches += [
        (Reach("R1", "界河北段", "界河", "n1", "n2", "known", 20.0), line((0, 1900), (0, 0))),
        (Reach("R2", "界河南段", "界河", "n2", "n3", "known", 20.0), line((0, 0), (0, -1000))),
        (Reach("R3", "横河", "横河", "n4", "n3", "dominant", 10.0), line((-1900, -1000), there)),
        (Reach("R4", "横河东段", "横河", "n3", "n5", "dominant", 10.0), line(there, (1900, -1000))),
    ]  # fmt: skip
    return world


def test_left_and_right_bank_look_downstream():
    world = with_rivers()
    east, west = world.at(100, 1000), world.at(-100, 1000)
    assert east.river.reach_code == west.river.reach_code == "R1"
    assert (east.river.bank, west.river.bank) == (Bank.LEFT, Bank.RIGHT)
    assert east.river.distance_m == pytest.approx(100, abs=0.2)
    assert east.river.chainage_m == pytest.approx(900, rel=0.001)


def test_exactly_on_a_border_river_both_banks_share():
    verdict = with_rivers().at(0, 1000)
    assert verdict.river.bank is Bank.IN_WATER
    assert (verdict.status, verdict.reason) == (Status.SHARED, Reason.BORDER_RIVER)
    assert {c.unit.code for c in verdict.candidates} == {"330402101", "330402102"}
    assert [side.code for side in verdict.river.sides] == ["330402102", "330402101"]


def test_kinds_of_border_reaches():
    world = with_rivers()
    assert world.at(50, 1000).river.border is BorderKind.LEFT_RIGHT
    across = line((-1500, 300), (1500, 300))
    world.reaches = [(Reach("R9", "横河", "", "", "", "known", 10.0), across)]
    assert world.at(700, 320).river.border is BorderKind.UP_DOWN
    both = line((-700, 400), (0, 400), (0, 1200), (900, 1200))
    world.reaches = [(Reach("R9", "曲河", "", "", "", "known", 10.0), both)]
    assert world.at(500, 1210).river.border is BorderKind.INTERLOCKED


def test_at_a_confluence_the_lower_code_is_named_and_the_others_listed():
    verdict = with_rivers().at(0, -1000)
    assert verdict.river.reach_code == "R2"
    assert {other.code for other in verdict.river.others} == {"R3", "R4"}
    assert verdict.owner.code == "330402103"


def test_near_two_rivers_the_nearer_counts():
    world = with_rivers()
    assert world.at(300, -900).river.reach_code == "R4"
    assert world.at(60, -800).river.reach_code == "R2"
    assert world.at(1000, 1000).river is None


def test_sections_and_firms_are_found_along_the_water():
    world = with_rivers()
    world.sections += [
        Section("S1", "上断面", *xy(0, 1500), "R1", "III"),
        Section("S2", "下断面", *xy(1000, -1000), "R4", "IV"),
        Section("S3", "支流断面", *xy(-500, -1000), ""),
    ]
    world.outlets += [
        Outlet("DW1", "F1", "示例印染", *xy(20, 1200), "R1", "氨氮"),
        Outlet("DW2", "F1", "示例印染", *xy(20, 1800), "R1", "氨氮"),
        Outlet("DW3", "F2", "示例电镀", *xy(20, 600), "R1", "总铬"),
    ]
    world.stations.append(Station("A1", "空气站", "air", *xy(500, 500)))
    around = world.at(50, 1000).around
    down, up = around.sections
    assert (down.code, up.code) == ("S2", "S1")
    assert down.river_m == pytest.approx(3000, rel=0.002)
    assert up.river_m == pytest.approx(500, rel=0.002)
    assert [(firm.code, firm.outlet) for firm in around.firms] == [("F1", "DW1")]
    assert around.firms[0].river_m == pytest.approx(200, rel=0.01)
    assert around.stations[0].code == "A1"
    at_junction = world.at(20, -940).around
    assert {section.code for section in at_junction.sections} == {"S2", "S1"}


def test_chiefs_are_those_of_the_day():
    world = with_rivers()
    world.posts += [
        chief("R1", "township", "甲", date(2024, 1, 1), date(2026, 10, 14)),
        chief("R1", "township", "乙", date(2026, 10, 15), None),
        chief("R1", "village", "丙", date(2024, 1, 1), date(2026, 8, 31)),
        chief("R1", "county", None, None, None),
        chief("R1", "city", "丁", date(2020, 1, 1), None),
    ]

    def chiefs(on):
        return {
            holding.tier: (holding.person.name if holding.person else None, holding.since)
            for holding in world.at(50, 1000, on=on).river.chiefs
        }

    now = chiefs(DAY)
    assert now["township"] == ("乙", date(2026, 10, 15))
    assert now["village"] == (None, date(2026, 9, 1))
    assert now["county"] == (None, None)
    assert now["city"] == ("丁", date(2020, 1, 1))
    assert chiefs(date(2026, 10, 14))["township"][0] == "甲"
    assert chiefs(date(2026, 8, 31))["village"][0] == "丙"
    order = [holding.tier for holding in world.at(50, 1000).river.chiefs]
    assert order == ["village", "township", "county", "city"]


def test_a_unit_without_its_head_is_a_vacancy_not_a_blank():
    verdict = four_towns().at(1000, 1000)
    township = verdict.chain[0]
    assert township.posts[0].vacant
    assert township.posts[0].role == "grid_head"


def test_chain_follows_parent_codes_where_outlines_disagree():
    world = four_towns()
    world.units[4] = (unit("330402", "county", ""), box(-2000, -2000, 1950, 2000))
    county = world.at(1970, 1000, on=DAY).chain[-1]
    assert county.unit.code == "330402"
    assert county.by_code


def test_villages_of_the_owner_are_preferred_and_have_a_status_of_their_own():
    world = four_towns()
    world.units += [
        (unit("330402102201", "village", "330402102"), box(0, 0, 1000, 2000)),
        (unit("330402102202", "village", "330402102"), box(1000, 0, 2000, 2000)),
    ]
    verdict = world.at(1020, 1000)
    village = verdict.chain[0]
    assert (village.unit.code, village.status) == ("330402102202", Status.BORDERLINE)
    assert verdict.status is Status.CERTAIN


def test_control_zones_inside_near_and_disputed():
    world = four_towns()
    world.zones += [
        (Zone("Z1", "红线一", "ecological", "水源涵养"), box(500, 500, 900, 900)),
        (Zone("Z2", "红线二", "ecological", "", disputed=True), box(1500, 500, 1900, 900)),
        (Zone("Z3", "农田", "farmland"), box(-1900, 100, -100, 900)),
    ]
    inside = {zone.kind: zone for zone in world.at(700, 700).zones}
    assert inside["ecological"].inside
    assert inside["ecological"].code == "Z1"
    assert inside["ecological"].distance_m == pytest.approx(200, abs=0.5)
    assert not inside["farmland"].inside
    assert inside["farmland"].distance_m == pytest.approx(800, abs=1)
    edge = world.at(920, 700).zones[0]
    assert (edge.code, edge.inside, edge.uncertain) == ("Z1", False, True)
    assert world.at(1480, 700).zones[0].disputed


def test_department_of_a_problem_type():
    world = four_towns()
    duty = Duty("water", "水", "Water", "水环境科", True, 5, "示例")
    world.duties["water"] = duty
    assert world.at(1000, 1000, problem="water").duty == duty
    with pytest.raises(UnknownProblemError):
        world.at(1000, 1000, problem="odour")


def test_no_grid_says_so():
    verdict = World().at(0, 0)
    assert (verdict.status, verdict.reason) == (Status.OUTSIDE, Reason.NO_GRID)


def test_fingerprint_changes_with_every_input_and_with_nothing_else():
    world = with_rivers()
    rule = world.rule()
    place = Place(*xy(300, 300))
    mark = rule.locate(place, DAY).basis.fingerprint
    assert mark == world.rule(reverse=True).locate(replace(place, text="x"), DAY).basis.fingerprint
    others = {
        rule.locate(Place(*xy(301, 300)), DAY).basis.fingerprint,
        rule.locate(replace(place, radius_m=1.0), DAY).basis.fingerprint,
        rule.locate(place, date(2026, 11, 21)).basis.fingerprint,
        four_towns(accuracy_m=60.0).rule().locate(place, DAY).basis.fingerprint,
    }
    assert len(others | {mark}) == 5


metres = st.floats(-2600, 2600)


def patchwork() -> World:
    """Everything at once: overlap, gap, park, dispute, villages, rivers, a person."""
    world = with_rivers()
    hole = (((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)
    world.units[1] = (unit("330402102"), box(-200, 0, 2000, 2000, holes=hole))
    world.units.append((unit("330402400", "park", "330402", 10), box(-300, -900, 300, -300)))
    world.units.append((unit("330402102201", "village", "330402102"), box(0, 0, 1000, 2000)))
    claim = Dispute("D1", "争议", ("330402103", "330402104"))
    world.disputes.append((claim, box(-100, -1900, 100, -1500)))
    person = Person("甲", "", "")
    world.posts.append(Post("grid_head", "township", "unit", "330402101", person, None, None))
    return world


RULE, REVERSED = patchwork().rule(), patchwork().rule(reverse=True)


@given(metres, metres)
@settings(max_examples=300, deadline=None)
def test_there_is_always_exactly_one_primary_owner(east, north):
    verdict = RULE.locate(Place(*xy(east, north)), DAY)
    if verdict.status is Status.OUTSIDE:
        assert verdict.owner is None
    else:
        assert verdict.owner == verdict.candidates[0].unit
        assert [c.unit for c in verdict.candidates].count(verdict.owner) == 1
        assert verdict.chain
    assert (verdict.status is Status.UNASSIGNED) <= verdict.provisional


@given(metres, metres)
@settings(max_examples=300, deadline=None)
def test_the_answer_does_not_depend_on_the_order_of_features(east, north):
    place = Place(*xy(east, north))
    assert RULE.locate(place, DAY) == REVERSED.locate(place, DAY)


@given(metres, metres, st.floats(0, 360), st.floats(0, 49.9))
@settings(max_examples=400, deadline=None)
def test_less_than_the_accuracy_never_leads_from_certain_to_certain(east, north, azimuth, way):
    lon, lat = xy(east, north)
    before = RULE.locate(Place(lon, lat), DAY)
    there_lon, there_lat, _ = GEOD.fwd(lon, lat, azimuth, way)
    after = RULE.locate(Place(there_lon, there_lat), DAY)
    if before.status is after.status is Status.CERTAIN:
        assert before.owner == after.owner
