"""The small map around a place that was asked about, for the printed sheet."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gridmap.map import mercator
from gridmap.map.fonts import font, load_fonts
from gridmap.map.furniture import paint_frame, paint_legend_strip, paint_north
from gridmap.map.overlays import paint_pin
from gridmap.map.printing import PRINT_RATIO
from gridmap.map.render import compose, draw_labels, draw_layer, in_drawing_order, joint_extent
from gridmap.map.source import MapLayer
from gridmap.map.state import Pin
from gridmap.map.theme import ACCENT, PAPER, colour, faded
from gridmap.map.viewport import Extent, Viewport

SHEET_SIZE: Final = (658, 272)
"""Width and height, in pixels of 96 dpi, that fill the width of the printed sheet."""

_HALF_WIDTH_M: Final = 2_200.0
_RADII: Final = 6.0


def map_of_place(
    layers: Sequence[MapLayer],
    lon: float,
    lat: float,
    radius: float,
    size: tuple[int, int] = SHEET_SIZE,
    *,
    ratio: float = PRINT_RATIO,
    label: str = "",
) -> QImage:
    """The surroundings of a place with a pin in the middle, scale bar and north arrow.

    About four kilometres are shown, more for a vague place; a place outside all layers is
    shown together with them. Needs a QGuiApplication; may run on any thread once the fonts
    are loaded.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        lon: degrees of EPSG:4490.
        lat: degrees of EPSG:4490.
        radius: how far off the place may be, in metres; drawn as a circle.
        size: width and height in pixels of 96 dpi.
        ratio: physical pixels per such pixel; 300 dpi by default.
        label: a few words beside the pin; plain text.

    Returns:
        An opaque image of `size` × `ratio` pixels.
    """
    load_fonts()
    shown = in_drawing_order(layers)
    viewport = Viewport.fitting(_extent(shown, lon, lat, radius, size), *size, ratio, margin=0.0)
    images = [draw_layer(layer, viewport) for layer in shown]
    picture = compose([*images, draw_labels(shown, viewport)], viewport)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(ratio, ratio)
    paint_pin(painter, viewport, Pin(lon, lat, radius))
    if label:
        _paint_label(painter, viewport, lon, lat, label)
    paint_legend_strip(painter, viewport, "")
    paint_north(painter, QPointF(size[0] - 26.0, 32.0), 36.0)
    paint_frame(painter, QRectF(0.5, 0.5, size[0] - 1.0, size[1] - 1.0))
    painter.end()
    return picture


def _extent(
    layers: Sequence[MapLayer], lon: float, lat: float, radius: float, size: tuple[int, int]
) -> Extent:
    x, y = (float(part) for part in mercator.project(lon, lat))
    half_w = max(_HALF_WIDTH_M, _RADII * radius) / mercator.ground_factor(y)
    half_h = half_w * size[1] / size[0]
    near = x - half_w, y - half_h, x + half_w, y + half_h
    if not any(len(layer) for layer in layers):
        return near
    xmin, ymin, xmax, ymax = joint_extent(layers)
    if near[0] <= xmax and near[2] >= xmin and near[1] <= ymax and near[3] >= ymin:
        return near
    whole = min(xmin, x), min(ymin, y), max(xmax, x), max(ymax, y)
    rim = 0.08 * max(whole[2] - whole[0], whole[3] - whole[1])
    return whole[0] - rim, whole[1] - rim, whole[2] + rim, whole[3] + rim


def _paint_label(painter: QPainter, viewport: Viewport, lon: float, lat: float, label: str) -> None:
    letters = font(12, bold=True)
    x, y = viewport.px_of(lon, lat)
    width = QFontMetricsF(letters).horizontalAdvance(label) + 14
    box = QRectF(x + 14, y - 32, width, 22)
    painter.setPen(colour(ACCENT))
    painter.setBrush(faded(PAPER, 0.93))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(letters)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
