"""Formats that are known and were not read: read where the library can, else named."""

import json
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from tests.fixtures.importing import Office

PLACES = {"PK-01": (120.7512, 30.7421), "PK-02": (120.763, 30.7558)}
FRAME = geopandas.GeoDataFrame(
    {"code": list(PLACES), "name": ["甲口", "乙口"]},
    geometry=[shapely.Point(place) for place in PLACES.values()], crs="EPSG:4490",
)  # fmt: skip
GPX = "".join(
    f'<wpt lat="{y}" lon="{x}"><name>{key}</name></wpt>' for key, (x, y) in PLACES.items()
)


def _write(folder: Path, name: str) -> Path:
    path = folder / name
    if path.suffix == ".topojson":
        points = [
            {"type": "Point", "coordinates": place, "properties": {"code": key, "name": key}}
            for key, place in PLACES.items()
        ]
        layer = {"type": "GeometryCollection", "geometries": points}
        path.write_text(json.dumps({"type": "Topology", "arcs": [], "objects": {"口": layer}}))
    elif path.suffix == ".gpx":
        head = '<?xml version="1.0"?><gpx version="1.1" creator="x" '
        path.write_text(f'{head}xmlns="http://www.topografix.com/GPX/1/1">{GPX}</gpx>')
    else:
        driver = {".fgb": "FlatGeobuf", ".gdb": "OpenFileGDB"}.get(path.suffix, "MapInfo File")
        more = {"FORMAT": "MIF"} if path.suffix == ".mif" else {}
        FRAME.to_file(path, driver=driver, engine="pyogrio", **more)
    return path


def _check(office: Office) -> None:
    stored = office.rows("outlets")
    assert {key: (point.x, point.y) for key, point in stored.items()} == {
        key: pytest.approx(place, abs=1e-6) for key, place in PLACES.items()
    }


@pytest.mark.parametrize("name", ["口.fgb", "口.gdb", "口.tab", "口.mif", "口.topojson", "口.gpx"])
def test_a_further_format_is_read(office: Office, name: str) -> None:
    path = _write(office.folder, name)
    mapping = ["--column", "code=name"] if name.endswith("gpx") else []
    fixed = ["--fixed", "name=口"] if name.endswith("gpx") else []
    said = office.take(path, "--layer", "outlets", "--accept", *mapping, *fixed)
    assert said.code == 0, said.err
    _check(office)


@pytest.mark.parametrize("name", ["口.gdb", "口.tab", "口.mif"])
def test_a_further_format_in_an_archive(office: Office, name: str) -> None:
    folder = office.folder / "包"
    folder.mkdir()
    _write(folder, name)
    path = office.folder / "包.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.rglob("*")):
            if part.is_file():
                archive.write(part, part.relative_to(folder))
    said = office.take(path, "--layer", "outlets", "--accept")
    assert said.code == 0, said.err
    _check(office)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("口.parquet", "PAR1", "GeoParquet"), ("图.dwg", "AC1032", "AutoCAD DWG"),
        ("图.gml", "<gml/>", "GML"), ("网.osm", "<osm/>", "OpenStreetMap XML"),
        ("报文.txt", "##0123QN=20240630080000001;ST=32;CN=2011;", "HJ 212"),
    ],
)  # fmt: skip
def test_a_format_that_is_not_read_is_named(
    office: Office, name: str, content: str, words: str
) -> None:
    said = office.take(office.write(name, content), "--layer", "outlets")
    assert said.code != 0
    assert words in said.err
    assert "请" in said.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("口.fgb", "<OGRVRTDataSource/>"), ("口.gpx", "<OGRVRTDataSource/>"),
        ("口.mif", "<OGRVRTDataSource/>"), ("口.topojson", '{"type":"gdal_streamed_alg"}'),
        ("口.tab", '!table\n!version 300\nDefinition Table\n  File "x.tif"\n  Type "RASTER"\n'),
    ],
)  # fmt: skip
def test_what_is_not_what_its_name_says_is_refused(office: Office, name: str, content: str) -> None:
    said = office.take(office.write(name, content), "--layer", "outlets")
    assert said.code != 0
    assert "内容与扩展名不符" in said.err


def test_a_folder_of_such_files_says_so(office: Office) -> None:
    folder = office.folder / "数据"
    folder.mkdir()
    (folder / "图.dwg").write_text("AC1032")
    said = office.readings(folder)
    assert said.code != 0
    assert "AutoCAD DWG" in said.err
