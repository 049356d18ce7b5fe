"""The tables that every project file has: people, posts, settings, editions, series."""

from typing import Final

from sqlalchemy import (
    REAL,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA: Final = MetaData()
_SECOND: Final = {"since": 2}

Table(
    "people", METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, nullable=False, unique=True),
    Column("name", Text),
    Column("organisation", Text),
    Column("phone", Text),
    Column("data_status", Text),
    comment="People who hold posts",
)  # fmt: skip
Table(
    "posts", METADATA,
    Column("id", Integer, primary_key=True),
    Column("post_id", Text, nullable=False, unique=True),
    Column("person_id", Text),
    Column("role", Text),
    Column("tier", Text),
    Column("scope", Text),
    Column("scope_code", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("data_status", Text),
    comment="Who holds which post where, both days included",
)  # fmt: skip
Table(
    "departments", METADATA,
    Column("id", Integer, primary_key=True),
    Column("problem_type", Text, nullable=False, unique=True),
    Column("title_zh", Text),
    Column("title_en", Text),
    Column("department", Text),
    Column("with_township", Boolean),
    Column("work_days", Integer),
    Column("basis", Text),
    Column("data_status", Text),
    comment="Which department answers which type of problem",
)  # fmt: skip
Table(
    "settings", METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("value", Text, nullable=False),
    comment="Settings, values as JSON",
)  # fmt: skip
Table(
    "editions", METADATA,
    Column("id", Integer, primary_key=True),
    Column("layer_id", Text, nullable=False, unique=True),
    Column("edition_date", Date),
    Column("source", Text),
    Column("accuracy_m", REAL),
    Column("crs_of_source", Text),
    Column("rows", Integer),
    Column("content_hash", Text),
    Column("loaded_at", Text),
    Column("data_status", Text),
    comment="The edition that each layer holds",
)  # fmt: skip
Table(
    "series", METADATA,
    Column("id", Integer, primary_key=True),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("first_t", Integer),
    Column("last_t", Integer),
    Column("rows", Integer, nullable=False, server_default=text("0")),
    Column("waiting", Integer, info=_SECOND),
    UniqueConstraint("station", "item"),
    comment="Series: one row per station and item",
)  # fmt: skip
Table(
    "series_blocks", METADATA,
    Column("id", Integer, primary_key=True),
    Column("series_id", Integer, nullable=False),
    Column("window", Integer, nullable=False, quote=True),
    Column("first_t", Integer, nullable=False),
    Column("last_t", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("series_id", "window"),
    comment="Readings, one compressed block per series and year",
)  # fmt: skip
Table(
    "series_tail", METADATA,
    Column("id", Integer, primary_key=True),
    Column("series_id", Integer, nullable=False),
    Column("t", Integer, nullable=False),
    Column("value", REAL),
    Column("flag", Text, nullable=False),
    Column("protocol", Text, info=_SECOND),
    Column("shown", REAL, info=_SECOND),
    Column("arrived", Integer, info=_SECOND),
    Index("series_tail_by", text("t / 86400000000"), "series_id", "t", unique=True),
    comment="Latest readings, not yet in blocks",
)  # fmt: skip
Table(
    "series_notes", METADATA,
    Column("id", Integer, primary_key=True),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("start", DateTime, quote=True),
    Column("end", DateTime, quote=True),
    Column("kind", Text, nullable=False),
    Column("note", Text),
    UniqueConstraint("station", "item", "start", "kind"),
    comment="What is known about a stretch of a series",
)  # fmt: skip
Table(
    "series_revisions", METADATA,
    Column("id", Integer, primary_key=True),
    Column("station", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("t", Integer, nullable=False),
    Column("value", REAL),
    Column("flag", Text, nullable=False),
    Column("protocol", Text, nullable=False),
    Column("shown", REAL),
    Column("arrived", Integer, nullable=False),
    Column("replaced", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("station", "item", "t", "id"),
    comment="Readings that others took the place of; only ever added to",
    info={"since": 2, "append_only": True},
)  # fmt: skip
