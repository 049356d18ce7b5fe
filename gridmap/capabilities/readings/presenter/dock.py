"""Binds the dock of series: the station of the session, the project and what changes in it."""

from datetime import datetime

from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.capabilities.readings.page.reading import COURSE_READS
from gridmap.shell.presenter import Presenter, Shell
from gridmap.texts import t


class SeriesPresenter(Presenter):
    """Between the dock and the session."""

    name = "series"
    reads = COURSE_READS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        window, session = shell.window, shell.session
        dock = self._dock = SeriesDock(shell.jobs, shell.saver)
        self._action = window.named_actions["series"]
        window.add_panel("series", dock, tab=t("series.tab"))
        dock.hide_wanted.connect(lambda: self._action.setChecked(False))
        dock.station_chosen.connect(session.show_station)
        dock.trace_wanted.connect(self._trace)
        dock.told.connect(self.say)
        session.station_shown.connect(self._show_station)
        session.moment_shown.connect(lambda: dock.set_moment(session.moment))
        self._fold()
        self.answers("show_series", lambda: self._action.setChecked(True))
        self.answers("show_span", self._show_span)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self._dock.set_project(self._project)
        self._fold()
        self._fresh = True

    _fresh = False

    def refresh(self) -> None:
        """Read again what is shown; of a project just opened, everything is being read."""
        if not self._fresh:
            self._dock.refresh()
        self._fresh = False

    def take_over(self, former: "SeriesPresenter") -> None:
        """The station of the window before, and how it was shown."""
        shown = former._dock.state  # noqa: SLF001  the same dock, former words
        self._dock.set_project(self._project)
        self._show_station()
        if shown is not None:
            self._dock.show_view(shown)
        self._dock.set_moment(self._session.moment)

    def _trace(self) -> None:
        """From the station of the dock, with its item if that ever exceeded."""
        if self._dock.station is not None:
            self.request("trace", self._dock.station, self._dock.item or "", insist=False)

    def _show_span(self, start: datetime, end: datetime, item: str = "") -> None:
        """Show a span (aware times), of an item if the station has it."""
        if item and item in self._dock.head.items.offered:
            self._dock.head.items.choose((item,))
        self._dock.show_span(start, end)

    def _show_station(self) -> None:
        self._dock.show_station(self._session.station)
        self._fold()

    def _fold(self) -> None:
        """Without a station there is its head alone, in which one can be chosen."""
        empty = self._session.station is None
        self._dock.view.setVisible(not empty)
        self._window.lower_area.fold(on=empty)
