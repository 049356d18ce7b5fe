"""Means, the day of O3, percentiles, the year of an item, the composite index."""

import math
from datetime import date

import numpy as np
import pytest

from gridmap.standards.air_statistics import (
    assess_item,
    city_means,
    composite_index,
    composite_of_days,
    moving_means,
    ozone_days_on,
)
from gridmap.standards.files import standards
from gridmap.standards.statistics import averaged, every_month_valid
from gridmap.standards.tables import Confidence, Period, StandardError, validity_of

OLD, NEW, FINAL = date(2025, 7, 1), date(2026, 7, 1), date(2031, 7, 1)
NAN = math.nan


@pytest.fixture(scope="module")
def air():
    return standards().air


def test_moving_means_need_enough_values():
    found = moving_means([1, 2, NAN, 4, 5, 6], 3, 2)
    np.testing.assert_allclose(found, [NAN, 1.5, 1.5, 3.0, 4.5, 5.0])


# --- the day of O3: GB 3095 table 4, HJ 663 6.1.2 -------------------------------------------


def test_the_highest_eight_hours(air):
    hours = np.full((1, 24), 40.0)
    hours[0, 11:19] = 120.0  # 12:00 to 19:00
    found = ozone_days_on(air, OLD, hours)
    assert (found.value[0], found.windows[0], found.valid[0]) == (120.0, 17, True)


def test_a_window_needs_six_hours(air):
    hours = np.full((2, 24), 40.0)
    hours[0, [9, 10]] = NAN  # six of eight remain
    hours[1, [9, 10, 11]] = NAN
    found = ozone_days_on(air, OLD, hours)
    assert found.windows.tolist() == [17, 17 - 6]  # windows ending 12:00 to 17:00 hold all three
    assert found.valid.tolist() == [True, False]


def test_fourteen_windows_are_needed_unless_the_limit_is_exceeded(air):
    hours = np.full((3, 24), NAN)
    hours[0, 3:] = 100.0  # windows that end from 09:00 on hold six: 16
    hours[1, 6:] = 100.0  # from 12:00 on: 13
    hours[2, 6:] = 161.0
    found = ozone_days_on(air, OLD, hours)
    assert found.windows.tolist() == [16, 13, 13]
    assert found.valid.tolist() == [True, False, True]
    assert np.isnan(ozone_days_on(air, OLD, np.full((1, 24), NAN)).value[0])


# --- validity: GB 3095 table 4 ------------------------------------------------------------


def test_a_day_needs_twenty_hours_and_ends_at_24(air):
    rule = validity_of(air.validity, "pm25", Period.DAY, Period.HOUR, OLD)
    times = np.datetime64("2025-03-01T01") + np.arange(48).astype("timedelta64[h]")
    values = np.ones(48)
    values[:5] = NAN  # 19 of the first day, which ends with the hour labelled 00:00
    found = averaged(times.astype("datetime64[s]"), values, rule, labelled_at_end=True)
    assert found.count.tolist() == [19, 24]
    assert found.valid.tolist() == [False, True]
    assert found.expected.tolist() == [24, 24]


@pytest.mark.parametrize(
    ("month", "days", "valid"),
    [("01", 27, True), ("01", 26, False), ("02", 25, True), ("02", 24, False)],
)
def test_a_month_needs_27_days_and_february_25(air, month, days, valid):
    rule = validity_of(air.validity, "no2", Period.MONTH, Period.DAY, OLD)
    times = np.datetime64(f"2025-{month}-01") + np.arange(days).astype("timedelta64[D]")
    assert averaged(times, np.ones(days), rule).valid.tolist() == [valid]


def test_a_year_needs_324_days_and_every_month(air):
    year = validity_of(air.validity, "pm10", Period.YEAR, Period.DAY, OLD)
    month = validity_of(air.validity, "pm10", Period.MONTH, Period.DAY, OLD)
    times = np.datetime64("2025-01-01") + np.arange(365).astype("timedelta64[D]")
    values = np.ones(365)
    values[:5] = NAN  # January has 26
    whole, months = averaged(times, values, year), averaged(times, values, month)
    assert whole.valid.tolist() == [True]
    assert year.every_month
    assert every_month_valid(whole, months, Period.YEAR).valid.tolist() == [False]
    values[0] = 1.0
    months = averaged(times, values, month)
    assert every_month_valid(whole, months, Period.YEAR).valid.tolist() == [True]


