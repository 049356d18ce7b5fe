"""The dialog that links the stations of a file with those of the project, by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridmap.shell.pieces import quiet
from gridmap.texts import t

_NAME, _SITE = range(2)
_SIZE: Final = (560, 460)


class StationsDialog(QDialog):
    """A row for each station of the file; `done` is called with name → code.

    A name that is linked with none is kept as the file gives it: it maps to itself.
    """

    def __init__(
        self,
        names: Sequence[str],
        sites: Mapping[str, str],
        linked: Mapping[str, str],
        done: Callable[[dict[str, str]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stationLinks")
        self.setWindowTitle(t("app.doctor.stations.title"))
        self.resize(*_SIZE)
        self._names, self._done = list(names), done
        self.search = QLineEdit()
        self.search.setPlaceholderText(t("app.doctor.stations.search"))
        self.search.setAccessibleName(t("app.doctor.stations.search"))
        self.search.textChanged.connect(self._show_found)
        self.table = self._filled(sites, linked)
        column = QVBoxLayout(self)
        column.addWidget(quiet(t("app.doctor.stations.hint")))
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(self._buttons())

    def box(self, name: str) -> QComboBox:
        """The choice beside a name of the file."""
        return self._boxes[name]

    def _filled(self, sites: Mapping[str, str], linked: Mapping[str, str]) -> QTableWidget:
        table = QTableWidget(len(self._names), 2)
        table.setHorizontalHeaderLabels(
            [t("app.doctor.stations.in_file"), t("app.doctor.stations.in_project")]
        )
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._boxes: dict[str, QComboBox] = {}
        for row, name in enumerate(self._names):
            item = QTableWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(name)
            table.setItem(row, _NAME, item)
            box = self._boxes[name] = self._box(name, sites)
            box.setCurrentIndex(max(0, box.findData(linked.get(name, name))))
            table.setCellWidget(row, _SITE, box)
        return table

    def _box(self, name: str, sites: Mapping[str, str]) -> QComboBox:
        """All stations and sections; typing any part of a name or code finds one."""
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(t("app.doctor.stations.of", name=name))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem(t("app.doctor.stations.none"), "")
        for code, title in sorted(sites.items(), key=lambda pair: (pair[1], pair[0])):
            box.addItem(f"{title}  {code}" if title != code else code, code)
        finder = box.completer()
        assert finder is not None  # noqa: S101  an editable box has one
        finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        return box

    def _buttons(self) -> QHBoxLayout:
        self.ok = QPushButton(t("app.doctor.stations.ok"))
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._accept)
        dismiss = QPushButton(t("app.dialog.no"))
        dismiss.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(dismiss)
        row.addWidget(self.ok)
        return row

    def _show_found(self, text: str) -> None:
        words = text.casefold().split()
        for row, name in enumerate(self._names):
            self.table.setRowHidden(row, not all(word in name.casefold() for word in words))

    def _accept(self) -> None:
        self.accept()
        self._done({name: self._code(name) for name in self._names})

    def _code(self, name: str) -> str:
        """What is chosen beside a name; what was only typed counts where it names one station."""
        box = self._boxes[name]
        text = box.currentText().strip().casefold()
        if text == box.itemText(box.currentIndex()).casefold():
            return str(box.currentData() or name)
        found = [i for i in range(1, box.count()) if text and text in box.itemText(i).casefold()]
        return str(box.itemData(found[0])) if len(found) == 1 else name
