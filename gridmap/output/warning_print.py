"""The printed 下游预警通知单: map, arrivals, calls with boxes to tick, basis; PDF or PNG."""

import datetime as dt
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from gridmap.output.paper import (
    DPI,
    INNER_MM,
    MARGIN_MM,
    Brush,
    Cell,
    Paper,
    Style,
    plain,
)
from gridmap.output.verdict_lines import Tone
from gridmap.output.verdict_print import put_file, sheet_answer, sheet_foot, sheet_head
from gridmap.output.warning_text import present_warning
from gridmap.output.warning_words import (
    SHOWN,
    CallWords,
    arrival_words,
    basis_of,
    call_words,
)
from gridmap.project.warning import WarningAnswer
from gridmap.texts import t

PICTURE: Final = (658, 360)
"""Width and height of the map, in pixels of 96 dpi; they fill the width of the sheet."""

RATIO: Final = DPI / 96.0
_INK: Final = "#22303a"
_QUIET: Final = "#5f717d"
_LINE: Final = "#d9e1e7"
_RAIL: Final = "#12384f"
_BAD: Final = "#b93222"
_WARN: Final = "#8a5a12"
_MAP_MM: Final = 96.0
_BOX_MM: Final = 3.6
_ROW_MM: Final = 11.0
_TONES: Final = {Tone.BAD: _BAD, Tone.WARN: _WARN}


