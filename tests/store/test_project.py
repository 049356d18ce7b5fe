import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from gridmap.store import Edition, Project, ProjectError

PEOPLE = pd.DataFrame({"person_id": ["P1", "P2"], "name": ["张三", "李四"]})
POSTS = pd.DataFrame(
    {
        "post_id": ["D1"],
        "person_id": ["P1"],
        "role": ["river_chief"],
        "scope": ["reach"],
        "scope_code": ["R1"],
        "valid_from": [dt.date(2025, 1, 1)],
    }
)


def test_a_new_project_is_empty_and_open_for_writing(project: Project) -> None:
    assert project.title == "试点"
    assert not project.read_only
    assert not project.is_example
    assert project.editions() == {}
    assert project.revision == 1
    layer = project.layer("stations")
    assert len(layer) == 0
    assert list(layer.columns[:3]) == ["code", "name", "kind"]
    assert layer.crs.to_epsg() == 4490


def test_creating_over_a_file_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError) as caught:
        Project.create(project.path, title="again")
    assert caught.value.key == "project.error.exists"


def test_a_layer_comes_back_as_it_went_in(project: Project, units: Callable[..., Any]) -> None:
    frame = units(3, population=pd.array([5, None, 7], dtype="Int64"))
    day = dt.date(2024, 5, 1)
    with project.change("import", actor="me", note="三个镇") as change:
        stored = change.replace_layer("grid_units", frame, Edition("grid_units", day, "手工", 30.0))
    back = project.layer("grid_units")
    assert back.index.tolist() == [1, 2, 3]
    assert back.index.name == "fid"
    assert back["code"].tolist() == frame["code"].tolist()
    assert back["population"].tolist() == [5, pd.NA, 7]
    assert back["parent_code"].tolist() == [None] * 3
    assert set(back.geom_type) == {"MultiPolygon"}
    assert [g.geoms[0] for g in back.geometry] == frame.geometry.tolist()
    edition = project.editions()["grid_units"]
    assert edition == stored
    assert (edition.rows, edition.edition_date, edition.accuracy_m) == (3, day, 30.0)
    assert edition.loaded_at is not None
    assert project.log()["action"].tolist() == ["create", "import"]


def test_the_content_hash_does_not_depend_on_the_order_of_rows(
    project: Project, units: Callable[..., Any]
) -> None:
    def stored(frame: Any) -> str:
        with project.change("import") as change:
            return change.replace_layer("grid_units", frame, Edition("grid_units")).content_hash

    frame = units(4)
    first = stored(frame)
    assert stored(frame.iloc[::-1]) == first
    frame.loc[2, "name"] = "另名"
    assert stored(frame) != first
    moved = units(4)
    moved.loc[0, "geometry"] = shapely.box(120, 30, 121, 31)
    assert stored(moved) != first


def test_a_merge_adds_updates_and_keeps_fids_and_absent_columns(
    project: Project, units: Callable[..., Any]
) -> None:
    with project.change("import") as change:
        change.replace_layer(
            "grid_units", units(3, population=[1, 2, 3]), Edition("grid_units", source="a")
        )
    more = units(4).iloc[2:]
    more["name"] = ["改名", "新镇"]
    edition = Edition("grid_units", source="b", accuracy_m=9, data_status="example")
    with project.change("import") as change:
        merged = change.merge_layer("grid_units", more, edition)
    assert (merged.added, merged.updated) == (1, 1)
    back = project.layer("grid_units")
    assert back.index.tolist() == [1, 2, 3, 4]
    assert back["name"].tolist() == ["镇1", "镇2", "改名", "新镇"]
    assert back["population"].tolist() == [1, 2, 3, pd.NA]
    edition = project.editions()["grid_units"]
    assert (edition.source, edition.accuracy_m, edition.data_status) == ("a; b", 50.0, "mixed")


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda f: f.to_crs(4326), "crs"),
        (lambda f: f.assign(colour="red"), "unknown_column"),
        (lambda f: f.assign(code=None), "missing_key"),
        (lambda f: f.assign(code="1"), "duplicate_key"),
        (lambda f: f.assign(population="many"), "bad_value"),
        (lambda f: f.assign(population=1.5), "bad_value"),
        (lambda f: f.assign(name=5), "bad_value"),
        (lambda f: f.set_geometry(f.geometry.centroid), "geometry_type"),
        (lambda f: f.set_geometry([None] * len(f), crs=4490), "missing_geometry"),
    ],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    project: Project,
    units: Callable[..., Any],
    spoil: Callable[[Any], Any],
    key: str,
) -> None:
    frame = spoil(units())

    def attempt() -> None:
        with project.change("import") as change:
            change.put_people(PEOPLE)
            change.replace_layer("grid_units", frame, Edition("grid_units"))

    with pytest.raises(ProjectError) as caught:
        attempt()
    assert caught.value.key == f"project.error.{key}"
    assert "grid_units" in str(caught.value)
    assert project.revision == 1
    assert project.people().empty
    assert project.editions() == {}


