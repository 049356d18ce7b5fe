"""The calendar of classes: one cell a day, a column a week, the numeral in each cell.

A stretch that has no room in one line goes on in the next: a line a year, the whole of it.

Blue, green, yellow, orange and red are not safe for colour-blind readers: where a cell has no room
for its numeral, the class is how high the cell is filled.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gridmap.capabilities.readings.page.data import Course, Panel, Pointed
from gridmap.capabilities.readings.page.ink import LETTERS_PX, shade
from gridmap.capabilities.readings.page.time import local, seconds_of
from gridmap.capabilities.readings.page.words import numeral
from gridmap.map.fonts import font
from gridmap.texts import t

_LEFT_PX: Final = 62.0
_HEAD_PX: Final = 17.0
_PAD_PX: Final = 4.0
_MOST_CELL: Final = (34.0, 26.0)
_LEAST_WIDTH_PX: Final = 7.0
_LEAST_LINE_PX: Final = 80.0
_NUMERAL_CELL: Final = (13.0, 11.0)
_WEEKS: Final = 53
_WORST: Final = 6
_DARK: Final = 140.0
_NAMED_DAYS: Final = (0, 2, 4)


@dataclass(frozen=True)
class _Grid:
    """Where the cells of one line lie: origin, size of a cell, its days, its course."""

    left: float
    top: float
    width: float
    height: float
    first: date
    last: date
    number: int

    @property
    def monday(self) -> date:
        """The Monday at the left."""
        return _monday(self.first)

    @property
    def weeks(self) -> int:
        """How many weeks it has."""
        return (self.last - self.monday).days // 7 + 1

    def cell(self, day: date) -> QRectF:
        """The place of a day."""
        number = (day - self.monday).days
        column, row = divmod(number, 7)
        return QRectF(
            self.left + column * self.width, self.top + row * self.height, self.width, self.height
        )

    def day_at(self, place: QPointF) -> date | None:
        """The day at a place."""
        column = int((place.x() - self.left) // self.width)
        row = int((place.y() - self.top) // self.height)
        if not (0 <= column < self.weeks and 0 <= row < 7):  # noqa: PLR2004  days of a week
            return None
        day = self.monday + timedelta(days=7 * column + row)
        return day if self.first <= day <= self.last else None


class SeriesCalendar(QWidget):
    """Shows the daily classes of up to four courses.

    Signals:
        pointed(number, Pointed or None): the day under the cursor, or chosen by the keyboard.
        shifted(by): a span back (-1) or on (1) was asked for.
        reached(x, y): the keyboard stands on a day there, in pixels.
    """

    reached = Signal(int, int)
    pointed = Signal(int, object)
    shifted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._courses: list[Course] = []
        self._last = self._first = date.min
        self.home = (0.0, 0.0)
        self._day: tuple[int, date] | None = None
        self._grids: list[_Grid] = []

    def show_panels(self, panels: tuple[Panel, ...]) -> None:
        """Show the main courses of these panels."""
        self._courses = [panel.main for panel in panels]
        self._day = None
        self._make_room()

    def show_home(self, start: float, end: float) -> None:
        """Show the days from a moment to another; never less than a year."""
        self.home = start, end
        self._first, self._last = local(start).date(), local(end - 1).date()
        self._make_room()

    def height_of(self, width: float) -> float:
        """The least height in which every cell can be told, in pixels, for a width in pixels."""
        return len(self._lines(width)) * len(self._courses) * _LEAST_LINE_PX

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Another width may need more lines."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self.setMinimumHeight(round(self.height_of(self.width())))
        self.update()

    def _lines(self, width: float) -> list[tuple[date, date]]:
        """The first and the last day of each line: one line, or one a year."""
        if self._last == date.min:
            return []
        last = self._last - timedelta(days=self._last.weekday()) + timedelta(days=6)
        year = _monday(self._last) - timedelta(weeks=_WEEKS - 1)
        first = min(_monday(self._first), year)
        weeks = (last - first).days // 7 + 1
        if weeks <= _WEEKS or weeks * _LEAST_WIDTH_PX <= width - _LEFT_PX - _PAD_PX:
            return [(first, self._last)]
        years = range(self._first.year, self._last.year + 1)
        return [(date(one, 1, 1), min(date(one, 12, 31), self._last)) for one in years]

    def show_pointed(self, number: int, at: float) -> None:
        """Mark the day of a moment."""
        self._day = (number, local(at).date())
        self.update()

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Paint all calendars."""
        with QPainter(self) as painter:
            self.draw(painter, QRectF(self.rect()))

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Paint into a place; pictures are made of the same."""
        painter.fillRect(room, shade("paper"))
        self._grids = []
        lines = self._lines(room.width())
        each = room.height() / max(len(self._courses) * len(lines), 1)
        top = room.top()
        for number, course in enumerate(self._courses):
            for line in lines:
                place = QRectF(room.left(), top, room.width(), each)
                grid = _grid(place, number, line, most=_WEEKS + 1 if len(lines) > 1 else 0)
                self._grids.append(grid)
                self._paint_heads(painter, place, grid, course)
                self._paint_days(painter, grid, course)
                top += each
        if self._day is not None and (cell := self._cell(*self._day)) is not None:
            painter.setPen(QPen(shade("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell)

    def _cell(self, number: int, day: date) -> QRectF | None:
        """Where a day of a course is, None where it is not shown."""
        for grid in self._grids:
            if grid.number == number and grid.first <= day <= grid.last:
                return grid.cell(day)
        return None

    def _paint_heads(self, painter: QPainter, place: QRectF, grid: _Grid, course: Course) -> None:
        painter.setFont(font(LETTERS_PX))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(shade("text"))
        title = metrics.elidedText(course.title, Qt.TextElideMode.ElideRight, _LEFT_PX - 8)
        line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(place.left() + 4, place.top(), _LEFT_PX - 8, _HEAD_PX), line, title)
        painter.setPen(shade("quiet"))
        free_from = 0.0
        for week in range(grid.weeks):
            monday = grid.monday + timedelta(weeks=week)
            first = next((monday + timedelta(days=d) for d in range(7)
                          if (monday + timedelta(days=d)).day == 1), None)  # fmt: skip
            if first is None:
                continue
            text = f"{first:%Y-%m}" if first.month == 1 or not free_from else f"{first.month:02d}"
            x = grid.left + week * grid.width
            if x >= free_from:
                painter.drawText(QRectF(x, place.top(), 60, _HEAD_PX), line, text)
                free_from = x + metrics.horizontalAdvance(text) + 5
        for row in _NAMED_DAYS:
            cell = QRectF(
                place.left() + 4, grid.top + row * grid.height, _LEFT_PX - 12, grid.height
            )
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(cell, right, t(f"series.weekday.{row}"))

    def _paint_days(self, painter: QPainter, grid: _Grid, course: Course) -> None:
        start, end = seconds_of(grid.first), seconds_of(grid.last, after=True)
        low, high = np.searchsorted(course.times, (start, end))
        colours = {
            level.number: QColor(level.colour)
            for stretch in course.stretches
            for level in stretch.levels
        }
        roomy = grid.width >= _NUMERAL_CELL[0] and grid.height >= _NUMERAL_CELL[1]
        painter.setFont(font(min(LETTERS_PX, max(grid.height - 3, 6))))
        for place in range(int(low), int(high)):
            day = local(float(course.times[place])).date()
            cell = grid.cell(day).adjusted(0.6, 0.6, -0.6, -0.6)
            grade = int(course.grades[place])
            if not grade or grade not in colours:
                painter.setPen(QPen(shade("line"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(cell)
                continue
            _paint_class(painter, cell, colours[grade], grade, numeral(course, grade), roomy=roomy)

    # --- pointing -------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Point at the day under the cursor."""
        for grid in self._grids:
            day = grid.day_at(event.position())
            if day is not None:
                self._point(grid.number, day)
                return
        self._point(0, None)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Nothing is pointed at any more."""
        self._point(0, None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Arrows go by days and weeks, Page Up and Down by spans."""
        steps = {
            Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -7, Qt.Key.Key_Right: 7,
        }  # fmt: skip
        if event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.shifted.emit(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        elif event.key() in steps and self._courses:
            number, day = self._day or (0, self._last)
            moved = day if self._day is None else day + timedelta(days=steps[Qt.Key(event.key())])
            self._point(number, min(moved, self._last))
            if (cell := self._cell(number, min(moved, self._last))) is not None:
                self.reached.emit(*cell.center().toPoint().toTuple())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _point(self, number: int, day: date | None) -> None:
        self._day = None if day is None else (number, day)
        self.update()
        if day is None:
            self.pointed.emit(number, None)
            return
        course = self._courses[number]
        low, high = np.searchsorted(course.times, (seconds_of(day), seconds_of(day, after=True)))
        at = Pointed(float(course.times[low]), int(low)) if high > low else Pointed(seconds_of(day))
        self.pointed.emit(number, at)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _grid(place: QRectF, number: int, days: tuple[date, date], *, most: int) -> _Grid:
    """The cells of a line in a place; of several lines all have the same width."""
    wide = place.width() - _LEFT_PX - _PAD_PX
    weeks = most or (days[1] - _monday(days[0])).days // 7 + 1
    return _Grid(
        place.left() + _LEFT_PX, place.top() + _HEAD_PX,
        min(wide / weeks, _MOST_CELL[0]),
        min((place.height() - _HEAD_PX - _PAD_PX) / 7, _MOST_CELL[1]),
        *days, number,
    )  # fmt: skip


def _paint_class(
    painter: QPainter, cell: QRectF, colour: QColor, grade: int, sign: str, *, roomy: bool
) -> None:
    if roomy:
        painter.fillRect(cell, colour)
        light = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
        painter.setPen(QColor("#ffffff") if light < _DARK else QColor("#16232c"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, sign)
        return
    soft = QColor(colour)
    soft.setAlpha(60)
    painter.fillRect(cell, soft)
    filled = cell.height() * grade / _WORST
    painter.fillRect(QRectF(cell.left(), cell.bottom() - filled, cell.width(), filled), colour)
