"""Spikes: one or two readings far from what comes before and after, upwards or downwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Figures,
    Finding,
    Mask,
    Micros,
    Numbers,
    Severity,
)


@dataclass(frozen=True)
class _Shape:
    """What is looked for: `width` readings between `around` on each side; down or up."""

    around: int
    width: int
    down: bool

    @property
    def whole(self) -> int:
        return 2 * self.around + self.width


def spikes(series: CheckedSeries, figures: Figures, skip: Mask) -> list[Finding]:
    """Readings that stand out from `around` readings on each side.

    A spike must lie beyond every one of these neighbours, on both sides: after the beginning
    of a real event the values stay high, and nothing stands out. How far beyond: `spreads`
    times the usual difference of successive readings at that time, `share` of the level of
    the neighbours (`share_down` for a fall), `least` in the unit of the item, and `alone` of
    the whole height above the lower side: a plume that decays quickly stands out, but not alone.

    Args:
        series: what to look at.
        figures: see above; `width` is how many readings a spike may last.
        skip: readings not to be looked at, shape (n,): other checks have them already.
    """
    keep = series.sound & ~skip
    times, values = series.times[keep], series.values[keep]
    around = int(figures["around"])
    if len(values) < 2 * around + int(figures["width"]):
        return []
    usual = _usual_difference(values, series.resolution)
    found: list[Finding] = []
    taken = np.zeros(len(values), dtype=bool)
    for width in range(1, int(figures["width"]) + 1):
        for down in (False, True):
            shape = _Shape(around, width, down)
            for at, beyond, level in _standing_out(series, times, values, shape, figures, usual):
                inside = slice(at, at + width)
                if not taken[inside].any():
                    taken[inside] = True
                    found.append(_finding(series, times[inside], values[inside], level, beyond))
    return sorted(found, key=lambda one: one.start)


def _standing_out(
    series: CheckedSeries,
    times: Micros,
    values: Numbers,
    shape: _Shape,
    figures: Figures,
    usual: Numbers,
) -> Iterator[tuple[int, float, float]]:
    """Position, height beyond all neighbours and level of spikes up, or of falls."""
    if len(values) < shape.whole:
        return
    around, width = shape.around, shape.width
    sign = -1.0 if shape.down else 1.0
    windows = sliding_window_view(values * sign, shape.whole)
    neighbours = np.concatenate((windows[:, :around], windows[:, around + width :]), axis=1)
    beyond = windows[:, around : around + width].min(axis=1) - neighbours.max(axis=1)
    # The cheap test first: medians only where something stands out at all.
    near_usual = usual[around : around + len(beyond)]
    enough = np.maximum(figures["least"], near_usual * figures["spreads"])
    some = np.flatnonzero(beyond >= enough)
    some = some[_close(times, some, shape, series.step)]
    near = neighbours[some]
    level = np.median(near, axis=1)
    sides = np.median(near[:, :around], axis=1), np.median(near[:, around:], axis=1)
    height = beyond[some] + near.max(axis=1) - np.minimum(*sides)
    alone = beyond[some] >= figures["alone"] * height
    share = figures["share_down"] if shape.down else figures["share"]
    for at in np.flatnonzero(alone & (beyond[some] >= share * np.abs(level))).tolist():
        yield int(some[at]) + around, float(beyond[some[at]]), float(level[at]) * sign


def _close(times: Micros, starts: NDArray[np.intp], shape: _Shape, step: int) -> Mask:
    """Where the next reading on each side is near in time and none is out of reach."""
    first, last = starts + shape.around, starts + shape.around + shape.width - 1
    close: Mask = times[starts + shape.whole - 1] - times[starts] <= 2 * shape.whole * step
    close &= times[first] - times[first - 1] <= _NEAR * step
    close &= times[last + 1] - times[last] <= _NEAR * step
    return close


_NEAR = 3


def shared_with(spike: Finding, others: Sequence[CheckedSeries], figures: Figures) -> str | None:
    """The first of the stations nearby where the same happens at the same time, None if none.

    The same is: within one step of the spike, a reading goes the same way by `shared` of the
    level there, by four times the usual difference there, and by half of `least`. Dust and
    fireworks are seen by more than one instrument; a fault is not.
    """
    up = float(spike.facts["value"] or 0.0) > float(spike.facts["level"] or 0.0)
    for other in others:
        times, values = other.looked_at()
        low = int(np.searchsorted(times, spike.start - other.step))
        high = int(np.searchsorted(times, spike.end + other.step, side="right"))
        around = int(figures["around"])
        sides = np.concatenate((values[max(low - around, 0) : low], values[high : high + around]))
        nearby = values[max(low - _BLOCK, 0) : high + _BLOCK]
        if high == low or len(sides) < 2 * around:
            continue
        level = float(np.median(sides))
        away = float(values[low:high].max() - level if up else level - values[low:high].min())
        usual = max(float(np.median(np.abs(np.diff(nearby)))), other.resolution)
        if away >= max(figures["shared"] * abs(level), 4.0 * usual, figures["least"] / 2.0):
            return other.station
    return None


def _usual_difference(values: Numbers, resolution: float) -> Numbers:
    """The usual difference of successive readings around each, shape (n,).

    The median of absolute differences of blocks of days; of the block and its neighbours the
    median, so that a block full of noise does not hide itself.
    """
    differences = np.abs(np.diff(values))
    count = max(len(differences) // _BLOCK, 1)
    parts = np.array_split(differences, count)
    middle = np.array([np.median(part) for part in parts])
    padded = np.concatenate((middle[:1], middle, middle[-1:]))
    smooth = np.median(sliding_window_view(padded, 3), axis=1)
    lengths = [len(part) for part in parts]
    lengths[-1] += 1
    usual: Numbers = np.maximum(np.repeat(smooth, lengths), resolution)
    return usual


_BLOCK = 48


def _finding(
    series: CheckedSeries, times: Micros, values: Numbers, level: float, beyond: float
) -> Finding:
    value = float(values[np.argmax(np.abs(values - level))])
    facts = {"value": value, "level": round(level, series.decimals + 1), "beyond": beyond}
    return Finding(
        "spike", series.station, series.item, int(times[0]), int(times[-1]), len(times),
        Severity.DOUBT, facts,
    )  # fmt: skip