def test_people_posts_and_departments(project: Project) -> None:
    departments = pd.DataFrame(
        {"problem_type": ["water"], "with_township": [True], "work_days": [5]}
    )
    with project.change("staff") as change:
        change.put_people(PEOPLE)
        change.put_posts(POSTS)
        change.put_departments(departments)
    with project.change("staff") as change:
        change.put_people(pd.DataFrame({"person_id": ["P2"], "name": ["李思"]}))
    assert project.people()["name"].tolist() == ["张三", "李思"]
    [post] = project.posts().to_dict("records")
    assert post["valid_from"] == dt.date(2025, 1, 1)
    assert post["valid_to"] is None
    [department] = project.departments().to_dict("records")
    assert department["with_township"] is True
    assert department["work_days"] == 5
    assert department["basis"] is None


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        (PEOPLE.assign(shoe_size=42), "unknown_column"),
        (PEOPLE.drop(columns="person_id"), "missing_key"),
        (PEOPLE.assign(person_id=["P1", None]), "missing_key"),
        (PEOPLE.assign(person_id="P1"), "duplicate_key"),
        (PEOPLE.assign(phone=13800000000), "bad_value"),
    ],
)
def test_people_that_cannot_be_stored(project: Project, frame: pd.DataFrame, key: str) -> None:
    def attempt() -> None:
        with project.change("staff") as change:
            change.put_people(frame)

    with pytest.raises(ProjectError, match="people") as caught:
        attempt()
    assert caught.value.key == f"project.error.{key}"
    assert project.people().empty


def test_settings(project: Project) -> None:
    with project.change("settings") as change:
        change.set_setting("is_example", True)
        change.set_setting("坐标", [120.7, {"a": None}])
    assert project.is_example
    assert project.settings.get("坐标") == [120.7, {"a": None}]
    assert project.settings.get("none", 7) == 7
    assert project.settings.names() == ["is_example", "title", "坐标"]
    with pytest.raises(ProjectError, match=r"gridmap\.schema"), project.change("x") as change:
        change.set_setting("gridmap.schema", 9)


def test_an_empty_change_leaves_no_entry(project: Project) -> None:
    with project.change("nothing"):
        pass
    assert project.revision == 1


def test_changes_do_not_nest(project: Project) -> None:
    with (
        project.change("outer"),
        pytest.raises(ProjectError) as caught,
        project.change("inner"),
    ):
        pass
    assert caught.value.key == "project.error.nested"


def test_an_error_of_the_caller_passes_unchanged(project: Project) -> None:
    def attempt() -> None:
        with project.change("x") as change:
            change.put_people(PEOPLE)
            raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        attempt()
    assert project.people().empty


def test_undo_restores_every_kind_of_row(project: Project, units: Callable[..., Any]) -> None:
    index = pd.date_range("2024-01-01", periods=1000, freq="h", tz="Asia/Shanghai")
    with project.change("first") as change:
        change.replace_layer("grid_units", units(3), Edition("grid_units", source="a"))
        change.put_people(PEOPLE)
        change.set_setting("a", 1)
        change.append_series("S", "no2", pd.DataFrame({"value": 1.0}, index), unit="μg/m³")
    layer, edition = project.layer("grid_units"), project.editions()["grid_units"]
    with project.change("second") as change:
        change.replace_layer("grid_units", units(5), Edition("grid_units", source="b"))
        change.put_people(PEOPLE.assign(name="别人"))
        change.set_setting("a", None)
        change.set_setting("b", 2)
        change.append_series("S", "no2", pd.DataFrame({"value": 2.0}, index[500:]), unit="μg/m³")
        change.append_series("S", "no2", pd.DataFrame({"value": 3.0}, index[:5]), unit="μg/m³")
        change.append_series("T", "no2", pd.DataFrame({"value": 3.0}, index), unit="μg/m³")
    entry = project.undo(actor="me")
    assert entry.action == "undo"
    assert entry.detail["revision"] == 3 - 0
    assert project.layer("grid_units").equals(layer)
    assert project.editions()["grid_units"] == edition
    assert project.people()["name"].tolist() == ["张三", "李四"]
    assert (project.settings.get("a"), project.settings.get("b")) == (1, None)
    assert project.series.keys()[["station", "count"]].to_numpy().tolist() == [["S", 1000]]
    assert np.array_equal(project.series.read("S", "no2")["value"], np.ones(1000))
    assert project.revision == 4
    project.undo()
    assert project.editions() == {}
    assert project.people().empty
    with pytest.raises(ProjectError) as caught:
        project.undo()
    assert caught.value.key == "project.error.nothing_to_undo"
    assert project.title == "试点"
    assert project.verify_log().ok
    assert project.check() is None


