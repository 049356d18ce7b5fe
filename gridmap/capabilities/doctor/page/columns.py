"""The table of the file's columns: in the cell of each, a combo says what it is read as."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView, QWidget

from gridmap.shell.data_page import PlainTable
from gridmap.texts import t

Options = Sequence[tuple[str, str]]
FIXED: Final = "fixed:"
UNIT: Final = "unit:"
COLUMN: Final = "column:"
_FIELD, _UNIT = 1, 2
_HEADS: Final = ("file", "field", "unit", "reason", "sample")
_WIDTHS: Final = (116, 156, 86, 92)
_ROW_HEIGHT: Final = 30
_FEW: Final = 100


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file, or what has none: a field that gets one value in every row.

    `name` is what an answer is given to: `COLUMN` and the heading, or `FIXED` and the field.
    `options` are (value, title) of what the column can be read as, `chosen` the value in force;
    `units` those of the values, where they can be read in several.
    """

    name: str
    title: str
    options: Options
    chosen: str
    reason: str
    sample: str
    units: Options = ()
    unit: str = ""
    free: bool = False


class _Combo(QComboBox):
    """A combo in a table: the wheel scrolls the table, not the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        """Leave the wheel to the table."""
        event.ignore()


class ColumnTable(QTableView):
    """Shows what each column is read as.

    Signals:
        chosen(name, value): another meaning, unit or fixed value.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setAccessibleName(t("app.doctor.columns"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setStretchLastSection(True)
        self._rows: tuple[ColumnRow, ...] = ()
        self.verticalScrollBar().valueChanged.connect(lambda _: self._put_seen())

    def show_rows(self, rows: Sequence[ColumnRow]) -> None:
        """Show these columns; where nothing changed, the combos stay as they are."""
        if tuple(rows) == self._rows:
            return
        self._rows = ()  # while the model changes, nothing is put into its cells
        texts = [(row.title, "", "", row.reason, row.sample) for row in rows]
        model = PlainTable([t(f"app.doctor.column.{name}") for name in _HEADS], texts)
        model.setParent(self)
        at, former = self.verticalScrollBar().value(), self.model()
        self.setModel(model)
        if former is not None:
            former.deleteLater()
        for section, width in enumerate(_WIDTHS):
            self.setColumnWidth(section, width)
        self._rows = tuple(rows)
        self.setColumnHidden(_UNIT, not any(row.units for row in rows))
        self.verticalScrollBar().setValue(at)
        self._put_seen()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """More rows may have come into view."""
        super().resizeEvent(event)
        self._put_seen()

    def _put_seen(self) -> None:
        """Give the rows in view their combos; a sheet may have 16,384 columns."""
        if len(self._rows) <= _FEW:
            first, last = 0, len(self._rows) - 1
        else:
            first = max(self.rowAt(0), 0)
            last = self.rowAt(self.viewport().height() - 1)
            last = len(self._rows) - 1 if last < 0 else last
            last = min(last, first + _FEW)
        model = self.model()
        for position in range(first, last + 1):
            row = self._rows[position]
            place = model.index(position, _FIELD)
            if self.indexWidget(place) is not None:
                continue
            if row.options or row.free:
                self._put(place, row.name, row.options, row.chosen, row.free)
            if row.units:
                heading = row.name.removeprefix(COLUMN)
                self._put(model.index(position, _UNIT), UNIT + heading, row.units, row.unit)

    def _put(
        self, index: QModelIndex, name: str, options: Options, value: str, free: bool = False
    ) -> None:
        combo = _Combo()
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setAccessibleName(str(index.siblingAtColumn(0).data()))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(4)
        for key, title in options:
            combo.addItem(title, key)
        if free:
            field = QLineEdit()
            combo.setLineEdit(field)
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            combo.setEditText(value)
            field.setPlaceholderText(t("app.doctor.fixed_hint"))
            field.editingFinished.connect(lambda: self._typed(name, combo, value))
            combo.activated.connect(lambda _: self._picked(name, combo, value))
        else:
            combo.setCurrentIndex(max(combo.findData(value), 0))
            combo.setToolTip(combo.currentText())
            combo.activated.connect(lambda _: self._picked(name, combo, value))
        combo.view().setMinimumWidth(combo.view().sizeHintForColumn(0) + 24)
        self.setIndexWidget(index, combo)

    def _picked(self, name: str, combo: QComboBox, before: str) -> None:
        if str(combo.currentData()) != before:
            self._rows = ()  # what comes next is shown, also where it was refused
            self.chosen.emit(name, str(combo.currentData()))

    def _typed(self, name: str, combo: QComboBox, before: str) -> None:
        text = combo.currentText().strip()
        place = combo.findText(text)
        text = text if place < 0 else str(combo.itemData(place))
        if text != before:
            self._rows = ()
            self.chosen.emit(name, text)
