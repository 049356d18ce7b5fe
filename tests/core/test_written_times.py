"""Days and times as offices write them, read by one reader for all doors."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.core.written_times import (
    WrittenTime,
    day_before,
    days_of,
    is_yearless,
    of_day_number,
    read,
)

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31", WrittenTime(2024, 1, 31)),
        ("2024/1/31 8:05", WrittenTime(2024, 1, 31, 8, 5)),
        ("2024.1.31", WrittenTime(2024, 1, 31)),
        ("2024年1月31日 8时", WrittenTime(2024, 1, 31, 8)),
        ("2024年1月31日8点5分6.5秒", WrittenTime(2024, 1, 31, 8, 5, 6, ".5")),
        ("2024-01-31T08:00:00Z", WrittenTime(2024, 1, 31, 8, 0, 0, "", "Z")),
        ("2024-01-31 08:00+08:00", WrittenTime(2024, 1, 31, 8, 0, 0, "", "+08:00")),
        ("20240131", WrittenTime(2024, 1, 31)),
        ("2024013108", WrittenTime(2024, 1, 31, 8)),
        ("20240131080506", WrittenTime(2024, 1, 31, 8, 5, 6)),
        ("20240131 08:05", WrittenTime(2024, 1, 31, 8, 5)),
        ("2024/1/1 24:00", WrittenTime(2024, 1, 1, 24)),
        ("12-01 08:00", None),
        ("昨天", None),
        ("45292", None),
        ("2024、1、31", None),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, expected: WrittenTime | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45292", "2024-01-01 00:00:00"),
        ("45292.5", "2024-01-01 12:00:00"),
        ("45292.38541666", "2024-01-01 09:15:00"),
        ("45291.99999999", "2024-01-01 00:00:00"),
        ("12345", None),
        ("452925", None),
    ],
)
def test_day_numbers_of_a_spreadsheet(text: str, expected: str | None) -> None:
    found = of_day_number(text)
    assert (None if found is None else found.text) == expected


def test_a_workbook_may_count_from_1904() -> None:
    found = of_day_number("43831", from_1904=True)
    assert found is not None
    assert found.date == dt.date(2024, 1, 2)


@given(st.dates(dt.date(1983, 1, 1), dt.date(2090, 12, 31)), st.integers(0, 86_399))
def test_a_day_number_comes_back_to_the_second(day: dt.date, seconds: int) -> None:
    number = (day - dt.date(1899, 12, 30)).days + seconds / 86_400
    found = of_day_number(f"{number:.8f}")
    assert found is not None
    assert found.date == day
    assert (found.hour or 0) * 3600 + found.minute * 60 + found.second == seconds


def test_without_a_year_it_is_the_last_such_day() -> None:
    assert is_yearless("12-01 08:00")
    assert not is_yearless("2024-12-01")
    assert day_before("12-31 09:14 来电", DAY) == dt.date(2025, 12, 31)
    assert day_before("11月20日", DAY) == dt.date(2026, 11, 20)
    assert day_before("2026-02-30", DAY) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # Day numbers alone, whole and with a time; an empty cell says nothing against them.
        (["45293", "45293.5", ""], ["2024-01-02", "2024-01-02", None]),
        # Among written days a number is one of theirs, or it is no day.
        (["2024-01-05", "45293", "39000"], ["2024-01-05", "2024-01-02", None]),
        (["地点", "45293"], [None, None]),
        # What says that a day is not known does not speak against the numbers.
        (["45293", "不详", "45294"], ["2024-01-02", None, "2024-01-03"]),
        # Nobody complains three years ahead.
        (["48000"], [None]),
        # Full-width figures, a time behind, a year left out.
        (["２０２４／１／５", "2024年1月5日 8时", "11-20 09:14"],
         ["2024-01-05", "2024-01-05", "2026-11-20"]),
        # The month is the figure that is never more than 12 – if the column shows it.
        (["25/12/2024", "5/1/2024"], ["2024-12-25", "2024-01-05"]),
        (["12/25/2024", "5/1/2024 8:00"], ["2024-12-25", "2024-05-01"]),
        (["5/1/2024"], [None]),
        (["25/12/2024", "12/25/2024"], [None, None]),
        # A clock is no day, nor is a year of two figures.
        (["09:14", "5/1/24", "2024-02-30"], [None, None, None]),
    ],
)  # fmt: skip
def test_a_column_of_days_is_read_as_one(cells: list[str], expected: list[str | None]) -> None:
    found = days_of(cells, DAY).days
    assert [None if day is None else day.isoformat() for day in found] == expected


def test_it_is_told_which_days_were_numbers() -> None:
    assert days_of(["2024-01-05", "45293", "39000", ""], DAY).numbered == (
        False, True, False, False,
    )  # fmt: skip
