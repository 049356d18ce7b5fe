"""One panel of the series dock: the courses of one item over one axis of values.

Several items stand in panels one below the other, with one axis of time: each item has limits and
classes of its own, and on a common or a second axis they would lie about all but one of them.
"""

import html
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gridmap.capabilities.readings.page.axis import TimeAxis
from gridmap.capabilities.readings.page.cursors import Crosshair, Moment, Selection
from gridmap.capabilities.readings.page.curves import Boxes, Curves, thinned
from gridmap.capabilities.readings.page.data import STANDING, Course, Panel, Pointed, pointed_at
from gridmap.capabilities.readings.page.ink import LETTERS_PX, shade
from gridmap.capabilities.readings.page.layers import Bands, Grid, LimitNames, Limits
from gridmap.capabilities.readings.page.range import value_range
from gridmap.capabilities.readings.page.words import panel_title
from gridmap.capabilities.readings.work.means import Mode
from gridmap.map.fonts import font
from gridmap.shell.theme import tokens
from gridmap.standards import sequences as series
from gridmap.texts import t

_AXIS_WIDTH_PX: Final = 62
_NO_TIMES_PX: Final = 7
_TITLE_PAD_PX: Final = 10
_MARGIN: Final = 0.012
_LEAST_STEPS: Final = 8
_ZOOM: Final = 0.7
_PAN: Final = 0.2
_DAY_S: Final = 86_400.0
_LEAST_DRAG_PX: Final = 4.0


