from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.standards import sequences as series

HOUR = 3600.0
START = 1_763_740_800.0


def hourly(*values, step=HOUR):
    return START + step * np.arange(len(values)), np.array(values, dtype=float)


NAN = float("nan")


@st.composite
def readings(draw):
    """Times on an hourly rhythm with some left out, values with some missing."""
    places = draw(st.lists(st.integers(0, 3000), min_size=0, max_size=400, unique=True))
    times = START + HOUR * np.sort(np.array(places, dtype=float))
    value = st.one_of(st.just(NAN), st.floats(-1e3, 1e3))
    values = draw(st.lists(value, min_size=len(places), max_size=len(places)))
    return times, np.array(values, dtype=float)


def test_the_step_is_the_median_and_single_readings_have_none():
    times = START + HOUR * np.array([0, 1, 2, 3, 30])
    assert series.expected_step(times) == HOUR
    assert series.expected_step(times[:1]) is None
    assert series.expected_step(times[:0]) is None


def test_a_gap_lasts_from_the_first_missing_reading_to_the_next_that_came():
    times = START + 4 * HOUR * np.array([0.0, 1, 2, 17, 18, 19])  # fourteen readings are absent
    (gap,) = series.gaps(times, np.ones(6), 4 * HOUR)
    assert (gap.start, gap.end) == (times[2], times[3])
    assert gap.missing_s == 56 * HOUR


def test_a_late_reading_is_no_gap():
    times = START + np.array([0, HOUR, 2.5 * HOUR, 3.5 * HOUR])
    assert series.gaps(times, np.ones(4), HOUR) == ()


def test_values_published_as_missing_are_gaps_like_readings_that_never_came():
    published = hourly(1, NAN, NAN, NAN, 5)
    kept = np.array([0, 4])
    absent = published[0][kept], published[1][kept]
    assert series.gaps(*published, HOUR) == series.gaps(*absent, HOUR)
    assert series.gaps(*published)[0].missing_s == 3 * HOUR
    assert series.gaps(*hourly(NAN, NAN, 1, 2, NAN)) == ()


def test_figures_count_what_is_there_and_what_is_not():
    times = START + HOUR * np.array([0.0, 1, 2, 6, 7])
    found = series.figures(times, np.array([1.0, NAN, 2.0, 4.0, 5.0]))
    assert (found.count, found.missing) == (4, 4)
    assert (found.minimum, found.mean, found.maximum) == (1.0, 3.0, 5.0)
    nothing = series.figures(times[:0], times[:0])
    assert nothing == series.Figures(0, 0, None, None, None)


@given(readings())
def test_figures_agree_with_the_rhythm(drawn):
    times, values = drawn
    found = series.figures(times, values, HOUR)
    assert found.count == int(np.isfinite(values).sum())
    if len(times):
        assert found.count + found.missing == round((times[-1] - times[0]) / HOUR) + 1


@given(readings())
def test_every_gap_is_open_and_nothing_else_is(drawn):
    times, values = drawn
    found = series.gaps(times, values, HOUR)
    there = times[np.isfinite(values)]
    for gap in found:
        assert not ((there > gap.start) & (there < gap.end)).any()
        assert gap.start in there
        assert gap.end in there
        assert gap.missing_s >= HOUR
    covered = sum(gap.end - gap.start for gap in found)
    if len(there):
        assert len(there) - 1 - len(found) == round((there[-1] - there[0] - covered) / HOUR)


@given(readings(), st.integers(1, 60))
def test_a_thinned_line_keeps_peaks_ends_and_invents_nothing(drawn, columns):
    times, values = drawn
    t, v = series.course(times, values, HOUR, columns)
    there = np.isfinite(values)
    known = dict(zip(times[there].tolist(), values[there].tolist(), strict=True))
    finite = np.isfinite(v)
    assert (np.diff(t) > 0).all()
    assert all(known[a] == b for a, b in zip(t[finite].tolist(), v[finite].tolist(), strict=True))
    assert len(t) <= max(2 * 4 * (columns + 1), 0)
    if there.any():
        assert v[finite].max() == values[there].max()
        assert v[finite].min() == values[there].min()
        assert t[finite][0] == times[there][0]
        assert t[finite][-1] == times[there][-1]


@given(readings())
def test_an_unthinned_line_breaks_exactly_at_the_gaps(drawn):
    times, values = drawn
    t, v = series.course(times, values, HOUR)
    breaks = t[np.isnan(v)]
    found = series.gaps(times, values, HOUR)
    assert len(breaks) == len(found)
    assert all(gap.start < at < gap.end for gap, at in zip(found, breaks, strict=True))


def test_a_spike_of_one_hour_survives_a_decade_on_a_narrow_screen():
    values = np.ones(87_600)
    values[43_210] = 99.0
    t, v = series.course(START + HOUR * np.arange(87_600), values, HOUR, 300)
    assert v.max() == 99.0
    assert len(t) <= 4 * 301


