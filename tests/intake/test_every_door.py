"""The same two places, written in every usual way, through every door: the same answer."""

import csv
import zipfile
from pathlib import Path

import openpyxl
import pyproj
import pytest

from gridmap.core.plane import GEOD
from tests.fixtures.commandline import Run
from tests.fixtures.importing import Office

PLACES = {"PK-01": (120.7512, 30.7421), "PK-02": (120.763, 30.7558)}
UNITS = ["新兴街道", "建设街道"]


def _dms(degrees: float) -> str:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return f"{whole}°{minutes}′{(degrees - whole - minutes / 60) * 3600:.3f}″"


def _metres(zone: int) -> list[tuple[str, float, float]]:
    turn = pyproj.Transformer.from_crs(4490, zone, always_xy=True)
    return [(key, *turn.transform(*place)) for key, place in PLACES.items()]


def _sheet(heads: str, cells: list[str], mark: str = ",") -> str:
    rows = [mark.join([key, f"{key}口", cell]) for key, cell in zip(PLACES, cells, strict=True)]
    return "\n".join([mark.join(["编码", "名称", heads]), *rows, ""])


XY = list(PLACES.values())
WRITTEN = {
    "plain": _sheet("经度,纬度", [f"{x},{y}" for x, y in XY]),
    "sep": "sep=;\n" + _sheet("经度;纬度", [f"{x};{y}" for x, y in XY], ";"),
    "dms": _sheet("经度,纬度", [f"{_dms(x)},{_dms(y)}" for x, y in XY]),
    "one cell": _sheet("坐标", [f'"{x},{y}"' for x, y in XY]),
    "one cell, turned": _sheet("坐标", [f'"{y},{x}"' for x, y in XY]),
    "one cell, dms": _sheet("经纬度", [f'"{_dms(x)} {_dms(y)}"' for x, y in XY]),
    "well-known text": _sheet("坐标", [f"POINT ({x} {y})" for x, y in XY]),
    "joined heading": _sheet("坐标(WGS84)/经度,坐标(WGS84)/纬度", [f"{x},{y}" for x, y in XY]),
    "x is north": _sheet("X坐标,Y坐标", [f"{y:.3f},{x:.3f}" for _, x, y in _metres(4528)]),
}


def _agree(office: Office, gridmap: Run, file: Path) -> tuple[str, str]:
    taken = office.take(file, "--layer", "outlets", "--accept")
    stored = office.rows("outlets")
    assert set(stored) == set(PLACES), taken.out
    for key, place in PLACES.items():
        assert GEOD.inv(stored[key].x, stored[key].y, *place)[2] < 0.1
    out = office.folder / "答复.csv"
    said = gridmap("assign", file, "-o", out)
    assert said.code == 0, said.err
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["主责网格"] for row in csv.DictReader(stream)] == UNITS
    return taken.out, said.err


@pytest.mark.parametrize("name", WRITTEN)
def test_import_and_batch_agree(office: Office, gridmap: Run, name: str) -> None:
    _agree(office, gridmap, office.write("口.csv", WRITTEN[name]))


def test_a_sheet_in_an_archive(office: Office, gridmap: Run) -> None:
    path = office.folder / "口.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("口.csv", WRITTEN["plain"])
    _agree(office, gridmap, path)


def test_a_heading_of_two_rows(office: Office, gridmap: Run) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["编码", "名称", "坐标(WGS84)", None])
    sheet.append([None, None, "经度", "纬度"])
    for cells in ("C1:D1", "A1:A2", "B1:B2"):
        sheet.merge_cells(cells)
    for key, place in PLACES.items():
        sheet.append([key, f"{key}口", *place])
    path = office.folder / "口.xlsx"
    book.save(path)
    _agree(office, gridmap, path)


def test_lines_in_two_encodings_are_named(office: Office, gridmap: Run) -> None:
    first, second, third, _ = WRITTEN["plain"].split("\n")
    path = office.folder / "口.csv"
    path.write_bytes(f"{first}\n{second}\n".encode() + f"{third}\n".encode("gbk"))
    told, _ = _agree(office, gridmap, path)
    assert "混有两种编码：第 3 行按 GB18030 读取" in told
    assert office.frame("outlets")["name"].tolist() == ["PK-01口", "PK-02口"]


def test_numbers_that_mean_none_reach_no_field(office: Office) -> None:
    text = "断面编码,断面名称,目标水质,经度,纬度\nD1,甲,III,120.75,30.74\n"
    office.take(office.write("断面.csv", text), "--layer", "sections")
    readings = "站点,时间,氨氮(mg/L)\nD1,2024-06-30 00:00,1e20\nD1,2024-06-30 01:00,-1.8e308\n"
    said = office.readings(office.write("a.csv", readings))
    assert office.series("D1", "nh3n")["value"].isna().all()
    assert "以“1e20”代替数值" in said.out
    assert "以“-1.8e308”代替数值" in said.out
