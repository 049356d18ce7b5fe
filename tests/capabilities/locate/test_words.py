"""A verdict in words: every status and reason, both languages, text and JSON."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gridmap import texts
from gridmap.capabilities.locate.report import TONES, verdict_document
from gridmap.capabilities.locate.rules.around import Outlet, Section, Station
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.grid import Dispute
from gridmap.capabilities.locate.rules.posts import Post
from gridmap.capabilities.locate.rules.reaches import Reach
from gridmap.capabilities.locate.rules.verdict import Duty, Person, Reason, Status, Verdict
from gridmap.report.document import Document, Tone
from gridmap.report.json import json_data, json_text
from gridmap.report.terminal import terminal_text
from gridmap.report.titles import Wishes
from tests.worlds import DAY, World, area, box, chief, four_towns, line, unit

LANGUAGES = ("zh_CN", "en")


def inside() -> Verdict:
    return four_towns().at(1000, 1000)


def near_border() -> Verdict:
    return four_towns().at(30, 1000)


def near_the_rim() -> Verdict:
    return four_towns().at(1970, 1000)


def on_border() -> Verdict:
    return four_towns().at(0, 1000)


def on_the_rim() -> Verdict:
    world = four_towns(accuracy_m=0.0)
    world.units[1:4] = []
    return world.at(-2000, 1000)


def just_outside() -> Verdict:
    return four_towns().at(2020, 1000)


def overlap() -> Verdict:
    world = four_towns()
    world.units[1] = (unit("330402102"), box(-200, 0, 2000, 2000))
    return world.at(-150, 1000)


def border_river() -> Verdict:
    world = four_towns()
    river = Reach("R1", "界河北段", "界河", "a", "b", "known", 20.0)
    world.reaches.append((river, line((0, 1900), (0, 0))))
    return world.at(0, 1000)


def disputed() -> Verdict:
    world = four_towns()
    dispute = Dispute("ZY001", "示例争议区", ("330402101", "330402102"))
    world.disputes.append((dispute, box(100, 500, 400, 900)))
    return world.at(250, 700)


def gap() -> Verdict:
    world = four_towns()
    hole = (((800, 800), (1200, 800), (1200, 1200), (800, 1200)),)
    world.units[1] = (unit("330402102"), box(0, 0, 2000, 2000, holes=hole))
    return world.at(1000, 1010)


def outside() -> Verdict:
    return four_towns().at(5000, 1000)


def no_grid() -> Verdict:
    return World().at(0, 0)


WORLDS: dict[Callable[[], Verdict], tuple[Status, Reason]] = {
    inside: (Status.CERTAIN, Reason.INSIDE_ONE_UNIT),
    near_border: (Status.BORDERLINE, Reason.NEAR_BORDER),
    near_the_rim: (Status.BORDERLINE, Reason.NEAR_BORDER),
    on_border: (Status.BORDERLINE, Reason.ON_BORDER),
    on_the_rim: (Status.BORDERLINE, Reason.ON_BORDER),
    just_outside: (Status.BORDERLINE, Reason.JUST_OUTSIDE_A_UNIT),
    overlap: (Status.SHARED, Reason.OVERLAPPING_UNITS),
    border_river: (Status.SHARED, Reason.BORDER_RIVER),
    disputed: (Status.SHARED, Reason.DISPUTED),
    gap: (Status.UNASSIGNED, Reason.GAP),
    outside: (Status.OUTSIDE, Reason.OUTSIDE_TERRITORY),
    no_grid: (Status.OUTSIDE, Reason.NO_GRID),
}


# All posts of this one are vacant: certain whose it is, and nobody to hand it to.
NOBODY = {inside}


def sheet_in(language: str, verdict: Verdict, wishes: Wishes | None = None) -> Document:
    texts.use_language(language)
    return verdict_document(verdict, wishes)


def lines_of(sheet: Document, section: str) -> dict[str, str]:
    (found,) = [one for one in sheet.sections if one.id == section]
    return {one.label: one.value for one in found.lines}


def words(sheet: Document) -> str:
    parts = [sheet.headline, sheet.sentence, sheet.advice]
    parts += [part for s in sheet.sections for one in s.lines for part in (one.label, one.value)]
    return "\n".join(parts)


def test_every_status_and_reason_is_met() -> None:
    assert {status for status, _ in WORLDS.values()} == set(Status)
    assert {reason for _, reason in WORLDS.values()} == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", WORLDS, ids=lambda make: make.__name__)
def test_a_situation_in_words(make: Callable[[], Verdict], language: str) -> None:
    verdict = make()
    assert (verdict.status, verdict.reason) == WORLDS[make]
    sheet = sheet_in(language, verdict)
    text = words(sheet)
    assert sheet.tone is (Tone.WARN if make in NOBODY else TONES[verdict.status])
    assert sheet.sentence
    for unwanted in ("{", "}", "None", "nan", "inf ", "verdict."):
        assert unwanted not in text
    if verdict.owner is not None:
        # The nearest unit does not head a gap: nobody is responsible there.
        assert (verdict.owner.name in sheet.headline) == (verdict.status is not Status.UNASSIGNED)
        assert sheet.status in sheet.headline
        assert verdict.owner.name in sheet.sentence
    if verdict.reason is not Reason.NO_GRID:
        assert sheet.advice
    others = [c.unit.name for c in verdict.candidates if c.unit != verdict.owner]
    if verdict.owner is not None and others:
        assert others[0] in sheet.sentence + sheet.advice
        assert lines_of(sheet, "candidates").keys() == set(others)


def test_the_chinese_sentences_say_what_they_should() -> None:
    def sentence(verdict: Verdict) -> str:
        return sheet_in("zh_CN", verdict).sentence

    assert sentence(inside()).startswith("在示例330402102内，距最近边界 1.0 km")
    assert "仅 30 m（判定精度 ±50 m）" in sentence(near_border())
    assert "网格外缘" in sentence(near_the_rim())
    assert "恰在示例330402101与示例330402102的边界上" in sentence(on_border())
    assert "恰在示例330402101的外缘上" in sentence(on_the_rim())
    assert "暂由示例330402102牵头" in sentence(just_outside())
    assert "示例争议区" in sentence(disputed())
    assert "分属两岸" in sentence(border_river())
    assert "网格空白" in sentence(gap())
    assert "距辖区边界 3.0 km" in sentence(outside())


def test_distances_that_would_read_alike_show_which_is_larger() -> None:
    sentence = sheet_in("zh_CN", four_towns().at(50.3, 1000)).sentence
    assert "50.3 m" in sentence
    assert "50 m" in sentence


def rich() -> World:
    """A world in which every part of a verdict has something to say."""
    world = four_towns()
    world.reaches.append(
        (Reach("R1", "界河北段", "界河", "n1", "n2", "dominant", 20.0), line((0, 1900), (0, 0)))
    )
    park = area((60, 900), (400, 900), (400, 1100), (60, 1100))
    world.units.append((unit("330402400", "park", "330402", 10), park))
    world.zones.append((Zone("Z1", "红线一", "ecological", "水源涵养"), box(0, 0, 900, 1900)))
    world.zones.append((Zone("Z2", "农田二", "farmland", disputed=True), box(120, 0, 900, 1900)))
    world.sections.append(Section("S1", "下断面", 120.8, 30.701, "R1", "III"))
    world.outlets.append(Outlet("DW1", "F1", "示例印染", 120.8, 30.712, "R1", "氨氮"))
    world.stations.append(Station("A1", "示例空气站", "air", 120.801, 30.705))
    world.posts += [
        chief("R1", "township", "甲", date(2024, 1, 1), None),
        chief("R1", "village", "乙", date(2024, 1, 1), date(2026, 8, 31)),
        Post("grid_head", "township", "unit", "330402102",
             Person("丙", "示例镇", "13800000001"), date(2024, 1, 1), None),
    ]  # fmt: skip
    world.duties["water"] = Duty("water", "水污染", "Water pollution", "水环境科", True, 5, "示例")
    return world


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rich_answer_has_all_its_sections(language: str) -> None:
    sheet = sheet_in(language, rich().at(100, 1000, problem="water"))
    assert [section.id for section in sheet.sections] == [
        "grid", "river", "duty", "candidates", "zones", "around", "basis",
    ]  # fmt: skip
    assert all(section.title and section.lines for section in sheet.sections)


def test_vacancies_are_said_in_words_and_colour() -> None:
    sheet = sheet_in("zh_CN", rich().at(100, 1000))
    (river,) = [section for section in sheet.sections if section.id == "river"]
    vacant = [one for one in river.lines if one.tone is Tone.BAD]
    assert [one.value for one in vacant] == ["空缺（自 2026-09-01）"]
    assert "乙" not in words(sheet)
    before = sheet_in("zh_CN", rich().at(100, 1000, on=date(2026, 8, 31)))
    assert "乙" in words(before)


def test_zones_carry_their_doubts() -> None:
    zones = lines_of(sheet_in("zh_CN", rich().at(100, 1000)), "zones")
    assert zones["生态红线"].startswith("在内：红线一（水源涵养），距边 100 m")
    assert "小于数据精度" in zones["基本农田"]
    assert "边界有争议" in zones["基本农田"]


def test_phones_are_masked_unless_wished() -> None:
    verdict = rich().at(100, 1000)
    asides = {one.aside for s in sheet_in("zh_CN", verdict).sections for one in s.lines}
    assert "138****0001" in asides
    wishes = Wishes(full_phones=True)
    full = {one.aside for s in sheet_in("zh_CN", verdict, wishes).sections for one in s.lines}
    assert "13800000001" in full


def test_english_joins_with_english_marks() -> None:
    text = words(sheet_in("en", rich().at(100, 1000, problem="water")))
    assert not set("，。；：、（）") & set(text)


def test_text_form() -> None:
    verdict = near_border()
    sheet = sheet_in("zh_CN", verdict)
    rows = terminal_text(replace(sheet, example=True)).splitlines()
    assert rows[0] == f"▲ {sheet.headline}"
    assert rows[1] == f"  {sheet.sentence}"
    assert rows[2] == f"  下一步：{sheet.advice}"
    assert rows[-1] == "示例数据，不作为真实权属与责任依据"
    assert all(section.title in "\n".join(rows) for section in sheet.sections)
    assert not terminal_text(sheet).endswith(rows[-1])
    vacant = [row for row in rows if "空缺" in row]
    assert vacant
    assert all(row.endswith("!!") for row in vacant)


def test_the_five_statuses_look_different_without_colour() -> None:
    marks = {Status.CERTAIN: "●", Status.UNASSIGNED: "■", Status.OUTSIDE: "○"}
    for make, (status, _) in WORLDS.items():
        first = terminal_text(sheet_in("zh_CN", make())).splitlines()[0]
        assert first.startswith("▲" if make in NOBODY else marks.get(status, "▲"))


@pytest.mark.parametrize("make", WORLDS, ids=lambda make: make.__name__)
def test_json_form(make: Callable[[], Verdict]) -> None:
    verdict = make()
    text = json_text(verdict_document(verdict))
    data = json.loads(text)
    assert data == json_data(verdict_document(verdict))
    assert data["schema"] == "gridmap.verdict/1"
    assert (data["status"], data["reason"]) == (verdict.status.value, verdict.reason.value)
    assert (data["owner"] is None) == (verdict.owner is None)
    assert data["on"] == DAY.isoformat()
    if math.isfinite(verdict.border_m):
        assert data["border_m"] == pytest.approx(verdict.border_m, abs=1e-8)
    else:
        assert data["border_m"] is None
    assert "示例" in text or verdict.owner is None


def test_json_masks_every_phone_and_leaves_the_verdict_alone() -> None:
    verdict = rich().at(100, 1000)
    assert "13800000001" not in json_text(verdict_document(verdict))
    assert "13800000001" in json_text(verdict_document(verdict), full_phones=True)
    assert any(
        one.person and one.person.phone == "13800000001"
        for link in verdict.chain
        for one in link.posts
    )


def test_json_does_not_depend_on_the_language() -> None:
    verdict = rich().at(100, 1000, problem="water")
    forms: set[Any] = set()
    for language in LANGUAGES:
        texts.use_language(language)
        forms.add(json_text(verdict_document(verdict)))
    assert len(forms) == 1


def test_names_from_data_stay_on_their_line() -> None:
    world = four_towns()
    row, shape = world.units[1]
    nasty = type(row.unit)(row.unit.code, "镇\x1b[2J\n假行\u202e", row.unit.tier)
    world.units[1] = (type(row)(nasty, row.parent_code, row.priority), shape)
    text = terminal_text(sheet_in("zh_CN", world.at(1000, 1000)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(line_.startswith("假行") for line_ in text.splitlines())
