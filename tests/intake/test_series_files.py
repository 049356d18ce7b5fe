from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from gridmap import intake
from gridmap.intake import Kind, Severity
from gridmap.intake.looks import times, units
from gridmap.store import Project

ZONE = "Asia/Shanghai"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_long_table_with_units_and_flags(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "long.csv",
        "站点编码,监测项目,时间,值,单位,标记\n"
        "S1,氨氮,2024-01-01 00:00,0.5,mg/L,N\n"
        "S1,氨氮,2024-01-01 04:00,600,ug/L,维护\n"
        "S1,NH3-N,2024-01-01 08:00,--,mg/L,\n"
        "S1,CO,2024-01-01 08:00,100,μg/m3,\n"
        "S1,铅,2024-01-01 08:00,1,mg/L,\n"
        "S1,氨氮,2024-13-01 08:00,1,mg/L,\n"
        ",氨氮,2024-01-01 12:00,1,mg/L,\n",
    )
    report = intake.load_series(project, path, zone=ZONE)
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (7, 4, 3)
    assert sorted((f.row, f.kind) for f in report.held_back) == [
        (6, Kind.UNKNOWN_ITEM),
        (7, Kind.NOT_TIME),
        (8, Kind.MISSING),
    ]
    frame = project.series.read("S1", "nh3n")
    assert np.array_equal(frame["value"], [0.5, 0.6, np.nan], equal_nan=True)
    assert frame["flag"].tolist() == ["", "维护", "--"]
    assert project.series.read("S1", "co")["value"].tolist() == [0.1]


def test_a_wide_table_for_one_station(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "wide.tsv",
        "时间\t水温（℃）\tpH(无量纲)\tTP\t备注\n"
        "2024年1月1日 8时\t5.1\t7.2\t<0.01\tx\n"
        "2024/1/1 12:00\t5.3\t\t0.02\t\n"
        "2024-01-01T08:00:00Z\t5.9\t7.4\t0.03\t\n"
        "2024/1/1 12:00\t5.4\t7.3\t0.02\t\n"
        "2024/1/1 24:00\t5.4\t7.3\t0.02\t\n",
    )
    report = intake.load_series(project, path, zone=ZONE, station="W1", units={"TP": "mg/l"})
    [held] = report.held_back
    assert (held.row, held.kind, held.fix) == (6, Kind.NOT_TIME, "2024-01-02 00:00")
    frame = project.series.read("W1", "water_temperature")
    assert frame.index.tolist() == [
        pd.Timestamp(f"2024-01-01 {hour}:00", tz=ZONE) for hour in ("08", "12", "16")
    ]
    assert frame["value"].tolist() == [5.1, 5.4, 5.9]
    tp = project.series.read("W1", "tp")
    assert tp["value"].iloc[0] == 0.01
    assert tp["flag"].iloc[0] == "<"
    [told] = [f for f in report.findings if f.kind is Kind.NON_DETECT]
    assert (told.field, told.value, told.count, told.severity) == ("TP", "<", 1, Severity.HINT)
    warnings = {f.kind: f for f in report.findings if f.severity is Severity.WARNING}
    assert warnings[Kind.DUPLICATE_TIME].count == 3
    left = next(f for f in report.findings if f.kind is Kind.COLUMN_LEFT_OUT)
    assert left.detail == "备注"


