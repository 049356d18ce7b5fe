"""What the project holds: editions of its layers and the log of its changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gridmap.intake.doctor import CATALOGUE
from gridmap.report import wording
from gridmap.shell.actions import title_of
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import heading, plain, quiet
from gridmap.store import Edition
from gridmap.store.history import LogEntry
from gridmap.store.project import Project
from gridmap.texts import has, pick, t

Row = tuple[str, ...]
_Index = QModelIndex | QPersistentModelIndex
_LATEST = 200
_EDITION_COLUMNS = (
    "layer", "rows", "held", "complete", "date", "age", "accuracy", "crs", "status", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the page shows: rows of the tables, the layers in the order of the first."""

    layer_ids: tuple[str, ...]
    editions: tuple[Row, ...]
    log: tuple[Row, ...]
    chain: str
    read_only: bool
    undo: str = ""


class PlainTable(QAbstractTableModel):
    """Rows of texts under a heading."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Row]) -> None:
        super().__init__()
        self._heads, self._rows = tuple(heads), tuple(rows)

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802  Qt's form
        """How many rows."""
        return len(self._rows)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many columns."""
        return len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """A cell's text, also as its tool tip."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._rows[index.row()][index.column()]
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """A column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._heads[section]
        return None


class DataPage(QWidget):
    """The data catalogue: editions with their facts, and the log of changes.

    Signals:
        import_wanted(): load more data.
        export_wanted(layer_id): write a layer to a file for others.
        undo_wanted(): take the last change back.
        remove_wanted(layer_id): take all features of a layer out of the project.
        operator_named(name): who works, for the log.
        phones_wanted(): show phone numbers in full, or hide them again.
    """

    import_wanted = Signal()
    export_wanted = Signal(str)
    undo_wanted = Signal()
    remove_wanted = Signal(str)
    operator_named = Signal(str)
    phones_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer_ids: list[str] = []
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editions, self._log = _table(), _table()
        self._chain = quiet("")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(plain(t("app.data.title"), "panelTitle"))
        column.addLayout(self._buttons())
        column.addWidget(heading(t("app.data.editions")))
        column.addWidget(self._editions, 3)
        column.addWidget(heading(t("app.data.log")))
        column.addLayout(self._who())
        column.addWidget(self._chain)
        column.addWidget(self._log, 2)

    def show_operator(self, name: str, *, phones: bool) -> None:
        """Who stands in the log, and whether phone numbers are shown in full."""
        self._operator.setText(name)
        self._phones.setText(t("app.data.hide_phones" if phones else "app.data.show_phones"))

    def _who(self) -> WrappingRow:
        self._operator = QLineEdit()
        self._operator.setMaximumWidth(180)
        self._operator.setAccessibleName(t("app.data.operator"))
        self._operator.editingFinished.connect(
            lambda: self.operator_named.emit(self._operator.text().strip())
        )
        self._phones = QPushButton()
        self._phones.clicked.connect(self.phones_wanted)
        row = WrappingRow()
        row.addWidget(plain(t("app.data.operator"), "quiet", wrap=False))
        row.addWidget(self._operator)
        row.addWidget(self._phones)
        row.addStretch(1)
        return row

    def show_facts(self, facts: Facts) -> None:
        """Show tables made by `facts_of`."""
        self._layer_ids = list(facts.layer_ids)
        self._set(self._editions, _EDITION_COLUMNS, facts.editions)
        self._set(self._log, ("when", "what", "who", "note"), facts.log)
        self._chain.setText(facts.chain)
        for button in self._writing:
            button.setEnabled(not facts.read_only)
        self._phones.setEnabled(not facts.read_only)
        self._undo.setText(facts.undo or title_of("undo"))
        self._undo.setEnabled(bool(facts.undo) and not facts.read_only)

    def _buttons(self) -> WrappingRow:
        load = QPushButton(t("app.data.load"))
        load.setObjectName("primary")
        load.clicked.connect(self.import_wanted)
        undo, remove = QPushButton(title_of("undo")), QPushButton(t("app.data.remove"))
        self._undo = undo
        export = QPushButton(t("app.data.export"))
        export.clicked.connect(lambda: self._emit_chosen(self.export_wanted))
        undo.clicked.connect(self.undo_wanted)
        remove.clicked.connect(lambda: self._emit_chosen(self.remove_wanted))
        self._writing = (load, undo, remove)
        row = WrappingRow()
        row.addWidget(load)
        row.addWidget(export)
        row.addWidget(undo)
        row.addWidget(remove)
        row.addStretch(1)
        return row

    def _emit_chosen(self, signal: SignalInstance) -> None:
        """Emit a signal with the layer chosen in the table, if one is."""
        current = self._editions.currentIndex()
        if current.isValid():
            signal.emit(self._layer_ids[current.row()])

    @staticmethod
    def _set(view: QTableView, names: Sequence[str], rows: Sequence[Row]) -> None:
        model = PlainTable([t(f"app.data.{name}") for name in names], rows)
        model.setParent(view)
        view.setModel(model)
        view.resizeColumnsToContents()


