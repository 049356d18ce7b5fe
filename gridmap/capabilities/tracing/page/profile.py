"""The profile along the river as a widget: it follows a moment and has arrows of its own."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gridmap.capabilities.tracing.picture.drawing import Hit, Look, paint_profile
from gridmap.capabilities.tracing.report.profile import Point, Profile
from gridmap.core.moments import ZONE
from gridmap.map.fonts import font
from gridmap.map.theme import PAPER, QUIET, colour
from gridmap.report import wording
from gridmap.report.titles import class_title, item_title
from gridmap.shell.fitting import Elided, WrappingRow
from gridmap.shell.icons import icon
from gridmap.shell.pieces import plain
from gridmap.shell.theme import tokens
from gridmap.texts import t

_LEAST = QSize(300, 90)


class ProfileCanvas(QWidget):
    """Paints a profile.

    Signals:
        outlet_chosen(str), section_chosen(str): a triangle or a section was clicked, by code.
        stepped(int): an arrow key asks for the moment before (-1) or after (1).
    """

    outlet_chosen = Signal(str)
    section_chosen = Signal(str)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(t("tracing.page.profile"))
        self.profile: Profile | None = None
        self.points: tuple[Point, ...] = ()
        self.look = Look(_letters)
        self.message = ""
        self.hits: list[Hit] = []

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """The profile, or why there is none."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(PAPER))
        if self.profile is None:
            painter.setPen(colour(QUIET))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.message)
            self.hits = []
        else:
            size = (float(self.width()), float(self.height()))
            self.hits = paint_profile(painter, size, self.profile, self.points, self.look)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose what lies under the cursor."""
        hit = self._at(event.position())
        if hit is not None:
            told = self.outlet_chosen if hit.kind == "outlet" else self.section_chosen
            told.emit(hit.code)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say what lies under the cursor."""
        hit = self._at(event.position())
        shape = Qt.CursorShape.ArrowCursor if hit is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        self.setToolTip("" if hit is None else self.words_of(hit))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left and right go through the moments."""
        steps = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
        if event.key() in steps:
            self.stepped.emit(steps[event.key()])
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Nothing lies under the cursor any more."""
        self.setToolTip("")
        super().leaveEvent(event)

    def words_of(self, hit: Hit) -> str:
        """A triangle or a section in words."""
        if self.profile is None:
            return ""
        if hit.kind == "outlet":
            outlet = next(one for one in self.profile.outlets if one.code == hit.code)
            return t("tracing.profile.tip_outlet", name=outlet.name, km=f"{outlet.km:.1f}")
        point = next(one for one in self.points if one.post.code == hit.code)
        facts = {"name": point.post.name, "at": wording.moment(point.wanted)}
        if point.silent:
            return t("tracing.profile.tip_silent", **facts)
        unit = self.profile.answer.unit
        sign = "" if point.level is None else class_title(point.level.number)
        value = f"{point.value:g} {'' if unit == '1' else unit}".rstrip()
        return t("tracing.profile.tip_section", value=value, sign=sign, **facts)

    def _at(self, place: QPointF) -> Hit | None:
        return next((hit for hit in self.hits if hit.box.contains(place)), None)


class TraceProfile(QWidget):
    """Head and canvas.

    Signals:
        moment_wanted(datetime): an arrow asks for another moment.
        outlet_chosen(str), section_chosen(str): as of the canvas.
    """

    moment_wanted = Signal(object)
    outlet_chosen = Signal(str)
    section_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = ProfileCanvas()
        self.canvas.outlet_chosen.connect(self.outlet_chosen)
        self.canvas.section_chosen.connect(self.section_chosen)
        self.canvas.stepped.connect(self.step)
        self._moment: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 4, 10, 2)
        column.setSpacing(2)
        column.addLayout(self._head())
        column.addWidget(self.canvas, 1)
        self.show_nothing(t("tracing.page.hint"))

    # --- what is shown --------------------------------------------------------------------

    @property
    def moment(self) -> datetime | None:
        """The moment shown, at the section of the exceedance."""
        return self._moment

    @property
    def points(self) -> tuple[Point, ...]:
        """The sections as they are shown."""
        return self.canvas.points

    @property
    def travelling(self) -> bool:
        """Whether each section is seen when the same water passed it."""
        return bool(self.mode.currentData())

    def show_nothing(self, message: str) -> None:
        """No profile, and why."""
        self.canvas.profile, self.canvas.points, self.canvas.message = None, (), message
        self._moment = None
        self._show()

    def show_profile(self, profile: Profile, moment: datetime) -> None:
        """Another profile."""
        self.canvas.profile = profile
        self._item.setText(_title(profile))
        self.show_moment(moment)

    def show_moment(self, moment: datetime) -> None:
        """Another moment, aware."""
        self._moment = moment.astimezone(ZONE)
        self._show()

    def show_numbers(self, numbers: Mapping[str, int], chosen: str) -> None:
        """The numbers of the list, and which suspect is highlighted."""
        self.canvas.look = Look(_letters, dict(numbers), chosen, self.travelling)
        self.canvas.update()

    def step(self, by: int) -> None:
        """Ask for the reading before (-1) or after (1)."""
        profile = self.canvas.profile
        if profile is None or self._moment is None or not profile.times:
            return
        at = bisect_left(profile.times, self._moment)
        there = at < len(profile.times) and profile.times[at] == self._moment
        wanted = at + by if there or by < 0 else at
        if 0 <= wanted < len(profile.times):
            self.moment_wanted.emit(profile.times[wanted])

    def _show(self) -> None:
        profile, moment = self.canvas.profile, self._moment
        there = profile is not None and moment is not None
        if profile is not None and moment is not None:
            self.canvas.points = profile.at(moment, travelling=self.travelling)
            self._when.setText(f"{moment:%Y-%m-%d %H:%M}")
            look = self.canvas.look
            self.canvas.look = Look(_letters, look.numbers, look.chosen, self.travelling)
        for widget in (self.back, self.forward, self.mode, self._when, self._item, self._note):
            widget.setVisible(there)
        self.canvas.update()

    # --- building -------------------------------------------------------------------------

    def _head(self) -> WrappingRow:
        self._item = plain("", "chip", wrap=False)
        self._when = plain("", "chip", wrap=False)
        self.back = self._button("back", t("tracing.page.before"), -1)
        self.forward = self._button("forward", t("tracing.page.after"), 1)
        self.mode = QComboBox()
        self.mode.addItem(t("tracing.page.travelling"), True)
        self.mode.addItem(t("tracing.page.together"), False)
        self.mode.setToolTip(t("tracing.page.mode_tip"))
        self.mode.setAccessibleName(t("tracing.page.mode_tip"))
        self.mode.currentIndexChanged.connect(lambda _: self._show())
        self._note = Elided(t("tracing.page.axis"), "quiet")
        row = WrappingRow()
        for widget in (self._item, self.back, self._when, self.forward, self.mode):
            row.addWidget(widget)
        row.addWidget(self._note, 1)
        return row

    def _button(self, symbol: str, tip: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(symbol, tokens()["text"]))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.step(by))
        return button


def _title(profile: Profile) -> str:
    unit = profile.answer.unit
    item = item_title(profile.answer.asked.item)
    return item if unit == "1" else f"{item} {unit}"


def _letters(pixels: float, bold: bool) -> QFont:
    return font(pixels, bold=bold)
