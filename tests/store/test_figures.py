"""Figures: what ships is whole; a setting that cannot be is told, in both languages."""

import re
import tomllib

import pytest
from pydantic import TypeAdapter

from gridmap.capabilities import capabilities, load
from gridmap.capabilities.alerts.work.rule_files import past_after_days, planned_flags
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.locate.work.figures import PLACES, RULES, radii_of, rules_of
from gridmap.capabilities.quality.work.figures import QUALITY, figures_of
from gridmap.capabilities.rivers.work.figures import CHIEFS, VELOCITY, chief_rules_of, velocities_of
from gridmap.capabilities.siting.work.figures import SITING, siting_figures
from gridmap.capabilities.tracing.work.figures import TRACING, trace_rules_of, tracing_figures
from gridmap.capabilities.warning.work.figures import WARNING, warning_figures
from gridmap.store.changes import settings
from gridmap.store.figures import FigureError, program_figures
from gridmap.texts import use_language

ALL = (RULES, PLACES, TRACING, VELOCITY, WARNING, CHIEFS, QUALITY, SITING)
READERS = {
    "rules.": rules_of,
    "rules.place.": radii_of,
    "rules.tracing.": trace_rules_of,
    "rules.tracing.velocity.": velocities_of,
    "rules.tracing.warning.": warning_figures,
    "river_chief.": chief_rules_of,
    "quality.": figures_of,
    "siting.": siting_figures,
}


@pytest.fixture
def project(tmp_path):
    with AnsweringProject.create(tmp_path / "own.gpkg", title="own") as made:
        yield made


def put(project, name, value):
    with project.change("settings") as change:
        change.set_setting(name, value)


def test_all_figures_stand_in_a_manifest():
    named = [load(one, reference) for one in capabilities() for reference in one.figures]
    assert len(named) == len(ALL)
    assert all(any(one is other for other in ALL) for one in named)


@pytest.mark.parametrize("figures", ALL, ids=lambda one: one.prefix)
def test_what_ships_is_whole(figures):
    assert program_figures(figures) is not None
    assert (past_after_days(), planned_flags()[:2]) == (7, ("M", "C"))


def test_every_entry_of_the_files_is_read():
    """Nothing stands in a file without a place in a schema."""
    for figures in ALL:
        content = tomllib.loads(figures.path.read_text(encoding="utf-8"))
        content = content[figures.section] if figures.section else content
        made = TypeAdapter(figures.schema).dump_python(program_figures(figures), mode="json")
        assert {name for name in content if figures.has(name)} <= set(made)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("rules.walk_m", "far", "number"),
        ("rules.border_share", 1.5, "1.0 or less"),
        ("rules.no_such", 1, "walk_m"),
        ("rules.place.near_m", -1, "0.0 or more"),
        ("rules.place.nearest_m", 1, "near_m"),
        ("rules.tracing.limit_m", None, ""),
        ("rules.tracing.limit_m", "far", "number"),
        ("rules.tracing.own_jump", 0, "above 1"),
        ("rules.tracing.items", 7, "1.0 or less"),
        ("rules.tracing.warning.limit_m", -1, "above 0"),
        ("rules.tracing.velocity.slow", 2, "slow"),
        ("rules.tracing.wrong", 1, "own_jump"),
        ("rules.tracing.wrong.limit_m", 1, "own_jump"),
        ("rules.tracing.size_of.key", "big", "number"),
        ("river_chief.board_work_days", 0, "1 or more"),
        ("river_chief.province", "atlantis", "hebei, jiangsu"),
        ("river_chief.holidays", ["someday"], "2026-03-01"),
        ("river_chief.colour", "red", "board_work_days"),
        ("quality.stuck.readings", 1, "whole number from"),
        ("siting.water.distance_m", 0, "above 0"),
        ("siting.air.weights.land", -1, "0.0 or more"),
    ],
)
def test_a_setting_that_cannot_be_is_told(project, name, value, allowed):
    prefix = max((one for one in READERS if name.startswith(one)), key=len)
    put(project, name, value)
    if value is None:  # a setting that is taken back
        READERS[prefix](project)
        return
    with pytest.raises(FigureError) as told:
        READERS[prefix](project)
    facts = told.value.facts
    assert (facts["setting"], facts["file"]) == (name, project.path)
    use_language("en")
    english = str(told.value)
    use_language("zh_CN")
    chinese = str(told.value)
    assert name in english
    assert name in chinese
    assert allowed in english
    assert "Input should" not in english
    assert re.search(r"[\u4e00-\u9fff]", english) is None
    told_in_chinese = chinese.split("：", 1)[1]
    assert re.search(r"[\u4e00-\u9fff]", told_in_chinese)


def test_settings_of_one_reader_do_not_disturb_the_others(project):
    put(project, "rules.tracing.limit_m", 5000)
    put(project, "rules.place.near_m", 350)
    put(project, "rules.walk_m", 10_000)
    put(project, "rules.tracing.warning.zone_m", 300)
    put(project, "rules.tracing.permit_names", {"tp": ["TP"]})
    assert rules_of(project).walk_m == 10_000.0
    assert radii_of(project).near_m == 350.0
    found = tracing_figures(project)
    warning = warning_figures(project)
    assert (found.limit_m, warning.zone_m, warning.limit_m) == (5000.0, 300.0, 40_000.0)
    assert found.permit_names == {"tp": ["TP"]}
    assert trace_rules_of(project).slack_h == 4.0


def test_a_whole_table_may_be_set(project):
    put(project, "rules.tracing.warning", {"limit_m": 9000.0, "zone_m": 100.0})
    assert warning_figures(project).limit_m == 9000.0
    put(project, "rules.tracing.velocity", "fast")
    with pytest.raises(FigureError) as told:
        velocities_of(project)
    assert told.value.facts["setting"] == "rules.tracing.velocity"


def test_a_table_that_is_set_whole_is_used_by_each_of_its_readers(project):
    assert project.derived(rules_of, settings("rules.")).walk_m != 10_000.0
    put(project, "rules", {"walk_m": 10_000.0, "place": {"near_m": 350}, "tracing": {}})
    assert project.derived(rules_of, settings("rules.")).walk_m == 10_000.0
    assert radii_of(project).near_m == 350.0
    put(project, "rules.place", {"near_m": 360})  # the nearer one wins
    put(project, "rules.tracing", {"limit_m": 5000.0, "warning": {"zone_m": 300.0, "limit_m": 1.0}})
    assert radii_of(project).near_m == 360.0
    assert tracing_figures(project).limit_m == 5000.0
    assert warning_figures(project).zone_m == 300.0
    put(project, "rules.place.near_m", 370)
    assert radii_of(project).near_m == 370.0


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("rules.place", "near", "rules.place"),
        ("rules.place", {"nearest_m": 1}, "rules.place.nearest_m"),
        ("rules", {"place": 7}, "rules.place"),
        ("rules.tracing", [1], "rules.tracing"),
    ],
)
def test_a_table_that_cannot_be_is_told(project, name, value, setting):
    put(project, name, value)
    reader = READERS["rules.tracing." if "tracing" in name else "rules.place."]
    with pytest.raises(FigureError) as told:
        reader(project)
    assert told.value.facts["setting"] == setting


def test_a_setting_of_the_whole_table_reaches_the_answer(project):
    put(project, "quality", {"stuck": {"readings": 1}})
    with pytest.raises(FigureError):
        figures_of(project)
    put(project, "river_chief", {"province": "atlantis"})
    with pytest.raises(FigureError):
        chief_rules_of(project)
