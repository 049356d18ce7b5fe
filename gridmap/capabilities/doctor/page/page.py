"""The import doctor's page: what was found in a file, what is proposed, what will be loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTabWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.doctor.page.columns import ColumnRow, ColumnTable, Options
from gridmap.capabilities.doctor.page.shapes import Shapes, ShapeView
from gridmap.capabilities.doctor.page.table import (
    SEVERITY_COLUMN,
    FindingRow,
    FindingTable,
)
from gridmap.shell.chips import StatusChip
from gridmap.shell.data_page import PlainTable
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, heading, plain, quiet
from gridmap.texts import t

_WIDTHS: Final = (48, 64, 118, 90, 250, 150, 70)
_TEXT_HEIGHT: Final = 42
_LETTERS: Final = {"encoding": 8, "place": 16, "mode": 15}  # that a combo shows at least
_BELOW: Final = 140


@dataclass(frozen=True)
class DoctorView:
    """Everything the page shows of one examined source.

    The options are (value, title); the chosen value stands beside each. `asked` are what the
    file can be where nobody knows what it is, `headings` the rows that can be its heading.
    `blocked` says why nothing can be loaded yet, empty if something can. `stations`: whether the
    file names stations that a person may link.
    """

    sources: Options = ()
    source: str = ""
    targets: Options = ()
    target: str = ""
    asked: Options = ()
    headings: Options = ()
    heading: str = ""
    encodings: Options = ()
    encoding: str = ""
    places: Options = ()
    place: str = ""
    modes: Options = ()
    mode: str = ""
    chips: tuple[tuple[str, str], ...] = ()
    findings: tuple[FindingRow, ...] = ()
    columns: tuple[ColumnRow, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    loadable: int = 0
    blocked: str = ""
    can_undo: bool = False
    facts: str = ""
    subject: str = ""
    shapes: Shapes | None = None
    stations: bool = False


class DoctorPage(QWidget):
    """Shows a `DoctorView`; every answer is a signal, and the next view shows its effect.

    Signals:
        open_wanted(), paste_wanted(), dropped(paths): what to examine.
        chosen(name, value): another source, target, heading, encoding, place or mode; another
            meaning, unit or fixed value of a column (`columns.COLUMN`, `.UNIT`, `.FIXED`).
        answered(id, answer): a proposal was accepted, refused, or its answer taken back (None).
        stations_wanted(): link the stations of the file by hand.
        accept_all_wanted(), undo_wanted(), load_wanted(), export_wanted(), close_wanted().
        finding_chosen(lon, lat): look at a finding's place on the map.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    dropped = Signal(object)
    chosen = Signal(str, str)
    answered = Signal(str, object)
    stations_wanted = Signal()
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
        self._labels: dict[str, QLabel] = {}
        self._chips = WrappingRow()
        self._hint = quiet(t("app.doctor.hint"))
        self._blocked = plain("", "bad")
        self._facts = quiet("")
        self._subject = plain("", "quiet", wrap=False)
        self._view = self._finding_view()
        self._columns, self._evidence, self._shapes = ColumnTable(), _table(), ShapeView()
        self._columns.chosen.connect(self.chosen)
        self._question, self._kinds = self._asking()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(self._head())
        column.addLayout(self._chips)
        column.addLayout(self._choices())
        column.addWidget(self._facts)
        column.addWidget(self._hint)
        column.addWidget(self._question)
        column.addWidget(self._view, 1)
        column.addWidget(self._answering())
        column.addWidget(self._blocked)
        column.addLayout(self._buttons())
        self._below = QWidget()
        self._below.setMinimumHeight(_BELOW)
        column.addWidget(self._below, 1)
        self._fill_below()
        self.show_view(None)

    # --- showing --------------------------------------------------------------------------

    def show_view(self, view: DoctorView | None) -> None:
        """Show an examined source, or the invitation to bring one."""
        shown = view is not None
        view = view or DoctorView()
        for widget in (self._view, self._answers, self._below, *self._working):
            widget.setVisible(shown)
        self._ask(view.asked)
        self._hint.setVisible(not shown)
        self._facts.setText(view.facts)
        self._subject.setText(view.subject)
        self._facts.setVisible(bool(view.facts))
        for name, options, value in (
            ("source", view.sources, view.source), ("target", view.targets, view.target),
            ("heading", view.headings, view.heading),
            ("encoding", view.encodings, view.encoding), ("place", view.places, view.place),
            ("mode", view.modes, view.mode),
        ):  # fmt: skip
            self._offer(name, options, value)
        self._show_chips(view.chips)
        self._show_findings(view.findings)
        self._columns.show_rows(view.columns)
        self._shapes.show_shapes(view.shapes)
        self._beside.setTabVisible(0, view.shapes is not None)
        self._beside.setTabVisible(1, bool(view.evidence))
        self._beside.setVisible(view.shapes is not None or bool(view.evidence))
        _fill(self._evidence, ("read_as", "named", "territory", "rivers", "best"), view.evidence)
        self._load.setText(t("app.doctor.load", rows=f"{view.loadable:,}"))
        self._load.setEnabled(not view.blocked and view.loadable > 0)
        self._blocked.setText(t("app.doctor.blocked", what=view.blocked))
        self._blocked.setVisible(bool(view.blocked))
        self._undo.setEnabled(view.can_undo)
        self._stations.setVisible(view.stations)
        waiting = sum(row.waiting for row in view.findings)
        self._accept.setEnabled(bool(waiting))
        self._accept.setText(t("app.doctor.accept_all", count=waiting))

    def _offer(self, name: str, options: Options, value: str) -> None:
        combo = self._combos[name]
        combo.blockSignals(True)
        combo.clear()
        for key, title in options:
            combo.addItem(title, key)
        combo.setCurrentIndex(max(combo.findData(value), 0) if options else -1)
        combo.blockSignals(False)
        combo.setVisible(len(options) > 1)
        self._labels[name].setVisible(len(options) > 1)

    def _show_findings(self, rows: Sequence[FindingRow]) -> None:
        """Show other findings; what was open and chosen stays so."""
        view, model = self._view, self.findings
        current = view.currentIndex()
        chosen = model.at(current).id if current.isValid() else ""
        tops = [model.index(i, 0) for i in range(model.rowCount())]
        opened = {model.at(top).id for top in tops if view.isExpanded(top)}
        model.show_rows(rows)
        for name in opened:
            view.setExpanded(model.place_of(name), True)
        there = model.place_of(chosen)
        if there.isValid():
            blocked = self.blockSignals(True)  # the map stays where it is
            view.setCurrentIndex(there)
            self.blockSignals(blocked)
        self._tell(model.at(there) if there.isValid() else None)

    def _tell(self, row: FindingRow | None) -> None:
        """Say a finding in whole sentences, and offer the answers that there can be."""
        self._said.setPlainText("" if row is None else row.text)
        can = row is not None and row.proposes
        given = None if row is None else row.accepted
        mixed = row is not None and row.mixed
        for button, answer in zip(self._three, (True, False), strict=False):
            button.setEnabled(can and (mixed or given is not answer))
        self._three[2].setEnabled(can and (mixed or given is not None))

    def _ask(self, kinds: Options) -> None:
        clear(self._kinds)
        for value, title in kinds:
            button = QPushButton(title)
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit("target", value))
            self._kinds.addWidget(button)
        self._question.setVisible(bool(kinds))

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
        row.addStretch(1)
        for title, signal in (
            (t("app.doctor.open"), self.open_wanted),
            (t("app.batch.paste"), self.paste_wanted),
        ):
            row.addWidget(_button(title, signal))
        return row

    def _choices(self) -> WrappingRow:
        row = WrappingRow()
        row.setSpacing(8)
        for name in ("source", "target", "heading", "encoding", "place", "mode"):
            label = self._labels[name] = plain(t(f"app.doctor.choice.{name}"), "quiet", wrap=False)
            pair = QHBoxLayout()
            pair.setSpacing(4)
            pair.addWidget(label)
            pair.addWidget(self._combo(name))
            row.addLayout(pair)
        row.addStretch(1)
        return row

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(_LETTERS.get(name, 12))
        combo.setAccessibleName(t(f"app.doctor.choice.{name}"))
        combo.setToolTip(t(f"app.doctor.choice.{name}"))
        combo.activated.connect(lambda _: self.chosen.emit(name, str(combo.currentData())))
        self._combos[name] = combo
        return combo

    def _finding_view(self) -> QTreeView:
        view = QTreeView()
        view.setModel(self.findings)
        view.setAccessibleName(t("app.doctor.findings"))
        view.setAlternatingRowColors(True)
        view.setUniformRowHeights(True)
        view.setIndentation(14)
        view.setItemDelegateForColumn(SEVERITY_COLUMN, StatusChip(view))
        header = view.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(30)
        for section, width in enumerate(_WIDTHS):
            view.setColumnWidth(section, width)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        view.selectionModel().currentRowChanged.connect(self._on_row)
        return view

    def _asking(self) -> tuple[QWidget, WrappingRow]:
        """The question what a file is, with a button for each thing that it can be."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(t("app.doctor.what_is_it")))
        kinds = WrappingRow()
        column.addLayout(kinds)
        return whole, kinds

    def _answering(self) -> QWidget:
        """The chosen finding as whole sentences, and the three answers to its proposal."""
        self._answers = QWidget()
        row = QHBoxLayout(self._answers)
        row.setContentsMargins(0, 0, 0, 0)
        self._said = QPlainTextEdit()
        self._said.setReadOnly(True)
        self._said.setAccessibleName(t("app.doctor.column.meaning"))
        self._said.setPlaceholderText(t("app.doctor.choose_finding"))
        self._said.setFixedHeight(_TEXT_HEIGHT)
        row.addWidget(self._said, 1)
        self._three: list[QPushButton] = []
        for name, answer in (("accept", True), ("refuse", False), ("take_back", None)):
            button = QPushButton(t(f"app.doctor.{name}"))
            button.clicked.connect(lambda _=False, answer=answer: self._on_answer(answer))
            self._three.append(button)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return self._answers

    def _buttons(self) -> WrappingRow:
        self._load = _button("", self.load_wanted)
        self._load.setObjectName("primary")
        self._load.setToolTip(t("app.doctor.undoable"))
        self._accept = _button("", self.accept_all_wanted)
        self._undo = _button(t("app.doctor.undo"), self.undo_wanted)
        self._export = _button(t("app.doctor.export"), self.export_wanted)
        self._close = _button(t("app.batch.cancel"), self.close_wanted)
        self._working = (self._accept, self._load, self._undo, self._export, self._close)
        self._stations = _button(t("app.doctor.stations.link"), self.stations_wanted)
        self._stations.setToolTip(t("app.doctor.stations.tip"))
        row = WrappingRow()
        for button in (*self._working[:2], self._stations, *self._working[2:]):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _fill_below(self) -> None:
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 6, 0, 0)
        row.addWidget(_titled(t("app.doctor.columns"), self._columns), 3)
        self._beside = QTabWidget()
        self._beside.addTab(self._shapes, t("app.doctor.shapes"))
        self._beside.addTab(self._evidence, t("app.doctor.evidence"))
        row.addWidget(self._beside, 2)

    # --- intent ---------------------------------------------------------------------------

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.findings.at(current) if current.isValid() else None
        self._tell(row)
        if row is not None and row.lon is not None and row.lat is not None:
            self.finding_chosen.emit(row.lon, row.lat)

    def _on_answer(self, answer: bool | None) -> None:
        current = self._view.currentIndex()
        if current.isValid():
            self.answered.emit(self.findings.at(current).id, answer)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand local files and folders on."""
        local = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if local:
            self.dropped.emit(local)


def _titled(title: str, widget: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(heading(title))
    column.addWidget(widget, 1)
    return whole


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
