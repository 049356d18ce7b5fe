"""Attainment and ranking, by hand."""

import math
from datetime import date

import numpy as np
import pytest

from gridmap.capabilities.attainment.rules import (
    Answerable,
    Months,
    Tally,
    assess_air,
    assess_water,
    ranked,
)
from gridmap.standards.classing import ClassCourse, Medium, from_wall_clock
from gridmap.standards.files import standards
from gridmap.standards.statistics import Rate
from gridmap.standards.tables import Confidence
from gridmap.standards.water_standards import Body, WaterClass

NAN = math.nan


def course(starts, grades, measured=None, medium=Medium.WATER, deciding=None):
    times = from_wall_clock(np.array(starts, dtype="datetime64[s]"))
    grades = np.array(grades, np.int8)
    columns = {item: np.array(column, float) for item, column in (measured or {}).items()}
    marks = {item: np.array(column, bool) for item, column in (deciding or {}).items()}
    return ClassCourse(
        medium, times, grades, np.full(len(times), NAN), columns, {}, marks, Confidence.HIGH
    )


def test_months():
    quarter = Months(date(2026, 10, 1), 3)
    assert (quarter.after, quarter.last) == (date(2027, 1, 1), date(2026, 12, 31))
    assert quarter.a_year_before == Months(date(2025, 10, 1), 3)
    days = np.array(["2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01"], "datetime64[D]")
    assert quarter.holds(days).tolist() == [False, True, True, False]


def test_a_section_over_a_quarter_by_hand():
    """The mean of the months NH3-N 1.2, 1.5, 1.8 is 1.5: class Ⅳ (≤ 1.5), 0.5 times above Ⅲ.

    A year before it was 0.9: class Ⅲ. 良好 to 轻度污染 is one grade: some change for the worse.
    """
    months = course(
        ["2025-10-01", "2025-11-01", "2026-10-01", "2026-11-01", "2026-12-01"],
        [3, 3, 4, 4, 5],
        {"nh3n": [0.9, 0.9, 1.2, 1.5, 1.8]},
    )
    days = course(
        ["2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"], [1, 2, 3, 4, 0]
    )
    found = assess_water(
        standards().water, Body.RIVER, WaterClass.III, months, days, Months(date(2026, 10, 1), 3)
    )
    assert found.means["nh3n"] == pytest.approx(1.5)
    assert found.water_class is WaterClass.IV
    assert found.attained is False
    assert found.months == 3
    assert found.days == Rate(attained=2, assessed=3, without=1)
    [main] = found.result.main_pollutants
    assert (main.item, main.multiple) == ("nh3n", pytest.approx(0.5))
    assert found.before is WaterClass.III
    assert found.change.amount == -1
    assert found.change.better is False
    # CWQI of one item is C / S: 1.5 / 1.0 against 0.9, two thirds more.
    assert found.cwqi.value == pytest.approx(1.5)
    assert found.cwqi_change == pytest.approx((1.5 - 0.9) / 0.9 * 100)
    assert found.confidence is Confidence.LOW  # an index of one item


def test_a_quarter_needs_two_months_and_a_year_six():
    """环办〔2011〕22号: two or more in a quarter, six or more in a year."""
    one = course(["2026-10-01"], [3], {"nh3n": [0.9]})
    nothing = course([], [])
    tables = standards().water
    quarter = assess_water(tables, Body.RIVER, None, one, nothing, Months(date(2026, 10, 1), 3))
    assert quarter.water_class is None
    assert quarter.attained is None
    month = assess_water(tables, Body.RIVER, None, one, nothing, Months(date(2026, 10, 1)))
    assert month.water_class is WaterClass.III
    assert month.attained is None  # no target is set
    starts = [f"2026-{m:02d}-01" for m in range(1, 7)]
    for count, expected in ((5, None), (6, WaterClass.III)):
        some = course(starts[:count], [3] * count, {"nh3n": [0.9] * count})
        year = assess_water(tables, Body.RIVER, None, some, nothing, Months(date(2026, 1, 1), 12))
        assert year.water_class is expected


def test_an_air_station_over_a_month_by_hand():
    """Composite index of April 2026 (weights of HJ 663-2026, low): Σ w · C / S.

    SO2 6/60·1 + NO2 40/40·2 + PM10 70/70·1 + PM2.5 35/35·3 + CO 2/4·1 + O3 80/160·2, with the
    grade-2 limits of the tables in force on that day taken from them.
    """
    starts = ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04"]
    values = {
        "so2": [6.0] * 4, "no2": [40.0] * 4, "pm10": [70.0] * 4,
        "pm25": [35.0] * 4, "co": [2.0] * 4, "o3": [80.0] * 4,
    }  # fmt: skip
    days = course(
        starts, [1, 2, 3, 0], values, Medium.AIR,
        {"pm25": [False, True, True, False], "o3": [False, True, False, False]},
    )  # fmt: skip
    found = assess_air(standards().air, days, Months(date(2026, 4, 1)))
    assert found.days == Rate(attained=2, assessed=3, without=1)
    assert found.levels == {1: 1, 2: 1, 3: 1, 4: 0, 5: 0, 6: 0}
    assert found.primary == {"pm25": 2, "o3": 1}
    weights = {"so2": 1, "no2": 2, "pm10": 1, "pm25": 3, "co": 1, "o3": 2}
    assert set(found.composite.singles) == set(weights)
    for item, weight in weights.items():
        limit = limit_of(item, date(2026, 4, 30))
        assert found.composite.singles[item] == pytest.approx(weight * values[item][0] / limit)
    assert math.isnan(found.before.percent)
    assert found.confidence is Confidence.LOW


