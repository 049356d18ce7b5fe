"""The inner loops of `nearness.py`, compiled by numba at first use.

They compute a distance exactly as `plane.nearest_on_segments` does, operation by
operation, so that a threshold falls alike on both paths.
"""

# Loops over plain arrays with many arguments are what numba compiles well.
# ruff: noqa: PLR0913, PLR0917, PLR0912, C901

import math
from typing import Any

import numba as nb
import numpy as np

from gridmap.capabilities.locate.rules.kernels import _metres_per_degree

FANOUT = 8
_DEEPEST = 24
_BLOCK = 2048
_MILLIMETRE = 0.001
_VERTEX = 1e-9

_compiled = nb.njit(cache=True, nogil=True)
_parallel = nb.njit(cache=True, nogil=True, parallel=True)


@_compiled
def _squared(segments: Any, s: int, lon: float, lat: float, kx: float, ky: float) -> float:
    ax, ay = (segments[s, 0] - lon) * kx, (segments[s, 1] - lat) * ky
    dx, dy = (segments[s, 2] - lon) * kx - ax, (segments[s, 3] - lat) * ky - ay
    length2 = dx * dx + dy * dy
    if length2 == 0:
        length2 = 1.0
    along = min(max((ax * dx + ay * dy) / -length2, 0.0), 1.0)
    qx, qy = ax + along * dx, ay + along * dy
    squared: float = qx * qx + qy * qy
    return squared


@_compiled
def _squared_to_box(boxes: Any, b: int, lon: float, lat: float, kx: float, ky: float) -> float:
    east = max(boxes[b, 0] - lon, lon - boxes[b, 2], 0.0) * kx
    north = max(boxes[b, 1] - lat, lat - boxes[b, 3], 0.0) * ky
    squared: float = east * east + north * north
    return squared


@_compiled
def _search(
    lon: float, lat: float, exclude: int, limit_m: float, segments: Any, owners: Any,
    boxes: Any, starts: Any, nodes: Any, lower: Any,
) -> tuple[int, float, float]:  # fmt: skip
    """The nearest owner by (millimetres, position), its distance, the least distance."""
    kx, ky = _metres_per_degree(lat)
    best, best_mm, best_m, least_m = -1, 2**62, np.inf, np.inf
    bound2 = limit_m * limit_m
    top = len(starts) - 2
    count = 0
    for node in range(starts[top], starts[top + 1]):
        nodes[count, 0], nodes[count, 1] = top, node - starts[top]
        lower[count] = _squared_to_box(boxes, node, lon, lat, kx, ky)
        count += 1
    while count:
        count -= 1
        if lower[count] > bound2:
            continue
        level, node = nodes[count, 0], nodes[count, 1]
        first, last = node * FANOUT, (node + 1) * FANOUT
        if level == 0:
            for s in range(first, min(last, len(segments))):
                if owners[s] == exclude:
                    continue
                squared = _squared(segments, s, lon, lat, kx, ky)
                if squared > bound2:
                    continue
                metres = math.sqrt(squared)
                if metres >= limit_m:
                    continue
                mm = int(metres * 1000.0 + 0.5)
                least_m = min(least_m, metres)
                if mm < best_mm or (mm == best_mm and owners[s] < best):
                    best, best_mm, best_m = owners[s], mm, metres
                elif owners[s] == best and metres < best_m:
                    best_m = metres
                bound = min(best_m + 2 * _MILLIMETRE, limit_m)
                bound2 = bound * bound
            continue
        # The nearest child goes on top of the stack, so that the bound falls early.
        begin = count
        nearest, at = np.inf, -1
        offset = starts[level - 1]
        for child in range(first, min(last, starts[level] - offset)):
            squared = _squared_to_box(boxes, offset + child, lon, lat, kx, ky)
            if squared > bound2:
                continue
            nodes[count, 0], nodes[count, 1] = level - 1, child
            lower[count] = squared
            if squared < nearest:
                nearest, at = squared, count
            count += 1
        if at > begin - 1 and at != count - 1:
            nodes[at, 1], nodes[count - 1, 1] = nodes[count - 1, 1], nodes[at, 1]
            lower[at], lower[count - 1] = lower[count - 1], lower[at]
    return best, best_m, least_m


