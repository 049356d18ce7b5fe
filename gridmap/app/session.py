"""What the window is about, as plain state: project, question, answer, station.

Widgets subscribe and show; the controller changes it. No Qt here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from gridmap.domain.datum import Datum
from gridmap.domain.responsibility import Place, Verdict
from gridmap.project.answering import AnsweringProject

Topic = Literal["project", "question", "verdict", "feature", "station", "moment", "language"]


@dataclass(frozen=True)
class Feature:
    """A feature that was clicked or found: its layer, its key field's value, what to show."""

    layer_id: str
    key: str
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass
class Session:
    """The state of one window; setters tell the listeners what changed."""

    today: Callable[[], date]
    project: AnsweringProject | None = None
    place: Place | None = None
    on: date | None = None
    problem: str | None = None
    datum: Datum = Datum.CGCS2000
    verdict: Verdict | None = None
    verdict_error: str = ""
    feature: Feature | None = None
    station: str | None = None
    moment: datetime | None = None
    _listeners: list[Callable[[Topic], None]] = field(default_factory=list, repr=False)

    def subscribe(self, listener: Callable[[Topic], None]) -> None:
        """Call `listener` with each topic that changes."""
        self._listeners.append(listener)

    def forget_listeners(self) -> None:
        """Nobody listens any more: the window of those who did is gone."""
        self._listeners.clear()

    @property
    def day(self) -> date:
        """The day asked: the chosen one, else today."""
        return self.on or self.today()

    def show_project(self, project: AnsweringProject | None) -> None:
        """Another project; what was asked of the old one is forgotten."""
        self.project = project
        self.place = self.verdict = self.feature = self.station = self.problem = None
        self.moment = None
        self.verdict_error = ""
        self._tell("project")

    def ask(self, place: Place) -> None:
        """Ask about a place."""
        self.place = place
        self._tell("question")

    def ask_on(self, day: date | None) -> None:
        """Ask as of another day; None is today."""
        if day != self.on:
            self.on = day
            self._tell("question")

    def ask_about(self, problem: str | None) -> None:
        """Ask about a type of problem."""
        if problem != self.problem:
            self.problem = problem
            self._tell("question")

    def answer(self, verdict: Verdict | None, error: str = "") -> None:
        """The answer to the question, or why there is none."""
        self.verdict, self.verdict_error = verdict, error
        self._tell("verdict")

    def show_feature(self, feature: Feature | None) -> None:
        """The feature whose card is shown."""
        self.feature = feature
        self._tell("feature")

    def show_station(self, station: str | None) -> None:
        """The station whose series is shown."""
        self.station = station
        self._tell("station")

    def show_moment(self, moment: datetime | None) -> None:
        """The moment whose state the map shows (aware); None is the latest."""
        if moment != self.moment:
            self.moment = moment
            self._tell("moment")

    def _tell(self, topic: Topic) -> None:
        for listener in tuple(self._listeners):
            listener(topic)
