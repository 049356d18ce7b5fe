"""Control zones: the three red lines and water-source protection, all invented."""

import geopandas as gpd
import numpy as np
import shapely

from example_build.frames import EXAMPLE, Row, blob, in_degrees, in_metres, layer, multi
from example_build.plane import Noise, to_metres
from example_build.rivers import PLANS
from example_build.units import Ground
from example_build.water import Reach

_CORRIDOR_M = 180.0
_LAKE = (120.8330, 30.8060)  # about where 湘家荡 lies
_FARM_TOWNS = ("330402100", "330402101", "330402103", "330402105")


def control_zones(ground: Ground, reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Six ecological red lines, farmland of four towns, urban boundaries, two protection areas."""
    county = in_metres(ground.bent.area(range(len(ground.mesh.faces)))).buffer(-5)
    rows: list[Row] = []
    shapes = []
    for row, shape in (*_ecological(reaches), *_farmland(ground), *_urban(ground), *_sources()):
        kept = shapely.simplify(shapely.intersection(shape, county), 3.0)
        rows.append(row)
        shapes.append(multi(shapely.normalize(in_degrees(kept))))
    return layer(rows, shapes)


def _zone(code: str, name: str, kind: str, zone_class: str, *, disputed: bool = False) -> Row:
    return {
        "code": code, "name": f"{name}（示例）", "kind": kind, "zone_class": zone_class,
        "disputed": disputed, "data_status": EXAMPLE,
    }  # fmt: skip


def _ecological(reaches: list[Reach]) -> list[tuple[Row, shapely.Geometry]]:
    kind = "ecological"
    return [
        (_zone("ST01", "湘家荡湿地", kind, "湿地保护"), blob("eco1", _LAKE, 1_150)),
        (_zone("ST02", "平湖塘生态廊道", kind, "水源涵养"), _corridor(reaches, "平湖塘", 6, 9)),
        (_zone("ST03", "胥山林地", kind, "生物多样性维护"), blob("eco3", (120.9250, 30.7480), 620)),
        (_zone("ST04", "海盐塘生态廊道", kind, "水源涵养"), _corridor(reaches, "海盐塘", 1, 4)),
        (_zone("ST05", "凤桥桃园湿地", kind, "湿地保护"), blob("eco5", (120.8700, 30.6320), 850)),
        (_zone("ST06", "竹林湖荡", kind, "生物多样性维护", disputed=True),
         blob("eco6", (120.9050, 30.6700), 700)),
    ]  # fmt: skip


def _sources() -> list[tuple[Row, shapely.Geometry]]:
    inner = blob("source", _LAKE, 560)
    return [
        (_zone("SY01", "湘家荡备用水源一级保护区", "water_source", "一级"), inner),
        (_zone("SY02", "湘家荡备用水源二级保护区", "water_source", "二级"),
         shapely.difference(inner.buffer(420), inner)),
    ]  # fmt: skip


def _farmland(ground: Ground) -> list[tuple[Row, shapely.Geometry]]:
    fertile = Noise("farmland", 3_000.0)(ground.mesh.centres) > -0.1
    away = np.hypot(*(ground.mesh.centres - to_metres([120.770, 30.750])).T) > 6_500
    found = []
    for number, town in enumerate(_FARM_TOWNS, 1):
        faces = [
            face
            for face in ground.land.faces_of(town)
            if fertile[face] and away[face] and face not in ground.land.park
        ]
        shape = in_metres(ground.bent.area(faces)).buffer(-45).buffer(12)
        big = [part for part in shapely.get_parts(shape) if part.area > 40_000]
        name = f"{ground.name(town)}永久基本农田"
        found.append(
            (_zone(f"NT{number:02d}", name, "farmland", "永久基本农田"), shapely.union_all(big))
        )
    return found


def _urban(ground: Ground) -> list[tuple[Row, shapely.Geometry]]:
    near = np.hypot(*(ground.mesh.centres - to_metres([120.765, 30.752])).T)
    town = set(np.flatnonzero(near + 900 * Noise("urban", 5_000.0)(ground.mesh.centres) < 5_400))
    city = in_metres(ground.bent.area({int(f) for f in town} | ground.land.park))
    spots = {"凤桥": (120.848, 30.647), "余新": (120.796, 30.678), "新丰": (120.921, 30.699)}
    found = [(_zone("CZ01", "中心城区城镇开发边界", "urban", "集中建设区"), _soft(city, 90))]
    for number, (name, place) in enumerate(spots.items(), 2):
        row = _zone(f"CZ{number:02d}", f"{name}城镇开发边界", "urban", "集中建设区")
        found.append((row, blob(name, place, 950)))
    return found


def _corridor(reaches: list[Reach], river: str, first: int, last: int) -> shapely.Geometry:
    """The banks of some reaches of a river."""
    own = [reach for reach in reaches if PLANS[reach.river].name == river]
    lines = [shapely.LineString(reach.metres) for reach in own[first:last]]
    return _soft(shapely.union_all(lines).buffer(_CORRIDOR_M), 60)


def _soft(shape: shapely.Geometry, radius_m: float) -> shapely.Geometry:
    return shape.buffer(radius_m).buffer(-2 * radius_m).buffer(radius_m)
