"""From the project to courses: readings, days, months, and what they are set against.

Runs on any thread; what was read is kept until the project changes, so that a change of the view
reads nothing twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from gridmap.capabilities.readings.page.data import (
    NOTHING,
    STANDING,
    Choices,
    Course,
    Panel,
    Part,
    Texts,
    bands_of,
    item_label,
)
from gridmap.capabilities.readings.work.means import PERIOD, Mode, means_of, spreads_of
from gridmap.capabilities.stations.rules import Stated
from gridmap.capabilities.stations.work import standing as classing
from gridmap.capabilities.stations.work.facts import STATION_READS, StationFacts
from gridmap.capabilities.stations.work.judged import MISSING, judged
from gridmap.capabilities.stations.work.upstream import NoUpstream, Upstream, upstream_of
from gridmap.core.moments import SECOND_US
from gridmap.standards import item_files as tables
from gridmap.standards import sequences as series
from gridmap.standards.classing import ClassCourse, Medium, days_of, hourly_air_course
from gridmap.standards.classing.course import Grades, Marks, Numbers, Times
from gridmap.standards.classing.limits import (
    Stretch,
    air_limits,
    class_limits,
    exceeding,
    index_limits,
    water_grades,
    water_limits,
)
from gridmap.standards.files import standards
from gridmap.standards.tables import Days, Period
from gridmap.store.changes import JUDGED, roles
from gridmap.store.project import Project
from gridmap.texts import current_language, t

MOST_PANELS: Final = 4
COURSE_READS: Final = JUDGED | STATION_READS | roles("reach")
"""What the courses of the dock are made of."""

_CONCENTRATION: Final = ("/L", "/m³")


@dataclass(frozen=True)
class Wanted:
    """What the dock asks for: a station, items, a way to show them, what to set them against."""

    station: str
    items: tuple[str, ...]
    mode: Mode = Mode.READINGS
    last_year: bool = False
    upstream: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answer:
    """What the dock shows: panels, and the next station upstream or why there is none."""

    panels: tuple[Panel, ...]
    upstream: Upstream | NoUpstream


_BY_BODY: Final = frozenset({"tp", STANDING})  # limits of total phosphorus differ in lakes


class Reader:
    """Reads courses of one project. May be used from several threads."""

    def __init__(self, project: Project, choices: Choices) -> None:
        self.project = project
        self.choices = choices

    def answer(self, wanted: Wanted) -> Answer:
        """One panel for each item that has points, with what it is set against.

        Raises:
            ProjectError: if the project cannot be read.
        """
        facts = self.choices.facts[wanted.station]
        upstream = upstream_of(self.project, facts, self.choices.facts.values())
        panels = [self._panel(wanted, item) for item in wanted.items[:MOST_PANELS]]
        return Answer(tuple(panel for panel in panels if _has_points(panel.main)), upstream)

    def course(self, station: str, item: str, mode: Mode) -> Course:
        """One course, read once until its readings, or what judges them, change."""
        mode = Mode.DAILY if mode is Mode.CALENDAR else mode
        facts, language = self.choices.facts[station], current_language()
        found = self.project.derived(_kept_course, COURSE_READS, language, facts, item, mode)
        return _without_standard(found) if station in self.choices.outlets else found

    def _panel(self, wanted: Wanted, item: str) -> Panel:
        main = self.course(wanted.station, item, wanted.mode)
        remarks: list[str] = []
        facts = self.choices.facts[wanted.station]
        assumed = facts.medium is Medium.WATER and facts.body_by is Stated.NOTHING
        if assumed and item in _BY_BODY and facts.code not in self.choices.outlets:
            remarks.append(t("series.assumed_river"))
        against = list(self._against(wanted, item, main, remarks))
        return Panel((main, *against), tuple(remarks))

    def _against(
        self, wanted: Wanted, item: str, main: Course, remarks: list[str]
    ) -> Iterator[Course]:
        if wanted.last_year:
            shifted = last_year(main)
            if shifted is None:
                remarks.append(t("series.compare.no_last_year"))
            else:
                yield shifted
        if wanted.upstream:
            facts = self.choices.facts[wanted.station]
            asked = None if item == STANDING else item
            found = upstream_of(self.project, facts, self.choices.facts.values(), asked)
            if isinstance(found, NoUpstream):
                remarks.append(why_no_upstream(found))
            else:
                name = t(
                    "series.compare.upstream_name",
                    station=found.station.name,
                    km=f"{found.distance_m / 1000:.1f}",
                )
                course = self.course(found.station.code, item, wanted.mode)
                yield replace(course, part=Part.UPSTREAM, label=name)
        for rank, code in enumerate(wanted.others):
            facts = self.choices.facts[code]
            if item == STANDING or item in facts.items:
                course = self.course(code, item, wanted.mode)
                yield replace(course, part=Part.OTHER, label=facts.name, rank=rank)
            else:
                remarks.append(t("series.compare.not_measured", station=facts.name))


def _kept_course(
    project: Project, _language: str, facts: StationFacts, item: str, mode: Mode
) -> Course:
    """A course in the words of a language."""
    return read_course(project, facts, item, mode)


def _without_standard(course: Course) -> Course:
    """A course of a discharge: classes of surface water or ambient air say nothing about it."""
    grades, beyond = np.zeros_like(course.grades), np.zeros_like(course.beyond)
    return replace(course, stretches=(), grades=grades, beyond=beyond)


def _has_points(course: Course) -> bool:
    """Whether there is anything to draw: a value, or the box of a period without a valid mean."""
    boxes = course.spreads is not None and bool(course.spreads.count.any())
    return bool(course.figures.count) or boxes


def why_no_upstream(reason: NoUpstream) -> str:
    """The reason in words."""
    return t(f"series.upstream.{reason.value}")


def last_year(course: Course) -> Course | None:
    """A course moved on by a year, for laying it under itself; None if it is too short for that."""
    moved, there = series.a_year_later(course.times)
    begun = moved <= (course.times[-1] if len(course.times) else 0.0)
    if not begun.any():
        return None
    keep = np.flatnonzero(there)[begun]
    return replace(
        course,
        times=moved[begun],
        readings=course.readings[keep],
        flags=course.flags[keep],
        used=course.used[keep],
        why=course.why[keep],
        grades=course.grades[keep],
        beyond=course.beyond[keep],
        left_out=NOTHING,
        bands=(),
        spreads=None,
        standing=None,
        part=Part.LAST_YEAR,
        label=t("series.compare.last_year"),
    )


def read_course(
    project: Project, facts: StationFacts, item: str, mode: Mode = Mode.READINGS
) -> Course:
    """Read one series whole: readings, or means of days or months, with class and limits.

    Args:
        project: where it is.
        facts: the station.
        item: id of the item, or `STANDING`.
        mode: readings, days or months.
    """
    if item == STANDING:
        return _standing(project, facts, mode)
    frame = judged(project, facts.code, item)
    times: Times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
    used = frame["used"].to_numpy(np.bool_)
    values = frame["value"].to_numpy(np.float64)
    unused = ~used & ~np.isnan(values)
    left_out = times[unused] / SECOND_US, values[unused]
    if mode is Mode.READINGS:
        days = days_of(times, _labels(facts))
        grades = _reading_grades(facts, item, times, days, np.where(used, values, np.nan))
        flags, why = (frame[name].to_numpy(object) for name in ("flag", "why"))
        course = _course(project, facts, item, mode, times, days, values, grades, used, flags, why)
        return replace(course, left_out=left_out)
    counted = frame["counted"].to_numpy(np.float64)
    means = means_of(facts, item, mode, times, counted)
    days = days_of(means.starts, Medium.WATER)
    grades = means.grades
    if facts.medium is Medium.WATER:
        grades = water_grades(standards().water, item, facts.body, days, means.values)
    course = _course(project, facts, item, mode, means.starts, days, means.values, grades)
    spreads = spreads_of(facts, mode, times, np.where(used, values, np.nan))
    return replace(course, spreads=spreads, left_out=left_out)


def _course(  # noqa: PLR0913, PLR0917  the columns of one series
    project: Project,
    facts: StationFacts,
    item: str,
    mode: Mode,
    at: Times,
    days: Days,
    values: Numbers,
    grades: Grades,
    used: Marks | None = None,
    flags: Texts | None = None,
    why: Texts | None = None,
) -> Course:
    """Put a course together; means stand in the middle of their period."""
    period = PERIOD.get(mode, 0.0)
    times = at / SECOND_US + period / 2
    step = period or series.expected_step(times)
    steps = period or series.rhythms(times)
    entry = tables.items().get(item)
    unit = project.series.unit(facts.code, item) or (entry.unit if entry else "")
    used = ~np.isnan(values) if used is None else used
    nothing = np.full(len(values), "", dtype=object)
    stretches = _stretches(facts, item, mode, days)
    seen = np.where(used, values, np.nan)
    return Course(
        title=item_label(item, unit),
        unit="" if unit == "1" else unit,
        decimals=entry.decimals if entry else 2,
        times=times,
        readings=values,
        flags=nothing if flags is None else flags,
        step_s=step,
        bands=bands_of(project, facts.code, item, (times, values, steps)),
        figures=series.figures(times, seen, steps, int((~used & ~np.isnan(values)).sum())),
        from_zero=unit.endswith(_CONCENTRATION),
        station=facts.code,
        name=facts.name,
        item=item,
        used=used,
        why=nothing if why is None else why,
        grades=grades,
        beyond=exceeding(stretches, days, seen),
        water=facts.medium is Medium.WATER,
        stretches=stretches,
        mode=mode,
    )


def _labels(facts: StationFacts) -> Medium:
    """Whose way of labelling readings have: hours of air by their end, days by their begin."""
    return Medium.WATER if facts.rhythm is Period.DAY else facts.medium


def _standing(project: Project, facts: StationFacts, mode: Mode) -> Course:
    """The class, or the AQI, of the station itself. There is no AQI of a month: days are shown."""
    water = facts.medium is Medium.WATER
    period = {Mode.DAILY: Period.DAY, Mode.MONTHLY: Period.MONTH if water else Period.DAY}.get(mode)
    mode = Mode.DAILY if mode is Mode.MONTHLY and not water else mode
    found = classing.course(project, facts, period)
    values = np.where(found.grade > 0, found.grade, np.nan) if water else found.index
    readings = mode is Mode.READINGS
    days = days_of(found.times, _labels(facts) if readings else Medium.WATER)
    why = _without_class(project, facts, found) if water and readings else None
    course = _course(
        project, facts, STANDING, mode, found.times, days, values, found.grade, why=why
    )  # fmt: skip
    title = t("series.standing_water") if water else t("series.standing_air")
    return replace(course, title=title, unit="", decimals=0, from_zero=not water, standing=found)


def _without_class(project: Project, facts: StationFacts, found: ClassCourse) -> Texts:
    """Why single readings of water have no class, "" where they have one.

    A flag, maintenance or an exclusion of an item that the class needs is told before a value that
    is merely not there.
    """
    why = np.full(len(found.times), "", dtype=object)
    missing = found.grade == 0
    needed = {item for rule in standards().water.realtime for item in rule.required}
    for item in (one for one in facts.items if one in needed):
        frame = judged(project, facts.code, item)
        times: Times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
        place = np.searchsorted(found.times, times)
        reasons = frame["why"].to_numpy(object)
        told = missing[place] & (why[place] == "") & (reasons != "") & (reasons != MISSING)
        why[place[told]] = reasons[told]
    why[missing & (why == "")] = MISSING
    return why


def _reading_grades(
    facts: StationFacts, item: str, times: Times, days: Days, values: Numbers
) -> Grades:
    """Class or level of each reading of one item."""
    rules = standards()
    if facts.medium is Medium.WATER:
        return water_grades(rules.water, item, facts.body, days, values)
    nothing = np.zeros(len(times), np.int8)
    if not len(times):
        return nothing
    if facts.rhythm is Period.DAY:
        daily = means_of(facts, item, Mode.DAILY, times, values).grades
        return daily if len(daily) == len(times) else nothing
    others = [curve.item for curve in rules.air.curve if curve.item != item]
    found: ClassCourse = hourly_air_course(rules.air, times, {item: values}, others)
    return found.item_grades.get(item, nothing)


def _stretches(facts: StationFacts, item: str, mode: Mode, days: Days) -> tuple[Stretch, ...]:
    """Limits and levels of the days from the first to the last point."""
    if not len(days):
        return ()
    first, last = (day.astype("datetime64[D]").item() for day in (days[0], days[-1]))
    if mode is Mode.MONTHLY:  # the last month is drawn to its end
        last += timedelta(days=30)
    rules = standards()
    if facts.medium is Medium.WATER:
        if item == STANDING:
            return class_limits(rules.water, facts.target, first, last)
        return water_limits(rules.water, item, facts.body, facts.target, first, last)
    if item == STANDING:
        return index_limits(rules.air, first, last)
    return air_limits(rules.air, item, _air_period(facts, mode), first, last)


def _air_period(facts: StationFacts, mode: Mode) -> Period:
    if mode is Mode.MONTHLY:
        return Period.MONTH
    return Period.DAY if mode is Mode.DAILY or facts.rhythm is Period.DAY else Period.HOUR
