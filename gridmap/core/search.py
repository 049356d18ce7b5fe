"""Finding a named feature offline: by name, part of a name, code, pinyin or initials.

The better the match, the higher the rank: exact, beginning, inside, code, the whole name
in pinyin or initials, the beginning of the initials, part of the pinyin, and last a name
with one character wrong. Ties go to the weightier
kind of feature, then to the shorter name, then to the code.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

_FUZZY_FROM: Final = 3
_PINYIN_FROM: Final = 2
_KNOWN_FROM: Final = 2
# Committees stand for their village; the first that fits counts.
_SHORTER: Final = (
    ("村村委会", "村"),
    ("村民委员会", "村"),
    ("居民委员会", ""),
    ("居委会", ""),
    ("村委会", "村"),
)
_LONGER: Final = ("委会", "村委会", "居委会")


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
    """A feature that can be found. `lon`, `lat` is its label point in EPSG:4490.

    `radius_m` is how far off the place is known to be; `extent_m` how far the feature
    itself reaches from its label point: half a line, the radius of a circle as large as
    an area, 0 for a point.
    """

    layer_id: str
    key: str
    name: str
    kind: str
    lon: float
    lat: float
    codes: tuple[str, ...] = ()
    weight: float = 1.0
    radius_m: float = 0.0
    extent_m: float = 0.0


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

    @cached_property
    def _written(self) -> dict[str, list[tuple[int, Match]]]:
        """Every written form of a name and every code, to the entries that it means."""
        found: dict[str, list[tuple[int, Match]]] = defaultdict(list)
        for position, name in enumerate(self._names):
            found[name].append((position, Match.EXACT))
            for short in short_forms(name):
                found[short].append((position, Match.START))
            for code in self._codes[position]:
                found[code].append((position, Match.CODE))
        return found

    @cached_property
    def _deletions(self) -> dict[str, list[str]]:
        """Every written form with one character left out, to the form."""
        found: dict[str, list[str]] = defaultdict(list)
        for form in self._written:
            for shorter in _one_left_out(form):
                found[shorter].append(form)
        return found

    @cached_property
    def _beginnings(self) -> dict[str, tuple[int, ...]]:
        """The lengths of all names that begin with the same two characters, longest first."""
        found: dict[str, set[int]] = defaultdict(set)
        for form in self._written:
            if len(form) >= _KNOWN_FROM and not form.isascii():
                found[form[:_KNOWN_FROM]].add(len(form))
        return {key: tuple(sorted(sizes, reverse=True)) for key, sizes in found.items()}

    def known(self, text: str) -> int:
        """The length of the longest known name that a text begins with, 0 for none."""
        for size in self._beginnings.get(text[:_KNOWN_FROM], ()):
            if size <= len(text) and text[:size] in self._written:
                return size
        return 0

    def named(self, text: str) -> list[Hit]:
        """Entries with exactly this name, short name or code; else with one character wrong.

        Fast: no entry is looked at that does not fit. Best first, as in `find`.
        """
        wanted = normal(text)
        hits = self._written.get(wanted)
        if hits is None and len(wanted) >= _FUZZY_FROM and not wanted.isascii():
            forms = {form for key in (wanted, *_one_left_out(wanted)) for form in self._alike(key)}
            hits = [
                (position, Match.NEARLY)
                for form in sorted(forms)
                if one_apart(wanted, form) and len(form) >= _FUZZY_FROM
                for position, _ in self._written[form]
            ]
        best: dict[int, Match] = {}
        for position, match in hits or ():
            best[position] = min(match, best.get(position, match))
        found = [Hit(self.entries[position], match) for position, match in best.items()]
        return sorted(found, key=_order_of)

    def _alike(self, key: str) -> list[str]:
        found = list(self._deletions.get(key, ()))
        return [*found, key] if key in self._written else found

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
        if wanted in self._codes[position]:
            return Match.EXACT
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


def _order_of(hit: Hit) -> tuple[int, float, int, str]:
    return int(hit.match), -hit.entry.weight, len(hit.entry.name), hit.entry.key


def _one_left_out(text: str) -> list[str]:
    if len(text) < _FUZZY_FROM - 1:
        return []
    return [text[:at] + text[at + 1 :] for at in range(len(text))]


def short_forms(name: str) -> list[str]:
    """What people say instead of a full name: 十八里村委会 → 十八里村, X（示例） → X."""
    found = [name.partition("(")[0]] if "(" in name[1:] else []
    for long, short in _SHORTER:
        if name.endswith(long) and len(name) > len(long) + 1:
            base = name[: -len(long)] + short
            found += [base, *(base + more for more in _LONGER if base + more != name)]
            break
    return [form for form in dict.fromkeys(found) if form and form != name]


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
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  its dictionary is large

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
