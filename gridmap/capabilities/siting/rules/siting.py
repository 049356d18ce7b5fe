"""The questions of a planner: most cover with k sites, fewest sites, moved sites, the gain curve.

Every answer is counted from the question itself; what the solver says is held against that and
against the answer that was found without it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.siting.rules.bounding import (
    Bounded,
    bounded,
    remaining,
    smallest_step,
)
from gridmap.capabilities.siting.rules.program import Program, Solution, Solve, program_of
from gridmap.capabilities.siting.rules.question import (
    Answer,
    Bools,
    Check,
    CoverError,
    Proof,
    Question,
)
from gridmap.capabilities.siting.rules.reducing import Reduced, reduced
from gridmap.capabilities.siting.rules.searching import (
    Room,
    ceiling,
    exchanged,
    greedy,
    settled_ties,
    tolerance,
    value_of,
)

_WHOLE = 1e-6  # the solver's own tolerance of a whole number


def _nothing() -> None:
    """A check that stops nobody."""


@dataclass(frozen=True)
class Means:
    """How to work.

    Attributes:
        solve: the solver.
        limit_s: seconds for it.
        check: called between two steps; raises to stop.
    """

    solve: Solve
    limit_s: float = 30.0
    check: Check = _nothing


def most_cover(question: Question, new: int, means: Means, moves: int = 0) -> Answer:
    """Cover most with `new` more sites, and `moves` standing ones moved elsewhere.

    Raises:
        CoverError: `bad_count` for less than one site, `too_many` for more than the candidates,
            `too_many_moves` for more than the movable, `no_demand`, `no_candidates`.
    """
    _checked(question, new, moves)
    found = reduced(question, moves, means.check)
    room = Room(new, moves)
    return _most(question, found, room, means)


def fewest_sites(question: Question, share: float, means: Means) -> Answer:
    """As few new sites as cover a share (0–1] of all weight; of these, those that cover most.

    A share of 1 means everything that the candidates can cover: `beyond` says what they cannot.

    Raises:
        CoverError: `bad_share`; `unreachable` with the share that can be reached; `no_demand`,
            `no_candidates`.
    """
    if not 0 < share <= 1:
        raise CoverError("bad_share", share=share)
    found = reduced(question, 0, means.check)
    even = tolerance(found)
    target = found.most if share == 1 else share * question.total
    if target > found.most + even:
        raise CoverError("unreachable", share=found.most / question.total)
    if target <= found.base + even:
        return _answer(question, found, found.movable, found.base, Proof.OPTIMAL, least=0)
    every = Room(found.cover.shape[1])
    steps = greedy(found, every, means.check)
    own = next(step for step in steps if value_of(found, step) >= target - even)
    least = _least_from(found, target, even)
    chosen, doubted = own, False
    if least < own.sum():
        solution = means.solve(program_of(found, every, target - found.base), means.limit_s)
        good = _holds(found, every, solution.chosen, target - even)
        if good is not None and good.sum() < own.sum():
            chosen = good
        doubted = _few_doubts(solution, good, int(chosen.sum()))
        if not doubted and not math.isnan(solution.bound):
            least = max(least, math.ceil(solution.bound - _WHOLE))
    count = int(chosen.sum())
    better = _most(question, found, Room(count), means, start=chosen)
    proof = Proof.OPTIMAL if least >= count else Proof.WITHIN
    mask = _mask_of(found, better.sites)
    return _answer(
        question, found, mask, better.bound, proof, least=min(least, count), doubted=doubted
    )


def gain_curve(question: Question, new: int, means: Means, moves: int = 0) -> tuple[Answer, ...]:
    """The answers for 1, 2, …, `new` sites; it ends early where another site adds nothing.

    With `moves` standing sites may be moved in each of them.

    Raises:
        CoverError: like `most_cover`.
    """
    _checked(question, new, moves)
    found = reduced(question, moves, means.check)
    answers: list[Answer] = []
    for count in range(1, new + 1):
        means.check()
        answers.append(_most(question, found, Room(count, moves), means))
        if answers[-1].covered >= found.most - tolerance(found):
            break
    return tuple(answers)


def what_if(question: Question, sites: Sequence[int], moved: Sequence[int] = ()) -> Answer:
    """What sites that somebody chose would cover, in the order that brings most first.

    Its bound is all weight that the sites of the question can cover.
    """
    mask = np.zeros(len(question.standing), bool)
    mask[list(sites)] = True
    left = question.standing.copy()
    left[list(moved)] = False
    bound = question.covered(np.ones_like(mask))
    return _written(question, mask, left, bound, Proof.WITHIN)


# --- inner --------------------------------------------------------------------------------


def _checked(question: Question, new: int, moves: int) -> None:
    if new < 0 or moves < 0 or new + moves < 1:
        raise CoverError("bad_count", count=new)
    if question.candidates == 0:
        raise CoverError("no_candidates")
    if new + moves > question.candidates:
        raise CoverError("too_many", count=new + moves, candidates=question.candidates)
    if moves > int(question.movable.sum()):
        raise CoverError("too_many_moves", count=moves, movable=int(question.movable.sum()))


def _most(
    question: Question, found: Reduced, room: Room, means: Means, start: Bools | None = None
) -> Answer:
    steps = greedy(found, room, means.check)
    chosen = exchanged(found, room, steps[-1], means.check)
    if start is not None and value_of(found, start) > value_of(found, chosen):
        chosen = start
    bound = ceiling(found, room, [*steps, chosen])
    even = tolerance(found)
    proven, doubted = value_of(found, chosen) >= bound - even, False
    if not proven:
        by = bounded(found, room, value_of(found, chosen), means.check)
        bound = min(bound, by.bound)
        if room.fits(found, by.picks):
            other = exchanged(found, room, by.picks, means.check)
            if value_of(found, other) > value_of(found, chosen) + even:
                chosen = other
        if bound < value_of(found, chosen) + smallest_step(found) * 0.999:
            bound, proven = value_of(found, chosen), True
        else:
            chosen, bound, proven, doubted = _by_solver(found, room, chosen, by, means)
            bound = min(bound, found.most)
    chosen = settled_ties(found, room, chosen, means.check)
    proof = Proof.OPTIMAL if proven else Proof.WITHIN
    return _answer(question, found, chosen, bound, proof, doubted=doubted)


def _by_solver(
    found: Reduced, room: Room, chosen: Bools, by: Bounded, means: Means
) -> tuple[Bools, float, bool, bool]:
    """The better of a choice and the solver's; bound, whether it is proven, whether doubted."""
    value = value_of(found, chosen)
    rest = remaining(found, room, value, by, means.check)
    if rest.found.most <= value + tolerance(found) or not rest.room.sites(rest.found):
        return chosen, value, True, False  # nothing that remains is better
    program = program_of(rest.found, rest.room)
    solution = means.solve(program, means.limit_s)
    good = _holds(rest.found, rest.room, solution.chosen, -math.inf)
    best = rest.found.base if good is None else value_of(rest.found, good)
    bound, proven, doubted = _judged(rest.found, program, solution, good, value, by.bound)
    if rest.has(chosen) and not math.isnan(solution.bound):
        told = solution.bound + rest.found.base
        if told < value - max(tolerance(found), _WHOLE * found.most):
            bound, proven, doubted = by.bound, False, True
    if good is not None and best > value + tolerance(found):
        chosen = rest.whole(good)
    return chosen, bound, proven, doubted


