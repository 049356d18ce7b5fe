"""Seconds of the time axis and days in the project's zone, whatever the zone of the machine."""

from datetime import date, datetime, time, timedelta

from gridmap.core.moments import ZONE


def local(at: float) -> datetime:
    """Seconds since 1970 (UTC) as an aware time in Asia/Shanghai."""
    return datetime.fromtimestamp(at, ZONE)


def seconds_of(day: date, *, after: bool = False) -> float:
    """The first moment of a day in Asia/Shanghai, or that of the day after, in seconds."""
    return datetime.combine(day + timedelta(days=after), time(), ZONE).timestamp()
