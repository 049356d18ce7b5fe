"""The tables of alerts: rules of the office, alerts, steps taken, and what rules remember."""

from typing import Final

from sqlalchemy import REAL, Column, Integer, MetaData, Table, Text, UniqueConstraint

METADATA: Final = MetaData()

Table(
    "alert_rules", METADATA,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False, unique=True),
    Column("definition", Text, nullable=False),
    comment="Alert rules as this office edits them, as JSON",
    info={"since": 2},
)  # fmt: skip
Table(
    "alerts", METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert_id", Text, nullable=False, unique=True),
    Column("rule_id", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("start_t", Integer, nullable=False),
    Column("last_t", Integer, nullable=False),
    Column("end_t", Integer),
    Column("readings", Integer, nullable=False),
    Column("peak_t", Integer),
    Column("peak_value", REAL),
    Column("peak_limit", REAL),
    Column("severity", REAL, nullable=False),
    Column("status", Text, nullable=False),
    Column("assignee", Text),
    Column("part_of", Text),
    Column("evidence", Text, nullable=False),
    Column("verdict", Text),
    Column("found_at", Text, nullable=False),
    comment="Alerts: one per event",
    info={"since": 2},
)  # fmt: skip
Table(
    "alert_steps", METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("assignee", Text),
    Column("note", Text, nullable=False),
    comment="What was done about an alert; only ever added to",
    info={"since": 2, "append_only": True},
)  # fmt: skip
Table(
    "alert_states", METADATA,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("evaluated_to", Integer, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("rule_id", "station", "item"),
    comment="Up to when each alert rule has been evaluated, and what it must remember",
    info={"since": 2},
)  # fmt: skip
