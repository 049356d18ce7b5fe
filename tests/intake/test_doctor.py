"""The doctor's decisions one by one, on files made for each."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely

from gridmap import texts
from gridmap.intake import IntakeError, Kind, Watch, doctor
from gridmap.intake.choices import Choices
from gridmap.intake.files import encodings
from gridmap.intake.findings import Action, Finding, Severity
from gridmap.stopping import Cancelled, Job
from gridmap.store import Edition, Project

STATIONS = "站点编码,站点名称,类别,经度,纬度\n"


def _source(path: Path, text: str, encoding: str = "utf-8") -> doctor.Source:
    path.write_bytes(text.encode(encoding))
    [source] = doctor.find_sources([path])
    return source


def _sheet(path: Path, *rows: list[Any], merged: tuple[str, ...] = ()) -> doctor.Source:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    [source] = doctor.find_sources([path])
    return source


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("嘉兴市南湖区凤桥镇水质自动监测站", "gb18030"),
        ("嘉兴市南湖区凤桥镇水质自动监测站", "utf-8"),
        ("臺北市環境保護局水質監測站基本資料", "big5"),
    ],
)
def test_encodings_by_their_bytes(text: str, encoding: str) -> None:
    first, *_ = encodings.ranked(text.encode(encoding))
    assert first.encoding == encoding
    assert first.confidence > 0.8
    assert encodings.ranked(b"abc")[0].evidence == "ascii"
    assert encodings.ranked("x".encode("utf-16"))[0].evidence == "bom"
    assert encodings.ranked(b"\xff\xff\x80") == ()


def test_another_encoding_can_be_chosen_later(project: Project, tmp_path: Path) -> None:
    source = _source(tmp_path / "站点.csv", STATIONS + "A1,甲,空气站,120.7,30.7\n", "gb18030")
    case = doctor.examine(source, Choices(), project)
    assert case.encodings[0].encoding == "gb18030"
    with pytest.raises(IntakeError) as caught:
        doctor.examine(source, Choices(encoding="utf-8"), project)
    assert caught.value.key == "intake.error.encoding_stated"


def test_a_sheet_with_titles_merged_headings_and_ruined_codes(
    project: Project, tmp_path: Path
) -> None:
    source = _sheet(
        tmp_path / "企业.xlsx",
        ["南湖区企业名录", None, None, None],
        ["2026 年", None, None, None],
        ["统一社会信用代码", "企业名称", "位置", None],
        [None, None, "经度", "纬度"],
        ["91330402EXAM00019H", "甲厂", 120.75, 30.74],
        [9.13304021e17, "乙厂", 120.76, 30.74],
        ["91330402EXAM00027C", "丙厂", 0, 0],
        ["91330402EXAM000357", "丁厂", "120°45′30″", "30度44分10秒"],
        ["91330402EXAM00019H", "甲厂新", 120.77, 30.74],
        merged=("A1:D1", "A3:A4", "B3:B4", "C3:D3"),
    )
    case = doctor.examine(source, Choices(), project)
    assert case.target == "enterprises"
    assert list(case.reading.table.cells.columns) == [
        "统一社会信用代码", "企业名称", "位置/经度", "位置/纬度"
    ]  # fmt: skip
    found = {(f.kind, f.cell) for f in case.findings if f.holds_back}
    assert found == {
        (Kind.EXCEL_NUMBER, "A6"), (Kind.ZERO_PLACE, "C7"), (Kind.DUPLICATE_KEY, "A9")
    }  # fmt: skip
    [ruined] = [f for f in case.findings if f.kind is Kind.EXCEL_NUMBER]
    assert ruined.action is None
    assert "A6" in ruined.message
    assert (case.counts.read, case.counts.loadable) == (5, 2)
    assert (case.counts.to_confirm, case.counts.to_fill) == (1, 2)
    [notation] = [f for f in case.findings if f.kind is Kind.NOTATION]
    assert notation.detail == "120.758333, 30.736111"
    newer = doctor.settled(source, case.choices, project, before=case)
    assert newer.counts.loadable == 2  # the later 甲厂 in the place of the former
    doctor.load_case(project, newer)
    assert sorted(project.layer("enterprises")["name"]) == ["丁厂", "甲厂新"]


def test_days_as_numbers_from_1900_or_1904(project: Project, tmp_path: Path) -> None:
    source = _sheet(tmp_path / "岗位.xlsx", ["人员编号", "姓名", "职务", "责任编码", "任职日期"],
                    ["P1", "甲", "网格长", "330402001", 45322])  # fmt: skip
    with project.change("test") as change:
        people = [{"person_id": "P1", "name": "甲", "data_status": "example"}]
        change.put_people(geopandas.pd.DataFrame(people))
    case = doctor.examine(source, Choices(), project)
    assert case.target == "posts"
    [serial] = [f for f in case.findings if f.kind is Kind.NOT_DATE]
    assert (serial.cell, serial.fix, serial.action) == ("E2", "2024-01-31", Action.REPLACE)
    case = doctor.settled(source, case.choices, project, before=case)
    report = doctor.load_case(project, case)
    assert (report.rows_read, report.rows_loaded) == (1, 1)
    assert project.posts()["valid_from"].tolist() == [dt.date(2024, 1, 31)]
    with zipfile.ZipFile(source.path) as book:
        assert b"date1904" not in book.read("xl/workbook.xml")


def test_columns_by_their_values_and_by_the_last_time(project: Project, tmp_path: Path) -> None:
    text = (
        "社信码,字号,lon,lat\n91330402EXAM00019H,甲厂,120.7,30.7\n"
        "91330402EXAM00027C,乙厂,120.71,30.7\n"
    )
    source = _source(tmp_path / "企业.csv", text)
    choices = Choices(columns={"name": "字号"})
    case = doctor.examine(source, choices, project)
    match = next(m for m in case.matches if m.column == "社信码")
    assert (match.field, match.reason, match.confidence) == ("code", "values", 0.97)
    assert match.told == "取值格式 0.97"
    assert case.target == "enterprises"
    doctor.load_case(project, doctor.settled(source, choices, project, before=case))
    again = doctor.examine(source, Choices(), project)
    reasons = {m.field: m.reason for m in again.matches if m.field}
    assert reasons["name"] == "last_time"
    assert next(m for m in again.matches if m.field == "name").told == "上次导入"
    assert again.counts.loadable == 2


def test_a_new_edition_tells_what_it_changes(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    with project.change("test") as change:
        change.replace_layer("grid_units", units(4), Edition("grid_units"))
    frame = units(5).iloc[1:].reset_index(drop=True)
    frame.loc[0, "name"] = "新名镇"
    frame.loc[1, "geometry"] = shapely.box(120.72, 30.7, 120.73, 30.709)
    path = tmp_path / "乡镇.gpkg"
    frame.to_file(path)
    [source] = doctor.find_sources([path])
    case = doctor.settled(source, Choices(mode="replace"), project)
    changes = case.changes
    assert changes is not None
    assert (changes.added, changes.removed) == (("330402005",), ("330402001",))
    assert changes.renamed == (("330402002", "镇2", "新名镇"),)
    [(code, size)] = changes.reshaped
    assert (code, changes.unchanged) == ("330402003", 1)
    assert size == pytest.approx(957 * 111, rel=0.02)
    doctor.load_case(project, case)
    assert project.layer("grid_units")["code"].tolist() == frame["code"].tolist()


def test_gaps_are_told_and_can_be_tolerated_for_good(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    ring = shapely.box(120.7, 30.7, 120.73, 30.73) - shapely.box(120.71, 30.71, 120.72, 30.72)
    frame = units(1)
    frame["geometry"] = [ring]
    path = tmp_path / "乡镇.gpkg"
    frame.to_file(path)
    [source] = doctor.find_sources([path])
    case = doctor.settled(source, Choices(), project)
    [gap] = [f for f in case.findings if f.kind is Kind.GAP]
    assert not gap.accepted
    assert gap.rows == (1,)
    case = doctor.examine(source, case.choices.accept(gap.id), project, before=case)
    doctor.load_case(project, case)
    again = doctor.examine(source, Choices(), project)
    assert [f.accepted for f in again.findings if f.kind is Kind.GAP] == [True]


def test_invalid_rings_are_repaired_only_when_accepted(
    project: Project, tmp_path: Path, units: Callable[..., Any]
) -> None:
    frame = units(2)
    bow_tie = shapely.Polygon([(120.8, 30.7), (120.9, 30.8), (120.9, 30.7), (120.8, 30.8)])
    frame.loc[1, "geometry"] = bow_tie
    path = tmp_path / "乡镇.geojson"
    frame.to_crs(4326).to_file(path)
    [source] = doctor.find_sources([path])
    case = doctor.examine(source, Choices(), project)
    assert (case.counts.loadable, case.counts.to_confirm) == (1, 1)
    case = doctor.examine(source, case.choices.accept("geometry_invalid:"), project, before=case)
    assert case.counts.loadable == 2
    assert shapely.is_valid(case.outcome.ready.frame.geometry.to_numpy()).all()


def test_swapped_metres_and_one_cell_for_both(project: Project, tmp_path: Path) -> None:
    text = (
        "编码,地名,X,Y\nP1,甲桥,3400000.5,40481234.25\nP2,乙桥,3400100,40481300\n"
        "P3,丙桥,3400200,40481400\n"
    )
    source = _source(tmp_path / "地名.csv", text)
    case = doctor.settled(source, Choices(target="places"), project)
    assert case.place is not None
    assert case.place.chosen == "EPSG:4528"
    assert case.counts.loadable == 3
    text = '编码,地名,坐标\nP1,甲桥,"120.75，30.72"\nP2,乙桥,E120.76 N30.73\nP3,丙,120度\n'
    source = _source(tmp_path / "地名2.csv", text)
    case = doctor.settled(source, Choices(target="places"), project)
    assert (case.counts.loadable, case.counts.to_fill) == (2, 1)
    xs = case.outcome.ready.frame.geometry.x.tolist()
    assert xs == [120.75, 120.76]


def test_units_are_asked_by_what_the_values_suggest(project: Project, tmp_path: Path) -> None:
    rows = "".join(f"KQ01,2026-01-01 {h:02d}:00,{900 + h},{30 + h}\n" for h in range(20))
    source = _source(tmp_path / "空气.csv", "站点,时间,CO,PM2.5\n" + rows)
    case = doctor.examine(source, Choices(), project)
    proposals = {f.column: f.fix for f in case.blocked}
    assert proposals == {"CO": "μg/m³", "PM2.5": "μg/m³"}
    case = doctor.settled(source, case.choices, project, before=case)
    doctor.load_case(project, case)
    series = project.series.read("KQ01", "co")
    assert series["value"].iloc[0] == 0.9


def test_a_paste_and_a_cancelled_look(project: Project) -> None:
    paste = doctor.from_text("编码\t地名\t经度\t纬度\nP1\t甲桥\t120.7\t30.7\n")
    case = doctor.examine(paste, Choices(target="places"), project)
    assert case.counts.loadable == 1
    assert case.reading.fingerprint is None
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        doctor.examine(paste, Choices(target="places"), project, watch=Watch(job=job))
    with project.change("test") as change:
        change.set_setting("x", 1)
    assert not project.touched_since(case.references.revision, doctor.reads_of("places"))
    with project.change("test") as change:
        change.set_setting("intake.mapping.places", {})
    with pytest.raises(IntakeError) as caught:
        doctor.load_case(project, case)
    assert caught.value.key == "intake.error.stale"


def test_the_table_of_findings_is_plain_and_in_both_languages(
    project: Project, tmp_path: Path
) -> None:
    source = _source(tmp_path / "站点.csv", STATIONS + "A1,=1+1,空气站,30.7,120.7\n,乙,air,,\n")
    case = doctor.examine(source, Choices(target="stations"), project)
    for language in texts.LANGUAGES:
        texts.use_language(language)
        table = doctor.findings_table(case)
        assert len(table) == len(case.findings)
        assert set(table["id"]) == {f.id for f in case.findings}
        assert all(isinstance(text, str) and text for text in table["message"])
    assert case.groups[0].id == case.findings[0].group


def test_an_answer_to_one_row_outweighs_that_to_its_group() -> None:
    finding = Finding(
        Kind.SWAPPED_AXES, Severity.ERROR, "f", 7, fix="x", action=Action.SWAP
    )  # fmt: skip
    group, row = finding.group, finding.id
    assert Choices().accept(group).accepts(finding)
    assert not Choices().accept(group).refuse(row).accepts(finding)
    assert Choices().refuse(group).accept(row).accepts(finding)
    assert not Choices().accepts(finding)
    for language in texts.LANGUAGES:
        texts.use_language(language)
        for action in Action:
            made = Finding(Kind.GAP, Severity.WARNING, "f", fix="x", action=action)
            assert made.proposal
            assert made.summary


@pytest.mark.parametrize("ending", [".kml", ".dxf"])
def test_drawings_of_a_phone_and_of_an_engineer(
    project: Project, tmp_path: Path, ending: str, units: Callable[..., Any]
) -> None:
    frame = units(3).to_crs(4326)
    path = tmp_path / f"乡镇{ending}"
    if ending == ".dxf":
        lines = frame.to_crs(4549)[["geometry"]].copy()
        lines["geometry"] = lines.geometry.exterior
        lines.to_file(path, driver="DXF")
    else:
        frame.to_file(path, driver="KML")
    with project.change("test") as change:
        change.replace_layer("grid_units", units(3), Edition("grid_units"))
    [source] = doctor.find_sources([path])
    fixed = {"code": "330402{row}", "name": "x", "tier": "township"} if ending == ".dxf" else {}
    case = doctor.settled(source, Choices(target="grid_units", fixed=fixed), project)
    assert case.counts.read == 3
    assert case.counts.loadable == 3, [f.message for f in case.findings]
