"""The printed 责任判定单: a verdict on A4, to be filed and signed."""

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from gridmap.output import wording
from gridmap.output.paper import (
    FOOT_MM,
    HEIGHT_MM,
    INNER_MM,
    MARGIN_MM,
    WIDTH_MM,
    Brush,
    Cell,
    Paper,
    Style,
    plain,
    shortened,
)
from gridmap.output.verdict_lines import Line, Section, Tone, VerdictSheet
from gridmap.texts import GridMapError, t

_INK: Final = "#22303a"
_QUIET: Final = "#5f717d"
_LINE: Final = "#d9e1e7"
_RAIL: Final = "#12384f"
_BAD: Final = "#b93222"
_TONES: Final = {
    Tone.GOOD: ("#1a7a43", "#e5f4ea"),
    Tone.WARN: ("#8a5a12", "#fff6dd"),
    Tone.BAD: (_BAD, "#fdeae7"),
    Tone.QUIET: (_QUIET, "#eef2f5"),
    Tone.PLAIN: (_INK, "#eef2f5"),
}
_MAP_MM: Final = 78.0
_LABEL_MM: Final = 34.0
_ASIDE_MM: Final = 42.0
_INDENT_MM: Final = 3.0
_HEAD_AND_ONE_MM: Final = 13.0
_INSET_MM: Final = 5.0
_FOOT_TEXT_MM: Final = 48.0
_SIGN_MM: Final = 46.0
_MARK_LENGTH: Final = 16


class SheetError(GridMapError):
    """A sheet that cannot be written; the facts name the file and the reason."""


