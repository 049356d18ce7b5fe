"""Where shapes lie while they are edited: an index that follows each edit instead of being rebuilt.

The index knows positions (numbers that its owner gives) and shapes in one plane, whose unit is that
of every distance here: metres for EPSG:3857, degrees for EPSG:4490. A box that is hit is not an
answer: what `inside` returns are candidates, `near` and `touching` look at the shapes themselves.

For layers that are only looked at, `MapLayer.inside` and `shapely.STRtree` are quicker to make.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from rtree.index import Index, Property

from gridmap.map.viewport import Extent, Viewport

# Small nodes: taking one of 200,000 out costs 0.1 ms; with the usual 100 it costs 7.
_CAPACITY: Final = 10


class EditingIndex:
    """Shapes by place, in an R-tree that takes inserts, moves and deletes.

    Shapes that are missing or empty have a position and no place: they are never hit. Owned by one
    thread at a time.
    """

    def __init__(self, shapes: Mapping[int, shapely.Geometry | None] | None = None) -> None:
        """Index shapes by their positions, all at once."""
        self._shapes: dict[int, shapely.Geometry | None] = dict(shapes or {})
        self._tree = _loaded(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def __contains__(self, position: int) -> bool:
        return position in self._shapes

    def shape(self, position: int) -> shapely.Geometry | None:
        """The shape at a position.

        Raises:
            KeyError: if nothing has this position.
        """
        return self._shapes[position]

    # --- edits ----------------------------------------------------------------------------

    def insert(self, position: int, shape: shapely.Geometry | None) -> None:
        """Add a shape.

        Raises:
            KeyError: if the position is taken.
        """
        if position in self._shapes:
            raise KeyError(position)
        self._shapes[position] = shape
        self._change(position, None, _box(shape))

    def delete(self, position: int) -> None:
        """Take a shape out.

        Raises:
            KeyError: if nothing has this position.
        """
        self._change(position, _box(self._shapes.pop(position)), None)

    def move(self, position: int, shape: shapely.Geometry | None) -> None:
        """Put another shape in the place of one: it was dragged, turned, cut or drawn on.

        Raises:
            KeyError: if nothing has this position.
        """
        before = self._shapes[position]
        self._shapes[position] = shape
        self._change(position, _box(before), _box(shape))

    def follow(self, shapes: Mapping[int, shapely.Geometry | None]) -> int:
        """Become the index of these shapes by the edits that lead there.

        Returns:
            How many positions were added, moved or deleted.
        """
        gone = [position for position in self._shapes if position not in shapes]
        for position in gone:
            self.delete(position)
        known = [position for position in shapes if position in self._shapes]
        new = [position for position in shapes if position not in self._shapes]
        moved = _different(
            known, [self._shapes[one] for one in known], [shapes[one] for one in known]
        )
        for position in moved:
            self.move(position, shapes[position])
        for position in new:
            self.insert(position, shapes[position])
        return len(gone) + len(moved) + len(new)

    def _change(self, position: int, before: Extent | None, after: Extent | None) -> None:
        if before == after:
            return
        if before is not None:
            self._tree.delete(position, before)
        if after is not None:
            self._tree.insert(position, after)

    # --- questions ------------------------------------------------------------------------

    def inside(self, extent: Extent) -> list[int]:
        """Candidates: positions whose boxes touch xmin, ymin, xmax, ymax; rising."""
        return sorted(self._tree.intersection(extent))

    def touching(self, shape: shapely.Geometry) -> list[int]:
        """Positions of the shapes that touch another shape; rising."""
        box = _box(shape)
        if box is None:
            return []
        found = self.inside(box)
        hit = shapely.intersects(self._shapes_at(found), shape)
        return [position for position, yes in zip(found, hit, strict=True) if yes]

    def near(self, x: float, y: float, reach: float) -> list[tuple[int, float]]:
        """Positions and distances of the shapes within `reach` of a place, nearest first.

        What is equally near comes by position.
        """
        most = reach + float(np.spacing(max(abs(x), abs(y), reach))) * 2  # sides are rounded
        found = self.inside((x - most, y - most, x + most, y + most))
        away = shapely.distance(self._shapes_at(found), shapely.Point(x, y))
        near = [
            (position, float(metres))
            for position, metres in zip(found, away, strict=True)
            if metres <= reach
        ]
        return sorted(near, key=lambda one: (one[1], one[0]))

    def hit(self, viewport: Viewport, px: float, py: float, tolerance: float = 5.0) -> int | None:
        """The shape (EPSG:3857) nearest to a pixel and within a tolerance in pixels, or None.

        Args:
            viewport: the present view.
            px: from the left, device-independent pixels.
            py: from the top.
            tolerance: how far beside it still counts, in pixels.
        """
        x, y = viewport.to_map(px, py)
        found = self.near(x, y, tolerance * viewport.resolution)
        return found[0][0] if found else None

    def _shapes_at(
        self, positions: Iterable[int]
    ) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
        found = [self._shapes[position] for position in positions]
        shapes = np.empty(len(found), dtype=object)
        shapes[:] = found
        return shapes


def _loaded(shapes: Mapping[int, shapely.Geometry | None]) -> Index:
    """A tree of all shapes that have a place, packed in one go."""
    placed = [position for position, shape in shapes.items() if _box(shape) is not None]
    small = Property(
        leaf_capacity=_CAPACITY,
        index_capacity=_CAPACITY,
        near_minimum_overlap_factor=_CAPACITY // 2,
    )
    if not placed:
        return Index(properties=small)
    bounds = shapely.bounds([shapes[position] for position in placed])
    low, high = np.ascontiguousarray(bounds[:, :2]), np.ascontiguousarray(bounds[:, 2:])
    return Index((np.array(placed, np.int64), low, high), properties=small)


def _box(shape: shapely.Geometry | None) -> Extent | None:
    """xmin, ymin, xmax, ymax of a shape; None if it is missing or empty."""
    if shape is None or shape.is_empty:
        return None
    box: Extent = shape.bounds
    return box


def _different(
    positions: Sequence[int],
    before: Sequence[shapely.Geometry | None],
    after: Sequence[shapely.Geometry | None],
) -> list[int]:
    """The positions whose shapes are not the same to the last bit."""
    if not positions:
        return []
    old, new = (np.array([*shapes, None], dtype=object)[:-1] for shapes in (before, after))
    same = shapely.equals_identical(old, new) | (shapely.is_missing(old) & shapely.is_missing(new))
    return [positions[place] for place in np.flatnonzero(~same).tolist()]
