"""Tracing: brackets and scores by hand, and the rank of the true source over made events."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gridmap.capabilities.rivers.rules.waterways import (
    Mark,
    MarkKind,
    Spot,
    Velocities,
    WaterReach,
    Waterways,
)
from gridmap.capabilities.tracing.rules import (
    Event,
    PartKind,
    Source,
    State,
    TraceRules,
    Trail,
    trace,
)
from gridmap.capabilities.tracing.rules.scoring import Part, score_of
from gridmap.core.moments import HOUR_US

# One river of 10 km at 0.5 m/s: 1 km takes 2000 s, 0.556 h.
RIVER = [WaterReach("r", "r", "甲河", "1", "2", 10_000, 0.5)]
NET = Waterways(RIVER, Velocities(0.5, slow=0.5, fast=2.0))
NOON = 500 * 24 * HOUR_US
EVENT = Event(Spot("r", 9000), "nh3n", NOON, NOON + 8 * HOUR_US, 1.0)


def source(code, chainage, items=("nh3n",), **facts):
    named = None if items is None else frozenset(items)
    return Source(code, code, f"F{code}", code, Spot("r", chainage), named, **facts)


def trail(code, chainage, value, hours=range(-48, 24, 4)):
    times = NOON + np.array(list(hours), np.int64) * HOUR_US
    return Trail(code, code, Spot("r", chainage), times, np.full(len(times), float(value)))


def order(found):
    return [one.source.code for one in found.suspects]


def test_the_time_of_passing_by_hand():
    """4.5 km at 0.5 m/s are 2.5 h; at half the speed 5 h, at twice 1.25 h."""
    found = trace(NET, EVENT, [source("a", 4500)])
    [one] = found.suspects
    assert one.way.hours == pytest.approx(2.5)
    assert one.earliest == NOON - 5 * HOUR_US
    assert one.latest == NOON + 8 * HOUR_US - round(1.25 * HOUR_US)


def test_what_lies_behind_a_clean_section_is_excluded():
    sources = [source("below", 8000), source("inside", 5000), source("behind", 2000)]
    found = trace(NET, EVENT, sources, [trail("S2", 4000, 0.3)])
    [section] = found.sections
    assert (section.code, section.state, section.worst) == ("S2", State.CLEAN, 0.3)
    by_code = {one.source.code: one for one in found.suspects}
    assert by_code["behind"].score == 0
    assert by_code["behind"].behind == "S2"
    assert by_code["inside"].part(PartKind.BRACKET).value == 1
    assert order(found) == ["below", "inside", "behind"]


def test_a_section_beyond_the_limit_needs_a_source_above_it():
    sources = [source("below", 8000), source("above", 2000)]
    found = trace(NET, EVENT, sources, [trail("S2", 4000, 3.0)])
    assert found.sections[0].state is State.BEYOND
    assert order(found) == ["above", "below"]
    assert found.suspects[1].part(PartKind.BRACKET).value == pytest.approx(0.7 * 0.3)


def test_a_silent_section_says_nothing():
    found = trace(NET, EVENT, [source("a", 2000)], [trail("S2", 4000, 0.3, range(-480, -400, 4))])
    assert found.sections[0].state is State.SILENT
    assert found.suspects[0].behind == ""
    assert found.suspects[0].score > 0


def test_a_way_around_a_clean_section_keeps_a_source():
    reaches = [
        WaterReach("top", "top", "", "0", "1", 1000, 0.5),
        WaterReach("left", "left", "", "1", "2", 2000, 0.5),
        WaterReach("right", "right", "", "1", "2", 2000, 0.5),
        WaterReach("low", "low", "", "2", "3", 5000, 0.5),
    ]
    net = Waterways(reaches, Velocities(0.5))
    event = replace(EVENT, spot=Spot("low", 4000))
    above = replace(source("above", 0), spot=Spot("top", 500))
    on_left = replace(source("left", 0), spot=Spot("left", 200))
    section = replace(trail("S", 0, 0.2), spot=Spot("left", 1000))
    found = trace(net, event, [above, on_left], [section])
    behind = {one.source.code: one.behind for one in found.suspects}
    assert behind == {"above": "", "left": "S"}


def test_permits_alerts_and_record_by_hand():
    """Distance 0.8, items 1, own 1, size (0.5 + 2/3) / 2: the mean by the weights."""
    one = source("a", 5000, size=0.5, records=2, beyond=(NOON - 3 * HOUR_US,))
    found = trace(NET, EVENT, [one], rules=TraceRules(limit_m=20_000))
    [suspect] = found.suspects
    size = (0.5 + 2 / 3) / 2
    expected = (0.8 * 0.2 + 1 * 0.4 + 1 * 0.3 + size * 0.1) / 1.0
    assert suspect.score == pytest.approx(expected)
    assert suspect.part(PartKind.BRACKET).value is None
    other = replace(one, items=frozenset({"tp"}), beyond=(NOON - 300 * HOUR_US,))
    [suspect] = trace(NET, EVENT, [other]).suspects
    assert suspect.part(PartKind.ITEMS).value == 0
    assert suspect.part(PartKind.OWN).value == 0
    unknown = replace(one, items=None, beyond=None, size=float("nan"), records=None)
    [suspect] = trace(NET, EVENT, [unknown]).suspects
    assert suspect.part(PartKind.OWN).value is None
    assert suspect.part(PartKind.SIZE).value is None
    assert suspect.score == pytest.approx((0.8 * 0.2 + 0.4 * 0.4) / 0.6)


def test_a_score_without_weights_is_the_middle():
    assert score_of([Part(PartKind.DISTANCE, 0.9, 0.0)]) == 0.5


def test_dissolved_oxygen_is_beyond_when_it_is_too_low():
    event = replace(EVENT, item="dissolved_oxygen", limit=5.0, at_least=True)
    found = trace(NET, event, [source("a", 2000, None)], [trail("S", 4000, 3.0)])
    assert (found.sections[0].state, found.sections[0].worst) == (State.BEYOND, 3.0)


def test_marks_and_reaches_on_the_way():
    marks = [
        Mark(MarkKind.BORDER, "b", "甲镇 | 乙镇", Spot("r", 8500)),
        Mark(MarkKind.MOUTH, "m", "乙河", Spot("r", 9500)),
    ]
    found = trace(NET, EVENT, [], marks=marks, rules=TraceRules(limit_m=3000))
    assert [(mark.code, way.metres) for mark, way in found.marks] == [("b", 500)]
    assert found.reaches == {"r": (0.0, 3000.0)}


def made():
    spec = importlib.util.spec_from_file_location(
        "made_events", Path(__file__).with_name("made_events.py")
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["made_events"] = module
    spec.loader.exec_module(module)
    return module.made_event


def test_the_true_source_ranks_far_better_than_by_distance():
    make = made()
    ours, near = [], []
    for seed in range(1, 150):
        event = make(seed)
        if event is None:
            continue
        found = trace(event.net, event.event, event.sources, event.trails)
        codes = order(found)
        if event.truth not in codes:
            continue
        ours.append(codes.index(event.truth) + 1)
        by_distance = sorted(found.suspects, key=lambda one: one.way.metres)
        near.append([one.source.code for one in by_distance].index(event.truth) + 1)
    assert len(ours) >= 40
    assert np.mean(ours) < 0.5 * np.mean(near)
    assert np.mean(np.array(ours) <= 3) > 0.6
