"""A change: what can be written inside `with project.change(…)`, all of it or nothing."""

import json
import math
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from gridmap.core.declaration import LayerDeclaration
from gridmap.core.moments import SECOND_US
from gridmap.store import changes, editions, features, history, records
from gridmap.store.editions import Edition
from gridmap.store.errors import ProjectError
from gridmap.store.schema import MAGIC, MAGIC_VERSION
from gridmap.store.series import bulk as series_bulk
from gridmap.store.series import writing as series_writing
from gridmap.store.series.writing import Appended, Stamp, Writer


@dataclass(frozen=True)
class Merged:
    """How a merge went: rows with a new key and rows that took the place of a former one."""

    added: int
    updated: int


class Change:
    """One transaction. Valid only inside its `with` block and only in its thread.

    `detail` may be filled with facts that belong in the log entry (JSON types).
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        declarations: Mapping[str, LayerDeclaration],
        revision: int,
        at: datetime,
    ) -> None:
        self.detail: dict[str, Any] = {}
        self.revision = revision
        self.at = at
        self._connection = connection
        self._declarations = declarations
        self._kept: set[tuple[str, str]] = set()
        self._derived: set[str] = set()

    @property
    def tables(self) -> list[str]:
        """The tables that were written to, sorted; empty where nothing was."""
        return sorted({table for table, _ in self._kept} | self._derived)

    @property
    def touched(self) -> frozenset[str]:
        """What was written to, as `changes.Changed` names it."""
        kept = [(table, json.loads(scope)) for table, scope in self._kept]
        return changes.touched([*kept, *((table, {}) for table in self._derived)])

    def replace_layer(self, layer_id: str, frame: Any, edition: Edition) -> Edition:
        """Make `frame` the whole content of a layer.

        Args:
            layer_id: a declared layer.
            frame: a GeoDataFrame in EPSG:4490 with declared columns (others are refused,
                absent ones are empty) and geometry of the declared type or its single part.
            edition: where the data come from; rows, hash and time are filled in here.

        Returns:
            The edition as stored.

        Raises:
            ProjectError: naming layer, field and row of what cannot be stored.
        """
        declaration = self._declaration(layer_id)
        edition = _with_accuracy(edition, declaration)
        whole = features.prepared(declaration, frame)
        whole.index = pd.RangeIndex(1, len(whole) + 1)
        return self._store(declaration, whole, edition)

    def merge_layer(self, layer_id: str, frame: Any, edition: Edition) -> Merged:
        """Add rows to a layer; a row with a known key takes the former one's place and `fid`.

        Where `frame` lacks a column, rows with a known key keep what they have in it.

        The edition becomes one of both: the worse accuracy, the later date, both sources.
        Arguments and errors are those of `replace_layer`.
        """
        declaration = self._declaration(layer_id)
        edition = _with_accuracy(edition, declaration)
        new = features.prepared(declaration, frame)
        old = features.read(self._connection, declaration)
        fids = pd.Series(old.index, index=old[declaration.key].to_numpy(dtype=object))
        known = new[declaration.key].isin(fids.index).to_numpy()
        index = np.empty(len(new), dtype=np.int64)
        index[known] = fids.loc[new.loc[known, declaration.key]].to_numpy()
        for name in set(old.columns) - set(frame.columns) - {new.geometry.name}:
            former = old.set_index(declaration.key, drop=False)[name]
            new[name] = new[declaration.key].map(former.astype(object))
        start = int(old.index.max()) + 1 if len(old) else 1
        index[~known] = np.arange(start, start + int((~known).sum()))
        new.index = pd.Index(index)
        stay = old[~old.index.isin(new.index)]
        parts = [part.astype(dict.fromkeys(new.columns[:-1], object)) for part in (stay, new)]
        whole = geopandas.GeoDataFrame(pd.concat(parts), crs=features.CRS).sort_index()
        former = editions.read(self._connection).get(layer_id)
        self._store(declaration, whole, editions.merged(former, edition))
        return Merged(added=int((~known).sum()), updated=int(known.sum()))

    def put_people(self, frame: pd.DataFrame, *, replace_all: bool = False) -> None:
        """Add people; one with a known `person_id` takes the former's place."""
        self._put(records.PEOPLE, frame, replace_all=replace_all)

    def put_posts(self, frame: pd.DataFrame, *, replace_all: bool = False) -> None:
        """Add posts; one with a known `post_id` takes the former's place."""
        self._put(records.POSTS, frame, replace_all=replace_all)

    def put_departments(self, frame: pd.DataFrame, *, replace_all: bool = False) -> None:
        """Add departments; one with a known `problem_type` takes the former's place."""
        self._put(records.DEPARTMENTS, frame, replace_all=replace_all)

    def append_series(self, station: str, item: str, frame: pd.DataFrame, *, unit: str) -> Appended:
        """Add readings to a series, in the order in which they arrive.

        What becomes of a time that the series has already says `docs/readings.md`: the later
        arrival wins, and the reading that it replaces is kept as a revision.

        Args:
            station: code of the station.
            item: id of the item.
            frame: indexed by aware time in any order, with `value` (raw, NaN = missing) and
                perhaps `flag` (text as published), `protocol` (whose flags these are) and
                `shown` (the displayed value, where the source gives both).
            unit: of the values; it must be that of the series, if there is one.

        Raises:
            ProjectError: `project.error.unit`, `.naive_time`, `.series_columns`.
        """
        return series_writing.append(self._series_writer(), (station, item), unit, frame)

    def append_readings(self, frame: pd.DataFrame) -> Appended:
        """Add readings of many series at once, such as one hour of everything.

        Args:
            frame: in the order of arrival: station, item, unit, time (aware), value, and
                perhaps flag, protocol, shown, as in `append_series`.

        Raises:
            ProjectError: `project.error.unit`, `.naive_time`, `.series_columns`.
        """
        return series_bulk.append(self._series_writer(), frame)

    def put_series_notes(self, frame: pd.DataFrame, *, replace_all: bool = False) -> None:
        """Add notes on series: station, item ("" = all), start, end (aware times), kind, note."""
        self._keep("series_notes", {})
        if replace_all:
            self._connection.execute("DELETE FROM series_notes")
        records.put_notes(self._connection, frame)

    def set_setting(self, name: str, value: Any) -> None:
        """Set a setting to a value of JSON types; None removes it.

        Raises:
            ProjectError: `project.error.reserved_setting` for a name of the file format.
        """
        if name in {MAGIC, MAGIC_VERSION}:
            raise ProjectError("project.error.reserved_setting", name=name)
        self._keep("settings", {"name": name})
        if value is None:
            self._connection.execute("DELETE FROM settings WHERE name = ?", (name,))
            return
        self._connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, ensure_ascii=False)),
        )

    def touching(self, table: str, scope: Mapping[str, Any]) -> sqlite3.Connection:
        """The connection for writing rows of a table that a module of this room keeps.

        Args:
            table: a table of the project file.
            scope: the rows about to be touched: column to value, or to a list (lowest, highest);
                empty is the whole table. They are kept first, so that the change can be undone.
        """
        self._keep(table, dict(scope))
        return self._connection

    def _series_writer(self) -> Writer:
        stamp = Stamp(self.revision, int(self.at.timestamp() * SECOND_US))
        return Writer(self._connection, self._keep, stamp)

    def deriving(self, table: str) -> sqlite3.Connection:
        """The connection for rows that undo leaves alone: derived ones, and what only grows.

        Args:
            table: a table of the project file. Its change is logged if `detail` says anything.
        """
        self._derived.add(table)
        return self._connection

    def _declaration(self, layer_id: str) -> LayerDeclaration:
        declaration = self._declarations.get(layer_id)
        if declaration is None:
            raise ProjectError("project.error.unknown_layer", layer=layer_id)
        return declaration

    def _store(self, declaration: LayerDeclaration, whole: Any, edition: Edition) -> Edition:
        features.ensure_table(self._connection, declaration)
        self._keep(declaration.id, {})
        self._keep("editions", {"layer_id": declaration.id})
        digest = features.write(self._connection, declaration, whole)
        stored = replace(
            edition,
            layer_id=declaration.id,
            rows=len(whole),
            content_hash=digest,
            loaded_at=self.at,
        )
        editions.write(self._connection, stored)
        self.detail.setdefault("layers", {})[declaration.id] = {
            "rows": stored.rows,
            "content_hash": digest,
        }
        return stored

    def _put(self, table: records.RecordTable, frame: pd.DataFrame, *, replace_all: bool) -> None:
        self._keep(table.name, {})
        if replace_all:
            self._connection.execute(f"DELETE FROM {table.name}")  # noqa: S608
        records.put(self._connection, table, frame)
        self.detail.setdefault("rows", {})[table.name] = len(frame)

    def _keep(self, table: str, scope: dict[str, Any]) -> None:
        # Kept once: what counts is the state before the change.
        mark = (table, json.dumps(scope, ensure_ascii=False))
        if mark not in self._kept:
            self._kept.add(mark)
            history.keep(self._connection, self.revision, table, scope)


def _with_accuracy(edition: Edition, declaration: LayerDeclaration) -> Edition:
    if not math.isnan(edition.accuracy_m):
        return edition
    return replace(edition, accuracy_m=declaration.accuracy_m)
