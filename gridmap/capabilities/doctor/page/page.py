"""The import doctor's page: what was found in a file, what is proposed, what will be loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.doctor.page.table import SEVERITY_COLUMN, FindingRow, FindingTable
from gridmap.shell.chips import StatusChip
from gridmap.shell.data_page import PlainTable
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, heading, plain, quiet
from gridmap.texts import t

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class DoctorView:
    """Everything the page shows of one examined source.

    The options are (value, title); the chosen value stands beside each. `blocked` says why
    nothing can be loaded yet, empty if something can.
    """

    sources: Options = ()
    source: str = ""
    targets: Options = ()
    target: str = ""
    encodings: Options = ()
    encoding: str = ""
    places: Options = ()
    place: str = ""
    modes: Options = ()
    mode: str = ""
    chips: tuple[tuple[str, str], ...] = ()
    findings: tuple[FindingRow, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    loadable: int = 0
    blocked: str = ""
    can_undo: bool = False
    facts: str = ""
    subject: str = ""


class DoctorPage(QWidget):
    """Shows a `DoctorView`; every answer is a signal, and the next view shows its effect.

    Signals:
        open_wanted(), paste_wanted(), dropped(paths): what to examine.
        chosen(name, value): another source, target, encoding, place or mode.
        answered(id, accepted): a proposal was accepted or refused.
        accept_all_wanted(), undo_wanted(), load_wanted(), export_wanted(), close_wanted().
        finding_chosen(lon, lat): look at a finding's place on the map.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    dropped = Signal(object)
    chosen = Signal(str, str)
    answered = Signal(str, bool)
    accept_all_wanted = Signal()
    undo_wanted = Signal()
    load_wanted = Signal()
    export_wanted = Signal()
    close_wanted = Signal()
    finding_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.findings = FindingTable()
        self.findings.answered.connect(self.answered)
        self._combos: dict[str, QComboBox] = {}
        self._chips = WrappingRow()
        self._hint = quiet(t("app.doctor.hint"))
        self._blocked = plain("", "bad")
        self._facts = quiet("")
        self._subject = plain("", "quiet", wrap=False)
        self._view = self._finding_view()
        self._columns, self._evidence = _table(), _table()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(self._head())
        column.addLayout(self._chips)
        column.addLayout(self._choices())
        column.addWidget(self._facts)
        column.addWidget(self._hint)
        column.addWidget(self._view, 3)
        column.addWidget(self._blocked)
        column.addLayout(self._buttons())
        self._below = QWidget()
        column.addWidget(self._below, 2)
        self._fill_below()
        self.show_view(None)

    # --- showing --------------------------------------------------------------------------

    def show_view(self, view: DoctorView | None) -> None:
        """Show an examined source, or the invitation to bring one."""
        shown = view is not None
        view = view or DoctorView()
        for widget in (self._view, self._below, *self._working):
            widget.setVisible(shown)
        self._hint.setVisible(not shown)
        self._facts.setText(view.facts)
        self._subject.setText(view.subject)
        self._facts.setVisible(bool(view.facts))
        for name, options, value in (
            ("source", view.sources, view.source), ("target", view.targets, view.target),
            ("encoding", view.encodings, view.encoding), ("place", view.places, view.place),
            ("mode", view.modes, view.mode),
        ):  # fmt: skip
            self._offer(name, options, value)
        self._show_chips(view.chips)
        self.findings.show_rows(view.findings)
        _fill(self._columns, ("file", "field", "reason", "sample"), view.columns)
        _fill(self._evidence, ("read_as", "named", "territory", "rivers", "best"), view.evidence)
        self._load.setText(t("app.doctor.load", rows=f"{view.loadable:,}"))
        self._load.setEnabled(not view.blocked and view.loadable > 0)
        self._blocked.setText(t("app.doctor.blocked", what=view.blocked))
        self._blocked.setVisible(bool(view.blocked))
        self._undo.setEnabled(view.can_undo)
        self._accept.setEnabled(any(row.proposes and not row.accepted for row in view.findings))

    def _offer(self, name: str, options: Options, value: str) -> None:
        combo = self._combos[name]
        combo.blockSignals(True)
        combo.clear()
        for key, title in options:
            combo.addItem(title, key)
        combo.setCurrentIndex(max(combo.findData(value), 0) if options else -1)
        combo.blockSignals(False)
        combo.setVisible(len(options) > 1)

    def _show_chips(self, chips: Sequence[tuple[str, str]]) -> None:
        clear(self._chips)
        for tone, text in chips:
            self._chips.addWidget(Elided(text, f"{tone}Chip"))
        self._chips.addStretch(1)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> WrappingRow:
        row = WrappingRow()
        row.addWidget(plain(t("app.doctor.title"), "panelTitle", wrap=False))
        row.addWidget(self._subject)
        for name in ("source", "target"):
            row.addWidget(self._combo(name), 1)
        row.addStretch(1)
        for title, signal in (
            (t("app.doctor.open"), self.open_wanted),
            (t("app.batch.paste"), self.paste_wanted),
        ):
            row.addWidget(_button(title, signal))
        return row

    def _choices(self) -> WrappingRow:
        row = WrappingRow()
        for name in ("encoding", "place", "mode"):
            row.addWidget(self._combo(name))
        row.addStretch(1)
        return row

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(t(f"app.doctor.choice.{name}"))
        combo.setToolTip(t(f"app.doctor.choice.{name}"))
        combo.currentIndexChanged.connect(
            lambda _: self.chosen.emit(name, str(combo.currentData()))
        )
        self._combos[name] = combo
        return combo

    def _finding_view(self) -> QTableView:
        view = _table()
        view.setModel(self.findings)
        view.setItemDelegateForColumn(SEVERITY_COLUMN, StatusChip(view))
        view.verticalHeader().setDefaultSectionSize(30)
        for section, width in enumerate((34, 66, 150, 140, 330)):
            view.setColumnWidth(section, width)
        view.selectionModel().currentRowChanged.connect(self._on_row)
        return view

    def _buttons(self) -> WrappingRow:
        self._load = _button("", self.load_wanted)
        self._load.setObjectName("primary")
        self._accept = _button(t("app.doctor.accept_all"), self.accept_all_wanted)
        self._undo = _button(t("app.doctor.undo"), self.undo_wanted)
        self._export = _button(t("app.doctor.export"), self.export_wanted)
        self._close = _button(t("app.batch.cancel"), self.close_wanted)
        self._working = (self._accept, self._load, self._undo, self._export, self._close)
        row = WrappingRow()
        for button in self._working:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(quiet(t("app.doctor.undoable")))
        return row

    def _fill_below(self) -> None:
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 6, 0, 0)
        for title, table, stretch in (
            (t("app.doctor.columns"), self._columns, 3),
            (t("app.doctor.evidence"), self._evidence, 2),
        ):
            column = QVBoxLayout()
            column.addWidget(heading(title))
            column.addWidget(table)
            row.addLayout(column, stretch)

    # --- intent ---------------------------------------------------------------------------

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            row = self.findings.row(current.row())
            if row.lon is not None and row.lat is not None:
                self.finding_chosen.emit(row.lon, row.lat)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand local files and folders on."""
        local = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if local:
            self.dropped.emit(local)


def _button(title: str, signal: object) -> QPushButton:
    button = QPushButton(title)
    button.clicked.connect(signal)
    return button


def _table() -> QTableView:
    view = QTableView()
    view.setAlternatingRowColors(True)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return view


def _fill(view: QTableView, names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    model = PlainTable([t(f"app.doctor.column.{name}") for name in names], rows)
    model.setParent(view)
    view.setModel(model)
    view.resizeColumnsToContents()
