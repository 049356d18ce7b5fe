"""Rivers, basins and lakes after 环办〔2011〕22号; change between two periods; the exam sheet."""

import csv
import math
from datetime import date

import pytest

from gridmap.standards.files import standards
from gridmap.standards.surface_water import assess_section
from gridmap.standards.tables import Confidence
from gridmap.standards.water_basins import (
    assess_basin,
    assess_lake,
    basin_grade,
    change_of_classes,
    change_of_shares,
    mean_over,
)
from gridmap.standards.water_standards import Body, Degree, WaterClass

DAY = date(2020, 9, 30)
LABELS = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "劣Ⅴ": 6}
NAN = math.nan
GOOD = {"ph": 7.0, "dissolved_oxygen": 8.0, "codmn": 1.0, "nh3n": 0.1, "tp": 0.01}


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def water():
    return standards().water


@pytest.fixture(scope="module")
def lake(water):
    return water.on(DAY, Body.LAKE)


def river_of(*codmn):
    return {f"断面{n}": {**GOOD, "codmn": value} for n, value in enumerate(codmn)}


def test_five_sections_are_graded_by_shares(water):
    found = assess_basin(water, DAY, river_of(1, 3, 5, 5, 8))
    assert (found.good, found.bad, found.by_shares) == (80.0, 0.0, True)
    assert (found.grade, found.colour_name) == ("良好", "绿色")
    assert found.shares[WaterClass.III] == 40.0
    assert [(one.item, one.sections, one.percent) for one in found.main_pollutants] == [
        ("codmn", 1, 20.0)
    ]
    assert found.confidence is Confidence.MEDIUM  # exactly five
    assert assess_basin(water, DAY, river_of(1, 3, 5, 5, 5, 8)).confidence is Confidence.HIGH


def test_four_sections_name_their_main_pollutants_one_by_one(water):
    """环办〔2011〕22号: under five sections each one has its own; pH stays without a multiple."""
    rows = river_of(1, 9, 1, 1)
    rows["断面2"] = {**GOOD, "nh3n": 1.2, "ph": 9.5}
    found = assess_basin(water, DAY, rows)
    assert not found.by_shares
    named = {
        name: [(one.item, one.multiple) for one in items]
        for name, items in found.main_by_section.items()
    }
    assert named == {
        "断面1": [("codmn", 0.5)],
        "断面2": [("ph", None), ("nh3n", pytest.approx(0.2))],
    }


def test_four_sections_are_graded_by_the_means_of_their_items(water):
    found = assess_basin(water, DAY, river_of(1, 1, 1, 20))
    assert not found.by_shares
    assert found.mean.items[2].value == 5.75  # mean CODMn: Ⅲ
    assert (found.grade, found.main_pollutants) == ("良好", ())
    assert [one.item for one in found.sections["断面3"].main_pollutants] == ["codmn"]


def test_sections_without_values_are_in_no_share(water):
    sections = {**river_of(1, 1, 1, 1, 8), "停站": {"codmn": NAN}}
    found = assess_basin(water, DAY, sections)
    assert (found.good, found.without_class) == (80.0, ("停站",))
    nothing = assess_basin(water, DAY, {"停站": {}})
    assert (nothing.grade, nothing.good) == (None, 0.0)


def test_main_pollutants_of_a_river_are_those_of_most_sections(water):
    sections = {
        f"断面{n}": {**GOOD, "codmn": 8.0 if n < 2 else 1, "tp": 0.25, "nh3n": 1.2, "cod": 25.0}
        for n in range(6)
    }
    found = assess_basin(water, DAY, sections)
    assert [one.item for one in found.main_pollutants] == ["cod", "nh3n", "tp"]


@pytest.mark.shared
def test_grades_of_published_rivers(shared, water):
    path = shared / "vectors" / "river_grade.csv"
    rows = read(path)
    found = [
        basin_grade(water, DAY, float(row["p_I_III"]), float(row["p_bad_V"])).grade for row in rows
    ]
    assert found == [row["expected_grade"] for row in rows]
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("good", "bad", "grade"),
    [
        (90.0, 0.0, "优"), (89.9, 10.1, "良好"), (75.0, 25.0, "良好"), (74.9, 19.9, "轻度污染"),
        (74.9, 20.0, "中度污染"), (60.0, 39.9, "中度污染"), (59.9, 40.0, "重度污染"),
        (60.0, 40.0, "重度污染"),  # the sources differ on this one point
    ],
)  # fmt: skip
def test_grades_at_their_edges(water, good, bad, grade):
    assert basin_grade(water, DAY, good, bad).grade == grade


def test_a_lake_is_the_mean_of_its_points(water):
    points = {"湖心": {**GOOD, "tp": 0.02, "ph": 6.0}, "湖口": {**GOOD, "tp": 0.06, "ph": 8.0}}
    found = assess_lake(water, DAY, points)
    assert found.water_class == WaterClass.III  # TP 0.04, lake: Ⅱ ≤ 0.025, Ⅲ ≤ 0.05
    # -log10((1e-6 + 1e-8) / 2) = 6.2967, not 7
    assert mean_over(water, DAY, points)["ph"] == pytest.approx(6.2967, abs=1e-4)


def test_change_by_grades(water):
    def change(before, after):
        found = change_of_classes(water, DAY, LABELS[before], LABELS[after])
        return found.degree, found.better

    assert change("Ⅰ", "Ⅱ") == (Degree.NONE, None)  # both 优
    assert change("Ⅲ", "Ⅳ") == (Degree.SOME, False)
    assert change("Ⅴ", "Ⅲ") == (Degree.MARKED, True)


def test_change_by_shares(water):
    def change(*figures):
        found = change_of_shares(water, DAY, figures[:2], figures[2:])
        return found.degree, found.better, found.confidence

    assert change(70, 10, 75, 5) == (Degree.NONE, None, Confidence.MEDIUM)  # ΔG - ΔD = 10
    assert change(70, 10, 76, 5) == (Degree.SOME, True, Confidence.MEDIUM)
    assert change(76, 5, 60, 10) == (Degree.MARKED, False, Confidence.HIGH)


@pytest.mark.shared
def test_every_answer_of_the_exam_sheet(shared, water, lake):
    path = shared / "vectors" / "quiz_22_2011.csv"
    answers = {row["question"]: row["expected"] for row in read(path)}
    by_items = {row.item: row for row in water.items}
    worst = assess_section(water, DAY, Body.RIVER, {**GOOD, "codmn": 99.0}).grade
    marked = change_of_shares(water, DAY, (50.0, 20.0), (71.0, 20.0))
    excluded = [row.name_zh for row in water.items if row.item not in lake.evaluated()]
    bad = assess_section(water, DAY, Body.RIVER, dict.fromkeys(GOOD, 99.0))
    short = {"chlorophyll_a": "chla", "transparency": "sd"}
    trophic = [short.get(row.item, row.item) for row in water.trophic_parameter]
    found = {
        "|dG-dD| > 20": {Degree.MARKED: "明显变化"}[marked.degree],
        "section grade 重度污染: class and colour":
            f"{worst.label.replace('Ⅴ', 'V')}; {worst.colour_name.removesuffix('色')}",
        "evaluated items excluded from GB 3838 table 1": ";".join(excluded),
        "main pollutants: how many by worst class": str(len(bad.main_pollutants)),
        "trophic items": ";".join(trophic),
        "long-term trend method": "秩相关系数法 (Spearman)",  # trends.rank_trend
    }  # fmt: skip
    assert worst.grade == "重度污染"
    assert by_items["tn"].note
    assert found == answers
