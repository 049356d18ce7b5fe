"""What the series dock shows below its header: plots or calendar, legend, readout, statistics."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.readings.page.calendar import SeriesCalendar
from gridmap.capabilities.readings.page.controls import Readout
from gridmap.capabilities.readings.page.data import STANDING, Panel, Pointed
from gridmap.capabilities.readings.page.legend import Entry, Legend, entries_of
from gridmap.capabilities.readings.page.stack import SeriesStack
from gridmap.capabilities.readings.page.statistics import StatisticsPanel
from gridmap.capabilities.readings.page.words import item_title, panel_words, sources, summary
from gridmap.shell.pieces import plain
from gridmap.texts import t

_PICTURE_PX: Final = 1200
_PANEL_PX: Final = 210
_CALENDAR_PX: Final = 190
_TIMES_PX: Final = 24


class SeriesView(QWidget):
    """Shows panels; knows nothing of stations and reading."""

    def __init__(self) -> None:
        super().__init__()
        self.stack, self.calendar = SeriesStack(), SeriesCalendar()
        self.statistics = StatisticsPanel()
        self.legend, self.readout = Legend(), Readout()
        self._panels: tuple[Panel, ...] = ()
        self._as_calendar = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(self._row())
        column.addLayout(self._body(), 1)
        self.stack.pointed.connect(self._show_pointed)
        self.calendar.pointed.connect(self._show_pointed)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """What is shown, one panel an item."""
        return self._panels

    @property
    def message(self) -> str:
        """What is said in place of plots."""
        return self._message.text()

    def show_example(self, *, shown: bool) -> None:
        """Whether the data are invented."""
        self._example.setVisible(shown)

    def show_panels(self, panels: tuple[Panel, ...], name: str, *, as_calendar: bool) -> None:
        """Show panels as plots or as calendars.

        Args:
            panels: at least one.
            name: of the plots, for screen readers.
            as_calendar: their daily classes instead of lines.
        """
        self._panels, self._as_calendar = panels, as_calendar
        self.stack.show_panels(panels)
        self.calendar.show_panels(panels if as_calendar else ())
        self._page.setCurrentWidget(self._days if as_calendar else self.stack)
        for plot in self.stack.plots:
            plot.setAccessibleName(name)
        self.calendar.setAccessibleName(name)
        self._show_legend()
        self._show_pointed(0, None)

    def say(self, message: str) -> None:
        """Say in words why there is no line."""
        self._panels = ()
        self.stack.show_panels(())
        self.calendar.show_panels(())
        self._message.setText(message)
        self._page.setCurrentWidget(self._message)
        self.readout.show_text("")
        self.legend.show_entries(())
        self._remark.setVisible(False)
        self.statistics.setVisible(False)

    def show_home(self, start: float, end: float) -> None:
        """Show a stretch of time, in seconds since 1970 (UTC)."""
        if self._panels:
            self.stack.show_home(start, end)
            self.calendar.show_home(start, end)

    def sources(self) -> str:
        """The documents behind limits and classes."""
        return sources([panel.main for panel in self._panels])

    @property
    def entries(self) -> list[Entry]:
        """What the legend explains."""
        return entries_of(self._panels, as_calendar=self._as_calendar)

    def picture_size(self) -> QSize:
        """The size of a picture of what is shown, in pixels: the same on every screen."""
        if self._as_calendar:
            least = round(self.calendar.height_of(_PICTURE_PX))
            return QSize(_PICTURE_PX, max(_CALENDAR_PX * len(self._panels), least) + _TIMES_PX)
        return QSize(_PICTURE_PX, _PANEL_PX * len(self._panels) + _TIMES_PX)

    def draw(self, painter: QPainter, room: QRectF, span: tuple[float, float]) -> None:
        """Paint a span of what is shown into a place, anew, in the size of the picture.

        Args:
            painter: active.
            room: where to.
            span: seconds since 1970 (UTC).
        """
        size = room.size().toSize()
        if self._as_calendar:
            calendar = SeriesCalendar()
            calendar.show_panels(self._panels)
            calendar.show_home(*span)
            calendar.draw(painter, room)
            calendar.deleteLater()
            return
        stack = SeriesStack()
        stack.show_panels(self._panels)
        stack.show_limits(shown=self.stack.first.limits_shown)
        stack.arrange(size)
        stack.show_range(*span)
        stack.draw(painter, room)
        stack.close()
        stack.deleteLater()

    def _show_pointed(self, number: int, pointed: Pointed | None) -> None:
        if number >= len(self._panels):
            return
        panel = self._panels[number]
        text = panel_words(panel, pointed) if pointed else summary(panel.main)
        if len(self._panels) > 1:  # which of the panels it is about
            main = panel.main
            title = main.title if main.item == STANDING else item_title(main.item)
            text = t("series.noted", kind=title, note=text)
        self.readout.show_text(text)
        self.stack.plots[number].setAccessibleDescription(text)
        self.calendar.setAccessibleDescription(text)

    def _show_legend(self) -> None:
        self.legend.show_entries(self.entries)
        remarks = dict.fromkeys(remark for panel in self._panels for remark in panel.remarks)
        text = t("series.semicolon").join(remarks)
        self._remark.setText(text)
        self._remark.setToolTip(text)
        self._remark.setVisible(bool(text))

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._example: QLabel = plain(t("series.example"), "exampleChip", wrap=False)
        self._example.setVisible(False)
        self._remark: QLabel = plain("", "warn", wrap=False)
        row.addWidget(self._example)
        row.addWidget(self.legend, 60)
        row.addWidget(self._remark)
        row.addStretch(1)
        row.addWidget(self.readout, 100)
        return row

    def _body(self) -> QHBoxLayout:
        self._message = plain("", "quiet")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page = QStackedWidget()
        self._days = QScrollArea()
        self._days.setWidgetResizable(True)
        self._days.setFrameShape(QFrame.Shape.NoFrame)
        self._days.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._days.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._days.setWidget(self.calendar)
        self.calendar.reached.connect(self._days.ensureVisible)
        for page in (self._message, self.stack, self._days):
            self._page.addWidget(page)
        self.statistics.setVisible(False)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._page, 1)
        row.addWidget(self.statistics)
        return row
