"""Ten years of hourly values in the series dock: drawing, moving, and whether the window lags.

    python benchmarks/series_plot.py

Draws four items of a made-up station with 87,600 hours each, sets ten years against one month in
the same run, and measures the longest time for which the GUI thread was not free. Prints ratios
and, last, one JSON line.
"""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pandas as pd
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.readings.page.data import Mode
from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.shell.jobs import Jobs
from gridmap.shell.theme import style_sheet

HOURS = 87_600
ITEMS = {"pm25": 40.0, "pm10": 70.0, "o3": 90.0, "no2": 30.0}
SIZE = (1400, 480)
TICK_MS = 1
MONTH_S = 30 * 86_400.0


def made_project(folder: Path) -> AnsweringProject:
    """A project with one air station, ten years, one reading in a hundred lost."""
    rng = np.random.default_rng(20261122)
    index = pd.date_range("2016-11-22 01:00", periods=HOURS, freq="h", tz="Asia/Shanghai")
    project = AnsweringProject.create(folder / "ten-years.gpkg", title="ten years")
    with project.change("import", actor="benchmark", note="") as change:
        for item, level in ITEMS.items():
            waves = 1 + 0.4 * np.sin(np.arange(HOURS) * 2 * np.pi / 24)
            values = np.round(level * waves * rng.lognormal(0, 0.4, HOURS))
            values[rng.random(HOURS) < 0.01] = np.nan
            frame = pd.DataFrame({"value": values, "flag": ""}, index=index)
            change.append_series("KQ99", item, frame, unit="μg/m³")
    return project


class Pulse:
    """A timer on the GUI thread; the gaps between its beats are what a user would feel.

    A gap on the wall clock holds what other programs took; what this thread itself was busy with
    between two beats is told beside it.
    """

    def __init__(self) -> None:
        self._wall: list[float] = []
        self._own: list[float] = []
        self._timer = QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        self._wall.append(time.perf_counter())
        self._own.append(time.thread_time())

    def start(self) -> None:
        self._wall, self._own = [], []
        self._beat()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        self._beat()
        self._timer.stop()
        return {
            "block_ms": max(np.diff(self._wall)) * 1000,
            "block_own_ms": max(np.diff(self._own)) * 1000,
        }


def longest(name: str, found: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{key}": value for key, value in found.items()}


def settle(runner: Jobs) -> None:
    """Run the event loop until nothing is under way."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(lambda: None if runner.busy else loop.quit())
    timer.start()
    loop.exec()
    timer.stop()


def best(job: Callable[[], object], times: int = 9) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def frame_seconds(dock: SeriesDock, start: float, end: float) -> float:
    """Show a stretch in all panels and paint it, as a step of panning does."""
    ends = [0.0]

    def job() -> None:
        ends[0] += 3600.0  # never twice the same, or nothing would be done
        dock.view.stack.show_range(start + ends[0], end + ends[0])
        dock.grab()

    job()
    return best(job)


def main() -> None:
    app = QApplication([])
    app.setStyleSheet(style_sheet())
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        project, runner, pulse = made_project(Path(folder)), Jobs(), Pulse()
        dock = SeriesDock(runner)
        dock.resize(*SIZE)
        dock.show()
        dock.set_project(project)
        settle(runner)

        pulse.start()
        QTimer.singleShot(1000, app.quit)
        app.exec()
        found |= longest("idle", pulse.stop())

        pulse.start()
        started = time.perf_counter()
        dock.show_station("KQ99")
        settle(runner)
        dock.head.items.choose(tuple(ITEMS))
        settle(runner)
        found["open_s"] = time.perf_counter() - started
        found |= longest("open", pulse.stop())

        for mode in (Mode.DAILY, Mode.MONTHLY, Mode.READINGS):
            pulse.start()
            dock.head.modes.setCurrentIndex(dock.head.modes.findData(mode.value))
            settle(runner)
            found |= longest(mode.value, pulse.stop())

        dock.head.spans.choose("all")
        first, last = dock.view.stack.extent()
        decade = frame_seconds(dock, first, last - 3600.0 * 20)
        middle = (first + last) / 2
        month = frame_seconds(dock, middle, middle + MONTH_S)
        found |= {"decade_frame_ms": decade * 1000, "month_frame_ms": month * 1000}
        found["decade_to_month"] = decade / month

        pulse.start()
        dock.select_span(first, last)
        settle(runner)
        found |= longest("statistics", pulse.stop())
        runner.close()
        project.close()
    for name, value in found.items():
        print(f"{name:34} {value:8.2f}")
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "panels": len(ITEMS)}
    print(json.dumps({**{k: round(v, 3) for k, v in found.items()}, **machine}))


if __name__ == "__main__":
    main()
