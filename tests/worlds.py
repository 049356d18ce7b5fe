"""Small made-up worlds for the rule: boxes of about 1 km near 120.8°E 30.7°N."""

from datetime import date

import numpy as np
import shapely

from gridmap.capabilities.locate.rules.around import Outlet, Section, Station
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.grid import Dispute, UnitRow
from gridmap.capabilities.locate.rules.locate import Evidence, Responsibility
from gridmap.capabilities.locate.rules.posts import Post, PostBook, Role
from gridmap.capabilities.locate.rules.reaches import Reach
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.capabilities.locate.rules.verdict import Duty, EditionUsed, Person, UnitRef, Verdict
from gridmap.core.place import Place
from gridmap.core.plane import metres_per_degree

LON0, LAT0 = 120.8, 30.7
PER_LON, PER_LAT = metres_per_degree(LAT0)
DAY = date(2026, 11, 22)
RULES = Rules("township", 500.0, 20_000.0, 200.0, 3, 0.5, 0.15)
ROLES = (
    Role("grid_head", "unit", ("city", "county", "township", "park"), 1),
    Role("grid_member", "unit", ("village", "cell"), 2),
    Role("river_chief", "reach", ("village", "township", "county", "city"), 1),
)


def xy(east_m: float, north_m: float) -> tuple[float, float]:
    """Degrees of a place so many metres east and north of the origin."""
    return LON0 + east_m / PER_LON, LAT0 + north_m / PER_LAT


def area(*corners_m: tuple[float, float], holes: tuple = ()) -> shapely.Polygon:
    return shapely.Polygon([xy(*c) for c in corners_m], [[xy(*c) for c in hole] for hole in holes])


def box(west: float, south: float, east: float, north: float, **kw) -> shapely.Polygon:
    return area((west, south), (east, south), (east, north), (west, north), **kw)


def line(*places_m: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([xy(*p) for p in places_m])


def unit(code: str, tier: str = "township", parent: str = "330402", priority: int = 0) -> UnitRow:
    return UnitRow(UnitRef(code, f"示例{code}", tier), parent, priority)


def array(shapes: list) -> np.ndarray:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


class World:
    """Units, reaches and zones put together step by step."""

    def __init__(self, accuracy_m: float = 50.0) -> None:
        self.units: list[tuple[UnitRow, shapely.Geometry]] = []
        self.reaches: list[tuple[Reach, shapely.Geometry]] = []
        self.zones: list[tuple[Zone, shapely.Geometry]] = []
        self.disputes: list[tuple[Dispute, shapely.Geometry]] = []
        self.posts: list[Post] = []
        self.sections: list[Section] = []
        self.outlets: list[Outlet] = []
        self.stations: list[Station] = []
        self.duties: dict[str, Duty] = {}
        self.accuracy_m = accuracy_m

    def evidence(self, *, reverse: bool = False) -> Evidence:
        step = -1 if reverse else 1
        units, reaches, zones = self.units[::step], self.reaches[::step], self.zones[::step]
        return Evidence(
            rules=RULES,
            posts=PostBook.of(ROLES, self.posts[::step]),
            units=[row for row, _ in units],
            unit_shapes=array([shape for _, shape in units]),
            reaches=[reach for reach, _ in reaches],
            reach_shapes=array([shape for _, shape in reaches]),
            zones=[zone for zone, _ in zones],
            zone_shapes=array([shape for _, shape in zones]),
            disputes=self.disputes[::step],
            sections=self.sections[::step],
            outlets=self.outlets[::step],
            stations=self.stations[::step],
            duties=self.duties,
            editions=(EditionUsed("grid_units", DAY, self.accuracy_m, "a" * 64, "example"),),
            accuracy_m={"grid": self.accuracy_m, "reach": 20.0, "zone": 30.0},
        )

    def rule(self, *, reverse: bool = False) -> Responsibility:
        return Responsibility(self.evidence(reverse=reverse))

    def at(self, east_m: float, north_m: float, on: date = DAY, **kw) -> Verdict:
        lon, lat = xy(east_m, north_m)
        problem = kw.pop("problem", None)
        return self.rule().locate(Place(lon, lat, **kw), on, problem)


def four_towns(accuracy_m: float = 50.0) -> World:
    """Four townships of 2 km in a square around the origin, a county around them."""
    world = World(accuracy_m)
    for code, (west, south) in {
        "330402101": (-2000, 0), "330402102": (0, 0),
        "330402103": (-2000, -2000), "330402104": (0, -2000),
    }.items():  # fmt: skip
        world.units.append((unit(code), box(west, south, west + 2000, south + 2000)))
    world.units.append((unit("330402", "county", "3304"), box(-2000, -2000, 2000, 2000)))
    return world


def chief(reach: str, tier: str, name: str | None, start: date | None, end: date | None) -> Post:
    person = None if name is None else Person(name, "", "10000000001")
    return Post("river_chief", tier, "reach", reach, person, start, end)
