"""The question as a mixed-integer program, and its solution by HiGHS (`scipy.optimize.milp`).

Plain arrays only, so that a program can be solved in another process: a solver that is deep in
its own code hears nobody, and its presolve may not even look at its time limit
(ERGO-Code/HiGHS#2326).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gridmap.capabilities.siting.rules.question import Bools, Floats, Ints
from gridmap.capabilities.siting.rules.reducing import Reduced
from gridmap.capabilities.siting.rules.searching import Room

_TIME_LIMIT = 1  # of `OptimizeResult.status`
_OPTIMAL = 0


@dataclass(frozen=True, eq=False)
class Program:
    """Choose columns so that most weight is covered, or as few that enough weight is.

    Attributes:
        weights: shape (r,). indptr, indices: who covers what, CSR of r rows.
        needs: shape (r,). columns: how many. movable: of the columns, shape (c,).
        sites: at most so many columns; kept: at least so many movable ones.
        target: weight to reach with as few new columns as can be; NaN to cover most with `sites`.
    """

    weights: Floats
    indptr: Ints
    indices: Ints
    needs: Ints
    movable: Bools
    columns: int
    sites: int
    kept: int
    target: float = float("nan")

    @property
    def fewest(self) -> bool:
        """Whether the fewest columns are asked."""
        return bool(np.isfinite(self.target))


@dataclass(frozen=True, eq=False)
class Solution:
    """What the solver says.

    Attributes:
        chosen: columns, shape (c,); None if it found nothing in time.
        value: its objective, weight or number of columns, NaN if it found nothing.
        bound: no answer is better than this, NaN if it does not know.
        optimal: whether it says that nothing better exists.
    """

    chosen: Bools | None
    value: float
    bound: float
    optimal: bool


Solve = Callable[[Program, float], Solution]
"""Solves a program within so many seconds."""


def program_of(found: Reduced, room: Room, target: float = float("nan")) -> Program:
    """The program of a reduced question; `target` without what is settled."""
    cover = found.cover
    return Program(
        found.weights, np.asarray(cover.indptr, np.int64), np.asarray(cover.indices, np.int64),
        found.needs, found.movable, cover.shape[1], room.sites(found), room.kept(found), target,
    )  # fmt: skip


def solved(program: Program, limit_s: float) -> Solution:
    """Solve a program with HiGHS, to the very optimum unless the time is up.

    One thread and a fixed seed: the same program gives the same answer.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  large
    from scipy.sparse import csr_array, eye_array, hstack  # noqa: PLC0415

    rows, columns = len(program.weights), program.columns
    shape = (rows, columns)
    data = np.ones(len(program.indices))
    cover = csr_array((data, program.indices, program.indptr), shape=shape)
    matrix = hstack([cover, -eye_array(rows).multiply(program.needs[:, None])]).tocsr()
    scale = _scale(program)
    several = program.needs > 1
    cost = np.zeros(columns + rows)
    rules = [LinearConstraint(matrix, 0.0, np.inf), *_counting(program, columns + rows)]
    if program.fewest:
        cost[:columns][~program.movable] = 1.0
        line = csr_array(np.concatenate((np.zeros(columns), program.weights * scale))[None, :])
        rules.append(LinearConstraint(line, program.target * scale * (1 - 1e-12), np.inf))
    else:
        cost[columns:] = -program.weights * scale
    found = milp(
        cost,
        integrality=np.concatenate((np.ones(columns), several.astype(float))),
        bounds=Bounds(0.0, 1.0),
        constraints=rules,
        options={"time_limit": max(limit_s, 0.01), "mip_rel_gap": 0.0},
    )
    return _read(found, program, 1.0 if program.fewest else -1.0 / scale)


def _scale(program: Program) -> float:
    """Brings weights to a size for which the solver's absolute tolerances are meant.

    Whole numbers stay as they are.
    """
    largest = float(program.weights.max(initial=0.0))
    whole = bool((program.weights == np.round(program.weights)).all())
    return 1.0 if whole or largest <= 0 else 1000.0 / largest


def _counting(program: Program, size: int) -> list[Any]:
    from scipy.optimize import LinearConstraint  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415

    every, kept = np.zeros(size), np.zeros(size)
    every[: program.columns] = 1.0
    kept[: program.columns] = program.movable
    lines = [LinearConstraint(csr_array(every[None, :]), 0.0, program.sites)]
    if program.movable.any():
        lines.append(LinearConstraint(csr_array(kept[None, :]), program.kept, np.inf))
    return lines


def _read(found: Any, program: Program, factor: float) -> Solution:
    if found.x is None:
        bound = found.get("mip_dual_bound")
        known = bound is not None and np.isfinite(bound) and found.status == _TIME_LIMIT
        return Solution(None, float("nan"), bound * factor if known else float("nan"), False)
    chosen = np.asarray(found.x[: program.columns] > 0.5, bool)  # noqa: PLR2004  rounding
    bound = found.mip_dual_bound
    known = bound is not None and np.isfinite(bound)
    return Solution(
        chosen,
        float(found.fun) * factor,
        float(bound) * factor if known else float("nan"),
        found.status == _OPTIMAL,
    )
