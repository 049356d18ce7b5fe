"""What the parts of a zipped workbook say that its reader does not: hidden rows, empty sheets."""

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gridmap.intake.files import limits

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_HIDDEN: Final = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER: Final = re.compile(rb"\br=[\"'](\d+)[\"']")
_EMPTY: Final = re.compile(rb"<(?:\w+:)?sheetData\s*(?:/>|>\s*</)")
_START: Final = 64 * 1024
_DATE_1904: Final = re.compile(
    rb"<(?:\w+:)?workbookPr[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']"
)  # fmt: skip
_BROKEN: Final = (
    KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip


def from_1904(path: Path) -> bool:
    """Whether the workbook counts its days from 1904, as old Macintosh ones do."""
    with _archive(path) as archive:
        if archive is None:
            return False
        return bool(_DATE_1904.search(_read(archive, "xl/workbook.xml", limits.MEGABYTE)))


def empty_sheets(path: Path) -> frozenset[str]:
    """The names of the sheets that hold no cell; for other workbooks none."""
    with _archive(path) as archive:
        if archive is None:
            return frozenset()
        return frozenset(
            name
            for name, part in _parts(archive).items()
            if _EMPTY.search(_read(archive, part, _START))
        )


def hidden_rows(path: Path, sheet: str) -> frozenset[int]:
    """The numbers, from 1, of the rows of a sheet that are hidden; for other workbooks none."""
    with _archive(path) as archive:
        if archive is None:
            return frozenset()
        part = _parts(archive).get(sheet)
        rows = _ROW.findall(_read(archive, part, limits.MAX_SHEET_BYTES)) if part else []
    numbers = (_NUMBER.search(row) for row in rows if _HIDDEN.search(row))
    return frozenset(int(number[1]) for number in numbers if number)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile | None]:
    """The workbook as an archive; None for one that is none."""
    if not zipfile.is_zipfile(path):
        yield None
        return
    with zipfile.ZipFile(path) as archive:
        yield archive


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet → its part in the archive."""
    targets = {
        _value(tag, "Id"): _value(tag, "Target")
        for tag in _RELATION.findall(
            _read(archive, "xl/_rels/workbook.xml.rels", limits.MEGABYTE)
        )
    }  # fmt: skip
    found = {}
    for tag in _SHEET.findall(_read(archive, "xl/workbook.xml", limits.MEGABYTE)):
        target = targets.get(_value(tag, r"\w+:id"), "")
        if target:
            part = posixpath.normpath(posixpath.join("xl", target))
            found[_value(tag, "name")] = target.lstrip("/") if target.startswith("/") else part
    return found


def _value(tag: bytes, name: str) -> str:
    found = re.search(rf"\s{name}=[\"']([^\"']*)[\"']".encode(), tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def _read(archive: zipfile.ZipFile, part: str, size: int) -> bytes:
    try:
        with archive.open(part) as stream:
            return stream.read(size)
    except _BROKEN:
        return b""
