"""Points: markers stamped from the atlas; of those on one pixel only the uppermost."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF

from gridmap.map.faces import Face
from gridmap.map.painters.markers import draw_marker, stamp
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface

_CHUNK: Final = 2_000


def paint_points(layer: MapLayer, surface: Surface) -> bool:
    """Draw the points in sight, in the order of the rows; later ones lie above."""
    symbol = layer.view.symbol
    chosen = layer.inside(surface.viewport.extent, symbol.size * surface.viewport.resolution)
    if len(chosen) == 0:
        return False
    starts = layer.rings[layer.features[chosen]]
    px = surface.to_px(layer.xy[starts])
    fills = np.zeros(len(chosen), np.int16) if layer.fills is None else layer.fills[chosen]
    if surface.image is not None:
        px = np.rint(px)
        keep = _uppermost(px)
        px, fills = px[keep], fills[keep]
    faces = _faces(layer)
    draw = _stamp_all if surface.image is not None else _draw_all
    draw(layer, surface, px.tolist(), [faces[fill] for fill in fills.tolist()])
    return True


def _faces(layer: MapLayer) -> tuple[Face, ...]:
    """What `fills` points into; without it, the symbol's own look."""
    if layer.fills is None:
        return (Face(layer.view.symbol.fill),)
    return layer.faces or tuple(Face(fill) for fill in layer.palette)


def _uppermost(
    px: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Positions of the last point on each pixel, rising."""
    _, last = np.unique(px[::-1], axis=0, return_index=True)
    found: np.ndarray[tuple[int, ...], np.dtype[np.intp]] = np.sort(len(px) - 1 - last)
    return found


def _stamp_all(
    layer: MapLayer, surface: Surface, places: list[list[float]], faces: list[Face]
) -> None:
    stamps = {face: stamp(layer.view.symbol, face, surface.scale) for face in set(faces)}
    draw = surface.painter.drawImage
    for count, ((x, y), face) in enumerate(zip(places, faces, strict=True)):
        if count % _CHUNK == 0:
            surface.check()
        image = stamps[face]
        draw(QPointF(x - image.width() / 2.0, y - image.height() / 2.0), image)


def _draw_all(
    layer: MapLayer, surface: Surface, places: list[list[float]], faces: list[Face]
) -> None:
    painter = surface.painter
    for (x, y), face in zip(places, faces, strict=True):
        painter.save()
        painter.translate(x, y)
        draw_marker(painter, layer.view.symbol, face, surface.scale)
        painter.restore()
