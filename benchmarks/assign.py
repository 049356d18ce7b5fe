"""A million rows from CSV to CSV with every column, against the bare join of geopandas.

    uv run benchmarks/assign.py [--points 1000000] [--runs 3] [--json]

In one run and over the same points: `geopandas.sjoin` of points that exist already with
the 41,000 national units, and `gridmap assign` of a CSV of these points, from opening the
project on. What the program does once per project (reading it, building the indexes) is
told apart: a sheet of any length pays it once.
"""

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from locate import SHARED, points_in_box, points_inside, timed

from gridmap import cli
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.store import Edition

DAY = date(2026, 11, 22)


def national_project(folder):
    """The national units as a project, with posts of a third of them."""
    towns = gpd.read_file(SHARED / "data/national/townships_41k_synthetic.gpkg")
    units = (
        towns.assign(code=towns["code9"].astype(str), tier="township")[
            ["code", "name", "tier", "geometry"]
        ]
        .drop_duplicates("code")
        .set_crs(4490, allow_override=True)
    )
    path = folder / "national.gpkg"
    codes = units["code"].tolist()[::3]
    with AnsweringProject.create(path, title="national") as project:
        edition = Edition("grid_units", DAY, "synthetic", accuracy_m=50.0, data_status="synthetic")
        with project.change("import") as change:
            change.replace_layer("grid_units", units, edition)
            change.put_people(
                pd.DataFrame(
                    {
                        "person_id": [f"P{c}" for c in codes],
                        "name": [f"示例{c}" for c in codes],
                    }
                )
            )
            change.put_posts(
                pd.DataFrame({
                    "post_id": [f"T{c}" for c in codes], "person_id": [f"P{c}" for c in codes],
                    "role": "grid_head", "tier": "township", "scope": "unit", "scope_code": codes,
                    "valid_from": "2026-01-01",
                })
            )  # fmt: skip
    return path, towns


def sheet(path, lon, lat):
    """A sheet of complaints with plain coordinates, as a system exports it."""
    count = len(lon)
    frame = pd.DataFrame(
        {
            "工单号": [f"12345-{i:07d}" for i in range(count)],
            "受理时间": [f"2026-{i % 11 + 1:02d}-{i % 28 + 1:02d} 09:14" for i in range(count)],
            "经度": np.char.mod("%.6f", lon),
            "纬度": np.char.mod("%.6f", lat),
            "内容": "河水发黑",
        }
    )
    frame.to_csv(path, index=False)


def measured(towns, project, folder, points, runs):
    lon, lat = points
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=towns.crs)
    joined = timed(lambda: gpd.sjoin(frame, towns[["geometry"]], predicate="intersects"), runs)
    source, target = folder / "in.csv", folder / "out.csv"
    sheet(source, lon, lat)
    few = folder / "few.csv"
    sheet(few, lon[:1], lat[:1])

    def assign(file):
        code = cli.run(["assign", str(file), "-o", str(target), "--project", str(project)])
        assert code == 0

    assign(source)
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        assign(few)
        opened = time.perf_counter() - start
        start = time.perf_counter()
        assign(source)
        taken.append((time.perf_counter() - start, opened))
    whole, opened = sorted(taken)[len(taken) // 2]
    return {
        "points": len(lon), "sjoin_s": joined, "assign_s": whole, "opening_s": opened,
        "ratio": whole / joined, "ratio_without_opening": (whole - opened) / joined,
        "megabytes_out": target.stat().st_size / 1e6,
        "columns": len(pd.read_csv(target, nrows=0).columns),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project, towns = national_project(folder)
        found = {
            title: measured(towns, project, folder, make(towns, options.points, rng), options.runs)
            for title, make in (("inside", points_inside), ("box", points_in_box))
        }
    found["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["machine"] = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(found["machine"], f"peak memory {found['peak_megabytes']:.0f} MB (with sjoin)")
    for title in ("inside", "box"):
        row = found[title]
        print(
            f"{row['points']:,} rows ({title}), CSV to CSV, {row['columns']} columns, "
            f"{row['megabytes_out']:.0f} MB: {row['assign_s']:.1f} s = {row['ratio']:.1f} x sjoin "
            f"({row['sjoin_s']:.1f} s); without opening the project ({row['opening_s']:.1f} s) "
            f"{row['ratio_without_opening']:.1f} x"
        )


if __name__ == "__main__":
    main()
