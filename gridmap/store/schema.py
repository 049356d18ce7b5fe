"""The tables of a project file, and how a file is made and recognised."""

import json
import sqlite3
import struct
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import quote

from gridmap.store import geopackage
from gridmap.store.declared import declared, declared_names, required_names
from gridmap.store.errors import ProjectError, told, told_of_files

SCHEMA_VERSION: Final = 2
MAGIC: Final = "gridmap.project"
MAGIC_VERSION: Final = "gridmap.schema"

_LOG: Final = """
CREATE TABLE log (
  revision INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, note TEXT NOT NULL, detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER log_is_append_only_update BEFORE UPDATE ON log
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_append_only_delete BEFORE DELETE ON log
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TABLE gridmap_undo (
  undo_id INTEGER PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, table_name TEXT NOT NULL,
  scope TEXT NOT NULL);
"""


def create(connection: sqlite3.Connection, at: datetime) -> None:
    """Write the empty tables of a project, dated `at`, inside the transaction that is open."""
    connection.execute(f"PRAGMA application_id = {geopackage.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {geopackage.USER_VERSION}")
    _run(connection, geopackage.TABLES)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", geopackage.reference_systems()
    )
    ddl = _ddl()
    for table in ddl.tables_of(declared()):
        ddl.create_table(connection, table)
    _run(connection, _LOG)
    geopackage.register_attributes(connection, "log", "Every change, append-only")
    geopackage.touch(connection, [*declared_names(), "log"], at)
    connection.executemany(
        "INSERT INTO settings (name, value) VALUES (?, ?)",
        [(MAGIC, json.dumps("project")), (MAGIC_VERSION, json.dumps(SCHEMA_VERSION))],
    )


def _ddl() -> ModuleType:
    """What makes tables: SQLAlchemy is large, and a file that is whole needs none of it."""
    return import_module("gridmap.store.schema_ddl")


def version_of(connection: sqlite3.Connection) -> int:
    """The format of the file."""
    query = "SELECT value FROM settings WHERE name = ?"
    return int(json.loads(connection.execute(query, (MAGIC_VERSION,)).fetchone()[0]))


def upgrade(connection: sqlite3.Connection, at: datetime) -> dict[str, Any]:
    """Give a file the tables and columns it lacks, inside the open transaction.

    Returns:
        What was done, for the log: `format` if the file was of an older one, else `tables`, the
        names of those that were declared after the file was made; empty if there was nothing.
    """
    older = version_of(connection) != SCHEMA_VERSION
    if not older and not _absent(connection):
        return {}
    ddl, added = _ddl(), []
    for found in list(ddl.lacking(connection, declared())):
        ddl.complete(connection, found)
        if found.columns is None:
            added.append(found.table.name)
    geopackage.touch(connection, added, at)
    if not older:
        return {"tables": added}
    connection.execute(
        "UPDATE settings SET value = ? WHERE name = ?", (json.dumps(SCHEMA_VERSION), MAGIC_VERSION)
    )
    return {"format": SCHEMA_VERSION}


def complete_for_reading(connection: sqlite3.Connection) -> None:
    """Let a file that lacks tables and cannot be upgraded be read as if it had them, empty."""
    if version_of(connection) == SCHEMA_VERSION and not _absent(connection):
        return
    ddl = _ddl()
    for found in list(ddl.lacking(connection, declared())):
        ddl.complete_for_reading(connection, found)


def _absent(connection: sqlite3.Connection) -> set[str]:
    """The declared tables that the file does not have."""
    rows = connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    return {*declared_names()} - {name for (name,) in rows}


def _run(connection: sqlite3.Connection, script: str) -> None:
    # executescript() would commit the open transaction.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def uri(path: Path, mode: str) -> str:
    """The SQLite address of a file; `mode` is "rw", "rwc", "ro" or "immutable"."""
    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    return f"file:{quote(str(path.absolute()))}?{query}"


def has_log(path: Path, kind: str = "wal") -> bool:
    """Whether a log ("wal" or "journal") lies beside the file: it is open, or was left behind."""
    return path.with_name(f"{path.name}-{kind}").exists()


def check(path: Path) -> None:
    """Make sure that a file is a project this program can open, without touching it.

    Raises:
        ProjectError: `project.error.missing`, `.folder`, `.unreadable`, `.not_database`,
            `.foreign`, `.newer` or `.damaged`.
    """
    if not path.exists():
        raise ProjectError("project.error.missing", file=path)
    if path.is_dir():
        raise ProjectError("project.error.folder", file=path)
    _check_header(path)
    # A journal is what a killed program left; only a writer can take its rest back. Without any
    # log the file is whole by itself, and immutable leaves no -shm file beside it.
    mode = "ro" if has_log(path) else "immutable"
    if has_log(path, "journal"):
        mode = "rw"
    with told(path):
        connection = sqlite3.connect(uri(path, mode), uri=True)
        try:
            _check_tables(connection, path)
        finally:
            connection.close()


def _check_header(path: Path) -> None:
    with told_of_files(path), path.open("rb") as stream:
        header = stream.read(100)
        size = path.stat().st_size
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):  # noqa: PLR2004
        raise ProjectError("project.error.not_database", file=path)
    if struct.unpack(">I", header[68:72])[0] != geopackage.APPLICATION_ID:
        raise ProjectError("project.error.foreign", file=path)
    (page,) = struct.unpack(">H", header[16:18])
    (pages,) = struct.unpack(">I", header[28:32])
    if size < (65536 if page == 1 else page) * pages and not has_log(path):
        raise ProjectError("project.error.damaged", file=path, reason="truncated")


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    found: dict[str, str] = {}
    if "settings" in tables:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(settings)")}
        if {"name", "value"} <= columns:
            query = "SELECT name, value FROM settings WHERE name IN (?, ?)"
            found = dict(connection.execute(query, (MAGIC, MAGIC_VERSION)))
    if MAGIC not in found:
        raise ProjectError("project.error.foreign", file=path)
    version = int(json.loads(found.get(MAGIC_VERSION, "0")))
    if version > SCHEMA_VERSION:
        raise ProjectError("project.error.newer", file=path, version=version, known=SCHEMA_VERSION)
    missing = sorted({*required_names(version), "log", "gpkg_contents"} - tables)
    if missing:
        raise ProjectError("project.error.damaged", file=path, reason=", ".join(missing))
    if path.stat().st_size <= _QUICK_CHECK_BYTES:
        result = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if result != "ok":
            raise ProjectError("project.error.damaged", file=path, reason=result)


# Reading every page of a file of this size takes about a tenth of a second; larger files are
# checked by `Project.check` on request.
_QUICK_CHECK_BYTES = 32 * 2**20
