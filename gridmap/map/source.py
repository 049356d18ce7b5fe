"""What the map draws: immutable snapshots of layers, projected once, as flat arrays.

A `MapLayer` is one view of a layer declaration (one entry of the layer panel) together
with the features it shows. It is built by a pure function, on any thread, from a
GeoDataFrame in EPSG:4490; painters and hit tests only read it.
"""

import itertools
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.core.declaration import Geometry, LayerDeclaration, Symbol, View
from gridmap.map import mercator
from gridmap.map.faces import Face
from gridmap.map.viewport import Extent

_CHUNK: Final = 2_000  # features read per step, so that other threads get their turn
_revisions = itertools.count(1)


@dataclass(frozen=True, eq=False)
class MapLayer:
    """One view of a layer, ready to be drawn. Compared by identity, safe to share.

    n vertices, r rings (a ring is the outline of a polygon or of a hole, a line part, or
    the single vertex of a point), m features; rings of a feature follow each other.

    Attributes:
        layer_id: the declaration's id.
        view: symbol, label, order and scale limit.
        geometry: which painter draws it.
        xy: float64 (n, 2), metres, EPSG:3857. Outlines run counter-clockwise, holes clockwise.
        rings: int64 (r + 1), first vertex of each ring.
        holes: bool (r), whether the ring is a hole.
        features: int64 (m + 1), first ring of each feature.
        bounds: float64 (m, 4), xmin, ymin, xmax, ymax in metres.
        keys: row keys of the frame, one per feature.
        labels: label texts, one per feature; "" draws none.
        new_edge: bool (n), whether the edge from vertex i to i + 1 has not occurred before in
            this view: borders shared by two polygons are drawn once.
        fills: int16 (m) index into `palette`, or None: the symbol's own fill.
        palette: colours (`#rrggbb` or `#rrggbbaa`) of `fills`.
        faces: instead of a palette, how markers look: `fills` points into it.
        revision: unique number of this snapshot; images are cached under it.
        layout: number of what decides where labels stand; recoloured copies share it.
        anchors: where labels of areas stand, feature → x, y in metres; filled as they are
            needed and shared by recoloured copies.
    """

    layer_id: str
    view: View
    geometry: Geometry
    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    holes: NDArray[np.bool_]
    features: NDArray[np.int64]
    bounds: NDArray[np.float64]
    keys: tuple[Hashable, ...]
    labels: tuple[str, ...]
    new_edge: NDArray[np.bool_]
    fills: NDArray[np.int16] | None = None
    palette: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    revision: int = field(default_factory=lambda: next(_revisions))
    layout: int = field(default_factory=lambda: next(_revisions))
    anchors: dict[int, tuple[float, float]] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> str:
        """The name of this view among all views: `layer_id/view_id`."""
        return f"{self.layer_id}/{self.view.id}"

    @cached_property
    def positions(self) -> Mapping[Hashable, int]:
        """Row key → position of the feature."""
        return {key: position for position, key in enumerate(self.keys)}

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def extent(self) -> Extent | None:
        """xmin, ymin, xmax, ymax in metres, EPSG:3857; None without features."""
        if not len(self):
            return None
        low, high = self.bounds[:, :2].min(axis=0), self.bounds[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def shown_at(self, denominator: float) -> bool:
        """Whether the view is drawn at 1 : `denominator`."""
        limit = self.view.max_scale_denominator
        return limit is None or denominator <= limit

    def labelled_at(self, denominator: float) -> bool:
        """Whether its labels are drawn at 1 : `denominator`."""
        label = self.view.label
        if label is None or not self.shown_at(denominator):
            return False
        return label.max_scale_denominator is None or denominator <= label.max_scale_denominator

    def inside(self, extent: Extent, reach: float = 0.0) -> NDArray[np.intp]:
        """Features whose bounds touch `extent`, widened by `reach` metres; rising positions."""
        xmin, ymin, xmax, ymax = extent
        b = self.bounds
        hit = (b[:, 0] <= xmax + reach) & (b[:, 2] >= xmin - reach)
        hit &= (b[:, 1] <= ymax + reach) & (b[:, 3] >= ymin - reach)
        return np.flatnonzero(hit)

    def recoloured(self, fills: NDArray[np.int16] | None, palette: tuple[str, ...]) -> "MapLayer":
        """The same features with a fill per feature: a new snapshot that shares the arrays.

        Raises:
            ValueError: if `fills` has another length or points outside `palette`.
        """
        if fills is not None:
            self._check(fills, len(palette))
        return replace(self, fills=fills, palette=palette, faces=(), revision=next(_revisions))

    def faced(self, fills: NDArray[np.int16], faces: tuple[Face, ...]) -> "MapLayer":
        """The same points with a face per feature: a new snapshot that shares the arrays.

        Raises:
            ValueError: if `fills` has another length or points outside `faces`.
        """
        self._check(fills, len(faces))
        return replace(self, fills=fills, palette=(), faces=faces, revision=next(_revisions))

    def with_symbol(self, symbol: Symbol) -> "MapLayer":
        """The same features with another symbol."""
        view = self.view.model_copy(update={"symbol": symbol})
        return replace(self, view=view, revision=next(_revisions), layout=next(_revisions))

    def _check(self, fills: NDArray[np.int16], kinds: int) -> None:
        if fills.shape != (len(self),):
            raise ValueError(f"{fills.shape[0]} fills for {len(self)} features")
        if len(fills) and not 0 <= fills.min() <= fills.max() < kinds:
            raise ValueError("a fill points outside the palette")

    def shape(self, feature: int) -> Any:
        """One feature as a Shapely geometry in EPSG:3857 (points, lines or polygons)."""
        first, last = self.features[feature], self.features[feature + 1]
        parts = [self.xy[self.rings[r] : self.rings[r + 1]] for r in range(first, last)]
        return _SHAPES[self.geometry](parts, self.holes[first:last])


def build_layers(declaration: LayerDeclaration, frame: gpd.GeoDataFrame) -> list[MapLayer]:
    """One snapshot per view of `declaration`, in drawing order. Pure; any thread.

    Args:
        declaration: the layer.
        frame: its features in EPSG:4490 (or none set: taken as such), degrees; the index
            gives the row keys. Rows without geometry are not drawn.

    Raises:
        ValueError: if the frame is in another reference system.
    """
    views = sorted(declaration.views, key=lambda view: view.order)
    return [build_layer(declaration, view, frame) for view in views]


def build_layer(declaration: LayerDeclaration, view: View, frame: gpd.GeoDataFrame) -> MapLayer:
    """The snapshot of one view; see `build_layers`."""
    if frame.crs is not None and not frame.crs.is_geographic:
        raise ValueError(f"layer {declaration.id}: the map takes degrees, not {frame.crs.name}")
    shown = ~(frame.geometry.is_empty | frame.geometry.isna())
    for name, values in view.where.items():
        shown &= frame[name].isin(values)
    rows = frame[shown]
    xy, rings, holes, features = _flatten(
        np.asarray(rows.geometry.values, dtype=object), declaration.geometry
    )
    labels = ("",) * len(rows)
    if view.label is not None:
        column = rows[view.label.field]
        labels = tuple(
            "" if blank else str(text) for text, blank in zip(column, column.isna(), strict=True)
        )
    return MapLayer(
        layer_id=declaration.id,
        view=view,
        geometry=declaration.geometry,
        xy=xy,
        rings=rings,
        holes=holes,
        features=features,
        bounds=_bounds(xy, rings[features]),
        keys=tuple(rows.index),
        labels=labels,
        new_edge=_new_edges(xy, rings, declaration.geometry),
    )


def _flatten(
    shapes: NDArray[Any], geometry: Geometry
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    xy, ring_sizes, holes, feature_sizes = [], [], [], []
    for start in range(0, len(shapes), _CHUNK):
        chunk = shapes[start : start + _CHUNK]
        rings, of_feature, hole = _rings(chunk, geometry)
        lonlat, of_ring = shapely.get_coordinates(rings, return_index=True)
        xy.append(mercator.project(lonlat[:, 0], lonlat[:, 1]))
        ring_sizes.append(np.bincount(of_ring, minlength=len(rings)))
        holes.append(hole)
        feature_sizes.append(np.bincount(of_feature, minlength=len(chunk)))
    return (
        np.concatenate([np.empty((0, 2)), *xy]),
        _offsets(ring_sizes),
        np.concatenate([np.empty(0, np.bool_), *holes]),
        _offsets(feature_sizes),
    )


def _rings(shapes: NDArray[Any], geometry: Geometry) -> tuple[Any, Any, NDArray[np.bool_]]:
    """Rings (as Shapely lines), the feature of each, and whether it is a hole."""
    parts, of_feature = shapely.get_parts(shapes, return_index=True)
    if geometry is not Geometry.POLYGON:
        return parts, of_feature, np.zeros(len(parts), np.bool_)
    parts = shapely.orient_polygons(parts, exterior_cw=False)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    hole = np.zeros(len(rings), np.bool_)
    hole[1:] = of_part[1:] == of_part[:-1]
    return rings, of_feature[of_part], hole


def _offsets(sizes: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), *sizes]).cumsum()


