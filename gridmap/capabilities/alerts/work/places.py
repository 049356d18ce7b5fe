"""Whom an alert belongs to: the verdict of its place, cut down to unit, chain and chiefs."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gridmap.capabilities.locate.rules.verdict import Holding, UnitRef, Verdict
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.core.place import Place
from gridmap.store.project import Project


class Places:
    """Verdicts of stations by day, each asked once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[tuple[str, date], dict[str, Any] | None] = {}

    def of(self, facts: StationFacts, day: date) -> dict[str, Any] | None:
        """The short verdict of a station's point on a day; None where it has no point."""
        key = facts.code, day
        if key not in self._known:
            placed = not (math.isnan(facts.lon) or math.isnan(facts.lat))
            self._known[key] = (
                short_verdict(
                    responsibility_of(self._project).locate(Place(facts.lon, facts.lat), day)
                )
                if placed
                else None
            )
        return self._known[key]


def short_verdict(verdict: Verdict) -> dict[str, Any]:
    """Unit, chain and chiefs of a verdict as JSON types; phones in full, for the file only."""
    river = verdict.river
    return {
        "on": verdict.on.isoformat(),
        "status": verdict.status.value,
        "unit": _unit(verdict.owner),
        "provisional": verdict.provisional,
        "chain": [
            {"unit": _unit(link.unit), "posts": _posts(link.posts)} for link in verdict.chain
        ],
        "river": None
        if river is None
        else {
            "code": river.reach_code,
            "name": river.reach_name,
            "river": river.river_name,
            "distance_m": round(river.distance_m, 1),
            "chiefs": _posts(river.chiefs),
        },
        "fingerprint": verdict.basis.fingerprint,
    }


def _unit(unit: UnitRef | None) -> dict[str, str] | None:
    return None if unit is None else {"code": unit.code, "name": unit.name, "tier": unit.tier}


def _posts(posts: Sequence[Holding]) -> list[dict[str, Any]]:
    return [
        {
            "role": post.role,
            "tier": post.tier,
            "name": post.person.name if post.person else None,
            "phone": post.person.phone if post.person else None,
            "since": post.since.isoformat() if post.since else None,
        }
        for post in posts
    ]


def suggested(verdict: Mapping[str, Any] | None, medium: str) -> list[str]:
    """Whom to give an alert to, the nearest first: names as “unit name”.

    For water the chiefs of the reach from the lowest tier up, then the heads of the units; for
    air only these.
    """
    if verdict is None:
        return []
    names: list[str] = []
    river = verdict.get("river")
    if river is not None and medium == "water":
        names += [f"{river['name']} {post['name']}" for post in _held(river["chiefs"])]
    for link in verdict["chain"]:
        names += [f"{link['unit']['name']} {post['name']}" for post in _held(link["posts"])]
    if verdict.get("unit") is not None:
        names.append(str(verdict["unit"]["name"]))
    return list(dict.fromkeys(names))


def _held(posts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [post for post in posts if post["name"]]
