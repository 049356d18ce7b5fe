"""Series of readings: one per station and item, in compressed blocks of 730 hours.

Small batches first go to a tail table and are folded into blocks when it grows long.
Everything outside this module sees frames indexed by aware time.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.project import blocks, records
from gridmap.project.blocks import Readings
from gridmap.project.columns import ZONE
from gridmap.project.errors import ProjectError

_HOUR: Final = 3_600_000_000
WINDOW: Final = 730 * _HOUR
_OFFSET: Final = 8 * _HOUR  # windows begin at a full hour of Shanghai, which has no summer time
TAIL_BATCH: Final = 200
TAIL_ROWS: Final = 730

Keep = Callable[[str, dict[str, Any]], None]
Reader = Callable[[], AbstractContextManager[sqlite3.Connection]]


@dataclass(frozen=True)
class Appended:
    """What an append did: every row of the batch is counted once.

    `added` are new times, `replaced` had another value or flag before, `unchanged` had the
    same, `duplicates` are earlier rows of the batch whose time comes again later in it.
    """

    rows: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    duplicates: int = 0

    def __add__(self, other: "Appended") -> "Appended":
        return Appended(
            self.rows + other.rows,
            self.added + other.added,
            self.replaced + other.replaced,
            self.unchanged + other.unchanged,
            self.duplicates + other.duplicates,
        )


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
            found = _find(connection, station, item)
        return found[1] if found else None

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
        with self._reader() as connection:
            found = _find(connection, station, item)
            if found is None:
                return _frame(blocks.nothing())
            low = _micro(start) if start is not None else None
            high = _micro(end) if end is not None else None
            return _frame(_read(connection, found[0], low, high))

    def notes(self, station: str) -> pd.DataFrame:
        """What is noted about a station's series: item ("" = all), start, end, kind, note."""
        with self._reader() as connection:
            return records.read_notes(connection, station)


def append(
    connection: sqlite3.Connection, keep: Keep, key: tuple[str, str], unit: str, frame: pd.DataFrame
) -> Appended:
    """Write readings of the series `key` = (station, item) inside the open transaction.

    Args:
        connection: the writer's.
        keep: called with a table and a scope before rows of it are touched.
        key: station and item.
        unit: of the values; must be the unit that the series has.
        frame: indexed by aware time, in any order, with `value` and perhaps `flag`.

    Raises:
        ProjectError: `project.error.unit` for another unit, `.naive_time` for an index
            without zone, `.series_columns` for a frame without `value`.
    """
    batch = _readings(frame)
    unique = blocks.joined([batch, blocks.nothing()])
    if not len(unique):
        return Appended()
    series_id = _ensure(connection, keep, key, unit)
    first, last = int(unique.times[0]), int(unique.times[-1])
    before = _read(connection, series_id, first, last + 1)
    known, mine, theirs = np.intersect1d(unique.times, before.times, True, True)
    same = (unique.flags[mine] == before.flags[theirs]) & (
        (unique.numbers[mine] == before.numbers[theirs])
        | (np.isnan(unique.numbers[mine]) & np.isnan(before.numbers[theirs]))
    )
    (waiting,) = connection.execute(
        "SELECT COUNT(*) FROM series_tail WHERE series_id = ?", (series_id,)
    ).fetchone()
    if len(unique) <= TAIL_BATCH and waiting + len(unique) <= TAIL_ROWS:
        _to_tail(connection, keep, series_id, unique)
    else:
        _to_blocks(connection, keep, series_id, unique)
    added = len(unique) - len(known)
    connection.execute(
        "UPDATE series SET rows = rows + ?, first_t = MIN(COALESCE(first_t, ?), ?),"
        " last_t = MAX(COALESCE(last_t, ?), ?) WHERE id = ?",
        (added, first, first, last, last, series_id),
    )
    return Appended(
        rows=len(batch),
        added=added,
        replaced=len(known) - int(same.sum()),
        unchanged=int(same.sum()),
        duplicates=len(batch) - len(unique),
    )


def _find(connection: sqlite3.Connection, station: str, item: str) -> tuple[int, str] | None:
    query = "SELECT id, unit FROM series WHERE station = ? AND item = ?"
    found: tuple[int, str] | None = connection.execute(query, (station, item)).fetchone()
    return found


def _ensure(connection: sqlite3.Connection, keep: Keep, key: tuple[str, str], unit: str) -> int:
    station, item = key
    keep("series", {"station": station, "item": item})
    found = _find(connection, station, item)
    if found is None:
        made = connection.execute(
            "INSERT INTO series (station, item, unit) VALUES (?, ?, ?)", (station, item, unit)
        )
        return int(made.lastrowid or 0)
    if found[1] != unit:
        raise ProjectError(
            "project.error.unit", station=station, item=item, unit=unit, stored=found[1]
        )
    return found[0]


