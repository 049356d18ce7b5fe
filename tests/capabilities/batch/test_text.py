"""The columns of a batch in words."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from gridmap.capabilities.batch.report.document import BatchSummary
from gridmap.capabilities.batch.report.short import short_rows
from gridmap.capabilities.batch.report.text import BatchWriting
from gridmap.capabilities.batch.work.assigning import KINDS, Assigner, AssignOptions
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.sheet_values import places_written
from gridmap.store.example import open_example
from gridmap.texts import use_language
from tests.complaints import HEADINGS, complaints, frame_of, names_of

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def example() -> Iterator[AnsweringProject]:
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def assigner(example: AnsweringProject) -> Assigner:
    return Assigner.of(example, AssignOptions(SheetColumns(place="地点", problem="类型"), DAY))


def rows_of(assigner: Assigner, *places: str, problem: str = "water") -> list[dict]:
    sheet = {"地点": list(places), "类型": [problem] * len(places)}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in sheet.items()})
    return BatchWriting("示例数据").table(assigner.assign(table)).to_pylist()


def test_a_certain_row_says_everything(assigner: Assigner) -> None:
    (row,) = rows_of(assigner, "120.85,30.72")
    assert (row["判定状态"], row["主责网格"], row["主责网格编码"]) == (
        "确定",
        "大桥镇",
        "330402105",
    )
    assert row["乡镇网格长/员"] == "示例镇级网格长13"
    assert row["区县"] == "南湖区"
    assert (row["主办部门"], row["期限（工作日）"]) == ("示例·生态环境分局水环境科", "5")
    assert row["判定精度（米）"] == 50.0
    assert row["数据"] == "示例数据"
    assert len(row["结果指纹"]) == 64
    assert row["次选网格"] is None
    assert row["说明"] is None


def test_the_gap_the_overlap_and_the_outside(assigner: Assigner) -> None:
    gap, overlap, outside = rows_of(
        assigner, "120.8121,30.6547", "120.9325,30.7425", "116.397,39.909"
    )
    assert (gap["判定状态"], gap["暂定"]) == ("无主", "是")
    assert overlap["判定状态"] == "共管"
    assert {overlap["主责网格"], overlap["次选网格"]} == {"新丰镇", "大桥镇"}
    assert (outside["判定状态"], outside["主责网格"]) == ("界外", None)
    assert outside["距边界（米）"] > 900_000
    assert outside["乡镇"] is None


def test_a_place_that_is_not_found_says_why_and_what_is_near(assigner: Assigner) -> None:
    vague, unknown, several, nothing = rows_of(
        assigner, "余新镇南面小河浜", "老王家的厂子", "示例印染厂北侧", ""
    )
    assert vague["判定状态"] == "地点不明"
    assert vague["说明"].startswith("只知道大致范围；余新镇 · 3 个候选 ±")
    assert unknown["说明"] == "没有这个地名"
    assert several["说明"].startswith("同名多处；20 个候选 ±")
    assert nothing["说明"] == "没有坐标也没有地点"
    assert {row["结果指纹"] for row in (vague, unknown, several, nothing)} == {None}
    assert vague["主责网格"] is vague["距边界（米）"] is vague["经度（CGCS2000）"] is None


def test_a_vacancy_has_its_day(assigner: Assigner, example: AnsweringProject) -> None:
    reaches = example.layer("reaches").set_index("code").geometry
    point = reaches["HL015-02"].interpolate(0.5, normalized=True)
    (row,) = rows_of(assigner, f"{point.x:.6f},{point.y:.6f}")
    assert row["河段编码"] == "HL015-02"
    assert row["乡镇河长"] == "空缺（自 2026-09-01）"
    assert row["岸别"] == "水面"


def test_blocks_in_a_row_say_what_one_block_says(example: AnsweringProject) -> None:
    sheet = pa.Table.from_pandas(frame_of(complaints(names_of(example), 600)), preserve_index=False)
    columns = SheetColumns("经度", "纬度", None, "地点", "受理时间", "问题类型")
    assigner = Assigner.of(example, AssignOptions(columns, DAY))
    whole, parts = BatchWriting(), BatchWriting()
    blocks = [parts.table(assigner.assign(sheet.slice(begin, 130))) for begin in range(0, 600, 130)]
    assert [row for block in blocks for row in block.to_pylist()] == whole.table(
        assigner.assign(sheet)
    ).to_pylist()


def test_the_summary_reconciles(example: AnsweringProject) -> None:
    sheet = pa.Table.from_pandas(frame_of(complaints(names_of(example), 900)), preserve_index=False)
    columns = SheetColumns("经度", "纬度", None, "地点", "受理时间", "问题类型")
    assigner, summary = Assigner.of(example, AssignOptions(columns, DAY)), BatchSummary()
    for begin in (0, 450):
        summary.add(assigner.assign(sheet.slice(begin, 450)))
    assert summary.rows == 900
    assert list(summary.counts) == list(KINDS)
    total, _, parts = summary.line.partition(" = ")
    assert sum(int(part.replace(",", "")) for part in parts.split(" + ")) == int(total) == 900
    units = summary.units().to_pandas()
    owned = sum(summary.counts[kind] for kind in ("certain", "borderline", "shared", "unassigned"))
    assert units["合计"].sum() == owned
    assert (units[["确定", "临界", "共管", "无主"]].sum(axis=1) == units["合计"]).all()
    assert units["合计"].is_monotonic_decreasing
    chiefs = summary.chiefs().to_pandas()
    assert (chiefs[["确定", "临界", "共管", "无主", "界外"]].sum(axis=1) == chiefs["合计"]).all()
    assert len(summary.together()) == len(units) + len(chiefs)


def test_in_english(assigner: Assigner) -> None:
    use_language("en")
    (row,) = rows_of(assigner, "余新镇南面小河浜")
    assert row["Status"] == "place not found"
    assert "3 candidates" in row["Note"]


def test_headings_are_all_different(assigner: Assigner) -> None:
    (row,) = rows_of(assigner, "120.85,30.72")
    assert len(row) > 45
    assert len(HEADINGS) == len(set(HEADINGS))
    assert not any(isinstance(value, np.generic) for value in row.values())


def test_a_few_words_for_a_table_on_the_screen(assigner: Assigner) -> None:
    places = [
        "120.85,30.72",
        "余新镇南面小河浜",
        "120.8121,30.6547",
        "120.9325,30.7425",
        "116.4,39.9",
    ]
    table = pa.table({"地点": pa.array(places), "类型": pa.array([""] * 5)})
    result = assigner.assign(table)
    certain, vague, gap, shared, outside = short_rows(result)
    assert (certain.kind, certain.place) == ("certain", "120.85,30.72")
    assert certain.owner.startswith("大桥镇 · ")
    assert certain.border.endswith("m")
    assert (vague.kind, vague.chief) == ("not_found", "")
    assert vague.owner.startswith("余新镇 · 3 个候选 ±")
    assert vague.border.startswith("±")
    assert np.isnan(vague.lon)
    assert gap.owner.startswith("—（最近 ")
    assert shared.owner in {"新丰镇 / 大桥镇", "大桥镇 / 新丰镇"}
    assert outside.owner.startswith("—（最近 ")
    assert short_rows(result, [2]) == [gap]


def test_a_row_without_words_says_its_place_in_figures() -> None:
    """A sheet of words and figures: what stands in a row is shown of it, whichever that is."""
    words, lon, lat = ["向阳桥东 200 米", "", None], ["", "120.8123", ""], ["", "30.7042", ""]
    table = pa.table({"地点": words, "经度": lon, "纬度": lat})
    columns = SheetColumns(place="地点", lon="经度", lat="纬度")
    assert places_written(table, columns) == ["向阳桥东 200 米", "120.8123, 30.7042", None]
