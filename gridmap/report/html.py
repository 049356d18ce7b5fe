"""A document as rich text for a card: a small part of HTML that Qt shows as well.

Every text from data is escaped here, and nowhere else put together. Colours come by name from
the theme of whoever shows the card.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from gridmap.report.document import Document, Line, Section, Tone
from gridmap.texts import t

_GROUNDS: Final = {
    Tone.GOOD: ("good_ground", "good"),
    Tone.WARN: ("warn_ground", "warn"),
    Tone.BAD: ("bad_ground", "bad"),
    Tone.QUIET: ("quiet_ground", "quiet"),
    Tone.PLAIN: ("quiet_ground", "text"),
}
LABEL_PX: Final = 72
_ASIDE_PX: Final = 92


Colours = Mapping[str, str]
"""Names of the theme (ground, text, quiet, line, good, good_ground …) to `#rrggbb`."""


def heading_html(heading: str, lines: Sequence[Line], colours: Colours) -> str:
    """A heading and lines in a box."""
    inner = f"<p style='font-size:15px;font-weight:bold'>{escape(heading)}</p>"
    return _boxed(inner + lines_html(lines, colours), colours["ground"])


def document_html(document: Document, colours: Colours) -> str:
    """The answer on its coloured ground, then the sections."""
    told = (_section(section, colours) for section in document.sections)
    return _answer(document, colours) + "".join(told)


def message_html(text: str, colours: Colours) -> str:
    """A remark in place of an answer."""
    return f"<p style='color:{colours['quiet']}'>{escape(text)}</p>"


def _answer(document: Document, colours: Colours) -> str:
    ground, colour = (colours[name] for name in _GROUNDS[document.tone])
    inner = (
        f"<p style='font-size:18px;font-weight:bold;color:{colour}'>{escape(document.headline)}</p>"
        f"<p style='margin-top:4px'>{escape(document.sentence)}</p>"
    )
    if document.advice:
        advice = f"{t('verdict.advice.title')}{t('verdict.colon')}{document.advice}"
        inner += f"<p style='margin-top:4px;color:{colours['quiet']}'>{escape(advice)}</p>"
    return _boxed(inner, ground)


def _section(section: Section, colours: Colours) -> str:
    quiet, line = colours["quiet"], colours["line"]
    title = (
        f"<p style='margin-top:12px;margin-bottom:2px;font-size:12px;font-weight:bold;"
        f"color:{quiet}'>{escape(section.title)}</p>"
    )
    if section.note:
        title += f"<p style='margin-bottom:2px;font-weight:bold'>{escape(section.note)}</p>"
    ruled = (
        f"<table width='100%' cellspacing='0' cellpadding='0'><tr><td bgcolor='{line}'"
        " style='font-size:1px'>&nbsp;</td></tr></table>"
    )
    return title + ruled + lines_html(section.lines, colours, small=section.small)


def lines_html(
    lines: Sequence[Line], colours: Colours, label_px: int = LABEL_PX, *, small: bool = False
) -> str:
    """Lines as they stand in a section, without its title; the width of labels is in pixels."""
    quiet = colours["quiet"]
    size = "font-size:12px;" if small else ""
    rows = []
    for line in lines:
        colour = colours[_GROUNDS[line.tone][1]]
        aside = (
            f"<td align='right' width='{_ASIDE_PX}'"
            f" style='color:{quiet};white-space:pre'>{escape(line.aside)}</td>"
            if line.aside
            else ""
        )
        span = "" if line.aside else " colspan='2'"
        weight = "font-weight:bold;" if line.strong or line.tone is Tone.BAD else ""
        rows.append(
            f"<tr><td width='{label_px}' style='{size}color:{quiet}'>{escape(line.label)}</td>"
            f"<td{span} style='{size}{weight}color:{colour}'>{escape(line.value)}</td>{aside}</tr>"
        )
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(rows)}</table>"


def _boxed(inner: str, ground: str) -> str:
    return (
        "<table width='100%' cellspacing='0' cellpadding='12' style='margin-bottom:4px'>"
        f"<tr><td bgcolor='{ground}'>{inner}</td></tr></table>"
    )
