"""The writer's lock: an operating-system lock on `<project>.lock`.

It vanishes with the process that holds it, however that process ends; a lock file left
behind by a killed program locks nobody out.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Final

from gridmap.store.errors import told_of_files

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOCKED: Final = "locked"
FOLDER: Final = "folder"


class WriterLock:
    """At most one holder per project file, across processes and inside one process."""

    def __init__(self, project: Path) -> None:
        self._path = project.with_name(project.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> str | None:
        """Try once to become the writer.

        Returns:
            None when the lock is held now; else why not: "locked" (another program writes)
            or "folder" (the folder cannot be written).

        Raises:
            ProjectError: where the disk is full.
        """
        while self._descriptor is None:
            try:
                with told_of_files(self._path):
                    descriptor = self._open()
            except _FolderError:
                return FOLDER
            try:
                _lock(descriptor)
            except OSError:
                os.close(descriptor)
                return LOCKED
            if self._is_current(descriptor):
                self._descriptor = descriptor
            else:  # The former holder removed the file while we waited for its descriptor.
                os.close(descriptor)
        return None

    def release(self) -> None:
        """Give the lock up and remove its file."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if sys.platform == "win32":  # pragma: no cover  an open file cannot be removed there
            os.close(descriptor)
            self._path.unlink(missing_ok=True)
        else:
            # Removed while still locked: nobody can lock the old file and believe it current.
            self._path.unlink(missing_ok=True)
            os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except PermissionError as error:
            raise _FolderError from error
        except OSError as error:
            if error.errno == errno.EROFS:  # a read-only medium
                raise _FolderError from error
            raise

    def _is_current(self, descriptor: int) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        mine = os.fstat(descriptor)
        return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


class _FolderError(Exception):
    """The folder cannot be written."""
