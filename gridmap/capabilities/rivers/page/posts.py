"""Posts of reaches that are not in order, and the button that appoints somebody to many."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QVBoxLayout, QWidget

from gridmap.capabilities.rivers.page.rows import rows_table
from gridmap.capabilities.rivers.report.network import gap_words
from gridmap.capabilities.rivers.work.posts import PostGap, PostGapKind
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import heading, quiet
from gridmap.texts import t

_GAP_TONES: Final = {
    PostGapKind.NOBODY: "error", PostGapKind.EXPIRED: "warning", PostGapKind.DOUBLE: "hint",
}  # fmt: skip


class PostsList(QWidget):
    """Lists what is not in order; several rows can be selected.

    Signals:
        chosen(PostGap): a row was chosen.
        appoint_wanted(tuple): a chief is wanted for the reaches picked on the map, and for these.
    """

    chosen = Signal(object)
    appoint_wanted = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._posts: list[PostGap] = []
        self._picked = 0
        self._button = QPushButton()
        self._button.setToolTip(t("network.appoint.tip"))
        self._button.clicked.connect(lambda: self.appoint_wanted.emit(self.selected))
        head = WrappingRow()
        head.addWidget(heading(t("network.posts")))
        head.addStretch(1)
        head.addWidget(self._button)
        self._message = quiet("")
        self.table, self._model = rows_table(
            [t("network.column.kind"), t("network.column.what")], t("network.posts")
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        rows = self.table.selectionModel()
        rows.selectionChanged.connect(lambda *_: self._count())
        rows.currentRowChanged.connect(
            lambda at, _: self.chosen.emit(self._posts[at.row()]) if at.isValid() else None
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._message)
        column.addWidget(self.table, 1)
        self.show_posts([])

    @property
    def selected(self) -> tuple[str, ...]:
        """Codes of the reaches whose rows are selected."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(dict.fromkeys(self._posts[row].reach for row in rows))

    def show_posts(self, posts: Sequence[PostGap]) -> None:
        """List these."""
        self._posts = list(posts)
        rows = [(t(f"network.gap.{one.kind}"), gap_words(one)) for one in posts]
        self._model.show_rows(rows, [_GAP_TONES[one.kind] for one in posts])
        self.table.setVisible(bool(posts))
        self._message.setText("" if posts else t("network.posts_fine"))
        self._message.setVisible(not posts)
        self._count()

    def show_picked(self, count: int) -> None:
        """How many reaches are picked on the map."""
        self._picked = count
        self._count()

    def _count(self) -> None:
        count = self._picked + len(self.selected)
        self._button.setEnabled(bool(count))
        self._button.setText(
            t("network.appoint.some" if count else "network.appoint.none", count=count)
        )
