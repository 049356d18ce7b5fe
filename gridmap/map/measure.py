"""Lengths and areas of what is drawn on the map: geodesic, never in map metres."""

from collections.abc import Sequence
from typing import Final

from pyproj import Geod

from gridmap.map.viewport import Point
from gridmap.texts import t

CGCS2000: Final = Geod(a=6378137.0, rf=298.257222101)
"""The ellipsoid of EPSG:4490 (GB 22021-2008)."""

_KM: Final = 1_000.0
_HA: Final = 10_000.0
_KM2: Final = 1_000_000.0


def length_m(path: Sequence[Point]) -> float:
    """Length in metres of a path of longitudes and latitudes in degrees (EPSG:4490)."""
    if len(path) < 2:  # noqa: PLR2004  one place has no length
        return 0.0
    lon, lat = zip(*path, strict=True)
    return float(CGCS2000.line_length(lon, lat))


def area_m2(ring: Sequence[Point]) -> float:
    """Area in m² inside a ring of longitudes and latitudes in degrees; need not be closed."""
    if len(ring) < 3:  # noqa: PLR2004  two places have no area
        return 0.0
    lon, lat = zip(*ring, strict=True)
    area, _ = CGCS2000.polygon_area_perimeter(lon, lat)
    return abs(float(area))


def perimeter_m(ring: Sequence[Point]) -> float:
    """Length in metres around a ring; the last place is joined to the first."""
    return length_m([*ring, ring[0]]) if ring else 0.0


def length_text(metres: float) -> str:
    """A length as people read it."""
    if metres < _KM:
        return t("map.measure.metres", value=f"{metres:,.1f}")
    return t("map.measure.kilometres", value=f"{metres / _KM:,.2f}")


def area_text(square_metres: float) -> str:
    """An area as people read it."""
    if square_metres < _HA:
        return t("map.measure.square_metres", value=f"{square_metres:,.0f}")
    if square_metres < _KM2:
        return t("map.measure.hectares", value=f"{square_metres / _HA:,.2f}")
    return t("map.measure.square_kilometres", value=f"{square_metres / _KM2:,.2f}")
