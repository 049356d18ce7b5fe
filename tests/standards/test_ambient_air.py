"""AQI by HJ 633-2012 and HJ 633-2026, hourly and daily, with every special case of the tables."""

import csv
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.standards.air_standards import Averaging
from gridmap.standards.ambient_air import (
    NO_INDEX,
    daily_aqi,
    daily_aqi_many,
    hourly_aqi,
    hourly_aqi_many,
    iaqi,
    iaqi_many,
)
from gridmap.standards.files import standards
from gridmap.standards.tables import Confidence, StandardError

OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)
"""The last day of HJ 633-2012 and the first of HJ 633-2026."""
NAN = math.nan

HOUR = {"so2_1h": 5, "no2_1h": 20, "co_1h": 0.5, "o3_1h": 80, "pm10_1h": 40, "pm25_1h": 20}
DAILY = {"so2_24h": 5, "no2_24h": 20, "co_24h": 0.5, "o3_8h_max": 80, "pm10_24h": 40,
         "pm25_24h": 20}  # fmt: skip


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def air():
    return standards().air


# --- one curve ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "day", "concentration", "index"),
    [
        ("pm25_24h", OLD, 75, 100),  # the breakpoints themselves
        ("pm25_24h", NEW, 60, 100),
        ("pm25_24h", OLD, 76, 102),  # (150-100)/(115-75)·1 + 100 = 101.25, rounded up
        ("pm25_24h", NEW, 76, 115),  # (150-100)/(115-60)·16 + 100 = 114.55
        ("pm10_24h", OLD, 121, 86),  # (100-50)/(150-50)·71 + 50 = 85.5
        ("pm10_24h", NEW, 121, 101),  # (150-100)/(250-120)·1 + 100 = 100.38
        ("co_24h", OLD, 2.1, 53),  # 52.5
        ("pm25_24h", OLD, 501, 500),  # the end of the table
        ("so2_24h", OLD, 9999, 500),
        ("so2_1h", OLD, 800, 200),
        ("so2_1h", OLD, 800.1, None),  # 表1 (2): 不再进行其空气质量分指数计算
        ("so2_1h", NEW, 801, 200),  # 表3 b: IAQI 按照 200 计
        ("o3_8h", OLD, 800, 300),
        ("o3_8h", OLD, 801, None),  # 表1 (3)
        ("o3_8h", NEW, 801, 300),  # 表3 c
        ("o3_1h", NEW, 1300, 500),
        ("pm25_24h", OLD, 35.00000000000001, 50),  # what is left of a mean of 24 hours
        ("pm25_24h", OLD, 35.001, 51),
        ("no2_24h", OLD, 0, 0),
        ("no2_24h", OLD, -1, None),
        ("no2_24h", OLD, NAN, None),
        ("no2_24h", OLD, math.inf, 500),
    ],
)
def test_indices_by_hand(air, curve, day, concentration, index):
    assert iaqi(air.curve_of(curve, day), concentration) == index


CURVES = sorted({curve.id for curve in standards().air.curve})


@given(
    st.sampled_from(CURVES),
    st.sampled_from([OLD, NEW]),
    st.lists(
        st.one_of(
            st.decimals(-10, 4000, places=4).map(float), st.sampled_from([NAN, math.inf, 0.0])
        ),
        max_size=20,
    ),
)
def test_many_indices_agree_with_one_by_one(name, day, values):
    curve = standards().air.curve_of(name, day)
    values = values + list(curve.concentrations)
    single = [NO_INDEX if (one := iaqi(curve, v)) is None else one for v in values]
    assert iaqi_many(curve, np.array(values)).tolist() == single


@given(st.sampled_from(CURVES), st.floats(0, 799), st.floats(0, 799))
def test_more_is_never_better(name, one, two):
    curve = standards().air.curve_of(name, NEW)
    low, high = sorted((one, two))
    assert iaqi(curve, low) <= iaqi(curve, high)


@pytest.mark.shared
def test_every_index_of_the_vector(shared, air):
    items = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "O3": "o3"}
    days = {"HJ 633-2012": OLD, "HJ 633-2026": NEW}
    rows = read(shared / "vectors" / "aqi_2026.csv")
    misses = []
    for row in rows:
        curve = air.curve_of(f"{items[row['pollutant']]}_{row['averaging']}", days[row["standard"]])
        found = iaqi(curve, float(row["concentration"]))
        if found != int(row["expected_iaqi"]):
            misses.append((row, found))
    assert (misses, len(rows)) == ([], 18)


# --- an hour ------------------------------------------------------------------------------


