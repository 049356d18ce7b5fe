"""CSV, TSV and text with delimiters: UTF-8, UTF-16, GB18030 or Big5, also packed with gzip."""

import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from gridmap.intake import encodings, headings, limits
from gridmap.intake.encodings import EncodingGuess
from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.tables import BLANK, RawTable, ReadOptions, text_of, without_blank_rows

_GZIP: Final = b"\x1f\x8b"
_LOOKED_AT: Final = 40
_DELIMITERS: Final = ",;\t|"
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
        raise IntakeError("intake.error.unreadable", file=shown, reason=error) from error
    return parse(shown, raw, options)


def parse(path: Path, raw: bytes, options: ReadOptions) -> RawTable:
    """Read bytes, such as those of the clipboard, under the name of `path`.

    Raises:
        IntakeError: as `read`.
    """
    text, guesses = decoded(path, raw, options.encoding)
    text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
    lines = text.splitlines(keepends=True)[:_LOOKED_AT]
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
    body = text if heading == 0 else _below(text, grid, heading)
    findings = []
    if guesses[0].encoding not in _PLAIN:
        findings.append(encoding_finding(path, guesses[0]))
    cells, numbers, malformed = _cells(path, body, delimiter, names)
    return without_blank_rows(
        path, cells, numbers + heading, [*findings, *malformed], encodings=guesses,
        header_row=heading + 1,
    )  # fmt: skip


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


def _below(text: str, grid: list[list[str]], heading: int) -> str:
    stream = io.StringIO(text)
    for row in grid[:heading]:
        # A cell with line breaks takes several lines.
        for _ in range(1 + sum(cell.count("\n") for cell in row)):
            stream.readline()
    return stream.read()


def _cells(
    path: Path, text: str, delimiter: str, names: list[str]
) -> tuple[pd.DataFrame, "np.ndarray", list[Finding]]:
    broken: list[tuple[int, str]] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        broken.append((row.number, row.text))
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")),
            # One thread: only then does a broken row know its number.
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, column_names=names, skip_rows_after_names=1
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise IntakeError("intake.error.unreadable", file=path, reason=error) from error
    limits.few_enough(path, table.num_rows, len(names))
    numbers = np.arange(1, table.num_rows + len(broken) + 2)
    numbers = np.setdiff1d(numbers, [number for number, _ in broken])[1:]
    cells = pd.DataFrame({name: _texts(table.column(name)) for name in names}, dtype=object)
    malformed = [
        Finding(Kind.MALFORMED_ROW, Severity.ERROR, path.name, number, value=line[:80])
        for number, line in broken
        if line.strip(BLANK + delimiter)
    ]
    return cells, numbers, malformed


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    # Tables repeat themselves: clean each distinct text once.
    codes = column.combine_chunks().dictionary_encode()
    cleaned = np.array([text_of(text) for text in codes.dictionary.to_pylist()] or [None], object)
    texts: list[str | None] = cleaned[codes.indices.to_numpy(zero_copy_only=False)].tolist()
    return texts
