"""GB 3838-2002 and 环办〔2011〕22号, with the standard's words beside the figures."""

import csv
import math
from collections import Counter
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.standards.files import standards
from gridmap.standards.statistics import mean_of
from gridmap.standards.surface_water import (
    assess_section,
    item_class,
    item_classes,
    realtime_class,
    realtime_classes,
)
from gridmap.standards.tables import Confidence, StandardError
from gridmap.standards.water_standards import UNCLASSED, Body, WaterClass

DAY = date(2020, 9, 30)
LABELS = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "劣Ⅴ": 6}
NAN = math.nan


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


# What is good in every item: the five of a single reading.
GOOD = {"ph": 7.0, "dissolved_oxygen": 8.0, "codmn": 1.0, "nh3n": 0.1, "tp": 0.01}


@pytest.fixture(scope="module")
def water():
    return standards().water


@pytest.fixture(scope="module")
def river(water):
    return water.on(DAY, Body.RIVER)


@pytest.fixture(scope="module")
def lake(water):
    return water.on(DAY, Body.LAKE)


# --- classes of one item ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "value", "label"),
    [
        ("codmn", 2.0, "Ⅰ"),  # 高锰酸盐指数 ≤ 2 4 6 10 15
        ("codmn", 2.0000001, "Ⅱ"),
        ("codmn", 15.0, "Ⅴ"),
        ("codmn", 15.01, "劣Ⅴ"),
        ("dissolved_oxygen", 7.5, "Ⅰ"),  # 溶解氧 ≥ 7.5 6 5 3 2
        ("dissolved_oxygen", 7.499, "Ⅱ"),
        ("dissolved_oxygen", 2.0, "Ⅴ"),
        ("dissolved_oxygen", 1.999, "劣Ⅴ"),
        ("ph", 6.0, "Ⅰ"),  # pH 6~9, in every class
        ("ph", 9.0, "Ⅰ"),
        ("ph", 5.998, "劣Ⅴ"),  # shown as 6.00
        ("ph", 9.001, "劣Ⅴ"),
        ("tp", 0.10007, "Ⅲ"),  # shown as 0.100
        ("cod", 15.0, "Ⅰ"),  # Ⅰ and Ⅱ share 15: the better one
        ("cod", 15.1, "Ⅲ"),
        ("copper", 0.5, "Ⅱ"),  # 0.01 1.0 1.0 1.0 1.0
        ("copper", 1.01, "劣Ⅴ"),
        ("mercury", 0.00005, "Ⅰ"),
        ("faecal_coliforms", 10001, "Ⅳ"),
    ],
)
def test_classes_by_hand_on_raw_values(river, item, value, label):
    assert item_class(river.limits[item], value) == LABELS[label]


def test_lakes_have_limits_of_their_own_for_phosphorus_and_nitrogen(river, lake):
    assert item_class(river.limits["tp"], 0.05) == WaterClass.II
    assert item_class(lake.limits["tp"], 0.05) == WaterClass.III
    assert "tn" not in river.limits
    assert item_class(lake.limits["tn"], 1.2) == WaterClass.IV


def test_the_21_items(water, river, lake):
    assert len(river.evaluated()) == len(lake.evaluated()) == 21
    assert lake.separate() == ("tn", "faecal_coliforms")
    assert river.separate() == ("faecal_coliforms",)
    assert len(water.items) == 24


@given(
    st.sampled_from(sorted(standards().water.on(DAY, Body.LAKE).limits)),
    st.lists(st.one_of(st.floats(-1, 50), st.just(NAN)), max_size=20),
)
def test_many_classes_agree_with_one_by_one(item, values):
    limits = standards().water.on(DAY, Body.LAKE).limits[item]
    edges = [edge for limit in limits for edge in limit.limits]
    many = item_classes(limits, np.array(values + edges))
    assert many.tolist() == [item_class(limits, value) or 0 for value in values + edges]


@given(
    st.sampled_from(["codmn", "nh3n", "tp", "dissolved_oxygen"]),
    st.floats(0, 30), st.floats(0, 30),
)  # fmt: skip
def test_worse_water_is_never_in_a_better_class(item, one, two):
    limits = standards().water.on(DAY, Body.RIVER).limits[item]
    low, high = sorted((one, two), reverse=item == "dissolved_oxygen")
    assert item_class(limits, low) <= item_class(limits, high)


