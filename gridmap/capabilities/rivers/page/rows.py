"""A list of texts whose first column is a chip; used for findings and for posts."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gridmap.shell.chips import StatusChip

_Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractTableModel):
    """Rows of texts; the first column is a chip of the row's tone."""

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self._rows: list[tuple[str, ...]] = []
        self._tones: list[str] = []

    def show_rows(self, rows: Sequence[tuple[str, ...]], tones: Sequence[str]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows, self._tones = list(rows), list(tones)
        self.endResetModel()

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many rows."""
        return len(self._rows)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(self._headings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, or the tone of its chip."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.UserRole and index.column() == 0:
            return self._tones[index.row()]
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None


def rows_table(headings: Sequence[str], name: str) -> tuple[QTableView, Rows]:
    """A view of rows of text, named for screen readers, and its model."""
    view, model = QTableView(), Rows(headings)
    model.setParent(view)
    view.setModel(model)
    view.setItemDelegateForColumn(0, StatusChip(view))
    view.setAccessibleName(name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(30)
    header = view.horizontalHeader()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.resizeSection(0, 150)
    return view, model
