"""Drawings: what is drawn on the ground, in the draughtsman's own characters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from gridmap.intake import IntakeError, doctor
from gridmap.intake.choices import Choices
from gridmap.intake.files import reading
from gridmap.store import Project
from tests.fixtures.importing import Office

ZONE = "EPSG:4549"


def _pairs(*pairs: tuple[int, Any]) -> str:
    return "".join(f"{code:>3}\n{value}\n" for code, value in pairs)


def _drawing(entities: str, *, layers: str = "", blocks: str = "", version: str = "AC1015") -> str:
    head = _pairs(
        (0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version), (9, "$DWGCODEPAGE"),
        (3, "ANSI_936"), (0, "ENDSEC"), (0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER"),
    )  # fmt: skip
    middle = _pairs((0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "BLOCKS"))
    start = _pairs((0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))
    return head + layers + middle + blocks + start + entities + _pairs((0, "ENDSEC"), (0, "EOF"))


def _point(x: float, y: float, layer: str, *more: tuple[int, Any]) -> str:
    return _pairs((0, "POINT"), (8, layer), *more, (10, x), (20, y), (30, "1e20"))


def _layer(name: str, *, colour: int = 7, state: int = 0) -> str:
    return _pairs((0, "LAYER"), (2, name), (70, state), (62, colour), (6, "CONTINUOUS"))


def _insert(x: float, y: float, block: str, *attributes: tuple[str, str]) -> str:
    own = _pairs(
        (0, "INSERT"), (8, "排口"), (66, int(bool(attributes))), (2, block), (10, x), (20, y)
    )
    texts = [
        _pairs((0, "ATTRIB"), (8, "0"), (10, x), (20, y), (40, 1), (1, value), (2, tag))
        for tag, value in attributes
    ]
    return own + "".join(texts) + (_pairs((0, "SEQEND"), (8, "0")) if attributes else "")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("version", ["AC1015", "AC1032"])
def test_characters_of_every_encoding(tmp_path: Path, encoding: str, version: str) -> None:
    text = _drawing(_point(571000, 3402000, "排污口"), version=version)
    file = tmp_path / "a.dxf"
    file.write_bytes(text.encode(encoding))
    assert reading.read(file).cells["Layer"].tolist() == ["排污口"]


def test_characters_as_escapes(tmp_path: Path) -> None:
    escaped = r"\U+6392\U+6C61\M+5BFDA"
    file = tmp_path / "a.dxf"
    file.write_text(_drawing(_point(571000, 3402000, escaped)), "ascii")
    assert reading.read(file).cells["Layer"].tolist() == ["排污口"]


def test_what_is_not_on_the_ground_is_told(tmp_path: Path) -> None:
    entities = (
        _point(571000, 3402000, "开") + _point(571010, 3402000, "关")
        + _point(571020, 3402000, "冻") + _point(10, 10, "开", (67, 1))
    )  # fmt: skip
    layers = _layer("开") + _layer("关", colour=-7) + _layer("冻", state=1)
    file = tmp_path / "a.dxf"
    file.write_text(_drawing(entities, layers=layers), "utf-8")
    table = reading.read(file)
    assert table.cells["Layer"].tolist() == ["开"]
    said = " ".join(finding.message for finding in table.findings)
    assert "关 × 1, 冻 × 1" in said
    assert "图纸空间（图框、说明）的 1 个图元" in said


def test_blocks_are_points_with_their_attributes(tmp_path: Path) -> None:
    symbol = _pairs((0, "CIRCLE"), (8, "0"), (10, 0), (20, 0), (40, 2))
    blocks = (
        _pairs((0, "BLOCK"), (8, "0"), (2, "符号"), (70, 2), (10, 0), (20, 0)) + symbol
        + _pairs((0, "ENDBLK"), (8, "0"))
        + _pairs((0, "BLOCK"), (8, "0"), (2, "一对"), (70, 0), (10, 5), (20, 0))
        + _insert(5, 0, "符号") + _insert(15, 0, "符号") + _pairs((0, "ENDBLK"), (8, "0"))
    )  # fmt: skip
    turned = _pairs((0, "INSERT"), (8, "排口"), (2, "一对"), (10, 571300), (20, 3402200), (50, 90))
    entities = _insert(571100, 3402100, "符号", ("编号", "PK-1"), ("责任人", "甲")) + turned
    file = tmp_path / "a.dxf"
    file.write_text(_drawing(entities, blocks=blocks), "utf-8")
    table = reading.read(file)
    assert table.geometry is not None
    assert table.cells["编号"].tolist() == ["PK-1", None, None]
    assert table.cells["责任人"].tolist() == ["甲", None, None]
    places = [(round(p.x, 6), round(p.y, 6)) for p in table.geometry]
    assert places == [(571100, 3402100), (571300, 3402200), (571300, 3402210)]


def test_a_block_that_is_drawn_once_keeps_its_lines(tmp_path: Path) -> None:
    line = _pairs((0, "LINE"), (8, "河"), (10, 0), (20, 0), (11, 100), (21, 0))
    blocks = (
        _pairs((0, "BLOCK"), (8, "0"), (2, "底图"), (70, 0), (10, 0), (20, 0)) + line
        + _pairs((0, "ENDBLK"), (8, "0"))
    )  # fmt: skip
    file = tmp_path / "a.dxf"
    file.write_text(_drawing(_insert(571100, 3402100, "底图"), blocks=blocks), "utf-8")
    table = reading.read(file)
    assert table.geometry is not None
    assert [round(shapely.length(shape)) for shape in table.geometry] == [100]


def test_what_is_no_whole_drawing(tmp_path: Path) -> None:
    whole = _drawing(_point(571000, 3402000, "口"))
    file = tmp_path / "a.dxf"
    for text in (whole[: len(whole) * 3 // 4], whole.replace("POINT", "POINT\nx", 1)):
        file.write_text(text, "utf-8")
        with pytest.raises(IntakeError, match=r"不完整|格式"):
            reading.read(file)
    file.write_bytes(b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(40))
    with pytest.raises(IntakeError, match="二进制"):
        reading.read(file)


def test_texts_of_the_case(case: Callable[[str], Path]) -> None:
    files = sorted(case("06-dxf-gbk-utf8").glob("*.dxf"))
    assert len(files) == 5
    for file in files:
        table = reading.read(file)
        assert set(table.cells["Layer"]) == {"河道蓝线", "排污口"}
        assert set(table.cells["Text"].dropna()) == {"雨水口3#", "长水塘\n整治段"}
        assert table.geometry is not None
        assert sorted(shapely.get_type_id(table.geometry).tolist()) == [0, 0, 0, 1]


def test_the_zone_of_a_drawing_is_asked_and_a_layer_can_be_named(
    office: Office, case: Callable[[str], Path]
) -> None:
    file = case("06-dxf-gbk-utf8") / "蓝线_gbk.dxf"
    common = (
        "--layer", "outlets", "--sheet", "排污口", "--fixed", "name=口", "--fixed", "code=P{row}",
    )  # fmt: skip
    assert "没有注明坐标系" in office.take(file, *common).out
    office.take(file, *common, "--crs", ZONE)
    point = office.rows("outlets")["P1"]
    assert (point.x, point.y) == pytest.approx((120.745580, 30.739312), abs=1e-6)


def test_blocks_of_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("07-dxf-blocks")
    for name in ("排口块参照.dxf", "图纸空间点在本区.dxf"):
        said = office.take(
            folder / name, "--layer", "outlets", "--sheet", "排口", "--crs", ZONE, "--replace",
            "--column", "code=编号", "--column", "name=责任人",
        )  # fmt: skip
        assert set(office.frame("outlets")["code"]) == {"PK-001", "PK-002"}
        assert set(office.frame("outlets")["name"]) == {"测试甲", "测试乙"}
        assert "废弃图层 × 1" in said.out
        table = reading.read(folder / name)
        assert table.geometry is not None
        assert "PaperSpace" not in table.cells
        areas = dict(zip(table.cells["Layer"], table.geometry, strict=True))
        assert shapely.area(areas["水域"]) == pytest.approx(18_400)
        ring = shapely.polygons(shapely.get_coordinates(areas["圆形蓄水池"]))
        assert ring.area == pytest.approx(7854, rel=0.01)


def test_a_drawing_is_examined_where_its_target_is_said(
    project: Project, case: Callable[[str], Path]
) -> None:
    [source] = doctor.find_sources([case("07-dxf-blocks") / "排口块参照.dxf"])
    found = doctor.examine(source, Choices(target="outlets", crs=ZONE), project)
    assert found.counts.read == 6
