"""Means of whole series by days: many millions of readings, so bare arrays."""

import numpy as np
from numpy.typing import NDArray

from gridmap.core.moments import DAY_US, OFFSET_US


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
    first = (int(times[0]) + OFFSET_US) // DAY_US
    last = (int(times[-1]) + OFFSET_US) // DAY_US
    if last - first < len(times):
        edges = np.arange(first, last + 2) * DAY_US - OFFSET_US
        places = np.searchsorted(times, edges)
        there = places[1:] > places[:-1]
        days = np.arange(first, last + 1)[there]
        starts = places[:-1][there]
    else:
        day = (times + OFFSET_US) // DAY_US
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
