"""What the declared tables are in SQL, made by SQLAlchemy; imported when a table is to be made."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from sqlalchemy import Column, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from gridmap.store import geopackage
from gridmap.store.declared import TableModule
from gridmap.store.geopackage import quoted

_DIALECT: Final = sqlite.dialect()


@dataclass(frozen=True)
class Lacking:
    """What a file lacks of a table: columns, or the whole table."""

    table: Table
    columns: tuple[Column[object], ...] | None


def tables_of(modules: Iterable[TableModule]) -> Iterator[Table]:
    """The declarations, in order."""
    for one in modules:
        metadata = import_module(one.module).METADATA
        yield from (metadata.tables[name] for name in one.tables)


def create_table(connection: sqlite3.Connection, table: Table) -> None:
    """Make a table with its indexes and triggers, and register it."""
    connection.execute(_sql(table))
    create_indexes(connection, table)
    if table.info.get("append_only"):
        for event in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table.name}_is_append_only_{event.lower()} BEFORE {event}"
                f" ON {table.name} BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
            )
    geopackage.register_attributes(connection, table.name, table.comment or "")


def create_indexes(connection: sqlite3.Connection, table: Table) -> None:
    """Make the indexes of a table that come beside its constraints."""
    for index in table.indexes:
        connection.execute(str(CreateIndex(index).compile(dialect=_DIALECT)))


def lacking(connection: sqlite3.Connection, modules: Iterable[TableModule]) -> Iterator[Lacking]:
    """The tables that are not there, or not with all their columns."""
    for table in tables_of(modules):
        rows = connection.execute(f"PRAGMA main.table_info({quoted(table.name)})")
        there = {row[1] for row in rows}
        missing = tuple(column for column in table.columns if column.name not in there)
        if missing:
            yield Lacking(table, missing if there else None)


def complete(connection: sqlite3.Connection, found: Lacking) -> None:
    """Make what is lacking."""
    if found.columns is None:
        create_table(connection, found.table)
        return
    for column in found.columns:
        connection.execute(f"ALTER TABLE {quoted(found.table.name)} ADD COLUMN {_column(column)}")
    create_indexes(connection, found.table)


def complete_for_reading(connection: sqlite3.Connection, found: Lacking) -> None:
    """Show what is lacking as empty, to this connection alone."""
    name = quoted(found.table.name)
    if found.columns is None:
        connection.execute(_sql(found.table).replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        return
    columns = "".join(f", {_default(one)} AS {quoted(one.name)}" for one in found.columns)
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT *{columns} FROM main.{name}")  # noqa: S608


def _sql(table: Table) -> str:
    # AUTOINCREMENT: the number of a row that is gone is never given again.
    table.dialect_options["sqlite"]["autoincrement"] = True
    return str(CreateTable(table).compile(dialect=_DIALECT))


def _column(column: Column[object]) -> str:
    return str(CreateColumn(column).compile(dialect=_DIALECT))


def _default(column: Column[object]) -> str:
    default = column.server_default
    return "NULL" if default is None else str(getattr(default, "arg", "NULL"))
