"""Binds the page of data quality: read, run the checks, leave readings out, change figures."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.page.dialogs import Changes, FiguresDialog, Said, WhyDialog
from gridmap.capabilities.quality.page.page import QualityPage, QualityState
from gridmap.capabilities.quality.report import QualityReport, quality_document, shares
from gridmap.capabilities.quality.rules.findings import Finding
from gridmap.capabilities.quality.work.checking import (
    QUALITY_READS,
    Findings,
    completeness,
    found_at,
    run_checks,
    store_findings,
    stored_findings,
)
from gridmap.capabilities.quality.work.figures import figures_of, set_figure
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude, exclusions, withdraw
from gridmap.capabilities.stations.work.facts import series_names
from gridmap.core.moments import moment_of
from gridmap.report.saving import save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store import Change
from gridmap.store.project import Project
from gridmap.texts import t

_STATE = "state"
_RUN = "run"
_CHANGE = "change"
_AROUND = timedelta(days=3)


class QualityPresenter(Presenter):
    """Between the page of quality, the project and the dock."""

    name = "quality"
    reads = QUALITY_READS
    lazy = True

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._state: QualityState | None = None
        page = self._page = QualityPage()
        shell.window.add_page(self.name, page)
        page.run_wanted.connect(self.run_checks)
        page.cancel_wanted.connect(lambda: self.cancel(_RUN))
        page.figures_wanted.connect(self._ask_figures)
        page.export_wanted.connect(self._ask_export)
        page.show_wanted.connect(self._show_series)
        page.exclude_wanted.connect(self._ask_exclusion)
        page.withdraw_wanted.connect(self._ask_withdrawal)

    @property
    def state(self) -> QualityState | None:
        """What the page shows."""
        return self._state

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_STATE, _RUN, _CHANGE)
        self._state = None
        self._page.show_progress(None)
        self._page.show_message(t("quality.page.no_project"))

    def refresh(self) -> None:
        """Read what the project holds."""
        project = self._project
        if project is None:
            self._page.show_message(t("quality.page.no_project"))
            return
        self.run(_STATE, lambda _: state_of(project), self._take, label=t("quality.page.loading"))

    def _take(self, state: QualityState) -> None:
        self._state = state
        chosen = self._page.chosen
        if state.shares.stations:
            self._page.show_state(state)
        else:
            self._page.show_message(t("quality.page.no_readings"))
        if chosen is not None:
            self._page.choose(chosen.identity)

    # --- running --------------------------------------------------------------------------

    def run_checks(self) -> None:
        """Run all checks in the background and keep what they find, if that is possible."""
        project = self._project
        if project is None:
            return
        self._page.show_progress(0.0)
        self.run(
            _RUN, lambda job: checked(project, job.count), self._on_checked,
            failed=self._not_checked, stopped=self._stopped, heard=self._page.show_progress,
            label=t("quality.page.running"), writes=True,
        )  # fmt: skip

    def _on_checked(self, state: QualityState) -> None:
        self._page.show_progress(None)
        self.drop(_STATE)  # that it was kept is no reason to read it again
        self._take(state)
        count = f"{len(state.report.findings):,}"
        said = t("quality.page.done", count=count)
        if state.read_only:
            said = t("quality.page.done_unsaved", count=count)
        self.say(said)

    def _not_checked(self, error: Exception) -> None:
        self._page.show_progress(None)
        self._jobs.failed.emit(error)

    def _stopped(self) -> None:
        self._page.show_progress(None)
        self.say(t("quality.page.stopped"))

    # --- readings -------------------------------------------------------------------------

    def _show_series(self, finding: Finding) -> None:
        """The readings of a finding, with some days around, in the dock."""
        self._window.named_actions["series"].setChecked(True)
        self._session.show_station(finding.station)
        start, end = moment_of(finding.start), moment_of(finding.end)
        self.request("show_span", start - _AROUND, end + _AROUND, finding.item)

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
        project = self._project
        if project is None:
            return

        def work(_: Job) -> None:
            with project.change(action, actor=said.who, note=said.why) as change:
                write(change)

        self.run(_CHANGE, work, lambda _: self.say(done), writes=True)

    # --- figures, report ------------------------------------------------------------------

    def _ask_figures(self, check: str) -> None:
        if self._state is not None:
            FiguresDialog(
                self._window, self._state.report.figures, check, self._save_figures
            ).open()

    def _save_figures(self, changes: Changes) -> None:
        def write(change: Change) -> None:
            project = self._project
            assert project is not None  # noqa: S101  only a project has figures to change
            table = figures_of(project)
            for where, value in changes.items():
                table = set_figure(change, table, where, value)

        if changes:
            said = Said("", self._who())
            self._change("figures of checks", said, write, t("quality.page.figures_saved"))

    def _ask_export(self) -> None:
        path = self._saver.ask(
            t("quality.page.export"), t("quality.page.file_name"), "XLSX (*.xlsx);;CSV (*.csv)",
            (".xlsx", ".csv", ".tsv"),
        )  # fmt: skip
        if path is not None:
            self.write_sheet(path)

    def write_sheet(self, path: Path) -> None:
        """Write the report that is shown."""
        state = self._state
        if state is not None:
            self._saver.write(
                path, lambda file: save(quality_document(state.report), file),
                label=t("quality.page.exporting"), owner=self.name,
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


def state_of(project: Project, run: Findings | None = None) -> QualityState:
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


def checked(project: Project, watch: Callable[[int, int], None]) -> QualityState:
    """Run all checks and keep what they find, unless the project is read-only.

    Not for the GUI thread.
    """
    run = run_checks(project, watch=watch)
    if not project.read_only:
        with project.change("check readings") as change:
            store_findings(change, run)
    return state_of(project, run)
