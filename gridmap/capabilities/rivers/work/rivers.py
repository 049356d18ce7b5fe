"""The rivers of a project: one by its name and connection, however many codes it is drawn under."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.capabilities.rivers.work.parts import River
from gridmap.core.rivernet.graphs import parts_of
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_SHOWN: Final = 6
_GRADES: Final = ("province", "city", "county", "township", "village")


@dataclass(frozen=True)
class _Reach:
    """What a reach says of its river."""

    code: str
    river_code: str
    river_name: str
    nodes: tuple[str, str]


def rivers_of(project: Project) -> tuple[River, ...]:
    """The rivers of a project that have reaches, by code.

    Rows of the layer of one name are one river where their reaches are connected, or were numbered
    as one river when the network was built.
    """
    reaches = {one.code: one for one in _reaches(project)}
    by_name: dict[str, list[River]] = defaultdict(list)
    for one in _drawn(project, list(reaches.values())):
        by_name[one.name].append(one)
    found = []
    for name, rivers in by_name.items():
        groups = [rivers] if len(rivers) == 1 else _connected(name, rivers, reaches)
        several = sum(len(group) > 1 for group in groups)
        found += [_merged(group, by_name=several == 1) for group in groups]
    return tuple(sorted(found, key=lambda one: one.code))


def _reaches(project: Project) -> Iterable[_Reach]:
    for _, frame in frames_of(project, "reach"):
        for row in frame.itertuples():
            nodes = _text(row.from_node), _text(row.to_node)
            yield _Reach(str(row.code), _text(row.river_code), _text(row.river_name), nodes)


def _drawn(project: Project, reaches: Sequence[_Reach]) -> list[River]:
    """The rows of the layer that have reaches; and what only reaches name."""
    coded: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for one in reaches:
        if one.river_code:
            coded.setdefault(one.river_code, []).append(one.code)
            names.setdefault(one.river_code, one.river_name)
        else:
            named.setdefault(one.river_name or one.code, []).append(one.code)
    found: dict[str, River] = {}
    for _, frame in frames_of(project, "river"):
        for row in frame.itertuples():
            code, name = str(row.code), _text(row.name)
            own = (*coded.pop(code, ()), *named.pop(name, ()))
            if own:
                found[code] = River(
                    code, name, _text(row.grade), _text(row.basin), float(row.length_km),
                    _text(row.goal), own, (code,),
                )  # fmt: skip
    for key, codes in (*coded.items(), *named.items()):
        name = names.get(key) or key
        found.setdefault(key, River(key, name, reaches=tuple(codes), codes=(key,)))
    return list(found.values())


def _connected(name: str, rivers: Sequence[River], reaches: dict[str, _Reach]) -> list[list[River]]:
    """Rivers of one name, those together that meet at a node or were numbered together."""
    numbers: dict[str, int] = {}

    def number(key: str) -> int:
        return numbers.setdefault(key, len(numbers))

    edges = []
    for place, river in enumerate(rivers):
        own = number(f"river {place}")
        for code in river.reaches:
            ends = [f"node {node}" for node in reaches[code].nodes if node]
            together = [f"numbered {name}"] if code.startswith(f"{name}-") else []
            edges += [(own, number(key)) for key in (*ends, *together)]
    if not edges:
        return [[one] for one in rivers]
    part = parts_of(np.array(edges).T, len(numbers))
    groups: dict[int, list[River]] = defaultdict(list)
    for place, river in enumerate(rivers):
        groups[int(part[numbers[f"river {place}"]])].append(river)
    return list(groups.values())


def _merged(rivers: Sequence[River], *, by_name: bool) -> River:
    """Rivers of one name as one; its code is the name if no other one needs it."""
    if len(rivers) == 1:
        return rivers[0]
    ordered = sorted(rivers, key=lambda one: one.code)
    grades = [one.grade for one in ordered if one.grade]
    return replace(
        ordered[0],
        code=ordered[0].name if by_name else ordered[0].code,
        grade=min(grades, key=_grade, default=""),
        basin="、".join(dict.fromkeys(one.basin for one in ordered if one.basin)),
        length_km=sum(one.length_km for one in ordered),
        goal="；".join(dict.fromkeys(one.goal for one in ordered if one.goal)),
        reaches=tuple(code for one in ordered for code in one.reaches),
        codes=tuple(code for one in ordered for code in one.codes),
    )


def _grade(grade: str) -> int:
    return _GRADES.index(grade) if grade in _GRADES else len(_GRADES)


def find_river(project: Project, wanted: str) -> River:
    """A river by one of its codes or its name, or by the code of one of its reaches.

    Raises:
        ProjectError: `river.error.unknown` or, for a name that several have, `.ambiguous`.
    """
    known = rivers_of(project)
    text = wanted.strip()
    for one in known:
        if text == one.code or text in one.codes or text in one.reaches:
            return one
    named = [one for one in known if one.name == text]
    if len(named) == 1:
        return named[0]
    if named:
        codes = " / ".join(one.codes[0] for one in named)
        raise ProjectError("river.error.ambiguous", name=text, codes=codes)
    if not known:
        raise ProjectError("river.error.none", file=project.path.name)
    some = "、".join(one.name for one in known[:_SHOWN])
    raise ProjectError("river.error.unknown", name=text, known=some, count=len(known))


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
