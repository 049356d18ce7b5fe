"""One edit and one hit test among many lines, measured against building an STRtree anew.

    uv run benchmarks/editing.py [--lines 200000] [--json]

1. A line is dragged and a place is asked: the editable index against `shapely.STRtree` rebuilt
   over all lines and asked with `query` and `distance`. Both must name the same line.
2. Building either index once, for the record.

Ratios count; absolute times are those of one machine on one day.
"""

import argparse
import json
import platform
import statistics
import time

import numpy as np
import shapely

from gridmap.map.editing_index import EditingIndex

REACH = 60.0
ROUNDS = 25


def lines(count):
    """Short lines in a square whose sides grow with their number; metres of a plane."""
    rng = np.random.default_rng(3)
    side = 100.0 * count**0.5
    starts = rng.uniform(0, side, (count, 1, 2))
    xy = np.concatenate([starts, starts + np.cumsum(rng.normal(0, 30, (count, 5, 2)), axis=1)], 1)
    return shapely.linestrings(xy), rng, side


def timed(job):
    start = time.perf_counter()
    found = job()
    return time.perf_counter() - start, found


def rebuilt(shapes, place):
    """The nearest line within reach by a new STRtree; −1 for none."""
    tree = shapely.STRtree(shapes)
    near = tree.query(place.buffer(REACH, quad_segs=1, cap_style="square"))
    away = shapely.distance(shapes[near], place)
    ranked = sorted(zip(away.tolist(), near.tolist(), strict=True))
    return ranked[0][1] if ranked and ranked[0][0] <= REACH else -1


def edited(index, position, shape, place):
    """The same by the index that follows the edit."""
    index.move(position, shape)
    found = index.near(place.x, place.y, REACH)
    return found[0][0] if found else -1


def compare(count):
    shapes, rng, _ = lines(count)
    build_ours, index = timed(lambda: EditingIndex(dict(enumerate(shapes))))
    build_theirs = statistics.median(timed(lambda: shapely.STRtree(shapes))[0] for _ in range(5))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        position = int(rng.integers(0, count))
        shape = shapely.affinity.translate(shapes[position], *rng.normal(0, 200, 2))
        shapes[position] = shape
        place = shapely.Point(shape.coords[2] + rng.normal(0, 10, 2))
        seconds, mine = timed(lambda at=position, to=shape, here=place: edited(index, at, to, here))
        ours.append(seconds)
        seconds, other = timed(lambda here=place: rebuilt(shapes, here))
        theirs.append(seconds)
        if mine != other:
            raise SystemExit(f"the answers differ: {mine}, {other}")
    return {
        "lines": count,
        "edit_and_hit_s": statistics.median(ours),
        "rebuild_and_hit_s": statistics.median(theirs),
        "ratio": statistics.median(theirs) / statistics.median(ours),
        "build_s": build_ours,
        "build_strtree_s": build_theirs,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = [compare(count) for count in dict.fromkeys((2_000, options.lines))]
    if options.json:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        print(json.dumps({"editing": found, "machine": machine}))
        return
    for one in found:
        print(f"{one['lines']:,} lines")
        print(f"  edit one, hit one   {one['edit_and_hit_s'] * 1e3:9.3f} ms")
        print(f"  STRtree built anew  {one['rebuild_and_hit_s'] * 1e3:9.3f} ms")
        print(f"  ratio               {one['ratio']:9.0f} ×")
        print(
            f"  building once       {one['build_s']:9.2f} s, STRtree {one['build_strtree_s']:.3f} s"
        )


main()
