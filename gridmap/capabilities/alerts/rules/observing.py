"""From readings to observations: which of them break a rule, how gravely, against what.

Vectorised; what a reading is compared with may depend on readings before it, which the caller
hands over (`recent`), so that a resumed evaluation sees what a whole one sees.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gridmap.capabilities.alerts.rules.rules import Against, AlertRule, Kind, class_number
from gridmap.standards.air_standards import AirTables, Averaging
from gridmap.standards.classing import Medium, days_of
from gridmap.standards.surface_water import item_classes
from gridmap.standards.tables import Rule, StandardError, in_force, spans
from gridmap.standards.water_standards import Body, Bound, WaterLimit, WaterTables

Times = NDArray[np.int64]
Numbers = NDArray[np.float64]
Codes = NDArray[np.int8]
Recent = tuple[tuple[int, float], ...]

NEUTRAL: Final = -1
CLEAR: Final = 0
HIT: Final = 1

USED: Final = 0
ABSENT: Final = 1
NOT_COUNTED: Final = 2

_AIR_GRADE: Final = 2


@dataclass(frozen=True, eq=False)
class Track:
    """Readings of one series: times (µs since 1970 UTC, rising), raw values, what counts.

    `marks`: `USED`, `ABSENT` (published as missing) or `NOT_COUNTED` (flag, maintenance,
    exclusion). Values that are not used are NaN. All arrays have shape (n,).
    """

    times: Times
    values: Numbers
    marks: Codes

    def after(self, moment: int) -> "Track":
        """The readings later than a moment."""
        first = int(np.searchsorted(self.times, moment, side="right"))
        return self.between(first, None)

    def up_to(self, moment: int) -> "Track":
        """The readings up to a moment, included."""
        return self.between(None, int(np.searchsorted(self.times, moment, side="right")))

    def between(self, first: int | None, last: int | None) -> "Track":
        """The readings at these positions."""
        part = slice(first, last)
        return Track(self.times[part], self.values[part], self.marks[part])

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, eq=False)
class Observations:
    """What a rule says of each reading; all arrays have shape (n,).

    Attributes:
        times: µs since 1970 UTC, rising.
        status: `HIT`, `CLEAR`, or `NEUTRAL`, which neither counts nor interrupts.
        grade: of a hit, 1–4.
        severity: of a hit; larger is worse.
        value, limit: what was measured and what it was compared with; NaN where no figure.
        origin: when that which is observed began: before `times` in a run of equal values.
    """

    times: Times
    status: Codes
    grade: Codes
    severity: Numbers
    value: Numbers
    limit: Numbers
    origin: Times

    def __len__(self) -> int:
        return len(self.times)

    def where(self, chosen: Any) -> "Observations":
        """The observations at some positions: a mask or a slice."""
        return Observations(
            self.times[chosen], self.status[chosen], self.grade[chosen], self.severity[chosen],
            self.value[chosen], self.limit[chosen], self.origin[chosen],
        )  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What a rule needs to know beside the readings.

    Attributes:
        water, air: the tables of the standards.
        body: what kind of water the station stands in.
        target: the target class of the section, None where it has none.
        not_monitored: items of the air that the station does not measure.
    """

    water: WaterTables
    air: AirTables
    body: Body = Body.RIVER
    target: int | None = None
    not_monitored: frozenset[str] = frozenset()


def observations(
    rule: AlertRule,
    times: Times,
    hits: NDArray[np.bool_],
    *,
    severity: Numbers,
    value: Numbers,
    limit: Numbers | float = math.nan,
    grade: Codes | None = None,
) -> Observations:
    """Observations of a rule; the grade is the rule's where none is given."""
    return Observations(
        times,
        np.where(hits, HIT, CLEAR).astype(np.int8),
        np.full(len(times), int(rule.grade), np.int8) if grade is None else grade,
        severity,
        value,
        np.broadcast_to(np.asarray(limit, dtype=np.float64), times.shape),
        times,
    )


