"""The inner loops of the cell index, compiled by numba at first use.

Orientation signs use Shewchuk's first error bound (Adaptive Precision Floating-Point
Arithmetic, 1997): a sign that rounding could turn is reported as undecidable.
"""

# Loops over plain arrays with many arguments are what numba compiles well.
# ruff: noqa: PLR0913, PLR0917, C901

import math
from typing import Any

import numba as nb
import numpy as np

from gridmap.core.plane import ECCENTRICITY_SQUARED, SEMI_MAJOR_M

_ORIENT_BOUND = 3.3306690738754716e-16
_UNDECIDABLE = 2
_MIXED = -2
_NONE = -1
_RIM = 1e-9
_FIELDS = 4

_compiled = nb.njit(cache=True, nogil=True)
_parallel = nb.njit(cache=True, nogil=True, parallel=True)


@_compiled
def _side(x1: float, y1: float, x2: float, y2: float, px: float, py: float) -> int:
    """1 left of the segment, −1 right of it, 0 if rounding could decide."""
    left = (x2 - x1) * (py - y1)
    right = (y2 - y1) * (px - x1)
    determinant = left - right
    bound = _ORIENT_BOUND * (abs(left) + abs(right))
    if determinant > bound:
        return 1
    if determinant < -bound:
        return -1
    return 0


@_compiled
def _metres_per_degree(lat: float) -> tuple[float, float]:
    """As `plane.metres_per_degree`; a test holds them together."""
    phi = math.radians(lat)
    w2 = 1.0 - ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    prime_vertical = SEMI_MAJOR_M / math.sqrt(w2)
    meridional = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w2
    return math.radians(prime_vertical * math.cos(phi)), math.radians(meridional)


@_compiled
def _squared_distance(segment: Any, lon: float, lat: float, kx: float, ky: float) -> float:
    ax, ay = (segment[0] - lon) * kx, (segment[1] - lat) * ky
    bx, by = (segment[2] - lon) * kx, (segment[3] - lat) * ky
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    along = -(ax * dx + ay * dy) / (length2 if length2 > 0 else 1.0)
    along = min(max(along, 0.0), 1.0)
    qx, qy = ax + along * dx, ay + along * dy
    squared: float = qx * qx + qy * qy
    return squared


@_compiled
def _columns_in_row(segment: Any, row: int, grid: Any, columns: int) -> tuple[int, int]:
    """First and last column that a segment touches in a row, a little too wide."""
    x1, y1, x2, y2 = segment[0], segment[1], segment[2], segment[3]
    low, high = grid[1] + row * grid[3], grid[1] + (row + 1) * grid[3]
    margin_x, margin_y = _RIM * grid[2], _RIM * grid[3]
    start, end = min(x1, x2), max(x1, x2)
    if y1 != y2:
        slope = (x2 - x1) / (y2 - y1)
        at_low = x1 + (min(max(low, min(y1, y2)), max(y1, y2)) - y1) * slope
        at_high = x1 + (min(max(high, min(y1, y2)), max(y1, y2)) - y1) * slope
        wide = abs(slope) * margin_y
        start = max(start, min(at_low, at_high) - wide)
        end = min(end, max(at_low, at_high) + wide)
    first = int((start - margin_x - grid[0]) / grid[2])
    last = int((end + margin_x - grid[0]) / grid[2])
    return max(first, 0), min(last, columns - 1)


@_compiled
def _rows_of(segment: Any, grid: Any, rows: int) -> tuple[int, int]:
    margin = _RIM * grid[3]
    low, high = min(segment[1], segment[3]), max(segment[1], segment[3])
    first = int((low - margin - grid[1]) / grid[3])
    last = int((high + margin - grid[1]) / grid[3])
    return max(first, 0), min(last, rows - 1)


@_compiled
def _entries_from_segments(
    segments: Any, owners: Any, grid: Any, columns: int, rows: int
) -> tuple[Any, Any, Any]:
    """Segments by cell: first segment of each cell, their owners, their coordinates."""
    first = np.zeros(columns * rows + 1, np.int32)
    for s in range(len(segments)):
        row0, row1 = _rows_of(segments[s], grid, rows)
        for row in range(row0, row1 + 1):
            column0, column1 = _columns_in_row(segments[s], row, grid, columns)
            for column in range(column0, column1 + 1):
                first[row * columns + column + 1] += 1
    first = np.cumsum(first).astype(np.int32)
    fill = first[:-1].copy()
    owner_in_cell = np.empty(first[-1], np.int32)
    in_cell = np.empty((first[-1], 4), np.float64)
    for s in range(len(segments)):
        row0, row1 = _rows_of(segments[s], grid, rows)
        for row in range(row0, row1 + 1):
            column0, column1 = _columns_in_row(segments[s], row, grid, columns)
            for column in range(column0, column1 + 1):
                cell = row * columns + column
                at = fill[cell]
                owner_in_cell[at] = owners[s]
                in_cell[at] = segments[s]
                fill[cell] = at + 1
    return first, owner_in_cell, in_cell


