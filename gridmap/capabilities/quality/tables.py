"""The table of the quality checks: what they found."""

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
