"""How the sheet is read, as controls: its datum, its columns, the day of rows without one."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QVBoxLayout, QWidget

from gridmap.capabilities.batch.report.document import datum_line, doubt_line
from gridmap.capabilities.batch.work.assigning import AssignOptions
from gridmap.core.datum import Datum
from gridmap.intake.looks.sheet_datum import DatumDoubt
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.shell.theme import tokens
from gridmap.texts import t

_MEANINGS: Final = ("datum", "lon", "lat", "coordinates", "place", "date", "problem")
_COLUMN_WIDTH: Final = 108


class ReadingControls(QWidget):
    """Shows a reading and emits what is to be changed in it.

    Signals:
        datum_chosen(Datum): of rows that state none.
        column_chosen(meaning, heading or None): what a column holds.
        day_chosen(date): of rows that name none.
    """

    datum_chosen = Signal(object)
    column_chosen = Signal(str, object)
    day_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._columns: dict[str, QComboBox] = {}
        self._datum = self._combo(t("assign.meaning.datum"))
        for datum in Datum:
            self._datum.addItem(datum.value, datum)
        self._datum.activated.connect(
            lambda _: self.datum_chosen.emit(Datum(self._datum.currentData()))
        )
        self._day = QDateEdit()
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setAccessibleName(t("batch.about.on"))
        self._day.dateChanged.connect(self._on_day)
        self._said = quiet("")
        self._warning = plain("")
        self._warning.setStyleSheet(f"color: {tokens()['warn']};")
        row = WrappingRow()
        row.addLayout(self._labelled(t("app.batch.read_in"), self._datum))
        for meaning in _MEANINGS:
            row.addLayout(self._labelled(t(f"app.batch.meaning.{meaning}"), self._column(meaning)))
        row.addLayout(self._labelled(t("app.batch.without_date"), self._day))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._said)
        column.addWidget(self._warning)
        self.hide()

    def show_reading(
        self, headings: Sequence[str], options: AssignOptions, doubt: DatumDoubt | None
    ) -> None:
        """Show how a sheet with these headings is read, and what speaks against it."""
        self._filling = True
        self._datum.setCurrentIndex(self._datum.findData(options.datum))
        held = options.columns.named()
        for meaning, combo in self._columns.items():
            combo.clear()
            combo.addItem("—", None)
            for heading in headings:
                combo.addItem(heading, heading)
            combo.setCurrentIndex(max(combo.findData(held.get(meaning)), 0))
            combo.setToolTip(held.get(meaning, ""))
        self._day.setDate(QDate(options.on.year, options.on.month, options.on.day))
        self._said.setText(t("app.batch.datum", datum=datum_line(options)))
        self._warning.setText("" if doubt is None else doubt_line(doubt))
        self._warning.setVisible(doubt is not None)
        self._filling = False
        self.show()

    def _column(self, meaning: str) -> QComboBox:
        combo = self._combo(t(f"assign.help_column.{meaning}"))
        combo.activated.connect(lambda _: self.column_chosen.emit(meaning, combo.currentData()))
        self._columns[meaning] = combo
        return combo

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(6)
        combo.setMaximumWidth(_COLUMN_WIDTH)
        return combo

    def _labelled(self, text: str, widget: QWidget) -> QVBoxLayout:
        label = plain(text, "quiet", wrap=False)
        label.setBuddy(widget)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(label)
        column.addWidget(widget)
        return column

    def _on_day(self, day: QDate) -> None:
        if not self._filling:
            self.day_chosen.emit(day.toPython())
