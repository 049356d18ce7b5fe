"""Sources above an exceedance, each with a score whose parts can be seen and weighed.

A score ranks where to look first; it is no proof. It is the weighted mean of the parts that are
known, times what the sections above leave of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final

import numpy as np
from pydantic import ConfigDict, Field

from gridmap.capabilities.rivers.rules.waterways import Mark, Spot, Waterways, Way
from gridmap.capabilities.tracing.rules.brackets import Bracket, Bracketing, Trail, bracketed
from gridmap.capabilities.tracing.rules.event import Event
from gridmap.core.moments import HOUR_US

_MANY_RECORDS: Final = 3.0


class PartKind(StrEnum):
    """Parts of a score.

    DISTANCE: near is likelier. BRACKET: what the sections above leave. ITEMS: whether the permit
    names the item. OWN: own exceedances or alerts while the water passed. SIZE: size and record.
    """

    DISTANCE = "distance"
    BRACKET = "bracket"
    ITEMS = "items"
    OWN = "own"
    SIZE = "size"


_Weight = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class TraceRules:
    """Figures of tracing; all adjustable, none of them from a standard.

    Attributes:
        limit_m: how far to walk up the water.
        slack_h: by how much times of passing are widened.
        weights: of the parts, 0–1; that of the bracket says how much of the score it can take.
        unknown_items: the part of a source whose permit names no items.
        outside: the part of a source with no clean section above it.
        unexplained: the part of a source below all sections that were beyond the limit.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    limit_m: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20_000.0
    slack_h: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 4.0
    distance: _Weight = 0.2
    bracket: _Weight = 1.0
    items: _Weight = 0.4
    own: _Weight = 0.3
    size: _Weight = 0.1
    unknown_items: _Weight = 0.4
    outside: _Weight = 0.7
    unexplained: _Weight = 0.3

    def weight(self, part: PartKind) -> float:
        """The weight of a part."""
        return float(getattr(self, part.value))


@dataclass(frozen=True)
class Source:
    """What may have let it out: an outlet and its firm.

    Attributes:
        code, name: of the outlet.
        firm, firm_name: of the firm, "" if unknown.
        spot: where it enters the water.
        items: items of the permit; None if the permit names none.
        size: 0–1, NaN if unknown.
        records: how many violations are on record, None if nobody looked.
        beyond: moments of own exceedances or alerts (µs since 1970 UTC); None if it is not
            monitored.
    """

    code: str
    name: str
    firm: str
    firm_name: str
    spot: Spot
    items: frozenset[str] | None = None
    size: float = float("nan")
    records: int | None = None
    beyond: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Part:
    """A part of a score: 0–1, None where nothing is known, and its weight."""

    kind: PartKind
    value: float | None
    weight: float


@dataclass(frozen=True)
class Suspect:
    """A source with its way, the time it must have let the water out, and its score 0–1.

    `behind` is the clean section that excludes it, "" for none.
    """

    source: Source
    way: Way
    earliest: int
    latest: int
    parts: tuple[Part, ...]
    score: float
    behind: str

    def part(self, kind: PartKind) -> Part:
        """One part of the score."""
        return next(one for one in self.parts if one.kind is kind)


@dataclass(frozen=True)
class Trace:
    """The answer: suspects by score, sections above, what else lies on the way, parts of reaches.

    `reaches` is code to the nearer and farther end in metres of water from the event.
    """

    event: Event
    suspects: tuple[Suspect, ...]
    sections: tuple[Bracket, ...]
    marks: tuple[tuple[Mark, Way], ...]
    reaches: dict[str, tuple[float, float]]


def trace(
    net: Waterways,
    event: Event,
    sources: Sequence[Source],
    trails: Sequence[Trail] = (),
    marks: Sequence[Mark] = (),
    rules: TraceRules | None = None,
) -> Trace:
    """Name and rank the likely sources of an exceedance.

    Args:
        net: the water.
        event: what was measured where and when.
        sources: all outlets; those above within the limit are ranked.
        trails: readings of the item at all sections.
        marks: mouths, borders, sections to be named on the way.
        rules: figures and weights; the defaults if omitted.

    Equal scores are in order of distance, then of codes.
    """
    rules = rules or TraceRules()
    slack = round(rules.slack_h * HOUR_US)
    spots = [source.spot for source in sources]
    ways = net.upstream(event.spot, spots, rules.limit_m)
    judged = bracketed(net, event, trails, spots, rules.limit_m, slack)
    suspects = [
        _suspect(event, (number, sources[number]), way, judged, rules)
        for number, way in ways.items()
    ]
    suspects.sort(key=lambda one: (-round(one.score, 9), one.way.metres, one.source.code))
    passed = net.upstream(event.spot, [mark.spot for mark in marks], rules.limit_m)
    return Trace(
        event=event,
        suspects=tuple(suspects),
        sections=judged.sections,
        marks=tuple((marks[number], way) for number, way in passed.items()),
        reaches=net.reaches_from(event.spot, rules.limit_m, above=True),
    )


def _suspect(
    event: Event,
    numbered: tuple[int, Source],
    way: Way,
    judged: Bracketing,
    rules: TraceRules,
) -> Suspect:
    number, source = numbered
    earliest, latest = event.passed_at(way)
    slack = round(rules.slack_h * HOUR_US)
    values = {
        PartKind.DISTANCE: max(0.0, 1.0 - way.metres / rules.limit_m),
        PartKind.BRACKET: _bracket(number, judged, rules),
        PartKind.ITEMS: _items(source, event.item, rules),
        PartKind.OWN: _own(source, earliest - slack, latest + slack),
        PartKind.SIZE: _size(source),
    }
    parts = tuple(Part(kind, value, rules.weight(kind)) for kind, value in values.items())
    return Suspect(source, way, earliest, latest, parts, score_of(parts), judged.behind[number])


def score_of(parts: Sequence[Part]) -> float:
    """The weighted mean of the known parts, times what the bracket leaves; 0–1."""
    known = [
        (one.value, one.weight)
        for one in parts
        if one.value is not None and one.kind is not PartKind.BRACKET
    ]
    total = sum(weight for _, weight in known)
    mean = sum(value * weight for value, weight in known) / total if total else 0.5
    bracket = next((one for one in parts if one.kind is PartKind.BRACKET), None)
    if bracket is None or bracket.value is None:
        return mean
    return mean * (1.0 - bracket.weight * (1.0 - bracket.value))


def _bracket(number: int, judged: Bracketing, rules: TraceRules) -> float | None:
    """0 behind a clean section; less where no clean section lies above, or beyond ones below."""
    if not judged.sections:
        return None
    if judged.excluded[number]:
        return 0.0
    value = 1.0 if judged.inside[number] else rules.outside
    explained = judged.explains[number]
    if not np.isnan(explained):
        value *= rules.unexplained + (1.0 - rules.unexplained) * float(explained)
    return value


def _items(source: Source, item: str, rules: TraceRules) -> float:
    if source.items is None:
        return rules.unknown_items
    return 1.0 if item in source.items else 0.0


def _own(source: Source, earliest: int, latest: int) -> float | None:
    if source.beyond is None:
        return None
    return float(any(earliest <= moment <= latest for moment in source.beyond))


def _size(source: Source) -> float | None:
    parts = [] if np.isnan(source.size) else [source.size]
    if source.records is not None:
        parts.append(min(1.0, source.records / _MANY_RECORDS))
    return sum(parts) / len(parts) if parts else None
