"""From the arrays of a snapshot to the pixels of a picture: chosen, cut, snapped, thinned.

Every vertex is rounded to the same fine grid of pixels, wherever it occurs, so that a border
shared by two polygons stays shared; then neighbours that fell on one point become one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.core.declaration import Geometry
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface
from gridmap.map.viewport import Extent

GRID: Final = 0.25
"""Vertices of pictures are rounded to this part of a physical pixel; paper is not rounded."""

_FAR: Final = 400.0  # declared pixels outside the picture, beyond which outlines are cut


@dataclass(frozen=True, slots=True)
class Trace:
    """Outlines in physical pixels, flat like those of a `MapLayer`.

    Attributes:
        xy: float64 (n, 2).
        rings: int64 (r + 1), first vertex of each ring.
        features: int64 (m + 1), first ring of each feature.
        new_edge: bool (n), the edge from vertex i to i + 1 is to be stroked.
    """

    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    features: NDArray[np.int64]
    new_edge: NDArray[np.bool_]

    def runs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last + 1 vertex of each stretch of edges to be stroked in one go."""
        edge = np.concatenate(([False], self.new_edge, [False]))
        change = np.flatnonzero(edge[1:] != edge[:-1])
        return change[::2], change[1::2] + 1


def trace(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> Trace:
    """The outlines of the features at positions `chosen`, in their order."""
    scale = surface.viewport.resolution
    far = _widened(surface.viewport.extent, _FAR * scale)
    b = layer.bounds[chosen]
    reaches_far = (b[:, 0] < far[0]) | (b[:, 1] < far[1]) | (b[:, 2] > far[2]) | (b[:, 3] > far[3])
    pieces = _pieces(layer, chosen, reaches_far, far)
    xy = surface.to_px(pieces.xy)
    if surface.image is None:
        return Trace(xy, pieces.rings, pieces.features, pieces.new_edge)
    return _thinned(np.rint(xy / GRID) * GRID, pieces)


def take_ranges(
    starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All integers of the ranges, one after the other, and the offsets of each range in them."""
    sizes = stops - starts
    offsets = np.concatenate((np.zeros(1, np.int64), sizes.cumsum()))
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes), offsets


def _widened(extent: Extent, by: float) -> Extent:
    return extent[0] - by, extent[1] - by, extent[2] + by, extent[3] + by


def _gather(layer: MapLayer, chosen: NDArray[np.intp]) -> Trace:
    if len(chosen) == len(layer):
        return Trace(layer.xy, layer.rings, layer.features, layer.new_edge)
    which, features = take_ranges(layer.features[chosen], layer.features[chosen + 1])
    vertices, rings = take_ranges(layer.rings[which], layer.rings[which + 1])
    return Trace(layer.xy[vertices], rings, features, layer.new_edge[vertices])


def _pieces(
    layer: MapLayer, chosen: NDArray[np.intp], far: NDArray[np.bool_], box: Extent
) -> Trace:
    """The chosen outlines in metres; those that reach far outside are cut to `box`."""
    whole = _gather(layer, chosen)
    if not far.any() or layer.geometry is Geometry.POINT:
        return whole
    xy, flags, ring_sizes, feature_sizes = [], [], [], []
    for at, cut in enumerate(far):
        count = 0
        for ring in range(whole.features[at], whole.features[at + 1]):
            span = slice(whole.rings[ring], whole.rings[ring + 1])
            points, new = whole.xy[span], whole.new_edge[span]
            for part, mask in _cut(points, new, box, layer.geometry) if cut else [(points, new)]:
                xy.append(part)
                flags.append(mask)
                ring_sizes.append(len(part))
                count += 1
        feature_sizes.append(count)
    return Trace(
        np.concatenate([np.empty((0, 2)), *xy]),
        np.concatenate(([0], np.cumsum(ring_sizes, dtype=np.int64))),
        np.concatenate(([0], np.cumsum(feature_sizes, dtype=np.int64))),
        np.concatenate([np.empty(0, np.bool_), *flags]),
    )


def _cut(
    points: NDArray[np.float64], new: NDArray[np.bool_], box: Extent, geometry: Geometry
) -> list[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    if geometry is Geometry.POLYGON:
        ring, mask = clip_ring(points, new, box)
        return [(ring, mask)] if len(ring) else []
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.LineString(points), *box))
    found = []
    for part in parts:
        line = shapely.get_coordinates(part)
        mask = np.ones(len(line), np.bool_)
        mask[-1:] = False
        found.append((line, mask))
    return found


def clip_ring(
    points: NDArray[np.float64], new: NDArray[np.bool_], box: Extent
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A closed ring cut to a box, one side after the other (Sutherland and Hodgman 1974).

    Args:
        points: float64 (n, 2), first vertex repeated at the end.
        new: bool (n), flags of the edges; edges made along the box get False.
        box: xmin, ymin, xmax, ymax in the units of `points`.

    Returns:
        Ring and flags, closed again; empty when nothing is left.
    """
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        a, b, flag = points[:-1], points[1:], new[:-1]
        depth_a, depth_b = (a[:, axis] - limit) * sign, (b[:, axis] - limit) * sign
        in_a, in_b = depth_a >= 0, depth_b >= 0
        crosses = in_a != in_b
        step = np.divide(depth_a, depth_a - depth_b, out=np.zeros_like(depth_a), where=crosses)
        met = a + (b - a) * step[:, None]
        keep = np.stack((in_a, crosses), axis=1).ravel()
        points = np.stack((a, met), axis=1).reshape(-1, 2)[keep]
        new = np.stack((flag, flag & in_b), axis=1).ravel()[keep]
        if len(points) == 0:
            return points, new
        points = np.concatenate((points, points[:1]))
        new = np.concatenate((new, [False]))
    return points, new


def _thinned(xy: NDArray[np.float64], pieces: Trace) -> Trace:
    """Neighbours on the same point become one; rings and features keep their places."""
    if len(xy) == 0:
        return pieces
    keep = np.ones(len(xy), np.bool_)
    keep[1:] = (xy[1:, 0] != xy[:-1, 0]) | (xy[1:, 1] != xy[:-1, 1])
    keep[pieces.rings[:-1]] = True
    kept = np.flatnonzero(keep)
    rings = np.concatenate(([0], np.cumsum(keep)))[pieces.rings]
    # Of the vertices that became one only the last starts an edge of some length.
    last = np.concatenate((kept[1:], [len(xy)])) - 1
    return Trace(xy[kept], rings, pieces.features, pieces.new_edge[last])
