"""The heat map of completeness: stations by months, each cell with its number."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridmap.capabilities.quality.report import Shares
from gridmap.shell.theme import tokens
from gridmap.texts import t

_Index = QModelIndex | QPersistentModelIndex
# One hue from light to dark, so that it is read by lightness too; the number always stands in it.
_RAMP: Final = ("#8c2d04", "#cc4c02", "#fe9929", "#fee0a0", "#fffdf6")
_EMPTY: Final = "#eef2f5"
_DARK: Final = frozenset(_RAMP[:2])
_FULL: Final = 0.9995


class HeatTable(QAbstractTableModel):
    """Rows are stations, the last one all of them; columns are months, the last one all."""

    def __init__(self) -> None:
        super().__init__()
        self._shares = Shares((), (), {}, {})
        self._names: dict[str, str] = {}
        self._stations: tuple[str, ...] = ()
        self._months: tuple[str, ...] = ()
        self._good, self._poor = 0.9, 0.75

    def show_shares(self, shares: Shares, names: dict[str, str], good: float, poor: float) -> None:
        """Show these shares; `good` and `poor` are the bounds of the colours, 0–1."""
        self.beginResetModel()
        self._shares, self._names = shares, names
        self._stations, self._months = (*shares.stations, ""), (*shares.months, "")
        self._good, self._poor = good, poor
        self.endResetModel()

    def key(self, index: _Index) -> tuple[str, str]:
        """The station and month of a cell, "" for all."""
        return self._stations[index.row()], self._months[index.column()]

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """One for each station, and the sum."""
        return len(self._shares.stations) + 1 if self._shares.stations else 0

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """One for each month, and the sum."""
        return len(self._shares.months) + 1 if self._shares.months else 0

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's number, colours and words."""
        station, month = self.key(index)
        share = self._shares.share(station, month)
        if role == Qt.ItemDataRole.DisplayRole:
            return "–" if share is None else _percent(share)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._colour(share)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._told(station, month, share)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Months, stations by name."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._month_title(section, short=role == Qt.ItemDataRole.DisplayRole)
        station = self._stations[section]
        return self._names.get(station, station) or t("quality.sheet.total")

    def _month_title(self, section: int, *, short: bool) -> str:
        """2025-11; short only 11, with the year where it begins."""
        months = self._shares.months
        if section >= len(months):
            return t("quality.sheet.total")
        year, month = months[section].split("-")
        begins = section == 0 or not months[section - 1].startswith(year)
        if not short:
            return months[section]
        return f"{year[2:]}-{month}" if begins else month

    def _colour(self, share: float | None) -> str:
        if share is None:
            return _EMPTY
        bounds = (self._poor / 2, self._poor, self._good, (self._good + 1) / 2)
        return _RAMP[sum(share >= bound for bound in bounds)]

    def _told(self, station: str, month: str, share: float | None) -> str:
        name = self._names.get(station, station) or t("quality.page.all_stations")
        if share is None:
            return t("quality.page.nothing_expected", station=name, month=month)
        return t(
            "quality.page.cell",
            station=name,
            month=month or t("quality.page.all_months"),
            share=f"{share * 100:.1f} %",
            usable=f"{self._shares.usable[station, month]:,}",
            expected=f"{self._shares.expected[station, month]:,}",
        )


class HeatCell(QStyledItemDelegate):
    """Paints a cell: ground and number. Hundreds of them are seen at once, so it is plain."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw ground, number and, where it is the current cell, a frame."""
        colour = str(index.data(Qt.ItemDataRole.BackgroundRole))
        painter.fillRect(option.rect, QColor(colour))
        painter.setPen(QColor(tokens()["paper" if colour in _DARK else "text"]))
        painter.drawText(option.rect, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(tokens()["accent"]), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))


def _percent(share: float) -> str:
    """Whole percent; only what is complete says 100."""
    return "100" if share >= _FULL else f"{min(int(share * 100.0 + 0.5), 99)}"
