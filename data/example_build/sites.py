"""Sections, stations and places."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from example_build.frames import EXAMPLE, Row, layer, point
from example_build.plane import Floats, rng, to_metres
from example_build.territory import TOWN_CENTRES
from example_build.units import Ground
from example_build.water import Reach, Spot, spot


@dataclass(frozen=True)
class SectionPlan:
    """Where a section lies (fraction of its river) and what it is; `station` if automatic."""

    name: str
    river: str
    fraction: float
    role: str
    control_level: str
    target_class: str
    station: bool = False


SECTIONS: Final = (
    SectionPlan("海盐塘入境", "海盐塘", 0.03, "inflow", "province", "III", station=True),
    SectionPlan("长水塘入境", "长水塘", 0.05, "inflow", "city", "III"),
    SectionPlan("京杭运河入境", "京杭运河", 0.06, "inflow", "national", "III"),
    SectionPlan("杭州塘入境", "杭州塘", 0.03, "inflow", "province", "IV"),
    SectionPlan("余新大桥", "海盐塘", 0.62, "control", "county", "III"),
    SectionPlan("平湖塘对照", "平湖塘", 0.08, "reference", "county", "III", station=True),
    SectionPlan("平湖塘东栅", "平湖塘", 0.24, "control", "city", "III", station=True),
    SectionPlan("平湖塘大桥", "平湖塘", 0.46, "reduction", "province", "III", station=True),
    SectionPlan("平湖塘焦山门", "平湖塘", 0.70, "control", "city", "III", station=True),
    SectionPlan("平湖塘出境", "平湖塘", 0.985, "outflow", "national", "III", station=True),
    SectionPlan("三店塘出境", "三店塘", 0.97, "outflow", "province", "III", station=True),
    SectionPlan("嘉善塘交界", "嘉善塘", 0.97, "border", "city", "III"),
    SectionPlan("盐平塘新丰", "盐平塘", 0.55, "control", "county", "IV"),
    SectionPlan("凤桥港交界", "凤桥港", 0.55, "border", "county", "III"),
)
_AIR_LEVELS: Final = {"330402010": "national", "330402013": "province", "330402015": "city"}
_AIR_TOWNS: Final = tuple(code for code in TOWN_CENTRES if code != "330402007")
_BRIDGES: Final = (
    "向阳桥", "永红桥", "胜利桥", "东方红桥", "团结桥", "跃进桥", "建新桥", "和平桥",
    "幸福桥", "丰收桥", "长虹桥", "秀水桥", "甪里桥", "步云桥", "北板桥", "南堰桥",
    "西板桥", "东塔桥", "塘汇桥", "余贤桥", "净相桥", "竹林桥", "大桥", "由桥",
    "焦山门桥", "新篁桥", "庄史桥", "三星桥", "石堰桥", "姚家桥", "洪家桥", "沈家桥",
    "陆家桥", "顾家桥", "钱家桥", "倪家桥", "金家桥", "杨庄桥", "横港桥", "镇北桥",
)  # fmt: skip


def section_spots(reaches: list[Reach]) -> list[Spot]:
    """The vertex of the river on which each section of `SECTIONS` lies."""
    return [spot(reaches, plan.river, plan.fraction) for plan in SECTIONS]


def sections(reaches: list[Reach]) -> gpd.GeoDataFrame:
    """The 14 sections, each exactly on a vertex of its reach."""
    rows: list[Row] = []
    shapes = []
    for number, (plan, where) in enumerate(zip(SECTIONS, section_spots(reaches), strict=True), 1):
        rows.append({
            "code": f"DM{number:02d}", "name": f"示例断面{number:02d} {plan.name}",
            "river_name": plan.river, "reach_code": where.reach.code, "role": plan.role,
            "control_level": plan.control_level, "target_class": plan.target_class,
            "data_status": EXAMPLE,
        })  # fmt: skip
        shapes.append(shapely.Point(where.reach.line[where.index]))
    return layer(rows, shapes)


def stations(ground: Ground, reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Seven water stations at their sections, twelve air stations in twelve townships."""
    rows: list[Row] = []
    shapes = []
    number = 0
    for index, where in enumerate(section_spots(reaches)):
        plan = SECTIONS[index]
        if plan.station:
            number += 1
            rows.append(_station(f"WS{number:02d}", f"示例水站{number:02d} {plan.name}", "water",
                                 plan.control_level, f"DM{index + 1:02d}",
                                 _town_at(ground, where.metres)))  # fmt: skip
            shapes.append(shapely.Point(where.reach.line[where.index]))
    for index, code in enumerate(_AIR_TOWNS, 1):
        offset = rng("air station", code).uniform(-350, 350, 2)
        place = to_metres(TOWN_CENTRES[code][:2]) + offset
        town = _town_at(ground, place)
        level = _AIR_LEVELS.get(code, "township")
        rows.append(
            _station(f"KQ{index:02d}", f"示例空气站{index:02d} {town}", "air", level, "", town)
        )
        shapes.append(point(place))
    return layer(rows, shapes)


def places(ground: Ground, reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Names to search for: villages, bridges, schools, markets, town halls."""
    found: list[tuple[str, str, float, Floats]] = []
    for village in ground.villages:
        inner = shapely.point_on_surface(ground.bent.area(ground.land.faces_of(village.code)))
        name = village.name.removesuffix("委会").removesuffix("居").replace("村村", "村")
        kind = "社区" if "社区" in village.name else "自然村"
        found.append((name, kind, 400.0, to_metres(inner.coords[0])))
    for town in ground.townships:
        for suffix, kind, radius in (("中心小学", "学校", 80.0), ("农贸市场", "市场", 60.0),
                                     ("政府驻地", "驻地", 150.0)):  # fmt: skip
            shift = rng("place", town.code, suffix).uniform(-320, 320, 2)
            spot_m = to_metres(TOWN_CENTRES[town.code][:2]) + shift
            found.append((f"{town.name[:2]}{suffix}", kind, radius, spot_m))
    draw = rng("bridges")
    long = [reach for reach in reaches if len(reach.line) > 20]
    for name, index in zip(_BRIDGES, draw.permutation(len(long))[: len(_BRIDGES)], strict=True):
        reach = long[int(index)]
        found.append((name, "桥梁", 40.0, reach.metres[len(reach.metres) // 2]))
    rows: list[Row] = [
        {"code": f"PL{number:03d}", "name": name, "kind": kind, "radius_m": radius,
         "data_status": EXAMPLE}
        for number, (name, kind, radius, _) in enumerate(found, 1)
    ]  # fmt: skip
    return layer(rows, [point(where) for *_, where in found])


def _station(*values: str) -> Row:
    fields = ("code", "name", "kind", "control_level", "section_code", "unit_name")
    return {**dict(zip(fields, values, strict=True)), "data_status": EXAMPLE}


def _town_at(ground: Ground, place: Floats) -> str:
    """The township whose mesh face is nearest: good enough for a delivered name."""
    nearest = np.argsort(np.hypot(*(ground.mesh.centres - place).T))
    code = next(ground.land.village[f] for f in nearest if ground.land.village[f])
    return ground.name(code[:9])
