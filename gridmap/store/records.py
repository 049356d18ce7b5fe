"""The tables without geometry: people, posts, departments and notes on series."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gridmap.core.declaration import FieldType
from gridmap.store import columns
from gridmap.store.errors import ProjectError
from gridmap.store.geopackage import quoted

_TEXT, _DATE = FieldType.TEXT, FieldType.DATE


@dataclass(frozen=True)
class RecordTable:
    """A table of the contract: its columns with their types, and what identifies a row."""

    name: str
    fields: Mapping[str, FieldType]
    key: tuple[str, ...]


PEOPLE: Final = RecordTable(
    "people",
    dict.fromkeys(("person_id", "name", "organisation", "phone", "data_status"), _TEXT),
    ("person_id",),
)
POSTS: Final = RecordTable(
    "posts",
    {
        **dict.fromkeys(("post_id", "person_id", "role", "tier", "scope", "scope_code"), _TEXT),
        "valid_from": _DATE,
        "valid_to": _DATE,
        "data_status": _TEXT,
    },
    ("post_id",),
)
DEPARTMENTS: Final = RecordTable(
    "departments",
    {
        **dict.fromkeys(("problem_type", "title_zh", "title_en", "department"), _TEXT),
        "with_township": FieldType.BOOLEAN,
        "work_days": FieldType.INTEGER,
        "basis": _TEXT,
        "data_status": _TEXT,
    },
    ("problem_type",),
)
_NOTE_KEY = ("station", "item", "start", "kind")


def read(connection: sqlite3.Connection, table: RecordTable) -> pd.DataFrame:
    """All rows in the order in which they came, with a plain index."""
    names = ", ".join(map(quoted, table.fields))
    query = f"SELECT {names} FROM {quoted(table.name)} ORDER BY id"  # noqa: S608
    rows = connection.execute(query).fetchall()
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(table.fields)
    return pd.DataFrame({
        name: columns.from_store(column, kind)
        for (name, kind), column in zip(table.fields.items(), cells, strict=True)
    })  # fmt: skip


def put(connection: sqlite3.Connection, table: RecordTable, frame: pd.DataFrame) -> None:
    """Add rows; a row with a known key takes the former one's place.

    Columns that the frame lacks are empty.

    Raises:
        ProjectError: `project.error.unknown_column`, `.missing_key`, `.duplicate_key`,
            `.bad_value`.
    """
    facts = {"layer": table.name}
    unknown = sorted(set(map(str, frame.columns)) - set(table.fields))
    if unknown:
        raise ProjectError("project.error.unknown_column", columns=", ".join(unknown), **facts)
    for name in table.key:
        if name not in frame or frame[name].isna().any():
            row = int(frame[name].isna().to_numpy().argmax()) + 1 if name in frame else 0
            raise ProjectError("project.error.missing_key", row=row, field=name, **facts)
    twice = frame[frame.duplicated(list(table.key))]
    if len(twice):
        value = ", ".join(map(str, twice.iloc[0][list(table.key)]))
        raise ProjectError("project.error.duplicate_key", value=value, **facts)
    stored = []
    for name, kind in table.fields.items():
        column = frame[name] if name in frame else pd.Series(None, frame.index, dtype=object)
        try:
            stored.append(columns.to_store(column, kind))
        except (TypeError, ValueError) as error:
            raise ProjectError(
                "project.error.bad_value", field=name, reason=error, **facts
            ) from error
    _upsert(connection, table.name, list(table.fields), table.key, list(zip(*stored, strict=True)))


def read_notes(connection: sqlite3.Connection, station: str | None = None) -> pd.DataFrame:
    """Notes on series: station, item ("" = all), start, end (aware), kind, note."""
    condition, values = ("WHERE station = ?", [station]) if station is not None else ("", [])
    rows = connection.execute(
        f'SELECT station, item, "start", "end", kind, note FROM series_notes {condition}'  # noqa: S608
        ' ORDER BY station, "start", id',
        values,
    ).fetchall()
    names = ["station", "item", "start", "end", "kind", "note"]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    for name in ("start", "end"):
        moments = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        frame[name] = moments.dt.tz_convert(columns.ZONE)
    return frame


def put_notes(connection: sqlite3.Connection, frame: pd.DataFrame) -> None:
    """Add notes; one with the same station, item, start and kind takes the former's place.

    Raises:
        ProjectError: `project.error.naive_time` for a time without zone.
    """
    rows = []
    for note in frame.to_dict("records"):
        item, text = note.get("item"), note.get("note")
        rows.append((
            note["station"],
            item if isinstance(item, str) else "",
            _moment(note["start"]),
            _moment(note.get("end")),
            note["kind"],
            text if isinstance(text, str) else None,
        ))  # fmt: skip
    names = ["station", "item", "start", "end", "kind", "note"]
    _upsert(connection, "series_notes", names, _NOTE_KEY, rows)


def _moment(cell: Any) -> str | None:
    if cell is None or pd.isna(cell):
        return None
    moment = pd.Timestamp(cell)
    if moment.tzinfo is None:
        raise ProjectError("project.error.naive_time", value=cell)
    # GeoPackage DATETIME: UTC with milliseconds and Z.
    utc = moment.to_pydatetime().astimezone(dt.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def _upsert(
    connection: sqlite3.Connection,
    table: str,
    names: list[str],
    key: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> None:
    update = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in names if n not in key)
    connection.executemany(
        f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, names))})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT ({', '.join(map(quoted, key))}) DO UPDATE SET {update}",
        rows,
    )
