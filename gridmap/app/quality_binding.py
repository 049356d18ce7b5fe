"""Binds the page of data quality: read, run the checks, leave readings out, change figures."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.quality_dialogs import Changes, FiguresDialog, Said, WhyDialog
from gridmap.app.quality_page import QualityState
from gridmap.app.session import Session, Topic
from gridmap.domain.moments import moment_of
from gridmap.domain.quality.findings import Finding
from gridmap.output import quality_words as words
from gridmap.output.quality_report import QualityReport, quality_document, shares
from gridmap.output.saving import save
from gridmap.project import Change
from gridmap.project.answering import AnsweringProject
from gridmap.project.exclusions import Exclusion, exclude, exclusions, withdraw
from gridmap.project.quality import (
    Findings,
    completeness,
    found_at,
    run_checks,
    store_findings,
    stored_findings,
)
from gridmap.project.quality_figures import figures_of, set_figure
from gridmap.project.stations import series_names
from gridmap.texts import GridMapError, t

_CHANNEL = "quality"
_RUN = "quality-run"
_CHANGE = "quality-change"
_AROUND = timedelta(days=3)


class _StoppedError(GridMapError):
    """The user stopped the checks."""


class QualityBinding(QObject):
    """Between the page of quality, the project and the dock."""

    _progress = Signal(float)

    def __init__(
        self, window: MainWindow, session: Session, runner: Runner, changed: Callable[[], None]
    ) -> None:
        """Bind; `changed` is called after readings were left out or count again."""
        super().__init__(window)
        self._window, self._session, self._runner = window, session, runner
        self._changed = changed
        self._stop = threading.Event()
        self._shown: tuple[str, int] | None = None
        self._state: QualityState | None = None
        page = self._page = window.quality_page
        page.run_wanted.connect(self.run)
        page.cancel_wanted.connect(self._halt)
        page.figures_wanted.connect(self._ask_figures)
        page.export_wanted.connect(self._ask_export)
        page.show_wanted.connect(self._show_series)
        page.exclude_wanted.connect(self._ask_exclusion)
        page.withdraw_wanted.connect(self._ask_withdrawal)
        self._progress.connect(page.show_progress)
        window.closing.connect(self._halt)
        window.named_actions["quality"].toggled.connect(lambda on: self.refresh() if on else None)
        session.subscribe(self._on_session)

    @property
    def state(self) -> QualityState | None:
        """What the page shows."""
        return self._state

    def refresh(self) -> None:
        """Read what the project holds, if the page is open and shows an older state."""
        project = self._session.project
        if not self._window.named_actions["quality"].isChecked():
            return
        if project is None:
            self._page.show_message(t("quality.page.no_project"))
            return
        mark = (str(project.path), project.revision)
        if mark != self._shown:
            self._runner.run(
                _CHANNEL, lambda: (mark, state_of(project)), self._take,
                label=t("quality.page.loading"),
            )  # fmt: skip

    def _on_session(self, topic: Topic) -> None:
        if topic == "project":
            self._halt()
            for channel in (_CHANNEL, _RUN):
                self._runner.drop(channel)
            self._shown = self._state = None
            self._page.show_progress(None)
            self._page.show_message(t("quality.page.no_project"))
            self.refresh()

    def _take(self, answer: tuple[tuple[str, int], QualityState]) -> None:
        self._shown, self._state = answer
        chosen = self._page.chosen
        if self._state.shares.stations:
            self._page.show_state(self._state)
        else:
            self._page.show_message(t("quality.page.no_readings"))
        if chosen is not None:
            self._page.choose(chosen.identity)

    def _halt(self) -> None:
        self._stop.set()

    # --- running --------------------------------------------------------------------------

    def run(self) -> None:
        """Run all checks in the background and keep what they find, if that is possible."""
        project = self._session.project
        if project is None:
            return
        stop = self._stop = threading.Event()
        self._page.show_progress(0.0)

        def watch(done: int, total: int) -> None:
            if stop.is_set():
                raise _StoppedError("quality.page.stopped")
            self._progress.emit(done / max(total, 1))

        self._runner.run(
            _RUN, lambda: checked(project, watch), self._on_checked,
            failed=self._not_checked, label=t("quality.page.running"),
        )  # fmt: skip

    def _on_checked(self, answer: tuple[tuple[str, int], QualityState]) -> None:
        self._page.show_progress(None)
        self._take(answer)
        state = answer[1]
        count = f"{len(state.report.findings):,}"
        said = t("quality.page.done", count=count)
        if state.read_only:
            said = t("quality.page.done_unsaved", count=count)
        self._window.status.show_message(said)

    def _not_checked(self, error: Exception) -> None:
        self._page.show_progress(None)
        if isinstance(error, _StoppedError):
            self._window.status.show_message(str(error))
        else:
            self._runner.failed.emit(error)

    # --- readings -------------------------------------------------------------------------

    def _show_series(self, finding: Finding) -> None:
        """The readings of a finding, with some days around, in the dock."""
        self._window.named_actions["series"].setChecked(True)
        self._session.show_station(finding.station)
        start, end = moment_of(finding.start), moment_of(finding.end)
        dock = self._window.dock
        if finding.item in dock.head.items.offered:
            dock.head.items.choose((finding.item,))
        dock.show_span(start - _AROUND, end + _AROUND)

    def _ask_exclusion(self, finding: Finding) -> None:
        WhyDialog(
            self._window, t("quality.page.exclude"),
            t("quality.page.exclude_about", **self._named(finding)), self._who(),
            lambda said: self._exclude(finding, said),
        ).open()  # fmt: skip

    def _ask_withdrawal(self, finding: Finding) -> None:
        WhyDialog(
            self._window, t("quality.page.withdraw"),
            t("quality.page.withdraw_about", **self._named(finding)), self._who(),
            lambda said: self._withdraw(finding, said),
        ).open()  # fmt: skip

    def _exclude(self, finding: Finding, said: Said) -> None:
        def write(change: Change) -> None:
            exclude(
                change,
                Exclusion(
                    station=finding.station, item=finding.item, start=moment_of(finding.start),
                    end=moment_of(finding.end), reason=said.why, actor=said.who,
                    finding_id=finding.identity,
                ),
            )  # fmt: skip

        self._change("exclude readings", said, write, t("quality.page.excluded"))

    def _withdraw(self, finding: Finding, said: Said) -> None:
        exclusion = self._state.exclusion(finding) if self._state is not None else None
        if exclusion is not None:
            identity = str(exclusion["exclusion_id"])
            self._change(
                "withdraw exclusion", said,
                lambda change: withdraw(change, identity, reason=said.why, actor=said.who),
                t("quality.page.withdrawn"),
            )  # fmt: skip

    def _change(self, action: str, said: Said, write: Callable[[Change], None], done: str) -> None:
        project = self._session.project
        if project is None:
            return

        def job() -> tuple[tuple[str, int], QualityState]:
            with project.change(action, actor=said.who, note=said.why) as change:
                write(change)
            return (str(project.path), project.revision), state_of(project)

        def take(answer: tuple[tuple[str, int], QualityState]) -> None:
            self._take(answer)
            self._window.status.show_message(done)
            self._changed()

        self._runner.run(_CHANGE, job, take)

    # --- figures, report ------------------------------------------------------------------

    def _ask_figures(self, check: str) -> None:
        if self._state is not None:
            FiguresDialog(
                self._window, self._state.report.figures, check, self._save_figures
            ).open()

    def _save_figures(self, changes: Changes) -> None:
        def write(change: Change) -> None:
            project = self._session.project
            assert project is not None  # noqa: S101  only a project has figures to change
            table = figures_of(project)
            for where, value in changes.items():
                table = set_figure(change, table, where, value)

        if changes:
            said = Said("", self._who())
            self._change("figures of checks", said, write, t("quality.page.figures_saved"))

    def _ask_export(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, t("quality.page.export"), t("quality.page.file_name"),
            "XLSX (*.xlsx);;CSV (*.csv)",
        )  # fmt: skip
        if chosen:
            self.write_sheet(Path(chosen))

    def write_sheet(self, path: Path) -> None:
        """Write the report that is shown."""
        state = self._state
        if state is None:
            return

        def job() -> Path:
            return save(quality_document(state.report), path)

        self._runner.run(
            "quality-sheet", job,
            lambda file: self._window.status.show_message(t("app.dialog.done", file=file)),
            label=t("quality.page.exporting"),
        )  # fmt: skip

    def _who(self) -> str:
        """Who decided last: most likely the same person decides again."""
        if self._state is None or self._state.report.exclusions.empty:
            return ""
        return str(self._state.report.exclusions["actor"].iloc[-1])

    def _named(self, finding: Finding) -> dict[str, str]:
        names = self._state.report.names if self._state is not None else {}
        return {
            "station": words.named_station(names, finding.station),
            "item": words.item_title(finding.item),
            "span": words.span(finding),
        }


def state_of(project: AnsweringProject, run: Findings | None = None) -> QualityState:
    """What a project holds about the quality of its readings; with a run, what that found.

    Not for the GUI thread.
    """
    months = completeness(project) if run is None else run.months
    report = QualityReport(
        months=months,
        findings=stored_findings(project) if run is None else run.findings,
        exclusions=exclusions(project),
        figures=figures_of(project),
        names=series_names(project),
        example=project.is_example,
    )
    return QualityState(report, shares(months), found_at(project), project.read_only)


def checked(
    project: AnsweringProject, watch: Callable[[int, int], None]
) -> tuple[tuple[str, int], QualityState]:
    """Run all checks and keep what they find, unless the project is read-only.

    Not for the GUI thread.
    """
    run = run_checks(project, watch=watch)
    if not project.read_only:
        with project.change("check readings") as change:
            store_findings(change, run)
    return (str(project.path), project.revision), state_of(project, run)