def test_a_second_delivery_replaces_and_says_so(project: Project, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", "站点,时间,氨氮(mg/L)\nS,2024-01-01 00:00,1\n")
    intake.load_series(project, path, zone=ZONE)
    _write(path, "站点,时间,氨氮(mg/L)\nS,2024-01-01 00:00,2\nS,2024-01-01 01:00,2\n")
    report = intake.load_series(project, path, zone=ZONE)
    assert report.replaced == 1
    assert Kind.CHANGED_READING in {f.kind for f in report.findings}
    project.undo()
    assert project.series.read("S", "nh3n")["value"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("heading", "more", "key"),
    [
        ("时间,氨氮(mg/L)", {}, "no_station"),
        ("站点,氨氮(mg/L)", {}, "no_time"),
        ("站点,时间,铅(mg/L)", {}, "no_items"),
        ("站点,时间,氨氮", {}, "undecided"),
        ("站点,时间,氨氮(mol)", {}, "unit_unknown"),
        ("站点,时间,氨氮(℃)", {}, "unit_conversion"),
        ("站点,时间,氨氮(mg/L),NH3-N(mg/L)", {}, "item_twice"),
        ("站点,时间,氨氮(mg/L)", {"zone": "Mars/Base"}, "zone"),
        ("站点,时间,氨氮(mg/L)", {"columns": {"time": "none"}}, "stated_column"),
        ("站点,时间,氨氮(mg/L)", {"columns": {"none": "时间"}}, "stated_field"),
    ],
)
def test_what_is_not_said_is_not_guessed(
    project: Project, tmp_path: Path, heading: str, more: dict[str, str], key: str
) -> None:
    cells = [
        "S" if "站" in h else "2024-01-01 00:00" if "时" in h else "1" for h in heading.split(",")
    ]
    path = _write(tmp_path / "a.csv", heading + "\n" + ",".join(cells) + "\n")
    with pytest.raises(intake.IntakeError) as caught:
        intake.load_series(project, path, **{"zone": ZONE, **more})
    assert caught.value.key == f"intake.error.{key}"
    assert str(caught.value)
    assert project.revision == 1


def test_units() -> None:
    assert units.unit_of("µg/m³") == units.unit_of("ug/m3") == "μg/m³"
    assert units.unit_of(" ℃") == units.unit_of("°C") == "℃"
    assert units.unit_of("μS/cm") == "μS/cm"
    by = units.factor("μg/m³", "mg/m³")
    assert by is not None
    numbers = np.array([100.0, 300.0, 1900.0, 700.0])
    assert units.scaled(numbers, by).tolist() == [0.1, 0.3, 1.9, 0.7]
    assert units.factor("mg/L", "mg/m³") is None


def test_times() -> None:
    texts = ["20240101", "2024-01-01 05:06:07.5", "2024-01-01 00:00+00:00", "nonsense", None]
    moments, fixes = times.parse(texts, ZoneInfo(ZONE))
    assert moments[0] == pd.Timestamp("2024-01-01", tz=ZONE)
    assert moments[1] == pd.Timestamp("2024-01-01 05:06:07.5", tz=ZONE)
    assert moments[2] == pd.Timestamp("2024-01-01 08:00", tz=ZONE)
    assert moments[3:].isna().all()
    assert fixes == {}


def test_limits_of_detection_and_the_most_telling_flag(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "marks.csv",
        "站点,时间,总磷(mg/L),总磷_原始值,总磷_标记,站点情况\n"
        "S,2024-01-01 00:00,<0.01,,,正常\n"
        "S,2024-01-01 04:00,＜0.02,0.013,,正常\n"
        "S,2024-01-01 08:00,0.005L,,,正常\n"
        "S,2024-01-01 12:00,未检出,,,正常\n"
        "S,2024-01-01 16:00,--,,,停站\n"
        "S,2024-01-01 20:00,*,,,维护\n"
        "S,2024-01-02 00:00,--,,极值过滤,维护\n"
        "S,2024-01-02 04:00,0.10,0.10007,,维护\n"
        "S,2024-01-02 08:00,--,,,正常\n",
    )
    report = intake.load_series(project, path, zone=ZONE, protocol="cnemc")
    found = project.series.details("S", "tp")
    nan = float("nan")
    assert np.array_equal(
        found["value"], [0.01, 0.013, 0.005, nan, nan, nan, nan, 0.10007, nan], equal_nan=True
    )
    assert found["flag"].tolist() == ["<", "", "L", "ND", "停站", "*", "极值过滤", "维护", "--"]
    assert found["shown"].dropna().tolist() == [0.02, 0.1]
    assert set(found["protocol"]) == {"cnemc"}
    kinds = {(f.kind, f.value): f.count for f in report.findings}
    assert kinds[Kind.NON_DETECT, "<"] == 2
    assert kinds[Kind.MARK, "--"] == 3


def test_a_file_follows_the_rule_of_revisions(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.csv",
        "站点,时间,氨氮(mg/L)\n"
        "S,2024-01-01 00:00,1\nS,2024-01-01 00:00,2\nS,2024-01-01 00:00,\nS,2024-01-01 01:00,\n",
    )
    first = intake.load_series(project, path, zone=ZONE)
    assert project.series.read("S", "nh3n")["value"].iloc[0] == 2
    assert project.series.revisions("S", "nh3n")["value"].tolist() == [1.0]
    _write(path, "站点,时间,氨氮(mg/L)\nS,2024-01-01 00:00,\nS,2024-01-01 01:00,3\n")
    second = intake.load_series(project, path, zone=ZONE)
    counts = [{f.kind: f.count for f in report.findings} for report in (first, second)]
    assert [count.pop(Kind.STATION_UNKNOWN) for count in counts] == [1, 1]
    assert [count.pop(Kind.CONFLICTING_TIME, 0) for count in counts] == [2, 0]
    assert counts == [{Kind.DUPLICATE_TIME: 2}, {Kind.CHANGED_READING: 1, Kind.EMPTY_READING: 1}]
    assert project.series.read("S", "nh3n")["value"].tolist() == [2.0, 3.0]


def test_a_column_per_station(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "china_sites_20240101.csv",
        "date,hour,type,1001A,1002A,1003A\n"
        "20240101,0,AQI,50,51,\n"
        "20240101,0,PM2.5,35,36,\n"
        "20240101,0,CO,0.5,,\n"
        "20240101,1,PM2.5,33,34,\n"
        "20240101,1,PM2.5_24h,40,41,\n",
    )
    report = intake.load_series(project, path, zone=ZONE, units={"PM2.5": "μg/m³", "CO": "mg/m³"})
    assert (report.rows_read, report.rows_loaded, report.readings) == (5, 5, 6)
    keys = project.series.keys()
    assert keys["station"].tolist() == ["1001A", "1001A", "1002A", "1002A"]
    read = project.series.read("1002A", "pm25")
    assert read["value"].tolist() == [36.0, 34.0]
    assert read.index[1] == pd.Timestamp("2024-01-01 01:00", tz=ZONE)
    [left] = [f for f in report.findings if f.kind is Kind.COLUMN_LEFT_OUT]
    assert left.detail == "AQI, PM2.5_24h"


def test_records_of_the_air_platform(project: Project, tmp_path: Path) -> None:
    record = (
        '{"TimePoint": "2024-01-01T08:00:00", "StationCode": "1001A", "Area": "北京市",'
        ' "PM2_5": "35", "CO": "0.5", "O3": "—", "AQI": "50"}'
    )
    path = _write(tmp_path / "air.json", f"[{record}]")
    units_ = {"CO": "mg/m³", "*": "μg/m³"}
    report = intake.load_series(project, path, zone=ZONE, units=units_)
    assert (report.rows_loaded, report.series) == (1, 3)
    assert project.series.read("1001A", "pm25")["value"].tolist() == [35.0]
    assert project.series.read("1001A", "o3")["flag"].tolist() == ["—"]


def test_times_as_day_numbers_are_read_where_the_whole_column_is_so(
    project: Project, tmp_path: Path
) -> None:
    text = "站点,时间,氨氮(mg/L)\nS,45292,1\nS,45292.5,2\n"
    report = intake.load_series(project, _write(tmp_path / "a.csv", text), zone=ZONE)
    [told] = [f for f in report.findings if f.kind is Kind.DAY_NUMBERS]
    assert (told.count, told.value, told.detail) == (2, "45292", "2024-01-01 00:00:00")
    assert project.series.read("S", "nh3n").index.tolist() == [
        pd.Timestamp("2024-01-01", tz=ZONE),
        pd.Timestamp("2024-01-01 12:00", tz=ZONE),
    ]
    mixed = _write(tmp_path / "b.csv", text + "S,2024-01-02 08:00,3\n")
    report = intake.load_series(project, mixed, zone=ZONE)
    held = {f.row: f.fix for f in report.held_back}
    assert held == {2: "2024-01-01 00:00:00", 3: "2024-01-01 12:00:00"}
