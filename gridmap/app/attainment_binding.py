"""Binds the page of attainment to the project: periods, assessment, stations, export."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gridmap.app.attainment_periods import name_of, periods
from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.session import Session, Topic
from gridmap.domain.attainment import Months
from gridmap.domain.standards import Confidence
from gridmap.output.attainment_report import attainment_document, tables_of
from gridmap.output.document import SheetTable
from gridmap.output.saving import save
from gridmap.project.answering import AnsweringProject
from gridmap.project.attainment import Assessment, assess, months_with_readings
from gridmap.project.stations import stations_of
from gridmap.texts import t

_CHANNEL: Final = "attainment"
_PERIODS: Final = "attainment-periods"
_ALL_KEPT: Final = 1.0
_MOST_KEPT: Final = 0.8


class _Dropped(Exception):  # noqa: N818  no error: another period was chosen meanwhile
    """Ends an assessment that nobody waits for any more."""


class AttainmentBinding(QObject):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    _progress = Signal(int, float)

    def __init__(
        self, window: MainWindow, session: Session, runner: Runner, map_binding: MapBinding
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._runner, self._map = runner, map_binding
        self._found: Assessment | None = None
        self._number = 0
        self._stale = True
        page = window.attainment_page
        page.kind_chosen.connect(lambda _: self._load_periods())
        page.period_chosen.connect(self._assess)
        page.station_chosen.connect(self._show_station)
        page.export_wanted.connect(self._export)
        window.named_actions["attainment"].toggled.connect(self._on_toggled)
        self._progress.connect(self._on_progress)
        session.subscribe(self._on_session)

    def _on_session(self, topic: Topic) -> None:
        if topic == "project":
            self.refresh()

    def refresh(self) -> None:
        """Assess again, now if the page is open, else when it is opened."""
        self._stale = True
        self._number += 1
        if self._window.named_actions["attainment"].isChecked():
            self._load_periods()

    def _on_toggled(self, on: bool) -> None:
        if on and self._stale:
            self._load_periods()

    def _load_periods(self) -> None:
        project = self._session.project
        if project is None:
            return
        self._stale = False
        self._runner.run(_PERIODS, lambda: months_with_readings(project), self._take_periods)

    def _take_periods(self, bounds: tuple[date, date] | None) -> None:
        page = self._window.attainment_page
        if bounds is None:
            page.show_periods([])
            page.show_tables([], [])
            page.show_message(t("attainment.nothing"))
            return
        found = periods(page.kind, *bounds)
        page.show_periods(found)
        # The latest month is seldom complete: the one before it is what people ask for.
        page.choose_period(1 if page.kind == "month" and len(found) > 1 else 0)
        if page.kind != "month" or len(found) == 1:
            self._assess(found[0])

    def _assess(self, period: Months | None) -> None:
        project = self._session.project
        if project is None or period is None:
            return
        page = self._window.attainment_page
        self._number += 1
        number = self._number
        page.show_message(t("attainment.working", period=name_of(page.kind, period)))
        page.show_progress(0.0)

        def tell(share: float) -> None:
            if number != self._number:
                raise _Dropped
            self._progress.emit(number, share)

        self._runner.run(
            _CHANNEL,
            lambda: worked_out(project, period, tell),
            self._take,
            failed=self._on_failed,
        )

    def _on_progress(self, number: int, share: float) -> None:
        if number == self._number:
            self._window.attainment_page.show_progress(share)

    def _take(self, outcome: tuple[Assessment, Sequence[SheetTable]]) -> None:
        self._found, tables = outcome
        page = self._window.attainment_page
        page.show_progress(None)
        page.show_message("")
        page.show_tables(tables, chips_of(self._found))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, _Dropped):
            return
        page = self._window.attainment_page
        page.show_progress(None)
        page.show_message(t("attainment.failed", reason=error))

    def _show_station(self, code: str) -> None:
        self._session.show_station(code)
        project = self._session.project
        if project is None:
            return
        self._runner.run(
            "attainment-place",
            lambda: stations_of(project).get(code),
            lambda facts: self._map.look_at(facts.layer_id, code) if facts else None,
        )

    def _export(self) -> None:
        found, project = self._found, self._session.project
        if found is None or project is None:
            return
        page = self._window.attainment_page
        suggested = f"{t('attainment.title')} {page.period_name}.xlsx"
        name, _ = QFileDialog.getSaveFileName(
            self._window, t("attainment.export"), suggested, t("attainment.files")
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the tables shown to a file."""
        found, project = self._found, self._session.project
        if found is None or project is None:
            return
        note = note_of(project, self._window.attainment_page.period_name)
        path = path if path.suffix else path.with_suffix(".xlsx")
        self._runner.run(
            "attainment-export",
            lambda: save(attainment_document(found, note), path),
            lambda _: self._window.status.show_message(t("attainment.exported", file=path)),
        )


def worked_out(
    project: AnsweringProject, period: Months, tell: Callable[[float], None]
) -> tuple[Assessment, Sequence[SheetTable]]:
    """The assessment of a period and its tables. Any thread."""
    found = assess(project, period, tell)
    return found, tables_of(found)


def note_of(project: AnsweringProject, period: str) -> str:
    """What a file must say of its figures."""
    note = t("attainment.note", title=project.title, period=period)
    return f"{note} {t('attainment.note_example')}" if project.is_example else note


def chips_of(found: Assessment) -> list[tuple[str, str]]:
    """The sums: sections on target, good days, and whether a rule is unsure."""
    attained = [one.attained for _, one in found.water if one.attained is not None]
    chips = []
    if attained:
        share = sum(attained) / len(attained)
        text = t("attainment.sections", kept=sum(attained), all=len(attained))
        chips.append((text, _tone(share)))
    else:
        chips.append((t("attainment.no_sections"), "quiet"))
    good = sum(one.days.attained for _, one in found.air)
    days = sum(one.days.assessed for _, one in found.air)
    if days:
        chips.append(
            (t("attainment.good_days", percent=f"{100 * good / days:.1f}"), _tone(good / days))
        )
    else:
        chips.append((t("attainment.without_days"), "quiet"))
    if found.confidence is Confidence.LOW:
        chips.append((t("attainment.confidence_low"), "warn"))
    return chips


def _tone(share: float) -> str:
    if share >= _ALL_KEPT:
        return "good"
    return "warn" if share >= _MOST_KEPT else "bad"
