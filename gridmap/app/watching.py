"""A watched folder in the window: new files of readings come in while the program runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSignalBlocker, QTimer
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.session import Session, Topic
from gridmap.intake.watch import FolderWatch, Taken, loaded_before, take
from gridmap.project import Project
from gridmap.texts import t

_CHANNEL: Final = "watch"
_EVERY_MS: Final = 5000


class FolderWatching(QObject):
    """Looks into a folder every few seconds, off the GUI thread. Owned by the window."""

    def __init__(
        self, window: MainWindow, session: Session, runner: Runner, loaded: Callable[[], None]
    ) -> None:
        """Bind the action `watch_folder`; `loaded` is called after readings came in."""
        super().__init__(window)
        self._window, self._session, self._runner = window, session, runner
        self._loaded = loaded
        self._project: Project | None = None
        self._eyes: FolderWatch | None = None
        self._under_way = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._action = window.named_actions["watch_folder"]
        self._action.toggled.connect(self._toggle)
        window.closing.connect(self.stop)
        session.subscribe(self._on_session)

    @property
    def folder(self) -> Path | None:
        """The folder that is watched."""
        return None if self._eyes is None else self._eyes.folder

    def start(self, folder: Path) -> None:
        """Watch a folder for the open project; a project that cannot be written says so."""
        project = self._session.project
        if project is None or project.read_only:
            self._tell(t("readings.watch.read_only"))
            self._check(on=False)
            return
        self._project = project
        self._eyes = FolderWatch(folder, loaded_before(project))
        self._check(on=True)
        self._tell(t("readings.watch.watching", folder=folder))
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Watch no longer; a file that is being loaded is loaded to its end."""
        self._timer.stop()
        self._runner.drop(_CHANNEL)
        self._eyes, self._under_way = None, False
        self._check(on=False)

    def look(self) -> None:
        """Look once, unless the last look is still under way."""
        eyes, project = self._eyes, self._project
        if eyes is None or project is None or self._under_way:
            return
        self._under_way = True
        self._runner.run(
            _CHANNEL, lambda: _taken(eyes, project), self._show, failed=self._on_failure
        )

    def _show(self, taken: list[Taken]) -> None:
        self._under_way = False
        for one in taken:
            name = one.path.name
            if one.report is None:
                self._tell(t("readings.watch.left", file=name, reason=one.reason))
            else:
                count = f"{one.report.readings:,}"
                self._tell(t("readings.watch.loaded", file=name, readings=count))
        if any(one.report is not None for one in taken):
            self._loaded()

    def _on_failure(self, error: Exception) -> None:
        self.stop()
        self._runner.failed.emit(error)

    def _toggle(self, on: bool) -> None:
        if not on:
            self.stop()
            self._tell(t("readings.watch.stopped"))
            return
        name = QFileDialog.getExistingDirectory(self._window, t("readings.watch.choose"))
        if name:
            self.start(Path(name))
        else:
            self._check(on=False)

    def _check(self, *, on: bool) -> None:
        with QSignalBlocker(self._action):
            self._action.setChecked(on)

    def _on_session(self, topic: Topic) -> None:
        # A binding of a window that was closed watches nothing and touches nothing.
        if topic != "project" or self._eyes is None:
            return
        if self._session.project is not self._project:
            self.stop()

    def _tell(self, text: str) -> None:
        self._window.status.show_message(text)


def _taken(eyes: FolderWatch, project: Project) -> list[Taken]:
    found = []
    for file in eyes.poll():
        one = take(project, file)
        if one.report is not None:
            eyes.loaded(file)
        found.append(one)
    return found
