"""A document on A4, to be filed and signed: PDF, or a picture of all pages.

Each kind of block has one way to be drawn. Needs a QGuiApplication; may run on any thread.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtGui import QImage

from gridmap.report import wording
from gridmap.report.document import (
    Answer,
    Block,
    Callout,
    Document,
    Line,
    Paragraph,
    PictureOf,
    Rows,
    Section,
    Signatures,
    Strips,
    Task,
    Tasks,
    Tone,
    Word,
)
from gridmap.report.paper import (
    INNER_MM,
    MARGIN_MM,
    Brush,
    Cell,
    Foot,
    Paper,
    Style,
    plain,
    shortened,
)
from gridmap.report.paper_looks import (
    BAD,
    DENSE,
    INK,
    QUIET,
    RAIL,
    RULE,
    TONES,
    USUAL,
    Look,
    example_box,
    foot_of,
    signatures,
)
from gridmap.texts import t

_CALLOUT: Final = "#f4f6f8"
_NO_CLASS: Final = "#eef2f5"
_INDENT_MM: Final = 3.0
_HEAD_AND_ONE_MM: Final = 13.0
_INSET_MM: Final = 5.0
_MARK_LENGTH: Final = 16
_BOX_MM: Final = 3.6
_TASK_MM: Final = 11.0
_CLASS_MM: Final = 7.6
_SMALL_LINE: Final = 7.6
_HEAD_LINE: Final = 8.8
_UNRULED_PAD: Final = 0.6
_ABOVE_SECTION_MM, _WITH_SECTION_MM = 2.5, 20.0


def printed(document: Document, suffix: str = ".pdf") -> bytes:
    """The pages as one PDF, or with `.png` as one picture, one below the other."""
    paper, foot = _laid_out(document)
    if suffix == ".png":
        return paper.png(foot)
    return paper.pdf(plain(f"{document.heading} · {document.headline}"), foot)


def pages(document: Document, dpi: int) -> list[QImage]:
    """A picture of each page, for a preview or a printer."""
    paper, foot = _laid_out(document)
    return paper.images(foot, dpi)


def _laid_out(document: Document) -> tuple[Paper, Foot]:
    """All blocks on their pages, and what draws the foot of each."""
    paper = Paper()
    look = DENSE if document.dense else USUAL
    sheet = _Sheet(document, paper, look)
    sheet.head()
    for block in document.paper:
        sheet.put(block)

    def foot(brush: Brush, page: int, pages: int) -> None:
        text = f"{document.heading} · {plain(document.project_title)}"
        foot_of(brush, shortened(text, Style(8.5, ink=QUIET), look.foot_mm), (page, pages),
              example=document.example)  # fmt: skip

    return paper, foot


class _Sheet:
    """Draws one document, block by block."""

    def __init__(self, document: Document, paper: Paper, look: Look) -> None:
        self.document, self.paper, self.look = document, paper, look
        self._drawn: dict[type[Any], Callable[[Any], None]] = {
            Section: self._section,
            Paragraph: self._paragraph,
            Rows: self._rows,
            Tasks: self._tasks,
            Strips: self._strips,
            Callout: self._callout,
            PictureOf: self._picture,
            Answer: self._answer,
            Signatures: lambda _block: signatures(paper),
        }

    def put(self, block: Block) -> None:
        """Draw a block below the last one."""
        self._drawn[type(block)](block)

    def head(self) -> None:
        """Heading, example label, project, number and day, at the top of the first page."""
        document, paper, look = self.document, self.paper, self.look
        style = Style(look.heading, bold=True, ink=RAIL)
        paper.row([Cell(document.heading, 0, INNER_MM, style, 0.5)], pad=look.heading_pad)
        if document.example:
            example_box(paper, dense=document.dense)
        quiet, third = Style(look.facts, ink=QUIET), INNER_MM / 3
        mark = document.fingerprint[:_MARK_LENGTH]
        day = document.printed_on
        paper.skip(0 if document.dense else 1.5)
        facts = (
            t("print.project", title=document.project_title),
            t("print.number", mark=mark) if mark else "",
            t("print.printed", date=wording.day(day)) if day else "",
        )
        wide = INNER_MM / 2 if document.dense else third
        lefts = ((0, wide, 0.0), (third, third, 0.5), (INNER_MM - wide, wide, 1.0))
        paper.row(
            [
                Cell(text, left, width, quiet, align)
                for text, (left, width, align) in zip(facts, lefts, strict=True)
            ],
            pad=look.facts_pad,
        )
        paper.rule(RAIL, 0.6)
        paper.skip(2 if document.dense else 3.5)

    def _answer(self, _block: Answer) -> None:
        """Status, sentence and advice on the ground of the status."""
        document = self.document
        ink, ground = TONES[document.tone]

        def row(text: str, style: Style, pad: float) -> None:
            cell = Cell(text, _INSET_MM, INNER_MM - 2 * _INSET_MM, style)
            self.paper.row([cell], pad=pad, ground=ground, edge=ink)

        row(document.headline, Style(16, bold=True, ink=ink), 1.8)
        row(document.sentence, Style(10.5), 0.6)
        if document.advice:
            title = t("verdict.advice.title")
            advice = t("print.advice", title=title, advice=document.advice)
            row(advice, Style(10, ink=QUIET), 1.4)
        self.paper.skip(4)

    def _picture(self, block: PictureOf) -> None:
        paint = self.document.pictures.get(block.name)
        image = paint() if paint is not None else None
        if not isinstance(image, QImage) or image.isNull():
            return
        look = self.look
        self.paper.skip(look.above_picture)
        self.paper.picture(image, block.height_mm)
        if block.noted:
            style = Style(look.note, ink=QUIET)
            note = Cell(t("verdict.illustrative_note"), 0, INNER_MM, style, 1)
            self.paper.row([note], pad=look.note_pad)
        self.paper.skip(block.below_mm)

    def _title(self, title: str, note: str = "") -> None:
        """A heading that never stands alone at the foot of a page; a note at its right."""
        look, half = self.look, INNER_MM * 0.4
        self.paper.skip(look.above_title)
        self.paper.need(look.with_title)
        style = Style(look.title, bold=True, ink=RAIL)
        cells = [Cell(title, 0, half if note else INNER_MM, style)]
        if note:
            cells.append(Cell(note, half, INNER_MM - half, Style(8.5, ink=QUIET), 1))
        self.paper.row(cells, pad=look.title_pad)
        self.paper.rule(RAIL, 0.3)

    # --- lines ----------------------------------------------------------------------------

    def _section(self, section: Section) -> None:
        if self.document.dense:
            self._dense_section(section)
            return
        paper = self.paper
        paper.skip(_ABOVE_SECTION_MM)
        paper.need(_WITH_SECTION_MM)
        title = Cell(section.title, 0, INNER_MM, Style(self.look.title, bold=True, ink=RAIL))
        paper.row([title], pad=0.4)
        if section.note:
            paper.row([Cell(section.note, 0, INNER_MM, Style(9.5, bold=True))], pad=0.4)
        paper.rule(RAIL, 0.3)
        labelled = any(line.label for line in section.lines)
        grouped = any(line.strong for line in section.lines)
        for number, line in enumerate(section.lines):
            if line.strong:
                paper.need(_HEAD_AND_ONE_MM)
            if number and (line.strong if grouped else line.label):
                paper.rule(RULE)
            indent = _INDENT_MM if grouped and not line.strong else 0.0
            self._line(line, indent, self.look.label_mm if labelled else 0.0)
        paper.rule(RULE)

    def _line(self, line: Line, indent: float, left: float) -> None:
        """One line as label, value, aside; label and value begin at `indent` and `left` (mm)."""
        look = self.look
        bold = line.strong or line.tone in {Tone.WARN, Tone.BAD}
        ink = INK if line.tone in {Tone.PLAIN, Tone.QUIET} else TONES[line.tone][0]
        room = INNER_MM - left - (look.aside_mm if line.aside else 0)
        label = Style(look.line, bold=line.strong, ink=INK if line.strong else QUIET)
        self.paper.row(
            [
                Cell(line.label, indent, look.label_mm - 3 - indent, label),
                Cell(line.whole or line.value, left, room - 2, Style(look.line, bold, ink)),
                Cell(line.aside, INNER_MM - look.aside_mm, look.aside_mm, Style(9, ink=QUIET), 1),
            ],
            pad=0.75,
        )

    def _dense_section(self, section: Section) -> None:
        if not section.lines:
            return
        points = _SMALL_LINE if section.small else self.look.line
        if section.title:
            self._title(section.title)
        else:
            points = _HEAD_LINE
        look = self.look
        for line in section.lines:
            bad = line.tone is Tone.BAD
            left = look.label_mm if line.label else 0.0
            room = INNER_MM - left - (look.aside_mm if line.aside else 0.0)
            quiet = Style(points, ink=QUIET)
            self.paper.row(
                [
                    Cell(line.label, 0, look.label_mm - 2, quiet),
                    Cell(line.value, left, room - 2, Style(points, bad, BAD if bad else INK)),
                    Cell(line.aside, INNER_MM - look.aside_mm, look.aside_mm, quiet, 1),
                ],
                pad=0.2,
            )

    def _paragraph(self, block: Paragraph) -> None:
        bad = block.tone is Tone.BAD
        style = Style(10.5 if block.strong else 9.5, block.strong or bad, BAD if bad else INK)
        for text in block.texts:
            self.paper.row([Cell(text, 0, INNER_MM, style)], pad=0.6)

    def _callout(self, block: Callout) -> None:
        self._title(block.title)
        for text in block.texts:
            cell = Cell(text, 2, INNER_MM - 4, Style(8.2))
            self.paper.row([cell], pad=0.12, ground=_CALLOUT)

    # --- rows -----------------------------------------------------------------------------

    def _rows(self, block: Rows) -> None:
        if not block.rows:
            return
        if block.title:
            self._title(block.title, block.note)
        heads = [Word(column.head) for column in block.columns]
        if any(word.text for word in heads):
            self._row(block, heads, quiet=True)
            self.paper.rule(RULE)
        for row in block.rows:
            self._row(block, row)
            if block.ruled:
                self.paper.rule(RULE)
        if self.document.dense:
            self.paper.rule(RULE)

    def _row(self, block: Rows, row: Sequence[Word], *, quiet: bool = False) -> None:
        look, left, cells = self.look, 0.0, []
        for column, word in zip(block.columns, row, strict=True):
            told = word.tone in {Tone.BAD, Tone.WARN}
            ink = QUIET if quiet or column.quiet else INK
            points = look.row - 0.5 if column.small else look.row
            style = Style(points, told, TONES[word.tone][0] if told else ink)
            wide = column.share * INNER_MM
            last = column is block.columns[-1] and not self.document.dense
            width = wide if last else wide - look.gap
            cells.append(Cell(word.text, left, width, style, column.align))
            left += wide
        loose = block.ruled or self.document.dense
        self.paper.row(cells, pad=look.row_pad if loose else _UNRULED_PAD)

    def _strips(self, block: Strips) -> None:
        """A strip of classes for each row, with numerals on their colours."""
        if not block.rows:
            return
        self._title(block.title)
        periods = block.heads[2:]
        begin = INNER_MM - len(periods) * _CLASS_MM
        width = begin - 14.0
        quiet, small = Style(self.look.row, ink=QUIET), Style(6.6, ink=QUIET)
        self.paper.row(
            [Cell(block.heads[0], 0, width, quiet), Cell(block.heads[1], width, 12.0, quiet),
             *(Cell(head, begin + place * _CLASS_MM, _CLASS_MM, small, 0.5)
               for place, head in enumerate(periods))],
            pad=0.3,
        )  # fmt: skip
        for row in block.rows:
            self.paper.need(7.0)
            self._strip(row.classes, begin)
            name = shortened(row.name, Style(self.look.row), width - 2)
            self.paper.row(
                [Cell(name, 0, width, Style(self.look.row)),
                 Cell(row.word, width, 12.0, Style(self.look.row, bold=True))],
                pad=0.75,
            )  # fmt: skip

    def _strip(self, classes: Sequence[tuple[str, str]], begin: float) -> None:
        top = self.paper.y + 0.4

        def paint(brush: Brush) -> None:
            for place, (numeral, colour) in enumerate(classes):
                x = MARGIN_MM + begin + place * _CLASS_MM
                brush.fill(x + 0.2, top, _CLASS_MM - 0.4, 4.3, colour or _NO_CLASS)
                ink = Style(7.6, bold=True, ink=INK)
                brush.text(numeral, x + _CLASS_MM / 2, top + 3.2, ink, 0.5)

        self.paper.draw(paint)

    # --- tasks and signatures -------------------------------------------------------------

    def _tasks(self, block: Tasks) -> None:
        """Each task with a box to tick; a task is never parted by the end of a page."""
        paper = self.paper
        self._title(block.title, block.note)
        small, label = Style(8.5, ink=QUIET), Style(9.5, ink=QUIET)
        box, who, phone, by = block.heads
        paper.row([
            Cell(box, 0, 14, small), Cell(who, 20, 80, small), Cell(phone, 112, 26, small),
            Cell(by, 140, INNER_MM - 140, small, 1),
        ], pad=0.5)  # fmt: skip
        paper.rule(RULE)
        for task in block.rows:
            self._task(task)
        if not block.rows:
            nobody = Style(9.5, bold=True, ink=BAD)
            paper.row([Cell(block.nobody, 0, INNER_MM, nobody)])
        paper.skip(3)
        paper.need(8)
        by_whom, at = block.signed
        paper.row([Cell(by_whom, 84, 20, label), Cell(at, 134, 12, label)])
        y = paper.y - 1.0
        paper.draw(lambda brush: brush.line(MARGIN_MM + 102, y, 28, QUIET))
        paper.draw(lambda brush: brush.line(MARGIN_MM + 146, y, INNER_MM - 146, QUIET))

    def _task(self, task: Task) -> None:
        paper = self.paper
        paper.need(_TASK_MM)
        y = paper.y
        paper.draw(lambda brush: brush.frame(MARGIN_MM + 1.5, y + 1.5, _BOX_MM, _BOX_MM, QUIET))
        ink = TONES[task.tone][0]
        paper.row([
            Cell(task.order, 8, 9, Style(9.5, ink=QUIET), 0.5),
            Cell(task.who, 20, 90, Style(9.5, bold=True, ink=ink)),
            Cell(task.phone, 112, 28, Style(9.5)),
            Cell(task.by, 140, INNER_MM - 140, Style(9.5, bold=True), 1),
        ], pad=0.8)  # fmt: skip
        if task.detail:
            paper.row([Cell(task.detail, 20, INNER_MM - 20, Style(8.5, ink=QUIET))], pad=0.2)
            paper.y += 0.8
        paper.rule(RULE)
