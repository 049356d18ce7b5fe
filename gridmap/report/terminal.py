"""A document as text for a terminal or the clipboard; tones become marks, not colours."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

from gridmap.report import wording
from gridmap.report.document import Document, Line, Paragraph, Rows, Section, Tone
from gridmap.texts import t

_LABEL_WIDTH: Final = 12
_MARKS: Final = {Tone.GOOD: "●", Tone.WARN: "▲", Tone.BAD: "■", Tone.QUIET: "○", Tone.PLAIN: "·"}
_FLAGGED: Final = {Tone.WARN: " !", Tone.BAD: " !!"}


def terminal_text(document: Document) -> str:
    """The document as harmless lines; what only paper has is left out."""
    rows = _head(document) if document.headline else []
    for block in document.body:
        rows += _RENDERERS[type(block)](block)
    if document.example and document.headline:
        rows += ["", t("verdict.example_note")]
    return "\n".join(wording.one_line(row) for row in rows)


def _head(document: Document) -> list[str]:
    rows = [f"{_MARKS[document.tone]} {document.headline}", f"  {document.sentence}"]
    if document.advice:
        rows.append(f"  {t('verdict.advice.title')}{t('verdict.colon')}{document.advice}")
    return rows


def _section(section: Section) -> list[str]:
    head = f"{section.title}  {section.note}".rstrip()
    return ["", head, *(_line(line) for line in section.lines)]


def _line(line: Line) -> str:
    label = line.label + " " * max(1, _LABEL_WIDTH - columns_of(line.label))
    aside = f"  {line.aside}" if line.aside else ""
    return f"  {label}{line.value}{aside}{_FLAGGED.get(line.tone, '')}"


def _paragraph(block: Paragraph) -> Sequence[str]:
    return block.texts


def _rows(block: Rows) -> list[str]:
    """Cells under each other."""
    columns = zip(*block.rows, strict=True)
    widths = [max(columns_of(word.text) for word in column) for column in columns]
    return [
        "  ".join(
            word.text + " " * (width - columns_of(word.text))
            for word, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in block.rows
    ]


_RENDERERS: Final[dict[type, Callable[[Any], Sequence[str]]]] = {
    Section: _section,
    Paragraph: _paragraph,
    Rows: _rows,
}


def columns_of(text: str) -> int:
    """Columns a text takes in a terminal: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
