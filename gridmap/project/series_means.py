"""Daily means of all readings of a project: a sweep on a few threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from gridmap.domain import period_means
from gridmap.project.blocks import Times, Values
from gridmap.project.columns import ZONE
from gridmap.project.series import SeriesStore

_THREADS: Final = 2
_Part = tuple[str, str, str, Times, Values, Times]


def daily_means(
    store: SeriesStore, start: datetime | None = None, end: datetime | None = None
) -> pd.DataFrame:
    """Arithmetic means of calendar days, of every series, with the number of their values.

    Whether a mean may be used is a matter of the standards: `domain.statistics`.

    Args:
        store: of a project.
        start: first time (aware, included); None for all.
        end: last time (aware, excluded); None for all.

    Returns:
        A frame with station, item, unit, start (aware midnight in Asia/Shanghai), value (NaN
        where no value of the day is there) and count, by station, item and day.
    """
    stations = sorted(set(store.keys()["station"]))
    shares = [stations[i::_THREADS] for i in range(_THREADS)]

    def work(share: list[str]) -> list[_Part]:
        return [
            (station, item, unit, *period_means.by_day(times, values))
            for station, item, unit, times, values, _ in store.sweep(
                start, end, stations=set(share)
            )
        ]

    with ThreadPoolExecutor(_THREADS) as pool:
        parts = sorted((p for share in pool.map(work, shares) for p in share), key=lambda p: p[:2])
    if not parts:
        parts = [("", "", "", np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))]
    lengths = [len(part[3]) for part in parts]
    days = np.concatenate([part[3] for part in parts])
    midnights = days * period_means.MICROSECONDS_A_DAY - period_means.OFFSET
    return pd.DataFrame(
        {
            **{
                name: np.repeat(np.array([part[i] for part in parts], dtype=object), lengths)
                for i, name in enumerate(("station", "item", "unit"))
            },
            "start": pd.DatetimeIndex(midnights.view("M8[us]"), tz="UTC").tz_convert(ZONE),
            "value": np.concatenate([part[4] for part in parts]),
            "count": np.concatenate([part[5] for part in parts]),
        }
    )
