"""Arithmetic of one series of readings: its step, its gaps, its figures, what to draw.

Times are seconds since 1970-01-01 UTC (float64, rising, unique); a value that is NaN was
published as missing and counts as much as a reading that never came.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
Steps = float | Numbers | None

GAP_STEPS: Final = 1.5
"""Two readings further apart than this many steps have a gap between them."""

_EQUAL: Final = 0.1  # two distances that differ by a tenth at most are one rhythm
_RHYTHM: Final = 3
_RARE: Final = 6
_MOST_PER_COLUMN: Final = 4
_OFFSET_S: Final = 8 * 3600  # Asia/Shanghai has had no summer time since 1991


@dataclass(frozen=True)
class Gap:
    """A stretch without readings, between two that are there.

    Attributes:
        start: time of the last reading before, in seconds since 1970 (UTC).
        end: time of the first reading after.
        missing_s: how long readings were missing, in seconds: one step less than the
            distance between the two.
        step_s: the rhythm at that time, in seconds.
    """

    start: float
    end: float
    missing_s: float
    step_s: float = 0.0


@dataclass(frozen=True)
class Figures:
    """Simple figures of a series.

    `count` readings have a value that counts; `missing` were published without one or are absent
    from the rhythm between the first and the last; `left_out` have one that does not count.
    `minimum`, `mean` and `maximum` are in the unit of the values, None without readings.
    """

    count: int
    missing: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    left_out: int = 0


def expected_step(times: Numbers) -> float | None:
    """The median distance of successive times, shape (n,), in seconds; None below two."""
    return float(np.median(np.diff(times))) if len(times) > 1 else None


def rhythms(times: Numbers) -> Numbers:
    """The rhythm between each two successive times, shape (n - 1,), in the unit of the times.

    A series may be daily for years and four-hourly later. Successive distances that are equal but
    for a tenth make a rhythm, `_RHYTHM` of them, or `_RARE` where it is slower than the median of
    all: rare readings while an instrument fails make none. In between the rhythm on both sides
    holds, the slower of two; without any, the median distance.
    """
    distances = np.diff(times)
    if not len(distances):
        return distances
    median = float(np.median(distances))
    same = np.abs(np.diff(distances)) <= _EQUAL * distances[:-1]
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    sizes = np.diff(np.append(starts, len(distances)))
    beats = distances[starts]
    slower = beats > median * (1.0 + _EQUAL)
    own = np.repeat(np.where(sizes >= np.where(slower, _RARE, _RHYTHM), beats, np.nan), sizes)
    known = np.flatnonzero(~np.isnan(own))
    if not len(known):
        return np.full(len(distances), median)
    place = np.arange(len(distances))
    after = np.searchsorted(known, place)
    following = own[known[np.minimum(after, len(known) - 1)]]
    previous = own[known[np.maximum(after - 1, 0)]]
    found: Numbers = np.where(np.isnan(own), np.maximum(previous, following), own)
    return found


def rhythm_at(times: Numbers, at: float) -> float | None:
    """The rhythm of a series at one of its times: the quicker of both sides; None below two."""
    steps = rhythms(times)
    if not len(steps):
        return None
    place = int(np.searchsorted(times, at))
    beside = steps[max(place - 1, 0) : place + 1]
    return float(beside.min() if len(beside) else steps[-1])


def _between(times: Numbers, there: Marks, step: Steps) -> Numbers:
    """The rhythm between successive readings that are there, the slowest on the way."""
    steps = rhythms(times) if step is None else step
    if isinstance(steps, float | int):
        return np.full(max(int(there.sum()) - 1, 0), float(steps))
    places = np.flatnonzero(there)
    if len(places) < 2:  # noqa: PLR2004  one reading has no distance
        return np.zeros(0)
    found: Numbers = np.maximum.reduceat(steps[: places[-1]], places[:-1])
    return found


def gaps(times: Numbers, values: Numbers, step_s: Steps = None) -> tuple[Gap, ...]:
    """The gaps of a series, in order of time.

    Args:
        times: seconds, shape (n,), rising.
        values: shape (n,), NaN where missing.
        step_s: the rhythm of the series in seconds: one, or (n - 1,) between its times; that of
            `rhythms` if None.
    """
    there = ~np.isnan(values)
    steps, at = _between(times, there, step_s), times[there]
    wide = np.flatnonzero(np.diff(at) > GAP_STEPS * steps)
    return tuple(
        Gap(
            float(at[i]), float(at[i + 1]), float(at[i + 1] - at[i] - steps[i]), float(steps[i])
        )
        for i in wide
    )  # fmt: skip


def figures(times: Numbers, values: Numbers, step_s: Steps = None, left_out: int = 0) -> Figures:
    """Count, missing, minimum, mean and maximum; arguments as for `gaps`.

    `left_out` of the values that are NaN have one that does not count: they are not missing.
    Readings missing before the first or after the last time cannot be known.
    """
    there = values[~np.isnan(values)]
    missing = len(values) - len(there) - left_out
    steps = _between(times, np.ones(len(times), np.bool_), step_s)
    distances = np.diff(times)
    wide = distances > GAP_STEPS * steps
    missing += int((np.round(distances[wide] / steps[wide]) - 1).sum())
    if not len(there):
        return Figures(0, missing, None, None, None, left_out)
    low, mean, high = float(there.min()), float(there.mean()), float(there.max())
    return Figures(len(there), missing, low, mean, high, left_out)


@dataclass(frozen=True, eq=False)
class Spreads:
    """How the values of successive groups are spread; all arrays have shape (k,).

    `start` and `end` (seconds since 1970 UTC) are the bounds of the group, `count` the values in
    it; minimum, lower quartile, median, upper quartile and maximum are NaN without values.
    """

    start: Numbers
    end: Numbers
    count: NDArray[np.int64]
    minimum: Numbers
    lower: Numbers
    median: Numbers
    upper: Numbers
    maximum: Numbers

    def __len__(self) -> int:
        return len(self.start)


def spreads(times: Numbers, values: Numbers, bounds: Numbers) -> Spreads:
    """Minimum, quartiles (linear interpolation) and maximum between successive bounds.

    Args:
        times: seconds, shape (n,), rising.
        values: shape (n,), NaN where missing.
        bounds: seconds, shape (k + 1,), rising; a time on a bound belongs to what follows.
    """
    there = ~np.isnan(values)
    t, v = times[there], values[there]
    first = np.searchsorted(t, bounds)
    inside = slice(int(first[0]), int(first[-1])) if len(first) else slice(0)
    group = np.repeat(np.arange(len(first) - 1), np.diff(first))
    ordered = v[inside][np.lexsort((v[inside], group))]
    count = np.diff(first)
    begin = first[:-1] - (first[0] if len(first) else 0)
    found = [_quantile(ordered, begin, count, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return Spreads(bounds[:-1], bounds[1:], count.astype(np.int64), *found)


def _quantile(
    ordered: Numbers, begin: NDArray[np.int64], count: NDArray[np.int64], share: float
) -> Numbers:
    """A quantile of each group by linear interpolation; NaN for a group without values.

    Args:
        ordered: values, rising within each group, the groups one after the other.
        begin: where each group begins, shape (k,).
        count: how many values it has, shape (k,).
        share: 0 is the minimum, 1 the maximum.
    """
    result = np.full(len(count), np.nan)
    there = count > 0
    place = (count[there] - 1) * share
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, count[there] - 1)
    below, above = ordered[begin[there] + low], ordered[begin[there] + high]
    result[there] = below + (above - below) * (place - low)
    return result


def a_year_later(times: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """The same wall-clock times of the next year, for laying last year under this one.

    Args:
        times: seconds since 1970 (UTC), shape (n,), rising.

    Returns:
        Seconds, shape (m,), rising, and which of the n times they are of: 29 February has no
        such day in the next year and is left out.
    """
    wall = (np.round(times).astype(np.int64) + _OFFSET_S).astype("datetime64[s]")
    days = wall.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    later = (months + 12).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    there = later.astype("datetime64[M]") == months + 12
    moved = later + (wall - days.astype("datetime64[s]"))
    return moved[there].astype(np.int64).astype(np.float64) - _OFFSET_S, there


def course(
    times: Numbers, values: Numbers, step_s: Steps, columns: int | None = None
) -> tuple[Numbers, Numbers]:
    """The points of a line that breaks at gaps and, if thinned, keeps every peak.

    Args:
        times: seconds, shape (n,), rising.
        values: shape (n,), NaN where missing.
        step_s: the rhythm in seconds, one or (n - 1,); None breaks nowhere.
        columns: how many pixels wide the drawing is; of the readings in one column the first,
            the lowest, the highest and the last are kept. None keeps all.

    Returns:
        Times and values, shape (m,); a NaN value stands in the middle of each gap, so that a
        line drawn through finite points only does not cross it. A gap within a single column
        is not visible and not kept.
    """
    there = ~np.isnan(values)
    t, v = times[there], values[there]
    kept = np.arange(len(t))
    if columns is not None and len(t) > _MOST_PER_COLUMN * max(columns, 1):
        kept = _telling(t, v, max(columns, 1))
    if step_s is None or len(kept) < 2:  # noqa: PLR2004  one point has no neighbour
        return t[kept], v[kept]
    steps = _between(times, there, step_s)[kept[:-1]]
    apart = (np.diff(kept) == 1) & (np.diff(t[kept]) > GAP_STEPS * steps)
    after = np.flatnonzero(apart)
    middles = (t[kept][after] + t[kept][after + 1]) / 2.0
    return (
        np.insert(t[kept], after + 1, middles),
        np.insert(v[kept], after + 1, np.nan),
    )


def lonely(times: Numbers, values: Numbers) -> NDArray[np.bool_]:
    """Which points of a line have no finite neighbour, shape (n,): no line would show them."""
    finite = np.isfinite(values) & np.isfinite(times)
    before = np.concatenate(([False], finite[:-1]))
    after = np.concatenate((finite[1:], [False]))
    return finite & ~before & ~after


def nearest(times: Numbers, at: float) -> int | None:
    """The position of the time closest to `at`, the earlier of two; None without times."""
    if not len(times):
        return None
    right = int(np.searchsorted(times, at))
    if right == 0:
        return 0
    if right == len(times) or at - times[right - 1] <= times[right] - at:
        return right - 1
    return right


def _telling(t: Numbers, v: Numbers, columns: int) -> NDArray[np.intp]:
    """Positions of the first, lowest, highest and last reading of each column, rising."""
    column = ((t - t[0]) * (columns / (t[-1] - t[0]))).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    sizes = np.diff(np.append(starts, len(t)))
    extremes = [
        _first_of(v == np.repeat(extreme.reduceat(v, starts), sizes), column)
        for extreme in (np.minimum, np.maximum)
    ]
    kept: NDArray[np.intp] = np.unique(np.concatenate((starts, starts + sizes - 1, *extremes)))
    return kept


def _first_of(marks: NDArray[np.bool_], column: NDArray[np.int64]) -> NDArray[np.intp]:
    """The first marked position of each column."""
    places = np.flatnonzero(marks)
    return places[np.flatnonzero(np.diff(column[places], prepend=-1))]