# --- against a class or a limit -----------------------------------------------------------


def exceedances(
    rule: AlertRule, item: str, track: Track, _recent: Recent, around: Surroundings
) -> Observations:
    """Readings worse than a class of GB 3838, the hourly limit of GB 3095, or a number."""
    times, values = track.times, track.values
    hits = np.zeros(len(times), dtype=bool)
    limit, multiple = (np.full(len(times), np.nan) for _ in range(2))
    lost = np.zeros(len(times), np.int8)
    if rule.against in {Against.TARGET, Against.CLASS}:
        wanted = around.target if rule.against is Against.TARGET else class_number(rule.water_class)
        if wanted is not None:
            for mask, rows in _water_limits(around, item, times):
                classes = item_classes(rows, values[mask])
                lost[mask] = np.maximum(classes - wanted, 0)
                limit[mask], multiple[mask] = _beyond(rows, wanted, values[mask])
            hits = lost > 0
    else:
        limit = _upper_limits(rule, item, times, around)
        with np.errstate(invalid="ignore"):
            hits = values > limit
        multiple = np.where(hits, (values - limit) / limit, 0.0)
    grade = _escalated(rule, lost, multiple, values)
    return observations(
        rule, times, hits, severity=np.nan_to_num(multiple), value=values, limit=limit, grade=grade
    )


def _water_limits(around: Surroundings, item: str, times: Times) -> Any:
    """Stretches of time, as masks, with the limits of an item that are in force."""
    if not len(times):
        return
    rows = [
        row for row in around.water.limits
        if row.item == item and row.body in {around.body, "any"}
    ]  # fmt: skip
    for mask, day in spans(rows, days_of(times, Medium.WATER)):
        here = in_force(rows, day)
        if here:
            yield mask, here


def _beyond(rows: tuple[WaterLimit, ...], wanted: int, values: Numbers) -> tuple[Numbers, Numbers]:
    """The limit of a class that is broken most, or the first one; and by how much of itself."""
    limit = np.full(len(values), rows[0].of_class(wanted))
    most = np.zeros(len(values))
    for row in rows:
        bound = row.of_class(wanted)
        over = (values - bound) / bound * (1.0 if row.bound is Bound.AT_MOST else -1.0)
        worse = over > most
        limit[worse], most[worse] = bound, over[worse]
    return limit, most


def _upper_limits(rule: AlertRule, item: str, times: Times, around: Surroundings) -> Numbers:
    if rule.against is Against.LIMIT:
        return np.full(len(times), math.nan if rule.limit is None else rule.limit)
    limits = np.full(len(times), np.nan)
    if not len(times):
        return limits
    rows: list[Rule] = [row for row in around.air.limits if row.item == item]
    for mask, day in spans(rows, days_of(times, Medium.AIR)):
        found = hourly_limit(around.air, item, day)
        if found is not None:
            limits[mask] = found
    return limits


def hourly_limit(tables: AirTables, item: str, day: date) -> float | None:
    """The hourly limit of grade 2 on a day; None where the standard names none."""
    try:
        return tables.limit(item, Averaging.HOUR, day).of_grade(_AIR_GRADE)
    except StandardError:
        return None


def _escalated(rule: AlertRule, lost: Codes, multiple: Numbers, values: Numbers) -> Codes:
    grade = np.full(len(values), int(rule.grade), np.int8)
    for step in rule.escalations:
        graver = np.zeros(len(values), dtype=bool)
        with np.errstate(invalid="ignore"):
            if step.classes is not None:
                graver |= lost >= step.classes
            if step.multiple is not None:
                graver |= multiple >= step.multiple
            if step.above is not None:
                graver |= values > step.above
        grade[graver] = np.minimum(grade[graver], int(step.grade))
    return grade


# --- against the readings before ----------------------------------------------------------


