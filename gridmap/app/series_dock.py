"""The dock below the map: the series of one station, its selectors, the reading in words."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.app import series_data
from gridmap.app.background import Runner
from gridmap.app.icons import icon
from gridmap.app.pieces import plain
from gridmap.app.series_data import Course, Pointed, StationChoice
from gridmap.app.series_plot import SeriesPlot
from gridmap.app.theme import tokens
from gridmap.map.fonts import load_fonts
from gridmap.project.answering import AnsweringProject
from gridmap.texts import t

_CHANNEL: Final = "series"
_STATIONS_CHANNEL: Final = "series-stations"
_SPANS: Final[tuple[tuple[str, float | None], ...]] = (
    ("week", 7.0), ("month", 30.0), ("quarter", 90.0), ("year", 365.0), ("all", None),
)  # fmt: skip
_FIRST_SPAN: Final = 1
_FIRST_ITEMS: Final = ("nh3n", "pm25")
_STATION_WIDTH: Final = 330
_LEAST_STATION_WIDTH: Final = 150
_ONE_ROW_FROM: Final = 1100
_READOUT_PAD: Final = 13


class _Readout(QLabel):
    """One line of plain text at the right, cut with an ellipsis where room lacks."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quietChip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    def show_text(self, text: str) -> None:
        """Show a text; the whole of it stays in the tool tip and for screen readers."""
        self._whole = text
        self.setVisible(bool(text))
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(text) + 2 * _READOUT_PAD)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._cut()

    @property
    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self.width() - 2 * _READOUT_PAD + 2, 0)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))


