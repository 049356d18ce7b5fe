"""What an office does about alerts: acknowledge, assign, close, reopen. Steps are only added."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from gridmap.capabilities.alerts.work.records import AlertStatus, AlertStep, put_step, read_alert
from gridmap.store.project import Project
from gridmap.texts import GridMapError, t


class AlertError(GridMapError):
    """A step that an alert does not allow, or an alert that is not there."""


class Step(StrEnum):
    """What an office does about an alert."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    CLOSE = "close"
    REOPEN = "reopen"


FOLLOWS: Final[Mapping[Step, AlertStatus]] = {
    Step.ACKNOWLEDGE: AlertStatus.ACKNOWLEDGED,
    Step.ASSIGN: AlertStatus.ASSIGNED,
    Step.CLOSE: AlertStatus.CLOSED,
    Step.REOPEN: AlertStatus.OPEN,
}
_ALLOWED: Final[Mapping[AlertStatus, tuple[Step, ...]]] = {
    AlertStatus.OPEN: (Step.ACKNOWLEDGE, Step.ASSIGN, Step.CLOSE),
    AlertStatus.ACKNOWLEDGED: (Step.ASSIGN, Step.CLOSE),
    AlertStatus.ASSIGNED: (Step.ASSIGN, Step.CLOSE),
    AlertStatus.CLOSED: (Step.REOPEN,),
    AlertStatus.PAST: (Step.REOPEN,),
    AlertStatus.WITHDRAWN: (),
}


def steps_allowed(status: AlertStatus) -> tuple[Step, ...]:
    """What can be done about an alert of this status."""
    return _ALLOWED[status]


def take_step(
    project: Project, alert_id: str, step: Step, *, actor: str, note: str = "", assignee: str = ""
) -> AlertStatus:
    """Do something about an alert: one change, one entry that is only ever added.

    Args:
        project: open for writing.
        alert_id: whose.
        step: what.
        actor: who does it.
        note: why; closing needs a reason.
        assignee: to whom it is given, for `Step.ASSIGN`.

    Returns:
        The status that follows.

    Raises:
        AlertError: `alerts.error.unknown`, `.not_allowed`, `.no_actor`, `.no_reason`,
            `.no_assignee`.
        ProjectError: if the project cannot be written.
    """
    actor, note, assignee = actor.strip(), note.strip(), assignee.strip()
    if not actor:
        raise AlertError("alerts.error.no_actor", alert=alert_id)
    if step is Step.CLOSE and not note:
        raise AlertError("alerts.error.no_reason", alert=alert_id)
    if step is Step.ASSIGN and not assignee:
        raise AlertError("alerts.error.no_assignee", alert=alert_id)
    with project.change(f"alert_{step}", actor=actor, note=note) as change:
        connection = change.deriving("alert_steps")
        change.deriving("alerts")
        alert = read_alert(connection, alert_id)
        if alert is None:
            raise AlertError("alerts.error.unknown", alert=alert_id)
        if step not in steps_allowed(alert.status):
            status = t(f"alerts.status.{alert.status}")
            raise AlertError("alerts.error.not_allowed", alert=alert_id, status=status)
        follows = FOLLOWS[step]
        entry = AlertStep(alert_id, change.at, actor, step, assignee, note)
        put_step(connection, entry, follows, assignee if step is Step.ASSIGN else None)
        change.detail |= {"alert": alert_id, "step": step.value}
        if assignee:
            change.detail["assignee"] = assignee
    return follows
