"""Areas: fill, hatch, outline."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from gridmap.core.declaration import Symbol
from gridmap.map import raster
from gridmap.map.painters.hatches import paint_hatch
from gridmap.map.source import MapLayer
from gridmap.map.surface import Polygons, Surface
from gridmap.map.theme import colour, faded
from gridmap.map.trace import Trace, trace

_CHUNK: Final = 500
_TINT: Final = 0.10  # how much of the hatch's colour lies flat below it


def paint_polygons(layer: MapLayer, surface: Surface) -> bool:
    """Draw the areas in sight: first every fill, then every border once."""
    reach = layer.view.symbol.width * surface.viewport.resolution
    chosen = layer.inside(surface.viewport.extent, reach)
    if len(chosen) == 0:
        return False
    if raster.suits_areas(layer, chosen, surface):
        raster.paint_areas(layer, chosen, surface)
        return True
    large, specks = _by_size(layer, chosen, surface)
    outlines = trace(layer, large, surface)
    surface.check()
    _fill(layer, large, outlines, surface)
    if layer.view.symbol.hatch != "none":
        paint_hatch(layer.view.symbol, outlines, surface)
    _specks(layer, specks, surface)
    _stroke(layer, outlines, surface)
    return True


def fill_colours(layer: MapLayer) -> tuple[QColor, ...]:
    """The fills in use, in the order of the palette; one when features do not differ."""
    if layer.fills is not None:
        return tuple(colour(text) for text in layer.palette)
    fill = plain_fill(layer.view.symbol)
    return () if fill is None else (fill,)


def plain_fill(symbol: Symbol) -> QColor | None:
    """The flat colour of an area: a hatched one has only a tint of it; None for no fill."""
    if symbol.fill is None:
        return None
    return faded(symbol.fill, _TINT) if symbol.hatch != "none" else colour(symbol.fill)


def _by_size(
    layer: MapLayer, chosen: NDArray[np.intp], surface: Surface
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Features worth an outline, and those smaller than a physical pixel."""
    if surface.image is None:
        return chosen, chosen[:0]
    bounds = layer.bounds[chosen]
    size = (bounds[:, 2:] - bounds[:, :2]).max(axis=1)
    small = size * surface.scale < surface.viewport.resolution
    return chosen[~small], chosen[small]


def _fill(layer: MapLayer, chosen: NDArray[np.intp], outlines: Trace, surface: Surface) -> None:
    inks = fill_colours(layer)
    if not inks:
        return
    painter, polygons = surface.painter, Polygons()
    painter.setPen(Qt.PenStyle.NoPen)
    kinds = layer.fills[chosen] if layer.fills is not None else np.zeros(len(chosen), np.int16)
    draw, even_odd = painter.drawPolygon, Qt.FillRule.OddEvenFill
    xy, rings, features = outlines.xy, outlines.rings.tolist(), outlines.features.tolist()
    for kind, ink in enumerate(inks):
        painter.setBrush(ink)
        members = np.flatnonzero(kinds == kind).tolist()
        for count, at in enumerate(members):
            if count % _CHUNK == 0:
                surface.check()
            first, last = features[at], features[at + 1]
            if last - first == 1:
                points = xy[rings[first] : rings[last]]
            elif last > first:
                points = one_ring(xy, rings[first : last + 1])
            else:
                continue
            if len(points) > 2:  # noqa: PLR2004  an area has three corners
                draw(polygons.of(points), even_odd)


def one_ring(xy: NDArray[np.float64], rings: list[int]) -> NDArray[np.float64]:
    """Several closed rings as one: the way to each and back again cancels when filled.

    Filled by the odd-even rule this draws holes and parts in a single call.
    """
    starts = xy[[start for start, stop in pairwise(rings) if stop > start]]
    return np.concatenate((xy[rings[0] : rings[-1]], starts[-2::-1]))


def _specks(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> None:
    """Features smaller than a pixel: one dot each, all in one call."""
    symbol = layer.view.symbol
    ink = symbol.line or symbol.fill
    if len(chosen) == 0 or ink is None:
        return
    bounds = layer.bounds[chosen]
    centres = surface.to_px((bounds[:, :2] + bounds[:, 2:]) / 2.0)
    surface.painter.setPen(surface.pen(ink, 1.0 / surface.scale))
    surface.painter.drawPoints(Polygons().of(np.unique(np.floor(centres), axis=0) + 0.5))


def _stroke(layer: MapLayer, outlines: Trace, surface: Surface) -> None:
    symbol = layer.view.symbol
    if symbol.line is None or symbol.width <= 0 or colour(symbol.line).alpha() == 0:
        return
    painter, polygons = surface.painter, Polygons()
    painter.setPen(surface.pen(symbol.line, symbol.width, symbol.dash))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw, xy = painter.drawPolyline, outlines.xy
    firsts, lasts = outlines.runs()
    pairs = zip(firsts.tolist(), lasts.tolist(), strict=True)
    for count, (first, last) in enumerate(pairs):
        if count % _CHUNK == 0:
            surface.check()
        draw(polygons.of(xy[first:last]))
