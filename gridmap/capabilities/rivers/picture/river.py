"""A whole river on a small map, for the printed sheet."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gridmap.map.fonts import load_fonts
from gridmap.map.furniture import paint_frame, paint_legend_strip, paint_north
from gridmap.map.overlays import paint_features
from gridmap.map.printing import PRINT_RATIO
from gridmap.map.render import compose, draw_labels, draw_layer, in_drawing_order
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef
from gridmap.map.viewport import Extent, Viewport

SIZE: Final = (658, 206)
_WIDTH: Final = 3.6
_MARGIN: Final = 0.08
_LEAST_M: Final = 800.0


def river_picture(
    layers: Sequence[MapLayer],
    reaches: Sequence[FeatureRef],
    size: tuple[int, int] = SIZE,
    ratio: float = PRINT_RATIO,
) -> QImage:
    """A river with its surroundings; its reaches in the accent colour.

    Needs a QGuiApplication; may run on any thread once the fonts are loaded.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        reaches: the reaches of the river.
        size: width and height in pixels of 96 dpi.
        ratio: physical pixels per such pixel.

    Returns:
        An opaque image of `size` × `ratio` pixels; a null one if no layer holds a reach.
    """
    extent = _extent(layers, reaches)
    if extent is None:
        return QImage()
    load_fonts()
    shown = in_drawing_order(layers)
    viewport = Viewport.fitting(extent, *size, ratio, margin=_MARGIN)
    picture = compose([draw_layer(layer, viewport) for layer in shown], viewport)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(ratio, ratio)
    paint_features(painter, viewport, shown, reaches, _WIDTH, filled=False)
    labels = draw_labels(shown, viewport)
    if labels is not None:
        painter.drawImage(QRectF(0, 0, *size), labels)
    paint_legend_strip(painter, viewport, "")
    paint_north(painter, QPointF(size[0] - 26.0, 32.0), 36.0)
    paint_frame(painter, QRectF(0.5, 0.5, size[0] - 1.0, size[1] - 1.0))
    painter.end()
    return picture


def _extent(layers: Sequence[MapLayer], reaches: Sequence[FeatureRef]) -> Extent | None:
    boxes = [
        layer.bounds[layer.positions[one.key]]
        for one in reaches
        for layer in layers
        if layer.layer_id == one.layer_id and one.key in layer.positions
    ]
    if not boxes:
        return None
    west = min(float(box[0]) for box in boxes)
    south = min(float(box[1]) for box in boxes)
    east = max(float(box[2]) for box in boxes)
    north = max(float(box[3]) for box in boxes)
    wide = max(_LEAST_M - (east - west), 0.0) / 2
    return west - wide, south, east + wide, north
