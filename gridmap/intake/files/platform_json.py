"""The raw JSON of the national platforms, as their pages receive it.

Air: a list of records, one per station and hour, by key (TimePoint, StationCode, PM2_5, …).
Water: headings and cells are scraps of HTML; a tooltip holds the value before rounding (原始值)
and, for a section, its city and river. They become columns of their own (水温_原始值, 所在地市,
所属河流), as collectors of these data write them. Times carry no year.
"""

import html
import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.intake.files import incomplete, limits
from gridmap.intake.files.delimited import decoded
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.headings import unique
from gridmap.intake.files.tables import RawTable, ReadOptions, text_of, without_blank_rows
from gridmap.intake.findings import Finding, Kind, Severity

ORIGINAL: Final = "_原始值"
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<[^<>]*?\btitle\s*=\s*(?:'([^']*)'|\"([^\"]*)\")[^<>]*>")
_FACT = re.compile(r"^\s*([^:：]{1,20})[:：](.*)$")
_ORIGINAL_NAME: Final = "原始值"
_AIR_KEYS: Final = (b'"TimePoint"', b'"StationCode"')


def is_platform(raw: bytes) -> bool:
    """Whether JSON looks like an answer of a platform: head and body of a table, or records."""
    first = raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    water = b'"tbody"' in raw and b'"thead"' in raw and first == b"{"
    # Some clients store the answer as a text in JSON: its quotes are escaped.
    wrapped = b"tbody" in raw and b"thead" in raw and first == b'"'
    return water or wrapped or (first in {b"{", b"["} and all(key in raw for key in _AIR_KEYS))


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read the answer as a table; rows are records counted from 1.

    Raises:
        IntakeError: `intake.error.unreadable`, `.too_large`, `.wrong_content`, `.no_heading`.
    """
    shown = shown or path
    limits.bounded(shown, path.stat().st_size, limits.MAX_TEXT_BYTES)
    text, guesses = decoded(shown, path.read_bytes(), options.encoding)
    try:
        answer = json.loads(text)
        answer = json.loads(answer) if isinstance(answer, str) else answer
    except (ValueError, RecursionError) as error:
        raise unreadable(shown, error) from error
    head, body = _table(answer, shown)
    names = unique([_plain(cell) or "" for cell in head])
    limits.few_enough(shown, len(body), len(names))
    records: list[dict[str, str | None]] = []
    findings = incomplete.of_answer(answer, len(body), shown.name) if _is_table(answer) else []
    for number, row in enumerate(body, start=1):
        if not isinstance(row, list) or len(row) != len(names):
            value = str(row)[:80]
            findings.append(
                Finding(Kind.MALFORMED_ROW, Severity.ERROR, shown.name, number, value=value)
            )
            records.append({})
            continue
        records.append(_record(names, row))
    extra = [name for name in dict.fromkeys(n for r in records for n in r) if name not in names]
    cells = pd.DataFrame(
        {name: [record.get(name) for record in records] for name in [*names, *extra]}, dtype=object
    )
    return without_blank_rows(
        shown, cells, np.arange(1, len(records) + 1), findings, encodings=guesses
    )


def _table(answer: Any, shown: Path) -> tuple[list[Any], list[Any]]:
    listed = _listed(answer)
    if listed is not None:
        keys = list(dict.fromkeys(key for record in listed for key in record))
        return keys, [[record.get(key) for key in keys] for record in listed]
    if not isinstance(answer, dict):
        raise IntakeError("intake.error.wrong_content", file=shown)
    head, body = answer.get("thead"), answer.get("tbody")
    if not isinstance(head, list) or not isinstance(body, list):
        raise IntakeError("intake.error.wrong_content", file=shown)
    if not head:
        raise IntakeError(
            "intake.error.no_heading" if body else "intake.error.empty_answer", file=shown
        )
    return head, body


def _is_table(answer: Any) -> bool:
    return isinstance(answer, dict)


def _listed(answer: Any) -> list[dict[str, Any]] | None:
    """The records of an answer that is a list of them, or holds one."""
    found = answer.values() if isinstance(answer, dict) and "thead" not in answer else [answer]
    for records in found:
        if isinstance(records, list) and records and all(isinstance(r, dict) for r in records):
            return records
    return None


def _record(names: list[str], row: list[Any]) -> dict[str, str | None]:
    record: dict[str, str | None] = {}
    facts: dict[str, str | None] = {}
    for name, cell in zip(names, row, strict=True):
        record[name] = _plain(cell)
        title = _TITLE.search(cell) if isinstance(cell, str) else None
        for line in html.unescape((title[1] or title[2] or "") if title else "").splitlines():
            fact = _FACT.match(line)
            if fact:
                known = f"{name}{ORIGINAL}" if fact[1] == _ORIGINAL_NAME else fact[1]
                facts[_without_unit(known)] = text_of(fact[2])
    return {**facts, **record}


def _without_unit(name: str) -> str:
    return re.sub(r"\([^()]*\)(?=_)", "", name)


def _plain(cell: Any) -> str | None:
    if isinstance(cell, str):
        return text_of(html.unescape(_TAG.sub("", cell)))
    return text_of(cell) if isinstance(cell, (int, float)) else None
