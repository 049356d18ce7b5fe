"""Features of a file into a layer of a project: read, match, check, store."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import geopandas
import numpy as np
import pandas as pd

from gridmap.domain.declaration import Geometry, LayerDeclaration
from gridmap.intake import geometry, matching, reading, values
from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.intake.tables import RawTable
from gridmap.project import Edition, Project

Mode = Literal["merge", "replace"]


@dataclass(frozen=True)
class Plan:
    """How a file is to be read: what its reader knows and the file does not say.

    `columns`: field (also "lon", "lat") → heading. `fixed`: field → value of every row,
    `{row}` in it becomes the row's number. `crs`: a name that pyproj knows, "GCJ-02" or
    "BD-09". `layer`: the layer or sheet where the file has several.
    """

    columns: Mapping[str, str] | None = None
    fixed: Mapping[str, Any] | None = None
    crs: str | None = None
    layer: str | None = None


@dataclass(frozen=True)
class Prepared:
    """Rows that can be stored, and everything that was found on the way.

    `frame` is a GeoDataFrame in EPSG:4490 with the declared columns that the file fills;
    `rows` are the numbers of its rows in the file.
    """

    file: str
    frame: Any
    rows: np.ndarray
    rows_read: int
    crs_of_source: str
    findings: tuple[Finding, ...]


def load(  # noqa: PLR0913  each argument is one decision of the user, all but three optional
    project: Project,
    path: str | os.PathLike[str],
    layer_id: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    edition: Edition | None = None,
    mode: Mode = "merge",
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import a file into a layer: one change of the project.

    Args:
        project: open for writing.
        path: GeoJSON, GeoPackage, Shapefile, or a table with coordinate columns.
        layer_id: the layer to fill.
        fixed: field → value of every row; `{row}` in a text becomes the row's number.
        columns: field (also "lon", "lat") → heading, where the declaration does not decide.
        crs: reference system, if the file states none: a pyproj name, "GCJ-02" or "BD-09".
        layer: layer or sheet, where the file has several.
        edition: source, date, accuracy; by default the file's name and the layer's accuracy.
        mode: "merge" adds rows and updates those with a known key; "replace" makes the file
            the whole layer.
        actor: who imports, for the log.
        watch: progress and cancelling.

    Raises:
        IntakeError: for a file that cannot be read as this layer.
        ProjectError: for a project that cannot be written.
        Cancelled: if somebody asked the watch's job to stop; nothing is written then.
    """
    watch = watch or Watch()
    declaration = declared(project, layer_id)
    watch.step("read", 0, 1)
    table = reading.read(Path(path), layer=layer)
    watch.step("check", 0, table.rows_read)
    prepared = prepare(table, declaration, Plan(columns, fixed, crs, layer))
    given = edition or Edition(
        layer_id, source=table.file, data_status=status_of(prepared.frame)
    )  # fmt: skip
    return store(project, layer_id, prepared, given, mode=mode, actor=actor, watch=watch)


def store(  # noqa: PLR0913  each argument is one decision of the user, most are optional
    project: Project,
    layer_id: str,
    prepared: Prepared,
    edition: Edition,
    *,
    mode: Mode = "merge",
    actor: str = "",
    watch: Watch | None = None,
    extra: Extra | None = None,
) -> ImportReport:
    """Store prepared rows in a layer: one change of the project.

    `extra` may put more into the same change, such as settings; it gets change and report.

    Raises:
        ProjectError: for a project that cannot be written.
        Cancelled: if somebody asked the watch's job to stop; nothing is written then.
    """
    watch = watch or Watch()
    count = len(prepared.frame)
    watch.step("store", 0, count)
    report = ImportReport(
        prepared.file, layer_id, prepared.rows_read, count, prepared.rows_read - count,
        prepared.findings,
    )  # fmt: skip
    if not count:
        return report
    given = replace(edition, layer_id=layer_id, crs_of_source=prepared.crs_of_source)
    with project.change("import", actor=actor, note=f"{prepared.file} → {layer_id}") as change:
        if mode == "replace":
            change.replace_layer(layer_id, prepared.frame, given)
            added, updated = count, 0
        else:
            merged = change.merge_layer(layer_id, prepared.frame, given)
            added, updated = merged.added, merged.updated
        change.detail["import"] = {
            "file": prepared.file,
            "read": report.rows_read,
            "loaded": report.rows_loaded,
            "held_back": report.rows_held_back,
        }
        if extra is not None:
            extra(change, report)
        watch.step("store", count, count)
    return replace(report, added=added, updated=updated, revision=change.revision)


