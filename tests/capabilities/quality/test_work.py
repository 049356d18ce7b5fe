"""Checks over a project: the example's faults, storing, scopes, figures of an office."""

import shutil

import numpy as np
import pandas as pd
import pytest

from gridmap import shipped
from gridmap.capabilities.quality.rules.agreement import agreement
from gridmap.capabilities.quality.rules.checks import CHECKS, COMPLETENESS
from gridmap.capabilities.quality.work.checking import (
    completeness,
    found_at,
    neighbours_of,
    run_checks,
    store_findings,
    stored_findings,
)
from gridmap.capabilities.quality.work.figures import (
    QUALITY,
    figures_of,
    set_figure,
    shipped_figures,
)
from gridmap.capabilities.quality.work.labels import labelled_faults
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude, exclusions
from gridmap.standards.item_files import items
from gridmap.store import Project
from gridmap.store.figures import FigureError, read_file
from gridmap.texts import catalogue, has

ZONE = "Asia/Shanghai"
STATIONS = ["WS02", "WS03"]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    path = tmp_path_factory.mktemp("quality") / "nanhu.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    with Project.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def everything(example):
    return run_checks(example)


def moments(frame, station, kind):
    rows = frame[(frame["station"] == station) & (frame["kind"] == kind)]
    return [
        (a.value // 1000, b.value // 1000) for a, b in zip(rows["start"], rows["end"], strict=True)
    ]


# --- the example --------------------------------------------------------------------------


def test_precision_and_recall_on_the_labelled_faults(example, everything):
    labels = labelled_faults(example)
    assert sorted(one.check for one in labels) == ["spike"] * 5 + ["stuck"] * 5
    outcome = agreement(labels, everything.findings)
    assert outcome.recall >= 0.9
    assert outcome.precision >= 0.9


def test_the_event_and_the_maintenance_are_no_faults(example, everything):
    faults = [one for one in everything.findings if one.check in {"spike", "stuck", "range"}]
    seen = 0
    for station in (f"WS0{n}" for n in range(1, 8)):
        notes = example.series.notes(station)
        for kind in ("event", "maintenance"):
            for start, end in moments(notes, station, kind):
                seen += 1
                inside = [f for f in faults if f.station == station and start <= f.start < end
                          and (kind == "maintenance" or f.item == "nh3n")]  # fmt: skip
                assert inside == []
    assert seen > 80


def test_the_long_gaps_are_found_once_each(everything):
    long = [one for one in everything.findings if one.check == "gap" and one.severity == "fault"]
    assert {one.item for one in long} == {""}
    hours = {(one.station, round(one.facts["hours"])) for one in long}
    assert {("WS01", 80), ("WS04", 36), ("WS07", 88), ("KQ03", 65)} <= {
        (station, h + d) for station, h in hours for d in (-4, -1, 0, 1, 4)
    }
    (silent,) = [one for one in long if one.facts["open"]]
    assert silent.station == "KQ12"
    assert pd.Timestamp(silent.start, unit="us", tz="UTC").tz_convert(ZONE).day == 18


def test_a_run_finds_the_same_again(example, everything):
    again = run_checks(example)
    assert again.findings == everything.findings
    assert len({one.identity for one in again.findings}) == len(again.findings)


def test_completeness_of_every_month(example, everything):
    months = completeness(example)
    assert set(months) == set(everything.months)
    series = set(zip(example.series.keys()["station"], example.series.keys()["item"], strict=True))
    assert {(m.station, m.item) for m in months} == series
    assert {m.month for m in months} >= {"2025-11", "2026-05", "2026-11"}
    silent = [m for m in months if m.station == "KQ12" and m.month == "2026-11"]
    assert all(m.usable < m.expected for m in silent)
    assert all(0 <= m.usable <= m.received <= m.expected for m in months)
    total = sum(m.usable for m in months) / sum(m.expected for m in months)
    assert 0.9 < total < 1.0


def test_neighbours_are_of_the_same_kind_and_near(example):
    near = neighbours_of(example)
    assert len(near) >= 19
    for station in [f"WS0{n}" for n in range(1, 8)] + [f"KQ{n:02}" for n in range(1, 13)]:
        assert station not in near[station]
        assert {other[:2] for other in near[station]} == {station[:2]}
        assert len(near[station]) == 6


# --- scope and storing --------------------------------------------------------------------


def test_a_run_of_some_stations_is_that_part_of_the_whole(example, everything):
    part = run_checks(example, STATIONS, ["nh3n", "turbidity"])
    assert {one.station for one in part.findings} <= set(STATIONS)
    checks = {"stuck", "spike", "drift", "jump", "range", "few_digits"}
    assert {one.identity for one in part.findings if one.check in checks} == {
        one.identity for one in everything.findings
        if one.check in checks and one.station in STATIONS and one.item in {"nh3n", "turbidity"}
    }  # fmt: skip


def test_a_run_of_a_time_sees_only_that_time(example):
    start = pd.Timestamp("2026-09-01", tz=ZONE)
    end = pd.Timestamp("2026-10-01", tz=ZONE)
    run = run_checks(example, STATIONS, start=start, end=end)
    assert {m.month for m in run.months} == {"2026-09"}
    assert [one.check for one in run.findings if one.severity != "note"] == ["spike"]


def test_findings_are_kept_and_replaced_in_their_scope(example, everything):
    with example.change("quality") as change:
        count = store_findings(change, everything)
    kept = stored_findings(example)
    assert len(kept) == count == len(everything.findings)
    assert {one.identity for one in kept} == {one.identity for one in everything.findings}
    assert found_at(example) is not None
    before = {one.identity for one in kept if one.station not in STATIONS}
    with example.change("quality") as change:
        store_findings(change, run_checks(example, STATIONS))
    after = stored_findings(example)
    assert {one.identity for one in after if one.station not in STATIONS} == before
    assert len(after) == len(kept)
    example.undo()
    assert {one.identity for one in stored_findings(example)} == {one.identity for one in kept}


def test_an_exclusion_stays_when_the_checks_run_again_and_so_does_its_finding(example):
    (spike,) = [one for one in run_checks(example, ["WS03"]).findings if one.check == "spike"]
    moment = pd.Timestamp(spike.start, unit="us", tz="UTC").tz_convert(ZONE)
    with example.change("exclude", actor="张三") as change:
        one = Exclusion(
            station="WS03", item="nh3n", start=moment, end=moment, reason="单点尖峰",
            actor="张三", finding_id=spike.identity,
        )  # fmt: skip
        exclude(change, one)
    again = run_checks(example, ["WS03"])
    assert spike in again.findings
    before = next(m for m in completeness(example) if (m.station, m.item, m.month) == (
        "WS03", "nh3n", "2026-09"))  # fmt: skip
    assert before.received - before.usable == 1
    with example.change("quality") as change:
        store_findings(change, again)
    assert exclusions(example)["finding_id"].tolist() == [spike.identity]
    example.undo()
    example.undo()


def test_a_run_can_be_stopped(example):
    class StoppedError(Exception):
        pass

    def watch(done, _total):
        if done > 5:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_checks(example, watch=watch)


def test_progress_reaches_its_end(example):
    steps = []
    run_checks(example, STATIONS, watch=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] == 36
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_a_project_without_readings_has_no_findings(project):
    run = run_checks(project)
    assert (run.findings, run.months, run.series) == ((), (), 0)
    assert completeness(project) == ()
    assert stored_findings(project) == ()
    assert found_at(project) is None


# --- figures ------------------------------------------------------------------------------


def test_an_office_changes_a_figure_for_all_items_or_for_one(project):
    with project.change("settings") as change:
        table = set_figure(change, figures_of(project), ("stuck", "readings", ""), 12)
        set_figure(change, table, ("spike", "least", "nh3n"), 2.5)
    table = figures_of(project)
    assert table.of("stuck", "ph")["readings"] == 12
    assert table.of("spike", "nh3n")["least"] == 2.5
    assert table.of("spike", "tp")["least"] == shipped_figures().of("spike", "tp")["least"]
    assert project.settings.get("quality.stuck.readings") == 12
    with project.change("settings") as change:
        set_figure(change, table, ("stuck", "readings", ""), None)
    assert figures_of(project).of("stuck")["readings"] == 6
    assert project.settings.get("quality.stuck.readings") is None


def test_a_changed_figure_changes_what_is_found(example):
    with example.change("settings") as change:
        set_figure(change, figures_of(example), ("stuck", "readings", ""), 20)
    found = [one for one in run_checks(example, STATIONS).findings if one.check == "stuck"]
    example.undo()
    assert found == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("stuck", "readings", ""), 0),
        (("stuck", "readings", ""), 6.5),
        (("stuck", "luck", ""), 6),
        (("luck", "readings", ""), 6),
    ],
)
def test_a_figure_that_cannot_be_is_refused(project, where, value):
    with pytest.raises(FigureError), project.change("settings") as change:
        set_figure(change, figures_of(project), where, value)
    assert figures_of(project).changed == {}


