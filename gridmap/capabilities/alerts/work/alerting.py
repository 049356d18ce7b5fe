"""Evaluating the alert rules of a project.

An evaluation goes on from where the last one stood. Where readings came late, were corrected,
excluded, or a rule or target changed, that rule is evaluated anew at that series, from the
first reading, so that the alerts always are those of one evaluation of everything.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from gridmap.capabilities.alerts.rules import (
    AlertRule,
    Event,
    Kind,
    State,
    detect,
    is_due,
    is_quiet,
    lookback_us,
    must_begin_anew,
)
from gridmap.capabilities.alerts.work.decisions import decision_before, decision_on
from gridmap.capabilities.alerts.work.evidence import evidence
from gridmap.capabilities.alerts.work.places import Places
from gridmap.capabilities.alerts.work.readings import StationReadings, stock_of
from gridmap.capabilities.alerts.work.records import (
    Alert,
    AlertStatus,
    AlertStep,
    identity,
    join_signs,
    put_alert,
    put_states,
    put_step,
    read_alert,
    read_states,
)
from gridmap.capabilities.alerts.work.rule_files import past_after_days, rules_of
from gridmap.capabilities.alerts.work.steps import Step
from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.capabilities.stations.work.standing import STEP
from gridmap.core.moments import HOUR_US, ZONE, micros_of, moment_of
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

SIGNS: Final = (Kind.CLASS_JUMP, Kind.SUDDEN_CHANGE)
"""Kinds whose alerts are signs of an exceedance that they coincide with, and no events of
their own then: one event is one alert."""

CARRIED: Final = "carried"
"""A step of the program: the decision on another alert of the same event, which the note names."""

_BEGINNING: Final = -(2**62)
_SIGN_BEFORE_US: Final = 8 * HOUR_US
# The median that a sudden change is compared with still holds the event for a day.
_SIGN_AFTER_US: Final = 24 * HOUR_US
_LIVE_FEED: Final = timedelta(days=3)

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found: ids of alerts, each in one of the first four.

    `quiet` are those new ones of which nobody should be notified now, by the rules' quiet
    hours. `rules` is how often a rule was evaluated at a series, `anew` how often from the
    first reading.
    """

    until: datetime
    new: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    rules: int = 0
    anew: int = 0


@dataclass
class _Found:
    """Everything to be written at the end."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: list[tuple[_Key, int, dict[str, Any]]] = field(default_factory=list)
    anew: set[_Key] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)


def until_of(project: Project, now: datetime) -> datetime:
    """Up to when a project should be evaluated: now, if its readings are live.

    In an example, and where the latest reading of all is older than three days, the time of
    that reading: of an archive nobody expects further records.
    """
    keys = project.series.keys()
    if not len(keys):
        return now
    latest: datetime = keys["last"].max().to_pydatetime()
    live = not project.is_example and timedelta(0) <= now - latest <= _LIVE_FEED
    return now if live else latest


def evaluate(
    project: Project,
    until: datetime,
    stations: Collection[str] | None = None,
    *,
    full: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Evaluation:
    """Evaluate all enabled rules and write what they find, as one change of the project.

    Args:
        project: open for writing.
        until: aware; later readings are left out.
        stations: codes; None takes all.
        full: begin anew everywhere; what is found is the same.
        progress: told how many stations are done, of how many; what it raises stops the
            evaluation, and nothing is written.

    Raises:
        AlertRuleError: if a rule of the project is wrong.
        ProjectError: if the project cannot be written.
    """
    if project.read_only:
        reason = project.read_only_reason
        raise ProjectError("project.error.read_only", file=project.path, reason=reason)
    rules = [rule for rule in rules_of(project).values() if rule.enabled]
    places = stations_of(project)
    chosen = [facts for code, facts in places.items() if stations is None or code in stations]
    stock, judge, verdicts = stock_of(project), Judge(project), Places(project)
    with project.reading() as connection:
        known = {} if full else read_states(connection)
    found = _Found()
    for done, facts in enumerate(chosen):
        progress(done, len(chosen))
        readings = StationReadings(project, judge, facts, stock)
        for rule in rules:
            if rule.medium == facts.medium and rule.covers(facts.code):
                _at_station(in_step(rule, facts), readings, known, until, verdicts, found)
    progress(len(chosen), len(chosen))
    return _written(project, found, until)


def in_step(rule: AlertRule, facts: StationFacts) -> AlertRule:
    """The rule in the rhythm of a station that reports less often than the rule expects.

    A station that publishes one record a day does not lack five of six.
    """
    return replace(rule, step_h=max(rule.step_h, STEP[facts.rhythm] / timedelta(hours=1)))


def looked_at(rule: AlertRule, facts: StationFacts) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What a rule looks at, at a station: the item of its alerts, the items it is told by."""
    for item in rule.keys:
        whole = not item or rule.kind is Kind.MISSING
        measured = tuple(facts.items) if whole else (item,)
        if measured and (not item or item in facts.items):
            yield item, measured