def prepare(table: RawTable, declaration: LayerDeclaration, plan: Plan) -> Prepared:
    """Match, convert and check; changes neither the table nor any project.

    Raises:
        IntakeError: `intake.error.no_column` for a required field without column,
            `.no_geometry`, `.no_crs`, `.two_crs`, `.bad_crs`, `.stated_column`, `.stated_field`.
    """
    stated: dict[str, str] = dict(plan.columns or {})
    where: dict[str, str] = {name: stated.pop(name) for name in ("lon", "lat") if name in stated}
    fixed = dict(plan.fixed or {})
    fields = [field for field in declaration.fields if field.name not in fixed]
    unknown = sorted(set(fixed) - {field.name for field in declaration.fields})
    if unknown:
        have = ", ".join(field.name for field in declaration.fields)
        raise IntakeError("intake.error.stated_field", file=table.file, field=unknown[0], have=have)
    mapping, findings = matching.match(table.file, list(table.cells.columns), fields, stated)
    require(table, fields, mapping)
    frame, noticed = values.converted(table, declaration.fields, mapping, fixed)
    findings = [*table.findings, *findings, *noticed]
    raw, used, noticed = _geometry(table, declaration, where, plan.crs)
    findings += noticed
    moved, crs, noticed = geometry.to_stored(table, raw, plan.crs or _assumed(table))
    findings += noticed
    already = held_rows(findings)
    checked, noticed = geometry.looked_over(table, moved, declaration.geometry)
    findings += [
        finding
        for finding in noticed
        # An unreadable coordinate is one mistake, not two.
        if not (finding.kind is Kind.GEOMETRY_MISSING and finding.row in already)
    ]
    findings += matching.left_out(table.file, table.cells.columns, [*mapping.values(), *used])
    good = ~np.isin(table.rows, list(held_rows(findings)))
    # Fields that the file does not speak of are left out: a merge keeps what the layer has.
    frame = frame[[name for name in frame if name in mapping or name in fixed]]
    whole = geopandas.GeoDataFrame(frame[good], geometry=checked[good], crs=geometry.STORED)
    return Prepared(
        table.file, whole.reset_index(drop=True), table.rows[good], table.rows_read, crs,
        tuple(findings),
    )  # fmt: skip


def declared(project: Project, layer_id: str) -> LayerDeclaration:
    """The declaration of a layer.

    Raises:
        IntakeError: `intake.error.unknown_layer`.
    """
    declaration = project.declarations.get(layer_id)
    if declaration is None:
        have = ", ".join(project.declarations)
        raise IntakeError("intake.error.unknown_layer", layer=layer_id, have=have)
    return declaration


def require(table: RawTable, fields: Any, mapping: Mapping[str, str]) -> None:
    """Refuse a file in which a required field has no column at all.

    Raises:
        IntakeError: `intake.error.no_column`.
    """
    for field in fields:
        if field.required and field.name not in mapping:
            raise IntakeError(
                "intake.error.no_column",
                file=table.file,
                field=f"{field.name} ({field.title.zh})",
                have=", ".join(table.cells.columns),
            )


def _geometry(
    table: RawTable, declaration: LayerDeclaration, where: Mapping[str, str], crs: str | None
) -> tuple[Any, tuple[str, ...], list[Finding]]:
    if table.geometry is not None:
        return table.geometry, (), []
    columns = geometry.coordinate_columns(table, where)
    if columns is None or declaration.geometry is not Geometry.POINT:
        raise IntakeError(
            "intake.error.no_geometry",
            file=table.file,
            wanted=declaration.geometry.value,
            have=", ".join(table.cells.columns),
        )
    points, findings = geometry.points(table, columns)
    if crs is None:
        findings.append(Finding(Kind.NO_DATUM, Severity.WARNING, table.file))
    return points, columns, findings


def _assumed(table: RawTable) -> str | None:
    """Degrees in a table without a stated datum are read as CGCS2000; a finding says so."""
    return "EPSG:4490" if table.geometry is None else None


def status_of(frame: pd.DataFrame) -> str:
    """What the rows say of themselves: "real" where they say nothing."""
    if "data_status" not in frame:
        return "real"
    found = frame["data_status"].dropna().unique()
    return str(found[0]) if len(found) == 1 else "mixed" if len(found) else "real"
