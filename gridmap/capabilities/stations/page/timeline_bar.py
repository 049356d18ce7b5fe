"""The bar below the map that replays the state of all stations, forwards and back."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget

from gridmap.capabilities.stations.page.timeline_strip import TimelineStrip
from gridmap.capabilities.stations.work.standing import Replay
from gridmap.core.moments import moment_of
from gridmap.shell.fitting import WrappingRow
from gridmap.shell.icons import icon
from gridmap.shell.pieces import plain
from gridmap.shell.theme import tokens
from gridmap.texts import t

SPANS: Final[tuple[tuple[str, timedelta], ...]] = (
    ("week", timedelta(days=7)),
    ("month", timedelta(days=30)),
    ("quarter", timedelta(days=92)),
    ("year", timedelta(days=366)),
)
_FIRST_SPAN: Final = 1
_STEPS: Final = (1, 4, 12, 24)
_TICK_MS: Final = 125


class TimelineBar(QWidget):
    """Plays a replay. Emits intent; the binding shows the moment on the map.

    Signals:
        moment_shown(int): the position of the moment in the replay.
        span_wanted(timedelta): how far back the replay should go.
        hide_wanted(): the button that ends the replay.
    """

    moment_shown = Signal(int)
    span_wanted = Signal(object)
    hide_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._replay: Replay | None = None
        self._direction = 0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.strip = TimelineStrip()
        self.strip.chosen.connect(self._on_chosen)
        self._label = plain("", wrap=False)
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance("0") * 17)
        self._arrange()
        self._enable()

    @property
    def span(self) -> timedelta:
        """How far back the replay should go."""
        return SPANS[self._span.currentIndex()][1]

    @property
    def playing(self) -> int:
        """1 forwards, -1 back, 0 standing."""
        return self._direction

    @property
    def label(self) -> QLabel:
        """The moment in words."""
        return self._label

    def show_replay(self, replay: Replay | None, message: str = "") -> None:
        """Show a replay at its last moment; without one say why."""
        self.stop()
        self._replay = replay
        if replay is None or not len(replay.times):
            self._replay = None
            self._label.setText(message)
        else:
            self.strip.show_replay(replay)
            self._show(self.strip.position)
        self._enable()

    def play(self, direction: int) -> None:
        """Play forwards (1) or back (-1); asked again, stop."""
        if self._replay is None or direction == self._direction:
            self.stop()
            return
        end = self.strip.count - 1 if direction > 0 else 0
        if self.strip.position == end:
            self._show(0 if direction > 0 else self.strip.count - 1)
        self._direction = direction
        self._timer.start()
        self._show_buttons()

    def stop(self) -> None:
        """Stand still."""
        self._direction = 0
        self._timer.stop()
        self._show_buttons()

    def _tick(self) -> None:
        step = _STEPS[self._speed.currentIndex()] * self._direction
        position = self.strip.position + step
        if not 0 <= position < self.strip.count:
            position = min(max(position, 0), self.strip.count - 1)
            self.stop()
        self._show(position)

    def _on_chosen(self, position: int) -> None:
        self.stop()
        self._show(position)

    def _show(self, position: int) -> None:
        if self._replay is None:
            return
        self.strip.show_position(position)
        moment = moment_of(self._replay.times[position])
        self._label.setText(f"{moment:%Y-%m-%d %H:%M}")
        self.strip.setAccessibleDescription(self._label.text())
        self.moment_shown.emit(position)

    # --- building -------------------------------------------------------------------------

    def _arrange(self) -> None:
        row = WrappingRow()
        row.setContentsMargins(14, 4, 10, 4)
        self.setLayout(row)
        self._back = self._button("play_back", t("standing.play_back"), lambda: self.play(-1))
        self._forward = self._button("play", t("standing.play"), lambda: self.play(1))
        self._speed = QComboBox()
        for step in _STEPS:
            self._speed.addItem(t("standing.speed", hours=step))
        self._speed.setCurrentIndex(1)
        self._speed.setToolTip(t("standing.speed_tip"))
        self._speed.setAccessibleName(t("standing.speed_tip"))
        self._span = QComboBox()
        for name, _ in SPANS:
            self._span.addItem(t(f"standing.span.{name}"))
        self._span.setCurrentIndex(_FIRST_SPAN)
        self._span.setToolTip(t("standing.span_tip"))
        self._span.setAccessibleName(t("standing.span_tip"))
        self._span.currentIndexChanged.connect(lambda _: self.span_wanted.emit(self.span))
        self._latest = QToolButton()
        self._latest.setText(t("standing.latest"))
        self._latest.setToolTip(t("standing.latest_tip"))
        self._latest.clicked.connect(lambda: self._on_chosen(self.strip.count - 1))
        hide = self._button("close", t("standing.hide"), self.hide_wanted.emit)
        for widget in (self._back, self._forward, self._speed, self._span):
            row.addWidget(widget)
        row.addWidget(self.strip, 1)
        row.addWidget(self._label)
        row.addWidget(self._latest)
        row.addWidget(hide)

    def _button(self, symbol: str, tip: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(symbol, tokens()["text"]))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(act)
        return button

    def _show_buttons(self) -> None:
        if not hasattr(self, "_forward"):
            return
        for button, direction, symbol in (
            (self._forward, 1, "play"),
            (self._back, -1, "play_back"),
        ):
            shown = "pause" if self._direction == direction else symbol
            button.setIcon(icon(shown, tokens()["text"]))

    def _enable(self) -> None:
        there = self._replay is not None
        for widget in (self._back, self._forward, self._speed, self._latest, self.strip):
            widget.setEnabled(there)
