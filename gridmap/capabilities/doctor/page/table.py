"""The tree of findings: one line a kind, the rows below it; each proposal with its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from gridmap.texts import t

_COLUMNS: Final = ("accept", "severity", "place", "value", "meaning", "fix", "answer")
_Index = QModelIndex | QPersistentModelIndex
SEVERITY_COLUMN: Final = 1
FIX_COLUMN: Final = 5


@dataclass(frozen=True)
class FindingRow:
    """One finding, or all of a kind, as the tree shows it.

    `id` is what an answer is given to; `accepted` is None for a proposal that waits, `mixed`
    says that those below were answered differently; `waiting` is how many wait for an answer,
    `text` all of it as sentences, `ids` those of the rows below.
    """

    id: str
    severity: str
    place: str
    value: str
    meaning: str
    fix: str
    proposes: bool
    accepted: bool | None
    mixed: bool = False
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    waiting: int = 0
    below: Sequence["FindingRow"] = ()
    ids: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The answer in words; empty where there is nothing to answer."""
        if not self.proposes:
            return ""
        name = "mixed" if self.mixed else {None: "open", True: "yes", False: "no"}[self.accepted]
        return t(f"app.doctor.answer.{name}")


class FindingTable(QAbstractItemModel):
    """Findings, worst first; a kind with several findings has them as rows of its own.

    Signals:
        answered(id, answer): a proposal was ticked (True), or its tick taken away (None).
    """

    answered = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[FindingRow] = []

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Take other findings."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, position: int) -> FindingRow:
        """The kind at a position."""
        return self._rows[position]

    def at(self, index: _Index) -> FindingRow:
        """The finding, or the kind, of an index."""
        above = index.internalId()
        return self._rows[above - 1].below[index.row()] if above else self._rows[index.row()]

    def place_of(self, finding: str) -> QModelIndex:
        """Where a finding or kind with this id is; no place where it is no more."""
        for i, row in enumerate(self._rows):
            if row.id == finding:
                return self.index(i, 0)
            if finding in row.ids:
                return self.index(row.ids.index(finding), 0, self.index(i, 0))
        return QModelIndex()

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The index of a cell; its id is 0 for a kind, else the kind's position + 1."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: _Index | None = None) -> Any:
        """The kind above a finding."""
        if index is None or not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many kinds, or findings of a kind."""
        if not parent.isValid():
            return len(self._rows)
        if parent.internalId() or parent.column():
            return 0
        return len(self._rows[parent.row()].below)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(_COLUMNS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Proposals can be ticked."""
        flags = super().flags(index)
        if index.column() == 0 and self.at(index).proposes:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, tick or severity."""
        row, column = self.at(index), _COLUMNS[index.column()]
        if column == "accept":
            if role == Qt.ItemDataRole.CheckStateRole and row.proposes:
                return _tick(row)
            return None
        if column == "severity":
            if role == Qt.ItemDataRole.DisplayRole:
                return t(f"app.doctor.severity.{row.severity}")
            return row.severity if role == Qt.ItemDataRole.UserRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(getattr(row, column))
        return row.text if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(  # noqa: N802
        self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """A tick is an answer; the tree itself changes when the case is examined again."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        ticked = Qt.CheckState(value) == Qt.CheckState.Checked
        self.answered.emit(self.at(index).id, True if ticked else None)
        return True

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return t(f"app.doctor.column.{_COLUMNS[section]}")
        return None


def _tick(row: FindingRow) -> Qt.CheckState:
    if row.mixed:
        return Qt.CheckState.PartiallyChecked
    return Qt.CheckState.Checked if row.accepted else Qt.CheckState.Unchecked
