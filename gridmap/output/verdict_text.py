"""A verdict as text for a terminal or the clipboard."""

import unicodedata
from typing import Final

from gridmap.output import wording
from gridmap.output.verdict_lines import Line, Tone, VerdictSheet
from gridmap.texts import t

_LABEL_WIDTH: Final = 12
_MARKS: Final = {Tone.GOOD: "●", Tone.WARN: "▲", Tone.BAD: "■", Tone.QUIET: "○", Tone.PLAIN: "·"}
_FLAGGED: Final = {Tone.WARN: " !", Tone.BAD: " !!"}


def verdict_text(sheet: VerdictSheet, *, example: bool = False) -> str:
    """The sheet as lines; tones become marks, so that nothing depends on colour."""
    rows = [f"{_MARKS[sheet.tone]} {sheet.headline}", f"  {sheet.sentence}"]
    if sheet.advice:
        rows.append(f"  {t('verdict.advice.title')}{t('verdict.colon')}{sheet.advice}")
    for section in sheet.sections:
        rows.append("")
        rows.append(f"{section.title}  {section.note}".rstrip())
        rows.extend(_row(line) for line in section.lines)
    if example:
        rows.extend(["", t("verdict.example_note")])
    return "\n".join(wording.one_line(row) for row in rows)


def _row(line: Line) -> str:
    label = line.label + " " * max(1, _LABEL_WIDTH - _columns(line.label))
    aside = f"  {line.aside}" if line.aside else ""
    return f"  {label}{line.value}{aside}{_FLAGGED.get(line.tone, '')}"


def _columns(text: str) -> int:
    """Columns a text takes in a terminal: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
