"""The rows of series in a project file: where readings lie, and reading them. SQL stays here."""

import sqlite3
from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np

from gridmap.core.moments import OFFSET_US
from gridmap.store.series import blocks
from gridmap.store.series import readings as series_readings
from gridmap.store.series.readings import UNKNOWN, Readings

FIRST_OF_YEARS: Final = 100_000
"""A block of the year y has the number `FIRST_OF_YEARS` + y; one of format 1 a lower one."""

_EVER: Final = 2**62

Span = tuple[int | None, int | None]
"""Times in µs since 1970 UTC: from (included), to (excluded); None leaves a side open."""


class Series(NamedTuple):
    """One series: its number in the file, station, item, unit, last time, rows in the tail.

    `last` is None while it is empty, `waiting` None where nobody counted.
    """

    id: int
    station: str
    item: str
    unit: str
    last: int | None
    waiting: int | None


# The tail is ordered by day, then series, so that an hour of everything is written in one place.
# To read one series, its rows are looked up day by day, for the days that there are.
_TAIL: Final = """
WITH RECURSIVE days (d) AS (
  SELECT MIN(t / 86400000000) FROM series_tail WHERE t / 86400000000 >= ?2 / 86400000000
  UNION ALL
  SELECT (SELECT MIN(t / 86400000000) FROM series_tail
          WHERE t / 86400000000 > days.d AND t / 86400000000 <= ?3 / 86400000000)
  FROM days WHERE days.d IS NOT NULL)
SELECT {names} FROM days CROSS JOIN series_tail ON t / 86400000000 = days.d AND series_id = ?1
WHERE t >= ?2 AND t < ?3 ORDER BY t
"""
_COLUMNS: Final = "id, station, item, unit, last_t, waiting"


def find(connection: sqlite3.Connection, station: str, item: str) -> Series | None:
    """The series of a station and item."""
    query = f"SELECT {_COLUMNS} FROM series WHERE station = ? AND item = ?"  # noqa: S608
    found = connection.execute(query, (station, item)).fetchone()
    return Series._make(found) if found else None


def every(connection: sqlite3.Connection, stations: Collection[str] | None = None) -> list[Series]:
    """The series of some stations (None = all), by station and item."""
    query = f"SELECT {_COLUMNS} FROM series {{}} ORDER BY station, item"  # noqa: S608
    if stations is None:
        return list(map(Series._make, connection.execute(query.format(""))))
    where = query.format("WHERE station = ?")
    return [
        Series._make(row)
        for station in sorted(set(stations))
        for row in connection.execute(where, (station,))
    ]


def read(
    connection: sqlite3.Connection,
    series_id: int,
    span: Span,
    *,
    flags: bool = True,
    beside: bool = False,
) -> Readings:
    """Readings of a span, tail before blocks where both have a time.

    Args:
        connection: any.
        series_id: of the series.
        span: of times.
        flags: also flags; else they are empty, and cheaper.
        beside: also protocols, displayed values and arrivals.
    """
    low, high = span
    rows = connection.execute(
        "SELECT data FROM series_blocks WHERE series_id = ? AND last_t >= ? AND first_t < ?"
        " ORDER BY first_t",
        (series_id, -_EVER if low is None else low, _EVER if high is None else high),
    ).fetchall()
    whole = blocks.decode_many([row[0] for row in rows], flags=flags, beside=beside)
    tail = read_tail(connection, series_id, span, beside=beside)
    if len(tail):
        whole = series_readings.joined([whole, tail]) if len(whole) else tail
    if low is None and high is None:
        return whole
    start = 0 if low is None else int(np.searchsorted(whole.times, low))
    end = len(whole) if high is None else int(np.searchsorted(whole.times, high))
    return whole if end - start == len(whole) else whole.where(slice(start, end))


def years_of(times: series_readings.Times) -> series_readings.Times:
    """The calendar year of each time, shape (n,), by the clock of Shanghai."""
    return (times + OFFSET_US).view("M8[us]").astype("M8[Y]").astype(np.int64) + 1970


def read_tail(
    connection: sqlite3.Connection, series_id: int, span: Span, *, beside: bool = True
) -> Readings:
    """The readings that are not in blocks yet."""
    low, high = span
    names = "t, value, flag, protocol, shown, arrived" if beside else "t, value, flag"
    rows = connection.execute(
        _TAIL.format(names=names),
        (series_id, -_EVER if low is None else low, _EVER if high is None else high),
    ).fetchall()
    if not rows:
        return series_readings.nothing()
    times, values, flags, *more = zip(*rows, strict=True)
    plain = Readings(
        np.array(times, np.int64), np.array(values, np.float64), np.array(flags, dtype=object)
    )
    if not beside:
        return plain
    protocols, shown, arrived = more
    return Readings(
        plain.times, plain.numbers, plain.flags,
        np.array([text or "" for text in protocols], dtype=object),
        np.array(shown, np.float64),
        np.array([moment or UNKNOWN for moment in arrived], np.int64),
    )  # fmt: skip
