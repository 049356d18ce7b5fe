"""The profile of a trace as a picture for paper."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QColor, QFont, QImage, QPainter

from gridmap.capabilities.tracing.picture.drawing import Look, paint_profile
from gridmap.capabilities.tracing.report.profile import profile_of
from gridmap.capabilities.tracing.report.words import TraceWriting
from gridmap.capabilities.tracing.rules import Suspect
from gridmap.report.paper import DPI, Style
from gridmap.texts import t

SIZE: Final = (658, 300)
"""Width and height in pixels of 96 dpi; they fill the width of the sheet."""

_RATIO: Final = DPI / 96.0


def profile_picture(
    words: TraceWriting, ordered: Sequence[Suspect] | None = None, *, travelling: bool = True
) -> QImage:
    """The profile at the worst moment, for paper, with a line that says what is measured.

    Needs a QGuiApplication; may run on any thread.

    Args:
        words: of the answer.
        ordered: the suspects in another order than that of the answer.
        travelling: whether the profile sees each section when the same water passed it.
    """
    answer = words.answer
    suspects = answer.found.suspects if ordered is None else ordered
    through = suspects[0].source.spot if suspects else None
    profile = profile_of(answer, through)
    points = profile.at(answer.peak[1], travelling=travelling)
    numbers = {one.source.code: number for number, one in enumerate(suspects, 1)}
    width, height = SIZE
    picture = QImage(round(width * _RATIO), round(height * _RATIO), QImage.Format.Format_RGB32)
    picture.fill(QColor("#ffffff"))
    painter = QPainter(picture)
    painter.scale(_RATIO, _RATIO)
    look = Look(_letters, numbers, travelling=travelling)
    paint_profile(painter, (width, height - 20), profile, points, look)
    painter.setFont(_letters(11, False))
    painter.setPen(QColor("#5f717d"))
    note = t("tracing.profile.note_travelling" if travelling else "tracing.profile.note_together")
    painter.drawText(58, height - 5, f"{note} {t('tracing.profile.dashed')}")
    painter.end()
    return picture


def _letters(pixels: float, bold: bool) -> QFont:
    """The shipped font, in units of 96 dpi."""
    found = Style(10.0, bold=bold).font()
    found.setPixelSize(round(pixels))
    return found
