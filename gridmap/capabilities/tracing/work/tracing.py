"""From an exceedance in a project to its likely sources, with town, chief and phone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.capabilities.alerts.work.records import alerts
from gridmap.capabilities.locate.rules.verdict import Verdict
from gridmap.capabilities.locate.work.answering import answer
from gridmap.capabilities.rivers.rules.dead_ends import DeadEnd, stranded
from gridmap.capabilities.rivers.rules.waterways import Mark, MarkKind, Spot
from gridmap.capabilities.rivers.work.waters import OnWater, Waters, present_waters
from gridmap.capabilities.stations.work.facts import StationFacts, outlet_series, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.capabilities.tracing.rules import Event, Source, Trace, TraceRules, Trail, trace
from gridmap.capabilities.tracing.work.events import runs_of
from gridmap.capabilities.tracing.work.figures import trace_rules_of, tracing_figures
from gridmap.core.moments import HOUR_US, micros_of, moment_of
from gridmap.core.place import Place
from gridmap.standards.classing import Medium, wall_clock
from gridmap.standards.classing.course import Numbers, Times
from gridmap.standards.files import standards
from gridmap.standards.water_standards import Bound, WaterClass, WaterLimit
from gridmap.stopping import unheard
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_LIMIT_CLASS: Final = WaterClass.III  # where a section has no target
_USUAL_US: Final = 7 * 24 * HOUR_US
_NO_RATIO: Final = frozenset({"ph", "water_temperature"})  # three times as much means nothing


@dataclass(frozen=True)
class Asked:
    """What is to be traced.

    Attributes:
        station: code of the station or section.
        item: id of the item.
        start, end: the exceedance, aware; None takes the latest one of the series.
        limit: in the unit of the item; None takes the target of the section.
    """

    station: str
    item: str
    start: datetime | None = None
    end: datetime | None = None
    limit: float | None = None


@dataclass(frozen=True)
class TraceAnswer:
    """A trace with everything a person needs to go on.

    Attributes:
        asked: what was asked; facts: the station; unit: of the values.
        found: the trace.
        peak: worst value of the event and its time.
        verdicts: code of an outlet to the verdict of its place on the day of the event.
        firms: credit code to the firm's row.
        waters: the water it was computed on.
        rules: figures and weights.
        trails: readings by section, for the profile.
        dead_ends: nodes that water leaves and no reach feeds: the walk up the water ends there.
    """

    asked: Asked
    facts: StationFacts
    unit: str
    found: Trace
    peak: tuple[float, datetime]
    verdicts: Mapping[str, Verdict]
    firms: Mapping[str, Mapping[str, Any]]
    waters: Waters
    rules: TraceRules
    trails: Sequence[Trail] = field(default_factory=tuple)
    dead_ends: tuple[DeadEnd, ...] = ()


def trace_of(
    project: Project,
    asked: Asked,
    rules: TraceRules | None = None,
    waters: Waters | None = None,
    tell: Callable[[float], None] = unheard,
) -> TraceAnswer:
    """Trace an exceedance upstream.

    Args:
        project: the project.
        asked: station, item, time.
        rules: figures and weights; those of the project if omitted.
        waters: those of the project if omitted.
        tell: hears how far the work is, 0–1; what it raises ends it.

    Raises:
        ProjectError: `tracing.error.no_station`, `.no_item`, `.not_on_water`, `.no_limit`,
            `.no_event`.
    """
    rules = rules or trace_rules_of(project)
    tell(0.0)
    waters = waters or present_waters(project)
    tell(0.2)
    stations = stations_of(project)
    facts = _traced(stations, asked)
    spots = {one.code: one for one in waters.sections}
    here = _spot_of(facts, spots, waters)
    judge = Judge(project)
    series = _readings(project, facts.code, asked.item, judge)
    limit, at_least = _limit(facts, asked, series[0])
    event = _event(here, asked, series, limit, at_least=at_least)
    tell(0.3)
    trails = _trails(project, asked.item, stations, waters, judge, tell)
    tell(0.6)
    found = trace(
        waters.ways, event, _sources(project, waters, event, rules, judge), trails,
        [*waters.marks, *_section_marks(waters, here)], rules,
    )  # fmt: skip
    tell(0.8)
    peak = _peak(event, series)
    return TraceAnswer(
        asked=asked,
        facts=facts,
        unit=project.series.unit(facts.code, asked.item) or "",
        found=found,
        peak=peak,
        verdicts=_verdicts(project, waters, found, peak[1].date(), tell),
        firms=_firms(project),
        waters=waters,
        rules=rules,
        trails=trails,
        dead_ends=tuple(stranded(waters.ways, here, rules.limit_m, above=True)),
    )


def _trails(
    project: Project,
    item: str,
    stations: Mapping[str, StationFacts],
    waters: Waters,
    judge: Judge,
    tell: Callable[[float], None],
) -> tuple[Trail, ...]:
    """Readings of an item at every station that stands on the water."""
    spots = {one.code: one for one in waters.sections}
    placed = [one for one in stations.values() if item in one.items]
    placed = [one for one in placed if _is_placed(one, spots, waters)]
    found = []
    for number, one in enumerate(placed):
        tell(0.3 + 0.3 * number / len(placed))
        read = _readings(project, one.code, item, judge)
        found.append(Trail(one.code, one.name, _spot_of(one, spots, waters), *read))
    return tuple(found)


def _peak(event: Event, series: tuple[Times, Numbers]) -> tuple[float, datetime]:
    """The worst value of an event and its time."""
    times, values = series
    inside = (times >= event.start) & (times <= event.end) & ~np.isnan(values)
    worst = np.argmin(values[inside]) if event.at_least else np.argmax(values[inside])
    return float(values[inside][worst]), moment_of(int(times[inside][worst]))


# --- the event ----------------------------------------------------------------------------


def _station(stations: Mapping[str, StationFacts], code: str) -> StationFacts:
    if code in stations:
        return stations[code]
    for facts in stations.values():
        if code in {facts.section, facts.name}:
            return facts
    raise ProjectError("tracing.error.no_station", station=code)


def _traced(stations: Mapping[str, StationFacts], asked: Asked) -> StationFacts:
    """The station asked about: one of water that has the item."""
    facts = _station(stations, asked.station)
    if facts.medium is not Medium.WATER:
        raise ProjectError("tracing.error.not_on_water", station=facts.name)
    if asked.item not in facts.items:
        raise ProjectError("tracing.error.no_item", station=facts.name, item=asked.item)
    return facts


def _is_placed(facts: StationFacts, spots: Mapping[str, OnWater], waters: Waters) -> bool:
    try:
        _spot_of(facts, spots, waters)
    except ProjectError:
        return False
    return True


def _spot_of(facts: StationFacts, spots: Mapping[str, OnWater], waters: Waters) -> Spot:
    """Where a station stands on the water: its section's place, else the nearest water."""
    if facts.section in spots:
        return spots[facts.section].spot
    if not np.isnan(facts.lon):
        found = waters.spot_at(facts.lon, facts.lat, 500.0)
        if found is not None:
            return found[0]
    raise ProjectError("tracing.error.not_on_water", station=facts.name)


