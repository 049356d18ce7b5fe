"""Binds the batch page: read a sheet, answer every row, show both in table and map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gridmap.capabilities.batch.page.page import BatchPage
from gridmap.capabilities.batch.page.table import BatchRow
from gridmap.capabilities.batch.page.view import rows_of
from gridmap.capabilities.batch.report.document import BatchSummary
from gridmap.capabilities.batch.report.text import BatchWriting
from gridmap.capabilities.batch.work.assigning import (
    KINDS,
    Assigner,
    AssignOptions,
    BatchResult,
    Correction,
)
from gridmap.capabilities.batch.work.masking import masked
from gridmap.capabilities.locate.work.answering import RULE_READS
from gridmap.core.datum import Datum
from gridmap.intake.files import sources
from gridmap.intake.files.sheet_blocks import as_columns
from gridmap.intake.files.sources import Source
from gridmap.intake.files.tables import ReadOptions
from gridmap.intake.looks.sheet_matching import columns_in
from gridmap.map.source import MapLayer
from gridmap.report.sheets import writing
from gridmap.shell.chips import chip_colours
from gridmap.shell.marks import marks_layer
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store.changes import EVERY, roles
from gridmap.store.project import Project
from gridmap.texts import GridMapError, t

_CLOSE_UP = 25_000.0
_ASSIGN, _CORRECT = "assign", "correct"


class SheetError(GridMapError):
    """A sheet that cannot be assigned."""


@dataclass(frozen=True)
class Assigned:
    """A sheet with its answers; `moved` are the rows whose places were put right by hand."""

    name: str
    table: pa.Table
    numbers: tuple[int, ...]
    assigner: Assigner
    result: BatchResult
    rows: tuple[BatchRow, ...]
    marks: MapLayer
    moved: Mapping[int, Correction] = field(default_factory=dict)


class BatchPresenter(Presenter):
    """Between the batch page, the sheet, the rule and the map."""

    name = "batch"
    reads = RULE_READS | roles(EVERY)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._assigned: Assigned | None = None
        self._correcting: int | None = None
        page = self._page = BatchPage()
        shell.window.add_page(self.name, page)
        page.open_wanted.connect(self._ask_file)
        page.paste_wanted.connect(self._paste)
        page.dropped.connect(self.open)
        page.cancel_wanted.connect(lambda: self.cancel(_ASSIGN, _CORRECT))
        page.row_chosen.connect(self._show_row)
        page.correct_wanted.connect(self._begin_correction)
        page.export_wanted.connect(self._ask_export)
        self._claim.take_clicks(self._on_click)

    @property
    def assigned(self) -> Assigned | None:
        """The sheet shown, with its answers."""
        return self._assigned

    # --- reading and answering ------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Assign the rows of a file."""
        self.open_page()
        self._assign(lambda: _first_table(path))

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._assign(lambda: sources.from_text(text))
        else:
            self.say(t("app.batch.nothing"))

    def _assign(self, find: Callable[[], Source]) -> None:
        project = self._project
        if project is None:
            return
        on, datum = self._session.day, self._session.datum
        self._page.show_progress(0.0)
        self._answer(lambda job: assigned(find(), project, on, datum, job.count))

    def _answer(self, work: Callable[[Job], "Assigned"]) -> None:
        self.run(
            _ASSIGN, work, self._take, failed=self._not_assigned, stopped=self._stopped,
            heard=self._page.show_progress, label=t("app.batch.running"),
        )  # fmt: skip

    def _not_assigned(self, error: Exception) -> None:
        self._page.show_progress(None)
        self._jobs.failed.emit(error)

    def _stopped(self) -> None:
        self._page.show_progress(None)
        self.say(t("app.batch.stopped"))

    def _take(self, assigned: Assigned) -> None:
        self._assigned = assigned
        self._page.show_progress(None)
        self._page.show_rows(assigned.name, assigned.rows, assigned.result.counts)
        self._claim.show_marks(assigned.marks, self._choose_mark)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_ASSIGN, _CORRECT)
        self._assigned = self._correcting = None
        self._page.show_progress(None)
        self._page.show_rows("", [], {})

    def refresh(self) -> None:
        """Answer the sheet again, in place, with the places that were put right by hand."""
        project, before = self._project, self._assigned
        if project is not None and before is not None:
            self._answer(lambda job: assigned_again(before, project, job.count))

    def take_over(self, former: "BatchPresenter") -> None:
        """The sheet of the window before, in the words of now."""
        before = former.assigned
        if before is not None:
            self._take(replace(before, **shown(before.result, before.numbers)))

    # --- table and map --------------------------------------------------------------------

    def on_left(self) -> None:
        """No place is waited for any more."""
        self._correcting = None

    def _choose_mark(self, row: int) -> None:
        if self._assigned is not None:
            self._page.choose(self._assigned.numbers[row])

    def _row_of(self, number: int) -> int:
        assert self._assigned is not None  # noqa: S101  only asked while a sheet is shown
        return self._assigned.numbers.index(number)

    def _show_row(self, number: int) -> None:
        """Bring a row's place into the map's middle and ask about it."""
        if self._assigned is None:
            return
        row = self._row_of(number)
        place, shown = self._assigned.result.place(row), self._assigned.rows[row]
        if place is None:
            self.say(shown.note)
            return
        self._window.canvas.centre_on(place.lon, place.lat, _CLOSE_UP)
        self._session.ask(place)
        self.say(t("app.batch.chosen", number=number, owner=shown.owner, border=shown.border))

    # --- correcting by hand ---------------------------------------------------------------

    def _begin_correction(self, number: int) -> None:
        self._correcting = number
        self.say(t("app.batch.correcting", number=number))
        self._window.canvas.setFocus()

    def _on_click(self, lon: float, lat: float) -> bool:
        """A click while a row is being corrected sets its place."""
        if self._correcting is None or self._assigned is None:
            return False
        number, self._correcting = self._correcting, None
        self.correct(number, lon, lat)
        return True

    def correct(self, number: int, lon: float, lat: float) -> None:
        """Set a row's place by hand; only that row is computed again, and it is logged."""
        project, assigned = self._project, self._assigned
        if project is None or assigned is None:
            return
        row = self._row_of(number)

        def work(_: Job) -> Assigned:
            result = assigned.assigner.rerun(assigned.result, {row: Correction(lon, lat)})
            if not project.read_only:
                with project.change("correct_place", note=f"{assigned.name} #{number}") as change:
                    change.detail["place"] = [round(lon, 7), round(lat, 7)]
            moved = {**assigned.moved, row: Correction(lon, lat)}
            return replace(assigned, moved=moved, **shown(result, assigned.numbers))

        def done(fresh: Assigned) -> None:
            self._take(fresh)
            self._page.choose(number)
            self.say(t("app.batch.corrected", number=number))

        self.run(_CORRECT, work, done, label=t("app.batch.running"), writes=True)

    # --- files ----------------------------------------------------------------------------

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, t("app.batch.open"), "", t("app.batch.file_types")
        )
        if name:
            self.open(Path(name))

    def _ask_export(self) -> None:
        if self._assigned is None:
            return
        name = t("app.batch.sheet_name", name=Path(self._assigned.name).stem)
        path = self._saver.ask(
            t("app.batch.export"), name, "XLSX (*.xlsx);;CSV (*.csv)", (".xlsx", ".csv", ".tsv")
        )
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the sheet with its answers; who reported stays hidden."""
        assigned = self._assigned
        if assigned is not None:
            self._saver.write(
                path, lambda file: write_answers(assigned, file),
                label=t("app.batch.exporting"), owner=self.name,
            )  # fmt: skip


def write_answers(assigned: Assigned, path: Path) -> Path:
    """The sheet as it came, masked, with the columns of the answers; then the summaries."""
    answers, sheet = BatchWriting().table(assigned.result), masked(assigned.table)
    for name in answers.column_names:
        taken = name in sheet.column_names
        sheet = sheet.append_column(f"{name}*" if taken else name, answers.column(name))
    summary = BatchSummary()
    summary.add(assigned.result)
    with writing(path, t("app.batch.title")) as writer:
        writer.write(sheet)
        writer.add_sheet(t("app.batch.by_unit"), summary.units())
        writer.add_sheet(t("app.batch.by_chief"), summary.chiefs())
    return path


def assigned(
    source: Source,
    project: Project,
    on: date,
    datum: Datum,
    watch: Callable[[int, int], None],
) -> Assigned:
    """Read a sheet and answer its rows. Not for the GUI thread.

    Raises:
        SheetError: if nothing in the sheet says where a row is.
        IntakeError: if it cannot be read.
    """
    raw = sources.read(source, ReadOptions()).table
    columns = columns_in(list(raw.cells.columns))
    if columns.empty:
        have = t("verdict.join.names").join(map(str, raw.cells.columns))
        raise SheetError("app.batch.no_place", file=source.name, have=have)
    table = as_columns(raw)
    assigner = Assigner.of(project, AssignOptions(columns, on, datum))
    result = assigner.assign(table, watch)
    numbers = tuple(int(number) for number in raw.rows)
    return Assigned(source.name, table, numbers, assigner, **shown(result, numbers))


def assigned_again(
    before: Assigned, project: Project, watch: Callable[[int, int], None]
) -> Assigned:
    """The same sheet in the project as it is now. Not for the GUI thread."""
    assigner = Assigner.of(project, before.assigner.options)
    result = assigner.assign(before.table, watch)
    if before.moved:
        result = assigner.rerun(result, before.moved)
    return replace(before, assigner=assigner, **shown(result, before.numbers))


def shown(result: BatchResult, numbers: Sequence[int]) -> dict[str, Any]:
    """What table and map show of a result: the parts of `Assigned` that it decides."""
    palette = [chip_colours(kind)[1] for kind in KINDS]
    where, kinds = result.where, result.kind.astype(np.int16)
    marks = marks_layer(where.lon, where.lat, kinds, palette, 11.0)
    return {"result": result, "rows": tuple(rows_of(result, numbers)), "marks": marks}


def _first_table(path: Path) -> Source:
    """The first sheet that is not hidden."""
    found = sources.find_sources([path])
    return next((source for source in found if not source.hidden), found[0])
