"""Notes on stations from a sheet: maintenance and other stretches of time, into `series_notes`."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.declaration import FieldDeclaration, Titles
from gridmap.intake.files import reading
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.looks import columns as column_matcher
from gridmap.intake.looks import matching, times
from gridmap.intake.looks.matching import folded, usual
from gridmap.intake.report import ImportReport
from gridmap.intake.series import headings as series_headings
from gridmap.store import Project

MAINTENANCE: Final = "maintenance"
# What offices write for maintenance; every other kind is kept as it is written.
_MAINTENANCE: Final = frozenset({
    "maintenance", "维护", "检修", "维修", "校准", "运维", "停站维护", "设备维护",
})  # fmt: skip


def _field(name: str, zh: str, *, required: bool = False) -> FieldDeclaration:
    title = Titles(zh=zh, en=name.capitalize())
    aliases = usual("notes").get(name, ())
    return FieldDeclaration(name=name, title=title, aliases=aliases, required=required)


_FIELDS: Final = (
    _field("station", "站点编码", required=True),
    _field("item", "项目"),
    _field("start", "开始时间", required=True),
    _field("end", "结束时间"),
    _field("kind", "类型"),
    _field("note", "说明"),
)


def load_notes(  # noqa: PLR0913  each argument is one decision of the user, most are optional
    project: Project,
    path: str | os.PathLike[str],
    *,
    zone: str,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    stations: Mapping[str, str] | None = None,
    layer: str | None = None,
    actor: str = "",
) -> ImportReport:
    """Import notes: one change of the project.

    Readings under a note of the kind `maintenance` are not used by judgements. A note with the
    same station, item, start and kind takes the former's place.

    Args:
        project: open for writing.
        path: CSV, TSV or workbook with station, start and perhaps item (empty = all), end
            (empty = still going on), kind, note.
        zone: time zone of the times that state none, such as "Asia/Shanghai".
        kind: of all notes, where the file has no column for it.
        columns: field → heading, where the usual headings do not decide.
        stations: delivered name → code of the station.
        layer: the sheet, where there are several.
        actor: who imports, for the log.

    Raises:
        IntakeError: `intake.error.no_column`, `.stated_column`, `.stated_field`, `.zone`, and
            those of `read_table`.
        ProjectError: for a project that cannot be written.
    """
    table = reading.read_table(Path(path), sheet=layer)
    matches = column_matcher.match(table, _FIELDS, columns or {}, {})
    mapping = column_matcher.sure_mapping(matches)
    _require(table, mapping, kind)
    findings = list(table.findings)
    findings += column_matcher.ambiguous(table, _FIELDS, matches, columns or {})
    frame = _frame(table, mapping, times.zone_of(zone), findings)
    frame["station"] = frame["station"].map(lambda cell: (stations or {}).get(cell, cell))
    if "kind" not in mapping:
        frame["kind"] = _kind(kind)
    findings += matching.left_out(table.file, table.cells.columns, mapping.values())
    held = held_rows(findings)
    good = frame[~np.isin(table.rows, list(held))]
    report = ImportReport(
        table.file, "series_notes", table.rows_read, len(good), table.rows_read - len(good),
        tuple(findings),
    )  # fmt: skip
    if good.empty:
        return report
    with project.change("import", actor=actor, note=f"{table.file} → series_notes") as change:
        change.put_series_notes(good)
        change.detail["import"] = {
            "file": table.file, "read": report.rows_read, "loaded": report.rows_loaded,
            "held_back": report.rows_held_back,
        }  # fmt: skip
    return ImportReport(
        table.file, "series_notes", table.rows_read, len(good), table.rows_read - len(good),
        tuple(findings), added=len(good), revision=change.revision,
    )  # fmt: skip


def _require(table: RawTable, mapping: Mapping[str, str], kind: str | None) -> None:
    for field in _FIELDS:
        lacking = field.name not in mapping
        if lacking and (field.required or (field.name == "kind" and kind is None)):
            have = ", ".join(table.cells.columns)
            raise IntakeError(
                "intake.error.no_column", file=table.file, field=field.name, have=have
            )


def _frame(
    table: RawTable, mapping: Mapping[str, str], zone: Any, findings: list[Finding]
) -> pd.DataFrame:
    cells = {
        field.name: table.cells[mapping[field.name]].tolist()
        if field.name in mapping
        else [None] * len(table.rows)
        for field in _FIELDS
    }

    def hold(kind: Kind, i: int, name: str, fix: str | None = None) -> None:
        column, row = mapping.get(name, name), int(table.rows[i])
        value = cells[name][i] or ""
        findings.append(Finding(kind, Severity.ERROR, table.file, row, column, value, fix))

    for name in [name for name in ("station", "start", "kind") if name in mapping]:
        for i in [i for i, cell in enumerate(cells[name]) if cell is None]:
            hold(Kind.MISSING, i, name)
    frame = pd.DataFrame({name: pd.Series(cells[name], dtype=object) for name in cells})
    for name in ("start", "end"):
        cells[name], _ = times.from_day_numbers(cells[name], from_1904=table.date1904)
        moments, fixes = times.parse(cells[name], zone)
        written = np.array([cell is not None for cell in cells[name]])
        for i in np.flatnonzero(moments.isna() & written).tolist():
            hold(Kind.NOT_TIME, i, name, fixes.get(i))
        frame[name] = moments
    for i in np.flatnonzero((frame["end"] <= frame["start"]).to_numpy()).tolist():
        hold(Kind.DATES_REVERSED, i, "end")
    items = series_headings.item_names()
    wanted = ["" if cell is None else folded(cell) for cell in cells["item"]]
    for i in [i for i, name in enumerate(wanted) if name and name not in items]:
        hold(Kind.UNKNOWN_ITEM, i, "item")
    frame["item"] = [items.get(name, "") for name in wanted]
    frame["kind"] = frame["kind"].map(_kind)
    return frame


def _kind(written: str | None) -> str | None:
    return MAINTENANCE if written is not None and folded(written) in _MAINTENANCE else written
