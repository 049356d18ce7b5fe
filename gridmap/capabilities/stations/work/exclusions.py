"""Exclusions: readings that judgements leave out, with who, when and why.

An exclusion is added or withdrawn, never deleted; the readings stay as they are.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pandas as pd

from gridmap.core.moments import ZONE
from gridmap.store.change import Change
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

COLUMNS: Final = (
    "exclusion_id", "station", "item", "start_t", "end_t", "reason", "finding_id", "actor", "at",
    "withdrawn_at", "withdrawn_by", "withdrawn_reason",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Readings of a series that judgements leave out.

    Attributes:
        station, item: the series; item "" is every item of the station.
        start, end: first and last time left out, aware, both included.
        reason: why, in the words of who decided.
        actor: who decided.
        finding_id: the finding that it answers, None where there is none.
    """

    station: str
    item: str
    start: datetime
    end: datetime
    reason: str
    actor: str
    finding_id: str | None = None


def exclude(change: Change, exclusion: Exclusion) -> str:
    """Leave readings out of judgements from now on.

    Returns:
        The id of the exclusion.

    Raises:
        ProjectError: `quality.error.no_reason` or `.no_actor` where nobody says why or who,
            `.span` where the end lies before the start, `project.error.naive_time`.
    """
    start, end = _micro(exclusion.start), _micro(exclusion.end)
    facts = {"station": exclusion.station, "item": exclusion.item}
    if not exclusion.reason.strip():
        raise ProjectError("quality.error.no_reason", **facts)
    if not exclusion.actor.strip():
        raise ProjectError("quality.error.no_actor", **facts)
    if end < start:
        raise ProjectError("quality.error.span", start=exclusion.start, end=exclusion.end, **facts)
    parts = (exclusion.station, exclusion.item, start, end, change.revision)
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
    identity = f"X-{digest[:10]}"
    change.touching("series_exclusions", {"exclusion_id": identity}).execute(
        f"INSERT OR IGNORE INTO series_exclusions ({', '.join(COLUMNS[:9])})"  # noqa: S608
        f" VALUES ({', '.join('?' * 9)})",
        (
            identity, exclusion.station, exclusion.item, start, end, exclusion.reason.strip(),
            exclusion.finding_id, exclusion.actor.strip(), change.at.isoformat(),
        ),
    )  # fmt: skip
    change.detail.setdefault("excluded", []).append(identity)
    return identity


def withdraw(change: Change, exclusion_id: str, *, reason: str, actor: str) -> None:
    """Let the readings of an exclusion count again; the exclusion stays on record.

    Raises:
        ProjectError: `quality.error.no_exclusion`, `.withdrawn_already`, `.no_reason`,
            `.no_actor`.
    """
    if not reason.strip():
        raise ProjectError("quality.error.no_reason", station=exclusion_id, item="")
    if not actor.strip():
        raise ProjectError("quality.error.no_actor", station=exclusion_id, item="")
    connection = change.touching("series_exclusions", {"exclusion_id": exclusion_id})
    found = connection.execute(
        "SELECT withdrawn_at FROM series_exclusions WHERE exclusion_id = ?", (exclusion_id,)
    ).fetchone()
    if found is None:
        raise ProjectError("quality.error.no_exclusion", exclusion=exclusion_id)
    if found[0] is not None:
        raise ProjectError(
            "quality.error.withdrawn_already", exclusion=exclusion_id, at=found[0][:16]
        )
    connection.execute(
        "UPDATE series_exclusions SET withdrawn_at = ?, withdrawn_by = ?, withdrawn_reason = ?"
        " WHERE exclusion_id = ?",
        (change.at.isoformat(), actor.strip(), reason.strip(), exclusion_id),
    )
    change.detail.setdefault("withdrawn", []).append(exclusion_id)


def exclusions(project: Project, *, active: bool = False) -> pd.DataFrame:
    """All exclusions, or only those not withdrawn, in the order in which they were made.

    Returns:
        A frame with the columns of the table; `start`, `end`, `at` and `withdrawn_at` are
        aware times (Asia/Shanghai), `start_t` and `end_t` µs since 1970 UTC, both included.
    """
    condition = "WHERE withdrawn_at IS NULL" if active else ""
    query = f"SELECT {', '.join(COLUMNS)} FROM series_exclusions {condition} ORDER BY id"  # noqa: S608
    with project.reading() as connection:
        rows: list[Any] = connection.execute(query).fetchall()
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    for name in ("start_t", "end_t"):
        frame[name] = frame[name].astype("int64")
        moments = pd.to_datetime(frame[name], unit="us", utc=True)
        frame[name.removesuffix("_t")] = moments.dt.tz_convert(ZONE)
    for name in ("at", "withdrawn_at"):
        moments = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        frame[name] = moments.dt.tz_convert(ZONE)
    return frame


def _micro(moment: datetime) -> int:
    stamp = pd.Timestamp(moment)
    if stamp.tzinfo is None:
        raise ProjectError("project.error.naive_time", value=moment)
    return int(stamp.value) // 1000
