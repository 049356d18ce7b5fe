"""Text cells as values of declared fields; what cannot be read becomes a finding."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.core import codes, written_times
from gridmap.core.declaration import FieldDeclaration, FieldType
from gridmap.intake.files.tables import EXACT_NUMBER, RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks.matching import folded
from gridmap.texts import has, t

_RUINED = re.compile(r"^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^\d{16,}\.\d+$")
_WHOLE = re.compile(r"^(\d+)\.0+$")
_INTEGER = re.compile(r"^[+-]?\d+(\.0+)?$")
_TRUE = frozenset({"true", "1", "1.0", "是", "有", "y", "yes", "t", "√"})
_FALSE = frozenset({"false", "0", "0.0", "否", "无", "n", "no", "f", "×"})
_DAY_FIGURES: Final = 8
# Classes of water as they are written: Ⅲ类 (folded: iii类), 3类, 三类, 第Ⅲ类.
_CLASS = re.compile(r"^第?(i{1,3}|iv|vi?|[1-5]|[一二三四五])类?(?:水质?|水体|标准)?$")
_CLASSES: Final = dict(zip("12345一二三四五", ("i", "ii", "iii", "iv", "v") * 2, strict=True))
_ROW_MARK: Final = "{row}"


@dataclass(frozen=True)
class Refused:
    """Why a text is no value of its field, and what it could become."""

    kind: Kind
    fix: str | None = None
    detail: str = ""


def converted(
    table: RawTable,
    fields: Iterable[FieldDeclaration],
    mapping: Mapping[str, str],
    fixed: Mapping[str, Any],
) -> tuple[pd.DataFrame, list[Finding]]:
    """All rows with typed cells, shape (n, fields), and the findings.

    Args:
        table: the file as it came.
        fields: the fields to fill.
        mapping: field → heading.
        fixed: field → the value of every row; `{row}` in a text becomes the row's number.
    """
    data: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    for field in fields:
        if field.name in fixed:
            texts = _fixed(fixed[field.name], table.rows)
        elif field.name in mapping:
            texts = table.cells[mapping[field.name]].tolist()
        else:
            texts = [None] * len(table.rows)
        cells, noticed = _column(table, field, texts)
        data[field.name] = pd.Series(cells, dtype=object)
        findings += noticed
        if field.key:
            findings += _repeated(table, field, cells)
    return pd.DataFrame(data, index=range(len(table.rows))), findings


def read_value(field: FieldDeclaration, text: str) -> Any | Refused:
    """One text as a value of the field's type: str, int, float, bool, date, or `Refused`."""
    if field.values:  # noqa: PD011  a declaration, no frame
        return _listed(field, text)
    return _READERS[field.type](field, text)


def _column(
    table: RawTable, field: FieldDeclaration, texts: Sequence[str | None]
) -> tuple[list[Any], list[Finding]]:
    outcomes: dict[str | None, Any] = {None: None}
    for text in dict.fromkeys(texts):
        if text is not None:
            outcomes[text] = read_value(field, text)
    findings: list[Finding] = []
    cells: list[Any] = []
    whole = 0
    for row, text in zip(table.rows.tolist(), texts, strict=True):
        value = outcomes[text]
        if isinstance(value, Refused):
            findings.append(
                Finding(
                    value.kind, Severity.ERROR, table.file, row, field.name, text or "",
                    value.fix, value.detail,
                )
            )  # fmt: skip
            value = None
        elif value is None and field.required:
            findings.append(Finding(Kind.MISSING, Severity.ERROR, table.file, row, field.name))
        elif field.type is FieldType.TEXT and text is not None and value != text:
            whole += not field.values  # noqa: PD011  a declaration, no frame
        cells.append(value)
    if whole:
        hint = Finding(Kind.WHOLE_NUMBER, Severity.HINT, table.file, field=field.name, count=whole)
        findings.append(hint)
    return cells, findings + _checked(table, field, cells)


def _checked(table: RawTable, field: FieldDeclaration, cells: Sequence[Any]) -> list[Finding]:
    """Codes that break their rule are loaded, but said so: registers do hold such codes."""
    if field.check is None:
        return []
    problems = {
        code: codes.check(field.check, code) for code in dict.fromkeys(cells) if code is not None
    }
    return [
        Finding(
            Kind.CODE_CHECK, Severity.WARNING, table.file, row, field.name, cell,
            detail=_problem(str(problems[cell])),
        )
        for row, cell in zip(table.rows.tolist(), cells, strict=True)
        if cell is not None and problems[cell] is not None
    ]  # fmt: skip


