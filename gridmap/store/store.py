"""The SQLite connections of one project file: one that writes, some that read.

The writer holds the lock file; readers are borrowed for one call each, so that any
thread may read while another writes (write-ahead log: a reader sees the last commit).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from gridmap.store import schema
from gridmap.store.errors import ProjectError, told
from gridmap.store.locking import FOLDER, WriterLock

_BUSY_SECONDS = 10.0


class Store:
    """Owns the connections and the writer's lock of one file."""

    def __init__(self, path: Path, lock: WriterLock | None) -> None:
        """Open a checked file: for writing if `lock` is held, else for reading only."""
        self.path = path
        self._lock = lock
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        self.writer: sqlite3.Connection | None = None
        if lock is not None:
            with told(path):
                self.writer = self._connect_writer()

    @classmethod
    def create(cls, path: Path, at: datetime) -> "Store":
        """Make a new, empty project file, dated `at`, and hold its lock.

        Raises:
            ProjectError: `project.error.exists`, `.locked`, `.read_only_folder`, …
        """
        if path.exists():
            raise ProjectError("project.error.exists", file=path)
        if not path.parent.is_dir():
            raise ProjectError("project.error.no_folder", file=path, folder=path.parent)
        lock = WriterLock(path)
        refused = lock.acquire()
        if refused:
            key = "read_only_folder" if refused == FOLDER else "locked"
            raise ProjectError(f"project.error.{key}", file=path, reason=refused)
        try:
            with told(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                schema.create(connection, at)
                connection.execute("COMMIT")
            return cls(path, lock)
        except BaseException:
            path.unlink(missing_ok=True)
            lock.release()
            raise

    @contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """Borrow a reading connection for one call, from any thread.

        Raises:
            ProjectError: `project.error.closed`, or what SQLite reports.
        """
        with self._guard:
            if self._closed:
                raise ProjectError("project.error.closed", file=self.path)
            connection = self._idle.pop() if self._idle else None
        with told(self.path):
            if connection is None:
                connection = self._connect_reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.rollback()
                self._give_back(connection)

    def close(self) -> None:
        """Fold the write-ahead log into the file, close all connections, give up the lock."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        if self.writer is not None:
            try:
                self.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                # A file without a log can be read from a read-only folder or a disc. This fails
                # while another program reads; then the log stays, which is safe, too.
                self.writer.execute("PRAGMA busy_timeout = 200")
                self.writer.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError:
                self.left_log = True
            self.writer.close()
            self.writer = None
        if self._lock is not None:
            self._lock.release()

    left_log = False

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect_writer(self) -> sqlite3.Connection:
        connection = self._connect("rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a commit that returned is on the disk, also in the write-ahead log.
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect_reader(self) -> sqlite3.Connection:
        connection = self._connect("ro")
        try:
            schema.complete_for_reading(connection)
        except sqlite3.OperationalError:
            connection.close()
            if self._lock is not None or schema.has_log(self.path):
                raise
            # The file says that it has a log (its program could not take that off), but there is
            # none, and SQLite cannot make one in a folder that cannot be written.
            connection = self._connect("immutable")
            schema.complete_for_reading(connection)
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            schema.uri(self.path, mode),
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
