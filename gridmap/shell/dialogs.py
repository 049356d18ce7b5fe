"""The few dialogs: shortcuts, base map, and how an error is told."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.shell.actions import shortcut_rows
from gridmap.shell.pieces import plain, quiet
from gridmap.shell.preferences import BaseMapChoice
from gridmap.texts import t

_TIANDITU = (
    "https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
_TIANDITU_CREDIT = "© 国家地理信息公共服务平台 天地图"


def tell_error(parent: QWidget, error: Exception) -> None:
    """Say what went wrong, as plain text: messages may hold names from data."""
    box = QMessageBox(parent)
    box.setObjectName("errorBox")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(t("app.dialog.problem"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(str(error))
    box.addButton(t("app.dialog.close"), QMessageBox.ButtonRole.AcceptRole)
    box.open()


def confirm(parent: QWidget, question: str, then: Callable[[], None]) -> None:
    """Ask before something is taken away; `then` runs on a yes."""
    box = QMessageBox(parent)
    box.setObjectName("confirmBox")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(t("app.title"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    yes = box.addButton(t("app.dialog.yes"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(t("app.dialog.no"), QMessageBox.ButtonRole.RejectRole)
    box.buttonClicked.connect(lambda button: then() if button is yes else None)
    box.open()


class ShortcutsDialog(QDialog):
    """All actions and their keys, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("app.dialog.shortcuts"))
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(20)
        rows = shortcut_rows()
        half = (len(rows) + 1) // 2
        for position, (title, keys) in enumerate(rows):
            column = 0 if position < half else 2
            grid.addWidget(plain(title, wrap=False), position % half, column)
            grid.addWidget(plain(keys, "chip", wrap=False), position % half, column + 1)
        buttons = QDialogButtonBox()
        close = buttons.addButton(t("app.dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        grid.addWidget(buttons, half, 0, 1, 4)


class PhonesDialog(QDialog):
    """Who wants to see phone numbers in full, and why; `done` is called with (who, reason)."""

    def __init__(
        self, who: str, done: Callable[[str, str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("app.data.show_phones").rstrip("…"))
        self._who, self._reason, self._done = QLineEdit(who), QLineEdit(), done
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(quiet(t("app.data.phones_intro")))
        for title, widget in (
            (t("app.data.operator"), self._who), (t("app.data.reason"), self._reason),
        ):  # fmt: skip
            widget.setAccessibleName(title)
            widget.textChanged.connect(self._check)
            column.addWidget(plain(title))
            column.addWidget(widget)
        buttons = QDialogButtonBox()
        title = t("app.data.show_phones").rstrip("…")
        self._show = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(t("app.dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._check()
        self._reason.setFocus()

    def _check(self) -> None:
        self._show.setEnabled(bool(self._who.text().strip() and self._reason.text().strip()))

    def _accept(self) -> None:
        self._done(self._who.text().strip(), self._reason.text().strip())
        self.accept()


class BaseMapDialog(QDialog):
    """A local MBTiles file, or an address of tiles with a key; `choice` after accepting."""

    def __init__(self, present: BaseMapChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("app.basemap.title"))
        self.setMinimumWidth(560)
        self.choice = present
        self._file = QLineEdit(present.file)
        self._address = QLineEdit(present.address)
        self._key = QLineEdit(present.key)
        self._credit = QLineEdit(present.attribution)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(quiet(t("app.basemap.intro")))
        browse = QPushButton(t("app.basemap.choose"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(browse)
        column.addWidget(plain(t("app.basemap.file")))
        column.addLayout(row)
        tianditu = QPushButton(t("app.basemap.tianditu"))
        tianditu.clicked.connect(self._fill_tianditu)
        for title, widget in (
            (t("app.basemap.address").replace("{{", "{").replace("}}", "}"), self._address),
            (t("app.basemap.key"), self._key),
            (t("app.basemap.attribution"), self._credit),
        ):
            column.addWidget(plain(title))
            column.addWidget(widget)
        column.addWidget(tianditu)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        for key, act, name in (
            (t("app.basemap.none"), self._take_none, ""),
            (t("app.basemap.cancel"), self.reject, ""),
            (t("app.basemap.use"), self._take, "primary"),
        ):
            button = QPushButton(key)
            button.setObjectName(name)
            button.setDefault(bool(name))
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, t("app.basemap.file"), "", t("app.dialog.mbtiles_files")
        )
        if name:
            self._file.setText(str(Path(name)))
            self._address.clear()

    def _fill_tianditu(self) -> None:
        self._file.clear()
        self._address.setText(_TIANDITU)
        self._credit.setText(_TIANDITU_CREDIT)
        self._key.setFocus()

    def _take(self) -> None:
        self.choice = BaseMapChoice(
            self._file.text().strip(), self._address.text().strip(),
            self._key.text().strip(), self._credit.text().strip(),
        )  # fmt: skip
        self.accept()

    def _take_none(self) -> None:
        self.choice = BaseMapChoice()
        self.accept()