def test_a_setting_for_single_items_holds_for_these(project):
    with project.change("settings") as change:
        change.set_setting("quality.stuck.bridge", {"ph": 2})
    assert figures_of(project).changed == {("stuck", "bridge", "ph"): 2.0}


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("quality.stuck.readings", "many", "应为数字"),
        ("quality.stuck.readings", True, "应为数字"),
        ("quality.stuck.readings", 6.5, "3.0 到 1000.0 之间的整数"),
        ("quality.stuck.bridge", {"ph": 2, "tp": -1}, "0.0 到"),
        ("quality.stuck.luck", 3, "readings"),
        ("quality.luck.readings", 3, "stuck"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(project, name, value, allowed):
    with project.change("settings") as change:
        change.set_setting(name, value)
    with pytest.raises(FigureError) as told:
        figures_of(project)
    assert told.value.facts["setting"] == name
    assert allowed in str(told.value)


def test_every_check_and_figure_has_its_words():
    table = shipped_figures()
    for language in ("zh_CN", "en"):
        known = catalogue(language)
        for check in CHECKS:
            for part in ("title", "explained", "found"):
                assert f"quality.check.{check}.{part}" in known
        for check, figure, item in table.rows():
            assert (
                f"quality.figure.{check}.{figure}" in known or f"quality.figure.{figure}" in known
            )
            assert item == "" or item in items()
    assert has(f"quality.check.{COMPLETENESS}.title")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[stuck.figures]", "[stack.figures]", "stack"),
        ("readings = { default = 6, lowest = 3", "readings = { default = 2, lowest = 3", "stuck"),
        ("by_chance = { default = 0.01", "by_chance = { defalt = 0.01", "by_chance"),
        ("nh3n = { highest = 300.0 }", "nh3n = { hihgest = 300.0 }", "hihgest"),
        ("[gap.figures]", "[gap.figures", "quality.toml"),
    ],
)
def test_a_mistake_in_the_table_of_figures_is_told(tmp_path, old, new, told):
    text = shipped.resource("quality.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "quality.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FigureError, match=told):
        read_file(QUALITY, path)


def test_no_readings_are_touched_by_checks(example):
    before = example.series.read("WS03", "nh3n")
    with example.change("quality") as change:
        store_findings(change, run_checks(example, ["WS03"]))
    after = example.series.read("WS03", "nh3n")
    np.testing.assert_array_equal(before["value"], after["value"])
    example.undo()
