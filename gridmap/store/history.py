"""The log that can only grow, and the rows that the last changes replaced.

Undo works by scopes: before a change touches rows it keeps all rows of a scope
(a table, or the rows of a table where some columns have given values). Taking the
change back empties the scope and puts the kept rows there again.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gridmap.store.geopackage import quoted

KEPT_CHANGES: Final = 20
_FIRST_HASH: Final = "0" * 64

Scope = Mapping[str, Any]


@dataclass(frozen=True)
class LogEntry:
    """One change. `hash` covers the entry and the hash of the one before."""

    revision: int
    at: datetime
    actor: str
    action: str
    note: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    hash: str = ""


@dataclass(frozen=True)
class LogCheck:
    """Whether the log is whole: `first_bad` is the first revision that is not, or None."""

    entries: int
    first_bad: int | None

    @property
    def ok(self) -> bool:
        """Every hash fits and no entry is missing."""
        return self.first_bad is None


def revision(connection: sqlite3.Connection) -> int:
    """The revision of the last change, 0 before the first."""
    return int(connection.execute("SELECT COALESCE(MAX(revision), 0) FROM log").fetchone()[0])


def append(connection: sqlite3.Connection, entry: LogEntry) -> LogEntry:
    """Add an entry to the log; the answer carries its hash."""
    last = connection.execute("SELECT hash FROM log ORDER BY revision DESC LIMIT 1").fetchone()
    previous = last[0] if last else _FIRST_HASH
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    row = (
        entry.revision,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.note,
        detail,
        previous,
    )
    digest = _digest(row)
    connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, digest))
    return LogEntry(*row[:1], entry.at, *row[2:5], entry.detail, digest)


def entry_of(connection: sqlite3.Connection, number: int) -> LogEntry | None:
    """The entry of a revision, None where the log has none."""
    row = connection.execute("SELECT * FROM log WHERE revision = ?", (number,)).fetchone()
    if row is None:
        return None
    at = datetime.fromisoformat(row[1])
    return LogEntry(row[0], at, row[2], row[3], row[4], json.loads(row[5]), row[7])


def verify(connection: sqlite3.Connection) -> LogCheck:
    """Compute the whole chain again; also notice entries missing at the end."""
    previous, expected, count = _FIRST_HASH, 1, 0
    for row in connection.execute("SELECT * FROM log ORDER BY revision"):
        if row[0] != expected or row[6] != previous or _digest(row[:7]) != row[7]:
            return LogCheck(count, expected)
        previous, expected, count = row[7], expected + 1, count + 1
    # AUTOINCREMENT remembers the highest revision that was ever given.
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'log'").fetchone()
    return LogCheck(count, expected if given and given[0] >= expected else None)


def _digest(row: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()


def keep(connection: sqlite3.Connection, number: int, table: str, scope: Scope) -> None:
    """Keep the rows of a scope for the change `number` before they are touched.

    A scope maps columns to a value, or to a pair (lowest, highest), both included; the empty
    scope is the whole table.
    """
    shadow = _shadow(connection, table)
    made = connection.execute(
        "INSERT INTO gridmap_undo (revision, table_name, scope) VALUES (?, ?, ?)",
        (number, table, json.dumps(scope, ensure_ascii=False)),
    )
    where, values = _where(scope)
    columns = _columns(connection, table)
    connection.execute(
        f"INSERT INTO {shadow} (undo_id, {columns})"  # noqa: S608
        f" SELECT ?, {columns} FROM {quoted(table)} WHERE {where}",
        (made.lastrowid, *values),
    )


def last_kept(connection: sqlite3.Connection) -> int | None:
    """The latest change that can be undone."""
    found: int | None = connection.execute("SELECT MAX(revision) FROM gridmap_undo").fetchone()[0]
    return found


def kept_tables(connection: sqlite3.Connection, number: int) -> list[str]:
    """The tables that undoing the change `number` touches."""
    query = "SELECT DISTINCT table_name FROM gridmap_undo WHERE revision = ? ORDER BY 1"
    return [row[0] for row in connection.execute(query, (number,))]


def kept_scopes(connection: sqlite3.Connection, number: int) -> list[tuple[str, Scope]]:
    """Table and scope of all rows that undoing the change `number` touches."""
    query = "SELECT DISTINCT table_name, scope FROM gridmap_undo WHERE revision = ?"
    return [(table, json.loads(scope)) for table, scope in connection.execute(query, (number,))]


def restore(connection: sqlite3.Connection, number: int) -> None:
    """Put back the rows that the change `number` replaced, last touched first."""
    query = "SELECT undo_id, table_name, scope FROM gridmap_undo WHERE revision = ? ORDER BY 1 DESC"
    for undo_id, table, scope in connection.execute(query, (number,)).fetchall():
        where, values = _where(json.loads(scope))
        columns = _columns(connection, table)
        connection.execute(f"DELETE FROM {quoted(table)} WHERE {where}", values)  # noqa: S608
        connection.execute(
            f"INSERT INTO {quoted(table)} ({columns})"  # noqa: S608
            f" SELECT {columns} FROM {_shadow(connection, table)} WHERE undo_id = ?",
            (undo_id,),
        )
    forget(connection, "revision = ?", number)


def trim(connection: sqlite3.Connection) -> None:
    """Forget the kept rows of all but the last `KEPT_CHANGES` changes."""
    query = "SELECT DISTINCT revision FROM gridmap_undo ORDER BY 1 DESC LIMIT 1 OFFSET ?"
    oldest = connection.execute(query, (KEPT_CHANGES - 1,)).fetchone()
    if oldest:
        forget(connection, "revision < ?", oldest[0])


def forget(connection: sqlite3.Connection, condition: str, number: int) -> None:
    """Drop the kept rows of the changes that fit the condition on `revision`."""
    gone = f"SELECT undo_id FROM gridmap_undo WHERE {condition}"  # noqa: S608
    tables = f"SELECT DISTINCT table_name FROM gridmap_undo WHERE {condition}"  # noqa: S608
    for (table,) in connection.execute(tables, (number,)).fetchall():
        shadow = _shadow(connection, table)
        connection.execute(f"DELETE FROM {shadow} WHERE undo_id IN ({gone})", (number,))  # noqa: S608
    connection.execute(f"DELETE FROM gridmap_undo WHERE {condition}", (number,))  # noqa: S608


def _shadow(connection: sqlite3.Connection, table: str) -> str:
    """The table that keeps rows of `table`, made or widened to its present columns."""
    name = f"gridmap_undo_{table}"
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({quoted(name)})")}
    if not there:
        connection.execute(
            f"CREATE TABLE {quoted(name)} AS SELECT 0 AS undo_id, * FROM {quoted(table)} WHERE 0"  # noqa: S608
        )
        connection.execute(f"CREATE INDEX {quoted(name + '_id')} ON {quoted(name)} (undo_id)")
    else:
        for row in connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall():
            if row[1] not in there:
                connection.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(row[1])}")
    return quoted(name)


def _columns(connection: sqlite3.Connection, table: str) -> str:
    rows = connection.execute(f"PRAGMA table_info({quoted(table)})")
    return ", ".join(quoted(row[1]) for row in rows)


def _where(scope: Scope) -> tuple[str, list[Any]]:
    parts, values = ["1"], list[Any]()
    for column, value in scope.items():
        if isinstance(value, (list, tuple)):
            parts.append(f"{quoted(column)} BETWEEN ? AND ?")
            values.extend(value)
        else:
            parts.append(f"{quoted(column)} IS ?")
            values.append(value)
    return " AND ".join(parts), values
