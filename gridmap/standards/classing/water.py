"""The class of each reading of a water station, and of the means of longer periods.

The arithmetic is that of `surface_water`; this module makes courses of it.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

import numpy as np

from gridmap.standards.classing.course import (
    ClassCourse,
    Medium,
    Numbers,
    Times,
    days_of,
    from_wall_clock,
    wall_clock,
)
from gridmap.standards.statistics import averaged
from gridmap.standards.surface_water import item_classes, realtime_classes
from gridmap.standards.tables import (
    EVERY_ITEM,
    Confidence,
    Period,
    StandardError,
    Validity,
    in_force,
    least_sure,
    spans,
    validity_of,
)
from gridmap.standards.water_standards import Body, WaterTables


def water_course(
    tables: WaterTables,
    body: Body,
    times: Times,
    values: Mapping[str, Numbers],
    configured: Collection[str] | None = None,
) -> ClassCourse:
    """The class of each reading of a water station, as `surface_water.realtime_classes`.

    Args:
        tables: the tables of surface water.
        body: lakes have limits of their own.
        times: shape (n,).
        values: item to raw values in the units of GB 3838, shape (n,).
        configured: items that the station measures; None takes those with any value.
    """
    days = days_of(times, Medium.WATER)
    measured = {item for item, column in values.items() if not np.isnan(column).all()}
    configured = measured if configured is None else configured
    grade = realtime_classes(tables, body, days, values, configured)
    item_grades = {item: np.zeros(len(times), np.int8) for item in values}
    sure: list[Confidence] = []
    counting: set[str] = set()
    for mask, day in spans((*tables.limits, *tables.realtime), days):
        if not in_force(tables.limits, day):
            continue
        standard = tables.on(day, body)
        for item, column in values.items():
            if item in standard.limits:
                item_grades[item][mask] = item_classes(standard.limits[item], column[mask])
        for method in in_force(tables.realtime, day):
            counting |= {*method.required, *method.when_configured} & set(values)
            sure.append(method.confidence_on(day))
            sure.append(standard.confidence(tuple(counting)))
    decides = {
        item: (item_grades[item] == grade) & (grade > 1) for item in values if item in counting
    }
    return ClassCourse(
        Medium.WATER, times, grade, np.full(len(times), np.nan), values,
        {item: found for item, found in item_grades.items() if found.any()},
        decides, least_sure(sure),
    )  # fmt: skip


def mean_water_course(
    tables: WaterTables,
    body: Body,
    times: Times,
    values: Mapping[str, Numbers],
    counted: Period,
    period: Period,
) -> ClassCourse:
    """The class of each valid mean of a period, by single factor over the items that have one.

    Args:
        tables: the tables of surface water.
        body: river or lake.
        times: of the readings, shape (n,).
        values: item to raw values, shape (n,).
        counted: the rhythm of the readings: hour, four hours or day.
        period: what is averaged over: day, month, quarter or year.

    Returns:
        A course whose times are the first moments of the periods.
    """
    means = {
        item: valid_means(tables, item, times, column, counted, period)
        for item, column in values.items()
    }
    starts = np.unique(np.concatenate([m[0] for m in means.values()] or [np.zeros(0, np.int64)]))
    aligned = {item: _placed(starts, found[0], found[1]) for item, found in means.items()}
    days = days_of(starts, Medium.WATER)
    grade = np.zeros(len(starts), np.int8)
    item_grades = {item: np.zeros(len(starts), np.int8) for item in aligned}
    sure = [found[2] for found in means.values()]
    evaluated: set[str] = set()
    for mask, day in spans(tables.limits, days):
        if not in_force(tables.limits, day):
            continue
        standard = tables.on(day, body)
        for item, column in aligned.items():
            if item in standard.limits:
                item_grades[item][mask] = item_classes(standard.limits[item], column[mask])
        here = [item for item in standard.evaluated() if item in aligned]
        evaluated |= set(here)
        if here:
            grade[mask] = np.maximum.reduce([item_grades[item][mask] for item in here])
        sure.append(standard.confidence(tuple(here)))
    deciding = {i: (item_grades[i] == grade) & (grade > 1) for i in aligned if i in evaluated}
    return ClassCourse(
        Medium.WATER, starts, grade, np.full(len(starts), np.nan), aligned,
        {item: found for item, found in item_grades.items() if found.any()},
        deciding, least_sure(sure),
    )  # fmt: skip


_ONE_A_DAY: Final = Validity(
    items=(EVERY_ITEM,), period=Period.DAY, counted=Period.DAY, source="one record makes a day",
    valid_from=date.min, confidence=Confidence.HIGH,
)  # fmt: skip
_LONGER: Final = (Period.DAY, Period.MONTH, Period.QUARTER, Period.YEAR)


def valid_means(
    tables: WaterTables,
    item: str,
    times: Times,
    values: Numbers,
    counted: Period,
    period: Period,
) -> tuple[Times, Numbers, Confidence]:
    """Means of an item over periods, each length made of the valid means of the shorter one.

    Where the tables speak of no such mean, none is valid.

    Returns:
        First moments of the periods and means, NaN where not valid, shape (m,); and how sure
        the rules of validity are.
    """
    sure: list[Confidence] = []
    steps = [one for one in _LONGER if _rank(counted) < _rank(one) <= _rank(period)]
    if period in {Period.QUARTER, Period.YEAR}:  # a year is made of months, not of quarters
        steps = [one for one in steps if one in {Period.DAY, Period.MONTH, period}]
    moments = wall_clock(times)
    if counted is Period.DAY:  # a day with several records counts once, like any other
        steps = [Period.DAY, *steps]
    day = moments[-1].astype("datetime64[D]").item() if len(moments) else None
    for step in steps:
        if day is None:
            break
        ions = any(item in rule.items for rule in in_force(tables.hydrogen_mean, day))
        try:
            rule = (
                _ONE_A_DAY
                if step is counted
                else validity_of(tables.validity, item, step, counted, day)
            )
        except StandardError:
            return from_wall_clock(moments), np.full(len(moments), np.nan), least_sure(sure)
        sure.append(rule.confidence_on(day))
        found = averaged(moments, values, rule, hydrogen=ions)
        moments, values, counted = found.start, found.usable(), step
    return from_wall_clock(moments), values, least_sure(sure)


def _rank(period: Period) -> int:
    return list(Period).index(period)


def _placed(starts: Times, times: Times, values: Numbers) -> Numbers:
    result = np.full(len(starts), np.nan)
    result[np.searchsorted(starts, times)] = values
    return result