def _judged(
    found: Reduced, program: Program, solution: Solution, good: Bools | None, value: float,
    bound: float,
) -> tuple[float, bool, bool]:  # fmt: skip
    """The bound that holds, whether the choice is proven by it, whether the solver is doubted.

    A solver has been wrong about an optimum (ERGO-Code/HiGHS#3094): an answer that is not what
    it says, or a bound below what somebody reached, is not believed.
    """
    slack = max(tolerance(found), _WHOLE * max(found.most, 1.0) * 1e-3)
    counted = math.nan if good is None else value_of(found, good)
    said = solution.value + found.base
    wrong = solution.chosen is not None and not abs(counted - said) <= slack
    if not math.isnan(solution.bound):
        theirs = solution.bound + found.base
        if (program.weights == np.round(program.weights)).all() and found.base == round(found.base):
            theirs = math.floor(theirs + _WHOLE * 10)
        wrong = wrong or (good is not None and theirs < counted - slack)
        # What remains holds every better answer: below the value so far there is none.
        if not wrong:
            bound = min(bound, max(theirs, value))
    best = value if good is None else max(value, counted)
    return max(bound, best), not wrong and best >= bound - slack, wrong


def _few_doubts(solution: Solution, good: Bools | None, count: int) -> bool:
    if solution.chosen is not None and good is None:
        return True
    return not math.isnan(solution.bound) and math.ceil(solution.bound - _WHOLE) > count


