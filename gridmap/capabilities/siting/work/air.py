"""Siting of air stations: land, enterprises and complaints within a radius in the metric plane."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.siting.work.figures import AirFigures
from gridmap.capabilities.siting.work.ground import (
    Demand,
    DemandKind,
    Ground,
    Land,
    Site,
    SiteKind,
    area_of,
    plane_of,
    points_of,
    rows_of,
    text_of,
)
from gridmap.capabilities.siting.work.instance import within
from gridmap.core import plane
from gridmap.core.zones import MetricPlane
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

Tell = Callable[[float], None]
_AIR = "air"


def air_ground(  # noqa: PLR0913  one for each thing that may be asked
    project: Project,
    figures: AirFigures,
    distance_m: float,
    red: Sequence[str],
    *,
    points: Sequence[str] = (),
    without: Sequence[str] = (),
    complaints: Sequence[str] = (),
    tell: Tell = lambda _: None,
) -> Ground:
    """Sites and demand of air in a project.

    A station covers what lies within a distance in the metric plane of the territory. Land is
    counted in cells, each at the middle of its part of the territory: their areas add up to it.

    Args:
        project: the project.
        figures: spacing and cells.
        distance_m: metres.
        red: kinds of control zones that are red-line land.
        points: layers of candidates of one's own.
        without: layers of areas where no candidate may stand.
        complaints: layers of complaints.
        tell: hears how far the work is, 0–1, and stops it by raising.

    Raises:
        ProjectError: `siting.error.no_units`, `.no_layer`, `.empty_layer`.
    """
    land = Land(responsibility_of(project).grid, area_of(project, without))
    outline = land.outline()
    if outline is None:
        raise ProjectError("siting.error.no_units")
    west, _, east, _ = outline.bounds
    made = _Air(project, figures, land, plane_of([west, east]), Counter())
    area = shapely.transform(outline, made.metres)
    shapely.prepare(area)
    tell(0.2)
    demands = [*made.land(area, red), *made.things(complaints)]
    tell(0.6)
    sites = [*made.standing(), *made.candidates(area, points)]
    tell(0.8)
    cover = within(made.places(demands), made.places(sites), distance_m)
    return Ground(tuple(sites), tuple(demands), cover, dict(made.left_out))


class _Air:
    """Makes sites and demand; what is left out is counted."""

    def __init__(
        self,
        project: Project,
        figures: AirFigures,
        land: Land,
        metric: MetricPlane,
        left_out: Counter[str],
    ) -> None:
        self._project, self._figures, self._land = project, figures, land
        self._metric, self.left_out = metric, left_out

    def metres(self, degrees: Any) -> Any:
        """Coordinates (n, 2) in degrees of EPSG:4490 as metres of the plane."""
        return np.column_stack(self._metric.to_metres(degrees[:, 0], degrees[:, 1]))

    def places(self, found: Sequence[Site | Demand]) -> Any:
        """Places in the plane, shape (n, 2), metres."""
        return self.metres(np.array([(one.lon, one.lat) for one in found]).reshape(-1, 2))

    # --- demand ---------------------------------------------------------------------------

    def land(self, area: Any, red: Sequence[str]) -> Iterator[Demand]:
        """Cells of the territory, and their parts in red-line land."""
        cells = _cells(area, self._figures.piece_m)
        yield from self._pieces(DemandKind.LAND, cells, area)
        shapes = [
            shapely.transform(shape, self.metres)
            for _, frame in frames_of(self._project, "zone")
            for kind, shape in zip(frame["kind"], frame.geometry, strict=True)
            if kind in red and shape is not None
        ]
        if shapes:
            common = shapely.intersection(shapely.union_all(shapes), area)
            yield from self._pieces(DemandKind.REDLINE, cells, common)

    def _pieces(self, kind: DemandKind, cells: Any, area: Any) -> Iterator[Demand]:
        shapely.prepare(area)
        touched = cells[shapely.intersects(area, cells)]
        parts = shapely.intersection(touched, area)
        sizes = shapely.area(parts)
        parts, sizes = parts[sizes > 0], sizes[sizes > 0]
        middles = shapely.get_coordinates(shapely.centroid(parts))
        lons, lats = self._metric.to_degrees(middles[:, 0], middles[:, 1])
        for size, lon, lat in zip(sizes.tolist(), lons.tolist(), lats.tolist(), strict=True):
            yield Demand(kind, "", "", size / 1e6, lon, lat)

    def things(self, complaints: Sequence[str]) -> Iterator[Demand]:
        """Enterprises and complaints where they are; those outside are left out."""
        for _, frame in frames_of(self._project, "enterprise"):
            yield from self._points(DemandKind.ENTERPRISE, frame)
        yield from self._points(DemandKind.COMPLAINT, rows_of(self._project, complaints))

    def _points(self, kind: DemandKind, frame: Any) -> Iterator[Demand]:
        for number, row in enumerate(frame.to_dict("records")):
            if row["geometry"] is None or row["geometry"].is_empty:
                self.left_out["no_place"] += 1
                continue
            lon, lat = row["geometry"].representative_point().coords[0]
            if not self._land.inside(lon, lat):
                self.left_out[f"outside_{kind}"] += 1
                continue
            code = text_of(row.get("code")) or str(number + 1)
            yield Demand(kind, code, text_of(row.get("name")) or code, 1.0, lon, lat)

    # --- sites ----------------------------------------------------------------------------

    def standing(self) -> Iterator[Site]:
        """The air stations that exist."""
        for _, frame in frames_of(self._project, "station"):
            for row in frame.itertuples():
                if row.kind == _AIR and row.geometry is not None and not row.geometry.is_empty:
                    lon, lat = float(row.geometry.x), float(row.geometry.y)
                    unit = self._land.unit(lon, lat)
                    yield Site(
                        SiteKind.STANDING, str(row.code), text_of(row.name), unit, lon, lat
                    )  # fmt: skip

    def candidates(self, area: Any, layers: Sequence[str]) -> Iterator[Site]:
        """Own places, then a square grid over the territory."""
        for number, row in enumerate(rows_of(self._project, layers).to_dict("records")):
            code = text_of(row.get("code")) or str(number + 1)
            _, lat = row["geometry"].representative_point().coords[0]
            spacing = self._figures.spacing_m / min(plane.metres_per_degree(lat))
            for lon, lat in points_of(row["geometry"], spacing):
                yield from self._site(SiteKind.OWN, code, lon, lat)
        middles = shapely.get_coordinates(
            shapely.centroid(_cells(area, self._figures.spacing_m, whole=False))
        )
        lons, lats = self._metric.to_degrees(middles[:, 0], middles[:, 1])
        for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True):
            yield from self._site(SiteKind.SPACED, "", lon, lat)

    def _site(self, kind: SiteKind, code: str, lon: float, lat: float) -> Iterator[Site]:
        if not self._land.inside(lon, lat):
            self.left_out["outside"] += 1
        elif self._land.barred(lon, lat):
            self.left_out["excluded"] += 1
        else:
            unit = self._land.unit(lon, lat)
            yield Site(kind, code, unit, unit, lon, lat)


def _cells(area: Any, side: float, *, whole: bool = True) -> Any:
    """Squares that an area touches, or (`whole` off) whose middle it holds; metres."""
    west, south, east, north = area.bounds
    columns, rows = int((east - west) // side) + 1, int((north - south) // side) + 1
    x, y = np.meshgrid(west + side * np.arange(columns), south + side * np.arange(rows))
    x, y = x.ravel(), y.ravel()
    if whole:
        squares = shapely.box(x, y, x + side, y + side)
        return squares[shapely.intersects(area, squares)]
    held = shapely.contains_xy(area, x + side / 2, y + side / 2)
    return shapely.box(x[held], y[held], x[held] + side, y[held] + side)
