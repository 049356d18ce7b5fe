"""Headings as they are compared, and those that nobody asked for."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from gridmap.intake.findings import Finding, Kind, Severity

_LISTED = 100


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A heading as it is compared: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def left_out(file: str, columns: Iterable[str], used: Iterable[str]) -> list[Finding]:
    """A hint that names the columns nobody asked for, if there are any."""
    taken = set(used)
    rest = [column for column in columns if column not in taken]
    if not rest:
        return []
    listed = ", ".join(rest[:_LISTED]) + (" …" if len(rest) > _LISTED else "")
    return [Finding(Kind.COLUMN_LEFT_OUT, Severity.HINT, file, detail=listed, count=len(rest))]
