"""The page of data quality, by clicking: run, filter, look, leave out, take back, adjust."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

from datetime import date

import openpyxl
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMessageBox

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.page.dialogs import FiguresDialog, WhyDialog
from gridmap.capabilities.quality.presenter import QualityPresenter
from gridmap.capabilities.quality.work.checking import stored_findings
from gridmap.capabilities.stations.work.exclusions import exclusions
from gridmap.core.moments import moment_of
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store import Project
from gridmap.store.example import shipped_example
from gridmap.texts import use_language

DAY = date(2026, 11, 22)


def opened(tmp_path, path):
    settings = QSettings(str(tmp_path / "prefs.ini"), QSettings.Format.IniFormat)
    controller = Controller(Preferences(settings), lambda: DAY, lambda: None)
    controller.window.resize(1500, 900)
    controller.show()
    controller.open(path)
    settle(controller)
    controller.window.named_actions["quality"].setChecked(True)
    settle(controller)
    return controller


@pytest.fixture
def start(tmp_path, monkeypatch, request):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    application()
    use_language("zh_CN")

    def begin(path=None):
        if path is None:
            path = tmp_path / "mine.gpkg"
            path.write_bytes(shipped_example().read_bytes())
        controller = opened(tmp_path, path)

        def end():  # the window may be another one by then: the language makes it anew
            controller.window.close()
            controller.close()

        request.addfinalizer(end)
        return controller

    return begin


def settle(controller):
    wait_until(lambda: controller.settled)


def click(qtbot, button):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(page):
    return [page.table.finding(row) for row in range(page.table.rowCount())]


def choose(page, check, station):
    one = next(f for f in shown(page) if (f.check, f.station) == (check, station))
    page.choose(one.identity)
    assert page.chosen == one
    return one


def checked(qtbot, controller):
    click(qtbot, controller.window.pages["quality"].run)
    settle(controller)
    return controller.window.pages["quality"]


def test_before_the_first_run_it_shows_completeness_and_says_what_to_do(start):
    controller = start()
    page = controller.window.pages["quality"]
    assert "运行检查" in page._message.text()
    rows = controller.session.project.series.keys()["station"].nunique() + 1
    assert page.heat.rowCount() == rows
    assert page.heat.columnCount() == 14
    texts = {page.heat.data(page.heat.index(row, 13)) for row in range(rows)}
    assert all(90 <= int(text) <= 100 for text in texts)
    assert page.heat.headerData(0, Qt.Orientation.Horizontal) == "25-11"
    assert page.heat.headerData(1, Qt.Orientation.Horizontal) == "12"
    assert page.heat.headerData(2, Qt.Orientation.Horizontal) == "26-01"
    told = page.heat.data(page.heat.index(rows - 1, 13), Qt.ItemDataRole.ToolTipRole)
    assert "全部站点" in told
    usable = sum(one.usable for one in controller.presenter(QualityPresenter).state.report.months)
    assert f"{usable:,}" in told
    assert not page._list.isVisible()


def test_a_run_finds_the_faults_and_keeps_them(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    faults = [(one.check, one.station, one.item) for one in shown(page)]
    assert ("spike", "WS03", "nh3n") in faults
    assert ("stuck", "WS05", "dissolved_oxygen") in faults
    assert not page._message.isVisible()
    assert len(stored_findings(controller.session.project)) == page.table.total
    assert f"{page.table.total}" in page._count.text()
    assert controller.session.project.log()["action"].iloc[-1] == "check readings"


def test_filters_and_cells_narrow_the_list(start, qtbot):
    page = checked(qtbot, start())
    every = page.table.rowCount()
    page.check_box.setCurrentIndex(page.check_box.findData("stuck"))
    assert {one.check for one in shown(page)} == {"stuck"}
    page.check_box.setCurrentIndex(0)
    page.severity_box.setCurrentIndex(page.severity_box.count() - 1)
    assert page.table.rowCount() == page.table.total > every
    rows = range(page.heat.rowCount())
    row = next(r for r in rows if page.heat.key(page.heat.index(r, 10))[0] == "WS03")
    cell = page.heat.index(row, 10)
    assert page.heat.key(cell) == ("WS03", "2026-09")
    page.heat_view.clicked.emit(cell)
    assert {one.station for one in shown(page)} == {"WS03"}
    assert all(f"{moment_of(one.start):%Y-%m}" <= "2026-09" for one in shown(page))
    assert page.month.isVisible()
    assert page.chosen is not None
    page.heat_view.clicked.emit(cell)
    assert page.table.rowCount() == page.table.total
    page.station_box.setCurrentIndex(page.station_box.findData("KQ12"))
    page.check_box.setCurrentIndex(page.check_box.findData("stuck"))
    assert shown(page) == []
    assert page._none.isVisible()


def test_a_finding_is_explained_and_shown_in_the_dock(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    choose(page, "spike", "WS03")
    assert "2.268 mg/L" in page._told.text()
    assert "前后各 3 个读数" in page._how.text()
    click(qtbot, page.show_button)
    settle(controller)
    assert controller.session.station == "WS03"
    dock = controller.window.panels["series"]
    assert dock.isVisible()
    assert dock.items == ("nh3n",)
    start_s, end_s = dock.span
    assert start_s < page.chosen.start / 1e6 < end_s
    assert end_s - start_s < 8 * 86_400


def test_readings_are_excluded_with_who_and_why_and_taken_back(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    spike = choose(page, "spike", "WS03")
    click(qtbot, page.exclude_button)
    dialog = controller.window.findChild(WhyDialog)
    assert not dialog.ok.isEnabled()
    dialog.why.setText("现场核实为误报")
    assert not dialog.ok.isEnabled()
    dialog.who.setText("张三")
    click(qtbot, dialog.ok)
    settle(controller)
    (row,) = exclusions(controller.session.project).to_dict("records")
    assert (row["finding_id"], row["reason"], row["actor"]) == (
        spike.identity, "现场核实为误报", "张三",
    )  # fmt: skip
    assert page.chosen == spike
    assert "张三" in page._answer.text()
    assert not page.exclude_button.isEnabled()
    assert "已剔除" in page.table.data(page.table.index(page.table.row_of(spike.identity), 5))
    dialog.deleteLater()
    click(qtbot, page.withdraw_button)
    second = controller.window.findChildren(WhyDialog)[-1]
    assert second.who.text() == "张三"
    second.why.setText("复核后可用")
    click(qtbot, second.ok)
    settle(controller)
    assert exclusions(controller.session.project, active=True).empty
    assert "复核后可用" in page._answer.text()
    assert page.exclude_button.isEnabled()


def test_a_dialog_that_is_closed_changes_nothing(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    revision = controller.session.project.revision
    choose(page, "spike", "WS03")
    click(qtbot, page.exclude_button)
    controller.window.findChild(WhyDialog).reject()
    click(qtbot, page.figures)
    controller.window.findChild(FiguresDialog).reject()
    settle(controller)
    assert controller.session.project.revision == revision


def test_a_changed_figure_counts_from_the_next_run_on(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    choose(page, "stuck", "WS05")
    click(qtbot, page.figures)
    dialog = controller.window.findChild(FiguresDialog)
    assert dialog.checks.currentData() == "stuck"
    cell = dialog.table.item(0, 2)
    cell.setText("many")
    assert dialog._problem.text()
    assert dialog.table.item(0, 2).text() == "6"
    dialog.table.item(0, 2).setText("0")
    assert "3" in dialog._problem.text()
    dialog.table.item(0, 2).setText("50")
    assert not dialog._problem.text()
    click(qtbot, dialog.ok)
    settle(controller)
    assert controller.session.project.settings.get("quality.stuck.readings") == 50
    checked(qtbot, controller)
    assert {one.station for one in shown(page) if one.check == "stuck"} == {"KQ04"}
    click(qtbot, page.figures)
    dialog = controller.window.findChildren(FiguresDialog)[-1]
    dialog.checks.setCurrentIndex(dialog.checks.findData("stuck"))
    dialog._take_defaults()
    assert dialog.table.item(0, 2).text() == "6"
    click(qtbot, dialog.ok)
    settle(controller)
    assert controller.session.project.settings.get("quality.stuck.readings") is None


def test_a_run_is_stopped(start, qtbot):
    controller = start()
    page = controller.window.pages["quality"]
    click(qtbot, page.run)
    assert page._cancel.isVisible()
    assert not page.run.isEnabled()
    click(qtbot, page._cancel)
    settle(controller)
    assert stored_findings(controller.session.project) == ()
    assert page.run.isEnabled()
    assert not page._cancel.isVisible()
    assert QMessageBox not in {type(child) for child in controller.window.children()}


def test_the_report_is_exported(start, qtbot, tmp_path):
    controller = start()
    checked(qtbot, controller)
    controller.presenter(QualityPresenter).write_sheet(tmp_path / "质量.xlsx")
    settle(controller)
    book = openpyxl.load_workbook(tmp_path / "质量.xlsx")
    assert book["检查结果"].max_row == 1 + controller.window.pages["quality"].table.total
    assert book["完整率"].max_column == 16


def test_a_project_without_readings_says_what_to_do(start, tmp_path):
    path = tmp_path / "empty.gpkg"
    Project.create(path, title="空").close()
    page = start(path).window.pages["quality"]
    assert "没有读数" in page._message.text()
    assert not page.run.isEnabled()


def test_a_project_that_may_only_be_read_is_checked_and_not_changed(start, qtbot, tmp_path):
    path = tmp_path / "mine.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    with Project.open(path):  # another program writes to it
        controller = start(path)
        page = checked(qtbot, controller)
        choose(page, "spike", "WS03")
        assert not page.exclude_button.isEnabled()
        assert not page.figures.isEnabled()
        assert "另存为" in page.exclude_button.toolTip()
        assert "未存入" in controller.window.status._message.text()


def test_both_languages_show_the_same_findings(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    total = page.table.total
    controller.window.named_actions["language"].trigger()
    settle(controller)
    controller.window.named_actions["quality"].setChecked(True)
    settle(controller)
    fresh = controller.window.pages["quality"]
    assert fresh is not page
    assert fresh.table.total == total
    assert fresh.run.text() == "Run checks"


def test_of_thousands_of_findings_only_those_that_are_seen_are_put_into_words(start, qtbot):
    controller = start()
    page = checked(qtbot, controller)
    made = []
    original = words.sentence
    many = list(stored_findings(controller.session.project)) * 40
    words.sentence = lambda one: made.append(one) or original(one)
    try:
        page.table.show_findings(many, {}, frozenset())
        page._after_filter()
        page.list_view.repaint()
    finally:
        words.sentence = original
    assert page.table.total == len(many) > 5000
    assert len(made) < 200