def test_points_between_two_gaps_are_found():
    times, values = hourly(1, NAN, 2, NAN, 3, 4)
    assert series.lonely(times, values).tolist() == [True, False, True, False, False, False]


def test_the_nearest_reading():
    times = START + HOUR * np.array([0.0, 1, 5])
    assert series.nearest(times, START - 99) == 0
    assert series.nearest(times, START + 0.5 * HOUR) == 0
    assert series.nearest(times, START + 2.9 * HOUR) == 1
    assert series.nearest(times, START + 3.1 * HOUR) == 2
    assert series.nearest(times, START + 99 * HOUR) == 2
    assert series.nearest(times[:0], START) is None


# --- spreads and years --------------------------------------------------------------------


def test_spreads_by_hand():
    times = np.array([0.0, 1, 2, 3, 4, 10, 11])
    values = np.array([5.0, 1, 4, 2, 3, np.nan, 7])
    found = series.spreads(times, values, np.array([0.0, 5, 10, 15]))
    assert found.count.tolist() == [5, 0, 1]
    columns = (found.minimum, found.lower, found.median, found.upper, found.maximum)
    assert [column[0] for column in columns] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert all(np.isnan(column[1]) for column in columns)
    assert {column[2] for column in columns} == {7.0}


@given(readings(), st.integers(1, 6))
def test_spreads_are_those_of_each_group(made, parts):
    times, values = made[0], made[1]
    bounds = np.linspace(times[0], times[-1] + 1, parts + 1) if len(times) else np.array([0.0, 1.0])
    found = series.spreads(times, values, bounds)
    for place, (low, high) in enumerate(pairwise(bounds)):
        there = values[(times >= low) & (times < high) & ~np.isnan(values)]
        assert found.count[place] == len(there)
        if len(there):
            columns = (found.minimum, found.lower, found.median, found.upper, found.maximum)
            expected = np.percentile(there, (0, 25, 50, 75, 100))
            assert [c[place] for c in columns] == pytest.approx(expected.tolist())


def test_a_year_later_keeps_the_wall_clock_and_leaves_out_the_leap_day():
    def at(text):
        return datetime.fromisoformat(f"{text}+08:00").timestamp()

    times = np.array([at("2024-02-28T08:00"), at("2024-02-29T08:00"), at("2024-03-01T00:30")])
    moved, there = series.a_year_later(times)
    assert moved.tolist() == [at("2025-02-28T08:00"), at("2025-03-01T00:30")]
    assert there.tolist() == [True, False, True]


HOUR, DAY = 3600.0, 86_400.0


def two_rhythms(days=30, quick=24):
    """Daily for a month, then every four hours."""
    daily = np.arange(days) * DAY
    return np.concatenate((daily, daily[-1] + np.arange(1, quick + 1) * 4 * HOUR))


def test_each_part_of_a_series_has_its_own_rhythm():
    times = two_rhythms()
    steps = series.rhythms(times)
    assert (steps[:29] == DAY).all()
    assert (steps[29:] == 4 * HOUR).all()
    assert series.rhythm_at(times, times[10]) == DAY
    assert series.rhythm_at(times, times[40]) == 4 * HOUR
    assert series.rhythm_at(times[:1], times[0]) is None
    assert len(series.rhythms(times[:1])) == 0


def test_gaps_figures_and_lines_use_the_rhythm_of_their_time():
    """A published “--” in the four-hourly part breaks the line; the median of all would not."""
    times = two_rhythms()
    values = np.ones(len(times))
    values[40] = np.nan
    kept = np.delete(np.arange(len(times)), [45, 46])  # two that never came
    times, values = times[kept], values[kept]
    found = series.gaps(times, values)
    assert [(gap.missing_s / HOUR, gap.step_s / HOUR) for gap in found] == [(4, 4), (8, 4)]
    assert series.figures(times, values).missing == 3
    _, line = series.course(times, values, series.rhythms(times))
    assert np.isnan(line).sum() == 2
    _, line = series.course(times, values, DAY)
    assert np.isnan(line).sum() == 0


def test_rare_readings_while_an_instrument_fails_are_no_rhythm():
    hours = np.arange(100) * HOUR
    times = np.concatenate((hours[:50], hours[[55, 60, 65, 70]], hours[75:]))
    assert (series.rhythms(times) == HOUR).all()
    assert series.figures(times, np.ones(len(times))).missing == 100 - len(times)


def test_what_is_left_out_is_not_missing():
    found = series.figures(np.arange(5) * HOUR, np.array([1, np.nan, np.nan, 2, 3]), None, 1)
    assert (found.count, found.missing, found.left_out) == (3, 1, 1)
