"""The index against brute force: the same owners, counts and borders, fast and slow."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.locate.rules import kernels
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import UnitRef
from gridmap.core.plane import GEOD, metres_per_degree
from tests.worlds import array, box, xy


def brute(geometries, lon, lat):
    """Covering by asking shapely for every unit and every point."""
    return np.array([shapely.intersects_xy(shape, lon, lat) for shape in geometries])


def index_of(shapes, priorities=None):
    refs = [UnitRef(f"{i:05d}", f"示例{i}", "township") for i in range(len(shapes))]
    return UnitIndex(refs, array(list(shapes)), priorities)


def assert_same_as_brute(index, lon, lat):
    covering = brute(index.geometries, lon, lat)
    many = index.cells.owners(lon, lat, index._resolve)
    assert (many.counts == covering.sum(axis=0)).all()
    single = [index.owner(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    assert [-1 if owner is None else owner for owner in single] == many.owners.tolist()
    alone = many.counts == 1
    assert (covering.argmax(axis=0)[alone] == many.owners[alone]).all()
    assert many.counts.sum() == covering.sum()


def patchwork():
    hole = (((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)
    island = shapely.MultiPolygon([box(-2000, 0, 0, 2000), box(900, 900, 1100, 1100)])
    return [
        island, box(-200, 0, 2000, 2000, holes=hole), box(-2000, -2000, 0, 0),
        box(0, -2000, 2000, 0), box(-300, -900, 300, -300), box(-1500, -1500, 1500, 1500),
    ]  # fmt: skip


def test_random_points_on_the_patchwork():
    rng = np.random.default_rng(7)
    lon, lat = xy(rng.uniform(-2500, 2500, 20_000), rng.uniform(-2500, 2500, 20_000))
    assert_same_as_brute(index_of(patchwork(), [0, 0, 0, 0, 10, -1]), lon, lat)


def test_points_exactly_on_vertices_edges_and_cell_lines():
    shapes = patchwork()
    index = index_of(shapes)
    corners = np.vstack([shapely.get_coordinates(shape) for shape in shapes])
    middles = (corners[1:] + corners[:-1]) / 2
    west, south, width, height = index.cells.grid
    columns = west + width * np.arange(40)
    lines = np.column_stack([columns, np.full(40, corners[:, 1].mean())])
    rows = np.column_stack([np.full(40, corners[:, 0].mean()), south + height * np.arange(40)])
    points = np.vstack([corners, middles, lines, rows])
    assert_same_as_brute(index, points[:, 0].copy(), points[:, 1].copy())


whole = st.integers(-6, 6)


@given(
    st.lists(st.lists(st.tuples(whole, whole), min_size=3, max_size=7), min_size=1, max_size=5),
    st.lists(st.tuples(whole, whole), min_size=1, max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_any_polygons_with_whole_coordinates(rings, points):
    shapes = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
    areas = [shapely.union_all([p for p in shapely.get_parts(s) if p.area > 0]) for s in shapes]
    areas = [area for area in areas if area.area > 0]
    if not areas:
        return
    lon = np.array([100.0 + x for x, _ in points])
    lat = np.array([30.0 + y for _, y in points])
    index = index_of([shapely.transform(a, lambda c: c + np.array([100.0, 30.0])) for a in areas])
    assert_same_as_brute(index, lon, lat)


def test_borders_of_arrays_equal_those_of_single_points():
    index = index_of(patchwork())
    rng = np.random.default_rng(3)
    lon, lat = xy(rng.uniform(-2500, 2500, 800), rng.uniform(-2500, 2500, 800))
    found = index.borders(lon, lat, 120.0)
    for x, y, metres in zip(lon.tolist(), lat.tolist(), found.tolist(), strict=True):
        single = index.at(x, y, 120.0).border_m
        assert (single <= 120.0) == np.isfinite(metres)
        if np.isfinite(metres):
            assert metres == pytest.approx(single, abs=1e-6)


def test_border_distance_is_the_geodesic_one():
    index = index_of([box(0, 0, 2000, 2000)])
    lon, lat = xy(700, 900)
    edge_lon, edge_lat = xy(0, 900)
    _, _, metres = GEOD.inv(lon, lat, edge_lon, edge_lat)
    assert index.at(lon, lat, 10.0).border_m == pytest.approx(metres, rel=1e-4)


def test_kernel_and_plane_agree_on_metres_per_degree():
    for lat in (0.0, 18.2, 30.7, 53.5):
        assert kernels._metres_per_degree(lat) == pytest.approx(metres_per_degree(lat), rel=1e-12)


def test_nearest_unit_of_a_far_point_is_that_of_brute_force():
    index = index_of(patchwork())
    for east, north in ((9000, 100), (-4000, -7000), (0, 30_000)):
        lon, lat = xy(east, north)
        nearest = index.nearest(lon, lat)
        everywhere = [index.seen_from(p, lon, lat) for p in range(len(index))]
        assert nearest == min(everywhere, key=index.rank)


def test_odd_points_belong_to_nobody():
    index = index_of(patchwork())
    many = index.cells.owners(
        np.array([np.nan, np.inf, -200.0]), np.array([30.7, 30.7, np.nan]), index._resolve
    )
    assert many.owners.tolist() == [-1, -1, -1]
    assert many.counts.tolist() == [0, 0, 0]


def test_an_empty_index_answers():
    index = index_of([])
    assert index.many([120.0], [30.0]).owners.tolist() == [-1]
    assert index.nearest(120.0, 30.0) is None
    assert index.at(120.0, 30.0, 50.0).near == ()


@pytest.mark.shared
def test_chaobai_agrees_with_brute_force_on_100_000_points(shared):
    towns = gpd.read_file(shared / "data/chaobai/townships.geojson")
    index = index_of(towns.geometry)
    rng = np.random.default_rng(11)
    west, south, east, north = towns.total_bounds
    lon, lat = rng.uniform(west, east, 100_000), rng.uniform(south, north, 100_000)
    covering = brute(index.geometries, lon, lat)
    many = index.many(lon, lat)
    assert (many.counts == covering.sum(axis=0)).all()
    alone = many.counts == 1
    assert alone.sum() > 40_000
    assert (covering.argmax(axis=0)[alone] == many.owners[alone]).all()
    several = np.flatnonzero(many.counts > 1)
    assert [index.owner(lon[i], lat[i]) for i in several] == many.owners[several].tolist()


@pytest.mark.shared
def test_the_nation_agrees_with_sjoin(shared):
    towns = gpd.read_file(shared / "data/national/townships_41k_synthetic.gpkg")
    index = index_of(towns.geometry)
    rng = np.random.default_rng(13)
    west, south, east, north = towns.total_bounds
    lon, lat = rng.uniform(west, east, 200_000), rng.uniform(south, north, 200_000)
    many = index.many(lon, lat)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=towns.crs)
    joined = gpd.sjoin(points, towns[["geometry"]], predicate="intersects")
    counts = np.bincount(joined.index.to_numpy(), minlength=len(lon))
    assert (counts == many.counts).all()
    alone = joined[counts[joined.index.to_numpy()] == 1]
    assert (many.owners[alone.index.to_numpy()] == alone["index_right"].to_numpy()).all()
