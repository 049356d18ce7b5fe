"""An air station over a period: good days, means, composite index, what is missing for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from gridmap.capabilities.attainment.rules.months import QUARTER, YEAR, Months, later
from gridmap.standards.air_standards import AirTables
from gridmap.standards.air_statistics import Composite, ItemYear, assess_item, composite_of_days
from gridmap.standards.classing import ClassCourse, Medium, days_of
from gridmap.standards.classing.course import Grades, Numbers
from gridmap.standards.statistics import (
    Rate,
    expected_counts,
    needed_counts,
    relative_change,
)
from gridmap.standards.tables import (
    Confidence,
    Days,
    Period,
    StandardError,
    Validity,
    least_sure,
    validity_of,
)


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
    length = {1: Period.MONTH, QUARTER: Period.QUARTER, YEAR: Period.YEAR}.get(period.count)
    rule = None if length is None else _rule(tables, item, length, on)
    if rule is not None:
        count, needed = int(period.holds(there).sum()), _days_needed(rule, period)
        if count < needed:
            return Shortfall(item, count, needed)
    monthly = _rule(tables, item, Period.MONTH, on)
    if monthly is None or not (length is None or (rule is not None and rule.every_month)):
        return None
    for number in range(period.count):
        month = Months(later(period.first, number))
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
