"""A sheet with its answers, as table and map show it and as it is written; off the GUI thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gridmap.capabilities.batch.page.table import BatchRow
from gridmap.capabilities.batch.page.view import rows_of
from gridmap.capabilities.batch.report.document import (
    BatchSummary,
    about_table,
    data_line,
    summary_document,
)
from gridmap.capabilities.batch.report.text import BatchWriting
from gridmap.capabilities.batch.work import sheets
from gridmap.capabilities.batch.work.assigning import (
    KINDS,
    Assigner,
    AssignOptions,
    BatchResult,
    Correction,
)
from gridmap.capabilities.batch.work.masking import masked
from gridmap.capabilities.batch.work.sheets import Given
from gridmap.intake.looks.sheet_datum import DatumDoubt
from gridmap.map.source import MapLayer
from gridmap.report.document import Document
from gridmap.report.sheets import writing
from gridmap.shell.chips import chip_colours
from gridmap.shell.marks import marks_layer
from gridmap.store.project import Project
from gridmap.texts import t


@dataclass(frozen=True)
class Assigned:
    """A sheet with its answers; `moved` are the rows whose places were put right by hand."""

    sheet: Given
    assigner: Assigner
    doubt: DatumDoubt | None
    result: BatchResult
    rows: tuple[BatchRow, ...]
    marks: MapLayer
    moved: Mapping[int, Correction] = field(default_factory=dict)

    @property
    def options(self) -> AssignOptions:
        """How the sheet is read."""
        return self.assigner.options

    @property
    def headings(self) -> list[str]:
        """Of the sheet, in its order."""
        return [str(name) for name in self.sheet.table.column_names]

    def in_words_of_now(self) -> "Assigned":
        """The same in another language."""
        return replace(self, **_shown(self.result, self.sheet))

    def with_moved(self, moved: Mapping[int, Correction]) -> "Assigned":
        """Other rows put right by hand; only those that differ are computed again."""
        changed = {row for row in {*moved, *self.moved} if moved.get(row) != self.moved.get(row)}
        back = sorted(changed - moved.keys())
        result = self.result
        if back:
            result = self.assigner.as_written(result, self.sheet.table, back)
        forth = {row: moved[row] for row in changed & moved.keys()}
        if forth:
            result = self.assigner.rerun(result, forth)
        return replace(self, moved=dict(moved), **_shown(result, self.sheet))


def assigned(
    sheet: Given,
    project: Project,
    options: AssignOptions,
    watch: Callable[[int, int], None],
    moved: Mapping[int, Correction] | None = None,
) -> Assigned:
    """Answer the rows of a sheet, those put right by hand where a hand put them."""
    assigner = Assigner.of(project, options)
    result = assigner.assign(sheet.table, watch)
    if moved:
        result = assigner.rerun(result, moved)
    doubt = sheets.doubt_of(project, sheet.table, options)
    return Assigned(sheet, assigner, doubt, moved=dict(moved or {}), **_shown(result, sheet))


def _shown(result: BatchResult, sheet: Given) -> dict[str, Any]:
    """What table and map show of a result: the parts of `Assigned` that it decides."""
    palette = [chip_colours(kind)[1] for kind in KINDS]
    where, kinds = result.where, result.kind.astype(np.int16)
    marks = marks_layer(where.lon, where.lat, kinds, palette, 11.0)
    return {"result": result, "rows": tuple(rows_of(result, sheet.numbers)), "marks": marks}


def write_answers(assigned: Assigned, project: Project, path: Path) -> Path:
    """The sheet as it came, masked, with the columns of the answers; then the summaries."""
    answers = BatchWriting(data_line(project)).table(assigned.result)
    sheet = masked(assigned.sheet.table)
    for name in answers.column_names:
        taken = name in sheet.column_names
        sheet = sheet.append_column(f"{name}*" if taken else name, answers.column(name))
    summary, about = _summed(assigned, project)
    with writing(path, t("app.batch.title")) as writer:
        writer.write(sheet)
        writer.add_sheet(t("app.batch.by_unit"), summary.units())
        writer.add_sheet(t("app.batch.by_chief"), summary.chiefs())
        writer.add_sheet(t("batch.sheet.about"), about)
    return path


def summary_of(assigned: Assigned, project: Project) -> Document:
    """The sums of a sheet and how it was read, for paper."""
    summary, about = _summed(assigned, project)
    document = summary_document(summary, about, single=False)
    return replace(document, project_title=project.title, example=project.is_example)


def _summed(assigned: Assigned, project: Project) -> tuple[BatchSummary, Any]:
    summary = BatchSummary()
    summary.add(assigned.result)
    about = about_table(project, assigned.sheet.name, assigned.options, summary, assigned.doubt)
    return summary, about
