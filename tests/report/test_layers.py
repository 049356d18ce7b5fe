"""Layers as files for others: nothing lost, nothing cut inside a character."""

import csv
from pathlib import Path

import geopandas
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.report.layers import ExportError, export_layer, short_names
from gridmap.store.example import open_example


@pytest.fixture(scope="module")
def layers():
    with open_example(read_only=True) as project:
        wanted = ("grid_units", "enterprises", "reaches")
        yield {name: (project.declarations[name], project.layer(name)) for name in wanted}


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_features_come_back(layers, tmp_path: Path, suffix: str) -> None:
    declaration, frame = layers["grid_units"]
    path = tmp_path / f"单元{suffix}"
    where = {"tier": ["township", "park"], "data_status": ["example"]}
    done = export_layer(declaration, frame, path, where=where, example=True)
    back = geopandas.read_file(path)
    expected = frame[frame["tier"].isin(["township", "park"])]
    assert done.rows == len(back) == len(expected) == 14
    assert back["name"].tolist() == expected["name"].tolist()
    assert back["code"].tolist() == expected["code"].tolist()
    assert back.crs.to_epsg() == 4490
    assert shapely.equals(back.geometry.array, expected.geometry.array).all()
    assert set(back["data_status" if suffix != ".shp" else "data_statu"]) == {"example"}
    assert not any(one.name.startswith(".") for one in tmp_path.iterdir())


def test_a_shapefile_says_its_encoding_and_its_names(layers, tmp_path: Path) -> None:
    declaration, frame = layers["reaches"]
    long = frame.copy()
    long["name"] = long["name"].where(long.index != long.index[0], "河" * 100)
    done = export_layer(declaration, long, tmp_path / "r.shp", example=True)
    assert (tmp_path / "r.cpg").read_text(encoding="ascii") == "UTF-8"
    assert done.files[0] == tmp_path / "r.shp"
    assert done.shortened == 1
    back = geopandas.read_file(tmp_path / "r.shp")
    assert back["name"].iloc[0] == "河" * 84
    with (tmp_path / "r.fields.csv").open(encoding="utf-8-sig", newline="") as stream:
        names = {row["短名"]: row["字段"] for row in csv.DictReader(stream)}
    assert {names[name] for name in back.columns if name != "geometry"} == set(long.columns) - {
        "geometry"
    }
    assert "示例数据" in (tmp_path / "r.fields.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_tables_have_places_and_codes_as_text(layers, tmp_path: Path, suffix: str) -> None:
    declaration, frame = layers["enterprises"]
    path = tmp_path / f"e{suffix}"
    export_layer(declaration, frame, path, example=True)
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert rows[0]["wkt"].startswith("POINT")
    else:
        sheet = openpyxl.load_workbook(path).worksheets[0]
        head, *cells = ([cell.value for cell in row] for row in sheet.iter_rows())
        rows = [dict(zip(head, row, strict=True)) for row in cells]
    assert len(rows) == len(frame)
    assert [row["code"] for row in rows] == frame["code"].tolist()
    assert float(rows[0]["lon"]) == pytest.approx(frame.geometry.iloc[0].x, abs=1e-7)
    assert rows[0]["phone"] == "102****0001"
    export_layer(declaration, frame, path, show_personal=True)


def test_what_cannot_be_exported(layers, tmp_path: Path) -> None:
    declaration, frame = layers["grid_units"]
    with pytest.raises(ExportError, match="只能导出"):
        export_layer(declaration, frame, tmp_path / "u.dwg")
    with pytest.raises(ExportError, match="没有字段“颜色”"):
        export_layer(declaration, frame, tmp_path / "u.gpkg", where={"颜色": ["红"]})
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_fits_is_an_empty_file(layers, tmp_path: Path) -> None:
    declaration, frame = layers["grid_units"]
    done = export_layer(declaration, frame, tmp_path / "u.gpkg", where={"tier": ["moon"]})
    assert done.rows == 0
    assert len(geopandas.read_file(tmp_path / "u.gpkg")) == 0


@given(
    st.lists(st.text(alphabet="abAB河流单元_1", min_size=1, max_size=14), unique=True, max_size=30)
)
def test_short_names_are_short_whole_and_different(names: list[str]) -> None:
    found = short_names(names)
    assert list(found) == names
    assert all(1 <= len(short.encode()) <= 10 for short in found.values())
    assert len({short.casefold() for short in found.values()}) == len(names)