def limit_of(item, day):
    averaging = {"co": "day", "o3": "day_max_8h"}.get(item, "year")
    tables = standards().air
    return next(
        row.grade_2
        for row in tables.limits
        if row.item == item and row.averaging == averaging and row.in_force(day)
    )


def test_units_are_ranked_by_their_indices_and_those_without_come_last():
    found = [
        Answerable("a", "甲", "township", Rate(1, 1, 0), 3.0, Rate(0, 0, 0), NAN),
        Answerable("b", "乙", "township", Rate(0, 1, 0), 2.0, Rate(0, 0, 0), 5.0),
        Answerable("c", "丙", "township", Rate(0, 0, 0), NAN, Rate(9, 10, 0), 4.0),
        Answerable("d", "丁", "township", Rate(1, 1, 0), 3.0, Rate(0, 0, 0), NAN),
    ]
    placed = ranked(found)
    assert [(one.key, one.rank_water, one.rank_air) for one in placed] == [
        ("b", 1, 2), ("a", 2, 0), ("d", 2, 0), ("c", 0, 1),
    ]  # fmt: skip


def test_a_tally_counts_what_could_not_be_assessed():
    nothing = course([], [])
    month = Months(date(2026, 10, 1))
    tables = standards().water

    def section(value, target):
        months = course(["2026-10-01"], [3], {"nh3n": [value]})
        return assess_water(tables, Body.RIVER, target, months, nothing, month)

    tally = Tally("甲镇", "township")
    tally.water += [
        section(0.9, WaterClass.III), section(1.4, WaterClass.III), section(0.9, None),
    ]  # fmt: skip
    total = tally.total("x")
    assert total.sections == Rate(attained=1, assessed=2, without=1)
    assert total.cwqi == pytest.approx((0.9 + 1.4 + 0.9) / 3)
    assert math.isnan(total.composite)


def air_days(first, last, missing=()):
    """Every day from first to last with six items, but for the missing ones."""
    days = np.arange(first, last, dtype="datetime64[D]")
    days = days[~np.isin(days, np.array(missing, dtype="datetime64[D]"))]
    items = ("so2", "no2", "pm10", "pm25", "co", "o3")
    measured = {item: np.full(len(days), 40.0) for item in items}
    return course(days.astype("datetime64[s]"), np.full(len(days), 2), measured, Medium.AIR)


def test_a_year_of_air_needs_324_days_and_27_in_each_month():
    """GB 3095 table 4: 324 daily means a year, 27 a month, 25 in February."""
    tables, year = standards().air, Months(date(2017, 1, 1), 12)
    assert assess_air(tables, air_days("2017-01-01", "2018-01-01"), year).shortfalls == ()
    two_months = assess_air(tables, air_days("2017-01-01", "2017-03-01"), year)
    assert {(one.there, one.needed, one.month) for one in two_months.shortfalls} == {
        (59, 324, None)
    }
    assert not two_months.valid
    gone = [f"2017-06-{day:02d}" for day in range(1, 5)]
    june = assess_air(tables, air_days("2017-01-01", "2018-01-01", gone), year)
    assert {(one.there, one.needed, one.month) for one in june.shortfalls} == {
        (26, 27, date(2017, 6, 1))
    }


def test_february_needs_25_days_and_a_half_year_every_month():
    tables = standards().air
    gone = ["2017-02-01", "2017-02-02", "2017-02-03"]
    days = air_days("2017-01-01", "2017-07-01", gone)
    assert assess_air(tables, days, Months(date(2017, 2, 1))).valid
    assert assess_air(tables, days, Months(date(2017, 1, 1), 6)).valid
    less = air_days("2017-01-01", "2017-07-01", [*gone, "2017-02-04"])
    assert not assess_air(tables, less, Months(date(2017, 1, 1), 6)).valid


def test_what_is_not_valid_takes_no_place_and_is_not_compared():
    """Two months of a year against a whole year before: no change is told, no place given."""
    tables, year = standards().air, Months(date(2017, 1, 1), 12)
    short = assess_air(tables, air_days("2016-01-01", "2017-03-01"), year)
    assert short.composite is not None
    assert math.isnan(short.composite_change)
    whole = assess_air(tables, air_days("2016-01-01", "2018-01-01"), year)
    assert whole.composite_change == pytest.approx(0.0)
    tallies = [Tally("两月", "township", air=[short]), Tally("全年", "township", air=[whole])]
    places = {one.name: one.rank_air for one in ranked([t.total(t.name) for t in tallies])}
    assert places == {"两月": 0, "全年": 1}


@pytest.mark.parametrize(
    ("months", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (6, 3), (9, 5), (12, 6)]
)
def test_how_many_months_a_class_needs(months, needed):
    """Quarter two and year six by 环办〔2011〕22号; what lies between in proportion."""
    starts = [f"2021-{number:02d}-01" for number in range(1, needed)]
    values = course(starts, [4] * len(starts), {"nh3n": [1.2] * len(starts)})
    period = Months(date(2021, 1, 1), months)
    found = assess_water(
        standards().water, Body.RIVER, WaterClass.III, values, course([], []), period
    )
    assert (found.needed, found.water_class) == (needed, None)
