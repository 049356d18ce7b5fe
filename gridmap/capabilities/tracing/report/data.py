"""A trace as data: the stable form behind `gridmap trace --json` (docs/json.md)."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

import numpy as np

from gridmap.capabilities.locate.rules.verdict import Verdict
from gridmap.capabilities.rivers.rules.waterways import Way
from gridmap.capabilities.tracing.report.profile import level_of
from gridmap.capabilities.tracing.report.words import TraceWriting, step_of
from gridmap.capabilities.tracing.rules import Bracket, PartKind, Suspect
from gridmap.core.moments import moment_of
from gridmap.standards.files import standards
from gridmap.standards.surface_water import has_multiple

SCHEMA: Final = "gridmap.trace/1"


def trace_data(words: TraceWriting) -> dict[str, Any]:
    """A trace as JSON types.

    Distances are metres, times of travel hours, coordinates degrees of EPSG:4490, moments ISO 8601
    with offset. What does not exist is null.
    """
    answer = words.answer
    rules = answer.rules
    velocities = answer.waters.ways.velocities
    return {
        "schema": SCHEMA,
        "crs": "EPSG:4490",
        "example": words.context.example,
        "station": _station(words),
        "item": answer.asked.item,
        "unit": answer.unit,
        "event": _event(words),
        "range": {
            "limit_m": rules.limit_m,
            "slack_h": rules.slack_h,
            "reaches": len(answer.found.reaches),
            "water_m": _metres(sum(far - near for near, far in answer.found.reaches.values())),
            "dead_ends": ["、".join(one.reaches) for one in answer.dead_ends],
            "default_m_s": velocities.default_m_s,
            "slow": velocities.slow,
            "fast": velocities.fast,
        },
        "weights": {kind.value: rules.weight(kind) for kind in PartKind},
        "sections": [_section(one) for one in answer.found.sections],
        "suspects": [
            _suspect(words, number, one) for number, one in enumerate(answer.found.suspects, 1)
        ],
        "marks": [
            {"kind": mark.kind.value, "code": mark.code, "name": mark.name,
             "river_m": _metres(way.metres)}
            for mark, way in answer.found.marks
        ],
        "editions": [
            {"layer": title, "date": None if day is None else day.isoformat()}
            for title, day in words.context.editions
        ],
        "readings_until": None if words.context.until is None else words.context.until.isoformat(),
    }  # fmt: skip


def _station(words: TraceWriting) -> dict[str, Any]:
    facts, spot = words.answer.facts, words.answer.found.event.spot
    return {
        "code": facts.code,
        "name": facts.name,
        "section": facts.section or None,
        "river": facts.river or None,
        "target_class": None if facts.target is None else int(facts.target),
        "reach": spot.reach,
        "chainage_m": _metres(spot.chainage_m),
    }


def _event(words: TraceWriting) -> dict[str, Any]:
    answer, event = words.answer, words.answer.found.event
    value, at = answer.peak
    level = level_of(answer, value, at)
    compared = not event.at_least and event.limit and has_multiple(standards().water, event.item)
    over = (value - event.limit) / event.limit if compared else None
    return {
        "start": _iso(event.start),
        "end": _iso(event.end),
        "limit": event.limit,
        "at_least": event.at_least,
        "peak": value,
        "peak_at": at.isoformat(),
        "class": None if level is None else level.number,
        "multiple": None if over is None else round(over, 4),
    }


def _section(one: Bracket) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        **_way(one.way),
        "passed_from": _iso(one.earliest),
        "passed_to": _iso(one.latest),
        "state": one.state.value,
        "readings": one.readings,
        "worst": None if np.isnan(one.worst) else one.worst,
    }


def _suspect(words: TraceWriting, number: int, one: Suspect) -> dict[str, Any]:
    source, answer = one.source, words.answer
    lon, lat = answer.waters.place_of(source.spot)
    verdict = answer.verdicts.get(source.code)
    return {
        "rank": number,
        "outlet": {"code": source.code, "name": source.name},
        "firm": {"code": source.firm, "name": source.firm_name} if source.firm else None,
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "score": round(one.score, 6),
        "parts": [
            {"kind": part.kind.value, "value": part.value, "weight": part.weight}
            for part in one.parts
        ],
        **_way(one.way),
        "released_from": _iso(one.earliest),
        "released_to": _iso(one.latest),
        "items": None if source.items is None else sorted(source.items),
        "excluded_by": one.behind or None,
        "owner": None if verdict is None or verdict.owner is None else asdict(verdict.owner),
        "chiefs": _chiefs(verdict),
        "next_step": step_of(one),
    }


def _way(way: Way) -> dict[str, Any]:
    names: Mapping[str, str] = {"metres": "river_m"}
    return {
        names.get(one.name, one.name): round(float(getattr(way, one.name)), 3)
        for one in fields(way)
    }


def _chiefs(verdict: Verdict | None) -> list[dict[str, Any]]:
    if verdict is None or verdict.river is None:
        return []
    return [
        {
            "tier": one.tier,
            "role": one.role,
            "name": None if one.person is None else one.person.name,
            "phone": None if one.person is None else one.person.phone,
            "since": None if one.since is None else one.since.isoformat(),
            "begins": None if one.begins is None else one.begins.isoformat(),
        }
        for one in verdict.river.chiefs
    ]


def _metres(value: float) -> float:
    return round(float(value), 1)


def _iso(us: int) -> str:
    return moment_of(us).isoformat(timespec="seconds")
