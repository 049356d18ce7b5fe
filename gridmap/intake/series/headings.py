"""What the headings of readings mean: station, time, items with their units, flags."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks import units
from gridmap.intake.looks.matching import folded, named, usual
from gridmap.intake.series import spread as series_spread
from gridmap.standards.item_files import items as known_items

_HEADING = re.compile(r"^(.*?)\s*[(（\[]([^()（）\[\]]+)[)）\]]$")
_BETWEEN = re.compile(r"[\s_/／,，:：]+")
_PARTS = re.compile("[,，;；、]")
_SPELLINGS: Final = {"pm2_5": "pm25"}


@dataclass(frozen=True)
class SeriesPlan:
    """What the reader of a file knows and the file does not say; see `door.load_series`.

    `year` of times that state none: a number, or the heading of a column of full dates.
    `protocol` says what the flags mean (an id of `resources/standards/data_flags.csv`); None
    leaves it to the file, "" = not known. `left_out` are headings of columns that cannot be
    read and are told; the others load.
    """

    zone: str
    station: str | None = None
    columns: Mapping[str, str] | None = None
    items: Mapping[str, str] | None = None
    units: Mapping[str, str] | None = None
    stations: Mapping[str, str] | None = None
    year: int | str | None = None
    protocol: str | None = None
    left_out: frozenset[str] = frozenset()


def roles_of(table: RawTable, plan: SeriesPlan) -> dict[str, str]:
    """Role → heading.

    Raises:
        IntakeError: `intake.error.no_time`, `.no_station`, `.stated_field`, `.stated_column`.
    """
    stated = dict(plan.columns or {})
    known = usual("readings")
    have = ", ".join(table.cells.columns)
    for role, column in stated.items():
        if role not in known:
            raise IntakeError(
                "intake.error.stated_field", file=table.file, field=role, have=", ".join(known)
            )
        if column not in table.cells:
            raise IntakeError(
                "intake.error.stated_column", file=table.file, column=column, have=have
            )
    for role, names in known.items():
        free = [column for column in table.cells.columns if column not in stated.values()]
        fitting = named(free, names, remarks=False)
        if role not in stated and fitting is not None:
            stated[role] = fitting
    if "time" not in stated and not {"year", "month", "day"} <= set(stated):
        raise IntakeError("intake.error.no_time", file=table.file, have=have)
    if plan.station is None and "station" not in stated:
        raise IntakeError("intake.error.no_station", file=table.file, have=have)
    return stated


def likeness(table: RawTable) -> float:
    """How much a table looks like readings (0–1): a time, a station, and items."""
    if series_spread.is_spread(table):
        return 0.9
    plain = {folded(column) for column in table.cells.columns}
    there = {role for role, names in usual("readings").items() if plain & set(names)}
    timed = "time" in there or {"year", "month", "day"} <= there
    if not timed:
        return 0.0
    if {"item", "value"} <= there:
        return 0.9
    count = sum(item_named(column) is not None for column in table.cells.columns)
    return min(0.95, 0.5 + 0.1 * count) if count and "station" in there else 0.4 * bool(count)


def split_heading(heading: str) -> tuple[str, str | None]:
    """氨氮(mg/L) → 氨氮, mg/L; what stands in the brackets may be something else than a unit."""
    found = _HEADING.match(heading)
    return (found[1], found[2]) if found else (heading, None)


@cache
def item_names() -> dict[str, str]:
    """Folded name → id of the item, for all names by which items are known."""
    return _SPELLINGS | {
        folded(name): item.id
        for item in known_items().values()
        for name in (item.id, item.title.zh, item.title.en, *item.aliases)
    }


def item_named(name: str) -> str | None:
    """The item that a heading or delivered name means, whatever stands beside it."""
    return item_and_unit(name)[0]


@lru_cache(maxsize=4096)
def item_and_unit(name: str) -> tuple[str | None, str | None]:
    """The item that a heading or delivered name means, and the unit as it is written there.

    细颗粒物（PM2.5）, 总磷（以P计）(mg/L), 氨氮浓度 mg/L, 氨氮/mg/L. What stands in brackets and is
    neither the item again nor a remark is taken for a unit, also one that is not known.
    """
    known, base = item_names(), name.strip()
    if (whole := known.get(folded(base))) is not None:
        return whole, None
    remarks: list[str] = []
    item = None
    while item is None and (found := _HEADING.match(base)):
        base = found[1]
        remarks.append(found[2])
        item = _plainly(base)
    if not remarks:
        item = _plainly(base)
    if item is None:
        return _with_unit_behind(base)
    parts = [part.strip() for one in remarks for part in _PARTS.split(one)]
    written = [part for part in parts if not _is_remark(part)]
    good = [one for one in written if units.unit_of(one) is not None]
    return item, next(iter([*good, *written]), None)


def _plainly(base: str) -> str | None:
    """The item that a text names, without words of measuring behind it."""
    known, plain = item_names(), folded(base)
    endings = sorted(usual("item_words")["measured"], key=len, reverse=True)
    cut = (plain.removesuffix(word).rstrip("_-") for word in ("", *endings))
    return next((known[one] for one in cut if one in known), None)


def _with_unit_behind(base: str) -> tuple[str | None, str | None]:
    for gap in _BETWEEN.finditer(base):
        left, right = base[: gap.start()], base[gap.end() :]
        if units.unit_of(right) is not None and (item := _plainly(left)) is not None:
            return item, right
    return None, None


def _is_remark(text: str) -> bool:
    plain = folded(text)
    return plain in item_names() or plain in usual("item_words")["remark"]
