"""Scale bar, notes, north arrow, attribution: the furniture of screen and paper.

Lengths are declared pixels (96 dpi); the painter is scaled by the caller.
"""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF

from gridmap.map.fonts import font
from gridmap.map.surface import make_pen
from gridmap.map.theme import LINE, PAPER, QUIET, TEXT, colour, faded
from gridmap.map.viewport import Viewport
from gridmap.texts import t

_PAD: Final = 10.0
_GAP: Final = 20.0
_BAR: Final = 90.0  # longest scale bar
_EDGE: Final = 14.0  # from the edge of the map
_STRIP: Final = 28.0  # height of a line
_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_KM: Final = 1_000.0


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ metres that is not longer than `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= metres * (1 + 1e-9))


def scale_bar(viewport: Viewport, longest: float = _BAR) -> tuple[float, str]:
    """Width in declared pixels and text of a round scale bar, true at the view's centre."""
    metres = round_length(longest * viewport.ground_resolution)
    text = f"{metres / _KM:g} km" if metres >= _KM else f"{metres:g} m"
    return metres / viewport.ground_resolution, text


def scale_text(viewport: Viewport) -> str:
    """`1 : n` with n rounded to three digits and grouped by no-break spaces."""
    denominator = viewport.scale_denominator
    digits = max(math.floor(math.log10(denominator)) - 2, 0)
    rounded = round(denominator / 10**digits) * 10**digits
    return "1 : " + f"{rounded:,}".replace(",", "\u00a0")


def paint_legend_strip(painter: QPainter, viewport: Viewport, notes: str) -> QRectF:
    """The box at the bottom left: scale bar, scale, notes. Returns its rectangle.

    Notes that have no room beside the scale stand below it, in as many lines as they need: what
    a map is no evidence of must never be cut off.
    """
    letters = font(12)
    painter.setFont(letters)
    metrics = QFontMetricsF(letters)
    bar, length = scale_bar(viewport)
    scale, room = scale_text(viewport), viewport.width - 2 * _EDGE
    width = 2 * _PAD + bar + 6 + metrics.horizontalAdvance(length)
    width += _GAP + metrics.horizontalAdvance(scale)
    beside = width + _GAP + metrics.horizontalAdvance(notes) <= room
    below = QRectF() if beside or not notes else _wrapped(metrics, room - 2 * _PAD, notes)
    if beside and notes:
        width += _GAP + metrics.horizontalAdvance(notes)
    height = _STRIP + (below.height() + _PAD / 2 if below.height() else 0.0)
    wide = max(width, below.width() + 2 * _PAD)
    box = QRectF(_EDGE, viewport.height - _EDGE - height, wide, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(PAPER, 0.92))
    painter.drawRoundedRect(box, 5, 5)
    line = QRectF(box.left(), box.top(), box.width(), _STRIP)
    x = box.left() + _PAD
    _bar_line(painter, x, line.center().y(), bar)
    x += bar + 6
    for text in (length, scale, *([notes] if beside else [])):
        _text_left(painter, x, line, text)
        x += metrics.horizontalAdvance(text) + _GAP
    if below.height():
        painter.setPen(colour(TEXT))
        at = QRectF(box.left() + _PAD, line.bottom(), below.width() + 1, below.height())
        painter.drawText(at, _WRAPPED, notes)
    return box


def _wrapped(metrics: QFontMetricsF, width: float, text: str) -> QRectF:
    """The room that a text takes in lines of at most a width."""
    return metrics.boundingRect(QRectF(0, 0, width, 2_000), _WRAPPED, text)


def _bar_line(painter: QPainter, x: float, middle: float, width: float) -> None:
    painter.setPen(make_pen(colour(TEXT), 1.4))
    painter.drawPolyline(
        [
            QPointF(x, middle - 4),
            QPointF(x, middle + 2),
            QPointF(x + width, middle + 2),
            QPointF(x + width, middle - 4),
        ]
    )


def _text_left(painter: QPainter, x: float, box: QRectF, text: str) -> None:
    painter.setPen(colour(TEXT))
    place = QRectF(x, box.top(), 2_000, box.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def paint_attribution(painter: QPainter, viewport: Viewport, text: str) -> None:
    """Who made the base map, small, at the bottom right."""
    letters = font(10)
    painter.setFont(letters)
    width = QFontMetricsF(letters).horizontalAdvance(text) + 12
    box = QRectF(viewport.width - width, viewport.height - 16, width, 16)
    painter.fillRect(box, faded(PAPER, 0.8))
    painter.setPen(colour(QUIET))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_north(painter: QPainter, middle: QPointF, size: float) -> None:
    """A north arrow around `middle`: the map's north is up."""
    half = size / 2.0
    tip, base = middle.y() - half * 0.45, middle.y() + half
    painter.setPen(make_pen(colour(TEXT), 0.8))
    painter.setBrush(colour(TEXT))
    notch = QPointF(middle.x(), base - half * 0.35)
    point = QPointF(middle.x(), tip)
    painter.drawPolygon(QPolygonF([point, QPointF(middle.x() - half * 0.5, base), notch]))
    painter.setBrush(colour(PAPER))
    painter.drawPolygon(QPolygonF([point, QPointF(middle.x() + half * 0.5, base), notch]))
    painter.setFont(font(size * 0.36, bold=True))
    painter.setPen(colour(TEXT))
    above = QRectF(middle.x() - half, middle.y() - half * 1.25, size, half * 0.75)
    painter.drawText(above, Qt.AlignmentFlag.AlignCenter, t("map.print.north"))


def paint_frame(painter: QPainter, box: QRectF) -> None:
    """A thin frame, as around the map on paper."""
    painter.setPen(make_pen(colour(LINE), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
