"""The table of findings: tick to accept, severity as a chip, what it means, what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from gridmap.texts import t

_COLUMNS: Final = ("accept", "severity", "place", "value", "meaning", "fix")
_Index = QModelIndex | QPersistentModelIndex
SEVERITY_COLUMN: Final = 1


@dataclass(frozen=True)
class FindingRow:
    """One finding as the table shows it. `id` is what accepting it answers to."""

    id: str
    severity: str
    place: str
    value: str
    meaning: str
    fix: str
    proposes: bool
    accepted: bool
    tip: str = ""
    lon: float | None = None
    lat: float | None = None


class FindingTable(QAbstractTableModel):
    """Findings, worst first.

    Signals:
        answered(id, accepted): a proposal was ticked or unticked.
    """

    answered = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[FindingRow] = []

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Take other findings."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, position: int) -> FindingRow:
        """The finding at a position."""
        return self._rows[position]

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many findings."""
        return len(self._rows)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(_COLUMNS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Proposals can be ticked."""
        flags = super().flags(index)
        if index.column() == 0 and self.row(index.row()).proposes:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, tick or severity."""
        row, column = self.row(index.row()), _COLUMNS[index.column()]
        if column == "accept":
            if role == Qt.ItemDataRole.CheckStateRole and row.proposes:
                return Qt.CheckState.Checked if row.accepted else Qt.CheckState.Unchecked
            return None
        if column == "severity":
            if role == Qt.ItemDataRole.DisplayRole:
                return t(f"app.doctor.severity.{row.severity}")
            return row.severity if role == Qt.ItemDataRole.UserRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(getattr(row, column))
        return row.tip if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(  # noqa: N802
        self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """A tick is an answer; the table itself changes when the case is examined again."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.answered.emit(self.row(index.row()).id, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return t(f"app.doctor.column.{_COLUMNS[section]}")
        return None
