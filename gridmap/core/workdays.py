"""Working days of the People's Republic of China: one clock for boards, duties and cases.

Monday to Friday, but for the public holidays, and the days at weekends that are worked to make up
for them. The State Council (国务院办公厅) announces both for each year towards the end of the year
before; `chinesecalendar` carries the announcements since 2004. What an office sets itself wins.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

_ONE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Announced:
    """Public holidays on weekdays or weekends, days worked to make up, the years announced."""

    holidays: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]


@cache
def announced() -> Announced:
    """What has been announced, as far as the program knows."""
    from chinese_calendar import constants  # noqa: PLC0415  only where days are counted

    holidays, worked = frozenset(constants.holidays), frozenset(constants.workdays)
    return Announced(holidays, worked, frozenset(day.year for day in holidays))


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: as announced, but for what an office sets itself.

    Attributes:
        holidays: days off of this office, whatever was announced.
        extra: days worked by this office, whatever was announced.
    """

    holidays: Collection[date] = ()
    extra: Collection[date] = ()

    def is_work_day(self, day: date) -> bool:
        """Whether a day is worked; in a year not yet announced by its day of the week."""
        if day in self.holidays:
            return False
        if day in self.extra:
            return True
        known = announced()
        return day in known.worked or (day.weekday() < 5 and day not in known.holidays)  # noqa: PLR2004

    def work_days(self, since: date, until: date) -> int:
        """Working days after `since`, up to and with `until`; the day of the change is not one."""
        if until <= since:
            return 0
        known = announced()
        closed = (known.holidays | frozenset(self.holidays)) - frozenset(self.extra)
        worked = (known.worked | frozenset(self.extra)) - frozenset(self.holidays)
        off = _days(closed)
        usual = int(np.busday_count(since + _ONE, until + _ONE, holidays=off))
        more = _days({day for day in worked if since < day <= until})
        return usual + int((~np.is_busday(more, holidays=off)).sum())

    def deadline(self, since: date, work_days: int) -> date:
        """The last of so many working days after `since`.

        Raises:
            ValueError: for fewer than one.
        """
        if work_days < 1:
            raise ValueError(work_days)
        day, left = since, work_days
        while left:
            day += _ONE
            left -= self.is_work_day(day)
        return day

    def unannounced(self, since: date, until: date) -> tuple[int, ...]:
        """Years between two days whose holidays are not announced: there counts are a guess."""
        known = announced().years
        return tuple(y for y in range(since.year, until.year + 1) if y not in known)


def _days(days: Collection[date]) -> npt.NDArray[np.datetime64]:
    return np.array(sorted(days), dtype="datetime64[D]")
