"""The table of a batch: a row per complaint, status as a coloured chip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gridmap.capabilities.batch.work.assigning import KINDS
from gridmap.texts import t

_COLUMNS: Final = ("number", "place", "owner", "status", "chief", "border", "note")
_STATUS_COLUMN: Final = _COLUMNS.index("status")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class BatchRow:
    """What the table shows of one row; `lon`, `lat` are NaN where no place was found."""

    number: int
    place: str
    owner: str
    status: str
    chief: str
    border: str
    note: str
    lon: float
    lat: float


class BatchTable(QAbstractTableModel):
    """The rows of a batch, all or those of one status."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[BatchRow] = []
        self._shown: list[int] = []
        self._statuses: frozenset[str] = frozenset(KINDS)

    def show_rows(self, rows: Sequence[BatchRow]) -> None:
        """Take the rows of a batch."""
        self._all = list(rows)
        self._refilter()

    def show_statuses(self, statuses: frozenset[str]) -> None:
        """Show only rows of these statuses."""
        self._statuses = statuses
        self._refilter()

    def row(self, position: int) -> BatchRow:
        """The row at a position of the table as it is shown."""
        return self._all[self._shown[position]]

    def position_of(self, number: int) -> int | None:
        """Where a row of the sheet stands in the table as it is shown."""
        for position, index in enumerate(self._shown):
            if self._all[index].number == number:
                return position
        return None

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many rows are shown."""
        return len(self._shown)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text; the status is worded."""
        row = self.row(index.row())
        if index.column() == _STATUS_COLUMN:
            if role == Qt.ItemDataRole.DisplayRole:
                return status_title(row.status)
            return row.status if role == Qt.ItemDataRole.UserRole else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return str(getattr(row, _COLUMNS[index.column()]))
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return t(f"app.batch.column.{_COLUMNS[section]}")
        return None

    def _refilter(self) -> None:
        self.beginResetModel()
        self._shown = [i for i, row in enumerate(self._all) if row.status in self._statuses]
        self.endResetModel()


def status_title(status: str) -> str:
    """A status in words."""
    return t(f"batch.kind.{status}")
