"""Marker shapes, drawn once per symbol and colour and then stamped wherever one stands."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPolygonF

from gridmap.core.declaration import Symbol
from gridmap.map.faces import Face
from gridmap.map.fonts import font
from gridmap.map.painters.room import RING
from gridmap.map.surface import make_pen
from gridmap.map.theme import colour

_DASH: Final = (2.0, 1.5)  # in widths of the outline
_TALLEST: Final = 1.2  # letters, in radii of the marker
_WIDEST: Final = 1.55  # a text, in radii of the marker
_MEASURED_PX: Final = 100


def _circle(r: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), r, r)
    return path


def _square(r: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(-r, -r, 2 * r, 2 * r))
    return path


def _corners(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _triangle(r: float) -> QPainterPath:
    return _corners((0, -r), (r, 0.8 * r), (-r, 0.8 * r))


def _diamond(r: float) -> QPainterPath:
    return _corners((0, -r), (r, 0), (0, r), (-r, 0))


def _bar(r: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.34 * r, -r, 0.68 * r, 2 * r), 0.14 * r, 0.14 * r)
    return path


MARKERS: Final[Mapping[str, Callable[[float], QPainterPath]]] = MappingProxyType(
    {
        "circle": _circle,
        "square": _square,
        "triangle": _triangle,
        "diamond": _diamond,
        "bar": _bar,
    }
)
"""Name → shape around the origin for half its size."""


def draw_marker(painter: QPainter, symbol: Symbol, face: Face, scale: float) -> None:
    """Draw one marker around the painter's origin; `scale` is physical per declared pixel."""
    line = face.line or symbol.line
    edge = symbol.width if line else 0.0
    radius = max(symbol.size - edge, 1.0) / 2.0 * scale
    shape = MARKERS[symbol.marker](radius)
    if face.ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(make_pen(colour(face.ring), 2 * RING * scale))
        painter.drawPath(shape)
    painter.setBrush(colour(face.fill) if face.fill else Qt.BrushStyle.NoBrush)
    if line and edge > 0:
        dash = tuple(part * edge * scale for part in _DASH) if face.dashed else ()
        painter.setPen(make_pen(colour(line), edge * scale, dash))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(shape)
    if face.text:
        _write(painter, face, radius, scale)


def _write(painter: QPainter, face: Face, radius: float, scale: float) -> None:
    """The text in the middle, smaller where it is wide."""
    wide = QFontMetricsF(font(_MEASURED_PX, bold=True)).horizontalAdvance(face.text) / _MEASURED_PX
    size = min(_TALLEST, _WIDEST / wide) * radius
    painter.setFont(font(size, bold=True))
    painter.setPen(colour(face.ink))
    box = QRectF(-2 * radius, -radius, 4 * radius, 2 * radius).translated(0, -0.3 * scale)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, face.text)


class _Key:
    """A symbol and a face as a cache key: pydantic models with tuples hash, but not quickly."""

    __slots__ = ("face", "key", "scale", "symbol")

    def __init__(self, symbol: Symbol, face: Face, scale: float) -> None:
        self.symbol, self.face, self.scale = symbol, face, scale
        self.key = (symbol.marker, symbol.size, symbol.line, symbol.width, face, scale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=1024)
def _stamp(key: _Key) -> QImage:
    ring = 2 * RING if key.face.ring else 0.0
    side = round((key.symbol.size + ring) * key.scale) + 4
    side += side % 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2.0, side / 2.0)
    draw_marker(painter, key.symbol, key.face, key.scale)
    painter.end()
    return image


def stamp(symbol: Symbol, face: Face, scale: float) -> QImage:
    """The marker on a transparent square with its middle in the middle. Do not modify it."""
    return _stamp(_Key(symbol, face, scale))
