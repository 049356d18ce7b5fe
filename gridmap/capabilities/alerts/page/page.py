"""The page of alerts: the list, filters, one alert in full, what can be done about it."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.alerts.page.detail import AlertDetail
from gridmap.capabilities.alerts.page.table import (
    GRADE_COLUMN,
    STATE_COLUMN,
    WHAT_COLUMN,
    AlertRow,
    AlertTable,
    Filter,
    GradeChip,
    TwoLines,
)
from gridmap.capabilities.alerts.rules import AlertGrade
from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.steps import Step
from gridmap.shell.card_html import message_html
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import t

_ROW_HEIGHT = 46
_GRADE_WIDTH, _STATE_WIDTH = 92, 100


class AlertsPage(QWidget):
    """Shows alerts. Emits intent.

    Signals:
        evaluate_wanted(full): evaluate what has arrived, or everything anew.
        cancel_wanted(): stop the evaluation that runs.
        rules_wanted(), export_wanted(): edit the rules, write the list.
        alert_chosen(alert_id): a row was selected.
        step_wanted(Step): do something about the alert shown.
        trace_wanted(): trace the alert shown upstream.
    """

    evaluate_wanted = Signal(bool)
    cancel_wanted = Signal()
    rules_wanted = Signal()
    export_wanted = Signal()
    alert_chosen = Signal(str)
    step_wanted = Signal(object)
    trace_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = AlertTable()
        self._detail: AlertDetail | None = None
        self._writable, self._busy, self._evaluated = False, False, False
        self._counts = plain("", "quiet", wrap=False)
        self._hint = quiet("")
        self._due = plain("", "warnChip")
        self.view = self._make_view()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addLayout(self._filters())
        column.addLayout(self._progress_row())
        column.addWidget(self._due)
        column.addWidget(self._hint)
        column.addWidget(self._split(), 1)
        column.addLayout(self._foot())
        self.show_progress(None)
        self.show_alerts([], writable=False, evaluated=False)
        self.show_detail(None)

    # --- showing --------------------------------------------------------------------------

    @property
    def detail(self) -> AlertDetail | None:
        """The alert shown in full."""
        return self._detail

    def show_alerts(
        self, rows: Sequence[AlertRow], *, writable: bool, evaluated: bool, due: str = ""
    ) -> None:
        """Show the alerts of a project.

        Args:
            rows: all of them, the gravest first.
            writable: whether something can be done about them.
            evaluated: whether the rules were ever evaluated.
            due: that they have to be again, in words; nothing where that is not so.
        """
        self._writable, self._evaluated = writable, evaluated
        self._due.setText(due)
        self._due.setVisible(bool(due) and writable)
        with QSignalBlocker(self.view.selectionModel()):
            self.table.show_rows(rows)
        self._tell()

    def show_detail(self, detail: AlertDetail | None) -> None:
        """Show one alert in full; None shows how to choose one."""
        self._detail = detail
        self.text.setHtml(message_html(t("alerts.page.choose")) if detail is None else detail.html)
        self._enable()

    def select(self, alert_id: str) -> bool:
        """Select an alert without telling anybody; False if it is not in the list shown."""
        position = self.table.position_of(alert_id)
        if position is None:
            return False
        index = self.table.index(position, 0)
        how = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        with QSignalBlocker(self.view.selectionModel()):
            self.view.selectionModel().setCurrentIndex(index, how)
        self.view.viewport().update()
        self.view.scrollTo(index)
        return True

    def show_progress(self, fraction: float | None) -> None:
        """How far an evaluation is; None when none runs."""
        self._busy = fraction is not None
        self._progress.setVisible(self._busy)
        self._cancel.setVisible(self._busy)
        self._progress.setValue(round((fraction or 0.0) * 1000))
        self._enable()

    def _tell(self) -> None:
        """Say how many there are, or why there are none."""
        live, shown = sum(row.live for row in self.table.every), self.table.rowCount()
        self._counts.setText(t("alerts.page.counts", open=live, shown=shown))
        hint = ""
        if not self._writable:
            hint = t("alerts.page.read_only")
        elif not self._evaluated:
            hint = t("alerts.page.empty")
        elif not shown:
            hint = t("alerts.page.nothing_live")
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._enable()

    def _enable(self) -> None:
        free = self._writable and not self._busy
        for button in (self._evaluate, self._full, self._rules):
            button.setEnabled(free)
        self._export.setEnabled(self.table.rowCount() > 0)
        allowed = self._detail.allowed if self._detail is not None else ()
        for step, button in self.steps.items():
            button.setEnabled(free and step in allowed)
        alert = None if self._detail is None else self._detail.alert
        self.trace.setEnabled(alert is not None and alert.medium == "water")
        # What cannot be done is not offered: a closed alert is reopened, an open one is not.
        self.steps[Step.REOPEN].setVisible(Step.REOPEN in allowed)
        for step in (Step.ACKNOWLEDGE, Step.ASSIGN, Step.CLOSE):
            self.steps[step].setVisible(Step.REOPEN not in allowed)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> WrappingRow:
        self._evaluate = QPushButton(t("alerts.page.evaluate"))
        self._evaluate.setObjectName("primary")
        self._evaluate.setToolTip(t("alerts.page.evaluate_tip"))
        self._evaluate.clicked.connect(lambda: self.evaluate_wanted.emit(False))
        self._full = QPushButton(t("alerts.page.full"))
        self._full.clicked.connect(lambda: self.evaluate_wanted.emit(True))
        self._rules = QPushButton(t("alerts.page.rules"))
        self._rules.clicked.connect(self.rules_wanted)
        self._export = QPushButton(t("alerts.page.export"))
        self._export.clicked.connect(self.export_wanted)
        row = WrappingRow()
        row.addWidget(plain(t("alerts.page.title"), "panelTitle", wrap=False))
        row.addWidget(self._counts)
        row.addStretch(1)
        for button in (self._evaluate, self._full, self._rules, self._export):
            row.addWidget(button)
        return row

    def _filters(self) -> WrappingRow:
        self.live, self.grade, self.medium = QComboBox(), QComboBox(), QComboBox()
        self.live.addItem(t("alerts.page.live"), True)
        self.live.addItem(t("alerts.page.all"), False)
        self.grade.addItem(t("alerts.page.any_grade"), int(AlertGrade.BLUE))
        for grade in (AlertGrade.YELLOW, AlertGrade.ORANGE, AlertGrade.RED):
            self.grade.addItem(t("alerts.page.and_graver", grade=grade_title(grade)), int(grade))
        self.medium.addItem(t("alerts.page.any_medium"), "")
        self.medium.addItem(t("alerts.medium.water"), "water")
        self.medium.addItem(t("alerts.medium.air"), "air")
        self.search = QLineEdit()
        self.search.setPlaceholderText(t("alerts.page.search"))
        self.search.setAccessibleName(t("alerts.page.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(140)
        self.search.textChanged.connect(lambda _: self._filter())
        row = WrappingRow()
        row.addWidget(self.search, 1)
        for combo in (self.live, self.grade, self.medium):
            combo.setAccessibleName(combo.itemText(0))
            combo.currentIndexChanged.connect(lambda _: self._filter())
            row.addWidget(combo)
        row.addStretch(1)
        return row

    def _progress_row(self) -> QHBoxLayout:
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._cancel = QPushButton(t("alerts.page.cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        return row

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.table)
        view.setItemDelegateForColumn(GRADE_COLUMN, GradeChip(view))
        view.setItemDelegateForColumn(WHAT_COLUMN, TwoLines(view))
        view.setAlternatingRowColors(True)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(WHAT_COLUMN, QHeaderView.ResizeMode.Stretch)
        view.setColumnWidth(GRADE_COLUMN, _GRADE_WIDTH)
        view.setColumnWidth(STATE_COLUMN, _STATE_WIDTH)
        view.selectionModel().currentRowChanged.connect(self._on_row)
        return view

    def _split(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(self.text)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.setSizes([320, 400])
        return split

    def _foot(self) -> WrappingRow:
        titles = {
            Step.ACKNOWLEDGE: t("alerts.page.acknowledge"),
            Step.ASSIGN: t("alerts.page.assign"),
            Step.CLOSE: t("alerts.page.close"),
            Step.REOPEN: t("alerts.page.reopen"),
        }
        self.steps = {step: QPushButton(title) for step, title in titles.items()}
        row = WrappingRow()
        for step, button in self.steps.items():
            button.clicked.connect(lambda _=False, wanted=step: self.step_wanted.emit(wanted))
            row.addWidget(button)
        row.addStretch(1)
        self.trace = QPushButton(t("tracing.page.run"))
        self.trace.setToolTip(t("tracing.page.run_tip"))
        self.trace.clicked.connect(self.trace_wanted)
        row.addWidget(self.trace)
        return row

    # --- intent ---------------------------------------------------------------------------

    def _filter(self) -> None:
        chosen = Filter(
            bool(self.live.currentData()), int(self.grade.currentData()),
            str(self.medium.currentData()), self.search.text(),
        )  # fmt: skip
        with QSignalBlocker(self.view.selectionModel()):
            self.table.use(chosen)
        self._tell()
        if self._detail is not None and not self.select(self._detail.alert.alert_id):
            self.show_detail(None)

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.alert_chosen.emit(self.table.row(current.row()).alert_id)
