"""The limits and classes that a value of one item is seen against, day by day.

A span of days is cut where a rule changes, so that a plot that crosses 2026-03-01 has GB 3095-2012
on one side and GB 3095-2026 on the other. Numbers come from the tables alone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from gridmap.standards.air_standards import AirTables, AqiCurve, Averaging
from gridmap.standards.classing.course import Grades, Marks, Numbers
from gridmap.standards.surface_water import item_class, item_classes
from gridmap.standards.tables import (
    Confidence,
    Days,
    Period,
    Rule,
    StandardError,
    in_force,
    least_sure,
    spans,
)
from gridmap.standards.water_standards import Body, Bound, Role, WaterClass, WaterLimit, WaterTables

GRADE: Final = 2
"""Areas where people live keep grade 2 of GB 3095."""

GOOD_LEVEL: Final = 2
"""A day up to this level of the AQI is an attaining (优良) day."""


@dataclass(frozen=True)
class Limit:
    """One limit on the axis of values.

    Attributes:
        value: in the unit of the item.
        at_most: the limit must not be exceeded; else it must be reached.
        classes: best and worst class that have this limit (pH: 1 to 5), or the grade twice.
        averaging: of air, what kind of mean it holds for; None for water and for indices.
        judged: whether a value beyond it counts as an exceedance.
        target: whether it is the class the section should keep.
        standard: the document, "" for a rule of the program.
        source: where the figure was read.
        confidence: how sure the figure is on these days.
    """

    value: float
    at_most: bool
    classes: tuple[int, int]
    averaging: Averaging | None
    judged: bool
    target: bool
    standard: str
    source: str
    confidence: Confidence

    def broken_by(self, values: Numbers) -> Marks:
        """Which values are beyond it, shape (n,); never NaN."""
        found: Marks = values > self.value if self.at_most else values < self.value
        return found


@dataclass(frozen=True)
class Level:
    """A stretch of values that has one class or level, from `low` to `high` (perhaps infinite).

    `sign` and `colour` (`#rrggbb`) stand in the tables: Ⅲ, 二级.
    """

    number: int
    sign: str
    colour: str
    low: float
    high: float


@dataclass(frozen=True)
class Stretch:
    """Limits and levels that hold from `first` to `last`, both days included.

    `multiples` says whether an exceedance has a multiple: pH and dissolved oxygen have none.
    """

    first: date
    last: date
    limits: tuple[Limit, ...]
    levels: tuple[Level, ...]
    multiples: bool
    confidence: Confidence

    def exceeding(self, values: Numbers) -> Marks:
        """Which values are beyond a limit that counts, shape (n,)."""
        found = np.zeros(len(values), np.bool_)
        for limit in self.limits:
            if limit.judged:
                found |= limit.broken_by(values)
        return found

    def multiple(self, value: float) -> float | None:
        """By how much a value exceeds, (C - S) / S; None if it does not, or has no multiple."""
        if not self.multiples:
            return None
        found = [
            (value - limit.value) / limit.value
            for limit in self.limits
            if limit.judged and limit.at_most and value > limit.value > 0
        ]
        return max(found, default=None)


# --- water --------------------------------------------------------------------------------


def water_limits(
    tables: WaterTables,
    item: str,
    body: Body,
    target: WaterClass | None,
    first: date,
    last: date,
) -> tuple[Stretch, ...]:
    """Limits of classes Ⅰ–Ⅴ of one item of GB 3838.

    Exceedance is counted against the target, or against Ⅲ where none is set; for items that do
    not make the class of a section, not at all.

    Args:
        tables: the tables of surface water.
        item: id of the item; one without limits has no stretch.
        body: river or lake.
        target: the class that the section should keep.
        first: first day.
        last: last day.
    """
    found = []
    for begin, end in _cut((*tables.limits, *tables.grade, *tables.items), first, last):
        try:
            standard = tables.on(begin, body)
        except StandardError:
            continue
        rows = standard.limits.get(item, ())
        if not rows:
            continue
        methods = in_force(tables.pollutants, begin)
        judged = target or (methods[0].above_class if methods else WaterClass.III)
        counts = standard.items[item].role is Role.EVALUATED
        limits = [
            limit
            for row in rows
            for limit in _water_lines(row, begin, judged if counts else None, target)
        ]
        found.append(Stretch(
            begin, end, tuple(limits), _water_levels(tables, rows, begin),
            multiples=all(item not in method.without_multiple for method in methods),
            confidence=standard.confidence((item,)),
        ))  # fmt: skip
    return _joined(found)


def water_grades(tables: WaterTables, item: str, body: Body, days: Days, values: Numbers) -> Grades:
    """The class of each value of one item by the limits of its day, shape (n,); 0 for none."""
    found = np.zeros(len(values), np.int8)
    for mask, day in spans(tables.limits, days):
        try:
            rows = tables.on(day, body).limits.get(item, ())
        except StandardError:
            continue
        if rows:
            found[mask] = item_classes(rows, values[mask])
    return found


def _water_lines(
    row: WaterLimit, day: date, judged: WaterClass | None, target: WaterClass | None
) -> Iterator[Limit]:
    """One line for each value of the row, however many classes share it."""
    for value in dict.fromkeys(row.limits):
        classes = [number for number, limit in enumerate(row.limits, 1) if limit == value]
        yield Limit(
            value=value, at_most=row.bound is Bound.AT_MOST,
            classes=(classes[0], classes[-1]), averaging=None,
            judged=judged in classes, target=target is not None and target in classes,
            standard=row.standard, source=row.source, confidence=row.confidence_on(day),
        )  # fmt: skip


def _water_levels(tables: WaterTables, rows: Sequence[WaterLimit], day: date) -> tuple[Level, ...]:
    """Which class each stretch of values has: that of the value in its middle."""
    edges = sorted({value for row in rows for value in row.limits})
    edges = [-math.inf, *edges, math.inf]
    signs = {grade.water_class: grade for grade in in_force(tables.grade, day)}
    found: list[Level] = []
    for low, high in pairwise(edges):
        middle = item_class(rows, _between(low, high))
        if middle is None or middle not in signs:
            continue
        level = Level(int(middle), signs[middle].label, signs[middle].colour, low, high)
        if found and found[-1].number == level.number:
            level = replace(found.pop(), high=high)
        found.append(level)
    return tuple(found)


def _between(low: float, high: float) -> float:
    if math.isinf(low):
        return high - 1.0
    return low + 1.0 if math.isinf(high) else (low + high) / 2


def class_limits(
    tables: WaterTables, target: WaterClass | None, first: date, last: date
) -> tuple[Stretch, ...]:
    """The same for the class of a station itself: values 1–6, bands half a class to both sides."""
    found = []
    for begin, end in _cut((*tables.grade, *tables.pollutants), first, last):
        grades = in_force(tables.grade, begin)
        if not grades:
            continue
        methods = in_force(tables.pollutants, begin)
        judged = target or (methods[0].above_class if methods else WaterClass.III)
        grade = next(one for one in grades if one.water_class == judged)
        line = Limit(
            judged + 0.5, True, (int(judged), int(judged)), None, judged=True,
            target=target is not None, standard=grade.standard, source=grade.source,
            confidence=grade.confidence_on(begin),
        )  # fmt: skip
        levels = tuple(
            Level(int(one.water_class), one.label, one.colour,
                  one.water_class - 0.5, one.water_class + 0.5)
            for one in grades
        )  # fmt: skip
        sure = least_sure(one.confidence_on(begin) for one in grades)
        found.append(Stretch(begin, end, (line,), levels, multiples=False, confidence=sure))
    return _joined(found)


# --- air ----------------------------------------------------------------------------------


def air_limits(
    tables: AirTables, item: str, period: Period, first: date, last: date
) -> tuple[Stretch, ...]:
    """The limit of grade 2 of one item of GB 3095, and the levels of its index.

    Args:
        tables: the tables of ambient air.
        item: id of the item.
        period: of what the values are means: hour or day. The day of O3 is its highest 8 hours.
            Longer means have neither limit nor level here.
        first: first day.
        last: last day.
    """
    if period not in {Period.HOUR, Period.DAY}:
        return ()
    kinds = (Averaging.HOUR,) if period is Period.HOUR else (Averaging.DAY_MAX_8H, Averaging.DAY)
    found = []
    for begin, end in _cut((*tables.limits, *tables.curve, *tables.level), first, last):
        limits = [
            Limit(
                row.of_grade(GRADE), True, (GRADE, GRADE), row.averaging, judged=True,
                target=False, standard=row.standard, source=row.source,
                confidence=row.confidence_on(begin),
            )
            for row in in_force(tables.limits, begin)
            if row.item == item and row.averaging in kinds
        ]  # fmt: skip
        curve = _curve(tables, item, period, begin)
        levels = _air_levels(tables, curve, begin) if curve else ()
        if limits or levels:
            sure = [limit.confidence for limit in limits]
            sure += [curve.confidence_on(begin)] if curve else []
            found.append(
                Stretch(begin, end, tuple(limits), levels, multiples=True,
                        confidence=least_sure(sure))
            )  # fmt: skip
    return _joined(found)


def _curve(tables: AirTables, item: str, period: Period, day: date) -> AqiCurve | None:
    """The curve by which such a mean gets its index; None if it gets none."""
    rows = tables.hourly if period is Period.HOUR else tables.daily
    wanted = (f"{item}_1h",) if period is Period.HOUR else (f"{item}_8h_max", f"{item}_24h")
    for row in in_force(rows, day):
        if row.quantity in wanted:
            return tables.curve_of(row.curve, day)
    return None


def _air_levels(tables: AirTables, curve: AqiCurve, day: date) -> tuple[Level, ...]:
    """Levels as concentrations: a level ends where the index of the curve reaches its highest."""
    found: list[Level] = []
    low = 0.0
    for level in sorted(in_force(tables.level, day), key=lambda one: one.number):
        if level.highest > curve.indices[-1]:
            high = math.inf
        else:
            high = float(np.interp(level.highest, curve.indices, curve.concentrations))
        last = high >= curve.concentrations[-1]
        high = math.inf if last else high
        found.append(Level(level.number, level.name, level.colour, low, high))
        if last:
            break
        low = high
    return tuple(found)


def index_limits(tables: AirTables, first: date, last: date) -> tuple[Stretch, ...]:
    """The same for the AQI itself."""
    found = []
    for begin, end in _cut(tables.level, first, last):
        rows = sorted(in_force(tables.level, begin), key=lambda one: one.number)
        if not rows:
            continue
        lows = [0, *(row.highest for row in rows)]
        levels = tuple(
            Level(row.number, row.name, row.colour, float(low), float(row.highest))
            for row, low in zip(rows, lows, strict=False)
        )
        good = next(row for row in rows if row.number == GOOD_LEVEL)
        line = Limit(
            float(good.highest), True, (GOOD_LEVEL, GOOD_LEVEL), None, judged=True, target=False,
            standard=good.standard, source=good.source, confidence=good.confidence_on(begin),
        )  # fmt: skip
        sure = least_sure(row.confidence_on(begin) for row in rows)
        found.append(Stretch(begin, end, (line,), levels, multiples=False, confidence=sure))
    return _joined(found)


# --- over time ----------------------------------------------------------------------------


def stretch_on(stretches: Sequence[Stretch], day: date) -> Stretch | None:
    """The stretch a day lies in."""
    return next((one for one in stretches if one.first <= day <= one.last), None)


def exceeding(stretches: Sequence[Stretch], days: Days, values: Numbers) -> Marks:
    """Which values are beyond a limit of their day that counts; all of shape (n,)."""
    found = np.zeros(len(values), np.bool_)
    for one in stretches:
        low, high = np.datetime64(one.first), np.datetime64(one.last)
        here = (days >= low) & (days <= high)
        found[here] = one.exceeding(values[here])
    return found


def _cut(rules: Sequence[Rule], first: date, last: date) -> Iterator[tuple[date, date]]:
    """The span of days, cut wherever one of the rules begins or ends."""
    edges = {first}
    for rule in rules:
        edges |= {rule.first_day, rule.valid_from}
        edges |= {rule.valid_to + timedelta(days=1)} if rule.valid_to else set()
    starts = sorted(edge for edge in edges if first <= edge <= last)
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    yield from zip(starts, ends, strict=True)


def _joined(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours that say the same become one."""
    found: list[Stretch] = []
    for one in stretches:
        before = found[-1] if found else None
        if (
            before is not None
            and before.last + timedelta(days=1) == one.first
            and replace(one, first=before.first) == replace(before, last=one.last)
        ):
            found[-1] = replace(before, last=one.last)
        else:
            found.append(one)
    return tuple(found)
