"""Marker shapes, drawn once per symbol and colour and then stamped wherever one stands."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from gridmap.domain.declaration import Symbol
from gridmap.map.surface import make_pen
from gridmap.map.theme import colour


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


def draw_marker(painter: QPainter, symbol: Symbol, fill: str | None, scale: float) -> None:
    """Draw one marker around the painter's origin; `scale` is physical per declared pixel."""
    edge = symbol.width if symbol.line else 0.0
    shape = MARKERS[symbol.marker](max(symbol.size - edge, 1.0) / 2.0 * scale)
    painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
    if symbol.line and edge > 0:
        painter.setPen(make_pen(colour(symbol.line), edge * scale))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(shape)


class _Key:
    """A symbol as a cache key: pydantic models with tuples hash, but not quickly."""

    __slots__ = ("fill", "key", "scale", "symbol")

    def __init__(self, symbol: Symbol, fill: str | None, scale: float) -> None:
        self.symbol, self.fill, self.scale = symbol, fill, scale
        self.key = (symbol.marker, symbol.size, symbol.line, symbol.width, fill, scale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=256)
def _stamp(key: _Key) -> QImage:
    side = round(key.symbol.size * key.scale) + 4
    side += side % 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2.0, side / 2.0)
    draw_marker(painter, key.symbol, key.fill, key.scale)
    painter.end()
    return image


def stamp(symbol: Symbol, fill: str | None, scale: float) -> QImage:
    """The marker on a transparent square with its middle in the middle. Do not modify it."""
    return _stamp(_Key(symbol, fill, scale))
