"""Stuck values: the same value again and again, longer than this series does by itself.

Many publishers put the detection limit, or half of it, in place of what lies below and do not
say so. Such runs at the bottom of the scale are not called stuck; long ones are noted.
"""

import math

import numpy as np

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Figures,
    Finding,
    Mask,
    Micros,
    Numbers,
    Severity,
)
from gridmap.core.moments import DAY_US, HOUR_US


def stuck(series: CheckedSeries, figures: Figures, limit: float) -> list[Finding]:
    """Runs of one value, after rounding to the published decimals.

    A run counts from `readings` on, if it also is too long to be chance: clean air shows the
    same whole number for hours. How often a value like this one is followed by itself is
    counted in the rest of the series; a run must be so long that by this rate fewer than
    `by_chance` of them would come up in the whole series. Missing readings up to `bridge` steps do
    not end a run. Non-detects, which all show the limit, and values at or below `limit` are
    no runs.
    """
    times, values = series.looked_at()
    values = np.round(values, series.decimals)
    same, long = _runs(series, figures)
    found = []
    for first, count in long:
        if values[first] <= limit:
            continue
        rate = _repeat_rate(values, same, first, count, series.resolution)
        enough = _enough(rate, len(values), figures["by_chance"])
        if count >= enough:
            found.append(_finding(series, (times, values), (first, count)))
    return found


def at_limit(series: CheckedSeries, figures: Figures) -> list[Finding]:
    """Long runs of one value at or below `limit`: most likely unmarked non-detects.

    Runs no more than `apart_days` from each other are one finding.
    """
    times, values = series.looked_at()
    values = np.round(values, series.decimals)
    low = [run for run in _runs(series, figures)[1] if values[run[0]] <= figures["limit"]]
    found = []
    apart = int(figures["apart_days"] * DAY_US)
    starts = np.array([times[first] for first, _ in low], dtype=np.int64)
    ends = np.array([times[first + count - 1] for first, count in low], dtype=np.int64)
    breaks = np.flatnonzero(starts[1:] - ends[:-1] > apart) + 1
    for group in np.split(np.arange(len(low)), breaks):
        if len(group):
            begin, end = int(starts[group[0]]), int(ends[group[-1]])
            facts = {"value": float(values[low[group[0]][0]]), "runs": len(group)}
            count = sum(low[at][1] for at in group.tolist())
            found.append(
                Finding("at_limit", series.station, series.item, begin, end, count,
                        Severity.NOTE, facts)
            )  # fmt: skip
    return found


def _runs(series: CheckedSeries, figures: Figures) -> tuple[Mask, list[tuple[int, int]]]:
    """Which readings repeat the one before, and the long runs: first position, readings."""
    times, values = series.looked_at()
    below = series.non_detect[series.sound]
    values = np.round(values, series.decimals)
    if len(values) < figures["readings"]:
        return np.zeros(0, dtype=bool), []
    same: Mask = (values[1:] == values[:-1]) & ~below[1:] & ~below[:-1]
    same &= np.diff(times) <= (figures["bridge"] + 1) * series.step
    breaks = np.flatnonzero(np.concatenate(([True], ~same, [True])))
    lengths = np.diff(breaks)
    long = np.flatnonzero(lengths >= figures["readings"]).tolist()
    return same, [(int(breaks[at]), int(lengths[at])) for at in long]


def _repeat_rate(values: Numbers, same: Mask, first: int, count: int, resolution: float) -> float:
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
    series: CheckedSeries, readings: tuple[Micros, Numbers], run: tuple[int, int]
) -> Finding:
    times, values = readings
    first, count = run
    start, end = int(times[first]), int(times[first + count - 1])
    facts = {"value": float(values[first]), "hours": (end - start + series.step) / HOUR_US}
    return Finding("stuck", series.station, series.item, start, end, count, Severity.FAULT, facts)
