"""Saved views in the dock: the button with their names, and the dialog that asks for a new one."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from gridmap.capabilities.readings.page.controls import tool
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import t


class ViewButton(QToolButton):
    """A menu: the saved views, what is seen now under a name, and forgetting one.

    Signals:
        wanted(str): show this view.
        save_wanted(): keep what is seen.
        delete_wanted(str): forget this view.
    """

    wanted = Signal(str)
    save_wanted = Signal()
    delete_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        like = tool("views", t("series.view.tip"))
        self.setIcon(like.icon())
        self.setIconSize(like.iconSize())
        self.setStyleSheet(like.styleSheet())
        self.setToolTip(t("series.view.tip"))
        self.setAccessibleName(t("series.view.title"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.offer((), shown=False, writable=False)

    def offer(self, names: Collection[str], *, shown: bool, writable: bool) -> None:
        """Offer these.

        Args:
            names: of the saved views.
            shown: whether something is seen that can be kept.
            writable: whether the project can be changed.
        """
        self._menu.clear()
        for name in names:
            self._menu.addAction(_plain(name)).triggered.connect(partial(self._want, name))
        if names:
            self._menu.addSeparator()
        save = self._menu.addAction(t("series.view.save"))
        save.setEnabled(shown and writable)
        save.triggered.connect(self.save_wanted)
        forget = self._menu.addMenu(t("series.view.delete"))
        for name in names:
            forget.addAction(_plain(name)).triggered.connect(partial(self._forget, name))
        forget.setEnabled(bool(names) and writable)
        self.setEnabled(bool(names) or (shown and writable))

    def _want(self, name: str, _checked: bool = False) -> None:
        self.wanted.emit(name)

    def _forget(self, name: str, _checked: bool = False) -> None:
        self.delete_wanted.emit(name)


class ViewDialog(QDialog):
    """Asks under which name what is seen is kept; says when that name is taken.

    Signals:
        named(str): the name; never empty.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget, shown: str, taken: Collection[str]) -> None:
        """`shown` says what is seen; it is the first proposal."""
        super().__init__(parent)
        self._taken = frozenset(taken)
        self.setObjectName("saveView")
        self.setWindowTitle(t("series.view.title"))
        self.edit = QLineEdit(shown)
        self.edit.setAccessibleName(t("series.view.name"))
        self.edit.selectAll()
        self._note = plain(t("series.view.replaces"), "warn")
        box = QDialogButtonBox()
        self.go = box.addButton(t("series.view.keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(t("app.dialog.no"), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._take)
        box.rejected.connect(self.reject)
        self.edit.textChanged.connect(self._check)
        form = QFormLayout(self)
        form.addRow(t("series.view.name"), self.edit)
        form.addRow(quiet(t("series.view.hint")))
        form.addRow(self._note)
        form.addRow(box)
        self.setMinimumWidth(420)
        self._check()

    def _check(self) -> None:
        name = self.edit.text().strip()
        self.go.setEnabled(bool(name))
        self._note.setVisible(name in self._taken)

    def _take(self) -> None:
        self.accept()
        self.named.emit(self.edit.text().strip())


def _plain(name: str) -> str:
    """A name as a menu shows it: an ampersand is no shortcut."""
    return name.replace("&", "&&")
