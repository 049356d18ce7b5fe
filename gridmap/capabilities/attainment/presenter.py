"""Binds the page of attainment to the project: periods, assessment, stations, export."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from gridmap.capabilities.attainment.page.page import AttainmentPage
from gridmap.capabilities.attainment.page.periods import name_of, periods
from gridmap.capabilities.attainment.report import attainment_document, tables_of
from gridmap.capabilities.attainment.rules import Months
from gridmap.capabilities.attainment.work import Assessment, assess, months_with_readings
from gridmap.capabilities.locate.work.answering import VERDICT_READS
from gridmap.capabilities.stations.rules import Stated
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.report.document import SheetTable
from gridmap.report.saving import FORMATS, save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.shell.saving import with_suffix
from gridmap.standards.tables import Confidence
from gridmap.store.project import Project
from gridmap.texts import t

_ASSESS: Final = "assess"
_PERIODS: Final = "periods"
_PLACE: Final = "place"
_ALL_KEPT: Final = 1.0
_MOST_KEPT: Final = 0.8


class AttainmentPresenter(Presenter):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    name = "attainment"
    reads = VERDICT_READS
    lazy = True

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: Assessment | None = None
        page = self._page = AttainmentPage()
        shell.window.add_page(self.name, page)
        page.kind_chosen.connect(lambda _: self._load_periods())
        page.period_chosen.connect(self._assess)
        page.station_chosen.connect(self._show_station)
        page.cancel_wanted.connect(lambda: self.cancel(_ASSESS))
        page.export_wanted.connect(self._export)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_ASSESS, _PERIODS, _PLACE)
        self._found = None
        page = self._page
        page.show_progress(None)
        page.show_message(t("attainment.hint"))
        page.show_periods([])
        page.show_tables([], [])

    def refresh(self) -> None:
        """Assess again: the period that is shown, if there still is one."""
        self._load_periods(again=self._page.period)

    def _load_periods(self, *, again: Months | None = None) -> None:
        project = self._project
        if project is not None:
            self.run(
                _PERIODS, lambda _: months_with_readings(project),
                lambda bounds: self._take_periods(bounds, again),
            )  # fmt: skip

    def _take_periods(self, bounds: tuple[date, date] | None, again: Months | None) -> None:
        page = self._page
        if bounds is None:
            page.show_periods([])
            page.show_tables([], [])
            page.show_message(t("attainment.nothing"))
            return
        found = periods(page.kind, *bounds)
        page.show_periods(found)
        if again in found:
            page.choose_period(found.index(again))
            self._assess(again)
            return
        # The latest month is seldom complete: the one before it is what people ask for.
        page.choose_period(1 if page.kind == "month" and len(found) > 1 else 0)
        if page.kind != "month" or len(found) == 1:
            self._assess(found[0])

    def _assess(self, period: Months | None) -> None:
        project = self._project
        if project is None or period is None:
            return
        page = self._page
        page.show_message(t("attainment.working", period=name_of(page.kind, period)))
        page.show_progress(0.0)
        self.run(
            _ASSESS, lambda job: worked_out(project, period, job.tell), self._take,
            failed=self._on_failed, stopped=self._stopped, heard=page.show_progress,
            label=t("attainment.title"),
        )  # fmt: skip

    def _stopped(self) -> None:
        page = self._page
        page.show_progress(None)
        page.show_message(t("app.job.stopped"))

    def _take(self, outcome: tuple[Assessment, Sequence[SheetTable]]) -> None:
        self._found, tables = outcome
        page = self._page
        page.show_progress(None)
        page.show_message("")
        page.show_tables(tables, chips_of(self._found))

    def _on_failed(self, error: Exception) -> None:
        page = self._page
        page.show_progress(None)
        page.show_message(t("attainment.failed", reason=error))

    def _show_station(self, code: str) -> None:
        self._session.show_station(code)
        project = self._project
        if project is None:
            return
        self.run(
            _PLACE, lambda _: stations_of(project).get(code),
            lambda facts: self._map.look_at(facts.layer_id, code) if facts else None,
        )  # fmt: skip

    def _export(self) -> None:
        if self._found is None:
            return
        name = f"{t('attainment.title')} {self._page.period_name}"
        path = self._saver.ask(
            t("attainment.export"), name, t("attainment.files"), (".xlsx", *FORMATS)
        )
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Write the tables shown to a file."""
        found, project = self._found, self._project
        if found is None or project is None:
            return
        note = note_of(project, self._page.period_name)
        self._saver.write(
            with_suffix(path, (".xlsx", *FORMATS)),
            lambda file: save(attainment_document(found, note), file), owner=self.name,
        )  # fmt: skip


def worked_out(
    project: Project, period: Months, tell: Callable[[float], None]
) -> tuple[Assessment, Sequence[SheetTable]]:
    """The assessment of a period and its tables. Any thread."""
    found = assess(project, period, tell)
    return found, tables_of(found)


def note_of(project: Project, period: str) -> str:
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
    elif not found.with_target:
        chips.append((t("attainment.no_sections"), "quiet"))
    without = found.with_target - len(attained)
    if without > 0:
        chips.append((t("attainment.not_assessed", count=without), "quiet"))
    assumed = sum(facts.body_by is Stated.NOTHING for facts, _ in found.water)
    if assumed:
        chips.append((t("attainment.assumed_rivers", count=assumed), "quiet"))
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
