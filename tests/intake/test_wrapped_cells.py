"""Codes that a program wrapped, sheets that it hid, classes as people write them."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from gridmap.intake.files.wrapped import plain_of
from tests.fixtures.commandline import Run
from tests.fixtures.importing import Office

HEAD = "编码,名称,经度,纬度\n"
PLACE = "120.7512,30.7421"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('="000101"', "000101"), ("'000101", "000101"), ("３３０４", "3304"),
        ("ＨＷ－００１", "HW-001"), ("3304 0202 4063", "330402024063"), ('=""', None),
        ("3304", "3304"), ("南湖街道", "南湖街道"), ("'引号'", "'引号'"), ("=SUM(A1)", "=SUM(A1)"),
        ("１号断面", "１号断面"), ("2024-06-30 22:00", "2024-06-30 22:00"), ("12 30", "12 30"),
    ],
)  # fmt: skip
def test_what_a_wrapped_cell_means(written: str, plain: str | None) -> None:
    assert plain_of([written]) == [plain]


def test_wrapped_codes_are_unwrapped_and_told(office: Office) -> None:
    rows = f'"=""000101""",甲,{PLACE}\n\'000102,乙,{PLACE}\n０００１０３,丙,{PLACE}\n'
    said = office.take(office.write("口.csv", HEAD + rows), "--layer", "outlets")
    assert set(office.rows("outlets")) == {"000101", "000102", "000103"}
    assert '“编码”有 3 格是表格软件的文本写法或全角字符，已还原（="000101" → 000101）' in said.out


def test_a_batch_reads_wrapped_coordinates(gridmap: Run, office: Office, tmp_path: Path) -> None:
    text = '编号,经度,纬度\n="01",="120.7512",="30.7421"\n02,１２０．７５１２,３０．７４２１\n'
    said = gridmap("assign", office.write("单.csv", text), "-o", tmp_path / "答.csv")
    assert "确定\t2" in said.out
    # The cells of the sheet come back as they were written.
    answer = (tmp_path / "答.csv").read_text("utf-8-sig")
    assert "１２０．７５１２" in answer
    assert "=120.7512" not in answer


def test_digits_that_a_spreadsheet_lost_are_told_in_any_column(office: Office) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["编码", "名称", "经度", "纬度", "备用号"],
                ["A", "甲", 120.7512, 30.7421, 330402202406300012],
                ["B", "乙", 120.7513, 30.7422, "330402202406300013"]):  # fmt: skip
        sheet.append(row)
    path = office.folder / "口.xlsx"
    book.save(path)
    said = office.take(path, "--layer", "outlets")
    assert "“备用号”有 1 格是超过 15 位的数字" in said.out
    assert "第 2 行" in said.out


def test_a_hidden_sheet_is_named_and_only_read_when_asked(office: Office) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.title, hidden.sheet_state = "旧数据", "veryHidden"
    shown = book.create_sheet("本月")
    for sheet, value in ((hidden, 9.99), (shown, 0.42)):
        sheet.append(["站点", "时间", "氨氮(mg/L)"])
        sheet.append(["S", "2024-06-30 00:00", value])
    path = office.folder / "表.xlsx"
    book.save(path)
    said = office.readings(path)
    assert office.series("S", "nh3n")["value"].tolist() == [0.42]
    assert "另有隐藏的工作表，未读取：旧数据" in said.out
    office.readings(path, "--sheet", "旧数据")
    assert office.series("S", "nh3n")["value"].tolist() == [9.99]


@pytest.mark.parametrize("written", ["Ⅲ类", "III类", "3类", "三类", "Ⅲ", "第Ⅲ类", "3"])
def test_a_class_is_read_as_people_write_it(office: Office, written: str) -> None:
    text = f"断面编码,断面名称,目标水质,经度,纬度\nD1,甲,{written},{PLACE}\n"
    office.take(office.write("断面.csv", text), "--layer", "sections", "--accept")
    assert office.frame("sections")["target_class"].tolist() == ["III"]


def test_the_case_of_long_numbers(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("20-xlsx-long-ids")
    said = office.take(
        folder / "工单_长编号.csv", "--layer", "outlets", "--column", "code=工单编号",
        "--fixed", "name=口", "--accept",
    )  # fmt: skip
    assert {"330402202406300013", "330402202406300014"} <= set(office.rows("outlets")), said.out
    said = office.take(
        folder / "工单_长编号.xlsx", "--layer", "outlets", "--column", "code=工单编号",
        "--fixed", "name=口", "--accept",
    )  # fmt: skip
    assert "超过 15 位的数字" in said.out


def test_the_case_of_merged_headings(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("18-xlsx-merged-header")
    office.readings(folder / "隐藏表.xlsx", "--accept")
    office.readings(folder / "合并站名.xlsx", "--accept")
    stored = office.series("示例断面一", "nh3n")["value"].tolist()
    assert 9.99 not in stored
    for name in ("平均值", "合计"):
        assert office.series(name, "nh3n").empty
