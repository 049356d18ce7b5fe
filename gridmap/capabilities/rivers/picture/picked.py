"""Reaches that are picked: a broad line in the colour of what is chosen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QPainter

from gridmap.map.surface import make_pen, to_polygon
from gridmap.map.theme import faded
from gridmap.map.viewport import Viewport
from gridmap.map.water_picture import Points, pixels_of

_INK: Final = "#d8660a"
_WIDTH: Final = 7.0


def paint_picked(painter: QPainter, viewport: Viewport, lines: Sequence[Points]) -> None:
    """Paint these lines, shapes (n, 2), metres of EPSG:3857."""
    painter.save()
    painter.setPen(make_pen(faded(_INK, 0.75), _WIDTH))
    for line in lines:
        painter.drawPolyline(to_polygon(pixels_of(viewport, line)))
    painter.restore()
