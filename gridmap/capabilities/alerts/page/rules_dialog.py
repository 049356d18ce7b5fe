"""The dialog of alert rules: all of them as a table, new ones, some for certain stations only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.alerts.page.rule_form import (
    FIGURES,
    WHOLE,
    Place,
    RuleForm,
    is_used,
    items_told,
    stations_told,
)
from gridmap.capabilities.alerts.rules import EVERY_STATION, AlertGrade, AlertRule
from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.rule_files import (
    AlertRuleError,
    made_rule,
    rule_data,
    shipped_rules,
)
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import GridMapError, Text, pick, t

_ENABLED, _NAME, _GRADE, _FIRST_FIGURE = range(4)
_STATIONS: Final = _FIRST_FIGURE + len(FIGURES)
_CONFIDENCE: Final = _STATIONS + 1
_SOURCE: Final = _CONFIDENCE + 1
_FIXED: Final = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled

Save = Callable[[list[AlertRule], list[str]], None]


class RulesDialog(QDialog):
    """The rules as a table; `save` is called with those that are new or changed, and ids gone.

    What is wrong is said with rule and field, and nothing is saved.
    """

    def __init__(
        self,
        rules: Mapping[str, AlertRule],
        places: Sequence[Place],
        save: Save,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("alertRules")
        self.setWindowTitle(t("alerts.rules.title"))
        self.resize(1120, 620)
        self._before, self._rules = dict(rules), list(rules.values())
        self._places, self._save = places, save
        self._names = {place.code: place.name for place in places}
        self.table = QTableWidget(0, _SOURCE + 1)
        self.message = plain("", "bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(quiet(t("alerts.rules.hint")))
        column.addLayout(self._upper())
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(self._lower())
        self._dress()
        self._fill()
        self.save_button.setFocus()

    # --- building -------------------------------------------------------------------------

    def _upper(self) -> WrappingRow:
        row = WrappingRow()
        self.buttons = {}
        for name, act in (
            ("new", self._ask_new), ("edit", self._ask_edit), ("apart", self._ask_apart),
            ("remove", self._remove),
        ):  # fmt: skip
            button = self.buttons[name] = QPushButton(t(f"alerts.rules.{name}"))
            button.setToolTip(t(f"alerts.rules.{name}_tip"))
            button.clicked.connect(lambda _=False, wanted=act: wanted())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _lower(self) -> WrappingRow:
        row = WrappingRow()
        defaults = QPushButton(t("alerts.rules.defaults"))
        defaults.clicked.connect(self._take_defaults)
        dismiss = QPushButton(t("alerts.rules.dismiss"))
        dismiss.clicked.connect(self.reject)
        self.save_button = QPushButton(t("alerts.rules.save"))
        self.save_button.setObjectName("primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._accept)
        row.addWidget(defaults)
        row.addStretch(1)
        row.addWidget(dismiss)
        row.addWidget(self.save_button)
        return row

    def _dress(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels([
            t("alerts.rules.enabled"), t("alerts.rules.name"), t("alerts.rules.grade"),
            *(t(f"alerts.rules.{name}") for name in FIGURES), t("alerts.rules.stations"),
            t("alerts.rules.confidence"), t("alerts.rules.source"),
        ])  # fmt: skip
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        table.itemSelectionChanged.connect(self._enable)
        table.doubleClicked.connect(self._on_double)

    def _fill(self, chosen: int = -1) -> None:
        table = self.table
        table.setRowCount(len(self._rules))
        for row, rule in enumerate(self._rules):
            self._fill_row(row, rule)
        table.resizeColumnsToContents()
        table.setColumnWidth(_NAME, 240)
        table.setColumnWidth(_GRADE, 124)
        table.setColumnWidth(_STATIONS, 130)
        table.setColumnWidth(_SOURCE, 110)
        table.setCurrentCell(chosen, _NAME if chosen >= 0 else -1)
        self._enable()

    def _fill_row(self, row: int, rule: AlertRule) -> None:
        enabled = QTableWidgetItem()
        enabled.setFlags(_FIXED | Qt.ItemFlag.ItemIsUserCheckable)
        enabled.setCheckState(Qt.CheckState.Checked if rule.enabled else Qt.CheckState.Unchecked)
        self.table.setItem(row, _ENABLED, enabled)
        title = pick(rule.title.as_dict())
        texts = {
            _NAME: (title, f"{title}\n{t(f'alerts.kind.{rule.kind}')} · {items_told(rule)}"),
            _STATIONS: (stations_told(rule, self._names),) * 2,
            _CONFIDENCE: (t(f"alerts.confidence.{rule.confidence}"),) * 2,
            _SOURCE: (self._source(rule),) * 2,
        }
        for place, (text, tip) in texts.items():
            item = QTableWidgetItem(text)
            item.setFlags(_FIXED)
            item.setToolTip(tip)
            self.table.setItem(row, place, item)
        self.table.setCellWidget(row, _GRADE, self._grade_box(rule))
        for number, name in enumerate(FIGURES):
            value = getattr(rule, name)
            used = is_used(rule.kind, rule.against, name)
            item = QTableWidgetItem(f"{value:g}" if used and value is not None else "—")
            item.setFlags(_FIXED | Qt.ItemFlag.ItemIsEditable if used else _FIXED)
            self.table.setItem(row, _FIRST_FIGURE + number, item)

    def _source(self, rule: AlertRule) -> str:
        if rule.id not in shipped_rules():
            return rule.source
        return rule.standard or t("alerts.words.product_default")

    def _grade_box(self, rule: AlertRule) -> QComboBox:
        box = QComboBox()
        for grade in AlertGrade:
            box.addItem(grade_title(grade), int(grade))
        box.setCurrentIndex(box.findData(int(rule.grade)))
        box.setEnabled(not rule.tiers)  # tiers bring their own
        return box

    # --- rules that come, change and go ---------------------------------------------------

    def _enable(self) -> None:
        row = self.table.currentRow()
        chosen = 0 <= row < len(self._rules)
        self.buttons["edit"].setEnabled(chosen)
        self.buttons["apart"].setEnabled(chosen)
        # A shipped rule is switched off, not removed.
        own = chosen and self._rules[row].id not in shipped_rules()
        self.buttons["remove"].setEnabled(own)

    def _on_double(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._ask_edit()

    def _ask_new(self) -> None:
        if self._committed():
            self._open(None, lambda rule: self._put([*self._rules, rule], len(self._rules)))

    def _ask_edit(self) -> None:
        row = self.table.currentRow()
        if row >= 0 and self._committed():
            self._open(self._rules[row], lambda rule: self._exchange(row, rule))

    def _exchange(self, row: int, rule: AlertRule) -> None:
        self._put([*self._rules[:row], rule, *self._rules[row + 1 :]], row)

    def _ask_apart(self) -> None:
        row = self.table.currentRow()
        if row >= 0 and self._committed():
            self._open(self._rules[row], lambda rule: self._part(row, rule), copies=True)

    def _part(self, row: int, own: AlertRule) -> None:
        """A copy with figures of its own; the rule copied leaves the copy's stations out."""
        base = self._rules[row]
        if EVERY_STATION not in own.stations:
            left_out = tuple(dict.fromkeys([*base.without, *own.stations]))
            base = replace(base, without=left_out)
        rules = [*self._rules[:row], base, own, *self._rules[row + 1 :]]
        self._put(rules, row + 1)

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0 and self._committed():
            self._put([*self._rules[:row], *self._rules[row + 1 :]], -1)

    def _open(
        self, rule: AlertRule | None, done: Callable[[AlertRule], None], *, copies: bool = False
    ) -> None:
        taken = {one.id for one in self._rules} | set(self._before)
        RuleForm(rule, self._places, taken, done, copies=copies, parent=self).open()

    def _put(self, rules: list[AlertRule], chosen: int) -> None:
        self._rules = rules
        self._fill(chosen)

    def _take_defaults(self) -> None:
        self._put([shipped_rules().get(rule.id, rule) for rule in self._rules], -1)
        self.message.setText("")

    # --- taking ---------------------------------------------------------------------------

    def _committed(self) -> bool:
        """Take what stands in the table; False, and said, where that is no rule."""
        try:
            self._rules = [self._made(row, rule) for row, rule in enumerate(self._rules)]
        except GridMapError as error:
            self.message.setText(str(error))
            return False
        self.message.setText("")
        return True

    def _accept(self) -> None:
        if not self._committed():
            return
        self.accept()
        changed = [rule for rule in self._rules if self._before.get(rule.id) != rule]
        kept = {rule.id for rule in self._rules}
        gone = [name for name in self._before if name not in kept]
        if changed or gone:
            self._save(changed, gone)

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        """A cell; one that was emptied counts as an empty text."""
        return self.table.item(row, column) or QTableWidgetItem("")

    def _made(self, row: int, rule: AlertRule) -> AlertRule:
        """The rule as the table has it.

        Raises:
            AlertRuleError: naming rule and field.
        """
        box: Any = self.table.cellWidget(row, _GRADE)
        checked = self._cell(row, _ENABLED).checkState() == Qt.CheckState.Checked
        entry = {**rule_data(rule), "enabled": checked, "grade": int(box.currentData())}
        for number, name in enumerate(FIGURES):
            if not is_used(rule.kind, rule.against, name):
                continue
            text = self._cell(row, _FIRST_FIGURE + number).text().strip()
            try:
                entry[name] = int(text) if name in WHOLE else float(text)
            except ValueError:
                self.table.setCurrentCell(row, _FIRST_FIGURE + number)
                raise AlertRuleError(
                    "alerts.rules.number", rule=pick(rule.title.as_dict()),
                    field=Text(f"alerts.rules.{name}"), text=text,
                ) from None  # fmt: skip
        try:
            return made_rule(entry, t("alerts.rules.title"), pick(rule.title.as_dict()))
        except AlertRuleError as error:
            field = str(error.facts["field"])
            if field in FIGURES:
                self.table.setCurrentCell(row, _FIRST_FIGURE + FIGURES.index(field))
            raise
