"""From a question about a project to a proposal: which sites, what each buys, how sure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final

import numpy as np

from gridmap.capabilities.rivers.work.waters import WATER_READS
from gridmap.capabilities.siting.rules.question import Answer, Bools, CoverError, Question
from gridmap.capabilities.siting.rules.siting import (
    Means,
    fewest_sites,
    gain_curve,
    most_cover,
    what_if,
)
from gridmap.capabilities.siting.work.air import air_ground
from gridmap.capabilities.siting.work.figures import AirFigures, WaterFigures, siting_figures
from gridmap.capabilities.siting.work.ground import (
    DemandKind,
    Ground,
    Medium,
    Site,
    SiteKind,
)
from gridmap.capabilities.siting.work.solver import OwnProcess
from gridmap.capabilities.siting.work.water import water_ground
from gridmap.stopping import Job
from gridmap.store.changes import roles, settings
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

SITING_READS: Final = WATER_READS | roles("enterprise", "station", "zone") | settings("siting.")


@dataclass(frozen=True)
class Asked:
    """What a planner asks.

    Attributes:
        medium: water or air.
        count: new sites; with `share` the question is instead how few are enough.
        share: of all weight, 0–1, or None.
        distance_m: how far a site sees; None for the figure of the project.
        moves: standing sites that may be moved, out of `movable` (codes; empty: all).
        backup: each border wants two sites.
        weights: of kinds of demand, instead of the figures.
        points, without, complaints: ids of layers; see `water_ground`.
        curve: whether the gain of 1, 2, … `count` sites is asked, too.
        limit_s: of the solver; None for the figure of the project.
    """

    medium: Medium = Medium.WATER
    count: int = 3
    share: float | None = None
    distance_m: float | None = None
    moves: int = 0
    movable: tuple[str, ...] = ()
    backup: bool = False
    weights: tuple[tuple[str, float], ...] = ()
    points: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    curve: bool = False
    limit_s: float | None = None


@dataclass(frozen=True)
class Proposed:
    """A proposed site.

    Attributes:
        rank: from 1; position: in the ground.
        gain, alone: weight that it adds to those before it, and that nobody else covers.
        fresh: by kind, what it covers that nothing covers today.
        only: by kind, what nobody else covers with the whole proposal.
    """

    rank: int
    position: int
    site: Site
    gain: float
    alone: float
    fresh: Mapping[DemandKind, float]
    only: Mapping[DemandKind, float]


@dataclass(frozen=True, eq=False)
class SitingAnswer:
    """A proposal with all it was made of.

    Attributes:
        asked: with distance, weights and limit filled in.
        ground: sites and demand; question: as it was solved; answer: the proposal.
        curve: the answers for 1, 2, … sites, if asked.
        title, example: of the project.
        by_hand: somebody moved a site: the bound is that of the proposal before.
    """

    asked: Asked
    ground: Ground
    question: Question
    answer: Answer
    curve: tuple[Answer, ...]
    title: str
    example: bool
    by_hand: bool = False

    @property
    def distance_m(self) -> float:
        """How far a site sees, metres."""
        return self.asked.distance_m or 0.0

    @property
    def proposed(self) -> tuple[Proposed, ...]:
        """The proposed sites by rank."""
        return self._proposed

    @cached_property
    def _proposed(self) -> tuple[Proposed, ...]:
        question, answer = self.question, self.answer
        today, then = self.met_today, self.met
        chosen = self.chosen
        found = []
        for number, position in enumerate(answer.sites):
            rest = chosen.copy()
            rest[position] = False
            mine = self.covers(position)
            only = then & ~question.met(rest)
            found.append(
                Proposed(
                    number + 1, position, self.ground.sites[position], answer.gains[number],
                    answer.alone[number], self.ground.amounts(mine & ~today & then),
                    self.ground.amounts(only),
                )
            )  # fmt: skip
        return tuple(found)

    @property
    def moved(self) -> tuple[Site, ...]:
        """Standing sites that are given up."""
        return tuple(self.ground.sites[position] for position in self.answer.moved)

    @property
    def standing(self) -> tuple[Site, ...]:
        """The sites that exist."""
        return tuple(one for one in self.ground.sites if one.kind is SiteKind.STANDING)

    @property
    def chosen(self) -> Bools:
        """The sites there would be: a mask over those of the ground."""
        mask = self.question.standing.copy()
        mask[list(self.answer.moved)] = False
        mask[list(self.answer.sites)] = True
        return mask

    @cached_property
    def met_today(self) -> Bools:
        """The demand that is covered today."""
        return self.question.met(self.question.standing)

    @cached_property
    def met(self) -> Bools:
        """The demand that is covered with the proposal."""
        return self.question.met(self.chosen)

    def covers(self, position: int) -> Bools:
        """The demand that one site covers, be it enough for it or not."""
        mask = np.zeros(len(self.ground.sites), bool)
        mask[position] = True
        return self.question.counts(mask) > 0

    def moved_to(self, rank: int, lon: float, lat: float) -> "SitingAnswer":
        """The proposal with one site at the candidate nearest to a place: what if.

        It keeps its place in the list; the bound of the proposal before still holds.
        """
        position = self.ground.nearest(lon, lat)
        sites = list(self.answer.sites)
        if position is None or position in sites:
            return self
        sites[rank - 1] = position
        answer = what_if(self.question, sites, self.answer.moved)
        order = [answer.sites.index(one) for one in sites]
        answer = replace(
            answer,
            sites=tuple(sites),
            gains=tuple(answer.gains[place] for place in order),
            alone=tuple(answer.alone[place] for place in order),
            bound=max(self.answer.bound, answer.covered),
        )
        return replace(self, answer=answer, by_hand=True)


def siting_of(project: Project, asked: Asked, job: Job | None = None) -> SitingAnswer:
    """Propose sites.

    Args:
        project: the project; any thread.
        asked: the question.
        job: hears how far the work is; stops it, the solver included.

    Raises:
        ProjectError: `siting.error.…`: what is missing, and where to get it.
        FigureError: for a setting that does not fit.
        Cancelled: if the job was stopped.
    """
    job = job or Job()
    job.tell(0.0)
    asked, weights, ground = _prepared(project, asked, job)
    movable = frozenset(asked.movable or (one.code for one in ground.sites))
    question = ground.question(weights, movable, backup=asked.backup)
    limit_s = asked.limit_s or 1.0
    means = Means(OwnProcess.of(job, 0.5, 0.8), limit_s, job.check)
    curve_means = Means(OwnProcess.of(job, 0.8, 1.0), limit_s, job.check)
    try:
        if asked.share is not None:
            answer = fewest_sites(question, asked.share, means)
        else:
            answer = most_cover(question, asked.count, means, asked.moves)
        count = len(answer.sites) if asked.share is not None else asked.count
        curve = (
            gain_curve(question, count, curve_means, asked.moves) if asked.curve and count else ()
        )
    except CoverError as error:
        raise ProjectError(_key(error, asked), **_facts(error)) from error
    job.tell(1.0)
    return SitingAnswer(
        asked, ground, question, answer, curve, project.title, project.is_example
    )  # fmt: skip


# --- inner --------------------------------------------------------------------------------


def _prepared(
    project: Project, asked: Asked, job: Job
) -> tuple[Asked, dict[DemandKind, float], Ground]:
    """The question with the figures of the project, weights by kind, sites and demand."""
    figures = siting_figures(project)
    own: WaterFigures | AirFigures = figures.water
    if asked.medium is Medium.AIR:
        own = figures.air
    weights = {DemandKind(one.name): getattr(own.weights, one.name) for one in fields(own.weights)}
    for name, value in asked.weights:
        if name not in {one.value for one in weights}:
            known = " / ".join(one.value for one in weights)
            raise ProjectError("siting.error.no_weight", name=name, known=known)
        weights[DemandKind(name)] = value
    distance = own.distance_m if asked.distance_m is None else asked.distance_m
    if not distance > 0:
        raise ProjectError("siting.error.no_distance", metres=f"{distance:g}")
    asked = replace(
        asked,
        distance_m=distance,
        limit_s=figures.solver.limit_s if asked.limit_s is None else asked.limit_s,
        weights=tuple((kind.value, value) for kind, value in weights.items()),
    )
    parts = {"points": asked.points, "without": asked.without, "complaints": asked.complaints}

    def tell(share: float) -> None:
        job.tell(share / 2)

    if isinstance(own, AirFigures):
        ground = air_ground(project, own, distance, figures.zones.red, **parts, tell=tell)
    else:
        ground = water_ground(project, own, distance, figures.zones.red, **parts, tell=tell)
    unknown = set(asked.movable) - {
        one.code for one in ground.sites if one.kind is SiteKind.STANDING
    }
    if unknown:
        raise ProjectError("siting.error.no_standing", codes="、".join(sorted(unknown)))
    return asked, weights, ground


def _key(error: CoverError, asked: Asked) -> str:
    if error.code in {"no_demand", "no_candidates"}:
        return f"siting.error.{error.code}_{asked.medium}"
    return f"siting.error.{error.code}"


def _facts(error: CoverError) -> dict[str, object]:
    return {
        name: f"{value:.1%}" if name == "share" else value for name, value in error.facts.items()
    }
