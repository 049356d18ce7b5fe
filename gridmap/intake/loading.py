"""Checked features into a layer of a project: one change."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gridmap.core.declaration import LayerDeclaration
from gridmap.intake.choices import Mode
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.findings import Finding
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.store import Edition, Project


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


def status_of(frame: pd.DataFrame) -> str:
    """What the rows say of themselves: "real" where they say nothing."""
    if "data_status" not in frame:
        return "real"
    found = frame["data_status"].dropna().unique()
    return str(found[0]) if len(found) == 1 else "mixed" if len(found) else "real"
