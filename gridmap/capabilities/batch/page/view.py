"""The answers of a batch as rows of the table. Pure; not for the GUI thread."""

import math
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
    place = short.place
    if not math.isnan(short.lon) and _only_a_number(place):
        place = f"{short.lon:.5f}, {short.lat:.5f}"
    return BatchRow(
        number=number,
        place=place,
        owner=short.owner or "—",
        status=short.kind,
        chief=short.chief or "—",
        border=short.border,
        note=short.note,
        lon=short.lon,
        lat=short.lat,
    )


def _only_a_number(text: str) -> bool:
    """Whether the sheet's own words are one coordinate out of two, which says little."""
    return not text or text.replace(".", "", 1).replace("-", "", 1).isdigit()
