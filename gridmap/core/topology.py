"""Faults between areas that should fit together: gaps, overlaps, slivers, nodes, parents, codes.

In a sound coverage every inner edge occurs exactly twice, once in each direction. Areas whose
edges all do are clean; only the others (and what lies inside them) are compared in full, so
that tens of thousands of units take seconds. Geometry is in degrees of EPSG:4490; sizes are
metres of the tangent plane at the fault (right to about 0.1 % for faults below 10 km).
Nothing is repaired here: `repaired` proposes, somebody else decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.core.plane import metres_per_degree

Geometries = npt.NDArray[np.object_]
Positions = npt.NDArray[np.int64]

SLIVER_WIDTH_M: Final = 2.0
_SMALLEST_M2: Final = 1.0
_NEAR_M: Final = 1.0
_SAME_M: Final = 1e-6
_POLYGONAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


class FaultKind(StrEnum):
    """What is wrong."""

    INVALID = "invalid"
    NESTED_SHELL = "nested_shell"
    GAP = "gap"
    OVERLAP = "overlap"
    NEAR_NODE = "near_node"
    OUTSIDE_PARENT = "outside_parent"
    ORPHAN = "orphan"
    DUPLICATE_CODE = "duplicate_code"


@dataclass(frozen=True)
class Fault:
    """One fault: where, how large, whose.

    `units` are positions in the arrays that were looked at (for a gap: its neighbours);
    `lon`, `lat` a place in it (NaN where a code is at fault); `size_m2` its area, `width_m`
    its mean width (for a near-miss: the distance of the nodes); `shape` the area at fault.
    """

    kind: FaultKind
    units: tuple[int, ...]
    lon: float = float("nan")
    lat: float = float("nan")
    size_m2: float = 0.0
    width_m: float = 0.0
    detail: str = ""
    shape: Any = None

    @property
    def is_sliver(self) -> bool:
        """Whether it is a thin strip, as careless digitising leaves: a gap or an overlap."""
        areal = self.kind in {FaultKind.GAP, FaultKind.OVERLAP, FaultKind.OUTSIDE_PARENT}
        return areal and self.width_m < SLIVER_WIDTH_M

    @property
    def id(self) -> str:
        """The same for the same fault at the next look: kind and place to about a metre."""
        if np.isnan(self.lon):
            return f"{self.kind}:{','.join(map(str, self.units))}"
        return f"{self.kind}:{self.lon:.5f},{self.lat:.5f}"


def invalid(geometry: Geometries) -> list[Fault]:
    """Geometries that break the rules of simple features, with the reason and the place.

    A part inside another part of the same unit (a hole stored as a part, the wrong ring of
    a multipart unit) is `NESTED_SHELL`.
    """
    bad = np.flatnonzero(~shapely.is_valid(geometry) & ~shapely.is_missing(geometry))
    reasons = shapely.is_valid_reason(geometry[bad])
    faults = []
    for i, reason in zip(bad.tolist(), reasons.tolist(), strict=True):
        words, _, place = reason.partition("[")
        numbers = place.rstrip("]").split()
        kind = FaultKind.NESTED_SHELL if words.startswith("Nested") else FaultKind.INVALID
        lon, lat = (float(n) for n in numbers[:2]) if len(numbers) > 1 else (np.nan, np.nan)
        faults.append(Fault(kind, (i,), lon, lat, detail=words.strip()))
    return faults


def repaired(geometry: Geometries) -> Geometries:
    """What invalid geometries could become (`make_valid`), areas and lines keep their type."""
    made: Geometries = shapely.make_valid(geometry)
    for i in np.flatnonzero(shapely.get_type_id(made) == shapely.GeometryType.GEOMETRYCOLLECTION):
        dimension = shapely.get_dimensions(geometry[i])
        parts = shapely.get_parts(made[i])
        made[i] = shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
    return made


def uneven(geometry: Geometries) -> npt.NDArray[np.bool_]:
    """Areas with an edge that no single neighbour shares in the other direction, shape (n,)."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    parts = shapely.orient_polygons(parts)
    rings, part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    marks: Any = _mixed(coordinates)
    same = ring[:-1] == ring[1:]
    start, end = marks[:-1][same], marks[1:][same]
    who = owner[part[ring[:-1][same]]]
    with np.errstate(over="ignore"):
        forward, backward = start * _ODD + end, end * _ODD + start
    _, position, counts = np.unique(forward, return_inverse=True, return_counts=True)
    odd = (counts[position] != 1) | ~np.isin(forward, backward)
    found: npt.NDArray[np.bool_] = np.zeros(len(geometry), dtype=bool)
    found[who[odd]] = True
    return found


