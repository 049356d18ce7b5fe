"""The list of alerts: a row each of two lines, the grade as a chip with word and numeral."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridmap.capabilities.alerts.rules import AlertGrade
from gridmap.capabilities.alerts.words import AlertWriting, grade_title
from gridmap.capabilities.alerts.work.records import Alert
from gridmap.shell.theme import tokens
from gridmap.texts import t

_Index = QModelIndex | QPersistentModelIndex
_COLUMNS: Final = ("grade", "what", "state")
GRADE_COLUMN, WHAT_COLUMN, STATE_COLUMN = range(3)
_ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class AlertRow:
    """What the list shows of one alert."""

    alert_id: str
    level: int
    medium: str
    live: bool
    grade: str
    station: str
    item: str
    start: str
    duration: str
    peak: str
    state: str
    rule: str

    @property
    def spoken(self) -> str:
        """The row as one text, for those who hear it and for hints."""
        parts = (self.station, self.item, self.start, self.duration, self.peak, self.rule)
        return " · ".join(part for part in parts if part)


def row_of(alert: Alert, words: AlertWriting) -> AlertRow:
    """An alert as a row, in the current language."""
    return AlertRow(
        alert.alert_id, int(alert.grade), alert.medium, alert.is_live,
        grade_title(alert.grade), words.station(alert), words.item(alert),
        f"{alert.start:%Y-%m-%d %H:%M}", words.duration(alert),
        "" if alert.peak_value is None else words.short_peak(alert),
        t(f"alerts.status.{alert.status}"), words.rule(alert),
    )  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """Which alerts are shown: only live ones, this grade and graver, one medium ("" is both).

    Of `text` every word has to stand somewhere in a row: station, item, day, rule, state.
    """

    live: bool = True
    level: int = int(AlertGrade.BLUE)
    medium: str = ""
    text: str = ""

    def passes(self, row: AlertRow) -> bool:
        """Whether a row is shown."""
        return (
            (row.live or not self.live)
            and row.level <= self.level
            and self.medium in {"", row.medium}
            and self._names(row)
        )

    def _names(self, row: AlertRow) -> bool:
        held = f"{row.spoken} {row.state} {row.grade} {row.alert_id}".casefold()
        return all(word in held for word in self.text.casefold().split())


class AlertTable(QAbstractTableModel):
    """The rows that pass the filter."""

    def __init__(self) -> None:
        super().__init__()
        self.every: list[AlertRow] = []
        self._shown: list[AlertRow] = []
        self.filter = Filter()

    def show_rows(self, rows: Sequence[AlertRow]) -> None:
        """Take new rows."""
        self.every = list(rows)
        self.use(self.filter)

    def use(self, chosen: Filter) -> None:
        """Show what passes."""
        self.beginResetModel()
        self.filter = chosen
        self._shown = [row for row in self.every if chosen.passes(row)]
        self.endResetModel()

    def row(self, position: int) -> AlertRow:
        """The row at a position of the list as it is shown."""
        return self._shown[position]

    def position_of(self, alert_id: str) -> int | None:
        """Where an alert stands in the list as it is shown."""
        found = (i for i, row in enumerate(self._shown) if row.alert_id == alert_id)
        return next(found, None)

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many rows are shown."""
        return len(self._shown)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text; the whole row for its painters."""
        row = self.row(index.row())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return (row.grade, row.spoken, row.state)[index.column()]
        if role == _ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.ForegroundRole and not row.live:
            return QColor(tokens()["quiet"])
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return t(f"alerts.column.{_COLUMNS[section]}")
        return None


def grade_colours(level: int) -> tuple[str, str]:
    """Ground and text colour of a grade."""
    return tokens()[f"alert_{level}_ground"], tokens()[f"alert_{level}"]


class GradeChip(QStyledItemDelegate):
    """Paints a grade as a chip: a word with its numeral on the grade's soft colour."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the chip in the cell's middle."""
        row: AlertRow = index.data(_ROW_ROLE)
        ground, colour = grade_colours(row.level)
        rect = _ground(painter, option)
        width = painter.fontMetrics().horizontalAdvance(row.grade) + 16
        chip = QRectF(rect.x() + 6, rect.center().y() - 10, min(width, rect.width() - 8), 20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colour))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(chip, 10, 10)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, row.grade)
        painter.restore()


class TwoLines(QStyledItemDelegate):
    """Paints what happened: the place with the peak, below them what, when and how long."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw two lines; the peak keeps its room, the place is cut short if need be."""
        row: AlertRow = index.data(_ROW_ROLE)
        rect = _ground(painter, option).adjusted(6, 4, -8, -4)
        metrics = painter.fontMetrics()
        upper = QRectF(rect.x(), rect.y(), rect.width(), rect.height() / 2)
        lower = upper.translated(0, rect.height() / 2)
        room = rect.width() - metrics.horizontalAdvance(row.peak) - 12
        place = metrics.elidedText(row.station, Qt.TextElideMode.ElideRight, round(room))
        below = f"{row.item} · {row.start} · {row.duration} · {row.rule}"
        left, right = (
            side | Qt.AlignmentFlag.AlignVCenter
            for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        )
        painter.save()
        painter.setPen(QColor(tokens()["text" if row.live else "quiet"]))
        painter.drawText(upper, left, place)
        painter.drawText(upper, right, row.peak)
        painter.setPen(QColor(tokens()["quiet"]))
        painter.drawText(
            lower, left, metrics.elidedText(below, Qt.TextElideMode.ElideRight, round(rect.width()))
        )
        painter.restore()


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
    """Paint what lies under a cell, chosen or not, and give its place."""
    style = QApplication.style() if option.widget is None else option.widget.style()
    style.drawPrimitive(
        QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
    )
    return QRectF(option.rect)
