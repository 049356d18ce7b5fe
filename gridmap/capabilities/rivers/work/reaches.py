"""Which units a reach lies in and how it meets their borders, exactly along its line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from gridmap.capabilities.locate.rules.grid import Grid
from gridmap.capabilities.locate.rules.reaches import OnReach, ReachIndex, border_kind_of
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.capabilities.locate.rules.verdict import BorderKind, UnitRef
from gridmap.capabilities.rivers.rules.file import Piece, pieces_of

_ON_BORDER_M: Final = 0.002
_EVERY_M: Final = 50.0

Sides = tuple[tuple[UnitRef, ...], tuple[UnitRef, ...]]


class ReachSplitter:
    """Cuts reaches at the borders of the units that answer.

    Args:
        index: the reaches.
        grid: the units.
        shapes: outlines of the units that answer, shape (n,), degrees of EPSG:4490.
        rules: shares from which on a river is a border.
        grid_m: accuracy of the units in metres.
    """

    def __init__(
        self, index: ReachIndex, grid: Grid, shapes: Sequence[Any], rules: Rules, grid_m: float
    ) -> None:
        self._index, self._grid, self._rules, self._grid_m = index, grid, rules, grid_m
        self._outlines = [one for one in shapes if one is not None and not one.is_empty]
        self._tree = shapely.STRtree(self._outlines)

    def pieces(self, position: int) -> list[Piece]:
        """A reach as pieces of one owner each; their lengths add up to that of the reach."""
        length = float(self._index.lengths_m[position])
        count = max(int(length / _EVERY_M), 1)
        even = [number / count * length for number in range(1, count)]

        def owner_at(chainage: float) -> tuple[UnitRef | None, UnitRef | None]:
            lon, lat = self._index.place_at(position, chainage)
            left, right = self._sides(self._index.on(position, lon, lat))
            unit = self._owner(lon, lat, on_border=left != right)
            if left is None or right is None or left == right:
                return unit, None
            return unit, right if unit == left else left

        return pieces_of(length, [*self._cuts(position), *even], owner_at)

    def border(self, position: int) -> tuple[BorderKind | None, Sides]:
        """How a reach meets borders, and the units on its left and right bank."""
        banks = [
            self._sides(self._index.on(position, lon, lat))
            for lon, lat in self._index.evenly(position)
        ]
        codes = [
            (None if left is None else left.code, None if right is None else right.code)
            for left, right in banks
        ]
        kind = border_kind_of(codes, self._rules.border_share, self._rules.interlocked_share)
        left = tuple(dict.fromkeys(one for one, _ in banks if one is not None))
        right = tuple(dict.fromkeys(one for _, one in banks if one is not None))
        return kind, (left, right)

    def _cuts(self, position: int) -> list[float]:
        """Where the line meets an outline, in metres from its beginning."""
        line = self._index.geometries[position]
        near = self._tree.query(line, predicate="intersects")
        meets = [shapely.intersection(line, self._outlines[i].boundary) for i in near]
        points: list[tuple[float, float]] = []
        for part in shapely.get_parts(np.array(meets, dtype=object)):
            runs = shapely.line_merge(part) if part.geom_type == "MultiLineString" else part
            for run in shapely.get_parts(runs):
                ends = [run] if run.geom_type == "Point" else [
                    shapely.get_point(run, 0), shapely.get_point(run, -1)
                ]  # fmt: skip
                points.extend((end.x, end.y) for end in ends if end is not None)
        return [self._index.on(position, x, y).chainage_m for x, y in points]

    def _sides(self, at: OnReach) -> tuple[UnitRef | None, UnitRef | None]:
        left, right = self._index.sides(at, self._grid_m, self._grid.owner_code)
        return self._unit(left), self._unit(right)

    def _unit(self, code: str | None) -> UnitRef | None:
        owners = self._grid.owners
        position = None if code is None else owners.position_of(code)
        return None if position is None else owners.units[position]

    def _owner(self, lon: float, lat: float, *, on_border: bool) -> UnitRef | None:
        """The owner; on a border itself both sides count as covering, and the tie-break decides."""
        if not on_border:
            return self._unit(self._grid.owner_code(lon, lat))
        owners = self._grid.owners
        near = [
            replace(one, covers=True) if one.distance_m < _ON_BORDER_M else one
            for one in owners.at(lon, lat, _ON_BORDER_M).near
        ]
        best = min(near, key=owners.rank, default=None)
        return None if best is None or not best.covers else owners.units[best.position]
