"""Stuck values: the same value again and again, longer than this series does by itself."""

import math

import numpy as np

from gridmap.domain.quality.findings import (
    HOUR,
    CheckedSeries,
    Figures,
    Finding,
    Micros,
    Numbers,
    Severity,
)


def stuck(series: CheckedSeries, figures: Figures) -> list[Finding]:
    """Runs of one value, after rounding to the published decimals.

    A run counts from `readings` on, if it also is too long to be chance: clean air shows the
    same whole number for hours. How often a value like this one is followed by itself is
    counted in the rest of the series; a run must be so long that by this rate fewer than
    `by_chance` of them would come up in the whole series. Missing readings up to `bridge` steps do
    not end a run. Non-detects, which all show the limit, are no runs.
    """
    times, values = series.looked_at()
    below = series.non_detect[series.sound]
    values = np.round(values, series.decimals)
    if len(values) < figures["readings"]:
        return []
    same = (values[1:] == values[:-1]) & ~below[1:] & ~below[:-1]
    same &= np.diff(times) <= (figures["bridge"] + 1) * series.step
    breaks = np.flatnonzero(np.concatenate(([True], ~same, [True])))
    lengths = np.diff(breaks)
    found = []
    for at in np.flatnonzero(lengths >= figures["readings"]).tolist():
        first, count = int(breaks[at]), int(lengths[at])
        rate = _repeat_rate(values, same, first, count, series.resolution)
        enough = _enough(rate, len(values), figures["by_chance"])
        if count >= enough:
            found.append(_finding(series, times, values, first, count))
    return found


def _repeat_rate(
    values: Numbers, same: np.ndarray, first: int, count: int, resolution: float
) -> float:
    """How often a value near this one is followed by itself, outside of this run."""
    near = np.abs(values[:-1] - values[first]) <= resolution * 1.5
    near[max(first - 1, 0) : first + count] = False
    tried, repeated = int(near.sum()), int((near & same).sum())
    # Where the value itself is rare, the whole series says how restless it is.
    others = np.ones(len(same), dtype=bool)
    others[max(first - 1, 0) : first + count] = False
    whole = (float((same & others).sum()) + 1.0) / (float(others.sum()) + 2.0)
    return (repeated + whole * _PRIOR) / (tried + _PRIOR)


_PRIOR = 10.0


def _enough(rate: float, readings: int, by_chance: float) -> float:
    """The length that fewer than `by_chance` runs of a series would reach by chance."""
    rate = min(max(rate, 1e-9), 1.0 - 1e-9)
    return 1.0 + math.log(by_chance / readings) / math.log(rate)


def _finding(
    series: CheckedSeries, times: Micros, values: Numbers, first: int, count: int
) -> Finding:
    start, end = int(times[first]), int(times[first + count - 1])
    facts = {"value": float(values[first]), "hours": (end - start + series.step) / HOUR}
    return Finding("stuck", series.station, series.item, start, end, count, Severity.FAULT, facts)
