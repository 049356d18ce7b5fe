"""Binds the card: question and answer, the feature that was clicked, day and type of problem."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate

from gridmap.capabilities.locate.page.card import VerdictCard
from gridmap.capabilities.locate.report import document_of
from gridmap.capabilities.locate.rules import Verdict
from gridmap.capabilities.locate.work.answering import VERDICT_READS, answer
from gridmap.core.place import Place
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import EVERY, Changed
from gridmap.texts import t

_LOCATE = "locate"
_UNITS = "grid_units"
_STATIONS = frozenset({"station", "section"})


class VerdictPresenter(Presenter):
    """Between the card, the question and the map.

    The answer stays on the screen when the project changes; it is found again, in place, if what
    it is made of changed.
    """

    name = "verdict"
    reads = VERDICT_READS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        session, card = shell.session, VerdictCard()
        actions = shell.window.named_actions
        self._card = card
        shell.window.add_panel("verdict", card)
        card.print_wanted.connect(actions["print_sheet"].trigger)
        card.copy_wanted.connect(actions["copy"].trigger)
        card.series_wanted.connect(lambda: self.request("show_series"))
        card.trace_wanted.connect(lambda: self.request("trace", session.station))
        self.answers("offer_problems", card.show_problems)
        session.asked.connect(self._ask)
        session.refused.connect(self._refuse)
        session.answered.connect(self._show)
        session.feature_shown.connect(self._show_feature)
        card.day_chosen.connect(self._choose_day)
        card.problem_chosen.connect(session.ask_about)
        shell.window.named_actions["clear"].triggered.connect(self.clear)
        self._show_day()

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_LOCATE)
        self._map.clear()
        self._card.show_problems([])
        self._show_feature()
        self._show()

    def refresh(self) -> None:
        """Find the answer again, in place."""
        if self._session.place is not None and self._session.verdict is not None:
            self._locate(self._take_again)
        elif self._session.place is not None:
            self._ask()

    def on_changed(self, changed: Changed) -> None:
        """The feature of the card may have changed, or be gone."""
        feature = self._session.feature
        if feature is not None and changed.tables & {EVERY, feature.layer_id}:
            self._map.show_feature_again()

    def take_over(self, former: "VerdictPresenter") -> None:
        """Question, answer and feature of the window before, in the words of now."""
        del former  # all of it is in the session
        self._map.show_feature_again()
        self._show()
        if self._session.place is not None and self._session.verdict is None:
            self._ask()

    def clear(self) -> None:
        """Forget question, answer and feature."""
        self.drop(_LOCATE)
        self._session.place = None
        self._session.show_feature(None)
        self._session.answer(None)
        self._map.clear()

    def _ask(self) -> None:
        place = self._session.place
        if self._project is None or place is None:
            return
        self._show_day()
        self._map.show_place(place)
        self._locate(self._take)
        if self._session.verdict is None:
            self._card.show_sheet(None, t("app.card.waiting"))

    def _refuse(self, reason: str, place: Place | None) -> None:
        """Nothing of the answer before stays beside what has none."""
        self.drop(_LOCATE)
        self._session.show_feature(None)
        self._map.clear()
        if place is not None:
            self._map.show_place(place)
        self._card.show_sheet(None, reason)
        self.say(reason)
        self._window.named_actions["verdict"].setChecked(True)

    def _show_day(self) -> None:
        day = self._session.day
        self._card.show_day(QDate(day.year, day.month, day.day))

    def _locate(self, take: Callable[[Verdict], None]) -> None:
        project, place = self._project, self._session.place
        if project is None or place is None:
            return
        day, problem = self._session.day, self._session.problem
        self.run(
            _LOCATE, lambda _: answer(project, place, day, problem), take,
            failed=lambda error: self._session.answer(None, str(error)),
        )  # fmt: skip

    def _take(self, verdict: Verdict) -> None:
        self._session.answer(verdict)
        self._window.named_actions["verdict"].setChecked(True)

    def _take_again(self, verdict: Verdict) -> None:
        before = self._session.verdict
        if before is None or before.owner != verdict.owner:
            self._session.answer(verdict)
        elif verdict != before:
            self._session.verdict, self._session.verdict_error = verdict, ""
            self._show_sheet()

    def _show(self) -> None:
        verdict: Verdict | None = self._session.verdict
        if verdict is not None:
            owner = "" if verdict.owner is None else verdict.owner.code
            self._map.show_answer(verdict.place, verdict.basis.tolerance_m, _UNITS, owner)
        self._show_sheet()

    def _show_sheet(self) -> None:
        verdict, project, card = self._session.verdict, self._project, self._card
        if verdict is not None and project is not None:
            full = self._session.full_phones
            card.show_sheet(document_of(project, verdict, full_phones=full))
        elif self._session.verdict_error:
            card.show_sheet(None, t("app.card.failed", reason=self._session.verdict_error))
        else:
            card.show_sheet(None)

    def _show_feature(self) -> None:
        feature, project = self._session.feature, self._project
        station = (
            feature is not None
            and project is not None
            and project.declarations[feature.layer_id].role in _STATIONS
        )
        traceable = feature is not None and station and bool(self.request("can_trace", feature.key))
        self._card.show_feature(feature, station=station, traceable=traceable)

    def _choose_day(self, day: date) -> None:
        self._session.ask_on(None if day == self._session.today() else day)
