"""A planned network: reaches with codes and names, findings, and the rows to be written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gridmap.capabilities.rivers.rules.building import BuiltReach, NetRules
from gridmap.capabilities.rivers.rules.findings import NetFinding
from gridmap.capabilities.rivers.work.lines import LineFacts
from gridmap.core.rivernet.graphs import distances_from, graph_of
from gridmap.store.editions import Edition
from gridmap.texts import t

_LEAST_M: Final = 1e-6


@dataclass(frozen=True)
class PlannedReach:
    """A reach as it would be written.

    Attributes:
        built: where it runs and how it is joined; its geometry may be a piece of it.
        facts: what the drawn line brings along.
        code, name: as they would be written.
        chainage_m: metres of its beginning from the head of its river.
        units: codes of the unit it lies in, of both where it is their border; empty until split.
        unit_names: their names, in the same order.
        border: "left_right", "up_down", "interlocked" or "" (交界类型).
    """

    built: BuiltReach
    facts: LineFacts
    code: str = ""
    name: str = ""
    chainage_m: float = float("nan")
    units: tuple[str, ...] = ()
    unit_names: tuple[str, ...] = ()
    border: str = ""


@dataclass(frozen=True)
class NetworkPlan:
    """What would be written, and everything found on the way.

    Attributes:
        reaches: in the order of rivers, from upstream.
        nodes: name to degrees of EPSG:4490.
        findings: what was moved, cut, bridged or waits for somebody.
        edition: where the lines come from.
        outlets, rules, closed: what was asked, kept with the project.
        tier: whose borders the reaches were cut at, "" for none.
        rivers: key of each drawn line to the name of its river, "" where nobody named it.
    """

    reaches: tuple[PlannedReach, ...]
    nodes: dict[str, tuple[float, float]]
    findings: tuple[NetFinding, ...]
    edition: Edition
    outlets: tuple[tuple[float, float], ...] = ()
    rules: NetRules = field(default_factory=NetRules)
    closed: tuple[str, ...] = ()
    tier: str = ""
    rivers: Mapping[str, str] = field(default_factory=dict)

    @property
    def open_findings(self) -> tuple[NetFinding, ...]:
        """The findings that wait for somebody."""
        return tuple(one for one in self.findings if not one.resolved)

    def confluences(self) -> set[tuple[frozenset[str], str]]:
        """Names of the rivers that meet, and of the one that leaves; per node."""
        arriving: dict[str, set[str]] = defaultdict(set)
        leaving: dict[str, str] = {}
        for one in self.reaches:
            arriving[one.built.to_node].add(one.built.river)
            leaving.setdefault(one.built.from_node, one.built.river)
        return {
            (frozenset(rivers), leaving[node])
            for node, rivers in arriving.items()
            if len(rivers) > 1 and node in leaving
        }

    def frame(self) -> gpd.GeoDataFrame:
        """The rows of the layer `reaches`, EPSG:4490."""
        rows = [
            {
                "code": one.code,
                "name": one.name,
                "river_code": one.facts.river_code or None,
                "river_name": one.built.river or None,
                "from_node": one.built.from_node,
                "to_node": one.built.to_node,
                "flow": one.built.flow,
                "chainage_m": None if np.isnan(one.chainage_m) else round(one.chainage_m, 1),
                "unit_codes": "、".join(one.units) or None,
                "border": one.border or None,
                "data_status": one.facts.data_status,
                **{name: one.facts.figures.get(name) for name in ("width_m", "velocity_m_s")},
                "patrol_per_month": one.facts.figures.get("patrol_per_month"),
            }
            for one in self.reaches
        ]
        shapes = [one.built.geometry for one in self.reaches]
        return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490")

    def findings_table(self) -> pd.DataFrame:
        """The findings with id, kind, whether resolved, lines, metres, lon and lat (EPSG:4490)."""
        columns = ["id", "kind", "resolved", "line", "other", "metres", "lon", "lat"]
        rows = [
            (
                one.id, one.kind.value, one.resolved, one.line, one.other, round(one.metres, 2),
                round(one.lon, 7), round(one.lat, 7),
            )
            for one in self.findings
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


# --- codes and names ----------------------------------------------------------------------


def numbered(reaches: Sequence[PlannedReach]) -> tuple[PlannedReach, ...]:
    """The reaches by river from upstream, with codes, names and chainages."""
    far = _to_mouth(reaches)
    by_river: dict[str, list[PlannedReach]] = defaultdict(list)
    for one in reaches:
        by_river[one.built.river or one.facts.river_code].append(one)
    found: list[PlannedReach] = []
    taken: set[str] = set()
    for river, members in by_river.items():
        codes = {one.facts.river_code for one in members} - {""}
        prefix = codes.pop() if len(codes) == 1 else river or "R"
        ordered = sorted(
            members,
            key=lambda one: (one.built.part, -far[one.built.from_node], one.built.from_node),
        )
        heads: dict[int, float] = {}
        for one in ordered:
            heads.setdefault(one.built.part, far[one.built.from_node])
        digits = max(2, len(str(len(ordered))))
        titles = _titles(ordered, river or prefix)
        for number, (one, title) in enumerate(zip(ordered, titles, strict=True), start=1):
            code = f"{prefix}-{number:0{digits}d}"
            while code in taken:
                code += "x"
            taken.add(code)
            chainage = heads[one.built.part] - far[one.built.from_node]
            found.append(replace(one, code=code, name=title, chainage_m=chainage))
    return tuple(found)


def _titles(ordered: Sequence[PlannedReach], river: str) -> list[str]:
    """河名 + 乡镇 + 段 where a reach lies in units, else 河名 + N + 段."""
    where = ["、".join(one.unit_names) for one in ordered]
    titles = []
    for number, place in enumerate(where):
        if not place:
            titles.append(t("network.name.reach", river=river, number=number + 1))
        elif where.count(place) == 1:
            titles.append(t("network.name.in_unit", river=river, unit=place))
        else:
            nth = where[: number + 1].count(place)
            titles.append(t("network.name.nth_in_unit", river=river, unit=place, number=nth))
    return titles


def _to_mouth(reaches: Sequence[PlannedReach]) -> dict[str, float]:
    """Metres of water from each node to where the water leaves; from a loop without end: 0."""
    numbers: dict[str, int] = {}
    for one in reaches:
        numbers.setdefault(one.built.from_node, len(numbers))
        numbers.setdefault(one.built.to_node, len(numbers))
    starts = np.array([numbers[one.built.from_node] for one in reaches], np.int64)
    ends = np.array([numbers[one.built.to_node] for one in reaches], np.int64)
    shortest: dict[tuple[int, int], float] = {}
    for start, end, one in zip(starts.tolist(), ends.tolist(), reaches, strict=True):
        metres = max(one.built.length_m, _LEAST_M)
        shortest[end, start] = min(metres, shortest.get((end, start), metres))
    mouths = np.setdiff1d(ends, starts)
    if not len(mouths):
        return dict.fromkeys(numbers, 0.0)
    pairs = np.array(list(shortest), np.int64).T
    graph = graph_of(np.array(list(shortest.values())), pairs, len(numbers))
    far = distances_from(graph, mouths)
    return {node: float(np.nan_to_num(far[at], posinf=0.0)) for node, at in numbers.items()}
