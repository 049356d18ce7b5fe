"""The dock below the map: series of stations, set against limits, classes and each other."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridmap.capabilities.readings.page import data as series_data
from gridmap.capabilities.readings.page.data import STANDING, Choices, Course, Panel
from gridmap.capabilities.readings.page.head import SeriesHead
from gridmap.capabilities.readings.page.keeping import kept, tick
from gridmap.capabilities.readings.page.reading import Answer, Reader, Wanted
from gridmap.capabilities.readings.page.saving import SeriesSaver, Shown
from gridmap.capabilities.readings.page.selecting import SpanSelection
from gridmap.capabilities.readings.page.spans import ask_range
from gridmap.capabilities.readings.page.statistics import statistics_of
from gridmap.capabilities.readings.page.stretch import Stretch
from gridmap.capabilities.readings.page.view import SeriesView
from gridmap.capabilities.readings.work.means import Mode
from gridmap.capabilities.readings.work.views import SavedView
from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.map.fonts import load_fonts
from gridmap.shell.jobs import Jobs
from gridmap.shell.preferences import Preferences
from gridmap.shell.saving import Saver
from gridmap.standards.classing import Medium
from gridmap.store.project import Project
from gridmap.texts import t

if TYPE_CHECKING:
    from gridmap.capabilities.readings.page.plot import SeriesPlot

_CHANNEL: Final = "series"
_STATIONS_CHANNEL: Final = "series-stations"
_FIRST_ITEMS: Final = ("nh3n", "pm25")


class SeriesDock(QWidget):
    """Shows series of one station. Owned by the GUI thread; reads through the jobs.

    Signals:
        station_chosen(str): the user chose a station here.
        hide_wanted(): the button that hides the dock.
        trace_wanted(): trace the section shown upstream.
        shown(): something else is shown, or nothing.
        told(str): something of a saved view is not there any more.
    """

    shown = Signal()
    told = Signal(str)

    station_chosen = Signal(str)
    hide_wanted = Signal()
    trace_wanted = Signal()

    def __init__(
        self, jobs: Jobs, saver: Saver | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        load_fonts()
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._jobs = jobs
        self._project: Project | None = None
        self._choices: Choices | None = None
        self._reader: Reader | None = None
        self._station: str | None = None
        self._items: tuple[str, ...] = ()
        self._stretch = Stretch()
        self._wished: SavedView | None = None
        self.head = SeriesHead()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 6, 10, 4)
        outer.setSpacing(3)
        self.view = SeriesView()
        outer.addWidget(self.head)
        outer.addWidget(self.view, 1)
        self.selection = SpanSelection(self.view, jobs, self._on_failed)
        self._saver = SeriesSaver(saver or Saver(self, jobs, Preferences()))
        self._bind()
        self._say(t("app.series.pick"))

    # --- what is shown --------------------------------------------------------------------

    @property
    def station(self) -> str | None:
        """The code of the station or section shown."""
        return self._station

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of the items shown."""
        return self._items

    @property
    def item(self) -> str | None:
        """The id of the first item shown."""
        return self._items[0] if self._items else None

    @property
    def panels(self) -> tuple[Panel, ...]:
        """What is shown, one panel an item."""
        return self.view.panels

    @property
    def course(self) -> Course | None:
        """The main course of the first panel, None while there is none."""
        return self.panels[0].main if self.panels else None

    @property
    def plot(self) -> "SeriesPlot":
        """The first plot."""
        return self.view.stack.first

    @property
    def span(self) -> tuple[float, float]:
        """The times in sight that the series reaches over, in seconds since 1970 (UTC)."""
        start, end = self._home() if self.head.mode is Mode.CALENDAR else self.plot.span
        first, last = self.view.stack.extent()
        return max(start, first), min(end, last)

    @property
    def project(self) -> Project | None:
        """Where the readings are."""
        return self._project

    @property
    def station_name(self) -> str:
        """The station as the selector has it."""
        return self.head.stations.currentText()

    def set_project(self, project: Project | None) -> None:
        """Show the stations of another project."""
        self._project = project
        self._choices = self._reader = self._station = self._wished = None
        self._stretch = Stretch()
        for channel in (_CHANNEL, _STATIONS_CHANNEL):
            self._jobs.drop(channel)
        self.head.stations.offer(())
        self._offer_items()
        self.view.show_example(shown=project is not None and project.is_example)
        self._say(t("app.series.pick"))
        self.refresh()

    def show_station(self, code: str | None) -> None:
        """Show the station or section with this code; None shows none. Twice is once."""
        if code == self._station and self._choices is not None:
            return
        self._station = code
        self._stretch = Stretch()
        if self._choices is not None:
            self._show_chosen()

    def show_span(self, start: datetime, end: datetime) -> None:
        """Show the time from one moment to another, aware; none of the lengths is chosen then."""
        asked = start.timestamp(), end.timestamp()
        self._stretch = Stretch(asked)
        self.head.spans.show_own(asked)
        self._show_home()

    @property
    def state(self) -> SavedView | None:
        """What is shown, as it can be kept; None without a station."""
        if self._wished is not None or self._station is None:
            return self._wished
        return kept(self.head, self._station, self._items, self._stretch.asked)

    def show_view(self, view: SavedView) -> None:
        """Show what was kept; what of it is not there any more is told."""
        if self._choices is None:  # they are being read
            self._wished = view
            return
        self._wished = None
        if view.station not in self._choices.stations:
            self.told.emit(t("series.view.no_station", code=view.station))
            return
        self._choose_station(view.station)
        self._items = view.items
        self._offer_items()
        gone = tick(self.head, view, self.show_span)
        if gone:
            self.told.emit(gone)
        self._read()

    def set_moment(self, at: datetime | None) -> None:
        """Mark the moment that the map shows, aware; None marks none."""
        self.view.stack.show_moment(None if at is None else at.timestamp())

    def refresh(self) -> None:
        """Read stations and series anew, in place, after a change of the project."""
        project = self._project
        if project is not None:
            self._jobs.run(
                _STATIONS_CHANNEL, lambda _: series_data.choices_of(project),
                self._on_choices, failed=self._on_failed,
            )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Narrow docks have a list of spans in place of the buttons."""
        super().resizeEvent(event)
        self.head.fit(self.width())

    # --- reading --------------------------------------------------------------------------

    def _on_choices(self, choices: Choices) -> None:
        """Take stations and readings; of the same project, what is seen stays where it is."""
        if self._project is None:
            return
        before, self._choices = self._choices, choices
        self._reader = Reader(self._project, choices)
        if choices != before:
            self.head.stations.offer(list(choices.stations.values()))
        if before is None:
            self._show_chosen()
            if self._wished is not None:
                self.show_view(self._wished)
            return
        self.head.stations.show_code(self._station)
        self._offer_items()
        self._read()

    def _show_chosen(self) -> None:
        self.head.stations.show_code(self._station)
        self._offer_items()
        facts = self._facts()
        self.head.offer_trace(offered=facts is not None and facts.medium is Medium.WATER)
        if facts is not None and self._choices is not None:
            self.head.compare.offer_others(facts, list(self._choices.facts.values()))
        self._say(t("app.series.loading"))
        self._read()

    def _facts(self) -> StationFacts | None:
        choices = self._choices
        choice = choices.stations.get(self._station or "") if choices else None
        return choices.facts.get(choice.series) if choices and choice else None

    def _read(self) -> None:
        reader, facts = self._reader, self._facts()
        self._jobs.drop(_CHANNEL)
        if reader is None or self._station is None:
            self._say(t("app.series.pick"))
            return
        if facts is None or not self._items:
            self._say(t("app.series.nothing"))
            return
        compare = self.head.compare
        wanted = Wanted(
            facts.code, self._items, self.head.mode, compare.last_year.isChecked(),
            compare.upstream.isChecked(), compare.others,
        )  # fmt: skip
        self._jobs.run(
            _CHANNEL, lambda _: reader.answer(wanted), self._on_answer, failed=self._on_failed
        )

    def _on_answer(self, answer: Answer) -> None:
        self.head.compare.show_upstream(answer.upstream)
        self.head.compare.setEnabled(True)
        if not answer.panels:
            means = self.head.mode is not Mode.READINGS
            self._say(t("series.no_valid_means") if means else t("app.series.nothing_here"))
            self.head.modes.setEnabled(True)
            return
        titles = t("series.comma").join(panel.main.title for panel in answer.panels)
        name = t("series.plot_name", station=self.station_name, item=titles)
        calendar = self.head.mode is Mode.CALENDAR
        self.view.show_panels(answer.panels, name, as_calendar=calendar)
        self._show_home()
        self.head.enable(enabled=True)
        tips = (t("series.limits_tip"), self.view.sources())
        self.head.limits.setToolTip("\n\n".join(filter(None, tips)))
        self.selection.renew(self._reader)
        self.shown.emit()

    def _on_failed(self, error: Exception) -> None:
        self._say(t("series.unreadable", reason=error))

    def _say(self, message: str) -> None:
        """Say in words why there is no line."""
        self.view.say(message)
        self.selection.clear()
        self.head.enable(enabled=False)
        self.head.compare.setEnabled(False)
        self.shown.emit()

    # --- spans ----------------------------------------------------------------------------

    def _home(self) -> tuple[float, float]:
        return self._stretch.home(self.view.stack.extent(), self.head.spans.days)

    def _show_home(self) -> None:
        if self.panels:
            self.view.show_home(*self._home())

    def _ask_range(self) -> None:
        """Ask for two days; begin with those in sight."""
        if self.panels:
            ask_range(self, self._home(), self.view.stack.extent(), self.show_span)

    def _choose_span(self) -> None:
        self._stretch = Stretch()
        self._show_home()

    def _shift(self, by: int) -> None:
        """A whole stretch back or on; not beyond the readings."""
        if not self.panels:
            return
        extent, days = self.view.stack.extent(), self.head.spans.days
        self._stretch = self._stretch.shifted(by, extent, days)
        if self._stretch.asked is not None:
            self.head.spans.show_own(self._stretch.asked)
        self._show_home()

    # --- choosing -------------------------------------------------------------------------

    def _offer_items(self) -> None:
        """Offer the items of the station; keep those that were shown if it has them."""
        facts = self._facts()
        if facts is None:
            self.head.items.offer((), ())
            if self._station is not None:
                self._items = ()
            return
        titles = [(item, series_data.item_label(item)) for item in facts.items]
        if self._choices is not None and facts.code not in self._choices.outlets:
            water = facts.medium is Medium.WATER
            standing = t("series.standing_water") if water else t("series.standing_air")
            titles.append((STANDING, standing))
        known = {item for item, _ in titles}
        kept = tuple(item for item in self._items if item in known)
        first = [item for item in (*_FIRST_ITEMS, *facts.items) if item in facts.items]
        self._items = kept or tuple(first[:1])
        self.head.items.offer(titles, self._items)

    def _choose_station(self, code: str) -> None:
        self.show_station(code)
        self.station_chosen.emit(code)

    def _choose_items(self) -> None:
        self._items = self.head.items.items
        self._read()

    # --- selection ------------------------------------------------------------------------

    def select_span(self, start: float, end: float) -> None:
        """Show the statistics of a span, seconds since 1970 (UTC); equal ends show none."""
        self.selection.select(self._reader, start, end)

    # --- export ---------------------------------------------------------------------------

    def export(self, what: str, target: Path | None = None) -> None:
        """Write "data" or a "picture" of what is shown; asks where to unless told."""
        reader, panels = self._reader, self.panels
        if self._project is None or reader is None or not panels:
            return
        # A picture has the figures of the span that it shows, whether or not somebody selected it.
        span = self.selection.span or self.span
        told = statistics_of(reader, panels, *span) if what == "picture" else ()
        shown = Shown(
            station=self._station or "", name=self.station_name, panels=panels,
            span=span, told=told, legend=self.view.entries,
            as_readings=self.head.mode is Mode.READINGS, example=self._project.is_example,
            size=self.view.picture_size(), draw=self.view.draw,
            say=self.view.readout.show_text,
        )  # fmt: skip
        self._saver.save(what, shown, target)

    # --- building -------------------------------------------------------------------------

    def _bind(self) -> None:
        head = self.head
        head.stations.taken.connect(self._choose_station)
        head.items.chosen.connect(self._choose_items)
        head.modes.currentIndexChanged.connect(lambda _: self._read())
        head.spans.chosen.connect(self._choose_span)
        head.spans.asked.connect(self._ask_range)
        head.back.clicked.connect(lambda: self._shift(-1))
        head.forward.clicked.connect(lambda: self._shift(1))
        head.compare.chosen.connect(self._read)
        head.limits.toggled.connect(lambda on: self.view.stack.show_limits(shown=on))
        head.select.toggled.connect(lambda on: self.view.stack.let_select(on=on))
        head.export_wanted.connect(self.export)
        head.hide_button.clicked.connect(self.hide_wanted)
        head.trace.clicked.connect(self.trace_wanted)
        self.view.stack.selected.connect(self.select_span)
        self.view.stack.shifted.connect(self._shift)
        self.view.calendar.shifted.connect(self._shift)
        self.view.statistics.closed.connect(self.selection.clear)
