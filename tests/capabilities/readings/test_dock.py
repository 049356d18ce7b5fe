"""The series dock with the example: what is shown, said and left open."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gridmap import texts
from gridmap.capabilities.readings.page import (
    data as series_data,
)
from gridmap.capabilities.readings.page import (
    reading as series_reading,
)
from gridmap.capabilities.readings.page import (
    words as series_words,
)
from gridmap.capabilities.readings.page.axis import TimeAxis, time_ticks
from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.shell.jobs import Jobs
from gridmap.shell.theme import style_sheet
from gridmap.store.example import open_example

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture
def runner(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def empty_dock(qtbot, runner, qapp):
    qapp.setStyleSheet(style_sheet())
    made = SeriesDock(runner)
    qtbot.addWidget(made)
    made.resize(1400, 260)
    made.show()
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def dock(empty_dock, example):
    empty_dock.set_project(example)
    return empty_dock


@pytest.fixture
def show(qtbot, dock, runner):
    def go(station, item=None):
        dock.show_station(station)
        qtbot.waitUntil(lambda: not runner.busy)
        if item is not None:
            dock.head.items.choose((item,))
            qtbot.waitUntil(lambda: not runner.busy)
        return dock

    return go


@pytest.fixture(autouse=True)
def _no_qt_warnings(qtlog):
    yield
    allowed = "propagateSizeHints"
    assert [r.message for r in qtlog.records if allowed not in r.message] == []


def at(*moment):
    return datetime(*moment, tzinfo=SHANGHAI).timestamp()


def spans(dock):
    return {button.text(): button for button in dock.head.spans.group.buttons()}


def labels(dock):
    dock.grab()
    return dock.plot.bands.shown_labels


# --- what is shown ------------------------------------------------------------------------


def test_without_a_station_it_says_what_to_do(empty_dock):
    assert empty_dock.view.message == texts.t("app.series.pick")
    assert not empty_dock.head.stations.isEnabled()


def test_a_station_shows_its_ammonia_with_the_gap_and_the_event(show):
    dock = show("WS04")
    assert (dock.station, dock.item) == ("WS04", "nh3n")
    assert "平湖塘大桥" in dock.head.stations.currentText()
    assert set(labels(dock)) >= {"缺测 56 h", "事件"}
    assert "69" in dock.view.readout.whole
    assert "2026-11-22 08:00" in dock.view.readout.whole


def test_the_line_breaks_at_gaps_and_keeps_the_peak_of_a_year(show):
    dock = show("WS04")
    spans(dock)["近一年"].click()
    drawn = dock.plot.curves.main
    x, y = drawn.x, drawn.y
    assert np.nanmax(y) == np.nanmax(dock.course.readings)
    inside = (x > at(2026, 11, 9, 13)) & (x < at(2026, 11, 11, 23))
    assert np.isnan(y[inside]).all()
    assert inside.any()


def test_ranges_reach_back_from_the_last_reading(show):
    dock = show("KQ01")
    for text, days in (("近 7 天", 7), ("近 30 天", 30), ("近 90 天", 90)):
        spans(dock)[text].click()
        start, end = dock.plot._box.viewRange()[0]
        assert end >= dock.course.times[-1]
        assert (end - start) / 86_400 == pytest.approx(days, rel=0.03)
    spans(dock)["全部"].click()
    assert dock.plot._box.viewRange()[0][0] <= dock.course.times[0]


def test_concentrations_begin_at_zero_and_ph_does_not(show):
    assert show("WS04").plot._box.viewRange()[1][0] == 0.0
    assert show("WS04", "ph").plot._box.viewRange()[1][0] > 5.0


def test_a_section_shows_the_station_that_measures_it(show):
    dock = show("DM08")
    assert dock.course is not None
    assert dock.station == "DM08"
    assert len(dock.head.items.offered) == 10


def test_a_section_without_readings_says_so(show):
    dock = show("DM02")
    assert dock.course is None
    assert dock.view.message == texts.t("app.series.nothing")
    assert not spans(dock)["全部"].isEnabled()


def test_the_item_stays_when_the_next_station_has_it(show):
    show("WS03", "tp")
    assert show("WS05").item == "tp"
    assert show("KQ01").item == "pm25"


def test_an_unreadable_series_says_why(show, monkeypatch):
    def broken(*_):
        raise texts.GridMapError("project.error.missing", file="甲.gpkg")

    monkeypatch.setattr(series_reading, "_kept_course", broken)
    assert "甲.gpkg" in show("WS04").view.message


def test_a_late_answer_of_another_station_is_dropped(qtbot, dock, runner):
    dock.show_station("WS04")
    qtbot.waitUntil(lambda: not runner.busy)
    dock.show_station("WS05")
    dock.show_station("KQ03")
    qtbot.waitUntil(lambda: not runner.busy)
    assert dock.course.title == "PM2.5 μg/m³"


def test_showing_the_same_station_again_reads_nothing(show, runner):
    dock = show("WS04")
    dock.plot._zoom(0.5)
    seen = dock.plot._box.viewRange()[0]
    dock.show_station("WS04")
    assert not runner.busy
    assert dock.plot._box.viewRange()[0] == seen


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_it_fits_beside_the_panels_of_a_small_screen(qtbot, runner, qapp, example, language):
    texts.use_language(language)
    qapp.setStyleSheet(style_sheet())
    dock = SeriesDock(runner)
    qtbot.addWidget(dock)
    dock.resize(1400, 260)
    dock.show()
    dock.set_project(example)
    dock.show_station("WS04")
    qtbot.waitUntil(lambda: not runner.busy)
    dock.resize(660, 260)
    assert dock.width() == 660
    assert dock.head.layout().minimumSize().width() <= dock.head.width()
    assert not dock.head.spans.group.buttons()[0].isVisible()
    dock.resize(1400, 260)
    assert dock.head.spans.group.buttons()[0].isVisible()
    qtbot.waitUntil(lambda: dock.view.readout.text() == dock.view.readout.whole)
    qapp.setStyleSheet("")


def test_leaving_the_project_empties_the_dock(show):
    dock = show("WS04")
    dock.set_project(None)
    assert (dock.station, dock.course) == (None, None)
    assert dock.view.message == texts.t("app.series.pick")


# --- choosing -----------------------------------------------------------------------------


def test_choosing_tells_and_showing_does_not(qtbot, show):
    dock = show("WS04")
    told = []
    dock.station_chosen.connect(told.append)
    show("WS05")
    assert told == []
    dock.head.stations.setCurrentIndex(dock.head.stations.findData("KQ07"))
    assert told == ["KQ07"]
    assert dock.station == "KQ07"


def test_a_typed_code_finds_its_station_and_nonsense_changes_nothing(show):
    dock = show("WS04")
    dock.head.stations.setEditText("ws06")
    QTest.keyClick(dock.head.stations.lineEdit(), Qt.Key.Key_Return)
    assert dock.station == "WS06"
    dock.head.stations.setEditText("没有这个站")
    QTest.keyClick(dock.head.stations.lineEdit(), Qt.Key.Key_Return)
    assert dock.station == "WS06"
    assert "WS06" in dock.head.stations.currentText()


def test_stations_are_grouped_by_kind(example):
    kinds = [choice.label.split(" · ")[0] for choice in series_data.station_choices(example)]
    assert kinds[:33] == ["水站"] * 7 + ["空气站"] * 12 + ["水质断面"] * 14
    assert set(kinds[33:]) <= {"排污口"}


def test_the_hide_button_asks_to_be_hidden(qtbot, dock):
    with qtbot.waitSignal(dock.hide_wanted):
        dock.head.hide_button.click()


# --- the reading in words -----------------------------------------------------------------


def test_words_of_a_reading_a_missing_value_a_gap_and_a_note(show):
    course = show("WS04").course

    def said(*moment):
        return series_words.words(course, series_data.pointed_at(course, at(*moment)))

    assert said(2026, 11, 22, 8, 20) == "2026-11-22 08:00    0.290 mg/L    Ⅱ类"
    assert said(2026, 11, 10, 17).endswith("缺测")
    assert "M 维护" in said(2026, 10, 4, 12)
    assert "维护：示例" in said(2026, 10, 4, 12)
    assert "事件：示例：氨氮事件" in said(2026, 11, 15, 12)
    assert series_data.pointed_at(course, at(2030, 1, 1)) is None


def test_the_cursor_reads_and_leaving_shows_the_count(show):
    dock = show("WS04")
    plot = dock.plot
    centre = plot._box.mapToScene(QPointF(plot._box.width() / 2, plot._box.height() / 2))
    plot.scene().sigMouseMoved.emit(centre)
    assert "mg/L" in dock.view.readout.whole
    plot.scene().sigMouseMoved.emit(QPointF(-50, -50))
    assert "个读数" in dock.view.readout.whole


def test_the_keyboard_reads_zooms_and_resets(show):
    dock = show("WS04")
    plot = dock.plot
    home = plot._box.viewRange()[0]
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert dock.view.readout.whole.startswith("2026-11-22 08:00")
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert dock.view.readout.whole.startswith("2026-11-22 04:00")
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert np.ptp(plot._box.viewRange()[0]) < np.ptp(home)
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plot._box.viewRange()[0] != home
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot._box.viewRange()[0] == pytest.approx(home)


def test_a_double_click_resets(show):
    dock = show("WS04")
    home = dock.plot._box.viewRange()[0]
    dock.plot._zoom(0.3)
    QTest.mouseDClick(dock.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(700, 100))
    assert dock.plot._box.viewRange()[0] == pytest.approx(home)


def test_gaps_are_told_in_hours_and_from_three_days_on_in_days():
    assert series_data.gap_label(56 * 3600) == "缺测 56 h"
    assert series_data.gap_label(72 * 3600) == "缺测 3 天"
    assert series_data.gap_label(91 * 3600) == "缺测 3.8 天"


# --- the axis -----------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_the_axis_is_in_shanghai_time_on_every_machine(qapp, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    axis = TimeAxis()
    start = datetime(2026, 11, 3, 20, tzinfo=UTC).timestamp()
    ((spacing, values),) = axis.tickValues(start, start + 86_400, 500)
    written = axis.tickStrings(values, 1.0, spacing)
    assert written[0] == "11-04 06:00"
    assert "11-05 00:00" in written


@pytest.mark.parametrize("days", [0.2, 1, 7, 30, 90, 365, 3650])
def test_ticks_fit_and_stand_still_while_panning(days):
    start = at(2025, 11, 22)
    style, ticks = time_ticks(start, start + days * 86_400, 10)
    assert 2 <= len(ticks) <= 15
    again = time_ticks(start + 3600, start + 3600 + days * 86_400, 10)
    assert again[0] == style
    assert set(ticks[1:]) <= set(again[1]) | {ticks[1]}
