"""The room that labels share: what is taken by markers and by labels that found their place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.core.declaration import Geometry
from gridmap.map.faces import Face
from gridmap.map.painters.anchors import Spot
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport

RING: float = 4.0  # declared pixels that a ring shows around a marker
AIR: float = 2.0  # declared pixels kept free around a label

Boxes = NDArray[np.float64]
"""Rectangles (n, 4): x and y of the least corner, then of the greatest, in declared pixels."""


def marker_boxes(layers: Sequence[MapLayer], viewport: Viewport) -> Boxes:
    """The rectangles of all markers in sight, with their rings."""
    boxes = [np.empty((0, 4))]
    for layer in layers:
        if layer.geometry is Geometry.POINT and layer.shown_at(viewport.scale_denominator):
            size = layer.view.symbol.size
            chosen = layer.inside(viewport.extent, size * viewport.resolution)
            x, y = viewport.to_px(*layer.xy[layer.rings[layer.features[chosen]]].T)
            half = size / 2.0 + _rings(layer.faces, layer.fills, chosen)
            boxes.append(np.stack((x - half, y - half, x + half, y + half), axis=-1))
    return np.concatenate(boxes)


def _rings(
    faces: tuple[Face, ...], fills: NDArray[np.int16] | None, chosen: NDArray[np.intp]
) -> NDArray[np.float64]:
    if fills is None or not faces:
        return np.zeros(len(chosen))
    wide = np.array([RING if face.ring else 0.0 for face in faces])
    return wide[fills[chosen]]


def footprint(spot: Spot, width: float, height: float, text: str) -> Boxes:
    """What a text covers: one rectangle, or one for each letter of a turned text, as it lies."""
    if spot.angle == 0.0:
        half_w, half_h = width / 2.0, height / 2.0
        return np.array([[spot.x - half_w, spot.y - half_h, spot.x + half_w, spot.y + half_h]])
    count = max(len(text), math.ceil(width / height))
    turn = math.radians(spot.angle)
    along = (np.arange(count) - (count - 1) / 2.0) * (width / count)
    middle = np.stack((spot.x + along * math.cos(turn), spot.y + along * math.sin(turn)), axis=-1)
    each = width / count
    if spot.stacked:  # the letters stand upright
        half = np.array([each, height]) / 2.0
    else:
        cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
        half = np.array([cos * each + sin * height, sin * each + cos * height]) / 2.0
    return np.concatenate((middle - half, middle + half), axis=1)


@dataclass
class Room:
    """What is taken in a picture; rectangles that lie in it and touch nothing may be taken."""

    viewport: Viewport
    markers: Boxes

    def __post_init__(self) -> None:
        """Count the markers once, so that a rectangle is looked up, not compared with each."""
        self._sums = _summed(self.markers, self.viewport.width, self.viewport.height)
        self._boxes = np.empty((512, 4))
        self._count = 0

    def free(self, boxes: Boxes) -> bool:
        """Whether rectangles lie in the picture, over no marker and near no label."""
        low, high = boxes[:, :2] - AIR, boxes[:, 2:] + AIR
        size = np.array([self.viewport.width, self.viewport.height])
        if (low < 0).any() or (high > size).any():
            return False
        if self._over_markers(boxes):
            return False
        taken = self._boxes[: self._count]
        return (
            not ((taken[:, None, :2] < high[None]) & (taken[:, None, 2:] > low[None]))
            .all(axis=2)
            .any()
        )

    def take(self, boxes: Boxes) -> None:
        """Nobody else may have these rectangles."""
        while self._count + len(boxes) > len(self._boxes):
            self._boxes = np.concatenate((self._boxes, np.empty_like(self._boxes)))
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)

    def _over_markers(self, boxes: Boxes) -> bool:
        low = np.floor(boxes[:, :2]).astype(np.intp)
        high = np.ceil(boxes[:, 2:]).astype(np.intp)
        x0, y0 = low[:, 0], low[:, 1]
        x1, y1 = high[:, 0], high[:, 1]
        s = self._sums
        return bool((s[y1, x1] - s[y0, x1] - s[y1, x0] + s[y0, x0]).any())


def _summed(markers: Boxes, width: int, height: int) -> NDArray[np.int64]:
    """Sums of covered pixels from the upper left corner on, (height + 1, width + 1)."""
    change = np.zeros((height + 2, width + 2), np.int64)
    if len(markers):
        x0, y0 = (np.clip(np.floor(markers[:, at]), 0, n) for at, n in ((0, width), (1, height)))
        x1, y1 = (np.clip(np.ceil(markers[:, at]), 0, n) for at, n in ((2, width), (3, height)))
        x0, y0, x1, y1 = (side.astype(np.intp) for side in (x0, y0, x1, y1))
        for y, x, sign in ((y0, x0, 1), (y0, x1, -1), (y1, x0, -1), (y1, x1, 1)):
            np.add.at(change, (y, x), sign)
    covered = change.cumsum(axis=0).cumsum(axis=1)[:height, :width] > 0
    sums = np.zeros((height + 1, width + 1), np.int64)
    np.cumsum(np.cumsum(covered, axis=0), axis=1, out=sums[1:, 1:])
    return sums
