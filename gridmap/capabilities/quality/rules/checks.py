"""The table of checks, and how they are run over series: alone, by station, by item.

What one check has found the next ones leave out, so that one fault is one finding: impossible
values first, then stuck ones, then spikes; what is left is compared with neighbours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from gridmap.capabilities.quality.rules import completeness, impossible, network, repeats
from gridmap.capabilities.quality.rules.completeness import MonthCount
from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Figures,
    Finding,
    Mask,
    Severity,
)
from gridmap.capabilities.quality.rules.spikes import shared_with, spikes
from gridmap.capabilities.quality.rules.stuck import at_limit, stuck

CHECKS: Final = (
    "gap", "maintenance", "non_detects", "range", "pm_order", "nitrogen_order", "saturation",
    "stuck", "at_limit", "spike", "jump", "drift", "copied_days", "copied_stations", "few_digits",
)  # fmt: skip
"""Ids of the checks, as findings name them; "completeness" is a table, not a check."""

COMPLETENESS: Final = "completeness"


class FigureSource(Protocol):
    """Where the figures of a check for an item come from; item "" is every item."""

    def of(self, check: str, item: str = "") -> Figures:
        """The figures by name."""
        ...


@dataclass(frozen=True)
class Examined:
    """What was found in one series, and which readings further checks leave out."""

    series: CheckedSeries
    counts: tuple[MonthCount, ...]
    findings: tuple[Finding, ...]
    skip: Mask


def examine(
    series: CheckedSeries,
    used: Mask,
    figures: FigureSource,
    until: int,
    maintenance: Sequence[tuple[int, int]] = (),
) -> Examined:
    """The checks that need only one series.

    Args:
        series: its readings.
        used: which of them judgements count, shape (n,).
        figures: of the checks.
        until: up to when readings are expected, µs, included.
        maintenance: spans of the series' station, µs, both included.
    """

    def of(check: str) -> Figures:
        return figures.of(check, series.item)

    counts = completeness.month_counts(series, used, until)
    beyond = impossible.out_of_range(series, of("range"))
    stays = stuck(series, of("stuck"), of("at_limit")["limit"])
    skip = impossible.covered(series, [*beyond, *stays])
    stands_out = spikes(series, of("spike"), skip)
    skip |= impossible.covered(series, stands_out)
    findings = [
        *completeness.gaps(series, of("gap"), until, maintenance),
        *completeness.during_maintenance(series, maintenance, of("maintenance")),
        *completeness.non_detects(series, counts, of("non_detects")),
        *beyond,
        *stays,
        *at_limit(series, of("at_limit")),
        *stands_out,
        *repeats.copied_days(series, of("copied_days"), skip),
        *repeats.few_digits(series, of("few_digits"), skip),
    ]
    return Examined(series, tuple(counts), tuple(findings), skip)


def examine_station(station: Mapping[str, Examined], figures: FigureSource) -> list[Finding]:
    """All findings of one station: what its items say, and what they say against each other."""
    alone = [finding for one in station.values() for finding in one.findings]
    gaps = [one for one in alone if one.check == "gap"]
    others = [one for one in alone if one.check != "gap"]
    items = {one.series.station: len(station) for one in station.values()}
    return [
        *completeness.whole_stations(gaps, items),
        *others,
        *_contradictions(station, figures),
    ]


def _contradictions(station: Mapping[str, Examined], figures: FigureSource) -> list[Finding]:
    def of(check: str) -> Figures:
        return figures.of(check)

    series = {item: one.series for item, one in station.items()}
    faults = [one for examined in station.values() for one in examined.findings]
    # A spike or a stuck value contradicts the other item, too; it is told once.
    return [one for one in impossible.against_each_other(series, of) if not _explained(one, faults)]


def _explained(finding: Finding, others: Sequence[Finding]) -> bool:
    pair = {finding.item, finding.facts.get("other")}
    return any(
        one.check in {"range", "stuck", "spike"}
        and one.item in pair
        and one.start <= finding.start
        and finding.end <= one.end
        for one in others
    )


def examine_item(
    examined: Sequence[Examined],
    neighbours: Mapping[str, Sequence[str]],
    figures: FigureSource,
    cancelled: Callable[[], None] = lambda: None,
) -> list[Finding]:
    """What the stations that measure an item say against each other.

    Args:
        examined: one per station, all of the same item.
        neighbours: stations of the same medium near each station, nearest first.
        figures: of the checks.
        cancelled: called between steps; it raises where the work shall stop.
    """
    series = [one.series for one in examined]
    if not series:
        return []
    item = series[0].item
    skip = {one.series.station: one.skip for one in examined}
    table = network.day_table(series, skip)
    cancelled()
    found: list[Finding] = []
    for check, function in (("drift", network.drift), ("jump", network.jumps)):
        own = figures.of(check, item)
        ratio = bool(own["ratio"])
        apart = network.beside_neighbours(table, neighbours, own, ratio=ratio)
        found += function(table, apart, own, ratio=ratio)
        cancelled()
    copied = repeats.copied_stations(
        series, [one.skip for one in examined], figures.of("copied_stations", item)
    )
    return found + copied


def beside_others(
    findings: Iterable[Finding],
    examined: Sequence[Examined],
    neighbours: Mapping[str, Sequence[str]],
    figures: FigureSource,
) -> list[Finding]:
    """Findings, where spikes of an item that stations nearby see too are mere notes.

    Args:
        findings: of any check and item.
        examined: one per station, all of the same item.
        neighbours: stations of the same medium near each station, nearest first.
        figures: of the checks.
    """
    series = {one.series.station: one.series for one in examined}
    item = examined[0].series.item if examined else ""
    made = []
    for one in findings:
        if one.check == "spike" and one.item == item:
            near = [series[name] for name in neighbours.get(one.station, ()) if name in series]
            if (other := shared_with(one, near, figures.of("spike", item))) is not None:
                facts = {**one.facts, "shared": other}
                made.append(replace(one, severity=Severity.NOTE, facts=facts))
                continue
        made.append(one)
    return made
