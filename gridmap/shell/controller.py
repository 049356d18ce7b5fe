"""One window and its session: opens projects, makes the bindings, follows what changes."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from gridmap.capabilities import capabilities, load
from gridmap.core.place import Place
from gridmap.shell import opening
from gridmap.shell.data_presenter import DataPresenter
from gridmap.shell.dialogs import ShortcutsDialog, tell_error
from gridmap.shell.exporting import Exporter
from gridmap.shell.jobs import Jobs
from gridmap.shell.main_window import MainWindow
from gridmap.shell.map_binding import MapBinding
from gridmap.shell.opening import Opened
from gridmap.shell.outside import Outside
from gridmap.shell.preferences import Preferences
from gridmap.shell.presenter import Presenter, Shell
from gridmap.shell.requests import Requests
from gridmap.shell.saving import Saver
from gridmap.shell.session import Session
from gridmap.stopping import Job
from gridmap.store.changes import EVERY, Changed
from gridmap.store.project import Project
from gridmap.texts import current_language, t, use_language

_OPEN, _FOLLOW = "open", "follow"
_P = TypeVar("_P", bound=Presenter)


class _Ear(QObject):
    """Brings what a project tells, from whichever thread, to the GUI thread."""

    heard = Signal(object, object)

    def listen(self, project: Project) -> None:
        """Pass on what a project tells of its changes."""

        def hear(changed: Changed) -> None:
            self.heard.emit(project, changed)

        project.changed.connect(hear)


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
        self.jobs = Jobs()
        self._opened: Opened | None = None
        self._touched: frozenset[str] = frozenset()
        self._waiting: list[Changed] = []
        self._ear = _Ear()
        self._ear.heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._outside = Outside(self.session, self.jobs)
        self._build()

    def _build(self) -> None:
        """Make the window and bind it; done again when the language changes."""
        self.session.forget_listeners()
        self.window = MainWindow(self._preferences)
        self._map = MapBinding(self.window, self.session, self._preferences)
        saver = Saver(self.window, self.jobs, self._preferences, self.window.notices.tell)
        self.requests = Requests()
        shell = Shell(
            self.window, self.session, self.jobs, self._map, saver, self._preferences,
            self.requests,
        )  # fmt: skip
        exporter = self.exporter = Exporter(shell, self.go_on)
        self.presenters: list[Presenter] = [DataPresenter(shell, exporter)]
        for one in capabilities():
            for reference in one.presenters:
                self.presenters.append(load(one, reference)(shell))
        self.requests.answer("open_project", self.open)
        for presenter in self.presenters:
            presenter.on_built()
        self.window.settle()
        self._connect()

    def presenter(self, kind: type[_P]) -> _P:
        """The presenter of a class.

        Raises:
            StopIteration: if no capability brought one.
        """
        return next(one for one in self.presenters if isinstance(one, kind))

    def _connect(self) -> None:
        window, actions = self.window, self.window.named_actions
        self.jobs.changed.connect(window.status.show_jobs)
        self.jobs.failed.connect(self._tell)
        window.status.stop_wanted.connect(self.jobs.stop)
        actions["open"].triggered.connect(self._choose_project)
        actions["open_example"].triggered.connect(lambda: self.open(None, example=True))
        actions["save_as"].triggered.connect(self.exporter.save_project)
        window.files_dropped.connect(self._on_files)
        actions["basemap"].triggered.connect(self._map.choose_basemap)
        window.layer_panel.basemap_wanted.connect(self._map.choose_basemap)
        actions["language"].triggered.connect(self._switch_language)
        actions["help"].triggered.connect(lambda: ShortcutsDialog(window).open())
        actions["quit"].triggered.connect(window.close)

    # --- life -----------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether nothing is being read, answered or drawn."""
        return not self.jobs.busy and not self.window.canvas.engine.busy

    def show(self) -> None:
        """Show the window."""
        self.window.show()

    def close(self) -> None:
        """End the threads, close the project, remember; window and all that it read go."""
        self._preferences.save()
        self._outside.stop()
        self.jobs.close()
        self.session.forget_listeners()
        self.session.open_project(None)
        if self._opened is not None:
            self._opened.project.close()
            self._opened = None
        self.presenters.clear()
        self.window.deleteLater()
        # No loop of events need run any more: what waits to be deleted is deleted now.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def ask(self, lon: float, lat: float) -> None:
        """Ask about a place in degrees of EPSG:4490."""
        self.session.ask(Place(lon, lat))

    def warn_from(self, lon: float, lat: float, moment: datetime) -> None:
        """Warn downstream of a place in degrees of EPSG:4490, from an aware moment on."""
        self.requests.ask("warn", lon, lat, moment)

    # --- project --------------------------------------------------------------------------

    def open(self, path: Path | None, *, example: bool = False) -> None:
        """Open a project; None is the last one, else the example."""
        if path is None and not example and self._remember:
            last = self._preferences.text("project")
            path = Path(last) if last and Path(last).is_file() else None
        self.jobs.run(
            _OPEN, lambda job: opening.open_project(path, job.check), self._take,
            label=t("app.job.opening"),
        )  # fmt: skip

    def go_on(self, path: Path) -> None:
        """Work goes on in a copy of the project: question, sheet and view stay."""
        self.jobs.run(
            _OPEN, lambda job: opening.open_project(path, job.check),
            lambda opened: self._take(opened, goes_on=True), label=t("app.job.opening"),
        )  # fmt: skip

    def _take(self, opened: Opened, *, goes_on: bool = False) -> None:
        """Show another project; of the old one nothing stays, and nothing comes any more."""
        old, self._opened, self._ready = self._opened, opened, None
        self._touched, self._waiting = frozenset(), []
        self.jobs.drop_all()
        if old is not None:
            old.project.changed.disconnect()
            self.jobs.finish(old.project.close)
        self.window.notices.forget()
        self._ear.listen(opened.project)
        self._map.show_layers(opened, fit=not goes_on)
        self.session.open_project(opened.project, goes_on=goes_on)
        self._name_project()
        if self._remember:
            own = "" if opened.project.is_example else str(opened.project.path)
            self._preferences.put("project", own)
            if own:
                opening.remember_recent(self._preferences, opened.project.path)

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
            self.requests.ask("import_files", paths)

    def _choose_project(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.window, t("app.dialog.open"), "", t("app.dialog.project_files")
        )
        if name:
            self.open(Path(name))

    # --- what changes ---------------------------------------------------------------------

    def _on_heard(self, project: Project, changed: Changed) -> None:
        """The project changed: the map's layers follow first, then whoever reads what changed."""
        if self._opened is None or project is not self._opened.project:
            return
        self._touched |= opening.touched_layers(self._opened, changed)
        self._waiting.append(changed)
        if self._touched:
            self._read_touched()
        else:
            self._pass_on()

    def _read_touched(self) -> None:
        before, touched = self._opened, self._touched
        if before is None:
            return

        def work(job: Job) -> Opened:
            return opening.read_layers(before.project, job.check, before, touched)

        self.jobs.run(
            _FOLLOW, work, self._follow, stopped=self._pass_on, label=t("app.job.changing")
        )

    def _follow(self, opened: Opened) -> None:
        empty = self._opened is None or not self._opened.layers
        self._opened, self._touched = opened, frozenset()
        self._map.show_layers(opened, fit=empty)
        self._pass_on()

    def _pass_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for changed in waiting:
            self.session.tell_changed(changed)
        if self._opened is None:
            return
        tables = {table for changed in waiting for table in changed.tables}
        if tables & {"settings", EVERY}:
            self._name_project()

    # --- the rest -------------------------------------------------------------------------

    def _switch_language(self) -> None:
        """The same session in a new window of the other language; what is shown stays."""
        use_language("en" if current_language() == "zh_CN" else "zh_CN")
        if self._remember:
            self._preferences.put("language", current_language())
        self._language_changed()
        old, former = self.window, self.presenters
        app: Any = QApplication.instance()
        if isinstance(app, QApplication):
            app.setQuitOnLastWindowClosed(False)
        self.jobs.changed.disconnect()
        self.jobs.failed.disconnect()
        self.jobs.drop_all()
        page = old.open_page
        old.close()
        self._build()
        self.show()
        if isinstance(app, QApplication):
            app.setQuitOnLastWindowClosed(True)
        self._take_over(old, former, page)
        old.deleteLater()

    def _take_over(self, old: MainWindow, former: list[Presenter], page: str) -> None:
        """Bring what the old window showed into the new one."""
        canvas, before = self.window.canvas, old.canvas
        if self._opened is not None:
            self._map.show_layers(self._opened, fit=False)
            self._name_project()
        canvas.set_visible(before.state.visible)
        canvas.look(before.viewport)
        for one, same in zip(self.presenters, former, strict=True):
            one.take_over(same)
        canvas.select(before.state.selection)
        canvas.state.put_pin(before.state.pin)
        for name in (page, "replay"):
            if name and old.named_actions[name].isChecked():
                self.window.named_actions[name].setChecked(True)
        if self._touched or self._waiting:
            self._read_touched()

    def _tell(self, error: Exception) -> None:
        tell_error(self.window, error)
