"""Alerts of a project: the example's labelled events, arrival in pieces, corrections, steps."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap import shipped
from gridmap.capabilities.alerts.rules import AlertGrade, Kind
from gridmap.capabilities.alerts.work.alerting import evaluate, until_of
from gridmap.capabilities.alerts.work.places import suggested
from gridmap.capabilities.alerts.work.records import (
    Alert,
    AlertStatus,
    alert_of,
    alerts,
    signs_of,
    steps_of,
)
from gridmap.capabilities.alerts.work.rule_files import (
    AlertRuleError,
    as_toml,
    read_rules,
    rules_of,
    save_rules,
    shipped_rules,
)
from gridmap.capabilities.alerts.work.steps import AlertError, Step, steps_allowed, take_step
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude
from gridmap.capabilities.stations.work.rings import live_grades, rings_of
from gridmap.core.moments import ZONE
from gridmap.stopping import Cancelled, Job
from gridmap.store import ProjectError
from gridmap.store.editions import Edition

NOW = datetime(2026, 11, 22, 8, tzinfo=ZONE)
START = datetime(2026, 6, 1, tzinfo=ZONE)


# --- the example --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringProject]:
    path = tmp_path_factory.mktemp("alerts") / "nanhu.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    with AnsweringProject.open(path, clock=lambda: NOW) as project:
        evaluate(project, until_of(project, NOW))
        yield project


def of(project: AnsweringProject, station: str, kind: Kind, since: date) -> list[Alert]:
    begin = datetime.combine(since, datetime.min.time(), ZONE)
    return [
        one for one in alerts(project, stations=[station], since=begin, parts=True)
        if one.kind is kind
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("station", "start", "grade", "unit", "reach"),
    [
        ("WS03", datetime(2026, 11, 14, 12, tzinfo=ZONE), AlertGrade.RED, "东栅街道", "HL001-04"),
        ("WS04", datetime(2026, 11, 14, 20, tzinfo=ZONE), AlertGrade.RED, "大桥镇", "HL001-07"),
        ("WS05", datetime(2026, 11, 15, 8, tzinfo=ZONE), AlertGrade.RED, "大桥镇", "HL001-11"),
        ("WS06", datetime(2026, 11, 15, 16, tzinfo=ZONE), AlertGrade.ORANGE, "新丰镇", "HL001-14"),
    ],
)
def test_the_ammonia_event_is_one_alert_at_each_station_it_reached(
    example: AnsweringProject,
    station: str,
    start: datetime,
    grade: AlertGrade,
    unit: str,
    reach: str,
) -> None:
    (alert,) = of(example, station, Kind.EXCEEDANCE, date(2026, 11, 10))
    assert (alert.item, alert.grade, alert.start) == ("nh3n", grade, start)
    assert alert.status is AlertStatus.OPEN
    assert alert.verdict is not None
    assert alert.verdict["unit"]["name"] == unit
    assert alert.verdict["river"]["code"] == reach
    # The same people as the verdict of that place on that day names.
    frame = example.layer("stations").set_index("code")
    point = frame.geometry[station]
    verdict = example.locate(point.x, point.y, on=start.date())
    assert verdict.river is not None
    expected = [post.person.name if post.person else None for post in verdict.river.chiefs]
    assert [post["name"] for post in alert.verdict["river"]["chiefs"]] == expected
    assert {post["tier"] for post in alert.verdict["river"]["chiefs"]} >= {"township", "city"}
    # What else was seen of the event belongs to it.
    kinds = {one.kind for one in signs_of(example, alert.alert_id)}
    assert Kind.SUDDEN_CHANGE in kinds
    assert alerts(example, live=True, stations=[station]) == [alert]


def test_upstream_of_the_outlet_there_is_no_alert(example: AnsweringProject) -> None:
    assert of(example, "WS02", Kind.EXCEEDANCE, date(2026, 11, 10)) == []


def test_evidence_names_the_limit_the_standard_and_the_readings(example: AnsweringProject) -> None:
    (alert,) = of(example, "WS03", Kind.EXCEEDANCE, date(2026, 11, 10))
    proof = alert.evidence
    assert (proof["standard"], proof["standard_day"]) == ("GB 3838-2002", "2026-11-14")
    assert (proof["limit"], proof["unit"], proof["class"]) == (1.0, "mg/L", 3)
    assert proof["confidence"] == "low"  # how many readings is a default of the program
    assert proof["readings"][0] == {
        "time": "2026-11-14T12:00:00+08:00", "value": 1.492, "class": 4, "multiple": 0.492
    }  # fmt: skip
    assert len(proof["readings"]) == alert.readings == 12


def test_maintenance_raises_nothing(example: AnsweringProject) -> None:
    every = alerts(example, parts=True)
    for station in {one.station for one in every}:
        notes = example.series.notes(station)
        for note in notes[notes["kind"] == "maintenance"].itertuples():
            inside = [
                one for one in every
                if one.station == station and note.start <= one.start < note.end
                and one.kind in {Kind.MISSING, Kind.STUCK, Kind.SUDDEN_CHANGE}
            ]  # fmt: skip
            assert inside == []


def test_each_stuck_fault_is_one_alert_and_nothing_else_is(example: AnsweringProject) -> None:
    stuck = {
        (one.station, one.item): (one.start, one.end)
        for one in alerts(example, parts=True) if one.kind is Kind.STUCK
    }  # fmt: skip
    labelled = {}
    for station in example.series.keys()["station"].unique():
        notes = example.series.notes(station)
        for note in notes[notes["kind"] == "fault:stuck"].itertuples():
            labelled[note.station, note.item] = (note.start, note.end)
    assert stuck == labelled
    assert len([one for one in alerts(example, parts=True) if one.kind is Kind.STUCK]) == 5


def test_a_silent_station_is_told_and_long_past_events_are_not_open(
    example: AnsweringProject,
) -> None:
    (silent,) = alerts(example, live=True, stations=["KQ12"])
    assert (silent.kind, silent.item, silent.end) == (Kind.MISSING, "", None)
    assert silent.start == datetime(2026, 11, 18, 20, tzinfo=ZONE)
    past = [one for one in alerts(example, live=False) if one.status is AlertStatus.PAST]
    assert past
    assert all(one.end is not None and one.end < NOW - timedelta(days=7) for one in past)
    assert live_grades(rings_of(example)) == {
        "WS03": AlertGrade.RED, "WS04": AlertGrade.RED, "WS05": AlertGrade.RED,
        "WS06": AlertGrade.ORANGE, "KQ12": AlertGrade.YELLOW,
    }  # fmt: skip


def test_evaluating_again_finds_nothing_new(example: AnsweringProject) -> None:
    before = alerts(example, parts=True)
    again = evaluate(example, NOW)
    assert (again.new, again.grown, again.ended, again.withdrawn, again.anew) == ((), (), (), (), 0)
    anew = evaluate(example, NOW, full=True)
    assert (anew.new, anew.grown, anew.ended, anew.withdrawn) == ((), (), (), ())
    assert anew.anew == anew.rules > 300
    assert alerts(example, parts=True) == before


# --- a small project ----------------------------------------------------------------------


def made(path: Path) -> AnsweringProject:
    project = AnsweringProject.create(path, title="试点", clock=lambda: NOW)
    edition = Edition("stations", None, "test", 20.0, "EPSG:4490", data_status="example")
    where = [shapely.Point(120.75, 30.75)]
    sections = {"code": ["D1"], "name": ["断面"], "target_class": ["III"]}
    stations = {"code": ["W1"], "name": ["水站"], "kind": ["water"], "section_code": ["D1"]}
    with project.change("import") as change:
        for layer, columns in (("sections", sections), ("stations", stations)):
            frame = geopandas.GeoDataFrame(columns, geometry=where, crs=4490)
            change.replace_layer(layer, frame, edition)
    return project


def append(project: AnsweringProject, values: dict[int, float], item: str = "nh3n") -> None:
    """Values by their number: one every four hours."""
    index = pd.DatetimeIndex([START + timedelta(hours=4 * number) for number in values])
    frame = pd.DataFrame({"value": list(values.values())}, index=index)
    with project.change("import") as change:
        change.append_series("W1", item, frame, unit="mg/L")


def at(number: int) -> datetime:
    return START + timedelta(hours=4 * number)


def found_of(project: AnsweringProject) -> dict[str, tuple[Any, ...]]:
    """What was detected, without what depends on when it was found."""
    return {
        one.alert_id: (
            one.grade, one.start, one.last, one.end, one.readings, one.peak_at, one.peak_value,
            one.peak_limit, one.part_of, one.evidence,
        )
        for one in alerts(project, parts=True) if one.status is not AlertStatus.WITHDRAWN
    }  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Iterator[AnsweringProject]:
    with made(tmp_path / "small.gpkg") as project:
        yield project


CALM = {number: 0.6 + number % 2 / 100 for number in range(8)}
EVENT = {8: 1.4, 9: 2.4, 10: 1.2}
AFTER = {number: 0.6 + number % 2 / 100 for number in range(11, 16)}


def test_an_event_begins_grows_and_ends_as_readings_arrive(small: AnsweringProject) -> None:
    append(small, CALM | {8: 1.4})
    assert evaluate(small, at(8)).new == ()
    append(small, {9: 2.4})
    first = evaluate(small, at(9))
    named = [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE]
    (alert,) = named
    assert alert.alert_id in first.new
    assert (alert.grade, alert.readings, alert.end) == (AlertGrade.RED, 2, None)
    append(small, {10: 1.2})
    assert alert.alert_id in evaluate(small, at(10)).grown
    append(small, AFTER)
    last = evaluate(small, at(15))
    assert alert.alert_id in last.ended
    assert last.anew == 0
    ended = alert_of(small, alert.alert_id)
    assert ended is not None
    assert (ended.readings, ended.end, ended.peak_value) == (3, at(11), 2.4)


def test_late_readings_and_corrections_are_evaluated_anew(small: AnsweringProject) -> None:
    append(small, CALM | {8: 1.4, 10: 0.6} | AFTER)
    evaluate(small, at(15))
    assert [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE] == []
    append(small, {9: 2.4})  # it comes late
    evaluate(small, at(15))
    (alert,) = [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE]
    append(small, {9: 0.9})  # and is corrected
    result = evaluate(small, at(15))
    assert alert.alert_id in result.withdrawn
    gone = alert_of(small, alert.alert_id)
    assert gone is not None
    assert gone.status is AlertStatus.WITHDRAWN
    assert [step.step for step in steps_of(small, alert.alert_id)] == ["withdrawn"]
    append(small, {9: 2.4})
    evaluate(small, at(15))
    back = alert_of(small, alert.alert_id)
    assert back is not None
    assert back.status is AlertStatus.OPEN


def test_an_excluded_reading_raises_no_alert(small: AnsweringProject) -> None:
    append(small, CALM | EVENT | AFTER)
    evaluate(small, at(15))
    (alert,) = [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE]
    span = {"start": at(8), "end": at(10)}
    with small.change("exclude") as change:
        exclude(change, Exclusion(station="W1", item="nh3n", reason="校准", actor="张三", **span))
    assert alert.alert_id in evaluate(small, at(15)).withdrawn


def test_undoing_an_import_takes_its_alerts_with_it(small: AnsweringProject) -> None:
    append(small, CALM)
    append(small, EVENT)
    evaluate(small, at(10))
    assert alerts(small)
    entry = small.undo()  # the import, not the evaluation
    assert "series_tail" in entry.detail["tables"] or "series" in entry.detail["tables"]
    evaluate(small, at(10))
    assert [one for one in alerts(small, live=True) if one.kind is Kind.EXCEEDANCE] == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.sampled_from([0.3, 0.6, 0.6, 1.2, 1.9, 2.6]), min_size=4, max_size=30),
    data=st.data(),
)
def test_arrival_in_any_order_gives_the_alerts_of_a_full_run(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("order")
    numbers = list(range(len(values)))
    order = data.draw(st.permutations(numbers)) if data.draw(st.booleans()) else numbers
    cuts = sorted(data.draw(st.sets(st.integers(1, len(values) - 1), max_size=4)))
    until = at(len(values) + 4)
    with made(folder / "pieces.gpkg") as pieces, made(folder / "whole.gpkg") as whole:
        for start, end in zip((0, *cuts), (*cuts, len(values)), strict=True):
            part = order[start:end]
            append(pieces, {number: values[number] for number in part})
            evaluate(pieces, at(max(order[:end])))
        evaluate(pieces, until)
        append(whole, dict(enumerate(values)))
        evaluate(whole, until)
        assert found_of(pieces) == found_of(whole)
        evaluate(pieces, until, full=True)
        assert found_of(pieces) == found_of(whole)


# --- steps --------------------------------------------------------------------------------


@pytest.fixture
def raised(small: AnsweringProject) -> tuple[AnsweringProject, str]:
    append(small, CALM | EVENT)
    evaluate(small, at(10))
    (alert,) = [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE]
    return small, alert.alert_id


def test_acknowledge_assign_close_reopen(raised: tuple[AnsweringProject, str]) -> None:
    project, name = raised
    take_step(project, name, Step.ACKNOWLEDGE, actor="张三")
    take_step(project, name, Step.ASSIGN, actor="张三", assignee="东栅街道", note="请核查")
    assert take_step(project, name, Step.CLOSE, actor="李四", note="已整改") is AlertStatus.CLOSED
    closed = alert_of(project, name)
    assert closed is not None
    assert (closed.status, closed.assignee) == (AlertStatus.CLOSED, "东栅街道")
    assert live_grades(rings_of(project)) == {}
    take_step(project, name, Step.REOPEN, actor="李四", note="反弹")
    told = [(s.actor, s.step, s.assignee, s.note) for s in steps_of(project, name)]
    assert told == [
        ("张三", "acknowledge", "", ""), ("张三", "assign", "东栅街道", "请核查"),
        ("李四", "close", "", "已整改"), ("李四", "reopen", "", "反弹"),
    ]  # fmt: skip
    log = project.log()
    assert list(log["action"][-4:]) == [
        "alert_acknowledge",
        "alert_assign",
        "alert_close",
        "alert_reopen",
    ]
    assert project.verify_log().ok


def test_steps_are_refused_with_a_reason(raised: tuple[AnsweringProject, str]) -> None:
    project, name = raised
    refused = [
        (name, Step.REOPEN, {"actor": "张三"}, "not_allowed"),
        (name, Step.CLOSE, {"actor": "张三"}, "no_reason"),
        (name, Step.ACKNOWLEDGE, {"actor": " "}, "no_actor"),
        (name, Step.ASSIGN, {"actor": "张三"}, "no_assignee"),
        ("A-0", Step.CLOSE, {"actor": "张三", "note": "x"}, "unknown"),
    ]
    for alert, step, more, key in refused:
        with pytest.raises(AlertError) as error:
            take_step(project, alert, step, **more)
        assert error.value.key == f"alerts.error.{key}"
    assert steps_of(project, name) == []
    assert steps_allowed(AlertStatus.WITHDRAWN) == ()


def test_steps_can_only_be_added(raised: tuple[AnsweringProject, str]) -> None:
    project, name = raised
    take_step(project, name, Step.ACKNOWLEDGE, actor="张三")
    with pytest.raises(ProjectError), project.change("x") as change:
        change.deriving("alert_steps").execute("DELETE FROM alert_steps")
    assert len(steps_of(project, name)) == 1


def test_a_closed_alert_that_goes_on_is_open_again(raised: tuple[AnsweringProject, str]) -> None:
    project, name = raised
    take_step(project, name, Step.CLOSE, actor="张三", note="误报")
    append(project, {11: 1.6})
    assert name in evaluate(project, at(11)).grown
    alert = alert_of(project, name)
    assert alert is not None
    assert alert.status is AlertStatus.OPEN
    assert [step.actor for step in steps_of(project, name)] == ["张三", ""]


def test_stopping_writes_nothing(small: AnsweringProject) -> None:
    append(small, CALM | EVENT)
    revision = small.revision
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        evaluate(small, at(10), progress=job.count)
    assert small.revision == revision


def test_quiet_hours_silence_the_message_not_the_alert(small: AnsweringProject) -> None:
    values = CALM | dict.fromkeys(range(8, 11), 1.2)
    append(small, values)  # Ⅳ: yellow, which keeps quiet at night
    night = datetime(2026, 6, 3, 23, tzinfo=ZONE)
    found = evaluate(small, night)
    assert found.new
    assert set(found.quiet) == set(found.new)


def test_suggestions_begin_with_the_nearest_chief(example: AnsweringProject) -> None:
    (alert,) = of(example, "WS03", Kind.EXCEEDANCE, date(2026, 11, 10))
    names = suggested(alert.verdict, alert.medium)
    assert names[0].startswith("平湖塘")
    assert names[-1] == "东栅街道"
    assert suggested(None, "water") == []


# --- rules --------------------------------------------------------------------------------


def test_the_office_changes_a_rule_and_takes_it_back(small: AnsweringProject) -> None:
    append(small, CALM | EVENT)
    evaluate(small, at(10))
    (alert,) = [one for one in alerts(small) if one.kind is Kind.EXCEEDANCE]
    text = as_toml([shipped_rules()["water_exceedance"]]).replace("duration = 2", "duration = 9")
    path = small.path.with_suffix(".toml")
    path.write_text(text, encoding="utf-8")
    assert save_rules(small, list(read_rules(path).values()), actor="张三") == 1
    assert rules_of(small)["water_exceedance"].duration == 9
    assert alert.alert_id in evaluate(small, at(10)).withdrawn
    small.undo()
    assert rules_of(small) == dict(shipped_rules())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("duration = 2", "duration = 0"), "duration"),
        (('against = "target"', 'against = "water"'), "against"),
        (('against = "target"', 'against = "class"'), "water_class"),
        (("duration = 2", "durations = 2"), "durations"),
        (("grade = 3\nitems", "grade = 7\nitems"), "grade"),
        (('id = "water_exceedance"', ""), "id"),
    ],
)
def test_a_bad_rule_is_told_with_rule_and_field(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    text = as_toml([shipped_rules()["water_exceedance"]])
    assert change[0] in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(AlertRuleError) as error:
        read_rules(path)
    assert error.value.facts["field"] == field
    assert field in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("definition", "field"), [("{", "—"), ("[1]", "—"), ('{"id": "own", "kind": "frost"}', "kind")]
)
def test_a_bad_entry_of_the_project_is_told(
    small: AnsweringProject, definition: str, field: str
) -> None:
    with small.change("x") as change:
        change.touching("alert_rules", {}).execute(
            "INSERT INTO alert_rules (rule_id, definition) VALUES ('own', ?)", (definition,)
        )
    with pytest.raises(AlertRuleError) as error:
        evaluate(small, NOW)
    assert (error.value.facts["rule"], error.value.facts["file"]) == ("own", small.path.name)
    assert field in {error.value.facts["field"], "kind"}


def test_a_read_only_project_is_not_evaluated(small: AnsweringProject) -> None:
    with AnsweringProject.open(small.path, read_only=True) as reader:
        with pytest.raises(ProjectError) as error:
            evaluate(reader, NOW)
        assert error.value.key == "project.error.read_only"


def test_every_shipped_rule_names_its_source() -> None:
    for rule in shipped_rules().values():
        assert rule.source
        assert rule.title.zh
        assert rule.title.en
        if not rule.standard:
            assert rule.confidence == "low"
    assert shipped_rules()["water_yangtze"].standard.startswith("长江流域")


def test_archives_are_evaluated_to_their_last_reading(small: AnsweringProject) -> None:
    append(small, CALM)
    assert until_of(small, NOW) == at(7)
    assert until_of(small, at(10)) == at(10)


def test_a_station_that_reports_once_a_day_lacks_nothing(tmp_path):
    """Four-hourly rules would call five of its six records missing, every day."""
    days = pd.date_range("2026-09-01 08:00", periods=60, freq="D", tz=ZONE)
    values = pd.DataFrame({"value": [0.2 + place / 300 for place in range(60)]}, index=days)
    late = values.drop(values.index[50:54])  # four days silent: that is missing
    with AnsweringProject.create(tmp_path / "日.gpkg", title="日") as project:
        with project.change("import") as change:
            change.append_series("甲", "nh3n", values, unit="mg/L")
            change.append_series("乙", "nh3n", late, unit="mg/L")
        evaluate(project, days[-1].to_pydatetime())
        missing = [one.station for one in alerts(project) if one.kind is Kind.MISSING]
    assert missing == ["乙"]


def closed_event(project: AnsweringProject) -> Alert:
    """The event of the small project, closed by a person today."""
    append(project, CALM | EVENT | AFTER)
    evaluate(project, at(15))
    (alert,) = [one for one in alerts(project) if one.kind is Kind.EXCEEDANCE]
    take_step(project, alert.alert_id, Step.CLOSE, actor="张三", note="已整改")
    return alert


def exceedances(project: AnsweringProject) -> list[Alert]:
    return [
        one
        for one in alerts(project)
        if one.kind is Kind.EXCEEDANCE and one.status is not AlertStatus.WITHDRAWN
    ]


def test_closed_stays_closed_when_everything_is_evaluated_anew(small: AnsweringProject) -> None:
    alert = closed_event(small)
    evaluate(small, at(15), full=True)
    assert [(one.alert_id, one.status) for one in exceedances(small)] == [
        (alert.alert_id, AlertStatus.CLOSED)
    ]


def test_closed_stays_closed_when_a_rule_changes_where_the_event_begins(
    small: AnsweringProject,
) -> None:
    alert = closed_event(small)
    append(small, {7: 1.1})  # a correction: the event begins one reading earlier
    result = evaluate(small, at(15))
    assert alert.alert_id in result.withdrawn
    (heir,) = exceedances(small)
    assert heir.alert_id != alert.alert_id
    assert heir.status is AlertStatus.CLOSED
    (step,) = steps_of(small, heir.alert_id)
    assert (step.step, step.actor, step.note) == ("carried", "", alert.alert_id)
    assert [one.step for one in steps_of(small, alert.alert_id)] == ["close", "withdrawn"]


def test_closed_and_withdrawn_comes_back_closed(small: AnsweringProject) -> None:
    alert = closed_event(small)
    append(small, {8: 0.6, 9: 0.6, 10: 0.6})
    assert alert.alert_id in evaluate(small, at(15)).withdrawn
    append(small, EVENT)
    evaluate(small, at(15))
    back = alert_of(small, alert.alert_id)
    assert back is not None
    assert back.status is AlertStatus.CLOSED


def test_what_happens_after_somebody_closed_it_opens_it(small: AnsweringProject) -> None:
    clock = at(9)  # it is closed while it goes on
    append(small, CALM | {8: 1.4, 9: 2.4})
    evaluate(small, at(9))
    (alert,) = exceedances(small)
    small._clock = lambda: clock
    take_step(small, alert.alert_id, Step.CLOSE, actor="张三", note="已整改")
    append(small, {7: 1.1, 10: 1.2} | AFTER)
    evaluate(small, at(15))
    (heir,) = exceedances(small)
    assert heir.status is AlertStatus.OPEN
