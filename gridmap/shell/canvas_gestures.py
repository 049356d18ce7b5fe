"""Mouse, wheel and keys of the map, turned into views and into calls of the tool."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gridmap.map.viewport import Point, Viewport

STEP: Final = 2.0
"""Zoom per key, double click or button."""

_WHEEL: Final = 2.0 ** (1 / 240.0)  # zoom per wheel unit: 120 units are one notch
_PAN: Final = 0.2  # share of the view per arrow key


class Map(Protocol):
    """What gestures move: a map with a tool in hand."""

    @property
    def viewport(self) -> Viewport:
        """What is seen."""

    def look(self, viewport: Viewport) -> None:
        """Show a viewport."""

    def fit(self) -> None:
        """Show everything."""

    def back(self) -> None:
        """The view before."""

    def forward(self) -> None:
        """The view that was left by `back`."""

    def zoom_in(self) -> None:
        """Twice as close."""

    def zoom_out(self) -> None:
        """Half as close."""

    def update(self) -> None:
        """Paint again."""

    def setCursor(self, cursor: Qt.CursorShape) -> None:  # noqa: N802  Qt's name
        """Show another cursor."""

    def tool_click(self, place: Point) -> None:
        """A click that was no drag."""

    def tool_move(self, place: Point) -> None:
        """The cursor is over a place."""

    def tool_finish(self) -> bool:
        """Double click or Enter; whether the tool used it."""

    def tool_cancel(self) -> None:
        """Esc."""


class Gestures:
    """What the hand is doing just now. One per canvas, GUI thread.

    Attributes:
        box: the rectangle being drawn with Shift, device-independent pixels, or None.
    """

    def __init__(self, canvas: Map) -> None:
        self._canvas = canvas
        self._press: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self.box: QRectF | None = None

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        turn = event.angleDelta().y()
        if turn:
            at = event.position()
            view = self._canvas.viewport
            self._canvas.look(view.zoomed(_WHEEL**turn, (at.x(), at.y())))
        event.accept()

    def press(self, event: QMouseEvent) -> None:
        """Begin a click, a drag, or with Shift a box."""
        if event.button() not in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            return
        self._press = self._last = event.position()
        self._dragging = False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.box = QRectF(self._press, self._press) if shift else None

    def move(self, event: QMouseEvent) -> None:
        """Drag the map, widen the box, or only look."""
        at, view = event.position(), self._canvas.viewport
        if self._press is None:
            self._canvas.tool_move(view.lonlat_at(at.x(), at.y()))
            return
        if not self._dragging:
            way = (at - self._press).manhattanLength()
            self._dragging = way >= QApplication.startDragDistance()
        if not self._dragging:
            return
        if self.box is not None:
            self.box = QRectF(self._press, at).normalized()
            self._canvas.update()
        else:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._canvas.look(view.panned(at.x() - self._last.x(), at.y() - self._last.y()))
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        """End a click, a drag or a box."""
        press, box, dragged = self._press, self.box, self._dragging
        self._press, self.box, self._dragging = None, None, False
        if press is None:
            return
        view = self._canvas.viewport
        if dragged and box is not None:
            low = view.to_map(box.left(), box.bottom())
            high = view.to_map(box.right(), box.top())
            self._canvas.look(view.fitted((*low, *high), margin=0.0))
        elif not dragged and event.button() == Qt.MouseButton.LeftButton:
            at = event.position()
            self._canvas.tool_click(view.lonlat_at(at.x(), at.y()))
        self._canvas.update()

    def double_click(self, event: QMouseEvent) -> None:
        """End the tool's work, or zoom in around the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and not self._canvas.tool_finish():
            at = event.position()
            self._canvas.look(self._canvas.viewport.zoomed(STEP, (at.x(), at.y())))

    def key(self, event: QKeyEvent) -> bool:
        """Act on a key of the map; False for all others."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        action = self._keys(alt).get(event.key())
        if action is not None:
            action()
        return action is not None

    def _keys(self, alt: bool) -> dict[int, Callable[[], object]]:
        key, canvas = Qt.Key, self._canvas
        if alt:
            return {key.Key_Left: canvas.back, key.Key_Right: canvas.forward}
        return {
            key.Key_Plus: canvas.zoom_in,
            key.Key_Equal: canvas.zoom_in,
            key.Key_Minus: canvas.zoom_out,
            key.Key_Home: canvas.fit,
            key.Key_Left: lambda: self._pan(1, 0),
            key.Key_Right: lambda: self._pan(-1, 0),
            key.Key_Up: lambda: self._pan(0, 1),
            key.Key_Down: lambda: self._pan(0, -1),
            key.Key_Return: self._enter,
            key.Key_Enter: self._enter,
            key.Key_Escape: canvas.tool_cancel,
        }

    def _enter(self) -> None:
        """End the tool's work; where there is none to end, click in the middle of the view."""
        view = self._canvas.viewport
        if not self._canvas.tool_finish():
            self._canvas.tool_click(view.lonlat_at(view.width / 2.0, view.height / 2.0))

    def _pan(self, right: int, down: int) -> None:
        view = self._canvas.viewport
        self._canvas.look(view.panned(right * view.width * _PAN, down * view.height * _PAN))
