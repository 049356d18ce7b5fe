"""A sheet as it came, and how it is read until somebody says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pyarrow as pa

from gridmap.capabilities.batch.work.assigning import AssignOptions, DatumSource
from gridmap.core.datum import Datum
from gridmap.intake.files import sources
from gridmap.intake.files.sheet_blocks import as_columns
from gridmap.intake.files.sources import Source
from gridmap.intake.files.tables import ReadOptions
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks import sheet_datum
from gridmap.intake.looks.references import REFERENCE_READS, References
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.sheet_datum import DatumDoubt
from gridmap.intake.looks.sheet_matching import columns_in
from gridmap.store.project import Project
from gridmap.texts import GridMapError, t

_SAID: Final = frozenset({Kind.HIDDEN_ROWS, Kind.HIDDEN_SHEETS})
"""Hints that are told, too: what somebody hid is not among the answers."""


class SheetError(GridMapError):
    """A sheet that cannot be assigned."""


@dataclass(frozen=True)
class Given:
    """A sheet as it came: its columns of text, and the numbers of its rows in the file.

    `remarks` are what its reader has to say: rows that cannot be split, hidden rows and sheets.
    """

    name: str
    table: pa.Table
    numbers: tuple[int, ...]
    remarks: tuple[Finding, ...] = ()


def given(source: Source) -> Given:
    """Read a sheet. Not for the GUI thread.

    Raises:
        IntakeError: if it cannot be read.
    """
    raw = sources.read(source, ReadOptions()).table
    remarks = tuple(
        one for one in raw.findings if one.severity is not Severity.HINT or one.kind in _SAID
    )
    numbers = tuple(int(number) for number in raw.rows)
    return Given(source.name, as_columns(raw), numbers, remarks)


def first_table(source: Sequence[Source]) -> Source:
    """The first sheet that is not hidden."""
    return next((one for one in source if not one.hidden), source[0])


def reading_of(columns: SheetColumns, on: date, datum: Datum | None = None) -> AssignOptions:
    """How a sheet with these columns is read.

    Args:
        columns: what stands where.
        on: the day of rows that name none.
        datum: as a person stated it; by default that of the headings, else CGCS2000.
    """
    if datum is not None:
        return AssignOptions(columns, on, datum)
    stated = sheet_datum.stated(columns)
    if stated is not None:
        return AssignOptions(columns, on, stated, DatumSource.HEADING)
    return AssignOptions(columns, on, source=DatumSource.ASSUMED)


def first_reading(sheet: Given, on: date) -> AssignOptions:
    """How a sheet is read by its headings.

    Raises:
        SheetError: if nothing in it says where a row is.
    """
    headings = sheet.table.column_names
    columns = columns_in(headings)
    if columns.empty:
        have = t("verdict.join.names").join(headings)
        raise SheetError("app.batch.no_place", file=sheet.name, have=have)
    return reading_of(columns, on)


def with_datum(options: AssignOptions, datum: Datum) -> AssignOptions:
    """The reading in the datum that a person states."""
    return replace(options, datum=datum, source=DatumSource.GIVEN)


def with_column(options: AssignOptions, meaning: str, heading: str | None) -> AssignOptions:
    """The reading with another column for a meaning; one column means one thing.

    A datum that a person did not choose follows the headings.
    """
    held = options.columns.named()
    freed: dict[str, str | None] = {
        name: None for name, taken in held.items() if taken == heading
    }  # fmt: skip
    columns = replace(options.columns, **{**freed, meaning: heading})
    chosen = options.datum if options.source is DatumSource.GIVEN else None
    fresh = reading_of(columns, options.on, chosen)
    return replace(options, columns=columns, datum=fresh.datum, source=fresh.source)


def doubt_of(project: Project, table: pa.Table, options: AssignOptions) -> DatumDoubt | None:
    """Whether the rows speak for another datum than the one they are read in."""
    if not options.columns.holding:
        return None
    known = project.derived(References.of, REFERENCE_READS)
    return sheet_datum.doubt(table, options.columns, options.datum, known)
