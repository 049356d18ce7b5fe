"""What every binding of a page is built on: jobs, the map, files, and what happens around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from PySide6.QtCore import QObject

from gridmap.shell.jobs import Jobs
from gridmap.shell.main_window import MainWindow
from gridmap.shell.map_binding import MapBinding
from gridmap.shell.preferences import Preferences
from gridmap.shell.requests import Requests
from gridmap.shell.saving import Saver
from gridmap.shell.session import Session
from gridmap.stopping import Job
from gridmap.store.changes import Changed, Reads
from gridmap.store.project import Project

_T = TypeVar("_T")


@dataclass(frozen=True)
class Shell:
    """What a window offers to the pages in it."""

    window: MainWindow
    session: Session
    jobs: Jobs
    map: MapBinding
    saver: Saver
    preferences: Preferences
    requests: Requests


class Presenter(QObject):
    """Binds one page. Owned by its window, GUI thread.

    A subclass names itself and what it reads, and says what it does when something happens.

    Attributes:
        name: of the page (its action), owner of its jobs and of what it has on the map.
        reads: tables that what it shows is made of; it refreshes only if one was touched.
        lazy: whether it refreshes only while its page is open, else when that is opened.
    """

    name: ClassVar[str] = ""
    reads: ClassVar[Reads] = Reads()
    lazy: ClassVar[bool] = False

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.window)
        self._window, self._session, self._jobs = shell.window, shell.session, shell.jobs
        self._map, self._saver, self._preferences = shell.map, shell.saver, shell.preferences
        self._requests = shell.requests
        self._claim = shell.map.claim(self.name)
        self._stale = True
        self._seen_open = self.is_open
        session = shell.session
        session.project_opened.connect(self._on_project)
        session.changed.connect(self._on_changed)
        shell.window.page_changed.connect(self._on_page)

    @property
    def is_open(self) -> bool:
        """Whether its page is open."""
        return bool(self.name) and self._window.open_page == self.name

    @property
    def _project(self) -> Project | None:
        return self._session.project

    # --- what a subclass may say ----------------------------------------------------------

    def on_built(self) -> None:
        """All presenters are there: what depends on who answers which request."""

    def forget(self) -> None:
        """Another project is open: nothing of the old one may stay."""

    def refresh(self) -> None:
        """Read anew what is shown, in place: a project was opened, or what it reads changed."""

    def on_changed(self, changed: Changed) -> None:
        """The project changed, whether or not that touches what is read."""

    def on_opened(self) -> None:
        """The page was opened."""

    def on_left(self) -> None:
        """The page was left. What it has on the map is gone already."""

    def take_over(self, former: Self) -> None:
        """Show what the same page showed in the window before, in the language of now."""
        del former
        self._refresh_or_wait()

    # --- what it is offered ---------------------------------------------------------------

    def open_page(self) -> None:
        """Open the page."""
        self._window.named_actions[self.name].setChecked(True)

    def say(self, text: str) -> None:
        """Say something that just happened."""
        self._window.notices.tell(text)

    def answers(self, name: str, how: Callable[..., Any]) -> None:
        """Answer requests of a name, whoever asks; see `Requests`."""
        self._requests.answer(name, how)

    def request(self, name: str, *facts: Any, **more: Any) -> Any:
        """Ask for something by name; None where nobody answers."""
        return self._requests.ask(name, *facts, **more)

    def run(
        self, what: str, work: Callable[[Job], _T], done: Callable[[_T], None], **more: Any
    ) -> Job:
        """Run `work` off this thread; see `Jobs.run`. `what` names the kind of work."""
        return self._jobs.run(f"{self.name}:{what}", work, done, owner=self.name, **more)

    def cancel(self, *kinds: str) -> None:
        """Ask work of these kinds to stop; it tells when it has."""
        for what in kinds:
            self._jobs.cancel(f"{self.name}:{what}")

    def drop(self, *kinds: str) -> None:
        """Stop and forget work of these kinds."""
        for what in kinds:
            self._jobs.drop(f"{self.name}:{what}")

    # --- events ---------------------------------------------------------------------------

    def _on_project(self) -> None:
        self._claim.clear()
        self.forget()
        self._refresh_or_wait()

    def _on_changed(self, changed: Changed) -> None:
        self.on_changed(changed)
        project = self._project
        if project is None:
            return
        reads = self.reads.resolved(project.declarations)
        if any(reads.covers(table) for table in changed.tables):
            self._refresh_or_wait()

    def _refresh_or_wait(self) -> None:
        self._stale = self.lazy and not self.is_open
        if not self._stale:
            self.refresh()

    def _on_page(self, name: str) -> None:
        opened = name == self.name and bool(name)
        if opened == self._seen_open:
            return
        self._seen_open = opened
        if not opened:
            self.on_left()
            return
        if self._stale:
            self._stale = False
            self.refresh()
        self.on_opened()
