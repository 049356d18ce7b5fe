"""The water of a project: its network, and where sections, outlets and borders lie on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.capabilities.locate.rules.reaches import Reach, ReachIndex
from gridmap.capabilities.locate.rules.verdict import Bank
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.rules.waterways import Mark, MarkKind, Spot, WaterReach, Waterways
from gridmap.capabilities.rivers.work.borders import borders_of
from gridmap.capabilities.rivers.work.figures import velocities_of
from gridmap.store.changes import roles, settings
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

WATER_READS: Final = roles(
    "reach", "section", "outlet", "intake", "sluice", "grid", "dispute"
) | settings("rules.")

_ON_BORDER: Final = frozenset({"left_right", "interlocked"})  # units on both banks


@dataclass(frozen=True)
class OnWater:
    """A point snapped to the water.

    `offset_m` is how far off the drawn line it lies; `facts` are the other columns of its row.
    """

    layer_id: str
    code: str
    name: str
    spot: Spot
    bank: Bank
    offset_m: float
    lon: float
    lat: float
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Waters:
    """Everything on the water, of one state of a project; immutable.

    `far` are points of the layers that lie farther from any water than the rule allows.
    """

    ways: Waterways
    index: ReachIndex
    sections: tuple[OnWater, ...]
    outlets: tuple[OnWater, ...]
    intakes: tuple[OnWater, ...]
    marks: tuple[Mark, ...]
    far: tuple[tuple[str, str], ...]

    def spot_at(self, lon: float, lat: float, within_m: float) -> tuple[Spot, float, Bank] | None:
        """The place on the water nearest to a point, its distance and bank; None beyond."""
        near = self.index.near(lon, lat, within_m)
        if not near:
            return None
        first = near[0]
        code = self.index.reaches[first.reach].code
        return Spot(code, first.chainage_m), first.distance_m, first.bank

    def place_of(self, spot: Spot) -> tuple[float, float]:
        """Degrees of EPSG:4490 of a place on the water."""
        position = self.index.position_of(spot.reach)
        if position is None:
            raise KeyError(spot.reach)
        return self.index.place_at(position, spot.chainage_m)


def present_waters(project: Project) -> Waters:
    """The water of a project as it is now, read once for each state of it. Any thread."""
    return project.derived(waters_of, WATER_READS)


def waters_of(
    project: Project, *, closed: tuple[Spot, ...] = (), turned: tuple[str, ...] = ()
) -> Waters:
    """The water of a project.

    Args:
        project: the project.
        closed: sluices closed besides those that the project's layer says are.
        turned: reaches whose water runs back at the time.
    """
    snap_m = rules_of(project).snap_m
    reaches, velocities, lines, banks = _reaches(project)
    index = ReachIndex(reaches, np.array(lines, dtype=object))
    placed = _Placing(index, snap_m, [])
    shut = tuple(
        one.spot for one in placed.on_water(project, "sluice") if one.facts.get("state") == "closed"
    )
    ways = Waterways(
        [
            WaterReach(
                reach.code, reach.name, reach.river_name, reach.from_node, reach.to_node,
                float(length), velocities.get(reach.code, 0.0),
            )
            for reach, length in zip(index.reaches, index.lengths_m, strict=True)
        ],
        velocities_of(project),
        (*closed, *shut),
        turned,
    )  # fmt: skip
    sections = placed.on_water(project, "section")
    outlets = placed.on_water(project, "outlet", without=("kind", "DA"))  # waste gas
    intakes = placed.on_water(project, "intake")
    grid = responsibility_of(project).grid
    marks = [*_mouths(index), *borders_of(grid, ways, index, banks)]
    return Waters(
        ways, index, tuple(sections), tuple(outlets), tuple(intakes), tuple(marks),
        tuple(placed.far),
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _reaches(
    project: Project,
) -> tuple[list[Reach], dict[str, float], list[Any], dict[str, list[str]]]:
    """Reaches, their velocities and lines, and the units of those that are a border."""
    reaches, velocities, lines, banks = [], {}, [], {}
    for _, frame in frames_of(project, "reach"):
        for row in frame.itertuples():
            if row.geometry is None or row.geometry.is_empty:
                continue
            width = 0.0 if pd.isna(row.width_m) else float(row.width_m)
            code = str(row.code)
            reaches.append(
                Reach(
                    code, _text(row.name), _text(row.river_name), _text(row.from_node),
                    _text(row.to_node), _text(row.flow) or "unknown", width,
                )
            )  # fmt: skip
            velocities[code] = 0.0 if pd.isna(row.velocity_m_s) else float(row.velocity_m_s)
            lines.append(row.geometry)
            if _text(row.border) in _ON_BORDER:
                banks[code] = _text(row.unit_codes).split("、")
    return reaches, velocities, lines, banks


@dataclass(frozen=True)
class _Placing:
    """Snaps points of layers to the reaches; what is too far from any goes to `far`."""

    index: ReachIndex
    snap_m: float
    far: list[tuple[str, str]]

    def on_water(
        self, project: Project, role: str, without: tuple[str, str] | None = None
    ) -> list[OnWater]:
        """All points of the layers of a role; `without` names a column and a value to pass over."""
        found = []
        for layer_id, frame in frames_of(project, role):
            for row in frame.to_dict("records"):
                point = row.pop("geometry")
                if without is not None and row.get(without[0]) == without[1]:
                    continue
                if point is None or point.is_empty:
                    self.far.append((layer_id, str(row["code"])))
                    continue
                seen = self._seen(_text(row.get("reach_code")), point)
                if seen is None:
                    self.far.append((layer_id, str(row["code"])))
                    continue
                spot, bank, offset = seen
                found.append(
                    OnWater(
                        layer_id, str(row["code"]), _text(row.get("name")), spot, bank, offset,
                        float(point.x), float(point.y), row,
                    )
                )  # fmt: skip
        return found

    def _seen(self, reach: str, point: Any) -> tuple[Spot, Bank, float] | None:
        """By its own reach, else by the nearest one within the rule's distance."""
        position = self.index.position_of(reach) if reach else None
        if position is not None:
            on = self.index.on(position, point.x, point.y)
        else:
            near = self.index.near(point.x, point.y, self.snap_m)
            if not near:
                return None
            on = near[0]
        return Spot(self.index.reaches[on.reach].code, on.chainage_m), on.bank, on.distance_m


def _mouths(index: ReachIndex) -> Iterator[Mark]:
    """Where another river joins: on the reach below, at its beginning."""
    leaving: dict[str, Reach] = {}
    for reach in index.reaches:
        if reach.from_node:
            leaving.setdefault(reach.from_node, reach)
    for reach in index.reaches:
        below = leaving.get(reach.to_node) if reach.to_node else None
        if below is not None and below.river_name != reach.river_name:
            yield Mark(MarkKind.MOUTH, reach.code, reach.river_name, Spot(below.code, 0.0))
