"""Datum, date and columns are a property of the sheet, at every door."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from gridmap.core import datum as datums
from gridmap.core.datum import Datum, stated_in, without_datum
from gridmap.store.example import open_example

DAY = ("--on", "2026-11-22")
LON, LAT = 120.7512, 30.7421


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def figures(datum: Datum) -> tuple[str, str]:
    """The one place as it is written in a datum."""
    lon, lat = datums.from_wgs84(LON, LAT, datum)
    return f"{float(lon):.6f}", f"{float(lat):.6f}"


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 places of a GCJ-02 sheet that name their township and no datum."""
    with open_example(read_only=True) as project:
        units = project.layer("grid_units")
    towns = units[units["tier"] == "township"]
    rng = np.random.default_rng(7)
    rows = []
    for name, shape in zip(towns["name"], towns.geometry, strict=True):
        west, south, east, north = shape.bounds
        places = rng.uniform((west, south), (east, north), (400, 2))
        inside = places[shapely.contains_xy(shape, *places.T)][:30]
        lon, lat = datums.from_wgs84(*inside.T, Datum.GCJ02)
        rows += [(name, f"{x:.6f}", f"{y:.6f}") for x, y in zip(lon, lat, strict=True)]
    path = tmp_path_factory.mktemp("sheets") / "企业.csv"
    picked = pd.DataFrame(rows, columns=["乡镇", "经度", "纬度"]).sample(300, random_state=1)
    picked.to_csv(path, index=False)
    return path


def test_names_of_datums_are_understood_and_taken_off() -> None:
    assert stated_in("经度(GCJ02)") is stated_in("高德经度") is Datum.GCJ02
    assert stated_in("bd09ll") is stated_in("百度坐标") is Datum.BD09
    assert stated_in("WGS-84") is Datum.WGS84
    assert stated_in("国家2000") is Datum.CGCS2000
    assert stated_in("经度") is stated_in("高德或百度") is None
    assert without_datum("120.75, 30.74（高德坐标）") == "120.75, 30.74"


def test_a_column_of_datums_counts_row_by_row(gridmap: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "排口.csv"
    cells = [(datum.value, *figures(datum)) for datum in Datum]
    cells += [("火星坐标", *figures(Datum.GCJ02)), ("", *figures(Datum.CGCS2000)),
              ("北京54", *figures(Datum.CGCS2000))]  # fmt: skip
    pd.DataFrame(cells, columns=["坐标系", "经度", "纬度"]).to_csv(sheet, index=False)
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    rows = read(tmp_path / "out.csv")
    lonlat = np.array(
        [[row["经度（CGCS2000）"], row["纬度（CGCS2000）"]] for row in rows[:-1]], float
    )
    assert np.abs(lonlat - (LON, LAT)).max() < 1e-5
    assert len({row["主责网格编码"] for row in rows[:-1]}) == 1
    assert [row["按此基准读取"] for row in rows] == [
        "CGCS2000", "WGS84", "GCJ-02", "BD-09", "GCJ-02", "CGCS2000", "",
    ]  # fmt: skip
    assert rows[-2]["说明"] == "未写坐标基准"
    assert (rows[-1]["判定状态"], rows[-1]["说明"]) == ("地点不明", "坐标基准看不懂")
    assert "坐标基准：按“坐标系”列逐行；未写的行 CGCS2000（表中未写明，按此假定）" in said.err


def test_a_heading_states_the_datum_unless_a_person_does(gridmap: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "排口.csv"
    pd.DataFrame([figures(Datum.GCJ02)], columns=["高德经度", "高德纬度"]).to_csv(
        sheet, index=False
    )
    said = gridmap("assign", sheet, "-o", tmp_path / "out.xlsx", *DAY)
    assert "坐标基准：GCJ-02（表头写明）" in said.err
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    about = {row[0].value: row[1].value for row in book[book.sheetnames[-1]].iter_rows()}
    assert about["坐标基准"] == "GCJ-02（表头写明）"
    assert about["读取列"] == "经度 = 高德经度，纬度 = 高德纬度"
    said = gridmap("assign", sheet, "-o", tmp_path / "o.csv", *DAY, "--datum", "BD-09")
    assert "坐标基准：BD-09（人工指定）" in said.err
    assert read(tmp_path / "o.csv")[0]["按此基准读取"] == "BD-09"


def test_rows_that_name_their_township_speak_for_a_datum(
    gridmap: Any, shifted: Path, tmp_path: Path
) -> None:
    said = gridmap("assign", shifted, "-o", tmp_path / "out.csv", *DAY)
    assert "按 GCJ-02 有 300 行" in said.err
    assert "请核对坐标基准" in said.err
    said = gridmap("assign", shifted, "-o", tmp_path / "out.csv", *DAY, "--datum", "GCJ-02")
    assert "请核对" not in said.err


def test_a_date_that_cannot_be_read_names_nobody(gridmap: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "工单.csv"
    dates = ["45293", "45293.5", "2024-01-05", "不详", ""]
    pd.DataFrame({"日期": dates, "坐标": f"{LON},{LAT}"}).to_csv(sheet, index=False)
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    rows = read(tmp_path / "out.csv")
    assert [row["查询日"] for row in rows] == [
        "2024-01-02", "2024-01-02", "2024-01-05", "", "2026-11-22",
    ]  # fmt: skip
    assert [row["判定状态"] for row in rows] == ["确定"] * 3 + ["日期读不出", "确定"]
    assert rows[3]["主责网格"] == rows[4]["主责网格"]
    people = [name for name in rows[3] if "网格长" in name or "河长" in name]
    assert any(rows[4][name] for name in people)
    assert not any(rows[3][name] for name in people)
    assert said.out.splitlines()[-1] == "5 = 4 + 0 + 0 + 0 + 0 + 0 + 1"
