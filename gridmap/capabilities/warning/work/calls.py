"""Whom to call when something comes down the river, in which order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from gridmap.capabilities.locate.rules.verdict import Holding, Person, UnitRef, Verdict
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.rivers.work.waters import OnWater, Waters
from gridmap.capabilities.warning.rules import (
    Arrival,
    TargetKind,
    Warning,  # noqa: A004  the field's word
)
from gridmap.core.moments import moment_of
from gridmap.store.project import Project

DRINKING: Final = "drinking"
_TIERS: Final = ("village", "township", "county", "city", "province")
# Who speaks for a unit, the first that is held.
_SPEAKERS: Final = ("grid_head", "general_river_chief", "grid_member")


class CallKind(StrEnum):
    """Why somebody is called: an intake, a chief of a reach, somebody across a border."""

    INTAKE = "intake"
    CHIEF = "chief"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class Contact:
    """Whom an intake names: person, telephone, manager; each may be empty."""

    name: str
    phone: str
    manager: str


@dataclass(frozen=True)
class Call:
    """Somebody to call.

    Attributes:
        order: from 1 on.
        kind: why.
        about: what of theirs is reached: names of reaches, the intake, the border.
        earliest, latest: when the water may arrive there, aware; call before `earliest`.
        who: the post as it is held, or vacant (`person` None); None where there is no post.
        contact: of an intake.
        unit: name of the intake, or of the unit or county across the border.
        use, supplied: of an intake: `drinking`, `industry`, …, and people supplied, 0 unknown.
    """

    order: int
    kind: CallKind
    about: tuple[str, ...]
    earliest: datetime
    latest: datetime
    who: Holding | None = None
    contact: Contact | None = None
    unit: str = ""
    use: str = ""
    supplied: int = 0

    @property
    def name(self) -> str:
        """The person; empty where nobody is known."""
        if self.contact is not None:
            return self.contact.name
        return self.who.person.name if self.who is not None and self.who.person else ""

    @property
    def phone(self) -> str:
        """The telephone in full; empty where none is known."""
        if self.contact is not None:
            return self.contact.phone
        return self.who.person.phone if self.who is not None and self.who.person else ""

    @property
    def organisation(self) -> str:
        """Where the person works."""
        if self.contact is not None:
            return self.contact.manager
        return self.who.person.organisation if self.who is not None and self.who.person else ""


def calls_of(
    project: Project, waters: Waters, found: Warning, verdict: Verdict
) -> tuple[Call, ...]:
    """All calls: intakes first, drinking water before the rest; then by arrival.

    Of people with the same arrival chiefs come before neighbours, and from the village up.

    Args:
        project: that holds the posts.
        waters: the water that was walked.
        found: the arrivals.
        verdict: of the place itself; its day is the day asked.
    """
    day = verdict.on
    intakes = sorted(_intakes(waters, found), key=lambda one: (one.use != DRINKING, one.earliest))
    others = [*_chiefs(project, waters, found, day), *_neighbours(project, found, verdict)]
    others.sort(key=_rank)
    return tuple(replace(one, order=n) for n, one in enumerate([*intakes, *others], start=1))


def _rank(one: Call) -> tuple[Any, ...]:
    tier = "" if one.who is None else one.who.tier
    place = _TIERS.index(tier) if tier in _TIERS else len(_TIERS)
    return one.earliest, one.kind is CallKind.NEIGHBOUR, place, one.name, one.about


def _intakes(waters: Waters, found: Warning) -> Iterator[Call]:
    known = {one.code: one for one in waters.intakes}
    for arrival in found.of(TargetKind.INTAKE):
        one: OnWater = known[arrival.target.code]
        supplied = one.facts.get("supplied")
        yield Call(
            0, CallKind.INTAKE, (one.name,), *_window([arrival]),
            contact=Contact(
                _text(one.facts.get("contact")),
                _text(one.facts.get("phone")),
                _text(one.facts.get("manager")),
            ),
            unit=one.name,
            use=_text(one.facts.get("use")),
            supplied=0 if supplied is None or pd.isna(supplied) else int(supplied),
        )  # fmt: skip


def _chiefs(project: Project, waters: Waters, found: Warning, day: date) -> Iterator[Call]:
    """Chiefs of the reaches that are reached: each person once, a vacancy once for each river."""
    rule = responsibility_of(project)
    rivers = {reach.code: reach.river or reach.name for reach in waters.ways.reaches}
    about: dict[tuple[str, str, str, str], list[Arrival]] = {}
    holdings: dict[tuple[str, str, str, str], Holding] = {}
    for arrival in found.of(TargetKind.REACH):
        for held in rule.chiefs_of(arrival.target.code, day):
            person = held.person
            mark = ("", rivers[arrival.target.code]) if person is None else (
                person.name, person.phone,
            )  # fmt: skip
            key = (held.role, held.tier, *mark)
            holdings.setdefault(key, held)
            about.setdefault(key, []).append(arrival)
    for key, arrivals in about.items():
        names = tuple(dict.fromkeys(one.target.name for one in arrivals))
        yield Call(0, CallKind.CHIEF, names, *_window(arrivals), who=holdings[key])


def _neighbours(project: Project, found: Warning, verdict: Verdict) -> Iterator[Call]:
    """The other bank at once, units below each border that is passed, counties beyond."""
    grid = responsibility_of(project).grid
    units = {unit.code: unit for unit in grid.owners.units}
    tier = grid.tiers.get("county")
    counties = {} if tier is None else {unit.code: unit for unit in tier.units}
    speakers = _Speakers(project, verdict.on)
    own = verdict.owner.code if verdict.owner is not None else ""
    seen = {own}
    for unit, arrival in _across(found, verdict, units):
        if unit.code not in seen:
            seen.add(unit.code)
            yield Call(
                0, CallKind.NEIGHBOUR, (arrival.target.name,), *_window([arrival]),
                who=speakers.of(unit), unit=unit.name,
            )  # fmt: skip
    for arrival in found.of(TargetKind.COUNTY):
        if arrival.target.code in seen:
            continue  # where counties answer themselves
        county = counties.get(arrival.target.code)
        yield Call(
            0, CallKind.NEIGHBOUR, (arrival.target.name,), *_window([arrival]),
            who=None if county is None else speakers.of(county), unit=arrival.target.name,
        )  # fmt: skip


def _across(
    found: Warning, verdict: Verdict, units: Mapping[str, UnitRef]
) -> Iterator[tuple[UnitRef, Arrival]]:
    here = found.arrivals[:1]
    if verdict.river is not None and here and verdict.river.reach_code == found.place.reach:
        for side in verdict.river.sides:
            if side is not None:
                yield side, here[0]
    for arrival in found.of(TargetKind.BORDER):
        for code in arrival.target.code.replace("/", "|").split("|"):
            if code in units:
                yield units[code], arrival


class _Speakers:
    """Who speaks for a unit on a day: its grid head, else who is held, else the vacancy."""

    def __init__(self, project: Project, day: date) -> None:
        posts = project.posts()
        self._posts = posts[(posts["scope"] == "unit") & posts["role"].isin(_SPEAKERS)]
        self._people = project.people().set_index("person_id")
        self._day = day

    def of(self, unit: UnitRef) -> Holding | None:
        """The post, held or vacant; None for a unit that never had any."""
        own = self._posts[self._posts["scope_code"] == unit.code]
        rows: list[dict[str, Any]] = [
            {str(name): value for name, value in row.items()} for row in own.to_dict("records")
        ]
        rows.sort(key=lambda row: _SPEAKERS.index(row["role"]))
        for row in rows:
            if self._held(row):
                return Holding(row["role"], row["tier"], self._person(row), _day(row["valid_from"]))
        return Holding(rows[0]["role"], rows[0]["tier"], None, None) if rows else None

    def _held(self, row: Mapping[str, Any]) -> bool:
        begin, end = _day(row["valid_from"]), _day(row["valid_to"])
        lasts = (begin is None or begin <= self._day) and (end is None or self._day <= end)
        return lasts and row["person_id"] in self._people.index

    def _person(self, row: Mapping[str, Any]) -> Person:
        one = self._people.loc[row["person_id"]]
        return Person(_text(one["name"]), _text(one["organisation"]), _text(one["phone"]))


def _day(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, datetime) else value


def _window(arrivals: list[Arrival]) -> tuple[datetime, datetime]:
    return (
        moment_of(min(one.earliest for one in arrivals)),
        moment_of(max(one.latest for one in arrivals)),
    )


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
