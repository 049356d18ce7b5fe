"""Binds the batch page: read a sheet, answer every row, show both in table and map."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gridmap.capabilities.batch.page.page import BatchPage
from gridmap.capabilities.batch.presenter.answers import (
    Assigned,
    assigned,
    summary_of,
    write_answers,
)
from gridmap.capabilities.batch.work import sheets
from gridmap.capabilities.batch.work.assigning import AssignOptions, Correction
from gridmap.capabilities.batch.work.preparing import prepare
from gridmap.capabilities.locate.work.answering import RULE_READS
from gridmap.core.datum import Datum
from gridmap.intake.files import sources
from gridmap.intake.files.sources import Source
from gridmap.intake.looks.references import REFERENCE_READS
from gridmap.report.saving import PAPERS, save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.texts import t

_CLOSE_UP = 25_000.0
_REMARKS = 3
_ASSIGN, _CORRECT, _PREPARE = "assign", "correct", "prepare"
_Moved = Mapping[int, Correction]


class BatchPresenter(Presenter):
    """Between the batch page, the sheet, the rule and the map."""

    name = "batch"
    reads = RULE_READS | REFERENCE_READS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._assigned: Assigned | None = None
        self._correcting: int | None = None
        self._undone: list[tuple[int, _Moved]] = []
        self._done: list[tuple[int, _Moved]] = []
        page = self._page = BatchPage()
        shell.window.add_page(self.name, page)
        page.open_wanted.connect(self._ask_file)
        page.paste_wanted.connect(self._paste)
        page.dropped.connect(self.open)
        page.cancel_wanted.connect(lambda: self.cancel(_ASSIGN, _CORRECT))
        page.row_chosen.connect(self._show_row)
        page.correct_wanted.connect(self._begin_correction)
        page.export_wanted.connect(self._ask_export)
        page.print_wanted.connect(self._ask_print)
        page.undo_wanted.connect(self.undo)
        page.redo_wanted.connect(self.redo)
        reading = page.reading
        reading.datum_chosen.connect(self._choose_datum)
        reading.column_chosen.connect(self._choose_column)
        reading.day_chosen.connect(lambda day: self._read_as(lambda now: replace(now, on=day)))
        self._claim.take_clicks(self._on_click)

    @property
    def assigned(self) -> Assigned | None:
        """The sheet shown, with its answers."""
        return self._assigned

    # --- reading and answering ------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Assign the rows of a file."""
        self.open_page()
        self._assign(lambda: sheets.first_table(sources.find_sources([path])))

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
        today = self._session.today()

        def work(job: Job) -> Assigned:
            sheet = sheets.given(find())
            return assigned(sheet, project, sheets.first_reading(sheet, today), job.count)

        self._forget_steps()
        self._page.show_progress(0.0)
        self._answer(work)

    def _choose_datum(self, datum: Datum) -> None:
        self._read_as(lambda now: sheets.with_datum(now, datum))

    def _choose_column(self, meaning: str, heading: str | None) -> None:
        self._read_as(lambda now: sheets.with_column(now, meaning, heading))

    def _read_as(self, change: Callable[[AssignOptions], AssignOptions]) -> None:
        """Read the sheet in another way and answer all of it again."""
        before, project = self._assigned, self._project
        if before is None or project is None:
            return
        options = change(before.options)
        if options.columns.empty:
            self._show_reading(before)
            self.say(t("app.batch.needs_place"))
            return
        self._page.show_progress(0.0)
        self._answer(lambda job: assigned(before.sheet, project, options, job.count, before.moved))

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
        if self._assigned is None or self._assigned.sheet is not assigned.sheet:
            self._tell_remarks(assigned.sheet)
        self._assigned = assigned
        self._page.show_progress(None)
        self._page.show_rows(assigned.sheet.name, assigned.rows, assigned.result.counts)
        self._show_reading(assigned)
        self._show_steps()
        self._claim.show_marks(assigned.marks, self._choose_mark)

    def _tell_remarks(self, sheet: sheets.Given) -> None:
        """What the reader of a new sheet had to say, the first few of it."""
        lines = [one.message for one in sheet.remarks[:_REMARKS]]
        if more := len(sheet.remarks) - len(lines):
            lines.append(t("app.batch.more_remarks", count=more))
        if lines:
            self.say("\n".join(lines))

    def forget(self) -> None:
        """Nothing of the project before stays; of a copy the sheet is answered again."""
        self.drop(_ASSIGN, _CORRECT, _PREPARE)
        if self._session.goes_on and self._assigned is not None:
            return
        self._assigned = self._correcting = None
        self._forget_steps()
        self._page.show_progress(None)
        self._page.show_rows("", [], {})
        self._page.reading.hide()

    def refresh(self) -> None:
        """Answer the sheet again, in place, with the places that were put right by hand."""
        project, before = self._project, self._assigned
        if project is not None and before is not None:
            self._answer(
                lambda job: assigned(before.sheet, project, before.options, job.count, before.moved)
            )

    def take_over(self, former: "BatchPresenter") -> None:
        """The sheet of the window before, in the words of now."""
        before = former.assigned
        if before is not None:
            self._done, self._undone = former.steps
            self._take(before.in_words_of_now())

    @property
    def steps(self) -> tuple[list[tuple[int, _Moved]], list[tuple[int, _Moved]]]:
        """Corrections that can be undone, and those that were: row and what was moved before."""
        return self._done, self._undone

    # --- table and map --------------------------------------------------------------------

    def on_opened(self) -> None:
        """Get ready for the first sheet while its file is looked for."""
        project, today = self._project, self._session.today()
        if project is not None and self._assigned is None:
            self.run(
                _PREPARE, lambda job: prepare(project, today, job), lambda _: None,
                failed=lambda _: None,  # whoever opens a sheet is told
                label=t("app.batch.preparing"),
            )  # fmt: skip

    def on_left(self) -> None:
        """No place is waited for any more."""
        self._correcting = None

    def _choose_mark(self, row: int) -> None:
        if self._assigned is not None:
            self._page.choose(self._assigned.sheet.numbers[row])

    def _row_of(self, number: int) -> int:
        assert self._assigned is not None  # noqa: S101  only asked while a sheet is shown
        return self._assigned.sheet.numbers.index(number)

    def _show_row(self, number: int) -> None:
        """Bring a row's place into the map's middle and ask about it."""
        if self._assigned is None:
            return
        row, result = self._row_of(number), self._assigned.result
        place, shown = result.place(row), self._assigned.rows[row]
        if place is None:
            self._session.ask_nothing(t("app.batch.unplaced", number=number, reason=shown.note))
            return
        self._window.canvas.centre_on(place.lon, place.lat, _CLOSE_UP)
        if np.isnat(result.on[row]):
            self._session.ask_nothing(t("app.batch.undated", number=number), place)
            return
        self._session.ask(place, result.on[row].item())
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
        assigned = self._assigned
        if assigned is not None:
            moved = {**assigned.moved, self._row_of(number): Correction(lon, lat)}
            self._done.append((number, assigned.moved))
            self._undone.clear()
            place = [round(lon, 7), round(lat, 7)]
            said = t("app.batch.corrected", number=number)
            self._move(number, moved, "correct_place", {"place": place}, said)

    def undo(self) -> None:
        """Take the last correction back."""
        if self._assigned is not None and self._done:
            number, before = self._done.pop()
            self._undone.append((number, self._assigned.moved))
            said = t("app.batch.taken_back", number=number)
            self._move(number, before, "uncorrect_place", {"row": number}, said)

    def redo(self) -> None:
        """Correct again what was taken back last."""
        if self._assigned is not None and self._undone:
            number, again = self._undone.pop()
            self._done.append((number, self._assigned.moved))
            said = t("app.batch.corrected", number=number)
            self._move(number, again, "correct_place", {"row": number}, said)

    def _move(
        self, number: int, moved: _Moved, action: str, detail: dict[str, object], said: str
    ) -> None:
        project, assigned = self._project, self._assigned
        if project is None or assigned is None:
            return

        def work(_: Job) -> Assigned:
            fresh = assigned.with_moved(moved)
            if not project.read_only:
                note = f"{assigned.sheet.name} #{number}"
                with project.change(action, note=note) as change:
                    change.detail.update(detail)
            return fresh

        def done(fresh: Assigned) -> None:
            self._take(fresh)
            self._page.choose(number)
            self._show_row(number)
            self.say(said)

        self.run(_CORRECT, work, done, label=t("app.batch.running"), writes=True)

    def _show_reading(self, assigned: Assigned) -> None:
        self._page.reading.show_reading(assigned.headings, assigned.options, assigned.doubt)

    def _forget_steps(self) -> None:
        self._done, self._undone = [], []

    def _show_steps(self) -> None:
        done = self._done[-1][0] if self._done else None
        undone = self._undone[-1][0] if self._undone else None
        self._page.show_steps(done, undone)

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
        name = t("app.batch.sheet_name", name=Path(self._assigned.sheet.name).stem)
        path = self._saver.ask(
            t("app.batch.export"), name, "XLSX (*.xlsx);;CSV (*.csv)", (".xlsx", ".csv", ".tsv")
        )
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the sheet with its answers; who reported stays hidden."""
        assigned, project = self._assigned, self._project
        if assigned is not None and project is not None:
            self._saver.write(
                path, lambda file: write_answers(assigned, project, file),
                label=t("app.batch.exporting"), owner=self.name,
            )  # fmt: skip

    def _ask_print(self) -> None:
        if self._assigned is None:
            return
        name = t("app.batch.print_name", name=Path(self._assigned.sheet.name).stem)
        path = self._saver.ask(t("app.batch.print"), name, t("app.dialog.pdf_files"), PAPERS)
        if path is not None:
            self.print_summary(path)

    def print_summary(self, path: Path) -> None:
        """Print the sums and how the sheet was read."""
        assigned, project = self._assigned, self._project
        if assigned is None or project is None:
            return
        today = self._session.today()
        self._saver.write(
            path, lambda file: save(summary_of(assigned, project).showing(today), file),
            label=t("app.job.printing"), owner=self.name,
        )  # fmt: skip
