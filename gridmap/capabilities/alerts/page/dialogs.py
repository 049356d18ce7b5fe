"""The dialogs of alerts: taking a step, editing the rules."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.alerts.rules import Against, AlertGrade, AlertRule, Kind
from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.rule_files import (
    AlertRuleError,
    made_rule,
    rule_data,
    shipped_rules,
)
from gridmap.capabilities.alerts.work.steps import Step
from gridmap.shell.pieces import plain, quiet
from gridmap.texts import GridMapError, Text, pick, t


class StepDialog(QDialog):
    """Who does it, to whom, and why; `done` is called with (actor, assignee, note)."""

    def __init__(
        self,
        step: Step,
        actor: str,
        suggestions: Sequence[str],
        done: Callable[[str, str, str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t(f"alerts.step.{step}"))
        self.setMinimumWidth(420)
        self._step, self._done = step, done
        self.actor, self.note, self.to = QLineEdit(actor), QLineEdit(), QComboBox()
        self.to.setEditable(True)
        self.to.addItems(list(suggestions))
        note = t("alerts.page.reason_needed") if step is Step.CLOSE else t("alerts.page.note")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setVerticalSpacing(10)
        rows: list[tuple[str, QWidget]] = [(t("alerts.page.by"), self.actor)]
        if step is Step.ASSIGN:
            rows.append((t("alerts.page.to"), self.to))
        rows.append((note, self.note))
        for number, (title, widget) in enumerate(rows):
            grid.addWidget(plain(title, wrap=False), number, 0)
            grid.addWidget(widget, number, 1)
        self.ok = QPushButton(t("alerts.page.ok"))
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._accept)
        dismiss = QPushButton(t("alerts.page.dismiss"))
        dismiss.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(dismiss)
        buttons.addWidget(self.ok)
        grid.addLayout(buttons, len(rows), 0, 1, 2)
        for line in (self.actor, self.note):
            line.textChanged.connect(lambda _: self._check())
        self.to.editTextChanged.connect(lambda _: self._check())
        self._check()
        (self.note if actor else self.actor).setFocus()

    def _check(self) -> None:
        """Only what is complete can be done."""
        complete = bool(self.actor.text().strip())
        if self._step is Step.CLOSE:
            complete = complete and bool(self.note.text().strip())
        if self._step is Step.ASSIGN:
            complete = complete and bool(self.to.currentText().strip())
        self.ok.setEnabled(complete)

    def _accept(self) -> None:
        self.accept()
        assignee = self.to.currentText() if self._step is Step.ASSIGN else ""
        self._done(self.actor.text(), assignee, self.note.text())


_FIGURES: Final = ("duration", "hysteresis", "silence_h", "limit", "ratio", "jump")
_WHOLE: Final = frozenset({"duration", "hysteresis", "jump"})
_ENABLED, _NAME, _GRADE, _FIRST_FIGURE = range(4)
_CONFIDENCE: Final = _FIRST_FIGURE + len(_FIGURES)


class RulesDialog(QDialog):
    """The rules as a table; `save` is called with those that were changed.

    What is wrong is said with rule and field, and nothing is saved.
    """

    def __init__(
        self,
        rules: Mapping[str, AlertRule],
        save: Callable[[list[AlertRule]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("alerts.rules.title"))
        self.resize(1120, 660)
        self._rules, self._save = list(rules.values()), save
        self.table = QTableWidget(len(self._rules), _CONFIDENCE + 2)
        self.message = plain("", "bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(quiet(t("alerts.rules.hint")))
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(self._buttons())
        self._fill(self._rules)
        self.save_button.setFocus()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
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

    def _fill(self, rules: Sequence[AlertRule]) -> None:
        table = self.table
        table.setHorizontalHeaderLabels([
            t("alerts.rules.enabled"), t("alerts.rules.name"), t("alerts.rules.grade"),
            *(t(f"alerts.rules.{name}") for name in _FIGURES),
            t("alerts.rules.confidence"), t("alerts.rules.source"),
        ])  # fmt: skip
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        for row, rule in enumerate(rules):
            self._fill_row(row, rule)
        table.resizeColumnsToContents()
        table.setColumnWidth(_NAME, 270)
        table.setColumnWidth(_GRADE, 124)
        table.setColumnWidth(_CONFIDENCE + 1, 120)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        table.horizontalHeader().setStretchLastSection(True)
        table.setCurrentCell(-1, -1)

    def _fill_row(self, row: int, rule: AlertRule) -> None:
        fixed = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        enabled = QTableWidgetItem()
        enabled.setFlags(fixed | Qt.ItemFlag.ItemIsUserCheckable)
        enabled.setCheckState(Qt.CheckState.Checked if rule.enabled else Qt.CheckState.Unchecked)
        self.table.setItem(row, _ENABLED, enabled)
        texts = {
            _NAME: pick(rule.title.as_dict()),
            _CONFIDENCE: t(f"alerts.confidence.{rule.confidence}"),
            _CONFIDENCE + 1: rule.standard or t("alerts.words.product_default"),
        }
        for place, text in texts.items():
            item = QTableWidgetItem(text)
            item.setFlags(fixed)
            item.setToolTip(text)
            self.table.setItem(row, place, item)
        self.table.setCellWidget(row, _GRADE, self._grade_box(rule))
        for number, name in enumerate(_FIGURES):
            value = getattr(rule, name)
            used = _is_used(rule, name)
            item = QTableWidgetItem(f"{value:g}" if used and value is not None else "—")
            item.setFlags(fixed | Qt.ItemFlag.ItemIsEditable if used else fixed)
            self.table.setItem(row, _FIRST_FIGURE + number, item)

    def _grade_box(self, rule: AlertRule) -> QComboBox:
        box = QComboBox()
        for grade in AlertGrade:
            box.addItem(grade_title(grade), int(grade))
        box.setCurrentIndex(box.findData(int(rule.grade)))
        box.setEnabled(not rule.tiers)  # tiers bring their own
        return box

    def _take_defaults(self) -> None:
        for row, rule in enumerate(self._rules):
            self._fill_row(row, shipped_rules().get(rule.id, rule))
        self.message.setText("")

    def _accept(self) -> None:
        try:
            made = [self._made(row, rule) for row, rule in enumerate(self._rules)]
        except GridMapError as error:
            self.message.setText(str(error))
            return
        self.accept()
        changed = [new for new, old in zip(made, self._rules, strict=True) if new != old]
        if changed:
            self._save(changed)

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
        for number, name in enumerate(_FIGURES):
            if not _is_used(rule, name):
                continue
            text = self._cell(row, _FIRST_FIGURE + number).text().strip()
            try:
                entry[name] = int(text) if name in _WHOLE else float(text)
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
            if field in _FIGURES:
                self.table.setCurrentCell(row, _FIRST_FIGURE + _FIGURES.index(field))
            raise


def _is_used(rule: AlertRule, name: str) -> bool:
    """Whether a figure means anything to a rule."""
    if name == "limit":
        return rule.kind is Kind.AQI or rule.against is Against.LIMIT
    if name == "ratio":
        return rule.kind is Kind.SUDDEN_CHANGE
    return rule.kind is Kind.CLASS_JUMP if name == "jump" else True
