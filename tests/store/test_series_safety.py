"""Readings survive a kill, are read while others write, and come along from older files."""

import random
import sqlite3
import struct
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gridmap.store import Project, schema
from gridmap.store.declared import declared
from gridmap.store.schema_ddl import tables_of
from gridmap.store.series import blocks
from gridmap.store.series.means import daily_means
from gridmap.store.series.rows import FIRST_OF_YEARS

ZONE = "Asia/Shanghai"
KILLS = 10
FEED = """
import sys
import pandas as pd
from gridmap.store import Project
from gridmap.store.series import writing

writing.TAIL_ROWS = 7  # so that tails are folded again and again
project = Project.open(sys.argv[1])
number = project.settings.get("n", 0)
start = pd.Timestamp("2020-12-31 12:00", tz="Asia/Shanghai")
rows = pd.DataFrame(
    [(f"S{s}", item, "mg/L") for s in range(8) for item in ("tp", "tn", "nh3n")],
    columns=["station", "item", "unit"],
)
while True:
    number += 1
    hour = rows.assign(time=start + pd.Timedelta(hours=number), value=number / 100, flag="")
    late = hour.assign(time=start + pd.Timedelta(hours=number - 2), value=number / 10)
    with project.change("feed") as change:
        change.set_setting("n", number)
        change.append_readings(pd.concat([hour, late[:3]]) if number % 5 == 0 else hour)
    print(number, flush=True)
"""


def _expected(number: int) -> list[float]:
    """The values of the first three series after `number` hours; every fifth brings a revision."""
    values = {n: n / 100 for n in range(1, number + 1)}
    values |= {n - 2: n / 10 for n in range(5, number + 1, 5)}
    return [values[n] for n in sorted(values)]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX")
def test_nothing_acknowledged_is_lost(project_path: Path) -> None:
    Project.create(project_path, title="x").close()
    chance = random.Random(4)  # noqa: S311  when to kill is no secret
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", FEED, str(project_path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            heard = [process.stdout.readline() for _ in range(chance.randint(1, 15))]
            for _ in range(chance.randint(0, 100_000)):
                pass
            process.kill()
            heard += process.stdout.readlines()
        acknowledged = max(int(line) for line in heard if line.endswith("\n"))
        with Project.open(project_path) as project:
            number = project.settings.get("n")
            assert number in {acknowledged, acknowledged + 1}
            assert project.check() is None
            assert project.series.read("S0", "nh3n")["value"].tolist() == _expected(number)
            other = project.series.read("S7", "tp")["value"]
            assert other.tolist() == [n / 100 for n in range(1, number + 1)]
            assert project.series.revisions("S0", "tp")["value"].tolist() == [
                (n - 2) / 100 for n in range(5, number + 1, 5)
            ]
            assert set(project.series.keys()["count"]) == {number}


READ = """
import sys
from gridmap.store import Project

with Project.open(sys.argv[1], read_only=True) as project:
    print("open", flush=True)
    seen = 0
    while seen < int(sys.argv[2]):
        counts = {len(values) for _, _, _, _, values, _ in project.series.sweep()}
        assert len(counts) <= 1, counts  # all series of one moment
        now = counts.pop() if counts else 0
        assert now >= seen
        seen = now
print("done", flush=True)
"""


