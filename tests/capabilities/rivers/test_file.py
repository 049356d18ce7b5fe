"""One file per river, over the example."""

import shutil
from datetime import date

import geopandas as gpd
import pytest
from shapely import LineString

from gridmap.capabilities.locate.rules.verdict import BorderKind
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.rules.boards import BoardFault
from gridmap.capabilities.rivers.work.boards import outdated_signboards, signboard_text
from gridmap.capabilities.rivers.work.figures import chief_rules_of
from gridmap.capabilities.rivers.work.file import river_file
from gridmap.capabilities.rivers.work.rivers import find_river, rivers_of
from gridmap.store import Edition, Project
from gridmap.store.errors import ProjectError
from gridmap.store.example import open_example, shipped_example

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def pinghu(example):
    return river_file(example, "平湖塘", DAY)


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "例.gpkg"
    shutil.copyfile(shipped_example(), path)
    with AnsweringProject.open(path) as project:
        yield project


def test_rivers_are_found_by_code_name_and_reach(example):
    assert len(rivers_of(example)) == 21
    for wanted in ("HL001", " 平湖塘 ", "HL001-07"):
        assert find_river(example, wanted).code == "HL001"
    with pytest.raises(ProjectError) as told:
        find_river(example, "黄河")
    assert told.value.key == "river.error.unknown"
    assert "平湖塘" in str(told.value)


def test_reaches_in_order_and_lengths_by_unit_add_up(example, pinghu):
    assert [one.code for one in pinghu.reaches] == [f"HL001-{n:02}" for n in range(1, 15)]
    assert pinghu.length_m / 1000 == pytest.approx(pinghu.river.length_km, abs=0.01)
    for one in pinghu.reaches:
        assert sum(unit.metres for unit in one.units) == pytest.approx(one.length_m, abs=1e-6)
    assert sum(unit.metres for unit in pinghu.units) == pytest.approx(pinghu.length_m, abs=1e-6)
    assert all(unit.unit is not None for unit in pinghu.units)
    names = [unit.unit.name for unit in pinghu.units]
    assert names == ["建设街道", "南湖街道", "东栅街道", "大桥镇", "新丰镇"]


def test_a_border_reach_has_both_sides(pinghu):
    first = pinghu.reaches[0]
    assert first.border is BorderKind.LEFT_RIGHT
    assert [[unit.name for unit in side] for side in first.sides] == [["建设街道"], ["南湖街道"]]
    (unit,) = first.units
    assert unit.border_m == pytest.approx(unit.metres)
    assert [one.name for one in unit.with_units] == ["南湖街道"]


def test_the_history_of_a_changed_post(pinghu):
    (reach,) = [one for one in pinghu.reaches if one.code == "HL001-05"]
    found = [one for one in reach.history if one.tier == "township"]
    assert [(one.person.name, one.last) for one in found] == [
        ("示例镇级河长13（前任）", date(2026, 10, 14)),
        ("示例镇级河长13", None),
    ]
    assert found[1].first == date(2026, 10, 15)
    tiers = [one.tier for one in reach.history]
    assert tiers == ["city", "county", "township", "township", "village"]


def test_vacancies_say_since_when(pinghu):
    ((reach, post),) = pinghu.vacancies
    assert (reach.code, post.tier, post.since) == ("HL001-09", "county", date(2026, 10, 1))


def test_sections_have_twelve_months_of_classes(pinghu):
    assert (pinghu.months[0], pinghu.months[-1]) == (date(2025, 12, 1), date(2026, 11, 1))
    assert [one.code for one in pinghu.sections] == ["DM06", "DM07", "DM08", "DM09", "DM10"]
    assert [one.target for one in pinghu.sections] == [3] * 5
    assert all(len(one.classes) == 12 and min(one.classes) > 0 for one in pinghu.sections)
    assert pinghu.latest_class == (3, date(2026, 11, 1))


def test_outlets_zones_and_patrols(pinghu):
    assert len(pinghu.outlets) == 11
    assert all(one.firm_name and one.management for one in pinghu.outlets)
    assert "91330402EXAM00019H-DW001" in {one.code for one in pinghu.outlets}
    corridor = {one.code: one for one in pinghu.zones}["ST02"]
    assert 4000 < corridor.inside_m < 6000
    assert {one.patrol_per_month for one in pinghu.reaches} == {8}


