"""The 3-degree Gauss–Krüger zones of CGCS2000: metres for a place, and back.

Zones 25–45 have the central meridian 3·n degrees. EPSG 4513–4533 write the zone
before the easting (8 digits), 4534–4554 do not; axis order here is easting,
northing, as files have it (source: `resources/standards/cgcs2000_epsg.csv`).
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Metres = npt.NDArray[np.float64]

STORED_CRS: Final = "EPSG:4490"
_ZONES: Final = range(25, 46)
_PREFIXED_FROM: Final = 4513
_PLAIN_FROM: Final = 4534
_ZONE_WIDTH: Final = 3.0
_PREFIX_STEP: Final = 1_000_000.0


@dataclass(frozen=True)
class Zone:
    """One zone; `prefixed` says whether eastings carry its number."""

    number: int
    prefixed: bool = True

    def __post_init__(self) -> None:
        if self.number not in _ZONES:
            raise ValueError(f"there is no 3-degree zone {self.number}; there are 25 to 45")

    @property
    def epsg(self) -> int:
        """The EPSG code of the zone."""
        first = _PREFIXED_FROM if self.prefixed else _PLAIN_FROM
        return first + self.number - _ZONES.start

    def without_prefix(self) -> "Zone":
        """The same zone with eastings that carry no number."""
        return Zone(self.number, prefixed=False)

    def to_metres(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Metres, Metres]:
        """Degrees of EPSG:4490 as easting and northing in metres."""
        easting, northing = _transformer(self.epsg).transform(lon, lat)
        return np.asarray(easting, np.float64), np.asarray(northing, np.float64)

    def to_degrees(self, easting: npt.ArrayLike, northing: npt.ArrayLike) -> tuple[Metres, Metres]:
        """Easting and northing in metres as degrees of EPSG:4490."""
        lon, lat = _transformer(self.epsg).transform(easting, northing, direction="INVERSE")
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


@dataclass(frozen=True)
class Meridian:
    """A transverse Mercator plane about any meridian: metres for places outside of China.

    `lon` is the central meridian in degrees; eastings carry no number.
    """

    lon: float

    def to_metres(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Metres, Metres]:
        """Degrees of EPSG:4490 as easting and northing in metres."""
        easting, northing = _about(self.lon).transform(lon, lat)
        return np.asarray(easting, np.float64), np.asarray(northing, np.float64)

    def to_degrees(self, easting: npt.ArrayLike, northing: npt.ArrayLike) -> tuple[Metres, Metres]:
        """Easting and northing in metres as degrees of EPSG:4490."""
        lon, lat = _about(self.lon).transform(easting, northing, direction="INVERSE")
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


MetricPlane = Zone | Meridian


def plane_at(lon: float) -> MetricPlane:
    """Metres around any longitude: the zone it lies in, else a plane about its meridian."""
    number = math.floor(lon / _ZONE_WIDTH + 0.5)
    return Zone(number) if number in _ZONES else Meridian(_ZONE_WIDTH * number)


def zone_at(lon: float) -> Zone:
    """The zone that a longitude (degrees) lies in; clamped to the zones of China."""
    number = math.floor(lon / _ZONE_WIDTH + 0.5)
    return Zone(min(max(number, _ZONES.start), _ZONES.stop - 1))


def zone_of_easting(easting: float) -> Zone | None:
    """The zone whose number an 8-digit easting (metres) carries, or None."""
    number = int(easting // _PREFIX_STEP)
    return Zone(number) if number in _ZONES else None


@cache
def _about(lon: float) -> Transformer:
    plane = f"+proj=tmerc +lon_0={lon} +k=1 +x_0=500000 +ellps=GRS80 +units=m"
    return Transformer.from_crs(STORED_CRS, plane, always_xy=True)


@cache
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(STORED_CRS, f"EPSG:{epsg}", always_xy=True)
