"""What lies around a place: sections and firms along the water, stations nearby."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from gridmap.capabilities.locate.rules.reaches import OnReach, ReachIndex
from gridmap.capabilities.locate.rules.verdict import Around, FirmUpstream, SectionNear, StationNear
from gridmap.core import plane
from gridmap.core.plane import Floats


@dataclass(frozen=True)
class Section:
    """A water quality section on a reach; degrees of EPSG:4490."""

    code: str
    name: str
    lon: float
    lat: float
    reach_code: str
    target_class: str = ""
    control_level: str = ""


@dataclass(frozen=True)
class Station:
    """A monitoring station; degrees of EPSG:4490."""

    code: str
    name: str
    kind: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Outlet:
    """A waste-water outlet on a reach and the firm it belongs to."""

    code: str
    firm_code: str
    firm_name: str
    lon: float
    lat: float
    reach_code: str
    items: str = ""


_OnWater = TypeVar("_OnWater", Section, Outlet)


class Surroundings:
    """Points on the water, by reach, and stations; immutable.

    Sections and outlets without a reach code are snapped to the nearest reach within
    `snap_m` metres; what lies farther from any water is not on the water.
    """

    def __init__(
        self,
        reaches: ReachIndex,
        sections: Sequence[Section],
        stations: Sequence[Station],
        outlets: Sequence[Outlet],
        snap_m: float,
    ) -> None:
        self._reaches = reaches
        self._snap_m = snap_m
        self._sections = self._on_water(sections)
        self._outlets = self._on_water(outlets)
        self._stations = sorted(stations, key=lambda station: station.code)
        self._lons: Floats = np.array([station.lon for station in self._stations], np.float64)
        self._lats: Floats = np.array([station.lat for station in self._stations], np.float64)
        self._chainages: dict[str, float] = {}

    def _on_water(self, points: Sequence[_OnWater]) -> Mapping[int, list[_OnWater]]:
        found: dict[int, list[_OnWater]] = defaultdict(list)
        for point in sorted(points, key=lambda one: one.code):
            position = self._reaches.position_of(point.reach_code) if point.reach_code else None
            if position is None:
                near = self._reaches.near(point.lon, point.lat, self._snap_m)
                position = near[0].reach if near else None
            if position is not None:
                found[position].append(point)
        return found

    def at(
        self, lon: float, lat: float, on: OnReach | None, walk_m: float, stations: int
    ) -> Around:
        """What lies around a place.

        Args:
            lon: degrees of EPSG:4490.
            lat: degrees of EPSG:4490.
            on: the place on the water, None if no reach is near.
            walk_m: how far to walk along the water, in metres.
            stations: how many stations to name, the nearest first.
        """
        nearby = self._stations_near(lon, lat, stations)
        if on is None:
            return Around(stations=nearby)
        down = self._next_section(on, walk_m, downstream=True)
        up = self._next_section(on, walk_m, downstream=False)
        sections = tuple(one for one in (down, up) if one is not None)
        return Around(sections, nearby, self._firms(on, walk_m))

    def _stations_near(self, lon: float, lat: float, count: int) -> tuple[StationNear, ...]:
        metres = plane.distances_to_points(lon, lat, self._lons, self._lats)
        nearest = np.argsort(metres, kind="stable")[:count]
        return tuple(
            StationNear(station.code, station.name, station.kind, float(metres[i]))
            for i, station in ((i, self._stations[i]) for i in nearest.tolist())
        )

    def _chainage(self, position: int, point: Section | Outlet) -> float:
        key = f"{type(point).__name__}:{point.code}"
        if key not in self._chainages:
            found = self._reaches.on(position, point.lon, point.lat).chainage_m
            self._chainages[key] = found
        return self._chainages[key]

    def _along(
        self, on: OnReach, walk_m: float, *, downstream: bool
    ) -> list[tuple[int, float, bool]]:
        """Reaches to look at: position, metres to their nearer end, whether it is our own."""
        net, length = self._reaches.net, float(self._reaches.lengths_m[on.reach])
        if downstream:
            steps = net.downstream(on.reach, length - on.chainage_m, walk_m)
        else:
            steps = net.upstream(on.reach, on.chainage_m, walk_m)
        return [(on.reach, 0.0, True), *((s.reach, s.distance_m, False) for s in steps)]

    def _distance(
        self, on: OnReach, reach: tuple[int, float, bool], chainage: float, *, downstream: bool
    ) -> float:
        """Metres along the water from the place to a chainage; negative the other way."""
        position, start_m, own = reach
        if own:
            return chainage - on.chainage_m if downstream else on.chainage_m - chainage
        length = float(self._reaches.lengths_m[position])
        return start_m + (chainage if downstream else length - chainage)

    def _next_section(self, on: OnReach, walk_m: float, *, downstream: bool) -> SectionNear | None:
        best: tuple[float, Section] | None = None
        for reach in self._along(on, walk_m, downstream=downstream):
            if best is not None and reach[1] > best[0]:
                break
            for section in self._sections.get(reach[0], ()):
                chainage = self._chainage(reach[0], section)
                metres = self._distance(on, reach, chainage, downstream=downstream)
                ahead = metres >= 0 if downstream else metres > 0
                if ahead and metres <= walk_m and (best is None or metres < best[0]):
                    best = metres, section
        if best is None:
            return None
        metres, section = best
        return SectionNear(
            section.code, section.name, downstream, metres,
            section.target_class, section.control_level,
        )  # fmt: skip

    def _firms(self, on: OnReach, walk_m: float) -> tuple[FirmUpstream, ...]:
        found: dict[str, FirmUpstream] = {}
        for reach in self._along(on, walk_m, downstream=False):
            for outlet in self._outlets.get(reach[0], ()):
                chainage = self._chainage(reach[0], outlet)
                metres = self._distance(on, reach, chainage, downstream=False)
                known = found.get(outlet.firm_code)
                if 0 <= metres <= walk_m and (known is None or metres < known.river_m):
                    found[outlet.firm_code] = FirmUpstream(
                        outlet.firm_code, outlet.firm_name, outlet.code, metres, outlet.items
                    )
        return tuple(sorted(found.values(), key=lambda firm: (firm.river_m, firm.code)))
