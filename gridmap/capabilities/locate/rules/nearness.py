"""The nearest border for a million points: a packed tree of boxes over segments.

Segments lie in the order of a space-filling curve, eight to a box, eight boxes to the
next larger box, and so on. A search goes down into the nearest box first and skips
whatever lies farther than the best found, so it is exact at any distance, inside a
unit as far outside.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gridmap.core.plane import Floats, Positions

_FANOUT: Final = 8
_BITS: Final = 16
_FARTHEST_M: Final = 1e8


@dataclass(frozen=True)
class NearestOwners:
    """Answers for n points, each of shape (n,).

    `owners` is the owner whose segment is nearest to the millimetre, the lower position
    in a tie, −1 for none within the limit; `metres` its distance; `least_m` the distance
    to the nearest segment of all. Distances are infinite where there is no owner.
    """

    owners: Positions
    metres: Floats
    least_m: Floats


@dataclass(frozen=True)
class SegmentTree:
    """The built tree; immutable.

    `boxes` holds west, south, east, north of every box, the smallest first; the boxes of
    level k are those from `starts[k]` to `starts[k + 1]`.
    """

    segments: Floats
    owners: Positions
    boxes: Floats
    starts: Positions

    @classmethod
    def build(cls, segments: Floats, owners: npt.ArrayLike) -> "SegmentTree":
        """Build the tree.

        Args:
            segments: shape (m, 4), lon and lat of start and end in degrees.
            owners: shape (m,), whose each segment is.
        """
        order = along_a_curve(segments)
        segments = np.ascontiguousarray(segments[order])
        lows = np.minimum(segments[:, :2], segments[:, 2:])
        highs = np.maximum(segments[:, :2], segments[:, 2:])
        level = np.hstack([lows, highs])
        levels: list[Floats] = []
        while len(level) > _FANOUT or not levels:
            level = _boxed(level)
            levels.append(level)
            if len(level) <= 1:
                break
        starts = np.concatenate([[0], np.cumsum([len(one) for one in levels])]).astype(np.int64)
        whose = np.asarray(owners, np.int64)[order]
        return cls(segments, whose, np.concatenate(levels), starts)

    def nearest(
        self,
        lon: Floats,
        lat: Floats,
        limit_m: npt.ArrayLike = np.inf,
        exclude: npt.ArrayLike = -1,
    ) -> NearestOwners:
        """The nearest owner of each point, nearer than `limit_m` and other than `exclude`.

        Args:
            lon: shape (n,), degrees of EPSG:4490.
            lat: shape (n,).
            limit_m: metres, one or shape (n,); a segment at exactly this distance is too far.
            exclude: an owner that does not count, one or shape (n,); −1 for nobody.
        """
        if not len(self.segments):
            nothing = np.full(len(lon), np.inf)
            return NearestOwners(np.full(len(lon), -1, np.int64), nothing, nothing)
        from gridmap.capabilities.locate.rules import (  # noqa: PLC0415  numba is late
            nearness_kernels,
        )

        # Beyond the globe nothing lies; squares of infinity would be no numbers.
        limits = np.minimum(
            np.broadcast_to(np.asarray(limit_m, np.float64), lon.shape), _FARTHEST_M
        )
        excluded = np.broadcast_to(np.asarray(exclude, np.int64), lon.shape)
        # Neighbours in the input become neighbours in memory: three times as fast.
        order = along_a_curve(np.column_stack([lon, lat, lon, lat]))
        found = nearness_kernels.nearest_owners(
            lon[order], lat[order], excluded[order], limits[order],
            self.segments, self.owners, self.boxes, self.starts,
        )  # fmt: skip
        return NearestOwners(*(_put_back(values, order) for values in found))


def _put_back(values: npt.NDArray[Any], order: Positions) -> npt.NDArray[Any]:
    given = np.empty_like(values)
    given[order] = values
    return given


def _boxed(level: Floats) -> Floats:
    """The boxes around each eight boxes in a row."""
    begins = np.arange(0, len(level), _FANOUT)
    lows = np.minimum.reduceat(level[:, :2], begins, axis=0) if len(level) else level[:, :2]
    highs = np.maximum.reduceat(level[:, 2:], begins, axis=0) if len(level) else level[:, 2:]
    return np.hstack([lows, highs])


def along_a_curve(segments: Floats) -> Positions:
    """The order of the segments' middles along a Z-curve (Morton 1966)."""
    if not len(segments):
        return np.zeros(0, np.int64)
    middles = (segments[:, :2] + segments[:, 2:]) / 2
    low, high = middles.min(axis=0), middles.max(axis=0)
    spread = np.where(high > low, high - low, 1.0)
    cells = ((middles - low) / spread * (2**_BITS - 1)).astype(np.uint64)
    return np.argsort(_spread_bits(cells[:, 0]) | (_spread_bits(cells[:, 1]) << 1), kind="stable")


def _spread_bits(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sixteen bits with a zero bit between each two."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
