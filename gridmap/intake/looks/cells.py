"""Looks at cells as text: formulas, markup, control characters, ruined codes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gridmap.core.declaration import FieldDeclaration
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity
from gridmap.intake.looks.values import is_code
from gridmap.texts import t

# What a spreadsheet would run: = @ and, before anything but a number, + and -.
_FORMULA = re.compile(r"^(?:[=@]|[+-](?=[A-Za-z(=@]))|^[|%]\w+")
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^<>]*>|&#?\w+;")
_ALLOWED: Final = frozenset("\t\n\r")
_SHOWN: Final = 80
_MOST: Final = 0.8
_FEWEST: Final = 5


def looked_over(table: RawTable, columns: Iterable[str]) -> Iterator[Finding]:
    """Texts that are dangerous elsewhere; they are kept as text, control characters held back."""
    for column in dict.fromkeys(columns):
        if column not in table.cells:
            continue
        for row, text in zip(table.rows.tolist(), table.cells[column].tolist(), strict=True):
            if text is None or (text.isalnum() and text.isprintable()):
                continue
            finding = _of_text(table.file, row, column, text)
            if finding is not None:
                yield finding


def lost_zeros(
    table: RawTable, fields: Iterable[FieldDeclaration], mapping: Mapping[str, str]
) -> Iterator[Finding]:
    """Codes of digits that are shorter than the rest, where the rest begins with zeros."""
    for field in fields:
        column = mapping.get(field.name)
        if column is None or not is_code(field):
            continue
        texts = table.cells[column].tolist()
        lengths = Counter(len(text) for text in texts if text is not None and text.isdigit())
        if sum(lengths.values()) < _FEWEST:
            continue
        usual, count = lengths.most_common(1)[0]
        zeros = any(t is not None and len(t) == usual and t.startswith("0") for t in texts)
        if count / sum(lengths.values()) < _MOST or not zeros:
            continue
        for row, text in zip(table.rows.tolist(), texts, strict=True):
            if text is not None and text.isdigit() and len(text) < usual:
                yield Finding(
                    Kind.LOST_ZEROS, Severity.WARNING, table.file, row, field.name, text,
                    detail=t("doctor.evidence.length", count=usual), column=column,
                )  # fmt: skip


def cleaned(text: str) -> str:
    """A text without control characters."""
    return "".join(c for c in text if not _is_control(c)).strip()


def _of_text(file: str, row: int, column: str, text: str) -> Finding | None:
    if any(_is_control(character) for character in text):
        return Finding(
            Kind.CONTROL_CHARACTER, Severity.ERROR, file, row, value=cleaned(text)[:_SHOWN],
            fix=cleaned(text), column=column, action=Action.REPLACE, mark=column,
        )  # fmt: skip
    kind = None
    if _FORMULA.match(text):
        kind = Kind.FORMULA
    elif _MARKUP.search(text):
        kind = Kind.MARKUP
    if kind is None:
        return None
    return Finding(
        kind, Severity.WARNING, file, row, value=text[:_SHOWN], column=column, mark=column
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in _ALLOWED
