"""Small controls of the series dock: check-lists that stay open, readout."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
)

from gridmap import shipped
from gridmap.capabilities.readings.page.ink import flat_style
from gridmap.shell.icons import icon
from gridmap.shell.theme import tokens
from gridmap.texts import t

_READOUT_PAD: Final = 13
_CHECK_PX: Final = 30
_BUTTON_PAD: Final = 20
_LEAST_PICKER: Final = 92


def tool(symbol: str, tip: str, *, checkable: bool = False) -> QToolButton:
    """A button with an icon alone; its tip is its name for screen readers."""
    button = QToolButton()
    button.setIcon(icon(symbol, tokens()["quiet"]))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    button.setStyleSheet(flat_style())
    return button


def drop_style() -> str:
    """Buttons that open a list look like the other selectors."""
    colours = tokens()
    return (
        f"QToolButton {{ background: {colours['paper']}; border: 1px solid {colours['line']};"
        f" padding: 4px 8px; font-size: 13px; }}"
        f"QToolButton:focus {{ border: 1px solid {colours['accent']}; }}"
        f"QToolButton:disabled {{ color: {colours['quiet']}; }}"
        "QToolButton::menu-indicator { image: none; }"
    )


class CheckMenu(QMenu):
    """A menu of ticks: a click on the box, or the space bar, ticks and leaves the menu open.

    Signals:
        only(QAction): the words were clicked, not the box: this one alone is wanted.
    """

    only = Signal(QAction)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        colours, ticked = tokens(), shipped.resource("icons", "check.svg").as_posix()
        self.setStyleSheet(
            "QMenu::item { padding: 6px 24px 6px 10px; }"
            "QMenu::indicator { width: 13px; height: 13px; margin-left: 8px; border-radius: 3px;"
            f" border: 1px solid {colours['quiet']}; background: {colours['paper']}; }}"
            f"QMenu::indicator:checked {{ image: url({ticked}); }}"
            f"QMenu::indicator:disabled {{ border-color: {colours['line']}; }}"
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Tick, or ask for one alone."""
        action = self.actionAt(event.position().toPoint())
        if action is None or not action.isCheckable() or not action.isEnabled():
            super().mouseReleaseEvent(event)
        elif event.position().x() <= _CHECK_PX:
            action.trigger()
        else:
            self.only.emit(action)
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """The space bar ticks."""
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            event.accept()
            return
        super().keyPressEvent(event)


class ItemPicker(QToolButton):
    """Which items are shown, at least one and at most `most`.

    Signals:
        chosen(): other items are ticked.
    """

    chosen = Signal()

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._whole = ""
        self._menu = CheckMenu(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._menu.only.connect(self._only)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet(drop_style())
        self.setAccessibleName(t("app.series.item"))
        self.setToolTip(t("series.items_tip", most=most))
        self.setEnabled(False)

    @property
    def offered(self) -> tuple[str, ...]:
        """What can be ticked."""
        return tuple(str(action.data()) for action in self._menu.actions())

    @property
    def items(self) -> tuple[str, ...]:
        """What is ticked, in the order of the list."""
        return tuple(str(a.data()) for a in self._menu.actions() if a.isChecked())

    def offer(self, items: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        """Offer items (id, title) with some of them ticked; nothing is told."""
        self._menu.clear()
        for item, title in items:
            action = self._menu.addAction(title)
            action.setData(item)
            action.setCheckable(True)
            action.setChecked(item in ticked)
            action.triggered.connect(lambda _on, one=action: self._toggled(one))
        self.setEnabled(bool(items))
        self._show()

    def choose(self, items: Sequence[str]) -> None:
        """Tick these, as if they had been clicked."""
        for action in self._menu.actions():
            action.setChecked(action.data() in items)
        self._show()
        self.chosen.emit()

    @property
    def whole(self) -> str:
        """The words on the button before they were cut."""
        return self._whole

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Room for all the words."""
        wide = self.fontMetrics().horizontalAdvance(self._whole) + _BUTTON_PAD
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Less will do: the words are cut."""
        return QSize(min(self.sizeHint().width(), _LEAST_PICKER), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Cut the words anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self.width() - _BUTTON_PAD + 2, 0)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))

    def _only(self, action: QAction) -> None:
        self.choose((str(action.data()),))

    def _toggled(self, action: QAction) -> None:
        if not 1 <= len(self.items) <= self._most:
            action.setChecked(not action.isChecked())
            return
        self._show()
        self.chosen.emit()

    def _show(self) -> None:
        items = self.items
        first = next((a.text() for a in self._menu.actions() if a.isChecked()), "")
        more = len(items) - 1
        several = t("series.items_more", first=first, more=more) if more > 0 else first
        self._whole = several or t("app.series.item")
        self.updateGeometry()
        self._cut()


class Readout(QLabel):
    """One line of plain text at the right, cut with an ellipsis where room lacks."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quietChip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    def show_text(self, text: str) -> None:
        """Show a text; the whole of it stays in the tool tip and for screen readers."""
        self._whole = text
        self.setVisible(bool(text))
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(text) + 2 * _READOUT_PAD)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._cut()

    @property
    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self.width() - 2 * _READOUT_PAD + 2, 0)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
