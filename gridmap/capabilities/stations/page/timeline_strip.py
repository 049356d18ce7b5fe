"""The strip of the time slider: the worst class of every moment, and where the cursor stands."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridmap.capabilities.stations.picture import grade_sign
from gridmap.capabilities.stations.work.standing import Replay
from gridmap.map.theme import colour
from gridmap.shell.theme import tokens
from gridmap.standards.classing import Medium, days_of
from gridmap.texts import t

_ROWS: Final = (Medium.WATER, Medium.AIR)
_HEIGHT: Final = 30
_PAGE: Final = 24


class TimelineStrip(QWidget):
    """A slider over the moments of a replay; above water, below air, worst station each.

    Signals:
        chosen(int): the user chose a moment.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(t("standing.slider"))
        self.setToolTip(t("standing.slider_tip"))
        self._worst: np.ndarray[tuple[int, ...], np.dtype[np.int8]] = np.zeros((2, 0), np.int8)
        self._palette: np.ndarray[tuple[int, ...], np.dtype[np.uint32]] = np.zeros(0, np.uint32)
        self._image: QImage | None = None
        self._position = 0

    @property
    def position(self) -> int:
        """The moment shown."""
        return self._position

    @property
    def count(self) -> int:
        """How many moments there are."""
        return int(self._worst.shape[1])

    def show_replay(self, replay: Replay) -> None:
        """Show the moments of a replay; the cursor goes to the last."""
        rows = []
        for medium in _ROWS:
            of_medium = [one.medium is medium for one in replay.stations]
            part = replay.grade[:, of_medium]
            rows.append(part.max(axis=1) if part.shape[1] else np.zeros(len(part), np.int8))
        self._worst = np.array(rows, dtype=np.int8).reshape(2, len(replay.times))
        day = days_of(replay.times[-1:], Medium.WATER)[0].item()
        self._palette = np.array(
            [[_argb(grade_sign(medium, grade, day)[1]) for grade in range(7)] for medium in _ROWS],
            dtype=np.uint32,
        )
        self._image = None
        self._position = max(self.count - 1, 0)
        self.update()

    def show_position(self, position: int) -> None:
        """Move the cursor."""
        self._position = min(max(position, 0), max(self.count - 1, 0))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """The two rows and the cursor."""
        painter = QPainter(self)
        whole = QRectF(0, 4, self.width(), self.height() - 8)
        painter.fillRect(whole, QColor(tokens()["ground"]))
        if not self.count:
            return
        if self._image is None or self._image.width() != self.width():
            self._image = self._drawn(self.width())
        painter.drawImage(whole, self._image)
        x = (self._position + 0.5) / self.count * self.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens()["text"]), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens()["accent"]), 1))
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go there."""
        self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows go one moment, Page keys a day of hours, Home and End to the ends."""
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -_PAGE, Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_Home: -self.count, Qt.Key.Key_End: self.count,
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose(self._position + step)

    def _go(self, x: float) -> None:
        self._choose(int(x / max(self.width(), 1) * self.count))

    def _choose(self, position: int) -> None:
        if not self.count:
            return
        self.show_position(position)
        self.chosen.emit(self._position)

    def _drawn(self, width: int) -> QImage:
        """Each pixel has the worst class of the moments it stands for."""
        edges = np.linspace(0, self.count, width + 1).astype(np.int64)[:-1]
        edges = np.minimum(edges, self.count - 1)
        pixels = np.zeros((2, width), np.uint32)
        for row, worst in enumerate(self._worst):
            pixels[row] = self._palette[row][np.maximum.reduceat(worst, edges)]
        image = QImage(pixels.data, width, 2, width * 4, QImage.Format.Format_ARGB32)
        return image.copy()


def _argb(text: str) -> int:
    return int(colour(text).rgba()) if text else int(QColor(tokens()["line"]).rgba())
