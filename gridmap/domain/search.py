"""Finding a named feature offline: by name, part of a name, code, pinyin or initials.

The better the match, the higher the rank: exact, beginning, inside, code, the whole name
in pinyin or initials, the beginning of the initials, part of the pinyin, and last a name
with one character wrong. Ties go to the weightier
kind of feature, then to the shorter name, then to the code.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

from pypinyin import Style, lazy_pinyin

_FUZZY_FROM: Final = 3
_PINYIN_FROM: Final = 2


class Match(IntEnum):
    """How a text met a name; lower is better."""

    EXACT = 0
    START = 1
    INSIDE = 2
    CODE = 3
    SPOKEN = 4
    INITIALS = 5
    PINYIN = 6
    NEARLY = 7


@dataclass(frozen=True)
class Entry:
    """A feature that can be found. `lon`, `lat` is its label point in EPSG:4490."""

    layer_id: str
    key: str
    name: str
    kind: str
    lon: float
    lat: float
    codes: tuple[str, ...] = ()
    weight: float = 1.0
    radius_m: float = 0.0


@dataclass(frozen=True)
class Hit:
    """An entry that matches, and how."""

    entry: Entry
    match: Match


class SearchIndex:
    """All entries with their normal forms; immutable once built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._names = [normal(entry.name) for entry in self.entries]
        self._codes = [tuple(code.lower() for code in entry.codes) for entry in self.entries]

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def _spoken(self) -> list[tuple[str, str]]:
        """Full pinyin and initials of every name; made at the first Latin query."""
        return [spoken(name) for name in self._names]

    def find(self, text: str, limit: int = 20) -> list[Hit]:
        """The best matches of a text, best first.

        Args:
            text: what the user typed: a name, part of it, a code, pinyin or initials.
            limit: how many hits at most.
        """
        wanted = normal(text)
        if not wanted:
            return []
        latin = wanted.isascii()
        hits: list[tuple[tuple[int, float, int, str], Hit]] = []
        for position, entry in enumerate(self.entries):
            match = self._match(position, wanted, latin=latin)
            if match is not None:
                order = (int(match), -entry.weight, len(entry.name), entry.key)
                hits.append((order, Hit(entry, match)))
        hits.sort(key=lambda pair: pair[0])
        return [hit for _, hit in hits[:limit]]

    def _match(self, position: int, wanted: str, *, latin: bool) -> Match | None:
        written = _match_written(self._names[position], wanted)
        if written is not None:
            return written
        if any(code.startswith(wanted) for code in self._codes[position]):
            return Match.CODE
        if latin:
            return self._match_spoken(position, wanted)
        nearly = len(wanted) >= _FUZZY_FROM and one_apart(wanted, self._names[position])
        return Match.NEARLY if nearly else None

    def _match_spoken(self, position: int, wanted: str) -> Match | None:
        if len(wanted) < _PINYIN_FROM or not wanted.isalpha():
            return None
        pinyin, initials = self._spoken[position]
        if wanted in {pinyin, initials}:
            return Match.SPOKEN
        if initials.startswith(wanted):
            return Match.INITIALS
        return Match.PINYIN if wanted in pinyin else None


def _match_written(name: str, wanted: str) -> Match | None:
    if wanted == name:
        return Match.EXACT
    if name.startswith(wanted):
        return Match.START
    return Match.INSIDE if wanted in name else None


def normal(text: str) -> str:
    """A text without blanks, in half-width lower case, as names are compared."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def spoken(name: str) -> tuple[str, str]:
    """The pinyin of a name and its initials: 新丰镇 → ("xinfengzhen", "xfz")."""
    syllables: Sequence[str] = lazy_pinyin(name, style=Style.NORMAL)
    return "".join(syllables), "".join(s[0] for s in syllables if s)


def one_apart(wanted: str, name: str) -> bool:
    """Whether two names differ by one character: replaced, missing or added."""
    if abs(len(wanted) - len(name)) > 1:
        return False
    shorter, longer = sorted((wanted, name), key=len)
    split = next(
        (i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if len(shorter) == len(longer):
        return shorter[split + 1 :] == longer[split + 1 :]
    return shorter[split:] == longer[split + 1 :]
