"""Writing readings inside the open transaction of a change: the rule, the tail, the blocks."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.moments import SECOND_US
from gridmap.store.errors import ProjectError
from gridmap.store.series import (
    blocks,
)
from gridmap.store.series import (
    readings as series_readings,
)
from gridmap.store.series import (
    rows as series_rows,
)
from gridmap.store.series import (
    rule as series_rule,
)
from gridmap.store.series.readings import Readings
from gridmap.store.series.rows import FIRST_OF_YEARS, Series

TAIL_BATCH: Final = 200
TAIL_ROWS: Final = 240

Keep = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class Appended:
    """What an append did: every row of the batch is counted once.

    `added` are new times, `replaced` had another value or flag before (it is kept as a
    revision), `unchanged` had the same, `ignored` are empty rows without flag whose time has a
    reading, `duplicates` are rows of the batch whose time comes again in it.
    """

    rows: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    duplicates: int = 0
    ignored: int = 0

    def __add__(self, other: "Appended") -> "Appended":
        return Appended(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Stamp:
    """The change that writes: its number in the log and its moment in µs since 1970 UTC.

    Arrivals are noted to the second.
    """

    revision: int
    at: int

    @property
    def arrival(self) -> int:
        """When what it brings arrives."""
        return self.at // SECOND_US * SECOND_US


@dataclass(frozen=True)
class Writer:
    """What every function here needs: the connection, the undo that is asked first, the stamp."""

    connection: sqlite3.Connection
    keep: Keep
    stamp: Stamp


def append(writer: Writer, key: tuple[str, str], unit: str, frame: pd.DataFrame) -> Appended:
    """Write readings of the series `key` = (station, item).

    Args:
        writer: of the change.
        key: station and item.
        unit: of the values; must be the unit that the series has.
        frame: indexed by aware time, in any order, with `value` and perhaps `flag`,
            `protocol` and `shown`.

    Raises:
        ProjectError: `project.error.unit` for another unit, `.naive_time` for an index
            without zone, `.series_columns` for a frame without `value`.
    """
    return write(writer, key, unit, readings_of(frame.index, frame))


def write(writer: Writer, key: tuple[str, str], unit: str, batch: Readings) -> Appended:
    """Write readings in the order in which they arrive; see `append`."""
    if not len(batch):
        return Appended()
    series = _ensured(writer, key, unit)
    batch = series_rule.stamped(batch, writer.stamp.arrival)
    span = (int(batch.times.min()), int(batch.times.max()) + 1)
    stored = series_readings.nothing()
    if series.last is not None and span[0] <= series.last:
        stored = series_rows.read(writer.connection, series.id, span, beside=True)
    found = series_rule.resolve(stored, batch)
    if len(found.former):
        _revise(writer, key, found.former)
    if len(found.winners):
        _store(writer, series, found.winners, found.added)
    return Appended(
        len(batch), found.added, found.replaced, found.unchanged, found.duplicates, found.ignored
    )


def keep_taken_back(connection: sqlite3.Connection, revision: int, stamp: Stamp) -> int:
    """Before a change is undone: keep the readings with which it had replaced others.

    Undo puts the former readings back into their places; what stood there until now becomes a
    revision in its turn, so that no correction vanishes without a trace.

    Args:
        connection: the writer's.
        revision: of the change that is undone.
        stamp: of the undo.

    Returns:
        How many readings were kept.
    """
    rows = connection.execute(
        "SELECT DISTINCT station, item, t FROM series_revisions WHERE revision = ?"
        " ORDER BY station, item, t",
        (revision,),
    ).fetchall()
    frame = pd.DataFrame(rows, columns=["station", "item", "t"])
    count = 0
    for (station, item), group in frame.groupby(["station", "item"]):
        series = series_rows.find(connection, str(station), str(item))
        if series is None:
            continue
        times = group["t"].to_numpy(np.int64)
        span = (int(times[0]), int(times[-1]) + 1)
        now = series_rows.read(connection, series.id, span, beside=True)
        there = now.where(np.isin(now.times, times))
        writer = Writer(connection, lambda _table, _scope: None, stamp)
        _revise(writer, (series.station, series.item), there)
        count += len(there)
    return count


def readings_of(index: pd.Index, columns: Any) -> Readings:
    """Times and a frame (or mapping of columns) as readings, in their order.

    Raises:
        ProjectError: `project.error.naive_time`, `.series_columns`.
    """
    if "value" not in columns:
        raise ProjectError("project.error.series_columns", columns=", ".join(map(str, columns)))
    if not isinstance(index, pd.DatetimeIndex) or index.tz is None:
        raise ProjectError("project.error.naive_time", value=index[0] if len(index) else "—")
    if index.hasnans:
        raise ProjectError("project.error.naive_time", value="NaT")
    return Readings(
        index.as_unit("us").asi8,
        _numbers(columns["value"]),
        _texts(columns["flag"]) if "flag" in columns else series_readings.no_text(len(index)),
        _texts(columns["protocol"]) if "protocol" in columns else None,
        _numbers(columns["shown"]) if "shown" in columns else None,
    )


def _numbers(column: pd.Series) -> series_readings.Values:
    numbers: series_readings.Values = column.to_numpy(np.float64, na_value=np.nan)
    return numbers


def _texts(column: pd.Series) -> series_readings.Flags:
    """A column of text, shape (n,), "" where it is empty."""
    given = column.to_numpy(dtype=object)
    text: series_readings.Flags = np.where(pd.isna(given), "", given)
    return text


def ensure(writer: Writer, key: tuple[str, str], unit: str, known: Series | None) -> Series:
    """The series `key`, made if it is not known.

    Raises:
        ProjectError: `project.error.unit` if it has another unit.
    """
    station, item = key
    if known is None:
        writer.keep("series", {"station": station, "item": item})
        made = writer.connection.execute(
            "INSERT INTO series (station, item, unit, waiting) VALUES (?, ?, ?, 0)",
            (station, item, unit),
        )
        return Series(int(made.lastrowid or 0), station, item, unit, None, 0)
    if known.unit != unit:
        raise ProjectError(
            "project.error.unit", station=station, item=item, unit=unit, stored=known.unit
        )
    return known


def fold(writer: Writer, series_id: int, more: Readings) -> None:
    """Move the tail of a series into its blocks, and `more` readings (at least one) with it."""
    tail = series_rows.read_tail(writer.connection, series_id, (None, None))
    readings = series_readings.joined([tail, more]) if len(tail) else more
    if len(tail):
        writer.keep("series_tail", {"series_id": series_id})
        writer.connection.execute("DELETE FROM series_tail WHERE series_id = ?", (series_id,))
    former = _former_blocks(writer, series_id, readings)
    readings = series_readings.joined([*former, readings]) if former else readings
    rows = []
    for year, part in _by_year(readings):
        window, first, last = FIRST_OF_YEARS + year, int(part.times[0]), int(part.times[-1])
        rows.append((series_id, window, first, last, len(part), blocks.encode(part)))
    writer.connection.executemany(
        "INSERT OR REPLACE INTO series_blocks"
        ' (series_id, "window", first_t, last_t, rows, data) VALUES (?, ?, ?, ?, ?, ?)',
        rows,
    )


def _former_blocks(writer: Writer, series_id: int, readings: Readings) -> list[Readings]:
    """What the years of the readings hold already; kept for undo, about to be replaced."""
    connection = writer.connection
    query = 'SELECT MIN("window") FROM series_blocks WHERE series_id = ?'
    (lowest,) = connection.execute(query, (series_id,)).fetchone()
    if lowest is not None and lowest < FIRST_OF_YEARS:
        # A block of format 1 may reach over New Year, so the series becomes years as a whole.
        writer.keep("series_blocks", {"series_id": series_id})
        query = "SELECT data FROM series_blocks WHERE series_id = ? ORDER BY first_t"
        rows = connection.execute(query, (series_id,)).fetchall()
        connection.execute("DELETE FROM series_blocks WHERE series_id = ?", (series_id,))
        return [blocks.decode_many([row[0] for row in rows])]
    years = np.unique(series_rows.years_of(readings.times)) + FIRST_OF_YEARS
    packed: list[bytes] = []
    for low, high in _stretches(years.tolist()):
        writer.keep("series_blocks", {"series_id": series_id, "window": [low, high]})
        rows = connection.execute(
            'SELECT data FROM series_blocks WHERE series_id = ? AND "window" BETWEEN ? AND ?'
            ' ORDER BY "window"',
            (series_id, low, high),
        ).fetchall()
        packed += [row[0] for row in rows]
    return [blocks.decode_many(packed)] if packed else []


def _ensured(writer: Writer, key: tuple[str, str], unit: str) -> Series:
    writer.keep("series", {"station": key[0], "item": key[1]})
    return ensure(writer, key, unit, series_rows.find(writer.connection, *key))


def _store(writer: Writer, series: Series, winners: Readings, added: int) -> None:
    waiting = series.waiting
    if waiting is None:
        query = "SELECT COUNT(*) FROM series_tail WHERE series_id = ?"
        (waiting,) = writer.connection.execute(query, (series.id,)).fetchone()
    if len(winners) <= TAIL_BATCH and waiting + len(winners) <= TAIL_ROWS:
        waiting += len(winners)
        _to_tail(writer, series.id, winners)
    else:
        waiting = 0
        fold(writer, series.id, winners)
    first, last = int(winners.times[0]), int(winners.times[-1])
    writer.connection.execute(
        "UPDATE series SET rows = rows + ?, first_t = MIN(COALESCE(first_t, ?), ?),"
        " last_t = MAX(COALESCE(last_t, ?), ?), waiting = ? WHERE id = ?",
        (added, first, first, last, last, waiting, series.id),
    )


def _to_tail(writer: Writer, series_id: int, readings: Readings) -> None:
    span = [int(readings.times[0]), int(readings.times[-1])]
    writer.keep("series_tail", {"series_id": series_id, "t": span})
    writer.connection.executemany(
        "INSERT OR REPLACE INTO series_tail"
        " (series_id, t, value, flag, protocol, shown, arrived) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((series_id, *row) for row in rows_of(readings)),
    )


def rows_of(readings: Readings) -> Iterator[tuple[Any, ...]]:
    """Time, value, flag, protocol, shown, arrived of each reading; SQLite keeps NaN as NULL."""
    whole = readings.whole()
    return zip(
        whole.times.tolist(), whole.numbers.tolist(), whole.flags, whole.protocols,
        whole.shown.tolist(), whole.arrived.tolist(), strict=True,
    )  # fmt: skip


def _revise(writer: Writer, key: tuple[str, str], former: Readings) -> None:
    # Not kept for undo: revisions are history, and only ever added to.
    stamp = writer.stamp
    writer.connection.executemany(
        "INSERT INTO series_revisions (station, item, t, value, flag, protocol, shown, arrived,"
        " replaced, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*key, *row, stamp.arrival, stamp.revision) for row in rows_of(former)),
    )


def _by_year(readings: Readings) -> Iterator[tuple[int, Readings]]:
    years = series_rows.years_of(readings.times)
    starts = np.append(0, np.flatnonzero(np.diff(years)) + 1)
    ends = np.append(starts[1:], len(years))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(years[start]), readings.where(slice(start, end))


def _stretches(numbers: list[int]) -> list[tuple[int, int]]:
    """Rising numbers as stretches (first, last) without holes."""
    cuts = [i for i in range(1, len(numbers)) if numbers[i] != numbers[i - 1] + 1]
    starts, ends = [0, *cuts], [*cuts, len(numbers)]
    return [(numbers[a], numbers[b - 1]) for a, b in zip(starts, ends, strict=True)]
