"""Real townships, real stations, real readings: from the files to accountable answers."""

import csv
import gzip

import numpy as np
import pytest
import shapely

from gridmap.capabilities.locate.rules.verdict import Status
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.locate.work.placing import place_of
from gridmap.capabilities.locate.work.search_index import search_index
from gridmap.intake import load, load_series

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def chaobai(tmp_path_factory, shared):
    """The Chaobai counties imported as a user would import them."""
    folder = shared / "data/chaobai"
    path = tmp_path_factory.mktemp("chaobai") / "chaobai.gpkg"
    with AnsweringProject.create(path, title="潮白河") as project:
        towns = load(
            project, folder / "townships.geojson", "grid_units",
            fixed={"tier": "township"}, columns={"code": "code9", "name": "name"},
        )  # fmt: skip
        assert (towns.rows_read, towns.rows_loaded, towns.rows_held_back) == (61, 61, 0)
        load(
            project, folder / "counties_tianditu.geojson", "grid_units",
            fixed={"tier": "county"}, columns={"code": "district_adcode", "name": "district_name"},
        )  # fmt: skip
        load(
            project, folder / "air_stations.geojson", "stations",
            fixed={"kind": "air"},
            columns={"code": "监测点编码", "name": "监测点名称", "unit_name": "name"},
        )  # fmt: skip
        yield project


def test_each_station_lies_in_the_township_that_its_file_names(chaobai):
    stations = chaobai.layer("stations")
    assert len(stations) == 5
    for station in stations.itertuples():
        verdict = chaobai.locate(station.geometry.x, station.geometry.y)
        assert verdict.owner.name == station.unit_name
        assert verdict.status in {Status.CERTAIN, Status.BORDERLINE}


def test_a_point_in_the_hole_of_shunyi_is_not_given_to_shunyi(chaobai):
    units = chaobai.layer("grid_units")
    county = units[units["code"] == "110113"].geometry.iloc[0]
    holes = [shapely.Polygon(ring) for part in county.geoms for ring in part.interiors]
    hole = max(holes, key=lambda one: one.area)
    inside = hole.representative_point()
    verdict = chaobai.locate(inside.x, inside.y)
    assert verdict.status is Status.OUTSIDE
    assert verdict.owner is None
    assert verdict.border_m > 50


def test_random_points_agree_with_brute_force(chaobai):
    units = chaobai.layer("grid_units")
    towns = units[units["tier"] == "township"].reset_index(drop=True)
    rng = np.random.default_rng(17)
    west, south, east, north = towns.total_bounds
    lon, lat = rng.uniform(west, east, 400), rng.uniform(south, north, 400)
    covered = [
        towns.index[shapely.intersects_xy(towns.geometry.array, x, y)]
        for x, y in zip(lon, lat, strict=True)
    ]
    for x, y, rows in zip(lon, lat, covered, strict=True):
        verdict = chaobai.locate(x, y)
        if len(rows) == 1:
            assert verdict.owner.code == towns.loc[rows[0], "code"]
            assert not verdict.provisional
        elif len(rows) == 0:
            assert verdict.owner is None or verdict.provisional


def test_towns_are_found_by_name_and_by_initials(chaobai):
    index = search_index(chaobai)
    assert place_of("怀柔镇", index).hit.entry.key == "110116003"
    assert index.find("hrz")[0].entry.name == "怀柔镇"


def test_70128_hourly_rows_are_read_and_come_back(chaobai, shared):
    path = shared / "data/chaobai/air_hourly_uci_huairou_shunyi.csv.gz"
    report = load_series(
        chaobai, path, zone="Asia/Shanghai", columns={"station": "station_code"},
        units={"co": "μg/m³", "*": "μg/m³"},
    )  # fmt: skip
    assert report.rows_read == 70_128
    assert report.rows_read == report.rows_loaded + report.rows_held_back
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["station_code"] == "1009A"]
    series = chaobai.series.read("1009A", "pm25")
    given = np.array(
        [float(row["PM2.5"]) if row["PM2.5"] not in {"", "NA"} else np.nan for row in rows]
    )
    assert len(series) == len(rows)
    assert np.array_equal(series["value"].to_numpy(), given, equal_nan=True)
    carbon = chaobai.series.read("1009A", "co")["value"]
    assert carbon.max() == pytest.approx(
        max(float(row["CO"]) for row in rows if row["CO"] not in {"", "NA"}) / 1000.0
    )
    assert str(series.index.tz) == "Asia/Shanghai"