def _bounds(xy: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    if len(starts) == 1:
        return np.empty((0, 4))
    low = np.minimum.reduceat(xy, starts[:-1], axis=0)
    high = np.maximum.reduceat(xy, starts[:-1], axis=0)
    return np.concatenate((low, high), axis=1)


def _new_edges(
    xy: NDArray[np.float64], rings: NDArray[np.int64], geometry: Geometry
) -> NDArray[np.bool_]:
    """Marks the first occurrence of each undirected edge; a ring's last vertex starts none."""
    new = np.ones(len(xy), np.bool_)
    new[rings[1:] - 1] = False
    if geometry is not Geometry.POLYGON or len(xy) == 0:
        return new
    # A 64-bit hash of the vertex stands for it: of a million edges two would collide once
    # in some forty million maps, and then one border piece would be missing.
    bits = (xy + 0.0).view(np.uint64)  # + 0.0 makes of minus zero a plain zero
    vertex = _mix(bits[:, 0]) + _mix(bits[:, 1] ^ np.uint64(0x9E3779B97F4A7C15))
    vertex = _mix(vertex)
    starts = np.flatnonzero(new)
    edge = vertex[starts] + vertex[starts + 1]
    order = np.argsort(edge, kind="stable")
    again = np.zeros(len(edge), np.bool_)
    again[order[1:]] = edge[order[1:]] == edge[order[:-1]]
    new[starts[again]] = False
    return new


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spreads 64 bits (the finaliser of SplitMix64, public domain)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _polygon(parts: list[NDArray[np.float64]], holes: NDArray[np.bool_]) -> Any:
    shells: list[list[NDArray[np.float64]]] = []
    for ring, hole in zip(parts, holes, strict=True):
        if hole:
            shells[-1].append(ring)
        else:
            shells.append([ring])
    return shapely.multipolygons([shapely.Polygon(s[0], s[1:]) for s in shells])


_SHAPES: Final = {
    Geometry.POINT: lambda parts, _: shapely.multipoints(np.concatenate(parts)),
    Geometry.LINE: lambda parts, _: shapely.multilinestrings(
        [shapely.LineString(p) for p in parts]
    ),
    Geometry.POLYGON: _polygon,
}
