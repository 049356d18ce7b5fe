"""Warning downstream on the example: what the labelled spill reaches, when, and whom to call."""

from datetime import datetime, timedelta

import pytest

from gridmap.domain.rivers.waterways import Spot
from gridmap.domain.warning import TargetKind
from gridmap.project import ProjectError
from gridmap.project.columns import ZONE
from gridmap.project.example import open_example
from gridmap.project.warning import warning_of
from gridmap.project.waters import waters_of

OUTLET = (120.8067, 30.7429)  # place `event` of docs/example.md
START = datetime(2026, 11, 14, 6, tzinfo=ZONE)


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def answer(example):
    return warning_of(example, *OUTLET, START)


def test_sections_are_reached_when_the_example_says_so(answer):
    """docs/example.md: after 2.4, 9.7, 18.9 and 28.3 h at the velocities of the reaches."""
    sections = {
        one.target.name: one.way.hours
        for one in answer.found.arrivals
        if one.target.kind is TargetKind.SECTION
    }
    hours = sorted(sections.values())
    for expected in (2.4, 9.7, 18.9, 28.3):
        assert min(abs(one - expected) for one in hours) < 0.15
    for one in answer.found.arrivals:
        assert one.earliest <= one.latest
        assert one.way.hours_fast <= one.way.hours <= one.way.hours_slow


def test_calls_go_by_arrival_and_from_the_village_up(answer):
    assert [call.order for call in answer.calls] == list(range(1, len(answer.calls) + 1))
    earliest = [call.earliest for call in answer.calls]
    assert earliest == sorted(earliest)
    first = answer.calls[0]
    assert first.about
    assert START <= first.earliest <= first.latest
    names = [call.who.person.name for call in answer.calls if call.who.person]
    assert len(names) == len(set(names))  # each person once


def test_borders_and_the_county_beyond_are_told(answer):
    names = [name for name, _ in answer.neighbours]
    assert "大桥镇" in names
    assert "平湖市" in names


def test_water_stops_at_a_closed_sluice(example, answer):
    reach = next(
        one.target for one in answer.found.arrivals
        if one.target.kind is TargetKind.REACH and one.way.metres > 4000
    )  # fmt: skip
    shut = waters_of(example, closed=(Spot(reach.code, 1.0),))
    stopped = warning_of(example, *OUTLET, START, waters=shut)
    assert [one.target.name for one in stopped.found.stopped_by] == [reach.code]
    assert stopped.found.stopped_by[0].way.metres < sum(
        far for _, far in answer.found.reaches.values()
    )
    assert len(stopped.found.arrivals) < len(answer.found.arrivals)


def test_no_water_no_warning(example):
    with pytest.raises(ProjectError) as told:
        warning_of(example, 120.2, 30.2, START)
    assert told.value.key == "warning.error.not_on_water"


def test_the_start_moves_the_windows(example, answer):
    later = warning_of(example, *OUTLET, START + timedelta(hours=5))
    assert [one.earliest for one in later.found.arrivals] == [
        one.earliest + 5 * 3_600_000_000 for one in answer.found.arrivals
    ]
