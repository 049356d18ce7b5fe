"""Text that flows over A4 pages: rows of cells, coloured grounds, pictures, a foot per page.

All text is drawn as it is: what comes from data is no markup. Lengths are millimetres, sizes
of letters points; the pages become one PDF at 300 dpi with the font embedded.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from gridmap import shipped

DPI: Final = 300
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARGIN_MM: Final = 18.0
INNER_MM: Final = WIDTH_MM - 2 * MARGIN_MM
BOTTOM_MM: Final = 22.0
FOOT_MM: Final = 13.0
"""The text ends `BOTTOM_MM` above the edge of the page, its foot stands at `FOOT_MM`."""

_FONT_FILE: Final = "GridMapSansSC-Regular.otf"
_FAMILY: Final = "GridMap Sans SC"
_LEADING: Final = 1.32

Draw = Callable[[QPainter], None]
Foot = Callable[["Brush", int, int], None]


@dataclass(frozen=True)
class Style:
    """Letters: size in points, weight, colour."""

    points: float = 10.0
    bold: bool = False
    ink: str = "#22303a"

    def font(self) -> QFont:
        """The shipped font in this style, for 300 dpi."""
        found = QFont(_family())
        found.setPixelSize(round(self.points * DPI / 72.0))
        found.setBold(self.bold)
        found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return found


@dataclass(frozen=True)
class Cell:
    """A text in a column that begins `left` mm from the margin and is `width` mm wide."""

    text: str
    left: float
    width: float
    style: Style = Style()
    align: float = 0.0
    """0 left, 0.5 centred, 1 right."""


class Brush:
    """Draws one page in millimetres from its top left corner."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def text(self, text: str, x: float, baseline: float, style: Style, align: float = 0.0) -> None:
        """One line; `x` is where it begins, is centred or ends, as `align` says."""
        letters = style.font()
        advance = QFontMetricsF(letters).horizontalAdvance(text)
        self._painter.setFont(letters)
        self._painter.setPen(QColor(style.ink))
        self._painter.drawText(QPointF(dots(x) - align * advance, dots(baseline)), text)

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self._painter.fillRect(_rect(x, y, width, height), QColor(colour))

    def line(self, x: float, y: float, width: float, colour: str, thick: float = 0.2) -> None:
        """A horizontal line."""
        pen = QPen(QColor(colour))
        pen.setWidthF(dots(thick))
        self._painter.setPen(pen)
        self._painter.drawLine(QPointF(dots(x), dots(y)), QPointF(dots(x + width), dots(y)))

    def frame(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A rectangle's outline."""
        pen = QPen(QColor(colour))
        pen.setWidthF(dots(0.3))
        self._painter.setPen(pen)
        self._painter.drawRect(_rect(x, y, width, height))

    def image(self, picture: QImage, x: float, y: float, width: float, height: float) -> None:
        """A picture, scaled to the rectangle."""
        self._painter.drawImage(_rect(x, y, width, height), picture)


class Paper:
    """Pages that fill from top to bottom. Needs a QGuiApplication; may live on any thread."""

    def __init__(self) -> None:
        self._pages: list[list[Callable[[Brush], None]]] = [[]]
        self.y = MARGIN_MM
        """Where the next thing begins, in mm from the top of the page."""

    @property
    def page_count(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    @property
    def room(self) -> float:
        """How much of the page is left, in mm."""
        return HEIGHT_MM - BOTTOM_MM - self.y

    def draw(self, what: Callable[[Brush], None]) -> None:
        """Draw something on this page when it is written."""
        self._pages[-1].append(what)

    def skip(self, height: float) -> None:
        """Leave `height` mm empty; nothing at the top of a page."""
        if self.y > MARGIN_MM:
            self.y += height

    def need(self, height: float) -> None:
        """Go to a new page unless `height` mm are left on this one."""
        if height > self.room and self.y > MARGIN_MM:
            self._pages.append([])
            self.y = MARGIN_MM

    def row(
        self,
        cells: Sequence[Cell],
        *,
        pad: float = 0.9,
        ground: str | None = None,
        edge: str | None = None,
    ) -> None:
        """Cells beside each other, as high as the longest; a row too long goes on overleaf.

        Args:
            cells: with any amount of text.
            pad: mm left above and below.
            ground: colour below the whole width.
            edge: colour of a bar at the left of the ground.
        """
        columns = [wrapped(cell.text, cell.style, cell.width) for cell in cells]
        heights = [cell.style.points * _LEADING * 25.4 / 72.0 for cell in cells]
        leading = max(heights, default=0.0)
        count = max((len(lines) for lines in columns), default=0)
        if count * leading + 2 * pad <= HEIGHT_MM - MARGIN_MM - BOTTOM_MM:
            self.need(count * leading + 2 * pad)
        self._strip(pad, ground, edge)
        for number in range(count):
            self.need(leading + pad)
            top = self.y
            self._strip(leading, ground, edge)
            for cell, lines in zip(cells, columns, strict=True):
                if number < len(lines) and lines[number]:
                    self._put(cell, lines[number], top + leading * 0.76)
        self._strip(pad, ground, edge)

    def rule(self, colour: str, thick: float = 0.2) -> None:
        """A line across."""
        y = self.y
        self.draw(lambda brush: brush.line(MARGIN_MM, y, INNER_MM, colour, thick))

    def picture(self, image: QImage, most_height: float) -> None:
        """A picture across, or as wide as `most_height` mm allow, centred."""
        width = min(INNER_MM, most_height * image.width() / image.height())
        height = width * image.height() / image.width()
        self.need(height)
        x, y = (WIDTH_MM - width) / 2.0, self.y
        self.draw(lambda brush: brush.image(image, x, y, width, height))
        self.y += height

    def pdf(self, title: str, foot: Foot) -> bytes:
        """All pages as one PDF file; `foot` draws each page's foot: brush, page, pages."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(DPI)
        size = QPageSize(QSizeF(WIDTH_MM, HEIGHT_MM), QPageSize.Unit.Millimeter)
        writer.setPageSize(size)
        writer.setPageMargins(QMarginsF())
        writer.setTitle(title)
        writer.setCreator("GridMap 网格河长一张图")
        painter = QPainter(writer)
        for number in range(self.page_count):
            if number:
                writer.newPage()
            self._paint(painter, number, foot)
        painter.end()
        buffer.close()
        return bytes(buffer.data().data())

    def png(self, foot: Foot) -> bytes:
        """All pages as one PNG picture, one below the other; `foot` as in `pdf`."""
        height = round(dots(HEIGHT_MM))
        picture = _white(height * self.page_count, DPI)
        painter = QPainter(picture)
        for number in range(self.page_count):
            painter.resetTransform()
            painter.translate(0, number * height)
            self._paint(painter, number, foot)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # A writer of its own: the stubs of QImage.save want bytes, its code wants a text.
        QImageWriter(buffer, QByteArray(b"png")).write(picture)
        buffer.close()
        return bytes(buffer.data().data())

    def images(self, foot: Foot, dpi: int = DPI) -> list[QImage]:
        """A picture of each page at `dpi`; `foot` as in `pdf`."""
        found = []
        for number in range(self.page_count):
            picture = _white(round(dots(HEIGHT_MM) * dpi / DPI), dpi)
            painter = QPainter(picture)
            painter.scale(dpi / DPI, dpi / DPI)
            self._paint(painter, number, foot)
            painter.end()
            found.append(picture)
        return found

    def _paint(self, painter: QPainter, number: int, foot: Foot) -> None:
        """One page, numbered from 0."""
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        brush = Brush(painter)
        for what in self._pages[number]:
            what(brush)
        foot(brush, number + 1, self.page_count)

    def _strip(self, height: float, ground: str | None, edge: str | None) -> None:
        y = self.y
        if ground is not None:
            # A hair more than its height: no light line between strips.
            self.draw(lambda brush: brush.fill(MARGIN_MM, y, INNER_MM, height + 0.05, ground))
        if edge is not None:
            self.draw(lambda brush: brush.fill(MARGIN_MM, y, 1.2, height + 0.05, edge))
        self.y += height

    def _put(self, cell: Cell, line: str, baseline: float) -> None:
        x = MARGIN_MM + cell.left + cell.align * cell.width
        self.draw(lambda brush: brush.text(line, x, baseline, cell.style, cell.align))


def _white(height: int, dpi: int) -> QImage:
    """An empty picture as wide as a page at `dpi`."""
    picture = QImage(round(dots(WIDTH_MM) * dpi / DPI), height, QImage.Format.Format_RGB32)
    picture.setDotsPerMeterX(round(dpi / 0.0254))
    picture.setDotsPerMeterY(round(dpi / 0.0254))
    picture.fill(QColor("#ffffff"))
    return picture


def dots(mm: float) -> float:
    """Millimetres as dots of the page."""
    return mm * DPI / 25.4


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """A text as lines no wider than `width` mm; words too long are broken anywhere."""
    clean = plain(text)
    if not clean:
        return []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(clean, style.font())
    layout.setTextOption(option)
    lines: list[str] = []
    # Qt counts UTF-16 units, Python characters: rare ones take two units.
    units = clean.encode("utf-16-le")
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(dots(width))
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        lines.append(units[start:end].decode("utf-16-le", errors="replace").strip())
        line = layout.createLine()
    layout.endLayout()
    return lines


def shortened(text: str, style: Style, width: float) -> str:
    """A text on one line no wider than `width` mm, with an ellipsis where it was cut."""
    lines = wrapped(text, style, width)
    return lines[0] + "…" if len(lines) > 1 else "".join(lines)


def plain(text: str) -> str:
    """Without control characters: line breaks become spaces, marks of direction vanish."""
    kinds = ((character, unicodedata.category(character)) for character in text)
    return "".join(
        " " if kind in {"Cc", "Zl", "Zp"} else character
        for character, kind in kinds
        if kind not in {"Cf", "Cs"}
    ).strip()


def _rect(x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(dots(x), dots(y), dots(width), dots(height))


def _family() -> str:
    """The shipped font, registered once; the system's own where the file is missing."""
    if _FAMILY not in QFontDatabase.families():
        path = shipped.resource("fonts", _FONT_FILE)
        if not path.is_file() or QFontDatabase.addApplicationFont(str(path)) < 0:
            return QFont().defaultFamily()
    return _FAMILY
