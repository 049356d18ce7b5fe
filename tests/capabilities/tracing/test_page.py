"""Tracing as a clerk does it: three clicks from the alert to the list, then weigh and print."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from datetime import date, timedelta

import openpyxl
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gridmap import shipped
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.tracing.page.data import Wish
from gridmap.capabilities.tracing.presenter.trace import TracePresenter
from gridmap.capabilities.tracing.rules import PartKind
from gridmap.capabilities.warning.presenter import WarningPresenter
from gridmap.map import mercator
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.texts import use_language

DAY = date(2026, 11, 22)
TRUTH = "91330402EXAM00019H-DW001"  # docs/example.md


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """A window on a copy of the example; ends it after the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    application()
    use_language("zh_CN")
    path = tmp_path / "南湖.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: DAY, lambda: None)
    controller.window.resize(1600, 900)
    controller.show()
    controller.open(path)
    settle(controller)
    yield controller
    controller.window.close()
    controller.close()
    use_language("zh_CN")


@pytest.fixture
def traced(begin):
    """The same with the example's event traced."""
    begin.window.named_actions["trace"].setChecked(True)
    begin.presenter(TracePresenter).wish(Wish("WS03", "nh3n"))
    settle(begin)
    return begin


def settle(controller):
    wait_until(lambda: controller.settled)


def click(qtbot, widget):
    assert widget.isEnabled()
    assert widget.isVisible()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def codes(controller):
    return [one.code for one in controller.window.beside["trace"].model.rows]


def test_three_clicks_from_the_alert_to_the_list(begin, qtbot):
    window = begin.window
    window.named_actions["alerts"].setChecked(True)
    click(qtbot, window.pages["alerts"]._evaluate)
    settle(begin)
    window.named_actions["layers"].setChecked(True)

    window.named_actions["alerts"].trigger()  # 1
    page = window.pages["alerts"]
    names = [page.table.row(row).station for row in range(page.table.rowCount())]
    row = next(number for number, name in enumerate(names) if "水站03" in name)
    place = page.view.visualRect(page.table.index(row, 1)).center()
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)  # 2
    settle(begin)
    click(qtbot, page.trace)  # 3
    settle(begin)

    assert window.pages["trace"].isVisible()
    assert codes(begin)[0] == TRUTH
    assert "示例水站03" in window.pages["trace"].event_box.text()
    assert "超标 2.66 倍" in window.pages["trace"].event_box.text()
    assert "达标 → 仅" in window.pages["trace"].bracket.toPlainText()
    assert "102****" in window.pages["trace"].notice.toPlainText()
    assert not window.panels["verdict"].isVisible()


def test_from_the_card_of_a_station(begin, qtbot):
    window = begin.window
    begin._map.look_at("stations", "WS03")
    settle(begin)
    button = next(
        b for b in window.panels["verdict"].findChildren(QPushButton) if b.text() == "溯源"
    )
    click(qtbot, button)
    settle(begin)
    assert codes(begin)[0] == TRUTH  # the item that exceeded last is taken
    window.named_actions["layers"].setChecked(True)
    begin._map.look_at("stations", "KQ01")
    settle(begin)
    assert not button.isVisible()  # air does not flow down rivers


def test_from_the_dock_with_its_item(begin, qtbot):
    window = begin.window
    window.resize(1900, 900)  # a narrow dock has no room for the button; the card has it too
    begin.session.show_station("WS03")
    settle(begin)
    assert window.panels["series"].item == "nh3n"
    click(qtbot, window.panels["series"].head.trace)
    settle(begin)
    assert begin.presenter(TracePresenter).traced.request.item == "nh3n"
    begin.session.show_station("KQ01")
    settle(begin)
    assert not window.panels["series"].head.trace.isVisibleTo(window.panels["series"])


def test_choosing_section_item_and_event_on_the_page(traced):
    page = traced.window.pages["trace"]
    page.stations.setCurrentIndex(page.stations.findData("WS04"))
    settle(traced)
    assert traced.session.station == "WS04"
    assert traced.presenter(TracePresenter).traced.request.station == "WS04"
    page.items.setCurrentIndex(page.items.findData("dissolved_oxygen"))
    settle(traced)
    assert traced.presenter(TracePresenter).traced.request.item == "dissolved_oxygen"
    page.events.setCurrentIndex(2)
    page.events.activated.emit(2)
    settle(traced)
    assert traced.presenter(TracePresenter).traced.request.start == page.events.itemData(2).start


