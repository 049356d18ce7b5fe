"""What a person decided about an alert outlives the figures on which it was decided.

A changed rule or a corrected reading moves the beginning of an event, and with it the alert's
identity: the old alert is withdrawn and a new one found. It is the same event to whoever closed
it, so the new alert takes the decision over, and says from which alert.
"""

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridmap.capabilities.alerts.work.records import Alert, AlertStatus, read_alert
from gridmap.capabilities.alerts.work.steps import FOLLOWS, Step
from gridmap.core.moments import micros_of


@dataclass(frozen=True)
class Decision:
    """The last that a person did about an alert: what follows, when (aware), given to whom."""

    alert_id: str
    status: AlertStatus
    at: datetime
    assignee: str

    def holds_for(self, last_t: int) -> bool:
        """Whether it still holds for an event last seen at `last_t` (µs since 1970 UTC).

        Nobody closed what had not happened yet.
        """
        return self.status is not AlertStatus.CLOSED or last_t <= micros_of(self.at)


def decision_on(connection: sqlite3.Connection, alert_id: str) -> Decision | None:
    """What a person last decided about an alert, None if nobody did anything."""
    row = connection.execute(
        "SELECT step, at, assignee FROM alert_steps WHERE alert_id = ? AND actor != ''"
        " ORDER BY id DESC LIMIT 1",
        (alert_id,),
    ).fetchone()
    if row is None:
        return None
    step, at, assignee = row
    return Decision(alert_id, FOLLOWS[Step(step)], datetime.fromisoformat(at), assignee or "")


def decision_before(
    connection: sqlite3.Connection, row: Mapping[str, Any], gone: Collection[str]
) -> Decision | None:
    """The decision on an alert of the same event, among those of which nothing is left.

    Args:
        connection: the writer's.
        row: of the new alert.
        gone: ids of the alerts that this evaluation withdraws.
    """
    end = row["last_t"] if row["end_t"] is None else row["end_t"]
    for identifier in sorted(gone):
        old = read_alert(connection, identifier)
        if old is None or _source(old) != (row["rule_id"], row["station"], row["item"]):
            continue
        overlap = micros_of(old.start) <= end and micros_of(old.end or old.last) >= row["start_t"]
        decision = decision_on(connection, identifier) if overlap else None
        if decision is not None and decision.holds_for(row["last_t"]):
            return decision
    return None


def _source(alert: Alert) -> tuple[str, str, str]:
    return alert.rule_id, alert.station, alert.item
