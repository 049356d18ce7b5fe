"""Codes of the trade: divisions, grid units, credit codes, permits, outlets.

Codes are text. A check answers `None` for a good code, else a short problem name;
what to say about it is the business of the rooms above. Sources stand beside each
rule; tables of other rules stand in `resources/standards/`.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final


class CodeProblem(StrEnum):
    """What is wrong with a code."""

    EMPTY = "empty"
    EXCEL_NUMBER = "excel_number"
    LENGTH = "length"
    ALPHABET = "alphabet"
    CHECK_CHARACTER = "check_character"
    FORM = "form"
    UNUSUAL_LETTER = "unusual_letter"


# GB 32100-2015: 31 characters, without I O S V Z.
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_LENGTH: Final = 18

_EXCEL_NUMBER = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_UNIT_CODE = re.compile(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15}|\d{20})$")
_PERMIT_TAIL = re.compile(r"^\d{3}[A-Z]$")
_OUTLET = re.compile(r"^D[AW]\d{3}$")

_TIER_OF_LENGTH: Final = {
    2: "province",
    4: "city",
    6: "county",
    9: "township",
    12: "village",
    15: "cell",
    20: "cell",
}


def credit_check_character(first_17: str) -> str:
    """The check character of a unified social credit code (GB 32100-2015).

    Args:
        first_17: the first 17 characters, upper case.

    Raises:
        ValueError: if a character is outside the alphabet or the length is not 17.
    """
    values = [_CREDIT_ALPHABET.index(character) for character in first_17]
    total = sum(v * w for v, w in zip(values, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def check_credit_code(code: str) -> CodeProblem | None:
    """Check a unified social credit code: 18 characters, alphabet, check character mod 31.

    The first character may be a letter (N = rural collectives and others).
    """
    if problem := _not_text(code):
        return problem
    if len(code) != _CREDIT_LENGTH:
        return CodeProblem.LENGTH
    if any(character not in _CREDIT_ALPHABET for character in code):
        return CodeProblem.ALPHABET
    if credit_check_character(code[:17]) != code[17]:
        return CodeProblem.CHECK_CHARACTER
    return None


def check_permit_code(code: str) -> CodeProblem | None:
    """Check a discharge permit number: credit code + 3 digits + a letter (HJ 608-2017, app. A).

    Letters other than P occur (registrations, orders to rectify): `UNUSUAL_LETTER` is a
    hint, not a reason to refuse.
    """
    if problem := _not_text(code):
        return problem
    if problem := check_credit_code(code[:_CREDIT_LENGTH]):
        return problem
    tail = code[_CREDIT_LENGTH:]
    if not _PERMIT_TAIL.match(tail):
        return CodeProblem.LENGTH if len(code) != _CREDIT_LENGTH + 4 else CodeProblem.FORM
    return None if tail[-1] == "P" else CodeProblem.UNUSUAL_LETTER


def check_unit_code(code: str) -> CodeProblem | None:
    """Check a grid unit's code: digits of a division (GB/T 2260, 10114) or a cell.

    Lengths 2, 4, 6, 9, 12 are divisions; 15 (county 6 + township 3 + village 3 +
    serial 3) and 20 (CJ/T 349-2010) are cells.
    """
    if problem := _not_text(code):
        return problem
    if not code.isascii() or not code.isdigit():
        return CodeProblem.ALPHABET
    return None if _UNIT_CODE.match(code) else CodeProblem.LENGTH


def check_outlet_code(code: str) -> CodeProblem | None:
    """Check the last part of an outlet code: DA001 (gas) or DW001 (water), HJ 608-2017."""
    if problem := _not_text(code):
        return problem
    return None if _OUTLET.match(code[-5:]) else CodeProblem.FORM


def tier_of_code(code: str) -> str | None:
    """The administrative tier that a division or cell code belongs to, by its length.

    A 12-digit code that ends in 000 is a township, in 000000 a county, written long.
    """
    return _TIER_OF_LENGTH.get(len(shorten(code)))


def shorten(code: str) -> str:
    """A 12-digit division code without the zeros that only fill it up (NBS long form)."""
    if len(code) == 12:  # noqa: PLR2004  NBS codes are written with 12 digits
        for end in (2, 4, 6, 9):
            if code[end:] == "0" * (12 - end):
                return code[:end]
    return code


def parent_of(code: str) -> str | None:
    """The code of the next higher division, or None at the top or for an unknown form."""
    short = shorten(code)
    lengths = (2, 4, 6, 9, 12, 15)
    if len(short) not in lengths or short == code[:2]:
        return None
    return short[: lengths[lengths.index(len(short)) - 1]]


def _not_text(code: str) -> CodeProblem | None:
    if not code or not code.strip():
        return CodeProblem.EMPTY
    return CodeProblem.EXCEL_NUMBER if _EXCEL_NUMBER.match(code) else None


_CHECKS: Final[dict[str, Callable[[str], CodeProblem | None]]] = {
    "credit_code": check_credit_code,
    "permit_code": check_permit_code,
    "unit_code": check_unit_code,
    "outlet_code": check_outlet_code,
}
CHECK_NAMES: Final = frozenset(_CHECKS)


def check(name: str, code: str) -> CodeProblem | None:
    """Apply the check that a layer declaration names (`check = "credit_code"`).

    Raises:
        KeyError: for a check that does not exist; `CHECK_NAMES` lists them.
    """
    return _CHECKS[name](code)
