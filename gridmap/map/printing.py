"""The map on paper: the painters of the screen on an A4 or A3 page, as PNG or PDF.

A PDF keeps outlines and texts as vectors with the font embedded. Lengths in the layout are
pixels of 96 dpi, as in the declarations; the page's resolution is the viewport's ratio.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from gridmap.map.fonts import font, load_fonts
from gridmap.map.furniture import paint_frame, paint_north, scale_bar, scale_text
from gridmap.map.legend import in_legend, paint_legend
from gridmap.map.painters import paint_layer
from gridmap.map.painters.labels import paint_labels
from gridmap.map.render import in_drawing_order, joint_extent
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface, make_pen
from gridmap.map.theme import GROUND, PAPER, QUIET, TEXT, WARN, colour
from gridmap.map.viewport import Extent, Viewport
from gridmap.texts import GridMapError, t

Paper = Literal["A4", "A3"]

PRINT_RATIO: Final = 300.0 / 96.0
"""Pixels of a printed picture per pixel of the screen (300 against 96 dpi)."""

PAPERS: Final[tuple[Paper, ...]] = ("A4", "A3")

DPI: Final = 300
_SIZES_MM: Final[dict[Paper, tuple[float, float]]] = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
_PX_PER_MM: Final = 96.0 / 25.4
_MARGIN: Final = 38.0
_HEAD: Final = 44.0
_FOOT: Final = 34.0
_LEGEND: Final = 176.0
_GAP: Final = 16.0


class PrintError(GridMapError):
    """A page that cannot be written, with the reason."""


@dataclass(frozen=True)
class Sheet:
    """One page.

    Attributes:
        title: the heading.
        layers: the views to show; hidden ones are left out by the caller.
        date: the day that stands on the page.
        extent: what the map shows at least, metres EPSG:3857; None: all layers.
        paper: A4 or A3, landscape.
        example: whether "example data" is said on the page.
        classes: colour and meaning of recoloured areas, for the legend.
        notes: more lines for the foot, such as editions of the data.
        ground: a picture under the layers (base map) made for `map_viewport`, or None.
        attribution: who made the base map.
    """

    title: str
    layers: Sequence[MapLayer]
    date: dt.date
    extent: Extent | None = None
    paper: Paper = "A4"
    example: bool = False
    classes: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    ground: QImage | None = None
    attribution: str = ""


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write the page to `path`, PNG (300 dpi) or PDF by its suffix. Needs a QGuiApplication.

    Raises:
        PrintError: another suffix, or the file cannot be written.
    """
    writers = {".png": _write_png, ".pdf": _write_pdf}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise PrintError("map.error.print_format", path=path)
    try:
        path.touch()
    except OSError as error:
        raise PrintError("map.error.print_write", path=path, reason=error.strerror) from error
    write(sheet, path)


def render_sheet(sheet: Sheet, dpi: int = DPI) -> QImage:
    """The page as an opaque image at `dpi`, for preview and PNG."""
    load_fonts()
    ratio = dpi / 96.0
    width, height = _page(sheet.paper)
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.fill(colour(PAPER))
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    painter = QPainter(image)
    _paint(sheet, painter, ratio, image)
    painter.end()
    return image


def map_viewport(sheet: Sheet, dpi: int = DPI) -> Viewport:
    """The viewport of the page's map."""
    box = _map_box(sheet.paper)
    extent = sheet.extent or joint_extent(sheet.layers)
    return Viewport.fitting(extent, int(box.width()), int(box.height()), dpi / 96.0, margin=0.02)


def _write_png(sheet: Sheet, path: Path) -> None:
    if not render_sheet(sheet).save(str(path), "PNG"):  # type: ignore[call-overload]
        raise PrintError("map.error.print_write", path=path, reason="PNG")


def _write_pdf(sheet: Sheet, path: Path) -> None:
    load_fonts()
    width, height = _SIZES_MM[sheet.paper]
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    size = QPageSize(QSizeF(height, width), QPageSize.Unit.Millimeter)
    layout = QPageLayout(size, QPageLayout.Orientation.Landscape, QMarginsF())
    writer.setPageLayout(layout)
    writer.setTitle(sheet.title)
    writer.setCreator("GridMap 网格河长一张图")
    painter = QPainter()
    if not painter.begin(writer):
        raise PrintError("map.error.print_write", path=path, reason="PDF")
    _paint(sheet, painter, DPI / 96.0, None)
    if not painter.end():
        raise PrintError("map.error.print_write", path=path, reason="PDF")


