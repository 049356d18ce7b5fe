"""Times as offices write them: ISO, slashes, 年月日时, or columns of year, month, day, hour."""

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from gridmap.intake.errors import IntakeError

_WRITTEN = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]*(\d{1,2})(?:[:：时点](\d{1,2})?(?:[:：分](\d{1,2})(\.\d{1,6})?秒?)?分?)?)?"
    r" *(Z|[+-]\d{2}:?\d{2})?$"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?$")
_MIDNIGHT_HOUR: Final = 24
_YEARLESS = re.compile(r"^\d{1,2}[-/.月]\d{1,2}日?(?:[T ]*\d{1,2}(?:[:：时点].*)?)?$")


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


def yearless(texts: Sequence[str | None]) -> int:
    """How many of the texts are times without a year, such as 12-01 08:00."""
    return sum(text is not None and _YEARLESS.match(text) is not None for text in texts)


def with_year(texts: Sequence[str | None], year: int) -> list[str | None]:
    """Texts without a year get this one; the others stay."""
    return [
        f"{year:04d}-{text}" if text is not None and _YEARLESS.match(text) else text
        for text in texts
    ]


def with_year_of(texts: Sequence[str | None], dates: Sequence[str | None]) -> list[str | None]:
    """Texts without a year get the year that brings them nearest to the date of their row.

    Args:
        texts: shape (n,).
        dates: full dates, shape (n,), such as the day on which the reading was collected.
    """
    days, _ = parse(dates, zone_of("Asia/Shanghai"))
    found: list[str | None] = []
    for text, day in zip(texts, days, strict=True):
        if text is None or pd.isna(day) or not _YEARLESS.match(text):
            found.append(text)
            continue
        tried = [f"{day.year + step:04d}-{text}" for step in (0, -1, 1)]
        moments, _ = parse(tried, zone_of("Asia/Shanghai"))
        gaps = [pd.Timedelta.max if pd.isna(m) else abs(m - day) for m in moments]
        found.append(tried[gaps.index(min(gaps))])
    return found


def _normal(text: str) -> tuple[str | None, str | None]:
    """A text in ISO 8601, and what it likely means where it is not a time."""
    found = _WRITTEN.match(text)
    if found:
        year, month, day, hour, minute, second, fraction, offset = found.groups()
    elif found := _COMPACT.match(text):
        (year, month, day, hour, minute, second), fraction, offset = found.groups(), None, None
    else:
        return None, None
    date = f"{year}-{int(month):02d}-{int(day):02d}"
    clock = f"{int(hour or 0):02d}:{int(minute or 0):02d}:{int(second or 0):02d}{fraction or ''}"
    if int(hour or 0) == _MIDNIGHT_HOUR:
        next_day = pd.to_datetime(date, errors="coerce") + pd.Timedelta(days=1)
        return None, None if next_day is pd.NaT else f"{next_day:%Y-%m-%d} 00:00"
    return f"{date}T{clock}{offset or ''}", None
