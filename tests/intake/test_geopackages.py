"""GeoPackages: a look never writes, what is not merged is read, values stay as written."""

import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely

from gridmap.intake import doctor
from gridmap.intake.files import geopackages, reading
from gridmap.intake.files.tables import ReadOptions
from tests.fixtures.importing import Office

CASE = "15-gpkg-wal"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _package(path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"code": ["A", "B", "C"], "name": ["甲", "乙", "丙"], "day": ["", "", ""], "km": [1, 2, 3]},
        geometry=[shapely.Point(120.7, 30.7), shapely.Point(120.8, 30.8), None], crs=4490,
    )  # fmt: skip
    frame.to_file(path, layer="口", driver="GPKG")


@pytest.fixture
def unmerged(tmp_path: Path) -> Path:
    """A package whose last change lies in its log."""
    whole = tmp_path / "采集" / "whole.gpkg"
    whole.parent.mkdir()
    _package(whole)
    writer = sqlite3.connect(whole)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute('DROP TRIGGER IF EXISTS "rtree_口_geom_update1"')
    names = [
        row[0] for row in writer.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ]
    for name in names:  # their functions are not in plain SQLite
        writer.execute(f'DROP TRIGGER "{name}"')
    writer.execute("UPDATE \"口\" SET name = '甲改' WHERE code = 'A'")
    writer.commit()
    file = whole.with_name("现场.gpkg")
    file.write_bytes(whole.read_bytes())
    file.with_name("现场.gpkg-wal").write_bytes(whole.with_name("whole.gpkg-wal").read_bytes())
    writer.close()
    for path in list(whole.parent.glob("whole*")):
        path.unlink()
    return file


def test_a_look_changes_nothing_and_reads_what_is_not_merged(
    office: Office, unmerged: Path
) -> None:
    before = _bytes(unmerged.parent)
    said = office.take(unmerged, "--layer", "outlets")
    assert "载入 2 行" in said.out
    assert office.frame("outlets").set_index("code")["name"]["A"] == "甲改"
    assert _bytes(unmerged.parent) == before


def test_the_log_comes_along_in_an_archive(office: Office, unmerged: Path) -> None:
    packed = office.folder / "现场.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in unmerged.parent.iterdir():
            archive.write(path, path.name)
    office.take(packed, "--layer", "outlets")
    assert office.frame("outlets").set_index("code")["name"]["A"] == "甲改"


def test_values_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "口.gpkg"
    _package(file)
    writer = sqlite3.connect(file)
    for (name,) in writer.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        writer.execute(f'DROP TRIGGER "{name}"')
    writer.execute("UPDATE \"口\" SET day = '2024-02-30', km = 1200.5 WHERE code = 'B'")
    writer.commit()
    writer.close()
    table = geopackages.read(file, ReadOptions())
    assert table.cells["day"].tolist()[1] == "2024-02-30"
    assert table.cells["km"].tolist() == ["1", "1200.5", "3"]
    assert table.geometry is not None
    assert [shape is None for shape in table.geometry] == [False, False, True]


def test_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case(CASE)
    loose, whole = folder / "含未合并WAL", folder / "河长制.gpkg"
    before = {here: _bytes(here) for here in (folder, loose)}
    for file in (loose / "现场采集.gpkg", folder / "现场采集.zip"):
        [grid] = [s for s in doctor.find_sources([file]) if s.layer == "网格"]
        said = office.take(
            file, "--layer", "grid_units", "--sheet", grid.layer, "--accept", "--replace"
        )
        assert said.code == 0
        assert "网格2改" in set(office.frame("grid_units")["name"])
    found = {source.layer: source for source in doctor.find_sources([whole])}
    assert list(found) == ["网格", "河道 2024", "通讯录", "未定义坐标系"]
    assert [source.layer for source in found.values() if source.plain] == ["通讯录"]
    counts = [len(reading.read(whole, layer=name).rows) for name in found]
    assert counts == [2, 1, counts[2], 1]
    said = office.take(whole, "--layer", "places", "--sheet", "未定义坐标系")
    assert "没有注明坐标系" in said.out
    office.take(
        whole, "--layer", "outlets", "--sheet", "未定义坐标系", "--crs", "EPSG:4490", "--accept",
        "--column", "name=名称",
    )  # fmt: skip
    assert [(p.x, p.y) for p in office.rows("outlets").values()] == [(120.755, 30.745)]
    assert {here: _bytes(here) for here in (folder, loose)} == before