def _problem(code: str) -> str:
    key = f"intake.code.{code}"
    return t(key) if has(key) else code


def _repeated(table: RawTable, field: FieldDeclaration, cells: Sequence[Any]) -> list[Finding]:
    first: dict[Any, int] = {}
    findings = []
    for row, cell in zip(table.rows.tolist(), cells, strict=True):
        if cell is None:
            continue
        if cell in first:
            before = str(first[cell])
            findings.append(
                Finding(
                    Kind.DUPLICATE_KEY, Severity.ERROR, table.file, row, field.name, str(cell),
                    detail=before,
                )
            )  # fmt: skip
        first.setdefault(cell, row)
    return findings


def _fixed(value: Any, rows: npt.NDArray[np.int64]) -> list[str | None]:
    if value is None:
        return [None] * len(rows)
    text = str(value)
    if _ROW_MARK in text:
        return [text.replace(_ROW_MARK, str(row)) for row in rows.tolist()]
    return [text] * len(rows)


def shifted_days(finding: Finding) -> Finding:
    """A proposed date, counted from 1904 instead of 1900, as some workbooks do."""
    day = _day_of_number(finding.value, from_1904=True)
    if finding.kind is not Kind.NOT_DATE or day is None:
        return finding
    return replace(finding, fix=day.isoformat())


def is_code(field: FieldDeclaration) -> bool:
    """Whether a field holds codes, which a spreadsheet may have ruined as numbers."""
    return field.key or field.check is not None or field.name.endswith(("code", "codes", "_id"))


def _read_text(field: FieldDeclaration, text: str) -> str | Refused:
    if not is_code(field):
        return text
    if _RUINED.match(text):
        return Refused(Kind.EXCEL_NUMBER)
    whole = _WHOLE.match(text)
    return whole[1] if whole else text


def _read_integer(_: FieldDeclaration, text: str) -> int | Refused:
    if _INTEGER.match(text) and abs(float(text)) < EXACT_NUMBER:
        return int(text.split(".", maxsplit=1)[0])
    bare = text.replace(",", "").replace("，", "")
    return Refused(Kind.NOT_INTEGER, bare if bare != text and _INTEGER.match(bare) else None)


def _read_real(_: FieldDeclaration, text: str) -> float | Refused:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    # CAD writes 1e20 for "no height", shapefiles -1.8e308 for "no measure".
    return number if abs(number) < EXACT_NUMBER else Refused(Kind.NOT_REAL)


def _read_boolean(_: FieldDeclaration, text: str) -> bool | Refused:
    plain = folded(text)
    if plain in _TRUE | _FALSE:
        return plain in _TRUE
    return Refused(Kind.NOT_BOOLEAN)


def _read_date(_: FieldDeclaration, text: str) -> dt.date | Refused:
    found = written_times.read(text)
    if found is not None and found.day_only and not _more_figures(text):
        return found.date or Refused(Kind.NOT_DATE)
    # Likely the day number of a spreadsheet, but that is a guess.
    day = _day_of_number(text)
    return Refused(Kind.NOT_DATE, None if day is None else day.isoformat())


def _more_figures(text: str) -> bool:
    return text.isdecimal() and len(text) != _DAY_FIGURES


def _day_of_number(text: str, *, from_1904: bool = False) -> dt.date | None:
    if not text.isdecimal():
        return None
    found = written_times.of_day_number(text, from_1904=from_1904)
    return None if found is None else found.date


def _listed(field: FieldDeclaration, text: str) -> str | Refused:
    known: dict[str, str] = {}
    for value in field.values:  # noqa: PD011  a declaration, no frame
        title = field.value_titles.get(value)
        for name in (value, *((title.zh, title.en) if title else ())):
            known.setdefault(folded(name), value)
    plain = folded(text)
    if plain in known:
        return known[plain]
    of_class = _CLASS.match(plain)
    if of_class and (meant := known.get(_CLASSES.get(of_class[1], of_class[1]))):
        return meant
    allowed = [
        f"{value} ({field.value_titles[value].zh})" if value in field.value_titles else value
        for value in field.values  # noqa: PD011  a declaration, no frame
    ]
    return Refused(Kind.NOT_ALLOWED, detail=", ".join(allowed))


_READERS: Final[dict[FieldType, Callable[[FieldDeclaration, str], Any]]] = {
    FieldType.TEXT: _read_text,
    FieldType.INTEGER: _read_integer,
    FieldType.REAL: _read_real,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.DATE: _read_date,
}
