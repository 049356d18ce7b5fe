"""How sections and air stations did over a period: attainment, what pollutes, change, rank.

A period is whole months (a month, a quarter, a half year, January to now, a year). Water is
assessed from the mean of the valid monthly means; air from the valid days. The rules in force on
the last day of the period decide, about the months of a year earlier too: only so they compare.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from gridmap.standards.air_standards import AirTables
from gridmap.standards.air_statistics import Composite, ItemYear, assess_item, composite_of_days
from gridmap.standards.classing import ClassCourse, Medium, days_of
from gridmap.standards.classing.course import Grades, Marks, Numbers
from gridmap.standards.statistics import (
    Rate,
    expected_counts,
    mean_of,
    needed_counts,
    ranks,
    relative_change,
)
from gridmap.standards.surface_water import SectionResult, assess_section
from gridmap.standards.tables import (
    EVERY_ITEM,
    Confidence,
    Days,
    Period,
    StandardError,
    Validity,
    least_sure,
    validity_of,
)
from gridmap.standards.water_basins import Change, change_of_classes
from gridmap.standards.water_indices import Cwqi, cwqi_of
from gridmap.standards.water_standards import UNCLASSED, Body, WaterClass, WaterTables

_YEAR: Final = 12
_QUARTER: Final = 3


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
class Shortfall:
    """Too few days of an item for a figure of the period.

    Attributes:
        item: as `pm25`.
        there, needed: valid days, of the period or of the month named.
        month: first day of the first month that has too few; None if the period as a whole has.
    """

    item: str
    there: int
    needed: int
    month: date | None = None


@dataclass(frozen=True)
class WaterPeriod:
    """A section over a period.

    Attributes:
        result: class, main pollutants and what they were made of; None without a valid mean.
        means: item to mean of the period.
        months: how many months have a valid class.
        needed: how many the mean of an item needs: two of a quarter, six of a year, in proportion
            otherwise.
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
    needed: int
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
        composite: the composite index; its value is NaN with an item missing. One with a
            `shortfall` is shown with its reason and takes no place in a ranking.
        primary: item to the days on which it was a primary pollutant, most days first.
        before: good days of the same months a year earlier, of those that have an AQI.
        composite_change: percent, NaN unless both periods are valid; below zero is better.
        confidence: of the weakest rule that was used.
        shortfalls: items with too few valid days for the period (GB 3095 table 4).
    """

    days: Rate
    levels: Mapping[int, int]
    items: Mapping[str, ItemYear]
    composite: Composite | None
    primary: Mapping[str, int]
    before: Rate
    composite_change: float
    confidence: Confidence
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether every item of the composite index has enough days."""
        short = {one.item for one in self.shortfalls}
        return self.composite is None or not short.intersection(self.composite.singles)


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
        needed=_needed(tables, EVERY_ITEM, period),
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
    """How many valid months a mean needs.

    The tables speak of quarters and years. A half year, or January to now, needs as many in
    proportion to a year, from a quarter on not fewer than a quarter does.
    """
    if period.count < _QUARTER:
        return 1
    try:
        quarter, year = (
            validity_of(tables.validity, item, longer, Period.MONTH, period.last).at_least
            for longer in (Period.QUARTER, Period.YEAR)
        )
    except StandardError:
        return 1
    if period.count == _QUARTER:
        return quarter
    return max(quarter, math.ceil(year * period.count / _YEAR))


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
    dates = days_of(days.times, Medium.WATER)
    short = shortfalls(tables, dates, days.measured, period, period.last)
    short_then = shortfalls(tables, dates, days.measured, period.a_year_before, period.last)
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
            relative_change(composite.value, before.value)
            if composite and before and not (short or short_then)
            else np.nan
        ),
        confidence=least_sure(sure + ([composite.confidence] if composite else [])),
        shortfalls=short,
    )


def shortfalls(
    tables: AirTables,
    dates: Days,
    measured: Mapping[str, Numbers],
    period: Months,
    on: date,
) -> tuple[Shortfall, ...]:
    """Items that have too few valid days for a period, each with the first reason.

    Args:
        tables: the tables of ambient air.
        dates: days, `datetime64[D]`, shape (n,).
        measured: item to valid daily values, NaN where missing, shape (n,).
        period: whole months. Of a month, quarter or year the tables say how many days are
            needed; of any other period each month must be valid.
        on: the day whose rules hold.
    """
    found = (
        _shortfall(tables, item, dates[~np.isnan(column)], period, on)
        for item, column in measured.items()
    )
    return tuple(one for one in found if one is not None)


def _shortfall(
    tables: AirTables, item: str, there: Days, period: Months, on: date
) -> Shortfall | None:
    length = {1: Period.MONTH, _QUARTER: Period.QUARTER, _YEAR: Period.YEAR}.get(period.count)
    rule = None if length is None else _rule(tables, item, length, on)
    if rule is not None:
        count, needed = int(period.holds(there).sum()), _days_needed(rule, period)
        if count < needed:
            return Shortfall(item, count, needed)
    monthly = _rule(tables, item, Period.MONTH, on)
    if monthly is None or not (length is None or (rule is not None and rule.every_month)):
        return None
    for number in range(period.count):
        month = Months(_later(period.first, number))
        count, needed = int(month.holds(there).sum()), _days_needed(monthly, month)
        if count < needed:
            return Shortfall(item, count, needed, month.first)
    return None


def _days_needed(rule: Validity, period: Months) -> int:
    start = np.array([period.first], dtype="datetime64[s]")
    possible = expected_counts(start, rule.period, rule.counted)
    return int(needed_counts(rule, start, possible)[0])


def _rule(tables: AirTables, item: str, period: Period, on: date) -> Validity | None:
    try:
        return validity_of(tables.validity, item, period, Period.DAY, on)
    except StandardError:
        return None


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
        composite = [one.composite.value for one in self.air if one.composite and one.valid]
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
