"""The tables of the standards: complete, consistent, and mistakes in them are told precisely."""

import ast
import csv
import re
import shutil
import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from gridmap import shipped, texts
from gridmap.standards import files
from gridmap.standards.air_standards import Averaging
from gridmap.standards.files import StandardFileError, read_standards, standards
from gridmap.standards.item_files import items
from gridmap.standards.tables import Confidence, Purpose, Rule, StandardError, in_force
from gridmap.standards.water_standards import WaterClass

FOLDER = shipped.resource("standards")
PACKAGE = Path(files.__file__).parent
SIX = ("so2", "no2", "co", "o3", "pm10", "pm25")


def every_rule():
    tables = standards()
    groups = [*vars(tables.water).values(), *vars(tables.air).values(),
              tables.rounding, tables.critical, tables.mann_kendall,
              tables.flags.flags, tables.flags.non_detects]  # fmt: skip
    return [rule for group in groups for rule in group]


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_row_says_where_it_is_from_since_when_and_how_surely():
    rules = every_rule()
    assert len(rules) > 300
    for rule in rules:
        assert isinstance(rule, Rule)
        assert rule.source.strip()
        assert rule.valid_from <= (rule.valid_to or date.max)
        assert rule.confidence in Confidence
        # What no document says is not called by a document's name and never sure.
        if "default" in rule.source:
            assert (rule.standard, rule.confidence) == ("", Confidence.LOW)


