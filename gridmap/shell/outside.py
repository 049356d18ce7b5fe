"""Looks now and then whether another program changed the open project."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from gridmap.shell.jobs import Jobs
from gridmap.shell.session import Session
from gridmap.stopping import Job

_EVERY_MS: Final = 2000


class Outside(QObject):
    """Asks the project at intervals, off this thread: the file may lie on a slow share.

    What it finds the project itself tells, like any other change.
    """

    def __init__(self, session: Session, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._jobs = session, jobs
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        project = self._session.project
        if project is None or self._jobs.is_under_way("outside"):
            return

        def work(_: Job) -> None:
            project.look_outside()

        self._jobs.run("outside", work, lambda _: None, failed=lambda _: None)
