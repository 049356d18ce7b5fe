"""Comparing and keeping: one look per station, figures of every line, calendars of years, views."""

import pytest

pytest.importorskip("PySide6")

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.readings.page.calendar import SeriesCalendar
from gridmap.capabilities.readings.page.ink import pen_of
from gridmap.capabilities.readings.page.legend import Sample
from gridmap.capabilities.readings.page.spans import SPANS
from gridmap.capabilities.readings.page.views import ViewDialog
from gridmap.capabilities.readings.work.means import Mode
from gridmap.capabilities.readings.work.views import SETTING, SavedView, ViewError, views_of
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude
from gridmap.core.moments import ZONE
from gridmap.store import Project
from gridmap.texts import use_language

STATION = "WS04"


def tick(mine: Any, button: Any, text: str, *path: str) -> None:
    """Tick the entry of a button's menu that begins with a text, in the submenu `path`."""
    menu = button.menu()  # a click on the button would wait in the menu's own loop
    for name in path:
        sub = next(one for one in menu.actions() if one.text() == name)
        menu = sub.menu()
    action = next(one for one in menu.actions() if one.text().startswith(text))
    menu.popup(QPoint(10, 10))
    place = menu.actionGeometry(action)
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y())
    )
    menu.close()
    mine.settle()


def choose(mine: Any, button: Any, text: str, *path: str) -> None:
    """The same for an entry that is no tick."""
    tick(mine, button, text, *path)


def point(widget: Any, place: QPointF) -> None:
    """The cursor moves to a place of a widget; the offscreen platform has no cursor of its own."""
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, widget.mapToGlobal(place), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def look_back(mine: Any, dock: Any, name: str) -> None:
    """Choose a length by its button or, where there is no room for it, in the list."""
    number = [one for one, _ in SPANS].index(name)
    button = dock.head.spans.group.button(number)
    if button.isVisible():
        mine.click(button)
        return
    box = next(one for one in dock.head.spans.findChildren(QComboBox) if one.isVisible())
    while box.currentIndex() < number:
        QTest.keyClick(box, Qt.Key.Key_Down)
    mine.settle()


def station(mine: Any, code: str) -> Any:
    """Choose a station in the dock by typing its code."""
    dock = mine.window.panels["series"]
    if not dock.isVisible():
        mine.press("series")
    edit = dock.head.stations.lineEdit()
    mine.type(edit, code)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    mine.until(lambda: dock.station == code and bool(dock.panels))
    return dock


def test_a_station_has_one_look_in_all_panels_and_the_legend_names_it_once(desk):
    mine = desk(size=(1900, 900))
    dock = station(mine, STATION)
    tick(mine, dock.head.items, "pH")
    tick(mine, dock.head.compare, "示例水站05", "其他站点")
    tick(mine, dock.head.compare, "示例水站06", "其他站点")
    assert len(dock.panels) == 2
    looks: dict[str, set[tuple[str, str]]] = {}
    for panel in dock.panels:
        for course in panel.courses:
            pen = pen_of(course)
            look = pen.color().name(), str(pen.dashPattern())
            looks.setdefault(course.station, set()).add(look)
    assert len(looks) == 3
    assert all(len(found) == 1 for found in looks.values())
    assert len(set().union(*looks.values())) == 3
    lines = [one.name for one in dock.view.legend.entries if one.sample is Sample.LINE]
    assert len(lines) == len(set(lines)) == 3
    # The figures of a span are those of every line.
    QTest.mouseClick(dock.plot.viewport(), Qt.MouseButton.LeftButton)
    QTest.keyClick(dock.plot, Qt.Key.Key_S)
    mine.settle()
    named = mine.texts(dock.view.statistics)
    for panel in dock.panels:
        for course in panel.courses:
            assert f"{course.title} · {course.label or course.name}" in named


@pytest.fixture
def ten_years(tmp_path):
    """A station with a reading a day through ten years, one of them excluded and far too high."""
    index = pd.date_range("2017-01-01 08:00", "2026-11-20 08:00", freq="D", tz="Asia/Shanghai")
    values = 0.3 + 0.1 * np.sin(np.arange(len(index)) / 58)
    frame = pd.DataFrame({"value": values, "flag": [""] * len(index)}, index=index)
    frame.iloc[-5, 0] = 90.0
    path = tmp_path / "十年.gpkg"
    with AnsweringProject.create(path, title="十年") as project:
        with project.change("import", actor="试验") as change:
            change.append_series("S1", "nh3n", frame, unit="mg/L")
        when = index[-5].to_pydatetime()
        with project.change("exclude_readings", actor="试验") as change:
            exclude(change, Exclusion(station="S1", item="nh3n", start=when, end=when,
                                      reason="沾污", actor="试验"))  # fmt: skip
    return path


