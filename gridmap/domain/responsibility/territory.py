"""Inside the territory or not: is an uncovered point a gap or abroad?"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.domain.plane import Floats, Positions


def filled_hull(
    geometries: npt.NDArray[np.object_], segments: Floats, first: Positions
) -> shapely.Geometry:
    """The union of all areas with every hole filled, prepared for queries.

    Only areas on the rim can form the outer border, and those have segments that no
    neighbour shares; the union of the rim, filled, holds all others. For 41,000 units
    this costs a second instead of minutes.

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
    union = shapely.union_all(geometries[rim if len(rim) else slice(None)])
    filled = shapely.union_all([_without_holes(part) for part in shapely.get_parts(union)])
    shapely.prepare(filled)
    return filled


def _without_holes(polygon: Any) -> shapely.Polygon:
    return shapely.Polygon(polygon.exterior)
