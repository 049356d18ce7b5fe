"""A file as it came: cells of text, geometry where it has one, and how it was read.

Every cell is text or None first, so that no code loses a digit before somebody looks.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from gridmap.intake.files.encodings import EncodingGuess
from gridmap.intake.findings import Finding, Kind
from gridmap.store.geopackage import Geometries

# Beyond 15 digits a spreadsheet has already rounded the number.
EXACT_NUMBER: Final = 1e15
BLANK: Final = " \t\r\n\u3000\xa0\ufeff\u200b"
_EMPTY: Final = frozenset({"", "null", "none", "nan", "<na>", "#n/a"})
_LETTERS: Final = 26
_TOP_ROWS: Final = 15
_TOP_CELLS: Final = 8


@dataclass(frozen=True)
class ReadOptions:
    """How a person wants a file read where it does not say so itself.

    `header_row` is counted from 1, as a person sees it; `date1904` says that the workbook
    counts its days from 1904 (None = as the workbook states).
    """

    encoding: str | None = None
    layer: str | None = None
    header_row: int | None = None
    date1904: bool | None = None


@dataclass(frozen=True)
class RawTable:
    """A file as it came.

    `cells` holds text or None, shape (n, columns); `rows`, shape (n,), the numbers under
    which a person finds each row; `geometry`, shape (n,), is in `crs`. `rows_read` also
    counts rows that could not be split into cells and are among the findings. `encodings`
    are those that fit, the one used first; `letters` says that cells have addresses (A1).
    `top` holds the first rows of a sheet or text as they stand, the heading among them;
    `places_of` where columns stood before others were left out.
    """

    path: Path
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    rows_read: int
    geometry: Geometries | None = None
    crs: pyproj.CRS | None = None
    findings: tuple[Finding, ...] = ()
    sheet: str = ""
    header_row: int = 0
    encodings: tuple[EncodingGuess, ...] = ()
    letters: bool = False
    date1904: bool = False
    hints: dict[str, str] = field(default_factory=dict)
    top: tuple[tuple[str, ...], ...] = ()
    places_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name by which findings call the file."""
        return self.path.name

    def address(self, row: int | None, column: str) -> str:
        """The address of a cell of a sheet, such as C7; empty where there is none."""
        if not self.letters or row is None or column not in self.cells:
            return ""
        place = self.places_of.get(column, self.cells.columns.get_loc(column))
        return f"{letters(place)}{row}"

    def without(self, columns: Collection[str]) -> "RawTable":
        """The table without some columns; the others keep their addresses."""
        left = [column for column in self.cells.columns if column not in columns]
        if len(left) == len(self.cells.columns):
            return self
        places = {column: i for i, column in enumerate(self.cells.columns)}
        return replace(self, cells=self.cells[left], places_of=places)


def usable_crs(stated: Any) -> pyproj.CRS | None:
    """A stated reference system; None where it only says that there is none (undefined, local).

    Raises:
        pyproj.exceptions.CRSError: for one that does not exist.
    """
    if not stated:
        return None
    crs = pyproj.CRS.from_user_input(stated)
    on_earth = crs.is_geographic or crs.is_projected
    return crs if on_earth and not crs.name.casefold().startswith("undefined") else None


def text_of(cell: Any) -> str | None:  # noqa: PLR0911  one line per kind of cell
    """A cell as text, or None where it is empty; a number only where that is exact."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_NUMBER else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time() and cell.tzinfo is None:
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    text = str(cell).strip(BLANK)
    return None if text.casefold() in _EMPTY else text


def letters(column: Any) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    found, number = "", int(column) + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


def top_of(grid: Sequence[Sequence[str | None]]) -> tuple[tuple[str, ...], ...]:
    """The first rows of a grid of texts, to choose the heading among."""
    return tuple(tuple(cell or "" for cell in row[:_TOP_CELLS]) for row in grid[:_TOP_ROWS])


def without_blank_rows(
    path: Path,
    cells: pd.DataFrame,
    numbers: npt.NDArray[np.int64],
    findings: Sequence[Finding],
    **more: Any,
) -> RawTable:
    """A table without rows that have nothing in any cell; malformed rows stay counted."""
    filled = cells.notna().any(axis=1).to_numpy(dtype=bool)
    cells = cells[filled].reset_index(drop=True)
    malformed = sum(finding.kind is Kind.MALFORMED_ROW for finding in findings)
    return RawTable(
        path, cells, numbers[filled], len(cells) + malformed, findings=tuple(findings), **more
    )
