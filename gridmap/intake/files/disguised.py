"""Workbooks that are something else: the content decides, not the name.

Office systems write HTML, MHTML, XML of 2003 or plain text and call it .xls; people rename .xls
to .xlsx. What can be read is read as the tables that it holds.
"""

import email
import email.policy
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, Literal

from gridmap.intake.files import encodings, limits
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import BLANK, text_of
from gridmap.texts import Text

Nature = Literal["zip", "ole", "html", "mhtml", "xml", "text", ""]
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SHEETS_2003: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_OFFICE: Final = "{urn:schemas-microsoft-com:office:excel}"
_SS: Final = f"{{{_SHEETS_2003}}}"
_START: Final = 4_096
_BIFF: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # before OLE: streams alone
_BREAKS: Final = frozenset({"br", "p", "div"})


@dataclass
class Grid:
    """One table: cells of text, shape (rows, columns) and ragged, and its merged cells."""

    name: str
    rows: list[list[str | None]] = field(default_factory=list)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: bool = False


def nature(path: Path) -> Nature:
    """What a file that is called a workbook is; "" for what nobody can tell."""
    with path.open("rb") as stream:
        start = stream.read(_START)
    if start.startswith(_OLE):
        return "ole"
    if start.startswith(_ZIP):
        return "zip"
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if wide or start.startswith(_BIFF) or b"\0" in start:
        return "text" if wide else ""
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip(BLANK[:4].encode()).lower()
    if bare.startswith(b"<"):
        return "xml" if _SHEETS_2003.encode() in start and b"<html" not in bare else "html"
    if bare.startswith(b"mime-version:") or b"\nmime-version:" in bare:
        return "mhtml"
    return "text" if encodings.ranked(start[: start.rfind(b"\n") + 1] or start) else ""


def is_protected(path: Path) -> bool:
    """Whether a workbook of this kind (OLE) is encrypted with a password."""
    with path.open("rb") as stream:
        return _ENCRYPTED in stream.read(limits.MAX_SHEET_BYTES)


def protected(shown: Path) -> IntakeError:
    """The error that a workbook needs its password."""
    return IntakeError(
        "intake.error.unreadable", file=shown, reason=Text("intake.reason.password")
    )  # fmt: skip


def grids(path: Path, kind: Nature, shown: Path) -> list[Grid]:
    """The tables of HTML, MHTML or XML of 2003, at least one.

    Raises:
        IntakeError: `intake.error.wrong_content` where there is none, `.entities`, `.too_large`.
    """
    limits.bounded(shown, path.stat().st_size, limits.MAX_TEXT_BYTES)
    raw = path.read_bytes()
    if kind == "xml":
        found = _of_xml(raw, shown)
    else:
        pages = _pages(raw) if kind == "mhtml" else [raw]
        found = [grid for page in pages for grid in _of_html(_text(page))]
    # A table of one cell lays out a page; it holds nothing.
    whole = [grid for grid in found if len(grid.rows) > 1 and len(grid.rows[-1]) > 1] or found
    if not whole:
        raise IntakeError("intake.error.wrong_content", file=shown)
    for number, grid in enumerate(whole, start=1):
        grid.name = grid.name or (shown.stem if len(whole) == 1 else f"#{number}")
        limits.few_enough(shown, len(grid.rows), max(map(len, grid.rows), default=0))
    return whole


def _pages(raw: bytes) -> list[bytes]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
    return [bytes(part.get_payload(decode=True) or b"") for part in parts]


def _text(raw: bytes) -> str:
    guesses = encodings.ranked(raw)
    return raw.decode(guesses[0].encoding if guesses else "gb18030", "replace")


def _of_html(text: str) -> list[Grid]:
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [grid for grid in parser.grids if any(any(row) for row in grid.rows)]


class _Tables(HTMLParser):
    """Collects the tables of a page; a table within a cell is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self._open: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell, or a new line within one."""
        if tag == "table":
            grid = Grid("")
            self.grids.append(grid)
            self._open.append(_Table(grid))
        elif self._open and tag == "tr":
            self._open[-1].begin_row()
        elif self._open and tag in {"td", "th"}:
            spans = dict(attrs)
            self._open[-1].begin_cell(_span(spans.get("rowspan")), _span(spans.get("colspan")))
        elif self._open and tag in _BREAKS:
            self._open[-1].add(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a table or a cell."""
        if self._open and tag in {"td", "th", "tr", "table"}:
            self._open[-1].end_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._open:
            self._open[-1].add(data)


class _Table:
    """One table while it is read: cells that span rows keep their places free below."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._taken: set[tuple[int, int]] = set()
        self._cell: list[str] | None = None
        self._at = (0, 0)

    def begin_row(self) -> None:
        self.end_cell()
        self._grid.rows.append([])

    def begin_cell(self, down: int, across: int) -> None:
        self.end_cell()
        if not self._grid.rows:
            self._grid.rows.append([])
        row = len(self._grid.rows) - 1
        line = self._grid.rows[row]
        while (row, len(line)) in self._taken:
            line.append(None)
        self._at, self._cell = (row, len(line)), []
        line.extend([None] * across)
        if down > 1 or across > 1:
            end = (row + down - 1, self._at[1] + across - 1)
            self._grid.merged.append((self._at, end))
            self._taken |= {
                (r, c) for r in range(row + 1, end[0] + 1) for c in range(self._at[1], end[1] + 1)
            }

    def add(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)

    def end_cell(self) -> None:
        if self._cell is not None:
            row, column = self._at
            self._grid.rows[row][column] = text_of(" ".join("".join(self._cell).split()))
            self._cell = None


def _span(text: str | None) -> int:
    return min(int(text), 1000) if text is not None and text.isdecimal() and int(text) else 1


def _of_xml(raw: bytes, shown: Path) -> list[Grid]:
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise IntakeError("intake.error.entities", file=shown)
    try:
        book = ET.fromstring(raw)  # noqa: S314  declares no entities
    except ET.ParseError as error:
        raise IntakeError("intake.error.wrong_content", file=shown) from error
    return [_sheet(sheet) for sheet in book.iter(f"{_SS}Worksheet")]


def _sheet(sheet: Any) -> Grid:
    state = sheet.findtext(f"{_OFFICE}WorksheetOptions/{_OFFICE}Visible") or ""
    grid = Grid(sheet.get(f"{_SS}Name") or "", hidden=state.startswith("Sheet"))
    for row in sheet.iter(f"{_SS}Row"):
        number = int(row.get(f"{_SS}Index") or len(grid.rows) + 1)
        limits.few_enough(Path(grid.name), number, 1)
        grid.rows += [[] for _ in range(number - len(grid.rows))]
        _fill(grid, number - 1, row.iter(f"{_SS}Cell"))
    return grid


def _fill(grid: Grid, row: int, cells: Iterable[Any]) -> None:
    line = grid.rows[row]
    for cell in cells:
        column = int(cell.get(f"{_SS}Index") or len(line) + 1) - 1
        limits.few_enough(Path(grid.name), 1, column + 1)
        line += [None] * (column + 1 - len(line))
        data = cell.find(f"{_SS}Data")
        line[column] = None if data is None else text_of("".join(data.itertext()))
        across, down = (int(cell.get(f"{_SS}{way}") or 0) for way in ("MergeAcross", "MergeDown"))
        line += [None] * across
        if across or down:
            grid.merged.append(((row, column), (row + down, column + across)))
