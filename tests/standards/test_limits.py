"""Limits and levels of a span of days, by the tables; the standard's text stands beside them."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.standards.air_standards import Averaging
from gridmap.standards.classing import limits
from gridmap.standards.files import standards
from gridmap.standards.surface_water import item_class
from gridmap.standards.tables import Confidence, Period
from gridmap.standards.water_standards import Body, WaterClass

WATER, AIR = standards().water, standards().air
YEAR = date(2025, 11, 22), date(2026, 11, 22)
LAST_OF_2012, FIRST_OF_2026 = date(2026, 2, 28), date(2026, 3, 1)


def water(item, target=WaterClass.III, body=Body.RIVER):
    (found,) = limits.water_limits(WATER, item, body, target, *YEAR)
    return found


def values_of(stretch):
    return [limit.value for limit in stretch.limits]


# --- water: GB 3838-2002, table 1 ---------------------------------------------------------


def test_ammonia_has_five_limits_and_the_target_counts():
    # NH3-N: Ⅰ 0.15, Ⅱ 0.5, Ⅲ 1.0, Ⅳ 1.5, Ⅴ 2.0 mg/L.
    found = water("nh3n")
    assert values_of(found) == [0.15, 0.5, 1.0, 1.5, 2.0]
    assert [limit.value for limit in found.limits if limit.judged] == [1.0]
    assert [limit.value for limit in found.limits if limit.target] == [1.0]
    assert [level.sign for level in found.levels] == ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
    assert found.confidence is Confidence.HIGH
    assert all("GB 3838" in limit.standard and limit.source for limit in found.limits)


def test_a_multiple_is_the_excess_over_the_target():
    found = water("nh3n")
    assert found.multiple(1.34) == pytest.approx(0.34)  # (1.34 - 1.0) / 1.0
    assert found.multiple(1.0) is None
    assert water("nh3n", WaterClass.II).multiple(1.34) == pytest.approx(1.68)  # (1.34 - 0.5) / 0.5


def test_without_a_target_class_three_counts_and_nothing_is_called_target():
    found = water("nh3n", None)
    assert [limit.value for limit in found.limits if limit.judged] == [1.0]
    assert not any(limit.target for limit in found.limits)


def test_oxygen_must_be_reached_and_has_no_multiple():
    # DO: Ⅰ 7.5 (or 90 % saturation), Ⅱ 6, Ⅲ 5, Ⅳ 3, Ⅴ 2 mg/L, at least.
    found = water("dissolved_oxygen")
    assert not any(limit.at_most for limit in found.limits)
    assert found.exceeding(np.array([4.99, 5.0, 8.0, np.nan])).tolist() == [
        True, False, False, False,
    ]  # fmt: skip
    assert found.multiple(4.0) is None
    assert [level.number for level in found.levels] == [6, 5, 4, 3, 2, 1]


def test_ph_has_a_floor_and_a_ceiling_that_all_classes_share():
    found = water("ph")
    assert [(limit.value, limit.at_most, limit.classes) for limit in found.limits] == [
        (6.0, False, (1, 5)),
        (9.0, True, (1, 5)),
    ]
    assert found.exceeding(np.array([5.998, 6.0, 9.0, 9.01])).tolist() == [True, False, False, True]
    assert [level.number for level in found.levels] == [6, 1, 6]


def test_lakes_have_limits_of_their_own():
    # TP: lakes Ⅲ 0.05, rivers Ⅲ 0.2 mg/L; TN has limits in lakes only, and never counts there.
    assert 0.05 in values_of(water("tp", body=Body.LAKE))
    assert limits.water_limits(WATER, "tn", Body.RIVER, None, *YEAR) == ()
    assert not any(limit.judged for limit in water("tn", body=Body.LAKE).limits)


def test_what_the_standard_does_not_name_has_no_limits():
    assert limits.water_limits(WATER, "turbidity", Body.RIVER, None, *YEAR) == ()


def test_before_the_standard_there_is_nothing():
    (found,) = limits.water_limits(
        WATER, "nh3n", Body.RIVER, None, date(2001, 1, 1), date(2003, 1, 1)
    )
    assert found.first == date(2002, 6, 1)


@given(
    st.sampled_from(["nh3n", "tp", "codmn", "dissolved_oxygen", "ph", "cod"]),
    st.sampled_from(list(Body)),
    st.floats(0.001, 60),
)
def test_levels_agree_with_the_class_of_every_value(item, body, value):
    found = water(item, body=body)
    rows = WATER.on(YEAR[1], body).limits[item]
    inside = [level for level in found.levels if level.low < value < level.high]
    if inside:  # on a limit itself two levels meet
        assert inside[0].number == item_class(rows, value)


@given(st.sampled_from(["nh3n", "tp", "dissolved_oxygen", "ph"]), st.floats(0.001, 60))
def test_beyond_the_target_is_worse_than_its_class(item, value):
    found = water(item)
    rows = WATER.on(YEAR[1], Body.RIVER).limits[item]
    beyond = bool(found.exceeding(np.array([value]))[0])
    assert beyond == (item_class(rows, value) > WaterClass.III)


def test_grades_of_many_values_are_those_of_the_day():
    days = np.array(["2000-01-01", "2026-01-01", "2026-01-01"], "datetime64[D]")
    found = limits.water_grades(WATER, "nh3n", Body.RIVER, days, np.array([0.4, 0.4, np.nan]))
    assert found.tolist() == [0, 2, 0]


def test_the_class_of_a_station_has_bands_of_half_a_class_to_both_sides():
    (found,) = limits.class_limits(WATER, WaterClass.III, *YEAR)
    assert [(level.low, level.high) for level in found.levels][2] == (2.5, 3.5)
    assert found.exceeding(np.array([3.0, 4.0])).tolist() == [False, True]


# --- air: GB 3095-2012 until 2026-02-28, GB 3095-2026 from 2026-03-01 ---------------------


def test_the_daily_limit_of_fine_particles_falls_on_the_first_of_march():
    # Grade 2, 24 hours: 75 by GB 3095-2012, 60 in the transition of GB 3095-2026.
    before, after = limits.air_limits(AIR, "pm25", Period.DAY, *YEAR)
    assert (before.first, before.last, values_of(before)) == (YEAR[0], LAST_OF_2012, [75.0])
    assert (after.first, after.last, values_of(after)) == (FIRST_OF_2026, YEAR[1], [60.0])
    assert before.limits[0].standard == "GB 3095-2012"
    assert "2026" in after.limits[0].standard


def test_the_same_value_exceeds_after_the_change_only():
    found = limits.air_limits(AIR, "pm25", Period.DAY, *YEAR)
    days = np.array(["2026-02-28", "2026-03-01"], "datetime64[D]")
    assert limits.exceeding(found, days, np.array([70.0, 70.0])).tolist() == [False, True]
    assert limits.stretch_on(found, FIRST_OF_2026).multiple(90.0) == pytest.approx(0.5)
    assert limits.stretch_on(found, date(2030, 1, 1)) is None


def test_hours_have_a_limit_where_the_standard_has_one():
    assert [values_of(one) for one in limits.air_limits(AIR, "o3", Period.HOUR, *YEAR)] == [
        [200.0], [200.0],
    ]  # fmt: skip
    assert all(one.limits == () for one in limits.air_limits(AIR, "pm25", Period.HOUR, *YEAR))


def test_the_day_of_ozone_is_its_highest_eight_hours():
    found = limits.air_limits(AIR, "o3", Period.DAY, *YEAR)
    assert {limit.averaging for one in found for limit in one.limits} == {Averaging.DAY_MAX_8H}
    assert values_of(found[0]) == [160.0]


def test_levels_of_particles_follow_the_curve_of_their_day():
    # HJ 633-2012: IAQI 100 at 75 μg/m³; HJ 633-2026: at 60.
    before, after = limits.air_limits(AIR, "pm25", Period.DAY, *YEAR)
    assert [level.high for level in before.levels][:3] == [35.0, 75.0, 115.0]
    assert [level.high for level in after.levels][:3] == [35.0, 60.0, 115.0]
    assert np.isinf(after.levels[-1].high)


def test_months_of_air_have_no_limit():
    assert limits.air_limits(AIR, "pm25", Period.MONTH, *YEAR) == ()


def test_an_index_up_to_one_hundred_attains():
    found = limits.index_limits(AIR, *YEAR)
    assert {limit.value for one in found for limit in one.limits} == {100.0}
    assert found[-1].exceeding(np.array([100.0, 101.0])).tolist() == [False, True]


@given(st.dates(date(2014, 1, 1), date(2032, 1, 1)), st.integers(0, 2000))
def test_stretches_follow_each_other_without_gap_or_overlap(first, days):
    last = date.fromordinal(first.toordinal() + days)
    found = limits.air_limits(AIR, "pm10", Period.DAY, first, last)
    assert found[0].first == first
    assert found[-1].last == last
    for one, following in pairwise(found):
        assert following.first.toordinal() == one.last.toordinal() + 1
        assert (one.limits, one.levels) != (following.limits, following.levels)
