"""What just happened, said quietly over the map, and what was said before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.core.moments import ZONE
from gridmap.shell.pieces import heading, plain, quiet
from gridmap.texts import t

_SHOWN_MS: Final = 10_000
_KEPT: Final = 50
_TOGETHER: Final = timedelta(seconds=2)  # what comes so soon after another is shown with it
_LINES: Final = 3
_WIDEST: Final = 520
_BESIDE: Final = 120  # room for the buttons at the map's right edge, on both sides
_BOTTOM: Final = 66  # above the scale bar and its notes
_HISTORY: Final = QSize(460, 300)


def _now() -> datetime:
    return datetime.now(ZONE)


class Notices(QFrame):
    """The last message over the map, and those of the same moment; all stay in the history.

    Signals:
        said(str): a message, "" when it is stale.
    """

    said = Signal(str)

    def __init__(
        self, over: QWidget, clock: Callable[[], datetime] = _now, shown_ms: int = _SHOWN_MS
    ) -> None:
        """Lie over a widget; `clock` tells the aware time of messages, shown for so long."""
        super().__init__(over)
        self.setObjectName("notice")
        self._clock = clock
        self._told: list[tuple[datetime, str]] = []
        self._text = plain("", "noticeText")
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip(t("app.notice.close"))
        close.setAccessibleName(t("app.notice.close"))
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self, interval=shown_ms, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, "" for nothing."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def history(self) -> tuple[tuple[datetime, str], ...]:
        """What was said, the latest first, with its aware time."""
        return tuple(reversed(self._told))

    def tell(self, text: str) -> None:
        """Say something; "" takes back what is shown."""
        if not text:
            self.dismiss()
            return
        now = self._clock()
        self._told.append((now, text))
        del self._told[:-_KEPT]
        recent = [one for at, one in self._told[-_LINES:] if now - at <= _TOGETHER]
        self._text.setText("\n".join(dict.fromkeys(recent if self.text else [text])))
        self._timer.start()
        self.show()
        self.raise_()
        self._fit()
        self.said.emit(text)

    def dismiss(self) -> None:
        """Show nothing more of what was said."""
        self._timer.stop()
        if not self.isHidden():
            self.hide()
            self.said.emit("")

    def forget(self) -> None:
        """Another project: what was said of the old one goes, history included."""
        self._told.clear()
        self.dismiss()

    def enterEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        """It stays while somebody reads it."""
        del event
        self._timer.stop()

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        """It goes some time after that."""
        del event
        self._timer.start()

    def fit(self) -> None:
        """Lie in the middle of the map's lower edge, above the scale bar."""
        if not self.isHidden():
            self._fit()

    def _fit(self) -> None:
        over = self.parentWidget()
        room = self.width() if over is None else over.width()
        width = max(min(_WIDEST, room - _BESIDE), 140)
        self.setFixedWidth(width)
        self.setFixedHeight(self.heightForWidth(width))
        low = self.height() if over is None else over.height()
        self.move((room - width) // 2, max(low - self.height() - _BOTTOM, 0))

    def show_history(self, above: QWidget) -> None:
        """A list of what was said, over a button."""
        popup = HistoryPopup(self.history, self.window())
        popup.move(above.mapToGlobal(QPoint(0, -popup.height() - 4)))
        popup.show()


class HistoryPopup(QFrame):
    """What was said, the latest first; a click beside it closes it."""

    def __init__(self, told: tuple[tuple[datetime, str], ...], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("noticeHistory")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.addWidget(heading(t("app.notice.history")))
        self.list = QListWidget()
        self.list.setWordWrap(True)
        for at, text in told:
            self.list.addItem(f"{at:%H:%M:%S}  {text}")
        column.addWidget(self.list)
        if not told:
            column.addWidget(quiet(t("app.notice.none")))
        self.resize(_HISTORY)
