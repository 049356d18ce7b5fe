"""Pages beside each other: what changes, what stays, whose the map is, and stopping all of it."""

import shutil
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton

from gridmap import shipped
from gridmap.capabilities.alerts.page.dialogs import StepDialog
from gridmap.capabilities.alerts.work.steps import Step
from gridmap.capabilities.batch.presenter.batch import BatchPresenter
from gridmap.capabilities.doctor.presenter import DoctorPresenter
from gridmap.capabilities.locate.presenter.finder import Finder
from gridmap.capabilities.locate.work import answering as answering_room
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.tracing.page.data import Wish
from gridmap.capabilities.tracing.presenter.trace import TracePresenter
from gridmap.capabilities.warning.presenter import WarningPresenter
from gridmap.shell.controller import Controller
from gridmap.shell.marks import MARKS
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store.columns import ZONE
from gridmap.texts import t, use_language

DAY = date(2026, 11, 22)
BESIDE_RIVER = (120.8700, 30.6730)
OUTLET = (120.8067, 30.7429)
START = datetime(2026, 11, 14, 6, tzinfo=ZONE)
SHEET = "编号\t经度\t纬度\n甲\t120.87\t30.673\n乙\t120.85\t30.72\n"


@pytest.fixture
def controller(tmp_path, monkeypatch):
    """A window on a copy of the example; ends it after the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    application()
    use_language("zh_CN")
    path = tmp_path / "南湖.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    made = Controller(preferences, lambda: DAY, lambda: None)
    made.window.resize(1600, 900)
    made.show()
    made.open(path)
    settle(made)
    yield made
    made.window.close()
    made.close()
    use_language("zh_CN")


def settle(controller):
    wait_until(lambda: controller.settled)


def press(qtbot, controller, name):
    """The shortcut of an action."""
    action = controller.window.named_actions[name]
    combination = action.shortcut()[0]
    qtbot.keyClick(controller.window, combination.key(), combination.keyboardModifiers())
    settle(controller)


def click_map(qtbot, controller, lon, lat):
    canvas = controller.window.canvas
    px, py = canvas.viewport.px_of(lon, lat)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(px), round(py)))


def click(qtbot, widget):
    assert widget.isVisible()
    assert widget.isEnabled()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(page, text):
    return next(one for one in page.findChildren(QPushButton) if one.text() == text)


def ask(qtbot, controller):
    controller.window.canvas.centre_on(*BESIDE_RIVER, 25_000)
    settle(controller)
    click_map(qtbot, controller, *BESIDE_RIVER)
    settle(controller)
    assert controller.session.verdict is not None


def paste_sheet(qtbot, controller):
    press(qtbot, controller, "batch")
    QGuiApplication.clipboard().setText(SHEET)
    click(qtbot, button(controller.window.pages["batch"], t("app.batch.paste")))
    settle(controller)
    assert len(controller.presenter(BatchPresenter).assigned.rows) == 2


def trace(qtbot, controller):
    press(qtbot, controller, "trace")
    controller.presenter(TracePresenter).wish(Wish("WS03", "nh3n"))
    settle(controller)
    assert controller.presenter(TracePresenter).traced is not None


def marks(controller):
    return [layer for layer in controller.window.canvas.layers if layer.layer_id == MARKS]


def picture(controller):
    return controller.window.canvas.grab().toImage()


def set_something(controller):
    """A change that touches the rule and the water."""
    with controller.session.project.change("figures") as change:
        change.set_setting("rules.walk_m", 9000.0)
    settle(controller)


def arrive(controller):
    at = datetime(2026, 11, 22, 23, 30, tzinfo=ZONE) + timedelta(hours=1)
    frame = pd.DataFrame({"value": [0.9]}, index=pd.DatetimeIndex([at]))
    with controller.session.project.change("readings") as change:
        change.append_series("WS03", "nh3n", frame, unit="mg/L")
    settle(controller)


def test_an_undo_keeps_trace_verdict_station_and_view(controller, qtbot):
    ask(qtbot, controller)
    trace(qtbot, controller)
    set_something(controller)
    trace_page, session = controller.presenter(TracePresenter), controller.session
    before, ordered = trace_page.traced, [one.source.code for one in trace_page.ordered]
    mark = session.verdict.basis.fingerprint
    viewport, station = controller.window.canvas.viewport, session.station
    press(qtbot, controller, "undo")
    assert trace_page.traced is not before  # it reads what was taken back
    assert trace_page.traced.request.start == before.request.start
    assert [one.source.code for one in trace_page.ordered] == ordered
    assert controller.window.pages["trace"].event_box.isVisible()
    assert session.place is not None
    assert session.verdict.basis.fingerprint != mark
    assert session.station == station == "WS03"
    assert controller.window.canvas.viewport == viewport


def test_readings_that_arrive_leave_rule_and_layers_alone(controller, qtbot, monkeypatch):
    ask(qtbot, controller)
    controller._map.look_at("stations", "WS03")
    settle(controller)
    built = []
    rule = answering_room.evidence_of
    monkeypatch.setattr(
        answering_room, "evidence_of", lambda project: built.append(1) or rule(project)
    )
    opened, feature = controller._opened, controller.session.feature
    selection = controller.window.canvas.state.selection
    arrive(controller)
    assert built == []
    assert controller._opened is opened
    assert controller.session.feature.key == feature.key
    assert controller.window.canvas.state.selection == selection
    assert controller.session.verdict is not None
    assert len(controller.window.pages["alerts"].table.every) > 0  # evaluated at once


def test_an_acknowledged_alert_keeps_everything(controller, qtbot, monkeypatch):
    ask(qtbot, controller)
    paste_sheet(qtbot, controller)
    press(qtbot, controller, "alerts")
    page = controller.window.pages["alerts"]
    click(qtbot, page._evaluate)
    settle(controller)
    page.view.selectRow(0)
    settle(controller)
    opened, verdict = controller._opened, controller.session.verdict
    batch, station = controller.presenter(BatchPresenter).assigned, controller.session.station
    monkeypatch.setattr(answering_room, "evidence_of", lambda _: pytest.fail("built anew"))
    click(qtbot, page.steps[Step.ACKNOWLEDGE])
    dialog = controller.window.findChildren(StepDialog)[-1]
    dialog.actor.setText("张三")
    click(qtbot, dialog.ok)
    settle(controller)
    assert controller._opened is opened
    assert controller.session.verdict is verdict
    assert controller.presenter(BatchPresenter).assigned is batch
    assert controller.session.station == station


def test_another_project_leaves_nothing_of_the_old_one(controller, qtbot, tmp_path):
    ask(qtbot, controller)
    paste_sheet(qtbot, controller)
    trace(qtbot, controller)
    press(qtbot, controller, "batch")
    assert len(marks(controller)) == 1
    AnsweringProject.create(tmp_path / "空.gpkg", title="空").close()
    controller.open(tmp_path / "空.gpkg")
    settle(controller)
    window, session = controller.window, controller.session
    assert controller.presenter(BatchPresenter).assigned is None
    assert window.pages["batch"].table.rowCount() == 0
    assert marks(controller) == []
    assert controller.presenter(TracePresenter).traced is None
    assert (session.verdict, session.place, session.station, session.feature) == (None,) * 4
    assert "点" in window.panels["verdict"]._text.toPlainText()
    assert window.canvas.state.pin is None
    assert window.canvas.state.selection == ()
    assert window.panels["series"].panels == ()
    assert window.pages["alerts"].table.every == []
    assert controller.presenter(Finder)._index.find("新丰镇") == []


def test_late_answers_of_another_project_are_dropped(controller, qtbot, tmp_path):
    AnsweringProject.create(tmp_path / "空.gpkg", title="空").close()
    controller.open(tmp_path / "空.gpkg")
    press_trace = controller.window.named_actions["trace"]
    press_trace.trigger()
    controller.presenter(TracePresenter).wish(Wish("WS03", "nh3n"))
    settle(controller)
    assert controller.session.project.title == "空"
    assert controller.presenter(TracePresenter).traced is None
    assert controller.window.findChildren(QMessageBox) == []


def test_a_late_trace_leaves_the_map_to_the_warning(controller, qtbot):
    controller.presenter(WarningPresenter).warn_from(*OUTLET, START)
    settle(controller)
    shown, viewport = picture(controller), controller.window.canvas.viewport
    controller.window.named_actions["trace"].trigger()
    controller.presenter(TracePresenter).wish(Wish("WS03", "nh3n"))
    controller.window.named_actions["warn"].trigger()
    settle(controller)
    assert controller.presenter(TracePresenter).traced is not None
    assert controller.window.canvas.viewport == viewport
    assert picture(controller) == shown
    press(qtbot, controller, "trace")
    assert picture(controller) != shown
    assert controller.window.canvas.viewport != viewport


def test_each_page_has_its_own_marks_and_full_view_works_with_them(controller, qtbot):
    paste_sheet(qtbot, controller)
    (own,) = marks(controller)
    press(qtbot, controller, "network")
    click(qtbot, controller.window.pages["network"]._plan)
    settle(controller)
    (theirs,) = marks(controller)
    assert theirs is not own
    press(qtbot, controller, "full")
    assert marks(controller) == [theirs]
    press(qtbot, controller, "network")  # closes it
    assert marks(controller) == []
    press(qtbot, controller, "batch")
    assert marks(controller) == [own]
    press(qtbot, controller, "full")
    assert controller.window.findChildren(QMessageBox) == []


def test_a_click_that_a_page_used_selects_nothing(controller, qtbot):
    station = controller._opened.frames["stations"].set_index("code").geometry["WS03"]
    canvas = controller.window.canvas
    press(qtbot, controller, "warn")
    canvas.centre_on(station.x, station.y, 25_000)
    settle(controller)
    assert controller.window.pages["warn"].pick.isChecked()
    click_map(qtbot, controller, station.x, station.y)
    settle(controller)
    assert controller.presenter(WarningPresenter).answer is not None
    assert controller.session.feature is None
    assert controller.session.place is None
    canvas.centre_on(station.x, station.y, 25_000)
    settle(controller)
    click_map(qtbot, controller, station.x, station.y)  # the place is chosen: now it asks again
    settle(controller)
    assert controller.session.feature.key == "WS03"


def test_another_language_keeps_trace_warning_batch_and_verdict(controller, qtbot):
    ask(qtbot, controller)
    paste_sheet(qtbot, controller)
    controller.presenter(WarningPresenter).warn_from(*OUTLET, START)
    settle(controller)
    trace(qtbot, controller)
    suspects = [one.source.code for one in controller.presenter(TracePresenter).ordered]
    arrivals = len(controller.presenter(WarningPresenter).answer.found.arrivals)
    fingerprint = controller.session.verdict.basis.fingerprint
    press(qtbot, controller, "language")
    window = controller.window
    assert window.open_page == "trace"
    assert [one.source.code for one in controller.presenter(TracePresenter).ordered] == suspects
    assert len(controller.presenter(WarningPresenter).answer.found.arrivals) == arrivals
    assert window.pages["batch"].table.rowCount() == 2
    assert controller.session.verdict.basis.fingerprint == fingerprint
    assert "Fingerprint" in window.panels["verdict"]._text.toPlainText()
    press(qtbot, controller, "batch")
    assert len(marks(controller)) == 1


def test_an_import_survives_what_it_did_not_read(controller, qtbot, tmp_path):
    frame = controller._opened.frames["places"].head(5)
    sheet = pd.DataFrame({
        "编码": [f"X{n}" for n in range(5)], "地名": [f"新地{n}" for n in range(5)],
        "经度": frame.geometry.x.to_numpy(), "纬度": frame.geometry.y.to_numpy(),
    })  # fmt: skip
    path = tmp_path / "地名.csv"
    sheet.to_csv(path, index=False)
    controller.presenter(DoctorPresenter).open([path])
    settle(controller)
    case = controller.presenter(DoctorPresenter)._work.case
    arrive(controller)
    assert controller.presenter(DoctorPresenter)._work.case is case
    with controller.session.project.change("layer") as change:
        project = controller.session.project
        stations = project.layer("stations")
        change.replace_layer("stations", stations.iloc[:-1], project.editions()["stations"])
    settle(controller)
    assert controller.presenter(DoctorPresenter)._work.case is not case


def start_and_stop(qtbot, controller, start, cancel):
    """Twice in a row: start something with a click or key, and stop it with a click."""
    for _ in range(2):
        start()
        click(qtbot, cancel)
        settle(controller)
        assert not cancel.isVisible()
        assert controller.window.findChildren(QMessageBox) == []


def test_trace_and_warning_stop_every_time(controller, qtbot):
    page = controller.window.pages["trace"]
    trace(qtbot, controller)
    traced = controller.presenter(TracePresenter).traced
    start_and_stop(qtbot, controller, lambda: click(qtbot, page.run), page._cancel)
    assert controller.presenter(TracePresenter).traced is traced
    other = controller.window.pages["warn"]
    controller.presenter(WarningPresenter).warn_from(*OUTLET, START)
    settle(controller)
    warned = controller.presenter(WarningPresenter).answer
    start_and_stop(qtbot, controller, lambda: qtbot.keyClick(other.km, Qt.Key.Key_Up), other.cancel)
    assert controller.presenter(WarningPresenter).answer is warned


def test_network_and_quality_stop_every_time(controller, qtbot):
    press(qtbot, controller, "network")
    page = controller.window.pages["network"]
    start_and_stop(qtbot, controller, lambda: click(qtbot, page._plan), page._stop)
    assert not page._write.isEnabled()
    press(qtbot, controller, "quality")
    other = controller.window.pages["quality"]
    start_and_stop(qtbot, controller, lambda: click(qtbot, other.run), other._cancel)
    assert "停止" in controller.window.status._message.text()


def test_attainment_and_batch_stop_every_time(controller, qtbot):
    press(qtbot, controller, "attainment")
    page = controller.window.pages["attainment"]
    down = Qt.Key.Key_Down
    start_and_stop(qtbot, controller, lambda: qtbot.keyClick(page._periods, down), page.cancel)
    press(qtbot, controller, "batch")
    other = controller.window.pages["batch"]
    many = "编号\t经度\t纬度\n" + "".join(
        f"{n}\t{lon:.5f}\t30.7\n" for n, lon in enumerate(np.linspace(120.7, 121.0, 20_000))
    )
    QGuiApplication.clipboard().setText(many)
    paste = button(other, t("app.batch.paste"))
    start_and_stop(qtbot, controller, lambda: click(qtbot, paste), other._cancel)
    assert controller.presenter(BatchPresenter).assigned is None
