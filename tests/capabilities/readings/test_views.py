"""The series dock beyond a line: limits, several items, comparisons, modes, selection, export."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import os
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import shapely
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateTimeEdit

from gridmap import texts
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.quality.rules.findings import Finding, Severity
from gridmap.capabilities.readings.page import data as series_data
from gridmap.capabilities.readings.page import saving
from gridmap.capabilities.readings.page import statistics as series_statistics
from gridmap.capabilities.readings.page.curves import thinned
from gridmap.capabilities.readings.page.data import STANDING, Pointed, choices_of, pointed_at
from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.capabilities.readings.page.export import write_picture
from gridmap.capabilities.readings.page.reading import Reader, Wanted, last_year, read_course
from gridmap.capabilities.readings.page.spans import RangeDialog
from gridmap.capabilities.readings.page.stack import SeriesStack
from gridmap.capabilities.readings.page.words import full_title, limit_words, words
from gridmap.capabilities.readings.work.means import Mode
from gridmap.capabilities.stations.work import exclusions
from gridmap.shell.jobs import Jobs
from gridmap.shell.theme import style_sheet
from gridmap.standards.tables import Confidence
from gridmap.store import Project
from gridmap.store.editions import Edition
from gridmap.store.example import open_example

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = 86_400.0


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def reader(example):
    return Reader(example, choices_of(example))


@pytest.fixture
def runner(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def dock(qtbot, runner, qapp, example):
    qapp.setStyleSheet(style_sheet())
    made = SeriesDock(runner)
    qtbot.addWidget(made)
    made.resize(1200, 300)
    made.show()
    made.set_project(example)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def settle(qtbot, runner):
    return lambda: qtbot.waitUntil(lambda: not runner.busy)


@pytest.fixture
def show(dock, settle):
    def go(station, *items, mode=None, span=None):
        dock.show_station(station)
        settle()
        if items:
            dock.head.items.choose(items)
        if mode is not None:
            dock.head.modes.setCurrentIndex(dock.head.modes.findData(mode.value))
        settle()
        if span is not None:
            dock.head.spans.choose(span)
        return dock

    return go


def at(*moment):
    return datetime(*moment, tzinfo=SHANGHAI).timestamp()


def said(course, *moment):
    return words(course, pointed_at(course, at(*moment)))


# --- limits and classes -------------------------------------------------------------------


def test_limits_are_named_and_can_be_hidden(show):
    dock = show("WS04")
    assert dock.plot.names.shown_labels == ["Ⅰ 0.15", "Ⅱ 0.5", "目标 Ⅲ 1", "Ⅳ 1.5", "Ⅴ 2"]
    assert "GB 3838-2002" in dock.head.limits.toolTip()
    high = dock.plot._box.viewRange()[1][1]
    dock.head.limits.click()
    assert dock.plot.names.wanted_width() == 0
    assert dock.plot._box.viewRange()[1][1] <= high


def test_what_is_named_is_what_holds_at_the_right_end(show):
    dock = show("KQ01", "pm25", mode=Mode.DAILY, span="all")
    assert dock.plot.names.shown_labels == ["日均 60"]
    dock.show_span(datetime(2026, 1, 1, tzinfo=SHANGHAI), datetime(2026, 2, 1, tzinfo=SHANGHAI))
    assert dock.plot.names.shown_labels == ["日均 75"]


def test_exceedances_are_marked_and_said_with_their_multiple(show):
    dock = show("WS04")
    drawn = dock.plot.curves.main
    assert len(drawn.beyond[0])
    assert (drawn.beyond[1] > 1.0).all()
    # 2.58 mg/L at a target of Ⅲ (1.0 mg/L): (2.58 - 1.0) / 1.0
    course = dock.course
    worst = int(np.nanargmax(np.where(course.beyond, course.counted, np.nan)))
    value = course.readings[worst]
    text = words(course, Pointed(course.times[worst], worst))
    assert f"劣Ⅴ类    超标 {value - 1.0:.2f} 倍" in text


def test_a_low_confidence_is_said_beside_the_limit(show):

    course = show("WS04").course
    limit = replace(course.stretches[0].limits[2], confidence=Confidence.LOW)
    assert limit_words(course, limit) == "目标 Ⅲ 1（依据不足）"


def test_last_years_value_is_said(show):
    assert "去年同期 0.2" in _pointed(show("WS04"), 2026, 11, 22, 8)


def _pointed(dock, *moment):
    dock.plot._point(pointed_at(dock.course, at(*moment)))
    return dock.view.readout.whole


# --- several items ------------------------------------------------------------------------


def test_several_items_stand_in_panels_with_one_axis_of_time(show):
    dock = show("WS04", "nh3n", "dissolved_oxygen", STANDING)
    assert dock.items == ("dissolved_oxygen", "nh3n", STANDING)
    assert len(dock.view.stack.shown) == 3
    dock.plot._zoom(0.5)
    assert len({plot.span for plot in dock.view.stack.shown}) == 1


def test_the_class_of_the_station_is_an_item(show):
    dock = show("WS04", STANDING)
    text = _pointed(dock, 2026, 11, 15, 12)
    assert "劣Ⅴ类" in text
    assert "定级：氨氮" in text
    assert "优良 ≤100" in show("KQ01", STANDING).plot.names.shown_labels


def test_four_items_are_the_most_and_one_stays(show):
    dock = show("WS04", "ph", "codmn", "nh3n", "tp")
    actions = dock.head.items.menu().actions()
    next(action for action in actions if not action.isChecked()).trigger()
    assert dock.head.items.items == ("ph", "codmn", "nh3n", "tp")
    for action in actions:
        if action.isChecked():
            action.trigger()
    assert len(dock.head.items.items) == 1


def test_clicking_words_shows_that_item_alone_and_clicking_boxes_adds(show, settle):
    dock = show("WS04")
    menu = dock.head.items.menu()
    menu.popup(dock.mapToGlobal(QPoint(0, 0)))
    place = {str(a.data()): menu.actionGeometry(a) for a in menu.actions()}
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=QPoint(12, place["tp"].center().y()))
    assert dock.head.items.items == ("nh3n", "tp")
    assert menu.isVisible()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place["codmn"].center())
    assert dock.head.items.items == ("codmn",)
    settle()
    assert dock.item == "codmn"


# --- comparisons --------------------------------------------------------------------------


def test_the_station_upstream_and_last_year_lie_in_the_same_panel(show, settle):
    dock = show("WS04")
    assert "平湖塘东栅" in dock.head.compare.upstream.text()
    dock.head.compare.upstream.trigger()
    dock.head.compare.last_year.trigger()
    settle()
    assert [course.station for course in dock.panels[0].courses] == ["WS04", "WS04", "WS03"]
    assert dock.view.legend.names[0] == "示例水站04 平湖塘大桥"
    text = _pointed(dock, 2026, 11, 15, 12)
    assert "    上游 " in text
    assert "示例水站03" in dock.view.legend.names[2]
    assert dock.head.compare.text() == "对比 2"


def test_where_there_is_no_upstream_it_says_why(show):
    assert "上游没有监测该项的站点" in show("WS01").head.compare.upstream.text()
    compare = show("KQ01").head.compare
    assert not compare.upstream.isEnabled()
    assert "未对应河流断面" in compare.upstream.text()


def test_other_stations_of_the_same_medium_can_be_added(show, settle):
    dock = show("KQ01")
    actions = dock.head.compare.other_actions
    assert {str(a.data())[:2] for a in actions} == {"KQ"}
    for action in actions[:3]:
        action.trigger()
    settle()
    assert len(dock.panels[0].courses) == 4
    assert not actions[5].isEnabled()


def test_last_year_is_laid_under_this_one(reader):
    course = reader.course("WS04", "nh3n", Mode.READINGS)
    moved = last_year(course)
    assert moved.times[0] == at(2026, 11, 22, 0)
    assert moved.readings[0] == course.readings[0]


def test_a_series_of_months_has_no_last_year(reader):
    wanted = Wanted("WS04", ("nh3n",), Mode.MONTHLY, last_year=True)
    answer = reader.answer(wanted)
    assert answer.panels[0].remarks in {(), (texts.t("series.compare.no_last_year"),)}


# --- modes --------------------------------------------------------------------------------


def test_a_month_by_hand(example, reader):
    """The mean of October is that of its valid days, which are means of four values or more."""
    course = reader.course("WS04", "nh3n", Mode.MONTHLY)
    frame = example.series.read(
        "WS04",
        "nh3n",
        datetime(2026, 10, 1, tzinfo=SHANGHAI),
        datetime(2026, 11, 1, tzinfo=SHANGHAI),
    )["value"].dropna()
    days = frame.groupby(frame.index.date).agg(["count", "mean"])
    expected = days.loc[days["count"] >= 4, "mean"].mean()
    place = int(np.searchsorted(course.times, at(2026, 10, 1)))
    assert course.readings[place] == pytest.approx(expected)
    assert said(course, 2026, 10, 16).startswith(f"2026-10    {expected:.3f} mg/L")
    spreads = course.spreads
    box = int(np.searchsorted(spreads.start, at(2026, 10, 1)))
    assert spreads.start[box] == at(2026, 10, 1)
    assert spreads.minimum[box] == frame.min()
    assert spreads.median[box] == pytest.approx(frame.median())


def test_a_day_of_air_ends_at_midnight(example, reader):
    course = reader.course("KQ01", "pm25", Mode.DAILY)
    start, end = (
        datetime(2026, 3, 10, 1, tzinfo=SHANGHAI),
        datetime(2026, 3, 11, 1, tzinfo=SHANGHAI),
    )
    hours = example.series.read("KQ01", "pm25", start, end)["value"].dropna()
    place = int(np.searchsorted(course.times, at(2026, 3, 10)))
    assert len(hours) >= 20
    assert course.readings[place] == pytest.approx(hours.mean())
    assert course.spreads.maximum[place] == hours.max()


def test_a_mean_of_too_few_values_is_not_valid_and_says_so(reader):
    course = reader.course("WS04", "nh3n", Mode.DAILY)
    assert said(course, 2026, 11, 22, 12).startswith("2026-11-22    均值无效")


def test_each_mode_shows_its_points(show):
    for mode, style in ((Mode.DAILY, "2026-11-2"), (Mode.MONTHLY, "2026-11")):
        dock = show("WS04", mode=mode, span="all")
        dock.plot.step(-1)
        assert dock.view.readout.whole.startswith(style)
        assert dock.plot._boxes._spreads is not None


def test_ozone_of_a_day_is_named_and_judged_by_eight_hours(show):
    dock = show("KQ01", "o3", mode=Mode.DAILY, span="all")
    assert full_title(dock.course) == "O3 μg/m³ 日最大 8 小时"
    assert dock.plot.names.shown_labels == ["8 小时 160"]


def test_the_calendar_shows_a_cell_a_day_and_reads_it(show):
    dock = show("WS04", STANDING, mode=Mode.CALENDAR)
    calendar = dock.view.calendar
    assert calendar.isVisible()
    dock.grab()
    QTest.keyClick(calendar, Qt.Key.Key_Up)
    for _ in range(6):
        QTest.keyClick(calendar, Qt.Key.Key_Up)
    assert dock.view.readout.whole.startswith("2026-11-1")
    assert "劣Ⅴ类" in dock.view.readout.whole
    grid = calendar._grids[0]
    middle = grid.cell(datetime(2026, 10, 10, tzinfo=SHANGHAI).date()).center().toPoint()
    QTest.mouseMove(calendar, middle)
    assert dock.view.readout.whole.startswith("2026-10-10")


def test_small_cells_have_heights_in_place_of_numerals(show):
    dock = show("WS04", mode=Mode.CALENDAR)
    dock.resize(660, 200)
    assert not dock.grab().toImage().isNull()


# --- spans --------------------------------------------------------------------------------


def test_the_keyboard_goes_by_spans_and_stops_at_the_ends(show):
    dock = show("WS04", span="month")
    before = dock.plot.span
    QTest.keyClick(dock.plot, Qt.Key.Key_PageUp)
    assert dock.plot.span[0] == pytest.approx(before[0] - 30 * DAY, abs=DAY)
    QTest.keyClick(dock.plot, Qt.Key.Key_PageDown)
    QTest.keyClick(dock.plot, Qt.Key.Key_PageDown)
    assert dock.plot.span == pytest.approx(before)
    for _ in range(20):
        dock.head.back.click()
    assert dock.plot.span[0] == pytest.approx(dock.course.times[0], abs=DAY)


def test_a_span_and_a_moment_can_be_asked_for(show):
    dock = show("WS04")
    start, end = datetime(2026, 5, 1, tzinfo=SHANGHAI), datetime(2026, 5, 8, tzinfo=SHANGHAI)
    dock.show_span(start, end)
    assert dock.plot.span == pytest.approx((start.timestamp(), end.timestamp()), abs=0.1 * DAY)
    assert dock.head.spans.group.checkedId() == -1
    assert dock.head.spans.text == "2026-05-01 至 2026-05-07"  # the box is not blank
    dock.head.back.click()
    assert dock.head.spans.text == "2026-04-24 至 2026-04-30"
    dock.head.forward.click()
    dock.set_moment(start)
    assert dock.plot._moment._at == start.timestamp()
    dock.set_moment(None)
    assert dock.plot._moment._at is None
    dock.head.spans.choose("week")
    assert dock.plot.span[1] > at(2026, 11, 22)


def _type_day(field, digits):
    field.setSelectedSection(QDateTimeEdit.Section.YearSection)
    QTest.keyClicks(field, digits)


def test_two_days_can_be_asked_for(show, settle):
    """By the button, and by the list where buttons have no room; both days are included."""
    dock = show("WS04")
    QTest.mouseClick(dock.head.spans.own, Qt.MouseButton.LeftButton)
    dialog = dock.findChild(RangeDialog)
    assert dialog.isVisible()
    _type_day(dialog.first, "20260503")
    _type_day(dialog.last, "20260501")
    assert not dialog.ok.isEnabled()  # the last day is before the first
    _type_day(dialog.last, "20260509")
    assert dialog.last.date() == QDate(2026, 5, 9)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settle()
    assert dock.plot.span == pytest.approx((at(2026, 5, 3), at(2026, 5, 10)), abs=0.2 * DAY)
    assert dock.head.spans.text == "2026-05-03 至 2026-05-09"
    assert dock.head.spans.own.isChecked()
    dock.head.spans.choose("week")
    assert not dock.head.spans.own.isChecked()
    assert dock.head.spans.own.text() == "起止日期…"


# --- selection ----------------------------------------------------------------------------


def drag(plot, start, end, *, shift):
    place = plot._box.mapViewToScene
    ends = [QPointF(place(QPointF(one, 0.5)).x(), 60.0) for one in (start, end)]
    keys = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = QMouseEvent.Type
    plot.mousePressEvent(QMouseEvent(kinds.MouseButtonPress, ends[0], ends[0], left, left, keys))
    plot.mouseMoveEvent(QMouseEvent(kinds.MouseMove, ends[1], ends[1], none, left, keys))
    plot.mouseReleaseEvent(
        QMouseEvent(kinds.MouseButtonRelease, ends[1], ends[1], left, none, keys)
    )


def test_dragging_with_shift_or_the_tool_selects_and_closing_clears(show, settle):
    dock = show("WS04")
    drag(dock.plot, at(2026, 11, 14), at(2026, 11, 18), shift=True)
    settle()
    assert dock.selection.span == pytest.approx((at(2026, 11, 14), at(2026, 11, 18)), abs=4 * 3600)
    assert dock.view.statistics.isVisible()
    dock.view.statistics.closed.emit()
    assert dock.selection.span is None
    dock.head.select.click()
    drag(dock.plot, at(2026, 11, 2), at(2026, 11, 3), shift=False)
    settle()
    assert dock.selection.span is not None
    drag(dock.plot, at(2026, 11, 2), at(2026, 11, 2), shift=False)
    assert dock.selection.span is None


def test_the_keyboard_selects_what_is_in_sight(show, settle):
    dock = show("WS04", span="week")
    QTest.keyClick(dock.plot, Qt.Key.Key_S)
    settle()
    assert dock.selection.span[1] == dock.course.times[-1]
    assert dock.selection.told[0].figures.count > 30
    QTest.keyClick(dock.plot, Qt.Key.Key_Escape)
    assert dock.selection.span is None


def test_findings_of_the_quality_checks_are_bands(example, reader, monkeypatch):
    start, end = (int(at(2026, 6, day) * 1e6) for day in (3, 4))
    found = Finding("stuck", "WS04", "nh3n", start, end, 7, Severity.FAULT)
    other = Finding("gap", "WS04", "nh3n", start, end, 7, Severity.NOTE)
    monkeypatch.setattr(series_data, "stored_findings", lambda _: (found, other))
    course = read_course(example, reader.choices.facts["WS04"], "nh3n")
    (band,) = (band for band in course.bands if band.kind == "finding")
    assert (band.start, band.end, band.label) == (at(2026, 6, 3), at(2026, 6, 4), "数值卡滞")
    assert "数值卡滞" in said(course, 2026, 6, 3, 12)


def test_statistics_by_hand(example, reader):
    course = reader.course("WS04", "nh3n", Mode.READINGS)
    start, end = at(2026, 11, 14), at(2026, 11, 20)
    found = series_statistics.span_figures(course, start, end)
    frame = example.series.read(
        "WS04", "nh3n", datetime(2026, 11, 14, tzinfo=SHANGHAI),
        datetime(2026, 11, 20, 0, 1, tzinfo=SHANGHAI),
    )["value"]  # fmt: skip
    there = frame.dropna()
    assert found.count == len(there)
    assert found.count + found.missing == 37  # 6 days of six readings, and one at either end
    assert (found.minimum, found.maximum) == (there.min(), there.max())
    assert found.mean == pytest.approx(there.mean())
    assert found.median == pytest.approx(there.median())
    assert found.percentile == pytest.approx(np.percentile(there, 95))
    assert found.attained.attained == int((there <= 1.0).sum())
    assert found.attained.assessed == len(there)
    assert sum(found.grades.values()) == len(there)
    assert found.grades[6] == int((there > 2.0).sum())


def test_the_mean_of_ph_is_that_of_hydrogen_ions(reader):
    course = reader.course("WS04", "ph", Mode.READINGS)
    found = series_statistics.span_figures(course, at(2026, 8, 1), at(2026, 8, 8))
    here = (course.times >= at(2026, 8, 1)) & (course.times <= at(2026, 8, 8))
    values = course.counted[here & ~np.isnan(course.counted)]
    assert found.mean == pytest.approx(-np.log10(np.mean(10.0**-values)))


def test_a_trend_needs_a_year_of_months_and_says_so(reader):
    course = reader.course("WS04", "nh3n", Mode.READINGS)
    months = reader.course("WS04", "nh3n", Mode.MONTHLY)
    found = series_statistics.span_figures(course, at(2026, 1, 1), at(2026, 6, 1), months)
    assert found.trend is None
    assert "时段太短" in series_statistics.trend_words(course, found)


def test_a_long_trend_is_told_with_its_confidence(tmp_path):
    index = pd.date_range("2020-01-01", "2022-12-31", freq="D", tz="Asia/Shanghai")
    values = 1.0 + np.arange(len(index)) / 365.25 * 0.1
    course, months = _made(tmp_path, pd.DataFrame({"value": values}, index=index), "codmn")
    found = series_statistics.span_figures(course, course.times[0], course.times[-1] + DAY, months)
    assert found.months >= 35
    assert found.trend.slope == pytest.approx(0.1, rel=0.02)
    text = series_statistics.trend_words(course, found)
    assert text.startswith("上升，每年 0.1 mg/L")
    assert text.endswith("（依据不足）")


def _made(tmp_path, frame, item):
    with AnsweringProject.create(tmp_path / "试点.gpkg", title="试点") as project:
        with project.change("import", actor="试验", note="") as change:
            change.append_series("S1", item, frame, unit="mg/L")
        facts = choices_of(project).facts["S1"]
        return tuple(read_course(project, facts, item, m) for m in (Mode.READINGS, Mode.MONTHLY))


# --- readings that do not count -----------------------------------------------------------


def test_an_excluded_reading_is_hollow_and_says_why(tmp_path):
    index = pd.date_range("2026-11-01", periods=48, freq="4h", tz="Asia/Shanghai")
    frame = pd.DataFrame({"value": np.linspace(0.2, 0.4, 48), "flag": [""] * 48}, index=index)
    frame.iloc[10, 0] = 9.0
    with AnsweringProject.create(tmp_path / "试点.gpkg", title="试点") as project:
        with project.change("import", actor="试验", note="") as change:
            change.append_series("S1", "nh3n", frame, unit="mg/L")
        with project.change("exclude", actor="试验", note="") as change:
            _exclude(change, index[10])
        facts = choices_of(project).facts["S1"]
        course = read_course(project, facts, "nh3n")
    assert not course.used[10]
    assert not course.beyond.any()
    drawn = thinned(course, course.times[0], course.times[-1], 800)
    assert drawn.unused[1].tolist() == [9.0]
    assert 9.0 not in drawn.y
    text = words(course, Pointed(course.times[10], 10))
    assert "9.000 mg/L" in text
    assert "不计（已剔除" in text


def _exclude(change, moment):
    when = moment.to_pydatetime()
    exclusion = exclusions.Exclusion(
        station="S1", item="nh3n", start=when, end=when, reason="沾污", actor="试验"
    )
    exclusions.exclude(change, exclusion)


def test_days_that_come_as_days_are_judged_as_days(tmp_path):
    index = pd.date_range("2026-02-27", periods=4, freq="D", tz="Asia/Shanghai")
    with AnsweringProject.create(tmp_path / "试点.gpkg", title="试点") as project:
        with project.change("import", actor="试验", note="") as change:
            frame = pd.DataFrame({"value": [70.0, 70.0, 70.0, 30.0]}, index=index)
            change.append_series("S1", "pm25", frame, unit="μg/m³")
        course = read_course(project, choices_of(project).facts["S1"], "pm25")
    assert course.beyond.tolist() == [False, False, True, False]  # 75 until February, then 60
    assert course.grades.tolist() == [2, 2, 3, 1]


def test_what_an_outlet_measures_has_no_class_of_surface_water(tmp_path):
    index = pd.date_range("2026-02-27", periods=12, freq="h", tz="Asia/Shanghai")
    with AnsweringProject.create(tmp_path / "试点.gpkg", title="试点") as project:
        outlets = geopandas.GeoDataFrame(
            {"code": ["DW001"], "name": ["总排口"], "kind": ["DW"]},
            geometry=[shapely.Point(120.8, 30.7)], crs=4490,
        )  # fmt: skip
        edition = Edition("outlets", datetime(2026, 1, 1, tzinfo=SHANGHAI).date(), "试验", 1.0)
        with project.change("import", actor="试验", note="") as change:
            change.replace_layer("outlets", outlets, edition)
            frame = pd.DataFrame({"value": [8.0] * 12}, index=index)
            change.append_series("DW001", "nh3n", frame, unit="mg/L")
        choices = choices_of(project)
        course = Reader(project, choices).course("DW001", "nh3n", Mode.READINGS)
    assert choices.stations["DW001"].label == "排污口 · 总排口（DW001）"
    assert choices.outlets == {"DW001"}
    assert (course.name, course.stretches) == ("总排口", ())
    assert not course.grades.any()
    assert not course.beyond.any()


def test_where_no_mean_is_valid_it_says_so(runner, qtbot, settle, tmp_path):
    index = pd.date_range("2026-02-27", periods=4, freq="4h", tz="Asia/Shanghai")
    dock = SeriesDock(runner)
    qtbot.addWidget(dock)
    with AnsweringProject.create(tmp_path / "试点.gpkg", title="试点") as project:
        with project.change("import", actor="试验", note="") as change:
            frame = pd.DataFrame({"value": [np.nan] * 4}, index=index)
            change.append_series("S1", "tp", frame, unit="mg/L")
        dock.set_project(project)
        dock.show_station("S1")
        settle()
        assert dock.view.message == texts.t("app.series.nothing_here")
        dock.head.modes.setCurrentIndex(1)
        settle()
        assert dock.view.message == texts.t("series.no_valid_means")
        dock.set_project(None)
        settle()


# --- thinning -----------------------------------------------------------------------------


def test_ten_years_are_thinned_to_the_pixels_and_keep_their_peaks(reader):
    count = 87_600
    rng = np.random.default_rng(4)
    values = rng.normal(50, 10, count)
    values[40_000] = 900.0
    times = at(2016, 1, 1) + 3600.0 * np.arange(count)
    nothing = np.full(count, "", dtype=object)
    course = replace(
        reader.course("KQ01", "pm25", Mode.READINGS), times=times, readings=values,
        used=np.ones(count, bool), flags=nothing, why=nothing, grades=np.zeros(count, np.int8),
        beyond=values > 80, step_s=3600.0,
    )  # fmt: skip
    drawn = thinned(course, times[0], times[-1], 1000)
    assert len(drawn.x) <= 4100
    assert drawn.y.max() == 900.0
    assert 900.0 in drawn.beyond[1]


def test_what_was_read_is_kept_until_the_project_changes(reader, monkeypatch):
    first = reader.course("WS05", "tp", Mode.READINGS)
    assert reader.course("WS05", "tp", Mode.READINGS) is first


# --- export -------------------------------------------------------------------------------


def test_data_are_exported_with_unit_zone_class_and_reason(show, settle, tmp_path):
    dock = show("WS04", "nh3n", "turbidity")
    path = tmp_path / "序列.csv"
    dock.export("data", path)
    settle()
    rows = pd.read_csv(path, encoding="utf-8-sig")
    assert set(rows["站点编码"]) == {"WS04"}
    assert set(rows["项目"]) == {"氨氮", "浊度"}
    assert set(rows["时区"]) == {"Asia/Shanghai (UTC+08:00)"}
    assert set(rows["数据性质"]) == {"示例"}
    last = rows[rows["项目"] == "氨氮"].iloc[-1]
    assert (last["时间"], last["数值"], last["类别"], last["是否计入"]) == (
        "2026-11-22 08:00:00", 0.29, "Ⅱ类", "是",
    )  # fmt: skip
    assert path.name in dock.view.readout.whole


def test_a_selection_is_exported_alone_and_months_have_their_first_day(show, settle, tmp_path):
    dock = show("WS04", mode=Mode.MONTHLY, span="all")
    dock.select_span(at(2026, 3, 1), at(2026, 6, 30))
    settle()
    path = tmp_path / "月.xlsx"
    dock.export("data", path)
    settle()
    sheet = openpyxl.load_workbook(path).active
    times = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert times == [f"2026-0{month}-01 00:00:00" for month in (3, 4, 5, 6)]


@pytest.mark.parametrize("mode", [Mode.READINGS, Mode.CALENDAR])
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_are_written_in_every_format(show, tmp_path, mode, ending):
    dock = show("WS04", "nh3n", "ph", mode=mode)
    path = tmp_path / f"图.{ending}"
    dock.export("picture", path)
    if ending == "png":
        picture = QImage(str(path))
        assert picture.width() > 2000
    elif ending == "svg":
        assert QSvgRenderer(str(path)).isValid()
        assert "e+09" not in path.read_text(encoding="utf-8")
    else:
        assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("selecting", [True, False])
def test_a_picture_has_the_figures_of_every_line_in_the_span_that_it_draws(
    show, settle, tmp_path, monkeypatch, selecting
):
    dock = show("WS04", "nh3n", "ph")
    start, end = at(2026, 11, 2), at(2026, 11, 6)
    if selecting:
        dock.select_span(start, end)
        settle()
    else:
        dock.show_span(*(datetime.fromtimestamp(one, SHANGHAI) for one in (start, end)))
        start, end = dock.span
    made, drawn = [], []
    monkeypatch.setattr(saving, "write_picture", lambda picture, path: made.append(picture) or
                        write_picture(picture, path))  # fmt: skip
    show_range = SeriesStack.show_range
    monkeypatch.setattr(
        SeriesStack, "show_range", lambda self, *span: drawn.append(span) or show_range(self, *span)
    )
    dock.export("picture", tmp_path / "图.png")
    (picture,) = made
    assert drawn == [(start, end)]
    assert f"{datetime.fromtimestamp(start, SHANGHAI):%Y-%m-%d %H:%M}" in picture.title
    assert sorted(name for name, _ in picture.figures) == [
        "pH · 示例水站04 平湖塘大桥", "氨氮 mg/L · 示例水站04 平湖塘大桥",
    ]  # fmt: skip
    for panel, (_, rows) in zip(dock.panels, picture.figures, strict=True):
        course = panel.main
        here = (course.times >= start) & (course.times <= end)
        there = course.counted[here & ~np.isnan(course.counted)]
        figures = dict(rows)
        assert figures["读数"] == str(len(there))
        assert figures["最大"].split()[0] == f"{there.max():.{course.decimals}f}"


def test_a_picture_that_cannot_be_written_is_said(show, tmp_path):
    dock = show("WS04")
    dock.export("picture", tmp_path / "fehlt" / "图.png")
    assert "无法写入" in dock.view.readout.whole


def test_example_data_are_labelled(dock, settle, tmp_path):
    settle()
    assert dock.view._example.isVisible()
    with Project.create(tmp_path / "真.gpkg", title="真") as project:
        dock.set_project(project)
        settle()
        assert not dock.view._example.isVisible()
        dock.set_project(None)


def test_a_class_that_is_not_there_has_its_reason_and_an_assumed_river_is_said(
    gridmap, tmp_path, dock, settle
):
    """The national platform published a class of some records under maintenance; here none is."""
    path, sheet = tmp_path / "河.gpkg", tmp_path / "读数.csv"
    heads = "站点编码,监测时间,pH,溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),总磷(mg/L),站点情况"
    rows = ["花园路,2026-03-01 08:00,7.5,9,2,0.1,0.05,正常",
            "花园路,2026-03-01 12:00,7.5,9,2,0.1,0.05,维护",
            "花园路,2026-03-01 16:00,7.5,9,2,,0.05,正常"]  # fmt: skip
    sheet.write_text("\n".join([heads, *rows]), encoding="utf-8")
    with Project.create(path, title="河"):
        pass
    assert gridmap("readings", "import", path, sheet, "--accept").code == 0
    with Project.open(path, read_only=True) as project:
        reader = Reader(project, choices_of(project))
        panel = reader.answer(Wanted("花园路", (STANDING,))).panels[0]
        assert "Ⅱ类" in said(panel.main, 2026, 3, 1, 8)
        kept = said(panel.main, 2026, 3, 1, 12)
        assert "无类别（数据标记 维护）" in kept
        assert "维护期间的读数不参与评价" in kept
        assert "无类别（无数据）" in said(panel.main, 2026, 3, 1, 16)
        assert panel.remarks == ("未注明河流或湖库，按河流评价",)
        assert reader.answer(Wanted("花园路", ("nh3n",))).panels[0].remarks == ()
