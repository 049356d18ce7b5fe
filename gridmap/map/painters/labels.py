"""Labels: placed last, over everything, so that none covers another, nor a marker.

Labels of all views compete: higher priority first, then the view drawn later, then the
larger feature, then the row's place. One that has no room is set smaller, then without the
kind of its unit, then left out. The same layers and viewport give the same labels.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath

from gridmap.core.declaration import Geometry, Label
from gridmap.map.fonts import font
from gridmap.map.painters.anchors import SPOTS, Spot
from gridmap.map.painters.room import Boxes, Room, footprint, marker_boxes
from gridmap.map.painters.shortened import shortened
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface, make_pen
from gridmap.map.theme import HALO, colour
from gridmap.map.viewport import Viewport
from gridmap.stopping import never

_MOST: Final = 3_000  # labels tried per view: more never find room
_SMALLER: Final = (1.0, 0.87, 0.76)  # of its size, while it has no room
_SMALLEST: Final = 9.0  # declared pixels: smaller letters are no letters
_HALO: Final = 1.6  # declared pixels of halo around the letters
_OUTLINE_PX: Final = 200  # larger than any label
_MEASURED_PX: Final = 100  # texts are measured large, so that screen and paper agree


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that found its place; lengths in declared pixels."""

    text: str
    style: Label
    spot: Spot
    width: float
    height: float


def paint_labels(layers: Sequence[MapLayer], surface: Surface) -> bool:
    """Place and draw the labels of `layers`; False when there are none."""
    placed = place_labels(layers, surface.viewport, surface.check)
    for label in placed:
        _draw(label, surface)
    return bool(placed)


def place_labels(
    layers: Sequence[MapLayer], viewport: Viewport, check: Callable[[], None] = never
) -> list[Placed]:
    """The labels that find room, most important first. Needs a QGuiApplication."""
    room = Room(viewport, marker_boxes(layers, viewport))
    found = []
    for layer, feature in _in_turn(layers, viewport):
        check()
        placed = _place(room, layer, feature, viewport)
        if placed is not None:
            room.take(boxes_of(placed))
            found.append(placed)
    return found


def boxes_of(label: Placed) -> Boxes:
    """What a label covers, rectangles in declared pixels."""
    return footprint(label.spot, label.width, label.height, label.text)


def _place(room: Room, layer: MapLayer, feature: int, viewport: Viewport) -> Placed | None:
    """The label of a feature where it has room: whole, else smaller, else shortened."""
    style = layer.view.label
    if style is None:
        return None
    whole = layer.labels[feature]
    # Only of an area is the kind of unit to be seen anyway.
    short = shortened(whole) if layer.geometry is Geometry.POLYGON else ""
    spots = SPOTS[layer.geometry]
    for text in filter(None, (whole, short)):
        for smaller in _SMALLER:
            size = style.size * smaller
            if smaller < 1.0 and size < _SMALLEST:
                break
            letters = style if smaller == 1.0 else style.model_copy(update={"size": size})
            width, height = text_size(text, letters)
            for spot in spots(layer, feature, viewport, width, height):
                if room.free(footprint(spot, width, height, text)):
                    return Placed(text, letters, spot, width, height)
    return None


def text_size(text: str, style: Label) -> tuple[float, float]:
    """Width and height of a label in declared pixels."""
    return _width(text, style.bold) * style.size, style.size * 1.25


@lru_cache(maxsize=16_384)
def _width(text: str, bold: bool) -> float:
    """The width of a text in its own size."""
    metrics = QFontMetricsF(font(_MEASURED_PX, bold=bold))
    return metrics.horizontalAdvance(text) / _MEASURED_PX


def _in_turn(layers: Sequence[MapLayer], viewport: Viewport) -> Iterator[tuple[MapLayer, int]]:
    turns = []
    shown = [layer for layer in layers if layer.labelled_at(viewport.scale_denominator)]
    for place, layer in enumerate(sorted(shown, key=lambda layer: -layer.view.order)):
        style = layer.view.label
        chosen = [f for f in layer.inside(viewport.extent).tolist() if layer.labels[f]]
        if style is None or not chosen:
            continue
        for rank, feature in enumerate(_largest_first(layer, np.array(chosen))[:_MOST].tolist()):
            turns.append((-style.priority, place, rank, layer, feature))
    turns.sort(key=lambda turn: turn[:3])
    return ((turn[3], turn[4]) for turn in turns)


def _largest_first(layer: MapLayer, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    bounds = layer.bounds[chosen]
    size = (bounds[:, 2:] - bounds[:, :2]).prod(axis=1)
    return chosen[np.argsort(-size, kind="stable")]


@lru_cache(maxsize=4_096)
def _outline(text: str, bold: bool) -> QPainterPath:
    """The letters' outline at a size at which no text is ever drawn.

    Qt gives slightly other outlines once text of the same size was drawn, and the same
    picture would not come out twice.
    """
    path = QPainterPath()
    path.addText(QPointF(0, 0), font(_OUTLINE_PX, bold=bold), text)
    return path


def _draw(label: Placed, surface: Surface) -> None:
    scale, painter = surface.scale, surface.painter
    letters = font(label.style.size * scale, bold=label.style.bold)
    painter.save()
    painter.translate(label.spot.x * scale, label.spot.y * scale)
    if label.spot.stacked:
        step = label.width / len(label.text) * scale
        for place, letter in enumerate(label.text):
            along = (place - (len(label.text) - 1) / 2.0) * step
            turn = np.radians(label.spot.angle)
            down = 1.0 if turn > 0 else -1.0
            at = QPointF(along * down * float(np.cos(turn)), along * down * float(np.sin(turn)))
            _write(letter, at, label, letters, surface)
    else:
        painter.rotate(label.spot.angle)
        _write(label.text, QPointF(0, 0), label, letters, surface)
    painter.restore()


def _write(text: str, middle: QPointF, label: Placed, letters: QFont, surface: Surface) -> None:
    """Write `text` around `middle`: first the halo, then the letters."""
    painter = surface.painter
    metrics = QFontMetricsF(letters)
    base = (metrics.ascent() - metrics.descent()) / 2.0
    start = middle + QPointF(-metrics.horizontalAdvance(text) / 2.0, base)
    shrink = letters.pixelSize() / _OUTLINE_PX
    painter.save()
    painter.translate(start)
    painter.scale(shrink, shrink)
    pen = make_pen(colour(HALO), 2 * _HALO * surface.scale / shrink)
    painter.strokePath(_outline(text, label.style.bold), pen)
    painter.restore()
    painter.setFont(letters)
    painter.setPen(colour(label.style.colour))
    painter.drawText(start, text)
