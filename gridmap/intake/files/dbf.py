"""The attribute table of a shapefile (.dbf), cell by cell as it is written.

A library that types the cells "corrects" them: 20240230 becomes 1 March, a number wider than
its column vanishes, 1200.5 in a column without decimals becomes 1200, two columns of one name
become one. Here every cell is text first; what cannot be read is told.
"""

import codecs
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gridmap.intake.files import encodings
from gridmap.intake.files.encodings import EncodingGuess
from gridmap.intake.files.tables import BLANK, text_of

_HEADER: Final = 32
_DESCRIPTOR: Final = 32
_END: Final = 0x0D
_DELETED: Final = 0x2A
_TEXT: Final = frozenset("CVM")
_TRUE, _FALSE = frozenset("TtYy"), frozenset("FfNn")
_DAY_FIGURES: Final = 8
_EXACT_FIGURES: Final = 15
_TRIED: Final = ("utf-8", "gb18030", "big5")
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Column:
    """A column: the bytes of its name, its type letter, where it stands in a record."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Dbf:
    """A .dbf as it lies on disk; `counted` is what its heading says, `records` what is there."""

    columns: tuple[Column, ...]
    counted: int
    records: tuple[bytes, ...]
    language: int

    @property
    def body(self) -> list[bytes]:
        """The cells that hold text, and the names of the columns, without filling blanks."""
        texts = [column for column in self.columns if column.kind in _TEXT]
        cells = [_bytes_of(record, column) for record in self.records for column in texts]
        return [cell for cell in (*(c.name for c in self.columns), *cells) if cell]

    def is_deleted(self, i: int) -> bool:
        """Whether a record is marked as deleted."""
        return self.records[i][:1] == bytes([_DELETED])


def parsed(raw: bytes) -> Dbf:
    """The parts of a .dbf.

    Raises:
        ValueError: for bytes that are none.
    """
    if len(raw) <= _HEADER:
        raise ValueError("truncated dbf")
    counted, heading, width = struct.unpack_from("<IHH", raw, 4)
    columns, at, start = [], _HEADER, 1
    while at + _DESCRIPTOR <= min(heading, len(raw)) and raw[at] != _END:
        name = raw[at : at + 11].split(b"\0", 1)[0].strip()
        kind, size = chr(raw[at + 11]), raw[at + 16]
        columns.append(Column(name, kind, start, size))
        at, start = at + _DESCRIPTOR, start + size
    if not columns or width < start or heading > len(raw):
        raise ValueError("corrupt dbf")
    whole = (len(raw) - heading) // width
    records = tuple(raw[heading + i * width : heading + (i + 1) * width] for i in range(whole))
    return Dbf(tuple(columns), counted, records, raw[29])


def ranked(table: Dbf, stated: str | None) -> tuple[EncodingGuess, ...]:
    """The encodings of a table, the likeliest first; never none.

    What a .cpg states but cannot be stands last with confidence 0. Cells are cut to width, also
    inside a character: the rest of one is not counted against an encoding.
    """
    cells = table.body
    evidence: encodings.Evidence = "cpg"
    if stated is None:
        stated, evidence = encodings.LANGUAGE_DRIVERS.get(table.language), "ldid"
    guesses = encodings.ranked(_whole(cells))
    if stated is not None:
        fits = encodings.decodes(_joined(cells, stated), stated)
        said = EncodingGuess(stated, 0.98 if fits else 0.0, evidence)
        others = tuple(guess for guess in guesses if guess.encoding != stated)
        guesses = (said, *others) if fits else (*others, said)
    # Bytes that are text in no encoding: most of them still are readable.
    return guesses if guesses and guesses[0].confidence else (
        EncodingGuess("gb18030", 0.1, "score"), *guesses
    )  # fmt: skip


def names(table: Dbf, encoding: str) -> list[str]:
    """The names of the columns; a character that was cut at the end is left out."""
    return [_uncut(c.name, encoding).decode(encoding, "replace") for c in table.columns]


def cells(table: Dbf, column: Column, encoding: str) -> tuple[list[str | None], list[int]]:
    """The cells of a column as text, and the positions of those that were too wide for it.

    Such cells (written as asterisks) are None: their number is lost.
    """
    known: dict[bytes, str | None] = {}
    lost = []
    found = []
    for i, record in enumerate(table.records):
        raw = _bytes_of(record, column)
        if raw not in known:
            known[raw] = _read(raw, column.kind, encoding)
        found.append(known[raw])
        if column.kind in "NF" and raw and not raw.strip(b"*"):
            lost.append(i)
    return found, lost


def is_cut(text: str | None) -> bool:
    """Whether a cell ends in the rest of a character."""
    return text is not None and text.endswith(_REPLACED)


def _read(raw: bytes, kind: str, encoding: str) -> str | None:  # noqa: PLR0911  one line per type
    if kind in _TEXT:
        return text_of(raw.decode(encoding, "replace"))
    if kind == "I" and len(raw) == 4:  # noqa: PLR2004  a 32-bit number
        return str(struct.unpack("<i", raw)[0])
    if kind in "BO" and len(raw) == 8:  # noqa: PLR2004  a 64-bit number
        return text_of(struct.unpack("<d", raw)[0])
    text = raw.decode("ascii", "replace").strip(BLANK + "\0")
    if kind == "D":
        return _day(text)
    if kind == "L":
        return "true" if text in _TRUE else "false" if text in _FALSE else None
    if kind in "NF":
        return None if not text.strip("*") else _number(text)
    return text_of(text)


def _day(text: str) -> str | None:
    if not text.strip("0"):
        return None
    if len(text) == _DAY_FIGURES and text.isdecimal():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _number(text: str) -> str:
    """A number without filling zeros, as far as a float holds it exactly."""
    try:
        number: Any = float(text)
    except ValueError:
        return text
    figures = sum(c.isdecimal() for c in text)
    plain = text.lstrip("+-").isdecimal()
    if plain:
        return str(int(text))
    return text if figures > _EXACT_FIGURES else text_of(number) or text


def _bytes_of(record: bytes, column: Column) -> bytes:
    raw = record[column.start : column.start + column.width]
    return raw if column.kind in "IBOT" else raw.split(b"\0", 1)[0].strip(b" ")


def _whole(body: Sequence[bytes]) -> bytes:
    for name in _TRIED:
        joined = _joined(body, name)
        if encodings.decodes(joined, name):
            return joined
    return b"\n".join(body)


def _joined(body: Sequence[bytes], encoding: str) -> bytes:
    return b"\n".join(_uncut(cell, encoding) for cell in body)


def _uncut(cell: bytes, encoding: str) -> bytes:
    """A cell without the beginning of a character at its end."""
    if cell.isascii():
        return cell
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        decoder.decode(cell)
    except (UnicodeError, LookupError):
        return cell
    rest = decoder.getstate()[0]
    return cell[: len(cell) - len(rest)] if isinstance(rest, bytes) and rest else cell
