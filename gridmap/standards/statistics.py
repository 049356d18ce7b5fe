"""Means over periods and whether they may be used; rates, changes and ranks.

A mean needs a number of values, which a table states (`Validity`). Times are wall-clock times of
Asia/Shanghai, `datetime64` without zone; a missing value is NaN or absent.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gridmap.core.moments import ZONE_NAME
from gridmap.standards.tables import Period, Validity

Numbers = NDArray[np.float64]


_MONTHS: Final = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_SECONDS: Final = {
    Period.MINUTE: 60,
    Period.HOUR: 3600,
    Period.FOUR_HOURS: 4 * 3600,
    Period.DAY: 24 * 3600,
}
_FEBRUARY: Final = 2


@dataclass(frozen=True)
class Means:
    """Means of successive periods; all arrays have shape (n,), one place a period.

    Attributes:
        start: first moment of the period, `datetime64[s]`, rising; periods without any time
            are absent.
        value: the mean of what is there, NaN without values.
        count: values that are there.
        expected: values there could be in the calendar period.
        valid: whether the rule allows the mean to be used.
    """

    start: NDArray[np.datetime64]
    value: Numbers
    count: NDArray[np.int64]
    expected: NDArray[np.int64]
    valid: NDArray[np.bool_]

    def usable(self) -> Numbers:
        """The means that may be used, NaN elsewhere: what the next longer period is made of."""
        return np.where(self.valid, self.value, np.nan)

    def frame(self) -> pd.DataFrame:
        """The same as a table indexed by aware time."""
        index = pd.DatetimeIndex(self.start).tz_localize(ZONE_NAME)
        return pd.DataFrame(
            {
                "value": self.value,
                "count": self.count,
                "expected": self.expected,
                "valid": self.valid,
            },
            index=index,
        )


# --- one mean -----------------------------------------------------------------------------


def mean_of(values: Iterable[float], *, hydrogen: bool = False) -> float:
    """The mean of the values that are not NaN; NaN if there is none.

    Args:
        values: any unit.
        hydrogen: the values are pH, averaged as hydrogen ions: -log10(mean(10^-pH)).
    """
    there = [value for value in values if not math.isnan(value)]
    if not there:
        return math.nan
    if hydrogen:
        return -math.log10(math.fsum(10.0**-value for value in there) / len(there))
    return math.fsum(there) / len(there)


# --- many means ---------------------------------------------------------------------------


def period_starts(times: NDArray[np.datetime64], period: Period) -> NDArray[np.datetime64]:
    """The first moment of the period each time lies in, `datetime64[s]`, shape (n,)."""
    if period in _MONTHS:
        months = times.astype("datetime64[M]").astype(np.int64)
        width = _MONTHS[period]
        return (months // width * width).astype("datetime64[M]").astype("datetime64[s]")
    seconds = times.astype("datetime64[s]").astype(np.int64)
    width = _SECONDS[period]
    return (seconds // width * width).astype("datetime64[s]")


def expected_counts(
    starts: NDArray[np.datetime64], period: Period, counted: Period
) -> NDArray[np.int64]:
    """How many `counted` values fit into each calendar period, shape (n,)."""
    if period in _MONTHS:
        months = starts.astype("datetime64[M]")
        if counted in _MONTHS:
            return np.full(len(starts), _MONTHS[period] // _MONTHS[counted], dtype=np.int64)
        ends = (months + _MONTHS[period]).astype("datetime64[s]")
        seconds = (ends - months.astype("datetime64[s]")).astype(np.int64)
        counts: NDArray[np.int64] = seconds // _SECONDS[counted]
        return counts
    return np.full(len(starts), _SECONDS[period] // _SECONDS[counted], dtype=np.int64)


def averaged(
    times: NDArray[np.datetime64],
    values: ArrayLike,
    rule: Validity,
    *,
    hydrogen: bool = False,
    labelled_at_end: bool = False,
) -> Means:
    """Means of each period, with their validity.

    Args:
        times: wall-clock times, shape (n,), in any order, one for each `rule.counted`.
        values: shape (n,), NaN where missing.
        rule: what is counted, over which period, and how many are needed. `every_month` is
            not looked at here: see `every_month_valid`.
        hydrogen: the values are pH.
        labelled_at_end: the time of a value is the end of what it stands for, as with the
            hours of air, so that 00:00 belongs to the day before.
    """
    moments = times.astype("datetime64[s]")
    if labelled_at_end:
        moments = moments - np.timedelta64(1, "s")
    numbers = np.asarray(values, dtype=np.float64)
    start, place = np.unique(period_starts(moments, rule.period), return_inverse=True)
    there = ~np.isnan(numbers)
    weighed = np.where(there, numbers, 0.0)
    if hydrogen:
        weighed = np.where(there, 10.0**-weighed, 0.0)
    count = np.bincount(place, weights=there, minlength=len(start)).astype(np.int64)
    total = np.bincount(place, weights=weighed, minlength=len(start))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / count
        mean = -np.log10(mean) if hydrogen else mean
    expected = expected_counts(start, rule.period, rule.counted)
    value = np.where(count > 0, mean, np.nan)
    return Means(start, value, count, expected, enough(rule, start, count, expected))


def enough(
    rule: Validity,
    starts: NDArray[np.datetime64],
    count: NDArray[np.int64],
    expected: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Which means have as many values as the rule asks for, shape (n,)."""
    result: NDArray[np.bool_] = (count >= needed_counts(rule, starts, expected)) & (count > 0)
    return result