def _at_station(
    rule: AlertRule,
    readings: StationReadings,
    known: Mapping[_Key, Mapping[str, Any]],
    until: datetime,
    verdicts: Places,
    found: _Found,
) -> None:
    """Evaluate one rule at one station, item by item."""
    facts = readings.facts
    for item, measured in looked_at(rule, facts):
        key, mark = (rule.id, facts.code, item), readings.mark(rule, measured)
        state = _state_of(rule, known.get(key), mark, readings, measured)
        low = _BEGINNING
        if state is not None:
            due = is_due(rule, state.to, micros_of(until))
            low = state.to - (lookback_us(rule) if due else 0)
        tracks = {one: readings.since(one, low) for one in measured}
        pauses = readings.stock.pauses.get(facts.code, ())
        fresh, events = detect(
            rule, item, state, tracks, micros_of(until), readings.surroundings(), pauses
        )
        if state is None:
            found.anew.add(key)
        seen = {one: readings.seen(one, fresh.to) for one in measured}
        found.states.append((key, fresh.to, {**fresh.as_data(), "mark": mark, "seen": seen}))
        for event in events:
            row = _row(rule, item, event, readings, verdicts)
            found.rows[row["alert_id"]] = row
            if is_quiet(rule, event.grade, until.astimezone(ZONE).time()):
                found.quiet.add(row["alert_id"])


def _state_of(
    rule: AlertRule,
    data: Mapping[str, Any] | None,
    mark: str,
    readings: StationReadings,
    measured: Iterable[str],
) -> State | None:
    """The state to go on from; None where the evaluation must begin anew."""
    if data is None or data.get("mark") != mark:
        return None
    plain = {name: value for name, value in data.items() if name not in {"mark", "seen"}}
    state = State.of_data(plain)
    for item in measured:
        if readings.seen(item, state.to) != data["seen"].get(item):
            return None  # a reading came late, or is gone
    tracks = {item: readings.since(item, state.to) for item in measured}
    return None if must_begin_anew(rule, state, tracks) else state


def _row(
    rule: AlertRule, item: str, event: Event, readings: StationReadings, verdicts: Places
) -> dict[str, Any]:
    """What the table keeps of an event."""
    facts = readings.facts
    verdict = verdicts.of(facts, moment_of(event.start).date())
    return {
        "alert_id": identity(rule.id, facts.code, item, event.start),
        "rule_id": rule.id,
        "station": facts.code,
        "item": item,
        "kind": rule.kind.value,
        "medium": rule.medium,
        "grade": int(event.grade),
        "start_t": event.start,
        "last_t": event.last,
        "end_t": event.end,
        "readings": event.readings,
        "peak_t": None if event.peak_value is None else event.peak_t,
        "peak_value": event.peak_value,
        "peak_limit": event.peak_limit,
        "severity": event.severity,
        "evidence": json.dumps(evidence(rule, item, event, readings), ensure_ascii=False),
        "verdict": None if verdict is None else json.dumps(verdict, ensure_ascii=False),
    }


