"""Shapefiles: shapes counted against rows, cells as they are written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridmap.intake.files import reading
from gridmap.intake.files.dbf import parsed
from tests.fixtures.foreign import write_dbf, write_points
from tests.fixtures.importing import Office

PLACES = [(120.741, 30.741), (120.742, 30.742), (120.743, 30.743), (120.744, 30.744)]
CODE_AND_NAME = [(b"code", "C", 6), (b"name", "C", 8)]
ROWS = [[f"P{i}".encode(), f"N{i}".encode()] for i in range(1, 5)]
SHAPES, ATTRIBUTES = "03-shp-null-deleted", "05-dbf-fieldnames"


def _points(office: Office) -> dict[str, tuple[float, float]]:
    return {key: (point.x, point.y) for key, point in office.rows("outlets").items()}


def test_a_deleted_row_takes_its_shape_along_and_no_other_moves_up(office: Office) -> None:
    file = office.folder / "口.shp"
    write_points(file, PLACES)  # type: ignore[arg-type]
    write_dbf(file.with_suffix(".dbf"), CODE_AND_NAME, ROWS[:3], deleted=(1,))
    said = office.take(file, "--layer", "outlets")
    assert _points(office) == {"P1": PLACES[0], "P3": PLACES[2]}
    assert "读入 3 行，载入 2 行，暂扣 1 行" in said.out
    assert "1 行在属性表中已标为删除（第 2 行）" in said.out
    assert "第 4 行：有图形，属性表中没有对应的行" in said.out


def test_a_row_without_a_shape_is_held_back(office: Office) -> None:
    file = office.folder / "口.shp"
    write_points(file, [PLACES[0], None])
    write_dbf(file.with_suffix(".dbf"), CODE_AND_NAME, ROWS[:3])
    said = office.take(file, "--layer", "outlets")
    assert _points(office) == {"P1": PLACES[0]}
    assert "读入 3 行，载入 1 行，暂扣 2 行" in said.out
    assert "图形有 2 个，属性表表头记 3 行" in said.out


def test_a_lost_index_is_made_anew_but_not_beside_the_file(office: Office) -> None:
    file = office.folder / "口.shp"
    write_points(file, PLACES, index=False)  # type: ignore[arg-type]
    write_dbf(file.with_suffix(".dbf"), CODE_AND_NAME, ROWS)
    before = sorted(path.name for path in office.folder.iterdir())
    office.take(file, "--layer", "outlets")
    assert len(_points(office)) == 4
    assert sorted(path.name for path in office.folder.iterdir()) == before


def test_cells_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "段.shp"
    write_points(file, PLACES)  # type: ignore[arg-type]
    half = "南湖街道网".encode("gb18030") + "格".encode("gb18030")[:1]
    columns = [
        (b"name", "C", 11), (b"day", "D", 8), (b"km", "N", 6), (b"id", "N", 18), (b"yes", "L", 1),
        ("河长".encode("gb18030"), "C", 4), ("河长".encode("gb18030"), "C", 4),
    ]  # fmt: skip
    rows = [
        [half, b"20240630", b"1200.5", b"330402202406300013", b"T", b"a", b"b"],
        ["乙".encode("gb18030"), b"20240230", b"******", b"7", b"F", b"", b"02"],
        [b"c", b"00000000", b"", b"", b"?", b"", b""],
        [b"d", b"20241301", b"1.50", b"-3", b"", b"", b""],
    ]
    write_dbf(file.with_suffix(".dbf"), columns, rows)
    table = reading.read(file)
    cells = table.cells
    assert list(cells.columns) == ["name", "day", "km", "id", "yes", "河长", "河长#2"]
    assert cells["name"].tolist() == ["南湖街道网\N{REPLACEMENT CHARACTER}", "乙", "c", "d"]
    assert cells["day"].tolist() == ["2024-06-30", "2024-02-30", None, "2024-13-01"]
    assert cells["km"].tolist() == ["1200.5", None, None, "1.5"]
    assert cells["id"].tolist() == ["330402202406300013", "7", None, "-3"]
    assert cells["yes"].tolist() == ["true", "false", None, None]
    assert cells["河长#2"].tolist() == ["b", "02", None, None]
    told = {finding.kind.value: finding.rows for finding in table.findings}
    assert told["number_lost"] == (2,)
    assert told["text_cut"] == (1,)


@pytest.mark.parametrize("raw", [b"", b"\3" * 40, bytes(33), b"\3" + bytes(10_000)])
def test_what_is_no_attribute_table(raw: bytes) -> None:
    with pytest.raises(ValueError, match="dbf"):
        parsed(raw)


def test_shapes_and_rows_of_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case(SHAPES)

    def load(name: str, *more: str) -> tuple[str, dict[str, tuple[float, float]]]:
        fixed = ("--column", "name=NAME", "--accept")
        said = office.take(folder / name, "--layer", "outlets", "--replace", *(more or fixed))
        return said.out, _points(office)

    said, points = load("排污口_空图形.shp")
    assert points == {
        "排口P1": (120.745, 30.745), "排口P3": (120.755, 30.750), "排口P5": (120.765, 30.760)
    }  # fmt: skip
    assert "读入 5 行，载入 3 行，暂扣 2 行" in said
    said, points = load("断面_属性少一行.shp")
    assert points == {"断面D1": (120.741, 30.741), "断面D3": (120.743, 30.743)}
    assert "第 4 行：有图形" in said
    _, points = load("编辑后未压缩.shp")
    assert sorted(points.values()) == [(120.741, 30.741), (120.742, 30.742), (120.743, 30.743)]
    said, points = load("表头少记两行.shp", "--column", "name=名称", "--accept")
    assert "读入 4 行，载入 2 行，暂扣 2 行" in said
    assert "图形有 4 个，属性表表头记 2 行，实有 4 行" in said


def test_attributes_of_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case(ATTRIBUTES)
    cells = reading.read(folder / "责任段.shp").cells
    assert cells.shape == (4, 5)
    first, second, third, day, length = cells.columns
    assert (first, second) == ("责任河长姓", "责任河长姓#2")
    assert third == "W监测断面名"
    assert cells[second].str.len().tolist()[:2] == [12, 12]
    assert cells[second][2] is None
    assert cells[third][0].startswith("南湖街道网")
    assert cells[third][0].count("\N{REPLACEMENT CHARACTER}") <= 1
    assert cells[day].tolist() == ["2024-06-30", None, None, "2024-02-30"]
    assert cells[length].tolist() == ["1200.5", None, None, "0"]
    for name in ("仅重名.shp", "仅半字.shp"):
        assert len(reading.read(folder / name).cells) == 4
    said = office.take(folder / "仅日期.shp", "--layer", "signboards")
    assert "“2024-02-30”不是日期" in said.out
    assert "“2024-13-01”不是日期" in said.out
    assert set(office.rows("signboards")) == {"S0", "S1"}
    said = office.take(folder / "日期.geojson", "--layer", "signboards")
    assert "第 2 行：“更新日期”的“2024-02-30”不是日期" in said.out
