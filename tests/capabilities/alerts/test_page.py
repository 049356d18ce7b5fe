"""Clicking through the page of alerts, as a clerk does."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from datetime import date

import openpyxl
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from gridmap import shipped
from gridmap.capabilities.alerts.page.dialogs import StepDialog
from gridmap.capabilities.alerts.page.rule_form import RuleForm
from gridmap.capabilities.alerts.page.rules_dialog import RulesDialog
from gridmap.capabilities.alerts.presenter import AlertsPresenter
from gridmap.capabilities.alerts.work.records import AlertStatus, alert_of, steps_of
from gridmap.capabilities.alerts.work.rule_files import rules_of
from gridmap.capabilities.alerts.work.steps import Step
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.texts import use_language

DAY = date(2026, 11, 22)


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Starts a window on a copy of the example; ends it after the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    application()
    use_language("zh_CN")
    path = tmp_path / "南湖.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: DAY, lambda: None)
    controller.window.resize(1500, 900)
    controller.show()
    controller.open(path)
    settle(controller)
    controller.window.named_actions["alerts"].setChecked(True)
    settle(controller)
    yield controller
    controller.window.close()
    controller.close()
    use_language("zh_CN")


@pytest.fixture
def evaluated(begin, qtbot):
    """The same after a click on evaluate."""
    page = begin.window.pages["alerts"]
    qtbot.mouseClick(page._evaluate, Qt.MouseButton.LeftButton)
    settle(begin)
    return begin


def settle(controller):
    wait_until(lambda: controller.settled)


def choose(controller, station):
    page = controller.window.pages["alerts"]
    names = [page.table.row(place).station for place in range(page.table.rowCount())]
    page.view.selectRow(next(i for i, name in enumerate(names) if station in name))
    settle(controller)
    return page.detail.alert


def answer(controller, qtbot, step, **texts):
    page = controller.window.pages["alerts"]
    qtbot.mouseClick(page.steps[step], Qt.MouseButton.LeftButton)
    dialog = controller.window.findChildren(StepDialog)[-1]
    for name, text in texts.items():
        getattr(dialog, name).setText(text)
    assert dialog.ok.isEnabled()
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settle(controller)


def test_before_the_first_evaluation_the_page_says_what_to_do(begin):
    page = begin.window.pages["alerts"]
    assert page.table.rowCount() == 0
    assert page._hint.isVisibleTo(page)
    assert "评估" in page._hint.text()
    assert begin.window.named_actions["alerts"].text() == "预警"


def test_evaluating_fills_the_list_the_badge_and_the_map(evaluated):
    page, window = evaluated.window.pages["alerts"], evaluated.window
    rows = [page.table.row(place) for place in range(page.table.rowCount())]
    assert [row.level for row in rows] == [1, 1, 1, 2, 3]
    assert all("氨氮" in row.item for row in rows[:4])
    assert "超标 2.66 倍" in next(row for row in rows if "水站03" in row.station).peak
    assert window.named_actions["alerts"].text() == "预警 5"
    assert "5 条待处置" in window.named_actions["alerts"].toolTip()
    assert not page._hint.isVisibleTo(page)
    assert "新预警 5 条" in window.status._message.text()


def test_a_row_shows_reason_people_map_and_series(evaluated):
    alert = choose(evaluated, "水站03")
    page, window = evaluated.window.pages["alerts"], evaluated.window
    text = page.text.toPlainText()
    for expected in (
        "劣于断面目标",
        "GB 3838-2002",
        "东栅街道",
        "示例镇级河长07",
        "102****",
        "3.657",
    ):
        assert expected in text
    assert evaluated.session.station == alert.station == "WS03"
    assert window.panels["series"].station == "WS03"
    px, _ = window.canvas.viewport.px_of(*station_point(evaluated, "WS03"))
    assert 0 < px < window.canvas.width()
    assert not window.panels["verdict"].isVisibleTo(window)  # the page names the people itself


def station_point(controller, code):
    frame = controller.session.project.layer("stations").set_index("code")
    point = frame.geometry[code]
    return point.x, point.y


def test_filters(evaluated):
    page = evaluated.window.pages["alerts"]
    page.medium.setCurrentIndex(page.medium.findData("air"))
    assert page.table.rowCount() == 1
    page.medium.setCurrentIndex(0)
    page.grade.setCurrentIndex(page.grade.findData(1))
    assert page.table.rowCount() == 3
    page.grade.setCurrentIndex(0)
    page.live.setCurrentIndex(1)
    assert page.table.rowCount() > 100
    assert "待处置 5" in page._counts.text()


def test_acknowledge_assign_close_and_reopen(evaluated, qtbot):
    alert = choose(evaluated, "水站03")
    page, project = evaluated.window.pages["alerts"], evaluated.session.project
    answer(evaluated, qtbot, Step.ACKNOWLEDGE, actor="张三")
    assert not page.steps[Step.ACKNOWLEDGE].isEnabled()
    answer(evaluated, qtbot, Step.ASSIGN)  # the name is remembered, the nearest chief suggested
    assigned = alert_of(project, alert.alert_id)
    assert assigned.status is AlertStatus.ASSIGNED
    assert assigned.assignee.startswith("平湖塘")
    qtbot.mouseClick(page.steps[Step.CLOSE], Qt.MouseButton.LeftButton)
    dialog = evaluated.window.findChildren(StepDialog)[-1]
    assert not dialog.ok.isEnabled()  # closing needs a reason
    dialog.reject()
    answer(evaluated, qtbot, Step.CLOSE, note="已整改")
    assert page.table.rowCount() == 4
    assert evaluated.window.named_actions["alerts"].text() == "预警 4"
    page.live.setCurrentIndex(1)
    choose(evaluated, "水站03")
    assert page.detail.alert.alert_id == alert.alert_id
    assert page.steps[Step.REOPEN].isVisibleTo(page)
    answer(evaluated, qtbot, Step.REOPEN, note="反弹")
    told = [(one.actor, one.step) for one in steps_of(project, alert.alert_id)]
    assert told == [
        ("张三", "acknowledge"), ("张三", "assign"), ("张三", "close"), ("张三", "reopen")
    ]  # fmt: skip
    assert "反弹" in page.text.toPlainText()


def test_rules_are_edited_and_mistakes_are_told_by_field(evaluated, qtbot):
    page, project = evaluated.window.pages["alerts"], evaluated.session.project
    qtbot.mouseClick(page._rules, Qt.MouseButton.LeftButton)
    settle(evaluated)
    dialog = evaluated.window.findChildren(RulesDialog)[-1]
    names = list(rules_of(project))
    row = names.index("water_exceedance")
    for text, told in (("x", "不是数字"), ("0", "应不小于 1")):
        dialog.table.item(row, 3).setText(text)
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
        assert told in dialog.message.text()
        assert "水质连续超目标" in dialog.message.text()
        assert dialog.isVisible()
    dialog.table.item(row, 3).setText("20")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle(evaluated)
    assert rules_of(project)["water_exceedance"].duration == 20
    assert list(project.log()["action"])[-1] == "alert_rules"
    evaluated.presenter(AlertsPresenter).on_arrival()
    settle(evaluated)
    assert not any("氨氮" in one.item and one.level < 3 for one in page.table.every if one.live)


def test_an_evaluation_can_be_stopped_every_time(begin, qtbot):
    page = begin.window.pages["alerts"]
    for _ in range(3):
        begin.window.status.show_message("")
        qtbot.mouseClick(page._evaluate, Qt.MouseButton.LeftButton)
        assert page._cancel.isVisible()
        qtbot.mouseClick(page._cancel, Qt.MouseButton.LeftButton)
        settle(begin)
        assert page.table.rowCount() == 0
        assert page._evaluate.isEnabled()
        assert not page._cancel.isVisible()
        assert "停止" in begin.window.status._message.text()
    assert begin.window.findChildren(QMessageBox) == []


def test_work_can_be_stopped_in_the_status_bar(begin, qtbot):
    page, status = begin.window.pages["alerts"], begin.window.status
    assert not status.stop.isVisible()
    qtbot.mouseClick(page._evaluate, Qt.MouseButton.LeftButton)
    assert "预警" in status._job.text()
    qtbot.mouseClick(status.stop, Qt.MouseButton.LeftButton)
    settle(begin)
    assert page.table.rowCount() == 0
    assert not status.stop.isVisible()
    assert "停止" in status._message.text()


def test_the_list_is_written_as_a_workbook(evaluated, tmp_path):
    evaluated.presenter(AlertsPresenter).export(tmp_path / "预警.xlsx")
    settle(evaluated)
    sheet = openpyxl.load_workbook(tmp_path / "预警.xlsx").worksheets[0]
    assert sheet.max_row == 6
    assert "*" in str(sheet.cell(2, 22).value)  # phones are masked


def test_english(evaluated, qtbot):
    evaluated._switch_language()
    settle(evaluated)
    evaluated.window.named_actions["alerts"].setChecked(True)
    settle(evaluated)
    page = evaluated.window.pages["alerts"]
    assert page.table.rowCount() == 5
    assert page.table.row(0).grade == "Ⅰ Red"
    choose(evaluated, "水站03")
    assert "successive readings worse than the target" in page.text.toPlainText()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # The window that is gone hears nothing more of what changes.
    answer(evaluated, qtbot, Step.ACKNOWLEDGE, actor="张三")
    assert page.detail.alert.status is AlertStatus.ACKNOWLEDGED


def test_a_read_only_project_says_so(begin, monkeypatch):
    monkeypatch.setattr(begin.session.project, "_reason", "locked")
    begin.presenter(AlertsPresenter).refresh()
    settle(begin)
    page = begin.window.pages["alerts"]
    assert "只读" in page._hint.text()
    assert not page._evaluate.isEnabled()
    begin.presenter(AlertsPresenter).on_arrival()
    assert not begin.jobs.busy


def test_the_list_names_rule_and_year_and_can_be_searched(desk):
    mine = desk()
    page = mine.open_page("alerts")
    mine.click(mine.button("评估", page))
    everything = [cell for cell in mine.cells(page) if "2026-11" in cell]
    assert len(everything) > 1
    assert all(cell.count(" · ") >= 4 for cell in everything)
    mine.type(page.search, "WS04 氨氮" if any("WS04" in c for c in everything) else "大桥 氨氮")
    found = [cell for cell in mine.cells(page) if "2026-11" in cell]
    assert 0 < len(found) < len(everything)
    assert all("大桥" in cell and "氨氮" in cell for cell in found)
    mine.type(page.search, "没有这样的站")
    assert not [cell for cell in mine.cells(page) if "2026-11" in cell]


# --- rules of the office ------------------------------------------------------------------


def dialog_of(mine, page):
    mine.click(mine.button("规则…", page))
    return mine.window.findChildren(RulesDialog)[-1]


def form_of(dialog):
    return [one for one in dialog.findChildren(RuleForm) if one.isVisible()][-1]


def tick(mine, view, text):
    """Tick the box of the one line of a list that says so, as a person does: by the keyboard."""
    [row] = [row for row in range(view.count()) if text in view.item(row).text()]
    view.setCurrentRow(row)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    mine.settle()
    assert view.item(row).checkState() == Qt.CheckState.Checked


def test_saved_rules_say_that_an_evaluation_is_due(desk):
    mine = desk()
    page = mine.open_page("alerts")
    mine.click(mine.button("评估", page))
    assert "尚未评估" not in mine.texts(page)
    dialog = dialog_of(mine, page)
    row = list(rules_of(mine.controller.session.project)).index("water_exceedance")
    dialog.table.item(row, 3).setText("20")
    mine.click(dialog.save_button)
    assert "尚未评估：水质连续超目标" in mine.texts(page)
    mine.click(mine.button("评估", page))
    assert "尚未评估" not in mine.texts(page)


def test_a_new_rule_is_made_in_the_window(desk):
    mine = desk()
    page, project = mine.open_page("alerts"), mine.controller.session.project
    mine.click(mine.button("评估", page))
    dialog = dialog_of(mine, page)
    mine.click(dialog.buttons["new"])
    form = form_of(dialog)
    mine.click(form.ok)
    assert "请写规则的名称" in mine.texts(form)
    mine.type(form.title, "氨氮本地限值")
    form.against.setCurrentIndex(form.against.findText("自定限值"))
    mine.click(form.ok)
    assert "须写明监测项目" in mine.texts(form)
    tick(mine, form.items, "氨氮")
    tick(mine, form.items, "浊度")
    mine.type(form.figures["limit"], "1.0")
    mine.click(form.ok)
    assert "单位不同" in mine.texts(form)
    QTest.keyClick(form.items, Qt.Key.Key_Space)
    mine.type(form.figures["limit"], "一")
    mine.click(form.ok)
    assert "“限值”不是数字：一" in mine.texts(form)
    mine.type(form.figures["limit"], "0.5")
    assert "限值的单位：mg/L" in mine.texts(form)
    form.where.setCurrentIndex(form.where.findText("只用于勾选的站点"))
    mine.type(form.search, "WS03")
    tick(mine, form.stations, "WS03")
    mine.click(form.ok)
    assert any("氨氮本地限值" in cell for cell in mine.cells(dialog))
    mine.click(dialog.save_button)
    [made] = [one for one in rules_of(project).values() if one.title.zh == "氨氮本地限值"]
    assert (made.limit, made.items, made.stations) == (0.5, ("nh3n",), ("WS03",))
    assert "尚未评估：氨氮本地限值（1 条序列）" in mine.texts(page)
    mine.click(mine.button("评估", page))
    fresh = [one for one in page.table.every if one.rule == "氨氮本地限值"]
    assert {one.station for one in fresh} == {"示例水站03 平湖塘东栅"}
    # It goes again, and the change can be undone.
    dialog = dialog_of(mine, page)
    dialog.table.selectRow(list(rules_of(project)).index(made.id))
    mine.click(dialog.buttons["remove"])
    mine.click(dialog.save_button)
    assert made.id not in rules_of(project)
    project.undo()
    assert made.id in rules_of(project)


def test_thresholds_of_one_station_stand_apart(desk):
    mine = desk()
    page, project = mine.open_page("alerts"), mine.controller.session.project
    mine.click(mine.button("评估", page))
    dialog = dialog_of(mine, page)
    row = list(rules_of(project)).index("water_exceedance")
    dialog.table.selectRow(row)
    assert not dialog.buttons["remove"].isEnabled()  # shipped
    mine.click(dialog.buttons["apart"])
    form = form_of(dialog)
    mine.click(form.ok)
    assert "请至少勾选一个站点" in mine.texts(form)
    tick(mine, form.stations, "WS04")
    mine.type(form.figures["duration"], "6")
    mine.click(form.ok)
    cells = mine.cells(dialog)
    assert any("水质连续超目标（按站点）" in cell for cell in cells)
    assert any(cell.startswith("除") and cell.endswith("外全部") for cell in cells)
    mine.click(dialog.save_button)
    rules = rules_of(project)
    [own] = [one for one in rules.values() if one.title.zh.endswith("（按站点）")]
    base = rules["water_exceedance"]
    assert (own.stations, own.duration, own.confidence) == (("WS04",), 6, "medium")
    assert (base.without, base.duration) == (("WS04",), 2)
    assert base.covers("WS03")
    assert not base.covers("WS04")