def test_only_the_last_changes_can_be_undone(project: Project) -> None:
    for number in range(25):
        with project.change("count") as change:
            change.set_setting("n", number)
    for number in range(23, 3, -1):
        project.undo()
        assert project.settings.get("n") == number
    with pytest.raises(ProjectError):
        project.undo()


def test_tampering_with_the_log_is_seen(project: Project) -> None:
    for number in range(4):
        with project.change("count") as change:
            change.set_setting("n", number)
    writer = project._store.writer
    assert writer is not None
    assert project.verify_log().entries == 5
    with pytest.raises(Exception, match="append-only"):
        writer.execute("UPDATE log SET actor = 'x' WHERE revision = 3")
    with pytest.raises(Exception, match="append-only"):
        writer.execute("DELETE FROM log")
    writer.execute("DROP TRIGGER log_is_append_only_update")
    writer.execute("DROP TRIGGER log_is_append_only_delete")
    writer.execute("UPDATE log SET note = 'x' WHERE revision = 3")
    assert project.verify_log().first_bad == 3
    writer.execute("UPDATE log SET note = '' WHERE revision = 3")
    assert project.verify_log().ok
    writer.execute("DELETE FROM log WHERE revision = 5")
    assert project.verify_log().first_bad == 5


def test_threads_read_while_another_writes(project: Project, units: Callable[..., Any]) -> None:
    with project.change("import") as change:
        change.replace_layer("grid_units", units(50), Edition("grid_units"))
    seen: list[int] = []
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.append(len(project.layer("grid_units")))
        except Exception as error:  # noqa: BLE001  whatever a worker meets fails the test
            failures.append(error)

    workers = [threading.Thread(target=read) for _ in range(3)]
    for worker in workers:
        worker.start()
    for count in (60, 50) * 5:
        with project.change("import") as change:
            change.replace_layer("grid_units", units(count), Edition("grid_units"))
    done.set()
    for worker in workers:
        worker.join()
    assert not failures
    assert set(seen) <= {50, 60}


def test_notes_on_series(project: Project) -> None:
    start = pd.Timestamp("2025-03-01 08:00", tz="Asia/Shanghai")
    notes = pd.DataFrame(
        {
            "station": ["S", "S"],
            "item": ["nh3n", None],
            "start": [start, start],
            "end": [start + pd.Timedelta(hours=3), pd.NaT],
            "kind": ["fault:stuck", "maintenance"],
            "note": ["恒值", None],
        }
    )
    with project.change("notes") as change:
        change.put_series_notes(notes)
    back = project.series.notes("S")
    assert back["item"].tolist() == ["nh3n", ""]
    assert back["start"].tolist() == [start, start]
    assert pd.isna(back["end"].iloc[1])
    assert str(back["start"].dt.tz) == "Asia/Shanghai"
    assert project.series.notes("T").empty


def test_with_a_given_clock_the_same_work_gives_the_same_file(
    tmp_path: Path, units: Callable[..., Any]
) -> None:
    moment = dt.datetime(2025, 1, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    contents = []
    for name in ("a.gpkg", "b.gpkg"):
        with Project.create(tmp_path / name, title="x", clock=lambda: moment) as project:
            with project.change("import") as change:
                change.replace_layer("grid_units", units(3), Edition("grid_units"))
                change.put_people(PEOPLE)
            assert project.log()["at"].tolist() == [pd.Timestamp(moment)] * 2
        contents.append((tmp_path / name).read_bytes())
    assert len(set(contents)) == 1
