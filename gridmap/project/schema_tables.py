"""The tables of a project file that hold no geometry, with the format that brought each."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Table:
    """A table: what it holds, its columns as SQL, the format (schema version) it came with.

    `added` are columns that came with a later format than the table itself: name to SQL. They
    may be NULL, because rows that undo puts back may come from before. A table that is
    `append_only` refuses updates and deletions; undo leaves it alone, too. `index` is a unique
    index beside the constraints of the table.
    """

    description: str
    columns: str
    since: int = 1
    added: dict[str, str] = field(default_factory=dict)
    append_only: bool = False
    index: str = ""


TABLES: Final = {
    "people": Table(
        "People who hold posts",
        ("person_id TEXT NOT NULL UNIQUE, name TEXT, organisation TEXT, phone TEXT,"
        " data_status TEXT"),
    ),
    "posts": Table(
        "Who holds which post where, both days included",
        ("post_id TEXT NOT NULL UNIQUE, person_id TEXT, role TEXT, tier TEXT, scope TEXT,"
        " scope_code TEXT, valid_from DATE, valid_to DATE, data_status TEXT"),
    ),
    "departments": Table(
        "Which department answers which type of problem",
        ("problem_type TEXT NOT NULL UNIQUE, title_zh TEXT, title_en TEXT, department TEXT,"
        " with_township BOOLEAN, work_days INTEGER, basis TEXT, data_status TEXT"),
    ),
    "settings": Table("Settings, values as JSON", "name TEXT NOT NULL UNIQUE, value TEXT NOT NULL"),
    "editions": Table(
        "The edition that each layer holds",
        ("layer_id TEXT NOT NULL UNIQUE, edition_date DATE, source TEXT, accuracy_m REAL,"
        " crs_of_source TEXT, rows INTEGER, content_hash TEXT, loaded_at TEXT, data_status TEXT"),
    ),
    "series": Table(
        "Series: one row per station and item",
        ("station TEXT NOT NULL, item TEXT NOT NULL, unit TEXT NOT NULL, first_t INTEGER,"
        " last_t INTEGER, rows INTEGER NOT NULL DEFAULT 0, UNIQUE (station, item)"),
        added={"waiting": "INTEGER"},
    ),
    "series_blocks": Table(
        "Readings, one compressed block per series and year",
        ('"series_id" INTEGER NOT NULL, "window" INTEGER NOT NULL, first_t INTEGER NOT NULL,'
        ' last_t INTEGER NOT NULL, rows INTEGER NOT NULL, data BLOB NOT NULL,'
        ' UNIQUE ("series_id", "window")'),
    ),
    "series_tail": Table(
        "Latest readings, not yet in blocks",
        "series_id INTEGER NOT NULL, t INTEGER NOT NULL, value REAL, flag TEXT NOT NULL",
        added={"protocol": "TEXT", "shown": "REAL", "arrived": "INTEGER"},
        index="t / 86400000000, series_id, t",
    ),
    "series_notes": Table(
        "What is known about a stretch of a series",
        ('station TEXT NOT NULL, item TEXT NOT NULL, "start" DATETIME, "end" DATETIME,'
        ' kind TEXT NOT NULL, note TEXT, UNIQUE (station, item, "start", kind)'),
    ),
    "series_revisions": Table(
        "Readings that others took the place of; only ever added to",
        ("station TEXT NOT NULL, item TEXT NOT NULL, t INTEGER NOT NULL, value REAL,"
         " flag TEXT NOT NULL, protocol TEXT NOT NULL, shown REAL, arrived INTEGER NOT NULL,"
         " replaced INTEGER NOT NULL, revision INTEGER NOT NULL, UNIQUE (station, item, t, id)"),
        since=2,
        append_only=True,
    ),
    "series_findings": Table(
        "What the quality checks found: beside the readings, never over them",
        ("finding_id TEXT NOT NULL UNIQUE, station TEXT NOT NULL, item TEXT NOT NULL,"
         ' "check" TEXT NOT NULL, start_t INTEGER NOT NULL, end_t INTEGER NOT NULL,'
         " readings INTEGER NOT NULL, severity TEXT NOT NULL, facts TEXT NOT NULL,"
         " found_at TEXT NOT NULL"),
        since=2,
    ),
    "series_exclusions": Table(
        "Readings that judgements leave out: who, when, why; withdrawn, never deleted",
        ("exclusion_id TEXT NOT NULL UNIQUE, station TEXT NOT NULL, item TEXT NOT NULL,"
         " start_t INTEGER NOT NULL, end_t INTEGER NOT NULL, reason TEXT NOT NULL,"
         " finding_id TEXT, actor TEXT NOT NULL, at TEXT NOT NULL, withdrawn_at TEXT,"
         " withdrawn_by TEXT, withdrawn_reason TEXT"),
        since=2,
    ),
    "alert_rules": Table(
        "Alert rules as this office edits them, as JSON",
        "rule_id TEXT NOT NULL UNIQUE, definition TEXT NOT NULL",
        since=2,
    ),
    "alerts": Table(
        "Alerts: one per event",
        ("alert_id TEXT NOT NULL UNIQUE, rule_id TEXT NOT NULL, station TEXT NOT NULL,"
         " item TEXT NOT NULL, kind TEXT NOT NULL, medium TEXT NOT NULL, grade INTEGER NOT NULL,"
         " start_t INTEGER NOT NULL, last_t INTEGER NOT NULL, end_t INTEGER,"
         " readings INTEGER NOT NULL, peak_t INTEGER, peak_value REAL, peak_limit REAL,"
         " severity REAL NOT NULL, status TEXT NOT NULL, assignee TEXT, part_of TEXT,"
         " evidence TEXT NOT NULL, verdict TEXT, found_at TEXT NOT NULL"),
        since=2,
    ),
    "alert_steps": Table(
        "What was done about an alert; only ever added to",
        ("alert_id TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, step TEXT NOT NULL,"
         " assignee TEXT, note TEXT NOT NULL"),
        since=2,
        append_only=True,
    ),
    "alert_states": Table(
        "Up to when each alert rule has been evaluated, and what it must remember",
        ("rule_id TEXT NOT NULL, station TEXT NOT NULL, item TEXT NOT NULL,"
         " evaluated_to INTEGER NOT NULL, state TEXT NOT NULL,"
         " UNIQUE (rule_id, station, item)"),
        since=2,
    ),
}  # fmt: skip