def _readings(
    project: Project,
    station: str,
    item: str,
    judge: Judge,
    span: tuple[int, int] | None = None,
) -> tuple[Times, Numbers]:
    """Times and the values that judgements count, NaN elsewhere; of a span (µs, both included)."""
    first, last = (None, None) if span is None else map(moment_of, (span[0], span[1] + 1))
    frame = project.series.read(station, item, first, last)
    times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
    values = frame["value"].to_numpy(np.float64)
    decided = judge.decide((station, item), times, values, frame["flag"].to_numpy(dtype=object))
    return times, np.where(decided.used, values, np.nan)


def _limit(facts: StationFacts, asked: Asked, times: Times) -> tuple[float, bool]:
    """The limit and whether it must be reached: asked for, else that of the target, else Ⅲ."""
    day = wall_clock(times[-1:])[0].astype("datetime64[D]").item() if len(times) else None
    rows: Sequence[WaterLimit] = ()
    if day is not None:
        rows = standards().water.on(day, facts.body).limits.get(asked.item, ())
    at_least = any(row.bound is Bound.AT_LEAST for row in rows)
    if asked.limit is not None:
        return asked.limit, at_least and len(rows) == 1
    single = [row for row in rows if row.bound is Bound.AT_MOST] or list(rows)
    if not single:
        raise ProjectError("tracing.error.no_limit", item=asked.item)
    row = single[0]
    return row.of_class(facts.target or _LIMIT_CLASS), row.bound is Bound.AT_LEAST


def _event(
    spot: Spot, asked: Asked, series: tuple[Times, Numbers], limit: float, *, at_least: bool
) -> Event:
    """The exceedance asked for: the latest one of the series, or the one within the time given.

    Raises:
        ProjectError: `tracing.error.no_event`.
    """
    times, values = series
    probe = Event(spot, asked.item, 0, 0, limit, at_least)
    beyond = probe.beyond(values)
    if asked.start is not None:
        beyond &= times >= micros_of(asked.start)
    if asked.end is not None:
        beyond &= times <= micros_of(asked.end)
    at = np.flatnonzero(beyond)
    if not len(at):
        raise ProjectError(
            "tracing.error.no_event", station=asked.station, item=asked.item, limit=f"{limit:g}"
        )
    if asked.start is not None and asked.end is not None:
        return Event(spot, asked.item, int(times[at[0]]), int(times[at[-1]]), limit, at_least)
    first = runs_of(times, at)[-1][0]
    return Event(spot, asked.item, int(times[first]), int(times[at[-1]]), limit, at_least)


