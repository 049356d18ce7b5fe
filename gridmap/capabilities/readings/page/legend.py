"""The legend of the series dock: which line is which station, and what marks and colours mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridmap.capabilities.readings.page.data import Course, Panel
from gridmap.capabilities.readings.page.ink import LETTERS_PX, pen_of, shade
from gridmap.capabilities.readings.page.words import grade_words, numeral
from gridmap.map.fonts import font
from gridmap.texts import t

_SAMPLE_PX: Final = 22
_GAP_PX: Final = 12
_HEIGHT_PX: Final = 18
_BOX_PX: Final = QSize(9, 9)


class Sample(Enum):
    """What stands before a name."""

    LINE = auto()
    BOX = auto()
    RING = auto()
    SQUARE = auto()


@dataclass(frozen=True)
class Entry:
    """A name and what it looks like; a square is filled with the colour of the pen."""

    name: str
    pen: QPen
    sample: Sample = Sample.LINE


def entries_of(panels: Sequence[Panel], *, as_calendar: bool) -> list[Entry]:
    """What has to be explained of these panels.

    Stations are named once for all panels, where there is more than one line; boxes, readings
    left out and the classes of a calendar where there are any.
    """
    if as_calendar:
        return _classes([panel.main for panel in panels])
    found: dict[tuple[str, str], Entry] = {}
    courses = [course for panel in panels for course in panel.courses]
    for course in courses:
        key = (course.part.value, course.station)
        found.setdefault(key, Entry(course.label or course.name, pen_of(course)))
    entries = list(found.values()) if len(found) > 1 else []
    quiet = QPen(shade("quiet"), 1.2)
    if any(course.spreads is not None for course in courses):
        entries.append(Entry(t("series.legend_box"), quiet, Sample.BOX))
    if any(len(course.left_out[0]) for course in courses):
        entries.append(Entry(t("series.stats.left_out"), quiet, Sample.RING))
    return entries


def _classes(courses: Sequence[Course]) -> list[Entry]:
    """Each class or level of the calendars once, the best first, and days without one."""
    found: dict[str, Entry] = {}
    for course in courses:
        levels = {one.number: one for stretch in course.stretches for one in stretch.levels}
        for number, level in sorted(levels.items()):
            words, sign = grade_words(course, number), numeral(course, number)
            name = words if sign in words else t("series.legend_level", sign=sign, name=words)
            found.setdefault(name, Entry(name, QPen(level.colour), Sample.SQUARE))
    if found:
        found[""] = Entry(t("series.legend_none"), QPen(shade("paper")), Sample.SQUARE)
    return list(found.values())


class Legend(QWidget):
    """Entries in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT_PX)

    @property
    def names(self) -> list[str]:
        """The names shown."""
        return [entry.name for entry in self._entries]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return tuple(self._entries)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._entries = list(entries)
        self.setVisible(bool(entries))
        self.setToolTip("\n".join(self.names))
        self.setAccessibleName(t("series.legend", names=t("series.comma").join(self.names)))
        metrics = self.fontMetrics()
        wide = sum(_SAMPLE_PX + 6 + metrics.horizontalAdvance(n) + _GAP_PX for n in self.names)
        self.setMaximumWidth(wide)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Samples and names, cut where room ends."""
        with QPainter(self) as painter:
            paint_legend(painter, self._entries, QPointF(0, 0), self.width())


def paint_legend(painter: QPainter, entries: Sequence[Entry], at: QPointF, room: float) -> None:
    """Samples with their names, from a place to the right."""
    painter.setFont(font(LETTERS_PX + 1))
    metrics = painter.fontMetrics()
    x, middle = at.x(), at.y() + _HEIGHT_PX / 2
    for number, entry in enumerate(entries):
        left = room - (x - at.x()) - _SAMPLE_PX - 6
        share = left / max(len(entries) - number, 1)
        text = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, max(int(share), 24))
        if left < _SAMPLE_PX:
            return
        _paint_sample(painter, entry, QPointF(x, middle))
        painter.setPen(shade("text"))
        x += _SAMPLE_PX + 6
        painter.drawText(QPointF(x, middle + metrics.ascent() / 2 - 1), text)
        x += metrics.horizontalAdvance(text) + _GAP_PX


def _paint_sample(painter: QPainter, entry: Entry, at: QPointF) -> None:
    painter.setPen(entry.pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    centre = at + QPointF(_SAMPLE_PX / 2, 0)
    square = QRectF(centre - QPointF(4.5, 4.5), _BOX_PX)
    match entry.sample:
        case Sample.LINE:
            painter.drawLine(at, at + QPointF(_SAMPLE_PX, 0))
        case Sample.RING:
            painter.drawEllipse(centre, 3.2, 3.2)
        case Sample.SQUARE:
            painter.setPen(QPen(shade("line"), 1))
            painter.setBrush(entry.pen.color())
            painter.drawRect(square)
        case Sample.BOX:
            painter.drawRect(square.adjusted(1, 2, -1, -2))
            painter.drawLine(centre - QPointF(0, 7), centre - QPointF(0, 3))
            painter.drawLine(centre + QPointF(0, 3), centre + QPointF(0, 7))
            painter.drawLine(centre - QPointF(4, 0), centre + QPointF(4, 0))
