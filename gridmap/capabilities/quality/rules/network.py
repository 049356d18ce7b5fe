"""Sudden jumps of level and slow drift: one station against its neighbours, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Figures,
    Finding,
    Mask,
    Numbers,
    Severity,
    runs,
    spread,
)
from gridmap.core.moments import DAY_US, OFFSET_US


@dataclass(frozen=True)
class DayTable:
    """Daily medians of one item at many stations.

    Attributes:
        series: one per row.
        first_day: days since 1970 of the first column (Asia/Shanghai).
        medians: shape (stations, days), NaN without enough readings.
        readings: how many readings each day has, shape (stations, days).
    """

    series: tuple[CheckedSeries, ...]
    first_day: int
    medians: Numbers
    readings: NDArray[np.int64]

    def moments(self, row: int, first: int, last: int) -> tuple[int, int]:
        """First and last reading of a series between two columns, both included."""
        times = self.series[row].times[self.series[row].sound]
        low = (self.first_day + first) * DAY_US - OFFSET_US
        high = (self.first_day + last + 1) * DAY_US - OFFSET_US
        begin, end = np.searchsorted(times, (low, high))
        return int(times[begin]), int(times[max(end - 1, begin)])


def day_table(series: Sequence[CheckedSeries], skip: Mapping[str, Mask]) -> DayTable:
    """Daily medians of series of one item; `skip` are readings to leave out, by station."""
    days = [(one.times + OFFSET_US) // DAY_US for one in series]
    filled = [day for day in days if len(day)]
    first = min((int(day[0]) for day in filled), default=0)
    last = max((int(day[-1]) for day in filled), default=0)
    medians = np.full((len(series), last - first + 1), np.nan)
    readings = np.zeros(medians.shape, dtype=np.int64)
    for row, (one, day) in enumerate(zip(series, days, strict=True)):
        keep = one.sound & ~skip.get(one.station, np.zeros(len(one.times), dtype=bool))
        _fill(medians[row], readings[row], day[keep] - first, one.values[keep])
    return DayTable(tuple(series), first, medians, readings)


def _fill(
    medians: Numbers, readings: NDArray[np.int64], column: NDArray[np.int64], values: Numbers
) -> None:
    order = np.lexsort((values, column))
    ranked, column = values[order], column[order]
    columns, first, count = np.unique(column, return_index=True, return_counts=True)
    middle = (ranked[first + (count - 1) // 2] + ranked[first + count // 2]) / 2.0
    medians[columns], readings[columns] = middle, count


def beside_neighbours(
    table: DayTable, neighbours: Mapping[str, Sequence[str]], figures: Figures, *, ratio: bool
) -> Numbers:
    """How each station stands to the median of its neighbours, shape (stations, days).

    Args:
        table: daily medians.
        neighbours: of each station, nearest first.
        figures: `least_neighbours`: fewer than these on a day say nothing (NaN).
        ratio: whether the item is compared by ratio (as logarithm) or by difference.
    """
    values = table.medians
    if ratio:
        # A few steps of the published decimals: near zero a ratio says nothing.
        floor = np.array([[5.0 * one.resolution] for one in table.series])
        values = np.log(np.maximum(values, 0.0) + floor)
    rows = {one.station: row for row, one in enumerate(table.series)}
    result = np.full(values.shape, np.nan)
    for row, one in enumerate(table.series):
        near = [rows[name] for name in neighbours.get(one.station, ()) if name in rows]
        if len(near) < figures["least_neighbours"]:
            continue
        others = values[near]
        enough = (~np.isnan(others)).sum(axis=0) >= figures["least_neighbours"]
        result[row, enough] = values[row, enough] - np.nanmedian(others[:, enough], axis=0)
    return result


def drift(table: DayTable, apart: Numbers, figures: Figures, *, ratio: bool) -> list[Finding]:
    """Stretches where a station has slowly moved away from how it stands to its neighbours.

    `apart` is smoothed over `days`; it must leave its usual place (the median of the whole
    time) by `spreads` of its own usual swing and by `least` (as a share for items compared by
    ratio), for at least `days`.
    """
    window = int(figures["days"])
    found = []
    for row, one in enumerate(table.series):
        smooth = _rolling_median(apart[row], window)
        usual = float(np.nanmedian(smooth)) if not np.isnan(smooth).all() else 0.0
        # The swing of days, not of smoothed days: drift itself must not widen it.
        swing = spread(np.diff(smooth)) * np.sqrt(window) + spread(apart[row]) / np.sqrt(window)
        off = np.nan_to_num(smooth - usual)
        least = np.log1p(figures["least_share"]) if ratio else figures["least"]
        beyond = np.abs(off) >= max(least, figures["spreads"] * swing)
        for first, last in runs(beyond):
            if last - first + 1 < window:
                continue
            worst = first + int(np.argmax(np.abs(off[first : last + 1])))
            facts = {
                "days": last - first + 1,
                "by": float(np.expm1(off[worst])) if ratio else float(off[worst]),
                "ratio": int(ratio),
            }
            start, end = table.moments(row, first, last)
            readings = int(table.readings[row, first : last + 1].sum())
            found.append(
                Finding("drift", one.station, one.item, start, end, readings, Severity.DOUBT, facts)
            )
    return found


def jumps(table: DayTable, apart: Numbers, figures: Figures, *, ratio: bool) -> list[Finding]:
    """Days on which a series moves to another level at once and stays there.

    Before and after are `days` on each side; both must be steady, their difference `spreads`
    times their restlessness and at least `least`. Where there are neighbours, what all of
    them do is weather; else the series is compared with itself.
    """
    window = int(figures["days"])
    found = []
    for row, one in enumerate(table.series):
        course = apart[row]
        alone = bool(np.isnan(course).all())
        if alone:
            course = table.medians[row]
            if ratio:
                course = np.log(np.maximum(course, 0.0) + 5.0 * one.resolution)
        for at, by in _steps(course, window, figures, ratio=ratio):
            start, end = table.moments(row, at + 1, at + 1)
            facts = {"by": float(np.expm1(by)) if ratio else by, "ratio": int(ratio),
                     "days": window, "alone": int(alone)}  # fmt: skip
            readings = int(table.readings[row, at + 1])
            found.append(
                Finding("jump", one.station, one.item, start, end, readings, Severity.DOUBT, facts)
            )
    return found


def _steps(
    course: Numbers, window: int, figures: Figures, *, ratio: bool
) -> list[tuple[int, float]]:
    if len(course) < 2 * window + 1:
        return []
    halves = sliding_window_view(course, window)
    before, after = halves[: -window - 1], halves[window + 1 :]
    there = (~np.isnan(before)).sum(axis=1) >= window - 2
    there &= (~np.isnan(after)).sum(axis=1) >= window - 2
    if not there.any():
        return []
    by = np.full(len(before), np.nan)
    rest = np.full(len(before), np.nan)
    level_a, level_b = np.nanmedian(before[there], axis=1), np.nanmedian(after[there], axis=1)
    by[there] = level_b - level_a
    rest[there] = np.maximum(
        np.nanmax(np.abs(before[there] - level_a[:, None]), axis=1),
        np.nanmax(np.abs(after[there] - level_b[:, None]), axis=1),
    )
    least = np.log1p(figures["least_share"]) if ratio else figures["least"]
    size = np.nan_to_num(np.abs(by))
    beyond = (size >= least) & (size >= figures["spreads"] * np.nan_to_num(rest, nan=np.inf))
    found = []
    for first, last in runs(beyond):
        best = first + int(np.argmax(size[first : last + 1]))
        found.append((best + window - 1, float(by[best])))
    return found


def _rolling_median(values: Numbers, window: int) -> Numbers:
    """Median of `window` days around each, NaN where fewer than half of them are there."""
    half = window // 2
    padded = np.concatenate((np.full(half, np.nan), values, np.full(half, np.nan)))
    view = sliding_window_view(padded, 2 * half + 1)
    enough = (~np.isnan(view)).sum(axis=1) > half
    result = np.full(len(values), np.nan)
    if enough.any():
        result[enough] = np.nanmedian(view[enough], axis=1)
    return result
