"""The suspects as cards with bars, numbered as on the map and in the profile."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.tracing.report.words import SuspectWords
from gridmap.map.fonts import font
from gridmap.shell.pieces import plain, quiet
from gridmap.shell.theme import tokens
from gridmap.texts import t

_PAD: Final = 10.0
_HEAD: Final = 20.0
_BAR: Final = 8.0
_LINE: Final = 19.0
_GAP: Final = 8
_TITLE_PX: Final = 13.0
_TEXT_PX: Final = 12.0
_MOST_ROWS: Final = 2
_Index = QModelIndex | QPersistentModelIndex


_KEPT: Final[dict[str, Callable[[SuspectWords], bool]]] = {
    "all": lambda _: True,
    "open": lambda one: not one.excluded,
    "emits": lambda one: one.emits is not False,
}


class SuspectModel(QAbstractListModel):
    """Suspects in the order shown."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[SuspectWords, ...] = ()

    def show_rows(self, rows: Sequence[SuspectWords]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's own
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The whole card as text, for the keyboard and for screen readers."""
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return "\n".join((f"{one.heading} {one.score_text}", *one.lines))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(one.lines)
        return None


class SuspectCard(QStyledItemDelegate):
    """Paints a suspect: number and firm, score, bar, lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """As high as its lines."""
        one = _row(index)
        width = self._width(option)
        rows = sum(len(_wrapped(text, width)) for text in one.lines)
        height = 2 * _PAD + _HEAD + _BAR + rows * _LINE
        return QSize(240, round(height) + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the card."""
        one, state = _row(index), option.state
        box = QRectF(option.rect).adjusted(1, 1, -1, -_GAP)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        colours = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colours["accent"] if chosen or hovered else colours["line"]
        painter.setPen(QPen(QColor(edge), 2.0 if chosen else 1.0))
        painter.setBrush(QColor("#f0f6fd") if chosen else QColor(colours["paper"]))
        painter.drawRoundedRect(box, 6, 6)
        inner = box.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        ink = colours["quiet"] if one.excluded else colours["text"]
        self._head(painter, inner, one, ink)
        self._bar(painter, inner, one)
        top = inner.top() + _HEAD + _BAR
        painter.setFont(font(_TEXT_PX))
        for text in one.lines:
            for line in _wrapped(text, inner.width()):
                painter.setPen(QColor(ink if text is one.lines[0] else colours["quiet"]))
                place = QRectF(inner.left(), top, inner.width(), _LINE)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)
                top += _LINE
        painter.restore()

    def _head(self, painter: QPainter, inner: QRectF, one: SuspectWords, ink: str) -> None:
        letters = font(_TITLE_PX, bold=True)
        painter.setFont(letters)
        metrics = QFontMetricsF(letters)
        score = metrics.horizontalAdvance(one.score_text) + 8
        name = metrics.elidedText(one.heading, Qt.TextElideMode.ElideRight, inner.width() - score)
        place = QRectF(inner.left(), inner.top(), inner.width(), _HEAD - 2)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(tokens()["quiet" if one.excluded else "accent"]))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, side, one.score_text)

    def _bar(self, painter: QPainter, inner: QRectF, one: SuspectWords) -> None:
        whole = QRectF(inner.left(), inner.top() + _HEAD, inner.width(), 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens()["chip"]))
        painter.drawRoundedRect(whole, 1.5, 1.5)
        if one.score > 0:
            whole.setWidth(max(whole.width() * min(one.score, 1.0), 3.0))
            painter.setBrush(QColor(tokens()["accent"]))
            painter.drawRoundedRect(whole, 1.5, 1.5)

    def _width(self, option: QStyleOptionViewItem) -> float:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else 280
        return max(width - 2 * _PAD - 2, 80.0)


class SuspectPanel(QWidget):
    """The right column.

    Signals:
        chosen(str): a suspect was chosen, by code of its outlet.
        pointed(str): the cursor is over one; "" over none.
        filtered(): another part of the list is wanted.
    """

    chosen = Signal(str)
    pointed = Signal(str)
    filtered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cardPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(290)
        self.model = SuspectModel()
        self._every: tuple[SuspectWords, ...] = ()
        self._title = plain(t("tracing.page.suspects", count=0), "panelTitle", wrap=False)
        self.filter = QComboBox()
        self.filter.setAccessibleName(t("tracing.page.filter"))
        for key, text in (
            ("all", t("tracing.page.show_all")),
            ("open", t("tracing.page.show_open")),
            ("emits", t("tracing.page.show_emits")),
        ):
            self.filter.addItem(text, key)
        self.filter.currentIndexChanged.connect(lambda _: self._apply())
        self.view = self._make_view()
        self._message = quiet("")
        self._basis = quiet("")
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._message)
        column.addWidget(self.view, 1)
        column.addWidget(quiet(t("tracing.no_proof")))
        column.addWidget(self._basis)

    def show_suspects(self, rows: Sequence[SuspectWords], basis: str, message: str = "") -> None:
        """Show a list, what it rests on, and why it may be empty."""
        self._every = tuple(rows)
        self._basis.setText(basis)
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._title.setText(t("tracing.page.suspects", count=len(rows)))
        self._apply()

    def choose(self, code: str) -> None:
        """Select a suspect without telling anybody."""
        codes = [one.code for one in self.model.rows]
        with QSignalBlocker(self.view.selectionModel()):
            if code in codes:
                index = self.model.index(codes.index(code), 0)
                how = QItemSelectionModel.SelectionFlag.ClearAndSelect
                self.view.selectionModel().setCurrentIndex(index, how)
                self.view.scrollTo(index)
            else:
                self.view.clearSelection()
        self.view.viewport().update()

    def _apply(self) -> None:
        kept = _KEPT[str(self.filter.currentData())]
        with QSignalBlocker(self.view.selectionModel()):
            self.model.show_rows([one for one in self._every if kept(one)])
        self.filtered.emit()

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(SuspectCard(view))
        view.setMouseTracking(True)
        view.setFrameShape(QListView.Shape.NoFrame)
        view.setStyleSheet("QListView { background: transparent; border: 0; }")
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setAccessibleName(t("tracing.section.suspects"))
        view.selectionModel().currentChanged.connect(self._on_current)
        view.entered.connect(lambda index: self.pointed.emit(_row(index).code))
        view.viewport().installEventFilter(self)
        return view

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(_row(current).code)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The cursor leaves the list."""
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit("")
        return super().eventFilter(watched, event)


def _row(index: _Index) -> SuspectWords:
    model = index.model()
    if not isinstance(model, SuspectModel):
        raise TypeError(type(model))
    return model.rows[index.row()]


def _wrapped(text: str, width: float) -> list[str]:
    """A text on at most two lines, the second one shortened."""
    metrics = QFontMetricsF(font(_TEXT_PX))
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    cut = len(text)
    while cut > 1 and metrics.horizontalAdvance(text[:cut]) > width:
        cut -= 1
    # English breaks between words, Chinese anywhere.
    blank = text.rfind(" ", cut // 2, cut + 1)
    cut = blank if blank > 0 else cut
    rest = text[cut:].strip()
    return [
        text[:cut].rstrip(), metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
    ][:_MOST_ROWS]  # fmt: skip
