"""The store of readings measured against a DuckDB file in the same run.

    uv run --with duckdb python benchmarks/series.py [--small] [--json] [--folder DIR]

57 stations × 10 items × 10 years of hours, 50 million readings with the decimals that are
published, some gaps and some flags (`--small`: 8 stations, 1 year). Both files hold the same
readings in the same order. Measured:

1. Reading the ten items of one station for one year: as arrays, and as data frames.
2. Daily means of everything, on two threads.
3. Bytes a reading.
4. Appending one hour of everything, each with its own commit.
5. Peak memory of 2., each in a process of its own.

Ratios count, above 1 GridMap is faster; absolute times are those of one machine on one day.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from gridmap.core.moments import ZONE
from gridmap.store import Project
from gridmap.store.series.means import daily_means

FIRST = pd.Timestamp("2016-01-01", tz=ZONE)
# Item: unit, decimals, usual value, how much it varies, swing of a day.
ITEMS = {
    "water_temperature": ("℃", 1, 17.0, 0.01, 1.5), "ph": ("1", 2, 7.6, 0.002, 0.2),
    "dissolved_oxygen": ("mg/L", 2, 7.5, 0.01, 1.2), "conductivity": ("μS/cm", 1, 520.0, 0.01, 9.0),
    "turbidity": ("NTU", 1, 40.0, 0.05, 2.0), "codmn": ("mg/L", 2, 4.2, 0.02, 0.1),
    "nh3n": ("mg/L", 3, 0.4, 0.04, 0.02), "tp": ("mg/L", 3, 0.11, 0.03, 0.004),
    "tn": ("mg/L", 2, 2.8, 0.02, 0.1), "o3": ("μg/m³", 0, 70.0, 0.03, 40.0),
}  # fmt: skip
DUCK_TABLE = (
    "CREATE TABLE readings (station VARCHAR, item VARCHAR, time TIMESTAMP, value DOUBLE,"
    " flag VARCHAR)"
)
DUCK_YEAR = (
    "SELECT item, time, value, flag FROM readings"
    " WHERE station = ? AND time >= ? AND time < ? ORDER BY item, time"
)
DUCK_MEANS = (
    "SELECT station, item, date_trunc('day', time) AS day, avg(value) AS value,"
    " count(value) AS count FROM readings GROUP BY ALL"
)


def code(number):
    return f"S{number:03d}"


def one_series(station, item, hours):
    """Wall-clock hours with what a station publishes: rhythm, drift, noise, gaps, flags."""
    _, decimals, usual, spread, swing = ITEMS[item]
    rng = np.random.default_rng([station, list(ITEMS).index(item)])
    hour = np.arange(hours)
    drift = np.zeros(hours)
    steps = rng.normal(0, spread, hours)
    for start in range(0, hours, 4380):  # a drift that forgets, without a loop over hours
        part = np.cumsum(steps[start : start + 4380])
        drift[start : start + 4380] = part - np.linspace(0, part[-1], len(part))
    day = swing * np.sin((hour % 24 - 8) / 24 * 2 * np.pi)
    values = usual * np.exp(drift) + day + rng.normal(0, spread * usual / 2, hours)
    values = np.round(np.maximum(values, 10.0**-decimals), decimals)
    flags = np.full(hours, "", dtype=object)
    for start in rng.integers(0, hours, max(1, hours // 2000)):  # out of order for some hours
        flags[start : start + 9], values[start : start + 9] = "维护", np.nan
    there = np.ones(hours, dtype=bool)
    for start in rng.integers(0, hours, max(1, hours // 1500)):  # nothing came
        there[start : start + 7] = False
    times = FIRST + pd.to_timedelta(hour[there], unit="h")
    return pd.DataFrame(
        {"value": values[there], "flag": pd.Series(flags[there], dtype=object).to_numpy()}, times
    )


def build(folder, stations, hours):
    """Both files with the same readings; seconds of writing for each, readings."""
    ours, theirs, count = 0.0, 0.0, 0
    duck = duckdb.connect(str(folder / "readings.duckdb"))
    duck.execute("SET threads = 2")
    duck.execute(DUCK_TABLE)
    with Project.create(folder / "readings.gpkg", title="benchmark") as project:
        for station in range(stations):
            frames = {item: one_series(station, item, hours) for item in ITEMS}
            count += sum(map(len, frames.values()))
            start = time.perf_counter()
            with project.change("import") as change:
                for item, frame in frames.items():
                    change.append_series(code(station), item, frame, unit=ITEMS[item][0])
            ours += time.perf_counter() - start
            start = time.perf_counter()
            for item, frame in frames.items():
                table = pd.DataFrame({
                    "station": code(station), "item": item,
                    "time": frame.index.tz_localize(None), "value": frame["value"].to_numpy(),
                    "flag": frame["flag"].to_numpy(),
                })  # fmt: skip
                duck.register("table_", table)
                duck.execute("INSERT INTO readings SELECT * FROM table_")
            theirs += time.perf_counter() - start
    start = time.perf_counter()
    duck.execute("CHECKPOINT")
    duck.close()
    return ours, theirs + time.perf_counter() - start, count


def alternately(first, second, runs):
    """Median seconds of two jobs that take turns, so that both meet the same machine."""
    first(), second()
    found = ([], [])
    for _ in range(runs):
        for job, times in zip((first, second), found, strict=True):
            start = time.perf_counter()
            job()
            times.append(time.perf_counter() - start)
    return statistics.median(found[0]), statistics.median(found[1])


def read_years(project, duck, stations, years):
    rng = np.random.default_rng(7)

    def bounds():
        year = FIRST.year + int(rng.integers(0, years))
        return code(int(rng.integers(0, stations))), year

    def ours():
        station, year = bounds()
        start, end = (pd.Timestamp(f"{y}-01-01", tz=ZONE) for y in (year, year + 1))
        return {item: project.series.read(station, item, start, end) for item in ITEMS}

    def arrays():
        station, year = bounds()
        start, end = (pd.Timestamp(f"{y}-01-01", tz=ZONE) for y in (year, year + 1))
        return list(project.series.sweep(start, end, stations={station}))

    def theirs():
        station, year = bounds()
        span = [datetime(y, 1, 1) for y in (year, year + 1)]  # noqa: DTZ001  wall clock
        return duck.execute(DUCK_YEAR, [station, *span])

    a, b = alternately(arrays, lambda: theirs().fetchnumpy(), 40)
    c, d = alternately(ours, lambda: theirs().df(), 40)
    return {
        "gridmap_ms": a * 1e3, "duckdb_ms": b * 1e3, "ratio": b / a,
        "gridmap_frames_ms": c * 1e3, "duckdb_frame_ms": d * 1e3, "ratio_frames": d / c,
    }  # fmt: skip


def means(project, duck):
    def ours():
        return daily_means(project)

    def theirs():
        return duck.execute(DUCK_MEANS).fetchnumpy()

    a, b = alternately(ours, theirs, 3)
    mine = (
        ours().astype({"station": object, "item": object}).sort_values(["station", "item", "start"])
    )
    other = pd.DataFrame(theirs()).sort_values(["station", "item", "day"])
    assert len(mine) == len(other)
    assert np.array_equal(mine["count"], other["count"])
    assert np.allclose(mine["value"], other["value"].astype(float), rtol=1e-12, equal_nan=True)
    return {"gridmap_s": a, "duckdb_s": b, "ratio": b / a, "means": len(mine)}


def append_hours(project, duck, stations, hours):
    rng = np.random.default_rng(11)
    number = [hours]

    def table():
        number[0] += 1
        rows = [(code(s), item, ITEMS[item][0]) for s in range(stations) for item in ITEMS]
        frame = pd.DataFrame(rows, columns=["station", "item", "unit"])
        moment = FIRST + pd.Timedelta(hours=number[0])
        return frame.assign(time=moment, value=rng.integers(1, 900, len(frame)) / 10, flag="")

    ours, theirs = [], []
    for _ in range(40):
        frame = table()
        start = time.perf_counter()
        with project.change("feed") as change:
            change.append_readings(frame)
        ours.append(time.perf_counter() - start)
        plain = frame.drop(columns="unit").assign(time=frame["time"].dt.tz_localize(None))
        start = time.perf_counter()
        duck.register("hour_", plain[["station", "item", "time", "value", "flag"]])
        duck.execute("INSERT INTO readings SELECT * FROM hour_")
        theirs.append(time.perf_counter() - start)
    a, b = statistics.median(ours), statistics.median(theirs)
    return {"gridmap_ms": a * 1e3, "duckdb_ms": b * 1e3, "ratio": b / a, "readings": len(frame)}


def peak_memory(folder, which):
    """Peak resident MB of a process that does nothing but the daily means; base without them."""
    command = [sys.executable, __file__, "--folder", str(folder), "--memory", which]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def memory_of(folder, which):
    if which == "gridmap":
        with Project.open(folder / "readings.gpkg", read_only=True) as project:
            daily_means(project)
    elif which == "duckdb":
        with duckdb.connect(str(folder / "readings.duckdb"), read_only=True) as duck:
            duck.execute("SET threads = 2")
            duck.execute(DUCK_MEANS).fetchnumpy()
    # Not ru_maxrss: a child inherits the peak of its parent.
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def measure(folder, stations, years):
    hours = years * 8760 + years // 4 * 24
    wrote, their_write, count = build(folder, stations, hours)
    sizes = [(folder / name).stat().st_size for name in ("readings.gpkg", "readings.duckdb")]
    found = {
        "readings": count,
        "machine": f"{platform.processor() or platform.machine()}, Python {sys.version[:6]}",
        "duckdb": duckdb.__version__,
        "write": {"gridmap_s": wrote, "duckdb_s": their_write, "ratio": their_write / wrote},
        "bytes_a_reading": {"gridmap": sizes[0] / count, "duckdb": sizes[1] / count},
        "peak_memory_mb": {
            name: peak_memory(folder, name) for name in ("none", "gridmap", "duckdb")
        },
    }
    with Project.open(folder / "readings.gpkg") as project:
        duck = duckdb.connect(str(folder / "readings.duckdb"))
        duck.execute("SET threads = 2")
        found["station_year"] = read_years(project, duck, stations, years)
        found["daily_means"] = means(project, duck)
        found["append_hour"] = append_hours(project, duck, stations, hours)
        duck.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="8 stations, 1 year")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the files are made and stay")
    parser.add_argument("--memory", choices=("none", "gridmap", "duckdb"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        memory_of(options.folder, options.memory)
        return
    size = (8, 1) if options.small else (57, 10)
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        found = measure(options.folder, *size)
    else:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), *size)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for name, figures in found.items():
        if not isinstance(figures, dict):
            print(f"{name:16}{figures}")
            continue
        print(f"{name:16}" + "  ".join(f"{key} {value:,.2f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
