"""Downloads that are not what was asked for: said, never loaded as if they were whole."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.importing import Office

POINT = {
    "type": "Feature", "properties": {"code": "A", "name": "甲"},
    "geometry": {"type": "Point", "coordinates": [120.75, 30.74]},
}  # fmt: skip
ROW = "S,2024-06-30 00:00,1\n"
HEAD = "站点,时间,氨氮(mg/L)\n"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"exceededTransferLimit": True}, "服务器达到单次上限，只给了 1 条"),
        ({"properties": {"exceededTransferLimit": True}}, "服务器达到单次上限"),
        ({"numberMatched": 250, "numberReturned": 1}, "共 250 条，这里只有 1 条"),
        ({"totalFeatures": 9}, "共 9 条，这里只有 1 条"),
    ],
)
def test_a_service_that_gave_a_part_is_said_so(
    office: Office, more: dict[str, object], words: str
) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [POINT], **more})
    said = office.take(office.write("口.geojson", text), "--layer", "outlets")
    assert words in said.out
    assert set(office.rows("outlets")) == {"A"}


def test_a_whole_answer_is_not_doubted(office: Office) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [POINT], "numberMatched": 1})
    said = office.take(office.write("口.geojson", text), "--layer", "outlets")
    assert "不完整" not in said.out


@pytest.mark.parametrize("words", ["第 1 页 共 2 页", "第1页/共2页", "Page 1 of 2"])
def test_a_page_of_several_is_told(office: Office, words: str) -> None:
    said = office.readings(office.write("a.csv", f"{HEAD}{ROW}{words},,\n"))
    assert "第 1 页，共 2 页" in said.out


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.geojson", "a.txt"])
def test_a_web_page_is_no_data(office: Office, name: str) -> None:
    page = "<!DOCTYPE html><html><head><title>502 Bad&nbsp;Gateway</title></head></html>"
    said = office.take(office.write(name, page), "--layer", "outlets")
    assert said.code != 0
    assert "而是一张网页（“502 Bad Gateway”）" in said.err


def test_the_case_of_the_platform(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("25-water-platform-json")
    said = office.readings(folder / "getRealDatas.json", "--accept", "--year", "2025")
    moments = office.series("示例塘桥", "nh3n").index
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in moments] == [
        "2024-12-31 20:00", "2025-01-01 00:00",
    ]  # fmt: skip
    assert office.series("示例塘桥", "nh3n")["value"].tolist() == [0.4213, 1.123]
    assert "共 9 条，这里只有 5 条" in said.out
    assert "代码 -1" in said.out
    assert "结果为空" in office.readings(folder / "空结果.json").err
    assert "502 Bad Gateway" in office.readings(folder / "被拦截的网页.json").err
    assert (
        "读入 1 行" in office.readings(folder / "双重编码.json", "--year", "2025", "--accept").out
    )
