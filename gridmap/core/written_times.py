"""Days and times as offices write them: ISO, slashes, 年月日时, figures alone, day numbers.

Layers, rosters, readings and batch sheets read their dates here. Times are those of whatever
zone the reader of the file states; nothing here knows a zone.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_DATE: Final = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
_CLOCK: Final = (
    r"(?:[T ]*(?P<hour>\d{1,2})"
    r"(?:[:：时点](?P<minute>\d{1,2})?(?:[:：分](?P<second>\d{1,2})(?P<fraction>\.\d{1,6})?秒?)?分?)?)?"
)
_WHOLE: Final = re.compile(rf"^{_DATE}{_CLOCK} *(?P<offset>Z|[+-]\d{{2}}:?\d{{2}})?$")
_COMPACT: Final = re.compile(
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:(?P<hour>\d{2})?(?P<minute>\d{2})?(?P<second>\d{2})?"
    r"|[T ](?P<hour2>\d{2}):(?P<minute2>\d{2})(?::(?P<second2>\d{2}))?)$"
)
_YEARLESS: Final = re.compile(r"^\d{1,2}[-/.月]\d{1,2}[日号]?(?:[T ]*\d{1,2}(?:[:：时点].*)?)?$")
# A day at the beginning of whatever a person wrote, the year perhaps left out.
# What goes on with figures is a date with its year at the end, and 09:14 is no day at all.
_BEGINS: Final = re.compile(
    r"^(?:(\d{4})\s?[-/.、年]\s?)?(\d{1,2})\s?[-/.、月]\s?(\d{1,2})(?:日|号)?(?![-/.年\d])(?:\D|$)"
)
_YEAR_LAST: Final = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:\D|$)")
_BEGINS_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\D|$|\d{4,6}$)")
# Day numbers of spreadsheets that are days from 1982 to 2091.
_DAY_NUMBER: Final = re.compile(r"^[3-6]\d{4}(?:\.\d+)?$")
# Seconds since 1970 of moments from 2001 to 2100, or thousandths of them.
_SECONDS: Final = re.compile(r"^[1-3]\d{9}(?:\d{3})?$")
_EPOCH: Final = dt.date(1899, 12, 30)
_MACINTOSH_EPOCH: Final = dt.date(1904, 1, 1)
_DAY_S, _MINUTE_S = 86_400, 60
_YEAR: Final = dt.timedelta(days=366)
_MONTHS: Final = 12


@dataclass(frozen=True)
class WrittenTime:
    """The figures of a time as they are written; `hour` may be 24, None where only a day is.

    `fraction` of the second with its point, `offset` from UTC (Z, +08:00), "" without.
    """

    year: int
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int = 0
    fraction: str = ""
    offset: str = ""

    @property
    def date(self) -> dt.date | None:
        """The day; None where there is no such day."""
        try:
            return dt.date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The day and the clock to the second, as 2024-01-01 12:00:00."""
        day = f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        return f"{day} {self.hour or 0:02d}:{self.minute:02d}:{self.second:02d}"

    @property
    def day_only(self) -> bool:
        """Whether nothing but a day is said, or its very beginning."""
        clock = (self.hour or 0, self.minute, self.second, float(f"0{self.fraction or '.0'}"))
        return not any(clock) and not self.offset


def read(text: str) -> WrittenTime | None:
    """A text that is a day or a time with its year, and nothing else."""
    found = _WHOLE.match(text)
    if found:
        parts = found.groupdict()
    elif found := _COMPACT.match(text):
        parts = found.groupdict()
        parts |= {name: parts[name] or parts[f"{name}2"] for name in ("hour", "minute", "second")}
    else:
        return None
    return WrittenTime(
        int(parts["year"]), int(parts["month"]), int(parts["day"]),
        None if parts["hour"] is None else int(parts["hour"]),
        int(parts["minute"] or 0), int(parts["second"] or 0),
        parts.get("fraction") or "", parts.get("offset") or "",
    )  # fmt: skip


