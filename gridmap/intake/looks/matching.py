"""Headings as they are compared, the table of usual ones, and those that nobody asked for.

Every door finds its columns here: `named` for what has a fixed meaning (coordinates, times,
places of complaints), `gridmap.intake.looks.columns.match` for the declared fields of a target.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
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


def left_out(file: str, columns: Iterable[str], used: Iterable[str]) -> list[Finding]:
    """A hint that names the columns nobody asked for, if there are any."""
    taken = set(used)
    rest = [column for column in columns if column not in taken]
    if not rest:
        return []
    listed = ", ".join(rest[:_LISTED]) + (" …" if len(rest) > _LISTED else "")
    return [Finding(Kind.COLUMN_LEFT_OUT, Severity.HINT, file, detail=listed, count=len(rest))]