def _written(project: Project, found: _Found, until: datetime) -> Evaluation:
    """Write what was found as one change, and say what is new of it."""
    sorts: dict[str, list[str]] = {"new": [], "grown": [], "ended": [], "withdrawn": []}
    with project.change("evaluate_alerts") as change:
        connection = change.deriving("alerts")
        change.deriving("alert_steps")
        put_states(change.deriving("alert_states"), found.states)
        by_program = partial(AlertStep, at=change.at, actor="", assignee="", note="")
        gone = _gone(connection, found)
        for identifier, row in found.rows.items():
            before = read_alert(connection, identifier)
            sort = _sort(before, row)
            if sort is None:
                continue
            sorts[sort].append(identifier)
            first = _first_status(row, until)
            status = first if before is None else before.status
            put_alert(
                connection, {**row, "status": status.value, "found_at": change.at.isoformat()}
            )
            if before is None:
                decision = decision_before(connection, row, gone)
                if decision is not None:
                    entry = replace(by_program(identifier, step=CARRIED), note=decision.alert_id)
                    put_step(connection, entry, decision.status, decision.assignee or None)
            elif _comes_back(before, row):
                again = _status_again(connection, before, row, first)
                put_step(connection, by_program(identifier, step=Step.REOPEN), again, None)
        for identifier in gone:
            step = by_program(identifier, step=AlertStatus.WITHDRAWN)
            put_step(connection, step, AlertStatus.WITHDRAWN, None)
            sorts["withdrawn"].append(identifier)
        touched = {(key[1], key[2]) for key in found.anew}
        touched |= {(row["station"], row["item"]) for row in found.rows.values()}
        join_signs(connection, touched, SIGNS, (Kind.EXCEEDANCE,), _SIGN_BEFORE_US, _SIGN_AFTER_US)
        change.detail |= {name: len(ids) for name, ids in sorts.items()}
        change.detail["until"] = until.isoformat()
    told = {name: tuple(ids) for name, ids in sorts.items()}
    quiet = tuple(one for one in told["new"] if one in found.quiet)
    return Evaluation(until, **told, quiet=quiet, rules=len(found.states), anew=len(found.anew))


def _sort(before: Alert | None, row: Mapping[str, Any]) -> str | None:
    """Whether an event is new, has grown or ended; None if it stands as it was."""
    if before is None:
        return "new"
    had_ended, ends = before.end is not None, row["end_t"] is not None
    changed = micros_of(before.last) != row["last_t"] or before.readings != row["readings"]
    if before.status is AlertStatus.WITHDRAWN or (changed and not ends):
        return "grown"
    same_end = before.end is None or micros_of(before.end) == row["end_t"]
    if ends and (not had_ended or not same_end):
        return "ended"
    figures = (int(before.grade), before.peak_value, before.peak_limit)
    moved = figures != (row["grade"], row["peak_value"], row["peak_limit"])
    proof = json.dumps(before.evidence, ensure_ascii=False) != row["evidence"]
    return "grown" if changed or moved or had_ended != ends or proof else None


def _comes_back(before: Alert, row: Mapping[str, Any]) -> bool:
    """Whether an alert that was done with goes on, or is there again."""
    if before.status is AlertStatus.WITHDRAWN:
        return True
    return not before.is_live and row["last_t"] > micros_of(before.last)


def _status_again(
    connection: sqlite3.Connection, before: Alert, row: Mapping[str, Any], first: AlertStatus
) -> AlertStatus:
    """Where an alert stands that is there again: as a person left it, if that still holds."""
    if before.status is not AlertStatus.WITHDRAWN:
        return AlertStatus.OPEN
    decision = decision_on(connection, before.alert_id)
    return decision.status if decision and decision.holds_for(row["last_t"]) else first


def _first_status(row: Mapping[str, Any], until: datetime) -> AlertStatus:
    end = row["end_t"]
    long_ago = micros_of(until - timedelta(days=past_after_days()))
    return AlertStatus.PAST if end is not None and end < long_ago else AlertStatus.OPEN


def _gone(connection: sqlite3.Connection, found: _Found) -> list[str]:
    """Alerts of series evaluated anew of which nothing is left."""
    gone = []
    for rule, station, item in sorted(found.anew):
        rows = connection.execute(
            "SELECT alert_id FROM alerts WHERE rule_id = ? AND station = ? AND item = ?"
            " AND status != 'withdrawn'",
            (rule, station, item),
        )
        gone += [identifier for (identifier,) in rows if identifier not in found.rows]
    return gone
