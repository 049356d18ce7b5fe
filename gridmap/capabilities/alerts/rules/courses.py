"""Rules about a station as a whole: hours and days of the AQI, months of a section."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np

from gridmap.capabilities.alerts.rules.observing import (
    CLEAR,
    HIT,
    NEUTRAL,
    Codes,
    Numbers,
    Observations,
    Surroundings,
    Times,
    Track,
    observations,
)
from gridmap.capabilities.alerts.rules.rules import AlertRule, Tier
from gridmap.core.moments import DAY_US
from gridmap.standards.classing import (
    daily_air_course,
    from_wall_clock,
    hourly_air_course,
    valid_means,
    wall_clock,
)
from gridmap.standards.statistics import mean_of
from gridmap.standards.surface_water import assess_section
from gridmap.standards.tables import Period, in_force

_RHYTHMS: Final = (
    (1.0, Period.HOUR), (4.0, Period.FOUR_HOURS), (math.inf, Period.DAY),
)  # fmt: skip
_GOOD_ENOUGH: Final = 3
"""Class Ⅲ: what is lost above it is no warning on the Yangtze."""


def hours_of_aqi(
    rule: AlertRule, tracks: Mapping[str, Track], _until: int, around: Surroundings
) -> tuple[Observations, int]:
    """The AQI of each hour against `rule.limit`; hours without an index count for nothing.

    Returns:
        The observations, and up to when they are complete.
    """
    times, values = aligned(tracks)
    course = hourly_air_course(around.air, times, values, around.not_monitored)
    there = ~np.isnan(course.index)
    index, limit = course.index[there], float(rule.limit or 0.0)
    grade = np.full(len(index), int(rule.grade), np.int8)
    for step in rule.escalations:
        if step.above is not None:
            graver = index > step.above
            grade[graver] = np.minimum(grade[graver], int(step.grade))
    found = observations(
        rule, times[there], index > limit, severity=index, value=index, limit=limit, grade=grade
    )
    return found, int(times[-1]) if len(times) else -_FOREVER


def days_of_pollution(
    rule: AlertRule, tracks: Mapping[str, Track], until: int, around: Surroundings
) -> tuple[Observations, int]:
    """The AQI of each complete day; a day hits when the days up to it fulfil a tier."""
    times, values = aligned(tracks)
    course = daily_air_course(around.air, times, values, around.not_monitored)
    whole = course.times + DAY_US <= until
    days, index = course.times[whole], course.index[whole]
    grade = np.full(len(days), 0, np.int8)
    limit = np.full(len(days), np.nan)
    for tier in sorted(rule.tiers, key=lambda one: -one.grade):  # the gravest has the last word
        fulfilled = _fulfilled(tier, days, index)
        grade[fulfilled] = int(tier.grade)
        limit[fulfilled] = max(one.above for one in tier.conditions)
    status = np.where(grade > 0, HIT, CLEAR)
    status[np.isnan(index)] = NEUTRAL
    found = Observations(
        days, status.astype(np.int8), grade, np.nan_to_num(index), index, limit, days
    )
    return found, int(days[-1]) + DAY_US if len(days) else -_FOREVER


def _fulfilled(
    tier: Tier, days: Times, index: Numbers
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    result = np.ones(len(days), dtype=bool)
    for condition in tier.conditions:
        with np.errstate(invalid="ignore"):
            above = index > condition.above
        run = np.zeros(len(days), np.int64)
        for place in range(len(days)):
            follows = place > 0 and days[place] - days[place - 1] == DAY_US
            run[place] = (run[place - 1] if follows else 0) + 1 if above[place] else 0
        result &= run >= condition.days
    return result


def months_of_section(
    rule: AlertRule, tracks: Mapping[str, Track], until: int, around: Surroundings
) -> tuple[Observations, int]:
    """The Yangtze rule: class of the month and of the year so far, against last year's.

    A tier is reached when both have lost at least `worse_by` classes against the same months
    of the year before and are worse than Ⅲ, and the year so far misses the target.
    """
    months, monthly, yearly = _classes(rule, tracks, until, around)
    count = len(months)
    numbers = months.astype("datetime64[M]").astype(np.int64)
    grade, lost = np.zeros(count, np.int8), np.zeros(count)
    before = {int(number): place for place, number in enumerate(numbers)}
    status = np.full(count, NEUTRAL, np.int8)
    for place, number in enumerate(numbers.tolist()):
        former = before.get(number - 12)
        known = former is not None and min(
            monthly[place], yearly[place], monthly[former], yearly[former]
        ) > 0  # fmt: skip
        if not known or former is None or around.target is None:
            continue
        worse = min(monthly[place] - monthly[former], yearly[place] - yearly[former])
        bad = min(monthly[place], yearly[place]) > _GOOD_ENOUGH and yearly[place] > around.target
        reached = [one.grade for one in rule.tiers if worse >= (one.worse_by or 0) and bad]
        status[place] = HIT if reached else CLEAR
        grade[place], lost[place] = min(reached, default=0), worse
    times = from_wall_clock(months)
    target = float(around.target) if around.target is not None else math.nan
    found = Observations(
        times, status, grade, lost, yearly.astype(np.float64), np.full(count, target), times
    )
    complete = from_wall_clock((months[-1:].astype("datetime64[M]") + 1).astype("datetime64[s]"))
    return found, int(complete[0]) if count else -_FOREVER


def _classes(
    rule: AlertRule, tracks: Mapping[str, Track], until: int, around: Surroundings
) -> tuple[np.ndarray[tuple[int], np.dtype[np.datetime64]], Codes, Codes]:
    """Complete months, the class of each and of the year up to it; 0 where there is none."""
    counted = next(period for hours, period in _RHYTHMS if rule.step_h <= hours)
    means: dict[str, dict[np.datetime64, float]] = {}
    for item, track in tracks.items():
        starts, values, _ = valid_means(
            around.water, item, track.times, track.values, counted, Period.MONTH
        )
        stamps = wall_clock(starts).astype("datetime64[M]")
        means[item] = dict(zip(stamps, values.tolist(), strict=True))
    now = wall_clock(np.array([until], np.int64)).astype("datetime64[M]")[0]
    months = np.array(sorted({m for found in means.values() for m in found if m < now}),
                      dtype="datetime64[M]")  # fmt: skip
    monthly, yearly = np.zeros(len(months), np.int8), np.zeros(len(months), np.int8)
    for place, month in enumerate(months):
        day: date = month.astype("datetime64[D]").item()
        year = [one for one in months[: place + 1] if one >= month.astype("datetime64[Y]")]
        ions = {i for rule in in_force(around.water.hydrogen_mean, day) for i in rule.items}
        single = {i: found.get(month, math.nan) for i, found in means.items()}
        so_far = {
            i: mean_of((found.get(one, math.nan) for one in year), hydrogen=i in ions)
            for i, found in means.items()
        }
        for classes, values_of in ((monthly, single), (yearly, so_far)):
            found_class = assess_section(around.water, day, around.body, values_of).water_class
            classes[place] = 0 if found_class is None else int(found_class)
    return months.astype("datetime64[s]"), monthly, yearly


def aligned(tracks: Mapping[str, Track]) -> tuple[Times, dict[str, Numbers]]:
    """All times of some series, and the values of each on them, NaN where there is none."""
    times = np.unique(np.concatenate([t.times for t in tracks.values()] or [np.zeros(0, np.int64)]))
    values: dict[str, Numbers] = {}
    for item, track in tracks.items():
        values[item] = np.full(len(times), np.nan)
        values[item][np.searchsorted(times, track.times)] = track.values
    return times, values


_FOREVER: Final = 2**62
