"""Changes name what they touched; answers are kept until something they read changes."""

import threading
from datetime import datetime, timedelta

import pandas as pd
import pytest

from gridmap.capabilities.locate.work import answering as answering_room
from gridmap.capabilities.locate.work import latest as latest_room
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.core.moments import ZONE
from gridmap.core.place import Place
from gridmap.store import Project, ProjectError
from gridmap.store.changes import READINGS, ROSTERS, Changed, settings, tables
from gridmap.store.example import shipped_example

PLACE, DAY = Place(120.87, 30.673), datetime(2026, 11, 22, tzinfo=ZONE).date()


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "example.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    with AnsweringProject.open(path) as project:
        yield project


@pytest.fixture
def empty(tmp_path):
    with Project.create(tmp_path / "p.gpkg", title="P") as project:
        yield project


def arrive(project, value, minutes=0):
    at = datetime(2026, 11, 22, 8, tzinfo=ZONE) + timedelta(minutes=minutes)
    frame = pd.DataFrame({"value": [value]}, index=pd.DatetimeIndex([at]))
    with project.change("readings") as change:
        change.append_series("WS03", "nh3n", frame, unit="mg/L")


def break_off(project):
    with project.change("broken") as change:
        change.set_setting("a", 1)
        raise RuntimeError


def test_a_change_and_its_undo_tell_what_they_touched(example):
    told: list[Changed] = []
    example.changed.connect(told.append)
    with example.change("figures") as change:
        change.set_setting("rules.walk_m", 9000.0)
    arrive(example, 1.0)
    example.undo()
    example.undo()
    assert [one.revision for one in told] == list(range(told[0].revision, told[0].revision + 4))
    assert [one.action for one in told] == ["figures", "readings", "undo", "undo"]
    assert told[0].tables == told[3].tables == {"log", "settings", "settings:rules.walk_m"}
    assert {"series", "series_tail"} <= told[1].tables
    assert told[1].tables == told[2].tables


def test_a_change_taken_back_or_without_content_tells_nothing(empty):
    told = []
    empty.changed.connect(told.append)
    with empty.change("nothing"):
        pass
    with pytest.raises(RuntimeError):
        break_off(empty)
    assert told == []


def number_of(project, name="a"):
    COUNTED.append(name)
    return project.settings.get(name, 0)


COUNTED: list[str] = []


@pytest.fixture(autouse=True)
def _count_anew():
    COUNTED.clear()


def test_an_answer_is_kept_until_what_it_reads_changes(empty):
    reads = settings("a")
    assert empty.derived(number_of, reads) == 0
    assert empty.derived(number_of, reads) == 0
    with empty.change("other") as change:
        change.set_setting("b", 1)
    empty.derived(number_of, reads)
    assert len(COUNTED) == 1
    with empty.change("own") as change:
        change.set_setting("a", 5)
    assert empty.derived(number_of, reads) == 5
    empty.undo()
    assert empty.derived(number_of, reads) == 0
    assert len(COUNTED) == 3


def test_a_change_that_fails_leaves_what_is_kept(empty):
    empty.derived(number_of, settings("a"))
    with pytest.raises(RuntimeError):
        break_off(empty)
    assert empty.derived(number_of, settings("a")) == 0
    assert len(COUNTED) == 1


def twice(project):
    return 2 * project.derived(number_of, settings("a"), "a")


def test_an_answer_reads_what_the_answers_read_that_it_asks_for(empty):
    assert empty.derived(twice, tables("people")) == 0
    with empty.change("own") as change:
        change.set_setting("a", 5)
    assert empty.derived(twice, tables("people")) == 10


def test_answers_for_other_arguments_are_others(empty):
    with empty.change("own") as change:
        change.set_setting("b", 7)
    assert empty.derived(number_of, settings("a"), "a") == 0
    assert empty.derived(number_of, settings("b"), name="b") == 7


def slow(project):
    COUNTED.append("slow")
    STARTED.set()
    assert GO_ON.wait(20)
    return project.title


STARTED, GO_ON = threading.Event(), threading.Event()


def test_one_thread_builds_and_the_other_waits(empty):
    STARTED.clear(), GO_ON.clear()
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(empty.derived(slow, ROSTERS)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert STARTED.wait(20)
    GO_ON.set()
    for thread in threads:
        thread.join()
    assert found == ["P", "P"]
    assert COUNTED == ["slow"]


def test_what_changes_while_an_answer_is_built_makes_it_worthless(empty):
    STARTED.clear(), GO_ON.clear()
    thread = threading.Thread(target=lambda: empty.derived(slow, settings("a")))
    thread.start()
    assert STARTED.wait(20)
    with empty.change("own") as change:
        change.set_setting("a", 5)
    GO_ON.set()
    thread.join()
    empty.derived(slow, settings("a"))
    assert COUNTED == ["slow", "slow"]


def test_an_error_is_not_kept(empty):
    def made(project):
        COUNTED.append("error")
        raise ProjectError("project.error.closed", file=project.path)

    for _ in range(2):
        with pytest.raises(ProjectError):
            empty.derived(made, ROSTERS)
    assert len(COUNTED) == 2


def test_a_change_by_another_program_is_noticed(tmp_path):
    path = tmp_path / "p.gpkg"
    with Project.create(path, title="P") as writer, Project.open(path, read_only=True) as reader:
        assert reader.derived(number_of, settings("a")) == 0
        with writer.change("own") as change:
            change.set_setting("a", 5)
        assert reader.derived(number_of, settings("a")) == 5
        assert reader.touched_since(1, READINGS)


def test_a_closed_project_keeps_nothing(tmp_path):
    with Project.create(tmp_path / "p.gpkg", title="P") as project:
        project.derived(number_of, settings("a"))
    with pytest.raises(ProjectError):
        project.derived(number_of, settings("a"))


def test_readings_never_build_the_rule_anew(example, monkeypatch):
    built, joined = [], []
    rule, latest = answering_room.evidence_of, latest_room._latest_readings
    monkeypatch.setattr(
        answering_room, "evidence_of", lambda project: built.append(1) or rule(project)
    )
    monkeypatch.setattr(
        latest_room,
        "_latest_readings",
        lambda project, station: joined.append(station) or latest(project, station),
    )
    verdict = answering_room.answer(example, PLACE, DAY)
    sections = verdict.around.sections
    assert any(section.latest for section in sections)
    first = list(joined)
    assert first
    assert len(set(first)) == len(first), "each station is asked once"
    arrive(example, 99.0)
    again = answering_room.answer(example, PLACE, DAY)
    assert len(built) == 1
    assert joined == first * 2
    assert again.basis.fingerprint == verdict.basis.fingerprint
    example.undo()
    assert answering_room.answer(example, PLACE, DAY) == verdict
    assert len(built) == 1
