"""How the stations of a project did over a period, and who answers for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np

from gridmap.capabilities.attainment.rules import (
    AirPeriod,
    Answerable,
    Months,
    Tally,
    WaterPeriod,
    assess_air,
    assess_water,
    ranked,
)
from gridmap.capabilities.locate.rules.verdict import Verdict
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.capabilities.stations.work.standing import course
from gridmap.core.moments import ZONE
from gridmap.core.place import Place
from gridmap.standards.classing import Medium
from gridmap.standards.files import standards
from gridmap.standards.tables import Confidence, Period, least_sure
from gridmap.standards.water_basins import BasinResult, assess_basin
from gridmap.store.project import Project
from gridmap.store.roles import frames_of


@dataclass(frozen=True)
class Assessment:
    """How everything did over a period.

    Attributes:
        period: whole months.
        water: stations and sections with their assessment.
        air: air stations with theirs.
        rivers: name of a river to its assessment, where sections name one.
        units: the units of the tier that answers, ranked.
        chiefs: the river chiefs of the reaches with sections, ranked.
        confidence: of the weakest rule that was used.
        with_target: how many sections have a target to keep, assessed or not.
    """

    period: Months
    water: tuple[tuple[StationFacts, WaterPeriod], ...] = ()
    air: tuple[tuple[StationFacts, AirPeriod], ...] = ()
    rivers: Mapping[str, BasinResult] = field(default_factory=dict)
    units: tuple[Answerable, ...] = ()
    chiefs: tuple[Answerable, ...] = ()
    confidence: Confidence = Confidence.HIGH
    with_target: int = 0


def assess(
    project: Project, period: Months, tell: Callable[[float], None] = lambda _: None
) -> Assessment:
    """Assess every station over a period, with the same months a year earlier.

    Args:
        project: the project.
        period: whole months.
        tell: hears of progress, 0–1; may raise to stop.
    """
    stations = list(stations_of(project).values())
    judge = Judge(project)
    water: list[tuple[StationFacts, WaterPeriod]] = []
    air: list[tuple[StationFacts, AirPeriod]] = []
    for place, facts in enumerate(stations):
        tell(place / max(len(stations), 1))
        if facts.medium is Medium.WATER:
            water.append((facts, _water(project, facts, period, judge)))
        else:
            air.append((facts, _air(project, facts, period, judge)))
    units, chiefs = _answerable(project, period, water, air)
    sure = [w.confidence for _, w in water] + [a.confidence for _, a in air]
    return Assessment(
        period, tuple(water), tuple(air), _rivers(water, period), units, chiefs, least_sure(sure),
        _with_target(project, water),
    )  # fmt: skip


def _with_target(project: Project, water: list[tuple[StationFacts, WaterPeriod]]) -> int:
    """How many sections have a target: those of the layers, and stations that are none of them."""
    codes = {
        str(code)
        for _, frame in frames_of(project, "section")
        for code, target in zip(frame["code"], frame["target_class"], strict=True)
        if isinstance(target, str) and target
    }
    others = {facts.code for facts, _ in water if facts.target is not None and not facts.section}
    return len(codes | others)


def months_with_readings(project: Project) -> tuple[date, date] | None:
    """First day of the first and of the last month that has readings; None without any."""
    keys = project.series.keys()
    if not len(keys):
        return None
    first, last = keys["first"].min(), keys["last"].max()
    return date(first.year, first.month, 1), date(last.year, last.month, 1)


def _bounds(period: Months, lead: timedelta = timedelta()) -> tuple[datetime, datetime]:
    """From the same months a year before to the end of the period, both at midnight."""
    start = datetime.combine(period.a_year_before.first, time(), ZONE)
    return start, datetime.combine(period.after, time(), ZONE) + lead


def _water(project: Project, facts: StationFacts, period: Months, judge: Judge) -> WaterPeriod:
    start, end = _bounds(period)
    months = course(project, facts, Period.MONTH, start, end, judge)
    days = course(project, facts, Period.DAY, start, end, judge)
    return assess_water(standards().water, facts.body, facts.target, months, days, period)


def _air(project: Project, facts: StationFacts, period: Months, judge: Judge) -> AirPeriod:
    # The last hour of a day ends at 00:00 of the next.
    start, end = _bounds(period, timedelta(microseconds=1))
    days = course(project, facts, Period.DAY, start, end, judge)
    return assess_air(standards().air, days, period)


def _rivers(
    water: list[tuple[StationFacts, WaterPeriod]], period: Months
) -> dict[str, BasinResult]:
    sections: dict[str, dict[str, Mapping[str, float]]] = {}
    for facts, found in water:
        if facts.river:
            sections.setdefault(facts.river, {})[facts.name] = found.means
    return {
        river: assess_basin(standards().water, period.last, means)
        for river, means in sections.items()
        if any(means.values())
    }


def _answerable(
    project: Project,
    period: Months,
    water: list[tuple[StationFacts, WaterPeriod]],
    air: list[tuple[StationFacts, AirPeriod]],
) -> tuple[tuple[Answerable, ...], tuple[Answerable, ...]]:
    """Units and river chiefs with what they answer for, as of the last day of the period."""
    units: dict[str, Tally] = {}
    chiefs: dict[str, Tally] = {}
    rule, day = responsibility_of(project), period.last
    assessed: list[tuple[StationFacts, WaterPeriod | AirPeriod]] = [*water, *air]
    for facts, found in assessed:
        if np.isnan(facts.lon):
            continue
        verdict = rule.locate(Place(facts.lon, facts.lat), day)
        if verdict.owner is not None and not verdict.provisional:
            owner = verdict.owner
            _add(units.setdefault(owner.code, Tally(owner.name, owner.tier)), facts, found)
        if isinstance(found, WaterPeriod):
            for key, tally in _chiefs(verdict):
                _add(chiefs.setdefault(key, tally), facts, found)
    return (
        ranked([tally.total(key) for key, tally in units.items()]),
        ranked([tally.total(key) for key, tally in chiefs.items()]),
    )


def _chiefs(verdict: Verdict) -> list[tuple[str, Tally]]:
    if verdict.river is None:
        return []
    return [
        (f"{one.role}|{one.tier}|{one.person.name}|{one.person.phone}",
         Tally(one.person.name, one.tier))
        for one in verdict.river.chiefs
        if one.person is not None
    ]  # fmt: skip


def _add(tally: Tally, facts: StationFacts, found: WaterPeriod | AirPeriod) -> None:
    tally.members.append(facts.name)
    if isinstance(found, WaterPeriod):
        tally.water.append(found)
    else:
        tally.air.append(found)
