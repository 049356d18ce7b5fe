"""Binds the page of alerts: evaluate, list, show, act; tells the map which stations have any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from gridmap.capabilities.alerts.page.detail import AlertDetail, detail_of
from gridmap.capabilities.alerts.page.dialogs import StepDialog
from gridmap.capabilities.alerts.page.page import AlertsPage
from gridmap.capabilities.alerts.page.rule_form import Place
from gridmap.capabilities.alerts.page.rules_dialog import RulesDialog
from gridmap.capabilities.alerts.page.table import AlertRow, row_of
from gridmap.capabilities.alerts.report import alerts_document
from gridmap.capabilities.alerts.rules import AlertRule
from gridmap.capabilities.alerts.words import AlertWriting, grade_title
from gridmap.capabilities.alerts.work.alerting import Evaluation, evaluate, until_of
from gridmap.capabilities.alerts.work.due import Due, due_of
from gridmap.capabilities.alerts.work.records import (
    Alert,
    alert_of,
    alerts,
    read_states,
    signs_of,
    steps_of,
)
from gridmap.capabilities.alerts.work.rule_files import rules_of, save_rules
from gridmap.capabilities.alerts.work.steps import Step, take_step
from gridmap.capabilities.stations.work.facts import STATION_READS, StationFacts, stations_of
from gridmap.core.moments import ZONE
from gridmap.report.saving import FORMATS, save
from gridmap.shell.actions import title_of
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import ALERTS, READINGS, Changed, tables
from gridmap.store.project import Project
from gridmap.texts import pick, t

_LIST, _DETAIL, _EVALUATE, _TELL = "list", "detail", "evaluate", "tell"
_STEP, _RULES, _SAVE = "step", "rules", "save"
_ARRIVED: Final = READINGS | tables("series_exclusions")
_NAMED: Final = 3
_BEFORE, _AFTER = timedelta(days=3), timedelta(days=2)


@dataclass(frozen=True)
class Present:
    """The alerts of a project as the window shows them."""

    alerts: Mapping[str, Alert]
    rows: tuple[AlertRow, ...]
    stations: Mapping[str, StationFacts]
    evaluated: bool
    due: Due
    titles: Mapping[str, str]


class AlertsPresenter(Presenter):
    """Between the page of alerts, the project, the map and the series.

    Readings that arrive, or that count no longer, are evaluated at once.
    """

    name = "alerts"
    reads = ALERTS | STATION_READS | tables("alert_rules", "series_exclusions", "series_notes")

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._present: Present | None = None
        self.clock: Callable[[], datetime] = lambda: datetime.now(ZONE)
        page = self._page = AlertsPage()
        shell.window.add_page(self.name, page)
        page.trace_wanted.connect(self._trace)
        page.evaluate_wanted.connect(lambda full: self.evaluate(full=full))
        page.cancel_wanted.connect(lambda: self.cancel(_EVALUATE))
        page.alert_chosen.connect(self.show_alert)
        page.step_wanted.connect(self._ask_step)
        page.rules_wanted.connect(self._ask_rules)
        page.export_wanted.connect(self._ask_export)

    # --- listing --------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_LIST, _DETAIL, _EVALUATE, _TELL, _STEP, _RULES, _SAVE)
        self._present = None
        self._page.show_progress(None)
        self._page.show_detail(None)
        self._page.show_alerts([], writable=False, evaluated=False)
        self._badge(0)

    def refresh(self) -> None:
        """Read the alerts anew."""
        project = self._project
        if project is not None:
            self.run(_LIST, lambda _: present_of(project), self._take)

    def on_changed(self, changed: Changed) -> None:
        """Evaluate what has just arrived; what is taken back is no arrival."""
        if changed.action != "undo" and any(_ARRIVED.covers(one) for one in changed.tables):
            self.on_arrival()

    def take_over(self, former: "AlertsPresenter") -> None:
        """The alert that was shown in the window before."""
        detail = former._page.detail  # noqa: SLF001  the same page, former words
        self.clock = former.clock
        self._wanted = detail.alert.alert_id if detail is not None else ""
        self._refresh_or_wait()

    _wanted = ""

    def _take(self, present: Present) -> None:
        project = self._project
        self._present = present
        writable = project is not None and not project.read_only
        self._page.show_alerts(
            present.rows, writable=writable, evaluated=present.evaluated,
            due=due_told(present.due, present.titles),
        )  # fmt: skip
        self._badge(sum(row.live for row in present.rows))
        shown, wanted = self._page.detail, self._wanted
        self._wanted = ""
        identifier = shown.alert.alert_id if shown is not None else wanted
        if identifier in present.alerts:
            self._page.select(identifier)
            self._read_detail(identifier)
        elif shown is not None:
            self._page.show_detail(None)

    def _badge(self, count: int) -> None:
        action = self._window.named_actions["alerts"]
        plain = title_of("alerts")
        action.setText(t("alerts.page.badge", count=count) if count else plain)
        tip = t("alerts.page.badge_tip", count=count) if count else f"{plain}  (F9)"
        action.setToolTip(tip)

    # --- evaluating -----------------------------------------------------------------------

    def on_arrival(self) -> None:
        """Evaluate what has just arrived."""
        project = self._project
        if project is not None and not project.read_only:
            self.evaluate()

    def evaluate(self, *, full: bool = False) -> None:
        """Evaluate the rules off this thread, then show what they found."""
        project = self._project
        if project is None or project.read_only:
            return
        now = self.clock()
        self._page.show_progress(0.0)
        self.run(
            _EVALUATE,
            lambda job: evaluate(project, until_of(project, now), full=full, progress=job.count),
            self._evaluated, failed=self._not_done, stopped=self._stopped,
            heard=self._page.show_progress, label=t("alerts.page.running"), writes=True,
        )  # fmt: skip

    def _evaluated(self, found: Evaluation) -> None:
        self._page.show_progress(None)
        told = t(
            "alerts.page.evaluated", new=len(found.new), grown=len(found.grown),
            ended=len(found.ended),
        )  # fmt: skip
        self.say(told)
        loud = set(found.new) - set(found.quiet)
        project = self._project
        if loud and project is not None:
            self.run(_TELL, lambda _: announcement(project, loud), self._announce)

    def _stopped(self) -> None:
        self._page.show_progress(None)
        self.say(t("alerts.stopped"))

    def _announce(self, text: str) -> None:
        if text:
            self.say(text)

    def _not_done(self, error: Exception) -> None:
        self._page.show_progress(None)
        self._jobs.failed.emit(error)

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
        self.request("show_span", alert.start - _BEFORE, (alert.end or alert.last) + _AFTER)
        self._read_detail(alert_id)

    def _trace(self) -> None:
        """Trace the alert that is shown in full upstream."""
        detail = self._page.detail
        if isinstance(detail, AlertDetail):
            alert = detail.alert
            self.request("trace", alert.station, alert.item or "", alert.start, alert.last)

    def _read_detail(self, alert_id: str) -> None:
        project, present = self._project, self._present
        if project is not None and present is not None:
            names = {code: facts.name for code, facts in present.stations.items()}
            self.run(
                _DETAIL, lambda _: read_detail(project, alert_id, names), self._page.show_detail
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
        project = self._project
        if project is None:
            return

        def finished(_: object) -> None:
            self.say(t("alerts.page.done", step=t(f"alerts.step.{step}")))

        self.run(
            _STEP, lambda _: take_step(project, alert_id, step, actor=by, note=note, assignee=to),
            finished, failed=self._not_done, label=t("alerts.page.saving"), writes=True,
        )  # fmt: skip

    # --- rules and files ------------------------------------------------------------------

    def _ask_rules(self) -> None:
        project = self._project
        if project is not None:
            self.run(_RULES, lambda _: rules_of(project), self._edit_rules)

    def _edit_rules(self, rules: Mapping[str, AlertRule]) -> None:
        present = self._present
        facts = () if present is None else present.stations.values()
        places = [Place(one.code, one.name, one.medium.value) for one in facts]
        RulesDialog(rules, places, self._save_rules, self._window).open()

    def _save_rules(self, rules: list[AlertRule], gone: list[str]) -> None:
        project = self._project
        if project is not None:
            self.run(
                _SAVE, lambda _: save_rules(project, rules, gone),
                lambda _: self.say(t("alerts.rules.saved")),
                failed=self._not_done, label=t("alerts.page.saving"), writes=True,
            )  # fmt: skip

    def _ask_export(self) -> None:
        path = self._saver.ask(
            t("alerts.page.export"), t("alerts.sheet.title"), t("alerts.page.files"),
            (".xlsx", *FORMATS),
        )  # fmt: skip
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the alerts that the list shows."""
        project, present, table = self._project, self._present, self._page.table
        if project is None or present is None:
            return
        shown = [table.row(place).alert_id for place in range(table.rowCount())]
        chosen = [present.alerts[alert_id] for alert_id in shown]
        words = AlertWriting({code: facts.name for code, facts in present.stations.items()})

        def write(file: Path) -> None:
            steps = {alert_id: steps_of(project, alert_id) for alert_id in shown}
            save(alerts_document(chosen, steps, words), file)

        self._saver.write(
            path, write, label=t("alerts.page.saving"), owner=self.name, failed=self._not_done
        )


