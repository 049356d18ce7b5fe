"""What is asked and what is answered: demand, sites, who covers whom. No map, no project.

The model is that of maximal covering (Church and ReVelle 1974, The maximal covering location
problem, Papers of the Regional Science Association 32: 101–118), with sites that stand, sites
that may be given up, and demand that needs more than one site (backup).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Sparse = Any
"""A `scipy.sparse.csr_array` of int64, demand × sites; never dense."""

Check = Callable[[], None]
"""Called between two steps; raises what its owner wants to stop with."""


class CoverError(Exception):
    """A question that has no answer.

    Attributes:
        code: `no_demand`, `no_candidates`, `too_many`, `too_many_moves`, `bad_count`, `bad_share`,
            `unreachable`.
        facts: figures that belong in the message.
    """

    def __init__(self, code: str, **facts: float) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Proof(StrEnum):
    """How good an answer is known to be."""

    OPTIMAL = "optimal"
    WITHIN = "within"


@dataclass(frozen=True, eq=False)
class Question:
    """Who covers what.

    Attributes:
        weights: of the demand, shape (n,), finite and not negative.
        cover: 1 where a site covers a demand, shape (n, s), `csr_array`.
        standing: sites that exist, shape (s,); the others are candidates, in order of preference.
        movable: of the standing ones those that may be given up, shape (s,).
        needs: how many sites a demand needs, at least 1, shape (n,).
    """

    weights: Floats
    cover: Sparse
    standing: Bools
    movable: Bools
    needs: Ints

    @classmethod
    def of(
        cls,
        weights: Any,
        cover: Sparse,
        standing: Any = None,
        movable: Any = None,
        needs: Any = None,
    ) -> "Question":
        """A question with what is usual: nothing stands, one site is enough.

        Raises:
            ValueError: for shapes that do not fit, weights below 0 or not finite, needs below 1.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415  large

        matrix = csr_array(cover, dtype=np.int64, copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        matrix.data[:] = 1
        n, s = matrix.shape
        heavy = np.asarray(weights, np.float64)
        stands = np.zeros(s, bool) if standing is None else np.asarray(standing, bool)
        moves = np.zeros(s, bool) if movable is None else np.asarray(movable, bool)
        wanted = np.ones(n, np.int64) if needs is None else np.asarray(needs, np.int64)
        shapes = (heavy.shape, wanted.shape, stands.shape, moves.shape)
        if shapes != ((n,), (n,), (s,), (s,)):
            raise ValueError(shapes)
        if not (np.isfinite(heavy).all() and (heavy >= 0).all() and (wanted >= 1).all()):
            raise ValueError("weights or needs")
        return cls(heavy, matrix, stands, moves & stands, wanted)

    @property
    def total(self) -> float:
        """The weight of all demand."""
        return float(self.weights.sum())

    @property
    def candidates(self) -> int:
        """How many sites may be new."""
        return int((~self.standing).sum())

    def counts(self, sites: Bools) -> Ints:
        """How many of some sites (a mask, shape (s,)) cover each demand; shape (n,)."""
        return np.asarray(self.cover @ sites.astype(np.int64), np.int64)

    def met(self, sites: Bools) -> Bools:
        """Which demand has all that it needs from some sites (a mask, shape (s,))."""
        found: Bools = self.counts(sites) >= self.needs
        return found

    def covered(self, sites: Bools) -> float:
        """The weight of the demand that has all that it needs: what every answer is checked by."""
        return float(self.weights[self.met(sites)].sum())


@dataclass(frozen=True)
class Answer:
    """A proposal.

    Attributes:
        sites: new sites, the one that brings most first; positions in the question.
        moved: standing sites that are given up.
        gains: what each new site adds to those before it, shape of `sites`.
        alone: what would be lost without it, shape of `sites`.
        before: weight covered by what stands today.
        covered: weight covered with the proposal, counted from the question itself.
        total: weight of all demand.
        beyond: weight that not even all candidates together cover.
        bound: so much weight at most is covered by as many sites, wherever they are.
        least: for the question of the fewest sites: no fewer than so many are enough; else None.
        proof: OPTIMAL if nothing better exists.
        doubted: the solver said something that its own arithmetic or a simpler method refutes.
    """

    sites: tuple[int, ...]
    moved: tuple[int, ...]
    gains: tuple[float, ...]
    alone: tuple[float, ...]
    before: float
    covered: float
    total: float
    beyond: float
    bound: float
    proof: Proof
    least: int | None = None
    doubted: bool = False

    @property
    def gap(self) -> float:
        """By which share of the bound the answer may be improved at most; 0 if proven."""
        if self.proof is Proof.OPTIMAL:
            return 0.0
        if self.least is not None:
            return (len(self.sites) - self.least) / len(self.sites) if self.sites else 0.0
        return (self.bound - self.covered) / self.bound if self.bound > 0 else 0.0
