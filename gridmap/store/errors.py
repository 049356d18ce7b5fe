"""What can go wrong with a project file, said so that a person knows what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridmap.texts import GridMapError


class ProjectError(GridMapError):
    """The project file cannot be opened, read or written; `key` says why."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite into a `ProjectError`; other errors pass.

    Raises:
        ProjectError: `project.error.disk_full`, `.locked`, `.read_only`, `.damaged`,
            `.not_database`, `.unreadable` or `.database`, with the facts `file` and `reason`.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise ProjectError(_key(error), file=path, reason=str(error)) from error


@contextmanager
def told_of_files(path: Path) -> Iterator[None]:
    """Likewise for SQLite and the file system.

    Raises:
        ProjectError: also `project.error.disk_full` or `.unreadable` for an `OSError`.
    """
    try:
        with told(path):
            yield
    except OSError as error:
        full = error.errno == errno.ENOSPC
        key = "project.error.disk_full" if full else "project.error.unreadable"
        raise ProjectError(key, file=path, reason=error.strerror or str(error)) from error


_KEYS = {
    sqlite3.SQLITE_FULL: "project.error.disk_full",
    sqlite3.SQLITE_BUSY: "project.error.locked",
    sqlite3.SQLITE_LOCKED: "project.error.locked",
    sqlite3.SQLITE_READONLY: "project.error.read_only",
    sqlite3.SQLITE_CORRUPT: "project.error.damaged",
    sqlite3.SQLITE_NOTADB: "project.error.not_database",
    sqlite3.SQLITE_CANTOPEN: "project.error.unreadable",
    sqlite3.SQLITE_PERM: "project.error.unreadable",
}


def _key(error: sqlite3.Error) -> str:
    # The low byte is the error; the rest only details it (SQLITE_IOERR_READ and so on).
    code = getattr(error, "sqlite_errorcode", None)
    return _KEYS.get(code & 0xFF if code is not None else -1, "project.error.database")
