"""The printed 一河一档: a river on one or two pages of A4."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from gridmap.output import wording
from gridmap.output.attainment_tables import SheetTable
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
from gridmap.output.river_tables import river_tables, shown
from gridmap.output.river_text import basis_lines, chief_line, outlet_lines
from gridmap.output.river_words import RiverWriting
from gridmap.output.verdict_lines import Line, Tone
from gridmap.output.verdict_print import SheetError
from gridmap.texts import t

_INK: Final = "#22303a"
_QUIET: Final = "#5f717d"
_LINE: Final = "#d9e1e7"
_RAIL: Final = "#12384f"
_BAD: Final = "#b93222"
_MAP_MM: Final = 56.0
_LABEL_MM: Final = 26.0
_ASIDE_MM: Final = 44.0
_SMALL: Final = 7.8
_HEAD_AND_ONE_MM: Final = 16.0
_CLASS_MM: Final = 7.6
_MOST_OUTLETS: Final = 6

# Table to the columns that are printed and their share of the width.
_PRINTED: Final = {
    "reaches": ((0, 1, 3, 5, 6, 7, 4), (0.05, 0.13, 0.09, 0.33, 0.23, 0.08, 0.09)),
    "outlets": ((0, 2, 3, 5, 6), (0.36, 0.13, 0.15, 0.09, 0.27)),
    "zones": ((0, 1, 3, 4, 5), (0.34, 0.2, 0.14, 0.1, 0.22)),
    "alerts": ((0, 1, 2, 3, 4, 5), (0.1, 0.27, 0.13, 0.18, 0.2, 0.12)),
    "boards": ((0, 1, 2, 3, 4, 5), (0.09, 0.14, 0.2, 0.25, 0.16, 0.16)),
}


def print_river(
    words: RiverWriting,
    path: Path,
    *,
    map_image: QImage | None,
    printed_on: dt.date,
    board: Sequence[str] = (),
) -> None:
    """Write the file of a river as PDF, A4 upright; one that ends in .png becomes a picture.

    Needs a QGuiApplication; may run on any thread.

    Args:
        words: of the file; its wishes say whether phones are masked.
        path: the file to write; what stood there is replaced as a whole.
        map_image: the river and its surroundings, if they are to be shown.
        printed_on: the day that stands on the sheet.
        board: lines of a signboard text to print.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    heading = f"{t('river.title')} · {plain(words.file.river.name)}"
    paper = Paper()
    _head(paper, words, heading, printed_on)
    if map_image is not None and not map_image.isNull():
        paper.picture(map_image, _MAP_MM)
        note = Cell(t("verdict.illustrative_note"), 0, INNER_MM, Style(8, ink=_QUIET), 1)
        paper.row([note], pad=0.4)
    tables = {table.id: table for table in river_tables(words)}
    _table(paper, tables["reaches"])
    _lines(paper, t("river.table.chiefs"), [chief_line(words, *one) for one in words.chiefs()])
    _sections(paper, words, tables["sections"])
    _boards(paper, words, tables["boards"])
    _table(paper, tables["alerts"])
    _lines(paper, t("river.table.outlets"), outlet_lines(words))
    if len(words.file.outlets) <= _MOST_OUTLETS:
        _table(paper, tables["outlets"], headed=False)
    _table(paper, tables["zones"])
    if board:
        _board(paper, board)
    _lines(paper, t("river.basis.title"), basis_lines(words), points=7.6)

    def foot(brush: Brush, page: int, pages: int) -> None:
        _foot(brush, f"{heading} · {plain(words.context.project_title)}", page, pages,
              example=words.context.example)  # fmt: skip

    png = path.suffix.lower() == ".png"
    _write(path, paper.png(foot) if png else paper.pdf(heading, foot))


def _head(paper: Paper, words: RiverWriting, heading: str, printed_on: dt.date) -> None:
    paper.row([Cell(heading, 0, INNER_MM, Style(19, bold=True, ink=_RAIL), 0.5)], pad=0.4)
    if words.context.example:
        note = Style(10, bold=True, ink=_BAD)
        paper.row([Cell(t("verdict.example_note"), 0, INNER_MM, note, 0.5)], pad=0.6)
    quiet, half = Style(8.5, ink=_QUIET), INNER_MM / 2
    printed = t("print.printed", date=wording.day(printed_on))
    title = t("print.project", title=words.context.project_title)
    paper.row([Cell(title, 0, half, quiet), Cell(printed, half, half, quiet, 1)], pad=0.5)
    paper.rule(_RAIL, 0.6)
    paper.skip(2)
    paper.row([Cell(words.sentence(), 0, INNER_MM, Style(10.5, bold=True))], pad=0.6)
    for label, value in (
        (t("river.head.grade"), words.grade()),
        (t("river.head.goal"), words.goal()),
        (t("river.head.quality"), words.quality()),
    ):
        _line(paper, Line(label, value))
    sums = [text for text, _ in words.chips()]
    bad = any(tone == "bad" for _, tone in words.chips())
    style = Style(9.5, bold=bad, ink=_BAD if bad else _INK)
    paper.row([Cell(" · ".join(sums), 0, INNER_MM, style)], pad=0.6)
    paper.skip(1.5)


def _title(paper: Paper, title: str) -> None:
    paper.skip(2.2)
    paper.need(_HEAD_AND_ONE_MM)
    paper.row([Cell(title, 0, INNER_MM, Style(10.5, bold=True, ink=_RAIL))], pad=0.18)
    paper.rule(_RAIL, 0.3)


