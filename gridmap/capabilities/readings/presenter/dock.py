"""Binds the dock of series: the station of the session, the project and what changes in it."""

from gridmap.capabilities.readings.page.reading import COURSE_READS
from gridmap.shell.presenter import Presenter, Shell


class SeriesBinding(Presenter):
    """Between the dock and the session."""

    name = "series"
    reads = COURSE_READS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        window, session = shell.window, shell.session
        series = window.named_actions["series"]
        window.card.series_wanted.connect(lambda: series.setChecked(True))
        window.dock.station_chosen.connect(session.show_station)
        session.station_shown.connect(self._show_station)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self._window.dock.set_project(self._project)
        self._fresh = True

    _fresh = False

    def refresh(self) -> None:
        """Read again what is shown; of a project just opened, everything is being read."""
        if not self._fresh:
            self._window.dock.refresh()
        self._fresh = False

    def take_over(self, former: "SeriesBinding") -> None:
        """The station of the window before."""
        del former  # it is in the session
        self._window.dock.set_project(self._project)
        self._show_station()
        self._window.dock.set_moment(self._session.moment)

    def _show_station(self) -> None:
        self._window.dock.show_station(self._session.station)
