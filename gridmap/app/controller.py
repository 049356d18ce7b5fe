"""Binds the window to the session: widgets emit intent, the session changes, widgets show."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication, QFileDialog

from gridmap.app import opening
from gridmap.app.alerts_binding import AlertsBinding
from gridmap.app.attainment_binding import AttainmentBinding
from gridmap.app.background import Runner
from gridmap.app.batch_binding import BatchBinding
from gridmap.app.data_page import facts_of
from gridmap.app.dialogs import ShortcutsDialog, confirm, tell_error
from gridmap.app.doctor_binding import DoctorBinding
from gridmap.app.exporting import Exporter
from gridmap.app.finder import Finder
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.network_binding import NetworkBinding
from gridmap.app.opening import Opened, Ready
from gridmap.app.preferences import Preferences
from gridmap.app.quality_binding import QualityBinding
from gridmap.app.river_binding import RiverBinding
from gridmap.app.session import Session, Topic
from gridmap.app.standing_binding import StandingBinding
from gridmap.app.trace_binding import TraceBinding
from gridmap.app.warning_binding import WarningBinding
from gridmap.app.watching import FolderWatching
from gridmap.domain.responsibility import Place, Verdict
from gridmap.output.verdict_report import document_of
from gridmap.texts import current_language, pick, t, use_language


class Controller:
    """One window and its session. `show`, then `open` a project; `close` at the end.

    Args:
        preferences: what is remembered.
        today: the clock, the day in Asia/Shanghai.
        language_changed: called after the user switched the language.
        remember: whether to reopen and store the last project and language.
    """

    def __init__(
        self,
        preferences: Preferences,
        today: Callable[[], date],
        language_changed: Callable[[], None],
        *,
        remember: bool = True,
    ) -> None:
        self._preferences, self._remember = preferences, remember
        self._language_changed = language_changed
        self.session = Session(today)
        self.runner = Runner()
        self._opened: Opened | None = None
        self._ready: Ready | None = None
        self._build()

    def _build(self) -> None:
        """Make the window and bind it; done again when the language changes."""
        self.session.forget_listeners()
        self.session.subscribe(self._on_session)
        self.window = MainWindow(self._preferences, self.runner)
        self._map = MapBinding(self.window, self.session, self._preferences)
        self._standing = StandingBinding(self.window, self.session, self.runner, self._map)
        self._attainment = AttainmentBinding(self.window, self.session, self.runner, self._map)
        self._alerts = AlertsBinding(
            self.window, self.session, self.runner, self._map, self._preferences
        )
        self._alerts.on_change = self._standing.refresh
        self._quality = QualityBinding(
            self.window, self.session, self.runner, self._on_new_readings
        )
        self._trace = TraceBinding(self.window, self.session, self.runner, self._map)
        self._warning = WarningBinding(self.window, self.session, self.runner, self._map)
        self._trace.warn_wanted.connect(self._warning.warn_from_spot)
        self.window.trace_page.allow_warning(allowed=True)
        self._finder = Finder(self.window, self.session, self.runner, self._map)
        self._river = RiverBinding(self.window, self.session, self.runner, self._map)
        self._finder.on_found = self._river.show_feature
        self._exporter = Exporter(self.window, self.session, self.runner)
        self._network = NetworkBinding(self.window, self.session, self.runner, self._map)
        self._network.on_change = self._reload
        self._batch = BatchBinding(self.window, self.session, self.runner, self._map)
        self._doctor = DoctorBinding(
            self.window, self.session, self.runner, self._map,
            lambda told, readings: self._reload(told, arrived=readings),
        )  # fmt: skip
        self._watching = FolderWatching(
            self.window, self.session, self.runner, self._on_new_readings
        )
        self._connect()

    def _connect(self) -> None:
        window, actions = self.window, self.window.named_actions
        self.runner.busy_changed.connect(window.status.show_jobs)
        self.runner.failed.connect(self._tell)
        window.card.day_chosen.connect(self._choose_day)
        window.card.problem_chosen.connect(self.session.ask_about)
        window.card.series_wanted.connect(lambda: actions["series"].setChecked(True))
        window.dock.station_chosen.connect(self.session.show_station)
        actions["open"].triggered.connect(self._choose_project)
        actions["open_example"].triggered.connect(lambda: self.open(None, example=True))
        actions["save_as"].triggered.connect(self._exporter.save_project)
        actions["undo"].triggered.connect(self._undo)
        window.files_dropped.connect(self._on_files)
        window.data_page.import_wanted.connect(actions["import"].toggle)
        window.data_page.export_wanted.connect(self._exporter.export_layer)
        window.data_page.undo_wanted.connect(self._undo)
        window.data_page.remove_wanted.connect(self._remove_layer)
        actions["clear"].triggered.connect(self._clear)
        actions["basemap"].triggered.connect(self._map.choose_basemap)
        window.layer_panel.basemap_wanted.connect(self._map.choose_basemap)
        actions["language"].triggered.connect(self._switch_language)
        actions["help"].triggered.connect(lambda: ShortcutsDialog(window).open())
        actions["quit"].triggered.connect(window.close)
        actions["data"].toggled.connect(lambda on: self._show_data() if on else None)
        day = self.session.day
        window.card.show_day(QDate(day.year, day.month, day.day))

    # --- life -----------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether nothing is being read, answered or drawn."""
        return not self.runner.busy and not self.window.canvas.engine.busy

    def show(self) -> None:
        """Show the window."""
        self.window.show()

    def close(self) -> None:
        """End the threads, close the project, remember."""
        self._preferences.save()
        self.runner.close()
        if self._opened is not None:
            self._opened.project.close()
            self._opened = None

    def ask(self, lon: float, lat: float) -> None:
        """Ask about a place in degrees of EPSG:4490."""
        self.session.ask(Place(lon, lat))

    def warn_from(self, lon: float, lat: float, moment: datetime) -> None:
        """Warn downstream of a place in degrees of EPSG:4490, from an aware moment on."""
        self._warning.warn_from(lon, lat, moment)

    # --- project --------------------------------------------------------------------------

    def open(self, path: Path | None, *, example: bool = False) -> None:
        """Open a project; None is the last one, else the example."""
        if path is None and not example and self._remember:
            last = self._preferences.text("project")
            path = Path(last) if last and Path(last).is_file() else None
        label = t("app.job.opening")
        self.runner.run("open", lambda: opening.open_project(path), self._take, label=label)

    def _take(self, opened: Opened) -> None:
        old, self._opened, self._ready = self._opened, opened, None
        self._show_project(fit=True)
        if old is not None:
            self.runner.run("close", old.project.close, lambda _: None)
        if self._remember:
            own = "" if opened.project.is_example else str(opened.project.path)
            self._preferences.put("project", own)
        self._prepare()

    def _prepare(self) -> None:
        if self._opened is not None:
            project, label = self._opened.project, t("app.job.searching")
            self.runner.run(
                "ready", lambda: opening.make_ready(project), self._take_ready, label=label
            )

    def _take_ready(self, ready: Ready) -> None:
        self._ready = ready
        self._finder.use(ready.places, ready.project)
        english = current_language() == "en"
        self.window.card.show_problems(
            [(key, en if english else zh) for key, zh, en in ready.problems]
        )

    def _show_project(self, *, fit: bool) -> None:
        """Fill the window from what was opened."""
        if self._opened is None:
            return
        project = self._opened.project
        self.session.show_project(project)
        self._map.show_layers(self._opened, fit=fit)
        self.window.dock.set_project(project)
        self._name_project()
        if self.window.named_actions["data"].isChecked():
            self._show_data()

    def _name_project(self) -> None:
        project = self.session.project
        if project is None:
            return
        dated = project.settings.get("data_date", "")
        if project.is_example:
            text = t("app.top.example", date=dated)
        elif dated:
            text = t("app.top.project", title=project.title, date=dated)
        else:
            text = t("app.top.project_undated", title=project.title)
        self.window.top.show_project(text, example=project.is_example)
        self.window.setWindowTitle(f"{project.title} — {t('app.title')}")
        name = project.path.name
        reason = project.read_only_reason
        if reason:
            shown = t("app.status.read_only", name=name, reason=t(f"app.read_only.{reason}"))
        else:
            shown = t("app.status.saved", name=name)
        self.window.status.show_project(shown)

    def _on_files(self, paths: list[Path]) -> None:
        """A project of ours is opened; anything else goes to the import doctor."""
        if len(paths) == 1 and opening.is_project(paths[0]):
            self.open(paths[0])
        else:
            self._doctor.open(paths)

    def _choose_project(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.window, t("app.dialog.open"), "", t("app.dialog.project_files")
        )
        if name:
            self.open(Path(name))

    def _show_data(self) -> None:
        project = self.session.project
        if project is not None:
            today = self.session.today()
            show = self.window.data_page.show_facts
            self.runner.run("facts", lambda: facts_of(project, today), show)

    def _remove_layer(self, layer_id: str) -> None:
        """Take a layer's features out of the project, after asking; undoable."""
        project = self.session.project
        if project is None:
            return
        title = pick(project.declarations[layer_id].title.as_dict())
        question = t("app.data.really_remove", layer=title, undo=t("app.action.undo"))
        confirm(
            self.window,
            question,
            lambda: self._change(
                lambda: opening.remove_layer(project, layer_id), t("app.data.removed", layer=title)
            ),
        )

    def _on_new_readings(self) -> None:
        """Readings came in, or others count from now on: whatever judges them looks again."""
        self.window.dock.refresh()
        self._standing.refresh()
        self._attainment.refresh()
        self._river.refresh()
        self._quality.refresh()
        self._alerts.on_arrival()

    def _undo(self) -> None:
        project = self.session.project
        if project is not None:
            self._change(project.undo, t("app.dialog.undone"))

    def _change(self, act: Callable[[], object], told: str) -> None:
        """Change the project off this thread, then show it as it is now."""
        self.runner.run("change", act, lambda _: self._reload(told), label=t("app.job.changing"))

    def _reload(self, told: str, *, arrived: bool = False) -> None:
        """Show the project as it is now, and say what happened; data that arrived may alarm."""
        project, empty = self.session.project, not self.window.canvas.layers
        if project is None:
            return

        def done(opened: Opened) -> None:
            self._opened = opened
            self._show_project(fit=empty)
            self._prepare()
            if arrived:
                self._alerts.on_arrival()
            self.window.status.show_message(told)

        self.runner.run(
            "reload", lambda: opening.read_layers(project), done, label=t("app.job.changing")
        )

    # --- question and answer --------------------------------------------------------------

    def _on_session(self, topic: Topic) -> None:
        if topic == "question":
            self._answer()
        elif topic in {"verdict", "project"}:
            self._show_verdict()
        elif topic == "feature":
            feature = self.session.feature
            station = feature is not None and self._is_station(feature.layer_id)
            traceable = feature is not None and station and self._trace.can_trace(feature.key)
            self.window.card.show_feature(feature, station=station, traceable=traceable)
        elif topic == "station":
            self.window.dock.show_station(self.session.station)

    def _is_station(self, layer_id: str) -> bool:
        project = self.session.project
        return project is not None and project.declarations[layer_id].role in {
            "station", "section",
        }  # fmt: skip

    def _answer(self) -> None:
        project, place = self.session.project, self.session.place
        if project is None or place is None:
            return
        self._map.show_place(place)
        day, problem = self.session.day, self.session.problem
        self.runner.run(
            "verdict",
            lambda: project.responsibility().locate(place, day, problem),
            self._take_verdict,
            failed=lambda error: self.session.answer(None, str(error)),
        )
        if self.session.verdict is None:
            self.window.card.show_sheet(None, t("app.card.waiting"))

    def _take_verdict(self, verdict: Verdict) -> None:
        self.session.answer(verdict)
        self.window.named_actions["verdict"].setChecked(True)

    def _show_verdict(self) -> None:
        verdict, project = self.session.verdict, self.session.project
        self._map.show_verdict(verdict)
        if verdict is not None and project is not None:
            self.window.card.show_sheet(document_of(project, verdict))
        elif self.session.verdict_error:
            reason = t("app.card.failed", reason=self.session.verdict_error)
            self.window.card.show_sheet(None, reason)
        else:
            self.window.card.show_sheet(None)

    def _choose_day(self, day: date) -> None:
        self.session.ask_on(None if day == self.session.today() else day)

    def _clear(self) -> None:
        self.session.place = None
        self.session.show_feature(None)
        self.session.answer(None)
        self._map.clear()

    # --- the rest -------------------------------------------------------------------------

    def _switch_language(self) -> None:
        """The same session in a new window of the other language."""
        use_language("en" if current_language() == "zh_CN" else "zh_CN")
        if self._remember:
            self._preferences.put("language", current_language())
        self._language_changed()
        old, viewport = self.window, self.window.canvas.viewport
        visible = old.canvas.state.visible
        app = QApplication.instance()
        keep_alive: Any = app
        if isinstance(keep_alive, QApplication):
            keep_alive.setQuitOnLastWindowClosed(False)
        station, verdict, place = self.session.station, self.session.verdict, self.session.place
        watched = self._watching.folder
        self.runner.busy_changed.disconnect()
        self.runner.failed.disconnect()
        self.runner.drop_all()
        old.close()
        self._build()
        self.show()
        if isinstance(keep_alive, QApplication):
            keep_alive.setQuitOnLastWindowClosed(True)
        self._show_project(fit=False)
        self.window.canvas.set_visible(visible)
        self.window.canvas.look(viewport)
        if self._ready is not None:
            self._take_ready(self._ready)
        else:
            self._prepare()
        self.session.place = place
        self.session.answer(verdict)
        self.session.show_station(station)
        if watched is not None:
            self._watching.start(watched)
        old.deleteLater()

    def _tell(self, error: Exception) -> None:
        tell_error(self.window, error)
