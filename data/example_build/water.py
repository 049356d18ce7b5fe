"""The layers of water: rivers and reaches, and positions along them."""

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from example_build.bending import BentEdges
from example_build.frames import EXAMPLE, Row, layer
from example_build.mesh import Mesh
from example_build.plane import Floats, rng, to_metres
from example_build.rivers import PLANS, Net
from example_build.territory import Territory

_GEOD: Final = Geod(ellps="GRS80")  # of EPSG:4490
# All tiers together: a village chief weekly, a township chief three times, a county chief once.
_PATROLS: Final = {"village": 4, "township": 7, "county": 8, "city": 8}
_GOALS: Final = {
    "city": "示例：出境断面全年稳定达到Ⅲ类，沿线排污口整治完成率 100%",
    "county": "示例：断面年均达到Ⅲ类（杭州塘、盐平塘Ⅳ类），岸线无乱占乱建",
    "township": "示例：消除劣Ⅴ类，水面无漂浮物，排口全部立牌",
    "village": "示例：水清岸绿，全年无黑臭，一河一策年度清单完成",
}


@dataclass(frozen=True)
class Reach:
    """One reach: its vertices in degrees and metres, and whose village it crosses most."""

    code: str
    river: int
    line: Floats
    metres: Floats
    from_node: str
    to_node: str
    width_m: float
    velocity_m_s: float
    village: str

    @property
    def length_m(self) -> float:
        """Length in the plane."""
        return float(np.hypot(*np.diff(self.metres, axis=0).T).sum())


@dataclass(frozen=True)
class Spot:
    """A vertex of a reach: exact coordinates, and its distance from the river's start."""

    reach: Reach
    index: int
    river_m: float

    @property
    def metres(self) -> Floats:
        """The vertex in the plane."""
        return self.reach.metres[self.index]

    def bank(self, side: int, beyond_m: float) -> Floats:
        """A place beside the water: `side` 1 is left looking downstream, -1 right."""
        line, i = self.reach.metres, self.index
        along = line[min(i + 1, len(line) - 1)] - line[max(i - 1, 0)]
        left = np.array([-along[1], along[0]]) / np.hypot(*along)
        return np.asarray(self.metres + side * left * (self.reach.width_m / 2 + beyond_m))


def make_reaches(mesh: Mesh, bent: BentEdges, land: Territory, net: Net) -> list[Reach]:
    """The reaches in the order of the plans, downstream within each river."""
    numbers: dict[int, int] = {}
    serial: dict[int, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
    reaches = []
    for river, path in net.reaches:
        plan = PLANS[river]
        line = bent.path(path)
        ends = [
            f"N{numbers.setdefault(node, len(numbers) + 1):03d}" for node in (path[0], path[-1])
        ]
        code = f"{plan.code}-{next(serial[river]):02d}"
        draw = rng("reach", code)
        reaches.append(
            Reach(
                code=code,
                river=river,
                line=line,
                metres=to_metres(line),
                from_node=ends[0],
                to_node=ends[1],
                width_m=float(np.clip(round(plan.width_m * draw.uniform(0.88, 1.12)), 15, 60)),
                velocity_m_s=float(np.clip(round(plan.velocity_m_s * draw.uniform(0.85, 1.15), 2),
                                           0.05, 0.4)),
                village=_village(mesh, land, path),
            )
        )  # fmt: skip
    return reaches


def reach_layer(reaches: list[Reach]) -> gpd.GeoDataFrame:
    """The reaches as a layer."""
    rows: list[Row] = [
        {
            "code": reach.code,
            "name": f"{PLANS[reach.river].name}{int(reach.code[-2:])}段",
            "river_code": PLANS[reach.river].code,
            "river_name": PLANS[reach.river].name,
            "from_node": reach.from_node,
            "to_node": reach.to_node,
            "flow": "dominant" if PLANS[reach.river].grade != "village" else "unknown",
            "width_m": reach.width_m,
            "velocity_m_s": reach.velocity_m_s,
            "patrol_per_month": _PATROLS[PLANS[reach.river].grade],
            "data_status": EXAMPLE,
        }
        for reach in reaches
    ]
    return layer(rows, [shapely.MultiLineString([reach.line]) for reach in reaches])


def river_layer(reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Each river as the line of its reaches, vertex by vertex."""
    rows: list[Row] = []
    shapes = []
    for index, plan in enumerate(PLANS):
        lines = [shapely.LineString(reach.line) for reach in reaches if reach.river == index]
        merged = shapely.line_merge(shapely.MultiLineString(lines), directed=True)
        shapes.append(shapely.MultiLineString(shapely.get_parts(merged).tolist()))
        rows.append({
            "code": plan.code, "name": plan.name, "grade": plan.grade,
            "basin": "太湖流域 · 杭嘉湖平原河网",
            "length_km": round(_GEOD.geometry_length(shapes[-1]) / 1000, 2),
            "goal": _GOALS[plan.grade], "data_status": EXAMPLE,
        })  # fmt: skip
    return layer(rows, shapes)


def spot(reaches: list[Reach], river: str, fraction: float) -> Spot:
    """The vertex nearest to a fraction of a river's length, never a node."""
    own = [reach for reach in reaches if PLANS[reach.river].name == river]
    goal = fraction * sum(reach.length_m for reach in own)
    start = 0.0
    best = Spot(own[0], 1, 0.0)
    for reach in own:
        along = np.concatenate([[0.0], np.hypot(*np.diff(reach.metres, axis=0).T).cumsum()]) + start
        index = int(np.argmin(np.abs(along[1:-1] - goal))) + 1
        if abs(along[index] - goal) < abs(best.river_m - goal) or best.river_m == 0.0:
            best = Spot(reach, index, float(along[index]))
        start += reach.length_m
    return best


def travel_hours(reaches: list[Reach], upper: Spot, lower: Spot) -> float:
    """Time of flow between two spots of one river, by each reach's velocity."""
    hours, start = 0.0, 0.0
    for reach in (r for r in reaches if r.river == upper.reach.river):
        low, high = max(start, upper.river_m), min(start + reach.length_m, lower.river_m)
        hours += max(high - low, 0.0) / reach.velocity_m_s / 3600
        start += reach.length_m
    return hours


def _village(mesh: Mesh, land: Territory, path: list[int]) -> str:
    """The village along most of the course (both banks), first in code order among equals."""
    length: dict[str, float] = defaultdict(float)
    for a, b in itertools.pairwise(path):
        edge = mesh.edge(a, b)
        for face in mesh.sides[edge].tolist():
            if face >= 0 and land.village[face]:
                length[land.village[face]] += float(mesh.lengths[edge])
    return max(sorted(length), key=lambda code: round(length[code], 3))
