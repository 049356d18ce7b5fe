"""Sheets of Excel and OpenDocument workbooks."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import python_calamine

from gridmap.intake.files import archives, disguised, headings, limits, sheet_parts
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.headings import Merged
from gridmap.intake.files.tables import (
    RawTable,
    ReadOptions,
    text_of,
    top_of,
    without_blank_rows,
)
from gridmap.intake.findings import Finding, Kind, Severity

_SHOWN: Final = 20


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; `hidden` ones are listed, too."""

    name: str
    hidden: bool


def sheets(path: Path, *, shown: Path | None = None) -> tuple[Sheet, ...]:
    """The sheets that hold cells.

    Raises:
        IntakeError: `intake.error.unreadable`, `.too_large`, `.archive_bomb`.
    """
    book = _opened(path, shown or path)
    if isinstance(book, list):
        return tuple(Sheet(grid.name, grid.hidden) for grid in book)
    visible, grid = python_calamine.SheetVisibleEnum.Visible, python_calamine.SheetTypeEnum
    found = [
        Sheet(sheet.name, sheet.visible is not visible)
        for sheet in book.sheets_metadata
        if sheet.typ is grid.WorkSheet
    ]
    # A new workbook has three sheets; nobody means the empty ones.
    empty = sheet_parts.empty_sheets(path)
    return tuple(sheet for sheet in found if sheet.name not in empty) or tuple(found)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read one sheet: the named one, else the first that is not hidden.

    Raises:
        IntakeError: `intake.error.unreadable`, `.too_large`, `.archive_bomb`, `.no_sheet`,
            `.no_heading`, `.too_many_columns`, `.too_many_cells`.
    """
    shown = shown or path
    book = _opened(path, shown)
    names = [one.name for one in book] if isinstance(book, list) else book.sheet_names
    if not names or (options.layer is not None and options.layer not in names):
        raise IntakeError("intake.error.no_sheet", file=shown, names=", ".join(names))
    visible = [sheet.name for sheet in sheets(path, shown=shown) if not sheet.hidden]
    name = options.layer or next(iter(visible), names[0])
    hidden = [sheet.name for sheet in sheets(path, shown=shown) if sheet.hidden]
    grid, merged = _grid(book, name, shown)
    heading = _heading(grid, merged, options.header_row)
    if heading is None or not any(name for name in heading.names):
        raise IntakeError("intake.error.no_heading", file=shown)
    top = top_of(grid)
    filled = _filled_down(grid, merged, heading.last + 1)
    body = grid[heading.last + 1 :]
    width = len(heading.names)
    cells = pd.DataFrame(
        [[*row, *[None] * (width - len(row))][:width] for row in body],
        columns=list(heading.names),
        dtype=object,
    )
    stated = options.date1904
    findings = [
        *_unread(shown, name, hidden),
        *_told(path, shown),
        *_noticed(path, shown, name, heading.last + 1, filled),
    ]
    return without_blank_rows(
        shown, cells, np.arange(heading.last + 2, len(grid) + 1), findings, sheet=name,
        letters=True, header_row=heading.first + 1, top=top,
        date1904=sheet_parts.from_1904(path) if stated is None else stated,
    )  # fmt: skip


def _unread(shown: Path, name: str, hidden: list[str]) -> tuple[Finding, ...]:
    """The hidden sheets that nobody asked for, named once where a sheet on view is read."""
    if not hidden or name in hidden:
        return ()
    listed = ", ".join(hidden)
    return (Finding(Kind.HIDDEN_SHEETS, Severity.HINT, shown.name, detail=listed),)


def _filled_down(grid: list[list[str | None]], merged: Merged, first: int) -> int:
    """Give every row of a cell that is merged over several rows its text; how many got one."""
    count = 0
    for (top, left), (bottom, _) in merged:
        if bottom <= top or top < first or top >= len(grid) or left >= len(grid[top]):
            continue
        for row in grid[top + 1 : bottom + 1]:
            if left < len(row) and row[left] is None and any(row):
                row[left] = grid[top][left]
                count += 1
    return count


def _noticed(path: Path, shown: Path, name: str, first: int, filled: int) -> Iterator[Finding]:
    """Rows that nobody sees in the sheet and are read; cells that got the text of a merged one."""
    hidden = sorted(row for row in sheet_parts.hidden_rows(path, name) if row > first)
    if hidden:
        listed = ", ".join(map(str, hidden[:_SHOWN])) + (" …" if len(hidden) > _SHOWN else "")
        yield Finding(
            Kind.HIDDEN_ROWS, Severity.HINT, shown.name, detail=listed, count=len(hidden),
            rows=tuple(hidden),
        )  # fmt: skip
    if filled:
        yield Finding(Kind.MERGED_FILLED, Severity.HINT, shown.name, count=filled)


def _told(path: Path, shown: Path) -> tuple[Finding, ...]:
    """What a file is that is called a workbook and is none."""
    kind = disguised.nature(path)
    if kind in {"ole", "zip"}:
        return ()
    return (Finding(Kind.DISGUISED, Severity.HINT, shown.name, value=kind.upper()),)


def _opened(path: Path, shown: Path) -> Any:
    """The workbook as its reader has it, or the tables of what is called one."""
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=shown)
    limits.bounded(shown, path.stat().st_size, limits.MAX_SHEET_BYTES)
    archives.checked_workbook(path)
    kind = disguised.nature(path)
    if kind in {"html", "mhtml", "xml"}:
        return disguised.grids(path, kind, shown)
    if kind == "ole" and disguised.is_protected(path):
        raise disguised.protected(shown)
    try:
        # By its name the reader would take a renamed .xls for an .xlsx.
        if kind == "ole" or (kind == "zip" and path.suffix.lower() == ".xls"):
            return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        return python_calamine.CalamineWorkbook.from_path(path)
    except Exception as error:
        # The reader has an error of its own for every format, and a few that escape it.
        raise unreadable(shown, error) from error


def _grid(book: Any, name: str, shown: Path) -> tuple[list[list[str | None]], Merged]:
    if isinstance(book, list):
        found = next(one for one in book if one.name == name)
        return found.rows, found.merged
    try:
        sheet = book.get_sheet_by_name(name)
        limits.few_enough(shown, sheet.total_height, sheet.total_width)
        rows = sheet.to_python(skip_empty_area=False)
        merged = list(sheet.merged_cell_ranges or [])
    except IntakeError:
        raise
    except Exception as error:
        raise unreadable(shown, error) from error
    return [[text_of(cell) for cell in row] for row in rows], merged


def _heading(
    grid: list[list[str | None]], merged: Merged, stated: int | None
) -> headings.Heading | None:
    # A title that spans the table is merged, too; it stands alone in its row.
    return headings.find(grid[:200], merged, None if stated is None else stated - 1)
