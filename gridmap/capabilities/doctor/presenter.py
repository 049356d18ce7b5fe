"""Binds the import doctor: examine off the GUI thread, every answer a new look, then load."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gridmap.capabilities.doctor.page.columns import COLUMN, FIXED, UNIT
from gridmap.capabilities.doctor.page.meanings import said_of_column
from gridmap.capabilities.doctor.page.page import DoctorPage, DoctorView
from gridmap.capabilities.doctor.page.stations import StationsDialog
from gridmap.capabilities.doctor.page.view import view_of
from gridmap.intake import doctor, door, memory
from gridmap.intake.doctor import Case, Choices, Source
from gridmap.intake.progress import Watch
from gridmap.intake.report import ImportReport
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Extent, Viewport
from gridmap.report.sheets import writing
from gridmap.shell.marks import marks_layer
from gridmap.shell.presenter import Presenter, Shell
from gridmap.shell.theme import tokens
from gridmap.stopping import Job
from gridmap.store.changes import Changed
from gridmap.store.project import Project
from gridmap.texts import t

_CLOSE_UP = 20_000.0
_DOT = 0.02  # of the width of the map
_SOURCES, _EXAMINE, _LOAD = "sources", "examine", "load"


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


class DoctorPresenter(Presenter):
    """Between the doctor's page, the intake room and the project.

    What is examined stays while the project changes, unless that touches what it was held against.
    """

    name = "import"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._work = _Work()
        self._loaded: tuple[str, list[str]] | None = None
        self._view: DoctorView | None = None
        page = self._page = DoctorPage()
        shell.window.add_page(self.name, page)
        self.answers("import", self.open_page)
        self.answers("import_files", self.open)
        page.open_wanted.connect(self._ask_files)
        page.paste_wanted.connect(self._paste)
        page.dropped.connect(self.open)
        page.chosen.connect(self._choose)
        page.answered.connect(self._answer)
        page.accept_all_wanted.connect(self._accept_all)
        page.undo_wanted.connect(self._undo)
        page.stations_wanted.connect(self._ask_stations)
        page.load_wanted.connect(self._load)
        page.export_wanted.connect(self._ask_export)
        page.close_wanted.connect(self._close)
        page.finding_chosen.connect(lambda x, y: self._window.canvas.centre_on(x, y, _CLOSE_UP))

    def open(self, paths: list[Path], target: str = "") -> None:
        """Examine files and folders; as what, if that is known: see `Choices.target`."""
        self.open_page()
        self.run(
            _SOURCES, lambda _: doctor.find_sources(paths),
            lambda sources: self._take_sources(sources, target),
            label=t("app.doctor.examining"),
        )  # fmt: skip

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_SOURCES, _EXAMINE, _LOAD)
        self._work, self._loaded = _Work(), None
        self._page.show_view(None)

    def _go_to_loaded(self) -> None:
        """What was just loaded is seen: its layer is shown and the map goes there, once."""
        if self._loaded is not None and self._map.go_to(*self._loaded):
            self._loaded = None

    def on_changed(self, changed: Changed) -> None:
        """Examine again if the change touches what the case was held against."""
        self._go_to_loaded()
        case, project = self._work.case, self._project
        if case is None or project is None or self._jobs.is_under_way(f"{self.name}:{_LOAD}"):
            return
        reads = doctor.reads_of(case.target).resolved(project.declarations)
        if any(reads.covers(table) for table in changed.tables):
            self._examine(self._work.current)

    def take_over(self, former: "DoctorPresenter") -> None:
        """What was examined in the window before, in the words of now."""
        before = former._work  # noqa: SLF001  of the same page
        self._work = _Work(before.sources, before.histories, {}, before.current)
        if before.sources and before.case is not None:
            self._examine(before.current)

    # --- examining ------------------------------------------------------------------------

    def _take_sources(self, sources: list[Source], target: str = "") -> None:
        self._work = _Work(sources, [[Choices(target=target or None)] for _ in sources])
        if sources:
            self._examine(0)

    def _examine(self, position: int) -> None:
        project = self._project
        if project is None:
            return
        work = self._work
        work.current = position
        source, choices = work.sources[position], work.histories[position][-1]
        before = work.cases.get(position)
        undo = len(work.histories[position]) > 1

        first = before is None and not undo

        def look(job: Job) -> _Look:
            if first:  # what was decided about files of this shape holds here, too
                case = door.look(source, choices, project, watch=_watch(job))
            else:
                case = doctor.examine(source, choices, project, before=before, watch=_watch(job))
            recalled = case.choices != choices
            view = view_of(case, work.sources, project, undo=undo or recalled)
            return _Look(case, view, places_before_and_after(case))

        self.run(
            _EXAMINE, look, lambda look: self._take_case(position, look),
            failed=self._not_examined, label=t("app.doctor.examining"),
        )  # fmt: skip

    def _take_case(self, position: int, look: _Look) -> None:
        first = position not in self._work.cases
        self._work.cases[position] = look.case
        history = self._work.histories[position]
        if history[-1] != look.case.choices:
            history.append(look.case.choices)
        self._view = look.view
        self._page.show_view(look.view)
        self._claim.show_marks(look.marks)
        extent = None if look.marks is None else look.marks.extent
        if first and extent is not None and not _is_seen(extent, self._window.canvas.viewport):
            self._window.canvas.fit(extent, margin=0.2)

    def _not_examined(self, error: Exception) -> None:
        """A choice that does not fit is taken back; a file that cannot be read is told."""
        history = self._work.histories[self._work.current]
        if len(history) > 1:
            history.pop()
            if self._view is not None and self._work.case is not None:
                self._page.show_view(self._view)
        self._jobs.failed.emit(error)

    # --- answers --------------------------------------------------------------------------

    def _decide(self, choices: Choices) -> None:
        if choices == self._present():
            return
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
        if name.startswith((COLUMN, FIXED, UNIT)):
            case = self._work.case
            target = present.target or (None if case is None else case.target)
            # What is said of a column is said of what the file was taken for.
            self._decide(said_of_column(replace(present, target=target), name, value))
            return
        if name == "heading":
            self._decide(replace(present, header_row=int(value)))
            return
        if name == "target":  # another target, other fields: old answers mean nothing there
            nothing: frozenset[str] = frozenset()
            present = replace(
                present, columns={}, items={}, fixed={}, left_out=nothing, accepted=nothing,
                refused=nothing,
            )  # fmt: skip
        chosen: dict[str, Any] = {asked: value or None}
        self._decide(replace(present, **chosen))

    def _answer(self, finding: str, answer: bool | None) -> None:
        case = self._work.case
        if case is not None:
            self._decide(case.answered(finding, answer))

    def _ask_stations(self) -> None:
        """Link the stations of the file with those of the project by hand."""
        case, project = self._work.case, self._project
        if case is None or project is None:
            return
        linked = {**memory.links_of(project), **self._present().stations}
        by_name = case.references.stations
        linked = {name: code for name, code in by_name.items() if name not in linked} | linked

        def done(links: dict[str, str]) -> None:
            # What is linked with none, and never was, needs no word.
            said = {n: c for n, c in links.items() if c != n or n in linked}
            present = self._present()
            self._decide(replace(present, stations={**present.stations, **said}))

        StationsDialog(
            case.outcome.stations, case.references.sites, linked, done, self._window
        ).open()

    def _accept_all(self) -> None:
        """Accept what is proposed until nothing new comes up; one step for undo."""
        project, work = self._project, self._work
        if project is None or work.case is None:
            return
        position, source, before = work.current, work.sources[work.current], work.case
        choices = self._present()

        def look(job: Job) -> _Look:
            case = doctor.settled(source, choices, project, before=before, watch=_watch(job))
            view = view_of(case, work.sources, project, undo=True)
            return _Look(case, view, places_before_and_after(case))

        def done(look: _Look) -> None:
            work.histories[position].append(look.case.choices)
            self._take_case(position, look)

        self.run(_EXAMINE, look, done, label=t("app.doctor.examining"))

    def _undo(self) -> None:
        history = self._work.histories[self._work.current]
        if len(history) > 1:
            history.pop()
            self._examine(self._work.current)

    # --- loading --------------------------------------------------------------------------

    def _load(self) -> None:
        project, case, work = self._project, self._work.case, self._work
        if project is None or case is None:
            return

        def load(job: Job) -> str:
            report = doctor.load_case(project, case, watch=_watch(job))
            return _told(replace(report, target=doctor.title_of(report.target, project)), case)

        def done(summary: str) -> None:
            self._loaded = _rows_of(case, project)
            left = [s for i, s in enumerate(work.sources) if i != work.current]
            self.say(summary)
            self._page.show_view(None)
            self._claim.clear()
            self._take_sources(left)
            self._go_to_loaded()

        self.run(
            _LOAD, load, done, stopped=lambda: self.say(t("app.job.stopped")),
            label=t("app.doctor.loading"), writes=True,
        )  # fmt: skip

    def _close(self) -> None:
        self._work = _Work()
        self.drop(_SOURCES, _EXAMINE)
        self.cancel(_LOAD)
        self._claim.clear()
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
            self.say(t("app.batch.nothing"))

    def _ask_export(self) -> None:
        case = self._work.case
        if case is None:
            return
        name = t("app.doctor.findings_name", name=case.source.path.stem)
        path = self._saver.ask(t("app.doctor.export"), name, "XLSX (*.xlsx)", (".xlsx",))
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the findings to a sheet."""
        case = self._work.case
        if case is not None:
            self._saver.write(path, lambda file: _write_findings(case, file), owner=self.name)


def _watch(job: Job) -> Watch:
    """Progress of an import as that of a job."""
    return Watch(lambda step: job.count(step.done, step.total), job)


def _is_seen(extent: Extent, viewport: Viewport) -> bool:
    """Whether something at an extent is in view, and no dot in it."""
    west, south, east, north = viewport.extent
    inside = extent[0] <= east and extent[2] >= west and extent[1] <= north and extent[3] >= south
    size = max(extent[2] - extent[0], extent[3] - extent[1])
    return inside and (size == 0 or size > _DOT * (east - west))


def _rows_of(case: Case, project: Project) -> tuple[str, list[str]] | None:
    """The layer and the keys of the rows that were loaded; None for what has no place."""
    declaration = project.declarations.get(case.target or "")
    frame = getattr(case.outcome.ready, "frame", None)
    if declaration is None or frame is None or not len(frame):
        return None
    return declaration.id, frame[declaration.key].astype(str).tolist()


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


def _told(report: ImportReport, case: Case) -> str:
    """What an import did, and what was only found while it was stored: replaced readings."""
    known = {finding.id for finding in case.findings}
    later = [finding.message for finding in report.findings if finding.id not in known]
    return " ".join([report.summary, *later])
