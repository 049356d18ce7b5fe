"""The nearest river reach: distance, chainage, bank, and how it meets borders.

Reaches are lines digitised in the dominant direction of flow, so left and right are
meant looking downstream. At a junction several reaches are equally near; the rule is
the same as for units: the nearer to the millimetre, then the lower code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.nearness import SegmentTree
from gridmap.capabilities.locate.rules.units import segments_of
from gridmap.capabilities.locate.rules.verdict import Bank, BorderKind
from gridmap.core import plane
from gridmap.core.plane import Floats, Positions
from gridmap.core.rivernet import RiverNet

OwnerAt = Callable[[float, float], str | None]

BANKS: Final = (Bank.LEFT, Bank.RIGHT, Bank.IN_WATER)

_VERTEX: Final = 1e-9
_SAMPLE_EVERY_M: Final = 50.0
_SAMPLES: Final = (9, 60)


@dataclass(frozen=True)
class Reach:
    """One reach and the attributes that the rules read; widths in metres."""

    code: str
    name: str
    river_name: str = ""
    from_node: str = ""
    to_node: str = ""
    flow: str = "unknown"
    width_m: float = 0.0


@dataclass(frozen=True)
class OnReach:
    """A point seen from a reach: position of the reach, distance, chainage, bank.

    `east` and `north` are the unit vector from the water to the left bank there.
    `lon`, `lat` is the nearest place on the reach.
    """

    reach: int
    distance_m: float
    chainage_m: float
    bank: Bank
    lon: float
    lat: float
    east: float
    north: float


@dataclass(frozen=True)
class ReachesSeen:
    """`OnReach` for n points; `bank` holds positions in `BANKS`. All of shape (n,)."""

    reach: Positions
    bank: npt.NDArray[np.int8]
    distance_m: Floats
    chainage_m: Floats
    lon: Floats
    lat: Floats
    east: Floats
    north: Floats
    width_m: Floats

    def __getitem__(self, rows: npt.NDArray[np.intp]) -> "ReachesSeen":
        return ReachesSeen(*(getattr(self, one.name)[rows] for one in fields(self)))


class ReachIndex:
    """Reaches by nearness; immutable, in the order of their codes.

    Args:
        reaches: attributes of each reach.
        geometries: shape (n,), lines or multilines in degrees of EPSG:4490.
    """

    def __init__(self, reaches: Sequence[Reach], geometries: npt.ArrayLike) -> None:
        lines = np.asarray(geometries, dtype=object)
        keep = np.flatnonzero(~(shapely.is_missing(lines) | shapely.is_empty(lines)))
        order = sorted(keep.tolist(), key=lambda i: (reaches[i].code, reaches[i].name))
        self.reaches: tuple[Reach, ...] = tuple(reaches[i] for i in order)
        self.geometries = lines[order]
        self._tree = shapely.STRtree(self.geometries)
        self._segments, self._first = segments_of(self.geometries)
        self._position = {reach.code: i for i, reach in enumerate(self.reaches)}
        # Filled by single answers and by batches alike.
        self.border_kinds: dict[int, BorderKind | None] = {}

    def __len__(self) -> int:
        return len(self.reaches)

    def position_of(self, code: str) -> int | None:
        """The position of a reach by its code."""
        return self._position.get(code)

    @cached_property
    def _lengths(self) -> Floats:
        """Geodesic length of every segment in metres."""
        if not len(self._segments):
            return np.zeros(0)
        _, _, metres = plane.GEOD.inv(*self._segments.T)
        return np.asarray(metres, np.float64)

    @cached_property
    def lengths_m(self) -> Floats:
        """Geodesic length of every reach in metres, shape (n,)."""
        summed = np.concatenate([[0.0], np.cumsum(self._lengths)])
        found: Floats = summed[self._first[1:]] - summed[self._first[:-1]]
        return found

    @cached_property
    def tree(self) -> SegmentTree:
        """The segments of all reaches by nearness, for arrays; built at first use."""
        owners = np.repeat(np.arange(len(self)), np.diff(self._first))
        return SegmentTree.build(self._segments, owners)

    def seen_from(self, lon: Floats, lat: Floats, reach: Positions) -> "ReachesSeen":
        """Many points, each seen from its reach (−1: from none); shapes (n,)."""
        from gridmap.capabilities.locate.rules import (  # noqa: PLC0415  numba is late
            nearness_kernels,
        )

        ends = np.cumsum(self._lengths)
        seen = nearness_kernels.seen_from_reaches(
            lon, lat, reach, self._segments, self._first, self._lengths, ends
        )
        widths = np.array([one.width_m for one in self.reaches] or [0.0])[reach]
        in_water = (seen[:, 0] <= widths / 2) | (np.abs(seen[:, 2]) < _VERTEX)
        banks = np.where(in_water, BANKS.index(Bank.IN_WATER), np.where(seen[:, 2] > 0, 0, 1))
        metres, chainage, _, at_lon, at_lat, east, north = seen.T
        return ReachesSeen(
            reach, banks.astype(np.int8), metres, chainage, at_lon, at_lat, east, north, widths
        )

    @cached_property
    def net(self) -> RiverNet:
        """The reaches joined at their nodes."""
        return RiverNet(
            [reach.from_node for reach in self.reaches],
            [reach.to_node for reach in self.reaches],
            self.lengths_m.tolist(),
        )

    def near(self, lon: float, lat: float, within_m: float) -> list[OnReach]:
        """All reaches within a distance, nearest first (ties: lower code)."""
        box = plane.window(lon, lat, within_m)
        found = self._tree.query(shapely.box(box.west, box.south, box.east, box.north))
        seen = (self.on(int(position), lon, lat) for position in found)
        near = [one for one in seen if one.distance_m <= within_m]
        return sorted(near, key=lambda one: (int(one.distance_m * 1000.0 + 0.5), one.reach))

    def on(self, position: int, lon: float, lat: float) -> OnReach:
        """A point seen from one reach."""
        begin, end = int(self._first[position]), int(self._first[position + 1])
        segments = self._segments[begin:end]
        hit = plane.nearest_on_segments(lon, lat, segments)
        per_lon, per_lat = plane.metres_per_degree(lat)
        flow_east, flow_north = self._flow(segments, hit, per_lon, per_lat)
        chainage = float(self._lengths[begin : begin + hit.segment].sum())
        chainage += hit.along * float(self._lengths[begin + hit.segment])
        # The cross product of the flow with the way from the water to the point.
        left = flow_east * -hit.north_m - flow_north * -hit.east_m
        in_water = hit.distance_m <= self.reaches[position].width_m / 2 or abs(left) < _VERTEX
        bank = Bank.IN_WATER if in_water else (Bank.LEFT if left > 0 else Bank.RIGHT)
        return OnReach(
            position, hit.distance_m, chainage, bank,
            lon + hit.east_m / per_lon, lat + hit.north_m / per_lat, -flow_north, flow_east,
        )  # fmt: skip

    @staticmethod
    def _flow(
        segments: Floats, hit: plane.Nearest, per_lon: float, per_lat: float
    ) -> tuple[float, float]:
        """Unit vector of the flow at a hit; at a vertex the mean of both segments."""
        around = [hit.segment]
        if hit.along >= 1 - _VERTEX and hit.segment + 1 < len(segments):
            around.append(hit.segment + 1)
        elif hit.along <= _VERTEX and hit.segment > 0:
            around.append(hit.segment - 1)
        ways = (segments[around, 2:] - segments[around, :2]) * (per_lon, per_lat)
        lengths = np.hypot(ways[:, 0], ways[:, 1])
        ways = ways / np.where(lengths > 0, lengths, 1.0)[:, None]
        east, north = ways.sum(axis=0)
        length = float(np.hypot(east, north)) or 1.0
        return float(east) / length, float(north) / length

    def sides(
        self, at: OnReach, tolerance_m: float, owner_at: OwnerAt
    ) -> tuple[str | None, str | None]:
        """The owners on the left and the right bank beside a place on a reach."""
        offset = self.reaches[at.reach].width_m / 2 + tolerance_m
        per_lon, per_lat = plane.metres_per_degree(at.lat)
        east, north = at.east * offset / per_lon, at.north * offset / per_lat
        return owner_at(at.lon + east, at.lat + north), owner_at(at.lon - east, at.lat - north)

    def border_kind(
        self, position: int, tolerance_m: float, owner_at: OwnerAt, along: float, interlocked: float
    ) -> BorderKind | None:
        """How a reach as a whole meets borders between owners.

        Args:
            position: the reach.
            tolerance_m: how far off the drawn border may be.
            owner_at: the owner's code at a point.
            along: share of the reach with different owners on both banks from which on
                the river is the border (左右岸).
            interlocked: share from which on a crossing reach is both (犬牙交错).
        """
        if position not in self.border_kinds:
            self.border_kinds[position] = self._judge_border(
                position, tolerance_m, owner_at, along, interlocked
            )
        return self.border_kinds[position]

    def _judge_border(
        self, position: int, tolerance_m: float, owner_at: OwnerAt, along: float, interlocked: float
    ) -> BorderKind | None:
        banks = [
            self.sides(self.on(position, lon, lat), tolerance_m, owner_at)
            for lon, lat in self.evenly(position)
        ]
        return border_kind_of(banks, along, interlocked)

    def place_at(self, position: int, chainage_m: float) -> tuple[float, float]:
        """Degrees of a place on a reach by metres from its beginning; clamped to its ends."""
        begin, end = int(self._first[position]), int(self._first[position + 1])
        lengths = self._lengths[begin:end]
        ends = np.cumsum(lengths)
        at = min(int(np.searchsorted(ends, chainage_m)), len(lengths) - 1)
        rest = max(0.0, chainage_m - float(ends[at] - lengths[at]))
        share = min(rest / float(lengths[at]), 1.0) if lengths[at] else 0.0
        x0, y0, x1, y1 = self._segments[begin + at].tolist()
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def evenly(self, position: int) -> list[tuple[float, float]]:
        """Places spread evenly along a reach, in degrees."""
        begin, end = int(self._first[position]), int(self._first[position + 1])
        lengths = self._lengths[begin:end]
        ends = np.cumsum(lengths)
        total = float(ends[-1])
        count = min(max(int(total / _SAMPLE_EVERY_M), _SAMPLES[0]), _SAMPLES[1])
        chainages = (np.arange(count) + 0.5) / count * total
        at = np.minimum(np.searchsorted(ends, chainages), len(lengths) - 1)
        rest = chainages - (ends[at] - lengths[at])
        fraction = (rest / np.where(lengths[at] > 0, lengths[at], 1.0))[:, None]
        segments = self._segments[begin:end][at]
        places = segments[:, :2] + fraction * (segments[:, 2:] - segments[:, :2])
        return [(lon, lat) for lon, lat in places.tolist()]


def border_kind_of(
    banks: Sequence[tuple[str | None, str | None]], along: float, interlocked: float
) -> BorderKind | None:
    """How a reach meets borders, from the owners on both banks at places spread along it."""
    both = [(left, right) for left, right in banks if left is not None and right is not None]
    share = sum(left != right for left, right in both) / len(banks)
    crosses = len({left for left, right in both if left == right}) > 1
    if share >= along:
        return BorderKind.INTERLOCKED if crosses else BorderKind.LEFT_RIGHT
    if crosses:
        return BorderKind.INTERLOCKED if share >= interlocked else BorderKind.UP_DOWN
    return None
