"""The signboards of a project, and the text that belongs on one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from gridmap.capabilities.locate.rules.verdict import Holding, Person, UnitRef
from gridmap.capabilities.locate.work.answering import answer, responsibility_of
from gridmap.capabilities.rivers.rules.boards import Board, BoardState, in_order, judged
from gridmap.capabilities.rivers.rules.file import Term
from gridmap.capabilities.rivers.work.figures import ChiefRules, chief_rules_of
from gridmap.capabilities.rivers.work.waters import Waters, present_waters
from gridmap.core.place import Place
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of


@dataclass(frozen=True)
class ReachEnd:
    """Where a reach begins or ends.

    Attributes:
        lon, lat: degrees of EPSG:4490.
        units: the units there, from the finest up to the one that answers.
        meets: names of other rivers at that node.
    """

    lon: float
    lat: float
    units: tuple[UnitRef, ...]
    meets: tuple[str, ...]


@dataclass(frozen=True)
class SignboardText:
    """What belongs on the signboard of a reach on a day.

    Attributes:
        chiefs: from the highest tier down, vacancies included.
        duties: tier to duties in Chinese and English.
        goal: of the river, "" if none is set.
        supervision_phone: "" if none is set.
    """

    reach_code: str
    reach_name: str
    river_name: str
    start: ReachEnd
    end: ReachEnd
    length_m: float
    chiefs: tuple[Holding, ...]
    duties: Mapping[str, tuple[str, str]]
    goal: str
    supervision_phone: str
    on: date


def terms_of(project: Project) -> dict[str, list[Term]]:
    """Code of a reach to all terms of office on it, as the table of posts has them."""
    persons = {
        str(row.person_id): Person(str(row.name), _text(row.organisation), _text(row.phone))
        for row in project.people().itertuples()
    }
    found: dict[str, list[Term]] = {}
    for row in project.posts().itertuples():
        if row.scope == "reach":
            code = str(row.scope_code)
            person = persons.get(str(row.person_id))
            term = Term(
                code, str(row.role), _text(row.tier), person, _day(row.valid_from),
                _day(row.valid_to),
            )  # fmt: skip
            found.setdefault(code, []).append(term)
    return found


def signboards_of(
    project: Project,
    on: date,
    *,
    reaches: Sequence[str] | None = None,
    terms: Mapping[str, Sequence[Term]] | None = None,
    rules: ChiefRules | None = None,
) -> tuple[BoardState, ...]:
    """All signboards against who is in post on a day, those that are wrong first.

    Args:
        project: the project.
        on: the day asked.
        reaches: only boards of these reaches.
        terms: those of `terms_of`, read if omitted.
        rules: those of `chief_rules_of`, read if omitted.
    """
    held = terms_of(project) if terms is None else terms
    figures = chief_rules_of(project) if rules is None else rules
    states = []
    for _, frame in frames_of(project, "signboard"):
        for row in frame.to_dict("records"):
            reach = _text(row.get("reach_code"))
            if reaches is not None and reach not in reaches:
                continue
            board = Board(
                str(row["code"]), _text(row.get("name")), reach, _text(row.get("chief_name")),
                _text(row.get("chief_phone")), _day(row.get("updated")),
            )  # fmt: skip
            states.append(
                judged(board, held.get(reach, ()), on, figures.board.work_days, figures.calendar)
            )
    return in_order(states)


def outdated_signboards(project: Project, on: date) -> tuple[BoardState, ...]:
    """The signboards on which something is wrong on a day, the longest wrong first."""
    return tuple(one for one in signboards_of(project, on) if one.fault is not None)


def signboard_text(
    project: Project, reach: str, on: date, waters: Waters | None = None
) -> SignboardText:
    """What belongs on the signboard of a reach on a day.

    Args:
        project: the project.
        reach: code of the reach.
        on: the day.
        waters: those of the project, made if omitted.

    Raises:
        ProjectError: `river.error.no_reach` for a code that no layer has.
    """
    water = present_waters(project) if waters is None else waters
    position = water.index.position_of(reach)
    if position is None:
        raise ProjectError("river.error.no_reach", file=project.path.name, code=reach)
    own, length = water.index.reaches[position], float(water.index.lengths_m[position])
    rules = chief_rules_of(project)
    chiefs = responsibility_of(project).chiefs_of(reach, on)
    return SignboardText(
        reach_code=own.code,
        reach_name=own.name,
        river_name=own.river_name,
        start=_end(project, water, position, 0.0, on),
        end=_end(project, water, position, length, on),
        length_m=length,
        chiefs=tuple(reversed(chiefs)),
        duties={one.tier: rules.duties[one.tier] for one in chiefs if one.tier in rules.duties},
        goal=_goal(project, reach, own.river_name),
        supervision_phone=rules.supervision_phone,
        on=on,
    )


def _end(project: Project, waters: Waters, position: int, chainage_m: float, on: date) -> ReachEnd:
    lon, lat = waters.index.place_at(position, chainage_m)
    own = waters.index.reaches[position]
    node = own.from_node if chainage_m == 0.0 else own.to_node
    meets = dict.fromkeys(
        one.river_name
        for one in waters.index.reaches
        if node and node in {one.from_node, one.to_node} and one.river_name != own.river_name
    )
    verdict = answer(project, Place(lon, lat), on)
    owner = verdict.owner.tier if verdict.owner is not None else ""
    units: list[UnitRef] = []
    for link in verdict.chain:
        units.append(link.unit)
        if link.unit.tier == owner:
            break
    return ReachEnd(lon, lat, tuple(units), tuple(name for name in meets if name))


def _goal(project: Project, reach: str, river_name: str) -> str:
    code = ""
    for _, frame in frames_of(project, "reach"):
        for found in frame.loc[frame["code"] == reach, "river_code"]:
            code = _text(found)
    for _, frame in frames_of(project, "river"):
        key, value = ("code", code) if code else ("name", river_name)
        for goal in frame.loc[frame[key] == value, "goal"]:
            return _text(goal)
    return ""


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