def class_jumps(
    rule: AlertRule, item: str, track: Track, recent: Recent, around: Surroundings
) -> Observations:
    """Readings whose class is several worse than that of the reading before."""
    before, times, values = _with_recent(recent, track)
    classes = np.zeros(len(times), np.int8)
    for mask, rows in _water_limits(around, item, times):
        classes[mask] = item_classes(rows, values[mask])
    steps = np.diff(classes, prepend=classes[:1]).astype(np.float64)
    known = np.minimum(classes, np.roll(classes, 1)) > 0
    near = np.diff(times, prepend=times[:1]) <= rule.gap_h * 3.6e9
    hits = known & near & (steps >= rule.jump)
    earlier = np.concatenate((values[:1], values[:-1]))
    new = slice(before, None)
    return observations(
        rule, times[new], hits[new], severity=steps[new], value=values[new], limit=earlier[new]
    )


def sudden_changes(
    rule: AlertRule, item: str, track: Track, recent: Recent, around: Surroundings
) -> Observations:
    """Readings that are a multiple, or a fraction, of the median of those before."""
    before, times, values = _with_recent(recent, track)
    median = np.full(len(times), np.nan)
    if len(values) > rule.window:
        median[rule.window :] = np.median(sliding_window_view(values[:-1], rule.window), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.maximum(values / median, median / values)
        hits = (ratio > rule.ratio) & (median > 0)
    if rule.above_class:
        hits &= np.fmax(values, median) > _floor(rule, item, times, around)
    hits &= np.fmax(values, median) > rule.floors.get(item, -np.inf)
    limit = np.where(values > median, median * rule.ratio, median / rule.ratio)
    severity = np.where(np.isfinite(ratio), ratio, 0.0)
    new = slice(before, None)
    return observations(
        rule, times[new], hits[new], severity=severity[new], value=values[new], limit=limit[new]
    )


def _floor(rule: AlertRule, item: str, times: Times, around: Surroundings) -> Numbers:
    """The limit of `above_class`; below it a change is of no account. Zero without limits."""
    floor = np.zeros(len(times))
    wanted = class_number(rule.above_class)
    for mask, rows in _water_limits(around, item, times):
        if wanted is not None:
            floor[mask] = rows[0].of_class(wanted)
    return floor


def stuck_values(
    rule: AlertRule, item: str, track: Track, recent: Recent, _around: Surroundings
) -> Observations:
    """Readings that are equal to the one before, digit by digit as published."""
    before, times, values = _with_recent(recent, track)
    earlier = np.concatenate((times[:1], times[:-1]))
    near = times - earlier <= rule.gap_h * 3.6e9
    hits = np.concatenate(([False], values[1:] == values[:-1])) if len(values) else near
    hits = hits & near & (values > rule.floors.get(item, -np.inf))
    new = slice(before, None)
    found = observations(
        rule, times[new], hits[new], severity=np.zeros(len(times) - before), value=values[new]
    )
    return replace(found, origin=np.where(hits, earlier, times)[new])


def _with_recent(recent: Recent, track: Track) -> tuple[int, Times, Numbers]:
    """The remembered readings before the new ones, and how many of them there are."""
    times = np.array([t for t, _ in recent], dtype=np.int64)
    values = np.array([v for _, v in recent], dtype=np.float64)
    return (
        len(recent), np.concatenate((times, track.times)), np.concatenate((values, track.values)),
    )  # fmt: skip


Observer = Callable[[AlertRule, str, Track, Recent, Surroundings], Observations]

OBSERVERS: Final[Mapping[Kind, Observer]] = MappingProxyType({
    Kind.EXCEEDANCE: exceedances,
    Kind.CLASS_JUMP: class_jumps,
    Kind.SUDDEN_CHANGE: sudden_changes,
    Kind.STUCK: stuck_values,
})  # fmt: skip
"""Kinds that look at one series, reading by reading."""


def remembered(rule: AlertRule) -> int:
    """How many readings a rule must remember."""
    return {Kind.SUDDEN_CHANGE: rule.window, Kind.CLASS_JUMP: 1, Kind.STUCK: 1}.get(rule.kind, 0)
