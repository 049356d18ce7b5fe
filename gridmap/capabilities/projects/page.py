"""The page of projects: open, new, recent; the checklist with a way to bring in each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, heading, plain, quiet
from gridmap.texts import t

_CHIPS: Final = {"present": "goodChip", "missing": "warnChip", "waiting": "chip"}

ONE_SHEET: Final = "roster"
"""The source of people and posts in one sheet."""


@dataclass(frozen=True)
class Row:
    """A step as it is shown: where it goes, in words, how it stands, what can be done."""

    source: str
    title: str
    state: str
    tone: str
    can_import: bool
    has_template: bool


class ProjectsPage(QWidget):
    """Shows where one begins and what is missing; it emits what is wanted.

    Signals:
        new_wanted(), open_wanted(), example_wanted(): another project.
        recent_wanted(Path): one that was open before.
        import_wanted(str), template_wanted(str): of a step, by its source.
    """

    new_wanted = Signal()
    open_wanted = Signal()
    example_wanted = Signal()
    recent_wanted = Signal(object)
    import_wanted = Signal(str)
    template_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Elided("", "panelTitle")
        self._hint = quiet(t("projects.order"))
        self._recent, self._steps = QVBoxLayout(), QGridLayout()
        self._recent.setSpacing(2)
        self._steps.setHorizontalSpacing(8)
        self._steps.setVerticalSpacing(6)
        self._steps.setColumnStretch(1, 1)
        self._recent_title = heading(t("projects.recent"))
        inner = QWidget()
        inner.setObjectName("panelInner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self._buttons())
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addWidget(heading(t("projects.holds")))
        column.addWidget(self._hint)
        column.addLayout(self._steps)
        column.addWidget(quiet(t("projects.one_sheet")))
        column.addLayout(self._one_sheet())
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_title(self, title: str) -> None:
        """Name the project that is open."""
        self._title.setText(title)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer projects that were open before, the last first."""
        clear(self._recent)
        self._recent_title.setVisible(bool(paths))
        for path in paths:
            button = QPushButton(path.name.replace("&", "&&"))
            button.setFlat(True)
            button.setStyleSheet("text-align: left;")
            button.setToolTip(str(path))
            button.clicked.connect(lambda _=False, one=path: self.recent_wanted.emit(one))
            self._recent.addWidget(button)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show the checklist."""
        clear(self._steps)
        for place, row in enumerate(rows):
            self._steps.addWidget(plain(f"{place + 1}", "quiet", wrap=False), place, 0)
            self._steps.addWidget(plain(row.title, wrap=False), place, 1)
            self._steps.addWidget(Elided(row.state, _CHIPS[row.tone]), place, 2)
            bring = QPushButton(t("projects.import"))
            bring.setAccessibleName(t("projects.import_of", step=row.title))
            bring.setEnabled(row.can_import)
            bring.clicked.connect(lambda _=False, s=row.source: self.import_wanted.emit(s))
            self._steps.addWidget(bring, place, 3)
            if row.has_template:
                empty = QPushButton(t("projects.template"))
                empty.setToolTip(t("projects.template_tip"))
                empty.setAccessibleName(t("projects.template_of", step=row.title))
                empty.clicked.connect(lambda _=False, s=row.source: self.template_wanted.emit(s))
                self._steps.addWidget(empty, place, 4)

    def show_one_sheet(self, *, can_import: bool) -> None:
        """Say whether people and posts may come in now, both in one sheet."""
        self._both.setEnabled(can_import)

    def _one_sheet(self) -> WrappingRow:
        row = WrappingRow()
        self._both = QPushButton(t("projects.one_sheet_import"))
        self._both.clicked.connect(lambda: self.import_wanted.emit(ONE_SHEET))
        empty = QPushButton(t("projects.one_sheet_template"))
        empty.setToolTip(t("projects.template_tip"))
        empty.clicked.connect(lambda: self.template_wanted.emit(ONE_SHEET))
        row.addWidget(self._both)
        row.addWidget(empty)
        return row

    def _buttons(self) -> WrappingRow:
        row = WrappingRow()
        for text, signal, name in (
            (t("projects.new"), self.new_wanted, "primary"),
            (t("projects.open"), self.open_wanted, ""),
            (t("projects.example"), self.example_wanted, ""),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.clicked.connect(signal)
            row.addWidget(button)
        return row


class TitleDialog(QDialog):
    """Asks what a new project is called.

    Signals:
        named(str): the title; never empty.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("newProject")
        self.setWindowTitle(t("projects.new_title"))
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(t("projects.title_example"))
        box = QDialogButtonBox()
        self.go = box.addButton(t("projects.go"), QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(t("app.dialog.no"), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._take)
        box.rejected.connect(self.reject)
        self.go.setEnabled(False)
        self.edit.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        form = QFormLayout(self)
        form.addRow(t("projects.title"), self.edit)
        form.addRow(quiet(t("projects.title_hint")))
        form.addRow(box)

    def _take(self) -> None:
        self.accept()
        self.named.emit(self.edit.text().strip())
