"""Readings of a table into the series of a project: one import is one change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.intake.series.files import Batch
from gridmap.store import Appended, Project
from gridmap.store.change import Change

_SHORT: Final = 200
_TOGETHER: Final = 500
"""So many series at once: between two of them somebody may stop."""


def store(
    project: Project,
    table: RawTable,
    batches: list[Batch],
    findings: list[Finding],
    *,
    actor: str = "",
    watch: Watch | None = None,
    extra: Extra | None = None,
) -> ImportReport:
    """Store prepared readings: one change of the project.

    `extra` may put more into the same change, such as settings; it gets change and report.
    """
    watch = watch or Watch()
    held = len(held_rows(findings))
    report = ImportReport(table.file, "series", table.rows_read, table.rows_read - held, held)
    total, done = len(batches), Appended()
    if total:
        with project.change("import", actor=actor, note=f"{table.file} → series") as change:
            stored = 0
            for group in _grouped(batches):
                watch.step("store", stored, total)
                done += _append(change, group)
                stored += len(group)
            watch.step("store", total, total)
            change.detail["import"] = {
                "file": table.file, "read": report.rows_read, "loaded": report.rows_loaded,
                "held_back": held, "readings": done.rows, "replaced": done.replaced,
            }  # fmt: skip
            if extra is not None:
                extra(change, report)
        report = replace(report, revision=change.revision)
    told = list(findings)
    known = {finding.kind for finding in findings}
    for kind, severity, count in (
        (Kind.DUPLICATE_TIME, Severity.WARNING, done.duplicates),
        (Kind.CHANGED_READING, Severity.WARNING, done.replaced),
        (Kind.EMPTY_READING, Severity.HINT, done.ignored),
    ):
        if count and kind not in known:
            told.append(Finding(kind, severity, table.file, count=count))
    missing = sum(int(batch.frame["value"].isna().sum()) for batch in batches)
    return replace(
        report, findings=tuple(told), series=total, readings=done.rows, missing=missing,
        replaced=done.replaced,
    )  # fmt: skip


def _grouped(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Batches that are written together: many short ones of different series, or one long one.

    A day of the whole country is nine thousand series of 24 readings; one by one they take minutes.
    """
    group: dict[tuple[str, str], Batch] = {}
    for batch in batches:
        key = batch.station, batch.item
        if group and (key in group or len(batch.frame) > _SHORT or len(group) >= _TOGETHER):
            yield list(group.values())
            group = {}
        group[key] = batch
        if len(batch.frame) > _SHORT:
            yield [batch]
            group = {}
    if group:
        yield list(group.values())


def _append(change: Change, group: Sequence[Batch]) -> Appended:
    if len(group) == 1:
        (batch,) = group
        return change.append_series(batch.station, batch.item, batch.frame, unit=batch.unit)
    frame = pd.concat([batch.frame for batch in group])
    frame["time"] = frame.index
    counts = [len(batch.frame) for batch in group]
    for name in ("station", "item", "unit"):
        texts = pd.Series([getattr(batch, name) for batch in group], dtype=object)
        frame[name] = texts.repeat(counts).to_numpy()
    return change.append_readings(frame.reset_index(drop=True))
