"""Each check finds its fault, and does not find what only looks like it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.quality.rules import completeness, impossible, network, repeats
from gridmap.capabilities.quality.rules.agreement import Label, agreement
from gridmap.capabilities.quality.rules.checks import (
    CHECKS,
    beside_others,
    examine,
    examine_item,
    examine_station,
)
from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Finding,
    Severity,
    episodes,
    rhythm,
    runs,
    spread,
)
from gridmap.capabilities.quality.rules.spikes import shared_with, spikes
from gridmap.capabilities.quality.rules.stuck import at_limit, stuck
from gridmap.capabilities.quality.work.figures import shipped_figures
from gridmap.core.moments import DAY_US, HOUR_US
from gridmap.standards.item_files import items

FIGURES = shipped_figures()
START = 1_761_926_400_000_000  # 2025-11-01 00:00 Asia/Shanghai


def series(values, item="nh3n", station="WS01", step=4 * HOUR_US, times=None):
    values = np.asarray(values, dtype=np.float64)
    times = START + np.arange(len(values)) * step if times is None else np.asarray(times)
    known = items()[item]
    return CheckedSeries(
        station, item, known.medium, known.decimals, step, times, values, ~np.isnan(values),
        np.zeros(len(values), dtype=bool),
    )  # fmt: skip


def restless(count=600, seed=1, item="nh3n", level=0.5, swing=0.06, rhythmic=0.2, **kwargs):
    rng = np.random.default_rng(seed)
    day = rhythmic * level * np.sin(np.arange(count) / 6 * 2 * np.pi)
    values = np.abs(level + day + rng.normal(0, swing * level, count))
    return series(np.round(values, items()[item].decimals), item, **kwargs)


def with_values(one, where, values):
    changed = one.values.copy()
    changed[where] = values
    return replace(one, values=changed, sound=~np.isnan(changed))


def nothing(one):
    return np.zeros(len(one.times), dtype=bool)


def find_spikes(one):
    return spikes(one, FIGURES.of("spike", one.item), nothing(one))


def find_stuck(one):
    return stuck(one, FIGURES.of("stuck", one.item), FIGURES.of("at_limit", one.item)["limit"])


def spans(findings):
    return [
        ((one.start - START) // (4 * HOUR_US), (one.end - START) // (4 * HOUR_US))
        for one in findings
    ]


# --- tools --------------------------------------------------------------------------------


def test_runs_and_episodes():
    assert list(runs(np.array([1, 1, 0, 1], dtype=bool))) == [(0, 1), (3, 3)]
    assert list(runs(np.zeros(0, dtype=bool))) == []
    assert list(episodes(np.array([0, 1, 5, 6, 20]), 2)) == [(0, 1), (2, 3), (4, 4)]
    assert list(episodes(np.zeros(0, dtype=np.int64), 2)) == []


def test_spread_is_that_of_most_values_and_not_of_a_few():
    rng = np.random.default_rng(0)
    values = np.concatenate((rng.normal(0, 2, 10_000), [1e6] * 100, [np.nan]))
    assert spread(values) == pytest.approx(2, rel=0.05)
    assert np.isnan(spread(np.array([np.nan])))
    assert rhythm(np.array([0])) == HOUR_US


def test_the_same_finding_has_the_same_id():
    one = Finding("stuck", "WS01", "ph", 1, 2, 3, Severity.FAULT, {"value": 7.0})
    assert one.identity == replace(one, facts={}, readings=9).identity
    assert one.identity != replace(one, start=0).identity
    assert one.identity.startswith("F-")


def test_every_check_has_its_figures():
    for check in CHECKS:
        assert FIGURES.of(check)


# --- completeness, gaps, maintenance, non-detects -----------------------------------------


def test_completeness_counts_what_the_rhythm_asks_for():
    one = restless(6 * 61)  # November and December 2025, every 4 hours
    keep = np.ones(len(one.times), dtype=bool)
    keep[10:20] = False  # ten rows never came
    one = with_values(one, slice(30, 34), np.nan)  # four came without a value
    one = replace(one, times=one.times[keep], values=one.values[keep], sound=one.sound[keep],
                  non_detect=one.non_detect[keep])  # fmt: skip
    used = one.sound.copy()
    used[40] = False
    november, december = completeness.month_counts(one, used, int(one.times[-1]))
    assert (november.month, november.expected, november.received, november.usable) == (
        "2025-11", 180, 166, 165,
    )  # fmt: skip
    assert (december.month, december.expected, december.received) == ("2025-12", 186, 186)


def test_a_silent_month_is_expected_too():
    one = restless(6 * 30)
    until = int(one.times[-1]) + 31 * DAY_US
    months = completeness.month_counts(one, one.sound, until)
    assert [(m.month, m.expected, m.received) for m in months] == [
        ("2025-11", 180, 180), ("2025-12", 186, 0),
    ]  # fmt: skip


def test_a_station_that_changes_its_rhythm_is_measured_by_each():
    slow = START + np.arange(180) * 4 * HOUR_US
    fast = START + 30 * DAY_US + np.arange(31 * 24) * HOUR_US
    one = series(np.ones(180 + 744), times=np.concatenate((slow, fast)))
    months = completeness.month_counts(one, one.sound, int(one.times[-1]))
    assert [(m.expected, m.received) for m in months] == [(180, 180), (744, 744)]


@settings(max_examples=40)
@given(st.sets(st.integers(0, 365 * 6 - 1), min_size=2))
def test_nobody_receives_more_than_is_expected(positions):
    at = np.array(sorted(positions))
    one = replace(series(np.ones(len(at)), times=START + at * 4 * HOUR_US), step=4 * HOUR_US)
    months = completeness.month_counts(one, one.sound, int(one.times[-1]))
    assert sum(m.received for m in months) == len(at)
    assert all(m.usable <= m.received <= m.expected for m in months)


def test_gaps_in_the_middle_and_at_the_end():
    one = with_values(restless(200), slice(50, 60), np.nan)
    until = int(one.times[-1]) + 5 * 4 * HOUR_US
    middle, end = completeness.gaps(one, FIGURES.of("gap"), until)
    assert (middle.readings, middle.facts["hours"], middle.facts["open"]) == (10, 40, 0)
    assert (middle.start, middle.end) == (int(one.times[50]), int(one.times[59]))
    assert (end.readings, end.facts["open"], end.severity) == (5, 1, Severity.DOUBT)
    assert middle.severity is Severity.FAULT
    span = [(int(one.times[48]), int(one.times[60]))]
    assert completeness.gaps(one, FIGURES.of("gap"), until, span)[0].severity is Severity.NOTE


def test_gaps_of_a_whole_station_are_one_finding():
    both = {
        item: examine(with_values(restless(200, item=item), slice(50, 60), np.nan),
                      np.ones(200, dtype=bool), FIGURES, START + 199 * 4 * HOUR_US)
        for item in ("nh3n", "tp")
    }  # fmt: skip
    found = [one for one in examine_station(both, FIGURES) if one.check == "gap"]
    assert [(one.item, one.readings, one.facts["items"]) for one in found] == [("", 20, 2)]


def test_values_during_maintenance_are_told():
    one = restless(100)
    found = completeness.during_maintenance(
        one, [(int(one.times[10]), int(one.times[14]) - 1), (0, 5)], FIGURES.of("maintenance")
    )
    assert [(one.readings, one.severity) for one in found] == [(4, Severity.NOTE)]


def test_months_of_non_detects_are_one_finding():
    one = restless(6 * 61)
    below = np.zeros(len(one.times), dtype=bool)
    below[: 6 * 25] = True
    one = replace(one, non_detect=below)
    counts = completeness.month_counts(one, one.sound, int(one.times[-1]))
    assert [count.non_detects for count in counts] == [150, 0]
    (found,) = completeness.non_detects(one, counts, FIGURES.of("non_detects"))
    assert (found.readings, found.facts["months"]) == (150, 1)


# --- stuck --------------------------------------------------------------------------------


def test_a_stuck_value_is_one_finding_also_across_a_lost_reading():
    one = with_values(restless(), slice(100, 118), 0.512)
    one = with_values(one, [107, 111], np.nan)
    (found,) = find_stuck(one)
    assert spans([found]) == [(100, 117)]
    assert (found.readings, found.facts["value"]) == (16, 0.512)
    assert found.facts["hours"] == 72


def test_values_that_only_round_to_the_same_are_stuck():
    one = with_values(restless(), slice(100, 118), 0.5 + np.arange(18) * 1e-5)
    assert spans(find_stuck(one)) == [(100, 117)]


def test_a_clean_night_of_whole_numbers_is_not_stuck():
    """SO2 shows 6 for hours; only what is too long for this series is stuck."""
    rng = np.random.default_rng(5)
    slow = np.repeat(rng.integers(5, 9, 1000), rng.integers(1, 9, 1000))
    one = series(slow, "so2", "KQ01", HOUR_US)
    assert find_stuck(one) == []
    (found,) = find_stuck(with_values(one, slice(900, 1000), 7.0))
    assert found.readings >= 100


def test_runs_at_the_detection_limit_are_noted_and_not_stuck():
    one = with_values(restless(), slice(100, 160), 0.025)
    one = with_values(one, slice(170, 200), 0.025)
    assert find_stuck(one) == []
    (found,) = at_limit(one, FIGURES.of("at_limit", "nh3n"))
    assert (found.severity, found.readings, found.facts["runs"]) == (Severity.NOTE, 90, 2)


def test_marked_non_detects_are_not_stuck():
    one = with_values(restless(), slice(100, 160), 0.05)
    below = np.zeros(len(one.times), dtype=bool)
    below[100:160] = True
    assert find_stuck(replace(one, non_detect=below)) == []


# --- spikes -------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [6.0, 15.0])
def test_a_spike_is_found(factor):
    one = restless()
    one = with_values(one, 300, one.values[300] * factor)
    (found,) = find_spikes(one)
    assert spans([found]) == [(300, 300)]
    assert found.facts["value"] == pytest.approx(one.values[300])
    assert found.facts["level"] == pytest.approx(0.5, abs=0.15)


def test_a_fall_is_found():
    one = restless(item="dissolved_oxygen", level=8.0, rhythmic=0.08)
    (found,) = find_spikes(with_values(one, 300, 1.1))
    assert found.facts["value"] == 1.1
    assert found.facts["level"] == pytest.approx(8.0, abs=2.0)


def test_temperatures_below_zero_have_spikes_too():
    one = restless(item="water_temperature", level=3.0)
    one = replace(one, values=one.values - 5.0)
    assert spans(find_spikes(with_values(one, 300, 25.0))) == [(300, 300)]
    assert find_spikes(one) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000), st.floats(2.0, 40.0), st.integers(3, 40), st.integers(0, 2))
def test_an_event_is_no_spike(seed, factor, decay, rise):
    """A plume: sudden, then decaying over some readings; however high, it is not one reading."""
    one = restless(seed=seed)
    shape = np.exp(-np.arange(80) / decay)
    front = np.linspace(0, 1, rise + 2)[1:-1]
    plume = np.concatenate((front, shape)) * factor * 0.5
    values = one.values.copy()
    values[200 : 200 + len(plume)] += plume
    assert find_spikes(with_values(one, slice(None), np.round(values, 3))) == []


def test_a_reading_alone_between_gaps_is_no_spike():
    one = restless()
    one = with_values(one, slice(290, 311), np.nan)
    assert find_spikes(with_values(one, 300, 9.0)) == []


def test_a_spike_of_two_readings_if_the_office_wants_so():
    one = with_values(restless(), [300, 301], [6.0, 5.5])
    figures = {**FIGURES.of("spike", "nh3n"), "width": 2}
    assert spans(spikes(one, figures, nothing(one))) == [(300, 301)]
    assert find_spikes(one) == []


def test_what_a_station_nearby_sees_too_is_only_noted():
    one, calm, dusty = (restless(seed=seed, station=f"WS0{seed}") for seed in (1, 2, 3))
    one = with_values(one, 300, 6.0)
    dusty = with_values(dusty, [300, 301], [2.5, 2.0])
    found = find_spikes(one)
    figures = FIGURES.of("spike", "nh3n")
    assert shared_with(found[0], [calm], figures) is None
    assert shared_with(found[0], [calm, dusty], figures) == "WS03"
    sunk = with_values(calm, 300, 0.02)
    assert shared_with(found[0], [sunk], figures) is None  # the other way
    examined = [examine(s, s.sound, FIGURES, int(s.times[-1])) for s in (one, calm, dusty)]
    spike = next(f for f in examined[0].findings if f.check == "spike")
    noted = beside_others([spike], examined, near([one, calm, dusty]), FIGURES)
    assert [(f.severity, f.facts["shared"]) for f in noted] == [(Severity.NOTE, "WS03")]
    assert noted[0].identity == spike.identity
    assert beside_others([spike], examined[:2], near([one, calm]), FIGURES) == [spike]
    assert beside_others([spike], [], {}, FIGURES) == [spike]


def test_too_few_readings_say_nothing():
    assert find_spikes(restless(5)) == []
    assert find_stuck(restless(2)) == []
    assert find_spikes(restless(0)) == []


# --- impossible ---------------------------------------------------------------------------


def test_negative_and_too_large_values_are_episodes():
    one = with_values(restless(), [10, 11, 13, 200], [-1.0, -2.0, -0.5, 900.0])
    found = impossible.out_of_range(one, FIGURES.of("range", "nh3n"))
    assert spans(found) == [(10, 13), (200, 200)]
    assert [one.readings for one in found] == [3, 1]
    assert found[0].facts["value"] == -2.0


def test_a_part_is_not_more_than_the_whole():
    fine, coarse = restless(item="pm25", level=60), restless(item="pm10", level=90)
    fine = with_values(fine, slice(100, 106), 150.0)
    ammonia, total = restless(item="nh3n", level=1.0), restless(item="tn", level=3.0)
    total = with_values(total, slice(50, 55), 0.2)
    warm = series(np.full(600, 20.0), "water_temperature")
    oxygen = with_values(restless(item="dissolved_oxygen", level=8), slice(7, 10), 25.0)
    every = (fine, coarse, ammonia, total, warm, oxygen)
    found = impossible.against_each_other({s.item: s for s in every}, FIGURES.of)
    assert [(one.check, one.item, one.readings) for one in found] == [
        ("pm_order", "pm25", 6),
        ("nitrogen_order", "nh3n", 5),
        ("saturation", "dissolved_oxygen", 3),
    ]  # fmt: skip
    # 468 / (31.6 + 20) = 9.07 mg/L at 20 °C
    assert found[2].facts["percent"] == round(25.0 / (468 / 51.6) * 100)


def test_one_fault_is_one_finding():
    """An impossible value is no spike as well, and a spike of PM2.5 not another of the order."""
    rain = restless(item="nh3n")
    found = examine(with_values(rain, 300, -50.0), rain.sound, FIGURES, int(rain.times[-1]))
    assert [one.check for one in found.findings] == ["range"]
    dust = with_values(restless(item="pm25", level=60, swing=0.03), 300, 900.0)
    coarse = restless(item="pm10", level=90)
    figures = replace(FIGURES, changed={("pm_order", "readings", ""): 1})
    both = {
        one.item: examine(one, one.sound, figures, int(one.times[-1])) for one in (dust, coarse)
    }
    assert [one.check for one in examine_station(both, figures)] == ["spike"]


# --- neighbours ---------------------------------------------------------------------------


def region(count=5, days=200, item="nh3n"):
    """Stations that share the weather."""
    rng = np.random.default_rng(9)
    weather = (
        1.0
        + 0.4 * np.sin(np.arange(days * 6) / 200)
        + np.abs(np.repeat(rng.normal(0, 0.15, days), 6))
    )
    return [
        series(
            np.round((0.4 + 0.1 * n) * weather * rng.lognormal(0, 0.06, days * 6), 3),
            item, f"WS{n:02}",
        )
        for n in range(count)
    ]  # fmt: skip


def near(stations):
    names = [one.station for one in stations]
    return {name: [other for other in names if other != name] for name in names}


def compared(stations, check, function):
    figures = FIGURES.of(check, stations[0].item)
    table = network.day_table(stations, {})
    ratio = bool(figures["ratio"])
    apart = network.beside_neighbours(table, near(stations), figures, ratio=ratio)
    return function(table, apart, figures, ratio=ratio)


def test_a_slow_drift_is_found_and_the_weather_is_not():
    stations = region()
    assert compared(stations, "drift", network.drift) == []
    slope = np.concatenate((np.ones(600), np.linspace(1.0, 2.5, 600)))
    bad = replace(stations[2], values=np.round(stations[2].values * slope, 3))
    found = compared([*stations[:2], bad, *stations[3:]], "drift", network.drift)
    assert [one.station for one in found] == ["WS02"]
    assert found[0].facts["by"] > 0.4
    assert found[0].start > START + 100 * DAY_US


def test_a_jump_of_level_is_found_on_its_day():
    stations = region()
    assert compared(stations, "jump", network.jumps) == []
    step = np.where(np.arange(1200) < 90 * 6, 1.0, 2.2)
    bad = replace(stations[1], values=np.round(stations[1].values * step, 3))
    (found,) = compared([stations[0], bad, *stations[2:]], "jump", network.jumps)
    assert found.station == "WS01"
    assert abs((found.start - START) // DAY_US - 90) <= 1
    assert found.facts["by"] == pytest.approx(1.2, abs=0.15)


def test_an_event_of_some_days_is_neither_drift_nor_jump():
    stations = region()
    values = stations[3].values.copy()
    values[500:515] += 4.0 * np.exp(-np.arange(15) / 5)
    stations[3] = replace(stations[3], values=values)
    assert compared(stations, "drift", network.drift) == []
    assert compared(stations, "jump", network.jumps) == []


def test_a_station_alone_has_no_drift_but_may_jump():
    (one,) = region(1)
    assert compared([one], "drift", network.drift) == []
    calm = series(np.round(0.5 + 0.001 * (np.arange(1200) % 7), 3))
    calm = with_values(calm, slice(600, None), calm.values[600:] * 3)
    (found,) = compared([calm], "jump", network.jumps)
    assert found.facts["alone"] == 1


def test_drift_of_ph_is_a_difference():
    stations = [
        series(np.round(7.5 + 0.1 * np.sin(np.arange(1200) / 40) + 0.02 * n, 2), "ph", f"WS{n:02}")
        for n in range(5)
    ]
    bad = replace(stations[0], values=stations[0].values + np.where(np.arange(1200) > 800, 0.9, 0))
    found = compared([bad, *stations[1:]], "drift", network.drift)
    assert [(one.station, one.facts["ratio"]) for one in found] == [("WS00", 0)]
    assert found[0].facts["by"] == pytest.approx(0.9, abs=0.05)


# --- repeats ------------------------------------------------------------------------------


def test_a_copied_day_is_found():
    one = restless()
    one = with_values(one, slice(60, 72), one.values[6:18])
    (found,) = repeats.copied_days(one, FIGURES.of("copied_days"), nothing(one))
    assert spans([found]) == [(60, 71)]
    assert (found.facts["days"], found.facts["like"]) == (2, "2025-11-02")
    calm = series(np.full(600, 7.0), "ph")
    assert repeats.copied_days(calm, FIGURES.of("copied_days"), nothing(calm)) == []


def test_a_copied_station_is_found():
    a, b = restless(seed=1), restless(seed=2, station="WS02")
    b = with_values(b, slice(40, 60), a.values[40:60])
    skips = [nothing(a), nothing(b)]
    (found,) = repeats.copied_stations([a, b], skips, FIGURES.of("copied_stations", "nh3n"))
    assert (found.station, found.facts["other"], found.readings) == ("WS02", "WS01", 20)
    assert (
        repeats.copied_stations([a, restless(seed=3)], skips, FIGURES.of("copied_stations")) == []
    )


def test_a_last_digit_that_is_nearly_always_the_same_is_found():
    one = restless(6 * 61, swing=0.2)
    assert repeats.few_digits(one, FIGURES.of("few_digits"), nothing(one)) == []
    rounded = replace(one, values=np.round(one.values / 0.005) * 0.005)
    (found,) = repeats.few_digits(rounded, FIGURES.of("few_digits"), nothing(one))
    assert found.facts["months"] == 2


def test_an_item_is_compared_among_its_stations():
    stations = region()
    stations[1] = with_values(stations[1], slice(40, 60), stations[0].values[40:60])
    examined = [examine(one, one.sound, FIGURES, int(one.times[-1])) for one in stations]
    found = examine_item(examined, near(stations), FIGURES)
    assert [(one.check, one.station) for one in found] == [("copied_stations", "WS01")]
    assert examine_item([], {}, FIGURES) == []


# --- agreement ----------------------------------------------------------------------------


def test_agreement_is_counted_by_readings():
    label = Label("stuck", "WS01", "ph", tuple(range(10)))
    right = Finding("stuck", "WS01", "ph", 0, 8, 9, Severity.FAULT)
    too_wide = Finding("stuck", "WS01", "ph", 0, 90, 91, Severity.FAULT)
    elsewhere = Finding("stuck", "WS02", "ph", 0, 8, 9, Severity.FAULT)
    other = Finding("spike", "WS01", "ph", 3, 3, 1, Severity.FAULT)
    outcome = agreement([label], [right, other])
    assert (outcome.precision, outcome.recall) == (1.0, 1.0)
    outcome = agreement([label], [too_wide, elsewhere])
    assert (outcome.precision, outcome.recall) == (0.0, 1.0)
    outcome = agreement([label], [replace(right, end=2, readings=3)])
    assert (outcome.precision, outcome.recall) == (1.0, 0.0)
    assert agreement([], []).precision == 1.0
