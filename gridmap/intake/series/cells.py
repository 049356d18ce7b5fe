"""Cells of readings: numbers, the signs that stand in their place, and limits of detection."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity

Numbers = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

BELOW: Final = "<"
LIMIT_OF_LABORATORY: Final = "L"
NOT_DETECTED: Final = "ND"
ORIGINAL: Final = "_原始值"
"""What the heading of raw values ends in, beside the heading of the displayed ones."""

# Signs of published tables: no data, item not measured, not monitored, missing (HJ 633).
_MARKS: Final = frozenset({"*", "--", "-", "—", "——", "/", "NA"})
# They only say that there is no number; the state of the station says more.
_VAGUE: Final = frozenset({"--", "-", "—", "——"})
_LIMIT = re.compile(r"^[<＜]\s*=?\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$")
_LABORATORY = re.compile(r"^(\d+(?:\.\d+)?)\s*[Ll]$")
_NOT_DETECTED: Final = frozenset({"nd", "n.d.", "未检出", "未检测出"})


def numbers_of(texts: Sequence[str | None]) -> tuple[Numbers, Texts]:
    """Numbers, and the texts that stand in their place or qualify them.

    `<0.01` is 0.01 with the mark `<`, the laboratory's `0.01L` is 0.01 with `L`: the limit is
    kept as the value, a rule decides later what it counts for. Any other text is NaN.
    """
    outcome: dict[str | None, tuple[float, str]] = {None: (np.nan, "")}
    for text in dict.fromkeys(texts):
        if text is not None:
            outcome[text] = _number(text)
    numbers = np.array([outcome[text][0] for text in texts], dtype=np.float64)
    return numbers, np.array([outcome[text][1] for text in texts], dtype=object)


def told_numbers(
    table: RawTable, column: str, texts: Sequence[str | None], findings: list[Finding]
) -> tuple[Numbers, Texts]:
    """As `numbers_of`; tells each mark and how often it stands there."""
    numbers, marks = numbers_of(texts)
    for mark in dict.fromkeys(marks[marks != ""]):
        count = int((marks == mark).sum())
        if mark in {BELOW, LIMIT_OF_LABORATORY, NOT_DETECTED}:
            kind, severity = Kind.NON_DETECT, Severity.HINT
        else:
            kind, severity = Kind.MARK, Severity.HINT if mark in _MARKS else Severity.WARNING
        findings.append(Finding(kind, severity, table.file, field=column, value=mark, count=count))
    return numbers, marks


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
    weak = np.isin(marks.astype(str), [*_VAGUE, BELOW, LIMIT_OF_LABORATORY, ""])
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
    try:
        number = float(text)
    except ValueError:
        for pattern, mark in ((_LIMIT, BELOW), (_LABORATORY, LIMIT_OF_LABORATORY)):
            if found := pattern.match(text):
                return float(found[1]), mark
        return np.nan, NOT_DETECTED if text.casefold() in _NOT_DETECTED else text
    return (number, "") if np.isfinite(number) else (np.nan, text)
