"""Metres around a point, from degrees.

Seen from one point, a degree of longitude and a degree of latitude have fixed lengths
in metres (radii of curvature of the CGCS2000 ellipsoid, GRS 80, at that latitude). In
this tangent plane distances are right to about 4 cm at 1 km and 0.2 % at 50 km
(docs/adr/0005); it costs two multiplications, so it serves one point and a million
alike. Lengths of lines are geodesic (pyproj).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Geod

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

SEMI_MAJOR_M: Final = 6378137.0
_FLATTENING: Final = 1 / 298.257222101
ECCENTRICITY_SQUARED: Final = _FLATTENING * (2 - _FLATTENING)
GEOD: Final = Geod(ellps="GRS80")


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of one degree of longitude and of one degree of latitude at `lat` (degrees)."""
    phi = math.radians(lat)
    w2 = 1.0 - ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    prime_vertical = SEMI_MAJOR_M / math.sqrt(w2)
    meridional = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w2
    return math.radians(prime_vertical * math.cos(phi)), math.radians(meridional)


@dataclass(frozen=True)
class Window:
    """A box in degrees around a point that holds every place within some metres of it."""

    west: float
    south: float
    east: float
    north: float


def window(lon: float, lat: float, radius_m: float) -> Window:
    """The window of `radius_m` metres around a point (degrees of EPSG:4490)."""
    per_lon, per_lat = metres_per_degree(lat)
    half_width, half_height = radius_m / per_lon, radius_m / per_lat
    return Window(lon - half_width, lat - half_height, lon + half_width, lat + half_height)


@dataclass(frozen=True)
class Nearest:
    """The nearest place on some segments, seen from a point.

    `segment` is the position of the segment, `along` the fraction of it (0–1),
    `side` positive if the point lies left of the segment's direction, `distance_m`
    the distance in metres, `east_m`/`north_m` the offset from the point to the place.
    """

    distance_m: float
    segment: int
    along: float
    east_m: float
    north_m: float


def nearest_on_segments(lon: float, lat: float, segments: Floats) -> Nearest:
    """The nearest place on segments to a point.

    Args:
        lon: degrees of EPSG:4490.
        lat: degrees of EPSG:4490.
        segments: shape (n, 4), lon and lat of start and end, n ≥ 1.
    """
    per_lon, per_lat = metres_per_degree(lat)
    columns = segments.T
    ax, ay = (columns[0] - lon) * per_lon, (columns[1] - lat) * per_lat
    dx, dy = (columns[2] - lon) * per_lon - ax, (columns[3] - lat) * per_lat - ay
    length2 = dx * dx + dy * dy
    length2[length2 == 0] = 1.0  # a segment without length is its start
    along = (ax * dx + ay * dy) / -length2
    along.clip(0.0, 1.0, out=along)
    qx, qy = ax + along * dx, ay + along * dy
    squared = qx * qx + qy * qy
    best = int(squared.argmin())
    return Nearest(
        math.sqrt(squared[best]), best, float(along[best]), float(qx[best]), float(qy[best])
    )


def distances_to_points(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Distances in metres from one point to many, in the point's tangent plane."""
    per_lon, per_lat = metres_per_degree(lat)
    return np.hypot((lons - lon) * per_lon, (lats - lat) * per_lat)


def distances_to_boxes(lon: float, lat: float, bounds: Floats) -> Floats:
    """Distances in metres from one point to boxes (shape (n, 4): west, south, east, north)."""
    per_lon, per_lat = metres_per_degree(lat)
    east = np.maximum(np.maximum(bounds[:, 0] - lon, lon - bounds[:, 2]), 0.0)
    north = np.maximum(np.maximum(bounds[:, 1] - lat, lat - bounds[:, 3]), 0.0)
    return np.hypot(east * per_lon, north * per_lat)


def length_m(lonlat: Floats) -> float:
    """Geodesic length of a line, shape (n, 2) in degrees of EPSG:4490, in metres."""
    return float(GEOD.line_length(lonlat[:, 0], lonlat[:, 1]))