def _least_from(found: Reduced, target: float, even: float) -> int:
    """No fewer columns than this reach a target: even the largest ones add up to less."""
    sizes = np.sort(np.asarray(found.cover.T @ found.weights))[::-1]
    sums = found.base + np.cumsum(sizes)
    enough = np.flatnonzero(sums >= target - even)
    return int(enough[0]) + 1 if len(enough) else len(sizes)


def _holds(found: Reduced, room: Room, chosen: Bools | None, target: float) -> Bools | None:
    """A choice if it is allowed and reaches a weight, else None."""
    if chosen is None or not room.fits(found, chosen) or value_of(found, chosen) < target:
        return None
    return chosen


def _mask_of(found: Reduced, sites: Sequence[int]) -> Bools:
    mask: Bools = np.isin(found.sites, sites)
    return mask


def _answer(
    question: Question, found: Reduced, chosen: Bools, bound: float, proof: Proof,
    least: int | None = None, *, doubted: bool = False,
) -> Answer:  # fmt: skip
    """The choice in the terms of the question, counted anew."""
    new = np.zeros(len(question.standing), bool)
    new[found.sites[chosen & ~found.movable]] = True
    left = question.standing.copy()
    left[found.sites[found.movable & ~chosen]] = False
    return _written(question, new, left, bound, proof, least, doubted=doubted)


def _written(
    question: Question, new: Bools, left: Bools, bound: float, proof: Proof,
    least: int | None = None, *, doubted: bool = False,
) -> Answer:  # fmt: skip
    sites, gains = _ranked(question, new, left)
    covered = question.covered(new | left)
    beyond = question.total - question.covered(np.ones_like(left))
    return Answer(
        sites=tuple(sites),
        moved=tuple(np.flatnonzero(question.standing & ~left).tolist()),
        gains=tuple(gains),
        alone=tuple(_alone(question, sites, new | left)),
        before=question.covered(question.standing),
        covered=covered,
        total=question.total,
        beyond=beyond,
        bound=max(bound, covered) if proof is Proof.WITHIN else covered,
        proof=proof,
        least=least,
        doubted=doubted,
    )


def _ranked(question: Question, new: Bools, left: Bools) -> tuple[list[int], list[float]]:
    """New sites in the order in which each adds most, and what it adds; the first of equals."""
    rest = np.flatnonzero(new)
    counts = question.counts(left)
    columns = question.cover[:, rest].T.tocsr()
    order: list[int] = []
    gains: list[float] = []
    open_ = list(range(len(rest)))
    while open_:
        short = question.needs - counts
        last = np.asarray(columns @ (question.weights * (short == 1)))
        more = np.asarray(columns @ (question.weights * (short > 1) / question.needs))
        best = max(open_, key=lambda place: (last[place], more[place], -place))
        open_.remove(best)
        order.append(int(rest[best]))
        gains.append(float(last[best]))
        mine = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        counts[mine] += 1
    return order, gains


def _alone(question: Question, sites: Sequence[int], chosen: Bools) -> list[float]:
    """What would be lost without each site."""
    spare = question.counts(chosen) - question.needs
    tight = question.weights * (spare == 0)
    columns = question.cover[:, list(sites)].T
    return [float(value) for value in np.asarray(columns @ tight)] if len(sites) else []
