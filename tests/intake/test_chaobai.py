"""Real input through the front door: Miyun, Huairou and Shunyi, and the sections of Nanhu."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from gridmap import intake
from gridmap.intake import Kind, Severity
from gridmap.store import Project

pytestmark = pytest.mark.shared
ZONE = "Asia/Shanghai"
AIR = {"pm25": "PM2.5", "pm10": "PM10", "so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3"}


def _load_grid(project: Project, folder: Path) -> None:
    report = intake.load(
        project,
        folder / "townships.geojson",
        "grid_units",
        fixed={"tier": "township"},
        columns={"code": "code9", "parent_code": "adcode"},
    )
    assert (report.rows_read, report.rows_loaded, report.added) == (61, 61, 61)
    report = intake.load(
        project, folder / "counties_tianditu.geojson", "grid_units", fixed={"tier": "county"}
    )
    assert (report.rows_read, report.rows_loaded, report.added) == (3, 3, 3)


def test_townships_counties_and_stations(project: Project, shared: Path) -> None:
    folder = shared / "data" / "chaobai"
    _load_grid(project, folder)
    units = project.layer("grid_units")
    assert units["tier"].value_counts().to_dict() == {"township": 61, "county": 3}
    assert units.loc[units["name"] == "怀柔镇", "code"].tolist() == ["110116003"]
    counties = set(units.loc[units["tier"] == "county", "code"])
    assert counties == {"110113", "110116", "110118"}
    assert set(units.loc[units["tier"] == "township", "parent_code"]) == counties
    edition = project.editions()["grid_units"]
    assert (edition.rows, edition.crs_of_source) == (64, "EPSG:4326")
    report = intake.load(
        project,
        folder / "air_stations.geojson",
        "stations",
        fixed={"kind": "air"},
        columns={"unit_name": "name"},
    )
    assert report.rows_loaded == report.rows_read == 5
    stations = project.layer("stations")
    assert dict(zip(stations["code"], stations["name"], strict=True))["1008A"] == "顺义新城"
    townships = units[units["tier"] == "township"]
    for station in stations.itertuples():
        owners = townships[shapely.covers(townships.geometry.to_numpy(), station.geometry)]
        assert owners["name"].tolist() == [station.unit_name]


def test_coordinates_arrive_unchanged(project: Project, shared: Path) -> None:
    _load_grid(project, shared / "data" / "chaobai")
    raw = intake.read_features(shared / "data" / "chaobai" / "townships.geojson")
    stored = project.layer("grid_units").geometry.to_numpy()[:61]
    assert raw.geometry is not None
    assert np.array_equal(shapely.get_coordinates(raw.geometry), shapely.get_coordinates(stored))


def test_a_file_without_codes_and_names(project: Project, shared: Path) -> None:
    with pytest.raises(intake.IntakeError, match="河流编码"):
        intake.load(project, shared / "data" / "chaobai" / "rivers_gshhg.geojson", "rivers")
    report = intake.load(
        project,
        shared / "data" / "chaobai" / "rivers_gshhg.geojson",
        "rivers",
        fixed={"code": "GSHHG-{row}", "name": "潮白河 {row}"},
    )
    assert report.rows_loaded == report.rows_read == len(project.layer("rivers"))
    assert project.layer("rivers")["code"].iloc[0] == "GSHHG-1"


def test_70128_hours(project: Project, shared: Path) -> None:
    path = shared / "data" / "chaobai" / "air_hourly_uci_huairou_shunyi.csv.gz"
    with pytest.raises(intake.IntakeError) as caught:
        intake.load_series(project, path, zone=ZONE)
    assert caught.value.key == "intake.error.undecided"
    assert "PM2.5" in str(caught.value)
    steps: list[intake.Step] = []
    report = intake.load_series(
        project, path, zone=ZONE, units={"*": "µg/m3"}, watch=intake.Watch(steps.append)
    )
    assert report.rows_read == report.rows_loaded == 70_128
    assert (report.series, report.readings) == (12, 6 * 70_128)
    assert list(dict.fromkeys(step.stage for step in steps)) == ["read", "check", "store"]
    assert steps[-1].done == steps[-1].total == 12
    with gzip.open(path, "rt") as stream:
        raw = pd.read_csv(stream)
    for code, group in raw.groupby("station_code"):
        times = pd.to_datetime(group[["year", "month", "day", "hour"]]).dt.tz_localize(ZONE)
        for item, column in AIR.items():
            frame = project.series.read(str(code), item)
            assert frame.index.tolist() == times.tolist()
            delivered = group[column].to_numpy() / (1000 if item == "co" else 1)
            assert np.array_equal(frame["value"].to_numpy(), delivered, equal_nan=True)
            assert set(frame["flag"]) == {""}
    assert project.series.unit("1009A", "co") == "mg/m³"
    assert report.missing == int(raw[list(AIR.values())].isna().sum().sum())
    assert project.log()["action"].tolist() == ["create", "import"]
    project.undo()
    assert project.series.keys().empty


def test_sections_of_nanhu_every_four_hours(project: Project, shared: Path) -> None:
    path = shared / "data" / "nanhu" / "jiaxing_4h.csv"
    report = intake.load_series(project, path, zone=ZONE, stations={"斜路港": "XLG"})
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    bad = raw["监测时间"].str.contains("*", regex=False)
    assert (report.rows_read, report.rows_held_back) == (len(raw), int(bad.sum()))
    assert {finding.kind for finding in report.held_back} == {Kind.NOT_TIME}
    assert [f.row for f in report.held_back] == [int(i) + 2 for i in np.flatnonzero(bad)]
    group = raw[(raw["断面名称"] == "斜路港") & ~bad]
    frame = project.series.read("XLG", "nh3n")
    assert len(frame) == len(group) > 0
    expected = pd.to_numeric(group["氨氮(mg/L)"], errors="coerce").to_numpy()
    assert np.array_equal(frame["value"].to_numpy(), expected, equal_nan=True)
    marked = frame.loc[frame["flag"].isin(["*", "--"]), "value"]
    assert marked.isna().all()
    marks = [finding for finding in report.findings if finding.kind is Kind.MARK]
    assert all(finding.severity is Severity.HINT for finding in marks)
    assert project.series.unit("XLG", "ph") == "1"


def test_two_thousand_stations_in_gb18030(project: Project, shared: Path) -> None:
    path = shared / "data" / "dirty" / "air_stations_gb18030.csv"
    report = intake.load(project, path, "stations", fixed={"kind": "air"})
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (2026, 2016, 10)
    assert {finding.kind for finding in report.held_back} == {Kind.GEOMETRY_MISSING}
    assert "GB18030" in "".join(finding.detail for finding in report.findings)


def test_sections_with_faults_are_held_back_and_named(project: Project, shared: Path) -> None:
    path = shared / "data" / "dirty" / "sections_dirty_coordinates.csv"
    table = intake.read_table(path)
    fixed = {"code": "X{row}"}
    report = intake.load(project, path, "sections", fixed=fixed, crs="EPSG:4490")
    assert report.rows_read == len(table.rows)
    kinds = {finding.kind for finding in report.held_back}
    assert Kind.SWAPPED_AXES in kinds or Kind.OUTSIDE_CHINA in kinds
    assert all(finding.row and finding.file == path.name for finding in report.held_back)
