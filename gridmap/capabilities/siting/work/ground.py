"""What a project says about siting: places where a station may stand, and what wants one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.capabilities.locate.rules.grid import Grid
from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.siting.rules.question import Bools, Floats, Question, Sparse
from gridmap.core.zones import MetricPlane, plane_at
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project


class Medium(StrEnum):
    """What the stations measure."""

    WATER = "water"
    AIR = "air"


class SiteKind(StrEnum):
    """Why a site is one. The order is that of preference between equals."""

    STANDING = "standing"
    OWN = "own"
    BORDER = "border"
    CONFLUENCE = "confluence"
    SPACED = "spaced"


class DemandKind(StrEnum):
    """What wants to be watched: kilometres, square kilometres, or pieces."""

    RIVER = "river"
    LAND = "land"
    OUTLET = "outlet"
    ENTERPRISE = "enterprise"
    COMPLAINT = "complaint"
    BORDER = "border"
    REDLINE = "redline"


@dataclass(frozen=True)
class Site:
    """A station that stands or may stand.

    Attributes:
        kind: why it is one; code: of a standing one, or of a point of one's own, else "".
        name: of the station, of the reach, or of the unit.
        unit: name of the unit that it lies in, "" for none.
        lon, lat: degrees of EPSG:4490.
        spot: on the water, None for air.
    """

    kind: SiteKind
    code: str
    name: str
    unit: str
    lon: float
    lat: float
    spot: Spot | None = None


@dataclass(frozen=True)
class Demand:
    """Something that wants to be watched.

    Attributes:
        kind: what; size: kilometres, square kilometres, or 1.
        lon, lat: degrees of EPSG:4490; spot: on the water, None for air.
        path: of a piece of river as it is drawn, degrees; empty for all else.
    """

    kind: DemandKind
    code: str
    name: str
    size: float
    lon: float
    lat: float
    spot: Spot | None = None
    path: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Ground:
    """Sites, demand, and who covers what: shape (demand, sites), sparse.

    `left_out` counts what was not taken: `outside` the territory, `excluded` parts, `far` from
    the water.
    """

    sites: tuple[Site, ...]
    demands: tuple[Demand, ...]
    cover: Sparse
    left_out: dict[str, int] = field(default_factory=dict)

    def question(
        self, weights: dict[DemandKind, float], movable: frozenset[str], *, backup: bool
    ) -> Question:
        """The question that is solved; with `backup` each border wants two sites."""
        heavy = np.array([one.size * weights.get(one.kind, 0.0) for one in self.demands])
        twice = [2 if backup and one.kind is DemandKind.BORDER else 1 for one in self.demands]
        return Question.of(
            heavy,
            self.cover,
            [one.kind is SiteKind.STANDING for one in self.sites],
            [one.code in movable for one in self.sites],
            twice,
        )

    def amounts(self, which: Bools) -> dict[DemandKind, float]:
        """How much of each kind some demand (a mask) is; kinds without any are left out."""
        found: dict[DemandKind, float] = {}
        for place in np.flatnonzero(which).tolist():
            one = self.demands[place]
            found[one.kind] = found.get(one.kind, 0.0) + one.size
        return {kind: found[kind] for kind in DemandKind if kind in found}

    def nearest(self, lon: float, lat: float) -> int | None:
        """The candidate nearest to a place (degrees); None if there is none."""
        free = [place for place, one in enumerate(self.sites) if one.kind is not SiteKind.STANDING]
        if not free:
            return None
        lons = np.array([self.sites[place].lon for place in free])
        lats = np.array([self.sites[place].lat for place in free])
        apart = ((lons - lon) * np.cos(np.radians(lat))) ** 2 + (lats - lat) ** 2
        return free[int(np.argmin(apart))]


@dataclass(frozen=True, eq=False)
class Land:
    """The territory, its units, and what is excluded."""

    grid: Grid
    excluded: Any

    def inside(self, lon: float, lat: float) -> bool:
        """Whether a place lies in the territory; without units everything does."""
        return not len(self.grid.owners) or (
            bool(self.grid.owners.covering(lon, lat)) or self.grid.in_territory(lon, lat)
        )

    def barred(self, lon: float, lat: float) -> bool:
        """Whether a place lies in an excluded part."""
        return self.excluded is not None and bool(shapely.intersects_xy(self.excluded, lon, lat))

    def unit(self, lon: float, lat: float) -> str:
        """The name of the unit that answers for a place, "" for none."""
        if not len(self.grid.owners):
            return ""
        place = self.grid.owners.owner(lon, lat)
        return "" if place is None else self.grid.owners.units[place].name

    def outline(self) -> Any:
        """The territory as one area in degrees; None without units."""
        index = self.grid.territory or self.grid.owners
        return shapely.union_all(index.geometries) if len(index) else None


def plane_of(lons: Sequence[float] | Floats) -> MetricPlane:
    """The metric plane in the middle of some longitudes."""
    return plane_at(float(np.mean([np.min(lons), np.max(lons)])))


def rows_of(project: Project, layers: Sequence[str]) -> Any:
    """The features of some layers with a geometry, as one frame in EPSG:4490.

    Raises:
        ProjectError: `siting.error.no_layer` naming the layers there are; `.empty_layer`.
    """
    frames = []
    present = project.editions()
    for layer_id in layers:
        if layer_id not in project.declarations:
            raise ProjectError("siting.error.no_layer", layer=layer_id, known="、".join(present))
        frame = project.layer(layer_id)
        frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
        if not len(frame):
            raise ProjectError("siting.error.empty_layer", layer=layer_id)
        frames.append(frame)
    if not frames:
        return gpd.GeoDataFrame({"code": []}, geometry=[], crs="EPSG:4490")
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4490")


def area_of(project: Project, layers: Sequence[str]) -> Any:
    """The areas of some layers as one, prepared; None without any."""
    if not layers:
        return None
    area = shapely.union_all(rows_of(project, layers).geometry.to_numpy())
    shapely.prepare(area)
    return area


def points_of(geometry: Any, spacing: float) -> list[tuple[float, float]]:
    """Places of one's own: a point, or places along a line or a border, `spacing` degrees apart."""
    if geometry.geom_type == "Point":
        return [(float(geometry.x), float(geometry.y))]
    if hasattr(geometry, "geoms"):
        return [place for part in geometry.geoms for place in points_of(part, spacing)]
    line = geometry.exterior if geometry.geom_type == "Polygon" else geometry
    count = max(int(line.length / spacing), 1)
    places = [line.interpolate(share / count, normalized=True) for share in range(count + 1)]
    return [(float(place.x), float(place.y)) for place in places]


def text_of(value: Any) -> str:
    """A cell as text, "" for none."""
    return "" if value is None or pd.isna(value) else str(value)
