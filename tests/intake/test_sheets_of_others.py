"""What stands in a workbook besides cells: merged cells, hidden rows, empty sheets."""

from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.fixtures.importing import Office

HEAD = ["断面名称", "时间", "氨氮(mg/L)"]


def _book(office: Office, *rows: list[object]) -> tuple[openpyxl.Workbook, Path]:
    book = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    return book, office.folder / "表.xlsx"


def test_a_cell_merged_over_rows_counts_for_each_of_them(office: Office) -> None:
    hours = [f"2024-06-30 0{hour}:00" for hour in range(3)]
    book, path = _book(
        office, ["甲", hours[0], 1], [None, hours[1], 2], ["乙", hours[0], 3],
        ["平均值", None, 2],
    )  # fmt: skip
    book.active.merge_cells("A2:A3")
    book.save(path)
    said = office.readings(path)
    assert office.series("甲", "nh3n")["value"].tolist() == [1, 2]
    assert office.series("乙", "nh3n")["value"].tolist() == [3]
    assert "1 格取自上方的合并单元格" in said.out
    assert "“平均值”是汇总或注释" in said.out
    assert "读入 4 行，载入 3 行，暂扣 1 行" in said.out


def test_cells_that_are_merely_empty_stay_so(office: Office) -> None:
    book, path = _book(office, ["甲", "2024-06-30 00:00", 1], [None, "2024-06-30 01:00", 2])
    book.save(path)
    assert "载入 1 行，暂扣 1 行" in office.readings(path).out


def test_hidden_rows_are_read_and_told(office: Office) -> None:
    book, path = _book(office, ["甲", "2024-06-30 00:00", 1], ["甲", "2024-06-30 01:00", 2])
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    said = office.readings(path)
    assert office.series("甲", "nh3n")["value"].tolist() == [1, 2]
    assert "有 1 行是隐藏行，也已读取（第 3 行）" in said.out


def test_empty_sheets_are_passed_over(office: Office) -> None:
    book, path = _book(office, ["甲", "2024-06-30 00:00", 1])
    book.create_sheet("Sheet2")
    book.create_sheet("Sheet3")
    book.save(path)
    said = office.readings(path)
    assert (said.code, said.err) == (0, "")


def test_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("18-xlsx-merged-header")
    office.readings(folder / "合并站名.xlsx", "--accept")
    assert len(office.series("示例断面一", "nh3n")) == 4
    said = office.take(
        folder / "6月水质监测结果表.xlsx", "--layer", "sections", "--column", "name=断面名称",
        "--accept",
    )  # fmt: skip
    assert "第 7 行" in said.out
    assert "“平均值”是汇总或注释" in said.out
    assert set(office.frame("sections")["code"]) == {f"示例断面{n}" for n in "一二三四五"}
    assert office.frame("sections")["target_class"].isna().all()
