import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap import intake, texts
from gridmap.core.declaration import FieldDeclaration, FieldType, Titles
from gridmap.intake import Finding, ImportReport, Kind, Severity
from gridmap.intake.files.tables import RawTable, text_of
from gridmap.intake.findings import held_rows
from gridmap.intake.looks import columns, values
from gridmap.stopping import Cancelled, Job
from gridmap.store import Edition, Project

STATIONS = "站点编码,站点名称,类别,经度,纬度\n"


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _geojson(path: Path, rows: list[tuple[dict[str, Any], Any]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for properties, shape in rows
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return _write(path, text)


def _kinds(report: ImportReport) -> list[tuple[int | None, str, Kind]]:
    return [(finding.row, finding.field, finding.kind) for finding in report.held_back]


def _table(*headings: str) -> RawTable:
    return RawTable(Path("f"), pd.DataFrame(columns=list(headings)), np.empty(0, np.int64), 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables_of_any_encoding_and_delimiter(
    project: Project, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = (STATIONS + '0012A,"甲\n站",空气站,120.7,30.7\n').replace(",", delimiter)
    path = _write(tmp_path / "站.csv", text, encoding)
    report = intake.load(project, path, "stations", crs="EPSG:4490")
    assert (report.rows_read, report.rows_loaded) == (1, 1)
    [row] = project.layer("stations").itertuples()
    assert (row.code, row.name, row.kind) == ("0012A", "甲\n站", "air")
    assert row.geometry == shapely.Point(120.7, 30.7)


def test_every_row_that_is_not_loaded_is_named(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "站.csv",
        STATIONS
        + "A1,甲,空气站,120.7,30.7\n"  # row 2
        + ",乙,水站,120.7,30.7\n"
        + "A3,丙,噪声站,120.7,30.7\n"
        + "9.13E+17,丁,水站,120.7,30.7\n"
        + "A1,戊,水站,120.7,30.7\n"  # row 6
        + "A6,己,水站,30.7,120.7\n"
        + "A7,庚,水站,2.35,48.85\n"
        + "A8,辛,水站,abc,30.7\n"
        + "A9,壬,水站,,\n"  # row 10
        + "A10,癸,水站\n"
        + "\n"
        + "A12,子,air,120.8,30.8\n",  # row 13
    )
    report = intake.load(project, path, "stations", crs="EPSG:4490")
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (11, 2, 9)
    assert sorted(_kinds(report)) == [
        (3, "code", Kind.MISSING),
        (4, "kind", Kind.NOT_ALLOWED),
        (5, "code", Kind.EXCEL_NUMBER),
        (6, "code", Kind.DUPLICATE_KEY),
        (7, "", Kind.SWAPPED_AXES),
        (8, "", Kind.OUTSIDE_CHINA),
        (9, "经度, 纬度", Kind.NOT_COORDINATE),
        (10, "经度, 纬度", Kind.GEOMETRY_MISSING),
        (11, "", Kind.MALFORMED_ROW),
    ]
    swapped = next(f for f in report.held_back if f.kind is Kind.SWAPPED_AXES)
    assert swapped.fix == "120.700000, 30.700000"
    for language in texts.LANGUAGES:
        texts.use_language(language)
        for finding in report.findings:
            assert "站.csv" in finding.message
            assert finding.row is None or str(finding.row) in finding.message
        assert "11" in report.summary
    frame = report.frame()
    assert sorted(frame.loc[frame["severity"] == "error", "row"]) == list(range(3, 12))
    assert project.layer("stations")["code"].tolist() == ["A1", "A12"]


def test_a_file_whose_rows_are_all_held_back_changes_nothing(
    project: Project, tmp_path: Path
) -> None:
    path = _write(tmp_path / "s.csv", STATIONS + "A1,甲,air,30.7,120.7\n")
    report = intake.load(project, path, "stations", crs="EPSG:4490")
    assert (report.rows_read, report.rows_loaded, report.revision) == (1, 0, None)
    assert project.revision == 1


def test_numbers_of_a_workbook_become_codes_only_where_that_is_exact(
    project: Project, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["南湖区网格名单"],
        ["行政区划代码", "名称", "级别", "人口", "经度", "纬度"],
        [330402001, "甲", "乡镇", 12000, 120.7, 30.7],
        [330402002000.0, "乙", "乡镇", "12,000", 120.7, 30.7],
        [913304021234567800, "丙", "乡镇", 1, 120.7, 30.7],
        ["330402004", "丁", "Township", 1.5, 120.7, 30.7],
    ):
        sheet.append(row)
    path = tmp_path / "名单.xlsx"
    book.save(path)
    table = intake.read_table(path)
    assert table.rows.tolist() == [3, 4, 5, 6]
    assert table.cells["行政区划代码"].tolist()[:2] == ["330402001", "330402002000"]
    project_fields = project.declarations["grid_units"].fields
    mapping = columns.sure_mapping(columns.match(table, project_fields, {}, {}))
    frame, findings = values.converted(table, project_fields, mapping, {})
    assert frame["tier"].tolist() == ["township"] * 4
    held = {(f.row, f.kind): f.fix for f in findings if f.holds_back}
    assert held == {
        (4, Kind.NOT_INTEGER): "12000",
        (5, Kind.EXCEL_NUMBER): None,
        (6, Kind.NOT_INTEGER): None,
    }


def test_geometry_is_promoted_or_held_back_but_never_repaired(
    project: Project, tmp_path: Path
) -> None:
    square = shapely.box(120.7, 30.7, 120.8, 30.8)
    bow_tie = shapely.Polygon([(120.7, 30.7), (120.8, 30.8), (120.8, 30.7), (120.7, 30.8)])
    swapped = shapely.box(30.7, 120.7, 30.8, 120.8)
    shapes = [square, bow_tie, None, shapely.Polygon(), shapely.Point(120, 30), swapped]
    path = _geojson(
        tmp_path / "u.geojson",
        [({"code": 110116003000 + i, "name": "x"}, shape) for i, shape in enumerate(shapes)],
    )
    report = intake.load(project, path, "grid_units", fixed={"tier": "township"})
    assert sorted((row, kind) for row, _, kind in _kinds(report)) == [
        (2, Kind.GEOMETRY_INVALID),
        (3, Kind.GEOMETRY_MISSING),
        (4, Kind.GEOMETRY_MISSING),
        (5, Kind.GEOMETRY_TYPE),
        (6, Kind.SWAPPED_AXES),
    ]
    stored = project.layer("grid_units")
    assert stored["code"].tolist() == ["110116003000"]
    assert stored.geometry.tolist() == [shapely.MultiPolygon([square])]


def test_metres_of_a_zone_come_to_the_right_place(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    frame = units(2)
    path = tmp_path / "u.gpkg"
    frame.to_crs(4549).to_file(path)
    report = intake.load(project, path, "grid_units")
    assert report.rows_loaded == 2
    back = project.layer("grid_units")
    assert shapely.hausdorff_distance(
        back.geometry.iloc[1], frame.geometry.iloc[1]
    ) == pytest.approx(0, abs=1e-9)
    assert project.editions()["grid_units"].crs_of_source == "EPSG:4549"
    with pytest.raises(intake.IntakeError) as caught:
        intake.load(project, path, "grid_units", crs="EPSG:4490")
    assert caught.value.key == "intake.error.two_crs"


def test_a_table_in_a_shifted_datum(project: Project, tmp_path: Path) -> None:
    path = _write(tmp_path / "s.csv", STATIONS + "A1,甲,air,120.7,30.7\n")
    intake.load(project, path, "stations", crs="GCJ-02")
    point = project.layer("stations").geometry.iloc[0]
    assert 0.002 < point.distance(shapely.Point(120.7, 30.7)) < 0.01
    assert project.editions()["stations"].crs_of_source == "GCJ-02"
    # Said once, it holds for the next file of the same headings, which says so.
    report = intake.load(project, path, "stations")
    [told] = [finding for finding in report.findings if finding.kind is Kind.RECALLED]
    assert "GCJ-02" in told.message
    other = _write(
        tmp_path / "t.csv", STATIONS.replace("\n", ",备注\n") + "A1,甲,air,120.7,30.7,无\n"
    )
    report = intake.load(project, other, "stations")
    assert Kind.NO_DATUM in {finding.kind for finding in report.findings}


def test_a_shapefile_in_gbk_without_statement(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    path = tmp_path / "乡镇.shp"
    frame = units(3, name=["新丰镇", "余新镇", "凤桥镇"]).to_crs(4326)
    pyogrio.write_dataframe(frame, path, encoding="GB18030")
    path.with_suffix(".cpg").unlink()
    report = intake.load(project, path, "grid_units")
    assert project.layer("grid_units")["name"].tolist() == ["新丰镇", "余新镇", "凤桥镇"]
    assert Kind.ENCODING in {finding.kind for finding in report.findings}
    path.with_suffix(".prj").unlink()
    with pytest.raises(intake.IntakeError) as caught:
        intake.load(project, path, "grid_units")
    assert caught.value.key == "intake.error.undecided"
    assert "坐标系" in str(caught.value)
    assert intake.load(project, path, "grid_units", crs="EPSG:4326").updated == 3


def test_replacing_a_layer_and_its_edition(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    path = tmp_path / "u.gpkg"
    units(5).to_file(path)
    intake.load(project, path, "grid_units")
    units(2).to_file(path)
    edition = Edition("grid_units", dt.date(2025, 5, 1), "民政", 12.0, data_status="example")
    report = intake.load(
        project, path, "grid_units", edition=edition, mode="replace", fixed={"priority": 3}
    )
    assert report.added == len(project.layer("grid_units")) == 2
    assert project.layer("grid_units")["priority"].tolist() == [3, 3]
    stored = project.editions()["grid_units"]
    assert (stored.source, stored.accuracy_m, stored.rows) == ("民政", 12.0, 2)
    assert project.log()["detail"].iloc[-1]["import"]["loaded"] == 2


def test_columns_are_matched_by_name_then_title_then_alias() -> None:
    def field(name: str, zh: str, *aliases: str) -> FieldDeclaration:
        return FieldDeclaration(name=name, title=Titles(zh=zh, en=name), aliases=aliases)

    fields = [field("code", "编码", "id", "number"), field("name", "名称", "id")]
    table = _table("ID", " Ｎumber", "名 称")
    matches = columns.match(table, fields, {}, {})
    assert columns.sure_mapping(matches) == {"code": "ID", "name": "名 称"}
    [finding] = columns.ambiguous(table, fields, matches)
    assert (finding.kind, finding.field, finding.detail) == (
        Kind.AMBIGUOUS_COLUMN,
        "code",
        " Ｎumber",
    )
    table, stated = _table("ID", "number"), {"code": "number"}
    matches = columns.match(table, fields, stated, {})
    assert columns.sure_mapping(matches) == {"code": "number", "name": "ID"}
    assert not list(columns.ambiguous(table, fields, matches, stated))
    for stated in ({"code": "none"}, {"none": "ID"}):
        with pytest.raises(intake.IntakeError, match="none"):
            columns.match(_table("ID"), fields, stated, {})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.DATE, "2024/1/31", dt.date(2024, 1, 31)),
        (FieldType.DATE, "2024年01月31日", dt.date(2024, 1, 31)),
        (FieldType.DATE, "20240131", dt.date(2024, 1, 31)),
        (FieldType.DATE, "2024-01-31 00:00:00", dt.date(2024, 1, 31)),
        (FieldType.BOOLEAN, "是", True),
        (FieldType.BOOLEAN, "N", False),
        (FieldType.INTEGER, "12.0", 12),
        (FieldType.REAL, "1e3", 1000.0),
    ],
)
def test_values_as_offices_write_them(kind: FieldType, text: str, value: Any) -> None:
    field = FieldDeclaration(name="x", title=Titles(zh="x", en="x"), type=kind)
    assert values.read_value(field, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "fix"),
    [
        (FieldType.DATE, "45322", "2024-01-31"),
        (FieldType.DATE, "2024-02-30", None),
        (FieldType.DATE, "2024-01-31 15:00", None),
        (FieldType.REAL, "inf", None),
        (FieldType.BOOLEAN, "也许", None),
    ],
)
def test_what_is_no_value_is_refused(kind: FieldType, text: str, fix: str | None) -> None:
    field = FieldDeclaration(name="x", title=Titles(zh="x", en="x"), type=kind)
    outcome = values.read_value(field, text)
    assert isinstance(outcome, values.Refused)
    assert outcome.fix == fix


@given(st.integers(min_value=0, max_value=10**20))
def test_a_code_is_text_exactly_or_not_at_all(number: int) -> None:
    field = FieldDeclaration(name="code", title=Titles(zh="x", en="x"), key=True)
    for cell in (number, float(number), str(number)):
        text = text_of(cell)
        assert text is not None
        outcome = values.read_value(field, text)
        assert outcome == str(number) or (
            isinstance(cell, float) and isinstance(outcome, values.Refused)
        )


def test_a_code_that_breaks_its_rule_is_loaded_with_a_warning(
    project: Project, tmp_path: Path
) -> None:
    path = _write(
        tmp_path / "firms.csv", "信用代码,企业名称,lon,lat\n913304021234567891,某厂,120.7,30.7\n"
    )
    report = intake.load(project, path, "enterprises", crs="EPSG:4490")
    assert report.rows_loaded == 1
    [finding] = [f for f in report.findings if f.kind is Kind.CODE_CHECK]
    assert finding.severity is Severity.WARNING
    assert "913304021234567891" in finding.message


def test_a_cancelled_import_writes_nothing(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    path = tmp_path / "u.gpkg"
    units(2).to_file(path)
    job = Job()

    def cancel_when_stored(step: intake.Step) -> None:
        if step.stage == "store" and step.done == 0:
            job.cancel()

    with pytest.raises(Cancelled):
        intake.load(project, path, "grid_units", watch=intake.Watch(cancel_when_stored, job))
    assert project.revision == 1
    assert project.editions() == {}


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("x.csv", b"\xff\xff\x80", "encoding"),
        ("x.csv", b"", "no_heading"),
        ("x.doc", b"x", "known_format"),
        ("x.xyz", b"x", "unknown_format"),
        ("x.xlsx", b"x", "unreadable"),
        ("x.geojson", b"{", "unreadable"),
        ("x.csv", b"code,name,lon,lat\n1,2,120,30\n", "undecided"),
        ("x.csv", b"code,name,kind\n1,2,air\n", "no_geometry"),
        ("none.csv", None, "missing_file"),
        ("none.shp", None, "missing_file"),
    ],
)
def test_files_that_cannot_be_read_say_why(
    project: Project, tmp_path: Path, name: str, content: bytes | None, key: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(intake.IntakeError) as caught:
        intake.load(project, path, "stations")
    assert caught.value.key == f"intake.error.{key}"
    assert name in str(caught.value)
    texts.use_language("en")
    assert name in str(caught.value)


def test_a_file_with_several_layers_asks_which(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    path = tmp_path / "u.gpkg"
    units(2).to_file(path, layer="a")
    units(3).to_file(path, layer="b")
    with pytest.raises(intake.IntakeError, match="a, b"):
        intake.load(project, path, "grid_units")
    assert intake.load(project, path, "grid_units", layer="b").rows_loaded == 3


def test_every_finding_has_its_sentence_in_both_languages() -> None:
    for language in texts.LANGUAGES:
        texts.use_language(language)
        for kind in Kind:
            assert "f.csv" in Finding(kind, Severity.HINT, "f.csv", 3, fix="x").message


def test_a_report_must_add_up() -> None:
    with pytest.raises(ValueError, match="3 rows read"):
        ImportReport("f", "t", 3, 1, 1)
    assert held_rows([Finding(Kind.MISSING, Severity.ERROR, "f", 4)]) == {4}


def test_extra_columns_of_a_frame_are_named(project: Project, tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"code": ["A"], "name": ["甲"], "kind": ["air"], "colour": ["red"]},
        geometry=[shapely.Point(120, 30, 5)],
        crs=4326,
    )
    path = tmp_path / "s.geojson"
    frame.to_file(path)
    report = intake.load(project, path, "stations")
    left = next(f for f in report.findings if f.kind is Kind.COLUMN_LEFT_OUT)
    assert left.detail == "colour"
    assert Kind.FLATTENED in {f.kind for f in report.findings}
    assert isinstance(report.frame(), pd.DataFrame)
