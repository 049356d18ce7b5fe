"""The profile along a river as a picture, on screen and on paper.

Measured points are dots with their class; between two of them runs a dashed line that was not
measured; beyond the outermost there is none. Lengths are declared pixels (96 dpi).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gridmap.capabilities.rivers.rules.waterways import MarkKind
from gridmap.capabilities.tracing.report.labels import Placed, Wanted, placed
from gridmap.capabilities.tracing.report.profile import (
    Outlet,
    Point,
    Profile,
    levels_on,
    lines_between,
)
from gridmap.capabilities.tracing.report.words import circled
from gridmap.report import wording
from gridmap.report.titles import class_title
from gridmap.standards.item_files import items
from gridmap.texts import t

_LEFT, _RIGHT, _TOP, _FOOT = 58.0, 36.0, 42.0, 24.0
_STRIP: Final = 66.0
_ROW: Final = 16.0
_LETTERS: Final = 12.0
_BAND_ALPHA: Final = 40
_DOT: Final = 10.0
_SIGN_LEAST_PX: Final = 13.0
_TICKS_PX: Final = 90.0
_DARK: Final = 140.0
_CROWDED: Final = 48.0
INK, QUIET, LINE = "#22303a", "#5f717d", "#d9e1e7"
ACCENT, BAD, OUTLET = "#0b6bcb", "#b93222", "#5b3a86"
_INTERPOLATED: Final = "#6d8598"

Letters = Callable[[float, bool], QFont]


@dataclass(frozen=True)
class Look:
    """How a profile is shown.

    Attributes:
        letters: a font by size in pixels and weight.
        numbers: code of an outlet to its number in the list shown; empty takes that of the answer.
        chosen: code of the outlet that is highlighted, "" for none.
        travelling: whether each section is seen at its own moment, which is then told.
    """

    letters: Letters
    numbers: Mapping[str, int] = field(default_factory=dict)
    chosen: str = ""
    travelling: bool = False


@dataclass(frozen=True)
class Hit:
    """Where something can be clicked: "outlet" or "section", and its code."""

    box: QRectF
    kind: str
    code: str


def paint_profile(
    painter: QPainter,
    size: tuple[float, float],
    profile: Profile,
    points: Sequence[Point],
    look: Look,
) -> list[Hit]:
    """Draw a profile at the painter's origin.

    Args:
        painter: active; its units are declared pixels.
        size: width and height.
        profile: what does not change with the moment.
        points: the sections at the moment.
        look: fonts, numbers, what is chosen.

    Returns:
        What can be clicked.
    """
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    drawing = _Drawing(painter, size, profile, look)
    drawing.ground(points)
    drawing.signs()
    hits = drawing.outlets()
    drawing.interpolation(points)
    return [*hits, *drawing.sections(points)]


class _Drawing:
    """One picture; x is river kilometre, y the value."""

    def __init__(
        self, painter: QPainter, size: tuple[float, float], profile: Profile, look: Look
    ) -> None:
        self.painter, self.profile, self.look = painter, profile, look
        width, height = size
        self.room = QRectF(
            _LEFT, _TOP, max(width - _LEFT - _RIGHT, 40.0),
            max(height - _TOP - _STRIP - _FOOT, 40.0),
        )  # fmt: skip
        self.low, self.high = profile.values
        known = items().get(profile.answer.asked.item)
        self.decimals = known.decimals if known else 2

    # --- scales ---------------------------------------------------------------------------

    def x(self, km: float) -> float:
        """Pixels of a river kilometre."""
        span = max(self.profile.last_km - self.profile.first_km, 1e-6)
        return self.room.left() + (km - self.profile.first_km) / span * self.room.width()

    def y(self, value: float) -> float:
        """Pixels of a value, kept within the room."""
        share = (value - self.low) / max(self.high - self.low, 1e-12)
        return self.room.bottom() - min(max(share, 0.0), 1.0) * self.room.height()

    # --- ground ---------------------------------------------------------------------------

    def ground(self, points: Sequence[Point]) -> None:
        """Bands of classes, ticks, the limit, the axis of kilometres, the bracket."""
        moment = points[0].wanted if points else self.profile.answer.peak[1]
        for level in levels_on(self.profile.answer, moment):
            low, high = max(level.low, self.low), min(level.high, self.high)
            if low >= high:
                continue
            top, bottom = self.y(high), self.y(low)
            band = QColor(level.colour)
            band.setAlpha(_BAND_ALPHA)
            box = QRectF(self.room.left(), top, self.room.width(), bottom - top)
            self.painter.fillRect(box, band)
            if box.height() >= _SIGN_LEAST_PX:
                place = QRectF(box.right() + 5, box.top(), _RIGHT, box.height())
                self.text(place, level.sign, QUIET, 11, Qt.AlignmentFlag.AlignLeft)
        self._values()
        self._kilometres()
        self._limit(points)
        self._bracket()

    def _values(self) -> None:
        for value in _ticks(self.low, self.high, max(self.room.height() / 34.0, 2.0)):
            y = self.y(value)
            self.line(self.room.left(), y, self.room.right(), y, QPen(QColor(LINE), 0.7))
            box = QRectF(0, y - 8, _LEFT - 8, 16)
            self.text(box, f"{value:g}", QUIET, 11, Qt.AlignmentFlag.AlignRight)
        unit = self.profile.answer.unit
        box = QRectF(0, self.room.bottom() + 12, _LEFT - 8, 16)
        self.text(box, "" if unit == "1" else unit, QUIET, 11, Qt.AlignmentFlag.AlignRight)

    def _kilometres(self) -> None:
        bottom = self.room.bottom() + _STRIP
        self.line(self.room.left(), bottom, self.room.right(), bottom, QPen(QColor(LINE), 1.0))
        first, last = self.profile.first_km, self.profile.last_km
        for km in _ticks(first, last, max(self.room.width() / _TICKS_PX, 2.0)):
            x = self.x(km)
            self.line(x, bottom, x, bottom + 4, QPen(QColor(QUIET), 1.0))
            box = QRectF(x - 40, bottom + 4, 80, 16)
            self.text(box, f"{km:g} km", QUIET, 11)

    def _limit(self, points: Sequence[Point]) -> None:
        """The line, and its name where no dot stands."""
        limit = self.profile.answer.found.event.limit
        if not self.low <= limit <= self.high:
            return
        y = self.y(limit)
        pen = QPen(QColor(BAD), 1.2, Qt.PenStyle.DashLine)
        self.line(self.room.left(), y, self.room.right(), y, pen)
        target = self.profile.answer.facts.target
        sign = "" if target is None else class_title(int(target))
        text = " ".join(filter(None, (t("tracing.profile.limit"), sign, f"{limit:g}")))
        width = self.measure(text, 11) + 8
        middle = self.room.center().x() - width / 2
        lefts = (self.room.left() + 4, middle, self.room.right() - width - 4)
        left = next((one for one in lefts if self._is_free(one, width, y, points)), lefts[0])
        box = QRectF(left, y - 17, width, 15)
        self.painter.fillRect(box, QColor(255, 255, 255, 200))
        self.text(box, text, BAD, 11)

    def _is_free(self, left: float, width: float, y: float, points: Sequence[Point]) -> bool:
        """Whether no dot and no value stands near a label on a line."""
        for point in points:
            x = self.x(point.post.km)
            beside = left - 2 * _DOT < x < left + width + 2 * _DOT
            if beside and not point.silent and abs(self.y(point.value) - y) < _CROWDED:
                return False
        return True

    def _bracket(self) -> None:
        """The stretch that the sections leave, as a bar on the axis."""
        if self.profile.clean_km is None:
            return
        bottom = self.room.bottom() + _STRIP
        left, right = self.x(self.profile.clean_km), self.x(self.profile.until_km)
        self.painter.fillRect(QRectF(left, bottom - 1.5, right - left, 3.0), QColor(ACCENT))

    # --- what lies along the river --------------------------------------------------------

    def signs(self) -> None:
        """Borders and mouths, with names where there is room."""
        top = self.room.bottom()
        wanted = []
        for one in self.profile.signs:
            x = self.x(one.km)
            if one.kind is MarkKind.BORDER:
                pen = QPen(QColor(QUIET), 1.0, Qt.PenStyle.DotLine)
                self.line(x, self.room.top(), x, top + _STRIP, pen)
                wanted.append(Wanted(x, 1.0, (one.name,)))
            else:
                self._mouth(x, top)
                name = t("tracing.profile.mouth", name=one.name)
                wanted.append(Wanted(x, 0.0, (name, one.name)))
        for label in self._placed(wanted, 1, 11):
            box = QRectF(label.left, top + _STRIP - 17, label.width, 15)
            self.painter.fillRect(box, QColor(255, 255, 255, 225))
            self.text(box, label.text, QUIET, 11)

    def _mouth(self, x: float, top: float) -> None:
        """A blue stroke that comes in from above."""
        pen = QPen(QColor("#2f7fc1"), 2.0)
        self.line(x - 7, top + 32, x, top + 44, pen)
        self.line(x, top + 44, x, top + 48, pen)

    def outlets(self) -> list[Hit]:
        """Triangles, numbered as the list is; the chosen one with a line up."""
        top, hits = self.room.bottom() + 19, []
        wanted: list[Wanted] = []
        named: list[Wanted] = []
        shown = sorted(self.profile.outlets, key=lambda one: -self._number(one))
        for one in shown:
            x, chosen = self.x(one.km), one.code == self.look.chosen
            ink = ACCENT if chosen else ("#9aa8b1" if one.excluded else OUTLET)
            if chosen:
                pen = QPen(QColor(ACCENT), 1.4)
                self.line(x, self.room.top(), x, self.room.bottom(), pen)
            size = 7.5 if chosen else (5.0 if one.excluded else 6.5)
            self.painter.setPen(QPen(QColor("#ffffff"), 1.0))
            self.painter.setBrush(QColor(ink))
            corners = (QPointF(x - size, top), QPointF(x + size, top), QPointF(x, top + size * 1.6))
            self.painter.drawPolygon(QPolygonF(list(corners)))
            hits.append(Hit(QRectF(x - 9, top - 5, 18, 22), "outlet", one.code))
            rank = -1.0 if chosen else float(self._number(one)) + (1000 if one.excluded else 0)
            wanted.append(Wanted(x, rank, (circled(self._number(one)),), one.code))
            if chosen or not one.excluded:
                named.append(Wanted(x, rank, (one.name,), one.code))
        excluded = {one.code for one in shown if one.excluded}
        for labels, below in ((wanted, 31.0), (named, 2.0)):
            for label in self._placed(labels, 1, 11, tight=below > _ROW):
                code = label.wanted.key
                box = QRectF(label.left, self.room.bottom() + below, label.width, 15)
                ink = ACCENT if code == self.look.chosen else OUTLET
                faint = code in excluded and code != self.look.chosen
                self.text(box, label.text, QUIET if faint else ink, 11)
        return hits

    def _number(self, one: Outlet) -> int:
        return self.look.numbers.get(one.code, one.number)

    # --- measured -------------------------------------------------------------------------

    def interpolation(self, points: Sequence[Point]) -> None:
        """Dashed, thin, without dots: nobody measured there."""
        pen = QPen(QColor(_INTERPOLATED), 1.4)
        pen.setDashPattern([4.0, 4.0])
        for one, two in lines_between(points):
            self.line(
                self.x(one.post.km), self.y(one.value), self.x(two.post.km), self.y(two.value), pen
            )

    def sections(self, points: Sequence[Point]) -> list[Hit]:
        """A bar for each section, its dot with class and value, its name above."""
        hits, wanted = [], []
        for point in points:
            x = self.x(point.post.km)
            self._bar(x, point)
            if not point.silent:
                self._dot(x, point)
            rank = 0.0 if point.post.here else (1.0 if point.beyond else 2.0)
            wanted.append(Wanted(x, rank, self._names(point), point.post.code))
            box = QRectF(x - 9, self.room.top() - 30, 18, self.room.height() + 30)
            hits.append(Hit(box, "section", point.post.code))
        beyond = {point.post.code for point in points if point.beyond}
        here = {point.post.code for point in points if point.post.here}
        for label in self._placed(wanted, 2, _LETTERS):
            self._name(label, label.wanted.key in beyond, label.wanted.key in here)
        return hits

    def _names(self, point: Point) -> tuple[str, ...]:
        """The name of a section with its moment or its silence, and shorter."""
        name, extra = point.post.name, ""
        if point.silent:
            extra = t("tracing.profile.silent")
        elif self.look.travelling and not point.post.here:
            extra = wording.moment(point.wanted)
        short = name.split(" ")[0]
        joined = tuple(" ".join(filter(None, (text, extra))) for text in (name, short))
        return (*joined, short)

    def _name(self, label: Placed, beyond: bool, here: bool) -> None:
        top = 4.0 + (1 - label.row) * _ROW
        box = QRectF(label.left, top, label.width, _ROW)
        self.text(box, label.text, BAD if beyond else "#1b5fa8", _LETTERS, bold=here)
        if label.row == 1:
            x = label.wanted.x
            self.line(x, top + _ROW, x, self.room.top(), QPen(QColor(LINE), 1.0))

    def _bar(self, x: float, point: Point) -> None:
        if point.silent:
            pen = QPen(QColor(QUIET), 1.2, Qt.PenStyle.DashLine)
            self.line(x, self.room.top(), x, self.room.bottom(), pen)
            return
        colour = QColor(BAD if point.beyond else "#1b5fa8")
        colour.setAlpha(70 if point.post.here else 45)
        width = 7.0 if point.post.here else 5.0
        box = QRectF(x - width / 2, self.room.top(), width, self.room.height())
        self.painter.fillRect(box, colour)

    def _dot(self, x: float, point: Point) -> None:
        """Class colour and numeral in the dot, the value beside it."""
        y = self.y(point.value)
        sign = "" if point.level is None else point.level.sign
        fill = QColor(point.level.colour if point.level is not None else "#ffffff")
        width = max(2 * _DOT, self.measure(sign, 11) + 10)
        pill = QRectF(x - width / 2, y - _DOT, width, 2 * _DOT)
        self.painter.setPen(QPen(QColor(BAD if point.beyond else INK), 1.6))
        self.painter.setBrush(fill)
        self.painter.drawRoundedRect(pill, _DOT, _DOT)
        light = 0.299 * fill.red() + 0.587 * fill.green() + 0.114 * fill.blue()
        self.text(pill, sign, "#ffffff" if light < _DARK else "#16222b", 11)
        value = wording.value(point.value, self.decimals)
        wide = self.measure(value, _LETTERS) + 6
        above = y - _DOT - 19 > self.room.top()
        box = QRectF(x - wide / 2, y - _DOT - 19 if above else y + _DOT + 2, wide, 17)
        self.painter.fillRect(box, QColor(255, 255, 255, 190))
        self.text(box, value, BAD if point.beyond else INK, _LETTERS, bold=True)

    # --- strokes and letters --------------------------------------------------------------

    def line(self, x0: float, y0: float, x1: float, y1: float, pen: QPen) -> None:
        """A straight stroke."""
        self.painter.setPen(pen)
        self.painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))

    def text(
        self,
        box: QRectF,
        text: str,
        ink: str,
        pixels: float,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
        *,
        bold: bool = False,
    ) -> None:
        """A line of text in a box."""
        self.painter.setFont(self.look.letters(pixels, bold))
        self.painter.setPen(QColor(ink))
        self.painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, text)

    def measure(self, text: str, pixels: float) -> float:
        """The width of a text."""
        return QFontMetricsF(self.look.letters(pixels, True)).horizontalAdvance(text) + 2

    def _placed(
        self, wanted: Sequence[Wanted], rows: int, pixels: float, *, tight: bool = False
    ) -> list[Placed]:
        room = (self.room.left() - 30, self.room.right() + _RIGHT - 4)
        gap, slack = (0.0, 7.0) if tight else (8.0, 0.0)
        return placed(wanted, lambda text: self.measure(text, pixels), room, rows, gap, slack)


def _ticks(low: float, high: float, count: float) -> list[float]:
    """Round values of an axis, about as many as asked."""
    if high <= low:
        return []
    rough = (high - low) / max(count, 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]
