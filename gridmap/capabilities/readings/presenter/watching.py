"""A watched folder in the window: new files of readings come in while the program runs."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import QFileDialog

from gridmap.intake.progress import Watch
from gridmap.intake.watch import FolderWatch, Taken, loaded_before, take
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store import Project
from gridmap.texts import t

_LOOK: Final = "look"
_EVERY_MS: Final = 5000


class FolderWatching(Presenter):
    """Looks into a folder every few seconds, off the GUI thread. Owned by the window."""

    name = "watch_folder"

    def __init__(self, shell: Shell) -> None:
        """Bind the action `watch_folder`."""
        super().__init__(shell)
        self._eyes: FolderWatch | None = None
        self._under_way = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._action = shell.window.named_actions["watch_folder"]
        self._action.toggled.connect(self._toggle)
        shell.window.closing.connect(self.stop)

    def forget(self) -> None:
        """A folder was watched for one project, and for no other."""
        self._watched = None
        if self._eyes is not None:
            self.stop()

    def take_over(self, former: "FolderWatching") -> None:
        """Go on watching the folder of the window before."""
        if former.watched is not None:
            self.start(former.watched)

    @property
    def folder(self) -> Path | None:
        """The folder that is watched."""
        return None if self._eyes is None else self._eyes.folder

    @property
    def watched(self) -> Path | None:
        """The folder that was watched last for this project, also after the window has closed."""
        return self._watched

    _watched: Path | None = None

    def start(self, folder: Path) -> None:
        """Watch a folder for the open project; a project that cannot be written says so."""
        project = self._project
        if project is None or project.read_only:
            self.say(t("readings.watch.read_only"))
            self._check(on=False)
            return
        self._watched = folder
        self._eyes = FolderWatch(folder, loaded_before(project))
        self._check(on=True)
        self.say(t("readings.watch.watching", folder=folder))
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Watch no longer; a file that is being loaded is loaded to its end."""
        self._timer.stop()
        self.drop(_LOOK)
        self._eyes, self._under_way = None, False
        self._check(on=False)

    def look(self) -> None:
        """Look once, unless the last look is still under way."""
        eyes, project = self._eyes, self._project
        if eyes is None or project is None or self._under_way:
            return
        self._under_way = True
        self.run(
            _LOOK, lambda job: _taken(eyes, project, job), self._show, failed=self._on_failure,
            stopped=self.stop, writes=True,
        )  # fmt: skip

    def _show(self, taken: list[Taken]) -> None:
        self._under_way = False
        for one in taken:
            name = one.path.name
            if one.report is None:
                self.say(t("readings.watch.left", file=name, reason=one.reason))
            else:
                count = f"{one.report.readings:,}"
                self.say(t("readings.watch.loaded", file=name, readings=count))

    def _on_failure(self, error: Exception) -> None:
        self._watched = None
        self.stop()
        self._jobs.failed.emit(error)

    def _toggle(self, on: bool) -> None:
        if not on:
            self._watched = None
            self.stop()
            self.say(t("readings.watch.stopped"))
            return
        name = QFileDialog.getExistingDirectory(self._window, t("readings.watch.choose"))
        if name:
            self.start(Path(name))
        else:
            self._check(on=False)

    def _check(self, *, on: bool) -> None:
        with QSignalBlocker(self._action):
            self._action.setChecked(on)


def _taken(eyes: FolderWatch, project: Project, job: Job) -> list[Taken]:
    found = []
    for file in eyes.poll():
        one = take(project, file, watch=Watch(job=job))
        if one.report is not None:
            eyes.loaded(file)
        found.append(one)
    return found
