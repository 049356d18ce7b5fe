"""What the window is about, as plain state: project, question, answer, station.

Widgets subscribe and show; the controller changes it. No Qt here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from psygnal import Signal

from gridmap.core.datum import Datum
from gridmap.core.place import Place
from gridmap.store.changes import Changed
from gridmap.store.project import Project


@dataclass(frozen=True)
class Feature:
    """A feature that was clicked or found: its layer, its key field's value, what to show."""

    layer_id: str
    key: str
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(eq=False)
class Session:
    """The state of one window; setters tell the listeners what changed.

    Signals, all on the GUI thread:
        project_opened(): another project, or none; all that was asked of the old one is forgotten.
        changed(Changed): this project changed, and the map's layers have followed.
        asked(): another question: place, day or type of problem.
        refused(str, Place or None): what was asked has no answer, and why; nothing is asked now.
        answered(): a verdict, or why there is none.
        feature_shown(), station_shown(), moment_shown(): another one is shown, or none.

    `verdict` is whatever answers the question; the shell only keeps it.
    """

    project_opened: ClassVar[Signal] = Signal()
    changed: ClassVar[Signal] = Signal(Changed)
    asked: ClassVar[Signal] = Signal()
    refused: ClassVar[Signal] = Signal(str, object)
    answered: ClassVar[Signal] = Signal()
    feature_shown: ClassVar[Signal] = Signal()
    station_shown: ClassVar[Signal] = Signal()
    moment_shown: ClassVar[Signal] = Signal()

    today: Callable[[], date]
    project: Project | None = None
    place: Place | None = None
    on: date | None = None
    problem: str | None = None
    datum: Datum = Datum.CGCS2000
    verdict: Any = None
    verdict_error: str = ""
    feature: Feature | None = None
    station: str | None = None
    moment: datetime | None = None
    full_phones: bool = False
    goes_on: bool = False

    def forget_listeners(self) -> None:
        """Nobody listens any more: the window of those who did is gone."""
        for signal in (
            self.project_opened, self.changed, self.asked, self.refused, self.answered,
            self.feature_shown, self.station_shown, self.moment_shown,
        ):  # fmt: skip
            signal.disconnect()

    @property
    def day(self) -> date:
        """The day asked: the chosen one, else today."""
        return self.on or self.today()

    def open_project(self, project: Project | None, *, goes_on: bool = False) -> None:
        """Another project; what was asked of the old one is forgotten, unless work goes on.

        Args:
            project: the new one.
            goes_on: it is a copy of the one before: the question stays and is asked again.
        """
        self.project, self.goes_on = project, goes_on
        self.verdict = self.feature = self.station = self.moment = None
        if not goes_on:
            self.place = self.problem = None
        self.verdict_error, self.full_phones = "", False
        self.project_opened.emit()

    def tell_changed(self, changed: Changed) -> None:
        """The project changed, and what the map shows of it has followed."""
        self.changed.emit(changed)

    def ask(self, place: Place, on: date | None = None) -> None:
        """Ask about a place, as of a day where one is given; the old answer is gone."""
        self.place = place
        if on is not None:
            self.on = None if on == self.today() else on
        self.verdict, self.verdict_error = None, ""
        self.asked.emit()

    def ask_nothing(self, reason: str, place: Place | None = None) -> None:
        """What was asked last has no answer: the old question and its answer are gone.

        Args:
            reason: in words, shown in the place of an answer.
            place: where the pin stands, if it is known.
        """
        self.place, self.verdict, self.verdict_error = None, None, ""
        self.refused.emit(reason, place)

    def ask_on(self, day: date | None) -> None:
        """Ask as of another day; None is today."""
        if day != self.on:
            self.on = day
            self.asked.emit()

    def ask_about(self, problem: str | None) -> None:
        """Ask about a type of problem."""
        if problem != self.problem:
            self.problem = problem
            self.asked.emit()

    def answer(self, verdict: Any, error: str = "") -> None:
        """The answer to the question, or why there is none."""
        self.verdict, self.verdict_error = verdict, error
        self.answered.emit()

    def show_phones(self, *, shown: bool) -> None:
        """Show the phone numbers of the answer in full, or hide them again."""
        self.full_phones = shown
        self.answered.emit()

    def show_feature(self, feature: Feature | None) -> None:
        """The feature whose card is shown."""
        self.feature = feature
        self.feature_shown.emit()

    def show_station(self, station: str | None) -> None:
        """The station whose series is shown."""
        self.station = station
        self.station_shown.emit()

    def show_moment(self, moment: datetime | None) -> None:
        """The moment whose state the map shows (aware); None is the latest."""
        if moment != self.moment:
            self.moment = moment
            self.moment_shown.emit()
