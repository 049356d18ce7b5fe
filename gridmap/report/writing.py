"""The one way in which a file leaves the program: whole, or not at all.

What is written lies beside its target under another name until it is whole and on the disk;
then it takes the target's place. Whatever fails (folder missing, disk full, file in use) leaves
the old file as it was, removes what was begun, and is told with the file and the reason.
"""

import errno
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gridmap.texts import GridMapError


class WriteError(GridMapError):
    """A file that cannot be written; the facts name `file` and `reason`."""

    def __init__(self, path: Path, error: BaseException) -> None:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        super().__init__("print.error.write", file=path, reason=reason)


class Part:
    """A file under another name until it is whole.

    Attributes:
        target: where it will stand.
        path: where to write now, empty and with the target's ending.

    Raises:
        WriteError: if nothing can be written there.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{secrets.token_hex(6)}.part{target.suffix}")
        try:
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except OSError as error:
            self.discard()
            raise WriteError(target, error) from error

    def place(self) -> None:
        """Put the file in its place once all of it is on the disk.

        Raises:
            WriteError: if it is empty or cannot be placed; nothing of it is left then.
        """
        try:
            _secure(self.path)
            self.path.replace(self.target)
        except OSError as error:
            self.discard()
            raise WriteError(self.target, error) from error

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to, which takes the target's place when the block ends well.

    Raises:
        WriteError: for every `OSError` inside the block, and if nothing was written.
    """
    part = Part(target)
    try:
        yield part.path
        part.place()
    except OSError as error:
        raise WriteError(target, error) from error
    finally:
        part.discard()


def put_file(target: Path, content: bytes) -> None:
    """Write bytes; a file that stood there is replaced as a whole.

    Raises:
        WriteError: if the file cannot be written.
    """
    with replacing(target) as path, path.open("wb") as stream:
        stream.write(content)


def put_text(target: Path, text: str) -> None:
    """Write a text as UTF-8 as it is; a file that stood there is replaced as a whole.

    Raises:
        WriteError: if the file cannot be written.
    """
    put_file(target, text.encode())


@dataclass
class Together:
    """Files that belong together: write to `path` and beside it; `files` are those placed."""

    path: Path
    files: list[Path] = field(default_factory=list)


@contextmanager
def replacing_together(target: Path) -> Iterator[Together]:
    """The same for a format of several files; the folder of the target is made if it is missing.

    All that lies beside `path` is placed when the block ends well, the target itself last.

    Raises:
        WriteError: for every `OSError` inside the block, and if a file is empty.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".gridmap-") as folder:
            work = Together(Path(folder) / target.name)
            yield work
            made = sorted(Path(folder).iterdir(), key=lambda one: one.name == target.name)
            for one in made:
                _secure(one)
            for one in made:
                placed = target.with_name(one.name)
                one.replace(placed)
                work.files.append(placed)
    except OSError as error:
        raise WriteError(target, error) from error
    work.files.sort(key=lambda one: one != target)


def _secure(path: Path) -> None:
    """Have the disk take all of a file: only then a full one says so.

    Raises:
        OSError: if the disk refuses it, or if it is empty although nobody complained.
    """
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
        if not os.fstat(stream.fileno()).st_size:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
