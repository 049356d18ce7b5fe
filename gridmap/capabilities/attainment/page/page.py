"""The page of attainment and ranking: a period, a line of sums, a table for each question."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.attainment.page.periods import KINDS, name_of
from gridmap.capabilities.attainment.rules import Months
from gridmap.report.document import SheetTable
from gridmap.shell.cell_table import CellTable, cell_view
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, plain, quiet
from gridmap.texts import t


class AttainmentPage(QWidget):
    """Shows an assessment. Emits intent.

    Signals:
        kind_chosen(str): a kind of period, of `KINDS`.
        period_chosen(Months): a period to assess.
        station_chosen(str): a row of a station was chosen.
        cancel_wanted(): stop the assessment that runs.
        export_wanted(): write the tables.
    """

    kind_chosen = Signal(str)
    period_chosen = Signal(object)
    station_chosen = Signal(str)
    cancel_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._message = quiet(t("attainment.hint"))
        self._chips = WrappingRow()
        self._chips.setSpacing(8)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 100)
        self._progress.hide()
        self.cancel = QPushButton(t("attainment.cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        self.cancel.hide()
        under_way = QHBoxLayout()
        under_way.addWidget(self._progress, 1)
        under_way.addWidget(self.cancel)
        self._export = QPushButton(t("attainment.export"))
        self._export.clicked.connect(self.export_wanted)
        self._export.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(self._head())
        column.addLayout(self._chips)
        column.addLayout(under_way)
        column.addWidget(self._message)
        column.addWidget(self.tabs, 1)
        self.tabs.hide()

    @property
    def kind(self) -> str:
        """The kind of period chosen."""
        return str(self._kinds.currentData())

    @property
    def period(self) -> Months | None:
        """The period chosen."""
        found = self._periods.currentData()
        return found if isinstance(found, Months) else None

    @property
    def period_name(self) -> str:
        """The period chosen, in words."""
        return self._periods.currentText()

    def show_periods(self, found: Sequence[Months]) -> None:
        """Offer these periods, the first chosen."""
        with QSignalBlocker(self._periods):
            self._periods.clear()
            for period in found:
                self._periods.addItem(name_of(self.kind, period), period)
        self._periods.setEnabled(bool(found))

    def choose_period(self, place: int) -> None:
        """Choose one of the periods offered."""
        self._periods.setCurrentIndex(place)

    def show_message(self, text: str) -> None:
        """Say why there is nothing, or what is under way."""
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def show_progress(self, share: float | None) -> None:
        """How far the assessment is, 0–1; None when it is over."""
        self._progress.setVisible(share is not None)
        self.cancel.setVisible(share is not None)
        if share is not None:
            self._progress.setValue(round(share * 100))

    def show_tables(self, tables: Sequence[SheetTable], chips: Sequence[tuple[str, str]]) -> None:
        """Show an assessment: its tables, and sums as (text, "good" | "warn" | "bad" | "quiet")."""
        current = self.tabs.currentIndex()
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if old is not None:
                old.deleteLater()
        for table in tables:
            self.tabs.addTab(self._view(table), f"{table.title} {len(table.rows)}")
        self.tabs.setCurrentIndex(max(current, 0))
        self._show_chips(chips)
        self.tabs.setVisible(bool(tables))
        self._export.setEnabled(bool(tables))

    def _show_chips(self, chips: Sequence[tuple[str, str]]) -> None:
        clear(self._chips)
        for text, tone in chips:
            self._chips.addWidget(Elided(text, f"{tone}Chip"))
        self._chips.addStretch(1)

    def _view(self, table: SheetTable) -> QWidget:
        if not table.rows:
            label = quiet(t("attainment.empty", table=table.title))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            return label
        return cell_view(CellTable(table), self.station_chosen.emit)

    def _head(self) -> WrappingRow:
        row = WrappingRow()
        row.setSpacing(8)
        row.addWidget(plain(t("attainment.title"), "panelTitle", wrap=False))
        row.addStretch(1)
        self._kinds = QComboBox()
        for kind in KINDS:
            self._kinds.addItem(t(f"attainment.kind.{kind}"), kind)
        self._kinds.setAccessibleName(t("attainment.period"))
        self._kinds.setToolTip(t("attainment.period"))
        self._kinds.currentIndexChanged.connect(lambda _: self.kind_chosen.emit(self.kind))
        self._periods = QComboBox()
        self._periods.setAccessibleName(t("attainment.which"))
        self._periods.setToolTip(t("attainment.which"))
        self._periods.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._periods.setMinimumWidth(150)
        self._periods.setEnabled(False)
        self._periods.currentIndexChanged.connect(
            lambda _: self.period_chosen.emit(self._periods.currentData())
        )
        for widget in (self._kinds, self._periods, self._export):
            row.addWidget(widget)
        return row
