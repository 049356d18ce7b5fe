"""Everything that covers a place, for many places: zones, liaison districts."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from gridmap.capabilities.locate.rules.coded import Coded, Table
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import UnitRef
from gridmap.core.plane import Floats

T = TypeVar("T")


class Covering(Generic[T]):
    """Everything of one index that covers a place, as a column of tuples."""

    def __init__(self, index: UnitIndex, what: Callable[[UnitRef], T]) -> None:
        self._index, self._what = index, what
        self._table: Table[tuple[T, ...]] = Table(self._named)

    def _named(self, key: int | tuple[int, ...]) -> tuple[T, ...]:
        positions = (key,) if isinstance(key, int) else key
        return tuple(self._what(self._index.units[position]) for position in positions)

    def at(self, lon: Floats, lat: Floats, counts: npt.NDArray[np.bool_]) -> Coded[tuple[T, ...]]:
        """What covers each place, best first by the tie-break; nothing where not `counts`."""
        covered = self._index.many(lon, lat)
        found = self._table.coded(np.where((covered.counts == 1) & counts, covered.owners, -1))
        for row in np.flatnonzero((covered.counts > 1) & counts).tolist():
            near = self._index.at(float(lon[row]), float(lat[row]), 0.0).covering
            found.codes[row] = self._table.code_of(tuple(one.position for one in near))
        return found