def _to_tail(
    connection: sqlite3.Connection, keep: Keep, series_id: int, readings: Readings
) -> None:
    span = [int(readings.times[0]), int(readings.times[-1])]
    keep("series_tail", {"series_id": series_id, "t": span})
    rows = zip(readings.times.tolist(), readings.numbers.tolist(), readings.flags, strict=True)
    connection.executemany(  # SQLite keeps NaN as NULL
        "INSERT INTO series_tail (series_id, t, value, flag) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (series_id, t) DO UPDATE SET value = excluded.value, flag = excluded.flag",
        ((series_id, *row) for row in rows),
    )


def _to_blocks(
    connection: sqlite3.Connection, keep: Keep, series_id: int, readings: Readings
) -> None:
    tail = _read_tail(connection, series_id, None, None)
    if len(tail):
        keep("series_tail", {"series_id": series_id})
        connection.execute("DELETE FROM series_tail WHERE series_id = ?", (series_id,))
        readings = blocks.joined([tail, readings])
    for window, part in _windows(readings):
        keep("series_blocks", {"series_id": series_id, "window": window})
        row = connection.execute(
            'SELECT data FROM series_blocks WHERE series_id = ? AND "window" = ?',
            (series_id, window),
        ).fetchone()
        whole = blocks.joined([blocks.decode(row[0]), part]) if row else part
        connection.execute(
            "INSERT OR REPLACE INTO series_blocks"
            ' (series_id, "window", first_t, last_t, rows, data) VALUES (?, ?, ?, ?, ?, ?)',
            (
                series_id,
                window,
                int(whole.times[0]),
                int(whole.times[-1]),
                len(whole),
                blocks.encode(whole),
            ),
        )


def _windows(readings: Readings) -> Iterator[tuple[int, Readings]]:
    numbers = (readings.times + _OFFSET) // WINDOW
    starts = np.append(0, np.flatnonzero(np.diff(numbers)) + 1)
    ends = np.append(starts[1:], len(numbers))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        part = slice(start, end)
        yield (
            int(numbers[start]),
            Readings(readings.times[part], readings.numbers[part], readings.flags[part]),
        )


def _read(
    connection: sqlite3.Connection, series_id: int, low: int | None, high: int | None
) -> Readings:
    """Readings with low ≤ time < high, tail before blocks where both have a time."""
    rows = connection.execute(
        'SELECT data FROM series_blocks WHERE series_id = ? AND "window" BETWEEN ? AND ?'
        ' ORDER BY "window"',
        (
            series_id,
            -(2**62) if low is None else (low + _OFFSET) // WINDOW,
            2**62 if high is None else (high + _OFFSET) // WINDOW,
        ),
    ).fetchall()
    parts = [blocks.decode(data) for (data,) in rows]
    tail = _read_tail(connection, series_id, low, high)
    whole = blocks.joined([*parts, tail] if len(tail) else parts)
    inside = np.ones(len(whole), dtype=bool)
    if low is not None:
        inside &= whole.times >= low
    if high is not None:
        inside &= whole.times < high
    return whole if inside.all() else whole.where(inside)


def _read_tail(
    connection: sqlite3.Connection, series_id: int, low: int | None, high: int | None
) -> Readings:
    rows = connection.execute(
        "SELECT t, value, flag FROM series_tail WHERE series_id = ? AND t >= ? AND t < ?"
        " ORDER BY t",
        (series_id, -(2**62) if low is None else low, 2**62 if high is None else high),
    ).fetchall()
    if not rows:
        return blocks.nothing()
    times, values, flags = zip(*rows, strict=True)
    return Readings(
        np.array(times, np.int64), np.array(values, np.float64), np.array(flags, dtype=object)
    )


def _readings(frame: pd.DataFrame) -> Readings:
    if "value" not in frame:
        raise ProjectError("project.error.series_columns", columns=", ".join(map(str, frame)))
    index = frame.index
    if not isinstance(index, pd.DatetimeIndex) or index.tz is None:
        raise ProjectError("project.error.naive_time", value=index[0] if len(index) else "—")
    if index.hasnans:
        raise ProjectError("project.error.naive_time", value="NaT")
    times = index.tz_convert("UTC").as_unit("us").asi8
    values = frame["value"].to_numpy(np.float64, na_value=np.nan)
    flags = np.full(len(frame), "", dtype=object)
    if "flag" in frame:
        given = frame["flag"].to_numpy(dtype=object)
        flags = np.where(pd.isna(given), "", given)
    return Readings(times, values, flags)


def _index(times: Any) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(times.view("M8[us]"), tz="UTC").tz_convert(ZONE)


def _frame(readings: Readings) -> pd.DataFrame:
    index = _index(readings.times)
    index.name = "time"
    flags = pd.Series(readings.flags, index, dtype=object)
    return pd.DataFrame({"value": readings.numbers, "flag": flags}, index=index)


def _micro(moment: datetime) -> int:
    stamp = pd.Timestamp(moment)
    if stamp.tzinfo is None:
        raise ProjectError("project.error.naive_time", value=moment)
    return int(stamp.as_unit("us").asm8.astype(np.int64))
