"""The table of the readings that judgements leave out."""

from typing import Final

from sqlalchemy import Column, Integer, MetaData, Table, Text

METADATA: Final = MetaData()

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
