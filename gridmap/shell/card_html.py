"""The card in the colours of the window's theme."""

from collections.abc import Sequence

from gridmap.report import html as html_card
from gridmap.report.document import Document, Line
from gridmap.shell.session import Feature
from gridmap.shell.theme import tokens


def feature_html(feature: Feature) -> str:
    """A clicked feature: heading and declared fields."""
    lines = [Line(label, value) for label, value in feature.rows]
    return html_card.heading_html(feature.heading, lines, tokens())


def document_html(document: Document) -> str:
    """The answer on its coloured ground, then the sections."""
    return html_card.document_html(document, tokens())


def message_html(text: str) -> str:
    """A remark in place of an answer."""
    return html_card.message_html(text, tokens())


def lines_html(lines: Sequence[Line], label_px: int = html_card.LABEL_PX) -> str:
    """Lines as they stand in a section, without its title; the width is in pixels."""
    return html_card.lines_html(lines, tokens(), label_px)
