"""A reference system that the file states in words is used or asked about, never passed over."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from gridmap.core.datum import Datum, from_wgs84
from gridmap.core.plane import GEOD
from gridmap.intake.looks import matching, stated
from gridmap.store import Project
from tests.fixtures.commandline import Run
from tests.fixtures.importing import Office

PLACES = {"PK-01": (120.7512, 30.7421), "PK-02": (120.763, 30.7558), "PK-03": (120.7745, 30.7683)}
CASE = "28-gcj-bd-mixed"


def _apart(point: shapely.Point, place: tuple[float, float]) -> float:
    return float(GEOD.inv(point.x, point.y, *place)[2])


def _written(datum: Datum, place: tuple[float, float]) -> str:
    lon, lat = from_wgs84(*place, datum)
    return f"{float(lon):.6f},{float(lat):.6f}"


@pytest.mark.parametrize(
    ("words", "system"),
    [
        ("经度(GCJ02)", "GCJ-02"), ("高德经度", "GCJ-02"), ("火星坐标", "GCJ-02"),
        ("gcj02ll", "GCJ-02"), ("百度地图", "BD-09"), ("BD-09", "BD-09"), ("WGS-84", "EPSG:4490"),
        ("2000国家大地坐标系", "EPSG:4490"), ("EPSG:4326", "EPSG:4490"), ("4490", "EPSG:4490"),
        ("EPSG:4549", "EPSG:4549"), ("西安80", "EPSG:4610"), ("经度", ""), ("本地坐标", ""),
        ("高德或百度", ""), (None, None),
    ],
)  # fmt: skip
def test_words_of_systems(words: str | None, system: str | None) -> None:
    assert stated.system_in(words) == system


@pytest.mark.parametrize(
    ("headings", "pair"),
    [
        (["高德经度", "高德纬度", "经度", "纬度"], ("经度", "纬度")),
        (["高德经度", "百度经度", "百度纬度", "高德纬度"], ("高德经度", "高德纬度")),
        (["纬度(BD09)", "经度(WGS84)", "纬度(WGS84)", "经度(BD09)"], ("经度(BD09)", "纬度(BD09)")),
        (["经度(°E)", "纬度(°N)"], ("经度(°E)", "纬度(°N)")),
        (["经度", "lat"], ("经度", "lat")),
        (["坐标(WGS84)/经度", "坐标(WGS84)/纬度"], ("坐标(WGS84)/经度", "坐标(WGS84)/纬度")),
    ],
)  # fmt: skip
def test_pairs_of_columns_are_never_mixed(headings: list[str], pair: tuple[str, str]) -> None:
    found = matching.pair(headings) or matching.pair(headings, inside=True)
    assert found == pair


def test_each_row_is_converted_by_what_it_states(office: Office) -> None:
    place = PLACES["PK-01"]
    rows = [
        f"W,甲,WGS84,{_written(Datum.WGS84, place)}",
        f"G,乙,高德地图,{_written(Datum.GCJ02, place)}",
        f"B,丙,bd09,{_written(Datum.BD09, place)}",
        f"N,丁,,{_written(Datum.CGCS2000, place)}",
        f"X,戊,地方独立坐标,{_written(Datum.CGCS2000, place)}",
    ]
    file = office.write("排口.csv", "编码,名称,datum,经度,纬度\n" + "\n".join(rows))
    said = office.take(file, "--layer", "outlets")
    stored = office.rows("outlets")
    assert set(stored) == {"W", "G", "B", "N"}
    assert all(_apart(point, place) < 1 for point in stored.values())
    assert "不认识这个坐标系" in said.out
    assert "第 6 行" in said.out
    assert "1 行没有写坐标系（第 5 行）" in said.out
    assert "没有注明坐标基准" not in said.out


@pytest.mark.parametrize("headings", ["经度(BD09),纬度(BD09)", "百度经度,百度纬度"])
def test_a_heading_that_names_a_datum_is_used(office: Office, headings: str) -> None:
    place = PLACES["PK-02"]
    text = f"编码,名称,{headings}\nA,甲,{_written(Datum.BD09, place)}\n"
    said = office.take(office.write("口.csv", text), "--layer", "outlets")
    assert _apart(office.rows("outlets")["A"], place) < 1
    assert "没有注明坐标基准" not in said.out


def test_whoever_states_another_system_is_told_what_the_file_says(office: Office) -> None:
    place = PLACES["PK-02"]
    text = f"编码,名称,经度(BD09),纬度(BD09)\nA,甲,{_written(Datum.BD09, place)}\n"
    said = office.take(office.write("口.csv", text), "--layer", "outlets", "--crs", "GCJ-02")
    assert _apart(office.rows("outlets")["A"], place) > 300
    assert "BD-09，现按 GCJ-02 读取" in said.out


def test_the_case_of_three_datums(office: Office, case: Callable[[str], Path]) -> None:
    said = office.take(
        case(CASE) / "排口_三种坐标.csv", "--layer", "outlets", "--column", "code=排口编号",
        "--column", "name=来源", "--accept",
    )  # fmt: skip
    stored = office.rows("outlets")
    for name, place in PLACES.items():
        for datum in "WGB":
            assert _apart(stored[f"{name}-{datum}"], place) < 5
    assert _apart(stored["PK-05-C"], (120.7788, 30.7490)) < 5
    assert _apart(stored["PK-06-G"], (120.7600, 30.7600)) < 5
    assert "1 行没有写坐标系" in said.out


def test_a_batch_reads_the_datum_of_each_row(
    gridmap: Run, case: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "答复.csv"
    said = gridmap("assign", case(CASE) / "排口_三种坐标.csv", "-o", out)
    assert said.code == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        owner = {row["排口编号"]: row["主责网格"] for row in csv.DictReader(stream)}
    for name in PLACES:
        assert owner[f"{name}-G"] == owner[f"{name}-B"] == owner[f"{name}-W"] != ""


@pytest.mark.parametrize("name", ["表头写明GCJ02", "两套经纬度列", "坐标在一格里"])
def test_every_door_finds_the_same_places(
    office: Office, gridmap: Run, case: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    file = case(CASE) / f"{name}.csv"
    fields = {"坐标在一格里": "名称", "两套经纬度列": "名称", "表头写明GCJ02": "排污口编码"}
    office.take(
        file, "--layer", "outlets", "--column", f"code={fields[name]}", "--accept",
        *(() if name == "表头写明GCJ02" else ("--fixed", "name=口")),
    )  # fmt: skip
    places = list(office.rows("outlets").values())
    for point, place in zip(places, PLACES.values(), strict=False):
        assert _apart(point, place) < 5
    if name == "坐标在一格里":
        assert [(p.x, p.y) for p in places[3:]] == [(120.76, 30.76), (120.7788, 30.749)]
    said = gridmap("assign", file, "-o", tmp_path / "答复.csv")
    assert f"确定\t{len(places)}" in said.out


def test_lying_in_a_river_is_no_evidence_against_a_sluice(
    example_copy: Path, gridmap: Run, case: Callable[[str], Path]
) -> None:
    file = case("15-gpkg-wal") / "水闸_真坐标.csv"
    said = gridmap("import", example_copy, file, "--layer", "sluices", "--accept", "--all")
    assert said.code == 0
    assert "GCJ-02 转换" not in said.out
    with file.open(encoding="utf-8-sig", newline="") as stream:
        given = {r["code"]: (float(r["经度"]), float(r["纬度"])) for r in csv.DictReader(stream)}
    with Project.open(example_copy) as project:
        stored = project.layer("sluices").set_index("code").geometry
    assert all((stored[code].x, stored[code].y) == place for code, place in given.items())