def test_what_no_standard_says_is_low(air):
    rule = validity_of(air.validity, "pm25", Period.QUARTER, Period.DAY, OLD)
    assert rule.confidence is Confidence.LOW
    with pytest.raises(StandardError):
        validity_of(air.validity, "pm25", Period.DAY, Period.FOUR_HOURS, OLD)


# --- an item over a year ------------------------------------------------------------------


def test_a_year_by_mean_and_percentile(air):
    days = np.arange(1.0, 101.0)  # mean 50.5; p95: k = 1 + 99·0.95 = 95.05 → 95.05
    found = assess_item(air, OLD, "pm25", days)
    assert (found.mean, found.mean_limit, found.daily_limit) == (50.5, 35, 75)
    assert found.percentile == pytest.approx(95.05)
    assert not found.attained
    assert found.multiple == pytest.approx(50.5 / 35 - 1)
    assert found.confidence is Confidence.MEDIUM


def test_co_and_ozone_have_no_annual_limit(air):
    ozone = assess_item(air, OLD, "o3", np.full(300, 150.0))
    assert (ozone.mean_limit, ozone.daily_limit, ozone.attained) == (None, 160, True)
    assert assess_item(air, OLD, "co", [NAN]).attained is None


def test_limits_of_the_day(air):
    limits = [assess_item(air, day, "pm10", [55.0]).mean_limit for day in (OLD, NEW, FINAL)]
    assert limits == [70, 60, 50]
    attained = [assess_item(air, day, "pm10", [55.0]).attained for day in (OLD, NEW, FINAL)]
    assert attained == [True, True, False]
    assert assess_item(air, OLD, "pm10", [55.0], grade=1).attained is False


# --- the composite index ------------------------------------------------------------------

STATISTICS = {"so2": 6.0, "no2": 20.0, "pm10": 35.0, "pm25": 14.0, "co": 0.8, "o3": 80.0}


def test_the_composite_index_of_2013_by_hand(air):
    found = composite_index(air, OLD, STATISTICS)
    assert found.singles == pytest.approx({
        "so2": 0.1, "no2": 0.5, "pm10": 0.5, "pm25": 0.4, "co": 0.2, "o3": 0.5,
    })  # 6/60, 20/40, 35/70, 14/35, 0.8/4, 80/160  # fmt: skip
    assert found.value == pytest.approx(2.2)
    assert found.largest == ("no2", "pm10", "o3")
    assert found.confidence is Confidence.HIGH


def test_since_2026_it_is_weighted_by_a_rule_of_low_confidence(air):
    found = composite_index(air, NEW, STATISTICS)
    # 6/60 + 2·20/40 + 35/60 + 3·14/30 + 0.8/4 + 2·80/160
    assert found.value == pytest.approx(0.1 + 1.0 + 35 / 60 + 1.4 + 0.2 + 1.0)
    assert found.confidence is Confidence.LOW


def test_with_an_item_missing_there_is_no_composite_index(air):
    found = composite_index(air, OLD, {**STATISTICS, "co": NAN})
    assert math.isnan(found.value)
    assert "co" not in found.singles


def test_the_composite_index_from_days(air):
    days = {item: np.array([value, NAN, value]) for item, value in STATISTICS.items()}
    assert composite_of_days(air, OLD, days).value == pytest.approx(2.2)
    days["co"] = np.array([NAN])
    assert math.isnan(composite_of_days(air, OLD, days).value)


def test_a_city_needs_three_quarters_of_its_points(air):
    four = [[1.0, 2.0, 3.0, NAN], [1.0, 2.0, NAN, NAN]]
    np.testing.assert_array_equal(city_means(air, OLD, four), [2.0, NAN])
    three = [[1.0, 2.0, NAN], [1.0, NAN, NAN]]  # fewer than four points: half of them
    np.testing.assert_array_equal(city_means(air, OLD, three), [1.5, NAN])
