"""Units for a million points: a grid of cells over the borders.

A cell that no border crosses knows its answer. A cell with borders keeps, for each
unit that meets it, whether the cell's centre lies inside (one bit) and the border
segments in the cell; a point is inside if the way from the centre to it, first along
the meridian, then along the parallel, crosses those segments as often as it must.
Where rounding could decide (on a border, or a line through a corner) the point is
handed to the slow path, so both paths give the same answer, bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.core.plane import Floats, Positions, metres_per_degree

Resolve = Callable[[Floats, Floats, Positions, Positions, Positions], None]

_CELLS_PER_SEGMENT: Final = 10
_MIN_CELLS: Final = 1_024
_MAX_CELLS: Final = 8_000_000


@dataclass(frozen=True)
class BatchOwners:
    """Answers for n points: `owners` positions (−1: none), `counts` covering units."""

    owners: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class CellIndex:
    """The built grid; immutable. `grid` is west, south, width, height of a cell in degrees.

    `direct` holds per cell the only unit that covers all of it, −1 for none, −2 for a
    cell whose `entries` must be looked at. An entry is (unit, centre inside: 0, 1 or
    2 = undecidable, first segment, end of segments).
    """

    grid: Floats
    shape: tuple[int, int]
    direct: npt.NDArray[np.int32]
    first_entry: npt.NDArray[np.int32]
    entries: npt.NDArray[np.int32]
    segments: Floats
    unit_segments: Floats
    first_of_unit: Positions
    priorities: Positions

    @classmethod
    def build(
        cls,
        segments: Floats,
        owners: npt.NDArray[np.int32],
        first_of_unit: Positions,
        priorities: Positions,
    ) -> "CellIndex":
        """Build the grid from border segments, shape (m, 4), grouped by owning unit."""
        from gridmap.capabilities.locate.rules import kernels  # noqa: PLC0415  numba loads late

        grid, shape = _layout(segments)
        built = kernels.build_cells(
            segments, owners, first_of_unit, grid, np.array(shape, np.int64)
        )
        return cls(grid, shape, *built, segments, first_of_unit, priorities)

    def owners(self, lon: Floats, lat: Floats, resolve: Resolve) -> BatchOwners:
        """Owners and counts of points; `resolve` answers those that need the slow path."""
        from gridmap.capabilities.locate.rules import kernels  # noqa: PLC0415

        owners, counts = kernels.find_owners(
            lon, lat, self.grid, np.array(self.shape, np.int64), self.direct, self.first_entry,
            self.entries, self.segments, self.unit_segments, self.first_of_unit, self.priorities,
        )  # fmt: skip
        unsure = np.flatnonzero(counts < 0)
        resolve(lon, lat, unsure, owners, counts)
        return BatchOwners(owners, counts)

    def borders(self, lon: Floats, lat: Floats, limit_m: float) -> Floats:
        """Distances in metres to the nearest border, infinite beyond `limit_m`."""
        from gridmap.capabilities.locate.rules import kernels  # noqa: PLC0415

        found: Floats = kernels.border_distances(
            lon, lat, limit_m, self.grid, np.array(self.shape, np.int64), self.direct,
            self.first_entry, self.entries, self.segments,
        )  # fmt: skip
        return found


def _layout(segments: Floats) -> tuple[Floats, tuple[int, int]]:
    """The grid over all segments: cells about square in metres, some per segment."""
    lons, lats = segments[:, 0::2], segments[:, 1::2]
    west, east, south, north = lons.min(), lons.max(), lats.min(), lats.max()
    # A margin that is no round number keeps cell lines off the data's own round numbers.
    margin = max(east - west, north - south) * 0.000_123_7 + 1e-7
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    wanted = min(max(len(segments) * _CELLS_PER_SEGMENT, _MIN_CELLS), _MAX_CELLS)
    per_lon, per_lat = metres_per_degree(float(south + north) / 2)
    aspect = (east - west) * per_lon / ((north - south) * per_lat)
    columns = max(1, int(np.sqrt(wanted * aspect)))
    rows = max(1, int(wanted / columns))
    grid = np.array([west, south, (east - west) / columns, (north - south) / rows])
    return grid, (columns, rows)