def facts_of(project: Project, today: date) -> Facts:
    """Editions, log and the state of the log's chain as texts. Not for the GUI thread.

    Completeness is the share of declared cells that are filled; age counts days from the
    edition's date to `today`.
    """
    present = project.editions()
    editions = [_edition_row(project, edition, today) for edition in present.values()]
    frame = project.log().iloc[::-1].head(_LATEST)
    log: list[Row] = [
        (
            f"{row.at:%Y-%m-%d %H:%M}",
            action_title(str(row.action)),
            str(row.actor or "—"),
            str(row.note or ""),
        )
        for row in frame.itertuples()
    ]
    found = project.verify_log()
    if found.ok:
        chain = t("app.data.chain_ok", count=found.entries)
    else:
        chain = t("app.data.chain_broken", revision=found.first_bad)
    next_one = project.to_undo()
    undo = "" if next_one is None else undo_title(project, next_one)
    return Facts(tuple(present), tuple(editions), tuple(log), chain, project.read_only, undo)


def action_title(action: str) -> str:
    """What the log calls an action, in words."""
    key = f"app.log.{action.replace(' ', '_')}"
    return t(key) if has(key) else action


def undo_title(project: Project, entry: LogEntry) -> str:
    """What would be taken back: 撤销：导入 网格单元."""
    layers = [
        pick(project.declarations[name].title.as_dict())
        for name in entry.detail.get("layers", [entry.note])
        if name in project.declarations
    ]
    about = t("verdict.join.names").join(layers) or entry.note
    return t("app.data.undo_of", what=" ".join((action_title(entry.action), about)).strip())


def _edition_row(project: Project, edition: Edition, today: date) -> Row:
    declaration = project.declarations[edition.layer_id]
    frame = project.layer(edition.layer_id)
    cells = frame[[field.name for field in declaration.fields]]
    filled = float(cells.notna().to_numpy().mean()) if len(cells) else 0.0
    dated = edition.edition_date
    return (
        pick(declaration.title.as_dict()),
        f"{edition.rows:,}",
        _held_back(project, edition.layer_id),
        f"{filled:.0%}",
        wording.day(dated) if dated else "—",
        t("app.data.days", days=(today - dated).days) if dated else "—",
        f"±{wording.distance(edition.accuracy_m)}",
        edition.crs_of_source,
        status_title(edition.data_status),
        edition.source,
    )


def _held_back(project: Project, layer_id: str) -> str:
    """How many rows the imports of a layer held back, as its catalogue says."""
    entries = project.settings.get(f"{CATALOGUE}{layer_id}", [])
    return f"{sum(entry['held_back'] for entry in entries):,}" if entries else "—"


def status_title(status: str) -> str:
    """How a `data_status` is called."""
    key = f"app.data_status.{status}"
    return t(key) if has(key) else status


def _table() -> QTableView:
    view = QTableView()
    view.setAlternatingRowColors(True)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setShowGrid(False)
    view.verticalHeader().hide()
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return view
