"""From the store to classes: courses of one station, the state of all of them at a moment.

Readings that judgements leave out (`judged`) are missing here. Everything runs on any thread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.core.moments import micros_of, moment_of
from gridmap.standards.classing import (
    ClassCourse,
    Medium,
    daily_air_course,
    hourly_air_course,
    mean_water_course,
    water_course,
)
from gridmap.standards.classing.course import Grades, Numbers, Times
from gridmap.standards.files import standards
from gridmap.standards.tables import Period
from gridmap.store.project import Project

HOURLY_BY_TEXT: Final = "air.hourly_by_text"
"""Setting: the hourly AQI before 2026-03-01 by the text of HJ 633-2012 instead of as published."""

STEP: Final[Mapping[Period, timedelta]] = {
    Period.HOUR: timedelta(hours=1),
    Period.FOUR_HOURS: timedelta(hours=4),
    Period.DAY: timedelta(days=1),
}
"""The time between two readings of a rhythm."""

FRESH_STEPS: Final = 2
"""A reading is the present state for so many steps of its rhythm; then it is old."""

_MEMORY: Final = timedelta(hours=24)  # moving means look back so far
_EARLIER: Final = timedelta(days=30)  # a replay knows for so long before it how old a reading is


@dataclass(frozen=True)
class Standing:
    """How a station stands at a moment, from its latest reading.

    Attributes:
        facts: the station.
        at: time of the reading, aware; None if there is none.
        grade: class of water or level of the AQI, 1–6; 0 if there is none.
        index: the AQI, None if there is none or for water.
        deciding: items that decided it.
        age: time since the reading, None without one.
        fresh: whether the reading still says how it stands now.
    """

    facts: StationFacts
    at: datetime | None
    grade: int
    index: int | None
    deciding: tuple[str, ...]
    age: timedelta | None
    fresh: bool


@dataclass(frozen=True, eq=False)
class Replay:
    """How all stations stood at k moments, m stations.

    Attributes:
        stations: shape (m,).
        times: shape (k,), microseconds since 1970 UTC, evenly spaced.
        grade: shape (k, m), of the latest reading at that time, 0 if it has none.
        index: shape (k, m), the AQI, NaN without one.
        age_h: shape (k, m), hours since that reading, NaN before the first.
    """

    stations: tuple[StationFacts, ...]
    times: Times
    grade: Grades
    index: Numbers
    age_h: Numbers

    def standing(self, moment: int) -> tuple[tuple[int, float, float], ...]:
        """Grade, AQI and age in hours of each station at one of the moments."""
        return tuple(
            zip(
                self.grade[moment].tolist(),
                self.index[moment].tolist(),
                self.age_h[moment].tolist(),
                strict=True,
            )
        )


def readings_of(
    project: Project,
    facts: StationFacts,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    for_means: bool = False,
    judge: Judge | None = None,
) -> tuple[Times, dict[str, Numbers]]:
    """What judgements may use of a station's readings, on the union of their times.

    Args:
        project: the project.
        facts: the station.
        start: first moment, aware, included; None leaves the side open.
        end: last moment, aware, excluded.
        for_means: non-detects as means count them; else the limit of detection.
        judge: decides which readings count; made anew if omitted.

    Returns:
        Times (n,), microseconds since 1970 UTC, and item to values (n,), NaN where missing or
        left out.
    """
    judge = judge or Judge(project, facts.code)
    columns: dict[str, tuple[Times, Numbers]] = {}
    for item in facts.items:
        frame = project.series.read(facts.code, item, start, end)
        at = pd.DatetimeIndex(frame.index).as_unit("us").asi8
        values = frame["value"].to_numpy(np.float64)
        flags = frame["flag"].to_numpy(dtype=object)
        decided = judge.decide((facts.code, item), at, values, flags)
        used = decided.counted if for_means else np.where(decided.used, values, np.nan)
        columns[item] = at, used
    times = np.unique(np.concatenate([np.zeros(0, np.int64), *(t for t, _ in columns.values())]))
    placed = {}
    for item, (at, values) in columns.items():
        placed[item] = np.full(len(times), np.nan)
        placed[item][np.searchsorted(times, at)] = values
    return times, placed


def course(
    project: Project,
    facts: StationFacts,
    period: Period | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    judge: Judge | None = None,
) -> ClassCourse:
    """The classes of a station: of every reading, or of the means of a period.

    Args:
        project: the project.
        facts: the station, from `stations_of`.
        period: None for every reading; day, month, quarter or year for means. The AQI has
            no longer period than the day.
        start: first moment, included.
        end: last moment, excluded.
        judge: decides which readings count; made anew if omitted.

    Raises:
        ValueError: for the AQI of a month or longer.
    """
    early = start - _MEMORY if start is not None and facts.medium is Medium.AIR else start
    means = period is not None
    times, values = readings_of(project, facts, early, end, for_means=means, judge=judge)
    by_text = bool(project.settings.get(HOURLY_BY_TEXT, False))
    whole = _course_of(facts, period, times, values, by_text=by_text)
    if start is None or early == start:
        return whole
    return whole.since(micros_of(start))


def _course_of(
    facts: StationFacts,
    period: Period | None,
    times: Times,
    values: Mapping[str, Numbers],
    *,
    by_text: bool,
) -> ClassCourse:
    tables = standards()
    if facts.medium is Medium.WATER:
        if period is None:
            return water_course(tables.water, facts.body, times, values)
        return mean_water_course(tables.water, facts.body, times, values, facts.rhythm, period)
    unmeasured = [item for item in _aqi_items() if item not in values]
    if period is None and facts.rhythm is not Period.DAY:
        return hourly_air_course(tables.air, times, values, unmeasured, by_text=by_text)
    if period in {None, Period.DAY}:
        counted = Period.DAY if facts.rhythm is Period.DAY else Period.HOUR
        return daily_air_course(tables.air, times, values, unmeasured, counted=counted)
    raise ValueError(f"there is no AQI of a {period}")


def _aqi_items() -> tuple[str, ...]:
    return tuple(dict.fromkeys(curve.item for curve in standards().air.curve))


def latest(
    project: Project, at: datetime, stations: Mapping[str, StationFacts] | None = None
) -> list[Standing]:
    """How every station stands at a moment; those that were silent for days say so.

    The last reading that has a class counts; readings without one (maintenance) are passed
    over, and what is older than two steps of the rhythm is no longer fresh.

    Args:
        project: the project.
        at: the moment, aware.
        stations: those of `stations_of`; read if omitted.
    """
    known = stations_of(project) if stations is None else stations
    keys = project.series.keys()
    last = keys.groupby("station")["last"].max()
    judge = Judge(project)
    standings = []
    for facts in known.values():
        until = min(pd.Timestamp(at), last[facts.code]).to_pydatetime()
        end = until + timedelta(microseconds=1)
        found = course(project, facts, None, until - _MEMORY, end, judge)
        standings.append(_standing(facts, found, at))
    return standings


def _standing(facts: StationFacts, found: ClassCourse, at: datetime) -> Standing:
    classed = np.flatnonzero(found.grade > 0)
    if not len(classed):
        return Standing(facts, None, 0, None, (), None, fresh=False)
    place = int(classed[-1])
    moment = moment_of(found.times[place])
    age = at - moment
    index = found.index[place]
    return Standing(
        facts=facts,
        at=moment,
        grade=int(found.grade[place]),
        index=None if np.isnan(index) else int(index),
        deciding=found.deciding_at(place),
        age=age,
        fresh=age <= FRESH_STEPS * STEP[facts.rhythm],
    )


def replay(
    project: Project,
    start: datetime,
    end: datetime,
    step: timedelta = timedelta(hours=1),
    tell: Callable[[float], None] = lambda _: None,
) -> Replay:
    """How all stations stood between two moments, both included.

    Args:
        project: the project.
        start: first moment, aware.
        end: last moment, aware.
        step: the time between two moments.
        tell: hears of progress, 0–1; may raise to stop.
    """
    stations = tuple(stations_of(project).values())
    first, last = micros_of(start), micros_of(end)
    times = np.arange(first, last + 1, int(step / timedelta(microseconds=1)), dtype=np.int64)
    shape = (len(times), len(stations))
    grade = np.zeros(shape, np.int8)
    index, age = np.full(shape, np.nan), np.full(shape, np.nan)
    judge, before, until = Judge(project), start - _EARLIER, end + timedelta(microseconds=1)
    for column, facts in enumerate(stations):
        tell(column / max(len(stations), 1))
        found = course(project, facts, None, before, until, judge)
        classed = found.grade > 0
        at = found.times[classed]
        place = np.searchsorted(at, times, side="right") - 1
        there = place >= 0
        grade[there, column] = found.grade[classed][place[there]]
        index[there, column] = found.index[classed][place[there]]
        age[there, column] = (times[there] - at[place[there]]) / 3.6e9
    return Replay(stations, times, grade, index, age)
