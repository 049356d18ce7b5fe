"""CSV, TSV and text with delimiters: UTF-8, UTF-16, GB18030 or Big5, also packed with gzip.

One parser serves both ways of reading: whole (`read`) and block by block (`stream`), for files
of a million rows.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from gridmap.intake.files import encodings, headings, limits
from gridmap.intake.files.encodings import EncodingGuess
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import (
    BLANK,
    RawTable,
    ReadOptions,
    text_of,
    top_of,
    without_blank_rows,
)
from gridmap.intake.findings import Finding, Kind, Severity

_GZIP: Final = b"\x1f\x8b"
_LOOKED_AT: Final = 40
_DELIMITERS: Final = ",;\t|"
_BLOCK: Final = 16 * limits.MEGABYTE
_SAMPLE: Final = limits.MEGABYTE
_HEAD: Final = 4 * limits.MEGABYTE  # in which the lines above the table stand
_MIXED: Final = 0.9
_ROWS_SHOWN: Final = 20
_PLAIN: Final = frozenset({"utf-8", "utf-8-sig"})


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read a file; `shown` is the path to tell where it is not the one that is read.

    Raises:
        IntakeError: `intake.error.unreadable`, `.too_large`, `.encoding`, `.no_heading`,
            `.too_many_columns`.
    """
    shown = shown or path
    try:
        limits.bounded(shown, path.stat().st_size, limits.MAX_TEXT_BYTES)
        raw = _unpacked(shown, path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(shown, error) from error
    return parse(shown, raw, options)


def parse(path: Path, raw: bytes, options: ReadOptions) -> RawTable:
    """Read bytes, such as those of the clipboard, under the name of `path`.

    Raises:
        IntakeError: as `read`.
    """
    mixed = None if options.encoding else encodings.mixed(raw)
    findings = []
    if mixed is None:
        text, guesses = decoded(path, raw, options.encoding)
    else:
        text, guesses = mixed[0], (EncodingGuess("utf-8", _MIXED, "score"),)
        findings.append(_mixed_finding(path, mixed[1]))
    text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    layout = _layout(path, text, options, guesses)
    if guesses[0].encoding not in _PLAIN:
        findings.append(encoding_finding(path, guesses[0]))
    cells, numbers, malformed = _cells(path, text, layout)
    return without_blank_rows(
        path, cells, numbers, [*findings, *malformed], encodings=guesses,
        header_row=layout.heading + 1, top=layout.top,
    )  # fmt: skip


def stream(path: Path, options: ReadOptions) -> "Stream":
    """Open a file that is read block by block, however long it is; not one packed with gzip.

    It is laid out as `read` finds it, by its first megabyte; cells stay as they are written.

    Raises:
        IntakeError: `intake.error.unreadable`, `.encoding`, `.no_heading`, `.too_many_columns`;
            while the blocks are read, `.unreadable`.
    """
    try:
        sample, telling = _samples(path)
    except OSError as error:
        raise unreadable(path, error) from error
    _, guesses = decoded(path, telling, options.encoding)
    text = sample.decode(guesses[0].encoding, "replace")
    return Stream(path, _layout(path, text, options, guesses))


@dataclass(frozen=True)
class Layout:
    """How a text with delimiters is laid out.

    `heading` is the row of the heading, counted from 0, which begins after `lines_above` lines
    of text; `names` are its headings, each once.
    """

    encodings: tuple[EncodingGuess, ...]
    delimiter: str
    heading: int
    lines_above: int
    names: tuple[str, ...]
    top: tuple[tuple[str, ...], ...] = ()

    def number(self, line: int) -> int:
        """The number under which a person finds a row that the parser calls `line`."""
        return line - self.lines_above + self.heading


@dataclass
class Stream:
    """A file in blocks, shape (rows, columns) of text; rows without any cell are left out.

    `broken` fills with the rows that could not be split into cells: number in the file, text.
    """

    path: Path
    layout: Layout
    broken: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[pa.Table]:
        encoding = self.layout.encodings[0].encoding
        skip = partial(_skip, self.layout, self.broken)
        try:
            with pyarrow.csv.open_csv(
                self.path,
                _read_options(
                    self.layout,
                    block_size=_BLOCK,
                    encoding="utf-8" if encoding in _PLAIN else encoding,
                ),
                _parse_options(self.layout, skip),
                _convert_options(self.layout),
            ) as reader:
                for batch in reader:
                    filled = _filled(batch)
                    if filled.num_rows:
                        yield pa.Table.from_batches([filled])
        except (pa.ArrowInvalid, UnicodeError, OSError) as error:
            raise unreadable(self.path, error) from error


def decoded(path: Path, raw: bytes, stated: str | None) -> tuple[str, tuple[EncodingGuess, ...]]:
    """Bytes as text, and the encodings that fit, the one used first.

    Raises:
        IntakeError: `intake.error.encoding`, `.encoding_stated` if the stated one does not fit.
    """
    guesses = encodings.ranked(raw)
    if stated is not None:
        name = encodings.known(stated) or stated
        if not encodings.decodes(raw, name):
            raise IntakeError("intake.error.encoding_stated", file=path, encoding=stated)
        others = tuple(guess for guess in guesses if guess.encoding != name)
        guesses = (EncodingGuess(name, 1.0, "stated"), *others)
    if not guesses:
        raise IntakeError("intake.error.encoding", file=path, position=_first_odd(raw))
    return raw.decode(guesses[0].encoding), guesses


def encoding_finding(path: Path, guess: EncodingGuess) -> Finding:
    """The hint that a file was read in an encoding that it does not state."""
    return Finding(
        Kind.ENCODING, Severity.HINT, path.name, detail=guess.encoding.upper(),
        value=f"{guess.confidence:.2f}",
    )  # fmt: skip


def is_mixed(path: Path) -> bool:
    """Whether the beginning of a file is in several encodings, so that it cannot be streamed."""
    return encodings.mixed(_samples(path)[1]) is not None


def _mixed_finding(path: Path, lines: list[int]) -> Finding:
    shown = ", ".join(map(str, lines[:_ROWS_SHOWN])) + (" …" if len(lines) > _ROWS_SHOWN else "")
    return Finding(
        Kind.MIXED_ENCODING, Severity.WARNING, path.name, detail=shown, count=len(lines),
        rows=tuple(lines),
    )  # fmt: skip


def _unpacked(path: Path, raw: bytes) -> bytes:
    if raw[:2] != _GZIP:
        return raw
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
        text = stream.read(limits.MAX_TEXT_BYTES + 1)
    limits.bounded(path, len(text), limits.MAX_TEXT_BYTES)
    return text


def _first_odd(raw: bytes) -> int:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _delimiter(text: str) -> str:
    lines = [line for line in text[:200_000].splitlines()[:_LOOKED_AT] if line.strip(BLANK)]
    # A title above the table holds few delimiters: count the lines that agree.
    counts = {d: sorted(line.count(d) for line in lines) for d in _DELIMITERS}
    return max(_DELIMITERS, key=lambda d: (counts[d] or [0])[len(counts[d]) // 2])


def _heading(grid: list[list[str | None]], stated: int | None) -> int | None:
    """The row of the heading, counted from 0: the first one unless titles stand above it."""
    if stated is not None:
        return stated - 1 if 0 < stated <= len(grid) else None
    found = headings.find(grid)
    if found is None:
        return None
    filled = [i for i, row in enumerate(grid) if any(row)]
    alone = [i for i in filled if i < found.first and sum(c is not None for c in grid[i]) == 1]
    above = [i for i in filled if i < found.first]
    return found.first if above == alone else filled[0]


def _layout(
    path: Path, text: str, options: ReadOptions, guesses: tuple[EncodingGuess, ...]
) -> Layout:
    text = text.removeprefix("\ufeff")
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
    lines = text[:_HEAD].splitlines(keepends=True)[:_LOOKED_AT]
    try:
        grid = list(csv.reader(io.StringIO("".join(lines)), delimiter=delimiter))
    except csv.Error:
        grid = [line.rstrip("\r\n").split(delimiter) for line in lines]
    grid_texts = [[text_of(cell) for cell in row] for row in grid]
    heading = _heading(grid_texts, options.header_row)
    if heading is None or not any(grid_texts[heading]):
        raise IntakeError("intake.error.no_heading", file=path)
    limits.few_enough(path, 1, len(grid_texts[heading]))
    names = headings.unique([name or "" for name in grid_texts[heading]])
    # A cell with line breaks takes several lines.
    above = sum(1 + sum(cell.count("\n") for cell in row) for row in grid[:heading])
    return Layout(guesses, delimiter, heading, above, tuple(names), top_of(grid_texts))


def _samples(path: Path) -> tuple[bytes, bytes]:
    """The beginning of a file, and the part that tells its encoding: the first not in ASCII."""
    with path.open("rb") as stream:
        first = telling = _whole(stream.read(_SAMPLE))
        stream.seek(len(first))
        while telling.isascii() and (more := stream.read(_SAMPLE)):
            telling = _whole(more)
            stream.seek(len(telling) - len(more), io.SEEK_CUR)
    return first, telling


def _whole(sample: bytes) -> bytes:
    """A sample without the character at its end that may be cut."""
    if len(sample) < _SAMPLE or sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return sample
    end = sample.rfind(b"\n") + 1
    return sample[:end] if end else sample


def _skip(layout: Layout, broken: list[tuple[int, str]], row: pyarrow.csv.InvalidRow) -> str:
    if str(row.text).strip(BLANK + layout.delimiter):
        broken.append((layout.number(row.number or 0), str(row.text)))
    return "skip"


def _read_options(layout: Layout, **more: Any) -> pyarrow.csv.ReadOptions:
    # One thread: only then does a broken row know its number.
    return pyarrow.csv.ReadOptions(
        use_threads=False, column_names=list(layout.names), skip_rows=layout.lines_above,
        skip_rows_after_names=1, **more,
    )  # fmt: skip


def _parse_options(layout: Layout, skip: Any) -> pyarrow.csv.ParseOptions:
    return pyarrow.csv.ParseOptions(
        delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False,
        invalid_row_handler=skip,
    )  # fmt: skip


def _convert_options(layout: Layout) -> pyarrow.csv.ConvertOptions:
    return pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(layout.names, pa.string()), strings_can_be_null=False
    )


def _filled(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows that have something in any cell."""
    blank = None
    for column in batch.columns:
        empty = pc.equal(column, "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return batch
    return batch if blank is None else batch.filter(pc.invert(blank))


def _cells(
    path: Path, text: str, layout: Layout
) -> tuple[pd.DataFrame, "np.ndarray", list[Finding]]:
    broken: list[tuple[int, str]] = []
    skipped: list[int] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped.append(layout.number(row.number or 0))
        return _skip(layout, broken, row)

    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")),
            _read_options(layout), _parse_options(layout, skip), _convert_options(layout),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise unreadable(path, error) from error
    limits.few_enough(path, table.num_rows, len(layout.names))
    first = layout.heading + 2
    numbers = np.arange(first, first + table.num_rows + len(skipped))
    numbers = np.setdiff1d(numbers, skipped)
    cells = pd.DataFrame({name: _texts(table.column(name)) for name in layout.names}, dtype=object)
    malformed = [
        Finding(Kind.MALFORMED_ROW, Severity.ERROR, path.name, number, value=line[:80])
        for number, line in broken
    ]
    return cells, numbers, malformed


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    # Tables repeat themselves: clean each distinct text once.
    codes = column.combine_chunks().dictionary_encode()
    cleaned = np.array([text_of(text) for text in codes.dictionary.to_pylist()] or [None], object)
    texts: list[str | None] = cleaned[codes.indices.to_numpy(zero_copy_only=False)].tolist()
    return texts