def _lines(paper: Paper, title: str, lines: Sequence[Line], points: float = 8.4) -> None:
    if not lines:
        return
    _title(paper, title)
    for line in lines:
        _line(paper, line, points)


def _line(paper: Paper, line: Line, points: float = 8.8) -> None:
    ink = _BAD if line.tone is Tone.BAD else _INK
    aside = _ASIDE_MM if line.aside else 0.0
    style = Style(points, bold=line.tone is Tone.BAD, ink=ink)
    left = _LABEL_MM if line.label else 0.0
    paper.row(
        [
            Cell(line.label, 0, _LABEL_MM - 2, Style(points, ink=_QUIET)),
            Cell(line.value, left, INNER_MM - left - aside - 2, style),
            Cell(line.aside, INNER_MM - _ASIDE_MM, _ASIDE_MM, Style(points, ink=_QUIET), 1),
        ],
        pad=0.2,
    )


def _table(paper: Paper, table: SheetTable, *, headed: bool = True) -> None:
    if not table.rows:
        return
    columns, shares = _PRINTED[table.id]
    part = shown(table, columns)
    if headed:
        _title(paper, f"{table.title} {len(table.rows)}")
    _row(paper, part.columns, shares, Style(_SMALL, ink=_QUIET))
    paper.rule(_LINE)
    for row in part.rows:
        styles = [Style(_SMALL, bold=bool(cell.colour), ink=_BAD if cell.colour else _INK)
                  for cell in row]  # fmt: skip
        left, cells = 0.0, []
        for cell, share, style in zip(row, shares, styles, strict=True):
            cells.append(Cell(cell.text, left, share * INNER_MM - 1.5, style))
            left += share * INNER_MM
        paper.row(cells, pad=0.18)
    paper.rule(_LINE)


def _row(paper: Paper, texts: Sequence[str], shares: Sequence[float], style: Style) -> None:
    left, cells = 0.0, []
    for text, share in zip(texts, shares, strict=True):
        cells.append(Cell(text, left, share * INNER_MM - 1.5, style))
        left += share * INNER_MM
    paper.row(cells, pad=0.18)


def _sections(paper: Paper, words: RiverWriting, table: SheetTable) -> None:
    """A strip of classes for each section, with numerals on their colours."""
    if not table.rows:
        return
    _title(paper, f"{table.title} {len(table.rows)}")
    months = len(words.file.months)
    begin = INNER_MM - months * _CLASS_MM
    width = begin - 14.0
    small = Style(6.6, ink=_QUIET)
    paper.row(
        [Cell(table.columns[0], 0, width, Style(_SMALL, ink=_QUIET)),
         Cell(table.columns[1], width, 12.0, Style(_SMALL, ink=_QUIET)),
         *(Cell(name, begin + place * _CLASS_MM, _CLASS_MM, small, 0.5)
           for place, name in enumerate(table.columns[2 : 2 + months]))],
        pad=0.3,
    )  # fmt: skip
    for row in table.rows:
        paper.need(7.0)
        top = paper.y + 0.4
        strip = row[2 : 2 + months]

        def paint(brush: Brush, strip: tuple = strip, top: float = top) -> None:  # type: ignore[type-arg]
            for place, cell in enumerate(strip):
                x = MARGIN_MM + begin + place * _CLASS_MM
                brush.fill(x + 0.2, top, _CLASS_MM - 0.4, 4.3, cell.colour or "#eef2f5")
                ink = Style(7.6, bold=True, ink=_INK)
                brush.text(cell.text, x + _CLASS_MM / 2, top + 3.2, ink, 0.5)

        paper.draw(paint)
        paper.row(
            [Cell(shortened(row[0].text, Style(_SMALL), width - 2), 0, width, Style(_SMALL)),
             Cell(row[1].text, width, 12.0, Style(_SMALL, bold=True))],
            pad=0.75,
        )  # fmt: skip


def _boards(paper: Paper, words: RiverWriting, table: SheetTable) -> None:
    """Boards that are wrong; how many there are in all stands in the title."""
    wrong = len(words.file.outdated)
    if wrong:
        # The table has those that are wrong first.
        _table(paper, replace(table, rows=table.rows[:wrong], keys=table.keys[:wrong]))


def _board(paper: Paper, lines: Sequence[str]) -> None:
    _title(paper, lines[0])
    for line in lines[1:]:
        paper.row([Cell(line, 2, INNER_MM - 4, Style(8.2))], pad=0.12, ground="#f4f6f8")


def _foot(brush: Brush, text: str, page: int, pages: int, *, example: bool) -> None:
    y, quiet = HEIGHT_MM - FOOT_MM, Style(8.5, ink=_QUIET)
    brush.line(MARGIN_MM, y - 4.5, INNER_MM, _LINE)
    brush.text(shortened(text, quiet, 60.0), MARGIN_MM, y, quiet)
    if example:
        brush.text(t("verdict.example_note"), WIDTH_MM / 2, y, Style(8.5, ink=_BAD), 0.5)
    brush.text(t("print.page", page=page, pages=pages), WIDTH_MM - MARGIN_MM, y, quiet, 1)


def _write(path: Path, content: bytes) -> None:
    """Write beside the target and rename: nobody ever sees half a sheet."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise SheetError("print.error.write", file=path, reason=reason) from error
