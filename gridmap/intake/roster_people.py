"""Who is one person: the same id, or the same name and phone, in a sheet and in the project."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks.matching import folded

COLUMNS: Final = ("person_id", "name", "organisation", "phone", "data_status")
_SHOWN: Final = 4


@dataclass
class _Known:
    """One person as told so far, of the project (`row` None) or of a row of the sheet."""

    id: str
    name: str
    organisation: str
    phone: str
    row: int | None


@dataclass
class _Book:
    """Everybody by id and by name."""

    by_id: dict[str, _Known] = field(default_factory=dict)
    by_name: dict[str, list[_Known]] = field(default_factory=dict)

    def add(self, one: _Known) -> None:
        if one.id not in self.by_id:
            self.by_id[one.id] = one
            self.by_name.setdefault(one.name, []).append(one)


def identified(
    file: str, rows: Sequence[int], frame: pd.DataFrame, stored: pd.DataFrame
) -> tuple[list[str | None], list[Finding]]:
    """The id of the person of each row, shape (n,), None where it is unsure; and what to tell.

    Same id, or same name and phone, is one person. A row without phone means the only person of
    that name. A new person's id is made of name, organisation and phone, as an import of people
    makes it.

    Args:
        file: for the findings.
        rows: numbers of the rows, shape (n,).
        frame: person_id, name, organisation, phone of each row; None where empty.
        stored: the people of the project.
    """
    book = _Book()
    for one in _cells(stored):
        book.add(_Known(one[0], folded(one[1]), folded(one[2]), _digits(one[3]), None))
    cells = _cells(frame)
    found: list[str | None] = [None] * len(cells)
    findings: list[Finding] = []
    # Those who are certain first: an id, then a phone; a bare name is held against them all.
    order = sorted(range(len(cells)), key=lambda i: (not cells[i][0], not cells[i][3]))
    for i in order:
        pid, name, organisation, phone = cells[i]
        if not name:
            continue  # told as missing
        told = Finding(Kind.PERSON_DIFFERS, Severity.ERROR, file, rows[i], "name", name)
        told_id, finding = _one(book, _Known(pid, folded(name), folded(organisation),
                                             _digits(phone), rows[i]), cells[i], told)  # fmt: skip
        found[i] = told_id
        if finding is not None:
            findings.append(finding)
    findings.sort(key=lambda finding: finding.row or 0)
    return found, findings


def _one(
    book: _Book, new: _Known, cells: tuple[str, str, str, str], told: Finding
) -> tuple[str | None, Finding | None]:
    if new.id:
        known = book.by_id.get(new.id)
        if known is not None and known.name != new.name:
            return None, _of(told, Kind.PERSON_DIFFERS, Severity.ERROR, detail=new.id)
        book.add(new)
        return new.id, None
    alike = book.by_name.get(new.name, [])
    return (_by_phone if new.phone else _by_name)(book, new, alike, cells, told)


def _by_phone(
    book: _Book, new: _Known, alike: list[_Known], cells: tuple[str, ...], told: Finding
) -> tuple[str, Finding | None]:
    same = [one for one in alike if one.phone == new.phone]
    if same:
        return same[0].id, None
    others = _listed(one.id for one in alike if one.phone)
    new.id = made_id(cells[1:])
    book.add(new)
    return new.id, _of(told, Kind.NAMESAKE, Severity.WARNING, detail=others) if others else None


def _by_name(
    book: _Book, new: _Known, alike: list[_Known], cells: tuple[str, ...], told: Finding
) -> tuple[str | None, Finding | None]:
    fitting = [
        one for one in alike
        if not new.organisation or not one.organisation or one.organisation == new.organisation
    ]  # fmt: skip
    if len(fitting) > 1:
        ids = _listed(one.id for one in fitting)
        return None, _of(told, Kind.PERSON_UNSURE, Severity.ERROR, detail=ids)
    if fitting:
        [only] = fitting
        hint = _of(told, Kind.PERSON_BY_NAME, Severity.HINT, detail=only.id)
        return only.id, hint if only.phone else None
    new.id = made_id(cells[1:])
    book.add(new)
    return new.id, None


def made_id(parts: Iterable[str]) -> str:
    """An id that depends on nothing but name, organisation and phone."""
    return "P" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def gathered(frame: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """One row for each person of the posts in `frame`: what rows and project say, rows first.

    Args:
        frame: rows that are loaded, with `COLUMNS`.
        stored: the people of the project; what a sheet leaves empty stays.
    """
    known = stored[stored["person_id"].isin(frame["person_id"])]
    both = pd.concat([frame[list(COLUMNS)].astype(object), known[list(COLUMNS)].astype(object)])
    both = both.where(both.notna(), None)
    order = list(dict.fromkeys(frame["person_id"]))
    first = both.groupby("person_id", sort=False).first().reindex(order)
    return first.reset_index()[list(COLUMNS)].astype(object).where(lambda cell: cell.notna(), None)


def _of(told: Finding, kind: Kind, severity: Severity, *, detail: str) -> Finding:
    return Finding(kind, severity, told.file, told.row, told.field, told.value, detail=detail)


def _listed(ids: Iterable[str]) -> str:
    several = list(ids)
    return ", ".join(several[:_SHOWN]) + (" …" if len(several) > _SHOWN else "")


def _cells(frame: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    columns = [frame[name].tolist() for name in COLUMNS[:4]]
    return [tuple(_text(cell) for cell in row) for row in zip(*columns, strict=True)]  # type: ignore[misc]


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124  NaN


def _digits(phone: str) -> str:
    """The digits of a phone number, without the prefix of the country."""
    digits = "".join(character for character in folded(phone) if character.isdecimal())
    mobile = 11
    return digits[2:] if digits.startswith("86") and len(digits) == mobile + 2 else digits
