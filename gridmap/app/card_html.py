"""The card as Qt rich text. Every text from data is escaped here, and nowhere else put together."""

from collections.abc import Sequence
from html import escape

from gridmap.app.session import Feature
from gridmap.app.theme import tokens
from gridmap.output.verdict_lines import Line, Section, Tone, VerdictSheet
from gridmap.texts import t

_GROUNDS = {
    Tone.GOOD: ("good_ground", "good"),
    Tone.WARN: ("warn_ground", "warn"),
    Tone.BAD: ("bad_ground", "bad"),
    Tone.QUIET: ("quiet_ground", "quiet"),
    Tone.PLAIN: ("quiet_ground", "text"),
}
_LABEL_WIDTH = 72
_ASIDE_WIDTH = 92


def feature_html(feature: Feature) -> str:
    """A clicked feature: heading and declared fields."""
    lines = [Line(label, value) for label, value in feature.rows]
    inner = f"<p style='font-size:15px;font-weight:bold'>{escape(feature.heading)}</p>"
    return _boxed(inner + _table(lines), tokens()["ground"])


def sheet_html(sheet: VerdictSheet) -> str:
    """The answer on its coloured ground, then the sections."""
    return _answer(sheet) + "".join(_section(section) for section in sheet.sections)


def message_html(text: str) -> str:
    """A remark in place of an answer."""
    return f"<p style='color:{tokens()['quiet']}'>{escape(text)}</p>"


def lines_html(lines: Sequence[Line], label_width: int = _LABEL_WIDTH) -> str:
    """Lines as they stand in a section, without its title; the width is in pixels."""
    return _table(list(lines), label_width=label_width)


def _answer(sheet: VerdictSheet) -> str:
    ground, colour = (tokens()[name] for name in _GROUNDS[sheet.tone])
    inner = (
        f"<p style='font-size:18px;font-weight:bold;color:{colour}'>{escape(sheet.headline)}</p>"
        f"<p style='margin-top:4px'>{escape(sheet.sentence)}</p>"
    )
    if sheet.advice:
        advice = f"{t('verdict.advice.title')}{t('verdict.colon')}{sheet.advice}"
        inner += f"<p style='margin-top:4px;color:{tokens()['quiet']}'>{escape(advice)}</p>"
    return _boxed(inner, ground)


def _section(section: Section) -> str:
    quiet, line = tokens()["quiet"], tokens()["line"]
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
    return title + ruled + _table(section.lines, small=section.id == "basis")


def _table(
    lines: list[Line] | tuple[Line, ...], *, small: bool = False, label_width: int = _LABEL_WIDTH
) -> str:
    quiet = tokens()["quiet"]
    size = "font-size:12px;" if small else ""
    rows = []
    for line in lines:
        colour = tokens()[_GROUNDS[line.tone][1]]
        aside = (
            f"<td align='right' width='{_ASIDE_WIDTH}'"
            f" style='color:{quiet};white-space:pre'>{escape(line.aside)}</td>"
            if line.aside
            else ""
        )
        span = "" if line.aside else " colspan='2'"
        weight = "font-weight:bold;" if line.strong or line.tone is Tone.BAD else ""
        rows.append(
            f"<tr><td width='{label_width}' style='{size}color:{quiet}'>{escape(line.label)}</td>"
            f"<td{span} style='{size}{weight}color:{colour}'>{escape(line.value)}</td>{aside}</tr>"
        )
    return f"<table width='100%' cellspacing='0' cellpadding='3'>{''.join(rows)}</table>"


def _boxed(inner: str, ground: str) -> str:
    return (
        "<table width='100%' cellspacing='0' cellpadding='12' style='margin-bottom:4px'>"
        f"<tr><td bgcolor='{ground}'>{inner}</td></tr></table>"
    )
