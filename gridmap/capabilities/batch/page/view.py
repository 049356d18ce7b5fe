"""The answers of a batch as rows of the table. Pure; not for the GUI thread."""

from collections.abc import Sequence

from gridmap.capabilities.batch.page.table import BatchRow
from gridmap.capabilities.batch.report.short import ShortRow, short_rows
from gridmap.capabilities.batch.work.assigning import BatchResult


def rows_of(result: BatchResult, numbers: Sequence[int]) -> list[BatchRow]:
    """One row of the table for every row of the sheet.

    Args:
        result: the answers.
        numbers: the row numbers as the sheet shows them.
    """
    return [_row(*pair) for pair in zip(numbers, short_rows(result), strict=True)]


def _row(number: int, short: ShortRow) -> BatchRow:
    return BatchRow(
        number=number,
        place=short.place,
        owner=short.owner or "—",
        status=short.kind,
        chief=short.chief or "—",
        border=short.border,
        note=short.note,
        lon=short.lon,
        lat=short.lat,
    )
