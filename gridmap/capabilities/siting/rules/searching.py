"""Good answers without a solver, and what no answer can exceed.

Greedy choice is never worse than 1 − 1/e of the best (Nemhauser, Wolsey and Fisher 1978, An
analysis of approximations for maximizing submodular set functions, Mathematical Programming 14:
265–294), where one site is enough for each demand; exchanges make it better still. The solver is
held against it.
"""

from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.siting.rules.question import Bools, Check, Floats, Ints
from gridmap.capabilities.siting.rules.reducing import Reduced

_ROUNDS = 50  # of exchanges; each makes the answer better, so they end by themselves, too
_SAME = 1e-9  # weights that differ by this share of all are equal


@dataclass(frozen=True)
class Room:
    """How many sites an answer may have.

    Attributes:
        new: candidates that may be built.
        moves: standing sites that may be given up, each for one more candidate.
    """

    new: int
    moves: int = 0

    def sites(self, found: Reduced) -> int:
        """How many columns may be chosen, movable ones included."""
        return self.new + int(found.movable.sum())

    def kept(self, found: Reduced) -> int:
        """How many movable columns must stay."""
        return max(int(found.movable.sum()) - self.moves, 0)

    def fits(self, found: Reduced, chosen: Bools) -> bool:
        """Whether a choice of columns is allowed."""
        kept = int(chosen[found.movable].sum())
        return int(chosen.sum()) <= self.sites(found) and kept >= self.kept(found)


def tolerance(found: Reduced) -> float:
    """Weights that differ by no more are equal."""
    return _SAME * max(found.most, 1.0)


def value_of(found: Reduced, chosen: Bools) -> float:
    """The weight covered by a choice of columns (a mask), what is settled included."""
    return found.base + float(found.weights[_counts(found, chosen) >= found.needs].sum())


def gains_of(found: Reduced, counts: Ints) -> tuple[Floats, Floats]:
    """What each column would add at once, and how much it would help demand that needs more.

    Args:
        found: the question.
        counts: by how many chosen columns each demand is covered, shape (r,).
    """
    left = found.needs - counts
    last = found.weights * (left == 1)
    more = found.weights * (left > 1) / found.needs
    columns = found.cover.T
    return np.asarray(columns @ last, np.float64), np.asarray(columns @ more, np.float64)


def greedy(found: Reduced, room: Room, check: Check) -> list[Bools]:
    """The columns chosen after 0, 1, … steps: always the one that adds most, of equals the first.

    It ends early where nothing adds anything.
    """
    chosen = found.movable.copy()
    steps = [chosen.copy()]
    even = tolerance(found)
    for _ in range(room.new):
        check()
        gain, help_ = gains_of(found, _counts(found, chosen))
        score = np.where(chosen, -1.0, gain)
        ties = np.flatnonzero(score >= score.max(initial=-1.0) - even)
        if not len(ties):
            break
        best = int(ties[np.argmax(help_[ties])])
        if chosen[best] or (gain[best] <= even and help_[best] <= even):
            break
        chosen[best] = True
        steps.append(chosen.copy())
    return steps


def exchanged(found: Reduced, room: Room, chosen: Bools, check: Check) -> Bools:
    """Replace one column by a better one as long as that helps; the best exchange each time."""
    chosen = chosen.copy()
    even = tolerance(found)
    for _ in range(_ROUNDS):
        now = _State(found, chosen)
        best, pair = even, None
        for old in np.flatnonzero(chosen).tolist():
            check()
            lost, gain = now.without(old)
            gain[~_allowed(found, room, chosen, old)] = -np.inf
            new = int(np.argmax(gain))
            if gain[new] - lost > best:
                best, pair = float(gain[new]) - lost, (old, new)
        if pair is None:
            return chosen
        chosen[pair[0]], chosen[pair[1]] = False, True
    return chosen


def settled_ties(found: Reduced, room: Room, chosen: Bools, check: Check) -> Bools:
    """Of answers as good as this one that differ in a site, that with the earlier candidates.

    A site without which as much is covered is left out.
    """
    chosen = chosen.copy()
    even = tolerance(found)
    for _ in range(_ROUNDS):
        changed = False
        now = _State(found, chosen)
        for old in np.flatnonzero(chosen & ~found.movable)[::-1].tolist():
            check()
            lost, gain = now.without(old)
            allowed = _allowed(found, room, chosen, old) & ~found.movable
            equal = np.flatnonzero(allowed & (gain >= lost - even))
            if lost > even and not (len(equal) and equal[0] < old):
                continue
            chosen[old] = False
            if lost > even:
                chosen[equal[0]] = True
            changed, now = True, _State(found, chosen)
        if not changed:
            break
    return chosen


def ceiling(found: Reduced, room: Room, steps: list[Bools]) -> float:
    """Weight that no choice exceeds: from any start, so many sites add at most their best gains.

    That holds where one site is enough for each demand; else only what can be covered at all.
    """
    most = found.most
    if not found.single:
        return most
    size = room.sites(found)
    for chosen in steps:
        gain, _ = gains_of(found, _counts(found, chosen))
        best = np.sort(gain)[::-1][:size].sum()
        most = min(most, value_of(found, chosen) + float(best))
    return most


# --- inner --------------------------------------------------------------------------------


def _counts(found: Reduced, chosen: Bools) -> Ints:
    return np.asarray(found.cover @ chosen.astype(np.int64), np.int64)


class _State:
    """A choice with what every column would add, and quickly so without one of the chosen."""

    def __init__(self, found: Reduced, chosen: Bools) -> None:
        self._found, self._chosen = found, chosen.copy()
        self._left = found.needs - _counts(found, chosen)
        self._gain, _ = gains_of(found, found.needs - self._left)
        self._columns = found.columns

    def without(self, old: int) -> tuple[float, Floats]:
        """What is lost without a chosen column, and what each other column would then add."""
        columns, found = self._columns, self._found
        rows = columns.indices[columns.indptr[old] : columns.indptr[old + 1]]
        left, weights = self._left[rows], found.weights[rows]
        # Met by this column: every other one would meet it again. Short of one before: now of two.
        change = np.where(left == 0, weights, 0.0) - np.where(left == 1, weights, 0.0)
        touched = np.flatnonzero(change)
        gain = self._gain.copy()
        if len(touched):
            part = found.cover[rows[touched]]
            counts = np.diff(part.indptr)
            gain += np.bincount(
                part.indices, np.repeat(change[touched], counts), minlength=len(gain)
            )
        gain[self._chosen] = -np.inf
        return float(weights[left == 0].sum()), gain


def _allowed(found: Reduced, room: Room, chosen: Bools, old: int) -> Bools:
    """Columns that may be added to a choice without one of its columns, which itself may not."""
    free = ~chosen
    if int(chosen.sum()) > room.sites(found):
        return np.zeros(len(chosen), bool)
    kept = int(chosen[found.movable].sum()) - int(found.movable[old])
    return free & found.movable if kept < room.kept(found) else free
