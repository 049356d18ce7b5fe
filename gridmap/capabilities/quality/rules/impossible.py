"""Values that cannot be: beyond the physical range, or against another item of the station."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Fact,
    Figures,
    Finding,
    Mask,
    Micros,
    Numbers,
    Severity,
    episodes,
)


def out_of_range(series: CheckedSeries, figures: Figures) -> list[Finding]:
    """Values below `lowest` or above `highest` of the item; an episode is one finding."""
    times, values = series.looked_at()
    outside = (values < figures["lowest"]) | (values > figures["highest"])
    facts: dict[str, Fact] = {"lowest": figures["lowest"], "highest": figures["highest"]}
    return _grouped(series, "range", times[outside], values[outside], figures["bridge"], facts)


def against_each_other(
    station: Mapping[str, CheckedSeries], figures: Callable[[str], Figures]
) -> list[Finding]:
    """Pairs of items of one station that contradict each other at the same time.

    PM2.5 is a part of PM10, ammonia a part of total nitrogen; oxygen cannot stay far beyond
    saturation, by 468 / (31.6 + temperature) mg/L as in GB 3838-2002. `share` and `least` say
    how far measuring errors may go.

    Args:
        station: series by item.
        figures: of each check, by its id.
    """
    found: list[Finding] = []
    for check, part, whole in (("pm_order", "pm25", "pm10"), ("nitrogen_order", "nh3n", "tn")):
        if part in station and whole in station:
            found += _more_than_whole(check, station[part], station[whole], figures(check))
    if "dissolved_oxygen" in station and "water_temperature" in station:
        found += _beyond_saturation(
            station["dissolved_oxygen"], station["water_temperature"], figures("saturation")
        )
    return found


def _more_than_whole(
    check: str, part: CheckedSeries, whole: CheckedSeries, figures: Figures
) -> list[Finding]:
    times, a, b = _together(part, whole)
    wrong = a > b * (1.0 + figures["share"]) + figures["least"]
    facts: dict[str, Fact] = {"other": whole.item}
    others = b[wrong]
    if len(others):
        facts["other_value"] = float(others[np.argmax(a[wrong] - others)])
    return _grouped(part, check, times[wrong], a[wrong], figures["bridge"], facts,
                    int(figures["readings"]))  # fmt: skip


def _beyond_saturation(
    oxygen: CheckedSeries, temperature: CheckedSeries, figures: Figures
) -> list[Finding]:
    times, a, celsius = _together(oxygen, temperature)
    saturation = 468.0 / (31.6 + np.maximum(celsius, 0.0))
    wrong = a > saturation * figures["share"]
    facts: dict[str, Fact] = {}
    if wrong.any():
        facts["percent"] = round(float((a[wrong] / saturation[wrong]).max()) * 100.0)
    return _grouped(oxygen, "saturation", times[wrong], a[wrong], figures["bridge"], facts,
                    int(figures["readings"]))  # fmt: skip


def _together(a: CheckedSeries, b: CheckedSeries) -> tuple[Micros, Numbers, Numbers]:
    ta, va = a.looked_at()
    tb, vb = b.looked_at()
    times, at_a, at_b = np.intersect1d(ta, tb, assume_unique=True, return_indices=True)
    return times, va[at_a], vb[at_b]


def _grouped(
    series: CheckedSeries,
    check: str,
    times: Micros,
    values: Numbers,
    bridge: float,
    facts: Mapping[str, Fact],
    least: int = 1,
) -> list[Finding]:
    found = []
    for first, last in episodes(times, int((bridge + 1) * series.step)):
        inside = values[first : last + 1]
        if len(inside) < least:
            continue
        worst = float(inside[np.argmax(np.abs(inside))])
        found.append(
            Finding(
                check, series.station, series.item, int(times[first]), int(times[last]),
                len(inside), Severity.FAULT if check == "range" else Severity.DOUBT,
                {**facts, "value": worst},
            )
        )  # fmt: skip
    return found


def covered(series: CheckedSeries, findings: Iterable[Finding]) -> Mask:
    """Which readings of a series findings are about, shape (n,)."""
    mask = np.zeros(len(series.times), dtype=bool)
    for one in findings:
        if (one.station, one.item) == (series.station, series.item):
            low, high = np.searchsorted(series.times, (one.start, one.end + 1))
            mask[low:high] = True
    return mask
