"""Which column fills which field, how sure that is, and why: headings, values, the last time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from gridmap.core import codes
from gridmap.core.declaration import FieldDeclaration, FieldType
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.headings import last_part
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks import values
from gridmap.intake.looks.matching import bare, folded, usual
from gridmap.intake.looks.values import Refused
from gridmap.texts import t

Reason = Literal[
    "stated", "last_time", "alias", "part", "cut", "values", "similar", "place", "none"
]

SURE: Final = 0.9
_SAMPLE: Final = 200
_SAMPLES_SHOWN: Final = 3
_CUT_BYTES: Final = 10  # a .dbf cuts headings here
_FITTING: Final = 0.8
_SHORTEST: Final = 2
_DOUBTED: Final = 0.5
_MOST_COLUMNS: Final = 300
_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]$")
_DISTINCTIVE: Final = {"credit_code": 0.97, "permit_code": 0.97, "outlet_code": 0.9}
_GOOD_PROBLEMS: Final = frozenset({None, codes.CodeProblem.UNUSUAL_LETTER})


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file: the field it fills, how sure (0–1), why, and some of its cells.

    `field` is None for a column that nobody asked for. `reason` is "stated" (by a person),
    "last_time", "alias" (name, title or alias), "part" (the lower part of a joined heading or
    without its unit), "cut" (cut by a .dbf), "values" (what the cells look like), "similar",
    "place" (coordinates) or "none". Below `SURE` a match is only proposed.
    """

    column: str
    field: str | None
    confidence: float
    reason: Reason
    samples: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Why, in a few words in the current language: 别名 1.00."""
        return t(f"doctor.reason.{self.reason}", confidence=f"{self.confidence:.2f}")

    @property
    def sure(self) -> bool:
        """Whether it is used without being asked."""
        return self.field is not None and self.confidence >= SURE


@dataclass(frozen=True)
class _Fit:
    confidence: float
    rank: int
    field: str
    column: str
    reason: Reason


def match(
    table: RawTable,
    fields: Sequence[FieldDeclaration],
    stated: Mapping[str, str | None],
    remembered: Mapping[str, str],
    places: Iterable[str] = (),
) -> tuple[ColumnMatch, ...]:
    """One match per column, in the order of the file.

    Args:
        table: the file.
        fields: of the target.
        stated: field → heading, or None for a field that the file does not hold.
        remembered: folded heading → field, of former imports; "" = left out on purpose.
        places: the columns of coordinates, which fill no field.

    Raises:
        IntakeError: `intake.error.stated_column`, `.stated_field`.
    """
    headings = list(table.cells.columns)
    _known(table, fields, stated, headings)
    taken = {column for column in stated.values() if column is not None}
    free = [c for c in headings if c not in taken and c not in set(places)]
    forgotten = {c for c in free if remembered.get(folded(c)) == ""}
    found = usual("results")["column"]
    forgotten |= {c for c in free if bare(c) in found and folded(c) not in remembered}
    open_fields = [field for field in fields if field.name not in stated]
    known = [(field, _names_of(field)) for field in open_fields]
    telling = set(headings[:_MOST_COLUMNS])
    fits = [
        fit
        for column in free
        if column not in forgotten
        for fit in _fits(table, column, known, remembered, telling=column in telling)
    ]
    # The first of equals is taken: by rank of the name, then by the order of the file.
    fits.sort(key=lambda fit: (-fit.confidence, fit.rank))
    chosen: dict[str, _Fit] = {}
    filled: set[str] = set()
    for fit in fits:
        if fit.column not in chosen and fit.field not in filled:
            chosen[fit.column] = fit
            filled.add(fit.field)
    by_statement = {column: name for name, column in stated.items() if column is not None}
    return tuple(
        _matched(table, column, by_statement.get(column), chosen.get(column), set(places))
        for column in headings
    )


def sure_mapping(matches: Iterable[ColumnMatch]) -> dict[str, str]:
    """Field → heading, for the matches that are used without being asked."""
    return {match.field: match.column for match in matches if match.sure and match.field}


def ambiguous(
    table: RawTable,
    fields: Iterable[FieldDeclaration],
    matches: Sequence[ColumnMatch],
    stated: Iterable[str] = (),
) -> Iterator[Finding]:
    """Fields that another column bears the name of, too, unless a person chose one.

    Args:
        table: the file.
        fields: of the target.
        matches: of its columns.
        stated: fields that a person spoke of.
    """
    filled = {match.field: match for match in matches if match.sure}
    free = [match.column for match in matches if match.field is None and match.reason == "none"]
    for field in fields:
        taken = filled.get(field.name)
        if taken is None or field.name in set(stated):
            continue
        names = _names_of(field)
        others = [column for column in free if folded(column) in names]
        if others:
            others.sort(key=lambda column: names.index(folded(column)))
            yield Finding(
                Kind.AMBIGUOUS_COLUMN, Severity.WARNING, table.file, field=field.name,
                value=taken.column, detail=", ".join(others), column=taken.column,
            )  # fmt: skip


def value_share(table: RawTable, column: str, field: FieldDeclaration) -> float | None:
    """The share of a column's values that are values of a field; None if that says nothing."""
    sample = table.cells[column].dropna().head(_SAMPLE).tolist()
    if not sample or not _telling(field):
        return None
    return sum(_is_value(field, text) for text in sample) / len(sample)


