"""The file of a river as data: the form behind `gridmap river show --json` (docs/json.md)."""

from dataclasses import asdict
from typing import Any, Final

from gridmap.capabilities.alerts.work.records import Alert
from gridmap.capabilities.locate.rules.verdict import Holding
from gridmap.capabilities.rivers.rules.boards import BoardState
from gridmap.capabilities.rivers.rules.file import Term, UnitLength
from gridmap.capabilities.rivers.words import RiverContext
from gridmap.capabilities.rivers.work.parts import ReachFile, RiverFile
from gridmap.report.json import plain

SCHEMA: Final = "gridmap.river/1"


def river_data(file: RiverFile, context: RiverContext) -> dict[str, Any]:
    """The file as JSON types.

    Distances are metres, days and moments ISO 8601. What does not exist is null or [].
    """
    latest = file.latest_class
    data = {
        "schema": SCHEMA,
        "example": context.example,
        "on": file.on,
        "river": {
            "code": file.river.code,
            "codes": list(file.river.codes),
            "name": file.river.name,
            "grade": file.river.grade or None,
            "basin": file.river.basin or None,
            "goal": file.river.goal or None,
            "stated_km": file.river.length_km,
        },
        "length_m": _metres(file.length_m),
        "units": [_unit(one) for one in file.units],
        "class": None
        if latest is None
        else {"month": f"{latest[1]:%Y-%m}", "class": latest[0]},
        "months": [f"{month:%Y-%m}" for month in file.months],
        "reaches": [_reach(one) for one in file.reaches],
        "sections": [
            {
                "code": one.code, "name": one.name, "reach": one.reach,
                "chainage_m": _metres(one.chainage_m), "role": one.role or None,
                "control_level": one.control_level or None, "target_class": one.target,
                "station": one.station or None,
                "classes": [number or None for number in one.classes],
            }
            for one in file.sections
        ],
        "outlets": [
            {
                "code": one.code, "name": one.name, "reach": one.reach,
                "chainage_m": _metres(one.chainage_m), "bank": one.bank.value,
                "firm": {"code": one.firm, "name": one.firm_name} if one.firm else None,
                "management": one.management or None, "items": one.items or None,
            }
            for one in file.outlets
        ],
        "zones": [
            {
                "code": one.code, "name": one.name, "kind": one.kind,
                "zone_class": one.zone_class or None, "disputed": one.disputed,
                "inside_m": _metres(one.inside_m), "distance_m": _metres(one.distance_m),
                "reaches": list(one.reaches),
            }
            for one in file.zones
        ],
        "alerts": [_alert(one) for one in file.alerts],
        "signboards": [board_data(one) for one in file.boards],
        "board_work_days": file.rules.board.work_days,
        "editions": [{"layer": layer, "date": day} for layer, day in file.editions],
        "readings_until": file.until,
    }  # fmt: skip
    whole: dict[str, Any] = plain(data)
    return whole


def board_data(state: BoardState) -> dict[str, Any]:
    """A signboard and what is wrong with it."""
    board = state.board
    return {
        "code": board.code,
        "name": board.title,
        "reach": board.reach or None,
        "named": {"name": board.name or None, "phone": board.phone},
        "updated": board.updated,
        "fault": None if state.fault is None else state.fault.value,
        "tier": state.tier or None,
        "role": state.role or None,
        "since": state.since,
        "work_days": state.work_days,
        "unannounced": list(state.unannounced),
        "limit": state.limit,
        "overdue": state.overdue,
        "now": None if state.now is None else asdict(state.now),
    }


def _reach(one: ReachFile) -> dict[str, Any]:
    left, right = one.sides
    return {
        "code": one.code,
        "name": one.name,
        "length_m": _metres(one.length_m),
        "units": [_unit(unit) for unit in one.units],
        "border": None if one.border is None else one.border.value,
        "left": [asdict(unit) for unit in left],
        "right": [asdict(unit) for unit in right],
        "flow": one.flow,
        "patrol_per_month": one.patrol_per_month,
        "chiefs": [_holding(held) for held in one.chiefs],
        "history": [_term(term) for term in one.history],
    }


def _unit(one: UnitLength) -> dict[str, Any]:
    return {
        "unit": None if one.unit is None else asdict(one.unit),
        "length_m": _metres(one.metres),
        "border_m": _metres(one.border_m),
        "across": [asdict(unit) for unit in one.with_units],
    }


def _holding(one: Holding) -> dict[str, Any]:
    return {
        "tier": one.tier,
        "role": one.role,
        "person": None if one.person is None else asdict(one.person),
        "since": one.since,
        "begins": one.begins,
    }


def _term(one: Term) -> dict[str, Any]:
    return {
        "tier": one.tier,
        "role": one.role,
        "person": None if one.person is None else asdict(one.person),
        "from": one.first,
        "to": one.last,
    }


def _alert(one: Alert) -> dict[str, Any]:
    return {
        "id": one.alert_id,
        "grade": int(one.grade),
        "station": one.station,
        "item": one.item or None,
        "kind": one.kind.value,
        "start": one.start,
        "end": one.end,
        "status": one.status.value,
        "peak": one.peak_value,
    }


def _metres(value: float) -> float:
    return round(float(value), 1)
