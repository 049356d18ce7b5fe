"""Batch assignment: a sheet of complaints in, every row with its owner or the reason why not."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.batch.page.reading import ReadingControls
from gridmap.capabilities.batch.page.table import BatchRow, BatchTable, status_title
from gridmap.capabilities.batch.work.assigning import BY_HAND, KINDS, NOT_FOUND
from gridmap.shell.chips import StatusChip, chip_colours
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import t

_STATUS_COLUMN = 3
_CHIP_MARGINS = 32


class BatchPage(QWidget):
    """The page at the left; the map beside it shows the same rows.

    Signals:
        open_wanted(), paste_wanted(): choose a sheet, take the clipboard.
        dropped(path): a file was dropped.
        export_wanted(), print_wanted(): write the answers, print their sums.
        undo_wanted(), redo_wanted(): take a correction back, make it again.
        cancel_wanted(): stop the assignment that runs.
        row_chosen(number): a row of the sheet was selected.
        correct_wanted(number): the row's place is to be set on the map.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    dropped = Signal(object)
    export_wanted = Signal()
    print_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    cancel_wanted = Signal()
    row_chosen = Signal(int)
    correct_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.table = BatchTable()
        self._chips: dict[str, QPushButton] = {}
        self._name = plain("", "quiet")
        self._sum = plain("", "quiet", wrap=False)
        self._bar = ShareBar()
        self.reading = ReadingControls()
        self._view = self._make_view()
        self._hint = quiet(t("app.batch.hint"))
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._cancel = QPushButton(t("app.batch.cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(self._head())
        column.addWidget(self.reading)
        column.addLayout(self._chip_row())
        column.addWidget(self._bar)
        column.addLayout(self._progress_row())
        column.addWidget(self._hint)
        column.addWidget(self._view, 1)
        column.addLayout(self._foot())
        self.show_progress(None)
        self.show_rows("", [], {})

    # --- showing --------------------------------------------------------------------------

    def show_rows(self, name: str, rows: Sequence[BatchRow], counts: Mapping[str, int]) -> None:
        """Show the answers of a sheet: rows, and how many of each status."""
        total = sum(counts.values())
        self._name.setText(t("app.batch.name", name=name, rows=f"{total:,}") if name else "")
        self.table.show_rows(rows)
        self._hint.setVisible(not rows)
        self._view.setVisible(bool(rows))
        for status, chip in self._chips.items():
            chip.setText(f"{status_title(status)} {counts.get(status, 0):,}")
            chip.setVisible(bool(rows))
        present = [counts[s] for s in KINDS if counts.get(s)]
        parts = " + ".join(f"{count:,}" for count in present)
        self._sum.setText(f"{total:,} = {parts} ✓" if parts else "")
        self._bar.show_shares([(s, counts.get(s, 0)) for s in KINDS])
        for button in (self._export, self._print, self._by_hand, self._correct):
            button.setEnabled(bool(rows))
        by_hand = sum(counts.get(status, 0) for status in BY_HAND)
        self._by_hand.setText(t("app.batch.by_hand", count=f"{by_hand:,}"))

    def show_steps(self, done: int | None, undone: int | None) -> None:
        """Offer to take back the correction of a row, and to make one again."""
        for button, key, number in (
            (self._undo, "app.batch.undo", done), (self._redo, "app.batch.redo", undone),
        ):  # fmt: skip
            button.setVisible(number is not None)
            button.setText(t(key, number=number or ""))

    def show_progress(self, fraction: float | None) -> None:
        """How far an assignment is; None when none runs."""
        self._progress.setVisible(fraction is not None)
        self._cancel.setVisible(fraction is not None)
        self._progress.setRange(0, 1000)
        self._progress.setValue(round((fraction or 0.0) * 1000))

    def choose(self, number: int) -> None:
        """Select a row of the sheet, if it is shown."""
        position = self.table.position_of(number)
        if position is not None:
            self._view.selectRow(position)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> WrappingRow:
        row = WrappingRow()
        row.addWidget(plain(t("app.batch.title"), "panelTitle", wrap=False))
        row.addWidget(self._name, 1)
        for title, signal in (
            (t("app.batch.open"), self.open_wanted),
            (t("app.batch.paste"), self.paste_wanted),
        ):
            button = QPushButton(title)
            button.clicked.connect(signal)
            row.addWidget(button)
        return row

    def _chip_row(self) -> WrappingRow:
        row = WrappingRow()
        for status in KINDS:
            ground, colour = chip_colours(status)
            chip = QPushButton(status_title(status))
            chip.setCheckable(True)
            chip.setChecked(True)
            chip.setStyleSheet(
                f"QPushButton {{ background: {ground}; color: {colour}; border: 1px solid"
                f" transparent; border-radius: 11px; padding: 2px 10px; }}"
                f"QPushButton:!checked {{ background: transparent; border-color: {colour}; }}"
            )
            chip.toggled.connect(lambda _: self._filter())
            self._chips[status] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _progress_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        return row

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.table)
        view.setItemDelegateForColumn(_STATUS_COLUMN, StatusChip(view))
        view.setAlternatingRowColors(True)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(30)
        header = view.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        metrics = view.fontMetrics()
        longest = max(metrics.horizontalAdvance(status_title(status)) for status in KINDS)
        for section, width in enumerate((56, 190, 170, longest + _CHIP_MARGINS, 120, 76)):
            view.setColumnWidth(section, width)
        view.selectionModel().currentRowChanged.connect(self._on_row)
        view.doubleClicked.connect(lambda index: self._on_row(index, QModelIndex()))
        return view

    def _foot(self) -> WrappingRow:
        self._export = QPushButton(t("app.batch.export"))
        self._export.setObjectName("primary")
        self._export.clicked.connect(self.export_wanted)
        self._by_hand = QPushButton(t("app.batch.by_hand", count="0"))
        self._by_hand.clicked.connect(lambda: self._only(BY_HAND))
        self._correct = QPushButton(t("app.batch.correct"))
        self._correct.clicked.connect(self._wants_correction)
        self._print = QPushButton(t("app.batch.print"))
        self._print.clicked.connect(self.print_wanted)
        self._undo, self._redo = QPushButton(), QPushButton()
        self._undo.clicked.connect(self.undo_wanted)
        self._redo.clicked.connect(self.redo_wanted)
        self.show_steps(None, None)
        row = WrappingRow()
        for button in (
            self._export, self._print, self._by_hand, self._correct, self._undo, self._redo,
        ):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._sum)
        return row

    # --- intent ---------------------------------------------------------------------------

    def _filter(self) -> None:
        shown = frozenset(status for status, chip in self._chips.items() if chip.isChecked())
        self.table.show_statuses(shown)

    def _only(self, statuses: frozenset[str]) -> None:
        for status, chip in self._chips.items():
            chip.setChecked(status in statuses)

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(self.table.row(current.row()).number)

    def _wants_correction(self) -> None:
        current = self._view.currentIndex()
        if current.isValid():
            self.correct_wanted.emit(self.table.row(current.row()).number)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand the first local file on."""
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.dropped.emit(Path(local[0]))


class ShareBar(QWidget):
    """A thin bar: the share of each status."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(6)
        self._shares: list[tuple[str, int]] = []

    def show_shares(self, shares: Sequence[tuple[str, int]]) -> None:
        """Show these counts, in this order."""
        self._shares = [(status, count) for status, count in shares if count]
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the shares side by side; the smallest stays visible."""
        total = sum(count for _, count in self._shares)
        if not total:
            return
        painter = QPainter(self)
        left = 0.0
        for status, count in self._shares:
            width = max(self.width() * count / total, 2.0)
            colour = QColor(chip_colours(status)[1])
            colour.setAlpha(150 if status in {"outside", NOT_FOUND} else 220)
            painter.fillRect(round(left), 0, round(width) + 1, self.height(), colour)
            left += width
        painter.end()