@pytest.mark.shared
def test_every_published_hour_of_2018(shared, air):
    """AQI, primary pollutants and category of 53 stations; "-;" is missing, or none."""
    names = {"细颗粒物(PM2.5)": "pm25", "颗粒物(PM10)": "pm10", "二氧化硫": "so2"}
    rows = read(shared / "vectors" / "aqi_2012_realtime_cnemc.csv")
    misses = []
    for row in rows:
        values = {name: float(row[name]) for name in HOUR if row[name] != "-;"}
        found = hourly_aqi(air, date.fromisoformat(row["timepoint"][:10]), values)
        published = row["published_primary"]
        primary = {names[one] for one in published.split(",")} if published != "-;" else set()
        told = (int(row["published_aqi"]), primary, row["published_quality"])
        if (found.aqi, set(found.primary), found.level.category) != told:
            misses.append((row["station"], told, found))
    assert (misses, len(rows)) == ([], 53)


def test_particles_of_one_hour_count_instead_of_the_moving_mean(air):
    values = {**HOUR, "pm25_24h": 400.0}
    assert hourly_aqi(air, OLD, values).computed == 40
    assert hourly_aqi(air, OLD, values).confidence is Confidence.MEDIUM  # practice, not text
    without = {name: v for name, v in values.items() if name not in {"pm25_1h", "pm10_1h"}}
    found = hourly_aqi(air, OLD, without)
    assert (found.aqi, found.primary) == (434, ("pm25",))  # (500-400)/(500-350)·50 + 400
    assert found.confidence is Confidence.HIGH


def test_moving_means_count_until_2026_only(air):
    values = {**HOUR, "o3_8h": 265.0}
    assert hourly_aqi(air, OLD, values).aqi == 200
    assert hourly_aqi(air, NEW, values).aqi == 40
    assert "o3_8h" not in hourly_aqi(air, NEW, values).indices


def test_an_hour_of_so2_above_800(air):
    values = {**HOUR, "so2_1h": 900.0}
    assert hourly_aqi(air, OLD, values).missing == ("so2",)
    # 按24小时平均浓度计算的分指数报告: (300-200)/(1600-800)·100 + 200 = 212.5
    found = hourly_aqi(air, OLD, {**values, "so2_24h": 900.0})
    assert (found.aqi, found.primary) == (213, ("so2",))
    assert hourly_aqi(air, OLD, {**HOUR, "so2_24h": 900.0}).aqi == 40  # not needed, does not count
    assert hourly_aqi(air, NEW, values).aqi == 200


# --- a day --------------------------------------------------------------------------------


def test_the_highest_hour_of_ozone_counts_in_2012_only(air):
    values = {**DAILY, "o3_1h_max": 250.0}
    assert daily_aqi(air, OLD, values).aqi == 125
    assert daily_aqi(air, NEW, values).aqi == 40


def test_eight_hours_of_ozone_above_800(air):
    values = {**DAILY, "o3_8h_max": 850.0, "o3_1h_max": 1000.0}
    assert daily_aqi(air, OLD, values).indices["o3_8h_max"] is None
    assert daily_aqi(air, OLD, values).aqi == 400  # the index of 1 hour is reported
    assert daily_aqi(air, NEW, values).aqi == 300


def test_primary_and_non_attainment(air):
    clean = daily_aqi(air, OLD, DAILY)
    assert (clean.aqi, clean.primary, clean.non_attainment) == (40, (), ())
    assert clean.level.category == "优"
    bad = daily_aqi(air, OLD, {**DAILY, "pm25_24h": 115, "pm10_24h": 250, "no2_24h": 100})
    assert bad.aqi == 150
    assert bad.primary == ("pm10", "pm25")  # ties are joint
    assert bad.non_attainment == ("no2", "pm10", "pm25")
    assert daily_aqi(air, NEW, {**DAILY, "pm25_24h": 115}).non_attainment is None
    at_50 = daily_aqi(air, OLD, {**DAILY, "pm25_24h": 35})
    assert (at_50.aqi, at_50.primary) == (50, ())


@pytest.mark.parametrize(
    ("aqi", "number", "category"),
    [(50, 1, "优"), (51, 2, "良"), (100, 2, "良"), (101, 3, "轻度污染"), (151, 4, "中度污染"),
     (201, 5, "重度污染"), (301, 6, "严重污染"), (500, 6, "严重污染")],
)  # fmt: skip
def test_levels_at_their_edges(air, aqi, number, category):
    for day in (OLD, NEW):
        assert (air.level_of(aqi, day).number, air.level_of(aqi, day).category) == (
            number, category,
        )  # fmt: skip


