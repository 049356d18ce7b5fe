"""Statistics of ambient air: moving means, the day of O3, the year of an item, composite index.

GB 3095 table 4 and HJ 663. μg/m³, CO mg/m³. How many values a mean needs is in `Validity`, and
`gridmap.standards.statistics` makes the means.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.air_standards import AirTables, Averaging, OzoneDay, Statistic
from gridmap.standards.statistics import percentile_of
from gridmap.standards.tables import Confidence, StandardError, least_sure, the_one

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class OzoneDays:
    """The highest moving mean of each day, shape (n,).

    Attributes:
        value: μg/m³, NaN if no window is valid.
        windows: how many windows of the day are valid.
        valid: whether the value may be used: enough windows, or above the limit anyway.
    """

    value: Numbers
    windows: NDArray[np.int64]
    valid: NDArray[np.bool_]


@dataclass(frozen=True)
class ItemYear:
    """An item over a year, or another period, against the limits of a grade.

    Attributes:
        mean, mean_limit: annual mean and its limit; the limit is None for CO and O3.
        percentile, daily_limit: percentile of the days and the daily limit; None where the
            standard names no percentile.
        attained: both are kept; None if there is no value at all.
        multiple: how many times the worse of the two exceeds its limit, 0 if neither does.
        confidence: of the weakest rule that was used.
    """

    mean: float
    mean_limit: float | None
    percentile: float | None
    daily_limit: float | None
    attained: bool | None
    multiple: float
    confidence: Confidence


@dataclass(frozen=True)
class Composite:
    """The composite index.

    Attributes:
        value: Σ weight · C / S, NaN if an item is missing. Smaller is better.
        singles: weight · C / S of each item that has a value.
        largest: the items with the largest single index.
        confidence: of the weakest rule; low since 2026, whose text was not seen.
    """

    value: float
    singles: Mapping[str, float]
    largest: tuple[str, ...]
    confidence: Confidence


def moving_means(values: ArrayLike, window: int, at_least: int) -> Numbers:
    """Means of the last `window` values at each place, shape (n,).

    Args:
        values: shape (n,), one an hour without holes, NaN where missing.
        window: how many values a window holds.
        at_least: a window with fewer values has no mean.
    """
    numbers = np.asarray(values, dtype=np.float64)
    padded = np.concatenate((np.full(window - 1, np.nan), numbers))
    return _means(sliding_window_view(padded, window), at_least)


def ozone_days(rule: OzoneDay, limit: float, hours: ArrayLike) -> OzoneDays:
    """The highest moving mean of 8 hours of each day.

    Args:
        rule: windows and how many of them are needed.
        limit: the limit of the highest 8 hours, μg/m³: a day with fewer windows counts if
            what it has is above it.
        hours: shape (n, 24), the means of the hours that end at 01:00 … 24:00.
    """
    numbers = np.asarray(hours, dtype=np.float64)
    windows = sliding_window_view(numbers, rule.window, axis=1)
    means = _means(windows, rule.hours)[:, rule.first_end - rule.window :]
    there = ~np.isnan(means)
    count = there.sum(axis=1)
    value = np.where(count > 0, np.max(np.where(there, means, -np.inf), axis=1), np.nan)
    return OzoneDays(value, count, (count >= rule.windows) | (value > limit))


def ozone_days_on(tables: AirTables, day: date, hours: ArrayLike) -> OzoneDays:
    """The same by the rules of one day, which must hold for all the days given.

    Raises:
        StandardError: on a day without a standard.
    """
    rule = the_one(tables.ozone_day, day, "O3 of a day")
    limit = tables.limit("o3", Averaging.DAY_MAX_8H, day).of_grade(rule.grade)
    return ozone_days(rule, limit, hours)


def assess_item(
    tables: AirTables, day: date, item: str, days: ArrayLike, grade: int = 2
) -> ItemYear:
    """An item over a year: its mean and the percentile of its days against the limits.

    Args:
        tables: the tables of ambient air.
        day: a day of the year; it decides which limits are in force.
        item: as `pm25`.
        days: the valid daily values (O3: highest 8 hours), any shape; NaN is left out.
        grade: 1 for nature reserves and the like, 2 elsewhere.

    Raises:
        StandardError: on a day without a standard.
    """
    numbers = np.asarray(days, dtype=np.float64)
    there = numbers[~np.isnan(numbers)]
    daily = Averaging.DAY_MAX_8H if item == "o3" else Averaging.DAY
    rows = [row for row in tables.percentile if item in row.items]
    limits = {
        averaging: _limit(tables, item, averaging, day, grade)
        for averaging in (Averaging.YEAR, daily)
    }
    method = the_one(rows, day, f"percentile of {item}") if rows else None
    mean = float(there.mean()) if len(there) else math.nan
    percentile = percentile_of(there, method.percent) if method else None
    mean_limit, mean_sure = limits[Averaging.YEAR]
    daily_limit, daily_sure = limits[daily] if method else (None, Confidence.HIGH)
    pairs = [(mean, mean_limit), (percentile, daily_limit)]
    over = [c / s - 1.0 for c, s in pairs if c is not None and s is not None]
    sure = [mean_sure, daily_sure] + ([method.confidence_on(day)] if method else [])
    return ItemYear(
        mean=mean,
        mean_limit=mean_limit,
        percentile=percentile,
        daily_limit=daily_limit,
        attained=all(one <= 0 for one in over) if len(there) and over else None,
        multiple=max((0.0, *over)) if len(there) else math.nan,
        confidence=least_sure(sure),
    )


def composite_index(tables: AirTables, day: date, statistics: Mapping[str, float]) -> Composite:
    """The composite index of a month, quarter or year.

    Args:
        tables: the tables of ambient air.
        day: a day of the period.
        statistics: SO2, NO2, PM10, PM2.5: mean; CO: 95th percentile of the days; O3: 90th
            percentile of the highest 8 hours.

    Raises:
        StandardError: on a day without a standard.
    """
    method = the_one(tables.composite, day, "composite index")
    singles: dict[str, float] = {}
    sure = [method.confidence_on(day)]
    for part in method.parts:
        value = statistics.get(part.item, math.nan)
        if math.isnan(value):
            continue
        limit = tables.limit(part.item, part.averaging, day)
        singles[part.item] = part.weight * value / limit.of_grade(method.grade)
        sure.append(limit.confidence_on(day))
    complete = len(singles) == len(method.parts)
    top = max(singles.values(), default=math.nan)
    return Composite(
        value=math.fsum(singles.values()) if complete else math.nan,
        singles=singles,
        largest=tuple(item for item, one in singles.items() if one == top),
        confidence=least_sure(sure),
    )


def composite_of_days(tables: AirTables, day: date, days: Mapping[str, ArrayLike]) -> Composite:
    """The composite index from the valid daily values of each item; NaN is left out.

    Raises:
        StandardError: on a day without a standard.
    """
    method = the_one(tables.composite, day, "composite index")
    statistics: dict[str, float] = {}
    for part in method.parts:
        numbers = np.asarray(days.get(part.item, ()), dtype=np.float64)
        there = numbers[~np.isnan(numbers)]
        if not len(there):
            continue
        if part.statistic is Statistic.MEAN:
            statistics[part.item] = float(there.mean())
        else:
            rows = [row for row in tables.percentile if part.item in row.items]
            percent = the_one(rows, day, f"percentile of {part.item}").percent
            statistics[part.item] = percentile_of(there, percent)
    return composite_index(tables, day, statistics)


def city_means(tables: AirTables, day: date, points: ArrayLike) -> Numbers:
    """The mean of a city's points at each time; NaN where too few of them are valid.

    The rule is of low confidence: a screen says so.

    Args:
        tables: the tables of ambient air.
        day: a day of the period.
        points: shape (times, points), NaN where a point has no valid value.

    Raises:
        StandardError: on a day without a standard.
    """
    rule = the_one(tables.city, day, "mean of a city")
    numbers = np.asarray(points, dtype=np.float64)
    number = numbers.shape[1]
    share = rule.share_of_few if number < rule.few else rule.share
    return _means(numbers, max(1, math.ceil(share * number - 1e-9)))


def _means(windows: NDArray[np.float64], at_least: int) -> Numbers:
    """Means along the last axis of what is not NaN, NaN where fewer than `at_least`."""
    there = ~np.isnan(windows)
    count = there.sum(axis=-1)
    total = np.where(there, windows, 0.0).sum(axis=-1)
    return np.where(count >= at_least, total / np.maximum(count, 1), np.nan)


def _limit(
    tables: AirTables, item: str, averaging: Averaging, day: date, grade: int
) -> tuple[float | None, Confidence]:
    """A limit and how sure it is; None where the standard names none for that time."""
    try:
        row = tables.limit(item, averaging, day)
    except StandardError as error:
        if error.code == "unknown":
            return None, Confidence.HIGH
        raise
    return row.of_grade(grade), row.confidence_on(day)