def doubted(share: float | None) -> bool:
    """Whether a share of fitting values speaks against a match by name."""
    return share is not None and share < _DOUBTED


def _known(
    table: RawTable,
    fields: Sequence[FieldDeclaration],
    stated: Mapping[str, str | None],
    headings: Sequence[str],
) -> None:
    names = [field.name for field in fields]
    for name, column in stated.items():
        if column is not None and column not in headings:
            have = ", ".join(headings)
            raise IntakeError(
                "intake.error.stated_column", file=table.file, column=column, have=have
            )
        if name not in names:
            have = ", ".join(names)
            raise IntakeError("intake.error.stated_field", file=table.file, field=name, have=have)


def _names_of(field: FieldDeclaration) -> list[str]:
    return [folded(n) for n in (field.name, field.title.zh, field.title.en, *field.aliases)]


def _fits(
    table: RawTable,
    column: str,
    fields: Sequence[tuple[FieldDeclaration, list[str]]],
    remembered: Mapping[str, str],
    *,
    telling: bool,
) -> Iterable[_Fit]:
    plain = folded(column)
    part = folded(_BRACKETS.sub("", last_part(column)))
    for field, names in fields:
        if remembered.get(plain) == field.name:
            yield _Fit(1.0, -1, field.name, column, "last_time")
        elif plain in names:
            yield _Fit(1.0, names.index(plain), field.name, column, "alias")
        elif part in names:
            yield _Fit(0.95, names.index(part), field.name, column, "part")
        elif _is_cut(column, names):
            yield _Fit(0.92, 0, field.name, column, "cut")
        elif telling:
            share = value_share(table, column, field) if _distinctive(field) else None
            if share is not None and share >= _FITTING:
                top = _DISTINCTIVE.get(field.check or "", 0.85)
                yield _Fit(round(top * share, 2), 50, field.name, column, "values")
            elif _similar(part, names) and _fits_as(table, column, field):
                yield _Fit(0.6, 60, field.name, column, "similar")


def _matched(
    table: RawTable, column: str, stated: str | None, fit: _Fit | None, places: set[str]
) -> ColumnMatch:
    shown = tuple(str(c)[:60] for c in table.cells[column].dropna().unique()[:_SAMPLES_SHOWN])
    if stated is not None:
        return ColumnMatch(column, stated, 1.0, "stated", shown)
    if column in places:
        return ColumnMatch(column, None, 1.0, "place", shown)
    if fit is None:
        return ColumnMatch(column, None, 0.0, "none", shown)
    return ColumnMatch(column, fit.field, fit.confidence, fit.reason, shown)


def _is_cut(column: str, names: Sequence[str]) -> bool:
    plain = folded(column)
    if len(column.encode()) < _CUT_BYTES - 1:
        return False
    return any(name.startswith(plain) and len(name) > len(plain) for name in names)


def _similar(part: str, names: Sequence[str]) -> bool:
    """Whether a heading holds a name, or a name it; words of Latin letters only as whole words."""
    if part in _coordinates():
        return False
    return any(_holds(part, name) or _holds(name, part) for name in names)


def _holds(text: str, word: str) -> bool:
    if len(word) < _SHORTEST or word not in text:
        return False
    if not word.isascii():
        return True
    # “lat” is no part of “population”; “river” is one of “river_name”.
    return (
        re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text.replace("_", " "))
        is not None
    )


@cache
def _coordinates() -> frozenset[str]:
    place = usual("place")
    return frozenset((*place["lon"], *place["lat"], *place["both"], *place["never"]))


def _fits_as(table: RawTable, column: str, field: FieldDeclaration) -> bool:
    """Whether nothing speaks against the values: most of them could stand in the field."""
    share = value_share(table, column, field)
    return share is None or share >= _FITTING


def _telling(field: FieldDeclaration) -> bool:
    return bool(field.check or field.values or field.type is not FieldType.TEXT)


def _distinctive(field: FieldDeclaration) -> bool:
    listed = len(field.values) > 1
    return listed or field.check in _DISTINCTIVE


def _is_value(field: FieldDeclaration, text: str) -> bool:
    if field.check is not None:
        return codes.check(field.check, text) in _GOOD_PROBLEMS
    value: Any = values.read_value(field, text)
    return not isinstance(value, Refused) or value.fix is not None
