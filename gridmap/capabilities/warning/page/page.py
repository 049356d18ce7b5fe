"""The page of warnings downstream: where, when, how quick; arrivals, windows, calls in order."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QDateTime, QModelIndex, QSignalBlocker, Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSlider,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.warning.page.list import Row, RowView
from gridmap.core.moments import ZONE
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import t

_SLIDER: Final = 100  # steps of the velocity per power of ten
_LOW, _HIGH = -50, 50  # from about 0.3 to about 3 times the mean velocity
_FRONT: Final = 400


class WarningPage(QWidget):
    """Shows a warning. Emits intent.

    Signals:
        pick_toggled(bool): whether the next click on the map is the place of the spill.
        here_wanted(): take the place that was asked about.
        start_chosen(datetime): when it entered the water.
        factor_moved(float): velocities times this.
        km_chosen(float): how far to follow the water.
        front_moved(float or None): share of the whole time that is shown on the map.
        target_chosen(kind, code): a row of the arrivals was chosen.
        cancel_wanted(), print_wanted(), export_wanted(): the buttons.
    """

    pick_toggled = Signal(bool)
    here_wanted = Signal()
    start_chosen = Signal(object)
    factor_moved = Signal(float)
    km_chosen = Signal(float)
    front_moved = Signal(object)
    target_chosen = Signal(str, str)
    cancel_wanted = Signal()
    print_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.arrivals = RowView(t("warning.section.arrivals"))
        self.calls = RowView(t("warning.section.calls"))
        self.reaches = RowView(t("warning.section.reaches"))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for view in (self.calls, self.arrivals, self.reaches):
            self.tabs.addTab(view, "")
        self._headline = plain("", "panelTitle")
        self._sentence = quiet("")
        self._advice = plain("", "bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.setSpacing(8)
        column.addWidget(plain(t("warning.title"), "panelTitle", wrap=False))
        column.addLayout(self._where())
        column.addLayout(self._settings())
        column.addLayout(self._progress_row())
        for label in (self._headline, self._advice, self._sentence):
            column.addWidget(label)
        column.addWidget(self.tabs, 1)
        column.addStretch(0)
        column.addLayout(self._foot())
        for view in (self.arrivals, self.reaches):
            view.selectionModel().currentChanged.connect(self._on_current)
        self.show_nothing(t("warning.page.hint"))
        self.show_busy(busy=False)
        self.show_factor(1.0)

    # --- what is chosen -------------------------------------------------------------------

    @property
    def start(self) -> datetime:
        """When it entered the water, aware."""
        seconds = self.start_edit.dateTime().toSecsSinceEpoch()
        return datetime.fromtimestamp(seconds, ZONE)

    @property
    def factor(self) -> float:
        """Velocities times this."""
        return float(round(10.0 ** (self.velocity.value() / _SLIDER), 3))

    def set_start(self, moment: datetime) -> None:
        """Show a start without telling."""
        with QSignalBlocker(self.start_edit):
            self.start_edit.setDateTime(
                QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), QTimeZone(b"Asia/Shanghai"))
            )

    def set_factor(self, factor: float) -> None:
        """Show how much faster the water runs, without telling."""
        with QSignalBlocker(self.velocity):
            self.velocity.setValue(round(math.log10(factor) * _SLIDER))
        self.show_factor(self.factor)

    def set_km(self, km: float) -> None:
        """Show how far the water is followed, without telling."""
        with QSignalBlocker(self.km):
            self.km.setValue(km)

    def set_picking(self, *, on: bool) -> None:
        """Whether the next click on the map is the place, without telling."""
        with QSignalBlocker(self.pick):
            self.pick.setChecked(on)

    def set_front(self, share: float | None) -> None:
        """Move the slider of the front without telling; None is the whole way."""
        with QSignalBlocker(self.front):
            self.front.setValue(_FRONT if share is None else round(share * _FRONT))

    # --- what is shown --------------------------------------------------------------------

    def show_factor(self, factor: float) -> None:
        """Say the velocity factor."""
        self._factor_text.setText(t("warning.page.times", factor=f"{factor:.2f}"))

    def show_front(self, text: str) -> None:
        """Say up to when the map shows the water."""
        self._front_text.setText(text)

    def show_busy(self, *, busy: bool, share: float = 0.0) -> None:
        """How far the work is."""
        self._progress.setVisible(busy)
        self.cancel.setVisible(busy)
        self._progress.setValue(round(share * 100))

    def show_nothing(self, message: str) -> None:
        """No warning, and why."""
        self._headline.hide()
        self._advice.hide()
        self._sentence.setText(message)
        self.tabs.hide()
        for view in (self.arrivals, self.calls, self.reaches):
            view.rows.show([])
        for widget in (self.print_button, self.export_button, self.front):
            widget.setEnabled(False)
        self.show_front("")

    def show_warning(
        self, words: tuple[str, str, str], calls: Sequence[Row], arrivals: Sequence[Row],
        reaches: Sequence[Row],
    ) -> None:  # fmt: skip
        """Show a warning: headline, sentence, advice; the rows of the three lists."""
        headline, sentence, advice = words
        self._headline.setText(headline)
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._headline.show()
        self._advice.setVisible(bool(advice))
        lists = (
            (self.calls, calls, t("warning.page.calls", count=len(calls))),
            (self.arrivals, arrivals, t("warning.page.arrivals", count=len(arrivals))),
            (self.reaches, reaches, t("warning.page.reaches", count=len(reaches))),
        )
        for place, (view, rows, title) in enumerate(lists):
            view.rows.show(rows)
            self.tabs.setTabText(place, title)
        self.tabs.show()
        for widget in (self.print_button, self.export_button, self.front):
            widget.setEnabled(True)

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        view = self.tabs.currentWidget()
        if index.isValid() and isinstance(view, RowView) and index.row() < len(view.rows.rows):
            kind, code = view.rows.rows[index.row()].key
            if kind:
                self.target_chosen.emit(kind, code)

    # --- building -------------------------------------------------------------------------

    def _where(self) -> WrappingRow:
        self.pick = QPushButton(t("warning.page.pick"))
        self.pick.setObjectName("primary")
        self.pick.setCheckable(True)
        self.pick.setToolTip(t("warning.page.pick_tip"))
        self.pick.toggled.connect(self.pick_toggled)
        self.here = QPushButton(t("warning.page.here"))
        self.here.setToolTip(t("warning.page.here_tip"))
        self.here.clicked.connect(self.here_wanted)
        row = WrappingRow()
        row.addWidget(self.pick)
        row.addWidget(self.here)
        row.addStretch(1)
        return row

    def _settings(self) -> QGridLayout:
        self.start_edit = QDateTimeEdit()
        self.start_edit.setTimeZone(QTimeZone(b"Asia/Shanghai"))
        self.start_edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.start_edit.setCalendarPopup(True)
        self.start_edit.setKeyboardTracking(False)
        self.start_edit.dateTimeChanged.connect(lambda _: self.start_chosen.emit(self.start))
        self.km = QDoubleSpinBox()
        self.km.setRange(1.0, 500.0)
        self.km.setDecimals(0)
        self.km.setSingleStep(5.0)
        self.km.setSuffix(" km")
        self.km.setKeyboardTracking(False)
        self.km.valueChanged.connect(self.km_chosen)
        self.velocity = QSlider(Qt.Orientation.Horizontal)
        self.velocity.setRange(_LOW, _HIGH)
        self.velocity.setPageStep(10)
        self.velocity.valueChanged.connect(lambda _: self.factor_moved.emit(self.factor))
        self.front = QSlider(Qt.Orientation.Horizontal)
        self.front.setRange(0, _FRONT)
        self.front.setValue(_FRONT)
        self.front.setPageStep(20)
        self.front.valueChanged.connect(self._on_front)
        self._factor_text, self._front_text = quiet(""), quiet("")
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        sides = (
            (t("warning.page.start"), self.start_edit, None),
            (t("warning.page.km"), self.km, None),
            (t("warning.page.velocity"), self.velocity, self._factor_text),
            (t("warning.page.front"), self.front, self._front_text),
        )
        for place, (text, widget, aside) in enumerate(sides):
            label = quiet(text)
            label.setWordWrap(False)
            label.setBuddy(widget)
            widget.setAccessibleName(text)
            grid.addWidget(label, place, 0)
            grid.addWidget(widget, place, 1)
            if aside is not None:
                aside.setWordWrap(False)
                aside.setMinimumWidth(96)
                grid.addWidget(aside, place, 2)
        return grid

    def _on_front(self, value: int) -> None:
        self.front_moved.emit(None if value >= _FRONT else value / _FRONT)

    def _progress_row(self) -> QHBoxLayout:
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 100)
        self.cancel = QPushButton(t("warning.page.cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        row.addWidget(self._progress, 1)
        row.addWidget(self.cancel)
        return row

    def _foot(self) -> WrappingRow:
        self.print_button = QPushButton(t("warning.page.print"))
        self.print_button.setObjectName("primary")
        self.print_button.clicked.connect(self.print_wanted)
        self.export_button = QPushButton(t("warning.page.export"))
        self.export_button.clicked.connect(self.export_wanted)
        row = WrappingRow()
        row.addWidget(self.print_button)
        row.addWidget(self.export_button)
        row.addStretch(1)
        return row
