import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from gridmap.store import Edition, Project, geopackage


@pytest.fixture
def filled(project: Project, units: Callable[..., Any]) -> Project:
    points = geopandas.GeoDataFrame(
        {"code": ["S1", "S2"], "name": ["甲", "乙"], "kind": "air"},
        geometry=shapely.points([[120.75, 30.72], [120.8, 30.8]]),
        crs=4490,
    )
    lines = geopandas.GeoDataFrame(
        {"code": ["R1"], "name": ["河"], "width_m": [12.5]},
        geometry=[shapely.LineString([(120, 30), (121, 31)])],
        crs=4490,
    )
    with project.change("import") as change:
        change.replace_layer("grid_units", units(30, population=7), Edition("grid_units"))
        change.replace_layer("stations", points, Edition("stations"))
        change.replace_layer("reaches", lines, Edition("reaches"))
        change.put_people(pd.DataFrame({"person_id": ["P1"], "name": ["张三"]}))
    return project


def test_gdal_sees_every_layer_with_its_reference_system(filled: Project) -> None:
    kinds = dict(pyogrio.list_layers(filled.path).tolist())
    for layer_id, kind in (
        ("grid_units", "MultiPolygon"),
        ("stations", "Point"),
        ("reaches", "MultiLineString"),
    ):
        assert kinds[layer_id] == kind
        frame = pyogrio.read_dataframe(filled.path, layer=layer_id, fid_as_index=True)
        ours = filled.layer(layer_id)
        assert frame.crs.to_epsg() == 4490
        assert frame.geometry.tolist() == ours.geometry.tolist()
        assert frame["code"].tolist() == ours["code"].tolist()
        info = pyogrio.read_info(filled.path, layer=layer_id)
        assert np.allclose(info["total_bounds"], ours.total_bounds)
    assert {"people", "posts", "departments", "settings", "log", "series"} <= set(kinds)
    assert pyogrio.read_dataframe(filled.path, layer="people")["name"].tolist() == ["张三"]


def test_the_spatial_index_is_used_and_right(filled: Project) -> None:
    box = (120.705, 30.70, 120.725, 30.71)
    frame = pyogrio.read_dataframe(filled.path, layer="grid_units", bbox=box)
    assert frame["code"].tolist() == ["330402001", "330402002", "330402003"]
    with filled._store.reader() as connection:
        (found,) = connection.execute("SELECT rtreecheck('rtree_grid_units_geom')").fetchone()
        assert found == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_rows_that_another_program_adds_are_indexed_and_read(
    project_path: Path, units: Callable[..., Any]
) -> None:
    with Project.create(project_path, title="x") as project, project.change("i") as change:
        change.replace_layer("grid_units", units(2), Edition("grid_units"))
    more = (
        units(4)
        .iloc[3:]
        .set_geometry([shapely.MultiPolygon([shapely.box(121, 31, 122, 32)])], crs=4490)
    )
    pyogrio.write_dataframe(more, project_path, layer="grid_units", append=True)
    hit = pyogrio.read_dataframe(project_path, layer="grid_units", bbox=(121.5, 31.5, 121.6, 31.6))
    assert hit["code"].tolist() == ["330402004"]
    with Project.open(project_path) as project:
        assert project.layer("grid_units")["code"].tolist()[-1] == "330402004"
        with project.change("i") as change:
            change.replace_layer("grid_units", units(3), Edition("grid_units"))
        assert project.check() is None


def test_the_header_follows_the_standard(filled: Project) -> None:
    filled.close()
    header = filled.path.read_bytes()[:100]
    assert header[68:72] == b"GPKG"
    assert int.from_bytes(header[60:64]) == 10300
    connection = sqlite3.connect(filled.path)
    systems = dict(connection.execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys"))
    blob = connection.execute("SELECT geom FROM grid_units LIMIT 1").fetchone()[0]
    connection.close()
    assert {-1, 0, 4326, 4490} == set(systems)
    assert "China_2000" in systems[4490]
    assert blob[:4] == b"GP\x00\x03"
    assert np.allclose(np.frombuffer(blob[8:40]), [120.7, 120.71, 30.7, 30.71])


def test_blobs_with_any_envelope_are_decoded() -> None:
    point = shapely.Point(1, 2)
    wkb = shapely.to_wkb(point)
    for code, size in enumerate((0, 32, 48, 48, 64)):
        header = b"GP\x00" + bytes([1 | code << 1]) + (4490).to_bytes(4, "little")
        assert geopackage.decode([header + bytes(size) + wkb, None]).tolist() == [point, None]
