"""Declared tables: known by name, made from SQLAlchemy declarations, added to older files."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text

from gridmap import shipped
from gridmap.capabilities import capabilities
from gridmap.manifest import Capability, Title
from gridmap.store import Project, ProjectError, declared, schema_ddl
from gridmap.store.columns import SQL_TYPE
from gridmap.store.records import DEPARTMENTS, PEOPLE, POSTS

EXAMPLE = shipped.example_dir() / "nanhu.gridmap.gpkg"
TOY = "gridmap.capabilities.toy.tables"


@pytest.fixture
def old(project_path: Path) -> Path:
    """A project that was made before the toy came."""
    Project.create(project_path, title="old").close()
    return project_path


@pytest.fixture
def toy(old: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a table that a new capability declares."""
    module = ModuleType(TOY)
    module.METADATA = MetaData()  # type: ignore[attr-defined]
    Table(
        "toys", module.METADATA,
        Column("id", Integer, primary_key=True), Column("name", Text, nullable=False, unique=True),
        comment="Toys", info={"since": 2},
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, TOY, module)
    more = Capability("toy", Title("玩具", "Toy"), tables=(("toys", 2),))
    monkeypatch.setattr(declared, "capabilities", lambda: (*capabilities(), more))
    return "toys"


def test_names_and_formats_are_those_of_the_declarations():
    for one in declared.declared():
        tables = list(schema_ddl.tables_of([one]))
        assert {t.name: t.info.get("since", 1) for t in tables} == dict(one.tables)
        assert {t.name for t in tables} == set(tables[0].metadata.tables)
        assert all(table.comment for table in tables)
        late = [
            c for t in tables for c in t.columns if c.info.get("since", 1) > t.info.get("since", 1)
        ]
        assert all(column.nullable for column in late)


def shape(path: Path) -> dict[str, object]:
    """Columns, unique indexes, triggers and registration of the declared tables of a file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as file:
        found: dict[str, object] = {}
        for name in declared.declared_names():
            indexes = file.execute(f"PRAGMA index_list({name})").fetchall()
            parts = [file.execute(f"PRAGMA index_xinfo({row[1]})").fetchall() for row in indexes]
            said = "SELECT type, name FROM sqlite_schema WHERE tbl_name = ? ORDER BY 1, 2"
            about = "SELECT data_type, identifier, description FROM gpkg_contents"
            found[name] = (
                file.execute(f"PRAGMA table_info({name})").fetchall(),
                indexes,
                parts,
                file.execute(said, (name,)).fetchall(),
                file.execute(f"{about} WHERE table_name = ?", (name,)).fetchall(),
            )
        return found


def test_a_new_file_has_the_tables_of_the_example(old):
    assert shape(old) == shape(EXAMPLE)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_whole_file_opens_without_sqlalchemy(old, read_only):
    script = (
        "import sys; from gridmap.store import Project\n"
        f"with Project.open({str(old)!r}, read_only={read_only}) as p: p.people()\n"
        "print('sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_table_declared_later_reads_as_empty(old, toy):
    before = old.read_bytes()
    with Project.open(old, read_only=True) as project, project.reading() as connection:
        assert connection.execute(f"SELECT * FROM {toy}").fetchall() == []  # noqa: S608
    assert old.read_bytes() == before


def test_a_table_declared_later_is_made_and_its_changes_are_undone(old, toy):
    with Project.open(old) as project:
        (entry,) = project.log().tail(1).to_dict("records")
        assert (entry["action"], entry["detail"]) == ("upgrade", {"tables": [toy]})
        with project.change("play") as change:
            change.touching(toy, {}).execute(f"INSERT INTO {toy} (name) VALUES ('ball')")  # noqa: S608
        with project.reading() as connection:
            assert connection.execute(f"SELECT id, name FROM {toy}").fetchall() == [(1, "ball")]  # noqa: S608
            query = "SELECT data_type, description FROM gpkg_contents WHERE table_name = ?"
            assert connection.execute(query, (toy,)).fetchall() == [("attributes", "Toys")]
        project.undo()
        with project.reading() as connection:
            assert connection.execute(f"SELECT * FROM {toy}").fetchall() == []  # noqa: S608
        assert project.verify_log().ok
        count = len(project.log())
    with Project.open(old) as project:
        assert len(project.log()) == count


def test_a_file_without_a_table_of_the_store_is_damaged(old):
    with closing(sqlite3.connect(old)) as file:
        file.execute("DROP TABLE series_revisions")
        file.commit()
    with pytest.raises(ProjectError) as told:
        Project.open(old)
    assert (told.value.key, told.value.facts["reason"]) == (
        "project.error.damaged",
        "series_revisions",
    )


def test_a_file_without_alerts_gets_them_back_empty(old):
    with closing(sqlite3.connect(old)) as file:
        file.execute("DROP TABLE alerts")
        file.execute("DELETE FROM gpkg_contents WHERE table_name = 'alerts'")
        file.commit()
    with Project.open(old) as project:
        detail = project.log()["detail"].iloc[-1]
        assert json.dumps(detail) == '{"tables": ["alerts"]}'
    assert shape(old) == shape(EXAMPLE)


def test_records_are_read_by_the_columns_that_are_declared():
    (store,) = [one for one in declared.declared() if one.required]
    tables = {table.name: table for table in schema_ddl.tables_of([store])}
    for record in (PEOPLE, POSTS, DEPARTMENTS):
        columns = {one.name: str(one.type) for one in tables[record.name].columns}
        assert columns.pop("id") == "INTEGER"
        assert columns == {name: SQL_TYPE[kind] for name, kind in record.fields.items()}
