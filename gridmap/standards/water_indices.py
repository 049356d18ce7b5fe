"""Indices of surface water: CWQI, by which cities are ranked, and TLI, how eutrophic a lake is.

环办监测〔2017〕51号; 总站生字〔2001〕090号, the same in 环办〔2011〕22号.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.tables import Confidence, in_force, least_sure, the_one
from gridmap.standards.water_basins import mean_over
from gridmap.standards.water_standards import (
    Body,
    Bound,
    CwqiMethod,
    TrophicParameter,
    WaterLimit,
    WaterTables,
)


@dataclass(frozen=True)
class Cwqi:
    """A water quality index.

    Attributes:
        value: the sum of the single indices; smaller is better. NaN without any item.
        singles: the single index of each item that has a value.
        missing: listed items without a value. Two indices compare only if these agree.
        confidence: of the weakest rule used; low with items missing.
    """

    value: float
    singles: Mapping[str, float]
    missing: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class TrophicState:
    """How eutrophic a lake is.

    Attributes:
        value: TLI(Σ), NaN without any parameter.
        level: 贫营养 … 重度富营养, None without any parameter.
        parts: TLI(j) of each parameter that has a value.
        confidence: of the weakest rule used.
    """

    value: float
    level: str | None
    parts: Mapping[str, float]
    confidence: Confidence


def cwqi_of(tables: WaterTables, day: date, body: Body, values: Mapping[str, float]) -> Cwqi:
    """CWQI from the mean of each item.

    Args:
        tables: the tables of surface water.
        day: a day of the period ranked; a base period is computed by the same rules.
        body: lakes have the lake limit of TP; total nitrogen never counts.
        values: item to mean of the period, in the units of GB 3838 table 1.

    Raises:
        StandardError: on a day before 环办监测〔2017〕51号.
    """
    method = the_one(tables.cwqi, day, "CWQI")
    standard = tables.on(day, body)
    singles = {
        item: _single(method, standard.limits[item], item, values[item])
        for item in standard.evaluated()
        if not math.isnan(values.get(item, math.nan))
    }
    missing = tuple(item for item in standard.evaluated() if item not in singles)
    sure = [method.confidence, standard.confidence(tuple(singles))]
    if missing:
        sure.append(the_one(tables.cwqi_incomplete, day, "CWQI of few items").confidence)
    value = math.fsum(singles.values()) if singles else math.nan
    return Cwqi(value, singles, missing, least_sure(sure))


def cwqi_of_sections(
    tables: WaterTables, day: date, body: Body, sections: Mapping[str, Mapping[str, float]]
) -> Cwqi:
    """CWQI of all sections of a river, or points of a lake: items averaged first.

    Raises:
        StandardError: on a day before 环办监测〔2017〕51号.
    """
    found = cwqi_of(tables, day, body, mean_over(tables, day, sections))
    way = the_one(tables.cwqi_city, day, "CWQI of a city").confidence
    return Cwqi(found.value, found.singles, found.missing, least_sure((found.confidence, way)))


def cwqi_of_city(
    rivers: Cwqi | None, river_sections: int, lakes: Cwqi | None, lake_points: int
) -> float:
    """CWQI of a city: rivers and lakes, weighted by the number of sections and points.

    NaN if there is neither.
    """
    parts = [(rivers, river_sections), (lakes, lake_points)]
    known = [(one.value, number) for one, number in parts if one is not None and number]
    weight = sum(number for _, number in known)
    return sum(value * number for value, number in known) / weight if weight else math.nan


def cwqi_change(now: float, base: float) -> float:
    """The change by which cities are ranked, in percent: below zero is better."""
    return (now - base) / base * 100.0


def _single(method: CwqiMethod, limits: tuple[WaterLimit, ...], item: str, value: float) -> float:
    floor = {limit.bound: limit.of_class(method.reference_class) for limit in limits}
    if item in method.inverse:
        return floor[Bound.AT_LEAST] / value if value else math.inf
    if item in method.deviation:
        edge = floor[Bound.AT_LEAST if value <= method.neutral else Bound.AT_MOST]
        return (value - method.neutral) / (edge - method.neutral)
    return value / floor[Bound.AT_MOST]


# --- trophic state ------------------------------------------------------------------------


def trophic_index(parameter: TrophicParameter, values: ArrayLike) -> NDArray[np.float64]:
    """TLI(j) = 10 (intercept + slope ln C) of many values in the unit of the parameter.

    NaN where a value is not above zero: its logarithm means nothing.
    """
    numbers = np.asarray(values, dtype=np.float64)
    logs = np.log(np.where(numbers > 0, numbers, np.nan))
    result: NDArray[np.float64] = 10.0 * (parameter.intercept + parameter.slope * logs)
    return result


def trophic_state(tables: WaterTables, day: date, values: Mapping[str, float]) -> TrophicState:
    """TLI(Σ) and its level from chlorophyll a (mg/m³), TP, TN, CODMn (mg/L), transparency (m).

    The weights are those of the parameters that have a value.

    Raises:
        StandardError: on a day before the method.
    """
    parameters = {row.item: row for row in in_force(tables.trophic_parameter, day)}
    parts = {
        item: float(trophic_index(row, values[item]))
        for item, row in parameters.items()
        if item in values
    }
    return trophic_state_of(tables, day, parts)


def trophic_state_of(tables: WaterTables, day: date, parts: Mapping[str, float]) -> TrophicState:
    """The same from TLI(j) of each parameter; NaN counts as not there.

    Raises:
        StandardError: on a day before the method.
    """
    the_one(tables.trophic_parameter, day, "TLI")
    rows = [
        row
        for row in in_force(tables.trophic_parameter, day)
        if not math.isnan(parts.get(row.item, math.nan))
    ]
    if not rows:
        return TrophicState(math.nan, None, {}, Confidence.HIGH)
    weight = math.fsum(row.r_squared for row in rows)
    value = math.fsum(parts[row.item] * row.r_squared for row in rows) / weight
    levels = in_force(tables.trophic_level, day)
    level = next(r for r in levels if value < r.edge or (r.closed and value == r.edge))
    sure = least_sure((level.confidence, *(row.confidence for row in rows)))
    return TrophicState(value, level.name, {row.item: parts[row.item] for row in rows}, sure)
