"""Alerts: rules as a table, and events found in readings by a fold that can be resumed.

No files, no clock: readings, state and the moment up to which they are judged are arguments. What
an office does about an alert is kept in `gridmap.capabilities.alerts.work.alerting`.
"""

from gridmap.capabilities.alerts.rules.detecting import detect, is_due, lookback_us, must_begin_anew
from gridmap.capabilities.alerts.rules.folding import Event, State, fold
from gridmap.capabilities.alerts.rules.observing import Observations, Surroundings, Track
from gridmap.capabilities.alerts.rules.rules import (
    EVERY_STATION,
    Against,
    AlertGrade,
    AlertRule,
    Condition,
    Escalation,
    Kind,
    Tier,
    class_number,
    is_quiet,
)

__all__ = [
    "EVERY_STATION",
    "Against",
    "AlertGrade",
    "AlertRule",
    "Condition",
    "Escalation",
    "Event",
    "Kind",
    "Observations",
    "State",
    "Surroundings",
    "Tier",
    "Track",
    "class_number",
    "detect",
    "fold",
    "is_due",
    "is_quiet",
    "lookback_us",
    "must_begin_anew",
]
