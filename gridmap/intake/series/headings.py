"""What the headings of readings mean: station, time, items with their units, flags."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks.matching import folded, named, usual
from gridmap.intake.series import spread as series_spread
from gridmap.standards.item_files import items as known_items

_HEADING = re.compile(r"^(.*?)\s*[(（\[]([^()（）\[\]]+)[)）\]]$")
_SPELLINGS: Final = {"pm2_5": "pm25"}


@dataclass(frozen=True)
class SeriesPlan:
    """What the reader of a file knows and the file does not say; see `door.load_series`.

    `year` of times that state none: a number, or the heading of a column of full dates.
    `protocol` says what the flags mean (an id of `resources/standards/data_flags.csv`); None
    leaves it to the file, "" = not known.
    """

    zone: str
    station: str | None = None
    columns: Mapping[str, str] | None = None
    items: Mapping[str, str] | None = None
    units: Mapping[str, str] | None = None
    stations: Mapping[str, str] | None = None
    year: int | str | None = None
    protocol: str | None = None


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
    known = item_names()
    count = sum(folded(split_heading(column)[0]) in known for column in table.cells.columns)
    return min(0.95, 0.5 + 0.1 * count) if count and "station" in there else 0.4 * bool(count)


def split_heading(heading: str) -> tuple[str, str | None]:
    """氨氮(mg/L) → 氨氮, mg/L; what stands in the brackets may be something else than a unit."""
    found = _HEADING.match(heading)
    return (found[1], found[2]) if found else (heading, None)


def item_names() -> dict[str, str]:
    """Folded name → id of the item, for all names by which items are known."""
    return _SPELLINGS | {
        folded(name): item.id
        for item in known_items().values()
        for name in (item.id, item.title.zh, item.title.en, *item.aliases)
    }


def item_named(name: str) -> str | None:
    """The item that a delivered name means, whatever unit it is written with."""
    return item_names().get(folded(split_heading(name)[0]))
