"""Readings of a table into the series of a project: one import is one change."""

from dataclasses import replace

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.intake.series.files import Batch
from gridmap.store import Appended, Project


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
            for number, batch in enumerate(batches):
                watch.step("store", number, total)
                done += change.append_series(
                    batch.station, batch.item, batch.frame, unit=batch.unit
                )
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