def test_before_the_standard_there_is_no_class(water):
    with pytest.raises(StandardError) as error:
        water.on(date(2002, 5, 31), Body.RIVER)
    assert (error.value.code, error.value.day) == ("not_in_force", date(2002, 5, 31))
    days = np.array(["2002-05-31", "2002-06-01"], dtype="datetime64[D]")
    values = {item: np.full(2, value) for item, value in GOOD.items()}
    assert realtime_classes(water, Body.RIVER, days, values).tolist() == [UNCLASSED, 1]


# --- the class of a single reading --------------------------------------------------------


def test_total_nitrogen_never_counts(water):
    assert realtime_class(water, Body.LAKE, DAY, {**GOOD, "tn": 40.0}) == WaterClass.I


def test_a_missing_item_leaves_the_reading_without_class(water):
    for item in GOOD:
        values = {**GOOD, item: NAN}
        assert realtime_class(water, Body.RIVER, DAY, values, GOOD) is None
    absent = {item: value for item, value in GOOD.items() if item != "nh3n"}
    assert realtime_class(water, Body.RIVER, DAY, absent) is None


def test_a_station_that_does_not_measure_phosphorus_is_classed_without_it(water):
    four = {item: value for item, value in GOOD.items() if item != "tp"}
    assert realtime_class(water, Body.RIVER, DAY, four) == WaterClass.I
    assert realtime_class(water, Body.RIVER, DAY, four, [*four, "tp"]) is None


def test_the_worst_item_decides(water):
    assert realtime_class(water, Body.RIVER, DAY, {**GOOD, "codmn": 10.1}) == WaterClass.V


@given(
    st.lists(
        st.tuples(*(st.one_of(st.floats(0, 20), st.just(NAN)) for _ in range(5))), max_size=15
    ),
    st.sampled_from(Body), st.booleans(),
)  # fmt: skip
def test_many_readings_agree_with_one_by_one(rows, body, with_tp):
    water = standards().water
    names = list(GOOD) if with_tp else [item for item in GOOD if item != "tp"]
    values = {
        item: np.array([row[place] for row in rows], dtype=float)
        for place, item in enumerate(names)
    }
    days = np.array([f"20{10 + n}-03-01" for n in range(len(rows))], dtype="datetime64[D]")
    many = realtime_classes(water, body, days, values).tolist()
    single = [
        realtime_class(water, body, day, {i: float(v[n]) for i, v in values.items()}) or 0
        for n, day in enumerate(days.tolist())
    ]
    assert many == single


@pytest.mark.shared
def test_every_published_class_of_the_vector(shared, water):
    path = shared / "vectors" / "cnemc_realtime_class.csv"
    columns = {"ph": "ph", "do": "dissolved_oxygen", "codmn": "codmn", "nh3n": "nh3n",
               "tp": "tp", "tn": "tn"}  # fmt: skip
    misses, agreed = [], Counter()
    for row in read(path):
        month, day = row["time_mmdd"][:5].split("-")
        on = date(int(row["file"][:4]), int(month), int(day))
        values = {
            item: float(row[f"{name}_raw"]) for name, item in columns.items() if row[f"{name}_raw"]
        }
        # "either": both kinds of water lead to the published class.
        inferred = row["body_inferred"]
        bodies = list(Body) if inferred == "either" else [Body(inferred)]
        for body in bodies:
            found = realtime_class(water, body, on, values)
            if found != LABELS[row["published_class"]]:
                misses.append((row["section"], row["file"], body, found))
        agreed[inferred] += 1
    assert misses == []
    assert agreed == {"either": 118, "river": 38, "lake": 16}


# The published records whose class our rule does not give, each with its reason.
KNOWN_MISSES = {
    ("王江泾", "2020-11-04"): (
        4, 2, "TP 0.074 mg/L is Ⅱ in a river; the platform shows Ⅳ on this one day, as for a lake"
    ),
    ("古北口", "2021-03-29"): (
        1, 2, "NH3-N 0.19 mg/L is Ⅱ; the platform shows Ⅰ although the same value is Ⅱ elsewhere"
    ),
}  # fmt: skip


