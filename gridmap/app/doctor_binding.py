"""Binds the import doctor: examine off the GUI thread, every answer a new look, then load."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.doctor_page import DoctorView
from gridmap.app.doctor_view import view_of
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.marks import marks_layer
from gridmap.app.session import Session
from gridmap.app.theme import tokens
from gridmap.intake import doctor
from gridmap.intake.choices import SERIES
from gridmap.intake.doctor import Case, Choices, Source
from gridmap.map.source import MapLayer
from gridmap.output.sheets import writing
from gridmap.texts import t

_CLOSE_UP = 20_000.0


@dataclass
class _Work:
    """The sources under examination; each has a history of choices, the last one in force."""

    sources: list[Source] = field(default_factory=list)
    histories: list[list[Choices]] = field(default_factory=list)
    cases: dict[int, Case] = field(default_factory=dict)
    current: int = 0

    @property
    def case(self) -> Case | None:
        """The case shown."""
        return self.cases.get(self.current)


@dataclass(frozen=True)
class _Look:
    """What a look at a source gives: the case, the page, the marks on the map."""

    case: Case
    view: DoctorView
    marks: MapLayer | None


class DoctorBinding:
    """Between the doctor's page, the intake room and the project.

    Args:
        window: with the page.
        session: with the project.
        runner: for the work off the GUI thread.
        binding: the map, which shows places before and after.
        project_changed: called with what was loaded, and whether that were readings.
    """

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        runner: Runner,
        binding: MapBinding,
        project_changed: Callable[[str, bool], None],
    ) -> None:
        self._window, self._session, self._runner, self._map = window, session, runner, binding
        self._project_changed = project_changed
        self._work = _Work()
        page = self._page = window.doctor_page
        page.open_wanted.connect(self._ask_files)
        page.paste_wanted.connect(self._paste)
        page.dropped.connect(self.open)
        page.chosen.connect(self._choose)
        page.answered.connect(self._answer)
        page.accept_all_wanted.connect(self._accept_all)
        page.undo_wanted.connect(self._undo)
        page.load_wanted.connect(self._load)
        page.export_wanted.connect(self._ask_export)
        page.close_wanted.connect(self._close)
        page.finding_chosen.connect(lambda x, y: window.canvas.centre_on(x, y, _CLOSE_UP))

    def open(self, paths: list[Path]) -> None:
        """Examine files and folders."""
        self._window.named_actions["import"].setChecked(True)
        self._runner.run(
            "sources", lambda: doctor.find_sources(paths), self._take_sources,
            label=t("app.doctor.examining"),
        )  # fmt: skip

    # --- examining ------------------------------------------------------------------------

    def _take_sources(self, sources: list[Source]) -> None:
        self._work = _Work(sources, [[Choices()] for _ in sources])
        if sources:
            self._examine(0)

    def _examine(self, position: int) -> None:
        project = self._session.project
        if project is None:
            return
        work = self._work
        work.current = position
        source, choices = work.sources[position], work.histories[position][-1]
        before = work.cases.get(position)
        undo = len(work.histories[position]) > 1

        def job() -> _Look:
            case = doctor.examine(source, choices, project, before=before)
            view = view_of(case, work.sources, project, undo=undo)
            return _Look(case, view, places_before_and_after(case))

        self._runner.run(
            "doctor", job, lambda look: self._take_case(position, look),
            failed=self._not_examined, label=t("app.doctor.examining"),
        )  # fmt: skip

    def _take_case(self, position: int, look: _Look) -> None:
        self._work.cases[position] = look.case
        self._page.show_view(look.view)
        if look.marks is None:
            self._map.clear_marks()
        else:
            self._map.show_marks(look.marks)

    def _not_examined(self, error: Exception) -> None:
        """A choice that does not fit is taken back; a file that cannot be read is told."""
        history = self._work.histories[self._work.current]
        if len(history) > 1:
            history.pop()
        self._runner.failed.emit(error)

    # --- answers --------------------------------------------------------------------------

    def _decide(self, choices: Choices) -> None:
        self._work.histories[self._work.current].append(choices)
        self._examine(self._work.current)

    def _present(self) -> Choices:
        return self._work.histories[self._work.current][-1]

    def _choose(self, name: str, value: str) -> None:
        if not self._work.sources:
            return
        if name == "source":
            self._examine(int(value))
            return
        present, asked = self._present(), {"place": "crs"}.get(name, name)
        if name == "target":  # another target, other fields: old answers mean nothing there
            nothing: frozenset[str] = frozenset()
            present = replace(present, columns={}, accepted=nothing, refused=nothing)
        chosen: dict[str, Any] = {asked: value or None}
        self._decide(replace(present, **chosen))

    def _answer(self, finding: str, accepted: bool) -> None:
        choices = self._present()
        self._decide(choices.accept(finding) if accepted else choices.refuse(finding))

    def _accept_all(self) -> None:
        """Accept what is proposed until nothing new comes up; one step for undo."""
        project, work = self._session.project, self._work
        if project is None or work.case is None:
            return
        position, source, before = work.current, work.sources[work.current], work.case
        choices = self._present()

        def job() -> _Look:
            case = doctor.settled(source, choices, project, before=before)
            view = view_of(case, work.sources, project, undo=True)
            return _Look(case, view, places_before_and_after(case))

        def done(look: _Look) -> None:
            work.histories[position].append(look.case.choices)
            self._take_case(position, look)

        self._runner.run("doctor", job, done, label=t("app.doctor.examining"))

    def _undo(self) -> None:
        history = self._work.histories[self._work.current]
        if len(history) > 1:
            history.pop()
            self._examine(self._work.current)

    # --- loading --------------------------------------------------------------------------

    def _load(self) -> None:
        project, case, work = self._session.project, self._work.case, self._work
        if project is None or case is None:
            return

        def job() -> str:
            return doctor.load_case(project, case).summary

        def done(summary: str) -> None:
            left = [s for i, s in enumerate(work.sources) if i != work.current]
            self._project_changed(summary, case.target == SERIES)
            self._page.show_view(None)
            self._map.clear_marks()
            self._take_sources(left)

        self._runner.run("load", job, done, label=t("app.doctor.loading"))

    def _close(self) -> None:
        self._work = _Work()
        self._runner.drop("doctor")
        self._map.clear_marks()
        self._page.show_view(None)

    # --- files ----------------------------------------------------------------------------

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self._window, t("app.doctor.open"), "", t("app.doctor.all_layers")
        )
        if names:
            self.open([Path(name) for name in names])

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._take_sources([doctor.from_text(text)])
        else:
            self._window.status.show_message(t("app.batch.nothing"))

    def _ask_export(self) -> None:
        case = self._work.case
        if case is None:
            return
        name = t("app.doctor.findings_name", name=case.source.path.stem)
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, t("app.doctor.export"), name, "XLSX (*.xlsx)"
        )
        if chosen:
            self.export(Path(chosen))

    def export(self, path: Path) -> None:
        """Write the findings to a sheet."""
        case = self._work.case
        if case is not None:
            self._runner.run(
                "findings", lambda: _write_findings(case, path),
                lambda file: self._window.status.show_message(t("app.dialog.done", file=file)),
            )  # fmt: skip


def places_before_and_after(case: Case) -> MapLayer | None:
    """Where the rows are as delivered and as chosen; None where they have no places."""
    place = case.place
    if place is None or not len(place.before):
        return None
    both = np.vstack([place.before, place.after])
    fills = np.repeat(np.array([0, 1], np.int16), len(place.before))
    palette = (tokens()["warn_line"], tokens()["accent"])
    return marks_layer(both[:, 0], both[:, 1], fills, palette, 7.0)


def _write_findings(case: Case, path: Path) -> Path:
    """The findings as a sheet; formulas in data stay text."""
    frame = doctor.findings_table(case).astype("string")
    with writing(path, t("app.doctor.title")) as writer:
        writer.write(pa.Table.from_pandas(frame, preserve_index=False))
    return path
