"""What is painted behind and before the lines of a panel: bands, limits, selection, cursors.

Everything is painted in pixels of the view box. Seconds since 1970 never reach a paint device:
vector formats write too few digits for them.
"""

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gridmap.capabilities.readings.page.data import Band, BandKind, Course
from gridmap.capabilities.readings.page.ink import LETTERS_PX, shade
from gridmap.capabilities.readings.page.time import seconds_of
from gridmap.capabilities.readings.page.words import level_sign, limit_words
from gridmap.map.fonts import font
from gridmap.standards.classing.limits import Limit, Stretch
from gridmap.standards.sequences import Numbers

_ROW_PX: Final = 17.0
_ROWS: Final = 2
_LABEL_PAD_PX: Final = 8.0
_LEAST_BAND_PX: Final = 1.5
_FEW_BANDS: Final = 3
_NAMED_BAND_PX: Final = 6.0
_LEVEL_ALPHA: Final = 34
_LEAST_SIGN_PX: Final = 12.0
_SIGN_PX: Final = 24.0
_NAME_PX: Final = 14.0
_MOST_NAMES_PX: Final = 170

# Which token colours a band and how strongly; the order says whose label wins a place.
_BANDS: Final[dict[BandKind, tuple[str, int, str]]] = {
    "event": ("bad", 26, "bad"),
    "fault": ("warn", 40, "warn"),
    "finding": ("warn", 28, "warn"),
    "gap": ("quiet", 34, "quiet"),
    "maintenance": ("accent", 34, "accent_dark"),
    "other": ("quiet", 24, "quiet"),
}


