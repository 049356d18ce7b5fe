"""Completeness by month, gaps, values published during maintenance, non-detects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Fact,
    Figures,
    Finding,
    Mask,
    Micros,
    Severity,
    runs,
)
from gridmap.core.moments import DAY_US, HOUR_US, OFFSET_US


@dataclass(frozen=True)
class MonthCount:
    """How complete a month of a series is.

    Attributes:
        station, item: the series.
        month: the first day of the month, "YYYY-MM".
        expected: readings that the rhythm asks for, from the first reading on.
        received: readings with a value.
        usable: readings that judgements count.
        non_detects: readings below the detection limit.
    """

    station: str
    item: str
    month: str
    expected: int
    received: int
    usable: int
    non_detects: int


def months_of(times: Micros) -> np.ndarray:
    """The month (`datetime64[M]`, Asia/Shanghai) of each moment."""
    days = ((times + OFFSET_US) // DAY_US).astype("datetime64[D]")
    return days.astype("datetime64[M]")


def month_counts(series: CheckedSeries, used: Mask, until: int) -> list[MonthCount]:
    """Count a series by month, from its first reading to `until` (µs, included).

    `used` says which readings judgements count, shape (n,).
    """
    if not len(series.times):
        return []
    first, last = int(series.times[0]), max(until, int(series.times[-1]))
    low, high = months_of(np.array([first, last]))
    starts = np.arange(low, high + 2).astype("datetime64[us]").astype(np.int64) - OFFSET_US
    valued = ~np.isnan(series.values)
    cut = np.searchsorted(series.times, starts)
    found = []
    for number, month in enumerate(np.arange(low, high + 1)):
        begin, end = max(int(starts[number]), first), min(int(starts[number + 1]) - 1, last)
        part = slice(int(cut[number]), int(cut[number + 1]))
        step = _step_of(series, part)
        # The rhythm goes on in phase with the first reading.
        expected = (end - first) // step - (begin - 1 - first) // step
        received = int(valued[part].sum())
        found.append(
            MonthCount(
                series.station,
                series.item,
                str(month),
                max(int(expected), received),
                received,
                int(used[part].sum()),
                int((series.non_detect[part] & used[part]).sum()),
            )
        )
    return found


def _step_of(series: CheckedSeries, part: slice) -> int:
    """The rhythm of one month: stations change theirs over the years."""
    distances = np.diff(series.times[part])
    return int(np.median(distances)) if len(distances) >= _ENOUGH else series.step


_ENOUGH = 20


def gaps(
    series: CheckedSeries,
    figures: Figures,
    until: int,
    maintenance: Sequence[tuple[int, int]] = (),
) -> list[Finding]:
    """Stretches without a value, also the silence at the end; expected by the rhythm.

    A gap that lies mostly in maintenance (spans in µs, both included) is only noted.
    """
    valued = series.times[~np.isnan(series.values)]
    if not len(valued):
        return []
    ends = np.append(valued, until + series.step)
    missing = np.round(np.diff(ends) / series.step).astype(np.int64) - 1
    found = []
    for at in np.flatnonzero(missing >= figures["readings"]).tolist():
        count = int(missing[at])
        hours = count * series.step / HOUR_US
        start = int(valued[at]) + series.step
        still = at == len(valued) - 1
        end = max(until if still else int(valued[at + 1]) - series.step, start)
        serviced = _covered(start, end + series.step, maintenance) / (end + series.step - start)
        severity = Severity.FAULT if hours >= figures["fault_hours"] else Severity.DOUBT
        if serviced >= _MOSTLY:
            severity = Severity.NOTE
        facts: dict[str, Fact] = {
            "hours": hours,
            "open": int(still),
            "serviced": round(serviced, 2),
        }
        found.append(
            Finding("gap", series.station, series.item, start, end, count, severity, facts)
        )
    return found


_MOSTLY = 0.5


def _covered(start: int, end: int, spans: Sequence[tuple[int, int]]) -> int:
    """How many µs of a stretch spans cover."""
    return sum(max(min(end, b + 1) - max(start, a), 0) for a, b in spans)


def whole_stations(findings: Iterable[Finding], items: Mapping[str, int]) -> list[Finding]:
    """Gaps that all items of a station share become one finding of the station (item "").

    Args:
        findings: gaps of single series.
        items: how many series each station has.
    """
    shared: dict[tuple[str, int, int], list[Finding]] = {}
    for one in findings:
        shared.setdefault((one.station, one.start, one.end), []).append(one)
    made: list[Finding] = []
    for (station, start, end), same in shared.items():
        if len(same) < items[station] or len(same) == 1:
            made.extend(same)
            continue
        facts = {**same[0].facts, "items": len(same)}
        readings = sum(one.readings for one in same)
        made.append(Finding("gap", station, "", start, end, readings, same[0].severity, facts))
    return made


def during_maintenance(
    series: CheckedSeries, spans: Sequence[tuple[int, int]], figures: Figures
) -> list[Finding]:
    """Values published while the station was under maintenance: one finding per maintenance.

    `spans` are first and last moments, µs, both included.
    """
    found = []
    for begin, end in spans:
        low, high = np.searchsorted(series.times, (begin, end + 1))
        inside = np.flatnonzero(~np.isnan(series.values[low:high])) + low
        if len(inside) >= figures["readings"]:
            first, last = int(series.times[inside[0]]), int(series.times[inside[-1]])
            found.append(
                Finding("maintenance", series.station, series.item, first, last, len(inside),
                        Severity.NOTE)
            )  # fmt: skip
    return found


def non_detects(
    series: CheckedSeries, counts: Iterable[MonthCount], figures: Figures
) -> list[Finding]:
    """Successive months in which non-detects are a large share of the usable readings."""
    counts = list(counts)
    many = np.array([
        one.usable > 0 and one.non_detects >= figures["share"] * one.usable and one.non_detects > 0
        for one in counts
    ], dtype=bool)  # fmt: skip
    found = []
    months = months_of(series.times)
    for first, last in runs(many):
        stretch = counts[first : last + 1]
        inside = (months >= np.datetime64(stretch[0].month)) & (
            months <= np.datetime64(stretch[-1].month)
        )
        at = series.times[inside & series.non_detect]
        below, usable = (
            sum(n) for n in zip(*((c.non_detects, c.usable) for c in stretch), strict=True)
        )
        facts = {"share": below / usable, "months": len(stretch)}
        found.append(
            Finding("non_detects", series.station, series.item, int(at[0]), int(at[-1]), below,
                    Severity.NOTE, facts)
        )  # fmt: skip
    return found
