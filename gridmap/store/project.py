"""A project: one GeoPackage file with layers, people, posts, series, settings and a log."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import pandas as pd
from psygnal import Signal

from gridmap.core.declaration import LayerDeclaration
from gridmap.core.moments import SECOND_US, ZONE
from gridmap.store import copying, editions, features, geopackage, history, records, schema
from gridmap.store.change import Change
from gridmap.store.changes import EVERY, Changed, Derived, Reads, touched
from gridmap.store.editions import Edition
from gridmap.store.errors import ProjectError, told
from gridmap.store.history import LogCheck, LogEntry
from gridmap.store.layer_files import LayerCatalogue, extra_folders, read_catalogue
from gridmap.store.locking import WriterLock
from gridmap.store.operators import login
from gridmap.store.series.store import SeriesStore
from gridmap.store.series.writing import Stamp, keep_taken_back
from gridmap.store.settings import Settings
from gridmap.store.store import Store

Clock = Callable[[], datetime]
_P = ParamSpec("_P")
_T = TypeVar("_T")


def _now() -> datetime:
    return datetime.now(ZONE)


def _nothing() -> None:
    """Nothing to take back."""


class Project:
    """An open project file.

    Reading methods may be called from any thread, also while another thread changes the
    project: they see the last finished change. Changes come one at a time. `close` waits
    for nobody: end your workers first. Usable as a context manager.

    `operator` is who works with it: he stands in the log where a change names nobody else; at
    first the name that the system knows.

    `changed` tells `Changed` after each change and undo, in the thread that made it; what
    another program changed it tells when `look_outside` is asked.
    """

    changed: ClassVar[Signal] = Signal(Changed)

    def __init__(
        self, store: Store, catalogue: LayerCatalogue, reason: str | None, clock: Clock
    ) -> None:
        """Use `Project.create` or `Project.open`."""
        self._store = store
        self._catalogue = catalogue
        self._reason = reason
        self._clock = clock
        self._changing = threading.Lock()
        self._changer: int | None = None
        self._derived = Derived(lambda: self.revision)
        self._told_outside = 0
        self.operator = login()
        self.settings = Settings(store)
        self.series = SeriesStore(store.reader)

    @classmethod
    def create(
        cls, path: str | os.PathLike[str], *, title: str, clock: Clock = _now, actor: str = ""
    ) -> Self:
        """Make a new project and open it for writing.

        Args:
            path: the new file; by custom it ends in `.gpkg`.
            title: of the project.
            clock: gives the aware time written into log and editions.
            actor: who makes it, for the log.

        Raises:
            ProjectError: `project.error.exists`, `.no_folder`, `.read_only_folder`, `.locked`,
                `.disk_full`.
        """
        file = Path(path).absolute()
        project = cls(Store.create(file, clock()), read_catalogue(extra_folders(file)), None, clock)
        with project.change("create", actor=actor) as change:
            change.set_setting("title", title)
        with project._writing() as connection:
            history.forget(connection, "revision = ?", 1)
        return project

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], *, read_only: bool = False, clock: Clock = _now
    ) -> Self:
        """Open a project: for writing if that is possible, else read-only with a reason.

        A file that cannot be opened stays as it is, byte by byte.

        Raises:
            ProjectError: `project.error.missing`, `.folder`, `.unreadable`, `.not_database`,
                `.foreign`, `.newer`, `.damaged`.
        """
        file = Path(path).absolute()
        schema.check(file)
        lock = WriterLock(file)
        reason = "asked" if read_only else lock.acquire()
        if reason is None and not os.access(file, os.W_OK):
            lock.release()
            reason = "folder"
        try:
            store = Store(file, lock if reason is None else None)
        except ProjectError as error:
            lock.release()
            if error.key != "project.error.disk_full":
                raise
            reason, store = "disk", Store(file, None)
        project = cls(store, read_catalogue(extra_folders(file)), reason, clock)
        if reason is None:
            project._upgrade()
        return project

    @property
    def path(self) -> Path:
        """The file, as an absolute path."""
        return self._store.path

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self._reason is not None

    @property
    def read_only_reason(self) -> str | None:
        """Why changes are refused: "locked", "folder", "disk" (full), "asked", or None."""
        return self._reason

    @property
    def title(self) -> str:
        """The title of the project."""
        return str(self.settings.get("title", self.path.stem))

    @property
    def is_example(self) -> bool:
        """Whether the project is the invented example, which is labelled wherever it is seen."""
        return bool(self.settings.get("is_example", False))

    @property
    def declarations(self) -> Mapping[str, LayerDeclaration]:
        """The declared layers by id, whether or not they hold data."""
        return self._catalogue.declarations

    @property
    def catalogue(self) -> LayerCatalogue:
        """The declared layers and the mistakes of layer files that could not be read."""
        return self._catalogue

    @property
    def revision(self) -> int:
        """Rises by one with every change, undo included."""
        with self._store.reader() as connection:
            return history.revision(connection)

    def editions(self) -> Mapping[str, Edition]:
        """The editions of the layers that hold data, by layer id."""
        with self._store.reader() as connection:
            return editions.read(connection)

    def layer(self, layer_id: str) -> Any:
        """All features of a layer as a GeoDataFrame.

        EPSG:4490, index `fid`, every declared column in declared order, then `geometry`.
        Missing cells: None in text and date columns, NaN in real, NA in integer and boolean
        columns. Empty where the layer holds no data. Each call reads the file anew.

        Raises:
            ProjectError: `project.error.unknown_layer`.
        """
        declaration = self.declarations.get(layer_id)
        if declaration is None:
            raise ProjectError("project.error.unknown_layer", layer=layer_id)
        with self._store.reader() as connection:
            return features.read(connection, declaration)

    def people(self) -> pd.DataFrame:
        """People: person_id, name, organisation, phone, data_status."""
        return self._records(records.PEOPLE)

    def posts(self) -> pd.DataFrame:
        """Posts with dates; both days included, `valid_to` None = still held."""
        return self._records(records.POSTS)

    def departments(self) -> pd.DataFrame:
        """Departments by type of problem."""
        return self._records(records.DEPARTMENTS)

    def log(self) -> pd.DataFrame:
        """Every change: index `revision`; at (aware), actor, action, note, detail, hash."""
        with self._store.reader() as connection:
            names = ["revision", "at", "actor", "action", "note", "detail", "hash"]
            query = f"SELECT {', '.join(names)} FROM log ORDER BY revision"  # noqa: S608
            frame = pd.DataFrame(connection.execute(query).fetchall(), columns=names, dtype=object)
        frame["at"] = pd.to_datetime(frame["at"], utc=True, format="ISO8601").dt.tz_convert(ZONE)
        frame["detail"] = [json.loads(text) for text in frame["detail"]]
        return frame.set_index(frame.pop("revision").astype("int64"))

    def verify_log(self) -> LogCheck:
        """Compute the hash chain of the log again."""
        with self._store.reader() as connection:
            return history.verify(connection)

    def check(self) -> str | None:
        """Look through the whole file: None if it is sound, else what SQLite found."""
        with self._store.reader() as connection:
            found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        return None if found == "ok" else found

    @contextmanager
    def change(self, action: str, *, actor: str = "", note: str = "") -> Iterator[Change]:
        """One transaction, one log entry, undoable.

        An exception inside the block takes everything back. A block that writes nothing and
        puts nothing in `detail` leaves no entry. When the block has ended, the change is on
        the disk.

        Raises:
            ProjectError: `project.error.read_only` with the reason, `.nested`, `.disk_full`.
        """
        told: list[Changed] = []
        with self._writing(told) as connection:
            number = history.revision(connection) + 1
            change = Change(connection, self.declarations, number, self._clock())
            yield change
            if change.tables or change.detail:
                geopackage.touch(connection, change.tables, change.at)
                who = actor or self.operator
                entry = LogEntry(number, change.at, who, action, note, change.detail)
                history.append(connection, entry)
                history.trim(connection)
                told.append(Changed(number, change.touched, action))

    def to_undo(self) -> LogEntry | None:
        """The log entry of the change that `undo` would take back, None without any."""
        with self._store.reader() as connection:
            number = history.last_kept(connection)
            return None if number is None else history.entry_of(connection, number)

    def undo(self, *, actor: str = "") -> LogEntry:
        """Take the last change back that was not taken back yet; this is a change itself.

        Returns:
            The log entry of the undo; its detail names the revision taken back.

        Raises:
            ProjectError: `project.error.nothing_to_undo`, `.read_only`.
        """
        told: list[Changed] = []
        with self._writing(told) as connection:
            number = history.last_kept(connection)
            if number is None:
                raise ProjectError("project.error.nothing_to_undo", file=self.path)
            tables = history.kept_tables(connection, number)
            spatial = [table for table in tables if features.exists(connection, table)]
            for table in spatial:
                geopackage.suspend_index(connection, table)
            now, latest = self._clock(), history.revision(connection) + 1
            told.append(Changed(latest, touched(history.kept_scopes(connection, number)), "undo"))
            stamp = Stamp(latest, int(now.timestamp() * SECOND_US))
            kept = keep_taken_back(connection, number, stamp)
            history.restore(connection, number)
            for table in spatial:
                geopackage.rebuild_index(connection, table)
            geopackage.touch(connection, tables, now)
            detail = {"revision": number, "tables": tables} | ({"revisions": kept} if kept else {})
            entry = LogEntry(latest, now, actor or self.operator, "undo", "", detail)
            return history.append(connection, entry)

    def save_as(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a whole copy to another file; this project stays where it is.

        The copy is complete or not there at all: it is written beside the target and then
        takes its name.

        Raises:
            ProjectError: `project.error.exists` unless `overwrite`, `.locked` if the target is
                open, `.no_folder`, `.read_only_folder`, `.disk_full`.
        """
        return copying.save_copy(self._store, Path(path).absolute(), overwrite=overwrite)

    def close(self) -> None:
        """Write everything into the one file, remove the log files, let others write."""
        self._derived.close()
        self._store.close()

    def derived(
        self,
        maker: Callable[Concatenate[Self, _P], _T],
        reads: Reads,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """What `maker(project, …)` answers, kept until something that it reads changes.

        Any thread; while one builds an answer, others wait for it. A change that another program
        made is noticed here. After `close` nothing is kept.

        Args:
            maker: a function of a module: its answers are known by its identity.
            reads: what it reads; what it asks of other kept answers is added by itself.
            args: what else the answer depends on, hashable.
            kwargs: likewise.
        """
        key: Hashable = (args, tuple(sorted(kwargs.items())))
        resolved = reads.resolved(self.declarations)
        return self._derived.get(maker, key, resolved, lambda: maker(self, *args, **kwargs))

    def look_outside(self) -> None:
        """Tell `changed` of what another program wrote since this was last asked; any thread."""
        seen = self._derived.outside()
        if seen > self._told_outside:
            self._told_outside = seen
            self.changed.emit(Changed(seen, frozenset({EVERY, "log"})))

    def touched_since(self, revision: int, reads: Reads) -> bool:
        """Whether anything of `reads` was changed after a revision, by whomsoever."""
        return self._derived.touched_since(revision, reads.resolved(self.declarations))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection for reading, of one state of the file; from any thread."""
        return self._store.reader()

    def _records(self, table: records.RecordTable) -> pd.DataFrame:
        with self._store.reader() as connection:
            return records.read(connection, table)

    def _upgrade(self) -> None:
        """A file that lacks declared tables gets them; that is a change like any other."""
        with self._writing() as connection:
            now, number = self._clock(), history.revision(connection) + 1
            detail = schema.upgrade(connection, now)
            if detail:
                history.append(
                    connection, LogEntry(number, now, self.operator, "upgrade", "", detail)
                )

    @contextmanager
    def _writing(self, changes: list[Changed] | None = None) -> Iterator[sqlite3.Connection]:
        """The writer's connection in a transaction; what is in `changes` at its end is told."""
        writer = self._store.writer
        if writer is None:
            key = "read_only" if self._reason else "closed"
            raise ProjectError(f"project.error.{key}", file=self.path, reason=self._reason)
        if self._changer == threading.get_ident():
            raise ProjectError("project.error.nested", file=self.path)
        with self._changing, told(self.path):
            self._changer = threading.get_ident()
            withdraw: Callable[[], None] = _nothing
            try:
                writer.execute("BEGIN IMMEDIATE")
                try:
                    yield writer
                    for one in changes or ():
                        # Before it is seen by others, so that nobody takes it for a stranger's.
                        withdraw = self._derived.expect(one.revision, one.tables)
                    writer.execute("COMMIT")
                except BaseException:
                    withdraw()
                    # A full disk may already have rolled the transaction back.
                    if writer.in_transaction:
                        writer.execute("ROLLBACK")
                    raise
            finally:
                self._changer = None
        for one in changes or ():
            self.changed.emit(one)
