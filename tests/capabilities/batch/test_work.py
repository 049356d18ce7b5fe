"""A sheet of complaints, every row with its owner or the reason why not."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gridmap.capabilities.batch.work.assigning import (
    KINDS,
    NOT_FOUND,
    UNDATED,
    Assigner,
    AssignOptions,
    BatchResult,
    Correction,
    Note,
)
from gridmap.capabilities.batch.work.preparing import prepare
from gridmap.capabilities.locate.rules.batch_verdict import STATUSES
from gridmap.capabilities.locate.work.answering import AnsweringProject, responsibility_of
from gridmap.core.datum import Datum
from gridmap.core.zones import Zone
from gridmap.intake.looks.sheet_columns import SheetColumns, personal
from gridmap.intake.looks.sheet_matching import columns_in
from gridmap.intake.looks.sheet_values import coordinates_within, days
from gridmap.stopping import Cancelled, Job
from gridmap.store.example import open_example, own_example
from tests.complaints import HEADINGS, complaints, frame_of, names_of

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def example() -> Iterator[AnsweringProject]:
    with open_example(read_only=True) as project:
        yield project


def table_of(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def assigner(project: AnsweringProject, columns: SheetColumns, **options: Any) -> Assigner:
    return Assigner.of(project, AssignOptions(columns, DAY, **options))


def owners(result: BatchResult) -> list[str | None]:
    return [unit and unit.name for unit in (result.verdict.owner[i] for i in range(len(result)))]


def test_five_thousand_complaints_of_all_kinds(example: AnsweringProject) -> None:
    rows = complaints(names_of(example))
    table = pa.Table.from_pandas(frame_of(rows), preserve_index=False)
    columns = columns_in(list(HEADINGS))
    assert columns == SheetColumns("经度", "纬度", None, "地点", "受理时间", "问题类型")
    done: list[int] = []
    assign = assigner(example, columns)
    result = assign.assign(table, lambda count, _all: done.append(count))
    assert done
    assert sum(result.counts.values()) == len(rows) == 5000
    kinds = defaultdict(set)
    for row, complaint in enumerate(rows):
        kinds[complaint.kind].add(KINDS[result.kind[row]])
        lost = KINDS[result.kind[row]] == NOT_FOUND
        assert lost == np.isnan(result.where.lon[row]) == (result.where.trouble[row] is not None)
    for kind in ("decimal", "full_width", "dms", "words", "swapped", "one_cell", "in_text"):
        assert NOT_FOUND not in kinds[kind]
    for kind in ("unknown", "zero", "missing", "nonsense", "vague"):
        assert kinds[kind] == {NOT_FOUND}
    swapped = [row for row, complaint in enumerate(rows) if complaint.kind == "swapped"]
    assert all(result.where.notes[row] & Note.SWAPPED for row in swapped)
    assert kinds["far"] == {"outside"}


def test_every_row_says_what_locate_says(example: AnsweringProject) -> None:
    rows = complaints(names_of(example), count=400, seed=7)
    table = pa.Table.from_pandas(frame_of(rows), preserve_index=False)
    assign = assigner(example, columns_in(list(HEADINGS)))
    result = assign.assign(table)
    for row in range(len(rows)):
        verdict = assign.verdict(result, row)
        if verdict is None:
            assert KINDS[result.kind[row]] == NOT_FOUND
            assert result.verdict.owner[row] is None
            assert result.verdict.fingerprint[row] == b""
            continue
        assert STATUSES[result.kind[row]] is verdict.status
        assert result.verdict.owner[row] == verdict.owner
        assert result.verdict.fingerprint[row].decode() == verdict.basis.fingerprint


def test_one_place_in_every_notation_and_datum(example: AnsweringProject) -> None:
    cells = [
        "120.85,30.72", "30.72 120.85", "120°51′00″ 30°43′12″ 刺鼻气味", "E120.85 N30.72",
        "120度51分0秒，30度43分12秒", "１２０．８５，３０．７２", "30.7200,120.8500（已更正颠倒）",
    ]  # fmt: skip
    result = assigner(example, SheetColumns(place="地点")).assign(table_of(地点=cells))
    assert result.where.lon == pytest.approx([120.85] * len(cells), abs=1e-6)
    assert result.where.lat == pytest.approx([30.72] * len(cells), abs=1e-6)
    assert [bool(note & Note.SWAPPED) for note in result.where.notes] == [
        False, True, False, False, False, False, True,
    ]  # fmt: skip
    assert set(owners(result)) == {"大桥镇"}


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_datum_moves_plain_cells_and_texts_alike(example, datum: Datum) -> None:
    rows = complaints(names_of(example), count=300, seed=3, datum=datum)
    plain = complaints(names_of(example), count=300, seed=3)
    columns = columns_in(list(HEADINGS))
    moved = assigner(example, columns, datum=datum).assign(
        pa.Table.from_pandas(frame_of(rows), preserve_index=False)
    )
    straight = assigner(example, columns).assign(
        pa.Table.from_pandas(frame_of(plain), preserve_index=False)
    )
    known = np.isfinite(straight.where.lon)
    far = np.array([row.kind in {"far", "one_cell"} for row in rows])
    same = known & ~far
    assert moved.where.lon[same] == pytest.approx(straight.where.lon[same], abs=2e-5)


def test_a_text_that_is_meant_as_a_coordinate_but_cannot_be(example: AnsweringProject) -> None:
    cells = ["116.4,39.9", "0,0", "120°75′ 30°10′", "2.35 48.85", "工单 12345-0817"]
    result = assigner(example, SheetColumns(place="地点")).assign(table_of(地点=cells))
    assert result.where.trouble == [None, "zero", "sixty", None, "unknown"]
    assert [KINDS[kind] for kind in result.kind] == [
        "outside", NOT_FOUND, NOT_FOUND, "outside", NOT_FOUND,
    ]  # fmt: skip


def test_metres_need_their_zone(example: AnsweringProject) -> None:
    zone = Zone(40)
    easting, northing = zone.to_metres(120.85, 30.72)
    plain, _ = zone.without_prefix().to_metres(120.85, 30.72)
    table = table_of(
        X=[f"{float(easting):.1f}", f"{float(plain):.1f}"], Y=[f"{float(northing):.1f}"] * 2
    )
    columns = SheetColumns(lon="X", lat="Y")
    lost = assigner(example, columns).assign(table)
    assert lost.where.trouble == [None, "zone_needed"]
    found = assigner(example, columns, zone=zone).assign(table)
    assert found.where.lon == pytest.approx([120.85, 120.85], abs=1e-6)


def test_days_and_problems(example: AnsweringProject) -> None:
    table = table_of(
        地点=["120.85,30.72"] * 4,
        时间=["2026年8月31日 9:00", "11-20 09:14", "昨天", ""],
        类型=["水污染", "WATER", "外星人", ""],
    )
    columns = SheetColumns(place="地点", date="时间", problem="类型")
    result = assigner(example, columns, problem="noise").assign(table)
    assert [str(day) for day in result.on] == [
        "2026-08-31",
        "2026-11-20",
        "NaT",
        "2026-11-22",
    ]
    assert list(result.problems) == ["water", "water", None, "noise"]
    assert [int(note) & (Note.BAD_DATE | Note.BAD_PROBLEM) for note in result.where.notes] == [
        0, 0, Note.BAD_DATE | Note.BAD_PROBLEM, 0,
    ]  # fmt: skip
    # Of a day that is not known nobody is named, and the row waits for a person.
    assert [KINDS[kind] for kind in result.kind] == ["certain", "certain", UNDATED, "certain"]
    assert (result.verdict.chiefs[2], result.verdict.heads["village"][2]) == (None, None)
    assert (result.verdict.owner[2], result.verdict.fingerprint[2]) == (
        result.verdict.owner[1], b"",
    )  # fmt: skip
    put_right = assigner(example, columns).rerun(result, {2: Correction(120.85, 30.72)})
    assert KINDS[put_right.kind[2]] == UNDATED


def test_a_row_put_right_by_hand(example: AnsweringProject) -> None:
    table = table_of(地点=["没有这个地方", "120.85,30.72", "余新镇南面小河浜", "向阳桥"])
    assign = assigner(example, SheetColumns(place="地点"))
    before = assign.assign(table)
    after = assign.rerun(
        before, {0: Correction(lon=120.85, lat=30.72), 2: Correction(text="平湖塘3段")}
    )
    assert before.counts[NOT_FOUND] == 2
    assert after.counts[NOT_FOUND] == 0
    assert sum(after.counts.values()) == 4
    assert after.verdict.owner[0] == before.verdict.owner[1]
    assert after.verdict.fingerprint[0] == before.verdict.fingerprint[1]
    assert [bool(note & Note.CORRECTED) for note in after.where.notes] == [True, False, True, False]
    assert after.texts[2] == "平湖塘3段"
    for row in (1, 3):
        assert after.verdict.fingerprint[row] == before.verdict.fingerprint[row]
    assert before.verdict.owner[0] is None
    back = assign.rerun(after, {1: Correction()})
    assert back.where.trouble[1] == "missing"
    assert back.verdict.owner[1] is None or KINDS[back.kind[1]] == NOT_FOUND


def test_an_empty_sheet(example: AnsweringProject) -> None:
    result = assigner(example, SheetColumns(place="地点")).assign(table_of(地点=[]))
    assert len(result) == 0
    assert sum(result.counts.values()) == 0


def test_stopping_is_an_exception_of_the_watcher(example: AnsweringProject) -> None:
    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assigner(example, SheetColumns(place="地点")).assign(table_of(地点=["新丰镇"]), stop)


def test_progress_moves_while_places_in_words_are_looked_for(example: AnsweringProject) -> None:
    told: list[tuple[int, int]] = []
    table = table_of(地点=["新丰镇"] * 300)
    assigner(example, SheetColumns(place="地点")).assign(table, lambda *step: told.append(step))
    done = [step for step, _ in told]
    assert {total for _, total in told} == {300}
    assert len(set(done)) >= 6
    assert done == sorted(done)
    assert done[-1] == 300


def test_what_the_first_sheet_needs_is_there_once_it_was_prepared(tmp_path: Path) -> None:
    with AnsweringProject.open(own_example(tmp_path), read_only=True) as project:
        prepare(project, DAY, Job())
        assert "cells" in vars(responsibility_of(project).grid.owners)  # the index of arrays
        stopped = Job()
        stopped.cancel()
        with pytest.raises(Cancelled):
            prepare(project, DAY, stopped)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["编号", "经度（°）", "纬度（°）"], SheetColumns(lon="经度（°）", lat="纬度（°）")),
        (["lon", "lat", "date"], SheetColumns(lon="lon", lat="lat", date="date")),
        (["坐标", "地址"], SheetColumns(coordinates="坐标", place="地址")),
        (["投诉地点描述", "受理时间"], SheetColumns(place="投诉地点描述", date="受理时间")),
        (["经度", "内容"], SheetColumns()),
        (["X", "Y"], SheetColumns(lon="X", lat="Y")),
        (["位置/经度", "位置/纬度"], SheetColumns(lon="位置/经度", lat="位置/纬度")),
        (["高德经度", "高德纬度"], SheetColumns(lon="高德经度", lat="高德纬度")),
        (["地点", "坐标系"], SheetColumns(place="地点", datum="坐标系")),
        (["坐标", "坐标系"], SheetColumns(coordinates="坐标", datum="坐标系")),
    ],
)
def test_columns_by_their_headings(headings: list[str], expected: SheetColumns) -> None:
    assert columns_in(headings) == expected


def test_personal_columns() -> None:
    assert all(
        map(personal, ["投诉人", "联系电话", "举报人姓名", "手机号", "phone", "Caller name"])
    )
    assert not any(map(personal, ["经度", "地点", "问题类型", "工单号", "内容"]))


@pytest.mark.parametrize(
    "text", ["工单 12345-0817", "向阳桥东200米", "3 号楼 2 单元", "2026-11-20 09:14"]
)
def test_not_every_pair_of_numbers_is_a_place(text: str) -> None:
    assert coordinates_within(text, Datum.CGCS2000, None) is None


def test_forms_of_a_day() -> None:
    cells = ["2026-1-2", "2026/01/02", "20260102", "2026.01.02 08:00", "12-31", "2026-02-30", None]
    found = days(pa.chunked_array([pa.array(cells)]), DAY)
    assert [str(day) for day in found.on] == [
        "2026-01-02", "2026-01-02", "2026-01-02", "2026-01-02", "2025-12-31", "NaT", "2026-11-22",
    ]  # fmt: skip
    assert found.empty.tolist() == [False] * 6 + [True]


def test_a_column_of_day_numbers_is_a_column_of_days() -> None:
    found = days(pa.chunked_array([pa.array(["45292", "45293.5", "", None])]), DAY)
    assert [str(day) for day in found.on] == [
        "2024-01-01", "2024-01-02", "2026-11-22", "2026-11-22",
    ]  # fmt: skip
    assert found.numbered.tolist() == [True, True, False, False]
    found = days(pa.chunked_array([pa.array(["45292", "2026-11-20"])]), DAY)
    assert [str(day) for day in found.on] == ["NaT", "2026-11-20"]
