"""What measures water and air, and what measures only itself."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gridmap.capabilities.stations.work.facts import (
    emitters_of,
    outlet_series,
    series_names,
    stations_of,
)
from gridmap.standards.classing import Medium
from gridmap.standards.tables import Period
from gridmap.store import Edition, Project
from gridmap.store.example import open_example


def layer(*codes, **columns):
    count = len(codes)
    data = {"code": codes, "name": [f"名{code}" for code in codes]}
    data |= {name: [value] * count for name, value in columns.items()}
    points = [shapely.Point(120.8, 30.7)] * count
    return gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4490")


@pytest.fixture
def made(tmp_path):
    hours = pd.date_range("2026-01-01", periods=48, freq="h", tz="Asia/Shanghai")
    with Project.create(tmp_path / "made.gpkg", title="试点") as project:
        with project.change("make", actor="test") as change:
            for name, frame in {
                "stations": layer("S", "BOTH", kind="water"),
                "enterprises": layer("FIRM"),
                "outlets": layer("OUT", "BOTH", "GAS", "SILENT"),
            }.items():
                change.replace_layer(name, frame, Edition(name, date(2026, 1, 1), "手工", 20.0))
            for code in ("S", "BOTH", "FIRM", "OUT", "ELSEWHERE"):
                for item in ("nh3n", "codmn"):
                    frame = pd.DataFrame({"value": 1.0}, hours)
                    change.append_series(code, item, frame, unit="mg/L")
            change.append_series("GAS", "so2", pd.DataFrame({"value": 9.0}, hours), unit="μg/m³")
        yield project


def test_outlets_and_firms_are_no_stations(made):
    assert list(stations_of(made)) == ["S", "BOTH", "ELSEWHERE"]
    assert stations_of(made)["BOTH"].layer_id == "stations"
    assert set(emitters_of(made)) == {"OUT", "GAS", "FIRM"}


def test_outlets_with_readings_and_their_items(made):
    assert outlet_series(made) == {"OUT": ("codmn", "nh3n"), "GAS": ("so2",)}


def test_an_emitter_has_a_place_a_medium_and_a_rhythm(made):
    emitters = emitters_of(made)
    assert emitters["GAS"].medium is Medium.AIR
    assert emitters["OUT"].medium is Medium.WATER
    assert (emitters["OUT"].lon, emitters["OUT"].lat) == (120.8, 30.7)
    assert emitters["OUT"].rhythm is Period.HOUR
    assert (emitters["FIRM"].layer_id, emitters["FIRM"].target) == ("enterprises", None)


def test_every_code_of_the_store_has_a_name(made):
    names = series_names(made)
    assert names.keys() == set(made.series.keys()["station"])
    assert (names["OUT"], names["FIRM"], names["ELSEWHERE"]) == ("名OUT", "名FIRM", "ELSEWHERE")


def test_without_readings_there_is_nothing(tmp_path):
    with Project.create(tmp_path / "empty.gpkg", title="空") as project:
        assert stations_of(project) == emitters_of(project) == outlet_series(project) == {}


def test_the_example_tells_its_stations_from_its_outlets():
    with open_example(read_only=True) as project:
        assert len(stations_of(project)) == 19
        assert len(outlet_series(project)) == 12
        assert series_names(project).keys() == set(project.series.keys()["station"])
