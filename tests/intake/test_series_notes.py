from pathlib import Path

import pandas as pd
import pytest

from gridmap.intake import IntakeError, Kind
from gridmap.intake.series.notes import load_notes
from gridmap.store import Project

ZONE = "Asia/Shanghai"


def _time(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=ZONE)


def test_a_sheet_of_maintenance(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "运维记录.csv"
    path.write_text(
        "站点,项目,开始时间,结束时间,类型,说明,电话\n"
        "WS01,,2026-01-05 08:00,2026-01-05 16:00,维护,换试剂,1\n"
        "一号站,氨氮,2026年1月6日 8时,,event,上游施工,\n"
        "WS01,铅,2026-01-07,,维护,,\n"
        "WS01,,2026-01-08,2026-01-07,维护,,\n"
        "WS01,,改日,,维护,,\n"
        ",,2026-01-09,,维护,,\n",
        encoding="utf-8",
    )
    report = load_notes(project, path, zone=ZONE, stations={"一号站": "WS02"}, actor="x")
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (6, 2, 4)
    assert [(f.row, f.kind) for f in sorted(report.held_back, key=lambda f: f.row or 0)] == [
        (4, Kind.UNKNOWN_ITEM),
        (5, Kind.DATES_REVERSED),
        (6, Kind.NOT_TIME),
        (7, Kind.MISSING),
    ]
    [first] = project.series.notes("WS01").itertuples()
    assert (first.item, first.kind, first.note) == ("", "maintenance", "换试剂")
    assert (first.start, first.end) == (_time("2026-01-05 08:00"), _time("2026-01-05 16:00"))
    [second] = project.series.notes("WS02").itertuples()
    assert (second.item, second.kind) == ("nh3n", "event")
    assert pd.isna(second.end)
    assert project.log()["note"].iloc[-1] == "运维记录.csv → series_notes"
    project.undo()
    assert project.series.notes("WS01").empty


def test_the_kind_is_stated_or_delivered(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("station,start\nWS01,2026-01-05 08:00\n", encoding="utf-8")
    with pytest.raises(IntakeError) as caught:
        load_notes(project, path, zone=ZONE)
    assert caught.value.key == "intake.error.no_column"
    assert load_notes(project, path, zone=ZONE, kind="maintenance").added == 1
