"""The page 一河一档, clicked through."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from datetime import date

import openpyxl
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication

from gridmap.capabilities.locate.page.search_box import SearchBox
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.presenter.file import RiverPresenter
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import wait_until
from gridmap.shell.theme import tokens
from gridmap.store.example import shipped_example


@pytest.fixture
def controller(tmp_path, qtbot):
    path = tmp_path / "例.gridmap.gpkg"
    shutil.copyfile(shipped_example(), path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    made = Controller(preferences, lambda: date(2026, 11, 22), lambda: None, remember=False)
    made.window.resize(1600, 900)
    made.show()
    made.open(path)
    wait_until(lambda: made.settled)
    yield made
    made.window.close()
    made.close()


@pytest.fixture
def page(controller):
    controller.window.named_actions["river"].trigger()
    wait_until(lambda: controller.settled)
    return controller.window.pages["river"]


def tab(page, title):
    for place in range(page.tabs.count()):
        if page.tabs.tabText(place).startswith(title):
            return page.tabs.widget(place)
    raise AssertionError(title)


def test_the_page_shows_the_first_river(controller, page):
    assert page.code == "HL001"
    titles = [page.tabs.tabText(place) for place in range(page.tabs.count())]
    assert titles == ["河段 14", "河长 58", "断面 5", "排污口 11", "管控区 4", "预警 0", "公示牌 8"]
    assert "14 个河段" in page._sentence.text()
    chips = [page._chips.itemAt(n).widget().text() for n in range(page._chips.count() - 1)]
    assert chips == ["2026-11 Ⅲ（各断面最差）", "河长空缺 1 处", "公示牌过期 2 块", "无未销预警"]
    assert len(controller.window.canvas.state.selection) == 14


def test_boards_out_of_date_stand_first_and_red(page):
    model = tab(page, "公示牌").model()
    assert [model.index(row, 0).data() for row in range(3)] == ["GS005", "GS003", "GS001"]
    red = model.index(0, 3).data(Qt.ItemDataRole.ForegroundRole)
    assert red == QColor(tokens()["bad"])
    assert "已离任" in model.index(0, 3).data()
    assert model.index(2, 3).data() == "相符"


def test_twelve_months_with_numerals(page):
    model = tab(page, "断面").model()
    numerals = [model.index(0, column).data() for column in range(2, 14)]
    assert set(numerals) <= {"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"}
    assert all(
        model.index(0, column).data(Qt.ItemDataRole.BackgroundRole) for column in range(2, 14)
    )


def test_a_row_shows_its_place(controller, page):
    canvas = controller.window.canvas
    tab(page, "公示牌").selectRow(0)
    wait_until(lambda: controller.settled)
    assert canvas.state.pin is not None
    assert canvas.state.pin.lon == pytest.approx(120.886, abs=0.001)
    assert len(canvas.state.selection) == 15
    tab(page, "河段").selectRow(4)
    wait_until(lambda: controller.settled)
    assert canvas.state.pin is None
    assert len(canvas.state.selection) == 1


def test_another_river_by_choice_and_by_search(controller, page):
    page._rivers.setCurrentIndex(page._rivers.findData("HL015"))
    wait_until(lambda: controller.settled)
    assert page.tabs.tabText(0) == "河段 4"
    controller.presenter(RiverPresenter).show_feature("reaches", "HL021-02")
    wait_until(lambda: controller.settled)
    assert page.code == "HL021"
    assert page.tabs.tabText(0) == "河段 3"


def test_a_search_for_a_reach_opens_the_page(controller):
    window = controller.window
    window.top.findChild(SearchBox).setText("HL012-01")
    window.top.findChild(SearchBox).entered.emit("HL012-01")
    wait_until(lambda: controller.settled)
    assert window.named_actions["river"].isChecked()
    assert window.pages["river"].code == "HL012"


def test_the_text_of_a_board_on_the_clipboard(controller, page):
    tab(page, "公示牌").selectRow(1)
    wait_until(lambda: controller.settled)
    page.copy_wanted.emit(page._key)
    wait_until(lambda: controller.settled)
    text = QGuiApplication.clipboard().text()
    assert "平湖塘5段（HL001-05）" in text
    assert "示例镇级河长13  电话：102****0184" in text
    assert "10200000184" not in text


def test_sheet_and_tables(controller, page, tmp_path):
    controller.presenter(RiverPresenter).print_sheet(tmp_path / "河.pdf")
    wait_until(lambda: controller.settled)
    content = (tmp_path / "河.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 2
    controller.presenter(RiverPresenter).export(tmp_path / "河.xlsx")
    wait_until(lambda: controller.settled)
    book = openpyxl.load_workbook(tmp_path / "河.xlsx")
    assert book.sheetnames == [
        "河段", "河长", "断面", "排污口", "管控区", "预警", "公示牌", "说明",
    ]  # fmt: skip
    assert book["公示牌"]["D2"].value == "已离任（区县，自 2026-10-01）"
    assert book["断面"]["C2"].value == "Ⅲ"


def test_another_day_gathers_again(controller, page):
    controller.session.ask_on(date(2026, 9, 15))
    wait_until(lambda: controller.settled)
    model = tab(page, "公示牌").model()
    assert model.index(0, 3).data() == "相符"


def test_a_project_without_rivers_says_what_to_do(controller, page, tmp_path):
    path = tmp_path / "空.gridmap.gpkg"
    AnsweringProject.create(path, title="空").close()
    controller.open(path)
    wait_until(lambda: controller.settled)
    assert "请先导入河段" in page.message.text()
    assert page.tabs.count() == 0
