"""`gridmap warn`: text, JSON, table, sheet; and the mistakes it tells of."""

import json

import openpyxl
import pytest

from gridmap.capabilities.locate.work.answering import AnsweringProject
from tests.cli.test_json_page import documented, fits, printed

OUTLET = "120.8067,30.7429"
AT = ("--at", "2026-11-14T06:00")


def test_text_names_water_arrivals_calls_and_basis(gridmap):
    said = gridmap("warn", OUTLET, *AT)
    assert said.code == 0
    assert "下游预警：平湖塘3段" in said.out
    assert "先通知示例平湖塘水厂取水口：最早 11-14 22:58 到达" in said.out
    assert "示例断面07 平湖塘东栅  11-14 07:37 至 10:03" in said.out
    assert "区县河长 · 空缺，2026-10-01 起" in said.out
    assert "邻界 平湖市 · 项目中没有电话，请走值班渠道" in said.out
    assert "102****0001" in said.out
    assert "10200020001" not in said.out
    assert "示例数据，不作为真实权属与责任依据" in said.out


def test_full_phones_only_when_asked(gridmap):
    assert "10200020001" in gridmap("warn", OUTLET, *AT, "--full-phones").out
    assert "10200020001" in gridmap("warn", OUTLET, *AT, "--full-phones", "--json").out
    assert "10200020001" not in gridmap("warn", OUTLET, *AT, "--json").out


def test_json_is_what_the_page_says(gridmap):
    page = documented("gridmap.warning/1")
    said = gridmap("warn", OUTLET, *AT, "--json")
    found = list(printed(said.data))
    assert {key for key, _ in found} == set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert said.data["schema"] == "gridmap.warning/1"
    assert said.data["calls"][0]["use"] == "drinking"
    assert [one["order"] for one in said.data["calls"]] == list(range(1, 28))


def test_velocity_and_distance_are_options(gridmap):
    mean = gridmap("warn", OUTLET, *AT, "--json").data
    quick = gridmap("warn", OUTLET, *AT, "--velocity", "2", "--json").data
    assert quick["velocity"]["factor"] == 2.0
    for one, other in zip(quick["arrivals"], mean["arrivals"], strict=True):
        assert one["hours"] == pytest.approx(other["hours"] / 2, abs=0.002)
    short = gridmap("warn", OUTLET, *AT, "--km", "2", "--json").data
    assert [a["name"] for a in short["arrivals"] if a["kind"] == "section"] == [
        "示例断面07 平湖塘东栅"
    ]
    back = gridmap("warn", OUTLET, *AT, "--turned", "HL001-03", "--json").data
    assert back["velocity"]["turned"] == ["HL001-03"]
    assert "DM07" not in {one["code"] for one in back["arrivals"]}


def test_a_place_is_a_name_or_a_code_too(gridmap):
    said = gridmap("warn", "HL001-05", *AT)
    assert "平湖塘5段" in said.out
    assert "HL001-05" in said.err
    outlet = gridmap("warn", "91330402EXAM00019H-DW001", *AT)
    assert "平湖塘3段" in outlet.out


def test_english(gridmap, monkeypatch):
    monkeypatch.setenv("GRIDMAP_LANG", "en")
    said = gridmap("warn", OUTLET, *AT)
    assert "Downstream warning: 平湖塘3段" in said.out
    assert "vacant since 2026-10-01" in said.out


def test_the_call_list_as_a_workbook(gridmap, tmp_path):
    path = tmp_path / "名单.xlsx"
    said = gridmap("warn", OUTLET, *AT, "--sheet", path)
    assert said.code == 0
    assert str(path) in said.err
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["通知名单", "到达", "说明"]
    calls = list(book["通知名单"].values)
    assert calls[0][:3] == ("序号", "类别", "岗位")
    assert calls[1][:6] == (
        1, "取水口", "示例平湖塘水厂取水口", "示例取水联系人01", "示例水务有限公司",
        "102****0001",
    )  # fmt: skip
    assert len(calls) == 28
    assert "示例数据，不作为真实权属与责任依据" in [row[1] for row in book["说明"].values]


@pytest.mark.parametrize(("name", "head"), [("单.pdf", b"%PDF"), ("单.png", b"\x89PNG")])
def test_the_printed_sheet(gridmap, tmp_path, name, head):
    pytest.importorskip("PySide6")
    path = tmp_path / name
    assert gridmap("warn", OUTLET, *AT, "--pdf", path).code == 0
    assert path.read_bytes().startswith(head)
    assert path.stat().st_size > 50_000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("120.2,30.2",), "周围 1 公里内没有河段"),
        ((OUTLET, "--velocity", "0"), "流速倍数 0 读不懂"),
        ((OUTLET, "--velocity", "nan"), "流速倍数 nan 读不懂"),
        ((OUTLET, "--km", "0"), "0"),
        ((OUTLET, "--turned", "HL999"), "HL999"),
        ((OUTLET, "--sheet", "名单.doc"), ".xlsx"),
    ],
)
def test_mistakes_are_told(gridmap, arguments, told):
    said = gridmap("warn", *arguments, *AT)
    assert said.code != 0
    assert told in said.err
    assert said.out == ""


def test_json_stands_alone_on_standard_output(gridmap):
    json.loads(gridmap("warn", OUTLET, *AT, "--json").out)


def test_every_unit_and_county_that_the_water_crosses_is_called(gridmap, tuanhe_built, units_below):
    """Reaches that are cut where units meet have their borders at nodes."""
    units, reaches = units_below(tuanhe_built, "湍河-01")
    said = gridmap(
        "warn", "湍河-01", *AT, "--km", "500", "--project", tuanhe_built, "--json"
    ).data  # fmt: skip
    assert {one["code"] for one in said["arrivals"] if one["kind"] == "reach"} == set(reaches)
    met = {
        code
        for one in said["arrivals"]
        if one["kind"] == "border"
        for code in one["code"].replace("/", "|").split("|")
    }
    assert met == set(units)
    assert len(met) == 23
    counties = [one["code"] for one in said["arrivals"] if one["kind"] == "county"]
    assert counties == ["411381", "411329"]  # from 411325 on; no outline of them in the project
    with AnsweringProject.open(tuanhe_built, read_only=True) as project:
        layer = project.layer("grid_units").set_index("code")["name"]
    called = {one["unit"] for one in said["calls"] if one["kind"] == "neighbour"}
    assert {layer[code] for code in units[1:]} - {layer[units[0]]} <= called
    assert len(called) == 24  # 22 units and two counties


def test_a_county_of_the_project_is_named_and_its_people_are_asked_for(
    gridmap, tuanhe_built, shared
):
    counties = shared / "data" / "tuanhe" / "counties_tianditu.geojson"
    assert gridmap(
        "import", tuanhe_built, counties, "--layer", "context_outlines", "--all"
    ).code == 0  # fmt: skip
    said = gridmap("warn", "湍河-01", *AT, "--km", "500", "--project", tuanhe_built, "--json").data
    found = [(one["code"], one["name"]) for one in said["arrivals"] if one["kind"] == "county"]
    assert [name for _, name in found] == ["邓州市", "新野县"]