def present_of(project: Project) -> Present:
    """Read the alerts of a project and put them into rows. Not for the GUI thread."""
    stations = stations_of(project)
    words = AlertWriting({code: facts.name for code, facts in stations.items()})
    found = alerts(project)
    with project.reading() as connection:
        evaluated = bool(read_states(connection))
    rows = tuple(row_of(alert, words) for alert in found)
    titles = {rule.id: pick(rule.title.as_dict()) for rule in rules_of(project).values()}
    due = due_of(project)
    return Present({one.alert_id: one for one in found}, rows, stations, evaluated, due, titles)


def due_told(due: Due, titles: Mapping[str, str]) -> str:
    """That an evaluation is due and for which rules; nothing where none is."""
    if not due:
        return ""
    named = t("verdict.join.names").join(titles.get(one, one) for one in due.rules[:_NAMED])
    more = "…" if len(due.rules) > _NAMED else ""
    return t("alerts.page.due", rules=named + more, series=due.series)


def read_detail(project: Project, alert_id: str, names: Mapping[str, str]) -> AlertDetail | None:
    """Read one alert with its steps and put it into words. Not for the GUI thread."""
    alert = alert_of(project, alert_id)
    if alert is None:
        return None
    steps, signs = steps_of(project, alert_id), signs_of(project, alert_id)
    return detail_of(alert, signs, steps, AlertWriting(names))


def announcement(project: Project, chosen: set[str]) -> str:
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
