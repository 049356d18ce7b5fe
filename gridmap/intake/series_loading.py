"""Readings of a table into the series of a project: one import is one change."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gridmap.intake import reading, series_headings, series_spread
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.intake.series_files import Batch, prepare_series
from gridmap.intake.series_headings import SeriesPlan
from gridmap.intake.tables import RawTable
from gridmap.project import Appended, Project


def load_series(  # noqa: PLR0913  each argument is one decision of the user, most are optional
    project: Project,
    path: str | os.PathLike[str],
    *,
    zone: str,
    station: str | None = None,
    columns: Mapping[str, str] | None = None,
    items: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    stations: Mapping[str, str] | None = None,
    year: int | str | None = None,
    protocol: str | None = None,
    layer: str | None = None,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import readings: one change of the project. Cells without number become NaN.

    Args:
        project: open for writing.
        path: CSV, TSV (also .gz), workbook, or JSON of a national platform.
        zone: time zone of the times that state none, such as "Asia/Shanghai".
        station: code of the station, where the file has no column for it.
        columns: role → heading for station, time (or year, month, day, hour), item, value,
            unit, flag, where the usual headings do not decide.
        items: heading (wide) or delivered name (long) → id of the item.
        units: item id or heading → unit of the delivered values; "*" speaks for all that the
            file leaves open. A unit in the heading, as in 氨氮(mg/L), need not be stated.
            Nothing is guessed: an item whose unit nobody states is refused.
        stations: delivered name → code of the station.
        year: of times that state none, or the heading of a column of full dates.
        protocol: whose flags these are, an id of `resources/standards/data_flags.csv`; None
            leaves it to the file.
        layer: the sheet, where there are several.
        actor: who imports, for the log.
        watch: progress and cancelling.

    Raises:
        IntakeError: `intake.error.no_station`, `.no_time`, `.no_items`, `.no_unit`,
            `.unit_unknown`, `.unit_conversion`, `.zone`, and those of `read_table`.
        ProjectError: for a project that cannot be written.
        Cancelled: if somebody asked the watch's job to stop; nothing is written then.
    """
    watch = watch or Watch()
    watch.step("read", 0, 1)
    table = reading.read(Path(path), layer=layer)
    table = series_spread.as_rows(table, set(series_headings.item_names()))
    watch.step("check", 0, table.rows_read)
    plan = SeriesPlan(zone, station, columns, items, units, stations, year, protocol)
    batches, findings = prepare_series(table, plan)
    return store(project, table, batches, findings, actor=actor, watch=watch)


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
    for kind, severity, count in (
        (Kind.DUPLICATE_TIME, Severity.WARNING, done.duplicates),
        (Kind.CHANGED_READING, Severity.WARNING, done.replaced),
        (Kind.EMPTY_READING, Severity.HINT, done.ignored),
    ):
        if count:
            told.append(Finding(kind, severity, table.file, count=count))
    missing = sum(int(batch.frame["value"].isna().sum()) for batch in batches)
    return replace(
        report, findings=tuple(told), series=total, readings=done.rows, missing=missing,
        replaced=done.replaced,
    )  # fmt: skip
