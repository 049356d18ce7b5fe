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
_ALONG: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)  # shares of a line's length
_MOST_ACROSS: Final = 12  # places tried across an area, and down


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
    """Where the whole text lies inside the area: about its middle first, then anywhere."""
    xmin, ymin, xmax, ymax = layer.bounds[feature]
    if (xmax - xmin) / viewport.resolution < width or (ymax - ymin) / viewport.resolution < height:
        return
    if feature not in layer.anchors:
        layer.anchors[feature] = pole(layer.shape(feature))
    x, y = viewport.to_px(*layer.anchors[feature])
    area = layer.shape(feature)
    if not _all_in_sight(layer.bounds[feature], viewport):
        area = shapely.clip_by_rect(area, *viewport.extent)
        if area.is_empty or area.area < width * height * viewport.resolution**2:
            return
        if not (0 <= x <= viewport.width and 0 <= y <= viewport.height):
            x, y = viewport.to_px(*pole(area))
    shapely.prepare(area)
    near = np.array([(x, y + rows * height) for rows in _ROWS_AWAY])
    yield from _inside(area, near, viewport, width, height)
    yield from _inside(area, _grid(area, (x, y), viewport, width, height), viewport, width, height)


def _all_in_sight(bounds: Any, viewport: Viewport) -> bool:
    xmin, ymin, xmax, ymax = viewport.extent
    return bool(bounds[0] >= xmin and bounds[1] >= ymin and bounds[2] <= xmax and bounds[3] <= ymax)


def _grid(
    area: Any, middle: tuple[float, float], viewport: Viewport, width: float, height: float
) -> Any:
    """Places all over an area, the nearest to its middle first, (n, 2) in declared pixels."""
    xmin, ymin, xmax, ymax = area.bounds
    (x0, y1), (x1, y0) = viewport.to_px(xmin, ymin), viewport.to_px(xmax, ymax)
    across = max((x1 - x0 - width) / _MOST_ACROSS, width / 3.0)
    down = max((y1 - y0 - height) / _MOST_ACROSS, height / 1.5)
    x, y = np.meshgrid(
        np.arange(x0 + width / 2.0, x1 - width / 2.0 + 1.0, across),
        np.arange(y0 + height / 2.0, y1 - height / 2.0 + 1.0, down),
    )
    places = np.stack((x.ravel(), y.ravel()), axis=-1)
    return places[np.argsort(((places - np.array(middle)) ** 2).sum(axis=1), kind="stable")]


def _inside(
    area: Any, places: Any, viewport: Viewport, width: float, height: float
) -> Iterator[Spot]:
    """Those places at which a text of this size lies inside an area that was prepared."""
    if not len(places):
        return
    low = viewport.to_map(places[:, 0] - width / 2.0, places[:, 1] + height / 2.0)
    high = viewport.to_map(places[:, 0] + width / 2.0, places[:, 1] - height / 2.0)
    texts = shapely.box(low[0], low[1], high[0], high[1])
    for (x, y), fits in zip(places.tolist(), shapely.contains(area, texts).tolist(), strict=True):
        if fits:
            yield Spot(x, y)


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
    for share in _ALONG:
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
    for side in (1.0, -1.0):
        for row in (-1.0, 1.0):
            yield Spot(x + side * (away + width / 2.0), y + row * (away + height / 2.0))


SPOTS: Final[Mapping[Geometry, Spots]] = MappingProxyType(
    {
        Geometry.POLYGON: _inside_area,
        Geometry.LINE: _along_line,
        Geometry.POINT: _beside_point,
    }
)
