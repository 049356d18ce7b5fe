"""Many places, one pass: `Responsibility.many`.

Plain rows are answered in arrays; only where the single answer has to weigh several
units (overlaps, disputes, points on a border, border rivers) is it asked, row by row.
Every column says what `locate` says; a test holds both together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.basis import fingerprints, tail_of
from gridmap.capabilities.locate.rules.batch_verdict import (
    BORDER_KINDS,
    REASONS,
    STATUSES,
    BatchVerdict,
    Days,
    Flags,
    ZonesOfKind,
)
from gridmap.capabilities.locate.rules.batch_water import WaterBatch
from gridmap.capabilities.locate.rules.coded import Coded, Table, distinct_of
from gridmap.capabilities.locate.rules.control import Zone, ZoneIndex
from gridmap.capabilities.locate.rules.covering import Covering
from gridmap.capabilities.locate.rules.grid import TIERS, Decision, Grid
from gridmap.capabilities.locate.rules.posts import PostBook
from gridmap.capabilities.locate.rules.reaches import Reach, ReachesSeen, ReachIndex
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import Duty, Holding, Reason, Status, UnitRef
from gridmap.core.place import Place
from gridmap.core.plane import Floats, Positions

_OF_STATUS: Final = {status: code for code, status in enumerate(STATUSES)}
_OF_REASON: Final = {reason: code for code, reason in enumerate(REASONS)}
_OF_BORDER: Final = {kind: code for code, kind in enumerate(BORDER_KINDS)}


@dataclass(frozen=True)
class Parts:
    """What the single answer and the batch share."""

    rules: Rules
    posts: PostBook
    grid: Grid
    districts: UnitIndex
    reaches: ReachIndex
    zones: ZoneIndex
    duties: Mapping[str, Duty]
    grid_m: float
    reach_m: float
    data_mark: str


@dataclass
class _Owners:
    """The grid's decision for n places while it is made; positions in the owner index."""

    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]
    owner: Positions
    provisional: Flags
    border_m: Floats
    other: Positions
    other_m: Floats

    def put(self, row: int, decision: Decision) -> None:
        """Write one row from the slow path."""
        owner = decision.owner
        self.status[row] = _OF_STATUS[decision.status]
        self.reason[row] = _OF_REASON[decision.reason]
        self.owner[row] = -1 if owner is None else owner.position
        self.provisional[row] = decision.provisional
        self.border_m[row] = decision.border_m
        others = decision.near[1:] if owner is not None else decision.near
        other = others[0] if others else None
        self.other[row] = -1 if other is None else other.position
        self.other_m[row] = np.inf if other is None else other.distance_m


@dataclass(frozen=True)
class _Asked:
    """The rows asked: degrees, radius, tolerance of the grid."""

    lon: Floats
    lat: Floats
    radius_m: Floats
    tolerance_m: Floats

    def __getitem__(self, rows: npt.NDArray[np.intp]) -> "_Asked":
        return _Asked(self.lon[rows], self.lat[rows], self.radius_m[rows], self.tolerance_m[rows])

    def place(self, row: int) -> Place:
        return Place(float(self.lon[row]), float(self.lat[row]), float(self.radius_m[row]))


