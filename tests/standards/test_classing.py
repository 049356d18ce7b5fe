"""Courses of classes: the same as one reading at a time, and means made length by length."""

import math
from datetime import date, timedelta

import numpy as np
import pytest

from gridmap.core.moments import HOUR_US
from gridmap.standards.ambient_air import hourly_aqi
from gridmap.standards.classing import (
    daily_air_course,
    days_of,
    from_wall_clock,
    hourly_air_course,
    levels_of,
    mean_water_course,
    valid_means,
    wall_clock,
    water_course,
)
from gridmap.standards.classing.course import Medium
from gridmap.standards.files import standards
from gridmap.standards.surface_water import realtime_class
from gridmap.standards.tables import Confidence, Period
from gridmap.standards.water_standards import Body

NAN = math.nan
WATER_ITEMS = ("ph", "dissolved_oxygen", "codmn", "nh3n", "tp", "tn")


def hours(start: str, count: int, step: int = 1) -> np.ndarray:
    """`count` wall-clock times of Asia/Shanghai, `step` hours apart."""
    first = from_wall_clock(np.array([start], dtype="datetime64[s]"))[0]
    return first + np.arange(count, dtype=np.int64) * step * HOUR_US


def test_wall_clock_and_back():
    times = hours("2026-11-22T08:00", 3)
    assert [str(t) for t in wall_clock(times)] == [
        "2026-11-22T08:00:00", "2026-11-22T09:00:00", "2026-11-22T10:00:00",
    ]  # fmt: skip
    # 2026-11-22 08:00 in Shanghai is midnight in Greenwich.
    assert times[0] == np.datetime64("2026-11-22T00:00", "us").astype(np.int64)
    assert (from_wall_clock(wall_clock(times)) == times).all()


def test_midnight_of_air_belongs_to_the_day_before():
    times = hours("2026-03-01T00:00", 2)
    assert [str(d) for d in days_of(times, Medium.AIR)] == ["2026-02-28", "2026-03-01"]
    assert [str(d) for d in days_of(times, Medium.WATER)] == ["2026-03-01", "2026-03-01"]


# --- water --------------------------------------------------------------------------------


