"""Alerts as they are kept: one row per event, the steps taken about it, where rules stand.

What the evaluation finds is derived and is not undone; steps are only ever added.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from gridmap.capabilities.alerts.rules import AlertGrade, Kind
from gridmap.core.moments import micros_of, moment_of
from gridmap.store.project import Project


class AlertStatus(StrEnum):
    """Where an alert stands with the office.

    OPEN, ACKNOWLEDGED, ASSIGNED: somebody has to act. CLOSED: done, with a reason. PAST: it was
    found long after its end. WITHDRAWN: later readings or corrections leave nothing of it.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    PAST = "past"
    WITHDRAWN = "withdrawn"


LIVE: Final = frozenset({AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.ASSIGNED})


@dataclass(frozen=True)
class Alert:
    """One event and what is known of it.

    Attributes:
        alert_id: the same for the same rule, station, item and start.
        rule_id, station, item, kind, medium: what was found where; item "" is the station.
        grade: the gravest it reached.
        start, last, end: first and latest reading that broke the rule, first one back within
            (None while it lasts); aware, Asia/Shanghai.
        readings: how many broke the rule.
        peak_at, peak_value, peak_limit: the worst reading, in the unit of the evidence, and
            what it was compared with; None where there is no figure.
        severity: by which peaks are compared; see the kind.
        status, assignee: see `AlertStatus`; the assignee is a person or unit in words.
        part_of: the alert of which this one is a sign, "" if it stands for itself.
        evidence: rule, limit and standard of the day, readings (docs/alerts.md).
        verdict: unit, chain and chiefs on the day of the start, None without a place.
        found_at: when it was found.
    """

    alert_id: str
    rule_id: str
    station: str
    item: str
    kind: Kind
    medium: str
    grade: AlertGrade
    start: datetime
    last: datetime
    end: datetime | None
    readings: int
    peak_at: datetime | None
    peak_value: float | None
    peak_limit: float | None
    severity: float
    status: AlertStatus
    assignee: str
    part_of: str
    evidence: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    found_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in LIVE


@dataclass(frozen=True)
class AlertStep:
    """What was done about an alert, by whom; `actor` "" is the program."""

    alert_id: str
    at: datetime
    actor: str
    step: str
    assignee: str
    note: str


_COLUMNS: Final = (
    "alert_id", "rule_id", "station", "item", "kind", "medium", "grade", "start_t", "last_t",
    "end_t", "readings", "peak_t", "peak_value", "peak_limit", "severity", "status", "assignee",
    "part_of", "evidence", "verdict", "found_at",
)  # fmt: skip
_DETECTED: Final = (
    "grade", "last_t", "end_t", "readings", "peak_t", "peak_value", "peak_limit", "severity",
    "evidence",
)  # fmt: skip


def identity(rule_id: str, station: str, item: str, start: int) -> str:
    """The id of an alert; `start` in microseconds since 1970 UTC."""
    text = "\0".join((rule_id, station, item, str(start)))
    return f"A-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


# --- reading ------------------------------------------------------------------------------


def alerts(
    project: Project,
    *,
    live: bool | None = None,
    stations: Collection[str] | None = None,
    graver_than: AlertGrade | None = None,
    since: datetime | None = None,
    parts: bool = False,
) -> list[Alert]:
    """Alerts, the gravest and latest first.

    Args:
        project: where they are.
        live: only those somebody has to act on (True), only the others (False), or all.
        stations: codes; None takes all.
        graver_than: this grade and graver ones.
        since: that were seen at or after this moment.
        parts: also signs that belong to another alert.
    """
    with project.reading() as connection:
        rows = connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM alerts"  # noqa: S608
            " WHERE grade <= ? AND COALESCE(end_t, last_t) >= ? ORDER BY grade, start_t DESC",
            (int(graver_than or AlertGrade.BLUE), -(2**62) if since is None else micros_of(since)),
        ).fetchall()
    found = (_alert(row) for row in rows)
    return [
        one
        for one in found
        if (live is None or one.is_live is live)
        and (stations is None or one.station in stations)
        and (parts or not one.part_of)
    ]


def alert_of(project: Project, alert_id: str) -> Alert | None:
    """One alert by its id, None if there is none."""
    with project.reading() as connection:
        return read_alert(connection, alert_id)


def read_alert(connection: sqlite3.Connection, alert_id: str) -> Alert | None:
    """The same on a connection."""
    row = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM alerts WHERE alert_id = ?",  # noqa: S608
        (alert_id,),
    ).fetchone()
    return None if row is None else _alert(row)


def signs_of(project: Project, alert_id: str) -> list[Alert]:
    """The alerts that are signs of this one, in order of time."""
    return sorted(
        (one for one in alerts(project, parts=True) if one.part_of == alert_id),
        key=lambda one: one.start,
    )


