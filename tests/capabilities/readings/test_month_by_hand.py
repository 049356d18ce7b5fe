"""Real readings through the user's door, and one month of one section computed by hand.

王江泾, November 2020, from `jiaxing_daily.csv`: one published record a day, raw values. The sums
below were added up by hand (a calculator) over the 24 records whose state is 正常; the six of 维护
(2nd, 5th, 20th, 22nd, 25th, 30th) do not count.

    CODMn  119.57 / 24 = 4.98208    GB 3838-2002 表1: ≤ 4 Ⅱ, ≤ 6 Ⅲ          → Ⅲ
    NH3-N   2.795 / 24 = 0.116458   ≤ 0.15 Ⅰ                                → Ⅰ
    TP      1.847 / 24 = 0.0769583  ≤ 0.02 Ⅰ, ≤ 0.1 Ⅱ                       → Ⅱ
    DO     144.88 / 24 = 6.03667    ≥ 7.5 Ⅰ, ≥ 6 Ⅱ                          → Ⅱ
    pH      7.01389                 6–9; −lg of the mean of 10^−pH, not 168.47 / 24 = 7.01958
    TN     36.703 / 24 = 1.52929    does not count in rivers (环办〔2011〕22号: 21 项, 总氮除外)

Single factor (环办〔2011〕22号): the worst item decides → Ⅲ, 良好, by CODMn; no main pollutant,
since none is worse than Ⅲ. 24 of 30 days are 80 %, above the 60 % that the program asks for.
"""

from datetime import date, datetime

import numpy as np
import pytest

from gridmap.capabilities.attainment.rules import Months
from gridmap.capabilities.attainment.work import assess
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.capabilities.stations.work.standing import course
from gridmap.cli import run
from gridmap.core.moments import ZONE
from gridmap.standards.classing import Medium
from gridmap.standards.tables import Confidence, Period
from gridmap.standards.water_standards import WaterClass

BY_HAND = {
    "codmn": (119.57, 3),
    "nh3n": (2.795, 1),
    "tp": (1.847, 2),
    "dissolved_oxygen": (144.88, 2),
    "tn": (36.703, None),
}


@pytest.fixture(scope="module")
def jiaxing(tmp_path_factory):
    """A project with Jiaxing's daily and 4-hourly files, imported from the command line."""
    return imported(
        tmp_path_factory.mktemp("jiaxing"), "nanhu/jiaxing_daily.csv", "nanhu/jiaxing_4h.csv"
    )


@pytest.fixture(scope="module")
def chaobai(tmp_path_factory):
    """One with Beijing's water and the hourly air of Huairou and Shunyi."""
    return imported(
        tmp_path_factory.mktemp("chaobai"),
        "chaobai/beijing_daily.csv",
        "chaobai/beijing_4h.csv",
        "chaobai/air_hourly_uci_huairou_shunyi.csv.gz",
    )


def imported(folder, *names):
    path = folder / "实测.gridmap.gpkg"
    assert run(["new", str(path), "--title", "实测"]) == 0
    return path, names


@pytest.fixture
def opened(shared, request):
    """Import at first use, then open read-only."""

    def opening(project):
        path, names = project
        if path.stat().st_size < 400_000:
            for name in names:
                file = shared / "data" / name
                run(["readings", "import", str(path), str(file), "--accept"])
        return AnsweringProject.open(path, read_only=True)

    return opening


def month(year, number):
    return datetime(year, number, 1, tzinfo=ZONE)


def test_one_month_of_one_section_by_hand(opened, jiaxing):
    with opened(jiaxing) as project:
        facts = stations_of(project)["王江泾"]
        assert facts.rhythm is Period.DAY
        found = course(project, facts, Period.MONTH, month(2020, 11), month(2020, 12))
        assert found.grade.tolist() == [WaterClass.III]
        assert found.deciding_at(0) == ("codmn",)
        for item, (total, grade) in BY_HAND.items():
            assert found.measured[item][0] == pytest.approx(total / 24, rel=1e-9), item
            if grade is not None:
                assert found.item_grades[item][0] == grade, item
        assert found.measured["ph"][0] == pytest.approx(7.013885839796937, rel=1e-12)
        assert found.measured["ph"][0] != pytest.approx(168.47 / 24, abs=1e-3)
        assert found.confidence is Confidence.LOW  # how much data a month needs is ours
        assessed = assess(project, Months(date(2020, 11, 1)))
        water = next(one for facts, one in assessed.water if facts.code == "王江泾")
        assert (water.water_class, water.result.grade.grade) == (WaterClass.III, "良好")
        assert water.result.main_pollutants == ()
        assert water.days.assessed == 24


def test_every_class_of_the_daily_record_is_the_published_one(opened, jiaxing, shared):
    """Of 415 records of normal days one differs: published as by the TP limit of lakes."""
    lines = (shared / "data/nanhu/jiaxing_daily.csv").read_text(encoding="utf-8-sig").splitlines()
    heading = lines[0].split(",")
    labels = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "劣Ⅴ": 6}
    with opened(jiaxing) as project:
        known = stations_of(project)
        courses = {name: course(project, known[name]) for name in ("斜路港", "王江泾")}
    compared, different = 0, []
    for line in lines[1:]:
        record = dict(zip(heading, line.split(","), strict=True))
        if record["站点情况"] != "正常" or record["水质类别"] not in labels:
            continue
        moment = datetime.strptime(
            f"{record['抓取日'][:4]}-{record['监测时间']}", "%Y-%m-%d %H:%M"
        ).replace(tzinfo=ZONE)
        found = courses[record["断面"]]
        place = int(np.searchsorted(found.times, round(moment.timestamp() * 1e6)))
        compared += 1
        if found.grade[place] != labels[record["水质类别"]]:
            different.append((record["断面"], record["抓取日"]))
    assert compared > 400
    assert different == [("王江泾", "2020-11-04")]


def test_four_hourly_water_is_classed(opened, jiaxing):
    with opened(jiaxing) as project:
        facts = stations_of(project)["红旗塘大坝"]
        assert facts.rhythm is Period.FOUR_HOURS
        found = course(project, facts)
        assert len(found) >= 20
        assert (found.grade > 0).mean() > 0.8


def test_hourly_air_is_in_milligrams_and_classed(opened, chaobai):
    with opened(chaobai) as project:
        known = stations_of(project)
        air = {code: one for code, one in known.items() if one.medium is Medium.AIR}
        assert set(air) == {"1008A", "1009A"}
        assert project.series.unit("1008A", "co") == "mg/m³"
        co = project.series.read("1008A", "co")["value"]
        assert 0.05 < co.median() < 2  # published as 200 to 3000 μg/m³
        found = course(project, air["1008A"], None, month(2016, 12), month(2017, 1))
        assert len(found) == 31 * 24
        assert found.grade.max() == 6
        days = course(project, air["1008A"], Period.DAY, month(2016, 12), month(2017, 1))
        worst = int(np.nanargmax(days.index))
        assert days.index[worst] >= 300  # the smog of mid-December 2016
        assert "pm25" in days.deciding_at(worst)


def test_beijing_water_is_classed(opened, chaobai):
    with opened(chaobai) as project:
        facts = stations_of(project)["古北口"]
        readings = course(project, facts)
        assert int((readings.grade > 0).sum()) == 164
        # Months with less than 60 % of their days have no class.
        months = course(project, facts, Period.MONTH)
        assert months.grade.tolist() == [0, 2, 2, 0, 2, 0, 0, 0, 0, 0]