def overlaps(geometry: Geometries, *, smallest_m2: float = _SMALLEST_M2) -> list[Fault]:
    """Where two areas claim the same land.

    Args:
        geometry: valid areas, shape (n,); missing ones are skipped.
        smallest_m2: what is smaller is not told.
    """
    areal = _areal(geometry)
    suspects = areal[uneven(geometry[areal])] if areal.size else areal
    tree = shapely.STRtree(geometry)
    first, second = tree.query(geometry[suspects], predicate="intersects")
    first = suspects[first]
    pairs = np.unique(np.sort(np.column_stack([first, second]), axis=1), axis=0)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & np.isin(pairs, areal).all(axis=1)]
    shared = shapely.intersection(geometry[pairs[:, 0]], geometry[pairs[:, 1]])
    units = [(a, b) for a, b in pairs.tolist()]
    return _pieces(FaultKind.OVERLAP, shared, smallest_m2, units)


def gaps(
    geometry: Geometries, *, smallest_m2: float = _SMALLEST_M2, within: Any = None
) -> list[Fault]:
    """Land inside the coverage that belongs to nobody.

    Args:
        geometry: valid areas of one tier, shape (n,); missing ones are skipped.
        smallest_m2: what is smaller is not told.
        within: the territory; with it, land between its border and the areas is a gap, too.
    """
    areal = _areal(geometry)
    if not areal.size:
        return []
    odd = areal[uneven(geometry[areal])]
    # With the neighbours of the uneven ones: a unit that meets a hole at a corner only is sound
    # itself, but without it the ring around the hole is not closed.
    tree = shapely.STRtree(geometry)
    odd = np.union1d(odd, tree.query(geometry[odd], predicate="intersects")[1])
    odd = odd[np.isin(odd, areal)]
    blocks = shapely.get_parts(shapely.union_all(geometry[odd]))
    rings, part = shapely.get_rings(blocks, return_index=True)
    inner = np.concatenate([[False], part[1:] == part[:-1]]) if len(part) else np.zeros(0, bool)
    holes = shapely.polygons(rings[inner])
    if within is not None:
        outer = shapely.get_parts(shapely.difference(within, shapely.union_all(geometry[areal])))
        holes = np.concatenate([holes, outer])
    holes = holes[measured(holes)[0] >= smallest_m2]
    hole, unit = tree.query(holes, predicate="intersects")
    inside = ~np.isin(unit, odd)
    # Uneven units may lie in a hole, too, as islands: blocks of their own. What an island leaves
    # open within itself is a hole of its own, so islands count as filled.
    islands = shapely.polygons(shapely.get_exterior_ring(blocks))
    around, island = shapely.STRtree(islands).query(holes, predicate="contains")
    for i in np.union1d(hole[inside], around):
        covered = [*geometry[unit[inside & (hole == i)]], *islands[island[around == i]]]
        holes[i] = shapely.difference(holes[i], shapely.union_all(covered))
    return _with_neighbours(_pieces(FaultKind.GAP, holes, smallest_m2), tree)


def near_nodes(
    geometry: Geometries, *, tolerance_m: float = _NEAR_M, most: int = 10_000
) -> list[Fault]:
    """Nodes of different areas or lines that nearly meet: within the tolerance, not the same.

    Areas are compared only where their edges do not fit; lines only at their ends.
    """
    points, owner = _loose_nodes(geometry)
    if not len(points):
        return []
    lat = float(points[:, 1].mean())
    scale = np.array(metres_per_degree(lat))
    flat = shapely.points(points * scale)
    tree = shapely.STRtree(flat)
    left, right = tree.query(flat, predicate="dwithin", distance=tolerance_m)
    apart = owner[left] < owner[right]
    left, right = left[apart], right[apart]
    distance = shapely.distance(flat[left], flat[right])
    # A node that also has an identical partner in the other unit is sound.
    exact = {
        (int(a), int(o))
        for a, o, d in zip(left, owner[right], distance, strict=True)
        if d < _SAME_M
    }
    faults: dict[tuple[int, int, str], Fault] = {}
    for a, b, metres in zip(left.tolist(), right.tolist(), distance.tolist(), strict=True):
        if metres < _SAME_M or (a, int(owner[b])) in exact or len(faults) >= most:
            continue
        lon, lat = points[a].tolist()
        units = (int(owner[a]), int(owner[b]))
        fault = Fault(FaultKind.NEAR_NODE, units, lon, lat, width_m=metres)
        faults.setdefault((*units, fault.id), fault)
    return list(faults.values())