def steps_of(project: Project, alert_id: str) -> list[AlertStep]:
    """What was done about an alert, in order."""
    with project.reading() as connection:
        rows = connection.execute(
            "SELECT alert_id, at, actor, step, assignee, note FROM alert_steps"
            " WHERE alert_id = ? ORDER BY id",
            (alert_id,),
        ).fetchall()
    return [
        AlertStep(name, datetime.fromisoformat(at), actor, step, assignee or "", note)
        for name, at, actor, step, assignee, note in rows
    ]


def _alert(row: tuple[Any, ...]) -> Alert:
    cell = dict(zip(_COLUMNS, row, strict=True))
    times = {
        name: None if cell[column] is None else moment_of(cell[column])
        for name, column in (("end", "end_t"), ("peak_at", "peak_t"))
    }
    return Alert(
        alert_id=cell["alert_id"],
        rule_id=cell["rule_id"],
        station=cell["station"],
        item=cell["item"],
        kind=Kind(cell["kind"]),
        medium=cell["medium"],
        grade=AlertGrade(cell["grade"]),
        start=moment_of(cell["start_t"]),
        last=moment_of(cell["last_t"]),
        end=times["end"],
        readings=cell["readings"],
        peak_at=times["peak_at"],
        peak_value=cell["peak_value"],
        peak_limit=cell["peak_limit"],
        severity=cell["severity"],
        status=AlertStatus(cell["status"]),
        assignee=cell["assignee"] or "",
        part_of=cell["part_of"] or "",
        evidence=json.loads(cell["evidence"]),
        verdict=None if cell["verdict"] is None else json.loads(cell["verdict"]),
        found_at=datetime.fromisoformat(cell["found_at"]),
    )


# --- writing ------------------------------------------------------------------------------


def put_alert(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Add an alert, or bring what was detected of a known one up to date."""
    names = [name for name in _COLUMNS if name in row]
    update = ", ".join(f"{name} = excluded.{name}" for name in _DETECTED)
    connection.execute(
        f"INSERT INTO alerts ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        f" ON CONFLICT (alert_id) DO UPDATE SET {update}",
        [row[name] for name in names],
    )


def put_step(
    connection: sqlite3.Connection, step: AlertStep, status: AlertStatus, assignee: str | None
) -> None:
    """Add a step, and give the alert the status that follows; `assignee` None leaves it."""
    connection.execute(
        "INSERT INTO alert_steps (alert_id, at, actor, step, assignee, note)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            step.alert_id, step.at.isoformat(), step.actor, step.step, step.assignee or None,
            step.note,
        ),
    )  # fmt: skip
    connection.execute(
        "UPDATE alerts SET status = ?, assignee = COALESCE(?, assignee) WHERE alert_id = ?",
        (status, assignee, step.alert_id),
    )


def read_states(connection: sqlite3.Connection) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Where each rule stands: (rule, station, item) to its state as JSON types."""
    rows = connection.execute("SELECT rule_id, station, item, state FROM alert_states")
    return {(rule, station, item): json.loads(state) for rule, station, item, state in rows}


def put_states(
    connection: sqlite3.Connection,
    states: Iterable[tuple[tuple[str, str, str], int, Mapping[str, Any]]],
) -> None:
    """Write where rules stand: key, evaluated up to (µs), state."""
    connection.executemany(
        "INSERT INTO alert_states (rule_id, station, item, evaluated_to, state)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule_id, station, item) DO UPDATE SET"
        " evaluated_to = excluded.evaluated_to, state = excluded.state",
        ((*key, to, json.dumps(state, ensure_ascii=False)) for key, to, state in states),
    )


def join_signs(
    connection: sqlite3.Connection,
    places: Iterable[tuple[str, str]],
    signs: Collection[Kind],
    wholes: Collection[Kind],
    before_us: int,
    after_us: int,
) -> None:
    """Make alerts of the kinds `signs` parts of that of the kinds `wholes` they coincide with.

    Args:
        connection: the writer's.
        places: station and item.
        signs: kinds that may be parts.
        wholes: kinds that take them in.
        before_us: a sign may lie so much before the start, in microseconds.
        after_us: and so much after the end.
    """

    def listed(kinds: Collection[Kind]) -> str:
        return ", ".join(f"'{kind}'" for kind in sorted(kinds))

    for station, item in sorted(set(places)):
        connection.execute(
            "UPDATE alerts SET part_of = (SELECT whole.alert_id FROM alerts AS whole"  # noqa: S608
            " WHERE whole.station = alerts.station AND whole.item = alerts.item"
            f" AND whole.kind IN ({listed(wholes)}) AND whole.status != 'withdrawn'"
            " AND alerts.last_t >= whole.start_t - ?"
            f" AND alerts.start_t <= COALESCE(whole.end_t + ?, {2**62})"
            " ORDER BY whole.start_t LIMIT 1)"
            f" WHERE station = ? AND item = ? AND kind IN ({listed(signs)})",
            (before_us, after_us, station, item),
        )
