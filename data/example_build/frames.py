"""Small helpers to make layer frames."""

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from example_build.plane import Floats, Noise, rounded, to_degrees, to_metres

CRS: Final = "EPSG:4490"
REAL: Final = "real"
EXAMPLE: Final = "example"
Row = Mapping[str, object]


def layer(rows: Sequence[Row], shapes: Sequence[shapely.Geometry]) -> gpd.GeoDataFrame:
    """A layer frame in EPSG:4490, ordered by code."""
    frame = gpd.GeoDataFrame(list(rows), geometry=list(shapes), crs=CRS)
    return frame.sort_values("code", kind="stable", ignore_index=True)


def multi(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """The areal parts of a geometry."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def in_metres(geometry: shapely.Geometry) -> shapely.Geometry:
    """A geometry in the generator's plane."""
    return shapely.transform(geometry, to_metres)


def in_degrees(geometry: shapely.Geometry) -> shapely.Geometry:
    """A geometry of the plane in degrees, rounded as stored."""
    return shapely.transform(geometry, to_degrees)


def blob(name: str, place: tuple[float, float], radius_m: float) -> shapely.Polygon:
    """A lake-like area round a place, in metres."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    unit = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    bent = radius_m * (1 + 0.2 * Noise(name, 2.2)(unit) + 0.06 * Noise(name, 0.6)(unit))
    return shapely.Polygon(to_metres(place) + unit * bent[:, None])


def point(metres: Floats) -> shapely.Point:
    """A point of the plane as it is stored."""
    return shapely.Point(rounded(to_degrees(metres)))
