"""Which units cover a point, and how far the borders are: an immutable index.

The slow path for one point and the fast path for arrays (`cells.py`) answer alike; a
test holds both against brute force. Covering includes the border, as in
`shapely.covers`; ownership is decided by the tie-break of `rank`:

1. higher priority field, 2. deeper inside (distance to the own border, to the
millimetre), 3. lower code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.cells import BatchOwners, CellIndex
from gridmap.capabilities.locate.rules.nearness import SegmentTree
from gridmap.capabilities.locate.rules.territory import filled_hull
from gridmap.capabilities.locate.rules.verdict import UnitRef
from gridmap.core import plane
from gridmap.core.plane import Floats, Positions

Geometries = npt.NDArray[np.object_]

_MILLIMETRE: Final = 0.001
_SMALL_BATCH: Final = 500
_FEW: Final = 400  # up to here comparing all bounds is cheaper than asking a tree


@dataclass(frozen=True)
class Near:
    """A unit as seen from a point: does it cover it, and how far is its border in metres."""

    position: int
    covers: bool
    distance_m: float


@dataclass(frozen=True)
class UnitAnswer:
    """What the index says of one point.

    `near` holds every unit that covers the point or whose border lies within the
    tolerance, best owner first; `border_m` is the distance to the nearest border of
    any unit (infinite if the index is empty).
    """

    near: tuple[Near, ...]
    border_m: float

    @property
    def covering(self) -> tuple[Near, ...]:
        """The units that cover the point, best owner first."""
        return tuple(unit for unit in self.near if unit.covers)


class UnitIndex:
    """Units (polygons in degrees of EPSG:4490) that compete for the same points.

    Args:
        units: code, name and tier of each unit.
        geometries: shape (n,), polygons or multipolygons.
        priorities: shape (n,), the higher wins; zeros if omitted.

    The units are kept in the order of their codes, so no answer depends on the order
    in which they came. Positions in answers refer to `units` of this index.
    """

    def __init__(
        self,
        units: Sequence[UnitRef],
        geometries: Geometries,
        priorities: npt.ArrayLike | None = None,
    ) -> None:
        given = np.zeros(len(units), np.int64) if priorities is None else np.asarray(priorities)
        geometries = np.asarray(geometries, dtype=object)
        keep = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
        order = sorted(keep.tolist(), key=lambda i: _stable_key(units[i], geometries[i]))
        self.units: tuple[UnitRef, ...] = tuple(units[i] for i in order)
        self.geometries: Geometries = geometries[order]
        self.priorities: Positions = given[order].astype(np.int64)
        self._tree = shapely.STRtree(self.geometries)
        self.segments, self._first = segments_of(self.geometries)
        self._bounds: Floats = shapely.bounds(self.geometries)
        shapely.prepare(self.geometries)

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def _position_of_code(self) -> dict[str, int]:
        return {unit.code: position for position, unit in reversed(list(enumerate(self.units)))}

    def position_of(self, code: str) -> int | None:
        """The position of a unit by its code."""
        return self._position_of_code.get(code)

    def covering(self, lon: float, lat: float) -> list[int]:
        """Positions of the units that cover a point, border included, in code order."""
        bounds = self._bounds
        if len(self) <= _FEW:
            near = np.flatnonzero(
                (bounds[:, 0] <= lon) & (bounds[:, 2] >= lon)
                & (bounds[:, 1] <= lat) & (bounds[:, 3] >= lat)
            )  # fmt: skip
        else:
            near = np.sort(self._tree.query(shapely.points(lon, lat)))
        if not len(near):
            return []
        covering: list[int] = near[shapely.intersects_xy(self.geometries[near], lon, lat)].tolist()
        return covering

    def owner(self, lon: float, lat: float) -> int | None:
        """The owning unit's position by the tie-break, None where no unit covers the point."""
        covering = self.covering(lon, lat)
        if len(covering) < 2:  # noqa: PLR2004  nothing to decide
            return covering[0] if covering else None
        return min((self._near(p, lon, lat, covers=True) for p in covering), key=self.rank).position

    def at(self, lon: float, lat: float, tolerance_m: float) -> UnitAnswer:
        """Everything about one point: covering units, units within the tolerance, border."""
        covering = {p: self._near(p, lon, lat, covers=True) for p in self.covering(lon, lat)}
        border_m = min((near.distance_m for near in covering.values()), default=np.inf)
        reach_m = max(tolerance_m, border_m if covering else tolerance_m)
        near = list(covering.values())
        for position in self._in_window(lon, lat, reach_m):
            if position in covering:
                continue
            other = self._near(position, lon, lat, covers=False)
            border_m = min(border_m, other.distance_m)
            if other.distance_m < tolerance_m:
                near.append(other)
        return UnitAnswer(tuple(sorted(near, key=self.rank)), float(border_m))

    def nearest(self, lon: float, lat: float) -> Near | None:
        """The unit whose border is nearest to a point that no unit covers."""
        if not len(self):
            return None
        lower = plane.distances_to_boxes(lon, lat, self._bounds)
        best: Near | None = None
        for position in np.argsort(lower, kind="stable").tolist():
            # A millimetre decides nothing: the lower code of equals must have its turn.
            if best is not None and lower[position] > best.distance_m + 2 * _MILLIMETRE:
                break
            near = self._near(position, lon, lat, covers=False)
            best = near if best is None else min(best, near, key=self.rank)
        return best

    def rank(self, near: Near) -> tuple[bool, int, int, int]:
        """The tie-break as a sort key: smallest is the owner."""
        depth = int(near.distance_m * 1000.0 + 0.5)
        if near.covers:
            return (False, -int(self.priorities[near.position]), -depth, near.position)
        return (True, 0, depth, near.position)

    def many(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> BatchOwners:
        """Owner and number of covering units for arrays of points (degrees, shape (n,)).

        Owners are positions, −1 where no unit covers the point.
        """
        lon, lat = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        if not len(self):
            return BatchOwners(np.full(len(lon), -1, np.int64), np.zeros(len(lon), np.int64))
        few = len(lon) <= _SMALL_BATCH and "cells" not in self.__dict__
        if few:
            return self._many_slowly(lon, lat)
        return self.cells.owners(lon, lat, self._resolve)

    def borders(self, lon: npt.ArrayLike, lat: npt.ArrayLike, limit_m: float) -> Floats:
        """Distances in metres to the nearest border, infinite beyond `limit_m`; shape (n,)."""
        lon, lat = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        return self.cells.borders(lon, lat, limit_m)

    @cached_property
    def cells(self) -> CellIndex:
        """The cell index for arrays; built at first use."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self._first))
        return CellIndex.build(self.segments, owners, self._first, self.priorities)

    @cached_property
    def tree(self) -> SegmentTree:
        """The border segments by nearness, for arrays; built at first use."""
        return SegmentTree.build(
            self.segments, np.repeat(np.arange(len(self)), np.diff(self._first))
        )

    @cached_property
    def hull(self) -> shapely.Geometry:
        """The ground inside the outermost borders: all units with their holes filled."""
        return filled_hull(self.geometries, self.segments, self._first)

    def seen_from(self, position: int, lon: float, lat: float) -> Near:
        """One unit as seen from a point, near or far."""
        covers = bool(shapely.intersects_xy(self.geometries[position], lon, lat))
        return self._near(position, lon, lat, covers=covers)

    def segments_of_unit(self, position: int) -> Floats:
        """The border segments of one unit, shape (n, 4): lon, lat of start and end."""
        return self.segments[self._first[position] : self._first[position + 1]]

    def _near(self, position: int, lon: float, lat: float, *, covers: bool) -> Near:
        found = plane.nearest_on_segments(lon, lat, self.segments_of_unit(position))
        return Near(position, covers, found.distance_m)

    def _in_window(self, lon: float, lat: float, radius_m: float) -> list[int]:
        box, bounds = plane.window(lon, lat, radius_m), self._bounds
        if len(self) <= _FEW:
            near = np.flatnonzero(
                (bounds[:, 0] <= box.east) & (bounds[:, 2] >= box.west)
                & (bounds[:, 1] <= box.north) & (bounds[:, 3] >= box.south)
            )  # fmt: skip
        else:
            window = shapely.linestrings([[box.west, box.south], [box.east, box.north]])
            near = np.sort(self._tree.query(window))
        found: list[int] = near.tolist()
        return found

    def _many_slowly(self, lon: Floats, lat: Floats) -> BatchOwners:
        owners = np.full(len(lon), -1, np.int64)
        counts = np.zeros(len(lon), np.int64)
        self._resolve(lon, lat, np.arange(len(lon)), owners, counts)
        return BatchOwners(owners, counts)

    def _resolve(
        self, lon: Floats, lat: Floats, rows: Positions, owners: Positions, counts: Positions
    ) -> None:
        """Fill `owners` and `counts` at `rows` by the slow path."""
        for row in rows.tolist():
            x, y = float(lon[row]), float(lat[row])
            counts[row] = len(self.covering(x, y))
            owner = self.owner(x, y)
            owners[row] = -1 if owner is None else owner


def segments_of(geometries: Geometries) -> tuple[Floats, Positions]:
    """All border segments, and where those of each geometry begin.

    Returns:
        segments, shape (m, 4): lon, lat of start and end; offsets, shape (n + 1,).
    """
    parts, part_owner = shapely.get_parts(geometries, return_index=True)
    if len(parts) and shapely.get_dimensions(parts[0]) == 2:  # noqa: PLR2004  areas have rings
        lines, ring_of = shapely.get_rings(parts, return_index=True)
        line_owner = part_owner[ring_of]
    else:
        lines, line_owner = parts, part_owner
    coordinates, line_of = shapely.get_coordinates(lines, return_index=True)
    joined = line_of[1:] == line_of[:-1]
    segments = np.hstack([coordinates[:-1], coordinates[1:]])[joined]
    owner = line_owner[line_of[:-1][joined]]
    first = np.searchsorted(owner, np.arange(len(geometries) + 1))
    return np.ascontiguousarray(segments), first.astype(np.int64)


def _stable_key(unit: UnitRef, geometry: Any) -> tuple[str, str, str, tuple[float, ...]]:
    """Order by code; twins of one code by tier, name and outline, never by their row."""
    return (unit.code, unit.tier, unit.name, tuple(shapely.bounds(geometry)))
