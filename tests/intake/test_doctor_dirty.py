"""The dirty files of real life, through the doctor: every fault as it is, no row lost."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from gridmap.intake import Kind, doctor
from gridmap.intake.cases import Case
from gridmap.intake.choices import Choices
from gridmap.store import Edition, Project

pytestmark = pytest.mark.shared
Examine = Callable[..., Case]


@pytest.fixture
def settled(project: Project, shared: Path) -> Examine:
    def look(name: str, choices: Choices | None = None) -> Case:
        [source] = doctor.find_sources([shared / "data" / name])
        first = doctor.examine(source, choices or Choices(), project)
        assert first.counts.read == first.counts.loadable + first.counts.held_back
        return doctor.settled(source, first.choices, project, before=first)

    return look


def _rows(case: Case, kind: Kind) -> list[int]:
    return sorted({f.row for f in case.findings if f.kind is kind and f.row is not None})


def test_34_sections_are_reported_as_they_are_and_none_is_lost(
    settled: Examine, project: Project
) -> None:
    case = settled("dirty/sections_dirty_coordinates.csv")
    assert case.target == "sections"
    assert _rows(case, Kind.SWAPPED_AXES) == [6, 8]
    assert _rows(case, Kind.OTHER_PROVINCE) == [2, 4, 10, 12, 17, 18, 20, 31]
    assert _rows(case, Kind.SHARED_PLACE) == [10, 11, 13, 14]
    report = doctor.load_case(project, case)
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (34, 34, 0)
    stored = project.layer("sections").set_index("name")
    place = stored.geometry["宁夏中卫新墩"]
    assert (place.x, place.y) == (105.033333, 37.45)


def test_sections_wait_where_nothing_was_accepted(project: Project, shared: Path) -> None:
    [source] = doctor.find_sources([shared / "data" / "dirty" / "sections_dirty_coordinates.csv"])
    case = doctor.examine(source, Choices().accept("key_made:code"), project)
    assert (case.counts.loadable, case.counts.to_confirm, case.counts.to_fill) == (32, 2, 0)
    one = doctor.examine(source, case.choices.accept("swapped_axes:#6"), project, before=case)
    assert one.counts.loadable == 33
    assert one.reading is case.reading
    again = doctor.examine(source, case.choices, project, before=one)
    assert again.counts == case.counts


def test_provinces_of_the_project_tell_places_outside_them(
    settled: Examine, project: Project, shared: Path
) -> None:
    """No outline ships; where a project holds the provinces, both kinds of fault are found."""
    path = shared / "data" / "national" / "townships_41k_synthetic.gpkg"
    # Of the 41,000 units only those of the provinces in question, for the time it takes.
    names = {"45": "广西壮族自治区", "21": "辽宁省", "11": "北京市", "61": "陕西省"}
    where = " OR ".join(f"code9 LIKE '{code}%'" for code in names)
    units = geopandas.read_file(path, where=where)
    codes = units["code9"].astype(str).str[:2]
    shapes = [shapely.union_all(units.geometry[codes == code].to_numpy()) for code in names]
    frame = geopandas.GeoDataFrame(
        {"code": list(names), "name": list(names.values())}, geometry=shapes, crs=4490
    )
    with project.change("test") as change:
        change.replace_layer("context_outlines", frame, Edition("context_outlines"))
    case = settled("dirty/sections_dirty_coordinates.csv")
    found = _rows(case, Kind.OUTSIDE_NAMED_AREA)
    outside = {26, 28}  # 广西凭祥平而关 and 辽宁辽阳汤河水库, which lie beyond the border
    assert outside <= set(found)
    assert 2 in found  # 北京古北口, in 河北


def test_2026_stations_in_gb18030(settled: Examine, project: Project) -> None:
    case = settled("dirty/air_stations_gb18030.csv")
    assert (case.target, case.encodings[0].encoding) == ("stations", "gb18030")
    assert case.encodings[0].confidence > 0.9
    assert list(case.preview()["监测点名称"])[:3] == ["万寿西宫", "定陵(对照点)", "东四"]
    assert _rows(case, Kind.GEOMETRY_MISSING)[:3] == [46, 203, 255]
    report = doctor.load_case(project, case, actor="测试")
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (2026, 2016, 10)
    assert set(project.layer("stations")["kind"]) == {"air"}
    [entry] = project.settings.get("intake.catalogue.stations")
    assert (entry["read"], entry["loaded"], entry["held_back"]) == (2026, 2016, 10)
    assert len(entry["sha256"]) == 64
    assert project.log()["detail"].iloc[-1]["import"]["sha256"] == entry["sha256"]
    project.undo()
    assert project.settings.get("intake.catalogue.stations") is None
    assert len(project.layer("stations")) == 0


def test_raw_json_of_the_water_platform(settled: Examine, project: Project) -> None:
    case = settled("dirty/cnemc_water_2020-12-01.json")
    assert case.target == "series"
    [year] = [f for f in case.findings if f.kind is Kind.NO_YEAR]
    assert (year.fix, year.accepted) == ("2020", True)
    marks = Counter({(f.column, f.value): f.count for f in case.findings if f.kind is Kind.MARK})
    assert marks
    table = case.reading.table
    assert table.cells["水温_原始值"][0] == "4.99777"
    assert table.cells["所在地市"][0] == "门头沟区"
    report = doctor.load_case(project, case)
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (98, 76, 22)
    assert {f.kind for f in report.held_back} == {Kind.MISSING}
    series = project.series.read("沿河城", "water_temperature")
    assert series.index[0].isoformat() == "2020-12-01T08:00:00+08:00"
    assert series["value"].tolist() == [4.99777]
    [reading] = project.series.details("沿河城", "water_temperature").itertuples()
    assert (reading.shown, reading.protocol, reading.flag) == (5.0, "cnemc", "")


def test_a_year_that_is_not_known_is_asked(project: Project, shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "dirty" / "cnemc_water_2020-12-01.json"
    path = tmp_path / "水质.json"
    path.write_bytes(source.read_bytes())
    [found] = doctor.find_sources([path])
    case = doctor.settled(found, Choices(), project)
    assert case.counts.loadable == 0
    assert [f.kind for f in case.blocked] == [Kind.NO_YEAR]
    case = doctor.examine(found, Choices(year=2021), project, before=case)
    assert case.counts.loadable == 76


@pytest.mark.parametrize(
    ("name", "read", "loaded"),
    [
        ("nanhu/jiaxing_daily.csv", 656, 431),
        ("chaobai/beijing_daily.csv", 747, None),
        ("nanhu/jiaxing_4h.csv", 358, 344),
    ],
)
def test_collected_tables(
    settled: Examine, project: Project, name: str, read: int, loaded: int | None
) -> None:
    case = settled(name)
    assert not case.blocked
    report = doctor.load_case(project, case)
    assert report.rows_read == read
    assert loaded is None or report.rows_loaded == loaded
    times = project.series.keys()
    assert times["first"].min().year == (2020 if "daily" in name else 2021)


def test_41000_units_in_reasonable_memory_and_with_faults_told(
    project: Project, shared: Path
) -> None:
    path = shared / "data" / "national" / "townships_41k_synthetic.gpkg"
    [source] = doctor.find_sources([path])
    choices = Choices(target="grid_units", columns={"code": "code9", "parent_code": "adcode"})
    case = doctor.settled(source, choices, project)
    assert (case.counts.read, case.counts.loadable) == (40_872, 40_872)
    assert {Kind.SLIVER, Kind.ORPHAN} <= {f.kind for f in case.findings}


def test_raw_and_displayed_values_of_the_national_site(
    settled: Examine, project: Project, shared: Path
) -> None:
    doctor.load_case(project, settled("nanhu/jiaxing_daily.csv"))
    raw = pd.read_csv(shared / "data/nanhu/jiaxing_daily.csv", dtype=str)
    rows = raw[(raw["断面"] == "斜路港") & raw["监测时间"].notna()]
    stored = project.series.details("斜路港", "tp")
    assert set(stored["protocol"]) == {"cnemc"}
    day = stored[stored.index == pd.Timestamp("2020-05-11 08:00", tz="Asia/Shanghai")]
    assert day[["value", "shown"]].to_numpy().tolist() == [[0.06874, 0.069]]
    distinct = rows.drop_duplicates("监测时间", keep="last")
    assert len(stored) == len(distinct)
    assert stored["flag"].isin(["维护", "停站"]).sum() > 0
    # The 4-hourly table shows rounded values of some of the same times: they are no revision.
    report = doctor.load_case(project, settled("nanhu/jiaxing_4h.csv"))
    again = project.series.details("斜路港", "tp")
    assert len(again) > len(stored)
    known = again.loc[stored.index]
    assert (known["value"] == stored["value"]).sum() >= (
        stored["value"].notna()
    ).sum() - report.replaced


@pytest.mark.parametrize("name", ["chaobai/beijing_4h.csv", "tuanhe/sections_4h.csv"])
def test_four_hours_of_sections(
    settled: Examine, project: Project, shared: Path, name: str
) -> None:
    report = doctor.load_case(project, settled(name))
    raw = pd.read_csv(shared / "data" / name, dtype=str)
    times = pd.to_datetime(raw["监测时间"], format="%Y-%m-%d %H:%M", errors="coerce")
    assert report.rows_loaded == times.notna().sum()
    for station, rows in raw[times.notna()].groupby("断面名称"):
        stored = project.series.read(str(station), "nh3n")
        latest = rows.drop_duplicates("监测时间", keep="last").sort_values("监测时间")
        expected = pd.to_numeric(latest["氨氮(mg/L)"], errors="coerce").to_numpy()
        assert np.array_equal(stored["value"], expected, equal_nan=True)
        assert stored.index.hour.isin([0, 4, 8, 12, 16, 20]).all()


def test_hourly_air_with_its_units_stated(settled: Examine, project: Project) -> None:
    case = settled("chaobai/air_hourly_uci_huairou_shunyi.csv.gz")
    asked = {f.column: f.fix for f in case.findings if f.kind is Kind.NO_UNIT}
    assert asked == dict.fromkeys(["PM2.5", "PM10", "SO2", "NO2", "CO", "O3"], "μg/m³")
    report = doctor.load_case(project, case)
    [converted] = [f for f in report.findings if f.kind is Kind.UNIT_CONVERTED]
    assert (converted.field, converted.detail) == ("CO", "μg/m³ → mg/m³")
    series = project.series.read("1009A", "co")
    assert (series["value"].iloc[0], project.series.unit("1009A", "co")) == (0.1, "mg/m³")
