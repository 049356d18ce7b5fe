"""`locate`: one place, one day, one verdict."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.capabilities.locate.rules.around import Outlet, Section, Station, Surroundings
from gridmap.capabilities.locate.rules.basis import basis, fingerprint, fingerprint_of_data
from gridmap.capabilities.locate.rules.batch import Batch, Parts
from gridmap.capabilities.locate.rules.batch_verdict import BatchVerdict
from gridmap.capabilities.locate.rules.control import Zone, ZoneIndex
from gridmap.capabilities.locate.rules.grid import Decision, Dispute, Grid, UnitRow
from gridmap.capabilities.locate.rules.posts import PostBook
from gridmap.capabilities.locate.rules.reaches import OnReach, Reach, ReachIndex
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import (
    Around,
    District,
    Duty,
    EditionUsed,
    Holding,
    OtherReach,
    RiverLink,
    Status,
    UnitRef,
    Verdict,
)
from gridmap.core.place import Place

Shapes = npt.NDArray[np.object_]


def _no_shapes() -> Shapes:
    return np.empty(0, dtype=object)


@dataclass(frozen=True)
class Evidence:
    """Everything a verdict may rest on; geometries in degrees of EPSG:4490.

    Each list of attributes goes with an array of shapes of the same length.
    `accuracy_m` is the positional accuracy by role of the layer (`grid`, `reach`, `zone`).
    """

    rules: Rules
    posts: PostBook
    units: Sequence[UnitRow] = ()
    unit_shapes: Shapes = field(default_factory=_no_shapes)
    districts: Sequence[UnitRef] = ()
    district_shapes: Shapes = field(default_factory=_no_shapes)
    reaches: Sequence[Reach] = ()
    reach_shapes: Shapes = field(default_factory=_no_shapes)
    zones: Sequence[Zone] = ()
    zone_shapes: Shapes = field(default_factory=_no_shapes)
    disputes: Sequence[tuple[Dispute, shapely.Geometry]] = ()
    sections: Sequence[Section] = ()
    stations: Sequence[Station] = ()
    outlets: Sequence[Outlet] = ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    editions: Sequence[EditionUsed] = ()
    accuracy_m: Mapping[str, float] = field(default_factory=dict)


class UnknownProblemError(KeyError):
    """A problem type that the table of departments does not hold."""


class Responsibility:
    """The rule over one state of the data; immutable, safe to ask from any thread."""

    def __init__(self, evidence: Evidence) -> None:
        self._rules, self._posts = evidence.rules, evidence.posts
        self._duties, self._editions = dict(evidence.duties), tuple(evidence.editions)
        self._accuracy = dict(evidence.accuracy_m)
        self._one_batch = threading.Lock()
        self._data_mark = fingerprint_of_data(self._rules, self._editions)
        self.grid = Grid(
            evidence.units, evidence.unit_shapes, evidence.disputes, evidence.rules.owner_tier
        )
        self._districts = UnitIndex(evidence.districts, evidence.district_shapes)
        self._reaches = ReachIndex(evidence.reaches, evidence.reach_shapes)
        self._zones = ZoneIndex(evidence.zones, evidence.zone_shapes, self._accuracy_of("zone"))
        self._around = Surroundings(
            self._reaches, evidence.sections, evidence.stations, evidence.outlets,
            evidence.rules.snap_m,
        )  # fmt: skip

    @property
    def problems(self) -> Mapping[str, Duty]:
        """The problem types that the table of departments knows."""
        return self._duties

    def locate(self, place: Place, on: date, problem: str | None = None) -> Verdict:
        """Who is responsible at a place on a day.

        Args:
            place: degrees of EPSG:4490, with the radius of its uncertainty.
            on: the day (Asia/Shanghai).
            problem: a problem type of the table of departments.

        Raises:
            UnknownProblemError: if the table lacks the problem type.
        """
        grid_m = self._accuracy_of("grid")
        tolerance_m = grid_m + place.radius_m
        near = self._reaches.near(place.lon, place.lat, self._rules.river_within_m)
        river = self._river(near, on)
        decision = self.grid.decide(place, tolerance_m)
        decision = self._on_border_river(decision, near, river, place)
        candidates = tuple(self.grid.candidate(one) for one in decision.near)
        mark = fingerprint(place, on, problem, self._data_mark)
        outside = decision.status is Status.OUTSIDE
        return Verdict(
            place=place,
            on=on,
            status=decision.status,
            reason=decision.reason,
            owner=None if decision.owner is None else candidates[0].unit,
            provisional=decision.provisional,
            border_m=decision.border_m,
            candidates=candidates,
            chain=self.grid.chain(place, decision, tolerance_m, self._posts, on),
            districts=self._districts_at(place, tolerance_m, on),
            river=river,
            zones=() if outside else self._zones.at(place.lon, place.lat, place.radius_m),
            around=Around() if outside and river is None else self._surroundings(place, near),
            duty=self._duty(problem),
            basis=basis(
                decision, candidates, river, (grid_m, place.radius_m), self._editions, mark
            ),
        )

    def chiefs_of(self, reach_code: str, on: date) -> tuple[Holding, ...]:
        """Who holds the posts of a reach on a day, vacancies included."""
        return self._posts.on(on, "reach", reach_code)

    def many(
        self,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        radius_m: npt.ArrayLike = 0.0,
        on: date | npt.ArrayLike | None = None,
        problem: str | Sequence[str | None] | None = None,
    ) -> BatchVerdict:
        """Who is responsible at n places: what `locate` says, by column.

        Args:
            lon: shape (n,), degrees of EPSG:4490, finite.
            lat: shape (n,).
            radius_m: uncertainty of the places in metres, one or shape (n,).
            on: the day of all rows, or days (datetime64) of shape (n,).
            problem: the problem type of all rows, or one for each.

        Raises:
            UnknownProblemError: if the table of departments lacks a problem type.
            ValueError: for coordinates that are no numbers, or without a day.
        """
        lon, lat = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
            raise ValueError("coordinates must be finite")
        if on is None:
            raise ValueError("a day is needed")
        radii = np.broadcast_to(np.asarray(radius_m, np.float64), lon.shape)
        days = np.broadcast_to(np.asarray(on, "datetime64[D]"), lon.shape)
        if problem is None or isinstance(problem, str):
            problem = [problem] * len(lon)
        for one in dict.fromkeys(problem):
            self._duty(one)
        with self._one_batch:
            return self._batch.many(lon, lat, radii, days, problem)

    def prepare(self) -> None:
        """Build now what the first large batch would build one after the other."""
        jobs: list[Callable[[], object]] = [lambda: self.grid.owners.cells, lambda: self._batch]
        if self.grid.territory is None:
            jobs.append(lambda: self.grid.owners.hull)
        with ThreadPoolExecutor(len(jobs)) as pool:
            for job in [pool.submit(one) for one in jobs]:
                job.result()

    @cached_property
    def _batch(self) -> Batch:
        return Batch(
            Parts(
                self._rules, self._posts, self.grid, self._districts, self._reaches, self._zones,
                self._duties, self._accuracy_of("grid"), self._accuracy_of("reach"),
                self._data_mark,
            )
        )  # fmt: skip

    def _accuracy_of(self, role: str) -> float:
        return self._accuracy.get(role, 0.0)

    def _duty(self, problem: str | None) -> Duty | None:
        if problem is None:
            return None
        if problem not in self._duties:
            raise UnknownProblemError(problem)
        return self._duties[problem]

    def _surroundings(self, place: Place, near: Sequence[OnReach]) -> Around:
        on_water = near[0] if near else None
        rules = self._rules
        return self._around.at(place.lon, place.lat, on_water, rules.walk_m, rules.stations)

    def _districts_at(self, place: Place, tolerance_m: float, on: date) -> tuple[District, ...]:
        answer = self._districts.at(place.lon, place.lat, tolerance_m)
        found: list[District] = []
        for near in answer.covering:
            unit = self._districts.units[near.position]
            held = self._posts.on(on, "district", unit.code)
            uncertain = near.distance_m < tolerance_m
            found.append(District(unit.code, unit.name, near.distance_m, uncertain, held))
        return tuple(found)

    def _river(self, near: Sequence[OnReach], on: date) -> RiverLink | None:
        if not near:
            return None
        at, grid_m = near[0], self._accuracy_of("grid")
        reach = self._reaches.reaches[at.reach]
        left, right = self._reaches.sides(at, grid_m, self.grid.owner_code)
        kind = self._reaches.border_kind(
            at.reach, grid_m, self.grid.owner_code,
            self._rules.border_share, self._rules.interlocked_share,
        )  # fmt: skip
        others = [
            OtherReach(
                self._reaches.reaches[o.reach].code,
                self._reaches.reaches[o.reach].name,
                o.distance_m,
            )
            for o in near[1:]
        ]
        return RiverLink(
            reach_code=reach.code,
            reach_name=reach.name,
            river_name=reach.river_name,
            distance_m=at.distance_m,
            chainage_m=at.chainage_m,
            length_m=float(self._reaches.lengths_m[at.reach]),
            bank=at.bank,
            flow=reach.flow,
            border=kind,
            sides=(self._unit(left), self._unit(right)),
            chiefs=self._posts.on(on, "reach", reach.code),
            others=tuple(others),
        )

    def _unit(self, code: str | None) -> UnitRef | None:
        position = None if code is None else self.grid.owners.position_of(code)
        return None if position is None else self.grid.owners.units[position]

    def _on_border_river(
        self,
        decision: Decision,
        near: Sequence[OnReach],
        river: RiverLink | None,
        place: Place,
    ) -> Decision:
        """In a river that is itself the border, both banks' owners share the place."""
        if river is None or decision.status is not Status.BORDERLINE or decision.provisional:
            return decision
        left, right = river.sides
        reach = self._reaches.reaches[near[0].reach]
        water_m = reach.width_m / 2 + self._accuracy_of("reach") + place.radius_m
        if left is None or right is None or left == right or river.distance_m > water_m:
            return decision
        return self.grid.with_both_banks(decision, (left, right), place)
