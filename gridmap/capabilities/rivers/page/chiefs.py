"""Asks who is to be the chief of the reaches that were picked."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from gridmap.capabilities.rivers.work.chiefs import Appointment
from gridmap.report.titles import named
from gridmap.shell.pieces import quiet
from gridmap.texts import t


class AppointDialog(QDialog):
    """Person, tier and first day for some reaches.

    Signals:
        wanted(Appointment): it was filled in.
    """

    wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        reaches: Sequence[str],
        people: Sequence[tuple[str, str]],
        tiers: Sequence[str],
        day: date,
    ) -> None:
        """`people` are names and phones of those whom the project knows."""
        super().__init__(parent)
        self.setObjectName("appointChief")
        self.setWindowTitle(t("network.appoint.title", count=len(reaches)))
        self.setMinimumWidth(440)
        self._phones = dict(reversed(people))
        self.name, self.phone, self.organisation = QLineEdit(), QLineEdit(), QLineEdit()
        completer = QCompleter(sorted(self._phones), self)
        self.name.setCompleter(completer)
        self.tier = QComboBox()
        for tier in tiers:
            self.tier.addItem(named("tier", tier), tier)
        self.since = QDateEdit(QDate(day.year, day.month, day.day))
        self.since.setDisplayFormat("yyyy-MM-dd")
        self.since.setCalendarPopup(True)
        form = QFormLayout(self)
        for key, widget in (
            ("name", self.name), ("phone", self.phone), ("organisation", self.organisation),
            ("tier", self.tier), ("since", self.since),
        ):  # fmt: skip
            title = t(f"network.appoint.{key}")
            widget.setAccessibleName(title)
            form.addRow(title, widget)
        form.addRow(quiet(t("network.appoint.hint", reaches="、".join(reaches))))
        box = QDialogButtonBox()
        self.go = box.addButton(t("network.appoint.go"), QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(t("app.dialog.no"), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._take)
        box.rejected.connect(self.reject)
        form.addRow(box)
        self.name.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        self.go.setEnabled(bool(self.name.text().strip()))

    def _take(self) -> None:
        self.accept()
        day = self.since.date()
        self.wanted.emit(
            Appointment(
                self.name.text().strip(), str(self.tier.currentData()),
                date(day.year(), day.month(), day.day()), self.phone.text().strip(),
                self.organisation.text().strip(),
            )
        )  # fmt: skip
