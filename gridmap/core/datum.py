"""GCJ-02 and BD-09, the shifted datums of Chinese web maps, to and from WGS 84.

The shift is not published officially; all open code follows one public formula
(constants and source: `resources/standards/coords.toml`, confidence high). WGS 84
and CGCS2000 agree within about a metre and count as the same for mapping. The
inverse is iterated to less than a millimetre. Nothing is shifted outside the box
in which the web maps shift. All arrays are degrees, longitude first.
"""

import re
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]

_SEMI_MAJOR_M: Final = 6378245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
_ITERATIONS: Final = 6


class Datum(StrEnum):
    """In which datum a coordinate was written."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


# As maps, devices and headings call them.
_NAMES: Final = {
    Datum.CGCS2000: r"cgcs[-_ ]?2000|国家2000|2000国家|国家大地|天地图|epsg[: ]?4490",
    Datum.WGS84: r"wgs[-_ ]?(?:19)?84|epsg[: ]?4326",
    Datum.GCJ02: r"gcj[-_ ]?0?2|高德|腾讯|火星|国测局|a-?map|autonavi|map\.qq",
    Datum.BD09: r"bd[-_ ]?0?9(?:ll)?|百度|baidu",
}
_NAMED: Final = re.compile(
    "|".join(f"(?P<{datum.name}>{words})" for datum, words in _NAMES.items()), re.IGNORECASE
)
_STATEMENT: Final = re.compile(
    rf"[(（\[【]?\s*(?:{'|'.join(_NAMES.values())})\s*(?:地图|坐标系?|基准)*\s*[)）\]】]?\s*[:：]?",
    re.IGNORECASE,
)


def stated_in(text: str) -> Datum | None:
    """The datum that a heading, a cell or a remark names: 经度(GCJ02), 高德, 坐标系 WGS84.

    None where it names none, or more than one.
    """
    found = {match.lastgroup for match in _NAMED.finditer(text)}
    return Datum[found.pop() or ""] if len(found) == 1 else None


def without_datum(text: str) -> str:
    """A text without the names of datums in it, nor the brackets and words around them."""
    return _STATEMENT.sub(" ", text).strip()


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Degrees of `datum` as degrees of WGS 84 (the same as CGCS2000 for mapping).

    Shapes are kept (scalars become 0-d arrays).
    """
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    if datum is Datum.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return lon, lat


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """The inverse of `to_wgs84`."""
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if datum is Datum.GCJ02:
        return wgs84_to_gcj02(lon, lat)
    if datum is Datum.BD09:
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    return lon, lat


def wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 to GCJ-02; outside the shifted box the input comes back unchanged."""
    west, south, east, north = _BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    d_lon, d_lat = _shift(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def gcj02_to_wgs84(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """GCJ-02 to WGS 84 by fixed-point iteration (converges tenfold or better a step)."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_ITERATIONS):
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon = guess_lon - (there_lon - lon)
        guess_lat = guess_lat - (there_lat - lat)
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """GCJ-02 to BD-09 (formula: `resources/standards/coords.toml`, [bd09])."""
    turn = np.pi * 3000.0 / 180.0
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * turn)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 to GCJ-02 by fixed-point iteration."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(_ITERATIONS):
        there_lon, there_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon = guess_lon - (there_lon - lon)
        guess_lat = guess_lat - (there_lat - lat)
    return guess_lon, guess_lat


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """The GCJ-02 offset in degrees at a WGS 84 position."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    pi = np.pi
    wave = 20.0 * np.sin(6 * pi * x) + 20.0 * np.sin(2 * pi * x)
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m = north_m + (2 / 3) * (
        wave + 20 * np.sin(pi * y) + 40 * np.sin(pi * y / 3)
        + 160 * np.sin(pi * y / 12) + 320 * np.sin(pi * y / 30)
    )  # fmt: skip
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m = east_m + (2 / 3) * (
        wave + 20 * np.sin(pi * x) + 40 * np.sin(pi * x / 3)
        + 150 * np.sin(pi * x / 12) + 300 * np.sin(pi * x / 30)
    )  # fmt: skip
    phi = np.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(phi)
    return np.degrees(east_m / parallel), np.degrees(north_m / meridian)
