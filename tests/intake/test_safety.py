"""Files that are broken, hostile or enormous: a message or rows, never a traceback."""

import json
import stat
import struct
import zipfile
from pathlib import Path

import geopandas
import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap.intake import IntakeError, doctor
from gridmap.intake.choices import Choices
from gridmap.intake.files import archives, limits, reading, sources
from gridmap.intake.files.tables import ReadOptions
from gridmap.intake.findings import Kind
from gridmap.store import Project
from gridmap.texts import GridMapError

HEADING = "站点编码,站点名称,类别,经度,纬度\n"
ENDINGS = (
    ".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".xls", ".xlsb", ".ods", ".geojson", ".json",
    ".gpkg", ".shp", ".kml", ".kmz", ".dxf", ".zip",
)  # fmt: skip
KEYS = ("intake.error.", "project.error.")


def _looked_at(path: Path, project: Project) -> list[str]:
    """Examine all there is; the keys of the messages that came instead of rows."""
    keys = []
    for source in doctor.find_sources([path]):
        try:
            case = doctor.settled(source, Choices(), project)
        except GridMapError as error:
            told = str(error)
            keys.append(error.key if path.name.split(".")[0] in told else told)
        else:
            counts = case.counts
            assert counts.read == counts.loadable + counts.held_back
    return keys


@pytest.mark.parametrize("ending", ENDINGS)
@given(data=st.binary(max_size=400))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_give_a_message_or_rows(
    project: Project, tmp_path: Path, ending: str, data: bytes
) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes(data)
    assert all(
        key.startswith(("intake.error.", "project.error.")) for key in _looked_at(path, project)
    )


_CELL = st.text(max_size=12) | st.sampled_from(
    ["120.7", "30.7", "=cmd|' /C calc'!A0", "9.13E+17", "<b>x</b>", "\x00", "\x1b[31m", "0", "--"]
)


@given(rows=st.lists(st.lists(_CELL, min_size=5, max_size=5), max_size=8))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cells_are_loaded_or_held_back(
    project: Project, tmp_path: Path, rows: list[list[str]]
) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = tmp_path / "监测站点.csv"
    text = HEADING + "\n".join(lines)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    assert all(
        key.startswith(("intake.error.", "project.error.")) for key in _looked_at(path, project)
    )


@given(
    content=st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "thead",
                             "tbody", "x"]), inner, max_size=4,
        ),
        max_leaves=20,
    )
)  # fmt: skip
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json(project: Project, tmp_path: Path, content) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert all(
        key.startswith(("intake.error.", "project.error.")) for key in _looked_at(path, project)
    )


