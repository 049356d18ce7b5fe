"""Tracing on the example: the labelled ammonia event, and what cannot be traced."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gridmap import shipped
from gridmap.capabilities.locate.rules.verdict import Bank
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.rules.waterways import MarkKind
from gridmap.capabilities.rivers.work.waters import waters_of
from gridmap.capabilities.stations.work.facts import outlet_series
from gridmap.capabilities.tracing.rules import PartKind, State
from gridmap.capabilities.tracing.work.figures import trace_rules_of
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.store import ProjectError
from gridmap.store.example import open_example

TRUTH = "91330402EXAM00019H-DW001"  # docs/example.md
NEIGHBOUR = "91330402EXAM00078L-DW001"
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
    assert codes[0] == TRUTH
    truth = answer.found.suspects[0]
    assert truth.score > answer.found.suspects[1].score + 0.1
    assert truth.part(PartKind.OWN).value == 1
    neighbour = answer.found.suspects[codes.index(NEIGHBOUR)]
    assert neighbour.way.metres < truth.way.metres
    assert neighbour.part(PartKind.OWN).value == 0
    assert truth.way.hours == pytest.approx(hours, abs=0.1)  # as the example was made
    assert answer.verdicts[TRUTH].owner.name == "东栅街道"
    clean = {one.code: one.state for one in answer.found.sections}
    assert clean["WS02"] is State.CLEAN
    # Nothing behind the clean section scores above anything before it.
    behind = [one.behind for one in answer.found.suspects]
    assert "WS02" in behind
    assert all(one.score == 0 for one in answer.found.suspects if one.behind)


def test_from_the_border_the_outlet_lies_beyond_the_walk(example, waters):
    """20.4 km of water lie between it and WS06; who walks on finds it."""
    asked = Asked("WS06", "nh3n", START, END)
    near = trace_of(example, asked, waters=waters)
    assert TRUTH not in [one.source.code for one in near.found.suspects]
    rules = replace(trace_rules_of(example), limit_m=25_000.0)
    far = trace_of(example, asked, rules, waters)
    assert far.found.suspects[0].source.code == TRUTH


def own_parts(project, item="nh3n", **asked):
    answer = trace_of(project, Asked("WS03", item, **asked), waters=waters_of(project))
    return {one.source.code: one.part(PartKind.OWN).value for one in answer.found.suspects}


def test_who_measures_nothing_is_not_known(example):
    parts = own_parts(example)
    measured = {code for code, items in outlet_series(example).items() if "nh3n" in items}
    assert {code for code, value in parts.items() if value is not None} == measured & set(parts)
    assert None in parts.values()


def test_readings_of_another_time_say_nothing(example):
    """In December 2025 no outlet measured itself yet."""
    before = datetime.fromisoformat("2026-01-20T00:00+08:00")
    parts = own_parts(example, start=START - timedelta(days=365), end=before, limit=0.3)
    assert set(parts.values()) == {None}


def test_the_jump_is_a_figure_of_the_project(tmp_path):
    path = shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", tmp_path / "copy.gpkg")
    with AnsweringProject.open(path) as project:
        with project.change("settings", actor="test") as change:
            change.set_setting("rules.tracing.own_jump", 20.0)
        assert own_parts(project)[TRUTH] == 0
        with project.change("settings", actor="test") as change:
            change.set_setting("rules.tracing.own_jump", 0)
        with pytest.raises(ProjectError) as told:
            own_parts(project)
    assert told.value.facts["setting"] == "rules.tracing.own_jump"


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
