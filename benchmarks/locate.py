"""Who is responsible, measured against geopandas in the same run.

    uv run benchmarks/locate.py [--points 1000000] [--json]

1. Owners of many points: the cell index against `geopandas.sjoin`, on the national layer.
2. Building the index, in sjoin runs.
3. One whole verdict against one `sindex.query` + `contains` per layer through geopandas,
   for a county (the example) and for the nation.

Ratios count; absolute times are those of one machine on one day.
"""

import argparse
import json
import os
import platform
import statistics
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from gridmap.capabilities.locate.rules import Responsibility
from gridmap.capabilities.locate.rules.grid import UnitRow
from gridmap.capabilities.locate.rules.locate import Evidence
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import UnitRef
from gridmap.capabilities.locate.work.answering import evidence_of
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.core.place import Place
from gridmap.store.example import open_example

SHARED = Path(os.environ.get("GRIDMAP_SHARED", Path(__file__).parents[2] / "shared"))
DAY = date(2026, 11, 22)


def timed(job, runs=5):
    """Median seconds of several runs, after one that does not count."""
    job()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def national():
    towns = gpd.read_file(SHARED / "data/national/townships_41k_synthetic.gpkg")
    refs = [
        UnitRef(str(c), n, "township") for c, n in zip(towns["code9"], towns["name"], strict=True)
    ]
    return towns, refs


def points_in_box(towns, count, rng):
    west, south, east, north = towns.total_bounds
    return rng.uniform(west, east, count), rng.uniform(south, north, count)


def points_inside(towns, count, rng):
    """Points within units: every unit gets its share, near its inner point."""
    inner = shapely.point_on_surface(towns.geometry.array)
    which = rng.integers(0, len(towns), count)
    bounds = shapely.bounds(towns.geometry.array[which])
    spread = 0.35 * np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    lon = shapely.get_x(inner[which]) + rng.uniform(-1, 1, count) * spread
    return lon, shapely.get_y(inner[which]) + rng.uniform(-1, 1, count) * spread


def batch(towns, refs, count):
    rng = np.random.default_rng(1)
    shapes = np.asarray(towns.geometry.array, dtype=object)
    index = UnitIndex(refs, shapes)
    _ = index.cells  # compiles

    def build():
        index.__dict__.pop("cells")
        _ = index.cells

    built = timed(build, runs=3)
    found = {}
    for name, make in (("box", points_in_box), ("inside", points_inside)):
        lon, lat = make(towns, count, rng)
        frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=towns.crs)
        joined = timed(lambda f=frame: gpd.sjoin(f, towns[["geometry"]], predicate="intersects"), 3)
        many = timed(lambda x=lon, y=lat: index.many(x, y))
        borders = timed(lambda x=lon, y=lat: index.borders(x, y, 50.0))
        found[name] = {
            "points": count, "sjoin_s": joined, "many_s": many, "ratio": joined / many,
            "with_borders_ratio": joined / (many + borders), "build_in_sjoins": built / joined,
        }  # fmt: skip
    return found


def per_layer(frames, lon, lat):
    """What geopandas does for one point: query the index and test, layer by layer."""
    point = shapely.Point(lon, lat)
    for frame in frames:
        hit = frame.sindex.query(point)
        frame.geometry.iloc[hit].contains(point)


def single(name, responsibility, frames, places):
    """One verdict against geopandas layer by layer, both over the same places."""
    for frame in frames:
        _ = frame.sindex

    def ours():
        for lon, lat in places:
            responsibility.locate(Place(lon, lat), DAY)

    def theirs():
        for lon, lat in places:
            per_layer(frames, lon, lat)

    a, b = timed(ours, 5) / len(places), timed(theirs, 5) / len(places)
    return {
        "name": name,
        "layers": len(frames),
        "verdict_ms": a * 1e3,
        "geopandas_ms": b * 1e3,
        "ratio": b / a,
    }


def county():
    with open_example(read_only=True) as project:
        frames = [
            project.layer(layer_id)
            for layer_id, declaration in project.declarations.items()
            if declaration.role not in {"context", "place", "river"}
            and layer_id in project.editions()
        ]
        rng = np.random.default_rng(5)
        places = [
            (float(x), float(y))
            for x, y in zip(
                rng.uniform(120.7, 120.93, 300), rng.uniform(30.62, 30.78, 300), strict=True
            )
        ]
        return (
            single("county (example)", Responsibility(evidence_of(project)), frames, places),
            evidence_of(project),
            rules_of(project),
            frames,
            places,
        )


def nation(towns, refs, evidence, rules, frames, places):
    """The example's layers with the nation's townships in place of its own."""
    chosen = [row for row in evidence.units if row.unit.tier not in {"township", "county", "city"}]
    kept = [
        i
        for i, row in enumerate(evidence.units)
        if row.unit.tier not in {"township", "county", "city"}
    ]
    shapes = np.concatenate(
        [evidence.unit_shapes[kept], np.asarray(towns.geometry.array, dtype=object)]
    )
    units = [*chosen, *(UnitRow(ref) for ref in refs)]
    parts = {name: getattr(evidence, name) for name in Evidence.__dataclass_fields__}
    whole = Evidence(**{**parts, "rules": rules, "units": units, "unit_shapes": shapes})
    grid = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4490")
    others = [frame for frame in frames if "tier" not in frame.columns]
    return single("nation (41k townships)", Responsibility(whole), [grid, *others], places)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    towns, refs = national()
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    }
    found["batch"] = batch(towns, refs, options.points)
    one, evidence, rules, frames, places = county()
    found["single"] = [one, nation(towns, refs, evidence, rules, frames, places)]
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(found["machine"])
    for name, row in found["batch"].items():
        print(
            f"41k units x {row['points']:,} points ({name}): {row['ratio']:.1f} x sjoin, "
            f"with distance to the border {row['with_borders_ratio']:.1f} x; "
            f"building costs {row['build_in_sjoins']:.2f} sjoin runs"
        )
    for row in found["single"]:
        print(
            f"{row['name']}: whole verdict {row['verdict_ms']:.2f} ms, "
            f"geopandas over {row['layers']} layers {row['geopandas_ms']:.2f} ms: "
            f"{row['ratio']:.2f} x"
        )


if __name__ == "__main__":
    main()