@_compiled
def metres_per_degree_of(lat: Any) -> tuple[Any, Any]:
    """Metres of a degree of longitude and latitude at n latitudes, each of shape (n,)."""
    per_lon, per_lat = np.empty(len(lat)), np.empty(len(lat))
    for p in range(len(lat)):
        per_lon[p], per_lat[p] = _metres_per_degree(lat[p])
    return per_lon, per_lat


@_parallel
def nearest_owners(
    lon: Any, lat: Any, exclude: Any, limit_m: Any, segments: Any, owners: Any,
    boxes: Any, starts: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """For n points: nearest owner (−1: none), its distance, the least distance, shape (n,).

    Distances are infinite where no segment lies nearer than `limit_m`; segments of the
    owner `exclude` do not count.
    """
    found = np.full(len(lon), -1, np.int64)
    metres, least = np.full(len(lon), np.inf), np.full(len(lon), np.inf)
    blocks = (len(lon) + _BLOCK - 1) // _BLOCK
    for block in nb.prange(blocks):
        nodes = np.empty((FANOUT * _DEEPEST, 2), np.int64)
        lower = np.empty(FANOUT * _DEEPEST, np.float64)
        for p in range(block * _BLOCK, min((block + 1) * _BLOCK, len(lon))):
            found[p], metres[p], least[p] = _search(
                lon[p], lat[p], exclude[p], limit_m[p], segments, owners,
                boxes, starts, nodes, lower,
            )  # fmt: skip
    return found, metres, least


@_compiled
def _flow(segments: Any, begin: int, end: int, hit: int, along: float, kx: float, ky: float) -> Any:
    """Unit vector of the flow at a hit; at a vertex the mean of both segments."""
    east, north = 0.0, 0.0
    other = hit
    if along >= 1 - _VERTEX and hit + 1 < end:
        other = hit + 1
    elif along <= _VERTEX and hit > begin:
        other = hit - 1
    for turn in range(2):
        s = hit if turn == 0 else other
        if turn == 1 and other == hit:
            break
        way_east = (segments[s, 2] - segments[s, 0]) * kx
        way_north = (segments[s, 3] - segments[s, 1]) * ky
        length = math.hypot(way_east, way_north)
        east += way_east / (length if length > 0 else 1.0)
        north += way_north / (length if length > 0 else 1.0)
    length = math.hypot(east, north)
    return east / (length if length > 0 else 1.0), north / (length if length > 0 else 1.0)


@_parallel
def seen_from_reaches(
    lon: Any, lat: Any, reach: Any, segments: Any, first: Any, lengths: Any, ends: Any
) -> Any:
    """Points seen from their reaches, shape (n, 7).

    The columns are distance, chainage, side (positive: left), longitude and latitude of
    the nearest place, and the unit vector to the left bank (east, north).
    """
    seen = np.full((len(lon), 7), np.nan)
    for p in nb.prange(len(lon)):
        if reach[p] < 0:
            continue
        begin, end = first[reach[p]], first[reach[p] + 1]
        kx, ky = _metres_per_degree(lat[p])
        best, hit, along, east, north = np.inf, begin, 0.0, 0.0, 0.0
        for s in range(begin, end):
            ax, ay = (segments[s, 0] - lon[p]) * kx, (segments[s, 1] - lat[p]) * ky
            dx, dy = (segments[s, 2] - lon[p]) * kx - ax, (segments[s, 3] - lat[p]) * ky - ay
            length2 = dx * dx + dy * dy
            if length2 == 0:
                length2 = 1.0
            share = min(max((ax * dx + ay * dy) / -length2, 0.0), 1.0)
            qx, qy = ax + share * dx, ay + share * dy
            squared = qx * qx + qy * qy
            if squared < best:
                best, hit, along, east, north = squared, s, share, qx, qy
        flow_east, flow_north = _flow(segments, begin, end, hit, along, kx, ky)
        before = ends[hit] - lengths[hit] - (ends[begin] - lengths[begin])
        seen[p, 0] = math.sqrt(best)
        seen[p, 1] = before + along * lengths[hit]
        seen[p, 2] = flow_east * -north - flow_north * -east
        seen[p, 3], seen[p, 4] = lon[p] + east / kx, lat[p] + north / ky
        seen[p, 5], seen[p, 6] = -flow_north, flow_east
    return seen
