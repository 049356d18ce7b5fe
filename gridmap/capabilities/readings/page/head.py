"""The header of the series dock: which station, which items, how, how long, against what."""

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gridmap.capabilities.readings.page.controls import (
    CheckMenu,
    ItemPicker,
    drop_style,
    tool,
)
from gridmap.capabilities.readings.page.data import StationChoice
from gridmap.capabilities.readings.page.reading import MOST_PANELS
from gridmap.capabilities.readings.page.spans import SpanPicker
from gridmap.capabilities.readings.page.views import ViewButton
from gridmap.capabilities.readings.work.means import Mode
from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.capabilities.stations.work.upstream import NoUpstream, Upstream
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain
from gridmap.texts import t

_STATION_WIDTH: Final = 330
_LEAST_STATION_WIDTH: Final = 110
_TITLE_FROM: Final = 1120
_BUTTONS_FROM: Final = 1010
_ARROWS_FROM: Final = 800
_TRACE_FROM: Final = 720
_MOST_OTHERS: Final = 3


class StationBox(QComboBox):
    """Stations and sections, found by typing.

    Signals:
        taken(str): a station was chosen here.
    """

    taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumWidth(_LEAST_STATION_WIDTH)
        self.setMaximumWidth(_STATION_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(1)
        self.setAccessibleName(t("app.series.station"))
        self.setToolTip(t("series.station_tip"))
        if (edit := self.lineEdit()) is not None:  # there is one, because the box is editable
            edit.setPlaceholderText(t("series.find"))
            edit.returnPressed.connect(self._take_first_match)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.setEnabled(False)
        self.currentIndexChanged.connect(self._choose)

    def offer(self, choices: Sequence[StationChoice]) -> None:
        """Offer these; nothing is told."""
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                self.addItem(choice.label, choice.code)
            self.setCurrentIndex(-1)
            self.setEnabled(bool(choices))

    def show_code(self, code: str | None) -> None:
        """Show a station; nothing is told."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(code))
            self._restore_text()
            shown = (self.currentText(), t("series.station_tip"))
            self.setToolTip("\n".join(filter(None, shown)))

    def _choose(self, _index: int) -> None:
        code = self.currentData()
        if code is not None:
            self.taken.emit(str(code))

    def _take_first_match(self) -> None:
        """Return takes the first station that matches what was typed."""
        text = self.currentText().strip().casefold()
        labels = [self.itemText(row) for row in range(self.count())]
        found = next((row for row, label in enumerate(labels) if text in label.casefold()), None)
        if text and found is not None:
            self.setCurrentIndex(found)
        self._restore_text()

    def _restore_text(self) -> None:
        """Show the station that is chosen, from its beginning, whatever was typed."""
        row = self.currentIndex()
        self.setEditText(self.itemText(row) if row >= 0 else "")
        if (edit := self.lineEdit()) is not None:
            edit.setCursorPosition(0)


class ComparePicker(QToolButton):
    """What the station is set against.

    Signals:
        chosen(): something else was ticked.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setText(t("series.compare.title"))
        self.setToolTip(t("series.compare.tip"))
        self.setAccessibleName(t("series.compare.title"))
        self.setStyleSheet(drop_style())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = CheckMenu(self)
        menu.only.connect(lambda action: action.trigger())
        self.last_year = self._action(menu, t("series.compare.last_year"))
        self.upstream = self._action(menu, t("series.compare.upstream"))
        menu.addSeparator()
        self._others = CheckMenu(t("series.compare.station"), self)
        self._others.only.connect(lambda action: action.trigger())
        menu.addMenu(self._others)
        self.setMenu(menu)
        self.setEnabled(False)

    @property
    def others(self) -> tuple[str, ...]:
        """Codes of the other stations that are ticked."""
        return tuple(str(a.data()) for a in self._others.actions() if a.isChecked())

    @property
    def other_actions(self) -> list[QAction]:
        """The other stations."""
        return self._others.actions()

    def offer_others(self, facts: StationFacts, stations: Sequence[StationFacts]) -> None:
        """Offer stations of the same medium; those ticked stay so if they are among them."""
        ticked = self.others
        self._others.clear()
        for other in stations:
            if other.medium is facts.medium and other.code != facts.code:
                name = t("series.compare.named", name=other.name, code=other.code)
                action = self._action(self._others, name)
                action.setData(other.code)
                action.setChecked(other.code in ticked)
        self._limit()

    def tick(self, *, last_year: bool, upstream: bool, others: Collection[str]) -> None:
        """Tick what a saved view has, as far as it is offered; nothing is told."""
        self.last_year.setChecked(last_year)
        self.upstream.setChecked(upstream)
        for action in self._others.actions():
            action.setChecked(action.data() in others)
        self._limit()

    def show_upstream(self, found: Upstream | NoUpstream) -> None:
        """Name the station upstream, or say why there is none."""
        there = isinstance(found, Upstream)
        self.upstream.setEnabled(there)
        if isinstance(found, Upstream):
            self.upstream.setText(
                t("series.compare.upstream_name", station=found.station.name,
                  km=f"{found.distance_m / 1000:.1f}")
            )  # fmt: skip
        else:
            self.upstream.setText(t(f"series.upstream.{found.value}"))

    def _action(self, menu: QMenu, text: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(self._changed)
        return action

    def _changed(self) -> None:
        self._limit()
        self.chosen.emit()

    def _limit(self) -> None:
        full = len(self.others) >= _MOST_OTHERS
        for action in self._others.actions():
            action.setEnabled(action.isChecked() or not full)
        count = len(self.others) + self.last_year.isChecked()
        count += self.upstream.isChecked() and self.upstream.isEnabled()
        title = t("series.compare.title")
        self.setText(t("series.compare.counted", title=title, count=count) if count else title)


class SeriesHead(QWidget):
    """All controls in one row; it arranges, the dock binds.

    Signals:
        export_wanted(str): "data" or "picture".
    """

    export_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        # What has no room is hidden by `fit`; what then has none goes on in the next line.
        row = WrappingRow(4)
        self.setLayout(row)
        self._title = plain(t("app.series.title"), "panelTitle", wrap=False)
        row.addWidget(self._title)
        self.stations = StationBox()
        row.addWidget(self.stations, 200)
        self.items = ItemPicker(MOST_PANELS)
        row.addWidget(self.items)
        self.modes = self._mode_box()
        row.addWidget(self.modes)
        self.back, self.forward = tool("back", t("series.back")), tool("forward", t("series.on"))
        self.spans = SpanPicker()
        for part in (self.back, self.spans, self.forward):
            row.addWidget(part)
        self.compare = ComparePicker()
        row.addWidget(self.compare)
        row.addStretch(1)
        self.limits = tool("limits", t("series.limits_tip"), checkable=True)
        self.limits.setChecked(True)
        self.select = tool("range", t("series.select_tip"), checkable=True)
        self.trace = tool("trace", t("tracing.page.run_tip"))
        self._traceable, self._room = False, _TRACE_FROM
        self.views = ViewButton()
        self.export = self._export_button()
        self.hide_button = tool("close", t("series.hide_tip"))
        self.hide_button.setAccessibleName(t("app.series.hide"))
        for button in (
            self.limits, self.select, self.trace, self.views, self.export, self.hide_button,
        ):  # fmt: skip
            row.addWidget(button)

    @property
    def mode(self) -> Mode:
        """How series are shown."""
        return Mode(self.modes.currentData())

    def show_mode(self, mode: Mode) -> None:
        """Show in another way; nothing is told."""
        with QSignalBlocker(self.modes):
            self.modes.setCurrentIndex(self.modes.findData(mode.value))

    def fit(self, width: int) -> None:
        """What has room in so many pixels: the title, spans as buttons."""
        self._title.setVisible(width >= _TITLE_FROM)
        self.spans.show_buttons(shown=width >= _BUTTONS_FROM)
        for arrow in (self.back, self.forward):  # Page Up and Page Down do the same
            arrow.setVisible(width >= _ARROWS_FROM)
        self._room = width
        self.offer_trace(offered=self._traceable)

    def offer_trace(self, *, offered: bool) -> None:
        """Whether the station shown lies on water that can be traced."""
        self._traceable = offered
        self.trace.setVisible(offered and self._room >= _TRACE_FROM)

    def enable(self, *, enabled: bool) -> None:
        """The controls that need something to be shown."""
        parts: Sequence[QWidget] = (
            self.spans, self.back, self.forward, self.modes, self.limits, self.select, self.export,
        )  # fmt: skip
        for part in parts:
            part.setEnabled(enabled)

    def _mode_box(self) -> QComboBox:
        box = QComboBox()
        for mode in Mode:
            box.addItem(t(f"series.mode.{mode.value}"), mode.value)
            box.setItemData(
                box.count() - 1, t(f"series.mode_tip.{mode.value}"), Qt.ItemDataRole.ToolTipRole
            )
        box.ensurePolished()
        box.setMinimumWidth(box.sizeHint().width())
        box.setAccessibleName(t("series.mode_name"))
        box.setToolTip(t("series.mode_name"))
        return box

    def _export_button(self) -> QToolButton:
        button = tool("export", t("series.export_tip"))
        menu = QMenu(button)
        for what, title in (
            ("data", t("series.export.data")),
            ("picture", t("series.export.picture")),
        ):
            action = menu.addAction(title)
            action.triggered.connect(lambda _=False, one=what: self.export_wanted.emit(one))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button
