"""Colours, pens, letters and quiet buttons of the dock, drawn with a plot or without one."""

from typing import Final

from PySide6.QtGui import QColor, QPen

from gridmap.capabilities.readings.page.data import Course, Part
from gridmap.shell.theme import tokens

LETTERS_PX: Final = 11

_MAIN: Final = "#0959a9"  # dark enough for a thin line on paper
# What a course beside the main one looks like: colour and dash, so that neither is alone.
_BESIDE: Final = {
    Part.LAST_YEAR: ("#5f717d", (4.0, 3.0)),
    Part.UPSTREAM: ("#b3590f", (7.0, 2.0, 1.5, 2.0)),
}
_OTHERS: Final = (
    ("#7b3294", (1.5, 2.0)),
    ("#00695c", (6.0, 2.5)),
    ("#8a6d00", (4.0, 1.5, 1.5, 1.5)),
)


def pen_of(course: Course) -> QPen:
    """How the line of a course is drawn: a station looks the same in every panel."""
    if course.part is Part.MAIN:
        return QPen(QColor(_MAIN), 1.5)
    others = _OTHERS[course.rank % len(_OTHERS)]
    colour, dash = _BESIDE.get(course.part, others)
    pen = QPen(QColor(colour), 1.3)
    pen.setDashPattern(dash)
    return pen


def shade(token: str, alpha: int = 255) -> QColor:
    """A colour of the theme."""
    colour = QColor(tokens()[token])
    colour.setAlpha(alpha)
    return colour


def flat_style() -> str:
    """Buttons of the header: quiet, the checked ones in the accent."""
    colours = tokens()
    return (
        f"QToolButton {{ padding: 4px 6px; color: {colours['quiet']}; font-size: 12px; }}"
        f"QToolButton:checked {{ color: {colours['accent']}; background: {colours['chip']}; }}"
        f"QToolButton:disabled {{ color: {colours['line']}; background: transparent; }}"
        f"QToolButton:focus {{ border: 1px solid {colours['accent']}; }}"
        "QToolButton::menu-indicator { image: none; }"
    )