class Layer(pg.GraphicsObject):  # type: ignore[misc]
    """Something painted in the pixels of the view box, below or above the line."""

    def __init__(self, box: pg.ViewBox, height: int) -> None:
        super().__init__()
        self._box = box
        self.setParentItem(box)
        self.setZValue(height)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        box.sigRangeChanged.connect(self._moved)
        box.sigResized.connect(self._resized)

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt asks by this name
        """The whole view box."""
        return QRectF(self._box.boundingRect())

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint within the box."""
        room = self.boundingRect()
        painter.save()
        painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
        self.draw(painter, room)
        painter.restore()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """What this layer shows."""
        raise NotImplementedError

    def _moved(self) -> None:
        self.update()

    def _resized(self) -> None:
        self.prepareGeometryChange()

    def x_px(self, times: Numbers) -> Numbers:
        """Pixels of times, shape (n,)."""
        (start, end), room = self._box.viewRange()[0], self.boundingRect()
        return np.asarray(room.left() + (times - start) * (room.width() / (end - start)))

    def y_px(self, values: Numbers) -> Numbers:
        """Pixels of values, shape (n,)."""
        (low, high), room = self._box.viewRange()[1], self.boundingRect()
        return np.asarray(room.bottom() - (values - low) * (room.height() / (high - low)))

    def at_px(self, at: float, value: float = 0.0) -> QPointF:
        """The pixel of one time and value."""
        return QPointF(float(self.x_px(np.array(at))), float(self.y_px(np.array(value))))


class Grid(Layer):
    """A line at each tick of an axis of values, below everything."""

    def __init__(self, box: pg.ViewBox, axis: pg.AxisItem) -> None:
        super().__init__(box, -300)
        self._axis = axis

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """The lines."""
        low, high = self._box.viewRange()[1]
        painter.setPen(QPen(shade("line"), 1))
        ticks = self._axis.tickValues(low, high, room.height())
        for value in ticks[0][1] if ticks else ():
            y = round(self.at_px(0.0, value).y()) + 0.5
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))


class Bands(Layer):
    """Shaded stretches with labels that never cover each other."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, -100)
        self._bands: tuple[Band, ...] = ()
        self.shown_labels: list[str] = []

    def show_bands(self, bands: tuple[Band, ...]) -> None:
        """Show these; the meaningful kinds are painted over the others."""
        order = list(_BANDS)
        self._bands = tuple(sorted(bands, key=lambda b: -order.index(b.kind)))
        self.update()

    def visible(self) -> tuple[Band, ...]:
        """The bands in sight."""
        start, end = self._box.viewRange()[0]
        return tuple(band for band in self._bands if band.end >= start and band.start <= end)

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Bands, then labels."""
        placed = []
        for band in self.visible():
            token, alpha, ink = _BANDS[band.kind]
            area = self._area(band, room)
            painter.fillRect(area, shade(token, alpha))
            placed.append((band, area, ink))
        self._paint_labels(painter, room, placed)

    def _area(self, band: Band, room: QRectF) -> QRectF:
        left = max(self.at_px(band.start).x(), room.left())
        right = min(self.at_px(band.end).x(), room.right())
        return QRectF(left, room.top(), max(right - left, _LEAST_BAND_PX), room.height())

    def _paint_labels(
        self, painter: QPainter, room: QRectF, placed: list[tuple[Band, QRectF, str]]
    ) -> None:
        letters = font(LETTERS_PX)
        painter.setFont(letters)
        metrics = QFontMetricsF(letters)
        taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
        self.shown_labels = []
        order = list(_BANDS)
        often = sum(band.kind == "maintenance" for band, _, _ in placed) > _FEW_BANDS
        for band, area, ink in sorted(
            placed, key=lambda p: (order.index(p[0].kind), p[0].start - p[0].end)
        ):
            if band.kind == "maintenance" and often and area.width() < _NAMED_BAND_PX:
                continue  # a year of monthly visits: the colour tells, the cursor says it
            width = metrics.horizontalAdvance(band.label) + _LABEL_PAD_PX
            left = min(max(area.center().x() - width / 2, room.left()), room.right() - width)
            span = (left, left + width)
            row = next((r for r, spans in enumerate(taken) if _is_free(span, spans)), None)
            if row is None:
                continue
            taken[row].append(span)
            self.shown_labels.append(band.label)
            painter.setPen(shade(ink))
            box = QRectF(left, room.top() + 2 + row * _ROW_PX, width, _ROW_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, band.label)


def _is_free(span: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)


class Limits(Layer):
    """Bands of classes or levels, and the lines of limits, cut where the standard changes."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, -200)
        self._course: Course | None = None

    def show_course(self, course: Course | None) -> None:
        """Show the limits of a course."""
        self._course = course
        self.update()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Bands, then lines, and a mark where the rule changes."""
        if self._course is None:
            return
        stretches = self._course.stretches
        seen = [(one, self._span(one, room)) for one in stretches]
        before: Stretch | None = None
        for stretch, (left, right) in seen:
            if right <= left:
                continue
            self._paint(painter, room, stretch, left, right)
            if before is not None and _differ(before, stretch):
                painter.setPen(QPen(shade("quiet"), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(left, room.top()), QPointF(left, room.bottom()))
            before = stretch

    def _span(self, stretch: Stretch, room: QRectF) -> tuple[float, float]:
        """Pixels from begin to end; the first and the last stretch fill what lies beyond."""
        left = max(self.at_px(seconds_of(stretch.first)).x(), room.left())
        right = min(self.at_px(seconds_of(stretch.last, after=True)).x(), room.right())
        stretches = self._course.stretches if self._course else ()
        if stretch is stretches[0]:
            left = room.left()
        if stretch is stretches[-1]:
            right = room.right()
        return left, right

    def _paint(
        self, painter: QPainter, room: QRectF, stretch: Stretch, left: float, right: float
    ) -> None:
        for level in stretch.levels:
            top = max(_y(self, level.high, room), room.top())
            bottom = min(_y(self, level.low, room), room.bottom())
            if bottom > top:
                colour = QColor(level.colour)
                colour.setAlpha(_LEVEL_ALPHA)
                painter.fillRect(QRectF(left, top, right - left, bottom - top), colour)
        for limit in stretch.limits:
            y = _y(self, limit.value, room)
            if room.top() <= y <= room.bottom():
                painter.setPen(_pen(limit))
                painter.drawLine(QPointF(left, y), QPointF(right, y))


class LimitNames(pg.AxisItem):  # type: ignore[misc]
    """The axis at the right: signs of classes, and the words of limits beside their lines.

    What is named is what holds at the right end of the view.
    """

    def __init__(self) -> None:
        super().__init__(orientation="right")
        self.setStyle(showValues=False, tickLength=0)
        self._course: Course | None = None
        self._stretch: Stretch | None = None
        self.setWidth(0)

    @property
    def shown_labels(self) -> list[str]:
        """The words of all limits that hold at the right end."""
        limits = self._stretch.limits if self._stretch else ()
        return [limit_words(self._course, limit) for limit in limits] if self._course else []

    def show_course(self, course: Course | None) -> None:
        """Name the limits of a course."""
        self._course = course
        self._stretch = course.stretches[-1] if course and course.stretches else None

    def show_end(self, end: float) -> None:
        """Name what holds at a moment, in seconds since 1970 (UTC)."""
        stretches = self._course.stretches if self._course else ()
        begun = [one for one in stretches if seconds_of(one.first) <= end]
        self._stretch = (begun or stretches)[-1] if stretches else None
        self.picture = None
        self.update()

    def wanted_width(self) -> int:
        """How much room the words need, in pixels."""
        if self._stretch is None:
            return 0
        metrics = QFontMetricsF(font(LETTERS_PX))
        widest = max(map(metrics.horizontalAdvance, self.shown_labels), default=0.0)
        return min(round(_SIGN_PX + widest + 4), _MOST_NAMES_PX)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Signs in the middle of their bands, words at their lines."""
        box, stretch, course = self.linkedView(), self._stretch, self._course
        if box is None or stretch is None or course is None:
            return
        painter.setFont(font(LETTERS_PX))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        room = QRectF(0, 0, self.size().width(), self.size().height())
        (low, high) = box.viewRange()[1]

        def y_of(value: float) -> float:
            share = (min(max(value, low), high) - low) / (high - low)
            return float(room.bottom() - share * room.height())

        painter.setPen(shade("quiet"))
        for level in stretch.levels:
            top, bottom = y_of(level.high), y_of(level.low)
            if bottom - top >= _LEAST_SIGN_PX:
                place = QRectF(4, top, _SIGN_PX, bottom - top)
                painter.drawText(place, left, level_sign(course, level))
        taken: list[float] = []
        for limit in sorted(stretch.limits, key=lambda one: not one.judged):
            y = y_of(limit.value)
            if not low <= limit.value <= high or any(abs(y - at) < _NAME_PX - 2 for at in taken):
                continue
            taken.append(y)
            painter.setPen(shade("bad" if limit.judged else "quiet"))
            place = QRectF(_SIGN_PX, y - _NAME_PX / 2, room.width() - _SIGN_PX, _NAME_PX)
            painter.drawText(place, left, limit_words(course, limit))


def _y(layer: Layer, value: float, room: QRectF) -> float:
    if np.isinf(value):
        return room.top() if value > 0 else room.bottom()
    return layer.at_px(0.0, value).y()


def _differ(one: Stretch, other: Stretch) -> bool:
    """Whether limits or levels have other values, not only another document behind them."""
    return one.levels != other.levels or [limit.value for limit in one.limits] != [
        limit.value for limit in other.limits
    ]


def _pen(limit: Limit) -> QPen:
    if limit.judged:
        return QPen(shade("bad"), 1.3, Qt.PenStyle.DashLine)
    return QPen(shade("quiet", 110), 1, Qt.PenStyle.SolidLine)
