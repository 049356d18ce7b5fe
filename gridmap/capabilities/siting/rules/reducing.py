"""A smaller question with the same optimum: what is settled, what is equal, what is dominated.

Nothing here guesses: demand that the same sites cover is added up, and a candidate goes only if
another one can take its place in any answer without loss.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gridmap.capabilities.siting.rules.question import (
    Bools,
    Check,
    CoverError,
    Floats,
    Ints,
    Question,
    Sparse,
)

_BLOCK = 512  # candidates compared at a time, so that memory stays small
_ROUNDS = 4  # merging and dropping help each other; more rounds find next to nothing


@dataclass(frozen=True, eq=False)
class Reduced:
    """What is left to decide.

    Attributes:
        weights: of merged demand, shape (r,).
        cover: merged demand × sites left, `csr_array` (r, c).
        needs: sites still needed, shape (r,).
        sites: positions of the columns in the question, rising, shape (c,).
        movable: columns that stand and may be given up, shape (c,).
        base: weight that stands covered whatever is decided.
        beyond: weight that nothing left can cover.
    """

    weights: Floats
    cover: Sparse
    needs: Ints
    sites: Ints
    movable: Bools
    base: float
    beyond: float

    @cached_property
    def columns(self) -> Sparse:
        """Sites × demand: what each site covers, `csr_array` (c, r)."""
        return self.cover.T.tocsr()

    @property
    def single(self) -> bool:
        """Whether no demand needs more than one site."""
        return bool((self.needs == 1).all())

    @property
    def most(self) -> float:
        """The weight covered if all that is left were built."""
        return self.base + float(self.weights.sum())


def _nothing() -> None:
    """A check that stops nobody."""


def reduced(question: Question, moves: int = 0, check: Check = _nothing) -> Reduced:
    """Settle, merge, drop dominated candidates; the optimum of any number of sites stays.

    Args:
        question: what is asked.
        moves: how many standing sites may be given up; with 0 all of them are settled.
        check: called between two steps.

    Raises:
        CoverError: `no_demand` if nothing weighs anything, `no_candidates` without any.
    """
    if question.total <= 0:
        raise CoverError("no_demand")
    if question.candidates == 0:
        raise CoverError("no_candidates")
    found = settled(question, moves)
    for _ in range(_ROUNDS):
        before = found.cover.shape
        found = dropped(merged(found), check)
        if found.cover.shape == before:
            break
    return merged(found)


def settled(question: Question, moves: int = 0) -> Reduced:
    """Take out what standing sites cover for good and what no site can cover."""
    fixed = question.standing & ~question.movable if moves > 0 else question.standing
    left = question.needs - question.counts(fixed)
    columns = np.flatnonzero(~fixed)
    open_rows = (left > 0) & (question.weights > 0)
    cover = question.cover[np.flatnonzero(open_rows)][:, columns]
    can = np.diff(cover.indptr) >= left[open_rows]
    weights = question.weights[open_rows]
    return Reduced(
        weights[can],
        cover[np.flatnonzero(can)],
        left[open_rows][can],
        columns,
        question.movable[columns],
        float(question.weights[left <= 0].sum()),
        float(weights[~can].sum()),
    )


def merged(found: Reduced) -> Reduced:
    """Add up demand that the same sites cover and that needs as many of them."""
    cover = found.cover
    cover.sort_indices()
    starts, columns = cover.indptr.tolist(), cover.indices
    known: dict[tuple[int, bytes], int] = {}
    group = np.empty(cover.shape[0], np.int64)
    firsts: list[int] = []
    for row, need in enumerate(found.needs.tolist()):
        key = need, columns[starts[row] : starts[row + 1]].tobytes()
        place = known.setdefault(key, len(known))
        if place == len(firsts):
            firsts.append(row)
        group[row] = place
    if len(firsts) == len(group):
        return found
    kept = np.array(firsts, np.int64)
    weights = np.bincount(group, found.weights, len(firsts)).astype(np.float64)
    return replace(found, weights=weights, cover=cover[kept], needs=found.needs[kept])


def dropped(found: Reduced, check: Check = _nothing) -> Reduced:
    """Drop each candidate whose demand another site covers, too; of equal ones the first stays.

    One that helps demand which needs several sites stays: both could be wanted together. So do
    standing sites, which cost nothing where they are.
    """
    several = np.flatnonzero(found.needs > 1)
    wanted = np.zeros(found.cover.shape[1], bool)
    wanted[np.unique(found.cover[several].indices)] = True
    free = np.flatnonzero(~wanted & ~found.movable)
    columns = found.columns
    sizes = np.diff(columns.indptr)
    gone = np.zeros(len(sizes), bool)
    for start in range(0, len(free), _BLOCK):
        check()
        block = free[start : start + _BLOCK]
        common = (columns[block] @ found.cover).tocoo()
        own, other = block[common.row], common.col
        inside = (common.data == sizes[own]) & (own != other)
        # Of two that cover the same the earlier one stays; a standing site comes before both.
        first = (sizes[other] > sizes[own]) | (other < own) | found.movable[other]
        gone[own[inside & first]] = True
    gone[free[sizes[free] == 0]] = True
    if not gone.any():
        return found
    kept = np.flatnonzero(~gone)
    return replace(
        found, cover=found.cover[:, kept], sites=found.sites[kept], movable=found.movable[kept]
    )
