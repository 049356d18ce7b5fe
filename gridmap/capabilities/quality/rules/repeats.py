"""Values that repeat too exactly: copied days, copied stations, too few last digits."""

import math
from collections.abc import Sequence

import numpy as np

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Fact,
    Figures,
    Finding,
    Mask,
    Severity,
    episodes,
    runs,
)
from gridmap.core.moments import DAY_US, OFFSET_US


def copied_days(series: CheckedSeries, figures: Figures, skip: Mask) -> list[Finding]:
    """Whole days whose readings are those of an earlier day, hour by hour.

    Only days with all readings of the rhythm and at least `distinct` different values.
    Successive copied days are one finding.
    """
    keep = series.sound & ~skip
    times, values = series.times[keep] + OFFSET_US, np.round(series.values[keep], series.decimals)
    per_day = round(DAY_US / series.step)
    if per_day < figures["readings"]:
        return []
    day = times // DAY_US
    days, first, count = np.unique(day, return_index=True, return_counts=True)
    full = count == per_day
    days, first = days[full], first[full]
    if len(days) < 2:  # noqa: PLR2004  nothing to compare
        return []
    pattern = values[first[:, None] + np.arange(per_day)]
    ranked = np.sort(pattern, axis=1)
    varied = (np.diff(ranked, axis=1) != 0).sum(axis=1) + 1 >= figures["distinct"]
    days, pattern = days[varied], pattern[varied]
    if not len(days):
        return []
    _, original, where = np.unique(pattern, axis=0, return_index=True, return_inverse=True)
    earliest = original[where.reshape(-1)]
    copied = np.flatnonzero(earliest != np.arange(len(days)))
    found = []
    for a, b in episodes(days[copied], 1):
        begin, end = int(days[copied[a]]), int(days[copied[b]])
        facts: dict[str, Fact] = {
            "days": end - begin + 1,
            "like": str(np.datetime64(int(days[earliest[copied[a]]]), "D")),
        }
        low, high = begin * DAY_US - OFFSET_US, (end + 1) * DAY_US - OFFSET_US - series.step
        readings = (b - a + 1) * per_day
        found.append(
            Finding("copied_days", series.station, series.item, low, high, readings,
                    Severity.DOUBT, facts)
        )  # fmt: skip
    return found


def copied_stations(
    series: Sequence[CheckedSeries], skips: Sequence[Mask], figures: Figures
) -> list[Finding]:
    """Stretches where two stations report the same values of an item, reading by reading.

    A stretch counts from `readings` on, with at least `distinct` different values, if it is
    too long to be chance: stations that often agree must agree for longer.
    """
    table, times = _aligned(series, skips)
    found = []
    for a in range(len(series)):
        for b in range(a + 1, len(series)):
            both = ~np.isnan(table[a]) & ~np.isnan(table[b])
            together = int(both.sum())
            same = both & (table[a] == table[b])
            agree = int(same.sum())
            if agree < figures["readings"]:
                continue
            enough = figures["readings"]
            for first, last in runs(same[both]):
                length = last - first + 1
                if length < enough:
                    continue
                at = np.flatnonzero(both)[first : last + 1]
                rate = (agree - length + 1.0) / (together - length + 2.0)
                needed = 1.0 + math.log(figures["by_chance"] / together) / math.log(rate)
                if length < needed or len(np.unique(table[a][at])) < figures["distinct"]:
                    continue
                facts = {"other": series[a].station}
                found.append(
                    Finding("copied_stations", series[b].station, series[b].item,
                            int(times[at[0]]), int(times[at[-1]]), length, Severity.DOUBT, facts)
                )  # fmt: skip
    return found


def _aligned(
    series: Sequence[CheckedSeries], skips: Sequence[Mask]
) -> tuple[np.ndarray, np.ndarray]:
    times = np.unique(np.concatenate([one.times for one in series]))
    table = np.full((len(series), len(times)), np.nan, dtype=np.float32)
    for row, (one, skip) in enumerate(zip(series, skips, strict=True)):
        keep = one.sound & ~skip & ~one.non_detect
        table[row, np.searchsorted(times, one.times[keep])] = np.round(
            one.values[keep], one.decimals
        )
    return table, times


def few_digits(series: CheckedSeries, figures: Figures, skip: Mask) -> list[Finding]:
    """Months in which the last published digit takes too few values to be measured.

    Only months with `readings` and a range of at least `range_steps` last digits, where each
    of the ten digits should come up. One digit with more than `share`, or at most `digits`
    different ones, is too exact. Successive months are one finding.
    """
    keep = series.sound & ~skip & ~series.non_detect
    times, values = series.times[keep], series.values[keep]
    if len(values) < figures["readings"]:
        return []
    whole = np.rint(values * 10.0**series.decimals).astype(np.int64)
    month = ((times + OFFSET_US) // DAY_US).astype("datetime64[D]").astype("datetime64[M]")
    months, first = np.unique(month, return_index=True)
    bounds = np.append(first, len(month))
    odd = np.zeros(len(months), dtype=bool)
    worst = np.zeros(len(months))
    for number in range(len(months)):
        part = whole[bounds[number] : bounds[number + 1]]
        low, high = np.percentile(part, (5, 95)) if len(part) else (0.0, 0.0)
        if len(part) < figures["readings"] or high - low < figures["range_steps"]:
            continue
        shares = np.bincount(np.abs(part) % 10, minlength=10) / len(part)
        worst[number] = shares.max()
        few = int((shares > _HARDLY).sum()) <= figures["digits"]
        odd[number] = few or shares.max() > figures["share"]
    found = []
    for a, b in runs(odd):
        inside = slice(int(bounds[a]), int(bounds[b + 1]))
        facts = {"share": float(worst[a : b + 1].max()), "months": b - a + 1}
        found.append(
            Finding("few_digits", series.station, series.item, int(times[inside][0]),
                    int(times[inside][-1]), len(times[inside]), Severity.DOUBT, facts)
        )  # fmt: skip
    return found


_HARDLY = 0.01
