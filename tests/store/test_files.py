import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from gridmap import texts
from gridmap.store import Edition, Project, ProjectError
from gridmap.store.store import Store


@pytest.fixture
def closed(project_path: Path, units: Callable[..., Any]) -> Path:
    with Project.create(project_path, title="试点") as project, project.change("i") as change:
        change.replace_layer("grid_units", units(200), Edition("grid_units"))
    return project_path


def _state(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def _refused(path: Path) -> ProjectError:
    before = _state(path.parent)
    with pytest.raises(ProjectError) as caught:
        Project.open(path)
    assert _state(path.parent) == before
    assert path.name in str(caught.value)
    texts.use_language("en")
    assert path.name in str(caught.value)
    return caught.value


def _edit(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_closing_leaves_one_file_without_log(closed: Path) -> None:
    assert [path.name for path in closed.parent.iterdir()] == [closed.name]
    assert closed.read_bytes()[18:20] == b"\x01\x01"  # no write-ahead log in its header


def test_opening_to_read_leaves_no_trace(closed: Path) -> None:
    before = _state(closed.parent)
    with Project.open(closed, read_only=True) as project:
        assert project.read_only_reason == "asked"
        assert len(project.layer("grid_units")) == 200
        assert _state(closed.parent) == before
        with pytest.raises(ProjectError) as caught, project.change("x"):
            pass
        assert caught.value.key == "project.error.read_only"
    assert _state(closed.parent) == before


def test_a_reader_sees_what_a_later_writer_commits(closed: Path) -> None:
    with Project.open(closed, read_only=True) as reader:
        assert reader.settings.get("n") is None
        with Project.open(closed) as writer, writer.change("x") as change:
            change.set_setting("n", 5)
        assert reader.settings.get("n") == 5
        assert reader.check() is None


def test_missing_and_folder(tmp_path: Path) -> None:
    assert _refused(tmp_path / "none.gpkg").key == "project.error.missing"
    (tmp_path / "folder.gpkg").mkdir()
    assert _refused(tmp_path / "folder.gpkg").key == "project.error.folder"


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0", b"\x00" * 5000])
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(content)
    assert _refused(path).key == "project.error.not_database"


def test_a_foreign_database_and_a_foreign_geopackage(tmp_path: Path) -> None:
    plain = tmp_path / "plain.gpkg"
    _edit(plain, "CREATE TABLE settings (name, value)")
    assert _refused(plain).key == "project.error.foreign"
    foreign = tmp_path / "foreign.gpkg"
    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(120, 30)], crs=4326)
    frame.to_file(foreign)
    assert _refused(foreign).key == "project.error.foreign"


def test_a_newer_file(closed: Path) -> None:
    _edit(closed, "UPDATE settings SET value = '99' WHERE name = 'gridmap.schema'")
    error = _refused(closed)
    assert error.key == "project.error.newer"
    assert error.facts["version"] == 99


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_file(closed: Path, keep: float) -> None:
    content = closed.read_bytes()
    closed.write_bytes(content[: int(len(content) * keep)])
    assert _refused(closed).key == "project.error.damaged"


def test_a_file_with_overwritten_pages(closed: Path) -> None:
    content = bytearray(closed.read_bytes())
    content[8192 : len(content) - 8192] = b"\xa5" * (len(content) - 16384)
    closed.write_bytes(content)
    assert _refused(closed).key == "project.error.damaged"


def test_a_file_that_lost_a_table(closed: Path) -> None:
    _edit(closed, "DROP TABLE posts")
    error = _refused(closed)
    assert error.key == "project.error.damaged"
    assert "posts" in str(error)


def test_the_second_opener_reads_and_is_told_why(closed: Path) -> None:
    with Project.open(closed) as first, Project.open(closed) as second:
        assert (first.read_only_reason, second.read_only_reason) == (None, "locked")
        with first.change("x") as change:
            change.set_setting("n", 5)
        assert second.settings.get("n") == 5
        assert second.revision == first.revision
    with Project.open(closed) as third:
        assert third.read_only_reason is None


