"""The tables of the quality checks: what they found, and what judgements leave out."""

from typing import Final

from sqlalchemy import Column, Integer, MetaData, Table, Text

METADATA: Final = MetaData()

Table(
    "series_findings", METADATA,
    Column("id", Integer, primary_key=True),
    Column("finding_id", Text, nullable=False, unique=True),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("check", Text, nullable=False),
    Column("start_t", Integer, nullable=False),
    Column("end_t", Integer, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("found_at", Text, nullable=False),
    comment="What the quality checks found: beside the readings, never over them",
    info={"since": 2},
)  # fmt: skip
Table(
    "series_exclusions", METADATA,
    Column("id", Integer, primary_key=True),
    Column("exclusion_id", Text, nullable=False, unique=True),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("start_t", Integer, nullable=False),
    Column("end_t", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("finding_id", Text),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("withdrawn_at", Text),
    Column("withdrawn_by", Text),
    Column("withdrawn_reason", Text),
    comment="Readings that judgements leave out: who, when, why; withdrawn, never deleted",
    info={"since": 2},
)  # fmt: skip
