"""The form for one alert rule: what it looks at, where, from which threshold on, how grave."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.alerts.rules import (
    EVERY_STATION,
    Against,
    AlertGrade,
    AlertRule,
    Kind,
    class_number,
)
from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.rule_files import (
    AlertRuleError,
    made_rule,
    own_id,
    rule_data,
)
from gridmap.report.titles import class_title, item_title, shown_unit
from gridmap.shell.pieces import plain, quiet
from gridmap.standards.item_files import items
from gridmap.standards.tables import Confidence
from gridmap.texts import GridMapError, Text, pick, t

FIGURES: Final = ("duration", "hysteresis", "silence_h", "limit", "ratio", "jump")
WHOLE: Final = frozenset({"duration", "hysteresis", "jump", "window"})
_CLASSES: Final = ("I", "II", "III", "IV", "V")
# What needs tiers of conditions is edited as a file: a form has no place for them.
_KINDS: Final = (
    Kind.EXCEEDANCE, Kind.CLASS_JUMP, Kind.SUDDEN_CHANGE, Kind.MISSING, Kind.STUCK, Kind.AQI,
)  # fmt: skip
_MORE: Final = ("window", "gap_h", "step_h")
_OF_MEDIUM: Final = {
    "water": (Against.TARGET, Against.CLASS, Against.LIMIT),
    "air": (Against.STANDARD, Against.LIMIT),
}
_DATA: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Place:
    """A station that a rule can be about."""

    code: str
    name: str
    medium: str


def is_used(kind: Kind, against: Against, name: str) -> bool:
    """Whether a figure means anything to a rule."""
    if name == "limit":
        return kind is Kind.AQI or against is Against.LIMIT
    if name in {"ratio", "window"}:
        return kind is Kind.SUDDEN_CHANGE
    if name == "step_h":
        return kind is Kind.MISSING
    return kind is Kind.CLASS_JUMP if name == "jump" else True


def stations_told(rule: AlertRule, names: Mapping[str, str]) -> str:
    """The stations of a rule in words."""
    comma = t("verdict.join.names")
    if EVERY_STATION in rule.stations:
        if not rule.without:
            return t("alerts.rules.every_station")
        return t(
            "alerts.rules.all_but", names=comma.join(names.get(one, one) for one in rule.without)
        )
    return comma.join(names.get(one, one) for one in rule.stations if one not in rule.without)


class RuleForm(QDialog):
    """Edits one rule, or makes a new one; `done` is called with the rule."""

    def __init__(
        self,
        rule: AlertRule | None,
        places: Sequence[Place],
        taken: Collection[str],
        done: Callable[[AlertRule], None],
        *,
        copies: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ruleForm")
        self.setWindowTitle(t("alerts.form.new" if rule is None or copies else "alerts.form.edit"))
        self._rule, self._copies, self._taken, self._done = rule, copies, taken, done
        self._places = places
        self.message = plain("", "bad")
        self._make_fields()
        self._form = self._laid_out()
        if rule is not None:
            self._take(rule)
        self._adapt()
        if rule is None:
            self.medium.currentIndexChanged.connect(lambda _: self._list())
        self._list()
        self.resize(760, 600)

    # --- building -------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.title, self.search = QLineEdit(), QLineEdit()
        self.search.setPlaceholderText(t("alerts.form.search"))
        self.search.setAccessibleName(t("alerts.form.search"))
        self.search.textChanged.connect(lambda _: self._show_found())
        self.kind, self.medium = _combo(), _combo()
        kinds = _KINDS if self._rule is None else (self._rule.kind,)
        for kind in kinds:
            self.kind.addItem(t(f"alerts.kind.{kind}"), kind)
        for medium in ("water", "air") if self._rule is None else (self._rule.medium,):
            self.medium.addItem(t(f"alerts.medium.{medium}"), medium)
        self.against, self.water_class, self.grade, self.where = (_combo() for _ in range(4))
        for name in _CLASSES:
            self.water_class.addItem(class_title(class_number(name)), name)
        self.water_class.setCurrentIndex(2)
        for grade in AlertGrade:
            self.grade.addItem(grade_title(grade), int(grade))
        self.grade.setCurrentIndex(2)
        for where in ("every", "only", "without"):
            self.where.addItem(t(f"alerts.form.where.{where}"), where)
        self.figures = {name: QLineEdit() for name in (*FIGURES, *_MORE)}
        self.items, self.stations = QListWidget(), QListWidget()
        for combo in (self.kind, self.medium, self.against, self.where):
            combo.currentIndexChanged.connect(lambda _: self._adapt())
        self.items.itemChanged.connect(lambda _: self._show_unit())

    def _laid_out(self) -> QFormLayout:
        form = QFormLayout()
        for name, widget in (
            ("title", self.title), ("kind", self.kind), ("medium", self.medium),
            ("against", self.against), ("water_class", self.water_class), ("grade", self.grade),
        ):  # fmt: skip
            widget.setAccessibleName(t(f"alerts.form.{name}"))
            form.addRow(t(f"alerts.form.{name}"), widget)
        self._unit = quiet("")
        form.addRow("", self._unit)
        for name, widget in self.figures.items():
            key = f"alerts.rules.{name}" if name in FIGURES else f"alerts.form.{name}"
            widget.setAccessibleName(t(key))
            form.addRow(t(key), widget)
        inner = QWidget()
        inner.setLayout(form)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        right = QVBoxLayout()
        right.addWidget(plain(t("alerts.form.items")))
        right.addWidget(self.items, 2)
        right.addWidget(plain(t("alerts.form.stations")))
        right.addWidget(self.where)
        right.addWidget(self.search)
        right.addWidget(self.stations, 3)
        columns = QHBoxLayout()
        columns.addWidget(area, 1)
        columns.addLayout(right, 1)
        self.ok = QPushButton(t("alerts.form.ok"))
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._accept)
        dismiss = QPushButton(t("alerts.rules.dismiss"))
        dismiss.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.message, 1)
        foot.addWidget(dismiss)
        foot.addWidget(self.ok)
        whole = QVBoxLayout(self)
        whole.addLayout(columns, 1)
        whole.addLayout(foot)
        return form

    # --- showing --------------------------------------------------------------------------

    def _take(self, rule: AlertRule) -> None:
        title = pick(rule.title.as_dict())
        self.title.setText(t("alerts.form.copy_of", title=title) if self._copies else title)
        self.grade.setCurrentIndex(self.grade.findData(int(rule.grade)))
        self.grade.setEnabled(not rule.tiers)
        if rule.water_class:
            self.water_class.setCurrentIndex(self.water_class.findData(rule.water_class))
        for name, widget in self.figures.items():
            value = getattr(rule, name)
            widget.setText("" if value is None else f"{value:g}")
        where = "every" if EVERY_STATION in rule.stations else "only"
        where = "without" if where == "every" and rule.without else where
        self.where.setCurrentIndex(self.where.findData("only" if self._copies else where))

    def _adapt(self) -> None:
        """Show what means anything to the kind chosen, and only that."""
        kind, medium = Kind(self.kind.currentData()), str(self.medium.currentData())
        known = _OF_MEDIUM[medium]
        if [self.against.itemData(i) for i in range(self.against.count())] != list(known):
            self.against.blockSignals(True)
            self.against.clear()
            for one in known:
                self.against.addItem(t(f"alerts.against.{one}"), one)
            if self._rule is not None and self._rule.against in known:
                self.against.setCurrentIndex(known.index(self._rule.against))
            self.against.blockSignals(False)
        against = self._against()
        form = self._form
        form.setRowVisible(self.against, kind is Kind.EXCEEDANCE)
        form.setRowVisible(self.water_class, against is Against.CLASS)
        for name, widget in self.figures.items():
            form.setRowVisible(widget, is_used(kind, against, name))
        form.setRowVisible(self._unit, is_used(kind, against, "limit"))
        self.items.setEnabled(kind not in {Kind.AQI, Kind.YANGTZE, Kind.HEAVY_POLLUTION})
        chosen = self.where.currentData() != "every"
        self.stations.setEnabled(chosen)
        self.search.setEnabled(chosen)
        self._show_unit()

    def _against(self) -> Against:
        if Kind(self.kind.currentData()) is not Kind.EXCEEDANCE:
            return Against.NOTHING
        return Against(self.against.currentData())

    def _list(self) -> None:
        """Items and stations of the medium."""
        medium, rule = str(self.medium.currentData()), self._rule
        self.items.clear()
        for name, item in items().items():
            if item.medium == medium:
                chosen = rule is not None and name in rule.items
                _add(self.items, pick(item.title.as_dict()), name, checked=chosen)
        self.stations.clear()
        named: set[str] = set()
        if rule is not None and not self._copies:
            named = set(rule.without if EVERY_STATION in rule.stations else rule.stations)
        for place in self._places:
            if place.medium == medium:
                text = f"{place.name}  {place.code}" if place.name != place.code else place.code
                _add(self.stations, text, place.code, checked=place.code in named)

    def _show_found(self) -> None:
        words = self.search.text().casefold().split()
        for item in _rows(self.stations):
            item.setHidden(not all(word in item.text().casefold() for word in words))

    def _show_unit(self) -> None:
        units = self._units()
        self._unit.setText(t("alerts.form.unit", units=t("verdict.join.names").join(units)))

    def _units(self) -> list[str]:
        if Kind(self.kind.currentData()) is Kind.AQI:
            return ["AQI"]
        known = items()
        return list(dict.fromkeys(shown_unit(known[name].unit) for name in _checked(self.items)))

    # --- taking ---------------------------------------------------------------------------

    def _accept(self) -> None:
        try:
            made = self._made()
        except GridMapError as error:
            self.message.setText(str(error))
            return
        self.accept()
        self._done(made)

    def _made(self) -> AlertRule:
        """The rule as the form has it.

        Raises:
            AlertRuleError: naming rule and field.
        """
        title, kind, against = self.title.text().strip(), self.kind.currentData(), self._against()
        if not title:
            raise AlertRuleError("alerts.form.no_title")
        new = self._rule is None or self._copies
        entry: dict[str, Any] = {} if self._rule is None else rule_data(self._rule)
        for name in self.figures:
            entry.pop(name, None)
        if new:
            entry |= {
                "id": own_id(title, self._taken), "source": t("alerts.rules.own_source"),
                "confidence": Confidence.MEDIUM.value,
            }  # fmt: skip
            entry.pop("note", None)
        if new or title != pick(self._rule.title.as_dict() if self._rule else {}):
            entry["title"] = {"zh": title, "en": title}
        entry |= {
            "kind": Kind(kind).value, "medium": self.medium.currentData(),
            "grade": int(self.grade.currentData()), "against": against.value,
            "water_class": self._water_class(against),
            "items": _checked(self.items) if self.items.isEnabled() else entry.get("items", []),
            **self._where(), **self._numbers(title, Kind(kind), against),
        }  # fmt: skip
        if against is Against.LIMIT and len(self._units()) > 1:
            raise AlertRuleError("alerts.form.units_differ", units=", ".join(self._units()))
        return made_rule(entry, t("alerts.rules.title"), title)

    def _water_class(self, against: Against) -> str:
        return str(self.water_class.currentData()) if against is Against.CLASS else ""

    def _where(self) -> dict[str, list[str]]:
        chosen, where = _checked(self.stations), self.where.currentData()
        if where == "every":
            return {"stations": [EVERY_STATION], "without": []}
        if not chosen:
            raise AlertRuleError("alerts.form.no_station")
        if where == "without":
            return {"stations": [EVERY_STATION], "without": chosen}
        return {"stations": chosen, "without": []}

    def _numbers(self, title: str, kind: Kind, against: Against) -> dict[str, float | int]:
        found: dict[str, float | int] = {}
        for name, widget in self.figures.items():
            text = widget.text().strip()
            if not is_used(kind, against, name) or not text:
                continue  # the default of the program; a limit has none, and that is told
            try:
                found[name] = int(text) if name in WHOLE else float(text)
            except ValueError:
                widget.setFocus()
                key = f"alerts.rules.{name}" if name in FIGURES else f"alerts.form.{name}"
                raise AlertRuleError(
                    "alerts.rules.number", rule=title, field=Text(key), text=text
                ) from None
        return found


def items_told(rule: AlertRule) -> str:
    """The items of a rule in words; that the station as a whole is meant."""
    if not rule.items:
        return t("alerts.words.whole_station")
    return t("verdict.join.names").join(item_title(name) for name in rule.items)


def _combo() -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def _add(view: QListWidget, text: str, data: str, *, checked: bool) -> None:
    item = QListWidgetItem(text)
    item.setData(_DATA, data)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
    view.addItem(item)


def _rows(view: QListWidget) -> list[QListWidgetItem]:
    return [view.item(row) for row in range(view.count())]


def _checked(view: QListWidget) -> list[str]:
    return [str(i.data(_DATA)) for i in _rows(view) if i.checkState() == Qt.CheckState.Checked]
