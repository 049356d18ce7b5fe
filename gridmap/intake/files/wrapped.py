"""Cells that a program wrapped so that a spreadsheet keeps them as text: unwrapped, and told.

An export writes `="000101"` or `'000101` where it means 000101; an input method leaves figures
in full width. Numbers of more than 15 digits that a spreadsheet has already rounded cannot be
brought back: they are told in whatever column they stand.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.intake.files.tables import RawTable, text_of
from gridmap.intake.findings import Finding, Kind, Severity

_FORMULA: Final = re.compile(r'^="([^"]*)"$')
_APOSTROPHE: Final = re.compile(r"^['’]([0-9A-Za-z０-９][^'’]*)$")
# Codes and numbers in full width: letters of Chinese texts are none of these.
_SIGN: Final = r"[0-9A-Za-z.\-０-９Ａ-Ｚａ-ｚ．－]*"
_WIDE: Final = re.compile(rf"^{_SIGN}[０-９Ａ-Ｚａ-ｚ]{_SIGN}$")
_GROUPS: Final = re.compile(r"^\d{3,}(?:[ \u00a0\u3000]\d{3,}){2,}$")
_ROUNDED: Final = re.compile(r"^\d(?:\.\d+)?[eE]\+?(?:1[5-9]|2\d)$|^\d{16,}\.0+$")
_SUSPECT: Final = r"^=\"|^['’]|[０-９Ａ-Ｚａ-ｚ]|^\d{3,}[ \x{00a0}\x{3000}]\d"
_SHOWN: Final = 10


def unwrapped(table: RawTable) -> RawTable:
    """The table with its cells unwrapped, and a finding for each column where any were."""
    findings: list[Finding] = []
    changed: dict[str, pd.Series] = {}
    for position, column in enumerate(table.cells.columns):
        given = table.cells.iloc[:, position].tolist()
        plain = plain_of(given)
        told = [i for i, (a, b) in enumerate(zip(given, plain, strict=True)) if a != b]
        if told:
            changed[column] = pd.Series(plain, index=table.cells.index, dtype=object)
            findings.append(
                _found(table, Kind.UNWRAPPED, column, told, given[told[0]], plain[told[0]])
            )
        lost = [i for i, text in enumerate(given) if text is not None and _ROUNDED.match(text)]
        if lost:
            findings.append(_found(table, Kind.DIGITS_LOST, column, lost, given[lost[0]], None))
    if not findings:
        return table
    return replace(
        table, cells=table.cells.assign(**changed), findings=(*table.findings, *findings)
    )


def plain_of(texts: Sequence[str | None]) -> list[str | None]:
    """Texts, shape (n,), without what a program wrapped around them."""
    known = {text: None if text is None else _plain(text) for text in dict.fromkeys(texts)}
    return [known[text] for text in texts]


def plain_column(column: pa.Array) -> pa.Array:
    """A column of text, unwrapped; one without anything suspect as it is."""
    if not pc.any(pc.match_substring_regex(column, _SUSPECT)).as_py():
        return column
    return pa.array([text or "" for text in plain_of(column.to_pylist())], pa.string())


def _plain(text: str) -> str | None:
    inner = _FORMULA.match(text) or _APOSTROPHE.match(text)
    if inner:
        return text_of(inner[1])
    if _WIDE.match(text):
        return unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", text) if _GROUPS.match(text) else text


def _found(
    table: RawTable,
    kind: Kind,
    column: str,
    positions: Iterable[int],
    value: str | None,
    became: str | None,
) -> Finding:
    rows = tuple(int(table.rows[i]) for i in positions)
    severity = Severity.HINT if kind is Kind.UNWRAPPED else Severity.WARNING
    shown = ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")
    return Finding(
        kind, severity, table.file, column=column, value=(value or "")[:80], count=len(rows),
        detail=shown if kind is Kind.DIGITS_LOST else became or "", rows=rows,
    )  # fmt: skip
