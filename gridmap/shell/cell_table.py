"""A table of prepared cells: text, a value to sort by, a ground colour."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gridmap.map.theme import ink_on
from gridmap.report.document import Cell, SheetTable

_Index = QModelIndex | QPersistentModelIndex
SORT_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_WIDEST: Final = 280
_ROW_HEIGHT: Final = 30


class CellTable(QAbstractTableModel):
    """Shows one `SheetTable`; `SORT_ROLE` gives what a row is sorted by."""

    def __init__(self, table: SheetTable) -> None:
        super().__init__()
        self.table = table

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many rows."""
        return len(self.table.rows)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(self.table.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, colours, alignment or value."""
        cell = self.table.rows[index.row()][index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return cell.text
        if role == Qt.ItemDataRole.BackgroundRole and cell.colour:
            return QColor(cell.colour)
        if role == Qt.ItemDataRole.ForegroundRole and cell.colour:
            return QColor(ink_on(cell.colour))
        if role == SORT_ROLE:
            return _sorted_by(cell)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.table.columns[section]
        return None


def _sorted_by(cell: Cell) -> Any:
    """Numbers by size, texts by letters; nothing comes last."""
    if cell.value is None:
        return float("inf")
    return cell.value


def cell_view(model: CellTable, chosen: Callable[[str], None]) -> QTableView:
    """A view of prepared cells that sorts by a heading.

    Args:
        model: the cells.
        chosen: gets the key of a row that the user chose, where the row has one.
    """
    table = model.table
    view = QTableView()
    proxy = QSortFilterProxyModel(view)
    model.setParent(proxy)
    proxy.setSourceModel(model)
    proxy.setSortRole(SORT_ROLE)
    view.setModel(proxy)
    view.setSortingEnabled(True)
    proxy.sort(-1)  # as it comes, until a heading is clicked
    view.setAccessibleName(table.title)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    header = view.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    header.setMaximumSectionSize(_WIDEST)
    view.resizeColumnsToContents()
    header.setMaximumSectionSize(-1)

    def on_row(index: QModelIndex, _before: QModelIndex) -> None:
        row = proxy.mapToSource(index).row()
        if 0 <= row < len(table.keys) and table.keys[row]:
            chosen(table.keys[row])

    view.selectionModel().currentRowChanged.connect(on_row)
    return view
