"""The page of attainment and ranking, clicked through; its tables as files."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from dataclasses import replace
from datetime import date

import openpyxl
from PySide6.QtCore import QSettings

from gridmap.capabilities.attainment.page.periods import KINDS, name_of, periods
from gridmap.capabilities.attainment.presenter import AttainmentPresenter, chips_of, note_of
from gridmap.capabilities.attainment.report import attainment_document, tables_of
from gridmap.capabilities.attainment.rules import Months
from gridmap.capabilities.attainment.work import assess
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.report.saving import save
from gridmap.shell.cell_table import SORT_ROLE
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import wait_until
from gridmap.standards.files import standards
from gridmap.standards.water_basins import assess_basin
from gridmap.store.example import open_example, shipped_example


@pytest.fixture(scope="module")
def october():
    with open_example(read_only=True) as project:
        yield assess(project, Months(date(2026, 10, 1)))


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


# --- periods ------------------------------------------------------------------------------


def test_periods_touch_the_months_with_readings():
    bounds = (date(2025, 11, 1), date(2026, 2, 1))
    found = {kind: [name_of(kind, one) for one in periods(kind, *bounds)] for kind in KINDS}
    assert found == {
        "month": ["2026 年 2 月", "2026 年 1 月", "2025 年 12 月", "2025 年 11 月"],
        "quarter": ["2026 年第 1 季度", "2025 年第 4 季度"],
        "half": ["2026 年上半年", "2025 年下半年"],
        "so_far": ["2026 年 1—2 月", "2026 年 1—1 月", "2025 年 1—12 月", "2025 年 1—11 月"],
        "year": ["2026 年", "2025 年"],
    }


# --- tables -------------------------------------------------------------------------------


def test_tables_hold_everything_that_was_assessed(october):
    found = {table.id: table for table in tables_of(october)}
    assert {name: len(table.rows) for name, table in found.items()} == {
        "water": 7, "air": 12, "rivers": 3, "units": 12, "chiefs": 18,
    }  # fmt: skip
    for table in found.values():
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(cell.text for row in table.rows for cell in row)
    ranks = [row[0].value for row in found["units"].rows]
    assert ranks[:5] == [1, 2, 3, 4, 5]
    assert set(ranks[5:]) == {None}
    assert found["water"].keys[2] == "WS03"


def test_files_carry_the_note_and_all_tables(october, tmp_path):
    path = tmp_path / "达标.xlsx"
    save(attainment_document(october, "=示例"), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["断面", "空气站", "河流", "乡镇街道", "河长", "说明"]
    assert book["断面"]["A4"].value == "示例水站03 平湖塘东栅"
    assert book["说明"]["A2"].value == "=示例"
    assert book["说明"]["A2"].data_type == "s"  # text, not a formula
    csv = tmp_path / "达标.csv"
    save(attainment_document(october, "说明"), csv)
    names = {one.name for one in tmp_path.glob("*.csv")}
    assert names == {
        "达标.csv", "达标-空气站.csv", "达标-河流.csv",
        "达标-乡镇街道.csv", "达标-河长.csv", "达标-说明.csv",
    }  # fmt: skip


def test_sums(october):
    texts = dict(chips_of(october))
    assert "断面达标 7 / 7" in texts
    assert texts["断面达标 7 / 7"] == "good"
    assert any(text.startswith("优良天数比例 ") for text in texts)
    assert any(text.startswith("可信度低") for text in texts)


def test_targets_that_cannot_be_assessed_are_told_as_such(october):
    """Of 14 sections with a target seven have no readings: they have a target all the same."""
    assert october.with_target == 14
    assert ("7 个设有目标的断面本时段无法评价", "quiet") in chips_of(october)
    nothing = replace(october, water=(), with_target=6)
    texts = [text for text, _ in chips_of(nothing)]
    assert "6 个设有目标的断面本时段无法评价" in texts
    assert not any("没有设目标" in text for text in texts)
    none = replace(october, water=(), with_target=0)
    assert "断面达标：没有设目标的断面" in [text for text, _ in chips_of(none)]


def test_the_note_compares_with_the_year_before_by_the_right_word(october, controller):
    """同比 is with the same months a year earlier; 环比 would be with the period before."""
    note = note_of(controller.session.project, "2026 年 10 月")
    assert "同比" in note
    assert "环比" not in note


# --- the window ---------------------------------------------------------------------------


def test_the_page_opens_with_the_last_whole_month(controller):
    window, page = controller.window, controller.window.pages["attainment"]
    window.named_actions["attainment"].trigger()
    wait_until(lambda: controller.settled)
    assert page.period_name == "2026 年 10 月"
    assert page.tabs.count() == 5
    assert page.tabs.tabText(0) == "断面 7"
    view = page.tabs.widget(0)
    view.sortByColumn(9, view.model().sortOrder())
    order = [view.model().index(row, 9).data(SORT_ROLE) for row in range(7)]
    assert order == sorted(order)
    view.selectRow(0)
    wait_until(lambda: controller.settled)
    chosen = controller.session.station
    assert chosen is not None
    assert controller.session.feature.key == chosen


def test_another_period_and_export(controller, tmp_path):
    window, page = controller.window, controller.window.pages["attainment"]
    window.named_actions["attainment"].trigger()
    wait_until(lambda: controller.settled)
    page._kinds.setCurrentIndex(KINDS.index("so_far"))
    wait_until(lambda: controller.settled)
    assert page.period_name == "2026 年 1—11 月"
    controller.presenter(AttainmentPresenter).export(tmp_path / "排名")
    wait_until(lambda: controller.settled)
    book = openpyxl.load_workbook(tmp_path / "排名.xlsx")
    assert "2026 年 1—11 月" in book["说明"]["A2"].value
    assert "示例数据" in book["说明"]["A2"].value


def test_a_project_without_readings_says_what_to_do(controller, tmp_path):
    path = tmp_path / "空.gridmap.gpkg"
    AnsweringProject.create(path, title="空").close()
    controller.open(path)
    wait_until(lambda: controller.settled)
    controller.window.named_actions["attainment"].trigger()
    wait_until(lambda: controller.settled)
    page = controller.window.pages["attainment"]
    assert "请先导入读数" in page._message.text()
    assert not page.tabs.isVisible()


def test_a_river_of_few_sections_names_what_pollutes_each(october):
    good = {"ph": 7.5, "dissolved_oxygen": 8.0, "codmn": 1.0, "nh3n": 0.1, "tp": 0.02}
    sections = {"上断面": {**good, "codmn": 9.0}, "中断面": good, "下断面": {**good, "ph": 9.6}}
    basin = assess_basin(standards().water, date(2026, 10, 31), sections)
    rivers = next(
        one for one in tables_of(replace(october, rivers={"小河": basin})) if one.id == "rivers"
    )
    cells = dict(zip(rivers.columns, rivers.rows[0], strict=True))
    assert cells["主要污染指标"].text == "上断面：高锰酸盐指数（0.50 倍）；下断面：pH"
