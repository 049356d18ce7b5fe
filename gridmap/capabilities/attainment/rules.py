"""How sections and air stations did over a period: attainment, what pollutes, change, rank.

A period is whole months (a month, a quarter, a half year, January to now, a year). Water is
assessed from the mean of the valid monthly means; air from the valid days. The rules in force on
the last day of the period decide, about the months of a year earlier too: only so they compare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from gridmap.standards.air_standards import AirTables
from gridmap.standards.air_statistics import Composite, ItemYear, assess_item, composite_of_days
from gridmap.standards.classing import ClassCourse, Medium, days_of
from gridmap.standards.classing.course import Grades, Marks, Numbers
from gridmap.standards.statistics import Rate, mean_of, ranks, relative_change
from gridmap.standards.surface_water import SectionResult, assess_section
from gridmap.standards.tables import (
    Confidence,
    Days,
    Period,
    StandardError,
    least_sure,
    validity_of,
)
from gridmap.standards.water_basins import Change, change_of_classes
from gridmap.standards.water_indices import Cwqi, cwqi_of
from gridmap.standards.water_standards import UNCLASSED, Body, WaterClass, WaterTables

_YEAR: Final = 12


@dataclass(frozen=True, order=True)
class Months:
    """Whole months: `count` from `first` (the first day of a month) on."""

    first: date
    count: int = 1

    @property
    def after(self) -> date:
        """The first day after."""
        return _later(self.first, self.count)

    @property
    def last(self) -> date:
        """The last day: what is in force then decides about the whole period."""
        return self.after - timedelta(days=1)

    @property
    def a_year_before(self) -> "Months":
        """The same months a year earlier."""
        return Months(_later(self.first, -_YEAR), self.count)

    def holds(self, days: Days) -> Marks:
        """Which days lie in it, shape (n,)."""
        first, after = np.datetime64(self.first), np.datetime64(self.after)
        inside: Marks = (days >= first) & (days < after)
        return inside


def _later(first: date, months: int) -> date:
    whole = first.year * _YEAR + first.month - 1 + months
    return date(whole // _YEAR, whole % _YEAR + 1, 1)


@dataclass(frozen=True)
class WaterPeriod:
    """A section over a period.

    Attributes:
        result: class, main pollutants and what they were made of; None without a valid mean.
        means: item to mean of the period.
        months: how many months have a valid class; a quarter needs two and a year six.
        days: days whose class keeps the target (Ⅲ where no target is set), of those classed.
        target: the class to keep, None if none is set.
        cwqi: the index for ranking, None without a value.
        before: class of the same months a year earlier, None if unknown.
        change: from then to now, None if unknown.
        cwqi_change: percent, NaN if unknown; below zero is better.
        confidence: of the weakest rule that was used.
    """

    result: SectionResult | None
    means: Mapping[str, float]
    months: int
    days: Rate
    target: WaterClass | None
    cwqi: Cwqi | None
    before: WaterClass | None
    change: Change | None
    cwqi_change: float
    confidence: Confidence

    @property
    def water_class(self) -> WaterClass | None:
        """The class of the period."""
        return None if self.result is None else self.result.water_class

    @property
    def attained(self) -> bool | None:
        """Whether the class keeps the target; None without either."""
        if self.water_class is None or self.target is None:
            return None
        return self.water_class <= self.target


@dataclass(frozen=True)
class AirPeriod:
    """An air station over a period.

    Attributes:
        days: days with an AQI up to 100, of those that have one.
        levels: how many days had each level, 1–6.
        items: item to its mean and percentile against the limits of grade 2.
        composite: the composite index; its value is NaN with an item missing.
        primary: item to the days on which it was a primary pollutant, most days first.
        before: good days of the same months a year earlier, of those that have an AQI.
        composite_change: percent, NaN if unknown; below zero is better.
        confidence: of the weakest rule that was used.
    """

    days: Rate
    levels: Mapping[int, int]
    items: Mapping[str, ItemYear]
    composite: Composite | None
    primary: Mapping[str, int]
    before: Rate
    composite_change: float
    confidence: Confidence


# --- water --------------------------------------------------------------------------------


def assess_water(
    tables: WaterTables,
    body: Body,
    target: WaterClass | None,
    months: ClassCourse,
    days: ClassCourse,
    period: Months,
) -> WaterPeriod:
    """A section over a period, with the same months a year earlier for comparison.

    Args:
        tables: the tables of surface water.
        body: river or lake.
        target: the class to keep.
        months: monthly means (`mean_water_course` with `Period.MONTH`).
        days: daily means, or readings where there is one a day.
        period: whole months.
    """
    now = _means(tables, months, period)
    earlier = _means(tables, months, period.a_year_before)
    result, index = _assessed(tables, period.last, body, now[0])
    before, index_before = _assessed(tables, period.last, body, earlier[0])
    comparable = index and index_before and index.missing == index_before.missing
    was = None if before is None else before.water_class
    change = None
    if result is not None and result.water_class is not None and was is not None:
        change = change_of_classes(tables, period.last, was, result.water_class)
    sure = [one.confidence for one in (result, index) if one is not None]
    return WaterPeriod(
        result=result,
        means=now[0],
        months=now[1],
        days=_kept(days, target or WaterClass.III, period),
        target=target,
        cwqi=index,
        before=was,
        change=change,
        cwqi_change=(
            relative_change(index.value, index_before.value)
            if comparable and index and index_before
            else np.nan
        ),
        confidence=least_sure([*sure, months.confidence]),
    )


def _means(
    tables: WaterTables, months: ClassCourse, period: Months
) -> tuple[dict[str, float], int]:
    """The mean of the valid months of each item, and how many months have a class."""
    inside = period.holds(days_of(months.times, Medium.WATER))
    ions = {item for rule in tables.hydrogen_mean for item in rule.items}
    means = {}
    for item, column in months.measured.items():
        there = column[inside][~np.isnan(column[inside])]
        if len(there) >= _needed(tables, item, period):
            means[item] = mean_of(there.tolist(), hydrogen=item in ions)
    return means, int((months.grade[inside] != UNCLASSED).sum())


def _needed(tables: WaterTables, item: str, period: Months) -> int:
    """How many valid months a mean needs: what the tables say of quarters and years, else one."""
    longer = {3: Period.QUARTER, _YEAR: Period.YEAR}.get(period.count)
    if longer is None:
        return 1
    try:
        rule = validity_of(tables.validity, item, longer, Period.MONTH, period.last)
    except StandardError:
        return 1
    return rule.at_least


def _assessed(
    tables: WaterTables, day: date, body: Body, means: Mapping[str, float]
) -> tuple[SectionResult | None, Cwqi | None]:
    if not means:
        return None, None
    try:
        result = assess_section(tables, day, body, means)
        index = cwqi_of(tables, day, body, means)
    except StandardError:
        return None, None
    return (result if result.water_class is not None else None), (
        index if not np.isnan(index.value) else None
    )


def _kept(days: ClassCourse, target: WaterClass, period: Months) -> Rate:
    grades = days.grade[period.holds(days_of(days.times, Medium.WATER))]
    classed = grades != UNCLASSED
    kept = int((grades[classed] <= target).sum())
    return Rate(kept, int(classed.sum()), int((~classed).sum()))


# --- air ----------------------------------------------------------------------------------


def assess_air(tables: AirTables, days: ClassCourse, period: Months, good: int = 2) -> AirPeriod:
    """An air station over a period, with the same months a year earlier for comparison.

    Args:
        tables: the tables of ambient air.
        days: the AQI of each day (`daily_air_course`).
        period: whole months.
        good: the last level that counts as a good day (良).
    """
    inside = period.holds(days_of(days.times, Medium.WATER))  # days begin at 00:00
    earlier = period.a_year_before.holds(days_of(days.times, Medium.WATER))
    values = {item: column[inside] for item, column in days.measured.items()}
    then = {item: column[earlier] for item, column in days.measured.items()}
    composite = _composite(tables, period.last, values)
    before = _composite(tables, period.last, then)
    items = {}
    for item, column in values.items():
        try:
            items[item] = assess_item(tables, period.last, item, column)
        except StandardError:
            continue
    primary = {item: int(marks[inside].sum()) for item, marks in days.deciding.items()}
    ordered = sorted((i for i in primary if primary[i]), key=lambda i: (-primary[i], i))
    sure = [one.confidence for one in items.values()] + [days.confidence]
    return AirPeriod(
        days=_good(days.grade[inside], good),
        levels={level: int((days.grade[inside] == level).sum()) for level in range(1, 7)},
        items=items,
        composite=composite,
        primary={item: primary[item] for item in ordered},
        before=_good(days.grade[earlier], good),
        composite_change=(
            relative_change(composite.value, before.value) if composite and before else np.nan
        ),
        confidence=least_sure(sure + ([composite.confidence] if composite else [])),
    )


def _good(grades: Grades, good: int) -> Rate:
    known = grades > 0
    return Rate(int((grades[known] <= good).sum()), int(known.sum()), int((~known).sum()))


def _composite(
    tables: AirTables,
    day: date,
    values: Mapping[str, Numbers],
) -> Composite | None:
    try:
        found = composite_of_days(tables, day, values)
    except StandardError:
        return None
    return found if not np.isnan(found.value) else None


# --- units and chiefs ---------------------------------------------------------------------


@dataclass(frozen=True)
class Answerable:
    """Who answers for some sections or stations, and how these did.

    Attributes:
        key: code of the unit, or of the chief's post.
        name: as shown.
        about: the unit's tier, or the chief's role and tier.
        sections: sections that attain their target, of those assessed.
        cwqi: mean index of its sections, NaN without.
        days: good days of air, of all.
        composite: mean composite index of its air stations, NaN without.
        rank_water, rank_air: places from 1, equals share one; 0 without a value.
    """

    key: str
    name: str
    about: str
    sections: Rate
    cwqi: float
    days: Rate
    composite: float
    members: tuple[str, ...] = ()
    rank_water: int = 0
    rank_air: int = 0


@dataclass
class Tally:
    """Gathers what belongs to one unit or chief."""

    name: str
    about: str
    water: list[WaterPeriod] = field(default_factory=list)
    air: list[AirPeriod] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def total(self, key: str) -> Answerable:
        """The sums and means."""
        attained = [one.attained for one in self.water]
        cwqi = [one.cwqi.value for one in self.water if one.cwqi]
        composite = [one.composite.value for one in self.air if one.composite]
        return Answerable(
            key,
            self.name,
            self.about,
            Rate(attained.count(True), len(attained) - attained.count(None), attained.count(None)),
            float(np.mean(cwqi)) if cwqi else np.nan,
            Rate(
                sum(one.days.attained for one in self.air),
                sum(one.days.assessed for one in self.air),
                sum(one.days.without for one in self.air),
            ),
            float(np.mean(composite)) if composite else np.nan,
            tuple(self.members),
        )


def ranked(found: Sequence[Answerable]) -> tuple[Answerable, ...]:
    """With places: water by the CWQI, air by the composite index, the smallest first."""
    water, air = ranks([one.cwqi for one in found]), ranks([one.composite for one in found])
    placed = [
        replace(one, rank_water=int(w), rank_air=int(a))
        for one, w, a in zip(found, water, air, strict=True)
    ]
    return tuple(sorted(placed, key=lambda o: (o.rank_water or 10**6, o.rank_air or 10**6, o.key)))
