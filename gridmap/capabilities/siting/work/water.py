"""Siting on the water: sections, and what flows past them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import shapely

from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.rules.waterways import MarkKind, Spot
from gridmap.capabilities.rivers.work.waters import Waters, present_waters
from gridmap.capabilities.siting.work.figures import WaterFigures
from gridmap.capabilities.siting.work.ground import (
    Demand,
    DemandKind,
    Ground,
    Land,
    Site,
    SiteKind,
    area_of,
    points_of,
    rows_of,
    text_of,
)
from gridmap.core import plane
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

Tell = Callable[[float], None]
_DRAWN: Final = 4  # straight parts by which a piece of river is drawn


def water_ground(  # noqa: PLR0913  one for each thing that may be asked
    project: Project,
    figures: WaterFigures,
    distance_m: float,
    red: Sequence[str],
    *,
    points: Sequence[str] = (),
    without: Sequence[str] = (),
    complaints: Sequence[str] = (),
    tell: Tell = lambda _: None,
) -> Ground:
    """Sites and demand on the water of a project.

    A section covers what lies above it within a distance along the water: the water from there
    passes it. Closed sluices stop it.

    Args:
        project: the project.
        figures: spacing and pieces.
        distance_m: metres of water.
        red: kinds of control zones that are red-line land.
        points: layers of candidates of one's own.
        without: layers of areas where no candidate may stand.
        complaints: layers of complaints, which count at the water nearest to them.
        tell: hears how far the work is, 0–1, and stops it by raising.

    Raises:
        ProjectError: `siting.error.no_reaches`, `.no_network`, `.no_layer`, `.empty_layer`.
    """
    waters = present_waters(project)
    if not waters.ways.reaches:
        raise ProjectError("siting.error.no_reaches")
    if not waters.index.net.joined:
        raise ProjectError("siting.error.no_network")
    tell(0.2)
    land = Land(responsibility_of(project).grid, area_of(project, without))
    left_out: Counter[str] = Counter()
    snap_m = rules_of(project).snap_m
    made = _Water(project, waters, figures, land, snap_m, left_out)
    demands = [*made.river(red), *made.things(), *made.complaints(complaints)]
    tell(0.4)
    sites = [*made.standing(), *made.candidates(points)]
    tell(0.5)
    cover = _cover(waters, sites, demands, distance_m, lambda share: tell(0.5 + share / 2))
    return Ground(tuple(sites), tuple(demands), cover, dict(left_out))


class _Water:
    """Makes sites and demand; what is left out is counted."""

    def __init__(
        self,
        project: Project,
        waters: Waters,
        figures: WaterFigures,
        land: Land,
        snap_m: float,
        left_out: Counter[str],
    ) -> None:
        self._project, self._waters, self._figures = project, waters, figures
        self._land, self._snap_m, self._left_out = land, snap_m, left_out
        self._lengths = {reach.code: reach.length_m for reach in waters.ways.reaches}
        self._names = {reach.code: reach.name or reach.code for reach in waters.ways.reaches}

    # --- demand ---------------------------------------------------------------------------

    def river(self, red: Sequence[str]) -> Iterator[Demand]:
        """Pieces of river, and those of them in red-line land a second time."""
        areas = [
            shape
            for _, frame in frames_of(self._project, "zone")
            for kind, shape in zip(frame["kind"], frame.geometry, strict=True)
            if kind in red and shape is not None
        ]
        tree = shapely.STRtree(areas)
        for code, length in self._lengths.items():
            count = max(round(length / self._figures.piece_m), 1)
            for number in range(count):
                begin, end = length * number / count, length * (number + 1) / count
                spot = Spot(code, (begin + end) / 2)
                lon, lat = self._waters.place_of(spot)
                if not self._land.inside(lon, lat):
                    self._left_out["outside_pieces"] += 1
                    continue
                size = (end - begin) / 1000.0
                name = self._names[code]
                path = self._path(code, begin, end)
                yield Demand(DemandKind.RIVER, code, name, size, lon, lat, spot, path)
                if len(tree.query(shapely.Point(lon, lat), predicate="intersects")):
                    yield Demand(DemandKind.REDLINE, code, name, size, lon, lat, spot, path)

    def _path(self, code: str, begin: float, end: float) -> tuple[tuple[float, float], ...]:
        """Places along a piece of a reach, for maps."""
        step = (end - begin) / _DRAWN
        places = (Spot(code, begin + step * number) for number in range(_DRAWN + 1))
        return tuple(self._waters.place_of(spot) for spot in places)

    def things(self) -> Iterator[Demand]:
        """Outlets, enterprises, borders between units."""
        first: dict[str, Spot] = {}
        for one in sorted(self._waters.outlets, key=lambda one: one.code):
            yield self._at(DemandKind.OUTLET, one.code, one.name, one.spot)
            first.setdefault(text_of(one.facts.get("enterprise_code")), one.spot)
        for _, frame in frames_of(self._project, "enterprise"):
            for row in frame.itertuples():
                spot = first.get(str(row.code)) or self._seen(row.geometry)
                if spot is None:
                    self._left_out["far_enterprises"] += 1
                    continue
                yield self._at(DemandKind.ENTERPRISE, str(row.code), text_of(row.name), spot)
        for mark in self._waters.marks:
            if mark.kind is MarkKind.BORDER:
                yield self._at(DemandKind.BORDER, mark.code, mark.name, mark.spot)

    def complaints(self, layers: Sequence[str]) -> Iterator[Demand]:
        """Complaints at the water nearest to them."""
        for number, row in enumerate(rows_of(self._project, layers).to_dict("records")):
            spot = self._seen(row["geometry"])
            if spot is None:
                self._left_out["far_complaints"] += 1
                continue
            code = text_of(row.get("code")) or str(number + 1)
            yield self._at(DemandKind.COMPLAINT, code, text_of(row.get("name")) or code, spot)

    def _at(self, kind: DemandKind, code: str, name: str, spot: Spot) -> Demand:
        lon, lat = self._waters.place_of(spot)
        return Demand(kind, code, name, 1.0, lon, lat, spot)

    def _seen(self, geometry: object) -> Spot | None:
        if geometry is None or shapely.is_empty(geometry):
            return None
        point = shapely.point_on_surface(geometry)
        seen = self._waters.spot_at(float(point.x), float(point.y), self._snap_m)
        return None if seen is None else seen[0]

    # --- sites ----------------------------------------------------------------------------

    def standing(self) -> Iterator[Site]:
        """The sections that exist."""
        for one in self._waters.sections:
            unit = self._land.unit(one.lon, one.lat)
            yield Site(SiteKind.STANDING, one.code, one.name, unit, one.lon, one.lat, one.spot)

    def candidates(self, layers: Sequence[str]) -> Iterator[Site]:
        """Own places, borders, confluences, places along the reaches; each spot once."""
        seen: set[Spot] = {one.spot for one in self._waters.sections}
        for kind, code, spot in (*self._own(layers), *self._marked(), *self._spaced()):
            lon, lat = self._waters.place_of(spot)
            if spot in seen:
                continue
            seen.add(spot)
            if not self._land.inside(lon, lat):
                self._left_out["outside"] += 1
            elif self._land.barred(lon, lat):
                self._left_out["excluded"] += 1
            else:
                name, unit = self._names[spot.reach], self._land.unit(lon, lat)
                yield Site(kind, code, name, unit, lon, lat, spot)

    def _own(self, layers: Sequence[str]) -> Iterator[tuple[SiteKind, str, Spot]]:
        for number, row in enumerate(rows_of(self._project, layers).to_dict("records")):
            code = text_of(row.get("code")) or str(number + 1)
            _, lat = row["geometry"].representative_point().coords[0]
            spacing = self._figures.spacing_m / min(plane.metres_per_degree(lat))
            for lon, lat in points_of(row["geometry"], spacing):
                found = self._waters.spot_at(lon, lat, self._snap_m)
                if found is None:
                    self._left_out["far_points"] += 1
                else:
                    yield SiteKind.OWN, code, found[0]

    def _marked(self) -> Iterator[tuple[SiteKind, str, Spot]]:
        """Just above borders, so that the water of the unit passes; just below confluences."""
        inside = self._figures.inside_m
        for mark in self._waters.marks:
            length = self._lengths[mark.spot.reach]
            if mark.kind is MarkKind.BORDER:
                # A border is watched by what stands at it or below: there the water has passed it.
                chainage = min(mark.spot.chainage_m, length)
                yield SiteKind.BORDER, mark.code, Spot(mark.spot.reach, chainage)
            elif mark.kind is MarkKind.MOUTH:
                chainage = min(mark.spot.chainage_m + inside, length)
                yield SiteKind.CONFLUENCE, mark.code, Spot(mark.spot.reach, chainage)

    def _spaced(self) -> Iterator[tuple[SiteKind, str, Spot]]:
        """Along each reach from its lower end up, which sees all of it."""
        for code, length in self._lengths.items():
            count = max(int(length // self._figures.spacing_m), 1)
            for number in range(count):
                yield SiteKind.SPACED, "", Spot(code, length - number * length / count)


def _cover(
    waters: Waters, sites: Sequence[Site], demands: Sequence[Demand], distance_m: float, tell: Tell
) -> object:
    """Which demand lies above which site within a distance along the water; sparse."""
    from scipy.sparse import csr_array  # noqa: PLC0415  large

    by_reach: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(demands):
        if one.spot is not None:
            by_reach[one.spot.reach].append(place)
    rows: list[int] = []
    columns: list[int] = []
    for column, site in enumerate(sites):
        tell(column / max(len(sites), 1))
        if site.spot is None:
            continue
        passed = waters.ways.reaches_from(site.spot, distance_m, above=True)
        near = [place for code in passed for place in by_reach.get(code, ())]
        spots = [spot for place in near if (spot := demands[place].spot) is not None]
        found = waters.ways.upstream(site.spot, spots, distance_m)
        rows += [near[number] for number in found]
        columns += [column] * len(found)
    shape = (len(demands), len(sites))
    return csr_array((np.ones(len(rows), np.int64), (rows, columns)), shape=shape)
