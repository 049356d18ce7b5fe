"""What pictures of traced water share: places, arrows of flow, legend and view below it, paper."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPolygonF

from gridmap.map import mercator
from gridmap.map.fonts import font, load_fonts
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

_EDGE: Final = 14.0  # the legend from the map's edge
_RIGHT: Final = 64.0  # what stays free at the right for buttons or a north arrow
_INNER: Final = 9.0
_LINE: Final = 21.0
_SWATCH: Final = 22.0
_AFTER: Final = 12.0

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


def view_below_legend(extent: Extent, size: tuple[int, int], ratio: float) -> Viewport:
    """The view that shows an extent below the legend; `size` in device-independent pixels."""
    width, height = size
    room = max(height - _LEGEND, height // 2)
    found = Viewport.fitting(extent, width, room, ratio, margin=0.02)
    return found.resized(width, height, ratio).panned(0.0, (height - room) / 2.0)


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour of a legend and what it means."""

    ink: QColor
    text: str


def paint_water_legend(
    painter: QPainter, viewport: Viewport, title: str, swatches: Sequence[Swatch], caption: str = ""
) -> QRectF:
    """The legend at the top left: a caption, then colours in as many lines as they need.

    It lies there, and not above the scale bar, because notes that are wide take a second line.
    Returns its rectangle; the map's buttons and the north arrow are left free.
    """
    letters = font(12)
    painter.setFont(letters)
    advance = QFontMetricsF(letters).horizontalAdvance
    room = viewport.width - _EDGE - _RIGHT - 2 * _INNER
    first = _Cell(title, None, advance(title) + _AFTER)
    cells = [_Cell(s.text, s.ink, _SWATCH + advance(s.text) + _AFTER) for s in swatches]
    lines: list[list[_Cell]] = [[first]]
    for cell in cells:
        if sum(one.width for one in lines[-1]) + cell.width > room and lines[-1]:
            lines.append([])
        lines[-1].append(cell)
    if caption:
        lines.insert(0, [_Cell(caption, None, advance(caption))])
    width = max(sum(cell.width for cell in line) for line in lines) + 2 * _INNER
    box = QRectF(_EDGE, _EDGE, width, len(lines) * _LINE + _INNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(PAPER, 0.92))
    painter.drawRoundedRect(box, 5, 5)
    for row, line in enumerate(lines):
        _legend_line(painter, line, box.left() + _INNER, box.top() + _INNER / 2 + row * _LINE)
    return box


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    ink: QColor | None
    width: float


def _legend_line(painter: QPainter, cells: Sequence[_Cell], x: float, top: float) -> None:
    side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setPen(colour(TEXT))
    for cell in cells:
        start = x
        if cell.ink is not None:
            painter.fillRect(QRectF(x, top + _LINE / 2 - 3, _SWATCH - 4, 6), cell.ink)
            start = x + _SWATCH
        painter.drawText(QRectF(start, top, cell.width + _AFTER, _LINE), side, cell.text)
        x += cell.width


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
