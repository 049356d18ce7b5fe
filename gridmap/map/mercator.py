"""Web Mercator (EPSG:3857) from and to degrees, by the closed formula.

CGCS2000 (EPSG:4490) is taken as WGS 84, as everywhere on the display side: the two
ellipsoids differ by a tenth of a millimetre, the frames by a few centimetres.
Source: EPSG Guidance Note 7-2, method 1024 "Popular Visualisation Pseudo Mercator".
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

RADIUS: Final = 6378137.0
"""Semi-major axis in metres."""

HALF_WORLD: Final = np.pi * RADIUS
"""Half the width of the projected world in metres."""

MAX_LATITUDE: Final = 85.051128779806
"""The latitude in degrees at which the projected world is square."""


def project(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Degrees (EPSG:4490) to metres (EPSG:3857).

    Args:
        lon: longitudes in degrees, any shape.
        lat: latitudes in degrees, same shape; cut to ±85.05°.

    Returns:
        x and y in metres, stacked on a new last axis of length 2.
    """
    phi = np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    lam = np.radians(np.asarray(lon, np.float64))
    return np.stack((RADIUS * lam, RADIUS * np.arctanh(np.sin(phi))), axis=-1)


def unproject(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Metres (EPSG:3857) to degrees (EPSG:4490): longitude and latitude on a new last axis."""
    lon = np.degrees(np.asarray(x, np.float64) / RADIUS)
    lat = np.degrees(np.arctan(np.sinh(np.asarray(y, np.float64) / RADIUS)))
    return np.stack((lon, lat), axis=-1)


def ground_factor(y: float) -> float:
    """True metres per projected metre at the projected northing `y` (the cosine of latitude)."""
    return float(1.0 / np.cosh(y / RADIUS))