@_compiled
def _units_in_cells(first: Any, owner_in_cell: Any) -> Any:
    """How many units have segments in each cell (they lie together, in unit order)."""
    counts = np.zeros(len(first) - 1, np.int32)
    for cell in range(len(counts)):
        previous = -1
        for at in range(first[cell], first[cell + 1]):
            if owner_in_cell[at] != previous:
                counts[cell] += 1
                previous = owner_in_cell[at]
    return counts


@_compiled
def _find_entry(entries: Any, start: int, count: int, unit: int) -> int:
    for at in range(start, start + count):
        if entries[at, 0] == unit:
            return at
    return -1


@_compiled
def _mark_centres(
    segments: Any, first_of_unit: Any, grid: Any, columns: int, rows: int,
    first_entry: Any, with_border: Any, entries: Any, covers: Any, write: bool,
) -> None:  # fmt: skip
    """Which cell centres each unit covers, row by row along the centre line.

    Without `write`, counts in `covers` the units that cover a cell without a border in
    it; with `write`, sets the centre flag of entries and appends those units.
    """
    for unit in range(len(first_of_unit) - 1):
        begin, end = first_of_unit[unit], first_of_unit[unit + 1]
        if begin == end:
            continue
        low, high = np.inf, -np.inf
        for s in range(begin, end):
            low, high = min(low, segments[s, 1]), max(high, segments[s, 1])
        row0 = max(int((low - grid[1]) / grid[3] - 0.5), 0)
        row1 = min(int((high - grid[1]) / grid[3] + 0.5), rows - 1)
        starts = np.zeros(row1 - row0 + 2, np.int64)
        for s in range(begin, end):
            a, b = _centre_rows(segments[s, 1], segments[s, 3], grid, row0, row1)
            for row in range(a, b):
                starts[row - row0 + 1] += 1
        starts = np.cumsum(starts)
        fill = starts[:-1].copy()
        crossed = np.empty(starts[-1], np.float64)
        for s in range(begin, end):
            y1, y2 = segments[s, 1], segments[s, 3]
            a, b = _centre_rows(y1, y2, grid, row0, row1)
            for row in range(a, b):
                y = grid[1] + (row + 0.5) * grid[3]
                x = segments[s, 0] + (y - y1) * (segments[s, 2] - segments[s, 0]) / (y2 - y1)
                crossed[fill[row - row0]] = x
                fill[row - row0] += 1
        for row in range(row0, row1 + 1):
            line = np.sort(crossed[starts[row - row0] : starts[row - row0 + 1]])
            for pair in range(0, len(line) - 1, 2):
                _mark_run(
                    line[pair], line[pair + 1], unit, row, grid, columns,
                    first_entry, with_border, entries, covers, write,
                )  # fmt: skip


@_compiled
def _centre_rows(y1: float, y2: float, grid: Any, row0: int, row1: int) -> tuple[int, int]:
    """Rows whose centre line a segment crosses, half open: (y1 > c) differs from (y2 > c)."""
    low, high = min(y1, y2), max(y1, y2)
    first = max(int((low - grid[1]) / grid[3] - 0.5) - 1, row0)
    while first <= row1 and grid[1] + (first + 0.5) * grid[3] < low:
        first += 1
    last = first
    while last <= row1 and grid[1] + (last + 0.5) * grid[3] < high:
        last += 1
    return first, last


