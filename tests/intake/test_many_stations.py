"""Readings of very many stations: grouped and stored together, as if one by one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gridmap import intake
from gridmap.intake.series import loading
from gridmap.store import Project

STATIONS, HOURS = 60, 24


def sheet(path: Path, day: str, *, twice: bool = False) -> Path:
    """A day of hours as the national feed has them: a row an item and hour, a column a station."""
    rng = np.random.default_rng(3)
    names = [f"{1000 + number}A" for number in range(STATIONS)]
    rows = [
        [day.replace("-", ""), hour, item, *rng.integers(5, 90, STATIONS).tolist()]
        for hour in range(HOURS)
        for item in ("PM2.5", "NO2", "O3")
    ]
    if twice:
        rows += rows[-3:]
    frame = pd.DataFrame(rows, columns=["date", "hour", "type", *names])
    frame.iloc[5, 4] = None
    frame.to_csv(path, index=False)
    return path


def contents(project: Project) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """Everything that the series hold."""
    return {
        (str(station), str(item)): [
            (time, None if np.isnan(value) else float(value), flag)
            for time, value, flag in project.series.read(station, item)[["value", "flag"]]
            .itertuples()
        ]
        for station, item in project.series.keys()[["station", "item"]].itertuples(index=False)
    }  # fmt: skip


@pytest.mark.parametrize("twice", [False, True])
def test_many_series_together_are_those_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twice: bool
) -> None:
    files = [
        sheet(tmp_path / f"{day}.csv", day, twice=twice) for day in ("2024-01-01", "2024-01-02")
    ]
    found = []
    for number in (500, 1):
        monkeypatch.setattr(loading, "_TOGETHER", number)
        with Project.create(tmp_path / f"{number}.gpkg", title="全国") as project:
            reports = [
                intake.load_series(project, file, zone="Asia/Shanghai", units={"*": "μg/m³"})
                for file in (*files, files[0])  # the first comes again: nothing changes
            ]
            found.append((contents(project), [(r.series, r.readings, r.replaced) for r in reports]))
            project.undo()
            project.undo()
            found[-1] += (contents(project),)
    together, one_by_one = found
    assert together == one_by_one
    assert len(together[0]) == 3 * STATIONS
    assert len(together[0]["1000A", "pm25"]) == 2 * HOURS
    assert len(together[2]["1000A", "pm25"]) == HOURS
