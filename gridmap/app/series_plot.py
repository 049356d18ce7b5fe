"""The plot of one series: a line that breaks at gaps, bands with their meaning, a crosshair."""

import html
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gridmap.app.series_axis import TimeAxis
from gridmap.app.series_data import Band, BandKind, Course, Pointed, pointed_at
from gridmap.app.theme import tokens
from gridmap.domain import series
from gridmap.map.fonts import font
from gridmap.texts import t

_LETTERS_PX: Final = 11
_ROW_PX: Final = 17.0
_ROWS: Final = 2
_LABEL_PAD_PX: Final = 8.0
_LEAST_BAND_PX: Final = 1.5
_AXIS_WIDTH_PX: Final = 58
_DOTS_BELOW: Final = 260
_HEADROOM: Final = 0.22
_PLAIN_HEADROOM: Final = 0.08
_MARGIN: Final = 0.012
_LEAST_STEPS: Final = 8
_ZOOM: Final = 0.7
_PAN: Final = 0.2
_DAY_S: Final = 86_400.0

# Which token colours a band and how strongly; the order says whose label wins a place.
_BANDS: Final[dict[BandKind, tuple[str, int, str]]] = {
    "event": ("bad", 26, "bad"),
    "fault": ("warn", 40, "warn"),
    "gap": ("quiet", 34, "quiet"),
    "maintenance": ("accent", 34, "accent_dark"),
    "other": ("quiet", 24, "quiet"),
}


def _shade(token: str, alpha: int = 255) -> QColor:
    colour = QColor(tokens()[token])
    colour.setAlpha(alpha)
    return colour


class _Layer(pg.GraphicsObject):  # type: ignore[misc]
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

    def _moved(self) -> None:
        self.update()

    def _resized(self) -> None:
        self.prepareGeometryChange()

    def _px(self, at: float, value: float = 0.0) -> QPointF:
        return QPointF(self._box.mapFromView(QPointF(at, value)))