class Batch:
    """The rule for arrays over one state of the data; its tables grow from batch to batch.

    One batch at a time: hold a lock around `many`.
    """

    def __init__(self, parts: Parts) -> None:
        self._p, self._grid = parts, parts.grid
        self._water = WaterBatch(parts.reaches, parts.grid, parts.rules, parts.grid_m)
        self._above: dict[str, Positions] = {
            tier: self._ancestors(tier) for tier in TIERS if tier in parts.grid.tiers
        }
        self._epochs = parts.posts.epochs
        self._first_days: dict[int, date] = {}
        self._heads = {tier: self._head_table(tier) for tier in self._above}
        self._chiefs = Table(lambda key: self._held(key, "reach", parts.reaches.reaches))
        self._zone_sets = {
            kind: Covering(index, self._zone) for kind, index in parts.zones.by_kind.items()
        }
        self._district_sets: Covering[UnitRef] = Covering(parts.districts, lambda unit: unit)
        self._duties = list(parts.duties.values())

    def many(
        self, lon: Floats, lat: Floats, radius_m: Floats, on: Days, problems: Sequence[str | None]
    ) -> BatchVerdict:
        """The verdicts of n places; every array has shape (n,), `problems` length n."""
        asked = _Asked(lon, lat, radius_m, self._p.grid_m + radius_m)
        seen = self._water.nearest(lon, lat)
        found = self._decide(asked)
        self._on_border_rivers(asked, found, seen)
        epochs = self._epochs_of(on)
        chain = {tier: self._link(tier, asked, found) for tier in self._above}
        status_outside = found.status == _OF_STATUS[Status.OUTSIDE]
        duty, marks = self._duty_and_marks(asked, on, problems)
        self._water.judge_borders(distinct_of(seen.reach)[0])
        kinds = [self._p.reaches.border_kinds.get(i) for i in range(len(self._p.reaches))]
        borders = np.array([-1 if k is None else _OF_BORDER[k] for k in kinds] + [-1], np.int8)
        none = seen.reach < 0
        return BatchVerdict(
            status=found.status,
            reason=found.reason,
            owner=_coded(found.owner, self._grid.owners),
            provisional=found.provisional,
            border_m=found.border_m,
            tolerance_m=asked.tolerance_m,
            other=_coded(found.other, self._grid.owners),
            other_m=found.other_m,
            chain={t: _coded(positions, self._grid.tiers[t]) for t, positions in chain.items()},
            heads={
                tier: self._heads[tier].coded(self._keys(positions, epochs))
                for tier, positions in chain.items()
            },
            reach=Coded(seen.reach.astype(np.int32), self._p.reaches.reaches),
            river_m=np.where(none, np.inf, seen.distance_m),
            chainage_m=np.where(none, np.inf, seen.chainage_m),
            bank=np.where(none, -1, seen.bank).astype(np.int8),
            border=borders[seen.reach],
            chiefs=self._chiefs.coded(self._keys(seen.reach, epochs)),
            zones={k: self._zones_of(k, asked, status_outside) for k in self._zone_sets},
            districts=self._district_sets.at(lon, lat, np.ones(len(lon), bool)),
            duty=duty,
            fingerprint=marks,
        )

    # --- the grid ---------------------------------------------------------------------

    def _decide(self, asked: _Asked) -> _Owners:
        count, index = len(asked.lon), self._grid.owners
        found = _Owners(
            np.full(count, _OF_STATUS[Status.CERTAIN], np.int8),
            np.full(count, _OF_REASON[Reason.INSIDE_ONE_UNIT], np.int8),
            np.full(count, -1, np.int64), np.zeros(count, bool), np.full(count, np.inf),
            np.full(count, -1, np.int64), np.full(count, np.inf),
        )  # fmt: skip
        if not len(index):
            found.status[:] = _OF_STATUS[Status.OUTSIDE]
            found.reason[:] = _OF_REASON[Reason.NO_GRID]
            return found
        covered = index.many(asked.lon, asked.lat)
        near = index.tree.nearest(asked.lon, asked.lat)
        found.owner[:], found.border_m[:] = covered.owners, near.least_m
        bordering = near.least_m < asked.tolerance_m
        found.status[bordering] = _OF_STATUS[Status.BORDERLINE]
        found.reason[bordering] = _OF_REASON[Reason.NEAR_BORDER]
        alone = covered.counts == 0
        found.owner[alone] = near.owners[alone]
        found.border_m[alone] = near.metres[alone]
        hard = (covered.counts > 1) | (_millimetres(near.least_m) == 0) & ~alone
        hard |= ~alone & self._disputed(asked)
        self._second(asked, found, np.flatnonzero((bordering | alone) & ~hard))
        self._uncovered(asked, found, np.flatnonzero(alone))
        for row in np.flatnonzero(hard).tolist():
            found.put(row, self._grid.decide(asked.place(row), float(asked.tolerance_m[row])))
        return found

    def _disputed(self, asked: _Asked) -> Flags:
        """Rows in a disputed area or within the tolerance of one."""
        index = self._grid.disputed
        if not len(index):
            return np.zeros(len(asked.lon), bool)
        near = index.tree.nearest(asked.lon, asked.lat, asked.tolerance_m).owners >= 0
        return near | (index.many(asked.lon, asked.lat).counts > 0)

    def _second(self, asked: _Asked, found: _Owners, rows: npt.NDArray[np.intp]) -> None:
        """The next unit within the tolerance, beside the owner."""
        here = asked[rows]
        second = self._grid.owners.tree.nearest(
            here.lon, here.lat, here.tolerance_m, found.owner[rows]
        )
        found.other[rows], found.other_m[rows] = second.owners, second.metres

    def _uncovered(self, asked: _Asked, found: _Owners, rows: npt.NDArray[np.intp]) -> None:
        """Rows that no unit covers: just outside one, in a gap, or outside the territory."""
        here = asked[rows]
        just = found.border_m[rows] < here.tolerance_m
        inside = np.zeros(len(rows), bool)
        territory = self._grid.territory
        if territory is not None:
            inside[~just] = territory.many(here.lon[~just], here.lat[~just]).counts > 0
        elif not just.all():
            hull = self._grid.owners.hull
            inside[~just] = shapely.intersects_xy(hull, here.lon[~just], here.lat[~just])
        for status, reason, which in (
            (Status.BORDERLINE, Reason.JUST_OUTSIDE_A_UNIT, just),
            (Status.UNASSIGNED, Reason.GAP, inside),
            (Status.OUTSIDE, Reason.OUTSIDE_TERRITORY, ~just & ~inside),
        ):
            found.status[rows[which]] = _OF_STATUS[status]
            found.reason[rows[which]] = _OF_REASON[reason]
            found.provisional[rows[which]] = status is not Status.OUTSIDE
        out = rows[~just & ~inside]
        found.other[out], found.other_m[out] = found.owner[out], found.border_m[out]
        found.owner[out] = -1

    def _on_border_rivers(self, asked: _Asked, found: _Owners, seen: ReachesSeen) -> None:
        """In a river that is itself the border, both banks' owners share the place."""
        near = (found.status == _OF_STATUS[Status.BORDERLINE]) & ~found.provisional
        water_m = seen.width_m / 2 + self._p.reach_m + asked.radius_m
        rows = np.flatnonzero(near & (seen.reach >= 0) & ~(seen.distance_m > water_m))
        if not len(rows):
            return
        banks, units = self._water.banks(seen[rows]), self._grid.owners.units
        left, right = banks.left.tolist(), banks.right.tolist()
        for row, one, two in zip(rows.tolist(), left, right, strict=True):
            if one < 0 or two < 0 or units[one] == units[two]:
                continue
            place = asked.place(row)
            decision = self._grid.decide(place, float(asked.tolerance_m[row]))
            both = self._grid.with_both_banks(decision, (units[one], units[two]), place)
            found.put(row, both)

    # --- the chain of tiers and its people ----------------------------------------------

    def _ancestors(self, tier: str) -> Positions:
        """The unit of a tier above (or equal to) each owner, as parent codes tell; −1: none."""
        index, owners = self._grid.tiers[tier], self._grid.owners
        found = np.full(len(owners) + 1, -1, np.int64)
        same = [place for place, unit in enumerate(owners.units) if unit.tier == tier]
        for place, unit in enumerate(owners.units):
            code = self._grid.ancestors(unit.code).get(tier)
            position = None if code is None else index.position_of(code)
            if position is not None:
                found[place] = position
        # Both indexes are in one order, so the owners of this tier are its units in turn.
        found[same] = np.arange(len(same))
        return found

    def _link(self, tier: str, asked: _Asked, found: _Owners) -> Positions:
        """The unit of one tier in the chain of each row, −1 for none."""
        index, link = self._grid.tiers[tier], self._above[tier][found.owner]
        rows = np.flatnonzero((link < 0) & (found.owner >= 0))
        if not len(rows):
            return link
        here = asked[rows]
        covered = index.many(here.lon, here.lat)
        link[rows] = covered.owners
        alone = np.flatnonzero(covered.counts == 0)
        lone = here[alone]
        nearby = index.tree.nearest(lone.lon, lone.lat, lone.tolerance_m).owners >= 0
        hard = np.concatenate([alone[nearby], np.flatnonzero(covered.counts > 1)])
        for row in rows[hard].tolist():
            owner = self._grid.owners.units[int(found.owner[row])]
            linked = self._grid.linked(tier, asked.place(row), float(asked.tolerance_m[row]), owner)
            position = None if linked is None else index.position_of(linked.code)
            link[row] = -1 if position is None else position
        return link

    def _epochs_of(self, on: Days) -> Positions:
        """Which stretch of days without any change of office each row lies in."""
        found = np.searchsorted(self._epochs, on, side="right")
        for epoch in np.flatnonzero(np.bincount(found, minlength=1)).tolist():
            if epoch not in self._first_days:
                self._first_days[epoch] = on[np.argmax(found == epoch)].item()
        return found

    def _keys(self, positions: Positions, epochs: Positions) -> Positions:
        stretches = len(self._epochs) + 1
        return np.where(positions < 0, -1, positions * stretches + epochs)

    def _head_table(self, tier: str) -> Table[tuple[Holding, ...]]:
        units = self._grid.tiers[tier].units
        return Table(lambda key: self._held(key, "unit", units, (tier,)))

    def _held(
        self,
        key: int,
        scope: str,
        what: Sequence[UnitRef] | Sequence[Reach],
        tiers: Sequence[str] | None = None,
    ) -> tuple[Holding, ...]:
        position, epoch = divmod(key, len(self._epochs) + 1)
        return self._p.posts.on(self._first_days[epoch], scope, what[position].code, tiers)

    # --- zones, districts, department ----------------------------------------------------

    def _zone(self, unit: UnitRef) -> Zone:
        return self._p.zones.zones[unit.code]

    def _zones_of(self, kind: str, asked: _Asked, outside: Flags) -> ZonesOfKind:
        index, accuracy_m = self._p.zones.by_kind[kind], self._p.zones.accuracy_m
        edge_m = index.tree.nearest(asked.lon, asked.lat).least_m
        edge_m[outside] = np.inf
        inside = self._zone_sets[kind].at(asked.lon, asked.lat, ~outside)
        return ZonesOfKind(inside, edge_m, edge_m < accuracy_m + asked.radius_m)

    def _duty_and_marks(
        self, asked: _Asked, on: Days, problems: Sequence[str | None]
    ) -> tuple[Coded[Duty], npt.NDArray[np.bytes_]]:
        place_of = {duty.problem: place for place, duty in enumerate(self._duties)}
        names = {name: code for code, name in enumerate(dict.fromkeys(problems))}
        which = np.fromiter((names[name] for name in problems), np.int64, len(problems))
        codes = np.array([place_of.get(name or "", -1) for name in names] or [-1], np.int32)
        days, day_of = np.unique(on, return_inverse=True)
        distinct, tail = distinct_of(day_of.astype(np.int64) * len(names) + which)
        known = list(names)
        tails = [
            tail_of(days[key // len(names)].item(), known[key % len(names)])
            for key in distinct.tolist()
        ]
        marks = fingerprints(asked.lon, asked.lat, asked.radius_m, tails, tail, self._p.data_mark)
        return Coded(codes[which], self._duties), marks


def _coded(positions: Positions, index: UnitIndex) -> Coded[UnitRef]:
    return Coded(positions.astype(np.int32), index.units)


def _millimetres(metres: Floats) -> Positions:
    """Whole millimetres, as the tie-break counts them; one kilometre and more is far."""
    return (np.minimum(metres, 1000.0) * 1000.0 + 0.5).astype(np.int64)
