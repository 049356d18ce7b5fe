"""The tables of a document as files for offices: CSV, TSV, XLSX, written safely.

- A cell that a spreadsheet would run as a formula stays text.
- A file appears under its name when it is whole; until then it has another name, and
  nothing of it stays when the work stops.
- CSV is UTF-8 with a byte order mark, because Excel reads it as GBK without.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from gridmap.report.document import Document, Kind, Table
from gridmap.report.writing import Part, WriteError
from gridmap.texts import GridMapError

EXCEL_ROWS: Final = 1_048_576
_BOM: Final = b"\xef\xbb\xbf"
_SUM_WIDTH: Final = 40
# What Excel, WPS and LibreOffice take for the beginning of a formula; a plain number is none.
_RISKY: Final = "^\\s*[=+\\-@\t\r＝＋－＠]"
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_CONTROL: Final = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"
_RISKY_TEXT = re.compile(_RISKY)
_CONTROL_TEXT = re.compile(_CONTROL)


_TYPES: Final = {Kind.TEXT: pa.string(), Kind.WHOLE: pa.int64(), Kind.NUMBER: pa.float64()}


class TableError(GridMapError):
    """A table that a format cannot hold: the facts name `file` and why."""


def write_sheets(document: Document, path: Path) -> None:
    """Write the tables of a document.

    A workbook has a sheet for each. CSV and TSV hold one table only: the first, or, if the
    document is `spread`, the others as well, in files beside it with their titles in the name.

    Raises:
        WriteError: if a file cannot be written.
        TableError: `assign.error.too_long` beyond what a workbook can hold.
    """
    first, *others = document.tables
    beside = document.spread and path.suffix.lower() != ".xlsx"
    with writing(path, first.title) as writer:
        writer.write(arrow(first))
        for table in () if beside else others:
            writer.add_sheet(table.title, arrow(table))
    for table in others if beside else ():
        place = path.with_name(f"{path.stem}-{table.title}{path.suffix}")
        with writing(place, table.title) as writer:
            writer.write(arrow(table))


def arrow(table: Table) -> pa.Table:
    """A table for the writers; columns of no kind keep what their cells are."""
    kinds = {head: _TYPES.get(kind) for head, kind in table.kinds.items()}
    return pa.table({
        head: pa.array(list(cells), kinds.get(head)) for head, cells in table.columns.items()
    })  # fmt: skip


class TableWriter(Protocol):
    """Takes tables block by block; `close` puts the file in its place, `discard` removes it."""

    def write(self, table: pa.Table) -> None:
        """Add rows to the main table; all blocks have the same columns."""
        ...

    def add_sheet(self, title: str, table: pa.Table) -> None:
        """Add a further sheet, where the format has any."""
        ...

    def close(self) -> None:
        """Finish and put the file in its place."""
        ...

    def discard(self) -> None:
        """Remove what was written."""
        ...


def defused(cells: pa.Array) -> pa.Array:
    """Text cells that no spreadsheet runs: a formula gets an apostrophe before it."""
    if pa.types.is_dictionary(cells.type):
        return pa.DictionaryArray.from_arrays(cells.indices, defused(cells.dictionary))
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return cells
    if pc.any(pc.match_substring_regex(cells, _CONTROL)).as_py():
        cells = pc.replace_substring_regex(cells, _CONTROL, " ")
    risky = pc.match_substring_regex(cells, _RISKY)
    if pc.any(risky).as_py():
        risky = pc.and_not(risky, pc.match_substring_regex(cells, _NUMBER))
        cells = pc.if_else(risky, pc.binary_join_element_wise("'", cells, ""), cells)
    return cells


class DelimitedWriter:
    """CSV or TSV, in blocks; bounded memory."""

    def __init__(self, path: Path, delimiter: str = ",") -> None:
        self._file, self._delimiter = Part(path), delimiter
        self._started = False
        try:
            self._stream = self._file.path.open("wb")
        except OSError as error:
            self._file.discard()
            raise WriteError(path, error) from error

    def write(self, table: pa.Table) -> None:
        """Add rows; the first block writes the headings."""
        columns = [_plain(defused(column.combine_chunks())) for column in table.columns]
        titles = defused(pa.array(table.column_names, pa.string())).to_pylist()
        safe = pa.Table.from_arrays(columns, names=titles)
        options = pyarrow.csv.WriteOptions(
            include_header=not self._started, delimiter=self._delimiter, batch_size=16_384
        )
        try:
            if not self._started:
                self._stream.write(_BOM)
            pyarrow.csv.write_csv(safe, self._stream, options)
        except OSError as error:
            raise WriteError(self._file.target, error) from error
        self._started = True

    def add_sheet(self, title: str, table: pa.Table) -> None:
        """A delimited file has one table only: nothing is written."""

    def close(self) -> None:
        """Put the file in its place."""
        try:
            self._stream.close()
        except OSError as error:
            self._file.discard()
            raise WriteError(self._file.target, error) from error
        self._file.place()

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):  # what a full disk refuses is to be removed anyway
            self._stream.close()
        self._file.discard()


class WorkbookWriter:
    """XLSX; text is text, whatever it begins with, and numbers are numbers."""

    def __init__(self, path: Path, title: str) -> None:
        self._file = Part(path)
        self._book = openpyxl.Workbook(write_only=True)
        self._main = self._book.create_sheet(_sheet_title(title))
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Add rows to the first sheet.

        Raises:
            TableError: `assign.error.too_long` beyond what a sheet can hold.
        """
        if not self._rows:
            self._headings(self._main, table.column_names)
            self._rows = 1
        self._rows += table.num_rows
        if self._rows > EXCEL_ROWS:
            raise TableError("assign.error.too_long", file=self._file.target, most=EXCEL_ROWS - 1)
        self._append(self._main, table)

    def add_sheet(self, title: str, table: pa.Table) -> None:
        """Add a further sheet."""
        sheet = self._book.create_sheet(_sheet_title(title))
        self._headings(sheet, table.column_names)
        self._append(sheet, table)

    def close(self) -> None:
        """Put the file in its place."""
        try:
            self._book.save(self._file.path)
        except OSError as error:
            self._file.discard()
            raise WriteError(self._file.target, error) from error
        self._file.place()

    def discard(self) -> None:
        """Remove what was written."""
        # openpyxl keeps rows in files of its own and clears them away only when it saves.
        with suppress(OSError):
            self._book.save(self._file.path)
        self._file.discard()

    def _headings(self, sheet: Any, names: list[str]) -> None:
        sheet.freeze_panes = "A2"
        cells = [_text_cell(sheet, name) for name in names]
        for cell in cells:
            cell.font = Font(bold=True)
        for position, name in enumerate(names, start=1):
            letter = openpyxl.utils.get_column_letter(position)
            sheet.column_dimensions[letter].width = min(max(len(name) * 2, 10), _SUM_WIDTH)
        sheet.append(cells)

    def _append(self, sheet: Any, table: pa.Table) -> None:
        columns = [_plain(column.combine_chunks()).to_pylist() for column in table.columns]
        for row in zip(*columns, strict=True):
            sheet.append([_safe_cell(sheet, value) for value in row])


