from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from gridmap import intake
from gridmap.intake import Kind, Severity, times, units
from gridmap.project import Project

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
    assert np.isnan(tp["value"].iloc[0])
    assert tp["flag"].iloc[0] == "<0.01"
    warnings = {f.kind: f for f in report.findings if f.severity is Severity.WARNING}
    assert warnings[Kind.MARK].value == "<0.01"
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
        ("站点,时间,氨氮", {}, "no_unit"),
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
