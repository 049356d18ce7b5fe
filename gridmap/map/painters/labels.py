"""Labels: placed last, over everything, so that none covers another.

Labels of all views compete: higher priority first, then the view drawn later, then the
larger feature, then the row's place. The same layers and viewport give the same labels.
"""

import math
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
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface, make_pen
from gridmap.map.theme import HALO, colour
from gridmap.map.viewport import Viewport
from gridmap.stopping import never

_MOST: Final = 3_000  # labels tried per view: more never find room
_MARKERS: Final = 200  # markers of one view that labels keep clear of
_MOST_COVERED: Final = 0.2  # share of a label of a line or point that may lie over markers
_AIR: Final = 2.0  # declared pixels kept free around a label
_HALO: Final = 1.6  # declared pixels of halo around the letters
_OUTLINE_PX: Final = 200  # larger than any label
_METRIC_SCALE: Final = 8.0  # texts are measured large, so that screen and paper agree


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
    room = _Room(viewport, _markers(layers, viewport))
    found = []
    for layer, feature in _in_turn(layers, viewport):
        check()
        style = layer.view.label
        text = layer.labels[feature]
        if style is None:
            continue
        width, height = text_size(text, style)
        spots = list(SPOTS[layer.geometry](layer, feature, viewport, width, height))
        most = math.inf if layer.geometry is Geometry.POLYGON else _MOST_COVERED * width * height
        spot = room.best(spots, width, height, most)
        if spot is not None:
            found.append(Placed(text, style, spot, width, height))
    return found


def text_size(text: str, style: Label) -> tuple[float, float]:
    """Width and height of a label in declared pixels."""
    metrics = QFontMetricsF(font(style.size * _METRIC_SCALE, bold=style.bold))
    return metrics.horizontalAdvance(text) / _METRIC_SCALE, style.size * 1.25


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


def _markers(layers: Sequence[MapLayer], viewport: Viewport) -> NDArray[np.float64]:
    """Rectangles (n, 4) of the markers in sight; views with very many of them do not count."""
    boxes = [np.empty((0, 4))]
    for layer in layers:
        shown = layer.shown_at(viewport.scale_denominator)
        if layer.geometry is not Geometry.POINT or not shown:
            continue
        chosen = layer.inside(viewport.extent)
        if len(chosen) <= _MARKERS:
            x, y = viewport.to_px(*layer.xy[layer.rings[layer.features[chosen]]].T)
            half = layer.view.symbol.size / 2.0
            boxes.append(np.stack((x - half, y - half, x + half, y + half), axis=-1))
    return np.concatenate(boxes)


class _Room:
    """The rectangles already taken, and markers that are better left free."""

    def __init__(self, viewport: Viewport, markers: NDArray[np.float64]) -> None:
        self._markers = markers
        self._size = np.array([viewport.width, viewport.height])
        self._boxes = np.empty((256, 4))
        self._count = 0

    def best(self, spots: list[Spot], width: float, height: float, most: float) -> Spot | None:
        """Take the place free of texts that covers least of the markers, the first of equals.

        One that covers more than `most` square pixels of them is none.
        """
        free = [(spot, box) for spot in spots if (box := self._free(spot, width, height))]
        if not free:
            return None
        costs = [_covered(self._markers, *box) for _, box in free]
        spot, (low, high) = free[costs.index(min(costs))]
        if min(costs) > most:
            return None
        if self._count == len(self._boxes):
            self._boxes = np.concatenate((self._boxes, np.empty_like(self._boxes)))
        self._boxes[self._count] = (*low, *high)
        self._count += 1
        return spot

    def _free(
        self, spot: Spot, width: float, height: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """The text's rectangle if it lies in the picture and touches no other text."""
        turn = np.radians(spot.angle)
        half = (
            np.array(
                [
                    abs(np.cos(turn)) * width + abs(np.sin(turn)) * height,
                    abs(np.sin(turn)) * width + abs(np.cos(turn)) * height,
                ]
            )
            / 2.0
            + _AIR
        )
        middle = np.array([spot.x, spot.y])
        low, high = middle - half, middle + half
        outside = (low < 0).any() or (high > self._size).any()
        if outside or _touches(self._boxes[: self._count], low, high):
            return None
        return low, high


def _covered(
    boxes: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> float:
    """How much of the boxes a rectangle covers, in square pixels."""
    sides = np.minimum(boxes[:, 2:], high) - np.maximum(boxes[:, :2], low)
    return float(np.maximum(sides, 0.0).prod(axis=1).sum())


def _touches(
    boxes: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> bool:
    return bool(((boxes[:, :2] < high) & (boxes[:, 2:] > low)).all(axis=1).any())


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