def test_sliders_rank_anew_without_reading(traced, monkeypatch):
    trace, page = traced.presenter(TracePresenter), traced.window.pages["trace"]
    before, first = codes(traced), trace.traced
    monkeypatch.setattr(
        "gridmap.capabilities.tracing.presenter.trace.traced_of",
        lambda *_: pytest.fail("read again"),
    )
    page.weights.sliders[PartKind.OWN].setValue(0)
    page.weights.sliders[PartKind.DISTANCE].setValue(100)
    page.weights.sliders[PartKind.ITEMS].setValue(0)
    page.weights.sliders[PartKind.SIZE].setValue(0)
    assert trace.traced is first
    after = codes(traced)
    assert after != before
    near = min(first.words.answer.found.suspects, key=lambda one: one.way.metres)
    assert after[0] == near.source.code
    assert traced.window.beside["trace"].model.rows[0].number == 1
    page.weights.sliders[PartKind.BRACKET].setValue(0)
    assert all(one.score > 0 for one in trace.ordered)
    page.weights_reset.emit()
    assert codes(traced) == before


def test_range_and_velocity_trace_anew(traced):
    page, trace = traced.window.pages["trace"], traced.presenter(TracePresenter)
    assert page.km == 20.0
    slow = {one.source.code: one.way.hours for one in trace.ordered}
    page.range.setValue(2.0)
    settle(traced)
    assert all(one.way.metres <= 2000 for one in trace.ordered)
    page.velocity.setValue(2.0)
    settle(traced)
    for one in trace.ordered:
        assert one.way.hours == pytest.approx(slow[one.source.code] / 2)


def test_the_time_slider_moves_the_profile(traced):
    profile = traced.window.below["trace"]
    peak = traced.presenter(TracePresenter).traced.words.answer.peak[1]
    assert profile.moment == peak
    assert traced.session.moment == peak
    values = [point.value for point in profile.points]
    traced.session.show_moment(peak - timedelta(days=2))
    assert profile.moment == peak - timedelta(days=2)
    assert [point.value for point in profile.points] != values
    assert not any(point.beyond for point in profile.points)


def test_the_arrows_of_the_profile(traced, qtbot):
    profile = traced.window.below["trace"]
    peak = profile.moment
    click(qtbot, profile.back)
    assert profile.moment == peak - timedelta(hours=4)
    assert traced.session.moment == profile.moment
    click(qtbot, profile.forward)
    assert profile.moment == peak
    QTest.keyClick(profile.canvas, Qt.Key.Key_Right)
    assert profile.moment == peak + timedelta(hours=4)
    wanted = [point.wanted for point in profile.points]
    assert len(set(wanted)) > 1
    profile.mode.setCurrentIndex(1)
    assert {point.wanted for point in profile.points} == {profile.moment}


def test_choosing_highlights_list_map_and_profile(traced, qtbot):
    trace, window = traced.presenter(TracePresenter), traced.window
    assert trace.chosen == TRUTH
    other = codes(traced)[2]
    window.beside["trace"].view.setCurrentIndex(window.beside["trace"].model.index(2, 0))
    assert trace.chosen == other
    assert window.below["trace"].canvas.look.chosen == other
    assert trace._look().chosen == other
    canvas = window.below["trace"].canvas
    canvas.repaint()
    hit = next(one for one in canvas.hits if one.code == TRUTH)
    place = hit.box.center().toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert trace.chosen == TRUTH
    assert "示例印染有限公司001" in canvas.words_of(hit)
    section = next(one for one in canvas.hits if one.kind == "section")
    assert "mg/L" in canvas.words_of(section)


def test_a_number_on_the_map_is_a_suspect_and_anything_else_a_place(traced):
    trace, window = traced.presenter(TracePresenter), traced.window
    look = trace._look()
    third = next(one for one in look.suspects if one.number == 3)
    lon, lat = (float(v) for v in mercator.unproject(*third.at))
    window.canvas.clicked.emit(lon, lat)
    assert trace.chosen == third.code
    assert traced.session.place is None
    far = window.canvas.viewport.lonlat_at(3.0, 3.0)
    window.canvas.clicked.emit(*far)
    settle(traced)
    assert traced.session.place is not None


def test_a_suspect_on_another_course_gets_its_own_profile(traced):
    trace, window = traced.presenter(TracePresenter), traced.window
    traced.presenter(TracePresenter).wish(Wish("WS05", "nh3n"))
    settle(traced)
    shown = {one.code for one in window.below["trace"].canvas.profile.outlets}
    other = next(one.source for one in trace.ordered if one.source.code not in shown)
    trace.choose(other.code)
    assert other.code in {one.code for one in window.below["trace"].canvas.profile.outlets}


