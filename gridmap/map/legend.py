"""The legend: a swatch per view, drawn by the same rules as the map."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from gridmap.core.declaration import Geometry, View
from gridmap.map.faces import Face
from gridmap.map.fonts import font
from gridmap.map.painters.hatches import paint_hatch_in
from gridmap.map.painters.lines import strokes_of
from gridmap.map.painters.markers import draw_marker
from gridmap.map.painters.polygons import plain_fill
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface
from gridmap.map.theme import QUIET, TEXT, colour
from gridmap.map.viewport import Viewport
from gridmap.texts import pick, t

ROW: Final = 21.0
_SWATCH: Final = (24.0, 13.0)
_LARGEST: Final = 15.0  # marker in a row


def paint_swatch(surface: Surface, view: View, geometry: Geometry, box: QRectF) -> None:
    """One view's symbol in `box`, physical pixels of `surface`."""
    symbol, painter = view.symbol, surface.painter
    if geometry is Geometry.POINT:
        painter.save()
        painter.translate(box.center())
        fitting = symbol.model_copy(update={"size": min(symbol.size, _LARGEST)})
        draw_marker(painter, fitting, Face(symbol.fill), surface.scale)
        painter.restore()
        return
    if geometry is Geometry.LINE:
        wave = QPolygonF(
            [
                QPointF(box.left(), box.bottom() - 0.2 * box.height()),
                QPointF(box.left() + 0.4 * box.width(), box.center().y()),
                QPointF(box.left() + 0.6 * box.width(), box.center().y()),
                QPointF(box.right(), box.top() + 0.2 * box.height()),
            ]
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in strokes_of(symbol):
            painter.setPen(surface.pen(ink, width, symbol.dash if ink == symbol.line else ()))
            painter.drawPolyline(wave)
        return
    area = QPainterPath()
    area.addRoundedRect(box, 2 * surface.scale, 2 * surface.scale)
    fill = plain_fill(symbol)
    painter.fillPath(area, fill if fill is not None else Qt.BrushStyle.NoBrush)
    if symbol.hatch != "none":
        paint_hatch_in(symbol, area, surface)
    if symbol.line is not None and symbol.width > 0:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(surface.pen(symbol.line, symbol.width, symbol.dash))
        painter.drawPath(area)


def swatch(view: View, geometry: Geometry, ratio: float = 1.0) -> QImage:
    """A view's symbol as a small image with a transparent ground, for lists and menus."""
    width, height = round(_SWATCH[0]) + 4, round(_SWATCH[1]) + 4
    viewport = Viewport((0.0, 0.0), 1.0, width, height, ratio)
    image = QImage(*viewport.physical_size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    surface = Surface(painter, viewport)
    box = QRectF(2 * ratio, 2 * ratio, _SWATCH[0] * ratio, _SWATCH[1] * ratio)
    paint_swatch(surface, view, geometry, box)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def in_legend(layers: Sequence[MapLayer], viewport: Viewport) -> list[MapLayer]:
    """The views that are seen in `viewport` and have a symbol, uppermost first."""
    return [
        layer
        for layer in sorted(layers, key=lambda layer: -layer.view.order)
        if layer.shown_at(viewport.scale_denominator)
        and len(layer.inside(viewport.extent))
        and (layer.geometry is not Geometry.LINE or strokes_of(layer.view.symbol))
    ]


def paint_legend(
    surface: Surface,
    layers: Sequence[MapLayer],
    box: QRectF,
    classes: Sequence[tuple[str, str]] = (),
) -> None:
    """Heading, one row per view, then `classes` (colour, meaning) of recoloured areas."""
    k, painter = surface.scale, surface.painter
    painter.setFont(font(13 * k, bold=True))
    painter.setPen(colour(TEXT))
    line = QRectF(box.left(), box.top(), box.width(), ROW * k)
    left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, left_middle, t("map.print.legend"))
    y = box.top() + ROW * k * 1.3
    size = QRectF(0, 0, _SWATCH[0] * k, _SWATCH[1] * k)
    for layer in layers:
        if y + ROW * k > box.bottom():
            break
        size.moveTo(box.left(), y + (ROW * k - size.height()) / 2)
        paint_swatch(surface, layer.view, layer.geometry, size)
        _row_text(surface, pick(layer.view.title.as_dict()), box, y)
        y += ROW * k
    for ink, meaning in classes:
        if y + ROW * k > box.bottom():
            break
        size.moveTo(box.left(), y + (ROW * k - size.height()) / 2)
        painter.fillRect(size, colour(ink))
        _row_text(surface, meaning, box, y)
        y += ROW * k


def _row_text(surface: Surface, text: str, box: QRectF, y: float) -> None:
    k = surface.scale
    surface.painter.setFont(font(11.5 * k))
    surface.painter.setPen(colour(TEXT if text else QUIET))
    place = QRectF(box.left() + 34 * k, y, box.width() - 34 * k, ROW * k)
    alignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    surface.painter.drawText(place, alignment, text)
