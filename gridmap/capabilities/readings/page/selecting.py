"""The span that is selected in the plots, and its statistics, worked out off the GUI thread."""

from collections.abc import Callable
from typing import Final

from gridmap.capabilities.readings.page.reading import Reader
from gridmap.capabilities.readings.page.statistics import Told, statistics_of
from gridmap.capabilities.readings.page.stretch import Span
from gridmap.capabilities.readings.page.view import SeriesView
from gridmap.shell.jobs import Jobs

_CHANNEL: Final = "series-statistics"


class SpanSelection:
    """What is selected of what a view shows. Owned by the GUI thread."""

    def __init__(self, view: SeriesView, jobs: Jobs, failed: Callable[[Exception], None]) -> None:
        self._view, self._jobs, self._failed = view, jobs, failed
        self._reader: Reader | None = None
        self._span: Span | None = None
        self._told: tuple[Told, ...] = ()

    @property
    def span(self) -> Span | None:
        """The span, in seconds since 1970 (UTC); None if nothing is selected."""
        return self._span

    @property
    def told(self) -> tuple[Told, ...]:
        """Its statistics, one for each line."""
        return self._told

    def select(self, reader: Reader | None, start: float, end: float) -> None:
        """Show the statistics of a span as far as there are readings; equal ends show none."""
        self._reader = reader
        first, last = self._view.stack.extent()
        start, end = max(start, first), min(end, last)
        if end <= start:
            self.clear()
        elif self._view.panels:
            self._span = start, end
            self.renew(reader)

    def renew(self, reader: Reader | None) -> None:
        """The same span of what is shown now."""
        panels, span = self._view.panels, self._span
        if reader is None or span is None or not panels:
            return
        self._view.stack.show_selection(span)
        self._jobs.run(
            _CHANNEL, lambda _: statistics_of(reader, panels, *span), self._show,
            failed=self._failed,
        )  # fmt: skip

    def clear(self) -> None:
        """Nothing is selected any more."""
        self._jobs.drop(_CHANNEL)
        self._span, self._told = None, ()
        self._view.stack.show_selection(None)
        self._view.statistics.setVisible(False)

    def _show(self, told: tuple[Told, ...]) -> None:
        if self._span is None:
            return
        self._told = told
        self._view.statistics.show_told(told, *self._span)
        self._view.statistics.setVisible(True)