def test_the_list_can_be_narrowed(traced):
    panel = traced.window.beside["trace"]
    every = len(panel.model.rows)
    panel.filter.setCurrentIndex(panel.filter.findData("open"))
    assert 0 < len(panel.model.rows) < every
    assert not any(one.excluded for one in panel.model.rows)
    panel.filter.setCurrentIndex(panel.filter.findData("emits"))
    assert all(one.emits is not False for one in panel.model.rows)


def test_tabs_below_the_map_and_back_to_the_dock(traced):
    window = traced.window
    assert window.below["trace"].isVisible()
    assert not window.panels["series"].isVisible()
    window.lower_area.tabs.setCurrentIndex(1)
    assert window.panels["series"].isVisible()
    assert window.panels["series"].station == "WS03"
    window.lower_area.tabs.setCurrentIndex(0)
    window.named_actions["layers"].setChecked(True)
    assert window.panels["series"].isVisible()
    assert not window.lower_area.tabs.isVisible()
    assert not window.beside["trace"].isVisible()
    assert window.canvas._overlay is None
    window.named_actions["trace"].setChecked(True)
    assert window.below["trace"].isVisible()
    assert window.canvas._overlay is not None


def test_print_and_export_as_ranked(traced, tmp_path):
    trace = traced.presenter(TracePresenter)
    traced.window.pages["trace"].weights.sliders[PartKind.OWN].setValue(0)
    settle(traced)
    first = trace.ordered[0].source.code
    for suffix, begin in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        path = tmp_path / f"溯源单{suffix}"
        trace.files.print(path)
        settle(traced)
        assert path.read_bytes().startswith(begin)
    table = tmp_path / "来源.xlsx"
    trace.files.export(table)
    settle(traced)
    rows = list(openpyxl.load_workbook(table).worksheets[0].values)
    assert rows[1][4] == first
    assert "来源.xlsx" in traced.window.status._message.text()


def test_from_the_trace_on_to_the_warning(traced, qtbot):
    page, peak = traced.window.pages["trace"], traced.presenter(TracePresenter).traced.words
    assert page.warn_button.isEnabled()
    click(qtbot, page.warn_button)
    settle(traced)
    assert traced.window.open_page == "warn"
    answer = traced.presenter(WarningPresenter).answer
    assert answer.start == peak.answer.peak[1]
    assert answer.found.place.reach == peak.answer.found.event.spot.reach


def test_what_cannot_be_traced_is_said(traced, monkeypatch):
    page = traced.window.pages["trace"]
    monkeypatch.setattr("gridmap.capabilities.tracing.page.data.exceedances", lambda *_: [])
    traced.presenter(TracePresenter).wish(Wish("WS02", "nh3n"))
    settle(traced)
    assert "没有超标记录" in page.message.text()
    assert codes(traced) == []
    assert not page.print_button.isEnabled()
    assert traced.window.below["trace"].canvas.profile is None


def test_another_language_tells_the_same_trace(traced, qtbot):
    second = codes(traced)[1]
    traced.presenter(TracePresenter).choose(second)
    traced.window.pages["trace"].weights.sliders[PartKind.SIZE].setValue(0)
    ranked = codes(traced)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(traced.window, Qt.Key.Key_L, keys)
    settle(traced)
    page = traced.window.pages["trace"]
    assert page.isVisible()
    assert page.stations.count() >= 7
    assert "Ammonia" in page.event_box.text()
    assert codes(traced) == ranked
    assert traced.presenter(TracePresenter).chosen == second
    assert traced.window.pages["trace"].weights.weights[PartKind.SIZE] == 0.0


def test_another_project_forgets_the_trace(traced, tmp_path):
    AnsweringProject.create(tmp_path / "空.gpkg", title="空").close()
    traced.open(tmp_path / "空.gpkg")
    settle(traced)
    assert traced.presenter(TracePresenter).traced is None
    assert codes(traced) == []
    assert traced.window.below["trace"].canvas.profile is None


def test_pointing_highlights_until_the_cursor_leaves(traced):
    panel, canvas = traced.window.beside["trace"], traced.window.below["trace"].canvas
    other = codes(traced)[1]
    panel.pointed.emit(other)
    assert canvas.look.chosen == other
    panel.pointed.emit("")
    assert canvas.look.chosen == TRUTH
    assert canvas._at(QPointF(-50, -50)) is None
