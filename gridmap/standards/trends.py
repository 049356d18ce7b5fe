"""Whether a series of yearly or monthly values rises or falls.

Rank correlation after Spearman, as 环办〔2011〕22号 and HJ 663-2013 appendix B ask; Mann–Kendall
with the slope after Sen, which shows how fast.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.tables import (
    Confidence,
    CriticalValue,
    TrendTest,
    in_force,
    least_sure,
    the_one,
)


class Direction(StrEnum):
    """What a significant trend does; rising values may be better (DO) or worse (CODMn)."""

    RISING = "rising"
    FALLING = "falling"
    NONE = "none"


@dataclass(frozen=True)
class RankTrend:
    """A trend by rank correlation.

    Attributes:
        coefficient: rs, -1 to 1; NaN where it is not defined (too few, or all values equal).
        periods: how many periods have a value.
        critical: Wp at level 0.05; None with fewer periods than the table begins with.
        direction: `NONE` unless |rs| > Wp.
        strongly: |rs| is above Wp at level 0.01 too.
        confidence: of the table of critical values.
    """

    coefficient: float
    periods: int
    critical: float | None
    direction: Direction
    strongly: bool
    confidence: Confidence


@dataclass(frozen=True)
class MonotonicTrend:
    """A trend after Mann–Kendall.

    Attributes:
        s, z, p: the statistic, its standard score, the two-sided probability.
        slope, low, high: median slope after Sen per unit of time, with its confidence interval
            at the level of the test; NaN where not defined.
        periods: how many periods have a value.
        direction: `NONE` unless p < alpha.
        confidence: of the level, which no standard sets.
    """

    s: int
    z: float
    p: float
    slope: float
    low: float
    high: float
    periods: int
    direction: Direction
    confidence: Confidence


def rank_trend(critical: Iterable[CriticalValue], day: date, values: ArrayLike) -> RankTrend:
    """Rank correlation of values with time.

    rs = 1 - 6 Σd² / (N³ - N), d the difference between rank of the value and rank of the time;
    equal values share the mean of their ranks, for which rs is the correlation of the ranks.

    Args:
        critical: the table of Wp. For a number of periods that it leaves out, the next
            smaller one's Wp is taken, which is stricter.
        day: the day of the assessment.
        values: one a period, in order of time; NaN is left out.
    """
    from scipy import stats  # noqa: PLC0415  large, and only trends need it

    numbers = np.asarray(values, dtype=np.float64)
    there = numbers[~np.isnan(numbers)]
    count = len(there)
    rows = [row for row in in_force(critical, day) if row.periods <= count]
    row = max(rows, key=lambda one: one.periods, default=None)
    defined = count > 1 and there.min() < there.max()
    times = np.flatnonzero(~np.isnan(numbers))
    coefficient = float(stats.spearmanr(times, there).statistic) if defined else math.nan
    significant = row is not None and abs(coefficient) > row.w_05
    return RankTrend(
        coefficient=coefficient,
        periods=count,
        critical=row.w_05 if row else None,
        direction=_direction(coefficient) if significant else Direction.NONE,
        strongly=row is not None and abs(coefficient) > row.w_01,
        confidence=least_sure([row.confidence] if row else []),
    )


def monotonic_trend(
    tests: Iterable[TrendTest], day: date, times: ArrayLike, values: ArrayLike
) -> MonotonicTrend:
    """Mann–Kendall test with correction for ties, and the slope after Sen.

    Args:
        tests: the level of significance.
        day: the day of the assessment.
        times: shape (n,), rising, in any unit: the slope is per that unit.
        values: shape (n,), NaN is left out.

    Raises:
        StandardError: if the table has no level in force.
    """
    from scipy import stats  # noqa: PLC0415  large, and only trends need it

    test = the_one(tests, day, "Mann–Kendall")
    x, y = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    there = ~np.isnan(y)
    x, y = x[there], y[there]
    count = len(y)
    s = int(sum(np.sign(y[i + 1 :] - y[i]).sum() for i in range(count - 1)))
    variance = _variance(y)
    z = (s - math.copysign(1, s)) / math.sqrt(variance) if s and variance > 0 else 0.0
    p = float(2 * stats.norm.sf(abs(z)))
    slope = low = high = math.nan
    if count > 1:
        slope, _, low, high = map(float, stats.theilslopes(y, x, alpha=1 - test.alpha))
    return MonotonicTrend(
        s=s,
        z=z,
        p=p,
        slope=slope,
        low=low,
        high=high,
        periods=count,
        direction=_direction(z) if p < test.alpha else Direction.NONE,
        confidence=test.confidence,
    )


def _variance(values: NDArray[np.float64]) -> float:
    """Variance of S: n (n - 1) (2n + 5) / 18, less the same for each group of equal values."""
    _, groups = np.unique(values, return_counts=True)

    def part(n: NDArray[np.int64]) -> NDArray[np.int64]:
        return n * (n - 1) * (2 * n + 5)

    whole = part(np.array([len(values)]))
    return float((whole.sum() - part(groups).sum()) / 18.0)


def _direction(sign: float) -> Direction:
    return Direction.RISING if sign > 0 else Direction.FALLING
