"""Classes of surface water and the assessment of one section.

GB 3838-2002 and 环办〔2011〕22号. Values are in the units of table 1 (pH without unit, faecal
coliforms per litre, the rest mg/L) and **raw**: 6.998 mg/L is not 7.00, and pH 5.998 is worse
than Ⅴ. A missing value is NaN or not in the mapping at all.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.tables import Confidence, Days, in_force, least_sure, spans, the_one
from gridmap.standards.water_standards import (
    UNCLASSED,
    Body,
    Bound,
    PollutantMethod,
    WaterClass,
    WaterGrade,
    WaterLimit,
    WaterStandard,
    WaterTables,
)

Classes = NDArray[np.int8]
"""Classes 1–6, `UNCLASSED` where there is none."""


@dataclass(frozen=True)
class ItemResult:
    """One item of an assessment.

    `multiple` is (C - S) / S against the limit of Ⅲ; None where it does not exceed, or where
    the method gives the item none (temperature, pH, dissolved oxygen).
    """

    item: str
    value: float
    water_class: WaterClass
    multiple: float | None


@dataclass(frozen=True)
class SectionResult:
    """The assessment of one section.

    Attributes:
        water_class, grade: None if no evaluated item has a value.
        items: the evaluated items that have a value, in the order of table 1.
        limiting: the items that have the class of the section.
        main_pollutants: at most three, the most important first; empty up to Ⅲ.
        separate: total nitrogen (lakes) and faecal coliforms, which do not count.
        missing: evaluated items without a value.
        confidence: of the weakest rule that was used.
    """

    water_class: WaterClass | None
    grade: WaterGrade | None
    items: tuple[ItemResult, ...]
    limiting: tuple[str, ...]
    main_pollutants: tuple[ItemResult, ...]
    separate: tuple[ItemResult, ...]
    missing: tuple[str, ...]
    confidence: Confidence


# --- classes ------------------------------------------------------------------------------


def item_class(limits: Iterable[WaterLimit], value: float) -> WaterClass | None:
    """The class of one value: the best whose limit it keeps, by the worst of its rows.

    Where two classes share a limit the better one is reported.
    """
    if math.isnan(value):
        return None
    return WaterClass(max(_class_by(limit, value) for limit in limits))


def _class_by(limit: WaterLimit, value: float) -> int:
    for number, bound in enumerate(limit.limits, start=1):
        kept = value <= bound if limit.bound is Bound.AT_MOST else value >= bound
        if kept:
            return number
    return int(WaterClass.WORSE)


def item_classes(limits: Iterable[WaterLimit], values: ArrayLike) -> Classes:
    """The same for many values, any shape; `UNCLASSED` where NaN."""
    numbers = np.asarray(values, dtype=np.float64)
    classes = np.zeros(numbers.shape, dtype=np.int8)
    for limit in limits:
        sign = 1.0 if limit.bound is Bound.AT_MOST else -1.0
        rising = sign * np.array(limit.limits)
        found = np.searchsorted(rising, sign * numbers, side="left") + 1
        classes = np.maximum(classes, found.astype(np.int8))
    classes[np.isnan(numbers)] = UNCLASSED
    return classes


def realtime_classes(
    tables: WaterTables,
    body: Body,
    days: Days,
    values: Mapping[str, ArrayLike],
    configured: Collection[str] | None = None,
) -> Classes:
    """The class of single readings, as the national platform shows it.

    The worst of pH, DO, CODMn, NH3-N and TP on raw values; none while one is missing. A
    station that does not measure TP is classed without it. Total nitrogen never counts.

    Args:
        tables: the tables of surface water.
        body: lakes and reservoirs have the lake limits of TP.
        days: day of each reading, shape (n,); its limits decide. On days before the standard
            there is no class.
        values: item to raw values, shape (n,).
        configured: items the station measures; None takes those in `values`.
    """
    classes = np.zeros(len(days), dtype=np.int8)
    known = {item: np.asarray(column, dtype=np.float64) for item, column in values.items()}
    here = set(known) if configured is None else set(configured)
    for mask, day in spans((*tables.limits, *tables.realtime), days):
        methods = in_force(tables.realtime, day)
        if not methods or not in_force(tables.limits, day):
            continue
        standard = tables.on(day, body)
        items = [*methods[0].required, *(i for i in methods[0].when_configured if i in here)]
        nothing = np.full(int(mask.sum()), np.nan)
        found = [
            item_classes(standard.limits[item], known[item][mask] if item in known else nothing)
            for item in items
        ]
        complete = np.minimum.reduce(found) > UNCLASSED
        classes[mask] = np.where(complete, np.maximum.reduce(found), UNCLASSED)
    return classes


def realtime_class(
    tables: WaterTables,
    body: Body,
    day: date,
    values: Mapping[str, float],
    configured: Collection[str] | None = None,
) -> WaterClass | None:
    """The same for one reading, item by item.

    Raises:
        StandardError: on a day before the standard.
    """
    method = the_one(tables.realtime, day, "realtime class")
    standard = tables.on(day, body)
    here = values.keys() if configured is None else configured
    worst = WaterClass.I
    for item in (*method.required, *(one for one in method.when_configured if one in here)):
        found = item_class(standard.limits[item], values.get(item, math.nan))
        if found is None:
            return None
        worst = max(worst, found)
    return worst


# --- one section --------------------------------------------------------------------------


def assess_section(
    tables: WaterTables, day: date, body: Body, values: Mapping[str, float]
) -> SectionResult:
    """Assess a section by single factor: class, grade, exceedance multiples, main pollutants.

    Args:
        tables: the tables of surface water.
        day: a day of the period assessed; it decides which rules are in force.
        body: river, or lake and reservoir (a river-type reservoir is a river).
        values: item to the mean of the period, raw.

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    standard = tables.on(day, body)
    method = the_one(tables.pollutants, day, "main pollutants")
    results = _results(standard, method, standard.evaluated(), values)
    separate = _results(standard, method, standard.separate(), values)
    missing = tuple(i for i in standard.evaluated() if i not in {one.item for one in results})
    if not results:
        return SectionResult(None, None, (), (), (), separate, missing, Confidence.HIGH)
    worst = max(one.water_class for one in results)
    grade = grade_of(tables, day, worst)
    main, sure = _main_pollutants(tables, day, method, results)
    return SectionResult(
        water_class=worst,
        grade=grade,
        items=results,
        limiting=tuple(one.item for one in results if one.water_class == worst),
        main_pollutants=main,
        separate=separate,
        missing=missing,
        confidence=least_sure((standard.confidence(tuple(i.item for i in results)), sure)),
    )


