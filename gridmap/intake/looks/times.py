"""Times as offices write them: ISO, slashes, 年月日时, or columns of year, month, day, hour."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from gridmap.core import written_times
from gridmap.intake.files.errors import IntakeError

_MIDNIGHT_HOUR: Final = 24
_BEGINNING: Final = frozenset({1, 2})
_ENDING: Final = frozenset({11, 12})


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name, such as Asia/Shanghai.

    Raises:
        IntakeError: `intake.error.zone`.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise IntakeError("intake.error.zone", zone=name) from error


def parse(texts: Sequence[str | None], zone: ZoneInfo) -> tuple[pd.DatetimeIndex, dict[int, str]]:
    """Texts as aware times in `zone`; NaT where one is not a time.

    A text with an offset of its own keeps its instant; all others are in `zone`.

    Returns:
        The times, shape (n,), and for positions that are NaT what they likely mean
        (24:00 is the next day's 00:00, but a person decides).
    """
    distinct: dict[str, tuple[str | None, str | None]] = {
        text: _normal(text) for text in dict.fromkeys(texts) if text is not None
    }
    normal = [distinct[text][0] if text is not None else None for text in texts]
    own = np.array([n is not None and ("Z" in n or "+" in n or n.count("-") > 2) for n in normal])  # noqa: PLR2004
    series = pd.Series(normal, dtype=object)
    local = pd.to_datetime(series.where(~own), format="ISO8601", errors="coerce")
    aware = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").dt.as_unit("us")
    if own.any():
        stated = pd.to_datetime(series[own], format="ISO8601", errors="coerce", utc=True)
        aware[own] = stated.dt.tz_convert(zone).dt.as_unit("us")
    fixes = {
        i: fix
        for i, text in enumerate(texts)
        if text is not None and (fix := distinct[text][1]) is not None
    }
    return pd.DatetimeIndex(aware), fixes


def is_clock_change(text: str, zone: ZoneInfo) -> bool:
    """Whether a text is a time that its zone left out or had twice, as in summer time."""
    normal, _ = _normal(text)
    if normal is None:
        return False
    moment = pd.to_datetime(normal, format="ISO8601", errors="coerce")
    if pd.isna(moment) or moment.tzinfo is not None:
        return False
    return bool(pd.isna(moment.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")))


def yearless(texts: Sequence[str | None]) -> int:
    """How many of the texts are times without a year, such as 12-01 08:00."""
    return sum(text is not None and written_times.is_yearless(text) for text in texts)


def with_year(texts: Sequence[str | None], year: int) -> tuple[list[str | None], int]:
    """Texts without a year get this one; the others stay.

    A year that is stated once is that of the collecting, hence of the latest moments. Where a
    file runs over New Year (it has both ends of a year and nothing between), the moments before
    New Year are of the year before.

    Returns:
        Texts, shape (n,), and how many of them are of the year before.
    """
    months = [
        int(text[: 2 if text[1:2].isdecimal() else 1])
        if text is not None and written_times.is_yearless(text)
        else None
        for text in texts
    ]
    known = {month for month in months if month is not None}
    turns = bool(known & _ENDING) and bool(known & _BEGINNING) and known <= _ENDING | _BEGINNING
    before = [turns and month in _ENDING for month in months]
    found = [
        text if month is None else f"{year - earlier:04d}-{text}"
        for text, month, earlier in zip(texts, months, before, strict=True)
    ]
    return found, sum(before)


def with_year_of(texts: Sequence[str | None], dates: Sequence[str | None]) -> list[str | None]:
    """Texts without a year get the year that brings them nearest to the date of their row.

    Args:
        texts: shape (n,).
        dates: full dates, shape (n,), such as the day on which the reading was collected.
    """
    days, _ = parse(dates, zone_of("Asia/Shanghai"))
    found: list[str | None] = []
    for text, day in zip(texts, days, strict=True):
        if text is None or pd.isna(day) or not written_times.is_yearless(text):
            found.append(text)
            continue
        tried = [f"{day.year + step:04d}-{text}" for step in (0, -1, 1)]
        moments, _ = parse(tried, zone_of("Asia/Shanghai"))
        gaps = [pd.Timedelta.max if pd.isna(m) else abs(m - day) for m in moments]
        found.append(tried[gaps.index(min(gaps))])
    return found


def from_day_numbers(
    texts: Sequence[str | None], *, from_1904: bool = False
) -> tuple[list[str | None], int]:
    """A column of day numbers of a spreadsheet as times; any other column as it is.

    Args:
        texts: shape (n,); evidence is that all of them are such numbers.
        from_1904: whether the workbook counts from 1904 instead of 1900.

    Returns:
        Texts, shape (n,), and how many of them were day numbers.
    """
    found = {
        text: written_times.of_day_number(text, from_1904=from_1904)
        for text in dict.fromkeys(texts)
        if text is not None
    }
    if not found or None in found.values():
        return list(texts), 0
    shown = {text: None if moment is None else moment.text for text, moment in found.items()}
    read = [None if text is None else shown[text] for text in texts]
    return read, sum(text is not None for text in texts)


def _normal(text: str) -> tuple[str | None, str | None]:
    """A text in ISO 8601, and what it likely means where it is not a time."""
    found = written_times.read(text)
    if found is None or found.date is None:
        moment = written_times.of_day_number(text)
        return None, written_times.of_seconds(text) if moment is None else moment.text
    date = f"{found.year:04d}-{found.month:02d}-{found.day:02d}"
    if found.hour == _MIDNIGHT_HOUR:
        day = found.date if (found.minute, found.second) == (0, 0) else None
        return None, None if day is None else f"{day + dt.timedelta(days=1)} 00:00"
    clock = f"{found.hour or 0:02d}:{found.minute:02d}:{found.second:02d}{found.fraction}"
    return f"{date}T{clock}{found.offset}", None