class SeriesPlot(pg.PlotWidget):  # type: ignore[misc]
    """Shows one `Panel`; wheel zooms in time, dragging pans, a double click resets.

    Dragging with Shift, or with `selecting` on, selects a span of time.

    Signals:
        pointed(Pointed or None): what the cursor, or the keyboard, stands on.
        range_moved(start, end): other times are in sight, in seconds since 1970 (UTC).
        selected(start, end): a span was dragged; equal ends mean none.
        shifted(by): a whole span back (-1) or on (1) was asked for.
    """

    pointed = Signal(object)
    range_moved = Signal(float, float)
    selected = Signal(float, float)
    shifted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._time_axis = TimeAxis()
        self.names = LimitNames()
        super().__init__(
            parent,
            background=tokens()["paper"],
            axisItems={"bottom": self._time_axis, "right": self.names},
        )
        self._panel: Panel | None = None
        self._pointed: Pointed | None = None
        self._home: tuple[float, float] = (0.0, _DAY_S)
        self._limits_shown = True
        self._dragged_from: float | None = None
        self.selecting = False
        item = self.getPlotItem()
        item.showAxis("right")
        item.setMenuEnabled(False)
        item.hideButtons()
        self._box: pg.ViewBox = item.getViewBox()
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        self._dress_axes()
        self._limits = Limits(self._box)
        self._grid = Grid(self._box, item.getAxis("left"))
        self._bands = Bands(self._box)
        self._selection = Selection(self._box)
        self._boxes = Boxes(self._box)
        self._curves = Curves(self._box)
        self._moment = Moment(self._box)
        self._cross = Crosshair(self._box)
        self._box.sigXRangeChanged.connect(self._on_range)
        self._box.sigResized.connect(self._write_title)
        self.scene().sigMouseMoved.connect(self._hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(t("series.plot_tip"))

    # --- what is shown --------------------------------------------------------------------

    @property
    def course(self) -> Course | None:
        """The main course."""
        return self._panel.main if self._panel else None

    @property
    def panel(self) -> Panel | None:
        """What is shown."""
        return self._panel

    @property
    def bands(self) -> Bands:
        """The shaded stretches."""
        return self._bands

    @property
    def limits(self) -> Limits:
        """The lines of limits and the bands of classes."""
        return self._limits

    @property
    def limits_shown(self) -> bool:
        """Whether limits are shown."""
        return self._limits_shown

    @property
    def curves(self) -> Curves:
        """What is drawn of the courses."""
        return self._curves

    @property
    def span(self) -> tuple[float, float]:
        """The times in sight, in seconds since 1970 (UTC)."""
        start, end = self._box.viewRange()[0]
        return float(start), float(end)

    @property
    def home(self) -> tuple[float, float]:
        """The stretch that was chosen, to which a double click comes back."""
        return self._home

    def show_panel(self, panel: Panel | None) -> None:
        """Show courses whole; `show_home` then chooses the stretch. None empties the plot."""
        self._panel = panel
        self._point(None)
        course = self.course
        self._bands.show_bands(course.bands if course else ())
        self.show_limits(shown=self._limits_shown)
        self._boxes.show_course(course)
        if course is None or not len(course.times):
            self._curves.show_drawn([])
            return
        self.getPlotItem().getAxis("left").setTicks(self._class_ticks(course))
        self._write_title()
        self.let_move(*self.extent())

    def extent(self) -> tuple[float, float]:
        """First and last time of the main course; a mean reaches to the ends of its period."""
        course = self.course
        if course is None or not len(course.times):
            return 0.0, _DAY_S
        half = 0.0 if course.mode is Mode.READINGS else (course.step_s or 0.0) / 2
        return float(course.times[0]) - half, float(course.times[-1]) + half

    def _write_title(self) -> None:
        """The item beside the axis of values: in two lines where one is longer than the axis."""
        if self.course is None:
            return
        axis = self.getPlotItem().getAxis("left")
        room = int(axis.size().height()) - _TITLE_PAD_PX
        metrics = QFontMetrics(axis.label.font())
        item, rest = panel_title(self.course)
        lines = [f"{item} {rest}".strip()]
        if metrics.horizontalAdvance(lines[0]) > room and rest:
            lines = [item, rest]
        cut = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]
        text = "<br>".join(html.escape(line) for line in cut)
        if text != axis.labelText:
            axis.setLabel(text)

    def let_move(self, first: float, last: float) -> None:
        """How far the view may be moved: little beyond the first and the last time."""
        step = (self.course.step_s if self.course else None) or _DAY_S / 24
        margin = max((last - first) * _MARGIN, _LEAST_STEPS * step)
        self._box.setLimits(
            xMin=first - margin, xMax=last + margin, minXRange=_LEAST_STEPS * step
        )  # fmt: skip

    def show_home(self, start: float, end: float) -> None:
        """Show a stretch, with a margin, and come back to it on a double click."""
        course = self.course
        margin = max(end - start, (course.step_s if course else None) or _DAY_S) * _MARGIN
        self._home = (start - margin, end + margin)
        self.reset()

    def show_limits(self, *, shown: bool) -> None:
        """Lines of limits and bands of classes, or none."""
        self._limits_shown = shown
        course = self.course if shown else None
        self._limits.show_course(course)
        self.names.show_course(course)
        self.give_names(self.names.wanted_width())
        self._draw()

    def give_names(self, width: int) -> None:
        """Room for the words of limits, the same in all panels, so that times stand in line."""
        self.names.setWidth(width)

    def show_axis(self, *, shown: bool) -> None:
        """Whether the times are written below."""
        axis = self.getPlotItem().getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(None if shown else _NO_TIMES_PX)

    def show_selection(self, span: tuple[float, float] | None) -> None:
        """Shade a span of time."""
        self._selection.show_span(span)

    def show_moment(self, at: float | None) -> None:
        """Mark the moment that the map shows."""
        self._moment.show_moment(at)

    def reset(self) -> None:
        """Back to the stretch that was chosen."""
        self.show_range(*self._home)

    def show_range(self, start: float, end: float) -> None:
        """Show exactly these times."""
        before = self.span
        self._box.setXRange(start, end, padding=0)
        if self.span == before:  # otherwise it was drawn because the range moved
            self._draw()

    def _on_range(self) -> None:
        self._draw()
        self.range_moved.emit(*self.span)

    def _draw(self) -> None:
        """The part in sight, thinned to the pixels of the plot, and a fitting range of values."""
        panel = self._panel
        if panel is None or not len(panel.main.times):
            return
        start, end = self.span
        self.names.show_end(end)
        columns = max(round(self._box.width()), 1)
        drawn = [(course, thinned(course, start, end, columns)) for course in panel.courses]
        self._curves.show_drawn(drawn)
        values = np.concatenate([points.y for _, points in drawn])
        low, high = value_range(
            panel.main, values, (start, end),
            limits=self._limits_shown, labelled=bool(self._bands.visible()),
        )  # fmt: skip
        self._box.setYRange(low, high, padding=0)

    @staticmethod
    def _class_ticks(course: Course) -> list[list[tuple[float, str]]] | None:
        """The axis of classes has their signs; every other axis finds its own ticks."""
        if course.item != STANDING or not course.water:
            return None
        return [[(number, t(f"series.water_sign.{number}")) for number in range(1, 7)]]

    def _dress_axes(self) -> None:
        letters, ink = font(LETTERS_PX), pg.mkPen(shade("line"))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setStyle(tickFont=letters, tickLength=-4 if side == "bottom" else 0)
            axis.setPen(ink)
            axis.setTextPen(shade("quiet"))
            axis.enableAutoSIPrefix(False)
            axis.label.setFont(letters)
        self.getPlotItem().getAxis("left").setWidth(_AXIS_WIDTH_PX)

    # --- pointing -------------------------------------------------------------------------

    def _hover(self, place: QPointF) -> None:
        if self.course is None or not self._box.sceneBoundingRect().contains(place):
            self._point(None)
            return
        at = float(self._box.mapSceneToView(place).x())
        self._point(pointed_at(self.course, at))

    def _point(self, pointed: Pointed | None) -> None:
        self.show_pointed(pointed)
        self.pointed.emit(pointed)

    def show_pointed(self, pointed: Pointed | None) -> None:
        """Stand where another panel points; nothing is told of it."""
        self._pointed = pointed
        course = self.course
        if pointed is None or course is None:
            self._cross.point(None)
            return
        value = course.readings[pointed.position] if pointed.position is not None else np.nan
        self._cross.point(pointed.at, float(value))

    def step(self, by: int) -> None:
        """Point at the next reading (1) or the one before (-1); the view follows."""
        course = self.course
        if course is None or not len(course.times):
            return
        last = len(course.times) - 1
        if self._pointed is None:
            position = int(np.searchsorted(course.times, self.span[1])) - 1
        else:
            position = (series.nearest(course.times, self._pointed.at) or 0) + by
        position = min(max(position, 0), last)
        at = float(course.times[position])
        start, end = self.span
        if not start <= at <= end:
            self._pan(at - (start + end) / 2)
        self._point(Pointed(at, position))

    def _pan(self, seconds: float) -> None:
        self._box.translateBy(x=seconds)

    def _zoom(self, factor: float) -> None:
        start, end = self.span
        centre = self._pointed.at if self._pointed else (start + end) / 2
        self._box.scaleBy(x=factor, center=QPointF(centre, 0))

    # --- events ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Arrows step through readings (with Shift they pan), Page Up and Down go by spans."""
        start, end = self.span
        pan = (end - start) * _PAN
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left:
                self._pan(-pan) if shifted else self.step(-1)
            case Qt.Key.Key_Right:
                self._pan(pan) if shifted else self.step(1)
            case Qt.Key.Key_PageUp:
                self.shifted.emit(-1)
            case Qt.Key.Key_PageDown:
                self.shifted.emit(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self._zoom(1 / _ZOOM)
            case Qt.Key.Key_Home:
                self.reset()
            case Qt.Key.Key_S:
                self.selected.emit(*self.span)
            case Qt.Key.Key_Escape:
                self.selected.emit(0.0, 0.0)
            case _:
                super().keyPressEvent(event)
                return
        event.accept()

    def _time_at(self, event: QMouseEvent) -> float:
        scene = self.mapToScene(event.position().toPoint())
        return float(self._box.mapSceneToView(scene).x())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """With Shift, or with the tool, a drag selects a span."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        left = event.button() is Qt.MouseButton.LeftButton
        if left and (shifted or self.selecting) and self.course is not None:
            self._dragged_from = self._time_at(event)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Show the span as it is dragged."""
        if self._dragged_from is not None:
            ends = sorted((self._dragged_from, self._time_at(event)))
            self.show_selection((ends[0], ends[1]))
            event.accept()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Tell what was selected; a click without a drag selects nothing."""
        if self._dragged_from is None:
            super().mouseReleaseEvent(event)
            return
        start, end = sorted((self._dragged_from, self._time_at(event)))
        self._dragged_from = None
        pixels = (end - start) / (self.span[1] - self.span[0]) * self._box.width()
        self.selected.emit(start, end if pixels >= _LEAST_DRAG_PX else start)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Back to the stretch that was chosen."""
        self.reset()
        event.accept()

    def arrange(self) -> None:
        """Lay out now what would be laid out at the next turn of the event loop."""
        self.getPlotItem().layout.activate()
        self._draw()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Nothing is pointed at any more."""
        self._point(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Thin the line to the new width."""
        super().resizeEvent(event)
        if getattr(self, "_panel", None) is not None:
            self._draw()
