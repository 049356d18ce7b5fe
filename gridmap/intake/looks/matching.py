"""Headings as they are compared, the table of usual ones, and those that nobody asked for.

Every door finds its columns here: `named` for what has a fixed meaning (coordinates, times,
places of complaints), `gridmap.intake.looks.columns.match` for the declared fields of a target.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from gridmap import shipped
from gridmap.intake.files.headings import last_part
from gridmap.intake.findings import Finding, Kind, Severity

_LISTED = 100
_BRACKETS: Final = re.compile(r"[(（\[【].*?(?:[)）\]】]|$)")


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A heading as it is compared: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=65_536)
def bare(heading: str) -> str:
    """A heading without brackets and without what stands above it: 位置/经度(°) → 经度."""
    return folded(_BRACKETS.sub("", last_part(heading))).rstrip("_")


@cache
def usual(group: str) -> Mapping[str, tuple[str, ...]]:
    """Meaning → usual headings, folded, the likeliest first: a table of `headings.toml`."""
    with shipped.resource("headings.toml").open("rb") as stream:
        table = tomllib.load(stream)[group]
    return {meaning: tuple(map(folded, names)) for meaning, names in table.items()}


def named(
    headings: Iterable[str],
    names: Iterable[str],
    *,
    remarks: bool = True,
    inside: bool = False,
    never: Collection[str] = (),
) -> str | None:
    """The heading that is one of some names, the likeliest name first; None without.

    Args:
        headings: of the file, in its order.
        names: folded, as `usual` gives them.
        remarks: whether what stands in brackets, or above, may be passed over.
        inside: whether a heading that holds a name (of Chinese) will do where none is one.
        never: words that a heading must not hold for that.
    """
    names = list(names)
    plain: dict[str, str] = {}
    for heading in headings:
        plain.setdefault(bare(heading) if remarks else folded(heading), heading)
    found = next((plain[name] for name in names if name in plain), None)
    if found is not None or not inside:
        return found
    for name in names:
        for shown, heading in plain.items():
            spoken = len(name) > 1 and not name.isascii() and name in shown
            if spoken and not any(word in shown for word in never):
                return heading
    return None


def pair(headings: Sequence[str], *, inside: bool = False) -> tuple[str, str] | None:
    """The columns of longitude and latitude (or easting and northing) that belong together.

    Where a file has several pairs (经度(GCJ02), 纬度(GCJ02), 经度, 纬度) they are never mixed:
    the two headings differ by nothing but the word of the axis.

    Args:
        headings: of the file, in its order.
        inside: whether a heading that holds the word (高德经度) will do.
    """
    place = usual("place")
    never = place["never"]
    for remarks in (True, False):
        found = [
            (len(rest), rank, position, lon, lat)
            for rank, words in enumerate(name.split("|") for name in place["axes"])
            for position, lon in enumerate(headings)
            if (rest := _rest(lon, words[0], never, inside=inside, remarks=remarks)) is not None
            for lat in headings
            if lat != lon and _rest(lat, words[1], never, inside=inside, remarks=remarks) == rest
        ]
        if found:
            *_, first, second = min(found)
            return first, second
    # No two that match word for word (经度, lat): the likeliest of each, if that is plain.
    alone = [named(headings, place[axis], inside=inside, never=never) for axis in ("lon", "lat")]
    several = inside and any(
        sum(_speaks(heading, place[axis], never) for heading in headings) > 1
        for axis in ("lon", "lat")
    )
    likeliest, other = alone
    if not likeliest or not other or likeliest == other or several:
        return None
    return likeliest, other


def _speaks(heading: str, words: Iterable[str], never: Collection[str]) -> bool:
    return any(_rest(heading, w, never, inside=True, remarks=True) is not None for w in words)


def _rest(
    heading: str, word: str, never: Collection[str], *, inside: bool, remarks: bool
) -> str | None:
    """What a heading says besides the word of an axis; None where it does not hold it."""
    shown = bare(heading)
    if inside:
        spoken = len(word) > 1 and not word.isascii() and word in shown
        holds = spoken and not any(other in shown for other in never)
    else:
        holds = shown == word
    if not holds:
        return None
    return (folded(heading) if remarks else shown).replace(word, "", 1)


def is_summary(text: str) -> bool:
    """Whether a cell that should name a station begins a row of means, totals or remarks."""
    begins = re.split("[:：]", text, maxsplit=1)[0]
    return folded(begins) in usual("not_readings")["station"]


def left_out(file: str, columns: Iterable[str], used: Iterable[str]) -> list[Finding]:
    """A hint that names the columns nobody asked for, if there are any."""
    taken = set(used)
    rest = [column for column in columns if column not in taken]
    if not rest:
        return []
    listed = ", ".join(rest[:_LISTED]) + (" …" if len(rest) > _LISTED else "")
    return [Finding(Kind.COLUMN_LEFT_OUT, Severity.HINT, file, detail=listed, count=len(rest))]
