"""Series of readings: one per station and item, in one compressed block a year.

Small batches first go to a tail table and are folded into blocks when it grows long.
Everything outside the modules `series_*` sees frames indexed by aware time; `sweep` gives the
bare arrays of many series to those who count over all of them.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.moments import ZONE, times_of
from gridmap.store import records
from gridmap.store.errors import ProjectError
from gridmap.store.series import readings as series_readings
from gridmap.store.series import rows as series_rows
from gridmap.store.series.readings import Flags, Readings, Times, Values
from gridmap.store.series.rows import Span
from gridmap.store.series.writing import Appended

__all__ = ["Appended", "Reader", "SeriesStore", "Swept"]

Reader = Callable[[], AbstractContextManager[sqlite3.Connection]]
Swept = tuple[str, str, str, Times, Values, Flags]
"""Station, item, unit, times (µs since 1970 UTC), values, flags."""

# Made once: making an index of names costs more than the rest of a frame.
_COLUMNS: Final = pd.Index(["value", "flag"])


class SeriesStore:
    """Reading series. May be used from any thread; writing goes through `Project.change`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def keys(self) -> pd.DataFrame:
        """One row per series: station, item, unit, first, last (aware times), count."""
        with self._reader() as connection:
            rows = connection.execute(
                "SELECT station, item, unit, first_t, last_t, rows FROM series WHERE rows > 0"
                " ORDER BY station, item"
            ).fetchall()
        names = ["station", "item", "unit", "first", "last", "count"]
        frame = pd.DataFrame(rows, columns=names, dtype=object).astype({"count": "int64"})
        for name in ("first", "last"):
            frame[name] = _index(frame[name].to_numpy(np.int64))
        return frame

    def unit(self, station: str, item: str) -> str | None:
        """The unit of a series, None where there is no such series."""
        with self._reader() as connection:
            found = series_rows.find(connection, station, item)
        return found.unit if found else None

    def read(
        self,
        station: str,
        item: str,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> pd.DataFrame:
        """The readings from `start` (included) to `end` (excluded); None leaves a side open.

        Returns:
            A frame indexed by aware time (Asia/Shanghai, rising, unique) with `value`
            (float64 in the unit of the series, NaN = published as missing) and `flag`
            (text, "" = none). Empty where there is no such series.

        Raises:
            ProjectError: `project.error.naive_time` for a bound without zone.
        """
        return _frame(self._readings(station, item, (start, end), beside=False))

    def details(
        self,
        station: str,
        item: str,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> pd.DataFrame:
        """As `read`, with everything that is known beside the value.

        Returns:
            The frame of `read` with `protocol` (whose flags these are, "" = not known),
            `shown` (float64: the displayed value where the source gave raw and displayed,
            NaN = none given) and `arrived` (aware time at which the reading came into the
            project, to the second; NaT = before arrivals were noted).
        """
        whole = self._readings(station, item, (start, end), beside=True).whole()
        frame = _frame(whole)
        frame["protocol"] = pd.Series(whole.protocols, frame.index, dtype=object)
        frame["shown"] = whole.shown
        frame["arrived"] = _moments(whole.arrived)
        return frame

    def revisions(self, station: str, item: str) -> pd.DataFrame:
        """The readings that others took the place of; none is ever lost.

        Returns:
            A frame indexed by aware time (several rows may have the same), in the order in
            which they lost their place: value, flag, protocol, shown, arrived as in `details`,
            `replaced` (aware time) and `revision` (of the log: the change that did it).
        """
        names = ["t", "value", "flag", "protocol", "shown", "arrived", "replaced", "revision"]
        query = (
            f"SELECT {', '.join(names)} FROM series_revisions"  # noqa: S608
            " WHERE station = ? AND item = ? ORDER BY t, id"
        )
        with self._reader() as connection:
            rows = connection.execute(query, (station, item)).fetchall()
        frame = pd.DataFrame(rows, columns=names, dtype=object)
        index = _index(frame.pop("t").to_numpy(np.int64))
        index.name = "time"
        for name in ("value", "shown"):
            frame[name] = frame[name].to_numpy(np.float64, na_value=np.nan)
        for name in ("arrived", "replaced"):
            frame[name] = _moments(frame[name].to_numpy(np.int64))
        return frame.astype({"revision": "int64"}).set_index(index)

    def sweep(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        items: Collection[str] | None = None,
        stations: Collection[str] | None = None,
        *,
        flags: bool = True,
    ) -> Iterator[Swept]:
        """Many series one after another, for work over all of them; memory stays that of one.

        Args:
            start: first time (aware, included); None for all.
            end: last time (aware, excluded); None for all.
            items: ids of the items wanted; None for all.
            stations: codes of the stations wanted; None for all.
            flags: False for work that does not look at them; they may be empty then.

        Yields:
            Station, item, unit, times (int64, µs since 1970 UTC, rising), values (float64, NaN =
            missing), flags (text; copy before you write to them), by station and item; all of
            one moment of the project.
            Series without readings in the span are left out. Take it to its end, or close it.
        """
        span = _span(start, end)
        with self._reader() as connection:
            for series in series_rows.every(connection, stations):
                if items is not None and series.item not in items:
                    continue
                found = series_rows.read(connection, series.id, span, flags=flags)
                if len(found):
                    yield (
                        series.station, series.item, series.unit,
                        found.times, found.numbers, found.flags,
                    )  # fmt: skip

    def notes(self, station: str) -> pd.DataFrame:
        """What is noted about a station's series: item ("" = all), start, end, kind, note."""
        with self._reader() as connection:
            return records.read_notes(connection, station)

    def _readings(
        self, station: str, item: str, bounds: tuple[Any, Any], *, beside: bool
    ) -> Readings:
        span = _span(*bounds)
        with self._reader() as connection:
            found = series_rows.find(connection, station, item)
            if found is None:
                return series_readings.nothing()
            return series_rows.read(connection, found.id, span, beside=beside)


def _index(times: Times) -> pd.DatetimeIndex:
    return times_of(times)


def _moments(times: Times) -> pd.DatetimeIndex:
    """Aware times of arrival, NaT where it was not noted."""
    there = times.view("M8[us]").copy()
    there[times == series_readings.UNKNOWN] = np.datetime64("NaT")
    return pd.DatetimeIndex(there, tz="UTC").tz_convert(ZONE)


def _frame(readings: Readings) -> pd.DataFrame:
    index = _index(readings.times)
    index.name = "time"
    # Without copies: the arrays belong to nobody else, and pandas copies before it writes.
    flags = pd.Series(readings.flags, index, dtype=object, copy=False)
    frame = pd.DataFrame({0: readings.numbers, 1: flags}, index=index, copy=False)
    frame.columns = _COLUMNS
    return frame


def _span(start: datetime | None, end: datetime | None) -> Span:
    return (None if start is None else _micro(start), None if end is None else _micro(end))


def _micro(moment: datetime) -> int:
    stamp = pd.Timestamp(moment)
    if stamp.tzinfo is None:
        raise ProjectError("project.error.naive_time", value=moment)
    return int(stamp.as_unit("us").asm8.astype(np.int64))
