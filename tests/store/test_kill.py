"""`kill -9` in the middle of writing: nothing that was acknowledged is lost."""

import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from gridmap.store import Project

KILLS = 10
FIRST_ENDS = pd.Timestamp("2020-01-04 07:00", tz="Asia/Shanghai")  # then the second begins
WRITE = """
import sys
import pandas as pd
from gridmap.store import Project

project = Project.open(sys.argv[1])
number = project.settings.get("n", 0)
start = pd.Timestamp("2020-01-01", tz="Asia/Shanghai")
while True:
    number += 1
    hours = pd.date_range(start + pd.Timedelta(hours=40 * number), periods=300, freq="h")
    person = pd.DataFrame({"person_id": [f"P{number}"], "name": [str(number)]})
    with project.change("write") as change:
        change.set_setting("n", number)
        change.put_people(person)
        for item in ("no2", "o3", "so2"):
            frame = pd.DataFrame({"value": float(number)}, hours)
            change.append_series("S", item, frame, unit="μg/m³")
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX")
def test_nothing_acknowledged_is_lost(project_path: Path) -> None:
    Project.create(project_path, title="x").close()
    chance = random.Random(9)  # noqa: S311  when to kill is no secret
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, str(project_path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            # Killed at once after an acknowledgement or while it is busy with the next change.
            heard = [process.stdout.readline() for _ in range(chance.randint(1, 12))]
            for _ in range(chance.randint(0, 200_000)):
                pass
            process.kill()
            heard += process.stdout.readlines()
        acknowledged = max(int(line) for line in heard if line.endswith("\n"))
        with Project.open(project_path) as project:
            number = project.settings.get("n")
            assert number in {acknowledged, acknowledged + 1}
            assert project.read_only_reason is None
            assert project.check() is None
            assert project.verify_log().ok
            assert project.revision == 1 + number
            assert project.people()["person_id"].tolist() == [f"P{n + 1}" for n in range(number)]
            for item in ("no2", "o3", "so2"):
                readings = project.series.read("S", item)["value"]
                assert len(readings) == 40 * (number - 1) + 300
                assert readings.iloc[-1] == number
                assert readings.loc[:FIRST_ENDS].eq(1).all()
