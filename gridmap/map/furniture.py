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
    """The box at the bottom left: scale bar, scale, notes. Returns its rectangle."""
    letters = font(12)
    painter.setFont(letters)
    metrics = QFontMetricsF(letters)
    bar, length = scale_bar(viewport)
    texts = [text for text in (scale_text(viewport), notes) if text]
    width = 2 * _PAD + bar + 6 + metrics.horizontalAdvance(length)
    width += sum(_GAP + metrics.horizontalAdvance(text) for text in texts)
    box = QRectF(14, viewport.height - 14 - 28, width, 28)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(PAPER, 0.92))
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(colour(TEXT))
    x, middle = box.left() + _PAD, box.center().y()
    _bar_line(painter, x, middle, bar)
    x += bar + 6
    for text in (length, *texts):
        _text_left(painter, x, box, text)
        x += metrics.horizontalAdvance(text) + _GAP
    return box


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
