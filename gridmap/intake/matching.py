"""Which column of a file fills which field: by name, title and alias of the declaration."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from gridmap.domain.declaration import FieldDeclaration
from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity

_LISTED = 100


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A heading as it is compared: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def match(
    file: str,
    columns: Sequence[str],
    fields: Iterable[FieldDeclaration],
    stated: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], list[Finding]]:
    """Find a column for each field.

    A column fills at most one field. What the caller stated comes first, then names, then
    titles, then aliases in the order of the declaration. Where several columns would fit,
    the first in that order is taken and a finding says so.

    Args:
        file: name of the file, for the findings.
        columns: its headings.
        fields: the fields to fill.
        stated: field → heading, as the caller decided.

    Returns:
        Field → heading for the fields that were found, and the findings.

    Raises:
        IntakeError: `intake.error.stated_column` for a stated heading the file lacks,
            `.stated_field` for a stated field the layer lacks.
    """
    fields = list(fields)
    stated = stated or {}
    for name, column in stated.items():
        if column not in columns:
            have = ", ".join(columns)
            raise IntakeError("intake.error.stated_column", file=file, column=column, have=have)
        if name not in {field.name for field in fields}:
            have = ", ".join(field.name for field in fields)
            raise IntakeError("intake.error.stated_field", file=file, field=name, have=have)
    found = dict(stated)
    fitting = {field.name: _fitting(field, columns) for field in fields if field.name not in stated}
    # By rank over all fields: an exact name is never taken away by another field's alias.
    ranked = sorted(
        (rank, order, name, column)
        for order, (name, candidates) in enumerate(fitting.items())
        for rank, column in candidates
    )
    for _, _, name, column in ranked:
        if name not in found and column not in found.values():
            found[name] = column
    findings = []
    for name, candidates in fitting.items():
        others = [column for _, column in candidates if column not in found.values()]
        if name in found and others:
            findings.append(
                Finding(
                    Kind.AMBIGUOUS_COLUMN,
                    Severity.WARNING,
                    file,
                    field=name,
                    value=found[name],
                    detail=", ".join(others),
                )
            )
    return found, findings


def left_out(file: str, columns: Iterable[str], used: Iterable[str]) -> list[Finding]:
    """A hint that names the columns nobody asked for, if there are any."""
    taken = set(used)
    rest = [column for column in columns if column not in taken]
    if not rest:
        return []
    listed = ", ".join(rest[:_LISTED]) + (" …" if len(rest) > _LISTED else "")
    return [Finding(Kind.COLUMN_LEFT_OUT, Severity.HINT, file, detail=listed, count=len(rest))]


def _fitting(field: FieldDeclaration, columns: Sequence[str]) -> list[tuple[int, str]]:
    names = [field.name, field.title.zh, field.title.en, *field.aliases]
    ranks: dict[str, int] = {}
    for rank, name in enumerate(names):
        ranks.setdefault(folded(name), rank)
    fits = [(ranks[folded(column)], column) for column in columns if folded(column) in ranks]
    return sorted(fits)