class Bands(_Layer):
    """Shaded stretches with labels that never cover each other, and the lines of the grid."""

    def __init__(self, box: pg.ViewBox, axis: pg.AxisItem) -> None:
        super().__init__(box, -100)
        self._axis = axis
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

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Grid, then bands, then labels."""
        room = self.boundingRect()
        self._paint_grid(painter, room)
        placed = []
        for band in self.visible():
            token, alpha, ink = _BANDS[band.kind]
            area = self._area(band, room)
            painter.fillRect(area, _shade(token, alpha))
            placed.append((band, area, ink))
        self._paint_labels(painter, room, placed)

    def _paint_grid(self, painter: QPainter, room: QRectF) -> None:
        low, high = self._box.viewRange()[1]
        painter.setPen(QPen(_shade("line"), 0))
        ticks = self._axis.tickValues(low, high, room.height())
        for value in ticks[0][1] if ticks else ():
            y = round(self._px(0.0, value).y()) + 0.5
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))

    def _area(self, band: Band, room: QRectF) -> QRectF:
        left = max(self._px(band.start).x(), room.left())
        right = min(self._px(band.end).x(), room.right())
        return QRectF(left, room.top(), max(right - left, _LEAST_BAND_PX), room.height())

    def _paint_labels(
        self, painter: QPainter, room: QRectF, placed: list[tuple[Band, QRectF, str]]
    ) -> None:
        letters = font(_LETTERS_PX)
        painter.setFont(letters)
        metrics = QFontMetricsF(letters)
        taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
        self.shown_labels = []
        order = list(_BANDS)
        for band, area, ink in sorted(
            placed, key=lambda p: (order.index(p[0].kind), p[0].start - p[0].end)
        ):
            width = metrics.horizontalAdvance(band.label) + _LABEL_PAD_PX
            left = min(max(area.center().x() - width / 2, room.left()), room.right() - width)
            span = (left, left + width)
            row = next((r for r, spans in enumerate(taken) if _is_free(span, spans)), None)
            if row is None:
                continue
            taken[row].append(span)
            self.shown_labels.append(band.label)
            painter.setPen(_shade(ink))
            box = QRectF(left, room.top() + 2 + row * _ROW_PX, width, _ROW_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, band.label)


def _is_free(span: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)


class Crosshair(_Layer):
    """A line at the moment pointed at, and a dot on its reading."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, 50)
        self._at: tuple[float, float] | None = None

    def point(self, at: float | None, value: float = float("nan")) -> None:
        """Stand at a moment, with a dot where the value is a number; None hides it."""
        self._at = None if at is None else (at, value)
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Line and dot."""
        if self._at is None:
            return
        room, (at, value) = self.boundingRect(), self._at
        x = self._px(at).x()
        painter.setPen(QPen(_shade("quiet"), 0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if np.isfinite(value):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(_shade("paper"), 1.5))
            painter.setBrush(_shade("accent"))
            painter.drawEllipse(self._px(at, value), 4.5, 4.5)


class SeriesPlot(pg.PlotWidget):  # type: ignore[misc]
    """Shows one `Course`; wheel zooms in time, dragging pans, a double click resets.

    Signals:
        pointed(Pointed or None): what the cursor, or the keyboard, stands on.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._time_axis = TimeAxis()
        super().__init__(
            parent, background=tokens()["paper"], axisItems={"bottom": self._time_axis}
        )
        self._course: Course | None = None
        self._pointed: Pointed | None = None
        self._home: tuple[float, float] = (0.0, _DAY_S)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        self._box: pg.ViewBox = item.getViewBox()
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        self._dress_axes()
        self._bands = Bands(self._box, item.getAxis("left"))
        pen = pg.mkPen(_shade("accent_dark"), width=1.5)
        self._line = pg.PlotCurveItem(pen=pen, connect="finite", antialias=True)
        self._dots = pg.ScatterPlotItem(size=4, pen=None, brush=_shade("accent_dark"))
        item.addItem(self._line)
        item.addItem(self._dots)
        self._cross = Crosshair(self._box)
        self._box.sigXRangeChanged.connect(self._draw)
        self.scene().sigMouseMoved.connect(self._hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(t("series.plot_tip"))

    # --- what is shown --------------------------------------------------------------------

    def show_course(self, course: Course | None) -> None:
        """Show a series whole; `show_span` then chooses the stretch. None empties the plot."""
        self._course = course
        self._point(None)
        self._bands.show_bands(course.bands if course else ())
        if course is None or not len(course.times):
            self._line.clear()
            self._dots.clear()
            return
        self.getPlotItem().getAxis("left").setLabel(html.escape(course.title))
        first, last = float(course.times[0]), float(course.times[-1])
        margin = max((last - first) * _MARGIN, _LEAST_STEPS * (course.step_s or _DAY_S / 24))
        self._box.setLimits(
            xMin=first - margin,
            xMax=last + margin,
            minXRange=_LEAST_STEPS * (course.step_s or _DAY_S / 24),
        )

    def show_span(self, days: float | None) -> None:
        """Show the last `days` of the series, back from its last reading; None shows all."""
        course = self._course
        if course is None or not len(course.times):
            return
        first, last = float(course.times[0]), float(course.times[-1])
        start = first if days is None else max(last - days * _DAY_S, first)
        margin = max(last - start, course.step_s or _DAY_S) * _MARGIN
        self._home = (start - margin, last + margin)
        self.reset()

    def reset(self) -> None:
        """Back to the stretch that was chosen."""
        self._box.setXRange(*self._home, padding=0)
        self._draw()

    @property
    def bands(self) -> Bands:
        """The shaded stretches."""
        return self._bands

    def _draw(self) -> None:
        """The part in sight, thinned to the pixels of the plot, and a fitting range of values."""
        course = self._course
        if course is None or not len(course.times):
            return
        start, end = self._box.viewRange()[0]
        low, high = np.searchsorted(course.times, (start, end))
        part = slice(max(int(low) - 1, 0), int(high) + 1)
        t_seen, v_seen = course.times[part], course.readings[part]
        x, y = series.course(t_seen, v_seen, course.step_s, round(self._box.width()))
        self._line.setData(x, y, connect="finite")
        dotted = np.isfinite(y)
        if dotted.sum() > _DOTS_BELOW:
            dotted = series.lonely(x, y)
        self._dots.setData(x[dotted], y[dotted])
        self._fit(v_seen[np.isfinite(v_seen)])

    def _fit(self, values: series.Numbers) -> None:
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        zero = self._course is not None and self._course.from_zero
        low = min(low, 0.0) if zero else low
        span = high - low or abs(high) or 1.0
        room = _HEADROOM if self._bands.visible() else _PLAIN_HEADROOM
        bottom = low if zero else low - span * _PLAIN_HEADROOM
        self._box.setYRange(bottom, high + span * room, padding=0)

    def _dress_axes(self) -> None:
        letters, ink = font(_LETTERS_PX), pg.mkPen(_shade("line"))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setStyle(tickFont=letters, tickLength=-4 if side == "bottom" else 0)
            axis.setPen(ink)
            axis.setTextPen(_shade("quiet"))
            axis.enableAutoSIPrefix(False)
            axis.label.setFont(letters)
        self.getPlotItem().getAxis("left").setWidth(_AXIS_WIDTH_PX)

    # --- pointing -------------------------------------------------------------------------

    def _hover(self, place: QPointF) -> None:
        if self._course is None or not self._box.sceneBoundingRect().contains(place):
            self._point(None)
            return
        at = float(self._box.mapSceneToView(place).x())
        self._point(pointed_at(self._course, at))

    def _point(self, pointed: Pointed | None) -> None:
        self._pointed = pointed
        if pointed is None:
            self._cross.point(None)
        else:
            course, position = self._course, pointed.position
            value = course.readings[position] if course and position is not None else np.nan
            self._cross.point(pointed.at, float(value))
        self.pointed.emit(pointed)

    def step(self, by: int) -> None:
        """Point at the next reading (1) or the one before (-1); the view follows."""
        course = self._course
        if course is None or not len(course.times):
            return
        last = len(course.times) - 1
        if self._pointed is None:
            position = int(np.searchsorted(course.times, self._box.viewRange()[0][1])) - 1
        else:
            position = (series.nearest(course.times, self._pointed.at) or 0) + by
        position = min(max(position, 0), last)
        at = float(course.times[position])
        start, end = self._box.viewRange()[0]
        if not start <= at <= end:
            self._pan(at - (start + end) / 2)
        self._point(Pointed(at, position))

    def _pan(self, seconds: float) -> None:
        self._box.translateBy(x=seconds)

    def _zoom(self, factor: float) -> None:
        start, end = self._box.viewRange()[0]
        centre = self._pointed.at if self._pointed else (start + end) / 2
        self._box.scaleBy(x=factor, center=QPointF(centre, 0))

    # --- events ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Arrows step through readings (with Shift they pan), + and − zoom, Home resets."""
        start, end = self._box.viewRange()[0]
        pan = (end - start) * _PAN
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left:
                self._pan(-pan) if shifted else self.step(-1)
            case Qt.Key.Key_Right:
                self._pan(pan) if shifted else self.step(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self._zoom(1 / _ZOOM)
            case Qt.Key.Key_Home:
                self.reset()
            case _:
                super().keyPressEvent(event)
                return
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Back to the stretch that was chosen."""
        self.reset()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Nothing is pointed at any more."""
        self._point(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Thin the line to the new width."""
        super().resizeEvent(event)
        if getattr(self, "_course", None) is not None:
            self._draw()
