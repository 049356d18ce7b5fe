"""The page of data quality: how complete the months are, what the checks found, what to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.page.heat import HeatCell, HeatTable
from gridmap.capabilities.quality.page.table import SEVERITY_COLUMN, FindingTable, Wanted
from gridmap.capabilities.quality.report import QualityReport, Shares
from gridmap.capabilities.quality.rules.findings import Finding, Severity
from gridmap.shell.chips import StatusChip
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import heading, plain, quiet, selectable
from gridmap.texts import t

_WITH_NOTES = "with notes"
# Beside the headings of the rows the paper shows.
_HEAT_SHEET = (
    "QHeaderView { background: transparent; }"
    " QHeaderView::section { padding: 4px 2px; }"
    " QTableCornerButton::section { background: transparent; border: 0; }"
)
_ROW = 24


@dataclass(frozen=True)
class QualityState:
    """What the page shows of a project."""

    report: QualityReport
    shares: Shares
    found_at: datetime | None
    read_only: bool

    def exclusion(self, finding: Finding) -> dict[str, Any] | None:
        """The latest exclusion that answers a finding, also a withdrawn one."""
        rows = self.report.exclusions
        same = rows[rows["finding_id"] == finding.identity].to_dict("records")
        return {str(name): value for name, value in same[-1].items()} if same else None

    @property
    def excluded(self) -> frozenset[str]:
        """The findings whose readings are left out."""
        rows = self.report.exclusions
        return frozenset(rows.loc[rows["withdrawn_at"].isna(), "finding_id"].dropna())


class QualityPage(QWidget):
    """Shows a `QualityState`. Emits intent.

    Signals:
        run_wanted(), cancel_wanted(): run the checks, stop them.
        figures_wanted(str): change the figures, of this check first.
        export_wanted(): write the report.
        show_wanted(Finding): show its readings in the dock.
        exclude_wanted(Finding), withdraw_wanted(Finding): leave its readings out, or no longer.
    """

    run_wanted = Signal()
    cancel_wanted = Signal()
    figures_wanted = Signal(str)
    export_wanted = Signal()
    show_wanted = Signal(object)
    exclude_wanted = Signal(object)
    withdraw_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state: QualityState | None = None
        self.heat, self.table = HeatTable(), FindingTable()
        self._make_parts()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(self._head())
        column.addLayout(_row(self._progress, self._cancel))
        column.addWidget(self._message)
        column.addWidget(self._body, 1)
        column.addStretch(0)
        self.show_progress(None)
        self.show_message(t("quality.page.no_project"))

    # --- showing --------------------------------------------------------------------------

    def show_message(self, text: str) -> None:
        """Say why there is nothing to see, and what to do."""
        self._state = None
        self._message.setText(text)
        self._message.show()
        self._body.hide()
        for button in (self.run, self.figures, self.export):
            button.setEnabled(False)
        self._when.clear()

    def show_state(self, state: QualityState) -> None:
        """Show completeness, findings and exclusions of a project."""
        self._state = state
        report = state.report
        figures = report.figures.of("completeness")
        self.heat.show_shares(state.shares, dict(report.names), figures["good"], figures["poor"])
        never = state.found_at is None and not report.findings
        self._message.setText(t("quality.page.press_run"))
        self._message.setVisible(never)
        self._body.show()
        self._list.setVisible(not never)
        at = state.found_at
        told = t("quality.page.found_at", at=f"{at:%Y-%m-%d %H:%M}") if at else ""
        self._when.setText(told or (t("quality.page.never") if never else ""))
        self._offer(report)
        self.table.show_findings(report.findings, report.names, state.excluded)
        self.run.setEnabled(True)
        self.figures.setEnabled(not state.read_only)
        self.export.setEnabled(True)
        for button in (self.figures, self.exclude_button, self.withdraw_button):
            button.setToolTip(t("quality.page.read_only") if state.read_only else "")
        self._after_filter()
        self.heat_view.scrollTo(self.heat.index(0, self.heat.columnCount() - 1))  # the latest

    def show_progress(self, fraction: float | None) -> None:
        """How far the checks are; None when none run."""
        running = fraction is not None
        self._progress.setVisible(running)
        self._cancel.setVisible(running)
        self._progress.setValue(round((fraction or 0.0) * 1000))
        self.run.setEnabled(not running and self._state is not None)

    def choose(self, identity: str) -> None:
        """Select a finding, if it is shown."""
        row = self.table.row_of(identity)
        if row is not None:
            self.list_view.selectRow(row)

    @property
    def chosen(self) -> Finding | None:
        """The finding selected."""
        index = self.list_view.currentIndex()
        return self.table.finding(index.row()) if index.isValid() else None

    # --- building -------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._message = quiet("")
        self._when = plain("", "quiet", wrap=False)
        self._count = plain("", "quiet", wrap=False)
        self.run = _button(t("quality.page.run"), self.run_wanted.emit, "primary")
        self.figures = _button(t("quality.page.figures"), self._wants_figures)
        self.export = _button(t("quality.page.export"), self.export_wanted.emit)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._cancel = _button(t("quality.page.cancel"), self.cancel_wanted.emit)
        self.check_box, self.station_box, self.severity_box = QComboBox(), QComboBox(), QComboBox()
        self.severity_box.addItem(t("quality.page.severities"), "")
        for severity in Severity:
            self.severity_box.addItem(words.severity_title(severity), str(severity))
        self.severity_box.addItem(t("quality.page.all_severities"), _WITH_NOTES)
        self.month = _button("", self._clear_month)
        self.month.hide()
        self._month = ""
        self.station_box.setMinimumContentsLength(14)
        self.severity_box.setMinimumContentsLength(14)
        for box in (self.check_box, self.station_box, self.severity_box):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(max(box.minimumContentsLength(), 10))
            box.currentIndexChanged.connect(lambda _: self._filter())
        self.heat_view, self.list_view = self._make_heat(), self._make_list()
        self._body = QSplitter(Qt.Orientation.Vertical)
        self._body.setChildrenCollapsible(False)
        upper, self._list = QWidget(), QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 4, 0, 6)
        column.addWidget(heading(t("quality.page.heading")))
        column.addWidget(self.heat_view, 1)
        column.addWidget(quiet(t("quality.page.legend")))
        self._fill_list()
        self._body.addWidget(upper)
        self._body.addWidget(self._list)
        self._body.setSizes([430, 430])

    def _fill_list(self) -> None:
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 8, 0, 0)
        filters = _row(
            self.check_box, self.station_box, self.severity_box, self.month, None, self._count
        )
        self._none = quiet(t("quality.page.none_fit"))
        self._title = plain("", "heading")
        self._told, self._how = selectable(""), selectable("", "quiet")
        self._answer = selectable("", "quiet")
        self.show_button = _button(t("quality.page.show"), self._emit(self.show_wanted))
        self.exclude_button = _button(t("quality.page.exclude"), self._emit(self.exclude_wanted))
        self.withdraw_button = _button(t("quality.page.withdraw"), self._emit(self.withdraw_wanted))
        column.addLayout(filters)
        column.addWidget(self._none)
        column.addWidget(self.list_view, 1)
        for label in (self._title, self._told, self._how, self._answer):
            column.addWidget(label)
        column.addLayout(_row(self.show_button, self.exclude_button, self.withdraw_button, None))

    def _head(self) -> WrappingRow:
        title = plain(t("quality.page.title"), "panelTitle", wrap=False)
        return _row(title, self._when, None, self.figures, self.export, self.run)

    def _make_heat(self) -> QTableView:
        view = QTableView()
        view.setModel(self.heat)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        view.horizontalHeader().setMinimumSectionSize(38)
        view.verticalHeader().setDefaultSectionSize(_ROW - 2)
        view.verticalHeader().setMaximumWidth(170)
        view.setCornerButtonEnabled(False)
        view.setStyleSheet(_HEAT_SHEET)
        view.setItemDelegate(HeatCell(view))
        view.clicked.connect(self._on_cell)
        view.activated.connect(self._on_cell)
        return view

    def _make_list(self) -> QTableView:
        view = QTableView()
        view.setModel(self.table)
        view.setItemDelegateForColumn(SEVERITY_COLUMN, StatusChip(view))
        view.setAlternatingRowColors(True)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW + 4)
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        for section, width in enumerate((72, 150, 100, 100, 212)):
            view.setColumnWidth(section, width)
        view.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        view.doubleClicked.connect(lambda _: self._emit(self.show_wanted)())
        return view

    # --- filters --------------------------------------------------------------------------

    def _offer(self, report: QualityReport) -> None:
        """Offer the checks and stations that have findings; keep what was chosen."""
        checks = dict.fromkeys(one.check for one in report.findings)
        stations = sorted({one.station for one in report.findings})
        for box, every, rows in (
            (self.check_box, t("quality.page.all_checks"),
             [(words.check_title(check), check) for check in checks]),
            (self.station_box, t("quality.page.all_stations"),
             [(words.named_station(report.names, code), code) for code in stations]),
        ):  # fmt: skip
            kept = box.currentData()
            with QSignalBlocker(box):
                box.clear()
                box.addItem(every, "")
                for title, value in rows:
                    box.addItem(title, value)
                box.setCurrentIndex(max(box.findData(kept), 0))
        self.table.wanted = self._wanted()

    def _wanted(self) -> Wanted:
        severity = self.severity_box.currentData()
        notes = severity == _WITH_NOTES
        return Wanted(
            self.check_box.currentData() or "", self.station_box.currentData() or "",
            self._month, "" if notes else severity, notes,
        )  # fmt: skip

    def _filter(self) -> None:
        self.table.show_only(self._wanted())
        self._after_filter()

    def _after_filter(self) -> None:
        shown, total = self.table.rowCount(), self.table.total
        self._count.setText(t("quality.page.count", shown=f"{shown:,}", total=f"{total:,}"))
        self._none.setVisible(not shown)
        self._show_chosen()

    def _on_cell(self, index: QModelIndex) -> None:
        """A cell filters by its station and month; the same cell again by nothing."""
        station, month = self.heat.key(index)
        same = (station, month) == (self.station_box.currentData(), self._month)
        station, month = ("", "") if same else (station, month)
        with QSignalBlocker(self.station_box):
            self.station_box.setCurrentIndex(max(self.station_box.findData(station), 0))
        self._month = month
        self.month.setText(t("quality.page.month", month=month))
        self.month.setVisible(bool(month))
        if same:
            self.heat_view.clearSelection()
        self._filter()
        if not same and self.table.rowCount():
            self.list_view.selectRow(0)

    def _clear_month(self) -> None:
        self._month = ""
        self.month.hide()
        self.heat_view.clearSelection()
        self._filter()

    # --- the chosen finding ---------------------------------------------------------------

    def _show_chosen(self) -> None:
        one, state = self.chosen, self._state
        buttons = (self.show_button, self.exclude_button, self.withdraw_button)
        if one is None or state is None:
            self._title.setText("")
            self._told.setText(t("quality.page.pick"))
            self._how.setText("")
            self._answer.setText("")
            for button in buttons:
                button.setEnabled(False)
            return
        names = state.report.names
        place = f"{words.named_station(names, one.station)} · {words.item_title(one.item)}"
        self._title.setText(f"{words.check_title(one.check)} · {place} · {words.span(one)}")
        self._told.setText(words.sentence(one))
        self._how.setText(words.explained(one.check, one.item, state.report.figures))
        exclusion = state.exclusion(one)
        self._answer.setText(_answered(exclusion))
        out = one.identity in state.excluded
        self.show_button.setEnabled(True)
        self.exclude_button.setEnabled(not out and not state.read_only)
        self.withdraw_button.setEnabled(out and not state.read_only)

    def _emit(self, signal: Any) -> Any:
        def emit() -> None:
            if self.chosen is not None:
                signal.emit(self.chosen)

        return emit

    def _wants_figures(self) -> None:
        self.figures_wanted.emit(self.chosen.check if self.chosen is not None else "")


def _answered(exclusion: dict[str, Any] | None) -> str:
    if exclusion is None:
        return ""
    facts = {"actor": exclusion["actor"], "at": f"{exclusion['at']:%Y-%m-%d %H:%M}"}
    if exclusion["withdrawn_by"]:
        return t("quality.page.withdrawn_by", withdrawn_by=exclusion["withdrawn_by"],
                 reason=exclusion["withdrawn_reason"], **facts)  # fmt: skip
    return t("quality.page.excluded_by", reason=exclusion["reason"], **facts)


def _button(title: str, clicked: Any, name: str = "") -> QPushButton:
    button = QPushButton(title)
    button.setObjectName(name)
    button.clicked.connect(lambda _=False: clicked())
    return button


def _row(*widgets: QWidget | QLayout | None) -> WrappingRow:
    """Widgets in a row; None stretches."""
    row = WrappingRow()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        elif isinstance(widget, QLayout):
            row.addLayout(widget)
        else:
            row.addWidget(widget, 1 if isinstance(widget, QProgressBar) else 0)
    return row
