"""Colours, pens, letters and quiet buttons of the dock, drawn with a plot or without one."""

from typing import Final

from PySide6.QtGui import QColor, QPen

from gridmap.capabilities.readings.page.data import Course, Part
from gridmap.shell.theme import tokens

LETTERS_PX: Final = 11
COLOURS: Final = ("#0959a9", "#00695c", "#6a3d9a", "#8a4b08")
"""Of the main course of the first, second … panel; dark enough for a thin line on paper."""

# What a course beside the main one looks like: colour and dash, so that neither is alone.
_BESIDE: Final = {
    Part.LAST_YEAR: ("#5f717d", (4.0, 3.0)),
    Part.UPSTREAM: ("#b3590f", (7.0, 2.0, 1.5, 2.0)),
    Part.OTHER: ("#7b3294", (1.5, 2.0)),
}


def pen_of(course: Course, place: int = 0) -> QPen:
    """How the line of a course is drawn; `place` is that of its panel."""
    if course.part is Part.MAIN:
        return QPen(QColor(COLOURS[place % len(COLOURS)]), 1.5)
    colour, dash = _BESIDE[course.part]
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
