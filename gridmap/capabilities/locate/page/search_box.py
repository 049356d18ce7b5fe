"""One box for everything: coordinates in any notation, names, codes, pinyin initials."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gridmap.core.search import Hit
from gridmap.shell.icons import icon
from gridmap.shell.theme import tokens
from gridmap.texts import t

_PAUSE_MS = 160
_MOST_ROWS = 9


class SearchBox(QLineEdit):
    """The line and its list of hits.

    Signals:
        typed(text): the user paused; somebody should call `show_hits` or `show_note`.
        entered(text): Enter without choosing a hit.
        chosen(hit): a hit was chosen.
    """

    typed = Signal(str)
    entered = Signal(str)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchBox")
        self.setPlaceholderText(t("app.top.search"))
        self.setAccessibleName(t("app.top.find"))
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", tokens()["quiet"]), QLineEdit.ActionPosition.LeadingPosition)
        self._hits: list[Hit] = []
        self._list: QListWidget | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.text()))
        self.textEdited.connect(self._on_edited)
        self.returnPressed.connect(self._on_return)

    def show_hits(self, hits: Sequence[Hit], describe: Sequence[str]) -> None:
        """List hits with a description each; an empty list hides it."""
        self._hits = list(hits)
        rows = self._rows()
        rows.clear()
        for hit, text in zip(hits, describe, strict=True):
            row = QListWidgetItem(f"{hit.entry.name}    {text}")
            rows.addItem(row)
        self._place()

    def show_note(self, text: str) -> None:
        """Say something instead of hits."""
        self._hits = []
        rows = self._rows()
        rows.clear()
        row = QListWidgetItem(text)
        row.setFlags(Qt.ItemFlag.NoItemFlags)
        rows.addItem(row)
        self._place()

    def hide_hits(self) -> None:
        """Take the list away."""
        self._pause.stop()
        if self._list is not None:
            self._list.hide()

    def cancel_typing(self) -> None:
        """Ask no more about what was typed so far."""
        self._pause.stop()

    @property
    def hits_shown(self) -> bool:
        """Whether the list is open."""
        return self._list is not None and self._list.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Up, down and Esc belong to the list while it is open."""
        rows = self._list
        if rows is None or not rows.isVisible():
            super().keyPressEvent(event)
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and rows.count():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            rows.setCurrentRow((rows.currentRow() + step) % rows.count())
        elif event.key() == Qt.Key.Key_Escape:
            self.hide_hits()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Close the list when the window changes its size or another place is clicked."""
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self.hide_hits()
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Close the list with the focus."""
        self.hide_hits()
        super().focusOutEvent(event)

    def _on_edited(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self.hide_hits()

    def _on_return(self) -> None:
        rows = self._list
        if self.hits_shown and rows is not None and self._hits and rows.currentRow() >= 0:
            self._choose(rows.currentRow())
        elif self.text().strip():
            self._pause.stop()
            self.entered.emit(self.text())

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._hits):
            hit = self._hits[row]
            self.hide_hits()
            self.setText(hit.entry.name)
            self.chosen.emit(hit)

    def _rows(self) -> QListWidget:
        """The list, made over the window when it is first needed."""
        if self._list is None:
            rows = QListWidget(self.window())
            rows.setObjectName("hits")
            rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            rows.itemClicked.connect(lambda item: self._choose(rows.row(item)))
            self.window().installEventFilter(self)
            self._list = rows
        return self._list

    def _place(self) -> None:
        rows = self._rows()
        if not rows.count():
            rows.hide()
            return
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        height = min(rows.count(), _MOST_ROWS) * (rows.sizeHintForRow(0) + 1) + 12
        rows.setGeometry(corner.x(), corner.y(), max(self.width(), 420), height)
        rows.show()
        rows.raise_()
