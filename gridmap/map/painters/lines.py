"""Lines: casings first, then the lines themselves, so that crossings join."""

from typing import Final

from PySide6.QtCore import Qt

from gridmap.core.declaration import Symbol
from gridmap.map import raster
from gridmap.map.source import MapLayer
from gridmap.map.surface import Polygons, Surface
from gridmap.map.theme import colour
from gridmap.map.trace import Trace, trace

_CHUNK: Final = 500


def paint_lines(layer: MapLayer, surface: Surface) -> bool:
    """Draw the lines in sight."""
    symbol = layer.view.symbol
    strokes = strokes_of(symbol)
    reach = max(symbol.width, symbol.casing_width) * surface.viewport.resolution
    chosen = layer.inside(surface.viewport.extent, reach)
    if len(chosen) == 0 or not strokes:
        return False
    if raster.suits_lines(layer, chosen, surface):
        raster.paint_lines(layer, chosen, surface)
        return True
    outlines = trace(layer, chosen, surface)
    for ink, width in strokes:
        dash = symbol.dash if ink == symbol.line else ()
        surface.painter.setPen(surface.pen(ink, width, dash))
        _draw(outlines, surface)
    return True


def strokes_of(symbol: Symbol) -> list[tuple[str, float]]:
    """Colour and width of each pass, lowest first; what is invisible is left out."""
    passes = [(symbol.casing, symbol.casing_width), (symbol.line, symbol.width)]
    return [(ink, width) for ink, width in passes if ink and width > 0 and colour(ink).alpha()]


def _draw(outlines: Trace, surface: Surface) -> None:
    polygons, draw, xy = Polygons(), surface.painter.drawPolyline, outlines.xy
    surface.painter.setBrush(Qt.BrushStyle.NoBrush)
    firsts, lasts = outlines.runs()
    pairs = zip(firsts.tolist(), lasts.tolist(), strict=True)
    for count, (first, last) in enumerate(pairs):
        if count % _CHUNK == 0:
            surface.check()
        draw(polygons.of(xy[first:last]))