def test_a_calendar_of_ten_years_shows_every_year_and_explains_its_colours(desk, ten_years):
    mine = desk(ten_years, size=(1900, 900))
    dock = station(mine, "S1")
    box = dock.head.modes
    box.setFocus()
    for _ in range(box.findData(Mode.CALENDAR.value)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    mine.settle()
    look_back(mine, dock, "all")
    calendar: SeriesCalendar = dock.view.calendar
    assert calendar.isVisible()
    area = calendar.parentWidget().parentWidget()
    assert area.verticalScrollBar().maximum() > 0
    for year in (2017, 2021, 2026):  # every year can be scrolled to and pointed at
        calendar.show_pointed(0, datetime(year, 6, 1, tzinfo=ZONE).timestamp())
        calendar.grab()
        cell = calendar._cell(0, date(year, 6, 1))
        assert cell is not None
        area.ensureVisible(*cell.center().toPoint().toTuple())
        point(calendar, cell.center())
        assert f"{year}-06-01" in dock.view.readout.whole
    calendar.setFocus()
    QTest.keyClick(calendar, Qt.Key.Key_Left)  # a week back, and it is scrolled to
    mine.settle()
    assert "2026-05-25" in dock.view.readout.whole
    names = dock.view.legend.names
    assert names[:6] == ["Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类"]
    assert names[-1] == "无类别"


@pytest.mark.parametrize("mode", [Mode.READINGS, Mode.DAILY])
def test_a_reading_that_is_left_out_is_marked_though_it_lies_beyond_the_axis(desk, ten_years, mode):
    mine = desk(ten_years, size=(1900, 900))
    dock = station(mine, "S1")
    if mode is Mode.DAILY:
        dock.head.modes.setFocus()
        QTest.keyClick(dock.head.modes, Qt.Key.Key_Down)
        mine.settle()
    assert dock.plot.getPlotItem().getViewBox().viewRange()[1][1] < 10
    assert dock.plot.curves.main.unused[1].tolist() == [90.0]
    assert "不计" in dock.view.legend.names
    at_px = dock.plot.curves.x_px(dock.plot.curves.main.unused[0])[0]
    colour = pen_of(dock.course).color()
    picture = dock.plot.grab().toImage()
    ratio = picture.devicePixelRatio()
    left = dock.plot.getPlotItem().getViewBox().sceneBoundingRect().topLeft()
    seen = {
        picture.pixelColor(
            round((left.x() + at_px + dx) * ratio), round((left.y() + dy) * ratio)
        ).name()
        for dx in range(-5, 6)
        for dy in range(10)
    }
    assert colour.name() in seen  # the arrow at the upper edge


def test_a_view_is_kept_under_a_name_shown_again_and_forgotten(desk):
    mine = desk(size=(1900, 900))
    dock = station(mine, STATION)
    tick(mine, dock.head.items, "pH")
    tick(mine, dock.head.compare, "示例水站05", "其他站点")
    look_back(mine, dock, "year")
    before = dock.state
    choose(mine, dock.head.views, "保存当前视图")
    dialog = mine.window.findChild(ViewDialog)
    assert "示例水站04" in dialog.edit.text()
    mine.type(dialog.findChild(QLineEdit), "平湖塘 对比")
    mine.click(next(b for b in dialog.findChildren(QPushButton) if b.text() == "保存"))
    mine.until(lambda: bool(views_of(mine.controller.session.project)))
    project = mine.controller.session.project
    assert project.to_undo().action == "save_view"
    station(mine, "KQ01")
    assert dock.state != before
    choose(mine, dock.head.views, "平湖塘 对比")
    mine.until(lambda: dock.station == STATION and len(dock.panels) == 2)
    assert dock.state == before
    assert mine.controller.session.station == STATION
    # Another language shows the same.
    mine.press("language")
    dock = mine.window.panels["series"]
    mine.until(lambda: len(dock.panels) == 2)
    assert dock.state == before
    mine.press("language")
    dock = mine.window.panels["series"]
    mine.until(lambda: len(dock.panels) == 2)
    choose(mine, dock.head.views, "平湖塘 对比", "删除视图")
    mine.until(lambda: not views_of(mine.controller.session.project))
    use_language("zh_CN")


def test_what_is_gone_of_a_view_is_said(desk, tmp_path):
    mine = desk()
    project = mine.controller.session.project
    dock = station(mine, STATION)
    dock.show_view(SavedView(STATION, ("nh3n", "lead"), others=("WS99",)))
    mine.settle()
    assert dock.items == ("nh3n",)
    assert "lead、WS99" in mine.texts()
    dock.show_view(SavedView("WS77", ("nh3n",)))
    mine.settle()
    assert dock.station == STATION
    assert "WS77" in mine.texts()
    assert project.settings.get(SETTING) is None


def test_views_that_somebody_else_wrote_wrongly_are_refused_with_their_place(tmp_path):
    with Project.create(tmp_path / "甲.gpkg", title="甲") as project:
        with project.change("import") as change:
            change.set_setting(SETTING, {"坏": {"station": "S1", "items": "nh3n"}})
        with pytest.raises(ViewError) as told:
            views_of(project)
    assert "甲.gpkg" in str(told.value)
    assert "series_views.坏.items" in str(told.value)
    with pytest.raises(ValueError, match="half"):
        SavedView("S1", ("nh3n",), first=datetime(2026, 1, 1, tzinfo=ZONE))