@_compiled
def _mark_run(
    west: float, east: float, unit: int, row: int, grid: Any, columns: int,
    first_entry: Any, with_border: Any, entries: Any, covers: Any, write: bool,
) -> None:  # fmt: skip
    """Mark the cells whose centre lies between two crossings of one row."""
    margin = _RIM * grid[2]
    first = max(int((west - margin - grid[0]) / grid[2] - 0.5), 0)
    last = min(int((east + margin - grid[0]) / grid[2] + 0.5), columns - 1)
    for column in range(first, last + 1):
        x = grid[0] + (column + 0.5) * grid[2]
        if x < west - margin or x > east + margin:
            continue
        unsure = abs(x - west) <= margin or abs(x - east) <= margin
        cell = row * columns + column
        found = _find_entry(entries, first_entry[cell], with_border[cell], unit) if write else -1
        if write and found >= 0:
            inside = entries[found, 1] != 1
            entries[found, 1] = _UNDECIDABLE if unsure else (1 if inside else 0)
        elif write:
            if not unsure:
                at = first_entry[cell] + with_border[cell] + covers[cell]
                if at < first_entry[cell + 1]:
                    entries[at, 0], entries[at, 1] = unit, 1
                    entries[at, 2], entries[at, 3] = 0, 0
                    covers[cell] += 1
        elif not unsure:
            covers[cell] += 1


@_compiled
def build_cells(
    segments: Any, owners: Any, first_of_unit: Any, grid: Any, shape: Any
) -> tuple[Any, Any, Any, Any]:
    """Build the cells: `direct`, `first_entry`, `entries`, segments by cell."""
    columns, rows = shape[0], shape[1]
    first, owner_in_cell, in_cell = _entries_from_segments(segments, owners, grid, columns, rows)
    with_border = _units_in_cells(first, owner_in_cell)
    covers = np.zeros(columns * rows, np.int32)
    nothing = np.zeros((0, _FIELDS), np.int32)
    # Counted with every covering unit, bordered or not: a little room to spare.
    _mark_centres(
        segments, first_of_unit, grid, columns, rows, first, with_border, nothing, covers, False
    )
    first_entry = np.zeros(columns * rows + 1, np.int32)
    for cell in range(columns * rows):
        first_entry[cell + 1] = first_entry[cell] + with_border[cell] + covers[cell]
    entries = np.full((first_entry[-1], _FIELDS), -1, np.int32)
    for cell in range(columns * rows):
        at = first_entry[cell] - 1
        previous = -1
        for s in range(first[cell], first[cell + 1]):
            if owner_in_cell[s] != previous:
                previous = owner_in_cell[s]
                at += 1
                entries[at, 0], entries[at, 1], entries[at, 2] = previous, 0, s
            entries[at, 3] = s + 1
    covers[:] = 0
    _mark_centres(
        segments, first_of_unit, grid, columns, rows,
        first_entry, with_border, entries, covers, True,
    )  # fmt: skip
    direct = np.full(columns * rows, _NONE, np.int32)
    for cell in range(columns * rows):
        if with_border[cell] > 0 or covers[cell] > 1:
            direct[cell] = _MIXED
        elif covers[cell] == 1:
            direct[cell] = entries[first_entry[cell], 0]
    return direct, first_entry, entries, in_cell


@_compiled
def _crossings(
    in_cell: Any, begin: int, end: int, cx: float, cy: float, px: float, py: float
) -> int:
    """Parity of the way (cx, cy) → (cx, py) → (px, py), or 2 if undecidable."""
    parity = 0
    for s in range(begin, end):
        x1, y1, x2, y2 = in_cell[s, 0], in_cell[s, 1], in_cell[s, 2], in_cell[s, 3]
        if (
            min(x1, x2) <= px <= max(x1, x2)
            and min(y1, y2) <= py <= max(y1, y2)
            and _side(x1, y1, x2, y2, px, py) == 0
        ):
            return _UNDECIDABLE
        if (x1 > cx) != (x2 > cx):
            a, b = _side(x1, y1, x2, y2, cx, cy), _side(x1, y1, x2, y2, cx, py)
            if a == 0 or b == 0:
                return _UNDECIDABLE
            parity ^= a != b
        if (y1 > py) != (y2 > py):
            a, b = _side(x1, y1, x2, y2, cx, py), _side(x1, y1, x2, y2, px, py)
            if a == 0 or b == 0:
                return _UNDECIDABLE
            parity ^= a != b
    return parity


@_compiled
def _depth_mm(unit_segments: Any, first_of_unit: Any, unit: int, lon: float, lat: float) -> int:
    """Distance to the unit's own border in whole millimetres."""
    kx, ky = _metres_per_degree(lat)
    best = np.inf
    for s in range(first_of_unit[unit], first_of_unit[unit + 1]):
        best = min(best, _squared_distance(unit_segments[s], lon, lat, kx, ky))
    return int(math.sqrt(best) * 1000.0 + 0.5)