def grade_of(tables: WaterTables, day: date, water_class: WaterClass) -> WaterGrade:
    """The grade of a class on a day, with its sign and colour.

    Raises:
        StandardError: on a day before the grades.
    """
    rows = [row for row in tables.grade if row.water_class == water_class]
    return the_one(rows, day, f"grade of class {int(water_class)}")


def exceedance_multiple(
    method: PollutantMethod, limits: Iterable[WaterLimit], item: str, value: float
) -> float | None:
    """How many times a value exceeds the limit of Ⅲ: (C - S) / S, None if it does not.

    Temperature, pH and dissolved oxygen have no multiple, however bad they are.
    """
    if item in method.without_multiple:
        return None
    for limit in limits:
        bound = limit.of_class(method.above_class)
        if limit.bound is Bound.AT_MOST and value > bound:
            return (value - bound) / bound
    return None


def has_multiple(tables: WaterTables, item: str) -> bool:
    """Whether it means anything that a value is so many times a limit.

    It does not for temperature, pH and dissolved oxygen (环办〔2011〕22号), under any rule known.
    """
    return all(item not in method.without_multiple for method in tables.pollutants)


def is_at_least(tables: WaterTables, item: str) -> bool:
    """Whether an item must reach its limits, not keep below them: dissolved oxygen."""
    rows = [row for row in tables.limits if row.item == item]
    return bool(rows) and all(row.bound is Bound.AT_LEAST for row in rows)


def _results(
    standard: WaterStandard,
    method: PollutantMethod,
    items: Iterable[str],
    values: Mapping[str, float],
) -> tuple[ItemResult, ...]:
    results = []
    for item in items:
        value = values.get(item, math.nan)
        found = item_class(standard.limits[item], value)
        if found is not None:
            multiple = exceedance_multiple(method, standard.limits[item], item, value)
            results.append(ItemResult(item, value, found, multiple))
    return tuple(results)


def _main_pollutants(
    tables: WaterTables, day: date, method: PollutantMethod, results: tuple[ItemResult, ...]
) -> tuple[tuple[ItemResult, ...], Confidence]:
    """The main pollutants of a section, and how sure their choice is."""
    exceeding = [one for one in results if one.water_class > method.above_class]
    first = {item: row for row in in_force(tables.precedence, day) for item in row.items}
    ordered = sorted(
        exceeding,
        key=lambda one: (
            one.item not in first,
            -one.water_class,
            one.multiple is None,
            -(one.multiple or 0.0),
        ),
    )
    chosen = tuple(ordered[: method.most])
    used = [first[one.item].confidence for one in chosen if one.item in first]
    return chosen, least_sure((method.confidence, *used) if chosen else ())
