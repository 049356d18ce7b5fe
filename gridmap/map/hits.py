"""Which features lie at a place of the map: for clicks and for what the cursor points at.

Bounds choose candidates, exact arithmetic on the snapshot's arrays answers. A scan over the
bounds of 40,000 features takes about a tenth of a millisecond, so there is no index to keep.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gridmap.core.declaration import Geometry
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Hit:
    """A feature at a place: its layer, the view that shows it, its row key and position."""

    layer_id: str
    view_id: str
    key: Hashable
    position: int
    distance_px: float


def hits(
    layers: Sequence[MapLayer], viewport: Viewport, px: float, py: float, tolerance: float = 5.0
) -> list[Hit]:
    """The features under a pixel, the one drawn last first.

    Args:
        layers: the views that are shown; those hidden by their scale limit are passed over.
        viewport: the present view.
        px: from the left, device-independent pixels.
        py: from the top.
        tolerance: how far beside a point or line still counts, in pixels.
    """
    x, y = viewport.to_map(px, py)
    found: list[Hit] = []
    for layer in sorted(layers, key=lambda layer: -layer.view.order):
        if not layer.shown_at(viewport.scale_denominator):
            continue
        distances = DISTANCES[layer.geometry](layer, x, y, tolerance, viewport.resolution)
        ranked = sorted(distances.items(), key=lambda item: (item[1], -item[0]))
        found += [
            Hit(layer.layer_id, layer.view.id, layer.keys[at], at, distance / viewport.resolution)
            for at, distance in ranked
        ]
    return found


def _near(layer: MapLayer, x: float, y: float, reach: float) -> list[int]:
    found: list[int] = layer.inside((x, y, x, y), reach).tolist()
    return found


def _points(
    layer: MapLayer, x: float, y: float, tolerance: float, resolution: float
) -> dict[int, float]:
    reach = (tolerance + layer.view.symbol.size / 2.0) * resolution
    near = _near(layer, x, y, reach)
    places = layer.xy[layer.rings[layer.features[near]]]
    away = np.hypot(places[:, 0] - x, places[:, 1] - y)
    return {at: float(d) for at, d in zip(near, away, strict=True) if d <= reach}


def _lines(
    layer: MapLayer, x: float, y: float, tolerance: float, resolution: float
) -> dict[int, float]:
    symbol = layer.view.symbol
    reach = (tolerance + max(symbol.width, symbol.casing_width) / 2.0) * resolution
    found = {}
    for at in _near(layer, x, y, reach):
        rings = range(layer.features[at], layer.features[at + 1])
        away = min(segment_distance(_ring(layer, ring), x, y) for ring in rings)
        if away <= reach:
            found[at] = away
    return found


def _areas(
    layer: MapLayer, x: float, y: float, _tolerance: float, _resolution: float
) -> dict[int, float]:
    found = {}
    for at in _near(layer, x, y, 0.0):
        rings = range(layer.features[at], layer.features[at + 1])
        if sum(winds_around(_ring(layer, ring), x, y) for ring in rings) % 2:
            found[at] = 0.0
    return found


def _ring(layer: MapLayer, ring: int) -> NDArray[np.float64]:
    return layer.xy[layer.rings[ring] : layer.rings[ring + 1]]


def winds_around(ring: NDArray[np.float64], x: float, y: float) -> int:
    """How often a ray to the right of (x, y) crosses the closed ring, float64 (n, 2)."""
    a, b = ring[:-1], ring[1:]
    straddles = (a[:, 1] > y) != (b[:, 1] > y)
    a, b = a[straddles], b[straddles]
    crossing = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return int((crossing > x).sum())


def segment_distance(line: NDArray[np.float64], x: float, y: float) -> float:
    """The distance from (x, y) to the nearest place of a line, float64 (n, 2), its units."""
    a, step = line[:-1], np.diff(line, axis=0)
    length2 = (step**2).sum(axis=1)
    along = (x - a[:, 0]) * step[:, 0] + (y - a[:, 1]) * step[:, 1]
    along = np.clip(np.divide(along, length2, out=np.zeros_like(along), where=length2 > 0), 0, 1)
    foot = a + along[:, None] * step
    return float(np.hypot(foot[:, 0] - x, foot[:, 1] - y).min())


DISTANCES: Final[
    Mapping[Geometry, Callable[[MapLayer, float, float, float, float], dict[int, float]]]
] = MappingProxyType({Geometry.POINT: _points, Geometry.LINE: _lines, Geometry.POLYGON: _areas})
