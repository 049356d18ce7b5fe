"""Tables that no spreadsheet runs, and files that are whole or not there."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.batch.work.masking import masked, masked_columns
from gridmap.report.sheets import TableError, defused, text_table, writing
from gridmap.report.writing import WriteError

FORMULAS = ["=cmd|'/c calc'!A1", "+1+2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1"]
HARMLESS = ["-12.5", "+3", "1e5", "正常", "", "a=b", "120.85,30.72", None]


def table(**columns: list) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_formula_becomes_text_and_a_number_stays() -> None:
    cells = defused(pa.array(FORMULAS + HARMLESS)).to_pylist()
    assert all(cell.startswith("'") for cell in cells[: len(FORMULAS)])
    assert cells[len(FORMULAS) :] == HARMLESS
    coded = defused(pa.array(["=1", "x", "=1"]).dictionary_encode())
    assert coded.to_pylist() == ["'=1", "x", "'=1"]
    assert defused(pa.array([-1.5, None])).to_pylist() == [-1.5, None]


@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12), max_size=8)
)
@settings(max_examples=150, deadline=None)
def test_no_cell_begins_a_formula(cells: list[str]) -> None:
    for before, after in zip(cells, defused(pa.array(cells, pa.string())).to_pylist(), strict=True):
        begins = re.match(r"[ \t\r\n\f]*[=+\-@＝＋－＠]|[\t\r]", after)
        assert begins is None or re.fullmatch(r"[+-][0-9.]+([eE][+-]?[0-9]+)?", after)
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", after)
        if before.isprintable():
            assert after in {before, f"'{before}"}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
def test_codes_stay_text_and_blocks_follow_each_other(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    with writing(path, "批量") as writer:
        writer.write(table(code=["0330", "330402103"], say=["=1+1", "一,二\n三"]))
        writer.write(table(code=["91330402MA2B000000"], say=['"引号"']))
        writer.add_sheet("汇总", text_table({"单元": ["甲"], "行": [3]}))
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert book.sheetnames == ["批量", "汇总"]
        assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} == {"s"}
        assert rows[1:] == [
            ["0330", "=1+1"],
            ["330402103", "一,二\n三"],
            ["91330402MA2B000000", '"引号"'],
        ]
        assert book.worksheets[1]["B2"].value == 3
    elif suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert read_csv(path) == [
            ["code", "say"], ["0330", "'=1+1"], ["330402103", "一,二\n三"],
            ["91330402MA2B000000", '"引号"'],
        ]  # fmt: skip
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def _stopped_after(writer) -> None:
    writer.write(table(a=["1"]))
    raise KeyboardInterrupt


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_fails_leaves_nothing_and_keeps_the_old_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), writing(path, "x") as writer:
        _stopped_after(writer)
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="无法写入"), writing(tmp_path / "no" / "x.csv", "x"):
        pass


def test_a_sheet_too_long_for_a_workbook(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("gridmap.report.sheets.EXCEL_ROWS", 3)
    with pytest.raises(TableError, match="最多 2 行"), writing(tmp_path / "x.xlsx", "x") as writer:
        writer.write(table(a=["1", "2", "3"]))
    assert list(tmp_path.iterdir()) == []


def test_who_reported_is_hidden() -> None:
    sheet = table(
        投诉人=["张三丰", "", None],
        联系电话=["13812345678", "0573-82123456", None],
        内容=["请回电13812345678谢谢", "河水发黑", None],
        工单号=["13812345678", "A13812345678", "12345-1"],
    )
    hidden = masked(sheet).to_pydict()
    assert hidden["投诉人"] == ["张**", "", None]
    assert hidden["联系电话"] == ["138****5678", "057****3456", None]
    assert hidden["内容"] == ["请回电138****5678谢谢", "河水发黑", None]
    assert hidden["工单号"] == ["13812345678", "A13812345678", "12345-1"]
    assert masked_columns(sheet.column_names) == ["投诉人", "联系电话"]
