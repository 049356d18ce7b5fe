"""A downstream warning as data: the stable form behind `gridmap warn --json` (docs/json.md)."""

from dataclasses import asdict
from typing import Any, Final

from gridmap.domain.warning import Arrival
from gridmap.output.verdict_json import as_json, masked_phones
from gridmap.output.warning_words import moment_of
from gridmap.project.warning import WarningAnswer
from gridmap.project.warning_calls import Call

SCHEMA: Final = "gridmap.warning/1"


def warning_data(answer: WarningAnswer, *, full_phones: bool = False) -> dict[str, Any]:
    """A warning as JSON types; phones masked unless asked.

    Distances are metres, times of travel hours, coordinates degrees of EPSG:4490, moments ISO 8601
    with offset. What does not exist is null.
    """
    spot, velocities = answer.found.place, answer.waters.ways.velocities
    lon, lat = answer.lonlat
    verdict = answer.verdict
    data = {
        "schema": SCHEMA,
        "crs": "EPSG:4490",
        "example": answer.example,
        "place": {
            "lon": round(verdict.place.lon, 7),
            "lat": round(verdict.place.lat, 7),
            "water_lon": round(lon, 7),
            "water_lat": round(lat, 7),
            "offset_m": _metres(answer.offset_m),
            "reach": spot.reach,
            "chainage_m": _metres(spot.chainage_m),
            "owner": None if verdict.owner is None else asdict(verdict.owner),
        },
        "start": answer.start.isoformat(),
        "limit_m": answer.limit_m,
        "velocity": {
            "factor": answer.factor,
            "default_m_s": velocities.default_m_s,
            "slow": velocities.slow,
            "fast": velocities.fast,
            "turned": sorted(answer.waters.ways.turned),
        },
        "water_m": _metres(sum(abs(one.to_m - one.from_m) for one in answer.pieces)),
        "stopped": bool(answer.found.stopped_by),
        "arrivals": [_arrival(answer, one) for one in answer.found.arrivals],
        "calls": [_call(one) for one in answer.calls],
    }
    return data if full_phones else masked_phones(data)


def warning_json(answer: WarningAnswer, *, full_phones: bool = False) -> str:
    """The same as text, indented, Chinese unescaped."""
    return as_json(warning_data(answer, full_phones=full_phones))


def _arrival(answer: WarningAnswer, one: Arrival) -> dict[str, Any]:
    lon, lat = answer.waters.place_of(one.target.spot)
    return {
        "kind": one.target.kind.value,
        "code": one.target.code,
        "name": one.target.name,
        "reach": one.target.spot.reach,
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "river_m": _metres(one.way.metres),
        "hours": round(one.way.hours, 3),
        "hours_fast": round(one.way.hours_fast, 3),
        "hours_slow": round(one.way.hours_slow, 3),
        "earliest": moment_of(one.earliest).isoformat(timespec="seconds"),
        "latest": moment_of(one.latest).isoformat(timespec="seconds"),
    }


def _call(one: Call) -> dict[str, Any]:
    held = one.who
    return {
        "order": one.order,
        "kind": one.kind.value,
        "unit": one.unit or None,
        "role": None if held is None else held.role,
        "tier": None if held is None else held.tier,
        "vacant": held is not None and held.vacant,
        "since": None if held is None or held.since is None else held.since.isoformat(),
        "name": one.name or None,
        "organisation": one.organisation or None,
        "phone": one.phone or None,
        "about": list(one.about),
        "use": one.use or None,
        "supplied": one.supplied or None,
        "call_before": one.earliest.isoformat(timespec="seconds"),
        "latest": one.latest.isoformat(timespec="seconds"),
    }


def _metres(value: float) -> float:
    return round(float(value), 1)
