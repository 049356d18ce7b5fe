"""Binds the page of alerts: evaluate, list, show, act; tells the map which stations have any."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gridmap.app.alerts_detail import AlertDetail, detail_of
from gridmap.app.alerts_dialogs import RulesDialog, StepDialog
from gridmap.app.alerts_table import AlertRow, row_of
from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.preferences import Preferences
from gridmap.app.session import Session, Topic
from gridmap.domain.alerts import AlertRule
from gridmap.output.alerts_report import alerts_document
from gridmap.output.alerts_words import AlertWriting, grade_title
from gridmap.output.saving import save
from gridmap.project.alert_rules import rules_of, save_rules
from gridmap.project.alert_steps import Step, take_step
from gridmap.project.alert_tables import (
    Alert,
    alert_of,
    alerts,
    read_states,
    signs_of,
    steps_of,
)
from gridmap.project.alerting import Evaluation, EvaluationStoppedError, evaluate, until_of
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.stations import StationFacts, stations_of
from gridmap.texts import t

# A channel for each kind of work: a newer request on one makes the older answer worthless.
_LIST, _DETAIL, _EVALUATE, _TELL = "alerts", "alert", "alerts_evaluate", "alerts_tell"
_STEP, _RULES, _SAVE, _EXPORT = "alert_step", "alert_rules", "alert_rules_save", "alerts_export"
_BEFORE, _AFTER = timedelta(days=3), timedelta(days=2)


@dataclass(frozen=True)
class Present:
    """The alerts of a project as the window shows them."""

    alerts: Mapping[str, Alert]
    rows: tuple[AlertRow, ...]
    stations: Mapping[str, StationFacts]
    evaluated: bool


class AlertsBinding(QObject):
    """Between the page of alerts, the project, the map and the series.

    `on_change` is called when alerts were found, or something was done about one.
    """

    _progress = Signal(float)

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        runner: Runner,
        binding: MapBinding,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._runner, self._map = window, session, runner, binding
        self._preferences = preferences
        self._present: Present | None = None
        self._stop = threading.Event()
        self.clock: Callable[[], datetime] = lambda: datetime.now(ZONE)
        self.on_change: Callable[[], None] = lambda: None
        page = self._page = window.alerts_page
        page.evaluate_wanted.connect(lambda full: self.evaluate(full=full))
        page.cancel_wanted.connect(self._stop.set)
        page.alert_chosen.connect(self.show_alert)
        page.step_wanted.connect(self._ask_step)
        page.rules_wanted.connect(self._ask_rules)
        page.export_wanted.connect(self._ask_export)
        self._progress.connect(self._page.show_progress)
        self._left = False
        window.closing.connect(self._leave)
        session.subscribe(self._on_session)

    def _leave(self) -> None:
        """The window goes, the session may stay: another language has a window of its own."""
        self._left = True
        self._stop.set()

    # --- listing --------------------------------------------------------------------------

    def _on_session(self, topic: Topic) -> None:
        if topic == "project" and not self._left:
            self._page.show_detail(None)
            self.refresh()

    def refresh(self) -> None:
        """Read the alerts anew, after a change of the project."""
        project = self._session.project
        self._runner.drop(_LIST)
        if project is not None:
            self._runner.run(_LIST, lambda: present_of(project), self._take)

    def _take(self, present: Present) -> None:
        project = self._session.project
        self._present = present
        writable = project is not None and not project.read_only
        self._page.show_alerts(present.rows, writable=writable, evaluated=present.evaluated)
        self._badge(sum(row.live for row in present.rows))
        shown = self._page.detail
        if shown is not None:
            self._page.select(shown.alert.alert_id)
            self._read_detail(shown.alert.alert_id)

    def _badge(self, count: int) -> None:
        action = self._window.named_actions["alerts"]
        plain = t("app.action.alerts")
        action.setText(t("alerts.page.badge", count=count) if count else plain)
        tip = t("alerts.page.badge_tip", count=count) if count else f"{plain}  (F9)"
        action.setToolTip(tip)

    # --- evaluating -----------------------------------------------------------------------

    def on_arrival(self) -> None:
        """Evaluate what has just arrived."""
        project = self._session.project
        if project is not None and not project.read_only:
            self.evaluate()

    def evaluate(self, *, full: bool = False) -> None:
        """Evaluate the rules off this thread, then show what they found."""
        project = self._session.project
        if project is None or project.read_only:
            return
        self._stop = threading.Event()
        stop, now = self._stop, self.clock()
        self._page.show_progress(0.0)

        def job() -> Evaluation:
            return evaluate(
                project, until_of(project, now), full=full, cancel=stop.is_set,
                progress=lambda done, total: self._progress.emit(done / max(total, 1)),
            )  # fmt: skip

        self._runner.run(
            _EVALUATE, job, self._evaluated, failed=self._not_done, label=t("alerts.page.running")
        )

    def _evaluated(self, found: Evaluation) -> None:
        self._page.show_progress(None)
        told = t(
            "alerts.page.evaluated", new=len(found.new), grown=len(found.grown),
            ended=len(found.ended),
        )  # fmt: skip
        self._window.status.show_message(told)
        loud = set(found.new) - set(found.quiet)
        project = self._session.project
        if loud and project is not None:
            self._runner.run(_TELL, lambda: announcement(project, loud), self._announce)
        self.refresh()
        self.on_change()

    def _announce(self, text: str) -> None:
        if text:
            self._window.status.show_message(text)

    def _not_done(self, error: Exception) -> None:
        self._page.show_progress(None)
        if isinstance(error, EvaluationStoppedError):
            self._window.status.show_message(str(error))
        else:
            self._runner.failed.emit(error)

    # --- one alert ------------------------------------------------------------------------

    def show_alert(self, alert_id: str) -> None:
        """Show an alert in full, its station on the map, and its series."""
        present = self._present
        alert = present.alerts.get(alert_id) if present is not None else None
        if present is None or alert is None:
            return
        facts = present.stations.get(alert.station)
        if facts is not None and facts.layer_id:
            self._map.look_at(facts.layer_id, facts.code)
        self._session.show_station(alert.station)
        self._window.dock.show_span(alert.start - _BEFORE, (alert.end or alert.last) + _AFTER)
        self._read_detail(alert_id)

    def _read_detail(self, alert_id: str) -> None:
        project, present = self._session.project, self._present
        if project is not None and present is not None:
            names = {code: facts.name for code, facts in present.stations.items()}
            self._runner.run(
                _DETAIL, lambda: read_detail(project, alert_id, names), self._page.show_detail
            )

    def _ask_step(self, step: Step) -> None:
        detail = self._page.detail
        if detail is None:
            return
        alert_id, actor = detail.alert.alert_id, self._preferences.text("alerts/by")

        def done(by: str, to: str, note: str) -> None:
            self._preferences.put("alerts/by", by.strip())
            self.take_step(alert_id, step, by=by, to=to, note=note)

        StepDialog(step, actor, detail.suggestions, done, self._window).open()

    def take_step(self, alert_id: str, step: Step, *, by: str, to: str, note: str) -> None:
        """Do something about an alert, off this thread."""
        project = self._session.project
        if project is None:
            return

        def finished(_: object) -> None:
            self._window.status.show_message(t("alerts.page.done", step=t(f"alerts.step.{step}")))
            self.refresh()
            self.on_change()

        self._runner.run(
            _STEP, lambda: take_step(project, alert_id, step, actor=by, note=note, assignee=to),
            finished, failed=self._not_done, label=t("alerts.page.saving"),
        )  # fmt: skip

    # --- rules and files ------------------------------------------------------------------

    def _ask_rules(self) -> None:
        project = self._session.project
        if project is not None:
            self._runner.run(_RULES, lambda: rules_of(project), self._edit_rules)

    def _edit_rules(self, rules: Mapping[str, AlertRule]) -> None:
        RulesDialog(rules, self._save_rules, self._window).open()

    def _save_rules(self, rules: list[AlertRule]) -> None:
        project = self._session.project
        if project is not None:
            self._runner.run(
                _SAVE, lambda: save_rules(project, rules),
                lambda _: self._window.status.show_message(t("alerts.rules.saved")),
                failed=self._not_done, label=t("alerts.page.saving"),
            )  # fmt: skip

    def _ask_export(self) -> None:
        name = f"{t('alerts.sheet.title')}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, t("alerts.page.export"), name, t("alerts.page.files")
        )
        if chosen:
            self.export(Path(chosen))

    def export(self, path: Path) -> None:
        """Write the alerts that the list shows."""
        project, present, table = self._session.project, self._present, self._page.table
        if project is None or present is None:
            return
        shown = [table.row(place).alert_id for place in range(table.rowCount())]
        chosen = [present.alerts[alert_id] for alert_id in shown]
        words = AlertWriting({code: facts.name for code, facts in present.stations.items()})

        def job() -> Path:
            steps = {alert_id: steps_of(project, alert_id) for alert_id in shown}
            return save(alerts_document(chosen, steps, words), path)

        self._runner.run(
            _EXPORT, job, lambda file: self._window.status.show_message(
                t("app.dialog.done", file=file)
            ),
            failed=self._not_done, label=t("alerts.page.saving"),
        )  # fmt: skip


def present_of(project: AnsweringProject) -> Present:
    """Read the alerts of a project and put them into rows. Not for the GUI thread."""
    stations = stations_of(project)
    words = AlertWriting({code: facts.name for code, facts in stations.items()})
    found = alerts(project)
    with project.reading() as connection:
        evaluated = bool(read_states(connection))
    rows = tuple(row_of(alert, words) for alert in found)
    return Present({one.alert_id: one for one in found}, rows, stations, evaluated)


def read_detail(
    project: AnsweringProject, alert_id: str, names: Mapping[str, str]
) -> AlertDetail | None:
    """Read one alert with its steps and put it into words. Not for the GUI thread."""
    alert = alert_of(project, alert_id)
    if alert is None:
        return None
    steps, signs = steps_of(project, alert_id), signs_of(project, alert_id)
    return detail_of(alert, signs, steps, AlertWriting(names))


def announcement(project: AnsweringProject, chosen: set[str]) -> str:
    """The new alerts in a sentence; nothing where all of them are past."""
    found = [one for one in alerts(project, live=True) if one.alert_id in chosen]
    if not found:
        return ""
    words = AlertWriting({code: facts.name for code, facts in stations_of(project).items()})
    gravest = found[0]
    return t(
        "alerts.page.announced", count=len(found), grade=grade_title(gravest.grade),
        station=words.station(gravest), item=words.item(gravest),
    )  # fmt: skip
