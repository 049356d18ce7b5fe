"""A whole copy of a project's file, complete or not there at all."""

import os
import tempfile
from pathlib import Path

from gridmap.store.errors import ProjectError, told, told_of_files
from gridmap.store.locking import WriterLock
from gridmap.store.store import Store


def save_copy(store: Store, target: Path, *, overwrite: bool) -> Path:
    """Write a copy of an open file; see `Project.save_as`, which says what it raises."""
    if target == store.path or (target.exists() and not overwrite):
        raise ProjectError("project.error.exists", file=target)
    if not target.parent.is_dir():
        raise ProjectError("project.error.no_folder", file=target, folder=target.parent)
    lock = WriterLock(target)
    refused = lock.acquire()
    if refused:
        key = "locked" if refused == "locked" else "read_only_folder"
        raise ProjectError(f"project.error.{key}", file=target, reason=refused)
    try:
        with (
            told_of_files(target),
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".saving-") as folder,
        ):
            copy = Path(folder) / target.name
            with store.reader() as connection, told(target):
                connection.rollback()  # VACUUM needs to be outside of a transaction
                connection.execute("VACUUM INTO ?", (str(copy),))
            with copy.open("rb+") as stream:
                os.fsync(stream.fileno())
            copy.replace(target)
    finally:
        lock.release()
    return target
