"""One hour of everything: many series in one table of readings, written together.

Readings newer than all that their series holds, which is what a feed delivers, go to the tail
in one statement without a look at any block. The rest goes through the rule, series by series.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.store.errors import ProjectError
from gridmap.store.series import rows as series_rows
from gridmap.store.series import writing as series_writing
from gridmap.store.series.readings import UNKNOWN, Readings
from gridmap.store.series.rows import Series
from gridmap.store.series.writing import Appended, Writer

_NEEDED: Final = ("station", "item", "unit", "time", "value")


@dataclass(frozen=True)
class _Table:
    """The rows of a feed; `place` is the number of each row's series in `keys`."""

    readings: Readings
    place: npt.NDArray[np.intp]
    keys: list[tuple[str, str]]
    units: list[str]


def append(writer: Writer, frame: pd.DataFrame) -> Appended:
    """Write the readings of many series.

    Args:
        writer: of the change.
        frame: station, item, unit, time (aware), value, and perhaps flag, protocol, shown; in
            the order of arrival.

    Raises:
        ProjectError: `project.error.series_columns`, `.naive_time`, `.unit`.
    """
    missing = [name for name in _NEEDED if name not in frame]
    if missing:
        raise ProjectError("project.error.series_columns", columns=", ".join(map(str, frame)))
    if frame.empty:
        return Appended()
    table = _table(frame)
    known = {(s.station, s.item): s for s in series_rows.every(writer.connection)}
    series = [
        series_writing.ensure(writer, key, unit, known.get(key))
        for key, unit in zip(table.keys, table.units, strict=True)
    ]
    fast = _quick(table, series)
    done = Appended()
    for number in np.unique(table.place[~fast]).tolist():
        rows = table.place == number
        done += series_writing.write(
            writer, table.keys[number], table.units[number], table.readings.where(rows)
        )
    if fast.any():
        done += _straight(writer, table, series, fast)
    return done


def _table(frame: pd.DataFrame) -> _Table:
    times = pd.DatetimeIndex(frame["time"])
    rest = {name: frame[name] for name in ("value", "flag", "protocol", "shown") if name in frame}
    readings = series_writing.readings_of(times, rest)
    stations, items, units = (frame[name].tolist() for name in ("station", "item", "unit"))
    places: dict[tuple[str, str], int] = {}
    # A few hundred keys: a dictionary is quicker than a table operation.
    keyed = zip(map(str, stations), map(str, items), strict=True)
    place = np.array([places.setdefault(key, len(places)) for key in keyed], np.intp)
    keys, known = list(places), dict(zip(place.tolist(), units, strict=True))
    for number, unit in zip(place.tolist(), units, strict=True):
        if unit != known[number]:
            station, item = keys[number]
            raise ProjectError(
                "project.error.unit", station=station, item=item, unit=unit, stored=known[number]
            )
    return _Table(readings, place, keys, [str(known[number]) for number in range(len(keys))])


def _quick(table: _Table, series: list[Series]) -> npt.NDArray[np.bool_]:
    """The rows of series that have only newer times, each once, and not too many for the tail."""
    last = np.array([-(2**62) if s.last is None else s.last for s in series], np.int64)
    waiting = np.array(
        [series_writing.TAIL_ROWS if s.waiting is None else s.waiting for s in series], np.int64
    )
    count = np.bincount(table.place, minlength=len(series))
    good = (count <= series_writing.TAIL_BATCH) & (waiting + count <= series_writing.TAIL_ROWS)
    times = table.readings.times
    good[table.place[times <= last[table.place]]] = False
    order = np.lexsort((times, table.place))
    place, sorted_times = table.place[order], times[order]
    twice = (place[1:] == place[:-1]) & (sorted_times[1:] == sorted_times[:-1])
    good[place[1:][twice]] = False
    fast: npt.NDArray[np.bool_] = good[table.place]
    return fast


def _straight(
    writer: Writer, table: _Table, series: list[Series], rows: npt.NDArray[np.bool_]
) -> Appended:
    readings, place = table.readings.where(rows), table.place[rows]
    ids = np.array([s.id for s in series], np.int64)
    connection, touched = writer.connection, np.unique(place)
    writer.keep("series", {"id": [int(ids[touched].min()), int(ids[touched].max())]})
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'series_tail'")
    next_id = (found.fetchone() or (0,))[0] + 1
    # The rows are new and known by the numbers they get: nothing else need be kept for undo.
    writer.keep("series_tail", {"id": [next_id, next_id + len(readings) - 1]})
    arrived = np.full(len(readings), writer.stamp.arrival or UNKNOWN, np.int64)
    stamped = Readings(
        readings.times, readings.numbers, readings.flags, readings.protocols, readings.shown,
        arrived,
    )  # fmt: skip
    numbers = range(next_id, next_id + len(readings))
    connection.executemany(
        "INSERT INTO series_tail (id, series_id, t, value, flag, protocol, shown, arrived)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, series_id, *row)
            for number, series_id, row in zip(
                numbers, ids[place].tolist(), series_writing.rows_of(stamped), strict=True
            )
        ),
    )
    connection.executemany(
        "UPDATE series SET rows = rows + ?1, first_t = MIN(COALESCE(first_t, ?2), ?2),"
        " last_t = ?3, waiting = waiting + ?1 WHERE id = ?4",
        _spans(readings.times, place, ids),
    )
    return Appended(rows=len(readings), added=len(readings))


def _spans(times: Any, place: Any, ids: Any) -> list[tuple[int, int, int, int]]:
    """Count, first and last time, and number of each series."""
    order = np.lexsort((times, place))
    touched, starts, count = np.unique(place[order], return_index=True, return_counts=True)
    first, last = times[order][starts], times[order][starts + count - 1]
    return list(
        zip(count.tolist(), first.tolist(), last.tolist(), ids[touched].tolist(), strict=True)
    )
