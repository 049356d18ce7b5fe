"""Data and pictures of the series dock as files.

A picture is painted by the widgets themselves, in pixels: pyqtgraph's own SVG export writes seconds
since 1970 with too few digits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from gridmap.capabilities.readings.page.data import STANDING, Course, Panel, Part
from gridmap.capabilities.readings.page.ink import shade
from gridmap.capabilities.readings.page.legend import Entry, paint_legend
from gridmap.capabilities.readings.page.words import full_title, grade_words, item_title, why_words
from gridmap.capabilities.readings.report.table import SeriesBlock
from gridmap.capabilities.readings.work.means import Mode
from gridmap.core.moments import SECOND_US
from gridmap.map.fonts import font
from gridmap.texts import GridMapError, t

PICTURES: Final = (".png", ".svg", ".pdf")
_TITLE_PX: Final = 30.0
_LEGEND_PX: Final = 22.0
_LINE_PX: Final = 19.0
_FIGURES_SIZE: Final = 11
_GAP: Final = "    "
_FOOT_PX: Final = 22.0
_PAD_PX: Final = 12.0
_SHARP: Final = 2
_DPI: Final = 96


class PictureError(GridMapError):
    """A picture that cannot be written: the facts name `file` and why."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What a picture shows.

    Attributes:
        title: above everything.
        example: marks invented data, "" for real ones.
        legend: what explains lines, marks and colours; may be empty.
        foot: sources and zone, below.
        size: of what is drawn, in pixels.
        draw: paints the plots into a place.
        figures: what the figures of a course are of, with titles and figures; of what is drawn.
    """

    title: str
    example: str
    legend: Sequence[Entry]
    foot: str
    size: QSize
    draw: Callable[[QPainter, QRectF], None]
    figures: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()


def write_picture(picture: Picture, path: Path) -> None:
    """Write a PNG (twice as sharp), SVG or PDF by the ending of `path`. On the GUI thread.

    Raises:
        PictureError: `series.error.picture` if the file cannot be written.
    """
    width = picture.size.width() + 2 * _PAD_PX
    height = picture.size.height() + _TITLE_PX + _FOOT_PX + 2 * _PAD_PX
    lines = _figure_lines(picture, width - 2 * _PAD_PX)
    height += _LEGEND_PX * bool(picture.legend) + _LINE_PX * len(lines)
    size = QSizeF(width, height)
    suffix = path.suffix.lower()
    if suffix == ".svg":
        device: QPaintDevice = _svg(path, size)
    elif suffix == ".pdf":
        device = _pdf(path, size)
    else:
        image = QImage((size * _SHARP).toSize(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARP)
        _paint(picture, image, size, path)
        if not image.save(str(path)):
            raise PictureError("series.error.picture", file=path)
        return
    _paint(picture, device, size, path)


def _svg(path: Path, size: QSizeF) -> QSvgGenerator:
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(size.toSize())
    made.setViewBox(QRectF(QPointF(0, 0), size))
    made.setResolution(_DPI)
    return made


def _pdf(path: Path, size: QSizeF) -> QPdfWriter:
    made = QPdfWriter(str(path))
    made.setResolution(_DPI)
    points = size * (72 / _DPI)
    page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    made.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    return made


def _paint(picture: Picture, device: QPaintDevice, size: QSizeF, path: Path) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise PictureError("series.error.picture", file=path)
    try:
        _paint_parts(picture, painter, size)
    finally:
        painter.end()


def _paint_parts(picture: Picture, painter: QPainter, size: QSizeF) -> None:
    painter.fillRect(QRectF(QPointF(0, 0), size), shade("paper"))
    wide = size.width() - 2 * _PAD_PX
    y = _PAD_PX
    _write(painter, QRectF(_PAD_PX, y, wide, _TITLE_PX), picture.title, ("text", 15))
    if picture.example:
        room = QRectF(_PAD_PX, y, wide, _TITLE_PX)
        _write(painter, room, picture.example, ("warn", 12), right=True)
    y += _TITLE_PX
    if picture.legend:
        paint_legend(painter, picture.legend, QPointF(_PAD_PX, y), wide)
        y += _LEGEND_PX
    picture.draw(painter, QRectF(_PAD_PX, y, wide, picture.size.height()))
    y += picture.size.height()
    for text in _figure_lines(picture, wide):
        _write(painter, QRectF(_PAD_PX, y, wide, _LINE_PX), text, ("text", _FIGURES_SIZE))
        y += _LINE_PX
    _write(painter, QRectF(_PAD_PX, y, wide, _FOOT_PX), picture.foot, ("quiet", 11))


def _figure_lines(picture: Picture, wide: float) -> list[str]:
    """The figures in lines that fit: each course begins a line with its name."""
    metrics = QFontMetricsF(font(_FIGURES_SIZE))
    lines = []
    for name, rows in picture.figures:
        line = name
        for title, figure in rows:
            longer = f"{line}{_GAP}{title} {figure}"
            if metrics.horizontalAdvance(longer) > wide:
                lines.append(line)
                longer = f"{_GAP}{title} {figure}"
            line = longer
        lines.append(line)
    return lines


def _write(
    painter: QPainter, room: QRectF, text: str, look: tuple[str, int], *, right: bool = False
) -> None:
    """One line of text, colour and size given, shortened if need be.

    In an SVG it is an outline: its reader hardly has the font, and long lines of Chinese and
    Latin letters would run into each other in another one.
    """
    colour, size = look
    letters = font(size)
    metrics = QFontMetricsF(letters)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    left = room.right() - metrics.horizontalAdvance(shown) if right else room.left()
    base = room.center().y() + (metrics.ascent() - metrics.descent()) / 2
    if isinstance(painter.device(), QSvgGenerator):
        path = QPainterPath()
        path.addText(QPointF(left, base), letters, shown)
        painter.fillPath(path, shade(colour))
        return
    painter.setFont(letters)
    painter.setPen(shade(colour))
    painter.drawText(QPointF(left, base), shown)


# --- data ---------------------------------------------------------------------------------


def blocks_of(panels: Sequence[Panel], start: float, end: float) -> list[SeriesBlock]:
    """The points of all courses between two moments, both included; each series once.

    Last year's values are readings of the same series and are not written under false times.
    """
    return [
        _block(course, start, end)
        for panel in panels
        for course in panel.courses
        if course.part is not Part.LAST_YEAR
    ]


def _block(course: Course, start: float, end: float) -> SeriesBlock:
    here = np.flatnonzero((course.times >= start) & (course.times <= end))
    readings = course.mode is Mode.READINGS
    # A mean stands in the middle of its period on the plot; in a table it is named by its begin.
    half = 0.0 if readings else (course.step_s or 0.0) / 2
    times = np.round((course.times[here] - half) * SECOND_US).astype(np.int64)
    item = course.title if course.item == STANDING else item_title(course.item)
    names = {grade: grade_words(course, grade) for grade in range(1, 7)} | {0: ""}
    reasons = {why: why_words(why) if why else "" for why in set(course.why[here].tolist())}
    return SeriesBlock(
        station=course.station, name=course.name, item=item, unit=course.unit,
        kind=t("series.export.reading") if readings else full_title(course),
        times=times, values=course.readings[here],
        flags=course.flags[here].tolist(),
        classes=[names[grade] for grade in course.grades[here].tolist()],
        used=course.used[here], why=[reasons[why] for why in course.why[here].tolist()],
    )  # fmt: skip
