"""The AQI of each hour and each day of an air station.

The arithmetic is that of `ambient_air` and `air_statistics`; this module makes courses of it.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gridmap.core.moments import HOUR_US, OFFSET_US
from gridmap.standards.air_standards import AirTables
from gridmap.standards.air_statistics import moving_means, ozone_days_on
from gridmap.standards.ambient_air import NO_INDEX, AqiArrays, daily_aqi_many, hourly_aqi_many
from gridmap.standards.classing.course import (
    ClassCourse,
    Grades,
    Medium,
    Numbers,
    Times,
    days_of,
    from_wall_clock,
)
from gridmap.standards.tables import (
    Days,
    Period,
    StandardError,
    in_force,
    least_sure,
    spans,
    the_one,
    validity_of,
)

_QUANTITY: Final = re.compile(r"(\w+?)_(\d+)h(_max)?")


def hourly_air_course(
    tables: AirTables,
    times: Times,
    values: Mapping[str, Numbers],
    not_monitored: Collection[str] = (),
    *,
    by_text: bool = False,
) -> ClassCourse:
    """The AQI of each hour of an air station, as the national platform publishes it.

    By the text of HJ 633-2012 moving means (O3 over 8 hours, particles over 24 where the hour is
    missing) count, too; they are made of the hours before, with as many as the tables ask for.

    Args:
        tables: the tables of ambient air.
        times: ends of the hours, shape (n,).
        values: item to means of the hour, μg/m³ (CO mg/m³), shape (n,).
        not_monitored: items outside the monitoring plan.
        by_text: count what the text of the standard counts beyond what is published.
    """
    days = days_of(times, Medium.AIR)
    quantities: dict[str, Numbers] = {}
    for row in tables.hourly:
        item, hours = _named(row.quantity)
        if not (row.published or by_text):
            continue
        if item in values and row.quantity not in quantities:
            quantities[row.quantity] = (
                values[item] if hours == 1 else _moving(tables, days, times, values[item], hours)
            )
    found = hourly_aqi_many(tables, days, quantities, not_monitored)
    return _air_course(tables, times, days, values, found)


def daily_air_course(
    tables: AirTables,
    times: Times,
    values: Mapping[str, Numbers],
    not_monitored: Collection[str] = (),
    *,
    counted: Period = Period.HOUR,
) -> ClassCourse:
    """The AQI of each day, from valid means of the day and the highest 8 hours of O3.

    Args:
        tables: the tables of ambient air.
        times: ends of the hours (or days, if `counted` is the day), shape (n,).
        values: item to means, μg/m³ (CO mg/m³), shape (n,); of O3 the highest 8 hours if
            `counted` is the day.
        not_monitored: items outside the monitoring plan.
        counted: the rhythm of the values, hour or day.

    Returns:
        A course whose times are the first moments of the days.
    """
    days = days_of(times, Medium.AIR if counted is Period.HOUR else Medium.WATER)
    all_days = np.unique(days)
    quantities: dict[str, Numbers] = {}
    shown: dict[str, Numbers] = {}
    for row in tables.daily:
        item, hours = _named(row.quantity)
        if item not in values or row.quantity in quantities:
            continue
        column = values[item]
        if counted is not Period.HOUR:
            found = (
                _by_day(all_days, days, column) if hours != 1 else np.full(len(all_days), np.nan)
            )
        elif row.quantity.endswith("_max"):
            found = _day_of_ozone(tables, all_days, times, column, hours)
        else:
            found = _day_means(tables, item, all_days, times, column)
        quantities[row.quantity] = found
        if hours != 1:
            shown[item] = found
    arrays = daily_aqi_many(tables, all_days, quantities, not_monitored)
    starts = from_wall_clock(all_days.astype("datetime64[s]"))
    return _air_course(tables, starts, all_days, shown, arrays)


def _named(quantity: str) -> tuple[str, int]:
    """Item and hours of a quantity: "o3_8h_max" is 8 hours of o3."""
    found = _QUANTITY.fullmatch(quantity)
    if found is None:
        raise StandardError("unknown", quantity)
    return found[1], int(found[2])


def _moving(tables: AirTables, days: Days, times: Times, values: Numbers, hours: int) -> Numbers:
    """Means of the hours before each time, on a grid without holes."""
    result = np.full(len(times), np.nan)
    grid, place = _hour_grid(times, values)
    for mask, day in spans((*tables.ozone_day, *tables.validity), days):
        try:
            rule = the_one(tables.ozone_day, day, "O3 of a day")
            least = (
                rule.hours
                if hours == rule.window
                else validity_of(tables.validity, "pm25", Period.DAY, Period.HOUR, day).at_least
            )
        except StandardError:
            continue
        result[mask] = moving_means(grid, hours, least)[place[mask]]
    return result


def _hour_grid(times: Times, values: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
    """Values on every hour from the first to the last, and where each time lies on it."""
    hours = times // HOUR_US
    place = hours - hours[0] if len(hours) else hours
    grid = np.full(int(place[-1]) + 1 if len(place) else 0, np.nan)
    grid[place] = values
    return grid, place


def _day_grid(all_days: Days, times: Times, values: Numbers) -> Numbers:
    """Values of the hours that end at 01:00 … 24:00 of each day, shape (days, 24)."""
    hours = (times + OFFSET_US - 1) // HOUR_US
    day, hour = hours // 24, hours % 24
    grid = np.full((len(all_days), 24), np.nan)
    grid[np.searchsorted(all_days.astype(np.int64), day), hour] = values
    return grid


def _day_means(
    tables: AirTables, item: str, all_days: Days, times: Times, values: Numbers
) -> Numbers:
    result = np.full(len(all_days), np.nan)
    grid = _day_grid(all_days, times, values)
    there = ~np.isnan(grid)
    count = there.sum(axis=1)
    mean = np.where(there, grid, 0.0).sum(axis=1) / np.maximum(count, 1)
    for mask, day in spans(tables.validity, all_days):
        try:
            rule = validity_of(tables.validity, item, Period.DAY, Period.HOUR, day)
        except StandardError:
            # The tables name no day for this item (O3), or are not in force.
            continue
        enough = (count >= rule.at_least) & (count >= rule.at_least_share * 24)
        result[mask] = np.where(enough & (count > 0), mean, np.nan)[mask]
    return result


def _day_of_ozone(
    tables: AirTables, all_days: Days, times: Times, values: Numbers, hours: int
) -> Numbers:
    result = np.full(len(all_days), np.nan)
    grid = _day_grid(all_days, times, values)
    there = ~np.isnan(grid)
    for mask, day in spans((*tables.ozone_day, *tables.limits), all_days):
        try:
            found = ozone_days_on(tables, day, grid[mask])
        except StandardError:
            continue
        if hours == 1:
            # One hour is no day: the highest hour counts on days whose 8 hours count.
            highest = np.where(there, grid, -np.inf)[mask].max(axis=1)
            result[mask] = np.where(found.valid & np.isfinite(highest), highest, np.nan)
            continue
        result[mask] = np.where(found.valid, found.value, np.nan)
    return result


def _by_day(all_days: Days, days: Days, values: Numbers) -> Numbers:
    result = np.full(len(all_days), np.nan)
    result[np.searchsorted(all_days, days)] = values
    return result


def _air_course(
    tables: AirTables, times: Times, days: Days, values: Mapping[str, Numbers], found: AqiArrays
) -> ClassCourse:
    sure = []
    for _, day in spans((*tables.scale, *tables.curve), days):
        rules = (*in_force(tables.scale, day), *in_force(tables.curve, day))
        sure.append(least_sure(rule.confidence_on(day) for rule in rules))
    return ClassCourse(
        Medium.AIR,
        times,
        levels_of(tables, days, found.aqi),
        np.where(found.aqi == NO_INDEX, np.nan, found.aqi.astype(np.float64)),
        values,
        {item: levels_of(tables, days, index) for item, index in found.by_item.items()},
        found.primary,
        least_sure(sure),
    )


def levels_of(tables: AirTables, days: Days, indices: NDArray[np.int16]) -> Grades:
    """The level of each AQI, 1–6, 0 where there is none; shape (n,)."""
    result = np.zeros(len(days), np.int8)
    for mask, day in spans(tables.level, days):
        for level in in_force(tables.level, day):
            here = mask & (indices >= level.lowest) & (indices <= level.highest)
            result[here & (indices != NO_INDEX)] = level.number
    return result