def is_yearless(text: str) -> bool:
    """Whether a text is a time without a year, such as 12-01 08:00."""
    return _YEARLESS.match(text) is not None


def day_before(text: str, on: dt.date) -> dt.date | None:
    """The day with which a text begins; without a year, the last such day up to `on`."""
    found = _BEGINS_COMPACT.match(text) or _BEGINS.match(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    for one in (year,) if year is not None else (on.year, on.year - 1):
        written = WrittenTime(one, month or 0, day or 0).date
        if written is not None and (year is not None or written <= on):
            return written
    return None


@dataclass(frozen=True)
class ColumnOfDays:
    """The days of a column of cells, in its order.

    `days` is None where a cell is empty or is no day; `numbered` says where a day number of a
    spreadsheet was taken for a day.
    """

    days: tuple[dt.date | None, ...]
    numbered: tuple[bool, ...]


def days_of(texts: Sequence[str], on: dt.date) -> ColumnOfDays:
    """The days of a column: what one cell leaves open, the others may tell.

    A number is a day number where most cells that are not empty are such numbers and none
    spells out a day, or where it lies within a year of the days that other cells spell out;
    never more than a year after `on`. Which
    of day and month comes first in 5/12/2024 is known if some cell of the column can be read in
    one way only and none contradicts it.

    Args:
        texts: the cells, "" where empty.
        on: a day without a year is the last such day up to this one.
    """
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    turned = _year_last(plain)
    spelt = [turned.get(text) or day_before(text, on) if text else None for text in plain]
    numbers = [of_day_number(text) for text in plain]
    known = [day for day in spelt if day is not None]
    written = sum(bool(text) for text in plain)
    alone = not known and 2 * sum(number is not None for number in numbers) > written
    first, last = (min(known), max(known)) if known else (on, on)
    days: list[dt.date | None] = []
    numbered: list[bool] = []
    for day, number in zip(spelt, numbers, strict=True):
        meant = None if number is None or day is not None else number.date
        likely = (
            meant is not None
            and meant <= on + _YEAR
            and (alone or (bool(known) and first - _YEAR <= meant <= last + _YEAR))
        )
        days.append(meant if likely else day)
        numbered.append(likely)
    return ColumnOfDays(tuple(days), tuple(numbered))


def _year_last(texts: Sequence[str]) -> dict[str, dt.date | None]:
    """Texts such as 25/12/2024 → the day, where the column tells which figure is the month."""
    found = {text: _YEAR_LAST.match(text) for text in texts}
    parts = {
        text: (int(one[1]), int(one[3]), int(one[4])) for text, one in found.items() if one
    }  # fmt: skip
    day_first = any(one > _MONTHS for one, _, _ in parts.values())
    month_first = any(two > _MONTHS for _, two, _ in parts.values())
    if day_first == month_first:
        return {}
    return {
        text: WrittenTime(year, two if day_first else one, one if day_first else two).date
        for text, (one, two, year) in parts.items()
    }


def of_seconds(text: str) -> str | None:
    """A count of seconds or milliseconds since 1970 as a time of UTC; None for other texts."""
    if not _SECONDS.match(text):
        return None
    seconds = int(text[:10])
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def of_day_number(text: str, *, from_1904: bool = False) -> WrittenTime | None:
    """What the day number of a spreadsheet means, to the second: 45292.5 → 2024-01-01 12:00.

    A number alone is no evidence: whoever asks looks at the whole column, or at a person.

    Args:
        text: a cell.
        from_1904: whether the workbook counts from 1904 instead of 1900.
    """
    if not _DAY_NUMBER.match(text):
        return None
    days, seconds = divmod(round(float(text) * _DAY_S), _DAY_S)
    day = (_MACINTOSH_EPOCH if from_1904 else _EPOCH) + dt.timedelta(days=days)
    minutes, second = divmod(seconds, _MINUTE_S)
    return WrittenTime(day.year, day.month, day.day, *divmod(minutes, _MINUTE_S), second)
