"""`gridmap trace`: the example's event to its outlet, and every way to fail."""

import importlib.util
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely import LineString, Point

from gridmap import shipped
from gridmap.store import Edition, Project

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
EXAMPLE = shipped.example_dir() / "nanhu.gridmap.gpkg"
TRUTH = "91330402EXAM00019H-DW001"  # docs/example.md


def test_the_event_of_the_example_as_text(gridmap):
    said = gridmap("trace", "WS03", "氨氮")
    assert said.code == 0
    first, *rest = said.out.splitlines()
    assert first == "▲ 示例水站03 平湖塘东栅 · 氨氮"
    for title in ("范围", "疑似来源", "通知", "沿途", "依据"):
        assert any(line.startswith(title) for line in rest)
    assert "此前达标 → 仅" in said.out
    assert "示例印染有限公司001" in said.out
    assert "102****" in said.out
    assert "不是结论" in said.out
    assert "示例数据，不作为真实权属与责任依据" in said.out
    assert "使用示例项目" in said.err


def test_the_true_outlet_ranks_first(gridmap):
    for station in ("WS03", "WS04", "WS05"):
        data = gridmap("trace", station, "nh3n", "--json").data
        assert data["suspects"][0]["outlet"]["code"] == TRUTH


def test_a_project_a_time_a_limit_a_range_and_weights(gridmap):
    said = gridmap(
        "trace", EXAMPLE, "DM07", "NH3-N", "--from", "2026-11-14", "--to", "2026-11-15T00:00",
        "--limit", "2", "--km", "5", "--weight", "own=0", "--weight", "distance=1", "--json",
    )  # fmt: skip
    assert said.code == 0
    data = said.data
    assert data["station"]["code"] == "WS03"
    assert data["event"]["limit"] == 2.0
    assert data["event"]["end"] <= "2026-11-15T00:00:00+08:00"
    assert data["range"]["limit_m"] == 5000.0
    assert (data["weights"]["own"], data["weights"]["distance"]) == (0.0, 1.0)
    assert all(one["river_m"] <= 5000 for one in data["suspects"])


def test_phones_in_full(gridmap):
    masked = gridmap("trace", "WS03", "nh3n", "--json").data["suspects"][0]["chiefs"][0]["phone"]
    said = gridmap("trace", "WS03", "nh3n", "--json", "--full-phones")
    full = said.data["suspects"][0]["chiefs"][0]["phone"]
    assert "****" in masked
    assert "*" not in full
    assert full[:3] == masked[:3]
    assert full in gridmap("trace", "WS03", "nh3n", "--full-phones").out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("XX", "nh3n"), 1, "没有监测数据的断面"),
        (("WS03", "pm25"), 1, "没有监测"),
        (("WS03", "nh3n", "--limit", "x"), 2, "不是限值"),
        (("WS03", "nh3n", "--km", "0"), 2, "不是追溯距离"),
        (("WS03", "nh3n", "--weight", "luck=1"), 2, "bracket / distance"),
        (("WS03", "nh3n", "--weight", "own=2"), 2, "不是权重"),
        (("WS03", "nh3n", "--weight", "own"), 2, "名称=值"),
        (("WS03", "nh3n", "--from", "soon"), 2, "无法识别的时间"),
        (("WS03", "nh3n", "--sheet", "a.doc"), 2, "只能输出"),
        (("WS03", "nh3n", "--print", "a.doc"), 2, "只能输出"),
        (("WS03", "nh3n", "--limit", "99"), 1, "没有超过"),
    ],
)
def test_what_is_wrong_is_said(gridmap, arguments, code, told):
    said = gridmap("trace", *arguments)
    assert said.code == code
    assert told in said.err
    assert said.out == ""


def test_a_sheet_and_a_print(gridmap, tmp_path):
    sheet, paper = tmp_path / "来源.xlsx", tmp_path / "溯源单.pdf"
    arguments = ["trace", "WS03", "nh3n", "--sheet", sheet]
    if importlib.util.find_spec("PySide6"):
        arguments += ["--print", paper]
    said = gridmap(*arguments)
    assert said.code == 0
    assert str(sheet) in said.err
    rows = list(openpyxl.load_workbook(sheet).worksheets[0].values)
    assert any(TRUTH in row for row in rows)
    if importlib.util.find_spec("PySide6"):
        assert paper.read_bytes().startswith(b"%PDF")


def printed(value, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            here += "[]" if isinstance(inner, list) else ""
            yield here, inner
            yield from printed(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from printed(inner, path)


def fits(value, kind):
    if value is None:
        return "null" in kind
    python = {"text": str, "day": str, "moment": str, "number": (int, float), "integer": int,
              "bool": bool, "object": dict, "list": list}  # fmt: skip
    return any(isinstance(value, python[word]) for word in kind.split(" or ") if word in python)


def test_the_page_names_every_key_and_no_other(gridmap):
    section = PAGE.read_text(encoding="utf-8").split("## `gridmap.trace/1`")[1].split("\n## ")[0]
    page = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", section, re.MULTILINE))
    found = list(printed(gridmap("trace", "WS05", "nh3n", "--json").data))
    assert {key for key, _ in found} == set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []


def test_ph_has_no_multiple(gridmap):
    """环办〔2011〕22号: temperature, pH and dissolved oxygen have none, however bad they are."""
    said = gridmap("trace", "WS03", "ph", "--limit", "7")
    assert (said.code, "超出限值 7.00" in said.out, " 倍" in said.out) == (0, True, False)
    assert (
        gridmap("trace", "WS03", "ph", "--limit", "7", "--json").data["event"]["multiple"] is None
    )


def test_readings_of_two_rhythms_last_as_long_as_they_do(gridmap, tmp_path):
    """Daily for two months, then four-hourly: five readings beyond the limit are 20 hours."""
    path, sheet = tmp_path / "河.gpkg", tmp_path / "读数.csv"
    days = pd.date_range("2026-01-01 08:00", periods=60, freq="D")
    hours = pd.date_range(days[-1] + pd.Timedelta("4h"), periods=30, freq="4h")
    times = days.append(hours)
    values = ["0.2"] * 60 + ["0.3"] * 10 + ["1.5"] * 5 + ["0.3"] * 15
    frame = pd.DataFrame({"站点编码": "S1", "监测时间": times.strftime("%Y-%m-%d %H:%M"),
                          "氨氮(mg/L)": values})  # fmt: skip
    frame.to_csv(sheet, index=False)
    line = LineString([(120.0, 30.0), (120.1, 30.0)])
    with Project.create(path, title="河") as project, project.change("data") as change:
        reach = gpd.GeoDataFrame(
            {"code": ["R-01"], "name": ["河1段"], "river_name": ["河"]}, geometry=[line], crs=4490
        )  # fmt: skip
        section = gpd.GeoDataFrame(
            {"code": ["S1"], "name": ["断面"], "target_class": ["III"]},
            geometry=[Point(120.05, 30.0)], crs=4490,
        )  # fmt: skip
        change.replace_layer("reaches", reach, Edition("reaches"))
        change.replace_layer("sections", section, Edition("sections"))
    assert gridmap("readings", "import", path, sheet, "--accept", "--year", "2026").code == 0
    said = gridmap("trace", path, "S1", "氨氮")
    assert "持续 20 小时" in said.out, said.out + said.err
