"""A proposed site taken hold of on the map and moved: the map stays where it is meanwhile."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent

from gridmap.shell.canvas import MapCanvas


class Dragging(QObject):
    """Watches the canvas: presses on what `grab` finds become calls of `moved`. GUI thread.

    Args:
        canvas: the map.
        grab: the rank of what lies at a place in pixels, 0 for nothing.
        moved: hears rank, longitude and latitude (EPSG:4490) as the hand moves.
    """

    def __init__(
        self,
        canvas: MapCanvas,
        grab: Callable[[float, float], int],
        moved: Callable[[int, float, float], None],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._grab, self._moved = canvas, grab, moved
        self._rank = 0
        canvas.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Use presses on a site, and what follows until the button is let go."""
        if not isinstance(event, QMouseEvent):
            return False
        at = event.position()
        if event.type() == QEvent.Type.MouseButtonPress:
            left = event.button() == Qt.MouseButton.LeftButton
            self._rank = self._grab(at.x(), at.y()) if left else 0
            if self._rank:
                self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            return bool(self._rank)
        if not self._rank:
            return False
        if event.type() == QEvent.Type.MouseMove:
            lon, lat = self._canvas.viewport.lonlat_at(at.x(), at.y())
            self._moved(self._rank, lon, lat)
            return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._rank = 0
            self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
            return True
        return False
