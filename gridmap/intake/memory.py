"""What a person decided about a file, remembered for the next one of the same shape.

The shape of a file is that of its headings as they are found unasked, in whatever order. What is
remembered is a `Choices` again, in the project's settings, written in the same change as the rows:
window, command line and watched folder recall it through `door.look`, and say so in a finding.
"""

import dataclasses
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

REMEMBERED: Final = "intake.shape."
"""Beginning of the names of the settings; the signature of the headings follows."""

FORMER: Final = "intake.readings."
"""The same for readings, as former versions wrote it."""

LINKS: Final = "station_links"
"""The setting with the stations that were linked by hand: delivered name → code."""

_PLAIN: Final = (
    "target", "zone", "station", "protocol", "header_row", "date1904", "encoding", "crs", "axes",
    "lon", "lat",
)  # fmt: skip
_MAPS: Final = ("columns", "items", "units", "stations", "fixed")


def signature(table: RawTable) -> str:
    """The same for tables with the same headings, in whatever order."""
    names = sorted(folded(column) for column in table.cells.columns)
    if table.geometry is not None:
        names.append("\N{LOZENGE}")
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def learned(case: Case) -> tuple[str, dict[str, Any]]:
    """The setting that remembers what a person decided about a case.

    Units and stations are remembered as what they are, not as "the proposal was accepted": the
    next file may suggest another unit. A year or a key that came from the file's name comes from
    the next one's name. Any other answer about the whole file holds for the next one only where
    the same is proposed again; answers about rows are never remembered.
    """
    choices = case.choices
    found: dict[str, Any] = {name: getattr(choices, name) for name in _PLAIN}
    found |= {name: dict(getattr(choices, name)) for name in _MAPS}
    found["target"] = case.target
    found["file"] = case.source.name
    found["left_out"] = sorted(choices.left_out)
    found["year"] = choices.year if isinstance(choices.year, str) else None
    found["accepted"], found["refused"] = [], []
    for finding in case.findings:
        if finding.accepted and finding.action is Action.UNIT:
            found["units"][finding.column] = finding.fix
        elif finding.accepted and finding.action is Action.STATION:
            found["stations"][finding.value] = finding.fix
        elif finding.accepted and finding.action is Action.YEAR:
            found["accepted"].append(finding.group)
        elif finding.row is None and finding.action in {Action.MAP, Action.FILL, Action.CRS}:
            # The stand-in for a missing key is numbered by the name of its file.
            made = finding.action is Action.FILL and "{row}" in str(finding.fix)
            name = finding.group if made else finding.id
            if finding.accepted:
                found["accepted"].append(name)
            elif choices.refuses(finding):
                found["refused"].append(name)
    return f"{REMEMBERED}{case.shape}", found


def decided(case: Case) -> bool:
    """Whether a person decided anything about a case that is worth remembering."""
    name, found = learned(case)
    del name
    nothing = learned(replace(case, choices=Choices(), outcome=replace(case.outcome, findings=())))
    first = next((guess.target for guess in case.targets), None)
    return found != nothing[1] or case.target != first


def recalled(project: Project, shape: str) -> Choices | None:
    """The choices for a table of a shape that was decided about before; None if it was not."""
    known: Mapping[str, Any] | None = project.settings.get(f"{REMEMBERED}{shape}")
    if known is None:
        known = project.settings.get(f"{FORMER}{shape}")
    if known is None:
        return None
    said: dict[str, Any] = {"target": SERIES}
    said |= {name: known[name] for name in _PLAIN if known.get(name) is not None}
    said |= {name: known.get(name, {}) for name in _MAPS}
    # Who linked a station later, in whatever file, meant this name, too.
    newer = links_of(project)
    said["stations"] = {name: newer.get(name, code) for name, code in said["stations"].items()}
    return Choices(
        **said,
        left_out=frozenset(known.get("left_out", ())),
        year=known["year"],
        accepted=frozenset(known["accepted"]),
        refused=frozenset(known.get("refused", ())),
        recalled=str(known.get("file", "")),
    )


def links_of(project: Project) -> Mapping[str, str]:
    """Delivered name → code of the stations that were linked by hand, in whatever file."""
    found = project.settings.get(LINKS, {})
    return found if isinstance(found, dict) else {}


def linked(project: Project, case: Case) -> dict[str, str]:
    """Delivered name → code of all stations that a person has linked, this case's among them."""
    known = {**links_of(project), **case.choices.stations}
    for finding in case.findings:
        if finding.accepted and finding.action is Action.STATION and finding.fix is not None:
            known[finding.value] = finding.fix
    return known


def over(known: Choices, said: Choices) -> Choices:
    """What was decided before, and over it what is said now."""
    told: dict[str, Any] = {}
    plain = Choices()
    for field in dataclasses.fields(Choices):
        before, now = getattr(known, field.name), getattr(said, field.name)
        if isinstance(now, Mapping):
            told[field.name] = {**before, **now}
        elif isinstance(now, frozenset):
            told[field.name] = before | now
        else:
            told[field.name] = before if now == getattr(plain, field.name) else now
    spoken = (*said.columns.values(), said.lon, said.lat, *said.items)
    headings = {heading for heading in spoken if heading is not None}
    # A heading that is spoken of now means what is said now.
    told["left_out"] -= headings
    told["columns"] = {
        field: heading
        for field, heading in told["columns"].items()
        if field in said.columns or heading not in headings
    }
    told["accepted"] -= said.refused
    told["refused"] -= said.accepted
    return replace(known, **told)


def in_words(choices: Choices) -> list[tuple[str, str]]:
    """What was decided, as (what, value) of the texts `intake.recalled.<what>`."""
    found = [("header_row", str(choices.header_row))] if choices.header_row else []
    found += [("encoding", choices.encoding)] if choices.encoding else []
    found += [("crs", choices.crs)] if choices.crs else []
    columns = [heading for heading in choices.columns.values() if heading]
    columns += [heading for heading in (choices.lon, choices.lat) if heading]
    columns += list(choices.items)
    found += [("columns", ", ".join(dict.fromkeys(columns)))] if columns else []
    found += [("left_out", ", ".join(sorted(choices.left_out)))] if choices.left_out else []
    units = [f"{name} {unit}" for name, unit in choices.units.items()]
    found += [("units", ", ".join(units))] if units else []
    found += [("stations", ", ".join(choices.stations))] if choices.stations else []
    found += [("fixed", ", ".join(map(str, choices.fixed.values())))] if choices.fixed else []
    answers = len(choices.accepted) + len(choices.refused)
    found += [("answers", str(answers))] if answers else []
    return found


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