def print_warning(
    answer: WarningAnswer,
    path: Path,
    *,
    map_image: QImage | None,
    printed_on: dt.date,
    full_phones: bool = False,
) -> None:
    """Write the sheet; a file that stood there is replaced as a whole.

    Needs a QGuiApplication; may run on any thread.

    Args:
        answer: the warning.
        path: ends in .pdf or .png.
        map_image: the water passed, if it is to be shown.
        printed_on: the day that stands on the sheet.
        full_phones: whether phones are printed in full.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    heading = t("warning.print.title")
    sheet = present_warning(answer, full_phones=full_phones)
    paper = Paper()
    sheet_head(paper, heading, answer.title, printed_on, "", example=answer.example)
    sheet_answer(paper, sheet)
    if map_image is not None and not map_image.isNull():
        paper.picture(map_image, _MAP_MM)
        note = Cell(t("verdict.illustrative_note"), 0, INNER_MM, Style(8.5, ink=_QUIET), 1)
        paper.row([note], pad=0.6)
    _stops(paper, answer)
    _calls(paper, answer, full_phones=full_phones)
    _arrivals(paper, answer)
    _basis(paper, answer)

    def foot(brush: Brush, page: int, pages: int) -> None:
        text = f"{heading} · {plain(answer.title)}"
        sheet_foot(brush, text, page, pages, example=answer.example)

    png = path.suffix.lower() == ".png"
    name = f"{heading} · {plain(sheet.headline)}"
    put_file(path, paper.png(foot) if png else paper.pdf(name, foot))


def _title(paper: Paper, text: str, note: str = "") -> None:
    """A heading that never stands alone at the foot of a page."""
    paper.skip(3)
    paper.need(24)
    half = INNER_MM * 0.4
    paper.row(
        [
            Cell(text, 0, half, Style(11, bold=True, ink=_RAIL)),
            Cell(note, half, INNER_MM - half, Style(8.5, ink=_QUIET), 1),
        ],
        pad=0.4,
    )
    paper.rule(_RAIL, 0.3)


def _stops(paper: Paper, answer: WarningAnswer) -> None:
    if not answer.found.stopped_by:
        return
    _title(paper, t("warning.section.stops"))
    for one in answer.found.stopped_by:
        told = arrival_words(answer, one)
        style = Style(9.5, bold=True, ink=_WARN)
        paper.row([
            Cell(told.kind, 0, 32, Style(9.5, ink=_QUIET)),
            Cell(told.name, 34, 70, style),
            Cell(f"{told.window} · {told.distance}", 106, INNER_MM - 106, Style(9), 1),
        ])  # fmt: skip
        paper.rule(_LINE)


def _calls(paper: Paper, answer: WarningAnswer, *, full_phones: bool) -> None:
    """Each call with a box to tick; a call is never parted by the end of a page."""
    _title(paper, t("warning.section.calls"), t("warning.note.calls"))
    small = Style(8.5, ink=_QUIET)
    paper.row([
        Cell(t("warning.print.tick"), 0, 14, small),
        Cell(t("warning.print.call"), 20, 80, small),
        Cell(t("warning.sheet.phone"), 112, 26, small),
        Cell(t("warning.sheet.before"), 140, INNER_MM - 140, small, 1),
    ], pad=0.5)  # fmt: skip
    paper.rule(_LINE)
    for call in answer.calls:
        told = call_words(answer, call, full_phones=full_phones)
        _call(paper, told)
    if not answer.calls:
        paper.row([Cell(t("warning.no_chiefs"), 0, INNER_MM, Style(9.5, bold=True, ink=_BAD))])
    paper.skip(3)
    paper.need(8)
    label = Style(9.5, ink=_QUIET)
    paper.row(
        [
            Cell(t("warning.print.caller"), 84, 20, label),
            Cell(t("warning.print.at"), 134, 12, label),
        ]
    )
    y = paper.y - 1.0
    paper.draw(lambda brush: brush.line(MARGIN_MM + 102, y, 28, _QUIET))
    paper.draw(lambda brush: brush.line(MARGIN_MM + 146, y, INNER_MM - 146, _QUIET))


def _call(paper: Paper, told: CallWords) -> None:
    paper.need(_ROW_MM)
    y = paper.y
    paper.draw(lambda brush: brush.frame(MARGIN_MM + 1.5, y + 1.5, _BOX_MM, _BOX_MM, _QUIET))
    ink = _TONES.get(told.tone, _INK)
    who = t("warning.dot").join(filter(None, (told.post, told.name)))
    paper.row([
        Cell(str(told.order), 8, 9, Style(9.5, ink=_QUIET), 0.5),
        Cell(who, 20, 90, Style(9.5, bold=True, ink=ink)),
        Cell(told.phone, 112, 28, Style(9.5)),
        Cell(told.by, 140, INNER_MM - 140, Style(9.5, bold=True), 1),
    ], pad=0.8)  # fmt: skip
    if told.detail:
        paper.row([Cell(told.detail, 20, INNER_MM - 20, Style(8.5, ink=_QUIET))], pad=0.2)
        paper.y += 0.8
    paper.rule(_LINE)


def _arrivals(paper: Paper, answer: WarningAnswer) -> None:
    found = answer.found.of(*SHOWN)
    if not found:
        return
    _title(paper, t("warning.section.arrivals"), t("warning.note.arrivals"))
    for one in found:
        told = arrival_words(answer, one)
        ink = _BAD if told.urgent else _INK
        paper.row([
            Cell(told.kind, 0, 26, Style(9.5, ink=_QUIET)),
            Cell(told.name, 28, 62, Style(9.5, bold=told.urgent, ink=ink)),
            Cell(told.window, 92, 48, Style(9.5)),
            Cell(told.hours, 142, 14, Style(9, ink=_QUIET), 1),
            Cell(told.distance, 158, INNER_MM - 158, Style(9, ink=_QUIET), 1),
        ], pad=0.75)  # fmt: skip
        paper.rule(_LINE)


def _basis(paper: Paper, answer: WarningAnswer) -> None:
    _title(paper, t("warning.section.basis"))
    for title, text in basis_of(answer):
        paper.row([
            Cell(title, 0, 26, Style(9.5, ink=_QUIET)),
            Cell(text, 28, INNER_MM - 28, Style(9.5)),
        ], pad=0.6)  # fmt: skip
