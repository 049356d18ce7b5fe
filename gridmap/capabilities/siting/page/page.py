"""The page of siting: what is asked, how far the solver is, the proposal with its reasons."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.siting.page.curve import CurveView
from gridmap.capabilities.siting.work.ground import DemandKind, Medium
from gridmap.capabilities.siting.work.siting import Asked, SitingAnswer
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import t

_MOST: Final = 200
_FARTHEST: Final = 200_000
_LINES: Final = "QListWidget::item { border-bottom: 1px solid #e6ebef; padding: 5px 0; }"
_CLEAR: Final = "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
_ROLE: Final = Qt.ItemDataRole.UserRole


class SitingPage(QWidget):
    """Shows a proposal. Emits intent.

    Signals:
        solve_wanted(), cancel_wanted(), back_wanted(), export_wanted(): the buttons.
        medium_chosen(Medium): water or air.
        site_chosen(int): the rank of a site of the list, 0 for none.
    """

    solve_wanted = Signal()
    cancel_wanted = Signal()
    back_wanted = Signal()
    export_wanted = Signal()
    medium_chosen = Signal(object)
    site_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._weights: dict[DemandKind, QDoubleSpinBox] = {}
        self._headline, self._sentence = plain("", "panelTitle"), quiet("")
        self._good, self._doubt = plain("", "good"), plain("", "warn")
        self.sites = QListWidget()
        self.sites.setWordWrap(True)
        self.sites.setStyleSheet(_LINES)
        self.sites.setFrameShape(QListWidget.Shape.NoFrame)
        self.sites.setAccessibleName(t("siting.section.sites"))
        self.sites.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sites.currentRowChanged.connect(self._on_row)
        self.curve = CurveView()
        self.sums = plain("")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.sites, t("siting.section.sites"))
        self.tabs.addTab(self._gains(), t("siting.section.curve"))
        self.tabs.addTab(self._weight_tab(), t("siting.basis.weights"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.setSpacing(7)
        column.addWidget(plain(t("siting.page.title"), "panelTitle", wrap=False))
        column.addLayout(self._settings())
        column.addLayout(self._buttons())
        column.addLayout(self._progress_row())
        for label in (self._headline, self._sentence, self._good, self._doubt):
            column.addWidget(label)
        column.addWidget(self.tabs, 1)
        self.show_nothing(t("siting.page.hint"))
        self.show_busy(busy=False)

    # --- what is chosen -------------------------------------------------------------------

    @property
    def asked(self) -> Asked:
        """The question as it stands on the page."""
        return Asked(
            medium=Medium(self.medium.currentData()),
            count=self.count.value(),
            distance_m=float(self.distance.value()),
            moves=self.moves.value(),
            backup=self.backup.isChecked() and self.backup.isEnabled(),
            weights=tuple((kind.value, box.value()) for kind, box in self._weights.items()),
            curve=True,
        )

    def set_figures(
        self, medium: Medium, distance_m: float, weights: Mapping[DemandKind, float]
    ) -> None:
        """Show the figures of the project for a medium, without telling."""
        with QSignalBlocker(self.medium):
            self.medium.setCurrentIndex(self.medium.findData(medium.value))
        self.distance.setValue(round(distance_m))
        self.backup.setEnabled(medium is Medium.WATER)
        while self._weight_rows.rowCount():
            self._weight_rows.removeRow(0)
        self._weights = {}
        for kind, value in weights.items():
            box = QDoubleSpinBox()
            box.setRange(0.0, 1000.0)
            box.setDecimals(2)
            box.setSingleStep(0.1)
            box.setValue(value)
            box.setObjectName(f"weight_{kind.value}")
            name = t(f"siting.weight.{medium.value}_{kind.value}")
            box.setAccessibleName(name)
            self._weights[kind] = box
            self._weight_rows.addRow(quiet(name), box)

    def choose(self, rank: int) -> None:
        """Mark a site of the list, without telling."""
        with QSignalBlocker(self.sites):
            self.sites.setCurrentRow(rank - 1)

    # --- what is shown --------------------------------------------------------------------

    def show_busy(self, *, busy: bool, share: float = 0.0) -> None:
        """How far the work is."""
        self._progress.setVisible(busy)
        self.cancel.setVisible(busy)
        self.solve.setEnabled(not busy)
        self._progress.setValue(round(share * 100))

    def show_nothing(self, message: str) -> None:
        """No proposal, and why."""
        for label in (self._headline, self._good, self._doubt):
            label.hide()
        self._sentence.setText(message)
        self.sites.clear()
        self.curve.show_answer(None)
        self.sums.setText("")
        for button in (self.export_button, self.back):
            button.setEnabled(False)

    def show_proposal(
        self,
        answer: SitingAnswer,
        told: tuple[str, str, str],
        sites: Sequence[str],
        sums: Sequence[str],
        *,
        proven: bool,
    ) -> None:
        """Show a proposal: headline, sentence and proof; a text for each site; sums by kind."""
        headline, sentence, proof = told
        self._headline.setText(headline)
        self._headline.show()
        self._sentence.setText(sentence)
        for label, mine in ((self._good, proven), (self._doubt, not proven)):
            label.setText(proof if mine else "")
            label.setVisible(mine)
        row = self.sites.currentRow()
        with QSignalBlocker(self.sites):
            self.sites.clear()
            for place, text in enumerate(sites):
                item = QListWidgetItem(text)
                item.setData(_ROLE, place + 1)
                self.sites.addItem(item)
            self.sites.setCurrentRow(row if row < len(sites) else -1)
        self.curve.show_answer(answer)
        self.sums.setText("\n".join(sums))
        self.export_button.setEnabled(True)
        self.back.setEnabled(answer.by_hand)

    def _on_row(self, row: int) -> None:
        self.site_chosen.emit(row + 1)

    # --- building -------------------------------------------------------------------------

    def _settings(self) -> QGridLayout:
        self.medium = QComboBox()
        for medium in Medium:
            self.medium.addItem(t(f"siting.page.{medium.value}"), medium.value)
        self.medium.currentIndexChanged.connect(
            lambda _: self.medium_chosen.emit(Medium(self.medium.currentData()))
        )
        self.count, self.moves, self.distance = QSpinBox(), QSpinBox(), QSpinBox()
        self.count.setRange(0, _MOST)
        self.count.setValue(3)
        self.moves.setRange(0, _MOST)
        self.distance.setRange(1, _FARTHEST)
        self.distance.setSingleStep(500)
        self.distance.setSuffix(" m")
        self.backup = QCheckBox(t("siting.page.backup"))
        self.backup.setToolTip(t("siting.basis.backup_text"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        fields = (
            (t("siting.page.medium"), self.medium), (t("siting.page.distance"), self.distance),
            (t("siting.page.count"), self.count), (t("siting.page.moves"), self.moves),
        )  # fmt: skip
        for place, (text, field) in enumerate(fields):
            label = quiet(text)
            label.setWordWrap(False)
            label.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(label, place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _buttons(self) -> WrappingRow:
        self.solve = QPushButton(t("siting.page.solve"))
        self.solve.setObjectName("primary")
        self.solve.clicked.connect(self.solve_wanted)
        self.back = QPushButton(t("siting.page.back"))
        self.back.setToolTip(t("siting.page.back_tip"))
        self.back.clicked.connect(self.back_wanted)
        self.export_button = QPushButton(t("siting.page.export"))
        self.export_button.clicked.connect(self.export_wanted)
        row = WrappingRow()
        for widget in (self.solve, self.backup, self.back, self.export_button):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _progress_row(self) -> QHBoxLayout:
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 100)
        self.cancel = QPushButton(t("siting.page.cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        row.addWidget(self._progress, 1)
        row.addWidget(self.cancel)
        return row

    def _gains(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(4, 6, 4, 6)
        column.addWidget(self.curve)
        column.addWidget(self.sums)
        column.addStretch(1)
        return _scrolling(inner)

    def _weight_tab(self) -> QWidget:
        inner = QWidget()
        self._weight_rows = _form(inner)
        return _scrolling(inner)


def _form(parent: QWidget) -> "_Rows":
    rows = _Rows(parent)
    rows.setContentsMargins(4, 6, 4, 6)
    return rows


class _Rows(QVBoxLayout):
    """Labelled fields below each other; rows can be taken away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[QWidget] = []
        self.addStretch(1)

    def rowCount(self) -> int:  # noqa: N802  like QFormLayout
        """How many rows."""
        return len(self._rows)

    def addRow(self, label: QLabel, field: QWidget) -> None:  # noqa: N802
        """Put a row below the others."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label, 1)
        line.addWidget(field)
        label.setBuddy(field)
        self.insertWidget(len(self._rows), row)
        self._rows.append(row)

    def removeRow(self, place: int) -> None:  # noqa: N802
        """Take a row away."""
        row = self._rows.pop(place)
        self.removeWidget(row)
        row.deleteLater()


def _scrolling(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setStyleSheet(_CLEAR)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
