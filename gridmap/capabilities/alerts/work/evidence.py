"""Why an alert was raised, as data: the rule, the limit with its standard, the readings."""

from typing import Any, Final

import numpy as np

from gridmap.capabilities.alerts.rules import Against, AlertRule, Event, Kind
from gridmap.capabilities.alerts.rules.observing import USED
from gridmap.capabilities.alerts.rules.rules import STATION_KINDS, class_number
from gridmap.capabilities.alerts.work.readings import StationReadings
from gridmap.core.moments import HOUR_US, moment_of
from gridmap.standards.classing import Medium, days_of
from gridmap.standards.files import standards
from gridmap.standards.sequences import rhythms
from gridmap.standards.surface_water import has_multiple, item_classes
from gridmap.standards.tables import Confidence, least_sure

SCHEMA: Final = "gridmap.alert/1"
MOST_READINGS: Final = 60
_MEMORY_US: Final = 30 * 24 * HOUR_US
_RHYTHM_FROM: Final = 5  # readings that show a rhythm
_INDEX_KINDS: Final = frozenset({Kind.AQI, Kind.HEAVY_POLLUTION})


def evidence(rule: AlertRule, key: str, event: Event, readings: StationReadings) -> dict[str, Any]:
    """The evidence of an event (docs/alerts.md); figures in the unit of the series."""
    facts = readings.facts
    standard, confidence = _standard(rule, key, event)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "rule": rule.id,
        "title": rule.title.as_dict(),
        "kind": rule.kind.value,
        "against": rule.against.value,
        "standard": standard,
        "standard_day": moment_of(event.start).date().isoformat(),
        "confidence": confidence.value,
        "unit": readings.stock.units.get((facts.code, key), ""),
        "limit": event.peak_limit,
        "duration": rule.duration,
        "step_h": _step_h(rule, key, event, readings),
        "target": None if facts.target is None else int(facts.target),
    }
    wanted = _wanted_class(rule, readings)
    if wanted is not None:
        data["class"] = wanted
    if rule.kind in _INDEX_KINDS:
        data["unit"] = ""
    if rule.kind not in STATION_KINDS and rule.kind is not Kind.MISSING:
        data["readings"] = _readings(rule, key, event, readings)
    return data


def _step_h(rule: AlertRule, key: str, event: Event, readings: StationReadings) -> float:
    """The rhythm of the series when the event was last seen, in hours; else that of the rule.

    A station may be daily for years and four-hourly later. What comes after the event says
    nothing here: found as readings arrive or all at once, the evidence is the same.
    """
    if rule.kind in STATION_KINDS or rule.kind is Kind.MISSING or rule.kind in _INDEX_KINDS:
        return rule.step_h
    times = readings.since(key, event.start - _MEMORY_US).up_to(event.last).times
    if len(times) < _RHYTHM_FROM:
        return rule.step_h
    return float(rhythms(times.astype(np.float64))[-1]) / HOUR_US


def _wanted_class(rule: AlertRule, readings: StationReadings) -> int | None:
    if rule.against is Against.CLASS:
        return class_number(rule.water_class)
    target = readings.facts.target
    return int(target) if rule.against is Against.TARGET and target is not None else None


def _standard(rule: AlertRule, key: str, event: Event) -> tuple[str, Confidence]:
    """The document the figure comes from on the day of the start, and how sure all of it is."""
    water = rule.medium == Medium.WATER
    medium = Medium.WATER if water else Medium.AIR
    day = days_of(np.array([event.start], np.int64), medium)[0].item()
    tables = standards()
    rows = [
        row
        for row in (tables.water.limits if water else tables.air.limits)
        if row.item == key and row.in_force(day)
    ]
    compares = rule.against in {Against.TARGET, Against.CLASS, Against.STANDARD}
    if rule.kind in _INDEX_KINDS:
        rows = [row for row in tables.air.scale if row.in_force(day)]  # type: ignore[misc]
    elif not compares or not rows:
        return rule.standard, rule.confidence
    named = rule.standard or (rows[0].standard if rows else "")
    return named, least_sure((rule.confidence, *(row.confidence_on(day) for row in rows)))


def _readings(
    rule: AlertRule, key: str, event: Event, readings: StationReadings
) -> list[dict[str, Any]]:
    """The readings from the start to the latest that broke the rule, at most `MOST_READINGS`."""
    track = readings.since(key, event.start - 1).up_to(event.last)
    counting = np.flatnonzero(track.marks == USED)
    if len(counting) > MOST_READINGS:
        # The beginning, the end, and the peak: the middle of a long event adds little.
        half = MOST_READINGS // 2
        peak = np.flatnonzero(track.times == event.peak_t)
        counting = np.unique(np.concatenate((counting[:half], peak, counting[-half + 1 :])))
    times, values = track.times[counting], track.values[counting]
    found: list[dict[str, Any]] = [
        {"time": moment_of(t).isoformat(), "value": v}
        for t, v in zip(times.tolist(), values.tolist(), strict=True)
    ]
    if rule.medium == Medium.WATER:
        _add_classes(found, key, event, readings, values)
    compared = has_multiple(standards().water, key)
    if rule.kind is Kind.EXCEEDANCE and event.peak_limit and compared:
        for row in found:
            over = (row["value"] - event.peak_limit) / event.peak_limit
            row["multiple"] = round(over, 4)
    return found


def _add_classes(
    found: list[dict[str, Any]], key: str, event: Event, readings: StationReadings, values: Any
) -> None:
    day = moment_of(event.start).date()
    limits = standards().water.on(day, readings.facts.body).limits.get(key)
    if limits:
        for row, number in zip(found, item_classes(limits, values).tolist(), strict=True):
            row["class"] = number