def test_another_process_reads_while_one_appends(project_path: Path) -> None:
    hours = 60
    rows = pd.DataFrame(
        [(f"S{s}", item, "mg/L") for s in range(5) for item in ("tp", "tn")],
        columns=["station", "item", "unit"],
    )
    with Project.create(project_path, title="x") as project:
        command = [sys.executable, "-c", READ, str(project_path), str(hours)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "open\n"
            for number in range(hours):
                time = pd.Timestamp("2024-01-01", tz=ZONE) + pd.Timedelta(hours=number)
                with project.change("feed") as change:
                    change.append_readings(rows.assign(time=time, value=float(number)))
            said, error = reader.communicate(timeout=120)
        assert (said, error, reader.returncode) == ("done\n", "", 0)


# --- files of format 1 --------------------------------------------------------------------

_HEADER = struct.Struct("<BqqIBBBI")
_HOUR = 3_600_000_000
_WINDOW = 730 * _HOUR


def _block_of_format_1(times: np.ndarray, thousandths: np.ndarray, flags: bytes = b"") -> bytes:
    """A block as the first version of the program wrote it: hours, whole numbers of 4 bytes."""
    deltas = (np.diff(times) // _HOUR).astype("<u1")
    header = _HEADER.pack(1, _HOUR, int(times[0]), len(times), 2, 3, 0, len(flags))
    return header + zlib.compress(deltas.tobytes() + thousandths.astype("<i4").tobytes() + flags)


@pytest.fixture
def old_file(project_path: Path) -> Path:
    """A project of format 1 with a series of 2,000 hours over New Year and a tail."""
    first = pd.Timestamp("2024-12-01", tz=ZONE).value // 1000
    times = first + np.arange(2000, dtype=np.int64) * _HOUR
    Project.create(project_path, title="alt").close()
    with closing(sqlite3.connect(project_path, isolation_level=None)) as file:
        for table in tables_of(declared()):
            name = table.name
            added = [one.name for one in table.columns if one.info.get("since", 1) > 1]
            if table.info.get("since", 1) > 1:
                file.execute(f"DROP TABLE {name}")
                file.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (name,))
            elif added and name != "series_tail":
                for column in added:
                    file.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
        file.execute("DROP TABLE series_tail")
        file.execute(
            "CREATE TABLE series_tail (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
            " series_id INTEGER NOT NULL, t INTEGER NOT NULL, value REAL, flag TEXT NOT NULL,"
            " UNIQUE (series_id, t))"
        )
        file.execute("UPDATE settings SET value = '1' WHERE name = ?", (schema.MAGIC_VERSION,))
        file.execute(
            "INSERT INTO series (id, station, item, unit, first_t, last_t, rows)"
            " VALUES (1, 'S', 'tp', 'mg/L', ?, ?, 2003)",
            (int(times[0]), int(times[-1]) + 3 * _HOUR),
        )
        windows = (times + 8 * _HOUR) // _WINDOW
        for window in np.unique(windows).tolist():
            part = np.flatnonzero(windows == window)
            values = part.copy()
            values[values == 7] = np.iinfo("<i4").min  # missing
            flags = b'[[%d,""],[1,"\\u7ef4\\u62a4"]]' % (len(part) - 1)
            block = _block_of_format_1(times[part], values, flags)
            file.execute(
                'INSERT INTO series_blocks (series_id, "window", first_t, last_t, rows, data)'
                " VALUES (1, ?, ?, ?, ?, ?)",
                (window, int(times[part[0]]), int(times[part[-1]]), len(part), block),
            )
        file.executemany(
            "INSERT INTO series_tail (series_id, t, value, flag) VALUES (1, ?, ?, '')",
            [(int(times[-1]) + n * _HOUR, 9.0 + n) for n in (1, 2, 3)],
        )
    return project_path


def _check(frame: pd.DataFrame) -> None:
    assert len(frame) == 2003
    assert frame["value"].iloc[[0, 1999, 2000, 2002]].tolist() == [0.0, 1.999, 10.0, 12.0]
    assert np.isnan(frame["value"].iloc[7])
    assert (frame["flag"] == "维护").sum() == 4


def test_an_older_file_is_read_without_being_touched(old_file: Path) -> None:
    before = old_file.read_bytes()
    with Project.open(old_file, read_only=True) as project:
        _check(project.series.read("S", "tp"))
        details = project.series.details("S", "tp")
        assert details["arrived"].isna().all()
        assert details["shown"].isna().all()
        assert set(details["protocol"]) == {""}
        assert project.series.revisions("S", "tp").empty
        assert len(list(project.series.sweep())) == 1
        assert daily_means(project)["count"].sum() == 2002
        start = pd.Timestamp("2025-01-01", tz=ZONE)
        assert len(project.series.read("S", "tp", start, start + pd.Timedelta(days=1))) == 24
    assert old_file.read_bytes() == before


def test_an_older_file_is_brought_along(old_file: Path) -> None:
    with Project.open(old_file) as project:
        _check(project.series.read("S", "tp"))
        index = pd.date_range("2025-02-01", periods=3, freq="h", tz=ZONE)
        frame = pd.DataFrame({"value": [5.0, 6.0, 7.0], "flag": "x", "protocol": "p"}, index)
        with project.change("later") as change:
            change.append_series("S", "tp", frame, unit="mg/L")
        assert project.series.read("S", "tp").loc[index, "value"].tolist() == [5.0, 6.0, 7.0]
        assert len(project.series.revisions("S", "tp")) == 3
        many = pd.date_range("2025-06-01", periods=600, freq="h", tz=ZONE)
        with project.change("many") as change:
            change.append_series("S", "tp", pd.DataFrame({"value": 1.0}, many), unit="mg/L")
        with project.reading() as connection:
            rows = connection.execute('SELECT "window", data FROM series_blocks ORDER BY 1')
            kinds = {window - FIRST_OF_YEARS: data[0] for window, data in rows}
        assert kinds == {2024: 2, 2025: 2}
        assert len(project.series.read("S", "tp")) == 2603
        project.undo()
        project.undo()
        _check(project.series.read("S", "tp"))


def test_what_an_older_program_kept_for_undo_comes_back(project_path: Path) -> None:
    """Rows kept before the upgrade lack the new columns."""
    with Project.create(project_path, title="x") as project:
        index = pd.date_range("2025-01-01", periods=2, freq="h", tz=ZONE)
        for value in (1.0, 2.0):
            with project.change("a") as change:
                change.append_series("S", "tp", pd.DataFrame({"value": value}, index), unit="1")
        with project._writing() as connection:
            for name in ("protocol", "shown", "arrived"):
                connection.execute(f"UPDATE gridmap_undo_series_tail SET {name} = NULL")  # noqa: S608
            connection.execute("UPDATE gridmap_undo_series SET waiting = NULL")
        project.undo()
        assert project.series.details("S", "tp")["value"].tolist() == [1.0, 1.0]
        with project.change("b") as change:
            change.append_series("S", "tp", pd.DataFrame({"value": 3.0}, index), unit="1")
        assert project.series.details("S", "tp")["value"].tolist() == [3.0, 3.0]


def test_a_newer_block_is_named(project_path: Path) -> None:
    with pytest.raises(ValueError, match="format 3"):
        blocks.decode(b"\x03" + bytes(40))
