"""Where the heading of a sheet stands: below title rows, over one row or over several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Row = Sequence[str | None]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]

_LOOKED_AT: Final = 40
_FILLED: Final = 0.6
_TEXTS: Final = 0.6
JOIN: Final = "/"


@dataclass(frozen=True)
class Heading:
    """Rows `first` to `last` (counted from 0) hold the heading; `names` one per column."""

    first: int
    last: int
    names: tuple[str, ...]


def find(grid: Sequence[Row], merged: Merged = (), stated: int | None = None) -> Heading | None:
    """The heading of a grid of cells, or None where there is none.

    Args:
        grid: the first rows, cells as text or None.
        merged: merged cells as ((row, column), (row, column)), both corners included.
        stated: the row (counted from 0) that a person named.
    """
    first = stated if stated is not None else _first(grid)
    if first is None or not 0 <= first < len(grid):
        return None
    last = max(
        (end[0] for start, end in merged if start[0] == first and end[0] > first), default=first
    )
    across = [m for m in merged if m[0][0] == first and m[1][1] > m[0][1] and m[1][0] == first]
    if across and last == first and _is_heading_row(grid, first + 1):
        last = first + 1
    last = min(last, len(grid) - 1)
    return Heading(first, last, tuple(unique(_names(grid, first, last, merged))))


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: an empty one by its position, a second one numbered."""
    found: dict[str, None] = {}
    for position, given in enumerate(names, start=1):
        name, number = given or f"#{position}", 2
        while name in found:
            name, number = f"{given}#{number}", number + 1
        found[name] = None
    return list(found)


def last_part(name: str) -> str:
    """The lowest part of a joined heading: 位置/经度 → 经度."""
    return name.rsplit(JOIN, 1)[-1]


def _first(grid: Sequence[Row]) -> int | None:
    """The first row that is as wide as the table and mostly words, else the first filled one."""
    rows = grid[:_LOOKED_AT]
    counts = [sum(cell is not None for cell in row) for row in rows]
    filled = [i for i, count in enumerate(counts) if count]
    if not filled:
        return None
    width = max(counts)
    for i in filled:
        enough = counts[i] > 1 or width == 1
        if enough and counts[i] >= _FILLED * width and _words(rows[i]) >= _TEXTS:
            return i
    return next((i for i in filled if counts[i] > 1), filled[0])


def _words(row: Row) -> float:
    cells = [cell for cell in row if cell is not None]
    return sum(not _is_number(cell) for cell in cells) / len(cells)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _is_heading_row(grid: Sequence[Row], i: int) -> bool:
    return i < len(grid) and any(cell is not None for cell in grid[i]) and _words(grid[i]) == 1.0


def _names(grid: Sequence[Row], first: int, last: int, merged: Merged) -> list[str]:
    width = max(len(row) for row in grid[first : last + 1])
    levels = []
    for i in range(first, last + 1):
        row = [*grid[i], *[None] * (width - len(grid[i]))]
        for (top, left), (_, right) in merged:
            if top == i:
                row[left : right + 1] = [row[left]] * len(row[left : right + 1])
        levels.append(row)
    names = []
    for column in range(width):
        parts = dict.fromkeys(level[column] for level in levels if level[column] is not None)
        names.append(JOIN.join(" ".join(str(part).split()) for part in parts))
    return names