HOLD = """
import sys
from gridmap.store import Project
project = Project.open(sys.argv[1])
print(project.read_only_reason, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(closed: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(closed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "None"
        yield process
        process.kill()


def test_the_lock_goes_with_the_program_that_held_it(
    closed: Path, holder: subprocess.Popen[str]
) -> None:
    with Project.open(closed) as project:
        assert project.read_only_reason == "locked"
        assert len(project.layer("grid_units")) == 200
    holder.kill()
    holder.wait()
    assert closed.with_name(closed.name + ".lock").exists()
    with Project.open(closed) as project:
        assert project.read_only_reason is None
    assert not closed.with_name(closed.name + ".lock").exists()


READ = """
import json, os, sys
from pathlib import Path
from gridmap.store import Project, ProjectError
path = Path(sys.argv[1])
with Project.open(path, read_only=True) as project:
    project.layer("grid_units")  # imports all there is to import
if os.geteuid() == 0:
    os.setuid(65534)  # root may write everywhere, nobody may not
with Project.open(path) as project:
    found = [project.read_only_reason, len(project.layer("grid_units")), project.title]
for attempt in (
    lambda: Project.create(path.with_name("new.gpkg"), title="x"),
    lambda: Project.open(path).save_as(path.with_name("copy.gpkg")),
):
    try:
        attempt()
    except ProjectError as error:
        found.append(error.key)
print(json.dumps(found))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_read_only_folder(closed: Path, request: pytest.FixtureRequest) -> None:
    folder = closed.parent
    for parent in [*folder.parents][:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    folder.chmod(0o555)
    request.addfinalizer(lambda: folder.chmod(0o755))
    before = _state(folder)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(closed)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        "folder",
        200,
        "试点",
        "project.error.read_only_folder",
        "project.error.read_only_folder",
    ]
    assert _state(folder) == before


def test_save_as_while_open_holds_what_is_committed(
    closed: Path, tmp_path: Path, units: Callable[..., Any]
) -> None:
    target = tmp_path / "副本.gpkg"
    with Project.open(closed) as project:
        with project.change("x") as change:
            change.replace_layer("grid_units", units(7), Edition("grid_units"))
        assert project.save_as(target) == target
        assert project.path == closed
        with pytest.raises(ProjectError) as caught:
            project.save_as(target)
        assert caught.value.key == "project.error.exists"
        with pytest.raises(ProjectError) as caught:
            project.save_as(closed, overwrite=True)
        assert caught.value.key == "project.error.exists"
        with Project.open(target) as other:
            assert other.read_only_reason is None
            assert len(other.layer("grid_units")) == 7
            assert other.verify_log().ok
            assert other.check() is None
            with pytest.raises(ProjectError) as caught:
                project.save_as(target, overwrite=True)
            assert caught.value.key == "project.error.locked"
        project.save_as(target, overwrite=True)
        with pytest.raises(ProjectError) as caught:
            project.save_as(tmp_path / "none" / "x.gpkg")
        assert caught.value.key == "project.error.no_folder"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["副本.gpkg", closed.name]


def test_a_full_disk_takes_the_change_back_and_the_project_stays(
    closed: Path, units: Callable[..., Any]
) -> None:
    with Project.open(closed) as project:
        writer = project._store.writer
        assert writer is not None
        (pages,) = writer.execute("PRAGMA page_count").fetchone()
        writer.execute(f"PRAGMA max_page_count = {pages + 10}")
        with pytest.raises(ProjectError) as caught, project.change("x") as change:
            change.replace_layer("grid_units", units(5000), Edition("grid_units"))
        assert caught.value.key == "project.error.disk_full"
        assert "磁盘已满" in str(caught.value)
        assert len(project.layer("grid_units")) == 200
        with project.change("small") as change:
            change.set_setting("n", 1)
        assert project.check() is None
    with Project.open(closed) as project:
        assert project.settings.get("n") == 1


def test_a_disk_too_full_to_write_at_all_opens_the_project_to_read(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Store) -> None:
        raise ProjectError("project.error.disk_full", file=self.path, reason="full")

    monkeypatch.setattr(Store, "_connect_writer", full)
    with Project.open(closed) as project:
        assert project.read_only_reason == "disk"
        assert len(project.layer("grid_units")) == 200
    assert [path.name for path in closed.parent.iterdir()] == [closed.name]


def test_a_closed_project_says_so(closed: Path) -> None:
    project = Project.open(closed)
    project.close()
    with pytest.raises(ProjectError) as caught:
        project.people()
    assert caught.value.key == "project.error.closed"
    with pytest.raises(ProjectError) as caught, project.change("x"):
        pass
    assert caught.value.key == "project.error.closed"
