"""Warning downstream on the example: what the labelled spill reaches, when, and whom to call."""

from datetime import date, datetime, timedelta

import pytest

from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.rivers.work.waters import waters_of
from gridmap.capabilities.warning.rules import TargetKind
from gridmap.capabilities.warning.work.calls import CallKind
from gridmap.capabilities.warning.work.warning import warning_of
from gridmap.core.moments import ZONE
from gridmap.store import ProjectError
from gridmap.store.example import open_example

OUTLET = (120.8067, 30.7429)  # place `event` of docs/example.md
START = datetime(2026, 11, 14, 6, tzinfo=ZONE)


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def waters(example):
    return waters_of(example)


@pytest.fixture(scope="module")
def answer(example, waters):
    return warning_of(example, *OUTLET, START, waters=waters)


def names(answer, *kinds):
    return [one.target.name for one in answer.found.of(*kinds)]


def test_sections_are_reached_when_the_example_says_so(answer):
    """docs/example.md: after 2.4, 9.7, 18.9 and 28.3 h at the velocities of the reaches."""
    hours = sorted(one.way.hours for one in answer.found.of(TargetKind.SECTION))
    for expected in (2.4, 9.7, 18.9, 28.3):
        assert min(abs(one - expected) for one in hours) < 0.15
    for one in answer.found.arrivals:
        assert one.earliest <= one.latest
        assert one.way.hours_fast <= one.way.hours <= one.way.hours_slow


def test_each_thing_is_told_once_and_the_own_reach_first(answer):
    keys = [(one.target.kind, one.target.code) for one in answer.found.arrivals]
    assert len(keys) == len(set(keys))
    assert keys[0] == (TargetKind.REACH, answer.found.place.reach)
    assert answer.found.arrivals[0].way.metres == 0.0
    earliest = [one.earliest for one in answer.found.arrivals]
    assert earliest == sorted(earliest)


def test_urban_boundaries_are_no_protected_zones(answer):
    zones = names(answer, TargetKind.ZONE)
    assert "平湖塘生态廊道（示例）" in zones
    assert not any("城镇开发边界" in name for name in zones)


def test_intakes_are_called_first_drinking_water_before_all(answer):
    first, second, third = answer.calls[:3]
    assert (first.kind, first.use, first.supplied) == (CallKind.INTAKE, "drinking", 86000)
    assert (first.name, first.phone) == ("示例取水联系人01", "10200020001")
    assert (second.kind, second.use) == (CallKind.INTAKE, "irrigation")
    assert second.earliest < first.earliest  # drinking water comes first though later reached
    assert third.kind is CallKind.CHIEF
    assert third.about == ("平湖塘3段",)


def test_the_rest_goes_by_arrival_and_from_the_village_up(answer):
    assert [call.order for call in answer.calls] == list(range(1, len(answer.calls) + 1))
    others = [call for call in answer.calls if call.kind is not CallKind.INTAKE]
    assert [call.earliest for call in others] == sorted(call.earliest for call in others)
    assert [call.who.tier for call in others[:4]] == ["village", "township", "county", "city"]
    people = [call.name for call in others if call.kind is CallKind.CHIEF and call.name]
    assert len(people) == len(set(people))  # each person once
    for call in others:
        assert START <= call.earliest <= call.latest


def test_a_vacancy_is_told(answer):
    """docs/example.md: HL001-09, county, vacant since 2026-10-01."""
    (vacant,) = [c for c in answer.calls if c.who is not None and c.who.vacant]
    assert (vacant.who.tier, vacant.who.since) == ("county", date(2026, 10, 1))
    assert vacant.about == ("平湖塘9段",)
    assert (vacant.name, vacant.phone) == ("", "")


def test_neighbours_are_told_with_the_grid_head_where_the_project_knows_one(answer):
    neighbours = {c.unit: c for c in answer.calls if c.kind is CallKind.NEIGHBOUR}
    assert list(neighbours) == ["大桥镇", "七星街道", "新丰镇", "平湖市", "嘉善县"]
    assert neighbours["大桥镇"].who.role == "grid_head"
    assert neighbours["大桥镇"].phone.startswith("102")
    assert neighbours["平湖市"].who is None  # a county beyond: no posts in this project
    assert neighbours["平湖市"].phone == ""
    assert "东栅街道" not in neighbours  # the spill is in its own water


def test_water_stops_at_a_closed_sluice(example, answer):
    shut = waters_of(example, closed=(Spot("HL001-06", 1.0),))
    stopped = warning_of(example, *OUTLET, START, waters=shut)
    assert names(stopped, TargetKind.SLUICE) == ["平湖塘6段"]
    assert len(stopped.found.arrivals) < len(answer.found.arrivals)
    assert "示例断面10 平湖塘出境" not in names(stopped, TargetKind.SECTION)


def test_a_closed_sluice_of_the_layer_has_its_name(example, waters):
    """ZB05 on HL018-02 is closed (docs/example.md)."""
    shut = next(spot for spot in waters.ways.closed if spot.reach == "HL018-02")
    lon, lat = waters.place_of(Spot(shut.reach, max(shut.chainage_m - 200.0, 0.0)))
    stopped = warning_of(example, lon, lat, START, waters=waters)
    assert "七星港闸" in names(stopped, TargetKind.SLUICE)[0]


def test_a_sluice_stops_water_that_runs_back(example):
    shut = waters_of(example, closed=(Spot("HL001-03", 800.0),), turned=("HL001-03",))
    lon, lat = shut.place_of(Spot("HL001-03", 1200.0))
    stopped = warning_of(example, lon, lat, START, waters=shut)
    assert names(stopped, TargetKind.SLUICE) == ["平湖塘3段"]
    assert stopped.found.stopped_by[0].way.metres == pytest.approx(400.0, abs=1.0)


def test_water_that_runs_back_goes_the_other_way(example):
    back = warning_of(example, *OUTLET, START, turned=("HL001-03",))
    assert "示例断面07 平湖塘东栅" not in names(back, TargetKind.SECTION)


def test_faster_water_comes_sooner(example, waters, answer):
    quick = warning_of(example, *OUTLET, START, factor=2.0, waters=waters)
    assert [call.name for call in quick.calls] == [call.name for call in answer.calls]
    for one, other in zip(quick.found.arrivals, answer.found.arrivals, strict=True):
        assert one.way.hours == pytest.approx(other.way.hours / 2)
    moved = answer.retimed(START + timedelta(hours=3), 2.0)
    for call, other in zip(moved.calls, quick.calls, strict=True):
        assert abs(call.earliest - other.earliest - timedelta(hours=3)) < timedelta(seconds=1)
    assert moved.pieces[-1].to_h == pytest.approx(quick.pieces[-1].to_h)


def test_what_cannot_be_answered_says_why(example, waters):
    with pytest.raises(ProjectError) as told:
        warning_of(example, 120.2, 30.2, START, waters=waters)
    assert told.value.key == "warning.error.not_on_water"
    with pytest.raises(ProjectError) as told:
        warning_of(example, *OUTLET, START, turned=("HL999-01",))
    assert told.value.key == "warning.error.no_reach"
    assert "HL999-01" in str(told.value)


def test_the_start_moves_the_windows(example, waters, answer):
    later = warning_of(example, *OUTLET, START + timedelta(hours=5), waters=waters)
    assert [one.earliest for one in later.found.arrivals] == [
        one.earliest + 5 * 3_600_000_000 for one in answer.found.arrivals
    ]