def water_values(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    values = {
        "ph": rng.uniform(5.5, 9.5, count),
        "dissolved_oxygen": rng.uniform(1, 10, count),
        "codmn": rng.uniform(1, 18, count),
        "nh3n": rng.uniform(0.05, 2.5, count),
        "tp": rng.uniform(0.01, 0.5, count),
        "tn": rng.uniform(0.1, 9, count),
    }
    for column in values.values():
        column[rng.random(count) < 0.05] = NAN
    return values


@pytest.mark.parametrize("body", list(Body))
def test_a_course_of_water_is_its_readings_one_by_one(body):
    tables = standards().water
    times = hours("2025-12-30T00:00", 300, 4)
    values = water_values(np.random.default_rng(7), len(times))
    found = water_course(tables, body, times, values)
    for place, day in enumerate(days_of(times, Medium.WATER).tolist()):
        one = {item: float(column[place]) for item, column in values.items()}
        alone = realtime_class(tables, body, day, one, WATER_ITEMS)
        assert found.grade[place] == (alone or 0)
        if alone and alone > 1:
            assert found.deciding_at(place)
            assert "tn" not in found.deciding_at(place)  # total nitrogen never counts
    assert set(np.unique(found.grade)) >= {0, 3, 4, 5, 6}
    assert np.isnan(found.index).all()


def test_a_station_without_tp_is_classed_without_it():
    tables = standards().water
    times = hours("2026-05-01T00:00", 2, 4)
    values = {
        "ph": np.array([7.0, 7.0]),
        "dissolved_oxygen": np.array([8.0, 8.0]),
        "codmn": np.array([3.0, 3.0]),
        "nh3n": np.array([0.2, NAN]),
        "tp": np.array([NAN, NAN]),
    }
    assert water_course(tables, Body.RIVER, times, values).grade.tolist() == [2, 0]
    every = set(values)
    assert water_course(tables, Body.RIVER, times, values, every).grade.tolist() == [0, 0]


def test_a_month_of_four_hourly_readings_by_hand():
    """Days need 4 of 6 readings, the month 60 % of its days (defaults of the program, low).

    Of the 30 days of a November, the first 18 have six readings each; NH3-N alternates between
    0.5 and 1.5 by day, so that the mean of its 18 days is 1.0, which GB 3838-2002 table 1 still
    calls Ⅲ (≤ 1.0). The 19th day has three readings of 9.9 and does not count.
    pH is 6 on even days and 8 on odd ones: the mean of the ions is (1e-6 + 1e-8) / 2,
    6.2967 as pH, and not 7.
    """
    tables = standards().water
    times = hours("2025-11-01T00:00", 18 * 6 + 3, 4)
    day = np.arange(len(times)) // 6
    extra = day == 18
    nh3n = np.where(extra, 9.9, np.where(day % 2 == 0, 0.5, 1.5))
    ph = np.where(day % 2 == 0, 6.0, 8.0)
    values = {"nh3n": nh3n, "ph": ph}
    found = mean_water_course(tables, Body.RIVER, times, values, Period.FOUR_HOURS, Period.MONTH)
    assert [str(t)[:10] for t in wall_clock(found.times)] == ["2025-11-01"]
    assert found.measured["nh3n"][0] == pytest.approx(1.0, abs=1e-12)
    assert found.measured["ph"][0] == pytest.approx(-math.log10((1e-6 + 1e-8) / 2), abs=1e-9)
    assert found.grade.tolist() == [3]
    assert found.deciding_at(0) == ("nh3n",)
    assert found.confidence is Confidence.LOW
    # One day less is 17 of 30, below 60 %.
    fewer = {item: np.where(day < 17, column, NAN) for item, column in values.items()}
    short = mean_water_course(tables, Body.RIVER, times, fewer, Period.FOUR_HOURS, Period.MONTH)
    assert short.grade.tolist() == [0]
    assert np.isnan(short.measured["nh3n"][0])


def test_a_year_is_made_of_months():
    """Six months or more (环办〔2011〕22号): of equal weight, however many days each has."""
    tables = standards().water
    days = np.arange("2025-01-01", "2025-07-01", dtype="datetime64[D]")
    times = from_wall_clock(days.astype("datetime64[s]"))
    months = days.astype("datetime64[M]").astype(int) % 12
    values = months.astype(float)
    starts, means, sure = valid_means(tables, "codmn", times, values, Period.DAY, Period.YEAR)
    assert len(starts) == 1
    assert means[0] == pytest.approx(np.mean([0, 1, 2, 3, 4, 5]))
    assert sure is Confidence.LOW
    _, five, _ = valid_means(
        tables, "codmn", times[months < 5], values[months < 5], Period.DAY, Period.YEAR
    )
    assert np.isnan(five[0])


# --- air ----------------------------------------------------------------------------------


def air_values(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    return {
        "so2": rng.uniform(2, 900, count).round(),
        "no2": rng.uniform(2, 300, count).round(),
        "co": rng.uniform(0.2, 12, count).round(1),
        "o3": rng.uniform(2, 420, count).round(),
        "pm10": rng.uniform(5, 480, count).round(),
        "pm25": rng.uniform(5, 300, count).round(),
    }


def test_a_course_of_air_is_its_hours_one_by_one_since_2026():
    """HJ 633-2026 knows no moving means in the hour, so that an hour stands alone."""
    tables = standards().air
    times = hours("2026-03-02T01:00", 200)
    values = air_values(np.random.default_rng(3), len(times))
    values["so2"][5] = NAN
    found = hourly_air_course(tables, times, values)
    for place, day in enumerate(days_of(times, Medium.AIR).tolist()):
        one = {f"{item}_1h": float(column[place]) for item, column in values.items()}
        alone = hourly_aqi(tables, day, one)
        assert (None if np.isnan(found.index[place]) else found.index[place]) == alone.aqi
        assert set(found.deciding_at(place)) == set(alone.primary)
        assert found.grade[place] == (alone.level.number if alone.level else 0)


def test_moving_means_reach_back_before_2026():
    """HJ 633-2012 by its text: O3 also as the mean of the last 8 hours, which needs six of them.

    The national platform publishes the hour without it: 203 of 1,475 hours of 2018 would differ.
    """
    tables = standards().air
    times = hours("2018-06-01T01:00", 24)
    values = {item: np.full(24, 1.0) for item in ("so2", "no2", "co", "pm10", "pm25")}
    values["o3"] = np.where(np.arange(24) < 8, 150.0, 0.0)
    found = hourly_air_course(tables, times, values, by_text=True)
    published = hourly_air_course(tables, times, values)
    day = date(2018, 6, 1)
    for place in (4, 5, 7, 12):
        eight = values["o3"][max(0, place - 7) : place + 1]
        one = {f"{item}_1h": 1.0 for item in ("so2", "no2", "co")} | {
            "pm10_1h": 1.0, "pm25_1h": 1.0, "o3_1h": float(values["o3"][place]),
        }  # fmt: skip
        assert published.index[place] == hourly_aqi(tables, day, one).aqi
        if len(eight) >= 6:
            one["o3_8h"] = float(eight.mean())
        assert found.index[place] == hourly_aqi(tables, day, one).aqi


def test_a_day_of_air_needs_twenty_hours():
    """GB 3095 table 4: at least 20 hourly means for the day."""
    tables = standards().air
    times = hours("2026-06-01T01:00", 48)
    values = air_values(np.random.default_rng(1), 48)
    values["pm25"][:5] = NAN  # 19 hours on the first day
    values["pm10"][24:28] = NAN  # 20 on the second
    found = daily_air_course(tables, times, values)
    assert [str(t)[:10] for t in wall_clock(found.times)] == ["2026-06-01", "2026-06-02"]
    assert np.isnan(found.measured["pm25"][0])
    assert found.measured["pm10"][1] == pytest.approx(values["pm10"][28:].mean())
    assert found.measured["so2"][0] == pytest.approx(values["so2"][:24].mean())
    windows = [values["o3"][end - 8 : end].mean() for end in range(8, 25)]
    assert found.measured["o3"][0] == pytest.approx(max(windows))


def test_levels_follow_the_day_and_the_index():
    tables = standards().air
    days = np.array(["2020-01-01"] * 7, dtype="datetime64[D]")
    indices = np.array([-1, 0, 50, 51, 150, 201, 500], np.int16)
    assert levels_of(tables, days, indices).tolist() == [0, 1, 1, 2, 3, 5, 6]


def test_the_part_since_a_moment():
    tables = standards().water
    times = hours("2026-05-01T00:00", 30, 4)
    whole = water_course(tables, Body.RIVER, times, water_values(np.random.default_rng(2), 30))
    part = whole.since(int(times[10]))
    assert len(part) == 20
    assert (part.grade == whole.grade[10:]).all()
    assert (part.times == times[10:]).all()
    assert timedelta(microseconds=int(part.times[0] - times[0])) == timedelta(hours=40)


def test_a_day_with_several_records_counts_once():
    """A station that came to four records a day at the end of the month: each day weighs one."""
    tables = standards().water
    daily = hours("2025-11-01T08:00", 20, 24)
    many = hours("2025-11-21T00:00", 24, 4)
    values = np.concatenate([np.full(20, 2.0), np.full(24, 8.0)])
    times = np.concatenate([daily, many])
    _, means, _ = valid_means(tables, "codmn", times, values, Period.DAY, Period.MONTH)
    assert means[0] == pytest.approx((20 * 2.0 + 4 * 8.0) / 24)


def test_one_hour_of_ozone_makes_no_day():
    """2013-02-28 had a single hour of ozone: no day, neither by 8 hours nor by the highest hour."""
    tables = standards().air
    times = hours("2013-02-28T01:00", 24)
    values = {item: np.full(24, NAN) for item in ("so2", "no2", "co", "pm10", "pm25", "o3")}
    values["o3"][13] = 60.0
    assert np.isnan(daily_air_course(tables, times, values).index).all()
    values["o3"][:] = 60.0
    assert not np.isnan(daily_air_course(tables, times, values).index).all()