class writing:  # noqa: N801  reads as a verb: with writing(...) as writer
    """A writer for a path by its ending; what fails leaves no file behind."""

    def __init__(self, path: Path, title: str) -> None:
        suffix = path.suffix.lower()
        self._writer: TableWriter
        if suffix == ".xlsx":
            self._writer = WorkbookWriter(path, title)
        else:
            self._writer = DelimitedWriter(path, "\t" if suffix == ".tsv" else ",")

    def __enter__(self) -> TableWriter:
        return self._writer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._writer.close()
        else:
            self._writer.discard()


def text_table(columns: Mapping[str, Any]) -> pa.Table:
    """A small table from lists: numbers stay numbers, all else becomes text."""
    return pa.table({name: pa.array(list(values)) for name, values in columns.items()})


def _plain(cells: pa.Array) -> pa.Array:
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    return cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells


def _safe_cell(sheet: Any, value: Any) -> Any:
    """A value as openpyxl may take it: only what it could misread gets a cell of its own."""
    if not isinstance(value, str):
        return value
    value = _CONTROL_TEXT.sub(" ", value)
    return _text_cell(sheet, value) if _RISKY_TEXT.match(value) else value


def _text_cell(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value=_CONTROL_TEXT.sub(" ", value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _sheet_title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
