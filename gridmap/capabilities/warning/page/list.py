"""Rows of arrivals and calls: two lines each, arrivals with their window as a small bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gridmap.shell.theme import tokens

Index = QModelIndex | QPersistentModelIndex

_ROW: Final = Qt.ItemDataRole.UserRole
_HEIGHT: Final = 52
_BAR: Final = 5
_PAD: Final = 10
_NUMBER: Final = 26


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        title, right: of the first line; second: the second line.
        tone: "", "warn" or "bad", a colour of the theme for the title.
        number: before the title, 0 for none.
        bar: earliest, mean and latest as shares of the whole time, or None.
        ink: colour of the bar.
        key: kind and code of the target, ("", "") for none.
    """

    title: str
    right: str
    second: str
    tone: str = ""
    number: int = 0
    bar: tuple[float, float, float] | None = None
    ink: str = ""
    key: tuple[str, str] = ("", "")

    @property
    def spoken(self) -> str:
        """The whole row for a screen reader."""
        number = f"{self.number} " if self.number else ""
        return f"{number}{self.title}, {self.right}, {self.second}"


class RowModel(QAbstractListModel):
    """Holds the rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; as many as before keep selection and place."""
        if len(rows) == len(self.rows):
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  Qt's name
        """How many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, or its words."""
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        words = {
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        }  # fmt: skip
        return row.spoken if role in words else None


class RowDelegate(QStyledItemDelegate):
    """Paints a row."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """All rows are of one height."""
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Number, title and what stands at the right; second line; bar."""
        row: Row = index.data(_ROW)
        look: Any = option  # the binding's stubs leave out the fields of the option
        box: QRect = look.rect
        colours = tokens()
        painter.save()
        if look.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor("#dbeafb"))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor("#e6ebef"))
        left = box.left() + _PAD + (_NUMBER if row.number else 0)
        width = box.right() - _PAD - left
        bold, small = QFont(look.font), QFont(look.font)
        bold.setBold(True)
        small.setPixelSize(12)
        if row.number:
            painter.setFont(small)
            painter.setPen(QColor(colours["quiet"]))
            number = QRect(box.left() + 4, box.top() + 6, _NUMBER, 20)
            painter.drawText(number, _flags(right=True, middle=True), str(row.number))
        painter.setFont(small)
        right_width = QFontMetrics(small).horizontalAdvance(row.right)
        painter.setPen(QColor(colours["text"]))
        first = QRect(left, box.top() + 6, width, 20)
        painter.drawText(first, _flags(right=True), row.right)
        painter.setFont(bold)
        painter.setPen(QColor(colours[row.tone or "text"]))
        room = max(width - right_width - 10, 40)
        title = QFontMetrics(bold).elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, _flags(), title)
        self._second(painter, row, QRect(left, box.top() + 27, width, 18), small)
        painter.restore()

    def _second(self, painter: QPainter, row: Row, box: QRect, letters: QFont) -> None:
        painter.setFont(letters)
        painter.setPen(QColor(tokens()["quiet"]))
        room = box.width() if row.bar is None else box.width() // 2
        words = QFontMetrics(letters).elidedText(row.second, Qt.TextElideMode.ElideRight, room - 8)
        painter.drawText(box, _flags(), words)
        if row.bar is None:
            return
        lane = QRectF(box.left() + room, box.center().y() - _BAR / 2, box.width() - room, _BAR)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens()["chip"]))
        painter.drawRoundedRect(lane, 2, 2)
        first, mean, last = (lane.left() + share * lane.width() for share in row.bar)
        painter.setBrush(QColor(row.ink))
        painter.drawRoundedRect(QRectF(first, lane.top(), max(last - first, 3.0), _BAR), 2, 2)
        painter.setBrush(QColor(tokens()["text"]))
        painter.drawRect(QRectF(mean - 1, lane.top() - 3, 2, _BAR + 6))


class RowView(QListView):
    """A list of rows."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def _flags(*, right: bool = False, middle: bool = False) -> int:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    if middle:
        side = Qt.AlignmentFlag.AlignHCenter
    return int(side | Qt.AlignmentFlag.AlignVCenter)
