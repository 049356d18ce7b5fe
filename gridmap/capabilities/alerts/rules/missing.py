"""Records that did not come: of a station, or of one item of a station that does report."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from gridmap.capabilities.alerts.rules.observing import (
    ABSENT,
    CLEAR,
    HIT,
    NEUTRAL,
    NOT_COUNTED,
    USED,
    Codes,
    Observations,
    Times,
    Track,
)
from gridmap.capabilities.alerts.rules.rules import AlertRule
from gridmap.core.moments import HOUR_US

Pause = tuple[int, int]


def silences(
    rule: AlertRule,
    tracks: Mapping[str, Track],
    last: int | None,
    to: int,
    until: int,
    pauses: Sequence[Pause],
) -> tuple[Observations, int | None]:
    """Each record of a station, and each that is overdue.

    A record without any usable value is missing too, unless it is flagged or under maintenance.
    A record is overdue when the one after it is due.

    Args:
        rule: its `step_h` is the rhythm.
        tracks: item to readings later than `to`.
        last: time of the last record before, None if there is none.
        to: what is overdue up to here has been told before.
        until: the moment of the evaluation.
        pauses: stretches of maintenance, start included, end excluded: nothing is expected.

    Returns:
        The observations, and the time of the last record.
    """
    times, marks = _records(tracks)
    step = round(rule.step_h * HOUR_US)
    status = np.select([marks == USED, marks == NOT_COUNTED], [CLEAR, NEUTRAL], HIT)
    known = times if last is None else np.concatenate(([last], times))
    overdue = _overdue(known, step, to, until)
    whole = np.concatenate((times, overdue))
    states = np.concatenate((status, np.full(len(overdue), HIT)))
    order = np.argsort(whole, kind="stable")
    whole, states = whole[order].astype(np.int64), states[order]
    for start, end in pauses:
        states[(whole >= start) & (whole < end) & (states == HIT)] = NEUTRAL
    return _observed(rule, whole, states), int(known[-1]) if len(known) else None


def lone_gaps(
    rule: AlertRule, item: str, tracks: Mapping[str, Track], *, begun: bool
) -> tuple[Observations, bool]:
    """Records in which one item is missing while others are there.

    Args:
        rule: the rule.
        item: whose values are looked for.
        tracks: item to readings later than what was evaluated.
        begun: whether the item had a reading before.

    Returns:
        The observations, and whether the item has had a reading by now.
    """
    times, marks = _records(tracks)
    times = times[marks == USED]
    track = tracks[item]
    found = np.full(len(times), ABSENT, np.int8)
    place = np.searchsorted(track.times, times)
    there = place < len(track)
    there[there] = track.times[place[there]] == times[there]
    found[there] = track.marks[place[there]]
    status = np.select([found == USED, found == NOT_COUNTED], [CLEAR, NEUTRAL], HIT)
    if not begun:
        first = track.times[0] if len(track) else np.iinfo(np.int64).max
        status[times < first] = NEUTRAL
    return _observed(rule, times, status), begun or len(track) > 0


def _records(tracks: Mapping[str, Track]) -> tuple[Times, Codes]:
    """All times of a station, each with the best mark of its items."""
    if not tracks:
        return np.zeros(0, np.int64), np.zeros(0, np.int8)
    times = np.unique(np.concatenate([track.times for track in tracks.values()]))
    # A value that counts is worth most, then one that is there but does not count.
    worth = np.array([2, 0, 1], np.int8)
    best = np.zeros(len(times), np.int8)
    for track in tracks.values():
        place = np.searchsorted(times, track.times)
        best[place] = np.maximum(best[place], worth[track.marks])
    return times, np.array([ABSENT, NOT_COUNTED, USED], np.int8)[best]


def _overdue(records: Times, step: int, to: int, until: int) -> Times:
    """Times at which a record should have come, later than what was told up to `to`."""
    if not len(records):
        return np.zeros(0, np.int64)
    between = np.round(np.diff(records) / step).astype(np.int64) - 1
    after = max((until - int(records[-1])) // step - 1, 0)
    counts = np.maximum(np.append(between, after), 0)
    starts = np.repeat(records, counts)
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    due: Times = starts + number * step
    return due[due > to]


def _observed(rule: AlertRule, times: Times, status: Codes) -> Observations:
    nothing = np.full(len(times), math.nan)
    return Observations(
        times, status.astype(np.int8), np.full(len(times), int(rule.grade), np.int8),
        np.zeros(len(times)), nothing, nothing, times,
    )  # fmt: skip