@pytest.mark.shared
def test_every_daily_record_of_five_sections(shared, water):
    """1,403 records of Jiaxing and Beijing; "*" is not configured, "--" missing."""
    columns = {"pH": "ph", "溶解氧": "dissolved_oxygen", "高锰酸盐指数": "codmn",
               "氨氮": "nh3n", "总磷": "tp", "总氮": "tn"}  # fmt: skip
    misses, counts = {}, Counter()
    for name in ("nanhu/jiaxing_daily.csv", "chaobai/beijing_daily.csv"):
        for row in read(shared / "data" / name):
            configured = [item for zh, item in columns.items() if row[zh] != "*"]
            values = {
                item: float(row[f"{zh}_原始值"])
                for zh, item in columns.items() if row[f"{zh}_原始值"]
            }  # fmt: skip
            on = date.fromisoformat(row["抓取日"])
            found = realtime_class(water, Body.RIVER, on, values, configured)
            if row["站点情况"] == "维护" and not row["水质类别"]:
                # Maintenance: the platform may show values and withhold their class.
                counts["withheld" if found else "maintenance"] += 1
            elif found != LABELS.get(row["水质类别"]):
                published = LABELS.get(row["水质类别"])
                misses[row["断面"], row["抓取日"]] = (published, found)
            else:
                counts["agreed"] += 1
    assert misses == {key: (told, ours) for key, (told, ours, _) in KNOWN_MISSES.items()}
    assert counts == {"agreed": 1228, "withheld": 9, "maintenance": 164}


# --- one section --------------------------------------------------------------------------


def section(water, body=Body.RIVER, day=DAY, **values):
    return assess_section(water, day, body, {**GOOD, **values})


def names(result):
    return [one.item for one in result.main_pollutants]


def test_grades_by_class(water):
    for value, label, grade, colour in [
        (1.0, "Ⅰ", "优", "蓝色"),
        (3.0, "Ⅱ", "优", "蓝色"),
        (5.0, "Ⅲ", "良好", "绿色"),
        (8.0, "Ⅳ", "轻度污染", "黄色"),
        (12.0, "Ⅴ", "中度污染", "橙色"),
        (16.0, "劣Ⅴ", "重度污染", "红色"),
    ]:
        found = section(water, codmn=value)
        assert (found.grade.label, found.grade.grade) == (label, grade)
        assert found.grade.colour_name == colour
        assert found.water_class == LABELS[label]


def test_up_to_class_three_there_are_no_main_pollutants(water):
    assert section(water, codmn=6.0, nh3n=1.0).main_pollutants == ()


def test_the_three_worst_items_are_main_pollutants(water):
    """先按照不同指标对应水质类别的优劣, 选择水质类别最差的前三项指标作为主要污染指标."""
    found = section(water, codmn=7.0, nh3n=1.9, tp=0.5, cod=25.0, bod5=5.0)
    assert names(found)[:2] == ["tp", "nh3n"]  # 劣Ⅴ, Ⅴ
    # Ⅳ: CODMn 7/6 - 1 = 0.17, COD 25/20 - 1 = 0.25, BOD5 5/4 - 1 = 0.25
    assert names(found)[2] == "cod"
    assert found.main_pollutants[0].multiple == pytest.approx(1.5)  # (0.5 - 0.2) / 0.2
    assert found.limiting == ("tp",)


def test_equal_classes_are_ordered_by_multiple(water):
    """当不同指标对应的水质类别相同时计算超标倍数, … 取超标倍数最大的前三项为主要污染指标."""
    found = section(water, codmn=9.0, nh3n=1.1, tp=0.28, cod=21.0)
    assert names(found) == ["codmn", "tp", "nh3n"]  # 0.5, 0.4, 0.1, then COD 0.05


def test_cyanide_and_heavy_metals_come_first(water):
    """当氰化物或铅、铬等重金属超标时, 优先作为主要污染指标."""
    found = section(water, codmn=20.0, nh3n=3.0, tp=0.5, lead=0.06, chromium6=0.06)
    # Cr and Pb both Ⅴ, 0.2 times, in the order of table 1; CODMn 2.3, NH3-N 2.0, TP 1.5 times
    assert names(found) == ["chromium6", "lead", "codmn"]
    assert found.confidence is Confidence.HIGH
    metal = section(water, arsenic=0.06)
    assert names(metal) == ["arsenic"]
    assert metal.confidence is Confidence.MEDIUM  # “等重金属” does not name it


def test_temperature_ph_and_oxygen_have_no_multiple(water):
    """对于水温、pH值和溶解氧等项目不计算超标倍数."""
    found = section(water, ph=5.0, dissolved_oxygen=1.0)
    assert [one.multiple for one in found.main_pollutants] == [None, None]
    assert names(found) == ["ph", "dissolved_oxygen"]


def test_total_nitrogen_and_coliforms_are_told_apart(water):
    found = section(water, Body.LAKE, tn=3.0, faecal_coliforms=300.0)
    assert found.water_class == WaterClass.I
    assert [(one.item, one.water_class) for one in found.separate] == [
        ("tn", WaterClass.WORSE), ("faecal_coliforms", WaterClass.II),
    ]  # fmt: skip


