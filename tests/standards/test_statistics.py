"""Means over periods with their validity; pH; percentiles; rates, changes, ranks."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.standards.files import standards
from gridmap.standards.statistics import (
    averaged,
    expected_counts,
    mean_of,
    percentile_of,
    ranks,
    relative_change,
)
from gridmap.standards.tables import (
    Confidence,
    Period,
    Rule,
    StandardError,
    Validity,
    in_force,
    least_sure,
    spans,
    the_one,
    validity_of,
)

DAY = date(2020, 9, 1)
NAN = math.nan
LOOSE = Validity(
    source="test",
    valid_from=date(2000, 1, 1),
    confidence=Confidence.HIGH,
    items=("*",),
    period=Period.DAY,
    counted=Period.HOUR,
)


def water_rule(period, counted):
    return validity_of(standards().water.validity, "codmn", period, counted, DAY)


# --- days on which a rule is in force -------------------------------------------------------


def rule(first, last=None, early=None, confidence=Confidence.HIGH):
    return Rule(
        source="test", valid_from=first, valid_to=last, early_from=early, confidence=confidence
    )


def test_both_ends_of_a_rule_are_included():
    old = rule(date(2016, 1, 1), date(2026, 2, 28), date(2013, 1, 1))
    new = rule(date(2026, 3, 1))
    for day, found in [
        (date(2012, 12, 31), ()), (date(2013, 1, 1), (old,)), (date(2026, 2, 28), (old,)),
        (date(2026, 3, 1), (new,)), (date(2099, 1, 1), (new,)),
    ]:  # fmt: skip
        assert in_force((old, new), day) == found
    with pytest.raises(StandardError, match="not_in_force on 2012-12-31"):
        the_one((old, new), date(2012, 12, 31), "AQI")
    assert old.confidence_on(date(2015, 12, 31)) is Confidence.MEDIUM
    assert old.confidence_on(date(2016, 1, 1)) is Confidence.HIGH
    weak = rule(date(2016, 1, 1), early=date(2013, 1, 1), confidence=Confidence.LOW)
    assert weak.confidence_on(date(2014, 1, 1)) is Confidence.LOW


def test_an_answer_is_as_sure_as_its_weakest_rule():
    assert least_sure(Confidence) is Confidence.LOW
    assert least_sure([Confidence.HIGH, Confidence.MEDIUM]) is Confidence.MEDIUM
    assert least_sure([]) is Confidence.HIGH


@given(st.lists(st.dates(date(2010, 1, 1), date(2035, 1, 1)), min_size=1, max_size=50))
def test_spans_cover_every_day_once_with_the_same_rules(days):
    rules = standards().air.limits
    covered = np.zeros(len(days), dtype=int)
    for mask, day in spans(rules, np.array(days, dtype="datetime64[D]")):
        covered += mask
        for place in np.flatnonzero(mask):
            assert in_force(rules, days[place]) == in_force(rules, day)
    assert (covered == 1).all()


# --- means --------------------------------------------------------------------------------


def test_ph_is_averaged_as_hydrogen_ions():
    assert mean_of([6.0, 8.0], hydrogen=True) == pytest.approx(6.29671, abs=1e-5)
    assert mean_of([6.0, 8.0]) == 7.0
    assert mean_of([7.0, NAN, 7.0], hydrogen=True) == pytest.approx(7.0)
    assert math.isnan(mean_of([NAN]))


def moments(first, count, step):
    start = np.datetime64(first, "s")
    return start + np.arange(count) * np.timedelta64(step, "h")


@given(
    st.lists(st.tuples(st.integers(0, 24 * 800), st.one_of(st.floats(0, 14), st.just(NAN))),
             max_size=60, unique_by=lambda pair: pair[0]),
    st.sampled_from([Period.FOUR_HOURS, Period.DAY, Period.MONTH, Period.QUARTER, Period.YEAR]),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_many_means_agree_with_one_by_one(pairs, period, hydrogen, at_end):
    rule = Validity(**{**vars(LOOSE), "period": period, "at_least": 2})
    times = np.datetime64("2019-12-30", "s") + np.array(
        [hour for hour, _ in pairs], dtype="timedelta64[h]"
    )
    values = np.array([value for _, value in pairs], dtype=float)
    found = averaged(times, values, rule, hydrogen=hydrogen, labelled_at_end=at_end)
    groups = {}
    for moment, value in zip(times.tolist(), values.tolist(), strict=True):
        stamp = pd.Timestamp(moment) - pd.Timedelta(seconds=int(at_end))
        start = {
            Period.FOUR_HOURS: stamp.floor("4h"),
            Period.DAY: stamp.floor("D"),
            Period.MONTH: pd.Timestamp(stamp.year, stamp.month, 1),
            Period.QUARTER: pd.Timestamp(stamp.year, (stamp.month - 1) // 3 * 3 + 1, 1),
            Period.YEAR: pd.Timestamp(stamp.year, 1, 1),
        }[period]
        groups.setdefault(start, []).append(value)
    starts = sorted(groups)
    assert [pd.Timestamp(start) for start in found.start.tolist()] == starts
    slow = [mean_of(groups[start], hydrogen=hydrogen) for start in starts]
    np.testing.assert_allclose(found.value, slow, rtol=1e-12)
    counts = [sum(not math.isnan(value) for value in groups[start]) for start in starts]
    assert found.count.tolist() == counts
    assert found.valid.tolist() == [count >= 2 for count in counts]


def test_what_there_could_be_follows_the_calendar():
    def expected(period, counted, *starts):
        return expected_counts(np.array(starts, "datetime64[s]"), period, counted).tolist()

    assert expected(Period.MONTH, Period.DAY, "2020-02-01", "2021-02-01", "2021-03-01") == [
        29, 28, 31,
    ]  # fmt: skip
    assert expected(Period.YEAR, Period.DAY, "2020-01-01", "2021-01-01") == [366, 365]
    assert expected(Period.QUARTER, Period.HOUR, "2021-01-01") == [90 * 24]
    assert expected(Period.YEAR, Period.QUARTER, "2021-01-01") == [4]
    assert expected(Period.DAY, Period.FOUR_HOURS, "2021-01-01") == [6]


def test_a_day_of_an_automatic_station_needs_four_of_six():
    rule = water_rule(Period.DAY, Period.FOUR_HOURS)
    assert rule.confidence is Confidence.LOW  # the program's default, no standard
    times = moments("2020-09-01", 12, 4)
    values = [1.0, 2, 3, 4, NAN, NAN, 1, 2, 3, NAN, NAN, NAN]
    found = averaged(times, values, rule)
    assert found.value.tolist() == [2.5, 2.0]
    assert found.count.tolist() == [4, 3]
    assert found.valid.tolist() == [True, False]
    np.testing.assert_array_equal(found.usable(), [2.5, NAN])
    frame = found.frame()
    assert str(frame.index.tz) == "Asia/Shanghai"
    assert frame["expected"].tolist() == [6, 6]


def test_a_share_is_met_exactly():
    rule = water_rule(Period.MONTH, Period.DAY)
    times = np.datetime64("2020-09-01") + np.arange(30).astype("timedelta64[D]")
    values = np.where(np.arange(30) < 18, 1.0, NAN)  # 18 of 30 = 60 %
    assert averaged(times, values, rule).valid.tolist() == [True]
    values[0] = NAN
    assert averaged(times, values, rule).valid.tolist() == [False]


def test_quarter_and_year_of_surface_water():
    quarter, year = water_rule(Period.QUARTER, Period.MONTH), water_rule(Period.YEAR, Period.MONTH)
    times = np.array([f"2020-{month:02}-01" for month in range(1, 7)], "datetime64[s]")
    values = [1.0, NAN, 3.0, 4.0, 5.0, 6.0]
    assert averaged(times, values, quarter).valid.tolist() == [True, True]
    assert averaged(times, values, year).valid.tolist() == [False]  # five, six are asked for
    assert averaged(times, values, year).value[0] == 3.8


def test_no_readings_make_no_periods():
    found = averaged(np.zeros(0, "datetime64[s]"), [], LOOSE)
    assert (len(found.start), len(found.value)) == (0, 0)


# --- percentiles --------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e3), min_size=1, max_size=60), st.integers(0, 100))
def test_the_percentile_agrees_with_its_definition(values, percent):
    """k = 1 + (n - 1) p; s = floor(k); m = X(s) + (X(s+1) - X(s)) (k - s)."""
    rising = sorted(values)
    k = 1 + (len(rising) - 1) * percent / 100
    s = min(math.floor(k), len(rising))
    after = rising[min(s, len(rising) - 1)]
    by_hand = rising[s - 1] + (after - rising[s - 1]) * (k - s)
    assert percentile_of([*values, NAN], percent) == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


def test_the_percentile_of_nothing_is_nothing():
    assert math.isnan(percentile_of([NAN], 95))


# --- rates, changes, ranks ----------------------------------------------------------------


def test_changes():
    assert relative_change(45.0, 50.0) == pytest.approx(-10.0)
    assert math.isnan(relative_change(1.0, 0.0))


def test_ranks_share_the_better_place_and_leave_none_to_nothing():
    assert ranks([5.0, 3.0, 3.0, NAN, 9.0]).tolist() == [3, 1, 1, 0, 4]
    assert ranks([5.0, 3.0, 9.0], largest_first=True).tolist() == [2, 3, 1]


@given(st.lists(st.one_of(st.integers(-5, 5).map(float), st.just(NAN)), max_size=30))
def test_a_place_is_one_more_than_the_number_of_better_ones(values):
    places = ranks(values)
    for value, place in zip(values, places.tolist(), strict=True):
        assert place == (0 if math.isnan(value) else 1 + sum(other < value for other in values))
