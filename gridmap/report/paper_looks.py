"""What every printed sheet has in common: inks, sizes, example label, signatures, foot."""

from dataclasses import dataclass
from typing import Final

from gridmap.report.document import Tone
from gridmap.report.paper import (
    FOOT_MM,
    HEIGHT_MM,
    INNER_MM,
    MARGIN_MM,
    WIDTH_MM,
    Brush,
    Cell,
    Paper,
    Style,
)
from gridmap.texts import t

INK: Final = "#22303a"
QUIET: Final = "#5f717d"
RULE: Final = "#d9e1e7"
RAIL: Final = "#12384f"
BAD: Final = "#b93222"
TONES: Final = {
    Tone.GOOD: ("#1a7a43", "#e5f4ea"),
    Tone.WARN: ("#8a5a12", "#fff6dd"),
    Tone.BAD: (BAD, "#fdeae7"),
    Tone.QUIET: (QUIET, "#eef2f5"),
    Tone.PLAIN: (INK, "#eef2f5"),
}
_SIGN_MM: Final = 46.0


@dataclass(frozen=True)
class Look:
    """Sizes in points and lengths in mm that set a usual sheet apart from a dense one."""

    heading: float
    heading_pad: float
    facts: float
    facts_pad: float
    title: float
    title_pad: float
    above_title: float
    with_title: float
    line: float
    row: float
    row_pad: float
    gap: float
    label_mm: float
    aside_mm: float
    above_picture: float
    note: float
    note_pad: float
    foot_mm: float


USUAL: Final = Look(
    heading=22, heading_pad=0.5, facts=9, facts_pad=0.6, title=11, title_pad=0.4, above_title=3,
    with_title=24, line=9.5, row=9.5, row_pad=0.75, gap=2.0, label_mm=34.0, aside_mm=42.0,
    above_picture=0, note=8.5, note_pad=0.6, foot_mm=48.0,
)  # fmt: skip
DENSE: Final = Look(
    heading=19, heading_pad=0.4, facts=8.5, facts_pad=0.5, title=10.5, title_pad=0.18,
    above_title=2.2, with_title=16, line=8.4, row=7.8, row_pad=0.18, gap=1.5, label_mm=26.0,
    aside_mm=44.0, above_picture=1.5, note=8.0, note_pad=0.4, foot_mm=60.0,
)  # fmt: skip


def signatures(paper: Paper) -> None:
    """Room for opinions and names, kept together."""
    paper.skip(6)
    paper.need(_SIGN_MM)
    top, half = paper.y, INNER_MM / 2
    label = Style(9.5, ink=QUIET)

    def box(brush: Brush, left: float, opinion: str, person: str) -> None:
        x = MARGIN_MM + left
        brush.frame(x, top, half, _SIGN_MM, QUIET)
        brush.text(opinion, x + 3, top + 6, label)
        brush.text(person, x + 3, top + 32, label)
        brush.line(x + 24, top + 33, half - 30, QUIET)
        brush.text(t("print.sign.date"), x + 3, top + 41, label)
        brush.line(x + 24, top + 42, half - 30, QUIET)

    paper.draw(lambda b: box(b, 0, t("print.sign.handling"), t("print.sign.handler")))
    paper.draw(lambda b: box(b, half, t("print.sign.review"), t("print.sign.reviewer")))
    paper.y += _SIGN_MM


def example_box(paper: Paper, *, dense: bool) -> None:
    """The words that keep an example from being taken for a document."""
    style, text = Style(10, bold=True, ink=BAD), t("verdict.example_note")
    if dense:
        paper.row([Cell(text, 0, INNER_MM, style, 0.5)], pad=0.6)
        return
    width, height = 96.0, 7.0
    x, y = (WIDTH_MM - width) / 2, paper.y + 1.0
    paper.draw(lambda brush: brush.frame(x, y, width, height, BAD))
    paper.draw(lambda brush: brush.text(text, WIDTH_MM / 2, y + 4.9, style, 0.5))
    paper.y += height + 1.5


def foot_of(brush: Brush, text: str, number: tuple[int, int], *, example: bool) -> None:
    """The foot of a page: text, example label, number of the page."""
    y, quiet = HEIGHT_MM - FOOT_MM, Style(8.5, ink=QUIET)
    brush.line(MARGIN_MM, y - 4.5, INNER_MM, RULE)
    brush.text(text, MARGIN_MM, y, quiet)
    if example:
        note = Style(8.5, ink=BAD)
        brush.text(t("verdict.example_note"), WIDTH_MM / 2, y, note, 0.5)
    page, pages = number
    brush.text(t("print.page", page=page, pages=pages), WIDTH_MM - MARGIN_MM, y, quiet, 1)
