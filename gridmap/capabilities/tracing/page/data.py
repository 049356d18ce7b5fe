"""What the trace page reads and works out, off the GUI thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gridmap.capabilities.locate.work.answering import VERDICT_READS
from gridmap.capabilities.rivers.work.waters import WATER_READS, Waters, present_waters
from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.capabilities.tracing.picture.upstream import UpstreamLook, upstream_look
from gridmap.capabilities.tracing.report.words import TraceWriting, context_of
from gridmap.capabilities.tracing.work.events import Exceedance, all_exceedances, exceedances
from gridmap.capabilities.tracing.work.figures import trace_rules_of
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.report.titles import item_title
from gridmap.standards.classing import Medium
from gridmap.standards.files import standards
from gridmap.standards.water_standards import Body
from gridmap.store.changes import ALERTS
from gridmap.store.project import Project

MOST_EVENTS: Final = 40
_SLACK: Final = timedelta(hours=12)

TRACE_READS: Final = WATER_READS | VERDICT_READS | ALERTS
"""What a trace is made of."""

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Request:
    """What is to be traced: section, item, time, how far, and how fast compared with the data."""

    station: str
    item: str
    start: datetime
    end: datetime
    km: float | None = None
    faster: float = 1.0


@dataclass(frozen=True)
class Wish:
    """A section that somebody wants to trace from; what is open is chosen by what exceeds.

    `insist`: the item is meant, whether or not it ever exceeded; else it is only a suggestion.
    """

    station: str
    item: str = ""
    start: datetime | None = None
    end: datetime | None = None
    insist: bool = True


@dataclass(frozen=True)
class Offer:
    """What can be traced at a section: items, exceedances of the chosen one, which is meant."""

    facts: StationFacts
    items: tuple[tuple[str, str], ...]
    item: str
    events: tuple[Exceedance, ...]
    chosen: int


@dataclass(frozen=True, eq=False)
class Traced:
    """A trace with its words and its look on the map."""

    request: Request
    words: TraceWriting
    look: UpstreamLook


def sections_of(project: Project) -> Mapping[str, StationFacts]:
    """The water stations and sections with readings, by code. Any thread."""
    found = stations_of(project)
    return {code: one for code, one in found.items() if one.medium is Medium.WATER and one.layer_id}


def offer_of(project: Project, facts: StationFacts, wish: Wish) -> Offer:
    """The exceedances of a section, of the item wished or of the one that exceeded last."""
    limits = standards().water.limits
    bodies = {Body(facts.body).value, "any"}
    known = {row.item for row in limits if row.body in bodies}
    items = tuple((item, item_title(item)) for item in facts.items if item in known)
    item = wish.item if wish.item in {one for one, _ in items} else ""
    events = exceedances(project, facts, item) if item else []
    if not item or not (events or wish.insist):
        every = all_exceedances(project, facts)
        item = every[0].item if every else (items[0][0] if items else "")
        events = [one for one in every if one.item == item]
    events = events[:MOST_EVENTS]
    return Offer(facts, items, item, tuple(events), _meant(events, wish))


def _meant(events: Sequence[Exceedance], wish: Wish) -> int:
    """The event that overlaps the time wished, else the latest; -1 without any."""
    if wish.start is not None and wish.end is not None:
        first, last = wish.start - _SLACK, wish.end + _SLACK
        for number, one in enumerate(events):
            if one.start <= last and one.end >= first:
                return number
    return 0 if events else -1


def traced_of(project: Project, request: Request, tell: Tell) -> Traced:
    """Answer a request; the water is read once for each state of it. Any thread.

    Raises:
        ProjectError: what `trace_of` raises.
        Cancelled: what `tell` raises.
    """
    rules = trace_rules_of(project)
    if request.km is not None:
        rules = replace(rules, limit_m=request.km * 1000.0)
    asked = Asked(request.station, request.item, request.start, request.end)
    tell(0.0)
    waters = _faster(present_waters(project), request.faster)
    answer = trace_of(project, asked, rules, waters, tell)
    words = TraceWriting(answer, context_of(project, answer))
    return Traced(request, words, upstream_look(answer, words.caption()))


def _faster(waters: Waters, factor: float) -> Waters:
    """The same water, all of it running faster by a factor."""
    if factor == 1.0:
        return waters
    ways = waters.ways
    reaches = [replace(one, velocity_m_s=one.velocity_m_s * factor) for one in ways.reaches]
    velocities = replace(ways.velocities, default_m_s=ways.velocities.default_m_s * factor)
    return replace(waters, ways=replace(ways, reaches=reaches, velocities=velocities))
