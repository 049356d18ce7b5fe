"""A time axis in the project's zone, whatever the zone of the machine."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import pyqtgraph as pg

from gridmap.capabilities.readings.page.time import local
from gridmap.core.moments import ZONE

_LABEL_PX: Final = 92.0
_HOURS: Final = (1, 2, 3, 6, 12)
_DAYS: Final = (1, 2, 3, 5, 7, 14)
_MONTHS: Final = (1, 2, 3, 6)
_YEARS: Final = (1, 2, 5, 10, 20)
_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S
_MONTH_S: Final = 30.44 * _DAY_S
_YEAR_S: Final = 365.25 * _DAY_S

_HOUR_STYLE, _DAY_STYLE, _MONTH_STYLE, _YEAR_STYLE = "%m-%d %H:%M", "%m-%d", "%Y-%m", "%Y"


def time_ticks(start: float, end: float, most: int) -> tuple[str, list[float]]:
    """Round times between two moments.

    Args:
        start: seconds since 1970 (UTC).
        end: likewise.
        most: about how many ticks have room.

    Returns:
        How to write them (`strftime`), and the times in seconds, rising.
    """
    wanted = (end - start) / max(most, 1)
    first, last = local(start), local(end)
    for hours in _HOURS:
        if hours * _HOUR_S >= wanted:
            return _HOUR_STYLE, _within(_hourly(first, last, hours), start, end)
    for days in _DAYS:
        if days * _DAY_S >= wanted:
            return _DAY_STYLE, _within(_daily(first, last, days), start, end)
    for months in _MONTHS:
        if months * _MONTH_S >= wanted:
            return _MONTH_STYLE, _within(_monthly(first, last, months), start, end)
    years = next((n for n in _YEARS if n * _YEAR_S >= wanted), _YEARS[-1])
    return _YEAR_STYLE, _within(_monthly(first, last, 12 * years), start, end)


def _within(moments: Iterator[datetime], start: float, end: float) -> list[float]:
    return [at for at in (moment.timestamp() for moment in moments) if start <= at <= end]


def _hourly(first: datetime, last: datetime, hours: int) -> Iterator[datetime]:
    for day in _daily(first, last, 1):
        for hour in range(0, 24, hours):
            yield day.replace(hour=hour)


def _daily(first: datetime, last: datetime, days: int) -> Iterator[datetime]:
    day = first.date()
    day -= timedelta(days=day.toordinal() % days)
    while day <= last.date():
        yield datetime.combine(day, time(), ZONE)
        day += timedelta(days=days)


def _monthly(first: datetime, last: datetime, months: int) -> Iterator[datetime]:
    number = first.year * 12 + first.month - 1
    number -= number % months
    while number <= last.year * 12 + last.month - 1:
        yield datetime.combine(date(number // 12, number % 12 + 1, 1), time(), ZONE)
        number += months


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """The axis below; its values are seconds since 1970 (UTC)."""

    def __init__(self) -> None:
        super().__init__(orientation="bottom")
        self.enableAutoSIPrefix(False)
        self._style = _DAY_STYLE

    def tickValues(  # noqa: N802  pyqtgraph asks by this name
        self, low: float, high: float, size: float
    ) -> list[tuple[float, list[float]]]:
        """Where ticks stand: one level."""
        self._style, values = time_ticks(low, high, int(size / _LABEL_PX))
        return [(1.0, values)]

    def tickStrings(  # noqa: N802  pyqtgraph asks by this name
        self, values: list[float], _scale: float, _spacing: float
    ) -> list[str]:
        """How they are written."""
        return [local(value).strftime(self._style) for value in values]
