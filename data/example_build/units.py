"""The layers of territory: grid units, context, liaison districts, disputes."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from example_build.bending import BentEdges
from example_build.frames import EXAMPLE, REAL, Row, layer, multi
from example_build.mesh import Mesh
from example_build.packages import CITY_CODE, COUNTY_CODE, County, Division
from example_build.plane import rng
from example_build.territory import PARK_CODE, Territory

PARK_PRIORITY: Final = 10
DISTRICTS: Final = {
    "PQ01": ("东部联络片区（示例）", ("330402105", "330402103", "330402100")),
    "PQ02": ("西部联络片区（示例）", ("330402101", "330402013", "330402015")),
}


@dataclass(frozen=True)
class Ground:
    """Everything that the later parts need to know about the territory."""

    mesh: Mesh
    land: Territory
    bent: BentEdges
    townships: list[Division]
    villages: list[Division]
    counties: list[County]

    def name(self, code: str) -> str:
        """The name of a township or village."""
        return next(d.name for d in (*self.townships, *self.villages) if d.code == code)


def grid_units(ground: Ground) -> gpd.GeoDataFrame:
    """City, county, townships, park and villages."""
    outline = ground.bent.area(range(len(ground.mesh.faces)))
    neighbours = [_noded(c.outline, outline) for c in ground.counties if c.code != COUNTY_CODE]
    city = multi(shapely.normalize(shapely.union_all([outline, *neighbours])))
    people = {v.code: _population(ground, v) for v in ground.villages}
    rows = [
        _unit(CITY_CODE, "嘉兴市", "city", "", 0, 5_400_000, REAL),
        _unit(COUNTY_CODE, "南湖区", "county", CITY_CODE, 0, sum(people.values()), REAL),
        _unit(PARK_CODE, "示例工业园区", "park", COUNTY_CODE, PARK_PRIORITY, 9_600, EXAMPLE),
    ]
    shapes = [city, outline, ground.bent.area(ground.land.park)]
    for town in ground.townships:
        count = sum(n for code, n in people.items() if code.startswith(town.code))
        rows.append(_unit(town.code, town.name, "township", COUNTY_CODE, 0, count, EXAMPLE))
        shapes.append(ground.bent.area(ground.land.faces_of(town.code)))
    for village in ground.villages:
        count = people[village.code]
        row = _unit(village.code, village.name, "village", village.parent_code, 0, count, EXAMPLE)
        rows.append(row)
        shapes.append(ground.bent.area(ground.land.faces_of(village.code)))
    return layer(rows, shapes)


def context_outlines(ground: Ground) -> gpd.GeoDataFrame:
    """The other counties of the city; they share the district's border vertex by vertex."""
    outline = ground.bent.area(range(len(ground.mesh.faces)))
    others = [c for c in ground.counties if c.code != COUNTY_CODE]
    rows = [{"code": c.code, "name": c.name, "data_status": REAL} for c in others]
    return layer(rows, [_noded(c.outline, outline) for c in others])


def liaison_districts(ground: Ground) -> gpd.GeoDataFrame:
    """Two 片区 over six townships; the streets of the centre lie in none."""
    rows: list[Row] = []
    shapes = []
    for code, (name, towns) in DISTRICTS.items():
        rows.append({"code": code, "name": name, "kind": "环境监管", "data_status": EXAMPLE})
        faces = {face for town in towns for face in ground.land.faces_of(town)}
        shapes.append(ground.bent.area(faces))
    return layer(rows, shapes)


def disputes(ground: Ground) -> gpd.GeoDataFrame:
    """The one disputed area."""
    towns = sorted({ground.land.village[face][:9] for face in ground.land.disputed})
    row = {
        "code": "ZY01",
        "name": "新丰镇与凤桥镇权属争议区（示例）",
        "unit_codes": ";".join(towns),
        "since": dt.date(2024, 5, 20),
        "note": "示例：河道裁弯后两镇对旧河滩的归属各执一词",
        "data_status": EXAMPLE,
    }
    return layer([row], [ground.bent.area(ground.land.disputed)])


def _unit(*values: object) -> Row:
    fields = ("code", "name", "tier", "parent_code", "priority", "population", "data_status")
    return dict(zip(fields, values, strict=True))


def _population(ground: Ground, village: Division) -> int:
    """Dense in the streets, thin in the country; an invented figure."""
    square_km = sum(ground.mesh.areas_m2[f] for f in ground.land.faces_of(village.code)) / 1e6
    density = 420.0 if int(village.code[9:]) >= 200 else 5_200.0
    bounded = float(np.clip(density * square_km, 900, 11_000))
    return int(bounded * rng("population", village.code).uniform(0.8, 1.2))


def _noded(other: shapely.MultiPolygon, outline: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """A neighbour's outline with the extra vertices that the common border has got."""
    ring = [tuple(c) for c in shapely.get_coordinates(outline).tolist()][:-1]
    published = {tuple(c) for c in shapely.get_coordinates(other).tolist()}
    common = [i for i, corner in enumerate(ring) if corner in published]
    between = {}
    rounds = [*common, *(first + len(ring) for first in common[:1])]
    for first, last in itertools.pairwise(rounds):
        pieces = [ring[i % len(ring)] for i in range(first, last + 1)]
        between[pieces[0], pieces[-1]] = pieces
        between[pieces[-1], pieces[0]] = pieces[::-1]
    polygons = []
    for polygon in other.geoms:
        corners = [tuple(c) for c in polygon.exterior.coords]
        noded: list[tuple[float, ...]] = []
        for a, b in itertools.pairwise(corners):
            noded += _straight(between.get((a, b), [a, b]))[:-1]
        polygons.append(shapely.Polygon([*noded, corners[-1]], list(polygon.interiors)))
    return multi(shapely.normalize(shapely.MultiPolygon(polygons)))


def _straight(pieces: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The pieces if they lie on one line, else only the ends: the border goes another way."""
    line = shapely.LineString([pieces[0], pieces[-1]])
    on_line = all(line.distance(shapely.Point(p)) < 1e-6 for p in pieces)
    return pieces if on_line else [pieces[0], pieces[-1]]
