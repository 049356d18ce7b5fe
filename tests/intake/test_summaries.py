"""Sheets as offices lay them out: merged towns, means and totals below, remarks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from gridmap.intake.files import reading
from gridmap.store import Project
from tests.fixtures.importing import Office

CASE = "18-xlsx-merged-header"


def _sheet(path: Path, *rows: list[Any], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def test_a_cell_that_spans_rows_speaks_for_each(tmp_path: Path) -> None:
    file = _sheet(
        tmp_path / "a.xlsx", ["镇", "名称", "备注"], ["甲镇", "一", "通看"], [None, "二", None],
        ["乙镇", "三", "x"], [None, "四", "y"], merged=("A2:A3", "C2:C3", "A4:A5"),
    )  # fmt: skip
    table = reading.read(file)
    assert table.cells["镇"].tolist() == ["甲镇", "甲镇", "乙镇", "乙镇"]
    assert table.cells["备注"].tolist() == ["通看", "通看", "x", "y"]
    assert [f.count for f in table.findings if f.kind.value == "merged_filled"] == [3]


def test_means_totals_and_remarks_are_no_features(office: Office) -> None:
    rows = [
        "编码,名称,经度,纬度",
        "A,甲,120.7,30.7",
        "平均值,,120.7,30.7",
        "合计,1,,",
        "注：示例,,,",
    ]
    said = office.take(office.write("口.csv", "\n".join(rows)), "--layer", "outlets")
    assert list(office.rows("outlets")) == ["A"]
    assert "读入 4 行，载入 1 行，暂扣 3 行" in said.out
    assert said.out.count("是汇总或注释") == 3
    assert "必填" not in said.out


def test_a_total_is_no_person(office: Office) -> None:
    said = office.take(office.write("人.csv", "姓名,电话\n甲,1\n合计,1\n"), "--people")
    with Project.open(office.path) as project:
        assert project.people()["name"].tolist() == ["甲"]
    assert "“合计”是汇总或注释" in said.out


def test_the_monitoring_sheet(office: Office, case: Callable[[str], Path]) -> None:
    file = case(CASE) / "6月水质监测结果表.xlsx"
    table = reading.read(file)
    assert table.cells["镇(街道)"].tolist()[:5] == ["余新镇"] * 3 + ["凤桥镇"] * 2
    said = office.take(file, "--layer", "sections", "--accept", "--column", "name=断面名称")
    frame = office.frame("sections")
    assert set(frame["name"]) == {f"示例断面{n}" for n in "一二三四五"}
    assert frame["target_class"].isna().all()
    assert said.out.count("是汇总或注释") == 2
    assert "“坐标(WGS84)/经度”写明了坐标系" in said.out


def test_readings_of_a_merged_station(office: Office, case: Callable[[str], Path]) -> None:
    said = office.readings(case(CASE) / "合并站名.xlsx")
    assert office.series("示例断面一", "nh3n")["value"].round(6).tolist() == [0.4, 0.5, 0.6, 0.7]
    assert said.out.count("是汇总或注释") == 2
    with Project.open(office.path) as project:
        assert set(project.series.keys()["station"]) == {"示例断面一"}
