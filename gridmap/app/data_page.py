"""What the project holds: editions of its layers and the log of its changes."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from gridmap.app.pieces import heading, plain, quiet
from gridmap.output import wording
from gridmap.project.answering import AnsweringProject
from gridmap.texts import has, pick, t

Row = tuple[str, ...]
_Index = QModelIndex | QPersistentModelIndex
_LATEST = 200


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
    """Tables of editions and changes; `show_facts` fills them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editions, self._log = _table(), _table()
        self._chain = quiet("")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(plain(t("app.data.title"), "panelTitle"))
        column.addWidget(heading(t("app.data.editions")))
        column.addWidget(self._editions, 3)
        column.addWidget(heading(t("app.data.log")))
        column.addWidget(self._chain)
        column.addWidget(self._log, 2)

    def show_facts(self, editions: Sequence[Row], log: Sequence[Row], chain: str) -> None:
        """Show tables made by `facts_of`."""
        names = ("layer", "rows", "date", "accuracy", "status", "source")
        self._set(self._editions, names, editions)
        self._set(self._log, ("when", "what", "who", "note"), log)
        self._chain.setText(chain)

    @staticmethod
    def _set(view: QTableView, names: Sequence[str], rows: Sequence[Row]) -> None:
        model = PlainTable([t(f"app.data.{name}") for name in names], rows)
        model.setParent(view)
        view.setModel(model)
        view.resizeColumnsToContents()


def facts_of(project: AnsweringProject) -> tuple[list[Row], list[Row], str]:
    """Editions, log and the state of the log's chain as texts. Not for the GUI thread."""
    editions: list[Row] = [
        (
            pick(project.declarations[edition.layer_id].title.as_dict()),
            f"{edition.rows:,}",
            wording.day(edition.edition_date) if edition.edition_date else "—",
            f"±{wording.distance(edition.accuracy_m)}",
            status_title(edition.data_status),
            edition.source,
        )
        for edition in project.editions().values()
    ]
    frame = project.log().iloc[::-1].head(_LATEST)
    log: list[Row] = [
        (f"{row.at:%Y-%m-%d %H:%M}", str(row.action), str(row.actor or "—"), str(row.note or ""))
        for row in frame.itertuples()
    ]
    found = project.verify_log()
    if found.ok:
        chain = t("app.data.chain_ok", count=found.entries)
    else:
        chain = t("app.data.chain_broken", revision=found.first_bad)
    return editions, log, chain


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
