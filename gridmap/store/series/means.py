"""Daily means of all readings of a project, on a few threads.

Sums are taken straight from the unpacked bytes of the blocks; what is not in whole numbers, in
an older format or in the tail goes through arrays (`domain.period_means`).
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pandas as pd

from gridmap.core.moments import DAY_US, OFFSET_US, times_of
from gridmap.standards import period_means
from gridmap.store.project import Project
from gridmap.store.series import blocks
from gridmap.store.series import rows as series_rows
from gridmap.store.series.blocks import OpenBlock
from gridmap.store.series.readings import Readings, Times, Values
from gridmap.store.series.rows import Series

_THREADS: Final = 2
_NOTHING: Final = ("", "", "", np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
_Part = tuple[str, str, str, Times, Values, Times]


def daily_means(project: Project) -> pd.DataFrame:
    """Arithmetic means of calendar days, of every series, with the number of their values.

    Whether a mean may be used is a matter of the standards: `domain.statistics`. Two threads;
    memory is that of the answer.

    Args:
        project: open.

    Returns:
        A frame with station, item, unit (categories), start (aware midnight in Asia/Shanghai),
        value (NaN where no value of the day is there) and count, by station, item and day.
    """
    with project.reading() as connection:
        every = series_rows.every(connection)

    def work(share: list[Series]) -> list[_Part]:
        with project.reading() as connection:
            return [
                (series.station, series.item, series.unit, *found)
                for series in share
                if len((found := _of_series(connection, series.id))[0])
            ]

    with ThreadPoolExecutor(_THREADS) as pool:
        shares = pool.map(work, [every[i::_THREADS] for i in range(_THREADS)])
        parts = sorted((part for share in shares for part in share), key=lambda part: part[:2])
    days, values, counts = (
        np.concatenate([part[i] for part in parts or [_NOTHING]]) for i in (3, 4, 5)
    )
    lengths = [len(part[3]) for part in parts]
    names = {
        name: pd.Categorical.from_codes(
            np.repeat(codes, lengths).astype(np.int32), categories=pd.Index(found, dtype=object)
        )
        for i, name in enumerate(("station", "item", "unit"))
        for codes, found in [pd.factorize(np.array([part[i] for part in parts], dtype=object))]
    }
    midnights = days * DAY_US - OFFSET_US
    start = times_of(midnights)
    return pd.DataFrame({**names, "start": start, "value": values, "count": counts}, copy=False)


def _of_series(connection: sqlite3.Connection, series_id: int) -> tuple[Times, Values, Times]:
    """Days, means and counts of one series."""
    query = "SELECT first_t, last_t, data FROM series_blocks WHERE series_id = ? ORDER BY first_t"
    rows = connection.execute(query, (series_id,)).fetchall()
    tail = series_rows.read_tail(connection, series_id, (None, None), beside=False)
    opened = [blocks.open_block(row[2]) for row in rows]
    straight = all(block.in_whole_numbers for block in opened)
    if not rows or not straight or (len(tail) and tail.times[0] <= rows[-1][1]):
        whole = series_rows.read(connection, series_id, (None, None), flags=False)
        return period_means.by_day(whole.times, whole.numbers)
    last = int(tail.times[-1]) if len(tail) else rows[-1][1]
    day = (rows[0][0] + OFFSET_US) // DAY_US
    sums = _Days(day, (last + OFFSET_US) // DAY_US - day + 1)
    for block, (_, end, _) in zip(opened, rows, strict=True):
        sums.add_block(block, end)
    if len(tail):
        sums.add(tail)
    return sums.means()


class _Days:
    """Sums and counts of successive days, the first being `first` (number since 1970)."""

    def __init__(self, first: int, days: int) -> None:
        self._first = first
        self._sums, self._counts = np.zeros(days), np.zeros(days, np.int64)
        self._seen = np.zeros(days, dtype=bool)

    def add_block(self, block: OpenBlock, last: int) -> None:
        """Add a block that ends at the time `last`."""
        from gridmap.store.series.kernels import add_days  # noqa: PLC0415  numba takes its time

        origin = self._first * DAY_US - OFFSET_US
        add_days(
            np.frombuffer(block.body, np.uint8), block.rows, block.delta_width, block.step,
            block.first - origin, block.value_width, DAY_US, self._sums,
            self._counts, self._seen,
        )  # fmt: skip
        # Sums of whole numbers are exact; years of two blocks never share a day.
        low, high = ((t - origin) // DAY_US for t in (block.first, last))
        self._sums[low : high + 1] /= 10.0**block.decimals

    def add(self, readings: Readings) -> None:
        """Add readings that come after all blocks."""
        places = (readings.times + OFFSET_US) // DAY_US - self._first
        there = ~np.isnan(readings.numbers)
        self._seen[places] = True
        np.add.at(self._sums, places[there], readings.numbers[there])
        np.add.at(self._counts, places[there], 1)

    def means(self) -> tuple[Times, Values, Times]:
        """Days that have any time, their means, their counts of values."""
        found = np.flatnonzero(self._seen)
        with np.errstate(invalid="ignore"):
            return found + self._first, self._sums[found] / self._counts[found], self._counts[found]
