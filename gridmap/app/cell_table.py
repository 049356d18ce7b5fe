"""A table of prepared cells: text, a value to sort by, a ground colour."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gridmap.map.standing import ink_on
from gridmap.output.attainment_tables import Cell, SheetTable

_Index = QModelIndex | QPersistentModelIndex
SORT_ROLE: Final = int(Qt.ItemDataRole.UserRole)


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
