"""The list of findings, with filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.rules.findings import Finding, Severity
from gridmap.core.moments import moment_of
from gridmap.texts import t

_COLUMNS: Final = ("severity", "station", "item", "check", "when", "what")
SEVERITY_COLUMN: Final = 0
_WORST_FIRST: Final = (Severity.FAULT, Severity.DOUBT, Severity.NOTE)
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Wanted:
    """Which findings are shown: "" is all; `notes`: whether mere notes are; month "YYYY-MM"."""

    check: str = ""
    station: str = ""
    month: str = ""
    severity: str = ""
    notes: bool = False

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is shown."""
        if self.check and finding.check != self.check:
            return False
        if self.station and finding.station != self.station:
            return False
        if self.severity and finding.severity != self.severity:
            return False
        if not self.severity and not self.notes and finding.severity is Severity.NOTE:
            return False
        first, last = moment_of(finding.start), moment_of(finding.end)
        return not self.month or f"{first:%Y-%m}" <= self.month <= f"{last:%Y-%m}"


class FindingTable(QAbstractTableModel):
    """Findings as rows, the worst first, then the latest."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Finding] = []
        self._shown: list[Finding] = []
        self._names: Mapping[str, str] = {}
        self._excluded: frozenset[str] = frozenset()
        self.wanted = Wanted()

    def show_findings(
        self, findings: Sequence[Finding], names: Mapping[str, str], excluded: frozenset[str]
    ) -> None:
        """Take findings, names of stations, and the ids of findings whose readings are out."""
        self._all = sorted(
            findings, key=lambda one: (_WORST_FIRST.index(one.severity), -one.end, one.station)
        )
        self._names, self._excluded = names, excluded
        self.show_only(self.wanted)

    def show_only(self, wanted: Wanted) -> None:
        """Show only what fits."""
        self.beginResetModel()
        self.wanted = wanted
        self._shown = [one for one in self._all if wanted.fits(one)]
        self.endResetModel()

    @property
    def total(self) -> int:
        """How many findings there are, shown or not."""
        return len(self._all)

    def finding(self, row: int) -> Finding:
        """The finding of a row."""
        return self._shown[row]

    def row_of(self, identity: str) -> int | None:
        """Where a finding stands, None if it is not shown."""
        rows = (row for row, one in enumerate(self._shown) if one.identity == identity)
        return next(rows, None)

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many are shown."""
        return len(self._shown)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text."""
        one, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.UserRole:
            return str(one.severity) if column == SEVERITY_COLUMN else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(one, _COLUMNS[column])
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return t(f"quality.column.{_COLUMNS[section]}")
        return None

    def _text(self, one: Finding, column: str) -> str:
        if column == "what":
            excluded = t("quality.page.is_excluded") if one.identity in self._excluded else ""
            return f"{excluded}{words.sentence(one)}"
        texts = {
            "severity": words.severity_title(one.severity),
            "station": self._names.get(one.station, one.station),
            "item": words.item_title(one.item),
            "check": words.check_title(one.check),
            "when": words.span(one),
        }
        return texts[column]
