"""`gridmap locate`: every way to name a place, every way to fail, no way to steer a terminal."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

import gridmap as package
from gridmap import shipped
from gridmap.store import Edition, Project

HERE = "120.85,30.72"
EXAMPLE = shipped.example_dir() / "nanhu.gridmap.gpkg"
DAY = ("--on", "2026-11-22")
GAP = "120.811932,30.654534"


def owner(said: Any) -> str:
    return str(said.data["owner"]["name"])


def test_the_answer_as_text(gridmap: Any) -> None:
    said = gridmap("locate", HERE, *DAY)
    assert said.code == 0
    first, *rest = said.out.splitlines()
    assert first == "● 大桥镇 · 确定"
    for title in ("网格责任链", "河长责任链", "空间管控", "周边", "依据"):
        assert any(line.startswith(title) for line in rest)
    assert "网格长" in said.out
    assert "示例数据，不作为真实权属与责任依据" in said.out
    assert "使用示例项目" in said.err


@pytest.mark.parametrize(
    "place",
    [
        "120.85, 30.72",
        "E120.85 N30.72",
        "北纬30.72 东经120.85",
        "120°51′00″ 30°43′12″",
        "120°51' 30°43.2'",
        "30.72,120.85",
    ],
)
def test_every_notation_leads_to_the_same_place(gridmap: Any, place: str) -> None:
    found = gridmap("locate", place, *DAY, "--json").data["place"]
    assert (found["lon"], found["lat"]) == pytest.approx((120.85, 30.72), abs=1e-6)
    assert found["text"] == place


def test_swapped_axes_are_said(gridmap: Any) -> None:
    assert "经纬度写反了" in gridmap("locate", "30.72,120.85", *DAY).err
    assert "经纬度写反了" not in gridmap("locate", HERE, *DAY).err


@pytest.mark.parametrize("place", ["新丰镇", "xfz", "XFZ", "xinfengzhen"])
def test_by_name_and_pinyin(gridmap: Any, place: str) -> None:
    said = gridmap("locate", place, *DAY, "--json")
    assert owner(said) == "新丰镇"
    assert "地点：新丰镇（330402103）" in said.err


def test_part_of_a_name_says_what_it_was_taken_for(gridmap: Any) -> None:
    said = gridmap("locate", "向阳", *DAY)
    assert said.code == 0
    assert "地点：向阳桥" in said.err


@pytest.mark.parametrize("datum", ["GCJ-02", "gcj02"])
def test_a_datum_moves_the_place(gridmap: Any, datum: str) -> None:
    plain = gridmap("locate", HERE, *DAY, "--json").data["place"]
    moved = gridmap("locate", HERE, *DAY, "--json", "--datum", datum).data["place"]
    metres_east = (plain["lon"] - moved["lon"]) * 95_700
    assert 300 < metres_east < 700
    assert moved["lat"] != plain["lat"]


def test_another_day_another_holder(gridmap: Any) -> None:
    now = gridmap("locate", HERE, *DAY, "--json").data
    before = gridmap("locate", HERE, "--on", "1990-01-01", "--json").data
    assert now["on"] == "2026-11-22"
    assert now["basis"]["fingerprint"] != before["basis"]["fingerprint"]
    assert all(post["person"] is None for link in before["chain"] for post in link["posts"])
    assert "无记录（任职记录自 2024-" in gridmap("locate", HERE, "--on", "1990-01-01").out


def test_a_problem_names_its_department(gridmap: Any) -> None:
    said = gridmap("locate", HERE, *DAY, "--problem", "water")
    assert "示例·生态环境分局水环境科会同大桥镇" in said.out


def test_a_radius_widens_the_doubt(gridmap: Any) -> None:
    assert gridmap("locate", HERE, *DAY, "--json").data["status"] == "certain"
    said = gridmap("locate", HERE, *DAY, "--json", "--radius", "2000").data
    assert (said["status"], said["reason"]) == ("borderline", "near_border")
    assert said["basis"]["tolerance_m"] == 2050.0


def test_a_gap_and_the_outside_are_answers(gridmap: Any) -> None:
    gap = gridmap("locate", GAP, *DAY, "--json")
    assert gap.code == 0
    assert (gap.data["status"], gap.data["provisional"]) == ("unassigned", True)
    outside = gridmap("locate", "116.4,39.9", *DAY)
    assert outside.code == 0
    assert outside.out.startswith("○ 辖区之外")
    assert "转交相邻辖区" in outside.out


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("没有这个地方", "没有找到"),
        ("示例", "处："),
        ("120.85,", "没有找到|不是坐标|只有一个数值"),
        ("0,0", "零坐标"),
        ("999,999", "超出坐标范围"),
        ("120°75′ 30°43′", "小于 60"),
    ],
)
def test_a_place_that_leads_nowhere(gridmap: Any, place: str, says: str) -> None:
    said = gridmap("locate", place, *DAY)
    assert said.code == 3
    assert said.out == ""
    assert re.search(f"错误：.*({says})", said.err)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--on", "2026-13-40"), "不是日期"),
        (("--on", "昨天"), "不是日期"),
        (("--problem", "fire"), "可用：agriculture, air"),
        (("--radius", "-3"), "不是半径"),
        (("--radius", "nan"), "不是半径"),
        (("--datum", "mars"), "命令写法有误"),
        (("--pdf", "sheet.doc"), "只能输出 .pdf"),
        (("--pdf", "no/such/folder/sheet.pdf"), "文件夹不存在"),
        (("--colour",), "命令写法有误"),
    ],
)
def test_a_wrong_command(gridmap: Any, arguments: tuple[str, ...], says: str) -> None:
    said = gridmap("locate", HERE, *arguments)
    assert said.code == 2
    assert says in said.err
    assert said.out == ""


def foreign(folder: Path) -> Path:
    path = folder / "别家.gpkg"
    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4326)
    frame.to_file(path, driver="GPKG")
    return path


def damaged(folder: Path) -> Path:
    path = folder / "坏.gpkg"
    content = bytearray(EXAMPLE.read_bytes())
    content[100:4000] = bytes(3900)
    path.write_bytes(content)
    return path


def no_database(folder: Path) -> Path:
    path = folder / "信.gpkg"
    path.write_text("不是数据库", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "没有.gpkg", "找不到文件"),
        (lambda folder: folder, "是文件夹"),
        (foreign, "不是网格河长一张图的项目文件"),
        (damaged, "已损坏|不是项目文件"),
        (no_database, "不是项目文件"),
    ],
)
@pytest.mark.parametrize("command", [("locate", HERE, "--project"), ("info",), ("open",)])
def test_a_file_that_is_no_project(
    gridmap: Any, tmp_path: Path, make: Any, says: str, command: tuple[str, ...]
) -> None:
    path = make(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    said = gridmap(*command, path)
    assert said.code == 1
    assert re.search(says, said.err)
    assert str(path) in said.err or path.name in said.err
    assert before is None or path.read_bytes() == before


def test_english(gridmap: Any) -> None:
    said = gridmap("--lang", "en", "locate", HERE, *DAY)
    assert said.out.startswith("● 大桥镇 · certain\n")
    assert not set("，。；（）：") & set(re.sub(r"[^\n]*（示例）[^\n]*|.*片区.*", "", said.out))
    assert gridmap("locate", HERE, "--lang=en", "--on", "x").err.startswith("Error: ")


def test_phones_are_masked_unless_asked_for(gridmap: Any) -> None:
    full = re.compile(r"\b1\d{10}\b")
    for extra in ((), ("--json",)):
        masked = gridmap("locate", HERE, *DAY, *extra).out
        assert "****" in masked
        assert not full.search(masked)
        shown = gridmap("locate", HERE, *DAY, "--full-phones", *extra).out
        assert full.search(shown)
        assert "****" not in shown


NASTY = "镇\x1b[2J\x07\u202e\x9b31m\n假行"


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """A project whose names would clear the screen, ring, write backwards, and start a new line."""
    path = tmp_path / "nasty.gpkg"
    frame = geopandas.GeoDataFrame(
        {"code": ["330402100"], "name": [NASTY], "tier": ["township"], "data_status": ["example"]},
        geometry=[shapely.box(120.8, 30.7, 120.9, 30.8)], crs=4490,
    )  # fmt: skip
    person = {"person_id": "P1", "name": NASTY, "organisation": NASTY, "phone": "10012345678"}
    post = {
        "post_id": "Q1", "person_id": "P1", "role": "grid_head", "tier": "township",
        "scope": "unit", "scope_code": "330402100",
        "valid_from": date(2020, 1, 1), "valid_to": None, "data_status": "example",
    }  # fmt: skip
    with Project.create(path, title=f"题{NASTY}") as project, project.change("test") as change:
        edition = Edition("grid_units", date(2026, 1, 1), "s", 50.0, "EPSG:4490", "example")
        change.replace_layer("grid_units", frame, edition)
        change.put_people(pd.DataFrame([person]))
        change.put_posts(pd.DataFrame([post]))
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("locate", HERE, "--project"),
        ("locate", HERE, "--json", "--project"),
        ("locate", "330402100", "--project"),
        ("info",),
        ("info", "--json"),
    ],
)
def test_names_cannot_steer_a_terminal(gridmap: Any, nasty: Path, command: Any) -> None:
    said = gridmap(*command, nasty)
    assert said.code == 0
    for dangerous in "\x1b\x07\u202e\x9b":
        assert dangerous not in said.out + said.err
    assert not any(line.startswith("假行") for line in (said.out + said.err).splitlines())
    if "--json" in command:  # nothing is lost: the reader of the data gets the name as it is
        data = said.data
        assert NASTY in (data["title"] if "title" in data else data["owner"]["name"])


def test_a_printed_sheet(gridmap: Any, tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    target = tmp_path / "责任判定单.pdf"
    said = gridmap("locate", HERE, *DAY, "--pdf", target)
    assert said.code == 0
    assert target.read_bytes().startswith(b"%PDF")
    assert str(target) in said.err
    assert said.out.startswith("● 大桥镇")


def test_python_gives_the_same_answer(gridmap: Any) -> None:
    printed = gridmap("locate", HERE, *DAY, "--json").data
    with package.open(EXAMPLE) as project:
        verdict = project.locate(120.85, 30.72, on=date(2026, 11, 22))
    assert printed["basis"]["fingerprint"] == verdict.basis.fingerprint
    assert printed["owner"]["code"] == (verdict.owner.code if verdict.owner else None)
    assert [link["unit"]["code"] for link in printed["chain"]] == [
        link.unit.code for link in verdict.chain
    ]