def test_what_has_no_value_is_told(water):
    found = assess_section(water, DAY, Body.RIVER, {"codmn": NAN})
    assert (found.water_class, found.grade, found.items) == (None, None, ())
    assert len(found.missing) == 21
    with pytest.raises(StandardError):
        section(water, day=date(2010, 1, 1))


@given(st.lists(st.floats(0, 20), min_size=5, max_size=5))
def test_a_section_is_as_bad_as_its_worst_item(values):
    water = standards().water
    sample = dict(zip(GOOD, values, strict=True))
    found = assess_section(water, DAY, Body.RIVER, sample)
    assert found.water_class == max(one.water_class for one in found.items)


@pytest.mark.shared
def test_september_2020_at_xielugang_by_hand(shared, water):
    """One month of one section, step by step.

    斜路港河 斜路港, a river. 30 records; 15 September is 维护 and is left out: 29 remain.
    环办〔2011〕22号 一(二): several measurements of a month are averaged.
    """
    path = shared / "data" / "nanhu" / "jiaxing_daily.csv"
    rows = [
        row for row in read(path)
        if row["断面"] == "斜路港" and row["抓取日"].startswith("2020-09")
    ]  # fmt: skip
    good = [row for row in rows if row["站点情况"] == "正常"]
    assert (len(rows), len(good)) == (30, 29)

    def raw(name):
        return [row[f"{name}_原始值"] for row in good]

    # The sums, exact in decimals, and the means: sum / 29.
    sums = {
        name: sum(map(Fraction, raw(name))) for name in ("溶解氧", "高锰酸盐指数", "氨氮", "总磷")
    }
    assert sums == {
        "溶解氧": Fraction("98.68"),  # mean 3.40276
        "高锰酸盐指数": Fraction("148.14"),  # mean 5.10828
        "氨氮": Fraction("4.31673"),  # mean 0.148853
        "总磷": Fraction("5.94218"),  # mean 0.204903
    }
    # pH: -log10 of the mean of 10^-pH. Σ10^-pH = 1.7248449e-6, /29 = 5.947741e-8, pH 7.2256.
    # (The arithmetic mean would be 7.2462.)
    ph = -math.log10(1.7248449168e-6 / 29)
    assert ph == pytest.approx(7.22565, abs=1e-5)

    means = {
        "ph": mean_of(map(float, raw("pH")), hydrogen=True),
        "dissolved_oxygen": mean_of(map(float, raw("溶解氧"))),
        "codmn": mean_of(map(float, raw("高锰酸盐指数"))),
        "nh3n": mean_of(map(float, raw("氨氮"))),
        "tp": mean_of(map(float, raw("总磷"))),
    }
    assert means == pytest.approx({
        "ph": ph, "dissolved_oxygen": 98.68 / 29, "codmn": 148.14 / 29,
        "nh3n": 4.31673 / 29, "tp": 5.94218 / 29,
    })  # fmt: skip

    found = assess_section(water, DAY, Body.RIVER, means)
    assert {one.item: one.water_class for one in found.items} == {
        "ph": 1,  # 6 ≤ 7.23 ≤ 9
        "dissolved_oxygen": 4,  # Ⅲ ≥ 5, Ⅳ ≥ 3: 3.40
        "codmn": 3,  # Ⅱ ≤ 4, Ⅲ ≤ 6: 5.11
        "nh3n": 1,  # Ⅰ ≤ 0.15: 0.148853, raw
        "tp": 4,  # Ⅲ ≤ 0.2, Ⅳ ≤ 0.3: 0.204903, though 0.20 to two decimals
    }
    # 断面水质类别评价采用单因子评价法: the worst, Ⅳ, 轻度污染.
    assert (found.grade.label, found.grade.grade) == ("Ⅳ", "轻度污染")
    assert found.limiting == ("dissolved_oxygen", "tp")
    # Both are Ⅳ; TP exceeds (0.204903 - 0.2) / 0.2 = 0.0245 times, DO has no multiple.
    assert [(one.item, one.multiple) for one in found.main_pollutants] == [
        ("tp", pytest.approx(0.0245138, abs=1e-7)), ("dissolved_oxygen", None),
    ]  # fmt: skip
    assert len(found.missing) == 16  # an automatic station measures five of the 21
    # The days: 16 Ⅳ, 5 Ⅴ, 8 劣Ⅴ, as published.
    assert Counter(row["水质类别"] for row in good) == {"Ⅳ": 16, "Ⅴ": 5, "劣Ⅴ": 8}
