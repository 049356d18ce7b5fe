"""Zip archives of others: listed and unpacked within bounds, never outside the given folder."""

import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from gridmap.intake.files import limits
from gridmap.intake.files.errors import IntakeError, unreadable

_UTF8_FLAG: Final = 0x800
_CHUNK: Final = limits.MEGABYTE
_BROKEN: Final = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError,
                  RuntimeError, zipfile.LargeZipFile)  # fmt: skip


def members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The files in an archive by their safe, relative names.

    Names that were packed in GBK, as Chinese systems do, are read as such.

    Raises:
        IntakeError: `intake.error.unreadable`, `.archive_path` for a name that leads elsewhere,
            `.archive_link` for a link, `.archive_bomb` for one that unpacks to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except _BROKEN as error:
        raise unreadable(path, error) from error
    _small_enough(path, entries)
    found = {}
    for entry in entries:
        name = _name(entry)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise IntakeError("intake.error.archive_link", file=path, name=name)
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in name or "\0" in name:
            raise IntakeError("intake.error.archive_path", file=path, name=name)
        if not entry.is_dir():
            found[str(parts)] = entry
    return found


def unpack(path: Path, names: Sequence[str], folder: Path) -> list[Path]:
    """Unpack some members into a folder, flat, counting the bytes that really come out.

    Raises:
        IntakeError: as `members`; `.missing_member`.
    """
    known = members(path)
    made, total = [], 0
    try:
        with zipfile.ZipFile(path) as archive:
            for name in names:
                if name not in known:
                    raise IntakeError("intake.error.missing_member", file=path, name=name)
                target = folder / PurePosixPath(name).name
                with archive.open(known[name]) as stream, target.open("wb") as out:
                    while chunk := stream.read(_CHUNK):
                        total += len(chunk)
                        if total > limits.MAX_UNPACKED_BYTES:
                            raise IntakeError("intake.error.archive_bomb", file=path)
                        out.write(chunk)
                made.append(target)
    except _BROKEN as error:
        raise unreadable(path, error) from error
    return made


def checked_workbook(path: Path) -> None:
    """Refuse a zipped workbook whose parts would unpack to too much.

    Raises:
        IntakeError: as `members`; `.too_large`.
    """
    if zipfile.is_zipfile(path):
        size = sum(entry.file_size for entry in members(path).values())
        limits.bounded(path, size, limits.MAX_SHEET_BYTES)


def _small_enough(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    size = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    many = len(entries) > limits.MAX_ENTRIES or size > limits.MAX_UNPACKED_BYTES
    dense = size > limits.RATIO_FROM_BYTES and size / packed > limits.MAX_RATIO
    if many or dense:
        raise IntakeError("intake.error.archive_bomb", file=path)


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
