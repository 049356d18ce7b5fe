"""Hatches, as lines and dots cut to the area: sharp on every screen and a vector on paper.

The pattern hangs on the map, not on the picture, so that neighbouring areas continue it and
it does not swim while the map is dragged.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath

from gridmap.core.declaration import Symbol
from gridmap.map.surface import Polygons, Surface, to_polygon
from gridmap.map.trace import Trace

_SPACING: Final = 10.0  # declared pixels between lines, measured along x
_WIDTH: Final = 1.0


def paint_hatch(symbol: Symbol, outlines: Trace, surface: Surface) -> None:
    """Draw the symbol's hatch in its fill colour over every feature of `outlines`."""
    for at in range(len(outlines.features) - 1):
        surface.check()
        area = _path(outlines, at)
        box = area.boundingRect() & surface.frame()
        if not box.isEmpty():
            paint_hatch_in(symbol, area, surface)


def paint_hatch_in(symbol: Symbol, area: QPainterPath, surface: Surface) -> None:
    """Draw the symbol's hatch in one area, a path in physical pixels."""
    ink, painter = symbol.fill or symbol.line, surface.painter
    if ink is None:
        return
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(surface.pen(ink, _WIDTH))
    PATTERNS[symbol.hatch](area.boundingRect(), surface)
    painter.restore()


def _path(outlines: Trace, at: int) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in range(outlines.features[at], outlines.features[at + 1]):
        points = outlines.xy[outlines.rings[ring] : outlines.rings[ring + 1]]
        path.addPolygon(to_polygon(points))
    return path


def _phase(surface: Surface, slope: int) -> tuple[float, float]:
    """Spacing in physical pixels, and where the line through the map's origin meets y = 0."""
    spacing = _SPACING * surface.scale
    x0, y0, k = surface.transform
    return spacing, float((-x0 * k + slope * y0 * k) % spacing)


def _slanted(box: QRectF, surface: Surface, slope: int) -> None:
    """Lines x = c - slope * y, which rise to the right for slope 1."""
    spacing, phase = _phase(surface, slope)
    ends = sorted((slope * box.top(), slope * box.bottom()))
    first = np.floor((box.left() + ends[0] - phase) / spacing)
    last = np.ceil((box.right() + ends[1] - phase) / spacing)
    at = np.arange(first, last + 1) * spacing + phase
    lines = np.empty((len(at), 2, 2))
    lines[:, 0, 1], lines[:, 1, 1] = box.top(), box.bottom()
    lines[:, :, 0] = at[:, None] - slope * lines[:, :, 1]
    _draw_lines(lines, surface)


def _draw_lines(lines: NDArray[np.float64], surface: Surface) -> None:
    polygons = Polygons()
    for line in lines:
        surface.painter.drawPolyline(polygons.of(line))


def _diagonal(box: QRectF, surface: Surface) -> None:
    _slanted(box, surface, 1)


def _back_diagonal(box: QRectF, surface: Surface) -> None:
    _slanted(box, surface, -1)


def _cross(box: QRectF, surface: Surface) -> None:
    _slanted(box, surface, 1)
    _slanted(box, surface, -1)


def _dots(box: QRectF, surface: Surface) -> None:
    spacing = _SPACING * surface.scale
    x0, y0, k = surface.transform
    xs = np.arange(np.floor(box.left() / spacing), np.ceil(box.right() / spacing) + 1) * spacing
    ys = np.arange(np.floor(box.top() / spacing), np.ceil(box.bottom() / spacing) + 1) * spacing
    grid = np.stack(np.meshgrid(xs + (-x0 * k) % spacing, ys + (y0 * k) % spacing), axis=-1)
    pen = surface.painter.pen()
    pen.setWidthF(2.2 * surface.scale)
    surface.painter.setPen(pen)
    surface.painter.drawPoints(to_polygon(grid.reshape(-1, 2)))


PATTERNS: Final[Mapping[str, Callable[[QRectF, Surface], None]]] = MappingProxyType(
    {
        "diagonal": _diagonal,
        "back_diagonal": _back_diagonal,
        "cross": _cross,
        "dots": _dots,
    }
)
