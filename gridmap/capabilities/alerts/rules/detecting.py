"""One rule at one series: what is new since the last evaluation, observed and folded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from gridmap.capabilities.alerts.rules.courses import (
    days_of_pollution,
    hours_of_aqi,
    months_of_section,
)
from gridmap.capabilities.alerts.rules.folding import Event, State, fold
from gridmap.capabilities.alerts.rules.missing import Pause, lone_gaps, silences
from gridmap.capabilities.alerts.rules.observing import (
    OBSERVERS,
    USED,
    Observations,
    Surroundings,
    Track,
    remembered,
)
from gridmap.capabilities.alerts.rules.rules import AlertRule, Kind
from gridmap.core.moments import DAY_US, HOUR_US
from gridmap.standards.classing import wall_clock

NOTHING_YET: Final = -(2**62)
"""`State.to` before the first evaluation."""

_Course = Callable[[AlertRule, Mapping[str, Track], int, Surroundings], tuple[Observations, int]]
_COURSES: Final[Mapping[Kind, _Course]] = MappingProxyType({
    Kind.AQI: hours_of_aqi,
    Kind.HEAVY_POLLUTION: days_of_pollution,
    Kind.YANGTZE: months_of_section,
})  # fmt: skip


def lookback_us(rule: AlertRule) -> int:
    """How far before the last evaluation readings are needed again, in microseconds.

    Moving means reach 24 hours back, tiers some days, the Yangtze rule to the beginning of the
    year before. Other kinds remember what they need in their state.
    """
    if rule.kind is Kind.AQI:
        return 25 * HOUR_US
    if rule.kind is Kind.HEAVY_POLLUTION:
        days = max(one.days for tier in rule.tiers for one in tier.conditions)
        return (days + 1) * DAY_US
    return 25 * 31 * DAY_US if rule.kind is Kind.YANGTZE else 0


def is_due(rule: AlertRule, to: int, until: int) -> bool:
    """Whether a day or month has been completed since `to`; other kinds always are due."""
    if rule.kind is Kind.HEAVY_POLLUTION:
        return until >= to + DAY_US
    if rule.kind is Kind.YANGTZE:
        begun, now = wall_clock(np.array([to, until], np.int64)).astype("datetime64[M]")
        return bool(now > begun)
    return True


def detect(
    rule: AlertRule,
    key: str,
    state: State | None,
    tracks: Mapping[str, Track],
    until: int,
    around: Surroundings,
    pauses: Sequence[Pause] = (),
) -> tuple[State, tuple[Event, ...]]:
    """Evaluate one rule at one station and item, going on from where it stood.

    Args:
        rule: the rule.
        key: the item, "" for the station as a whole.
        state: of the former evaluation; None begins anew.
        tracks: item to readings: all of them if `state` is None, else at least those later
            than `state.to` less `lookback_us`.
        until: the moment of the evaluation, microseconds since 1970 UTC; later readings are
            left out.
        around: tables, target and kind of water.
        pauses: stretches of maintenance.

    Returns:
        The new state, and the events that began, grew or ended. The same as one evaluation of
        everything, as long as no reading up to `state.to` has come or changed since.
    """
    known = State(NOTHING_YET) if state is None else state
    here = {item: track.up_to(until) for item, track in tracks.items()}
    if rule.kind in _COURSES:
        found, to = _COURSES[rule.kind](rule, here, until, around)
        found = found.where(found.times > _told(rule, known))
        known = replace(known, to=max(known.to, to))
        return fold(rule, known, found)
    new = {item: track.after(known.to) for item, track in here.items()}
    if rule.kind is Kind.MISSING:
        return _missing(rule, key, known, new, until, pauses)
    track = new[key]
    counting = track.marks == USED
    used = Track(track.times[counting], track.values[counting], track.marks[counting])
    found = OBSERVERS[rule.kind](rule, key, used, known.recent, around)
    latest = (*known.recent, *zip(used.times.tolist(), used.values.tolist(), strict=True))
    number = remembered(rule)
    to = int(track.times[-1]) if len(track) else known.to
    known = replace(known, to=to, recent=latest[-number:] if number else ())
    return fold(rule, known, found)


def must_begin_anew(rule: AlertRule, state: State, tracks: Mapping[str, Track]) -> bool:
    """Whether a record has come in place of one that was told to be overdue."""
    if rule.kind is not Kind.MISSING or not state.recent or state.to == state.recent[-1][0]:
        return False
    half = round(rule.step_h * HOUR_US / 2)
    return any(
        len(new) and int(new.times[0]) < state.to + half
        for new in (track.after(state.to) for track in tracks.values())
    )


def _told(rule: AlertRule, state: State) -> int:
    """Observations up to here were folded before."""
    if state.to == NOTHING_YET or rule.kind is Kind.AQI:
        return state.to
    return state.to - 1  # a day or month is named by its beginning, and complete at its end


def _missing(
    rule: AlertRule,
    key: str,
    state: State,
    new: Mapping[str, Track],
    until: int,
    pauses: Sequence[Pause],
) -> tuple[State, tuple[Event, ...]]:
    if key:
        found, begun = lone_gaps(rule, key, new, begun=bool(state.recent))
        recent: tuple[tuple[int, float], ...] = ((0, 0.0),) if begun else ()
        to = max([state.to, *(int(track.times[-1]) for track in new.values() if len(track))])
        return fold(rule, replace(state, to=to, recent=recent), found)
    before = state.recent[-1][0] if state.recent else None
    found, last = silences(rule, new, before, state.to, until, pauses)
    to = max(state.to, int(found.times[-1])) if len(found) else state.to
    recent = ((last, 0.0),) if last is not None else ()
    return fold(rule, replace(state, to=to, recent=recent), found)
