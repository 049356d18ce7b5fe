"""The periods that can be assessed: which there are, and their names."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from gridmap.capabilities.attainment.rules import Months
from gridmap.texts import t

KINDS: Final = ("month", "quarter", "half", "so_far", "year")
_LENGTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR: Final = 12


def periods(kind: str, first: date, last: date) -> list[Months]:
    """All periods of a kind that touch the months from `first` to `last`, the latest first.

    Args:
        kind: one of `KINDS`; "so_far" is January up to each month.
        first: first day of the first month.
        last: first day of the last month.
    """
    if kind == "so_far":
        return [Months(date(one.year, 1, 1), one.month) for one in _months(first, last)]
    length = _LENGTHS[kind]
    starts = {
        date(one.year, (one.month - 1) // length * length + 1, 1) for one in _months(first, last)
    }
    return [Months(start, length) for start in sorted(starts, reverse=True)]


def name_of(kind: str, period: Months) -> str:
    """A period in words."""
    first = period.first
    if kind == "quarter":
        return t("attainment.name.quarter", year=first.year, number=(first.month + 2) // 3)
    if kind == "half":
        key = "attainment.name.half_1" if first.month == 1 else "attainment.name.half_2"
        return t(key, year=first.year)
    if kind == "so_far":
        return t("attainment.name.so_far", year=first.year, month=period.count)
    if kind == "year":
        return t("attainment.name.year", year=first.year)
    return t("attainment.name.month", year=first.year, month=first.month)


def _months(first: date, last: date) -> Iterator[date]:
    number = last.year * _YEAR + last.month - 1
    while number >= first.year * _YEAR + first.month - 1:
        yield date(number // _YEAR, number % _YEAR + 1, 1)
        number -= 1
