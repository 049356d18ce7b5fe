"""Where a label may stand: inside areas, along lines, beside points."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import shapely

from gridmap.core.declaration import Geometry
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport

_UPRIGHT: Final = 90.0
_STEEP: Final = 50.0
_FIRST_HAN: Final = "\u2e80"
_ROWS_AWAY: Final = (0.0, -1.4, 1.4, -2.2, 2.2)  # from the middle, in heights of the text
_FITS: Final = 0.45  # an area narrower than this share of its text gets none


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for the middle of a text, in declared pixels, and its turn in degrees.

    Stacked letters stand upright, one below the other, along the direction of `angle`:
    the way Chinese names follow a river that runs north to south.
    """

    x: float
    y: float
    angle: float = 0.0
    stacked: bool = False


Spots = Callable[[MapLayer, int, Viewport, float, float], Iterator[Spot]]
"""Layer, feature, viewport, width and height of the text → places, the best first."""


def _inside_area(
    layer: MapLayer, feature: int, viewport: Viewport, width: float, height: float
) -> Iterator[Spot]:
    xmin, _, xmax, _ = layer.bounds[feature]
    if (xmax - xmin) / viewport.resolution < width * _FITS:
        return
    if feature not in layer.anchors:
        layer.anchors[feature] = pole(layer.shape(feature))
    x, y = viewport.to_px(*layer.anchors[feature])
    if not (0 <= x <= viewport.width and 0 <= y <= viewport.height):
        seen = shapely.clip_by_rect(layer.shape(feature), *viewport.extent)
        if seen.is_empty or seen.area < width * height * viewport.resolution**2:
            return
        x, y = viewport.to_px(*pole(seen))
    for rows in _ROWS_AWAY:
        yield Spot(x, y + rows * height)


def pole(area: Any) -> tuple[float, float]:
    """The middle of the largest circle inside the largest part of `area`, about."""
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    largest = max(parts, key=lambda part: float(part.area))
    tolerance = max(math.sqrt(largest.area) / 50.0, 1e-3)
    plain = shapely.simplify(largest, tolerance / 2.0)
    plain = plain if plain.is_valid and not plain.is_empty else shapely.make_valid(largest)
    circle = shapely.maximum_inscribed_circle(plain, tolerance)
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y)


def _along_line(
    layer: MapLayer, feature: int, viewport: Viewport, width: float, _height: float
) -> Iterator[Spot]:
    seen = shapely.clip_by_rect(layer.shape(feature), *viewport.extent)
    parts = shapely.get_parts(shapely.line_merge(seen))
    if len(parts) == 0:
        return
    longest = max(parts, key=lambda part: float(part.length))
    length = longest.length / viewport.resolution
    if length < width * 1.2:
        return
    half = width / 2.0 * viewport.resolution
    for share in (0.5, 0.3, 0.7, 0.18, 0.82):
        at = share * longest.length
        ends = shapely.line_interpolate_point(longest, np.array([at - half, at, at + half]))
        (xa, ya), (x, y), (xb, yb) = (viewport.to_px(*p) for p in shapely.get_coordinates(ends))
        angle = math.degrees(math.atan2(yb - ya, xb - xa))
        if angle > _UPRIGHT:
            angle -= 180.0
        elif angle < -_UPRIGHT:
            angle += 180.0
        stacked = abs(angle) > _STEEP and min(layer.labels[feature]) >= _FIRST_HAN
        yield Spot((xa + 2 * x + xb) / 4.0, (ya + 2 * y + yb) / 4.0, angle, stacked)


def _beside_point(
    layer: MapLayer, feature: int, viewport: Viewport, width: float, height: float
) -> Iterator[Spot]:
    x, y = viewport.to_px(*layer.xy[layer.rings[layer.features[feature]]])
    away = layer.view.symbol.size / 2.0 + 2.0
    yield Spot(x + away + width / 2.0, y)
    yield Spot(x - away - width / 2.0, y)
    yield Spot(x, y - away - height / 2.0)
    yield Spot(x, y + away + height / 2.0)


SPOTS: Final[Mapping[Geometry, Spots]] = MappingProxyType(
    {
        Geometry.POLYGON: _inside_area,
        Geometry.LINE: _along_line,
        Geometry.POINT: _beside_point,
    }
)
