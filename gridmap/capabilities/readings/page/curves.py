"""The lines, marks and boxes of a panel, thinned to what the pixels can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gridmap.capabilities.readings.page.data import Course
from gridmap.capabilities.readings.page.ink import pen_of, shade
from gridmap.capabilities.readings.page.layers import Layer
from gridmap.capabilities.readings.work.means import Mode
from gridmap.shell.theme import tokens
from gridmap.standards import sequences as series
from gridmap.standards.classing.course import Marks
from gridmap.standards.sequences import Numbers, Spreads

_DOTS_BELOW: Final = 260
_DENSE: Final = 1.5
_PIECE: Final = 48
_MARK_PX: Final = 2.6
_MARK_EVERY_PX: Final = 3
_HOLLOW_PX: Final = 3.2
_LEAST_BOX_PX: Final = 5.0
_MOST_BOX_PX: Final = 46.0
_BOX_SHARE: Final = 0.62


@dataclass(frozen=True, eq=False)
class Thinned:
    """What of a course is drawn: points (m,), dots, exceedances, and readings not used."""

    x: Numbers
    y: Numbers
    dotted: tuple[Numbers, Numbers]
    beyond: tuple[Numbers, Numbers]
    unused: tuple[Numbers, Numbers]
    flagged: tuple[Numbers, Numbers]


def thinned(course: Course, start: float, end: float, columns: int) -> Thinned:
    """The part of a course between two moments, thinned to so many pixels; every peak is kept."""
    low, high = np.searchsorted(course.times, (start, end))
    part = slice(max(int(low) - 1, 0), int(high) + 1)
    times, readings, used = course.times[part], course.readings[part], course.used[part]
    values = np.where(used, readings, np.nan)
    steps = course.rhythm[part.start : max(part.start + len(times) - 1, part.start)]
    x, y = series.course(times, values, steps, columns)
    dotted = np.isfinite(y)
    if dotted.sum() > _DOTS_BELOW:
        dotted = series.lonely(x, y)
    there = np.isfinite(readings)
    few = max(columns // _MARK_EVERY_PX, 1)
    first, last = np.searchsorted(course.left_out[0], (start, end))
    left_out, unused = (one[first:last] for one in course.left_out)

    def marked(mask: Marks) -> tuple[Numbers, Numbers]:
        return series.course(times[mask], readings[mask], None, few)

    return Thinned(
        x, y, (x[dotted], y[dotted]),
        beyond=marked(course.beyond[part] & there & used),
        unused=series.course(left_out, unused, None, few),
        flagged=marked(there & used & (course.flags[part] != "")),
    )  # fmt: skip


class Curves(Layer):
    """The courses of a panel; the main one is painted last."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, 10)
        self._drawn: list[tuple[Course, Thinned]] = []

    def show_drawn(self, drawn: list[tuple[Course, Thinned]]) -> None:
        """Show these, the main one first."""
        self._drawn = drawn
        self.update()

    @property
    def main(self) -> Thinned | None:
        """What is drawn of the main course."""
        return self._drawn[0][1] if self._drawn else None

    def draw(self, painter: QPainter, _room: QRectF) -> None:
        """Lines, then marks."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for course, points in reversed(self._drawn):
            self._line(painter, course, points)
        for course, points in reversed(self._drawn):
            self._left_out(painter, points.unused, pen_of(course).color())
        if self._drawn:
            self._marks(painter, *self._drawn[0])

    def _line(self, painter: QPainter, course: Course, points: Thinned) -> None:
        pen = pen_of(course)
        dense = len(points.x) > _DENSE * max(self.boundingRect().width(), 1.0)
        if dense:
            # A smooth stroke through four points a pixel takes twenty times as long as a month
            # and looks no better: the strokes fill the area between the extremes anyway.
            pen = QPen(pen.color(), 0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(points.x) > 1:
            finite = np.isfinite(points.y)
            x, y = self.x_px(points.x), self.y_px(np.where(finite, points.y, 0.0))
            # The time of a smooth stroke grows with the square of its points: short pieces, then;
            # but a dashed line would begin its dashes anew in each.
            solid = pen.style() is Qt.PenStyle.SolidLine
            for run in _runs(finite, _PIECE if solid and not dense else len(x)):
                painter.drawPolyline(_polygon(x[run], y[run]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._dots(painter, points.dotted, 2.0, pen.color())

    def _marks(self, painter: QPainter, course: Course, points: Thinned) -> None:
        if course.mode is Mode.READINGS:
            self._rings(painter, points.flagged, shade("accent"))
        self._dots(painter, points.beyond, _MARK_PX, shade("bad"))

    def _left_out(self, painter: QPainter, points: tuple[Numbers, Numbers], colour: QColor) -> None:
        """Rings in the colour of their line; what lies beyond the axis is an arrow at its edge."""
        bottom, top = self._box.viewRange()[1]
        x, y = points
        self._rings(painter, (x[inside := (y >= bottom) & (y <= top)], y[inside]), colour)
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(QColor(tokens()["paper"]))
        high, low = self.y_px(np.array([top, bottom])).tolist()
        for at, above in zip(self.x_px(x[~inside]).tolist(), y[~inside] > top, strict=True):
            tip, back = (high + 1, high + 8) if above else (low - 1, low - 8)
            painter.drawPolygon(
                QPolygonF([QPointF(at, tip), QPointF(at - 4, back), QPointF(at + 4, back)])
            )

    def _dots(
        self, painter: QPainter, points: tuple[Numbers, Numbers], radius: float, colour: QColor
    ) -> None:
        """All dots at once: points of a round pen."""
        if not len(points[0]):
            return
        pen = QPen(colour, 2 * radius)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(_polygon(self.x_px(points[0]), self.y_px(points[1])))

    def _rings(self, painter: QPainter, points: tuple[Numbers, Numbers], colour: QColor) -> None:
        self._dots(painter, points, _HOLLOW_PX + 0.6, colour)
        self._dots(painter, points, _HOLLOW_PX - 0.6, QColor(tokens()["paper"]))


def _polygon(x: Numbers, y: Numbers) -> QPolygonF:
    """Points as Qt takes many of them, without a call for each."""
    made = pg.functions.create_qpolygonf(len(x))
    view = pg.functions.ndarray_from_qpolygonf(made)
    view[:, 0], view[:, 1] = x, y
    return cast("QPolygonF", made)


def _runs(finite: Marks, longest: int) -> Iterator[slice]:
    """The stretches without a gap, in pieces that share their ends."""
    edges = np.flatnonzero(np.diff(finite.astype(np.int8), prepend=0, append=0))
    for start, end in edges.reshape(-1, 2).tolist():
        for begin in range(start, end - 1, longest):
            yield slice(begin, min(begin + longest + 1, end))


class Boxes(Layer):
    """Minimum, quartiles and maximum of each day or month; thin bars where there is no room."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, 5)
        self._spreads: Spreads | None = None
        self._colour = QColor()

    def show_course(self, course: Course | None) -> None:
        """Show the boxes of a course in the colour of its line; None shows nothing."""
        self._spreads = course.spreads if course else None
        self._colour = pen_of(course).color() if course else QColor()
        self.update()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """One box a period in sight."""
        found = self._spreads
        if found is None or not len(found):
            return
        left, right = self.x_px(found.start), self.x_px(found.end)
        seen = np.flatnonzero((right >= room.left()) & (left <= room.right()) & (found.count > 0))
        columns = [
            self.y_px(one[seen]).tolist()
            for one in (found.minimum, found.lower, found.median, found.upper, found.maximum)
        ]
        soft, line = QColor(self._colour), QColor(self._colour)
        soft.setAlpha(46)
        line.setAlpha(150)
        painter.setBrush(soft)
        middle, width = (left + right)[seen] / 2, (right - left)[seen]
        for x, wide, *ys in zip(middle.tolist(), width.tolist(), *columns, strict=True):
            if wide < _LEAST_BOX_PX:
                painter.setPen(QPen(soft, max(wide, 1.0)))
                painter.drawLine(QPointF(x, ys[0]), QPointF(x, ys[4]))
                continue
            painter.setPen(QPen(line, 1))
            half = min(wide * _BOX_SHARE, _MOST_BOX_PX) / 2
            painter.drawLine(QPointF(x, ys[0]), QPointF(x, ys[1]))
            painter.drawLine(QPointF(x, ys[3]), QPointF(x, ys[4]))
            painter.drawRect(QRectF(x - half, ys[3], 2 * half, ys[1] - ys[3]))
            painter.drawLine(QPointF(x - half, ys[2]), QPointF(x + half, ys[2]))
            for end in (ys[0], ys[4]):
                painter.drawLine(QPointF(x - half / 2, end), QPointF(x + half / 2, end))
