"""Which stretch of time is in sight: the last week, month, …, or from one day to another."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from PySide6.QtCore import QDate, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.readings.page.ink import flat_style
from gridmap.core.moments import ZONE
from gridmap.shell.pieces import plain
from gridmap.texts import t

SPANS: Final[tuple[tuple[str, float | None], ...]] = (
    ("week", 7.0), ("month", 30.0), ("quarter", 90.0), ("year", 365.0), ("all", None),
)  # fmt: skip
FIRST_SPAN: Final = 1

Span = tuple[float, float]
"""Seconds since 1970 (UTC)."""

Then = Callable[[datetime, datetime], None]
"""Told the begin of the first day and the end of the last, aware."""


def days_of_span(span: Span) -> tuple[date, date]:
    """The first and the last day of a span, in Shanghai; its end belongs to the day before."""
    first = datetime.fromtimestamp(span[0], ZONE)
    last = datetime.fromtimestamp(span[1], ZONE) - timedelta(microseconds=1)
    return first.date(), max(last.date(), first.date())


class SpanPicker(QWidget):
    """How long a stretch is in sight: buttons, or a list where there is no room for them.

    The last button, and the last row of the list, asks for two days; while such a stretch, or that
    of an alert, is in sight it says in words which one.

    Signals:
        chosen(): another length.
        asked(): two days are wanted.
    """

    chosen = Signal()
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.group = QButtonGroup(self)
        self._list = QComboBox()
        self._list.setAccessibleName(t("series.span"))
        for number, (name, _) in enumerate(SPANS):
            text = t(f"app.series.{name}")
            button = self._button(text, t("series.range_tip", range=text))
            button.setChecked(number == FIRST_SPAN)
            self.group.addButton(button, number)
            self._list.addItem(text)
            row.addWidget(button)
        self.own = self._button(t("series.range.own"), t("series.range.tip"))
        self._list.addItem(t("series.range.own"))
        self._list.setCurrentIndex(FIRST_SPAN)
        self._span: Span | None = None
        row.addWidget(self.own)
        row.addWidget(self._list)
        self.group.idClicked.connect(self._clicked)
        self.own.clicked.connect(self._ask)
        self._list.activated.connect(self._clicked)
        self._room = True
        self.show_buttons(shown=True)

    @property
    def days(self) -> float | None:
        """The length in days, None for everything."""
        number = self.group.checkedId()
        return SPANS[number][1] if number >= 0 else None

    @property
    def text(self) -> str:
        """What is said of the stretch in sight."""
        checked = self.group.checkedButton()
        return self.own.text() if checked is None else checked.text()

    def choose(self, name: str) -> None:
        """Choose a length by its name, as if it had been clicked."""
        self._clicked([one for one, _ in SPANS].index(name))

    @property
    def name(self) -> str:
        """The name of the length, "" where a stretch of one's own is in sight."""
        number = self.group.checkedId()
        return SPANS[number][0] if number >= 0 else ""

    def show_own(self, span: Span) -> None:
        """Say that this stretch is in sight, not one of the lengths."""
        self._span = span
        self.group.setExclusive(False)
        for button in self.group.buttons():
            button.setChecked(False)
        self.group.setExclusive(True)
        self._say_own()

    def show_buttons(self, *, shown: bool) -> None:
        """Buttons where there is room, else the list."""
        for button in (*self.group.buttons(), self.own):
            button.setVisible(shown)
        self._list.setVisible(not shown)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """That of the list, which takes the place of the buttons in a window made narrower."""
        return QSize(self._list.minimumSizeHint().width(), super().minimumSizeHint().height())

    def _say_own(self) -> None:
        """The words and the tick of a stretch of one's own, or that one can be asked for."""
        text = t("series.range.own")
        if self._span is not None:
            first, last = days_of_span(self._span)
            text = t("series.from_to", first=first.isoformat(), last=last.isoformat())
        self.own.setText(text)
        self.own.setChecked(self._span is not None)
        with QSignalBlocker(self._list):
            self._list.setItemText(len(SPANS), text)
            number = self.group.checkedId() if self._span is None else len(SPANS)
            self._list.setCurrentIndex(number)

    def _ask(self) -> None:
        self._say_own()  # a click ticks; whether it holds is decided in the dialog
        self.asked.emit()

    def _clicked(self, number: int) -> None:
        if number == len(SPANS):
            self._ask()
            return
        self._span = None
        self.group.button(number).setChecked(True)
        self._say_own()
        self.chosen.emit()

    @staticmethod
    def _button(text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setStyleSheet(flat_style())
        return button


class RangeDialog(QDialog):
    """Asks for two days; `then(start, end)` runs with both days included. It blocks nothing."""

    def __init__(self, parent: QWidget, shown: Span, known: Span, then: Then) -> None:
        """Begin with the days in sight; `known` is what there are readings of."""
        super().__init__(parent)
        self._then = then
        self.setObjectName("rangeDialog")
        self.setWindowTitle(t("series.range.title"))
        first, last = days_of_span(known)
        self.first, self.last = (self._day(day) for day in days_of_span(shown))
        self.first.setObjectName("first")
        self.last.setObjectName("last")
        self._wrong = plain(t("series.range.wrong"), "bad")
        self.ok = QPushButton(t("series.range.show"))
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        span = t("series.from_to", first=first.isoformat(), last=last.isoformat())
        column.addWidget(plain(t("series.range.known", span=span)))
        grid = QGridLayout()
        for row, (name, field) in enumerate((("first", self.first), ("last", self.last))):
            text = t(f"series.range.{name}")
            field.setAccessibleName(text)
            grid.addWidget(plain(text, wrap=False), row, 0)
            grid.addWidget(field, row, 1)
            field.dateChanged.connect(self._check)
        column.addLayout(grid)
        column.addWidget(self._wrong)
        column.addLayout(self._buttons())
        self._check()

    def _buttons(self) -> QHBoxLayout:
        back = QPushButton(t("series.range.back"))
        back.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(back)
        row.addWidget(self.ok)
        return row

    def _check(self) -> None:
        right = self.first.date() <= self.last.date()
        self.ok.setEnabled(right)
        self._wrong.setVisible(not right)

    def _take(self) -> None:
        start, after = self.first.date(), self.last.date().addDays(1)
        self._then(*(datetime(d.year(), d.month(), d.day(), tzinfo=ZONE) for d in (start, after)))
        self.accept()

    @staticmethod
    def _day(day: date) -> QDateEdit:
        field = QDateEdit(QDate(day.year, day.month, day.day))
        field.setDisplayFormat("yyyy-MM-dd")
        field.setCalendarPopup(True)
        return field


def ask_range(parent: QWidget, shown: Span, known: Span, then: Then) -> None:
    """Ask for two days in a dialog that goes when it is closed."""
    dialog = RangeDialog(parent, shown, known, then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