def needed_counts(
    rule: Validity, starts: NDArray[np.datetime64], expected: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many values the rule asks for in each period, shape (n,)."""
    needed = np.full(len(starts), rule.at_least)
    if rule.at_least_february is not None and rule.period is Period.MONTH:
        months = starts.astype("datetime64[M]").astype(np.int64) % 12 + 1
        needed[months == _FEBRUARY] = rule.at_least_february
    # 0.6 × 5 is 3, not 3.0000000000000004
    share = np.ceil(rule.at_least_share * expected - 1e-9).astype(np.int64)
    found: NDArray[np.int64] = np.maximum(needed, share).astype(np.int64)
    return found


def every_month_valid(longer: Means, months: Means, period: Period) -> Means:
    """Longer means that are valid only if each of their calendar months is.

    Args:
        longer: means of quarters or years.
        months: the validity of the months, from the same values.
        period: the longer period.
    """
    whole = _MONTHS[period]
    of_month = period_starts(months.start, period)
    good = np.array(
        [int(months.valid[of_month == start].sum()) == whole for start in longer.start], dtype=bool
    )
    return Means(longer.start, longer.value, longer.count, longer.expected, longer.valid & good)


def percentile_of(values: ArrayLike, percent: float) -> float:
    """The percentile as HJ 663-2013 appendix A writes it; NaN without values.

    k = 1 + (n - 1) p, s = floor(k), m = X(s) + (X(s+1) - X(s)) (k - s) on rising values: linear
    interpolation, which NumPy calls "linear".
    """
    numbers = np.asarray(values, dtype=np.float64)
    there = numbers[~np.isnan(numbers)]
    return float(np.percentile(there, percent, method="linear")) if len(there) else math.nan


# --- rates, changes, ranks ----------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """`attained` of `assessed`, with those that could not be assessed beside them."""

    attained: int
    assessed: int
    without: int

    @property
    def percent(self) -> float:
        """The rate in percent, NaN if nothing was assessed."""
        return 100.0 * self.attained / self.assessed if self.assessed else math.nan


def relative_change(now: float, before: float) -> float:
    """The change against an earlier value in percent; NaN against zero or nothing."""
    return (now - before) / before * 100.0 if before else math.nan


def ranks(values: Sequence[float] | Numbers, *, largest_first: bool = False) -> NDArray[np.int64]:
    """Places from 1, equal values sharing the better one; 0 for NaN, which has no place.

    CWQI, its change and the composite index are best when small.
    """
    numbers = np.asarray(values, dtype=np.float64) * (-1.0 if largest_first else 1.0)
    known = np.sort(numbers[~np.isnan(numbers)])
    places = np.searchsorted(known, numbers, side="left") + 1
    return np.where(np.isnan(numbers), 0, places).astype(np.int64)
