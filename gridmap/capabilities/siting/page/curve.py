"""The gain curve as a small painted chart."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridmap.capabilities.siting.picture import paint_curve
from gridmap.capabilities.siting.words import percent, proof_of
from gridmap.capabilities.siting.work.siting import SitingAnswer
from gridmap.texts import t


class CurveView(QWidget):
    """Paints the gain of 1, 2, … sites; says it to a screen reader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: SitingAnswer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answer(self, answer: SitingAnswer | None) -> None:
        """Show another curve, or none."""
        self._answer = answer
        told = "" if answer is None else "\n".join(spoken(answer))
        self.setAccessibleName(t("siting.section.curve"))
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As high as it reads well."""
        return QSize(240, 170)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the bars."""
        if self._answer is not None:
            painter = QPainter(self)
            paint_curve(painter, QRectF(self.rect()), self._answer)
            painter.end()


def spoken(answer: SitingAnswer) -> list[str]:
    """Each point of the curve in words."""
    total = answer.answer.total
    return [
        t("siting.page.point", count=number, share=percent(one.covered, total), proof=proof_of(one))
        for number, one in enumerate(answer.curve, start=1)
    ]
