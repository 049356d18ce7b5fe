"""Inside the territory or not: is an uncovered point a gap or abroad?"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.nearness import along_a_curve
from gridmap.core.plane import Floats, Positions

_GROUP: Final = 500
_THREADS: Final = 2


def filled_hull(
    geometries: npt.NDArray[np.object_], segments: Floats, first: Positions
) -> shapely.Geometry:
    """The union of all areas with every hole filled, prepared for queries.

    Only areas on the rim can form the outer border, and those have segments that no
    neighbour shares; the union of the rim, filled, holds all others.

    Args:
        geometries: polygons or multipolygons, shape (n,).
        segments: all border segments, shape (m, 4).
        first: where the segments of each geometry begin, shape (n + 1,).
    """
    if not len(geometries):
        return shapely.Polygon()
    swap = (segments[:, 0] > segments[:, 2]) | (
        (segments[:, 0] == segments[:, 2]) & (segments[:, 1] > segments[:, 3])
    )
    undirected = np.where(swap[:, None], segments[:, [2, 3, 0, 1]], segments)
    order = np.lexsort(undirected.T[::-1])
    in_order = undirected[order]
    same = (in_order[1:] == in_order[:-1]).all(axis=1)
    alone = ~(np.append(same, False) | np.append(False, same))
    owner = np.repeat(np.arange(len(geometries)), np.diff(first))
    rim = np.unique(owner[order[alone]])
    chosen = geometries[rim] if len(rim) else geometries
    groups = np.array_split(
        chosen[along_a_curve(shapely.bounds(chosen))], -(-len(chosen) // _GROUP)
    )
    # Neighbours are joined and filled first: what lies between them need not be joined again.
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = [part for filled in pool.map(_filled, groups) for part in filled]
    hull = shapely.union_all(_filled(np.array(parts, dtype=object)))
    shapely.prepare(hull)
    return hull


def _filled(geometries: npt.NDArray[np.object_]) -> list[shapely.Polygon]:
    """The parts of the union of some areas, without holes."""
    return [_without_holes(part) for part in shapely.get_parts(shapely.union_all(geometries))]


def _without_holes(polygon: Any) -> shapely.Polygon:
    return shapely.Polygon(polygon.exterior)
