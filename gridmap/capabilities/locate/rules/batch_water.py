"""The river's part of many verdicts: nearest reach, bank, border, both owners."""

from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.locate.rules.grid import Grid
from gridmap.capabilities.locate.rules.reaches import ReachesSeen, ReachIndex, border_kind_of
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.core.plane import Floats, Positions


@dataclass(frozen=True)
class Banks:
    """Owners beside places on reaches, positions in the owner index, −1 for none; shape (n,)."""

    left: Positions
    right: Positions


class WaterBatch:
    """Reaches over one state of the data, for arrays.

    Args:
        reaches: the reaches.
        grid: whose owners stand on the banks.
        rules: how far a reach counts, and when it is a border.
        grid_m: accuracy of the grid in metres.
    """

    def __init__(self, reaches: ReachIndex, grid: Grid, rules: Rules, grid_m: float) -> None:
        self._reaches, self._grid, self._rules, self._grid_m = reaches, grid, rules, grid_m
        owners = grid.owners
        # Twins of one code count as one unit, as in a single answer.
        self._canonical = np.array(
            [owners.position_of(unit.code) for unit in owners.units] + [-1], np.int64
        )

    def nearest(self, lon: Floats, lat: Floats) -> ReachesSeen:
        """The nearest reach of each point within the set distance, and the point seen from it."""
        beyond = float(np.nextafter(self._rules.river_within_m, np.inf))
        found = self._reaches.tree.nearest(lon, lat, beyond).owners
        return self._reaches.seen_from(lon, lat, found)

    def banks(self, seen: ReachesSeen) -> Banks:
        """The owners on both banks beside the places on the reaches."""
        from gridmap.capabilities.locate.rules import (  # noqa: PLC0415  numba is late
            nearness_kernels,
        )

        per_lon, per_lat = nearness_kernels.metres_per_degree_of(seen.lat)
        offset = seen.width_m / 2 + self._grid_m
        east, north = seen.east * offset / per_lon, seen.north * offset / per_lat
        known = seen.reach >= 0
        sides: list[Positions] = []
        for sign in (1, -1):
            lon = np.where(known, seen.lon + sign * east, 0.0)
            lat = np.where(known, seen.lat + sign * north, 0.0)
            owners = self._grid.owners.many(lon, lat).owners
            sides.append(np.where(known, self._canonical[owners], -1))
        return Banks(*sides)

    def judge_borders(self, reaches: Positions) -> None:
        """Find how each of these reaches meets borders, as `ReachIndex.border_kind` would."""
        kinds = self._reaches.border_kinds
        wanted = [position for position in reaches.tolist() if position not in kinds]
        if not wanted:
            return
        places = [self._reaches.evenly(position) for position in wanted]
        which = np.repeat(np.array(wanted, np.int64), [len(one) for one in places])
        lon, lat = np.array([place for one in places for place in one], np.float64).T
        seen = self._reaches.seen_from(np.ascontiguousarray(lon), np.ascontiguousarray(lat), which)
        banks, units = self.banks(seen), self._grid.owners.units
        codes = [
            (None if a < 0 else units[a].code, None if b < 0 else units[b].code)
            for a, b in zip(banks.left.tolist(), banks.right.tolist(), strict=True)
        ]
        begin = 0
        for position, one in zip(wanted, places, strict=True):
            end = begin + len(one)
            kinds[position] = border_kind_of(
                codes[begin:end], self._rules.border_share, self._rules.interlocked_share
            )
            begin = end
