"""The dialog of alerts in which a step is taken."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from gridmap.capabilities.alerts.work.steps import Step
from gridmap.shell.pieces import plain
from gridmap.texts import t


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
