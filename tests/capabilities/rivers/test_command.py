"""`gridmap river show`, `list`, `signboards`, over the example."""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from gridmap.capabilities.alerts.work.alerting import evaluate, until_of
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.core.moments import ZONE
from gridmap.core.workdays import announced
from gridmap.store.example import shipped_example
from gridmap.texts import t

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
ON = ("--on", "2026-11-22")
PYTHON = {
    "text": str, "day": str, "moment": str, "number": (int, float), "integer": int, "bool": bool,
    "object": dict, "list": list,
}  # fmt: skip


def documented(schema):
    section = PAGE.read_text(encoding="utf-8").split(f"## `{schema}`")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", section, re.MULTILINE))


def printed(value, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            here = f"{here}[]" if isinstance(inner, list) else here
            yield here, inner
            yield from printed(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from printed(inner, path)


def fits(value, kind):
    if value is None:
        return "null" in kind
    return any(isinstance(value, PYTHON[word]) for word in kind.split(" or ") if word in PYTHON)


@pytest.fixture(scope="module")
def alarmed(tmp_path_factory):
    """The example with its alerts evaluated."""
    path = tmp_path_factory.mktemp("river") / "例.gpkg"
    shutil.copyfile(shipped_example(), path)
    with AnsweringProject.open(path) as project:
        now = until_of(project, datetime(2026, 11, 22, 9, tzinfo=ZONE))
        evaluate(project, now, {"WS02", "WS03", "WS04", "WS05", "WS06"})
    return path


def test_the_file_as_text(gridmap):
    said = gridmap("river", "show", "平湖塘", *ON)
    assert said.code == 0
    assert "全长 25.1 km，14 个河段" in said.out
    assert "空缺（自 2026-10-01）" in said.out
    assert "示例镇级河长13（前任）  2025-11-01 — 2026-10-14" in said.out
    assert "26，已逾期" in said.out
    assert "102****0184" in said.out
    assert "10200000184" not in said.out
    assert t("verdict.example_note") in said.out


def test_phones_in_full_on_wish(gridmap):
    assert "10200000184" in gridmap("river", "show", "HL001", *ON, "--full-phones").out
    data = gridmap("river", "show", "HL001", *ON, "--json", "--full-phones").out
    assert "10200000184" in data
    assert "10200000184" not in gridmap("river", "show", "HL001", *ON, "--json").out


@pytest.mark.parametrize("river", ["HL001", "HL015"])
def test_json_prints_what_the_page_says(gridmap, alarmed, river):
    said = gridmap("river", "show", river, *ON, "--json", "--project", alarmed)
    page, found = documented("gridmap.river/1"), list(printed(said.data))
    assert {key for key, _ in found} <= set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    if river == "HL001":
        assert {key for key, _ in found} == set(page)
        assert said.data["alerts"]


def test_open_alerts_stand_in_the_file(gridmap, alarmed):
    said = gridmap("river", "show", "平湖塘", *ON, "--project", alarmed)
    assert re.search(r"示例水站0\d 平湖塘", said.out.split("\n预警")[1].split("\n公示牌")[0])


def test_boards_and_list_as_json(gridmap):
    boards = gridmap("river", "signboards", *ON, "--json").data
    page, found = documented("gridmap.signboards/1"), list(printed(boards))
    assert {key for key, _ in found} == set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert [one["code"] for one in boards["signboards"]] == ["GS030", "GS023", "GS005", "GS003"]
    assert boards["checked"] == 30
    rivers = gridmap("river", "list", "--json").data
    assert {key for key, _ in printed(rivers)} == set(documented("gridmap.rivers/1"))
    assert len(rivers["rivers"]) == 21


def test_boards_as_text(gridmap):
    said = gridmap("river", "signboards", *ON)
    assert "核对 30 块公示牌，4 块须更新（2026-11-22）" in said.out
    assert len(said.out.splitlines()) == 5
    assert "现任 示例镇级河长13" in said.out


def test_the_text_of_a_board(gridmap, monkeypatch):
    said = gridmap("river", "signboards", "--text", "HL001-09", *ON)
    lines = said.out.splitlines()
    assert lines[0] == "平湖塘 河长公示牌"
    assert "区县河长：空缺（自 2026-10-01）" in lines
    assert lines[-1] == t("river.board.example")
    monkeypatch.setenv("GRIDMAP_LANG", "en")
    english = gridmap("river", "signboards", "--text", "HL001-09", *ON).out
    assert "County chief: vacant (since 2026-10-01)" in english


def test_the_printed_sheet(gridmap, tmp_path):
    pytest.importorskip("PySide6")
    paper = tmp_path / "河.pdf"
    assert gridmap("river", "show", "HL021", *ON, "--pdf", paper).code == 0
    assert paper.read_bytes().startswith(b"%PDF")


def test_tables(gridmap, tmp_path):
    book = tmp_path / "河.xlsx"
    said = gridmap("river", "show", "HL021", *ON, "--sheet", book, "--json")
    assert json.loads(said.out)["river"]["name"] == "横塘港"
    assert openpyxl.load_workbook(book)["公示牌"].max_row > 1
    gridmap("river", "show", "HL021", *ON, "--sheet", tmp_path / "河.csv")
    assert (tmp_path / "河-公示牌.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "黄河"), "没有河流“黄河”"),
        (("signboards", "--text", "HL999"), "HL999"),
        (("show", "HL001", "--on", "昨天"), "昨天"),
        (("show", "HL001", "--pdf", "a.doc"), "a.doc"),
    ],
)
def test_what_is_wrong_is_said(gridmap, arguments, told):
    said = gridmap("river", *arguments)
    assert said.code != 0
    assert told in said.err


def test_a_year_whose_holidays_are_not_announced_is_named(gridmap):
    """Beyond what is known the count is Monday to Friday, and says so wherever it stands."""
    last = max(announced().years)
    known = gridmap("river", "signboards", "--on", "2026-11-22")
    assert "尚未公布" not in known.out
    on = f"{last + 1}-02-03"
    said = gridmap("river", "signboards", "--on", on)
    assert f"（{last + 1} 年放假安排尚未公布，按周一至周五计）" in said.out
    data = gridmap("river", "signboards", "--on", on, "--json").data["signboards"]
    assert [one["unannounced"] for one in data if one["work_days"]] == [[last + 1]] * sum(
        1 for one in data if one["work_days"]
    )
    reach = next(one["reach"] for one in data if one["work_days"])
    shown = gridmap("river", "show", reach, "--on", on)
    assert f"{last + 1} 年放假安排尚未公布" in shown.out