class _GbkName(zipfile.ZipInfo):
    """A name as Chinese systems pack it: GBK, without the flag of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  the name in zipfile
        return self.filename.encode("gb18030"), self.flag_bits


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("sound")
    squares = [shapely.box(120.7 + i / 10, 30.7, 120.75 + i / 10, 30.75) for i in range(3)]
    names = ["东镇", "西镇", "南街道"]
    frame = geopandas.GeoDataFrame(
        {"code": ["330402001", "330402002", "330402003"], "name": names, "tier": ["township"] * 3},
        geometry=squares, crs=4326,
    )  # fmt: skip
    for ending in (".gpkg", ".geojson", ".kml", ".shp"):
        frame.to_file(folder / f"乡镇{ending}", driver="KML" if ending == ".kml" else None)
    frame[["geometry"]].boundary.to_file(folder / "乡镇.dxf", driver="DXF")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["站点编码", "站点名称", "类别", "经度", "纬度"], ["A1", "甲", "空气站", 120, 30]):
        sheet.append(row)
    book.save(folder / "站点.xlsx")
    (folder / "站点.csv").write_text(HEADING + "A1,甲,空气站,120,30\n", encoding="gb18030")
    head = ["断面名称", "监测时间", "氨氮(mg/L)", "站点情况"]
    body = [["<span title='原始值：1.2'>甲</span>", "12-01 08:00", "0.1", "正常"]]
    answer = json.dumps({"thead": head, "tbody": body}, ensure_ascii=False)
    (folder / "水站.json").write_text(answer, encoding="utf-8")
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        for part in folder.glob("乡镇.*"):
            if part.suffix in {".shp", ".dbf", ".shx"}:
                archive.writestr(_GbkName(part.name), part.read_bytes())
    return {path.suffix: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "ending", [".gpkg", ".geojson", ".kml", ".dxf", ".xlsx", ".csv", ".json", ".zip", ".shp"]
)
@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_files_give_a_message_or_rows(
    project: Project, tmp_path: Path, sound_files: dict[str, bytes], ending: str, data
) -> None:
    content = bytearray(sound_files[ending])
    places = st.integers(0, len(content) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        content[place] = value
    cut = data.draw(st.just(len(content)) | places)
    path = tmp_path / f"x{ending}"
    path.write_bytes(bytes(content[:cut]))
    assert all(key.startswith(KEYS) for key in _looked_at(path, project))


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_archives_that_lead_elsewhere_are_not_unpacked(tmp_path: Path) -> None:
    for number, name in enumerate(["../x.csv", "/etc/x.csv", "a/../../x.csv", "c:\\x.csv"]):
        path = _zip(tmp_path / f"{number}.zip", **{name: HEADING.encode()})
        [source] = doctor.find_sources([path])
        assert source.problem is not None
        assert source.problem.key == "intake.error.archive_path"
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    [source] = doctor.find_sources([path])
    assert source.problem is not None
    assert source.problem.key == "intake.error.archive_link"


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bomb.zip", **{"x.csv": bytes(40 * limits.MEGABYTE)})
    [source] = doctor.find_sources([path])
    assert source.problem is not None
    assert source.problem.key == "intake.error.archive_bomb"
    sheet = _zip(tmp_path / "bomb.xlsx", **{"xl/worksheets/sheet1.xml": bytes(40_000_000)})
    [source] = doctor.find_sources([sheet])
    assert source.problem is not None
    assert source.problem.key == "intake.error.archive_bomb"


def test_a_header_that_lies_about_the_size_is_counted(tmp_path: Path, monkeypatch) -> None:
    path = _zip(tmp_path / "x.zip", **{"x.csv": b"a" * 100_000})
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 10_000)
    monkeypatch.setattr(archives, "_small_enough", lambda *_: None)
    with pytest.raises(IntakeError, match=r"x\.zip"):
        archives.unpack(path, ["x.csv"], tmp_path)


def test_a_sheet_that_is_too_large_is_refused(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as stream:
        stream.truncate(limits.MAX_TEXT_BYTES + 1)  # sparse: takes no room
    with pytest.raises(IntakeError, match="768"):
        reading.read(path)
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    [source] = doctor.find_sources([huge])
    assert source.problem is not None
    assert source.problem.key == "intake.error.too_large"


def test_16384_columns_and_one_more(project: Project, tmp_path: Path) -> None:
    names = ["站点编码", "站点名称", "类别", "经度", "纬度"]
    names += [f"列{i}" for i in range(16_384 - 5)]
    row = ["A1", "甲", "空气站", "120.7", "30.7"] + ["1"] * (16_384 - 5)
    path = tmp_path / "站点.csv"
    path.write_text(",".join(names) + "\n" + ",".join(row), encoding="utf-8")
    [source] = doctor.find_sources([path])
    case = doctor.settled(source, Choices(target="stations"), project)
    assert case.counts.loadable == 1
    path.write_text(",".join([*names, "x"]) + "\n" + ",".join([*row, "1"]), encoding="utf-8")
    with pytest.raises(IntakeError, match="16385"):
        doctor.examine(source, Choices(), project)


def test_formulas_markup_and_control_characters(project: Project, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["站点编码", "站点名称", "类别", "经度", "纬度"])
    rows = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "甲_x0007_站", "@SUM(1)", "乙"]
    path = tmp_path / "站点.csv"
    text = HEADING + "".join(
        f'A{i},"{name}",空气站,120.7{i},30.7\n' for i, name in enumerate(rows)
    )  # fmt: skip
    path.write_text(text.replace("_x0007_", "\x07"), encoding="utf-8")
    [source] = doctor.find_sources([path])
    case = doctor.examine(source, Choices(target="stations"), project)
    kinds = {(f.row, f.kind) for f in case.findings if f.row is not None}
    assert kinds == {
        (2, Kind.FORMULA), (3, Kind.MARKUP), (4, Kind.CONTROL_CHARACTER), (5, Kind.FORMULA)
    }  # fmt: skip
    assert (case.counts.loadable, case.counts.to_confirm) == (4, 1)
    case = doctor.settled(source, case.choices, project, before=case)
    doctor.load_case(project, case)
    assert project.layer("stations")["name"].tolist() == [
        rows[0], rows[1], "甲站", rows[3], "乙"
    ]  # fmt: skip


def test_entities_and_disguised_programs_are_refused(tmp_path: Path) -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        "<kml><Document><name>&b;</name></Document></kml>"
    )
    cases = {
        "laughs.kml": (laughs.encode(), "entities"),
        "laughs16.kml": (laughs.encode("utf-16"), "entities"),
        "vrt.geojson": (b"<OGRVRTDataSource></OGRVRTDataSource>", "wrong_content"),
        "prog.geojson": (b'{"type":"gdal_streamed_alg","command_line":"x"}', "wrong_content"),
        "not.gpkg": (b"PK\x03\x04", "wrong_content"),
        "not.shp": struct.pack(">i", 1) and (b"text", "wrong_content"),
    }
    for name, (content, key) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(IntakeError) as caught:
            reading.read(path)
        assert caught.value.key == f"intake.error.{key}", name


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "站点.csv"
    path.write_text(HEADING + "A1,甲,空气站,120.7,30.7\n", encoding="utf-8")
    [source] = doctor.find_sources([path])
    really = reading.read

    def read_and_touch(file: Path, **more):
        table = really(file, **more)
        with path.open("a", encoding="utf-8") as stream:
            stream.write("A2,乙,空气站,120.8,30.7\n")
        return table

    monkeypatch.setattr(reading, "read", read_and_touch)
    with pytest.raises(IntakeError, match=r"站点\.csv") as caught:
        sources.read(source, ReadOptions())
    assert caught.value.key == "intake.error.changed"


def test_a_zip_packed_in_gbk_and_a_folder(project: Project, tmp_path: Path, units) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    frame = units(3).to_crs(4326)
    frame.to_file(folder / "乡镇.shp", encoding="GBK")
    packed = tmp_path / "out"
    packed.mkdir()
    with zipfile.ZipFile(packed / "数据.zip", "w") as archive:
        for part in folder.iterdir():
            archive.writestr(_GbkName(f"资料/乡镇{part.suffix}"), part.read_bytes())
    book = openpyxl.Workbook()
    book.create_sheet("旧").sheet_state = "hidden"
    book.save(packed / "名录.xlsx")
    (packed / "link").symlink_to("/etc")
    (packed / "readme.doc").write_bytes(b"x")
    found = doctor.find_sources([packed])
    assert [(s.name, s.hidden) for s in found] == [
        ("名录.xlsx · Sheet", False), ("名录.xlsx · 旧", True), ("乡镇.shp", False)
    ]  # fmt: skip
    case = doctor.settled(found[2], Choices(), project)
    assert (case.target, case.counts.loadable) == ("grid_units", 3)
    assert case.reading.fingerprint is not None
    assert isinstance(case.reading.table.geometry[0], shapely.Polygon)
    assert geopandas.GeoDataFrame(case.outcome.ready.frame).crs.to_epsg() == 4490


def test_coordinates_that_are_no_numbers_hold_their_row_back(
    project: Project, tmp_path: Path
) -> None:
    ring = "[[[120.7,30.7],[{},30.7],[120.8,30.8],[120.7,30.7]]]"
    features = ",".join(
        f'{{"type":"Feature","properties":{{"code":"33040200{i}","name":"镇{i}","tier":"township"}},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring.format(x)}}}}}'
        for i, x in enumerate(("NaN", "120.8"))
    )
    path = tmp_path / "单元.geojson"
    text = f'{{"type":"FeatureCollection","features":[{features}]}}'
    path.write_text(text, encoding="utf-8")
    [source] = doctor.find_sources([path])
    case = doctor.examine(source, Choices(target="grid_units"), project)
    assert (case.counts.read, case.counts.loadable, case.counts.to_fill) == (2, 1, 1)
    [held] = [finding for finding in case.findings if finding.holds_back]
    assert (held.kind, held.row) == (Kind.GEOMETRY_INVALID, 1)