def test_the_lowest_index_is_zero_and_since_2026_one(air):
    nothing = dict.fromkeys(DAILY, 0.0)
    assert daily_aqi(air, OLD, nothing).aqi == 0
    assert daily_aqi(air, NEW, nothing).aqi == 1


def test_since_2026_concentrations_are_rounded_first(air):
    values = {**DAILY, "pm25_24h": 60.5, "co_24h": 0.5}  # 60.5 is a tie, to 60
    assert daily_aqi(air, NEW, values).aqi == 100
    assert daily_aqi(air, NEW, {**values, "pm25_24h": 60.6}).aqi == 101
    assert daily_aqi(air, NEW, {**DAILY, "co_24h": 2.04}).indices["co_24h"] == 50
    assert daily_aqi(air, OLD, {**DAILY, "co_24h": 2.04}).indices["co_24h"] == 51


def test_with_an_item_missing_since_2026_only_pollution_is_published(air):
    """5.3.1: 当 AQI 大于 100 时仍继续发布, 否则仅发布单项污染物浓度及分指数."""
    gap = {**DAILY, "no2_24h": NAN}
    found = daily_aqi(air, NEW, gap)
    assert (found.aqi, found.computed, found.level, found.primary) == (None, 40, None, ())
    assert found.missing == ("no2",)
    assert daily_aqi(air, NEW, {**gap, "pm25_24h": 60}).aqi is None  # 100 is not above 100
    assert daily_aqi(air, NEW, {**gap, "pm25_24h": 61}).aqi == 101
    assert daily_aqi(air, NEW, gap, ["no2"]).aqi == 40  # 5.3.2: not in the plan
    assert daily_aqi(air, OLD, gap).aqi == 40


def test_nothing_at_all(air):
    found = daily_aqi(air, NEW, {})
    assert (found.aqi, found.computed, len(found.missing)) == (None, None, 6)


# --- days and versions --------------------------------------------------------------------


def test_the_day_decides_the_version(air):
    values = {**DAILY, "pm25_24h": 75}
    assert [(daily_aqi(air, day, values).standard, daily_aqi(air, day, values).aqi)
            for day in (OLD, NEW)] == [("HJ 633-2012", 100), ("HJ 633-2026", 114)]  # fmt: skip
    limits = [air.limit("pm25", Averaging.DAY, day).grade_2
              for day in (OLD, NEW, date(2030, 12, 31), date(2031, 1, 1))]  # fmt: skip
    assert limits == [75, 60, 60, 50]


def test_before_2016_the_rules_held_in_some_cities_only(air):
    early = daily_aqi(air, date(2014, 5, 1), DAILY)
    assert (early.aqi, early.confidence) == (40, Confidence.MEDIUM)
    assert daily_aqi(air, date(2016, 5, 1), DAILY).confidence is Confidence.HIGH
    with pytest.raises(StandardError):
        daily_aqi(air, date(2012, 12, 31), DAILY)


VALUE = st.one_of(st.decimals(0, 1300, places=2).map(float), st.just(NAN), st.floats(0, 90))
SPAN = st.sampled_from(["2012-06-01", "2015-01-01", "2018-02-20", "2026-02-28", "2026-03-01",
                        "2031-05-05"])  # fmt: skip


@pytest.mark.parametrize(
    ("names", "one", "many"),
    [
        ([*HOUR, "o3_8h", "pm10_24h", "pm25_24h", "so2_24h"], hourly_aqi, hourly_aqi_many),
        ([*DAILY, "o3_1h_max"], daily_aqi, daily_aqi_many),
    ],
)
@given(data=st.data())
def test_many_agree_with_one_by_one(names, one, many, data):
    air = standards().air
    count = data.draw(st.integers(1, 6))
    there = data.draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    plan = data.draw(st.sampled_from([(), ("so2",), ("no2", "o3")]))
    rows = st.lists(VALUE, min_size=count, max_size=count)
    values = {name: np.array(data.draw(rows)) for name in there}
    days = np.array(data.draw(st.lists(SPAN, min_size=count, max_size=count)), "datetime64[D]")
    found = many(air, days, values, plan)
    for n, day in enumerate(days.tolist()):
        if day.year < 2013:
            assert (found.aqi[n], found.computed[n]) == (NO_INDEX, NO_INDEX)
            continue
        single = one(air, day, {name: float(column[n]) for name, column in values.items()}, plan)
        assert found.aqi[n] == (NO_INDEX if single.aqi is None else single.aqi)
        assert found.computed[n] == (NO_INDEX if single.computed is None else single.computed)
        assert {item for item, is_in in found.primary.items() if is_in[n]} == set(single.primary)