class SeriesDock(QWidget):
    """Shows the series of one station. Owned by the GUI thread; reads through the runner.

    Signals:
        station_chosen(str): the user chose a station here.
        hide_wanted(): the button that hides the dock.
    """

    station_chosen = Signal(str)
    hide_wanted = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_fonts()
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._runner = runner
        self._project: AnsweringProject | None = None
        self._choices: dict[str, StationChoice] | None = None
        self._station: str | None = None
        self._item: str | None = None
        self._course: Course | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 6, 10, 4)
        outer.setSpacing(2)
        self._readout = _Readout()
        self._first_row, self._second_row = self._head(), QHBoxLayout()
        self._second_row.addStretch(1)
        outer.addLayout(self._first_row)
        outer.addLayout(self._second_row)
        outer.addWidget(self._pages(), 1)
        self._say(t("app.series.pick"))

    # --- what is shown --------------------------------------------------------------------

    @property
    def station(self) -> str | None:
        """The code of the station or section shown."""
        return self._station

    @property
    def item(self) -> str | None:
        """The id of the item shown."""
        return self._item

    @property
    def course(self) -> Course | None:
        """The series shown, None while there is none."""
        return self._course

    @property
    def plot(self) -> SeriesPlot:
        """The plot."""
        return self._plot

    def set_project(self, project: AnsweringProject | None) -> None:
        """Show the stations of another project (or of this one after a change)."""
        self._project = project
        self._choices = None
        self._station = None
        self._runner.drop(_CHANNEL)
        self._runner.drop(_STATIONS_CHANNEL)
        self._fill_stations()
        self._fill_items(())
        self._say(t("app.series.pick"))
        if project is not None:
            self._runner.run(
                _STATIONS_CHANNEL,
                lambda: series_data.station_choices(project),
                self._on_choices,
                failed=self._on_failed,
            )

    def show_station(self, code: str | None) -> None:
        """Show the station or section with this code; None shows none. Twice is once."""
        if code == self._station and self._choices is not None:
            return
        self._station = code
        if self._choices is not None:
            self._show_chosen()

    def refresh(self) -> None:
        """Read the series shown anew, after a change of the project."""
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Where the first row has no room for the reading, it gets a row of its own."""
        super().resizeEvent(event)
        wide = self.width() >= _ONE_ROW_FROM
        here, there = (self._first_row, self._second_row)[:: 1 if wide else -1]
        if here.indexOf(self._readout) < 0:
            there.removeWidget(self._readout)
            here.insertWidget(here.count() - 1 if wide else 1, self._readout, 100)

    # --- reading --------------------------------------------------------------------------

    def _on_choices(self, choices: list[StationChoice]) -> None:
        self._choices = {choice.code: choice for choice in choices}
        self._fill_stations()
        self._show_chosen()

    def _show_chosen(self) -> None:
        choice = (self._choices or {}).get(self._station or "")
        with QSignalBlocker(self._stations):
            self._stations.setCurrentIndex(self._stations.findData(self._station))
            self._restore_station_text()
        self._fill_items(choice.items if choice else ())
        self._read()

    def _read(self) -> None:
        project, item = self._project, self._item
        choice = (self._choices or {}).get(self._station or "")
        self._runner.drop(_CHANNEL)
        if project is None or self._station is None:
            self._say(t("app.series.pick"))
        elif choice is None or item is None:
            self._say(t("app.series.nothing"))
        else:
            self._say(t("app.series.loading"))
            self._runner.run(
                _CHANNEL,
                lambda: series_data.read_course(project, choice.series, item),
                self._on_course,
                failed=self._on_failed,
            )

    def _on_course(self, course: Course) -> None:
        if not course.figures.count:
            self._say(t("app.series.nothing_here"))
            return
        self._course = course
        self._plot.show_course(course)
        self._page.setCurrentWidget(self._plot)
        self._show_span()
        self._show_pointed(None)
        name = t("series.plot_name", station=self._stations.currentText(), item=course.title)
        self._plot.setAccessibleName(name)
        self._enable_spans(enabled=True)

    def _on_failed(self, error: Exception) -> None:
        self._say(t("series.unreadable", reason=error))

    def _say(self, message: str) -> None:
        """Say in words why there is no line."""
        self._course = None
        self._plot.show_course(None)
        self._message.setText(message)
        self._page.setCurrentWidget(self._message)
        self._readout.show_text("")
        self._enable_spans(enabled=False)

    def _show_pointed(self, pointed: Pointed | None) -> None:
        course = self._course
        if course is None:
            return
        text = series_data.words(course, pointed) if pointed else series_data.summary(course)
        self._readout.show_text(text)
        self._plot.setAccessibleDescription(text)

    def _show_span(self) -> None:
        self._plot.show_span(_SPANS[self._spans.checkedId()][1])

    def _enable_spans(self, *, enabled: bool) -> None:
        for button in self._spans.buttons():
            button.setEnabled(enabled)

    # --- choosing -------------------------------------------------------------------------

    def _fill_stations(self) -> None:
        with QSignalBlocker(self._stations):
            self._stations.clear()
            for choice in (self._choices or {}).values():
                self._stations.addItem(choice.label, choice.code)
            self._stations.setCurrentIndex(-1)
            self._stations.setEnabled(bool(self._choices))

    def _fill_items(self, items: tuple[str, ...]) -> None:
        """Offer these items; keep the one that was shown if the station has it."""
        with QSignalBlocker(self._items):
            self._items.clear()
            for item in items:
                self._items.addItem(series_data.item_label(item), item)
            wanted = [i for i in (self._item, *_FIRST_ITEMS) if i in items]
            self._items.setCurrentIndex(items.index(wanted[0]) if wanted else 0)
            self._items.setEnabled(bool(items))
        if items:
            self._item = self._items.currentData()
        elif self._station is not None:
            self._item = None

    def _choose_station(self, _index: int) -> None:
        code = self._stations.currentData()
        if code is None:
            return
        self.show_station(str(code))
        self.station_chosen.emit(str(code))

    def _take_first_match(self) -> None:
        """Return in the selector takes the first station that matches what was typed."""
        text = self._stations.currentText().strip().casefold()
        labels = [self._stations.itemText(row) for row in range(self._stations.count())]
        found = next((row for row, label in enumerate(labels) if text in label.casefold()), None)
        if text and found is not None:
            self._stations.setCurrentIndex(found)
        self._restore_station_text()

    def _restore_station_text(self) -> None:
        """Show the station that is chosen, from its beginning, whatever was typed."""
        row = self._stations.currentIndex()
        self._stations.setEditText(self._stations.itemText(row) if row >= 0 else "")
        if (edit := self._stations.lineEdit()) is not None:
            edit.setCursorPosition(0)

    def _choose_item(self, _index: int) -> None:
        self._item = self._items.currentData()
        self._read()

    # --- building -------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(plain(t("app.series.title"), "panelTitle", wrap=False))
        row.addSpacing(6)
        row.addWidget(self._station_box(), 200)
        self._items = QComboBox()
        self._items.setAccessibleName(t("app.series.item"))
        self._items.setToolTip(t("series.item_tip"))
        self._items.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._items.setMinimumWidth(90)
        self._items.currentIndexChanged.connect(self._choose_item)
        row.addWidget(self._items)
        row.addLayout(self._span_buttons())
        row.addStretch(1)
        hide = QToolButton()
        hide.setIcon(icon("close", tokens()["quiet"]))
        hide.setIconSize(QSize(16, 16))
        hide.setToolTip(t("series.hide_tip"))
        hide.setAccessibleName(t("app.series.hide"))
        hide.clicked.connect(self.hide_wanted)
        row.addWidget(hide)
        return row

    def _station_box(self) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMinimumWidth(_LEAST_STATION_WIDTH)
        box.setMaximumWidth(_STATION_WIDTH)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(1)
        box.setAccessibleName(t("app.series.station"))
        box.setToolTip(t("series.station_tip"))
        if (edit := box.lineEdit()) is not None:  # there is one, because the box is editable
            edit.setPlaceholderText(t("series.find"))
            edit.returnPressed.connect(self._take_first_match)
        completer = QCompleter(box.model(), box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setCompleter(completer)
        box.setEnabled(False)
        box.currentIndexChanged.connect(self._choose_station)
        self._stations = box
        return box

    def _span_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        self._spans = QButtonGroup(self)
        for number, (name, _) in enumerate(_SPANS):
            button = QToolButton()
            text = t(f"app.series.{name}")
            button.setText(text)
            button.setToolTip(t("series.range_tip", range=text))
            button.setCheckable(True)
            button.setChecked(number == _FIRST_SPAN)
            button.setStyleSheet(_span_style())
            self._spans.addButton(button, number)
            row.addWidget(button)
        self._spans.idClicked.connect(lambda _: self._show_span())
        return row

    def _pages(self) -> QStackedWidget:
        self._plot = SeriesPlot()
        self._plot.pointed.connect(self._show_pointed)
        self._message = plain("", "quiet")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page = QStackedWidget()
        self._page.addWidget(self._message)
        self._page.addWidget(self._plot)
        return self._page


def _span_style() -> str:
    colours = tokens()
    return (
        f"QToolButton {{ padding: 4px 8px; color: {colours['quiet']}; font-size: 12px; }}"
        f"QToolButton:checked {{ color: {colours['accent']}; background: {colours['chip']}; }}"
        f"QToolButton:disabled {{ color: {colours['line']}; background: transparent; }}"
        f"QToolButton:focus {{ border: 1px solid {colours['accent']}; }}"
    )