def _page(paper: Paper) -> tuple[float, float]:
    width, height = _SIZES_MM[paper]
    return width * _PX_PER_MM, height * _PX_PER_MM


def _map_box(paper: Paper) -> QRectF:
    width, height = _page(paper)
    return QRectF(
        _MARGIN,
        _MARGIN + _HEAD,
        width - 2 * _MARGIN - _LEGEND - _GAP,
        height - 2 * _MARGIN - _HEAD - _FOOT,
    )


def _paint(sheet: Sheet, painter: QPainter, ratio: float, image: QImage | None) -> None:
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    viewport = map_viewport(sheet, round(ratio * 96.0))
    surface = Surface(painter, viewport, image=image)
    _paint_map(sheet, surface)
    painter.save()
    painter.scale(ratio, ratio)
    _paint_head(sheet, painter)
    _paint_foot(sheet, painter, viewport)
    box = _map_box(sheet.paper)
    paint_frame(painter, box)
    paint_north(painter, QPointF(box.right() - 30, box.top() + 38), 44)
    painter.restore()
    legend = QRectF(box.right() + _GAP, box.top(), _LEGEND, box.height())
    place = QRectF(legend.topLeft() * ratio, legend.size() * ratio)
    paint_legend(surface, in_legend(sheet.layers, viewport), place, sheet.classes)


def _paint_map(sheet: Sheet, surface: Surface) -> None:
    painter, k = surface.painter, surface.scale
    box = _map_box(sheet.paper)
    painter.save()
    painter.translate(box.left() * k, box.top() * k)
    frame = QRectF(0, 0, box.width() * k, box.height() * k)
    painter.setClipRect(frame)
    painter.fillRect(frame, colour(GROUND))
    if sheet.ground is not None:
        painter.drawImage(frame, sheet.ground, QRectF(sheet.ground.rect()))
    layers = in_drawing_order(sheet.layers)
    for layer in layers:
        paint_layer(layer, surface)
    paint_labels(layers, surface)
    painter.restore()


def _paint_head(sheet: Sheet, painter: QPainter) -> None:
    width, _ = _page(sheet.paper)
    line = QRectF(_MARGIN, _MARGIN, width - 2 * _MARGIN, _HEAD - 12)
    painter.setPen(colour(TEXT))
    painter.setFont(font(22, bold=True))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, sheet.title)
    painter.setFont(font(12))
    date = t("map.print.date", date=sheet.date.isoformat())
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, date)
    if sheet.example:
        painter.setPen(colour(WARN))
        painter.setFont(font(13, bold=True))
        right = line.adjusted(0, 0, -160, 0)
        note = t("map.note.example")
        painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, note)


def _paint_foot(sheet: Sheet, painter: QPainter, viewport: Viewport) -> None:
    box = _map_box(sheet.paper)
    width, _ = _page(sheet.paper)
    bar, length = scale_bar(viewport, 120.0)
    y = box.bottom() + 18
    painter.setPen(make_pen(colour(TEXT), 1.2))
    painter.setBrush(colour(TEXT))
    painter.drawRect(QRectF(box.left(), y, bar / 2, 4))
    painter.setBrush(colour(PAPER))
    painter.drawRect(QRectF(box.left() + bar / 2, y, bar / 2, 4))
    painter.setFont(font(11))
    text = f"{length}        {t('map.print.scale', scale=scale_text(viewport))}"
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRectF(box.left() + bar + 8, y - 8, 400, 20), left, text)
    notes = [t("map.note.boundaries"), t("map.print.projection"), *sheet.notes]
    if sheet.attribution:
        notes.append(t("map.print.basemap", attribution=sheet.attribution))
    painter.setPen(colour(QUIET))
    line = QRectF(_MARGIN, y - 8, width - 2 * _MARGIN, 20)
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(line, right, "  ·  ".join(notes))
