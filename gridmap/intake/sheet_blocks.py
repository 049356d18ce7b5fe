"""A sheet as blocks of text columns: long CSV files pass through without being held whole."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from gridmap import intake
from gridmap.texts import GridMapError

DELIMITED: Final = {".csv", ".tsv", ".txt"}
_BLOCK: Final = 16 * 1024 * 1024
_SAMPLE: Final = 1024 * 1024
_ENCODINGS: Final = ("utf-8", "gb18030")
_BOMS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class SheetError(GridMapError):
    """A sheet that cannot be read: the facts name `file` and why."""


@dataclass
class Sheet:
    """A sheet that is read block by block.

    `names` are its headings, each once; `broken` fills with the rows that could not be
    split into cells: number in the file, text.
    """

    path: Path
    names: list[str]
    _blocks: Iterator[pa.Table]
    broken: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[pa.Table]:
        return self._blocks


def open_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Open a CSV or TSV as a stream, a workbook as one block.

    Raises:
        SheetError: `assign.error.unreadable`, `.no_heading`.
        IntakeError: what `intake.read` says of a workbook.
    """
    if not path.is_file():
        raise SheetError("assign.error.missing_file", file=path)
    if path.suffix.lower() in DELIMITED:
        return _delimited(path)
    raw = intake.read(path, layer=sheet)
    cells = {str(name): pa.array(raw.cells[name], pa.string()) for name in raw.cells.columns}
    return Sheet(path, list(cells), iter([pa.table(cells)]))


def _delimited(path: Path) -> Sheet:
    try:
        with path.open("rb") as stream:
            sample = stream.read(_SAMPLE)
    except OSError as error:
        raise SheetError("assign.error.unreadable", file=path, reason=error) from error
    encoding = _encoding(path, sample)
    text = sample.decode(encoding, errors="replace").lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=first.count)
    heading = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if not any(cell.strip() for cell in heading):
        raise SheetError("assign.error.no_heading", file=path)
    found = Sheet(path, _unique(heading), iter(()))
    found._blocks = _stream(found, encoding, delimiter)  # noqa: SLF001  it needs `broken`
    return found


def _encoding(path: Path, sample: bytes) -> str:
    for mark, encoding in _BOMS.items():
        if sample.startswith(mark):
            return encoding
    for encoding in _ENCODINGS:
        try:
            sample.decode(encoding)
        except UnicodeDecodeError as error:
            # The sample may end inside a character.
            if error.start >= len(sample) - 4 and len(sample) == _SAMPLE:
                return encoding
            continue
        return encoding
    raise SheetError("assign.error.encoding", file=path)


def _stream(sheet: Sheet, encoding: str, delimiter: str) -> Iterator[pa.Table]:
    def skip(row: pyarrow.csv.InvalidRow) -> str:
        sheet.broken.append((row.number or 0, str(row.text)))
        return "skip"

    try:
        with pyarrow.csv.open_csv(
            sheet.path,
            pyarrow.csv.ReadOptions(
                use_threads=False, block_size=_BLOCK, encoding=encoding,
                column_names=sheet.names, skip_rows_after_names=1,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(sheet.names, pa.string()), strings_can_be_null=False
            ),
        ) as reader:  # fmt: skip
            for batch in reader:
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        raise SheetError("assign.error.unreadable", file=sheet.path, reason=error) from error


def _unique(names: list[str]) -> list[str]:
    """Headings, each once: an empty one by its position, a second one numbered."""
    found: dict[str, None] = {}
    for position, given in enumerate(names, start=1):
        plain = given.strip(" \t\r\n\u3000\ufeff") or f"#{position}"
        name, number = plain, 2
        while name in found:
            name, number = f"{plain}#{number}", number + 1
        found[name] = None
    return list(found)
