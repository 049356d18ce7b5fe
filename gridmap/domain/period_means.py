"""Means of whole series by days: many millions of readings, so bare arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MICROSECONDS_A_DAY: Final = 86_400_000_000
OFFSET: Final = 8 * 3_600_000_000  # Asia/Shanghai, without summer time since 1991


def by_day(
    times: NDArray[np.int64], values: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Sums and counts of each day.

    Args:
        times: µs since 1970 UTC, rising, shape (n,), n > 0.
        values: shape (n,), NaN where missing.

    Returns:
        Days (number since 1970-01-01 in Asia/Shanghai), means (NaN without values), counts of
        values; shape (m,), one place a day that has any time.
    """
    first = (int(times[0]) + OFFSET) // MICROSECONDS_A_DAY
    last = (int(times[-1]) + OFFSET) // MICROSECONDS_A_DAY
    if last - first < len(times):
        edges = np.arange(first, last + 2) * MICROSECONDS_A_DAY - OFFSET
        places = np.searchsorted(times, edges)
        there = places[1:] > places[:-1]
        days = np.arange(first, last + 1)[there]
        starts = places[:-1][there]
    else:
        day = (times + OFFSET) // MICROSECONDS_A_DAY
        starts = np.append(0, np.flatnonzero(np.diff(day)) + 1)
        days = day[starts]
    missing = np.isnan(values)
    lengths = np.diff(np.append(starts, len(times)))
    if not missing.any():
        return days, np.add.reduceat(values, starts) / lengths, lengths
    sums = np.add.reduceat(np.where(missing, 0.0, values), starts)
    counts = lengths - np.add.reduceat(missing.astype(np.int64), starts)
    with np.errstate(invalid="ignore"):
        return days, sums / counts, counts
