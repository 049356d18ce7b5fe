"""Required fields without a column, columns that only look like a field: asked, never assumed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gridmap.core import codes
from gridmap.core.declaration import FieldDeclaration
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Kind, Severity
from gridmap.intake.looks import columns
from gridmap.intake.looks.columns import ColumnMatch
from gridmap.intake.looks.matching import folded
from gridmap.intake.looks.notes import Notes
from gridmap.texts import pick, t

_FITTING: Final = 0.99


def completed(
    table: RawTable,
    fields: Sequence[FieldDeclaration],
    matches: Sequence[ColumnMatch],
    fixed: dict[str, Any],
    name: str,
    notes: Notes,
) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """Mapping and fixed values with what a person accepted, and the fields that still lack one.

    Args:
        table: the file.
        fields: of the target.
        matches: of the columns.
        fixed: field → value of every row, as a person stated.
        name: of file and sheet.
        notes: gets the questions.
    """
    mapping = columns.sure_mapping(matches)
    fixed = dict(fixed)
    by_name = {field.name: field for field in fields}
    for match in matches:
        _check_match(table, match, by_name, mapping, notes)
    lacking = []
    for field in fields:
        if not field.required or field.name in mapping or field.name in fixed:
            continue
        if field.key:
            _make_key(table, field, mapping, fixed, notes)
        elif field.values:
            _one_value(table, field, mapping, fixed, name, notes)
        else:
            notes.say(Kind.NO_COLUMN, Severity.ERROR, field=field.name)
        if field.name not in mapping and field.name not in fixed:
            lacking.append(field.name)
    return mapping, fixed, lacking


def _check_match(
    table: RawTable,
    match: ColumnMatch,
    fields: dict[str, FieldDeclaration],
    mapping: dict[str, str],
    notes: Notes,
) -> None:
    if match.field is None:
        return
    field = fields[match.field]
    confidence = f"{match.confidence:.2f}"
    if not match.sure:
        if field.name in mapping:
            return
        key = match.reason == "values"
        reason = t("doctor.evidence.reason_values", confidence=confidence) if key else t(
            "doctor.evidence.reason_similar", confidence=confidence
        )  # fmt: skip
        if notes.say(
            Kind.COLUMN_GUESSED, Severity.HINT, field=field.name, value=match.column,
            fix=match.column, detail=reason, column=match.column, action=Action.MAP,
            mark=match.column,
        ):  # fmt: skip
            mapping[field.name] = match.column
        return
    share = columns.value_share(table, match.column, field)
    if columns.doubted(share):
        detail = t("doctor.evidence.fitting", share=f"{share:.0%}")
        notes.say(
            Kind.COLUMN_DOUBTED, Severity.WARNING, field=field.name, value=match.column,
            detail=detail, column=match.column,
        )  # fmt: skip


def _make_key(
    table: RawTable,
    field: FieldDeclaration,
    mapping: dict[str, str],
    fixed: dict[str, Any],
    notes: Notes,
) -> None:
    """A key from unique names, else from file and row."""
    column = mapping.get("name")
    names = None if column is None else table.cells[column]
    if column is not None and names is not None and names.notna().all() and names.is_unique:
        detail = t("doctor.evidence.unique_names")
        if notes.say(
            Kind.KEY_MADE, Severity.ERROR, field=field.name, value=column, fix=column,
            detail=detail,
            action=Action.MAP, mark=column,
        ):  # fmt: skip
            mapping[field.name] = column
        return
    made = f"{Path(table.file).stem}-{{row}}"
    detail = t("doctor.evidence.row_numbers")
    if notes.say(
        Kind.VALUE_FOR_ALL, Severity.ERROR, field=field.name, value=made, fix=made, detail=detail,
        action=Action.FILL, mark=made,
    ):  # fmt: skip
        fixed[field.name] = made


def _one_value(
    table: RawTable,
    field: FieldDeclaration,
    mapping: dict[str, str],
    fixed: dict[str, Any],
    name: str,
    notes: Notes,
) -> None:
    """The one listed value that file name or codes speak of."""
    value = _of_codes(table, field, mapping) or _of_name(field, name)
    if value is None:
        notes.say(Kind.NO_COLUMN, Severity.ERROR, field=field.name)
        return
    titles = field.value_titles.get(value)
    shown = pick(titles.as_dict()) if titles else value
    detail = t("doctor.evidence.values", value=shown)
    if notes.say(
        Kind.VALUE_FOR_ALL, Severity.ERROR, field=field.name, value=value, fix=value,
        detail=detail, action=Action.FILL, mark=value,
    ):  # fmt: skip
        fixed[field.name] = value


def _of_codes(table: RawTable, field: FieldDeclaration, mapping: dict[str, str]) -> str | None:
    if field.name != "tier" or "code" not in mapping:
        return None
    texts = table.cells[mapping["code"]].dropna().tolist()
    tiers = {codes.tier_of_code(text) for text in texts if text.isdigit()}
    [only] = tiers if len(tiers) == 1 else [None]
    return only if only in field.values else None


def _of_name(field: FieldDeclaration, name: str) -> str | None:
    plain = folded(name)
    found = []
    for value in field.values:
        titles = field.value_titles.get(value)
        words = [value, *((titles.zh, titles.en) if titles else ())]
        if any(folded(word) in plain for word in words):
            found.append(value)
    return found[0] if len(found) == 1 else None
