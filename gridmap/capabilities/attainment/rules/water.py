"""A section over a period: class, target, index, change to a year earlier."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from gridmap.capabilities.attainment.rules.months import QUARTER, YEAR, Months
from gridmap.standards.classing import ClassCourse, Medium, days_of
from gridmap.standards.statistics import (
    Rate,
    mean_of,
    relative_change,
)
from gridmap.standards.surface_water import SectionResult, assess_section
from gridmap.standards.tables import (
    EVERY_ITEM,
    Confidence,
    Period,
    StandardError,
    least_sure,
    validity_of,
)
from gridmap.standards.water_basins import Change, change_of_classes
from gridmap.standards.water_indices import Cwqi, cwqi_of
from gridmap.standards.water_standards import UNCLASSED, Body, WaterClass, WaterTables


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
    if period.count < QUARTER:
        return 1
    try:
        quarter, year = (
            validity_of(tables.validity, item, longer, Period.MONTH, period.last).at_least
            for longer in (Period.QUARTER, Period.YEAR)
        )
    except StandardError:
        return 1
    if period.count == QUARTER:
        return quarter
    return max(quarter, math.ceil(year * period.count / YEAR))


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
