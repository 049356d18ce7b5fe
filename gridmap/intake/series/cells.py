"""Cells of readings: numbers, the signs that stand in their place, and limits of detection."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.intake.files.tables import EXACT_NUMBER, RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks.matching import usual

Numbers = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

BELOW: Final = "<"
LIMIT_OF_LABORATORY: Final = "L"
NOT_DETECTED: Final = "ND"
ABOVE: Final = ">"
STARRED: Final = "n*"
ORIGINAL: Final = "_原始值"
"""What the heading of raw values ends in, beside the heading of the displayed ones."""

# Signs of published tables: no data, item not measured, not monitored, missing (HJ 633).
_MARKS: Final = frozenset({"*", "--", "-", "—", "——", "/", "NA"})
_MINUS_ONE: Final = "-1"
# They only say that there is no number; the state of the station says more.
_VAGUE: Final = frozenset({"--", "-", "—", "——"})
_PLAIN: Final = r"(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_LIMIT = re.compile(rf"^[<≤]\s*=?\s*{_PLAIN}$")
_ABOVE = re.compile(rf"^[>≥]\s*=?\s*{_PLAIN}$")
_LABORATORY = re.compile(r"^(\d+(?:\.\d+)?)\s*[Ll]$")
_STARRED = re.compile(r"^(\d+(?:\.\d+)?)\s*\*$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_POWER = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*[×x*]\s*10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴-⁹]+))$")
_NOT_DETECTED = re.compile(r"^(?:nd|n\.d\.|未检出|未检测出|nd\s*<.*|<\s*(?:dl|mdl|lod))$")
_RAISED: Final = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_ROWS_SHOWN: Final = 10
_MOST_TEXTS: Final = 40


def numbers_of(
    texts: Sequence[str | None], signed: npt.NDArray[np.bool_] | None = None
) -> tuple[Numbers, Texts]:
    """Numbers, and the texts that stand in their place or qualify them.

    `<0.01` is 0.01 with the mark `<`, the laboratory's `0.01L` is 0.01 with `L`, `>24000` is
    24000 with `>`: the limit is kept as the value, a rule decides later what it counts for. A
    number that is a code for "none" (-999) is NaN with itself as its mark, as is any other text.

    Args:
        texts: cells, shape (n,).
        signed: where -1 is a value like any other, shape (n,); by default nowhere.
    """
    outcome: dict[str | None, tuple[float, str]] = {None: (np.nan, "")}
    for text in dict.fromkeys(texts):
        if text is not None:
            outcome[text] = _number(text)
    numbers = np.array([outcome[text][0] for text in texts], dtype=np.float64)
    marks = np.array([outcome[text][1] for text in texts], dtype=object)
    if signed is not None:
        spared = signed & (marks == _MINUS_ONE)
        numbers[spared], marks[spared] = -1.0, ""
    return numbers, marks


def told_numbers(
    table: RawTable,
    column: str,
    texts: Sequence[str | None],
    findings: list[Finding],
    signed: npt.NDArray[np.bool_] | None = None,
) -> tuple[Numbers, Texts]:
    """As `numbers_of`; tells every mark, how often and in which rows it stands there."""
    numbers, marks = numbers_of(texts, signed)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i in np.flatnonzero(marks != "").tolist():
        places[marks[i]].append(int(table.rows[i]))
    odd = 0
    for mark, rows in places.items():
        kind, severity = _kind_of(mark)
        odd += severity is Severity.WARNING
        if odd > _MOST_TEXTS and severity is Severity.WARNING:
            continue
        findings.append(
            Finding(
                kind, severity, table.file, field=column, value=mark, count=len(rows),
                detail=rows_told(rows), rows=tuple(rows), mark=mark,
            )
        )  # fmt: skip
    if odd > _MOST_TEXTS:  # a column of remarks: the rest in one sentence, none left out
        rest = [m for m in places if _kind_of(m)[1] is Severity.WARNING][_MOST_TEXTS:]
        rows = sorted(row for mark in rest for row in places[mark])
        findings.append(
            Finding(
                Kind.MARKS_MORE, Severity.WARNING, table.file, field=column, value=rest[0],
                count=len(rows), detail=rows_told(rows), rows=tuple(rows),
            )
        )  # fmt: skip
    return numbers, marks


def rows_told(rows: Sequence[int]) -> str:
    """Numbers of rows for a sentence: the first ones."""
    return ", ".join(map(str, rows[:_ROWS_SHOWN])) + (" …" if len(rows) > _ROWS_SHOWN else "")


def _kind_of(mark: str) -> tuple[Kind, Severity]:
    if mark in {BELOW, LIMIT_OF_LABORATORY}:
        return Kind.NON_DETECT, Severity.HINT
    if mark == NOT_DETECTED:
        return Kind.NOT_DETECTED, Severity.HINT
    if mark == ABOVE:
        return Kind.ABOVE_RANGE, Severity.WARNING
    if mark == STARRED:
        return Kind.STARRED, Severity.WARNING
    if mark in usual("not_readings")["code"]:
        return Kind.NUMBER_CODE, Severity.WARNING
    return Kind.MARK, Severity.HINT if mark in _MARKS else Severity.WARNING


def flags_of(own: Texts | None, marks: Texts, states: Texts) -> Texts:
    """One flag of each reading, the most telling of what stands there.

    Args:
        own: marks of this item in a column of their own (极值过滤), shape (n,).
        marks: what stands in the cell, shape (n,).
        states: of the station in that row (维护, 停站), shape (n,).

    Returns:
        The item's own mark, else what the cell says, but a dash or a limit of detection only
        where the station is in order.
    """
    weak = np.isin(marks.astype(str), [*_VAGUE, BELOW, LIMIT_OF_LABORATORY, STARRED, ""])
    flags = np.where(weak & (states != ""), states, marks)
    return flags if own is None else np.where(own != "", own, flags)


def raw_and_shown(raw: Numbers, displayed: Numbers, marks: Texts) -> tuple[Numbers, Numbers, Texts]:
    """Raw values where a source gives them, else what it displays; then what it displayed.

    Returns:
        Values, displayed values (NaN where there is only one of both) and marks; a raw value
        needs no limit of detection.
    """
    there = np.isfinite(raw)
    shown = np.where(there, displayed, np.nan)
    limits = there & ((marks == BELOW) | (marks == LIMIT_OF_LABORATORY))
    return np.where(there, raw, displayed), shown, np.where(limits, "", marks)


def _number(text: str) -> tuple[float, str]:
    plain = text if text.isascii() else _narrow(text)
    if plain in usual("not_readings")["code"]:
        return np.nan, plain
    if _GROUPED.match(plain):
        plain = plain.replace(",", "")
    try:
        number = float(plain)
    except ValueError:
        return _qualified(text, plain)
    # No measurement is that large: programs write such numbers for "none".
    return (number, "") if abs(number) < EXACT_NUMBER else (np.nan, text)


def _qualified(text: str, plain: str) -> tuple[float, str]:
    """What stands in the place of a number, or a number with a sign beside it."""
    for pattern, mark in (
        (_LIMIT, BELOW), (_LABORATORY, LIMIT_OF_LABORATORY), (_ABOVE, ABOVE), (_STARRED, STARRED),
    ):  # fmt: skip
        found = pattern.match(plain)
        # Nothing is below a limit of zero: that is a slip, and stays a text.
        if found and (float(found[1]) > 0 or mark == STARRED):
            return float(found[1]), mark
    if found := _POWER.match(plain):
        return float(f"{found[1]}e{found[2] or found[3].translate(_RAISED)}"), ""
    return np.nan, NOT_DETECTED if _NOT_DETECTED.match(plain.casefold()) else text


def _narrow(text: str) -> str:
    """Full-width figures and signs as plain ones; raised figures stay raised."""
    return "".join(c if c in "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹×≤≥" else unicodedata.normalize("NFKC", c) for c in text)
