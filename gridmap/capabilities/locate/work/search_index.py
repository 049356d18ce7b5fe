"""What the search box finds: the named features of a project."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.core.plane import GEOD, metres_per_degree
from gridmap.core.search import Entry, SearchIndex
from gridmap.store.project import Project


def search_index(project: Project) -> SearchIndex:
    """The index over every layer that declares `[search]`. Not for the GUI thread."""
    return SearchIndex(
        entry
        for layer_id in project.editions()
        for entry in _entries(project, project.declarations[layer_id])
    )


def _entries(project: Project, declaration: LayerDeclaration) -> Iterator[Entry]:
    if declaration.search is None:
        return
    frame = project.layer(declaration.id)
    points = _label_points(np.asarray(frame.geometry.array, dtype=object), declaration.geometry)
    heading = declaration.card.heading
    others = [name for name in declaration.search.fields if name != heading]
    kinds = _kinds(frame)
    extents = _extents(frame, declaration.geometry)
    radii = frame["radius_m"].fillna(0.0) if "radius_m" in frame.columns else [0.0] * len(frame)
    rows = zip(
        frame[declaration.key], frame[heading], kinds, points, radii, extents,
        zip(*(frame[name] for name in others), strict=True) if others else [()] * len(frame),
        strict=True,
    )  # fmt: skip
    for key, name, kind, point, radius, extent, codes in rows:
        if point is None or pd.isna(name):
            continue
        known = tuple(str(code) for code in codes if not pd.isna(code))
        yield Entry(
            declaration.id, str(key), str(name), kind, float(point.x), float(point.y),
            known, declaration.search.weight, float(radius), float(extent),
        )  # fmt: skip


def _extents(frame: gpd.GeoDataFrame, geometry: Geometry) -> np.ndarray:
    """How far each feature reaches from its label point, in metres, as `Entry` says."""
    if geometry is Geometry.POINT or not len(frame):
        return np.zeros(len(frame))
    if geometry is Geometry.LINE:
        return np.array(
            [GEOD.geometry_length(shape) / 2 if shape else 0.0 for shape in frame.geometry]
        )
    bounds = frame.geometry.bounds.mean()
    per_lon, per_lat = metres_per_degree(float(bounds["miny"] + bounds["maxy"]) / 2)
    areas = np.nan_to_num(shapely.area(np.asarray(frame.geometry.array, dtype=object)))
    return np.asarray(np.sqrt(areas * per_lon * per_lat / np.pi))


def _kinds(frame: pd.DataFrame) -> list[str]:
    """What kind of thing each row is: the value of `tier` or `kind`, if the layer has one."""
    for name in ("tier", "kind"):
        if name in frame.columns:
            return ["" if pd.isna(value) else str(value) for value in frame[name]]
    return [""] * len(frame)


def _label_points(shapes: np.ndarray, geometry: Geometry) -> np.ndarray:
    if geometry is Geometry.POLYGON:
        return np.asarray(shapely.point_on_surface(shapes))
    if geometry is Geometry.LINE:
        longest = [_longest(shape) for shape in shapes]
        return np.asarray(shapely.line_interpolate_point(longest, 0.5, normalized=True))
    return shapes


def _longest(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = shapely.get_parts(shape)
    return max(parts, key=lambda part: part.length, default=None)
