"""What was decided about tables of readings, remembered for the next file of the same headings."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gridmap.intake.cases import Case
from gridmap.intake.choices import SERIES, Choices
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Kind
from gridmap.intake.looks.matching import folded
from gridmap.store import Project

REMEMBERED: Final = "intake.readings."
"""Beginning of the names of the settings; the signature of the headings follows."""

LINKS: Final = "intake.stations"
"""The setting with the stations that were linked by hand: delivered name → code."""

_PLAIN: Final = ("zone", "station", "protocol", "header_row", "date1904", "encoding")
_MAPS: Final = ("columns", "items", "units", "stations")


def signature(table: RawTable) -> str:
    """The same for tables with the same headings, in whatever order."""
    names = sorted(folded(column) for column in table.cells.columns)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def learned(case: Case) -> tuple[str, dict[str, Any]]:
    """The setting that remembers what a person decided about a case.

    Units and stations are remembered as what they are, not as "the proposal was accepted": the
    next file may suggest another unit. A year that came from the file's name comes from the next
    one's name.
    """
    choices = case.choices
    found: dict[str, Any] = {name: getattr(choices, name) for name in _PLAIN}
    found |= {name: dict(getattr(choices, name)) for name in _MAPS}
    found["year"] = choices.year if isinstance(choices.year, str) else None
    found["accepted"] = []
    for finding in case.findings:
        if not finding.accepted:
            continue
        if finding.action is Action.UNIT:
            found["units"][finding.column] = finding.fix
        elif finding.action is Action.STATION:
            found["stations"][finding.value] = finding.fix
        elif finding.action is Action.YEAR:
            found["accepted"].append(finding.group)
    return f"{REMEMBERED}{signature(case.reading.table)}", found


def linked(project: Project, case: Case) -> dict[str, str]:
    """Delivered name → code of all stations that a person has linked, this case's among them."""
    known = dict(links_of(project))
    known |= dict(case.choices.stations)
    for finding in case.findings:
        if finding.accepted and finding.action is Action.STATION and finding.fix is not None:
            known[finding.value] = finding.fix
    return known


def links_of(project: Project) -> Mapping[str, str]:
    """Delivered name → code of the stations that were linked by hand, in whatever file."""
    found = project.settings.get(LINKS, {})
    return found if isinstance(found, dict) else {}


def with_memory(project: Project, table: RawTable, said: Choices) -> Choices:
    """What is said now, over what was decided about a table with these headings before.

    Stations that were linked by hand are linked in every file.
    """
    known: Mapping[str, Any] | None = project.settings.get(f"{REMEMBERED}{signature(table)}")
    links = links_of(project)
    if known is None:
        return replace(said, stations={**links, **said.stations})
    plain = Choices(target=SERIES)
    own = {
        name: getattr(said, name) if getattr(said, name) != getattr(plain, name) else known[name]
        for name in _PLAIN
    }
    maps: dict[str, Any] = {name: {**known[name], **getattr(said, name)} for name in _MAPS[:-1]}
    return replace(
        said, year=known["year"] if said.year is None else said.year,
        accepted=(frozenset(known["accepted"]) - said.refused) | said.accepted,
        stations={**known["stations"], **links, **said.stations}, **own, **maps,
    )  # fmt: skip


def open_questions(case: Case) -> list[str]:
    """What only a person can decide before the readings of a case may be stored, in words."""
    asked = [finding.message for finding in case.blocked]
    asked += [
        finding.message
        for finding in case.findings
        if finding.kind is Kind.STATION_NAMED and not finding.accepted
        and not case.choices.refused & {finding.id, finding.group}
    ]  # fmt: skip
    return asked
