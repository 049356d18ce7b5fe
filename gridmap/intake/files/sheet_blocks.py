"""A sheet as blocks of text columns: long CSV files pass through without being held whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from gridmap.intake.files import delimited, incomplete, reading, sources
from gridmap.intake.files.sources import Source
from gridmap.intake.files.tables import RawTable, ReadOptions
from gridmap.intake.findings import Finding, Kind


@dataclass
class Sheet:
    """A sheet that is read block by block.

    `names` are its headings, each once; `broken` fills with the rows that could not be
    split into cells: number in the file, text. `findings` are what the reader noticed, where the
    sheet was read as a whole.
    """

    path: Path
    names: list[str]
    blocks: Iterable[pa.Table]
    broken: list[tuple[int, str]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[pa.Table]:
        return iter(self.blocks)


def open_sheet(source: Source) -> Sheet:
    """Open a file with delimiters as a stream, any other sheet as one block.

    Raises:
        IntakeError: as `gridmap.intake.read`; the source's `problem`.
    """
    if source.problem is not None:
        raise source.problem
    plain = source.data is None and source.member is None and source.path.suffix.lower() != ".gz"
    streamed = plain and reading.suffix_of(source.path) in reading.DELIMITED
    if streamed and source.path.is_file():
        incomplete.refuse_web_page(source.path, source.path)
        streamed = not delimited.is_mixed(source.path)
    if streamed:
        stream = delimited.stream(source.path, ReadOptions())
        return Sheet(source.path, list(stream.layout.names), stream, stream.broken)
    # The answers stand beside the cells as they came: whoever reads them unwraps them.
    table = sources.read(source, ReadOptions(), as_written=True).table
    broken = [(f.row or 0, f.value) for f in table.findings if f.kind is Kind.MALFORMED_ROW]
    names = list(map(str, table.cells.columns))
    return Sheet(source.path, names, [as_columns(table)], broken, table.findings)


def as_columns(table: RawTable) -> pa.Table:
    """The cells of a table as columns of text."""
    return pa.table(
        {str(name): pa.array(table.cells[name], pa.string()) for name in table.cells.columns}
    )
