"""The page 一河一档: a river chosen, its head, and a table for each thing that belongs to it."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.rivers.page.view import RiverView
from gridmap.capabilities.rivers.report.tables import BAD
from gridmap.map.theme import ink_on
from gridmap.report.document import SheetTable
from gridmap.shell.cell_table import CellTable, cell_view
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, plain, quiet
from gridmap.shell.theme import tokens
from gridmap.texts import t

_MONTH_WIDTH: Final = 46
_Index = QModelIndex | QPersistentModelIndex


class RiverTable(CellTable):
    """A table in which what somebody has to act on is said in red."""

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, colours, alignment or value."""
        cell = self.table.rows[index.row()][index.column()]
        if cell.colour == BAD and role == Qt.ItemDataRole.ForegroundRole:
            return QColor(tokens()["bad"])
        if cell.colour and role == Qt.ItemDataRole.TextAlignmentRole and len(cell.text) == 1:
            return Qt.AlignmentFlag.AlignCenter
        return super().data(index, role)


class RiverPage(QWidget):
    """Shows the file of one river. Emits intent.

    Signals:
        river_chosen(str): the code of a river.
        row_chosen(str): the key of a row, as `key_of` of `report.tables` makes it.
        print_wanted(), export_wanted(): write the sheet, the tables.
        copy_wanted(str): the signboard text of the reach that the key of a row stands for.
    """

    river_chosen = Signal(str)
    row_chosen = Signal(str)
    print_wanted = Signal()
    export_wanted = Signal()
    copy_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._key = ""
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.message = quiet(t("river.hint"))
        self._sentence = plain("", "cardSentence")
        self._facts = quiet("")
        self._chips = WrappingRow()
        self._chips.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self._sentence)
        column.addWidget(self._facts)
        column.addLayout(self._chips)
        column.addWidget(self.message)
        column.addWidget(self.tabs, 1)
        self._show_body(shown=False)

    @property
    def code(self) -> str:
        """The code of the river that is chosen, "" for none."""
        return str(self._rivers.currentData() or "")

    def show_rivers(self, rivers: Sequence[tuple[str, str]]) -> None:
        """Offer these rivers as (code, name); the one chosen before stays if it is among them."""
        before = self.code
        with QSignalBlocker(self._rivers):
            self._rivers.clear()
            for code, name in rivers:
                self._rivers.addItem(f"{name}  {code}" if name != code else name, code)
            self._rivers.setCurrentIndex(max(self._rivers.findData(before), 0))
        self._rivers.setEnabled(bool(rivers))

    def choose(self, code: str) -> None:
        """Show another river as chosen, without telling anybody."""
        with QSignalBlocker(self._rivers):
            self._rivers.setCurrentIndex(self._rivers.findData(code))

    def show_message(self, text: str) -> None:
        """Say why there is nothing, or what is under way."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def show_file(self, view: RiverView | None) -> None:
        """Show the file of a river; None empties the page."""
        current = self.tabs.currentIndex()
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if old is not None:
                old.deleteLater()
        self._key = ""
        clear(self._chips)
        self._show_body(shown=view is not None)
        if view is None:
            return
        self._sentence.setText(view.sentence)
        self._facts.setText(view.facts)
        chip = plain(view.quality, "chip", wrap=False)
        if view.colour:
            chip.setStyleSheet(f"background: {view.colour}; color: {ink_on(view.colour)};")
        self._chips.addWidget(chip)
        for text, tone in view.chips:
            self._chips.addWidget(Elided(text, f"{tone}Chip"))
        self._chips.addStretch(1)
        for table in view.tables:
            self.tabs.addTab(self._view(table), f"{table.title} {len(table.rows)}")
        self.tabs.setCurrentIndex(max(current, 0))

    def _show_body(self, *, shown: bool) -> None:
        for widget in (self._sentence, self._facts, self.tabs):
            widget.setVisible(shown)
        for button in self._buttons:
            button.setEnabled(shown)

    def _view(self, table: SheetTable) -> QWidget:
        if not table.rows:
            label = quiet(t("river.empty", table=table.title))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            return label
        view = cell_view(RiverTable(table), self._on_row)
        header = view.horizontalHeader()
        for place, title in enumerate(table.columns):
            if title[:2].isdigit():  # a month: one numeral
                header.setMinimumSectionSize(20)
                view.setColumnWidth(place, _MONTH_WIDTH)
        return view

    def _on_row(self, key: str) -> None:
        self._key = key
        self.row_chosen.emit(key)

    def _head(self) -> WrappingRow:
        row = WrappingRow()
        row.setSpacing(8)
        self.title: QLabel = plain(t("river.title"), "panelTitle", wrap=False)
        row.addWidget(self.title)
        self._rivers = QComboBox()
        self._rivers.setAccessibleName(t("river.choose"))
        self._rivers.setToolTip(t("river.choose"))
        self._rivers.setMinimumWidth(150)
        self._rivers.setEnabled(False)
        self._rivers.currentIndexChanged.connect(lambda _: self.river_chosen.emit(self.code))
        row.addWidget(self._rivers)
        row.addStretch(1)
        copy = QPushButton(t("river.copy_board"))
        copy.clicked.connect(lambda: self.copy_wanted.emit(self._key))
        write = QPushButton(t("river.print"))
        write.clicked.connect(self.print_wanted)
        export = QPushButton(t("river.export"))
        export.clicked.connect(self.export_wanted)
        self._buttons = (copy, write, export)
        for button in self._buttons:
            row.addWidget(button)
        return row
