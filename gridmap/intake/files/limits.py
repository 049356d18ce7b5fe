"""What a reader accepts at most, and whether a file stays the same while it is read.

Beyond these bounds a file is refused with a message; it is never read half. The bounds are
far above what offices exchange and below what fills the memory of an office machine.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridmap.intake.files.errors import IntakeError, unreadable

MEGABYTE: Final = 1_048_576
MAX_FILE_BYTES: Final = 2_048 * MEGABYTE
MAX_TEXT_BYTES: Final = 768 * MEGABYTE
MAX_SHEET_BYTES: Final = 512 * MEGABYTE  # of a workbook's parts, unpacked
MAX_UNPACKED_BYTES: Final = 2_048 * MEGABYTE
MAX_RATIO: Final = 200.0
RATIO_FROM_BYTES: Final = 16 * MEGABYTE  # small archives may well shrink a lot
MAX_ENTRIES: Final = 10_000
MAX_COLUMNS: Final = 16_384
MAX_CELLS: Final = 100_000_000
MAX_FILES: Final = 20_000
_CHUNK: Final = 4 * MEGABYTE


@dataclass(frozen=True)
class Fingerprint:
    """What a file was when it was read: size in bytes, time of change (ns), SHA-256."""

    size: int
    modified_ns: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Take the fingerprint of a file.

    Raises:
        IntakeError: `intake.error.missing_file`, `.too_large`, `.unreadable`, `.changed`.
    """
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=path)
    try:
        before = path.stat()
        bounded(path, before.st_size, MAX_FILE_BYTES)
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        after = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise IntakeError("intake.error.changed", file=path)
    return Fingerprint(after.st_size, after.st_mtime_ns, digest.hexdigest())


def _of_folder(folder: Path) -> Fingerprint:
    """That of a File Geodatabase, which is a folder: of all its files."""
    parts = [fingerprint(path) for path in sorted(folder.iterdir()) if path.is_file()]
    whole = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    newest = max((part.modified_ns for part in parts), default=0)
    return Fingerprint(sum(part.size for part in parts), newest, whole)


@contextmanager
def unchanged(path: Path) -> Iterator[Fingerprint]:
    """Read inside this block: a file that changes meanwhile is refused.

    Raises:
        IntakeError: `intake.error.changed`, and those of `fingerprint`.
    """
    before = fingerprint(path)
    yield before
    if fingerprint(path) != before:
        raise IntakeError("intake.error.changed", file=path)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of the program's own, for what a look needs on disk; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
        yield Path(folder)


def bounded(path: Path, size: int, limit: int) -> None:
    """Refuse what is larger than the limit, both in bytes.

    Raises:
        IntakeError: `intake.error.too_large`.
    """
    if size > limit:
        raise IntakeError(
            "intake.error.too_large", file=path, size=size // MEGABYTE, limit=limit // MEGABYTE
        )


def few_enough(path: Path, rows: int, columns: int) -> None:
    """Refuse a table with more columns or cells than can be handled.

    Raises:
        IntakeError: `intake.error.too_many_columns`, `.too_many_cells`.
    """
    if columns > MAX_COLUMNS:
        raise IntakeError(
            "intake.error.too_many_columns", file=path, count=columns, limit=MAX_COLUMNS
        )
    if rows * columns > MAX_CELLS:
        raise IntakeError(
            "intake.error.too_many_cells", file=path, count=rows * columns, limit=MAX_CELLS
        )
