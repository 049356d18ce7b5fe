"""Readings as a table that can be imported again: one reading a row, or a column per item.

CSV, TSV or XLSX by the ending of the file; formulas stay text. Times are those of Asia/Shanghai.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from gridmap.core.moments import MINUTE_US, ZONE, times_of
from gridmap.report.sheets import text_table, writing
from gridmap.store import Project
from gridmap.texts import t

_TIME: Final = "%Y-%m-%d %H:%M"
_AFTER: Final = timedelta(microseconds=1)
_SECONDS: Final = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True)
class Wanted:
    """Which readings: None = all; `start` included, `end` excluded, both aware.

    Of stations in `stamped_at_end` the moment itself belongs to the time before it: 00:00 is 24:00
    of the day that ends.
    """

    stations: frozenset[str] | None = None
    items: frozenset[str] | None = None
    start: datetime | None = None
    end: datetime | None = None
    stamped_at_end: frozenset[str] = frozenset()

    def span(self, station: str) -> tuple[datetime | None, datetime | None]:
        """From (included) and to (excluded) for one station."""
        if station not in self.stamped_at_end:
            return self.start, self.end
        start, end = (one and one + _AFTER for one in (self.start, self.end))
        return start, end

    def keys(self, project: Project) -> list[tuple[str, str, str]]:
        """Station, item and unit of each series that is wanted."""
        keys = project.series.keys()
        names = [keys[name].tolist() for name in ("station", "item", "unit")]
        return [
            (station, item, unit)
            for station, item, unit in zip(*names, strict=True)
            if (self.stations is None or station in self.stations)
            and (self.items is None or item in self.items)
        ]


@dataclass(frozen=True)
class Exported:
    """The files that were written, and how many readings and revisions they hold."""

    files: tuple[Path, ...]
    readings: int
    revisions: int = 0


def export_readings(
    project: Project, path: Path, wanted: Wanted, *, wide: bool = False, revisions: bool = False
) -> Exported:
    """Write readings.

    Args:
        project: where they are.
        path: the file; its ending says the format. It is replaced as a whole.
        wanted: which readings.
        wide: a row per station and time and a column per item; else a reading a row, with
            unit, flag, protocol, displayed value and arrival.
        revisions: also the readings that others took the place of, as a second sheet, or a
            second file (`<name>-revisions.csv`).

    Raises:
        TableError: `assign.error.write` or `.too_long`.
    """
    count = 0
    with writing(path, t("readings.export.sheet")) as writer:
        tables = _wide(project, wanted) if wide else _long(project, wanted)
        for rows, table in tables:
            writer.write(table)
            count += rows
        if not count:
            writer.write(_table([], []) if not wide else text_table({}))
        sheet = _revisions(project, wanted) if revisions else None
        if sheet is not None and path.suffix.lower() == ".xlsx":
            writer.add_sheet(t("readings.export.revisions"), sheet)
    if sheet is None:
        return Exported((path,), count)
    if path.suffix.lower() == ".xlsx":
        return Exported((path,), count, sheet.num_rows)
    other = path.with_name(f"{path.stem}-revisions{path.suffix}")
    with writing(other, "") as writer:
        writer.write(sheet)
    return Exported((path, other), count, sheet.num_rows)


def _long(project: Project, wanted: Wanted) -> Iterator[tuple[int, pa.Table]]:
    for station, item, unit in wanted.keys(project):
        frame = project.series.details(station, item, *wanted.span(station))
        if len(frame):
            yield len(frame), _table([(station, item, unit)], [frame])


def _table(
    keys: Sequence[tuple[str, str, str]], frames: Sequence[pd.DataFrame], *, more: bool = False
) -> pa.Table:
    """Frames of `details` (with `more`, of `revisions`) as rows of one table."""

    def texts(name: str) -> pa.Array:
        return pa.array([cell for frame in frames for cell in frame[name]], pa.string())

    def numbers(name: str) -> pa.Array:
        cells = [frame[name].to_numpy(np.float64) for frame in frames]
        return pa.array(np.concatenate(cells) if cells else [], pa.float64(), from_pandas=True)

    def same(position: int) -> pa.Array:
        pairs = zip(keys, frames, strict=True)
        return pa.array(
            [key[position] for key, frame in pairs for _ in range(len(frame))], pa.string()
        )

    def times(name: str | None) -> pa.Array:
        moments = [frame.index if name is None else frame[name] for frame in frames]
        return pa.array([cell for index in moments for cell in _written(index)], pa.string())

    columns = {
        t("readings.column.station"): same(0),
        t("readings.column.item"): same(1),
        t("readings.column.time"): times(None),
        t("readings.column.value"): numbers("value"),
        t("readings.column.unit"): same(2),
        t("readings.column.flag"): texts("flag"),
        t("readings.column.protocol"): texts("protocol"),
        t("readings.column.shown"): numbers("shown"),
        t("readings.column.arrived"): times("arrived"),
    }
    if more:
        columns[t("readings.column.replaced")] = times("replaced")
        revisions = [int(number) for frame in frames for number in frame["revision"]]
        columns[t("readings.column.revision")] = pa.array(revisions, pa.int64())
    return pa.table(columns)


def _wide(project: Project, wanted: Wanted) -> Iterator[tuple[int, pa.Table]]:
    """Station after station; raw values, and the flags of an item where any has one."""
    keys = wanted.keys(project)
    units = {item: unit for _, item, unit in keys}
    flagged = _flagged(project, wanted)
    for station in dict.fromkeys(station for station, _, _ in keys):
        frames = {
            item: project.series.read(station, item, *wanted.span(station))
            for key, item, _ in keys
            if key == station
        }
        moments = [pd.DatetimeIndex(frame.index).as_unit("us").asi8 for frame in frames.values()]
        together = np.unique(np.concatenate(moments))
        index = times_of(together)
        if not len(index):
            continue
        columns: dict[str, Any] = {
            t("readings.column.station"): pa.array([station] * len(index), pa.string()),
            t("readings.column.time"): pa.array(_written(index), pa.string()),
        }
        for item, unit in units.items():
            frame = frames.get(item, pd.DataFrame({"value": [], "flag": []})).reindex(index)
            values = frame["value"].to_numpy(np.float64)
            columns[f"{item}({unit})"] = pa.array(values, pa.float64(), from_pandas=True)
            if item in flagged:
                cells = [cell if isinstance(cell, str) else "" for cell in frame["flag"]]
                columns[f"{item}_标记"] = pa.array(cells, pa.string())
        yield sum(map(len, frames.values())), pa.table(columns)


def _flagged(project: Project, wanted: Wanted) -> set[str]:
    """The items that have any flag."""
    end = wanted.end and wanted.end + _AFTER
    swept = project.series.sweep(wanted.start, end, wanted.items, wanted.stations)
    return {item for _, item, _, _, _, flags in swept if np.any(flags != "")}


def _revisions(project: Project, wanted: Wanted) -> pa.Table:
    keys, frames = [], []
    for key in wanted.keys(project):
        frame = project.series.revisions(key[0], key[1])
        start, end = wanted.span(key[0])
        if start is not None:
            frame = frame[frame.index >= pd.Timestamp(start)]
        if end is not None:
            frame = frame[frame.index < pd.Timestamp(end)]
        if len(frame):
            keys.append(key)
            frames.append(frame)
    return _table(keys, frames, more=True)


def _written(times: Any) -> list[str]:
    """Aware times as text, "" for none; seconds only where there are any."""
    index = pd.DatetimeIndex(times)
    whole = bool(np.all(index.dropna().as_unit("us").asi8 % MINUTE_US == 0))
    texts = index.tz_convert(ZONE).strftime(_TIME if whole else _SECONDS)
    return [text if isinstance(text, str) else "" for text in texts]