def outside_parent(
    children: Geometries, parents: Geometries, *, smallest_m2: float = _SMALLEST_M2
) -> list[Fault]:
    """Land of a child outside its parent.

    Args:
        children: valid areas, shape (n,).
        parents: the parent of each child, shape (n,); None where it is not known.
        smallest_m2: what is smaller is not told.
    """
    faults = []
    known = np.flatnonzero(~shapely.is_missing(parents) & ~shapely.is_missing(children))
    shapely.prepare(parents[known])
    loose = known[~shapely.covers(parents[known], children[known])]
    rest = shapely.difference(children[loose], parents[loose])
    size, width = measured(rest)
    for i, child in enumerate(loose.tolist()):
        if size[i] >= smallest_m2:
            place = shapely.point_on_surface(rest[i])
            faults.append(
                Fault(
                    FaultKind.OUTSIDE_PARENT, (child,), place.x, place.y, float(size[i]),
                    float(width[i]), shape=rest[i],
                )
            )  # fmt: skip
    return faults


def codes_at_fault(
    codes: Sequence[str | None], parents: Sequence[str | None], known: Sequence[str] = ()
) -> list[Fault]:
    """Codes that occur twice, and parents that nobody is.

    Args:
        codes: of the units, shape (n,).
        parents: the parent code of each, None where it has none.
        known: codes of other units that may be parents.
    """
    faults = []
    first: dict[str, int] = {}
    for i, code in enumerate(codes):
        if code is not None and code in first:
            faults.append(Fault(FaultKind.DUPLICATE_CODE, (first[code], i), detail=code))
        elif code is not None:
            first[code] = i
    there = set(first) | set(known)
    faults += [
        Fault(FaultKind.ORPHAN, (i,), detail=parent)
        for i, parent in enumerate(parents)
        if parent is not None and parent not in there
    ]
    return faults


def measured(
    geometry: Geometries,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Area in m² and mean width in m (twice the area by the perimeter) of areas in degrees."""
    bounds = shapely.bounds(geometry)
    middle = np.nan_to_num((bounds[:, 1] + bounds[:, 3]) / 2)
    scale = np.array([metres_per_degree(lat) for lat in middle.tolist()]).reshape(-1, 2)
    coordinates, index = shapely.get_coordinates(geometry, return_index=True)
    flat = shapely.set_coordinates(geometry.copy(), coordinates * scale[index])
    size, length = np.nan_to_num(shapely.area(flat)), np.nan_to_num(shapely.length(flat))
    return size, 2 * size / np.where(length > 0, length, 1.0)


_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


def _mixed(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """One number per node; equal for equal coordinates, practically never for others."""
    bits = (np.ascontiguousarray(coordinates) + 0.0).view(np.uint64)  # + 0.0: -0.0 is 0.0
    with np.errstate(over="ignore"):
        mixed: npt.NDArray[np.uint64] = bits[:, 0] * _ODD ^ (bits[:, 1] + (bits[:, 0] >> 17))
        mixed ^= mixed >> np.uint64(31)
        return mixed * np.uint64(0xBF58476D1CE4E5B9)


def _areal(geometry: Geometries) -> Positions:
    return np.flatnonzero(np.isin(shapely.get_type_id(geometry), _POLYGONAL))


def _pieces(
    kind: FaultKind,
    shapes: Geometries,
    smallest: float,
    units: Sequence[tuple[int, ...]] | None = None,
) -> list[Fault]:
    """One fault per connected piece of area that is large enough."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    inner, part = shapely.get_parts(parts, return_index=True)
    size, width = measured(inner)
    large = np.flatnonzero(size >= smallest)
    places = shapely.get_coordinates(shapely.point_on_surface(inner[large])).tolist()
    owners = index[part[large]].tolist()
    return [
        Fault(
            kind, units[owner] if units else (), lon, lat, float(size[i]), float(width[i]),
            shape=inner[i],
        )
        for i, owner, (lon, lat) in zip(large.tolist(), owners, places, strict=True)
    ]  # fmt: skip


def _with_neighbours(faults: list[Fault], tree: Any) -> list[Fault]:
    shapes = np.array([fault.shape for fault in faults], dtype=object)
    found: list[list[int]] = [[] for _ in faults]
    for fault, unit in tree.query(shapes, predicate="intersects").T.tolist():
        found[fault].append(unit)
    return [
        replace(fault, units=tuple(sorted(units)))
        for fault, units in zip(faults, found, strict=True)
    ]


def _loose_nodes(geometry: Geometries) -> tuple[npt.NDArray[np.float64], Positions]:
    areal = _areal(geometry)
    if areal.size:
        chosen = areal[uneven(geometry[areal])]
        points, index = shapely.get_coordinates(geometry[chosen], return_index=True)
        keep = np.unique(np.column_stack([points, index]), axis=0)
        return keep[:, :2], chosen[keep[:, 2].astype(np.int64)]
    lines, owner = shapely.get_parts(geometry, return_index=True)
    is_line = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    lines, owner = lines[is_line], owner[is_line]
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    return shapely.get_coordinates(ends), np.concatenate([owner, owner])
