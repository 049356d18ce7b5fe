"""Days and months of one series: valid means by the tables, and the spread of the readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.core.moments import SECOND_US
from gridmap.standards import sequences as series
from gridmap.standards.classing import (
    Medium,
    daily_air_course,
    from_wall_clock,
    valid_means,
    wall_clock,
)
from gridmap.standards.classing.course import Grades, Numbers, Times
from gridmap.standards.files import standards
from gridmap.standards.sequences import Spreads
from gridmap.standards.statistics import averaged
from gridmap.standards.tables import Period, StandardError, validity_of


class Mode(StrEnum):
    """How a series is shown."""

    READINGS = "readings"
    DAILY = "daily"
    MONTHLY = "monthly"
    CALENDAR = "calendar"


_DAY_S: Final = 86_400.0
PERIOD: Final[Mapping[Mode, float]] = {Mode.DAILY: _DAY_S, Mode.MONTHLY: 30.5 * _DAY_S}
"""About how much time a mean stands for, in seconds."""


@dataclass(frozen=True, eq=False)
class PeriodMeans:
    """Means of successive days or months, shape (m,); NaN where not valid.

    `starts` are the first moments in microseconds since 1970 UTC; `grades` the level of a day of
    air, 0 where there is none.
    """

    starts: Times
    values: Numbers
    grades: Grades


def means_of(
    facts: StationFacts, item: str, mode: Mode, times: Times, values: Numbers
) -> PeriodMeans:
    """Valid means of days or months of one item.

    Args:
        facts: the station.
        item: id of the item. The day of O3 is its highest mean of 8 hours.
        mode: days or months.
        times: of the readings, microseconds since 1970 UTC, shape (n,).
        values: as means count them, NaN where missing or left out, shape (n,).
    """
    if facts.medium is Medium.WATER:
        period = Period.DAY if mode is Mode.DAILY else Period.MONTH
        if facts.rhythm is period:
            return PeriodMeans(times, values, np.zeros(len(times), np.int8))
        starts, means, _ = valid_means(standards().water, item, times, values, facts.rhythm, period)
        return PeriodMeans(starts, means, np.zeros(len(starts), np.int8))
    days = _air_days(facts, item, times, values)
    return days if mode is Mode.DAILY else _air_months(item, days)


def _air_days(facts: StationFacts, item: str, times: Times, values: Numbers) -> PeriodMeans:
    rules = standards().air
    if not len(times):
        return PeriodMeans(times, values, np.zeros(0, np.int8))
    others = [curve.item for curve in rules.curve if curve.item != item]
    counted = Period.DAY if facts.rhythm is Period.DAY else Period.HOUR
    found = daily_air_course(rules, times, {item: values}, others, counted=counted)
    nothing = np.full(len(found.times), np.nan)
    return PeriodMeans(
        found.times,
        found.measured.get(item, nothing),
        found.item_grades.get(item, np.zeros(len(found.times), np.int8)),
    )


def _air_months(item: str, days: PeriodMeans) -> PeriodMeans:
    moments = wall_clock(days.starts)
    if not len(moments):
        return days
    last = moments[-1].astype("datetime64[D]").item()
    try:
        rule = validity_of(standards().air.validity, item, Period.MONTH, Period.DAY, last)
    except StandardError:
        starts = np.unique(moments.astype("datetime64[M]")).astype("datetime64[s]")
        means = np.full(len(starts), np.nan)
    else:
        found = averaged(moments, days.values, rule)
        starts, means = found.start, found.usable()
    return PeriodMeans(from_wall_clock(starts), means, np.zeros(len(starts), np.int8))


def spreads_of(facts: StationFacts, mode: Mode, times: Times, values: Numbers) -> Spreads | None:
    """How the readings of each day or month are spread; None where a day has one reading only.

    Args:
        facts: the station; hours of air belong to the day in which they end before 00:01.
        mode: days or months.
        times: microseconds since 1970 UTC, shape (n,).
        values: shape (n,), NaN where missing or left out.
    """
    if not len(times) or (mode is Mode.DAILY and facts.rhythm is Period.DAY):
        return None
    label = 1 if facts.stamped_at_end else 0
    moments = wall_clock(times - label)
    unit = "datetime64[D]" if mode is Mode.DAILY else "datetime64[M]"
    first, last = moments[0].astype(unit), moments[-1].astype(unit)
    bounds = from_wall_clock(np.arange(first, last + 2).astype("datetime64[s]")) / SECOND_US
    return series.spreads((times - label) / SECOND_US, values, bounds)
