"""Any split of what arrives gives the alerts of one evaluation of everything."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.alerts.rules import (
    Against,
    AlertGrade,
    AlertRule,
    Condition,
    Escalation,
    Event,
    Kind,
    State,
    Surroundings,
    Tier,
    Track,
    detect,
    is_due,
    lookback_us,
    must_begin_anew,
)
from gridmap.capabilities.alerts.rules.observing import ABSENT, NOT_COUNTED, USED
from gridmap.core.declaration import Titles
from gridmap.standards.files import standards
from gridmap.standards.tables import Confidence

HOUR = 3_600_000_000
START = 1_790_000_000_000_000 // (24 * HOUR) * (24 * HOUR) - 8 * HOUR  # a midnight of Shanghai


def around(target: int | None = 3) -> Surroundings:
    tables = standards()
    return Surroundings(tables.water, tables.air, target=target)


def rule(kind: Kind, **changes: Any) -> AlertRule:
    plain: dict[str, Any] = {
        "id": "r", "title": Titles(zh="规则", en="rule"), "kind": kind, "medium": "water",
        "source": "test", "confidence": Confidence.LOW, "grade": AlertGrade.YELLOW,
        "items": ("nh3n",),
    }  # fmt: skip
    return AlertRule(**{**plain, **changes})


def exceedance(**changes: Any) -> AlertRule:
    return rule(
        Kind.EXCEEDANCE,
        **{
            "against": Against.TARGET,
            "escalations": (
                Escalation(grade=AlertGrade.ORANGE, classes=2),
                Escalation(grade=AlertGrade.RED, classes=3),
            ),
            "duration": 2,
            "hysteresis": 2,
            **changes,
        },
    )


def track(values: list[float], step_h: float = 4.0, start: int = START) -> Track:
    numbers = np.array(values, dtype=np.float64)
    times = start + (np.arange(len(values)) * step_h * HOUR).astype(np.int64)
    marks = np.where(np.isnan(numbers), ABSENT, USED).astype(np.int8)
    return Track(times, numbers, marks)


def run(
    one: AlertRule, tracks: dict[str, Track], until: int | None = None, key: str = "nh3n"
) -> list[Event]:
    last = max(int(found.times[-1]) for found in tracks.values())
    state, events = detect(one, key, None, tracks, until or last, around())
    assert json.loads(json.dumps(state.as_data())) is not None
    return list(events)


def hours(event: Event) -> tuple[float, float, float | None]:
    end = None if event.end is None else (event.end - START) / HOUR
    return (event.start - START) / HOUR, (event.last - START) / HOUR, end


# --- one rule at a time -------------------------------------------------------------------


def test_two_readings_make_an_event_and_two_within_end_it() -> None:
    values = [0.3, 1.2, 0.4, 1.1, 1.7, 0.6, 1.3, 0.5, 0.4, 0.3]
    (event,) = run(exceedance(), {"nh3n": track(values)})
    # The lone 1.2 is no event; the lone 0.6 ends none.
    assert hours(event) == (12.0, 24.0, 28.0)
    assert (event.readings, event.peak_value, event.peak_limit) == (3, 1.7, 1.0)
    assert event.grade is AlertGrade.ORANGE  # 1.7 is Ⅴ, two classes worse than Ⅲ
    assert event.severity == pytest.approx(0.7)


def test_what_comes_again_within_the_silence_is_the_same_event() -> None:
    values = [1.2, 1.3, 0.1, 0.1, 0.1, 1.4, 1.5, 0.1, 0.1]
    assert len(run(exceedance(), {"nh3n": track(values)})) == 2
    (event,) = run(exceedance(silence_h=12.0), {"nh3n": track(values)})
    assert hours(event) == (0.0, 24.0, 28.0)
    assert event.readings == 4


def test_readings_far_apart_are_not_successive() -> None:
    early, late = track([1.2]), track([1.3], start=START + 48 * HOUR)
    both = Track(*(np.concatenate(pair) for pair in zip(
        (early.times, early.values, early.marks), (late.times, late.values, late.marks),
        strict=True)))  # fmt: skip
    assert run(exceedance(gap_h=24.0), {"nh3n": both}) == []
    assert len(run(exceedance(gap_h=72.0), {"nh3n": both})) == 1


def test_oxygen_is_a_floor_and_ph_has_two_sides() -> None:
    oxygen = exceedance(items=("dissolved_oxygen",))
    (event,) = run(oxygen, {"dissolved_oxygen": track([6, 4.9, 2.5, 6, 6])}, key="dissolved_oxygen")
    assert (event.peak_value, event.peak_limit) == (2.5, 5.0)
    assert event.severity == pytest.approx(0.5)
    ph = exceedance(items=("ph",), against=Against.CLASS, water_class="III", escalations=())
    (event,) = run(ph, {"ph": track([7, 9.5, 5.0, 7, 7])}, key="ph")
    assert (event.peak_value, event.peak_limit) == (5.0, 6.0)


def test_a_limit_of_the_office_and_the_hourly_limit_of_the_air() -> None:
    own = exceedance(against=Against.LIMIT, limit=0.8, escalations=(), duration=1)
    assert [hours(one) for one in run(own, {"nh3n": track([0.8, 0.81, 0.1, 0.1])})] == [(4, 4, 8)]
    ozone = exceedance(
        medium="air", items=("o3",), against=Against.STANDARD, gap_h=3.0,
        escalations=(Escalation(grade=AlertGrade.RED, multiple=0.5),),
    )  # fmt: skip
    (event,) = run(ozone, {"o3": track([200, 201, 310, 90, 90], 1.0)}, key="o3")
    assert (event.peak_limit, event.grade, event.readings) == (200.0, AlertGrade.RED, 2)


def test_a_station_without_target_is_not_compared() -> None:
    found = detect(exceedance(), "nh3n", None, {"nh3n": track([9, 9, 9])}, START * 2, around(None))
    assert found[1] == ()


def test_the_class_falls_by_two_between_two_readings() -> None:
    jump = rule(Kind.CLASS_JUMP, jump=2, gap_h=8.0)
    (event,) = run(jump, {"nh3n": track([0.3, 1.3, 1.4, 0.2])})
    assert hours(event) == (4.0, 4.0, 8.0)
    assert (event.peak_value, event.peak_limit, event.severity) == (1.3, 0.3, 2.0)


def test_sudden_change_against_the_median_of_six() -> None:
    sudden = rule(Kind.SUDDEN_CHANGE, hysteresis=1)
    calm = [0.6, 0.5, 0.7, 0.6, 0.5, 0.7]
    assert run(sudden, {"nh3n": track([*calm, 1.79, 0.6])}) == []
    (event,) = run(sudden, {"nh3n": track([*calm, 1.9, 0.6])})
    assert event.peak_limit == pytest.approx(1.8)
    assert len(run(sudden, {"nh3n": track([*calm, 0.19, 0.6])})) == 1
    # Five readings are no history, and changes up to Ⅱ are of no account where a rule says so.
    assert run(sudden, {"nh3n": track([*calm[:5], 1.9])}) == []
    quiet = replace(sudden, above_class="II")
    assert run(quiet, {"nh3n": track([0.01] * 6 + [0.4])}) == []


def test_a_run_of_equal_values_begins_with_the_first_of_them() -> None:
    stuck = rule(Kind.STUCK, duration=6)
    assert run(stuck, {"nh3n": track([0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3])}) == []
    (event,) = run(stuck, {"nh3n": track([0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3])})
    assert hours(event) == (4.0, 24.0, 28.0)
    assert event.readings == 6


def test_values_at_the_detection_limit_are_not_stuck() -> None:
    stuck = rule(Kind.STUCK, duration=6, floors={"nh3n": 0.05})
    assert run(stuck, {"nh3n": track([0.025] * 12)}) == []
    assert len(run(stuck, {"nh3n": track([0.06] * 12)})) == 1
    sudden = rule(Kind.SUDDEN_CHANGE, floors={"nh3n": 0.1})
    assert run(sudden, {"nh3n": track([0.02] * 6 + [0.09])}) == []
    assert len(run(sudden, {"nh3n": track([0.02] * 6 + [0.11])})) == 1


def test_a_silent_station_and_planned_pauses() -> None:
    silent = rule(Kind.MISSING, items=(), duration=2)
    whole = track([0.1] * 3)
    late = START + 24 * HOUR
    assert run(silent, {"nh3n": whole}, START + 15 * HOUR, "") == []
    assert run(silent, {"nh3n": whole}, START + 19 * HOUR, "") == []  # one is overdue
    (event,) = run(silent, {"nh3n": whole}, late, "")
    assert hours(event) == (12.0, 20.0, None)
    _, paused = detect(
        silent, "", None, {"nh3n": whole}, late, around(), [(START + 8 * HOUR, late)]
    )
    assert paused == ()
    flagged = Track(whole.times, np.full(3, np.nan), np.array([0, 2, 2], np.int8))
    assert run(silent, {"nh3n": flagged}, START + 8 * HOUR, "") == []
    lost = Track(whole.times, np.full(3, np.nan), np.array([0, 1, 1], np.int8))
    assert len(run(silent, {"nh3n": lost}, START + 8 * HOUR, "")) == 1


def test_one_item_missing_where_others_come() -> None:
    probe = rule(Kind.MISSING, items=("tp",), duration=2)
    tracks = {"nh3n": track([0.1] * 6), "tp": track([0.2, np.nan, np.nan, 0.2])}
    (event,) = run(probe, tracks, key="tp")[:1]
    assert hours(event) == (4.0, 8.0, 12.0)
    late = {"nh3n": track([0.1] * 4), "tp": track([0.2], start=START + 12 * HOUR)}
    assert run(probe, late, key="tp") == []  # it was not measured before


def test_days_of_heavy_pollution() -> None:
    heavy = rule(
        Kind.HEAVY_POLLUTION, medium="air", items=(), gap_h=48.0, step_h=1.0,
        tiers=(
            Tier(grade=AlertGrade.YELLOW, conditions=(Condition(above=200),)),
            Tier(grade=AlertGrade.YELLOW, conditions=(Condition(above=150, days=2),)),
            Tier(grade=AlertGrade.ORANGE, conditions=(Condition(above=150, days=3),)),
        ),
    )  # fmt: skip
    levels = [40, 130, 130, 130, 40]  # μg/m³ of PM2.5; 115 is AQI 150
    daily = np.repeat(levels, 24).astype(float)
    pm = Track(START + (np.arange(len(daily)) + 1) * HOUR, daily, np.zeros(len(daily), np.int8))
    surroundings = replace(around(), not_monitored=frozenset({"so2", "no2", "co", "o3", "pm10"}))
    until = START + 5 * 24 * HOUR
    _, (event,) = detect(heavy, "", None, {"pm25": pm}, until, surroundings)
    assert hours(event) == (48.0, 72.0, 96.0)
    assert event.grade is AlertGrade.ORANGE


def test_the_yangtze_rule_compares_with_last_year() -> None:
    yangtze = rule(
        Kind.YANGTZE, items=(), gap_h=1488.0,
        tiers=(Tier(grade=AlertGrade.ORANGE, worse_by=1), Tier(grade=AlertGrade.RED, worse_by=2)),
    )  # fmt: skip
    first = np.datetime64("2025-01-01T00:00")
    times = np.arange(first, np.datetime64("2026-05-01T00:00"), np.timedelta64(4, "h"))
    months = times.astype("datetime64[M]")
    values = np.where(months < np.datetime64("2026-01"), 0.8, 1.2)  # Ⅲ, then Ⅳ
    values[months >= np.datetime64("2026-03")] = 6.0  # so that the year so far is worse than Ⅴ
    micro = times.astype("datetime64[s]").astype(np.int64) * 1_000_000 - 8 * HOUR
    one = Track(micro, values, np.zeros(len(micro), np.int8))
    until = int(micro[-1]) + 4 * HOUR
    _, (event,) = detect(yangtze, "", None, {"nh3n": one}, until, around())
    assert event.readings == 4  # January to April
    assert event.grade is AlertGrade.RED
    # 1.2, 1.2, 6.0 is 2.8 on average: worse than Ⅴ, three classes below last year's Ⅲ.
    assert event.severity == 3.0
    _, none = detect(yangtze, "", None, {"nh3n": one}, until, around(6))
    assert none == ()  # the target is kept


# --- any split is the whole ---------------------------------------------------------------

VALUES = st.lists(
    st.one_of(st.sampled_from([0.1, 0.4, 0.9, 1.1, 1.3, 1.8, 2.5]), st.just(float("nan"))),
    min_size=1, max_size=60,
)  # fmt: skip
RULES = [
    exceedance(),
    exceedance(duration=3, hysteresis=1, silence_h=12.0, gap_h=8.0),
    rule(Kind.CLASS_JUMP),
    rule(Kind.SUDDEN_CHANGE, hysteresis=2, window=3, ratio=1.5),
    rule(Kind.STUCK, duration=3, gap_h=8.0),
    rule(Kind.MISSING, items=(), duration=2),
    rule(Kind.MISSING, items=("tp",), duration=2),
]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), values=VALUES, one=st.sampled_from(RULES))
def test_any_split_of_the_arrivals_gives_the_same(
    data: st.DataObject, values: list[float], one: AlertRule
) -> None:
    absent = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    whole = track(values)
    kept = np.array([not gone for gone in absent]) | (np.arange(len(values)) == 0)
    marks = np.where(
        np.isnan(whole.values) & (np.arange(len(values)) % 3 == 0), NOT_COUNTED, whole.marks
    )
    nh3n = Track(whole.times[kept], whole.values[kept], marks[kept].astype(np.int8))
    tp = Track(whole.times[::2], whole.values[::2], whole.marks[::2])
    tracks = {"nh3n": nh3n, "tp": tp}
    key = "" if not one.items else one.items[0]
    last = int(whole.times[-1]) + data.draw(st.integers(0, 20)) * HOUR
    cuts = sorted(data.draw(st.lists(st.integers(START - HOUR, last), max_size=6)))
    at_once = {e.start: e for e in detect(one, key, None, tracks, last, around())[1]}
    state: State | None = None
    found: dict[int, Event] = {}
    for cut in (*cuts, last):
        low = -(2**62) if state is None else state.to - lookback_us(one)
        arrived = {item: full.up_to(cut).after(low) for item, full in tracks.items()}
        if state is not None and must_begin_anew(one, state, arrived):
            state, found = None, {}
            arrived = {item: full.up_to(cut) for item, full in tracks.items()}
        state, events = detect(one, key, state, arrived, cut, around())
        state = State.of_data(json.loads(json.dumps(state.as_data())))
        found |= {event.start: event for event in events}
    assert found == at_once


@settings(max_examples=30, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 24 * 8), max_size=5),
    days=st.lists(st.sampled_from([30.0, 130.0, 160.0, 300.0]), min_size=8, max_size=8),
)
def test_the_same_for_hours_and_days_of_the_air(cuts: list[int], days: list[float]) -> None:
    hourly = np.repeat(days, 24)
    pm = Track(START + (np.arange(192) + 1) * HOUR, hourly, np.zeros(192, np.int8))
    surroundings = replace(around(), not_monitored=frozenset({"so2", "no2", "co", "o3", "pm10"}))
    tiers = (
        Tier(grade=AlertGrade.YELLOW, conditions=(Condition(above=150, days=2),)),
        Tier(grade=AlertGrade.RED, conditions=(Condition(above=200, days=3), Condition(above=300))),
    )
    for one in (
        rule(Kind.AQI, medium="air", items=(), limit=150.0, duration=3, hysteresis=2),
        rule(Kind.HEAVY_POLLUTION, medium="air", items=(), tiers=tiers, gap_h=48.0),
    ):
        last = int(pm.times[-1])
        at_once = {e.start: e for e in detect(one, "", None, {"pm25": pm}, last, surroundings)[1]}
        state: State | None = None
        found: dict[int, Event] = {}
        for cut in (*sorted(START + hour * HOUR for hour in cuts), last):
            low = -(2**62) if state is None else state.to - lookback_us(one)
            arrived = {"pm25": pm.up_to(cut).after(low)}
            state, events = detect(one, "", state, arrived, cut, surroundings)
            found |= {event.start: event for event in events}
        assert found == at_once


def test_the_yangtze_rule_month_by_month() -> None:
    yangtze = rule(
        Kind.YANGTZE, items=(), gap_h=1488.0,
        tiers=(Tier(grade=AlertGrade.ORANGE, worse_by=1), Tier(grade=AlertGrade.RED, worse_by=2)),
    )  # fmt: skip
    times = np.arange(
        np.datetime64("2024-01-01T00:00"), np.datetime64("2026-06-01T00:00"), np.timedelta64(4, "h")
    )
    months = times.astype("datetime64[M]")
    values = np.where((months.astype(int) % 12 < 4) & (months > np.datetime64("2025-06")), 1.7, 0.4)
    micro = times.astype("datetime64[s]").astype(np.int64) * 1_000_000 - 8 * HOUR
    one = Track(micro, values, np.zeros(len(micro), np.int8))
    last = int(micro[-1]) + 4 * HOUR
    at_once = {e.start: e for e in detect(yangtze, "", None, {"nh3n": one}, last, around())[1]}
    assert at_once
    state: State | None = None
    found: dict[int, Event] = {}
    for cut in (*range(int(micro[0]), last, 11 * 24 * HOUR), last):
        low = -(2**62)
        if state is not None:
            low = state.to - (lookback_us(yangtze) if is_due(yangtze, state.to, cut) else 0)
        arrived = {"nh3n": one.up_to(cut).after(low)}
        state, events = detect(yangtze, "", state, arrived, cut, around())
        found |= {event.start: event for event in events}
    assert found == at_once
