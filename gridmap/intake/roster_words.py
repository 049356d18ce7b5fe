"""Roles and tiers as offices write them: 镇级河长, 河长（村级）, 区级, 社区."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks.matching import folded, usual
from gridmap.standards.item_files import roles

_BRACKETED: Final = re.compile(r"^(.*?)[(（\[【](.*?)[)）\]】]$")


def split(table: RawTable, mapping: Mapping[str, str]) -> tuple[RawTable, list[str | None]]:
    """The table with roles and tiers in the words of the program, and the tiers that roles name.

    What is not understood stays as it is written, and is told where the values are read.

    Args:
        table: the file; the given one stays as it is.
        mapping: field → heading.

    Returns:
        The table, and the tier that the role of each row names, shape (n,).
    """
    cells = table.cells.copy()
    named: list[str | None] = [None] * len(cells)
    if (column := mapping.get("tier")) is not None:
        cells[column] = [tier_of(text) or text for text in cells[column].tolist()]
    if (column := mapping.get("role")) is not None:
        read = [role_of(text) for text in cells[column].tolist()]
        cells[column] = [role for role, _ in read]
        named = [tier for _, tier in read]
    return replace(table, cells=cells), named


def role_of(text: str | None) -> tuple[str | None, str | None]:
    """The role and the tier that a text names; the text itself where it names no role."""
    if text is None:
        return None, None
    plain = folded(text)
    bracketed = _BRACKETED.match(plain)
    if bracketed and (tier := tier_of(bracketed[2])):
        return role_of(bracketed[1])[0], tier
    titles = {folded(one.title.zh): one.id for one in roles()}
    titles |= {folded(one.title.en): one.id for one in roles()}
    for title in sorted(titles, key=len, reverse=True):
        before = plain.removesuffix(title)
        if before != plain and (not before or tier_of(before)):
            return titles[title], tier_of(before)
    return text, None


def tier_of(text: str | None) -> str | None:
    """The tier that a text names, None where it names none."""
    plain = folded(text or "")
    return next((tier for tier, words in usual("tiers").items() if plain in words), None)