@_compiled
def _owner_in_cell(
    lon: float, lat: float, cx: float, cy: float, begin: int, end: int, entries: Any,
    in_cell: Any, unit_segments: Any, first_of_unit: Any, priorities: Any,
) -> tuple[int, int]:  # fmt: skip
    """Owner and number of covering units of one point; count −1 if undecidable."""
    owner, count, owner_depth = -1, 0, -1
    for at in range(begin, end):
        unit, centre = entries[at, 0], entries[at, 1]
        if unit < 0:
            continue
        if centre == _UNDECIDABLE:
            return -1, -1
        crossed = _crossings(in_cell, entries[at, 2], entries[at, 3], cx, cy, lon, lat)
        if crossed == _UNDECIDABLE:
            return -1, -1
        if (centre ^ crossed) == 0:
            continue
        count += 1
        if owner < 0:
            owner = unit
            continue
        better = priorities[unit] > priorities[owner]
        if priorities[unit] == priorities[owner]:
            if owner_depth < 0:
                owner_depth = _depth_mm(unit_segments, first_of_unit, owner, lon, lat)
            depth = _depth_mm(unit_segments, first_of_unit, unit, lon, lat)
            better = depth > owner_depth or (depth == owner_depth and unit < owner)
            owner_depth = max(depth, owner_depth)
        elif better:
            owner_depth = -1
        if better:
            owner = unit
    return owner, count


@_parallel
def find_owners(
    lon: Any, lat: Any, grid: Any, shape: Any, direct: Any, first_entry: Any, entries: Any,
    in_cell: Any, unit_segments: Any, first_of_unit: Any, priorities: Any,
) -> tuple[Any, Any]:  # fmt: skip
    """Owners (−1: none) and counts (−1: ask the slow path) of points, shape (n,)."""
    columns, rows = shape[0], shape[1]
    owners = np.empty(len(lon), np.int64)
    counts = np.empty(len(lon), np.int64)
    for p in nb.prange(len(lon)):
        x = (lon[p] - grid[0]) / grid[2]
        y = (lat[p] - grid[1]) / grid[3]
        if not (0 <= x < columns and 0 <= y < rows):
            owners[p], counts[p] = -1, 0
            continue
        column, row = int(x), int(y)
        cell = row * columns + column
        if direct[cell] != _MIXED:
            owners[p] = direct[cell]
            counts[p] = 1 if direct[cell] >= 0 else 0
            continue
        owners[p], counts[p] = _owner_in_cell(
            lon[p], lat[p], grid[0] + (column + 0.5) * grid[2], grid[1] + (row + 0.5) * grid[3],
            first_entry[cell], first_entry[cell + 1], entries, in_cell, unit_segments,
            first_of_unit, priorities,
        )  # fmt: skip
    return owners, counts


@_parallel
def border_distances(
    lon: Any, lat: Any, limit_m: float, grid: Any, shape: Any, direct: Any,
    first_entry: Any, entries: Any, in_cell: Any,
) -> Any:  # fmt: skip
    """Metres to the nearest border segment, infinite beyond `limit_m`, shape (n,)."""
    columns, rows = shape[0], shape[1]
    found = np.full(len(lon), np.inf)
    for p in nb.prange(len(lon)):
        if not (math.isfinite(lon[p]) and math.isfinite(lat[p])):
            continue
        kx, ky = _metres_per_degree(lat[p])
        column0 = max(int(np.floor((lon[p] - limit_m / kx - grid[0]) / grid[2])), 0)
        column1 = min(int(np.floor((lon[p] + limit_m / kx - grid[0]) / grid[2])), columns - 1)
        row0 = max(int(np.floor((lat[p] - limit_m / ky - grid[1]) / grid[3])), 0)
        row1 = min(int(np.floor((lat[p] + limit_m / ky - grid[1]) / grid[3])), rows - 1)
        best = limit_m * limit_m
        hit = False
        for row in range(row0, row1 + 1):
            for column in range(column0, column1 + 1):
                cell = row * columns + column
                if direct[cell] != _MIXED:
                    continue
                for at in range(first_entry[cell], first_entry[cell + 1]):
                    for s in range(entries[at, 2], entries[at, 3]):
                        squared = _squared_distance(in_cell[s], lon[p], lat[p], kx, ky)
                        if squared <= best:
                            best, hit = squared, True
        if hit:
            found[p] = math.sqrt(best)
    return found
