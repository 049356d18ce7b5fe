"""What stands over the lines of a panel: the selected span, the cursor, the moment of the map."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gridmap.capabilities.readings.page.ink import shade
from gridmap.capabilities.readings.page.layers import Layer


class Selection(Layer):
    """The span of time whose statistics are shown."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, -20)
        self._span: tuple[float, float] | None = None

    def show_span(self, span: tuple[float, float] | None) -> None:
        """Shade a span; None shades nothing."""
        self._span = span
        self.update()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """A soft area with two edges."""
        if self._span is None:
            return
        left, right = (self.at_px(at).x() for at in self._span)
        painter.fillRect(QRectF(left, room.top(), right - left, room.height()), shade("accent", 22))
        painter.setPen(QPen(shade("accent"), 1))
        for x in (left, right):
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))


class Crosshair(Layer):
    """A line at the moment pointed at, and a dot on its reading."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, 50)
        self._at: tuple[float, float] | None = None

    def point(self, at: float | None, value: float = float("nan")) -> None:
        """Stand at a moment, with a dot where the value is a number; None hides it."""
        self._at = None if at is None else (at, value)
        self.update()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Line and dot."""
        if self._at is None:
            return
        at, value = self._at
        x = self.at_px(at).x()
        painter.setPen(QPen(shade("quiet"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if np.isfinite(value):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(shade("paper"), 1.5))
            painter.setBrush(shade("accent"))
            painter.drawEllipse(self.at_px(at, value), 4.5, 4.5)


class Moment(Layer):
    """The moment that the map shows."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box, 40)
        self._at: float | None = None

    def show_moment(self, at: float | None) -> None:
        """Stand at a moment; None hides the line."""
        self._at = at
        self.update()

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """A firm line with a small head."""
        if self._at is None:
            return
        x = self.at_px(self._at).x()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(shade("accent"), 2))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        painter.setBrush(shade("accent"))
        painter.drawPolygon([
            QPointF(x - 5, room.top()), QPointF(x + 5, room.top()), QPointF(x, room.top() + 6),
        ])  # fmt: skip
