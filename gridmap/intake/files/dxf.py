"""The text of a DXF: its encoding, its pairs of code and value, its sections and entities."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridmap.intake.files import encodings, limits
from gridmap.intake.files.errors import IntakeError

_BINARY: Final = b"AutoCAD Binary DXF"
_UTF8_FROM: Final = "AC1021"  # AutoCAD 2007
_CODE_PAGES: Final = {"936": "gb18030", "950": "big5", "932": "cp932", "949": "cp949"}
_ESCAPED: Final = re.compile(r"\\U\+([0-9A-Fa-f]{4})|\\M\+([1-5])([0-9A-Fa-f]{4})")
_MULTIBYTE: Final = {"1": "cp932", "2": "big5", "3": "cp949", "5": "gb18030"}

Pair = tuple[int, str]


@dataclass(frozen=True)
class Entity:
    """One entity: its pairs of code and value, with what belongs to it (attributes) behind."""

    kind: str
    pairs: tuple[Pair, ...]
    parts: tuple["Entity", ...] = ()

    def text(self, code: int, default: str = "") -> str:
        """The first value of a code."""
        return next((value for c, value in self.pairs if c == code), default)

    def number(self, code: int, default: float) -> float:
        """The first value of a code as a number."""
        try:
            return float(self.text(code, str(default)))
        except ValueError:
            return default

    @property
    def layer(self) -> str:
        """The layer on which it is drawn."""
        return self.text(8, "0")

    @property
    def on_paper(self) -> bool:
        """Whether it lies on the sheet of paper, not on the ground."""
        return self.text(67).strip() == "1"


def text_of_drawing(raw: bytes, shown: Path) -> str:
    """The drawing as text: UTF-8 from 2007 on or where the bytes are, else its code page.

    Raises:
        IntakeError: `intake.error.binary_drawing`, `.too_large`.
    """
    if raw.startswith(_BINARY):
        raise IntakeError("intake.error.binary_drawing", file=shown)
    limits.bounded(shown, len(raw), limits.MAX_TEXT_BYTES)
    version = _variable(raw, b"$ACADVER")
    page = _variable(raw, b"$DWGCODEPAGE").rsplit("_", 1)[-1]
    guess = _CODE_PAGES.get(page) or next(
        (g.encoding for g in encodings.ranked(raw) if g.encoding != "utf-8"), "cp1252"
    )
    names = (
        ["utf-8", guess] if version >= _UTF8_FROM or encodings.decodes(raw, "utf-8") else [guess]
    )
    for name in names:
        if encodings.decodes(raw, name):
            return _unescaped(raw.decode(name))
    return _unescaped(raw.decode(names[0], "replace"))


def _variable(raw: bytes, name: bytes) -> str:
    found = re.search(re.escape(name) + rb"\s+\d+\s+([^\r\n]+)", raw[: limits.MEGABYTE])
    return found[1].decode("ascii", "replace").strip() if found else ""


def _unescaped(text: str) -> str:
    r"""\U+4E2D stands for a character, \M+5B0A1 for two bytes of a Chinese code page."""

    def character(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        raw = bytes.fromhex(found[3])
        return raw.decode(_MULTIBYTE.get(found[2], "gb18030"), "replace")

    plain = _ESCAPED.sub(character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def pairs_of(text: str) -> Iterator[Pair]:
    """Pairs of code and value, two lines each.

    Raises:
        ValueError: where a code should stand and none does.
    """
    lines = text.split("\n")
    for i in range(0, len(lines) - 1, 2):
        if not any(line.strip() for line in lines[i : i + 2]):
            continue
        yield int(lines[i]), lines[i + 1].rstrip("\r")


def section(pairs: Sequence[Pair], name: str) -> tuple[int, int]:
    """From behind the heading of a section to before its end; nothing where there is none."""
    for i in range(len(pairs) - 1):
        if pairs[i][0] == 0 and pairs[i][1].strip() == "SECTION" and pairs[i + 1] == (2, name):
            for end in range(i, len(pairs)):
                if pairs[end] == (0, "ENDSEC"):
                    return i + 2, end
            raise ValueError("truncated section")
    return len(pairs), len(pairs)


def entities_in(pairs: Iterable[Pair]) -> Iterator[Entity]:
    """Entities of a section; attributes and vertices belong to what stands before them."""
    single: list[tuple[str, list[Pair]]] = []
    for code, value in pairs:
        if code == 0:
            single.append((value.strip(), []))
        if single:
            single[-1][1].append((code, value))
    whole: list[tuple[str, list[Pair], list[Entity]]] = []
    for kind, own in single:
        if kind in {"ATTRIB", "VERTEX", "SEQEND"} and whole:
            whole[-1][2].append(Entity(kind, tuple(own)))
        else:
            whole.append((kind, own, []))
    for kind, own, parts in whole:
        yield Entity(kind, tuple(own), tuple(parts))
