"""How soon the program is there, measured against what it stands on, in the same run.

    uv run benchmarks/start.py [--runs 7] [--json]

1. `gridmap --version`, `gridmap --help` and `gridmap locate … --json` against
   `python -c "import geopandas"`.
2. From nothing to the first whole map of the example, and the memory then in use, against a
   PyQGIS script that draws the same layers of the same file at the same size.

Runs alternate; medians count. Needs, for the second part, a python3 with QGIS
(GRIDMAP_QGIS_PYTHON, default /usr/bin/python3). Ratios count; absolute times are those of one
machine on one day.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "data" / "example" / "nanhu.gridmap.gpkg"
QGIS = os.environ.get("GRIDMAP_QGIS_PYTHON", "/usr/bin/python3")
MAIN = [sys.executable, str(ROOT / "main.py")]
COMMANDS = {
    "import geopandas": [sys.executable, "-c", "import geopandas"],
    "gridmap --version": [*MAIN, "--version"],
    "gridmap --help": [*MAIN, "--help"],
    "gridmap locate": [*MAIN, "locate", "120.85,30.72", "--json"],
}
LIMITS = {"gridmap --version": 0.2, "gridmap --help": 0.2, "gridmap locate": 1.5}


def environment(*, clean=False):
    found = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "GRIDMAP_LANG": "zh_CN"}
    if clean:  # the system's python must not find our packages
        found = {k: v for k, v in found.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return found


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, env=environment(), capture_output=True, check=True)
    return time.perf_counter() - start


def first_line(command, *, clean=False):
    """Seconds until a process prints its first JSON line; that line and the next one."""
    start = time.perf_counter()
    try:
        process = subprocess.Popen(
            command, env=environment(clean=clean), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
    except FileNotFoundError:
        return None
    with process:
        lines = ((time.perf_counter() - start, line) for line in process.stdout)
        told = [(taken, json.loads(line)) for taken, line in lines if line.startswith("{")]
    if len(told) < 2:
        return None
    return told[0][0], told[0][1], told[1][1]


def commands(runs):
    found = {name: [] for name in COMMANDS}
    for turn in range(runs + 1):
        for name, command in COMMANDS.items():
            taken = seconds(command)
            if turn:  # the first one fills the caches of files
                found[name].append(taken)
    return {name: statistics.median(taken) for name, taken in found.items()}


def first_maps(runs):
    ours, theirs, told = [], [], {}
    for turn in range(runs + 1):
        mine = first_line([sys.executable, str(ROOT / "benchmarks" / "start_map.py")])
        if mine is None:
            raise SystemExit("the window did not draw a map")
        told["map"] = mine[1]
        qgis = first_line(
            [QGIS, str(ROOT / "benchmarks" / "start_qgis.py"), str(EXAMPLE), json.dumps(mine[1])],
            clean=True,
        )
        if qgis is not None and not qgis[1]["valid"]:
            raise SystemExit("QGIS drew nothing")
        if turn:
            ours.append(mine)
            theirs.append(qgis)
    found = {"map": told["map"], "gridmap": summary(ours), "qgis": None}
    if all(theirs):
        found["qgis"] = {**summary(theirs), "version": theirs[0][1]["version"]}
    return found


def summary(runs):
    return {
        "seconds": statistics.median(run[0] for run in runs),
        "rss_mb": statistics.median((run[2]["rss_kb"] or 0) for run in runs) / 1024,
        "peak_mb": statistics.median((run[2]["peak_kb"] or 0) for run in runs) / 1024,
    }


def show(times, maps):
    base = times["import geopandas"]
    print(f"{'python -c “import geopandas”':34s} {base:6.2f} s")
    for name, limit in LIMITS.items():
        ratio = times[name] / base
        print(f"{name:34s} {times[name]:6.2f} s  {ratio:5.2f} × geopandas  (wanted ≤ {limit})")
    ours, theirs = maps["gridmap"], maps["qgis"]
    size = " × ".join(map(str, maps["map"]["size"]))
    print(f"first map, {len(maps['map']['layers'])} views, {size} pixels")
    print(f"{'  gridmap':34s} {ours['seconds']:6.2f} s  {memory_words(ours)}")
    if theirs is None:
        print(f"  QGIS is absent ({QGIS} has no module qgis): no comparison")
        return
    print(f"{'  QGIS ' + theirs['version']:34s} {theirs['seconds']:6.2f} s  {memory_words(theirs)}")
    print(f"{'  time':34s} {ours['seconds'] / theirs['seconds']:6.2f} × QGIS  (wanted ≤ 1)")
    for name, key in (("memory after opening", "rss_mb"), ("memory at its peak", "peak_mb")):
        print(f"{'  ' + name:34s} {ours[key] / theirs[key]:6.2f} × QGIS  (wanted ≤ 1)")


def memory_words(found):
    return f"{found['rss_mb']:5.0f} MB, at the peak {found['peak_mb']:.0f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    times, maps = commands(options.runs), first_maps(max(3, options.runs // 2))
    if options.json:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        print(json.dumps({"seconds": times, "first_map": maps, "machine": machine}))
    else:
        show(times, maps)


main()
