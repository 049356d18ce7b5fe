"""The batch page as somebody uses it: how a sheet is read is seen, changed, undone, printed."""

import pytest

pytest.importorskip("PySide6")

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QTableView, QTextBrowser

from gridmap.capabilities.batch.page.table import status_title
from gridmap.capabilities.batch.presenter.answers import summary_of
from gridmap.capabilities.batch.presenter.batch import BatchPresenter
from gridmap.capabilities.batch.work.assigning import KINDS
from gridmap.core import datum as datums
from gridmap.core.datum import Datum
from gridmap.texts import use_language

LON, LAT = 120.7512, 30.7421


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    lon, lat = datums.from_wgs84([LON, LON + 0.01], [LAT, LAT], Datum.GCJ02)
    rows = {
        "经度": [*(f"{x:.6f}" for x in lon), "", f"{LON}"],
        "纬度": [*(f"{y:.6f}" for y in lat), "", f"{LAT}"],
        "地点说明": ["", "", "没有这个地方", ""],
        "日期": ["45293", "2024-01-05", "", "不详"],
    }
    path = tmp_path / "工单.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def combo(within: Any, name: str) -> QComboBox:
    return next(one for one in within.findChildren(QComboBox) if one.accessibleName() == name)


def pick(mine: Any, box: QComboBox, text: str) -> None:
    """Open the list of a box and choose an entry."""
    assert box.isVisible(), "it is not seen"
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(box.findText(text), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    mine.settle()
    assert box.currentText() == text


def said(card: Any) -> str:
    return str(card.findChild(QTextBrowser).toPlainText())


def opened(desk: Any, sheet: Path) -> tuple[Any, Any]:
    mine = desk()
    page = mine.open_page("batch")
    page.dropped.emit(sheet)
    mine.settle()
    return mine, page


def assigned(mine: Any) -> Any:
    return mine.controller.presenter(BatchPresenter).assigned


def test_datum_columns_and_day_are_seen_and_changed(desk: Any, sheet: Path) -> None:
    mine, page = opened(desk, sheet)
    assert "坐标基准：CGCS2000（表中未写明，按此假定）" in mine.texts(page)
    first = assigned(mine)
    assert first.rows[0].lon != pytest.approx(LON, abs=1e-4)
    # The search box has a datum of its own, for what is typed into it.
    pick(mine, combo(mine.window.top, "坐标基准"), "BD-09")
    assert assigned(mine) is first
    pick(mine, combo(page, "坐标基准"), "GCJ-02")
    moved = assigned(mine)
    assert "坐标基准：GCJ-02（人工指定）" in mine.texts(page)
    assert (moved.rows[0].lon, moved.rows[0].lat) == pytest.approx((LON, LAT), abs=1e-5)
    pick(mine, combo(page, "坐标基准"), "CGCS2000")
    assert [row.lon for row in assigned(mine).rows[:2]] == [row.lon for row in first.rows[:2]]
    assert assigned(mine).result.counts["undated"] == 1
    pick(mine, combo(page, "日期列"), "—")
    assert assigned(mine).result.counts["undated"] == 0


def test_the_place_is_shown_as_the_sheet_has_it(desk: Any, sheet: Path) -> None:
    mine, page = opened(desk, sheet)
    pick(mine, combo(page, "地点文字列"), "—")
    assert assigned(mine).rows[0].place == "120.755520, 30.739798"
    pick(mine, combo(page, "坐标基准"), "GCJ-02")
    assert assigned(mine).rows[0].place == "120.755520, 30.739798"


def test_choosing_a_row_asks_what_the_row_says(desk: Any, sheet: Path) -> None:
    mine, page = opened(desk, sheet)
    view = page.findChild(QTableView)
    session, canvas = mine.controller.session, mine.window.canvas
    card = mine.window.panels["verdict"]
    number = [str(row.number) for row in assigned(mine).rows]
    mine.click_cell(view, number[0])
    assert session.verdict.on.isoformat() == "2024-01-02"
    assert session.verdict.place.datum is Datum.CGCS2000
    assert canvas.state.pin is not None
    # A row without a place leaves neither the pin nor the answer of the row before.
    mine.click_cell(view, number[2])
    assert (session.verdict, session.place, canvas.state.pin) == (None, None, None)
    assert "没有位置" in said(card)
    # A row without a day names nobody.
    mine.click_cell(view, number[3])
    assert session.verdict is None
    assert canvas.state.pin is not None
    assert "日期看不懂" in said(card)


def test_a_correction_is_undone_and_redone_by_name(desk: Any, sheet: Path) -> None:
    mine, page = opened(desk, sheet)
    view = page.findChild(QTableView)
    before = assigned(mine).rows
    mine.click_cell(view, str(before[2].number))
    mine.click(mine.button("在地图上改位置", page))
    mine.window.canvas.centre_on(LON, LAT, 25_000.0)
    mine.settle()
    mine.click_map(LON, LAT)
    corrected, number = assigned(mine).rows, before[2].number
    assert corrected[2].status != "not_found"
    mine.click(mine.button(f"撤销：改第 {number} 行位置", page))
    assert [row.status for row in assigned(mine).rows] == [row.status for row in before]
    assert assigned(mine).rows[2].note == before[2].note
    mine.click(mine.button(f"重做：改第 {number} 行位置", page))
    assert assigned(mine).rows[2] == corrected[2]
    actions = mine.controller.session.project.log()["action"].tolist()
    assert actions[-3:] == ["correct_place", "uncorrect_place", "correct_place"]


def test_what_is_written_and_printed_names_datum_and_columns(
    desk: Any, sheet: Path, tmp_path: Path
) -> None:
    mine, _ = opened(desk, sheet)
    presenter = mine.controller.presenter(BatchPresenter)
    presenter.export(tmp_path / "out.xlsx")
    mine.settle()
    book = pd.read_excel(
        tmp_path / "out.xlsx", sheet_name=None, dtype=str, header=None, engine="calamine"
    )
    about = dict(list(book.values())[-1].to_numpy().tolist())
    assert about["坐标基准"] == "CGCS2000（表中未写明，按此假定）"
    assert "日期 = 日期" in about["读取列"]
    assert about["日期为表格日序号"].startswith("1 行")
    presenter.print_summary(tmp_path / "out.pdf")
    mine.settle()
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    paper = summary_of(presenter.assigned, mine.controller.session.project).paper
    assert "CGCS2000（表中未写明，按此假定）" in str(paper)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_chip_of_every_status_has_room(desk: Any, sheet: Path, language: str) -> None:
    try:
        use_language(language)
        _, page = opened(desk, sheet)
        view = page.findChild(QTableView)
        wanted = max(view.fontMetrics().horizontalAdvance(status_title(one)) for one in KINDS)
        assert view.columnWidth(3) >= wanted + 26
    finally:
        use_language("zh_CN")


def test_what_was_hidden_in_a_workbook_is_said(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "工单.xlsx"
    book = openpyxl.Workbook()
    seen = book.active
    seen.title = "工单"
    seen.append(["经度", "纬度"])
    for row in range(4):
        seen.append([LON + row / 1000, LAT])
    seen.row_dimensions[3].hidden = True
    secret = book.create_sheet("旧表")
    secret.append(["经度", "纬度"])
    secret.append([LON, LAT])
    secret.sheet_state = "hidden"
    book.save(path)
    mine, page = opened(desk, path)
    told = mine.texts(mine.window.notices)
    assert "旧表" in told
    assert "隐藏" in told
    assert len(assigned(mine).rows) == 4  # a hidden row is a row; it is answered and said
    # The same sheet read in another way says nothing anew.
    mine.window.notices.dismiss()
    pick(mine, combo(page, "坐标基准"), "GCJ-02")
    assert "旧表" not in mine.texts(mine.window.notices)
