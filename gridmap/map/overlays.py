"""What lies over the finished picture and changes without drawing it anew.

The painter works in device-independent pixels of the viewport.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gridmap.core.declaration import Geometry
from gridmap.map.fonts import font
from gridmap.map.mercator import ground_factor
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef, MapState, Pin, Sketch
from gridmap.map.surface import Surface, make_pen, to_polygon
from gridmap.map.theme import ACCENT, PAPER, TEXT, colour, faded
from gridmap.map.trace import trace
from gridmap.map.viewport import Viewport

_SELECTED: Final = 3.0
_HOVER: Final = 1.8


def paint_overlays(painter: QPainter, state: MapState, layers: Sequence[MapLayer]) -> None:
    """Hover, selection, sketch and pin, in that order."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state.hover is not None and state.hover not in state.selection:
        paint_features(painter, state.viewport, layers, [state.hover], _HOVER, filled=False)
    paint_features(painter, state.viewport, layers, state.selection, _SELECTED, filled=True)
    if state.sketch is not None:
        paint_sketch(painter, state.viewport, state.sketch)
    if state.pin is not None:
        paint_pin(painter, state.viewport, state.pin)


def paint_features(
    painter: QPainter,
    viewport: Viewport,
    layers: Sequence[MapLayer],
    features: Iterable[FeatureRef],
    width: float,
    *,
    filled: bool,
) -> None:
    """Draw features again in the accent colour: white below, so that it shows everywhere."""
    for feature in features:
        for layer in layers:
            if layer.layer_id == feature.layer_id and feature.key in layer.positions:
                path = feature_path(layer, layer.positions[feature.key], viewport)
                area = layer.geometry is not Geometry.LINE and filled
                painter.setBrush(faded(ACCENT, 0.12) if area else Qt.BrushStyle.NoBrush)
                painter.setPen(make_pen(faded(PAPER, 0.9), width + 2.4))
                painter.drawPath(path)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(make_pen(colour(ACCENT), width))
                painter.drawPath(path)
                break


def feature_path(layer: MapLayer, position: int, viewport: Viewport) -> QPainterPath:
    """One feature as a path in device-independent pixels, cut to the surroundings."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    if layer.geometry is Geometry.POINT:
        x, y = viewport.to_px(*layer.xy[layer.rings[layer.features[position]]])
        radius = layer.view.symbol.size / 2.0 + 3.0
        path.addEllipse(QPointF(x, y), radius, radius)
        return path
    # No image: unrounded; the pixels of the ratio are undone below.
    outlines = trace(layer, np.array([position]), Surface(QPainter(), viewport))
    places = outlines.xy / viewport.ratio
    step = np.abs(np.diff(places, axis=0, prepend=places[:1] - 9)).max(axis=1) if len(places) else 0
    for start, stop in zip(outlines.rings[:-1], outlines.rings[1:], strict=True):
        ring = places[start:stop][np.asarray(step)[start:stop] > 1e-9]  # noqa: PLR2004
        path.addPolygon(to_polygon(ring))
    return path


def paint_pin(painter: QPainter, viewport: Viewport, pin: Pin) -> None:
    """The pin with its tip at the place, and the circle within which the place may lie."""
    x, y = viewport.px_of(pin.lon, pin.lat)
    if pin.accuracy_m > 0:
        northing = viewport.to_map(x, y)[1]
        radius = pin.accuracy_m / ground_factor(northing) / viewport.resolution
        edge = QPen(faded(ACCENT, 0.7), 1.2)
        edge.setDashPattern([4.0, 3.0])
        painter.setPen(edge)
        painter.setBrush(faded(ACCENT, 0.14))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    head = QPointF(x, y - 21.0)
    shape = QPainterPath(QPointF(x, y))
    shape.cubicTo(QPointF(x - 3, y - 8), QPointF(x - 10, y - 12), QPointF(x - 10, head.y()))
    shape.arcTo(QRectF(x - 10, head.y() - 10, 20, 20), 180, -180)
    shape.cubicTo(QPointF(x + 10, y - 12), QPointF(x + 3, y - 8), QPointF(x, y))
    painter.setPen(make_pen(colour(PAPER), 1.6))
    painter.setBrush(colour(ACCENT))
    painter.drawPath(shape)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(PAPER))
    painter.drawEllipse(head, 4.2, 4.2)


def paint_sketch(painter: QPainter, viewport: Viewport, sketch: Sketch) -> None:
    """The path or area being measured, its corners and its text."""
    corners = [QPointF(*viewport.px_of(*place)) for place in sketch.places]
    if not corners:
        return
    line = QPolygonF(corners)
    for pen in (make_pen(faded(PAPER, 0.9), 4.4), make_pen(colour(ACCENT), 2.0)):
        painter.setPen(pen)
        if sketch.closed:
            painter.setBrush(faded(ACCENT, 0.10))
            painter.drawPolygon(line)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(line)
    painter.setPen(make_pen(colour(ACCENT), 1.6))
    painter.setBrush(colour(PAPER))
    for corner in corners:
        painter.drawEllipse(corner, 3.4, 3.4)
    if sketch.text:
        _tag(painter, corners[-1], sketch.text)


def _tag(painter: QPainter, at: QPointF, text: str) -> None:
    letters = font(12)
    painter.setFont(letters)
    width = QFontMetricsF(letters).horizontalAdvance(text) + 14
    box = QRectF(at.x() + 10, at.y() - 30, width, 22)
    painter.setPen(make_pen(colour(ACCENT), 1.0))
    painter.setBrush(faded(PAPER, 0.95))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colour(TEXT))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_box(painter: QPainter, box: QRectF) -> None:
    """The rectangle that is about to be zoomed to."""
    painter.setPen(make_pen(colour(ACCENT), 1.2))
    painter.setBrush(faded(ACCENT, 0.10))
    painter.drawRect(box)


def paint_focus(painter: QPainter, room: QRectF) -> None:
    """The map is used by keys: a ring around it, and a cross where Enter asks."""
    middle, arm = room.center(), 9.0
    cross = [
        (QPointF(middle.x() - arm, middle.y()), QPointF(middle.x() + arm, middle.y())),
        (QPointF(middle.x(), middle.y() - arm), QPointF(middle.x(), middle.y() + arm)),
    ]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (make_pen(faded(PAPER, 0.9), 4.0), make_pen(colour(ACCENT), 2.0)):
        painter.setPen(pen)
        for start, end in cross:
            painter.drawLine(start, end)
        painter.drawRect(room.adjusted(1.0, 1.0, -1.0, -1.0))