def print_verdict(  # noqa: PLR0913  one sheet, one argument for each thing on it
    sheet: VerdictSheet,
    path: Path,
    *,
    project_title: str,
    example: bool,
    map_image: QImage | None,
    printed_on: dt.date,
    fingerprint: str = "",
    title: str | None = None,
    pictures: Sequence[QImage] = (),
) -> None:
    """Write a verdict as PDF, A4 upright; a file that stood there is replaced as a whole.

    A path that ends in .png gets a picture of all pages instead.

    Needs a QGuiApplication; may run on any thread.

    Args:
        sheet: the verdict in words, in the current language.
        path: the file to write.
        project_title: of the project that answered.
        example: whether "example data" is said on every page.
        map_image: the surroundings of the place, if they are to be shown.
        printed_on: the day that stands on the sheet.
        fingerprint: of the verdict, printed in full; the short one of the sheet by default.
        title: the heading, 责任判定单 by default.
        pictures: further ones below the map, across the page.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    heading = title or t("verdict.sheet_title")
    paper = Paper()
    sheet_head(paper, heading, project_title, printed_on, fingerprint, example=example)
    sheet_answer(paper, sheet)
    if map_image is not None and not map_image.isNull():
        _map(paper, map_image)
    for picture in pictures:
        paper.picture(picture, _MAP_MM)
        paper.skip(2)
    for section in sheet.sections:
        _section(paper, section, fingerprint)
    _signatures(paper)

    def foot(brush: Brush, page: int, pages: int) -> None:
        sheet_foot(brush, f"{heading} · {plain(project_title)}", page, pages, example=example)

    png = path.suffix.lower() == ".png"
    name = f"{heading} · {plain(sheet.headline)}"
    put_file(path, paper.png(foot) if png else paper.pdf(name, foot))


def sheet_head(
    paper: Paper,
    heading: str,
    project_title: str,
    printed_on: dt.date,
    fingerprint: str,
    *,
    example: bool,
) -> None:
    """Heading, example label, project, number and day, at the top of the first page."""
    paper.row([Cell(heading, 0, INNER_MM, Style(22, bold=True, ink=_RAIL), 0.5)], pad=0.5)
    if example:
        _example_box(paper)
    quiet = Style(9, ink=_QUIET)
    third = INNER_MM / 3
    number = t("print.number", mark=fingerprint[:_MARK_LENGTH]) if fingerprint else ""
    paper.skip(1.5)
    paper.row(
        [
            Cell(t("print.project", title=project_title), 0, third, quiet),
            Cell(number, third, third, quiet, 0.5),
            Cell(t("print.printed", date=wording.day(printed_on)), 2 * third, third, quiet, 1),
        ],
        pad=0.6,
    )
    paper.rule(_RAIL, 0.6)
    paper.skip(3.5)


def _example_box(paper: Paper) -> None:
    """The words that keep an example from being taken for a document."""
    width, height = 96.0, 7.0
    x, y = (WIDTH_MM - width) / 2, paper.y + 1.0
    style = Style(10, bold=True, ink=_BAD)
    paper.draw(lambda brush: brush.frame(x, y, width, height, _BAD))
    text = t("verdict.example_note")
    paper.draw(lambda brush: brush.text(text, WIDTH_MM / 2, y + 4.9, style, 0.5))
    paper.y += height + 1.5


def sheet_answer(paper: Paper, sheet: VerdictSheet) -> None:
    """Status, sentence and advice on the ground of the status."""
    ink, ground = _TONES[sheet.tone]
    width = INNER_MM - 2 * _INSET_MM

    def row(text: str, style: Style, pad: float) -> None:
        cell = Cell(text, _INSET_MM, width, style)
        paper.row([cell], pad=pad, ground=ground, edge=ink)

    row(sheet.headline, Style(16, bold=True, ink=ink), 1.8)
    row(sheet.sentence, Style(10.5), 0.6)
    if sheet.advice:
        advice = t("print.advice", title=t("verdict.advice.title"), advice=sheet.advice)
        row(advice, Style(10, ink=_QUIET), 1.4)
    paper.skip(4)


def _map(paper: Paper, image: QImage) -> None:
    paper.picture(image, _MAP_MM)
    note = Cell(t("verdict.illustrative_note"), 0, INNER_MM, Style(8.5, ink=_QUIET), 1)
    paper.row([note], pad=0.6)
    paper.skip(1)


def _section(paper: Paper, section: Section, fingerprint: str) -> None:
    """A heading that never stands alone at the foot of a page, and its lines as a table."""
    paper.skip(2.5)
    paper.need(20)
    title = Cell(section.title, 0, INNER_MM, Style(11, bold=True, ink=_RAIL))
    paper.row([title], pad=0.4)
    if section.note:
        paper.row([Cell(section.note, 0, INNER_MM, Style(9.5, bold=True))], pad=0.4)
    paper.rule(_RAIL, 0.3)
    labelled = any(line.label for line in section.lines)
    grouped = any(line.strong for line in section.lines)
    for number, line in enumerate(section.lines):
        if line.strong:
            paper.need(_HEAD_AND_ONE_MM)
        if number and (line.strong if grouped else line.label):
            paper.rule(_LINE)
        indent = _INDENT_MM if grouped and not line.strong else 0.0
        _line(paper, line, (indent, _LABEL_MM if labelled else 0.0), fingerprint)
    paper.rule(_LINE)


def _line(paper: Paper, line: Line, lefts: tuple[float, float], fingerprint: str) -> None:
    """One line as label, value, aside; label and value begin at `lefts` (mm)."""
    value = line.value
    if fingerprint and line.label == t("verdict.basis.fingerprint"):
        value = fingerprint
    bold = line.strong or line.tone in {Tone.WARN, Tone.BAD}
    ink = _INK if line.tone in {Tone.PLAIN, Tone.QUIET} else _TONES[line.tone][0]
    indent, left = lefts
    room = INNER_MM - left - (_ASIDE_MM if line.aside else 0)
    label = Style(9.5, bold=line.strong, ink=_INK if line.strong else _QUIET)
    paper.row(
        [
            Cell(line.label, indent, _LABEL_MM - 3 - indent, label),
            Cell(value, left, room - 2, Style(9.5, bold=bold, ink=ink)),
            Cell(line.aside, INNER_MM - _ASIDE_MM, _ASIDE_MM, Style(9, ink=_QUIET), 1),
        ],
        pad=0.75,
    )


def _signatures(paper: Paper) -> None:
    """Room for opinions and names, kept together."""
    paper.skip(6)
    paper.need(_SIGN_MM)
    top, half = paper.y, INNER_MM / 2
    label = Style(9.5, ink=_QUIET)

    def box(brush: Brush, left: float, opinion: str, person: str) -> None:
        x = MARGIN_MM + left
        brush.frame(x, top, half, _SIGN_MM, _QUIET)
        brush.text(opinion, x + 3, top + 6, label)
        brush.text(person, x + 3, top + 32, label)
        brush.line(x + 24, top + 33, half - 30, _QUIET)
        brush.text(t("print.sign.date"), x + 3, top + 41, label)
        brush.line(x + 24, top + 42, half - 30, _QUIET)

    paper.draw(lambda b: box(b, 0, t("print.sign.handling"), t("print.sign.handler")))
    paper.draw(lambda b: box(b, half, t("print.sign.review"), t("print.sign.reviewer")))
    paper.y += _SIGN_MM


def sheet_foot(brush: Brush, text: str, page: int, pages: int, *, example: bool) -> None:
    """The foot of a page: text, example label, number of the page."""
    y = HEIGHT_MM - FOOT_MM
    quiet = Style(8.5, ink=_QUIET)
    brush.line(MARGIN_MM, y - 4.5, INNER_MM, _LINE)
    brush.text(shortened(text, quiet, _FOOT_TEXT_MM), MARGIN_MM, y, quiet)
    if example:
        note = t("verdict.example_note")
        brush.text(note, WIDTH_MM / 2, y, Style(8.5, ink=_BAD), 0.5)
    number = t("print.page", page=page, pages=pages)
    brush.text(number, WIDTH_MM - MARGIN_MM, y, quiet, 1)


def put_file(path: Path, content: bytes) -> None:
    """Write beside the target and rename: nobody ever sees half a sheet."""
    fresh: str | None = None
    try:
        handle, fresh = tempfile.mkstemp(prefix=".", suffix=".pdf.part", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(fresh, 0o666 & ~_umask())  # noqa: PTH101  mkstemp makes files private
        Path(fresh).replace(path)
    except OSError as error:
        if fresh is not None:
            with suppress(OSError):
                Path(fresh).unlink()
        reason = error.strerror or str(error)
        raise SheetError("print.error.write", file=path, reason=reason) from error


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
