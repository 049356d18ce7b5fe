"""What pictures of traced water share: places, arrows of flow, the view above the legend, paper."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPolygonF

from gridmap.map import mercator
from gridmap.map.fonts import load_fonts
from gridmap.map.furniture import paint_frame, paint_legend_strip, paint_north
from gridmap.map.render import compose, draw_labels, draw_layer, in_drawing_order
from gridmap.map.source import MapLayer
from gridmap.map.surface import make_pen
from gridmap.map.theme import PAPER, TEXT, colour, faded
from gridmap.map.viewport import Extent, Viewport

_ARROW_EVERY: Final = 85.0
_ARROW_APART: Final = 54.0
_ARROW: Final = 4.2
_LEGEND: Final = 96

Points = NDArray[np.float64]


def xy_of(place: tuple[float, float]) -> tuple[float, float]:
    """Metres of EPSG:3857 of a place in degrees of EPSG:4490 (longitude, latitude)."""
    x, y = mercator.project(*place)
    return float(x), float(y)


def pixels_of(viewport: Viewport, xy: Points) -> Points:
    """Device-independent pixels (n, 2) of places (n, 2) in metres of EPSG:3857."""
    half = np.array([viewport.width / 2.0, viewport.height / 2.0])
    found: Points = (xy - np.array(viewport.centre)) / viewport.resolution * (1.0, -1.0) + half
    return found


def paint_arrows(painter: QPainter, viewport: Viewport, lines: Iterable[Points]) -> None:
    """Arrows along lines of pixels (n, 2) as they run; where many lines meet, only some."""
    taken: set[tuple[int, int]] = set()
    painter.setPen(make_pen(faded(TEXT, 0.8), 0.8))
    painter.setBrush(colour(PAPER))
    for px in lines:
        steps = np.hypot(*np.diff(px, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        for at in np.arange(_ARROW_EVERY / 2, along[-1], _ARROW_EVERY):
            seg = min(int(np.searchsorted(along, at)), len(px) - 1)
            (x0, y0), (x1, y1) = px[seg - 1], px[seg]
            x, y = float(x0 + x1) / 2, float(y0 + y1) / 2
            cell = int(x // _ARROW_APART), int(y // _ARROW_APART)
            inside = 0 <= x <= viewport.width and 0 <= y <= viewport.height
            if inside and cell not in taken:
                taken.add(cell)
                _arrow(painter, x, y, math.atan2(y1 - y0, x1 - x0))


def _arrow(painter: QPainter, x: float, y: float, angle: float) -> None:
    painter.save()
    painter.translate(x, y)
    painter.rotate(math.degrees(angle))
    a = _ARROW
    corners = ((-a, -a), (a * 1.3, 0.0), (-a, a), (-a * 0.3, 0.0))
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    painter.restore()


def view_above_legend(extent: Extent, size: tuple[int, int], ratio: float) -> Viewport:
    """The view that shows an extent above the legend; `size` in device-independent pixels."""
    width, height = size
    room = max(height - _LEGEND, height // 2)
    found = Viewport.fitting(extent, width, room, ratio, margin=0.02)
    return found.resized(width, height, ratio).panned(0.0, -(height - room) / 2.0)


def picture_of(
    layers: Sequence[MapLayer], viewport: Viewport, paint: Callable[[QPainter], None]
) -> QImage:
    """A map with water over it, for paper; may run on any thread once the fonts are loaded.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        viewport: what is seen.
        paint: draws the water and its legend, in device-independent pixels.
    """
    load_fonts()
    shown = in_drawing_order(layers)
    images = [draw_layer(layer, viewport) for layer in shown]
    picture = compose([*images, draw_labels(shown, viewport)], viewport)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(viewport.ratio, viewport.ratio)
    paint(painter)
    paint_legend_strip(painter, viewport, "")
    paint_north(painter, QPointF(viewport.width - 26.0, 32.0), 36.0)
    paint_frame(painter, QRectF(0.5, 0.5, viewport.width - 1.0, viewport.height - 1.0))
    painter.end()
    return picture
