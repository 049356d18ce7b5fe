"""The page of the river network: plan, findings, posts that are not in order, tools for the map."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.rivers.page.posts import PostsList
from gridmap.capabilities.rivers.page.rows import rows_table
from gridmap.capabilities.rivers.report.network import (
    finding_words,
    kind_title,
    state_title,
)
from gridmap.capabilities.rivers.rules.building import NetRules
from gridmap.capabilities.rivers.rules.findings import NetFinding, NetKind
from gridmap.report.titles import named
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.pieces import clear, plain, quiet
from gridmap.shell.theme import tokens
from gridmap.texts import t

TOOLS: Final = ("none", "outlet", "flip", "split", "join", "sluice", "chiefs")
_TIERS: Final = ("township", "county", "village")


class NetworkPage(QWidget):
    """Shows a plan or the network as it is. Emits intent.

    Signals:
        plan_wanted(): plan with the rules and the tier chosen.
        write_wanted(): write the plan.
        cancel_wanted(): stop what is under way.
        accept_wanted(str): bridge the gap with this id.
        finding_chosen(NetFinding), post_chosen(PostGap): a row was chosen.
        tool_chosen(str): one of `TOOLS`.
        appoint_wanted(tuple): a chief is wanted for the reaches picked on the map, and for these.
    """

    plan_wanted = Signal()
    write_wanted = Signal()
    cancel_wanted = Signal()
    accept_wanted = Signal(str)
    finding_chosen = Signal(object)
    post_chosen = Signal(object)
    tool_chosen = Signal(str)
    appoint_wanted = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._findings: list[NetFinding] = []
        self._shown: list[NetFinding] = []
        self._message = quiet(t("network.hint"))
        self._chips = WrappingRow()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 0)
        self._stop = QPushButton(t("network.cancel"))
        self._stop.clicked.connect(self.cancel_wanted)
        under_way = QHBoxLayout()
        under_way.addWidget(self._progress, 1)
        under_way.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addLayout(self._options())
        column.addLayout(self._tools())
        column.addLayout(under_way)
        column.addWidget(self._message)
        column.addLayout(self._filters())
        self.table, self._model = rows_table(
            [t("network.column.kind"), t("network.column.state"), t("network.column.what")],
            t("network.findings"),
        )
        self.table.setColumnWidth(0, 140)
        self.table.setColumnWidth(1, 76)
        self.table.selectionModel().currentRowChanged.connect(lambda at, _: self._on_row(at.row()))
        column.addWidget(self.table, 3)
        self._said = plain("")
        self._said.hide()
        column.addWidget(self._said)
        self.posts = PostsList()
        self.posts.chosen.connect(self.post_chosen)
        self.posts.appoint_wanted.connect(self.appoint_wanted)
        column.addWidget(self.posts, 2)
        self.show_busy(busy=False)
        self.show_findings([], {}, planned=False)

    # --- what is chosen -------------------------------------------------------------------

    @property
    def rules(self) -> NetRules:
        """The distances chosen."""
        return NetRules(snap_m=self._snap.value(), bridge_m=self._bridge.value())

    @property
    def tier(self) -> str:
        """The tier to split by, "" for none."""
        return str(self._tier.currentData())

    @property
    def tool(self) -> str:
        """The tool for clicks on the map."""
        return TOOLS[self._group.checkedId()]

    def use_tool(self, name: str) -> None:
        """Take a tool in hand."""
        self._group.button(TOOLS.index(name)).click()

    def choose(self, snap_m: float, bridge_m: float, tier: str) -> None:
        """Show what the project was built with."""
        self._snap.setValue(snap_m)
        self._bridge.setValue(bridge_m)
        self._tier.setCurrentIndex(max(self._tier.findData(tier), 0))

    def choose_finding(self, finding: NetFinding) -> None:
        """Choose a finding in the list, if it is shown."""
        if finding in self._shown:
            self.table.selectRow(self._shown.index(finding))

    # --- showing --------------------------------------------------------------------------

    @property
    def shown(self) -> list[NetFinding]:
        """The findings in the list."""
        return list(self._shown)

    def show_message(self, text: str) -> None:
        """Say what this is, or why there is nothing."""
        self._message.setText(text)

    def show_busy(self, *, busy: bool) -> None:
        """Whether something is under way that can be stopped."""
        self._progress.setVisible(busy)
        self._stop.setVisible(busy)
        self._plan.setEnabled(not busy)

    def show_outlets(self, count: int) -> None:
        """How many outlets are set."""
        self._outlets.setText(t("network.outlets", count=count))

    def show_findings(
        self, findings: Sequence[NetFinding], rivers: Mapping[str, str], *, planned: bool
    ) -> None:
        """List findings, those that wait first; `rivers` names the lines; a plan can be written."""
        self._rivers = rivers
        self._findings = sorted(findings, key=lambda one: (one.resolved, one.kind, -one.metres))
        self._write.setEnabled(planned)
        counts = Counter(one.kind for one in findings)
        chosen = self._kind.currentData()
        self._kind.blockSignals(True)
        self._kind.clear()
        self._kind.addItem(t("network.all_kinds", count=len(findings)), "")
        for kind in NetKind:
            if counts[kind]:
                title = t("network.one_kind", kind=kind_title(kind), count=counts[kind])
                self._kind.addItem(title, kind.value)
        self._kind.setCurrentIndex(max(self._kind.findData(chosen), 0))
        self._kind.blockSignals(False)
        self._show_chips(sum(one.resolved for one in findings), len(findings))
        self._filter()

    def _show_chips(self, resolved: int, total: int) -> None:
        clear(self._chips)
        waiting = total - resolved
        texts = [
            (t("network.chip_open", count=waiting), "warn" if waiting else "good"),
            (t("network.chip_done", count=resolved), "quiet"),
        ]
        for text, tone in texts if total else ():
            self._chips.addWidget(Elided(text, f"{tone}Chip"))

    def _filter(self) -> None:
        kind = self._kind.currentData()
        self._shown = [
            one
            for one in self._findings
            if kind in ("", None, one.kind.value)
            and not (self._only_open.isChecked() and one.resolved)
        ]
        rows = [
            (kind_title(one.kind), state_title(one), finding_words(one, self._rivers))
            for one in self._shown
        ]
        tones = ["certain" if one.resolved else "warning" for one in self._shown]
        self._model.show_rows(rows, tones)
        self._said.hide()
        self._accept.setEnabled(False)

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            one = self._shown[row]
            self._accept.setEnabled(one.kind is NetKind.GAP)
            self._said.setText(finding_words(one, self._rivers))
            self._said.show()
            self.finding_chosen.emit(one)

    def _on_accept(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self._shown):
            self.accept_wanted.emit(self._shown[row].id)

    # --- parts ----------------------------------------------------------------------------

    def _head(self) -> WrappingRow:
        row = WrappingRow()
        row.addWidget(plain(t("network.title"), "panelTitle", wrap=False))
        row.addStretch(1)
        self._plan = QPushButton(t("network.plan"))
        self._plan.clicked.connect(self.plan_wanted)
        self._write = QPushButton(t("network.write"))
        self._write.setObjectName("primary")
        self._write.clicked.connect(self.write_wanted)
        row.addWidget(self._plan)
        row.addWidget(self._write)
        return row

    def _options(self) -> WrappingRow:
        row = WrappingRow()
        usual = NetRules()
        self._snap, self._bridge = QDoubleSpinBox(), QDoubleSpinBox()
        for box, most, key, value in (
            (self._snap, 500.0, "network.snap", usual.snap_m),
            (self._bridge, 10_000.0, "network.bridge", usual.bridge_m),
        ):
            box.setRange(0.0, most)
            box.setDecimals(0)
            box.setPrefix(t(key))
            box.setSuffix(t("network.metres"))
            box.setValue(value)
            box.setAccessibleName(t(key))
            box.setMinimumHeight(30)
            row.addWidget(box)
        self._tier = QComboBox()
        self._tier.addItem(t("network.whole"), "")
        for tier in _TIERS:
            self._tier.addItem(t("network.split_by", tier=named("tier", tier)), tier)
        self._tier.setCurrentIndex(1)
        row.addWidget(self._tier)
        row.addStretch(1)
        self._outlets = quiet(t("network.outlets", count=0))
        self._outlets.setWordWrap(False)
        row.addWidget(self._outlets)
        return row

    def _tools(self) -> WrappingRow:
        row = WrappingRow()
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for number, name in enumerate(TOOLS):
            button = QPushButton(t(f"network.tool.{name}"))
            button.setCheckable(True)
            button.setStyleSheet(
                f"QPushButton:checked {{ background: {tokens()['shared_ground']};"
                f" color: {tokens()['accent_dark']}; border-color: {tokens()['accent_dark']}; }}"
            )
            button.setChecked(number == 0)
            if name != "none":
                button.setToolTip(t(f"network.tip.{name}"))
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(lambda number: self.tool_chosen.emit(TOOLS[number]))
        row.addStretch(1)
        return row

    def _filters(self) -> WrappingRow:
        row = WrappingRow()
        row.setSpacing(8)
        self._kind = QComboBox()
        self._kind.setAccessibleName(t("network.column.kind"))
        self._kind.setMinimumWidth(150)
        self._kind.currentIndexChanged.connect(lambda _: self._filter())
        self._only_open = QCheckBox(t("network.only_open"))
        self._only_open.toggled.connect(lambda _: self._filter())
        self._accept = QPushButton(t("network.accept"))
        self._accept.clicked.connect(self._on_accept)
        row.addWidget(self._kind)
        row.addWidget(self._only_open)
        row.addLayout(self._chips)
        row.addStretch(1)
        row.addWidget(self._accept)
        return row