def test_exactly_the_four_boards_are_out_of_date(example):
    found = {one.board.code: one for one in outdated_signboards(example, DAY)}
    assert {code: (one.tier, one.since) for code, one in found.items()} == {
        "GS003": ("township", date(2026, 10, 15)),
        "GS005": ("county", date(2026, 10, 1)),
        "GS023": ("township", date(2026, 9, 1)),
        "GS030": ("village", date(2026, 1, 1)),
    }
    assert {one.fault for one in found.values()} == {BoardFault.FORMER}
    assert found["GS003"].now.name == "示例镇级河长13"
    assert found["GS005"].now is None
    assert all(one.overdue for one in found.values())


def test_the_day_asked_decides(example):
    codes = {one.board.code for one in outdated_signboards(example, date(2026, 10, 14))}
    assert codes == {"GS005", "GS023", "GS030"}


def test_a_board_text_names_who_is_in_post(example):
    text = signboard_text(example, "HL001-05", DAY)
    assert [one.tier for one in text.chiefs] == ["city", "county", "township", "village"]
    assert text.chiefs[2].person.name == "示例镇级河长13"
    assert [unit.name for unit in text.start.units] == ["十八里村委会", "大桥镇"]
    assert text.start.meets == ("南郊河",)
    assert set(text.duties) == {"city", "county", "township", "village"}
    with pytest.raises(ProjectError, match="HL999"):
        signboard_text(example, "HL999", DAY)


def test_the_shorter_rule_is_the_default_and_settings_win(own):
    assert (chief_rules_of(own).board.province, chief_rules_of(own).board.work_days) == (
        "hebei", 15,
    )  # fmt: skip
    with own.change("设置", actor="测试") as change:
        change.set_setting("river_chief.province", "jiangsu")
        change.set_setting("river_chief.supervision_phone", "0573-12345")
    assert chief_rules_of(own).board.work_days == 30
    overdue = {one.board.code for one in outdated_signboards(own, DAY) if one.overdue}
    assert overdue == {"GS005", "GS023", "GS030"}
    assert signboard_text(own, "HL001-05", DAY).supervision_phone == "0573-12345"
    with own.change("设置", actor="测试") as change:
        change.set_setting("river_chief.board_work_days", 200)
    assert chief_rules_of(own).board.work_days == 200
    with own.change("设置", actor="测试") as change:
        change.set_setting("river_chief.board_work_days", 0)
    with pytest.raises(ProjectError, match=r"river_chief\.board_work_days"):
        chief_rules_of(own)


def test_a_project_without_reaches_says_so(tmp_path):
    with AnsweringProject.create(tmp_path / "空.gpkg", title="空") as project:
        with pytest.raises(ProjectError) as told:
            river_file(project, "平湖塘", DAY)
        assert told.value.key == "river.error.none"


@pytest.mark.parametrize(("node", "found"), [("N2", {("小河",)}), ("N9", {("A",), ("B",)})])
def test_rivers_of_one_name_are_one_where_they_meet(tmp_path, node, found):
    lines = [LineString([(120.1, 30.1), (120.2, 30.1)]), LineString([(120.2, 30.1), (120.3, 30.1)])]
    rivers = gpd.GeoDataFrame(
        {"code": ["A", "B"], "name": ["小河"] * 2}, geometry=lines, crs=4490
    )  # fmt: skip
    reaches = gpd.GeoDataFrame(
        {
            "code": ["A-1", "B-1"], "name": ["上", "下"], "river_code": ["A", "B"],
            "from_node": ["N1", node], "to_node": ["N2", "N3"],
        },
        geometry=lines, crs=4490,
    )  # fmt: skip
    with Project.create(tmp_path / "河.gpkg", title="河") as project:
        with project.change("data") as change:
            change.replace_layer("rivers", rivers, Edition("rivers"))
            change.replace_layer("reaches", reaches, Edition("reaches"))
        assert {(one.code,) for one in rivers_of(project)} == found
        if len(found) == 1:
            assert find_river(project, "小河").reaches == ("A-1", "B-1")
            assert find_river(project, "B").code == "小河"
        else:
            with pytest.raises(ProjectError, match="A / B"):
                find_river(project, "小河")
