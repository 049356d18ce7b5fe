"""The printed 溯源单: event, map, profile, suspects, whom to tell, basis; PDF or PNG."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QFont, QImage, QPainter

from gridmap.domain.tracing import Suspect
from gridmap.output.paper import DPI, Style
from gridmap.output.trace_drawing import Look, paint_profile
from gridmap.output.trace_profile import profile_of
from gridmap.output.trace_text import present_trace
from gridmap.output.trace_words import TraceWriting
from gridmap.output.verdict_print import print_verdict
from gridmap.texts import t

PICTURE: Final = (658, 300)
"""Width and height of map and profile, in pixels of 96 dpi; they fill the width of the sheet."""

RATIO: Final = DPI / 96.0
_PRINTED: Final = 12
_FONT_RATIO: Final = 72.0 / 96.0


def print_trace(
    words: TraceWriting,
    path: Path,
    *,
    map_image: QImage | None,
    printed_on: dt.date,
    ordered: Sequence[Suspect] | None = None,
    travelling: bool = True,
) -> None:
    """Write the sheet; a file that stood there is replaced as a whole.

    Needs a QGuiApplication; may run on any thread.

    Args:
        words: of the answer, with the project's title and whether it is an example.
        path: ends in .pdf or .png.
        map_image: the water upstream, if it is to be shown.
        printed_on: the day that stands on the sheet.
        ordered: the suspects in another order than that of the answer.
        travelling: whether the profile sees each section when the same water passed it.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    suspects = words.answer.found.suspects if ordered is None else tuple(ordered)
    print_verdict(
        present_trace(words, suspects, most=_PRINTED),
        path,
        project_title=words.context.project_title,
        example=words.context.example,
        map_image=map_image,
        printed_on=printed_on,
        title=t("tracing.print.title"),
        pictures=[profile_picture(words, suspects, travelling=travelling)],
    )


def profile_picture(
    words: TraceWriting, suspects: Sequence[Suspect], *, travelling: bool
) -> QImage:
    """The profile at the worst moment, for paper, with a line that says what is measured."""
    answer = words.answer
    through = suspects[0].source.spot if suspects else None
    profile = profile_of(answer, through)
    points = profile.at(answer.peak[1], travelling=travelling)
    numbers = {one.source.code: number for number, one in enumerate(suspects, 1)}
    width, height = PICTURE
    picture = QImage(round(width * RATIO), round(height * RATIO), QImage.Format.Format_RGB32)
    picture.fill(QColor("#ffffff"))
    painter = QPainter(picture)
    painter.scale(RATIO, RATIO)
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
