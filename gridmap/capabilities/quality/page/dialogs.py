"""Two small dialogs: why readings are left out (or count again), and the figures of checks."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
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

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.work.figures import EVERY, FigureTable
from gridmap.shell.pieces import plain, quiet
from gridmap.store.figures import FigureError
from gridmap.texts import t


@dataclass(frozen=True)
class Said:
    """What somebody said: why, and who."""

    why: str
    who: str


class WhyDialog(QDialog):
    """Asks why and who; `then(said)` runs when both are given. It blocks nothing."""

    def __init__(
        self, parent: QWidget, title: str, about: str, who: str, then: Callable[[Said], None]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("whyDialog")
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._then = then
        self.why, self.who = QLineEdit(), QLineEdit(who)
        self.why.setObjectName("why")
        self.why.setMaxLength(500)
        self.who.setMaxLength(100)
        self.why.setPlaceholderText(t("quality.page.why_hint"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(plain(about))
        column.addWidget(quiet(t("quality.page.nothing_deleted")))
        column.addSpacing(6)
        for label, field in ((t("quality.page.why"), self.why), (t("quality.page.who"), self.who)):
            column.addWidget(plain(label, wrap=False))
            column.addWidget(field)
            field.textChanged.connect(self._check)
        column.addSpacing(6)
        self.ok = QPushButton(title.rstrip("…"))
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._take)
        cancel = QPushButton(t("quality.page.back"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.ok)
        column.addLayout(row)
        self._check()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.why.text().strip() and self.who.text().strip()))

    def _take(self) -> None:
        self._then(Said(self.why.text().strip(), self.who.text().strip()))
        self.accept()


Changes = dict[tuple[str, str, str], float | None]
"""(check, figure, item) → the new value, None for the program's."""


class FiguresDialog(QDialog):
    """The figures of one check at a time, each with the program's own beside it."""

    def __init__(
        self, parent: QWidget, figures: FigureTable, check: str, then: Callable[[Changes], None]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("figuresDialog")
        self.setWindowTitle(t("quality.page.figures"))
        self.resize(680, 540)
        self._figures, self._then = figures, then
        self._changes: Changes = {}
        self.checks = QComboBox()
        for one in figures.entries:
            self.checks.addItem(words.check_title(one), one)
        self._how = quiet("")
        self.table = QTableWidget(0, 4)
        self._problem = plain("", "bad")
        self._problem.hide()
        self._build()
        self.checks.currentIndexChanged.connect(lambda _: self._show_check())
        self.table.itemChanged.connect(self._on_edit)
        self.checks.setCurrentIndex(max(self.checks.findData(check), 0))
        self._show_check()

    def _build(self) -> None:
        self.table.setHorizontalHeaderLabels([
            t("quality.sheet.figure"), t("quality.sheet.item"), t("quality.sheet.value"),
            t("quality.sheet.shipped"),
        ])  # fmt: skip
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section, width in ((1, 150), (2, 80), (3, 110)):
            self.table.setColumnWidth(section, width)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(self.checks)
        column.addWidget(self._how)
        column.addWidget(self.table, 1)
        column.addWidget(self._problem)
        column.addWidget(quiet(t("quality.page.figures_hint")))
        row = QHBoxLayout()
        defaults = QPushButton(t("quality.page.defaults"))
        defaults.clicked.connect(self._take_defaults)
        cancel = QPushButton(t("quality.page.back"))
        cancel.clicked.connect(self.reject)
        self.ok = QPushButton(t("quality.page.use"))
        self.ok.setObjectName("primary")
        self.ok.clicked.connect(self._take)
        row.addWidget(defaults)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.ok)
        column.addLayout(row)

    @property
    def _check(self) -> str:
        return str(self.checks.currentData())

    def _show_check(self) -> None:
        rows = [row for row in self._figures.rows() if row[0] == self._check]
        self._how.setText(words.explained(self._check, EVERY, self._figures))
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for number, where in enumerate(rows):
            value = self._changes.get(where, self._figures.value(*where))
            shipped = self._figures.shipped(*where)
            texts = (
                words.figure_title(where[1]),
                words.item_title(where[2]),
                f"{shipped if value is None else value:.10g}",
                f"{shipped:.10g}",
            )
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setData(Qt.ItemDataRole.UserRole, where)
                if column != _VALUE_COLUMN:
                    cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(number, column, cell)
        self.table.blockSignals(False)

    def _on_edit(self, cell: QTableWidgetItem) -> None:
        check, figure, item = cell.data(Qt.ItemDataRole.UserRole)
        try:
            value = self._figures.checked(check, figure, float(cell.text().replace("，", ".")))
        except (FigureError, ValueError) as error:
            self._tell(str(error) if isinstance(error, FigureError) else t("quality.page.number"))
            self._show_check()
            return
        self._tell("")
        self._changes[check, figure, item] = value

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _take_defaults(self) -> None:
        for where in self._figures.rows():
            if where[0] == self._check:
                self._changes[where] = None
        self._show_check()

    def _take(self) -> None:
        self._then(dict(self._changes))
        self.accept()


_VALUE_COLUMN = 2