def test_every_file_is_read():
    known = {path.name for path in FOLDER.iterdir()}
    source = (PACKAGE / "files.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(\w+\.(?:csv|toml))"', source))
    assert known - named == {"aqi_2012.toml", "aqi_2026.toml"}
    assert named <= known


def test_items_and_units_are_those_of_the_program():
    tables = standards()
    for row in tables.water.items:
        if row.item in items():
            assert row.unit == items()[row.item].unit
    for limit in (*tables.air.limits, *tables.air.curve):
        if limit.item in items():
            assert limit.unit == items()[limit.item].unit
    for rule in in_force(tables.rounding, date(2020, 1, 1)):
        if rule.item in items() and rule.purpose is Purpose.DISPLAYED:
            assert rule.decimals == items()[rule.item].decimals


def test_there_is_no_day_without_rules_of_air():
    """Every day since 2013 has limits, curves and levels for all six items."""
    air = standards().air
    edges = {date(2013, 1, 1), date(2016, 1, 1), date(2026, 3, 1), date(2031, 1, 1)}
    for day in edges | {edge - timedelta(days=1) for edge in edges if edge.year > 2013}:
        for item in SIX:
            averaging = Averaging.DAY_MAX_8H if item == "o3" else Averaging.DAY
            air.limit(item, averaging, day)
        for row in (*in_force(air.daily, day), *in_force(air.hourly, day)):
            air.curve_of(row.curve, day)
        levels = in_force(air.level, day)
        assert [level.number for level in levels] == [1, 2, 3, 4, 5, 6]
        scale = in_force(air.scale, day)[0]
        assert (levels[0].lowest, levels[-1].highest) == (scale.lowest, scale.highest)
        for lower, upper in pairwise(levels):
            assert upper.lowest == lower.highest + 1


def test_the_index_of_100_is_the_limit_of_grade_2():
    """GB 3095 and HJ 633 change together, until the final limits of 2031."""
    air = standards().air
    for day in (date(2020, 1, 1), date(2027, 1, 1)):
        for item in ("so2", "no2", "co", "pm10", "pm25"):
            curve = air.curve_of(f"{item}_24h", day)
            at_100 = curve.concentrations[curve.indices.index(100)]
            assert at_100 == air.limit(item, Averaging.DAY, day).grade_2
        ozone = air.curve_of("o3_8h", day)
        assert ozone.concentrations[2] == air.limit("o3", Averaging.DAY_MAX_8H, day).grade_2


def test_what_the_tables_lack_is_told():
    air = standards().air
    with pytest.raises(StandardError, match="unknown"):
        air.limit("o3", Averaging.YEAR, date(2020, 1, 1))
    with pytest.raises(StandardError, match="unknown"):
        air.curve_of("luck_24h", date(2020, 1, 1))
    with pytest.raises(StandardError, match="AQI 501"):
        air.level_of(501, date(2020, 1, 1))


def test_the_rules_of_low_confidence_are_these():
    """A screen marks them; a row that becomes surer, or less so, is a decision."""
    low = {type(rule).__name__ for rule in every_rule() if rule.confidence is Confidence.LOW}
    assert low == {
        "Validity",
        "Rounding",
        "Rule",
        "CompositeMethod",
        "CityMethod",
        "TrendTest",
        "DataFlag",
        "NonDetect",
    }
    weak = [rule for rule in standards().air.composite if rule.confidence is Confidence.LOW]
    assert [rule.standard for rule in weak] == ["HJ 663-2026"]


def test_no_limit_stands_in_the_code():
    """The rules hold no number that is a limit, breakpoint, weight or threshold of a table."""
    tables = standards()
    figures = {limit for row in tables.water.limits for limit in row.limits}
    figures |= {point for row in tables.air.curve for point in row.concentrations}
    figures |= {float(index) for row in tables.air.curve for index in row.indices}
    figures |= {value for row in tables.critical for value in (row.w_05, row.w_01)}
    figures |= {value for row in tables.water.trophic_parameter
                for value in (row.intercept, row.slope, row.r_squared)}  # fmt: skip
    # Counting, halves, percent, seconds of a day, coefficients of formulas: from no table.
    plain = {0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 12.0, 15.0, 18.0, 24.0, 60.0, 100.0}
    found = []
    for path in sorted({*PACKAGE.rglob("*.py")} - {PACKAGE / "sequences.py"}):  # gaps in time
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            number = node.value if isinstance(node, ast.Constant) else None
            if isinstance(number, int | float) and float(number) in figures - plain:
                found.append((path.name, node.lineno, number))
    assert found == []


@pytest.mark.shared
def test_every_figure_is_that_of_the_collection(shared):
    """Limits and breakpoints, one by one, against the collection they were built from."""
    folder = shared / "standards"
    water = {
        (row.number, limit.body, limit.bound.value): limit.limits
        for row in standards().water.items
        for limit in standards().water.limits
        if limit.item == row.item
    }
    rows = read(folder / "gb3838_2002_table1.csv")
    for row in rows:
        cells = [row[f"class_{name}"] for name in ("I", "II", "III", "IV", "V")]
        body = "any" if row["water_body"] == "all" else row["water_body"]
        number = int(row["item_no"])
        if row["direction"] == "range":
            assert water[number, body, "at_least"] == tuple(float(c.split("~")[0]) for c in cells)
            assert water[number, body, "at_most"] == tuple(float(c.split("~")[1]) for c in cells)
        elif row["direction"] != "change":
            bound = {"max": "at_most", "min": "at_least"}[row["direction"]]
            assert water[number, body, bound] == tuple(map(float, cells))
    assert len(rows) == 25
    for row in read(folder / "hj633_iaqi_breakpoints.csv"):
        day = date(2020, 1, 1) if row["standard"] == "HJ 633-2012" else date(2027, 1, 1)
        item = row["pollutant"].lower().replace(".", "")
        curve = standards().air.curve_of(f"{item}_{row['averaging']}", day)
        points = {name: float(cell) for name, cell in row.items() if "iaqi_" in name and cell}
        assert points == {
            f"iaqi_{index}": c for index, c in zip(curve.indices, curve.concentrations, strict=True)
        }
    averaging = {"annual": "year", "24h": "day", "1h": "hour", "daily_max_8h": "day_max_8h"}
    for row in read(folder / "gb3095_limits.csv"):
        item = row["pollutant"].lower().replace(".", "")
        when = Averaging(averaging.get(row["averaging"], row["averaging"]))
        limit = standards().air.limit(item, when, date.fromisoformat(row["valid_from"]))
        assert (limit.grade_1, limit.grade_2) == (float(row["grade1"]), float(row["grade2"]))
        assert (limit.standard, limit.confidence) == (row["standard"], row["confidence"])
        assert str(limit.valid_to or "") == row["valid_to"]


# --- mistakes -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "standards"))


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# File, what is changed into what, row, field, words of the reason in both languages.
MISTAKES = [
    ("surface_water_limits.csv", "codmn,any,at_most,2,", "codmn,any,at_most,two,", "5", "class_1",
     "应为数值", "number"),
    ("surface_water_limits.csv", "codmn,any,at_most,2,4,", "codmn,any,at_most,4,2,", "5", "—",
     "由严到宽", "strict"),
    ("surface_water_limits.csv", "codmn,any,at_most,", "codmn,any,about,", "5", "bound",
     "允许范围", "not allowed"),
    ("surface_water_limits.csv", "codmn,any,at_most,2,", "codmn,any,at_most,,", "5", "class_1",
     "缺少", "missing"),
    ("surface_water_items.csv", ",note,", ",remark,", "2", "remark", "检查拼写", "spelling"),
    ("ambient_air_limits.csv", "2016-01-01,2026-02-28", "2016-13-01,2026-02-28", "2",
     "valid_from", "应为日期", "a day"),
    ("ambient_air_limits.csv", "2016-01-01,2026-02-28", "2016-01-01,2015-02-28", "2", "—",
     "前后矛盾", "disagree"),
    ("aqi_2026.toml", "[0, 50, 150, 475, 800, 1600, 2100, 2620]", "[0, 50, 150, 475]", "curve 1",
     "—", "个数相同", "equally many"),
    ("aqi_2012.toml", '\nbeyond = "end"', '\nbeyond = "luck"', "curve 1", "beyond",
     "允许", "allowed"),
    ("trends.toml", "alpha = 0.05", "alfa = 0.05", "mann_kendall 1", "alpha", "缺少", "missing"),
    ("cwqi.toml", "neutral = 7.0", 'neutral = "seven"', "cwqi 1", "neutral", "数值", "number"),
    ("ambient_air_statistics.toml", "weight = 1 }", "weigth = 1 }", "composite 1", "parts.0.weight",
     "缺少", "missing"),
    ("trends.toml", "periods = 5\n", "periods = 5.5\n", "critical 1", "periods", "整数", "whole"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[0]} {one[4]}")
def test_a_mistake_is_told_with_file_row_and_field(folder, mistake):
    name, old, new, row, field, chinese, english = mistake
    change(folder, name, old, new)
    with pytest.raises(StandardFileError) as error:
        read_standards(folder)
    facts = error.value.facts
    assert (facts["file"], facts["row"], facts["field"]) == (folder / name, row, field)
    assert all(part in str(error.value) for part in (name, row, chinese))
    texts.use_language("en")
    with pytest.raises(StandardFileError) as error:
        read_standards(folder)
    assert english in str(error.value)


def test_two_rules_on_one_day_are_told(folder):
    change(folder, "ambient_air_limits.csv", "2016-01-01,2026-02-28", "2016-01-01,2026-03-31")
    with pytest.raises(StandardFileError, match=r"so2 year.*2026-03-01"):
        read_standards(folder)


def test_two_versions_of_the_index_on_one_day_are_told(folder):
    change(folder, "aqi_2012.toml", "valid_to = 2026-02-28", "valid_to = 2026-03-28")
    with pytest.raises(StandardFileError, match=r"aqi_2026\.toml.*2026-03-01"):
        read_standards(folder)


def test_a_missing_or_broken_file_is_told(folder):
    path = folder / "cwqi.toml"
    path.unlink()
    with pytest.raises(StandardFileError, match=r"cwqi\.toml"):
        read_standards(folder)
    path.write_text("[[cwqi]\n", encoding="utf-8")
    with pytest.raises(StandardFileError, match=r"cwqi\.toml"):
        read_standards(folder)
    path.write_bytes("[[cwqi]] # 中".encode("gb18030"))
    with pytest.raises(StandardFileError, match="UTF-8"):
        read_standards(folder)


def test_a_missing_or_odd_section_is_told(folder):
    change(folder, "trends.toml", "[[mann_kendall]]", "[[man_kendall]]")
    with pytest.raises(StandardFileError, match="man_kendall"):
        read_standards(folder)
    change(folder, "trends.toml", "[[man_kendall]]", "[[critical]]")
    with pytest.raises(StandardFileError, match="mann_kendall"):
        read_standards(folder)


def test_a_table_saved_by_a_spreadsheet_can_be_read(folder):
    path = folder / "surface_water_limits.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    assert read_standards(folder).water.limits == standards().water.limits


def test_a_section_says_its_own_days_instead_of_the_heads(folder):
    head = tomllib.loads((folder / "ambient_air_statistics.toml").read_text(encoding="utf-8"))
    assert head["early_from"] == date(2013, 1, 1)
    old, new = standards().air.composite
    assert (old.early_from, old.valid_from) == (date(2013, 1, 1), date(2016, 1, 1))
    assert (new.early_from, new.valid_from) == (None, date(2026, 3, 1))


def test_an_office_may_correct_a_figure(folder):
    change(folder, "surface_water_statistics.toml", "at_least = 4\n", "at_least = 5\n")
    assert read_standards(folder).water.validity[0].at_least == 5
    assert [row.water_class for row in standards().water.grade] == list(WaterClass)
