"""The page 溯源: what is traced, how far, what brackets it, how it is ranked, whom to tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.capabilities.tracing.page.data import Offer
from gridmap.capabilities.tracing.rules import PartKind
from gridmap.capabilities.tracing.work.events import Exceedance
from gridmap.report import wording
from gridmap.report.document import Line
from gridmap.shell.card_html import lines_html
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import heading, plain, quiet
from gridmap.shell.theme import tokens
from gridmap.texts import t

_FINE = 100
_LABEL = 66
_MOST_KM = 200.0


class FlowText(QTextBrowser):
    """Rich text that is as high as it needs to be."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        layout = self.document().documentLayout()
        layout.documentSizeChanged.connect(
            lambda size: self.setFixedHeight(round(size.height()) + 4)
        )

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show lines as in the card."""
        self.setHtml(lines_html(lines, _LABEL))


class WeightSliders(QWidget):
    """A slider for each part of the score.

    Signals:
        moved(): a weight changed.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        self.sliders: dict[PartKind, QSlider] = {}
        self._values: dict[PartKind, QLabel] = {}
        for row, kind in enumerate(PartKind):
            title = t(f"tracing.part.{kind.value}")
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0, _FINE)
            slider.setPageStep(10)
            slider.setAccessibleName(title)
            slider.setToolTip(t(f"tracing.tip.{kind.value}"))
            label, value = plain(title, "quiet", wrap=False), plain("", "quiet", wrap=False)
            label.setToolTip(slider.toolTip())
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("0.00"))
            slider.valueChanged.connect(lambda _, one=kind: self._on_moved(one))
            self.sliders[kind], self._values[kind] = slider, value
            grid.addWidget(label, row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(value, row, 2)

    @property
    def weights(self) -> dict[PartKind, float]:
        """The weights, 0–1."""
        return {kind: slider.value() / _FINE for kind, slider in self.sliders.items()}

    def show_weights(self, weights: Mapping[PartKind, float]) -> None:
        """Set them without telling anybody."""
        for kind, slider in self.sliders.items():
            with QSignalBlocker(slider):
                slider.setValue(round(weights[kind] * _FINE))
            self._values[kind].setText(f"{slider.value() / _FINE:.2f}")

    def _on_moved(self, kind: PartKind) -> None:
        self._values[kind].setText(f"{self.sliders[kind].value() / _FINE:.2f}")
        self.moved.emit()


class TracePage(QWidget):
    """The left column. Emits intent.

    Signals:
        station_chosen(str), item_chosen(str): another section or item.
        trace_wanted(): trace the event chosen within the range set.
        cancel_wanted(): nobody waits any more.
        weights_moved(): the list is to be ranked anew.
        weights_reset(): the weights of the project are wanted.
        print_wanted(), export_wanted(), warn_wanted(): the buttons below.
    """

    station_chosen = Signal(str)
    item_chosen = Signal(str)
    trace_wanted = Signal()
    cancel_wanted = Signal()
    weights_moved = Signal()
    weights_reset = Signal()
    print_wanted = Signal()
    export_wanted = Signal()
    warn_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.event_box = QLabel()
        self.event_box.setTextFormat(Qt.TextFormat.RichText)
        self.event_box.setWordWrap(True)
        self.event_box.setStyleSheet(
            f"background: {tokens()['warn_ground']}; border: 1px solid {tokens()['warn_line']};"
            "border-radius: 6px; padding: 10px;"
        )
        self.bracket, self.notice = FlowText(), FlowText()
        self.weights = WeightSliders()
        self.weights.moved.connect(self.weights_moved)
        self.message = quiet("")
        inner = QWidget()
        inner.setObjectName("panelInner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(7)
        column.addWidget(plain(t("tracing.page.title"), "panelTitle", wrap=False))
        column.addLayout(self._chooser())
        column.addLayout(self._progress_row())
        column.addWidget(self.message)
        column.addWidget(self.event_box)
        self._found = self._found_part()
        column.addWidget(self._found)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addLayout(self._foot())
        self.show_busy(busy=False)
        self.show_nothing(t("tracing.page.hint"))

    # --- what is chosen -------------------------------------------------------------------

    @property
    def station(self) -> str:
        """Code of the section chosen, "" for none."""
        return str(self.stations.currentData() or "")

    @property
    def exceedance(self) -> Exceedance | None:
        """The event chosen."""
        found = self.events.currentData()
        return found if isinstance(found, Exceedance) else None

    @property
    def km(self) -> float:
        """How far to walk."""
        return self.range.value()

    @property
    def faster(self) -> float:
        """How much faster the water runs than the data say."""
        return self.velocity.value()

    def set_faster(self, faster: float) -> None:
        """Set how much faster the water runs, without telling anybody."""
        with QSignalBlocker(self.velocity):
            self.velocity.setValue(faster)

    def offer_stations(self, stations: Sequence[StationFacts]) -> None:
        """Offer these sections; none is chosen."""
        with QSignalBlocker(self.stations):
            self.stations.clear()
            for one in stations:
                self.stations.addItem(one.name, one.code)
            self.stations.setCurrentIndex(-1)
        self.stations.setEnabled(bool(stations))
        for box in (self.items, self.events):
            with QSignalBlocker(box):
                box.clear()

    def show_offer(self, offer: Offer) -> None:
        """Offer items and events of a section, one of each chosen."""
        with QSignalBlocker(self.stations):
            self.stations.setCurrentIndex(self.stations.findData(offer.facts.code))
        with QSignalBlocker(self.items):
            self.items.clear()
            for item, title in offer.items:
                self.items.addItem(title, item)
            self.items.setCurrentIndex(self.items.findData(offer.item))
        with QSignalBlocker(self.events):
            self.events.clear()
            for one in offer.events:
                self.events.addItem(_event_words(one, offer.events[0].end.year), one)
            self.events.setCurrentIndex(offer.chosen)
        self.items.setEnabled(bool(offer.items))
        self.events.setEnabled(bool(offer.events))
        self.run.setEnabled(bool(offer.events))

    def set_range(self, km: float) -> None:
        """Set the range without telling anybody."""
        with QSignalBlocker(self.range):
            self.range.setValue(km)

    # --- what is found --------------------------------------------------------------------

    def show_nothing(self, message: str) -> None:
        """No trace, and why."""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self.event_box.hide()
        self._found.hide()
        for button in (self.print_button, self.export_button):
            button.setEnabled(False)

    def show_event(self, title: str, lines: Sequence[str]) -> None:
        """The event in its box."""
        text = "<br>".join(escape(line) for line in lines)
        self.event_box.setText(f"<b>{escape(title)}</b><br>{text}")
        self.event_box.show()
        self.message.hide()
        self._found.show()
        for button in (self.print_button, self.export_button):
            button.setEnabled(True)

    def show_busy(self, *, busy: bool) -> None:
        """Whether a trace is under way."""
        self._progress.setVisible(busy)
        self._cancel.setVisible(busy)

    def allow_warning(self, *, allowed: bool) -> None:
        """Whether there is a page of warnings to go on to."""
        self.warn_button.setEnabled(allowed)
        self.warn_button.setToolTip("" if allowed else t("tracing.page.warn_tip"))

    # --- building -------------------------------------------------------------------------

    def _chooser(self) -> QGridLayout:
        self.stations, self.items, self.events = QComboBox(), QComboBox(), QComboBox()
        self.run = QPushButton(t("tracing.page.run"))
        self.run.setObjectName("primary")
        self.run.setEnabled(False)
        self.run.clicked.connect(self.trace_wanted)
        self.stations.currentIndexChanged.connect(lambda _: self._tell(self.stations))
        self.items.currentIndexChanged.connect(lambda _: self._tell(self.items))
        self.events.activated.connect(lambda _: self.trace_wanted.emit())
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, (text, box) in enumerate((
            (t("tracing.page.station"), self.stations),
            (t("tracing.page.item"), self.items),
            (t("tracing.page.event"), self.events),
        )):  # fmt: skip
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
            box.setAccessibleName(text)
            box.setEnabled(False)
            label = plain(text, "quiet", wrap=False)
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1, 1, 2)
        grid.addWidget(self.run, 3, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _tell(self, box: QComboBox) -> None:
        code = box.currentData()
        if code is not None:
            told = self.station_chosen if box is self.stations else self.item_chosen
            told.emit(str(code))

    def _progress_row(self) -> QHBoxLayout:
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._cancel = QPushButton(t("tracing.page.cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        return row

    def _found_part(self) -> QWidget:
        self.range = _spin(1.0, _MOST_KM, 1.0, 0, " km")
        self.velocity = _spin(0.2, 5.0, 0.1, 1, " ×")
        for spin in (self.range, self.velocity):
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(lambda _: self.trace_wanted.emit())
        self.velocity.setValue(1.0)
        self.velocity.setToolTip(t("tracing.page.velocity_tip"))
        reset = QPushButton(t("tracing.page.reset"))
        reset.clicked.connect(self.weights_reset)
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(t("tracing.section.range")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, (text, spin) in enumerate((
            (t("tracing.range.upstream"), self.range),
            (t("tracing.range.velocity"), self.velocity),
        )):  # fmt: skip
            label = plain(text, "quiet", wrap=False)
            label.setBuddy(spin)
            spin.setAccessibleName(text)
            grid.addWidget(label, row, 0)
            grid.addWidget(spin, row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self.bracket)
        titled = QHBoxLayout()
        titled.addWidget(heading(t("tracing.page.weights")))
        titled.addStretch(1)
        titled.addWidget(reset)
        column.addLayout(titled)
        column.addWidget(self.weights)
        column.addWidget(heading(t("tracing.section.notice")))
        column.addWidget(self.notice)
        return part

    def _foot(self) -> WrappingRow:
        self.print_button = QPushButton(t("tracing.page.print"))
        self.print_button.setObjectName("primary")
        self.print_button.clicked.connect(self.print_wanted)
        self.export_button = QPushButton(t("tracing.page.export"))
        self.export_button.clicked.connect(self.export_wanted)
        self.warn_button = QPushButton(t("tracing.page.warn"))
        self.warn_button.clicked.connect(self.warn_wanted)
        self.allow_warning(allowed=False)
        row = WrappingRow()
        row.setContentsMargins(16, 8, 16, 10)
        row.setSpacing(6)
        for button in (self.print_button, self.export_button, self.warn_button):
            row.addWidget(button)
        row.addStretch(1)
        return row


def _spin(low: float, high: float, step: float, decimals: int, suffix: str) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setDecimals(decimals)
    spin.setSuffix(suffix)
    return spin


def _event_words(one: Exceedance, usual_year: int) -> str:
    """Begin, end and worst value; the year where it is not the usual one."""

    def told(moment: datetime) -> str:
        year = "" if moment.year == usual_year else f"{moment.year}-"
        return f"{year}{wording.moment(moment)}"

    return t(
        "tracing.page.event_words", start=told(one.start), end=told(one.end), peak=f"{one.peak:g}"
    )
