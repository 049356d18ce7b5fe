"""Tracing on the example: the labelled ammonia event, and what cannot be traced."""

from datetime import datetime

import pytest

from gridmap.domain.tracing import MarkKind, State
from gridmap.domain.verdict import Bank
from gridmap.project import ProjectError
from gridmap.project.example import open_example
from gridmap.project.tracing import Asked, trace_of
from gridmap.project.waters import trace_rules_of, waters_of

TRUTH = "91330402EXAM00019H-DW001"  # docs/example.md
START = datetime.fromisoformat("2026-11-14T00:00+08:00")
END = datetime.fromisoformat("2026-11-18T00:00+08:00")


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def waters(example):
    return waters_of(example)


def test_everything_on_the_water_is_placed(example, waters):
    assert len(waters.sections) == 14
    outlets = example.layer("outlets")
    assert len(waters.outlets) + len(waters.far) == int((outlets["kind"] != "DA").sum())
    for one in waters.sections:
        lon, lat = waters.place_of(one.spot)
        assert abs(lon - one.lon) < 1e-4
        assert abs(lat - one.lat) < 1e-4
        assert one.bank in set(Bank)
    kinds = {mark.kind for mark in waters.marks}
    assert kinds == {MarkKind.MOUTH, MarkKind.BORDER}


@pytest.mark.parametrize(("station", "hours"), [("WS03", 2.4), ("WS04", 9.7), ("WS05", 18.9)])
def test_the_event_leads_to_its_outlet(example, waters, station, hours):
    answer = trace_of(example, Asked(station, "nh3n", START, END), waters=waters)
    codes = [one.source.code for one in answer.found.suspects]
    truth = answer.found.suspects[codes.index(TRUTH)]
    assert truth.way.hours == pytest.approx(hours, abs=0.1)  # as the example was made
    assert answer.verdicts[TRUTH].owner.name == "东栅街道"
    clean = {one.code: one.state for one in answer.found.sections}
    assert clean["WS02"] is State.CLEAN
    # Nothing behind the clean section scores above anything before it.
    behind = [one.behind for one in answer.found.suspects]
    assert "WS02" in behind
    assert all(one.score == 0 for one in answer.found.suspects if one.behind)


def test_the_latest_event_is_taken_unless_a_time_is_given(example, waters):
    answer = trace_of(example, Asked("WS03", "nh3n"), waters=waters)
    assert answer.peak[0] > 3
    assert answer.found.event.limit == 1.0  # Ⅲ of GB 3838, the section's target


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (Asked("XX", "nh3n"), "no_station"),
        (Asked("WS03", "pm25"), "no_item"),
        (Asked("KQ01", "pm25"), "not_on_water"),
        (Asked("WS03", "conductivity"), "no_limit"),
        (Asked("WS01", "nh3n", limit=40.0), "no_event"),
    ],
)
def test_what_cannot_be_traced_says_why(example, waters, asked, key):
    with pytest.raises(ProjectError) as told:
        trace_of(example, asked, waters=waters)
    assert told.value.key == f"tracing.error.{key}"


def test_rules_come_from_the_table(example):
    rules = trace_rules_of(example)
    assert (rules.limit_m, rules.items) == (20_000.0, 0.4)