# --- sources ------------------------------------------------------------------------------


def _sources(
    project: Project, waters: Waters, event: Event, rules: TraceRules, judge: Judge
) -> list[Source]:
    figures, item = tracing_figures(project), event.item
    names = {_plain(one) for one in figures.permit_names.get(item, [item])}
    firms = _firms(project)
    own = _own_moments(project, waters, event, rules, judge)
    found = []
    for outlet in waters.outlets:
        firm = str(outlet.facts.get("enterprise_code") or "")
        row = firms.get(firm, {})
        permitted = _items(outlet.facts.get("items") or row.get("items"))
        named = None
        if permitted is not None:
            named = frozenset({item} if permitted & names else ()) | frozenset(permitted)
        size = figures.size_of.get(str(row.get("management") or ""), float("nan"))
        found.append(
            Source(
                outlet.code, outlet.name, firm, str(row.get("name") or firm), outlet.spot,
                named, float(size), None, own.get(outlet.code),
            )
        )  # fmt: skip
    return found


def _plain(text: str) -> str:
    return text.strip().casefold()


def _items(text: Any) -> frozenset[str] | None:
    if text is None or pd.isna(text) or not str(text).strip():
        return None
    cells = str(text).replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",")
    return frozenset(_plain(one) for one in cells.split(",") if one.strip())


def _own_moments(
    project: Project, waters: Waters, event: Event, rules: TraceRules, judge: Judge
) -> dict[str, tuple[int, ...]]:
    """Moments of own jumps and alerts, by outlet; an outlet that nobody watched is absent."""
    jumps, alerted = _own_jumps(project, waters, event, rules, judge), _own_alerts(project)
    found = {}
    for outlet in waters.outlets:
        firm = str(outlet.facts.get("enterprise_code") or "")
        known = jumps.get(outlet.code), alerted.get(outlet.code, alerted.get(firm))
        if any(moments is not None for moments in known):
            found[outlet.code] = tuple(moment for moments in known for moment in moments or ())
    return found


def _own_jumps(
    project: Project, waters: Waters, event: Event, rules: TraceRules, judge: Judge
) -> dict[str, tuple[int, ...]]:
    """When outlets' own readings were far from usual while the water of the event passed them.

    Usual is the median of the week before. An outlet without readings in either time is absent.
    """
    jump = tracing_figures(project).own_jump
    series = {code for code, items in outlet_series(project).items() if event.item in items}
    if event.item in _NO_RATIO or not series:
        return {}
    outlets = [outlet for outlet in waters.outlets if outlet.code in series]
    ways = waters.ways.upstream(event.spot, [one.spot for one in outlets], rules.limit_m)
    slack = round(rules.slack_h * HOUR_US)
    found = {}
    for number, way in ways.items():
        earliest, latest = event.passed_at(way)
        span = earliest - slack - _USUAL_US, latest + slack
        times, values = _readings(project, outlets[number].code, event.item, judge, span)
        inside, there = times >= earliest - slack, ~np.isnan(values)
        if not (inside & there).any() or not (~inside & there).any():
            continue
        usual = float(np.median(values[~inside & there]))
        if usual <= 0:
            continue
        with np.errstate(invalid="ignore"):
            far = values < usual / jump if event.at_least else values > usual * jump
        found[outlets[number].code] = tuple(times[inside & far].tolist())
    return found


def _own_alerts(project: Project) -> dict[str, tuple[int, ...]]:
    """Moments of alerts, by code of what they are of."""
    found: dict[str, list[int]] = {}
    for alert in alerts(project, parts=True):
        found.setdefault(alert.station, []).extend((micros_of(alert.start), micros_of(alert.last)))
    return {code: tuple(moments) for code, moments in found.items()}


def _firms(project: Project) -> dict[str, Mapping[str, Any]]:
    return {
        str(row["code"]): row
        for _, frame in frames_of(project, "enterprise")
        for row in frame.drop(columns="geometry").to_dict("records")
    }


def _section_marks(waters: Waters, here: Spot) -> list[Mark]:
    return [
        Mark(MarkKind.SECTION, one.code, one.name, one.spot)
        for one in waters.sections
        if one.spot != here
    ]


def _verdicts(
    project: Project,
    waters: Waters,
    found: Trace,
    day: date,
    tell: Callable[[float], None],
) -> dict[str, Verdict]:
    places = {outlet.code: outlet for outlet in waters.outlets}
    verdicts = {}
    for number, one in enumerate(found.suspects):
        tell(0.8 + 0.2 * number / len(found.suspects))
        outlet = places[one.source.code]
        verdicts[outlet.code] = answer(project, Place(outlet.lon, outlet.lat), day)
    return verdicts
