"""The grid's part of a verdict: one primary owner, how sure, and the chain of tiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.posts import PostBook
from gridmap.capabilities.locate.rules.units import Near, UnitAnswer, UnitIndex
from gridmap.capabilities.locate.rules.verdict import Candidate, ChainLink, Reason, Status, UnitRef
from gridmap.core import codes
from gridmap.core.place import Place

TIERS: Final = ("cell", "village", "park", "township", "county", "city")
ADMINISTRATIVE: Final = ("cell", "village", "township", "county", "city")
_SEVERAL: Final = 2
_COUNTY: Final = "county"


@dataclass(frozen=True)
class UnitRow:
    """One grid unit's attributes."""

    unit: UnitRef
    parent_code: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Dispute:
    """A disputed area's claimants, by unit code."""

    code: str
    name: str
    unit_codes: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """Status, reason and candidates at one place; `near` are positions in the owner index."""

    status: Status
    reason: Reason
    near: tuple[Near, ...]
    border_m: float
    provisional: bool
    dispute: Dispute | None = None

    @property
    def owner(self) -> Near | None:
        """The primary owner; None only outside the territory or without a grid."""
        return self.near[0] if self.near and self.status is not Status.OUTSIDE else None


class Grid:
    """All grid units by tier, and the units that compete for ownership.

    Args:
        rows: attributes of the units.
        geometries: shape (n,), areas in degrees of EPSG:4490.
        disputes: disputed areas and their geometries.
        owner_tier: the tier that is responsible; if the data lack it, the next coarser
            tier, else the coarsest there is. Parks compete at this tier.
    """

    def __init__(
        self,
        rows: Sequence[UnitRow],
        geometries: npt.ArrayLike,
        disputes: Sequence[tuple[Dispute, shapely.Geometry]],
        owner_tier: str,
    ) -> None:
        shapes = np.asarray(geometries, dtype=object)
        self._parents = {row.unit.code: row.parent_code for row in rows}
        self.tiers = {
            tier: _index(rows, shapes, (tier,))
            for tier in TIERS
            if any(row.unit.tier == tier for row in rows)
        }
        self.owner_tier = _present_tier(owner_tier, self.tiers)
        self.owners = _index(rows, shapes, (self.owner_tier, "park"))
        self._disputes = tuple(dispute for dispute, _ in disputes)
        claimed = [UnitRef(dispute.code, dispute.name, "dispute") for dispute in self._disputes]
        self.disputed = UnitIndex(claimed, np.array([shape for _, shape in disputes], object))
        self._dispute_of = {dispute.code: dispute for dispute in self._disputes}

    def owner_code(self, lon: float, lat: float) -> str | None:
        """The code of the owner at a point, by covering alone."""
        position = self.owners.owner(lon, lat)
        return None if position is None else self.owners.units[position].code

    def decide(self, place: Place, tolerance_m: float) -> Decision:
        """Who owns the place, before rivers are looked at."""
        if not len(self.owners):
            return Decision(Status.OUTSIDE, Reason.NO_GRID, (), np.inf, provisional=False)
        answer = self.owners.at(place.lon, place.lat, tolerance_m)
        if not answer.covering:
            return self._uncovered(place, answer, tolerance_m)
        disputed = self._with_claimants(place, answer, tolerance_m)
        if disputed is not None:
            return disputed
        inner = [near for near in answer.covering if int(near.distance_m * 1000 + 0.5) > 0]
        if len(inner) >= _SEVERAL:
            status, reason = Status.SHARED, Reason.OVERLAPPING_UNITS
        elif len(answer.covering) >= _SEVERAL or not inner:
            status, reason = Status.BORDERLINE, Reason.ON_BORDER
        elif answer.border_m < tolerance_m:
            status, reason = Status.BORDERLINE, Reason.NEAR_BORDER
        else:
            status, reason = Status.CERTAIN, Reason.INSIDE_ONE_UNIT
        return Decision(status, reason, answer.near, answer.border_m, provisional=False)

    def _with_claimants(
        self, place: Place, answer: UnitAnswer, tolerance_m: float
    ) -> Decision | None:
        """The decision inside, or as good as inside, a disputed area; None elsewhere."""
        found = self.disputed.at(place.lon, place.lat, tolerance_m).near
        if not found:
            return None
        dispute = self._dispute_of[self.disputed.units[found[0].position].code]
        known = {near.position: near for near in answer.near}
        for code in dispute.unit_codes:
            position = self.owners.position_of(code)
            if position is not None and position not in known:
                known[position] = self.owners.seen_from(position, place.lon, place.lat)
        if len(known) < _SEVERAL:
            return None
        near = tuple(sorted(known.values(), key=self.owners.rank))
        return Decision(
            Status.SHARED,
            Reason.DISPUTED,
            near,
            answer.border_m,
            provisional=False,
            dispute=dispute,
        )

    def _uncovered(self, place: Place, answer: UnitAnswer, tolerance_m: float) -> Decision:
        nearest = self.owners.nearest(place.lon, place.lat)
        if nearest is None:
            return Decision(Status.OUTSIDE, Reason.NO_GRID, (), np.inf, provisional=False)
        near = answer.near or (nearest,)
        if nearest.distance_m < tolerance_m:
            status, reason = Status.BORDERLINE, Reason.JUST_OUTSIDE_A_UNIT
        elif self.in_territory(place.lon, place.lat):
            status, reason = Status.UNASSIGNED, Reason.GAP
        else:
            return Decision(
                Status.OUTSIDE, Reason.OUTSIDE_TERRITORY, near, nearest.distance_m,
                provisional=False,
            )  # fmt: skip
        return Decision(status, reason, near, nearest.distance_m, provisional=True)

    def with_both_banks(
        self, decision: Decision, banks: Sequence[UnitRef], place: Place
    ) -> Decision:
        """A decision in a river that is itself the border: both banks' owners share."""
        known = {one.position: one for one in decision.near}
        for unit in banks:
            position = self.owners.position_of(unit.code)
            if position is not None and position not in known:
                known[position] = self.owners.seen_from(position, place.lon, place.lat)
        return replace(
            decision, status=Status.SHARED, reason=Reason.BORDER_RIVER,
            near=tuple(sorted(known.values(), key=self.owners.rank)),
        )  # fmt: skip

    @property
    def territory(self) -> UnitIndex | None:
        """The next coarser tier, which says what the owners should cover, if the data have it."""
        coarser = ADMINISTRATIVE[ADMINISTRATIVE.index(self.owner_tier) + 1 :][:1]
        return next((self.tiers[tier] for tier in coarser if tier in self.tiers), None)

    def in_territory(self, lon: float, lat: float) -> bool:
        """Whether a point lies in the territory that the owners should cover.

        The territory is what the next coarser tier covers, if the data have it; else
        everything inside the outermost borders of the owners.
        """
        if self.territory is not None:
            return bool(self.territory.covering(lon, lat))
        return bool(shapely.intersects_xy(self.owners.hull, lon, lat))

    def candidate(self, near: Near) -> Candidate:
        """A unit of the owner index as a candidate."""
        priority = int(self.owners.priorities[near.position])
        return Candidate(self.owners.units[near.position], near.covers, near.distance_m, priority)

    def chain(
        self, place: Place, decision: Decision, tolerance_m: float, posts: PostBook, on: date
    ) -> tuple[ChainLink, ...]:
        """The tiers from the finest to the city, each with its people on the day."""
        if decision.owner is None:
            return ()
        owner = self.owners.units[decision.owner.position]
        ancestors = self.ancestors(owner.code)
        links: list[ChainLink] = []
        for tier, index in self.tiers.items():
            if tier == owner.tier:
                held = posts.on(on, "unit", owner.code, (tier,))
                links.append(ChainLink(owner, decision.status, decision.border_m, False, held))
                continue
            answer = index.at(place.lon, place.lat, tolerance_m)
            found = self._link_unit(tier, index, answer, owner, ancestors)
            if found is None:
                continue
            unit, by_code = found
            alone = len(answer.near) == 1 and answer.border_m >= tolerance_m and not by_code
            status = Status.CERTAIN if alone else Status.BORDERLINE
            held = posts.on(on, "unit", unit.code, (tier,))
            links.append(ChainLink(unit, status, answer.border_m, by_code, held))
        return tuple(links)

    def linked(self, tier: str, place: Place, tolerance_m: float, owner: UnitRef) -> UnitRef | None:
        """The unit of one tier in the chain of an owner at a place."""
        answer = self.tiers[tier].at(place.lon, place.lat, tolerance_m)
        found = self._link_unit(tier, self.tiers[tier], answer, owner, self.ancestors(owner.code))
        return None if found is None else found[0]

    def _link_unit(
        self,
        tier: str,
        index: UnitIndex,
        answer: UnitAnswer,
        owner: UnitRef,
        ancestors: Mapping[str, str],
    ) -> tuple[UnitRef, bool] | None:
        """The unit of one tier in the chain, and whether only its code puts it there."""
        here = [index.units[near.position] for near in answer.covering]
        if tier in ancestors:
            position = index.position_of(ancestors[tier])
            if position is not None:
                unit = index.units[position]
                return unit, unit not in here
        below = [unit for unit in here if owner.code in self.ancestors(unit.code).values()]
        if below or here:
            return (below or here)[0], False
        nearby = [index.units[near.position] for near in answer.near]
        below = [unit for unit in nearby if owner.code in self.ancestors(unit.code).values()]
        return (below[0], True) if below else None

    def ancestors(self, code: str) -> dict[str, str]:
        """Tier to code of the units above one, as parent codes tell."""
        found: dict[str, str] = {}
        parent = self._parents.get(code, "")
        while parent and parent in self._parents and parent not in found.values():
            for tier, index in self.tiers.items():
                if index.position_of(parent) is not None:
                    found.setdefault(tier, parent)
            parent = self._parents[parent]
        return found

    def county_code(self, code: str) -> str:
        """The code of the county that a unit lies in, "" where nothing tells it.

        As parent codes tell; beyond what the data hold as division codes are built (GB/T 2260).
        """
        found, seen = code, set[str]()
        while found and found not in seen:
            if self._tier_of(found) == _COUNTY:
                return codes.shorten(found)
            seen.add(found)
            found = self._parents.get(found) or codes.parent_of(found) or ""
        return ""

    def _tier_of(self, code: str) -> str | None:
        """The tier of a unit of the data, else what the form of its code tells."""
        for tier, index in self.tiers.items():
            if index.position_of(code) is not None:
                return tier
        plain = codes.check_unit_code(code) is None
        return codes.tier_of_code(code) if plain else None


def _index(
    rows: Sequence[UnitRow], shapes: npt.NDArray[np.object_], tiers: tuple[str, ...]
) -> UnitIndex:
    chosen = [i for i, row in enumerate(rows) if row.unit.tier in tiers]
    return UnitIndex(
        [rows[i].unit for i in chosen], shapes[chosen], [rows[i].priority for i in chosen]
    )


def _present_tier(wanted: str, present: Mapping[str, UnitIndex]) -> str:
    """The owner tier that the data have: the wanted one, a coarser one, else a finer one."""
    start = ADMINISTRATIVE.index(wanted)
    order = (*ADMINISTRATIVE[start:], *reversed(ADMINISTRATIVE[:start]))
    return next((tier for tier in order if tier in present), wanted)
