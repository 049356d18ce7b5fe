"""From observations to events: a fold whose state is small, plain and can be kept.

Folding a sequence at once, or in any pieces one after the other, gives the same events. That is
why evaluating what has just arrived and evaluating everything anew agree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np

from gridmap.capabilities.alerts.rules.observing import CLEAR, HIT, Observations
from gridmap.capabilities.alerts.rules.rules import AlertGrade, AlertRule
from gridmap.core.moments import HOUR_US


@dataclass(frozen=True)
class Event:
    """A stretch in which a rule was broken. Times are microseconds since 1970 UTC.

    Attributes:
        start, last: the first and the latest reading that broke the rule.
        end: the first reading that was back within; None while the event lasts.
        readings: how many broke it.
        grade: the gravest it reached.
        severity: of the peak, by which peaks are compared; its meaning depends on the rule.
        peak_t, peak_value, peak_limit: the worst reading and what it was compared with, None
            where there is no figure.
    """

    start: int
    last: int
    readings: int
    grade: AlertGrade
    severity: float
    peak_t: int
    peak_value: float | None
    peak_limit: float | None
    end: int | None = None

    @property
    def lasts(self) -> bool:
        """Whether the end has not been seen."""
        return self.end is None

    def with_more(self, more: "Event") -> "Event":
        """This event, gone on: both are one, and it lasts."""
        peak = more if more.severity > self.severity else self
        twice = 1 if more.start <= self.last else 0  # a run of equal values begins one earlier
        return replace(
            peak,
            start=self.start,
            last=more.last,
            readings=self.readings + more.readings - twice,
            grade=min(self.grade, more.grade),
            end=None,
        )


@dataclass(frozen=True)
class State:
    """What must be remembered between two evaluations of one rule at one series.

    Attributes:
        to: evaluated up to this time, included.
        recent: the latest readings that counted, oldest first: (time, value).
        at: time of the latest observation, None before the first.
        event: the latest event, lasting or ended.
        pending: readings that broke the rule, too few yet to be an event.
        clears, clear_from: readings back within since, and the time of the first of them.
    """

    to: int
    recent: tuple[tuple[int, float], ...] = ()
    at: int | None = None
    event: Event | None = None
    pending: Event | None = None
    clears: int = 0
    clear_from: int = 0

    def as_data(self) -> dict[str, Any]:
        """The state as JSON types."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        """The state from `as_data`.

        Raises:
            TypeError, KeyError, ValueError: if it is none.
        """
        return cls(**{
            **data,
            "recent": tuple((int(t), float(v)) for t, v in data["recent"]),
            "event": _event(data["event"]),
            "pending": _event(data["pending"]),
        })  # fmt: skip


def _event(data: Mapping[str, Any] | None) -> Event | None:
    return None if data is None else Event(**{**data, "grade": AlertGrade(data["grade"])})


def fold(rule: AlertRule, state: State, found: Observations) -> tuple[State, tuple[Event, ...]]:
    """Go on from a state with further observations, which are later than those before.

    Returns:
        The new state, and the events that began, grew or ended, in order of their start, each
        as it stands now.
    """
    machine = _Machine(rule, state)
    for segment in _segments(rule, state.at, found):
        machine.take(*segment)
    return machine.state(), tuple(machine.touched[start] for start in sorted(machine.touched))


class _Machine:
    def __init__(self, rule: AlertRule, state: State) -> None:
        self._rule, self._state = rule, state
        self.touched: dict[int, Event] = {}

    def state(self) -> State:
        return self._state

    def take(self, found: Observations, broken: bool) -> None:
        """A segment: observations that all hit, or all are clear; `broken` after a long gap."""
        if found.status[0] == HIT:
            self._hit(_made(found), broken=broken)
        else:
            self._clear(int(found.times[0]), len(found))
        self._state = replace(self._state, at=int(found.times[-1]))

    def _hit(self, more: Event, *, broken: bool) -> None:
        state, rule = self._state, self._rule
        event = state.event
        if event is not None and event.lasts:
            self._keep(event.with_more(more))
            self._state = replace(self._state, clears=0)
            return
        waiting = None if broken else state.pending
        pending = waiting.with_more(more) if waiting is not None else more
        if pending.readings < rule.duration:
            self._state = replace(state, pending=pending, clears=0)
            return
        self._state = replace(state, pending=None, clears=0)
        silence = rule.silence_h * HOUR_US
        if event is not None and event.end is not None and pending.start - event.end <= silence:
            pending = event.with_more(pending)
        self._keep(pending)

    def _clear(self, first: int, count: int) -> None:
        state = self._state
        clear_from = state.clear_from if state.clears else first
        self._state = replace(
            state, pending=None, clears=state.clears + count, clear_from=clear_from
        )
        event = state.event
        if event is not None and event.lasts and self._state.clears >= self._rule.hysteresis:
            self._keep(replace(event, end=clear_from))

    def _keep(self, event: Event) -> None:
        self.touched[event.start] = event
        self._state = replace(self._state, event=event)


def _segments(
    rule: AlertRule, before: int | None, found: Observations
) -> Iterator[tuple[Observations, bool]]:
    """Stretches of equal status without a long gap, and whether a long gap lies before each."""
    counted = found.where(found.status >= CLEAR)
    if not len(counted):
        return
    gap = rule.gap_h * HOUR_US
    earlier = counted.times[0] if before is None else before
    apart = np.diff(counted.times, prepend=earlier) > gap
    changes = np.diff(counted.status, prepend=counted.status[0]) != 0
    edges = np.flatnonzero(apart | changes)
    starts = np.unique(np.concatenate(([0], edges)))
    ends = np.append(starts[1:], len(counted))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield counted.where(slice(start, end)), bool(apart[start])


def _made(found: Observations) -> Event:
    peak = int(np.argmax(found.severity))
    start, first = int(found.origin[0]), int(found.times[0])
    return Event(
        start=start,
        last=int(found.times[-1]),
        readings=len(found) + (1 if start < first else 0),
        grade=AlertGrade(int(found.grade.min())),
        severity=float(found.severity[peak]),
        peak_t=int(found.times[peak]),
        peak_value=_figure(found.value[peak]),
        peak_limit=_figure(found.limit[peak]),
    )


def _figure(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
