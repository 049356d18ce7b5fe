"""The air quality index, hourly and daily: HJ 633-2012 and HJ 633-2026.

Quantities are named by item and averaging time: `so2_1h`, `pm25_24h`, `o3_8h` (moving mean),
`o3_1h_max`, `o3_8h_max`. Concentrations are in μg/m³, **CO in mg/m³**, at the reference state of
their time. The day of the reading decides which version counts.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.air_standards import (
    AirTables,
    AqiCurve,
    AqiLevel,
    AqiQuantity,
    AqiScale,
    Beyond,
)
from gridmap.standards.rounding import rounded, rounded_many
from gridmap.standards.tables import (
    Confidence,
    Days,
    Purpose,
    Rounding,
    in_force,
    least_sure,
    spans,
    the_one,
)

Indices = NDArray[np.int16]

NO_INDEX: Final = -1
"""In arrays: no index, because the value is missing or beyond a curve that ends there."""

_LOST_BITS: Final = 1e-9
"""Larger than what float arithmetic adds to a mean or an index, so that a mean of 35.00000000000001
is 35, and far smaller than any step of published data."""


@dataclass(frozen=True)
class AqiResult:
    """The air quality index of one hour or day.

    Attributes:
        standard: "HJ 633-2012" or "HJ 633-2026".
        aqi: the index that may be published; None (NA) if there is none, or if items are
            missing and the standard then withholds it.
        computed: the largest index of what is there, published or not.
        indices: index of each quantity that counts; None where it has none.
        level: the level of `aqi`.
        primary: the items with the largest index, if `computed` is above 50; empty where the
            index is withheld.
        non_attainment: “超标污染物”; None where the standard no longer defines them.
        missing: items without an index that should have one.
        confidence: of the weakest rule that was used.
    """

    standard: str
    aqi: int | None
    computed: int | None
    indices: Mapping[str, int | None]
    level: AqiLevel | None
    primary: tuple[str, ...]
    non_attainment: tuple[str, ...] | None
    missing: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class AqiArrays:
    """The same for many hours or days; arrays have shape (n,), `NO_INDEX` where there is none.

    `by_item` is the largest index of each item among the quantities that count; `primary` says
    where an item is one of the primary pollutants.
    """

    aqi: Indices
    computed: Indices
    by_item: Mapping[str, Indices]
    primary: Mapping[str, NDArray[np.bool_]]


# --- one curve ----------------------------------------------------------------------------


def iaqi(curve: AqiCurve, concentration: float) -> int | None:
    """The index of one concentration: linear between two points, always rounded up.

    None for a missing or negative value, and beyond a curve that ends there.
    """
    if math.isnan(concentration) or concentration < 0:
        return None
    c = Fraction(Decimal(repr(float(concentration)))) if math.isfinite(concentration) else None
    points = [Fraction(Decimal(repr(point))) for point in curve.concentrations]
    if c is None or c > points[-1]:
        return curve.indices[-1] if curve.beyond is Beyond.END else None
    upper = next(place for place, point in enumerate(points) if c <= point)
    if c == points[upper]:
        return curve.indices[upper]
    low, high = curve.indices[upper - 1 : upper + 1]
    share = (c - points[upper - 1]) / (points[upper] - points[upper - 1])
    return math.ceil(low + (high - low) * share - Fraction(_LOST_BITS))


def iaqi_many(curve: AqiCurve, concentrations: ArrayLike) -> Indices:
    """The same for many concentrations, any shape."""
    numbers = np.asarray(concentrations, dtype=np.float64)
    points = np.array(curve.concentrations)
    exact = np.interp(numbers, points, np.array(curve.indices, dtype=np.float64))
    nothing = np.isnan(numbers) | (numbers < 0)
    if curve.beyond is Beyond.NONE:
        nothing |= numbers > points[-1]
    up = np.ceil(np.where(nothing, 0.0, exact) - _LOST_BITS)
    return np.where(nothing, NO_INDEX, up).astype(np.int16)


# --- one hour, one day --------------------------------------------------------------------


def hourly_aqi(
    tables: AirTables,
    day: date,
    values: Mapping[str, float],
    not_monitored: Collection[str] = (),
) -> AqiResult:
    """The AQI of one hour.

    Args:
        tables: the tables of ambient air.
        day: the day of the hour.
        values: quantity to concentration, NaN or absent where missing. By HJ 633-2012 moving
            means (`o3_8h`, `pm10_24h`, `pm25_24h`) count too; where the 1-hour mean of particles
            is given, it counts instead, as the national platform has it.
        not_monitored: items outside the monitoring plan that never were a primary pollutant
            (HJ 633-2026, 5.3.2): their absence withholds nothing.

    Raises:
        StandardError: on a day without a standard.
    """
    return _aqi(tables, tables.hourly, day, values, not_monitored)


def daily_aqi(
    tables: AirTables,
    day: date,
    values: Mapping[str, float],
    not_monitored: Collection[str] = (),
) -> AqiResult:
    """The AQI of one day; arguments as for `hourly_aqi`.

    By HJ 633-2012 the highest hour of O3 counts beside the highest 8 hours; by HJ 633-2026
    only the 8 hours do.

    Raises:
        StandardError: on a day without a standard.
    """
    return _aqi(tables, tables.daily, day, values, not_monitored)


def _aqi(
    tables: AirTables,
    quantities: Iterable[AqiQuantity],
    day: date,
    values: Mapping[str, float],
    not_monitored: Collection[str],
) -> AqiResult:
    scale = the_one(tables.scale, day, "HJ 633")
    rows = {row.quantity: row for row in in_force(quantities, day)}
    curves = {name: tables.curve_of(row.curve, day) for name, row in rows.items()}
    inputs = _inputs(tables, day)
    known = {
        name: _input(inputs, curves[name].item, values[name])
        for name in rows
        if not math.isnan(values.get(name, math.nan))
    }
    counting = {name for name, row in rows.items() if _counts(row, known, curves)}
    counting -= {rows[name].instead_of or "" for name in counting}
    found = {name: iaqi(curves[name], known[name]) for name in rows if name in counting}
    by_item: dict[str, int] = {}
    for name, index in found.items():
        if index is not None:
            item = curves[name].item
            by_item[item] = max(by_item.get(item, 0), index)
    wanted = dict.fromkeys(curve.item for curve in curves.values())
    missing = tuple(item for item in wanted if item not in by_item and item not in not_monitored)
    computed = max((*by_item.values(), scale.lowest)) if by_item else None
    published = None if _withheld(scale, computed, missing) else computed
    used = [scale, *(rows[name] for name in found), *(curves[name] for name in found)]
    return AqiResult(
        standard=scale.standard,
        aqi=published,
        computed=computed,
        indices=found,
        level=None if published is None else tables.level_of(published, day),
        primary=_primary(scale, by_item) if published is not None else (),
        non_attainment=_non_attainment(scale, by_item),
        missing=missing,
        confidence=least_sure(rule.confidence_on(day) for rule in used),
    )


def _counts(row: AqiQuantity, known: Mapping[str, float], curves: Mapping[str, AqiCurve]) -> bool:
    """Whether a quantity has a value and, if it stands in for another, is needed."""
    if row.quantity not in known:
        return False
    other = row.stands_in_for
    return other is None or known.get(other, 0.0) > curves[other].concentrations[-1]


def _inputs(tables: AirTables, day: date) -> Mapping[str, Rounding]:
    """How concentrations are rounded before the index is computed, by item (since 2026)."""
    rows = in_force(tables.rounding, day)
    return {row.item: row for row in rows if row.purpose is Purpose.INDEX_INPUT}


def _input(inputs: Mapping[str, Rounding], item: str, value: float) -> float:
    return rounded(value, inputs[item].decimals) if item in inputs else value


def _withheld(scale: AqiScale, computed: int | None, missing: Collection[str]) -> bool:
    limit = scale.withheld_up_to
    return computed is not None and limit is not None and bool(missing) and computed <= limit


def _primary(scale: AqiScale, by_item: Mapping[str, int]) -> tuple[str, ...]:
    top = max(by_item.values(), default=0)
    return tuple(i for i, index in by_item.items() if index == top > scale.primary_above)


def _non_attainment(scale: AqiScale, by_item: Mapping[str, int]) -> tuple[str, ...] | None:
    limit = scale.non_attainment_above
    return None if limit is None else tuple(i for i, index in by_item.items() if index > limit)


# --- many hours, many days ----------------------------------------------------------------


def hourly_aqi_many(
    tables: AirTables,
    days: Days,
    values: Mapping[str, ArrayLike],
    not_monitored: Collection[str] = (),
) -> AqiArrays:
    """The AQI of many hours; as `hourly_aqi`, with arrays of shape (n,).

    Days without a standard have no index.
    """
    return _aqi_many(tables, tables.hourly, days, values, not_monitored)


def daily_aqi_many(
    tables: AirTables,
    days: Days,
    values: Mapping[str, ArrayLike],
    not_monitored: Collection[str] = (),
) -> AqiArrays:
    """The AQI of many days; as `daily_aqi`, with arrays of shape (n,)."""
    return _aqi_many(tables, tables.daily, days, values, not_monitored)


def _aqi_many(
    tables: AirTables,
    quantities: Collection[AqiQuantity],
    days: Days,
    values: Mapping[str, ArrayLike],
    not_monitored: Collection[str],
) -> AqiArrays:
    columns = {name: np.asarray(column, dtype=np.float64) for name, column in values.items()}
    shape = len(days)
    aqi, computed = (np.full(shape, NO_INDEX, dtype=np.int16) for _ in range(2))
    by_item: dict[str, Indices] = {}
    primary: dict[str, NDArray[np.bool_]] = {}
    for mask, day in spans((*tables.scale, *quantities, *tables.curve, *tables.rounding), days):
        if not in_force(tables.scale, day):
            continue
        here = {name: column[mask] for name, column in columns.items()}
        part = _one_span(tables, in_force(quantities, day), day, here, not_monitored)
        aqi[mask], computed[mask] = part.aqi, part.computed
        for item, found in part.by_item.items():
            by_item.setdefault(item, np.full(shape, NO_INDEX, dtype=np.int16))[mask] = found
            primary.setdefault(item, np.zeros(shape, dtype=bool))[mask] = part.primary[item]
    return AqiArrays(aqi, computed, by_item, primary)


def _one_span(
    tables: AirTables,
    rows: Iterable[AqiQuantity],
    day: date,
    columns: Mapping[str, NDArray[np.float64]],
    not_monitored: Collection[str],
) -> AqiArrays:
    """The AQI of hours or days within which the same rules hold."""
    scale = the_one(tables.scale, day, "HJ 633")
    by_name = {row.quantity: row for row in rows}
    curves = {name: tables.curve_of(row.curve, day) for name, row in by_name.items()}
    inputs = _inputs(tables, day)
    shape = len(next(iter(columns.values()), np.zeros(0)))
    known = {
        name: rounded_many(columns[name], inputs[curves[name].item].decimals)
        if curves[name].item in inputs
        else columns[name]
        for name in by_name
        if name in columns
    }
    counting = _counting(by_name, known, curves)
    by_item = {curve.item: np.full(shape, NO_INDEX, dtype=np.int16) for curve in curves.values()}
    for name, column in known.items():
        index = np.where(counting[name], iaqi_many(curves[name], column), NO_INDEX)
        by_item[curves[name].item] = np.maximum(by_item[curves[name].item], index)
    top = np.maximum.reduce(list(by_item.values()))
    computed = np.where(top >= 0, np.maximum(top, scale.lowest), NO_INDEX).astype(np.int16)
    aqi = computed
    if scale.withheld_up_to is not None:
        lacking = np.zeros(shape, dtype=bool)
        for item, index in by_item.items():
            lacking |= (index == NO_INDEX) & (item not in not_monitored)
        aqi = np.where(lacking & (computed <= scale.withheld_up_to), NO_INDEX, computed)
    above = (aqi > scale.primary_above) & (top > scale.primary_above)
    primary = {item: (index == top) & above for item, index in by_item.items()}
    return AqiArrays(aqi.astype(np.int16), computed, by_item, primary)


def _counting(
    rows: Mapping[str, AqiQuantity],
    known: Mapping[str, NDArray[np.float64]],
    curves: Mapping[str, AqiCurve],
) -> dict[str, NDArray[np.bool_]]:
    """Where each quantity has a value and counts, shape (n,)."""
    counting = {name: ~np.isnan(column) for name, column in known.items()}
    for name in known:
        other = rows[name].stands_in_for
        if other is not None:
            beyond = curves[other].concentrations[-1]
            counting[name] &= known[other] > beyond if other in known else False
    for name in known:
        replaced = rows[name].instead_of
        if replaced in counting and replaced is not None:
            counting[replaced] &= ~counting[name]
    return counting
