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
        if chosen[best] or gain[best] <= even and help_[best] <= even:
            break
        chosen[best] = True
        steps.append(chosen.copy())
    return steps


def exchanged(found: Reduced, room: Room, chosen: Bools, check: Check) -> Bools:
    """Replace one column by a better one as long as that helps; the best exchange each time."""
    chosen = chosen.copy()
    even = tolerance(found)
    for _ in range(_ROUNDS):
        best, pair = even, None
        now = value_of(found, chosen)
        for old in np.flatnonzero(chosen).tolist():
            check()
            trial, gain = _without(found, chosen, old)
            gain[~_allowed(found, room, trial)] = -np.inf
            new = int(np.argmax(gain))
            better = value_of(found, trial) + gain[new] - now
            if better > best:
                best, pair = better, (old, new)
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
        for old in np.flatnonzero(chosen & ~found.movable)[::-1].tolist():
            check()
            now = value_of(found, chosen)
            trial, gain = _without(found, chosen, old)
            lost = now - value_of(found, trial)
            if lost <= even:
                chosen, changed = trial, True
                continue
            allowed = _allowed(found, room, trial) & ~found.movable
            equal = np.flatnonzero(allowed & (gain >= lost - even))
            if len(equal) and equal[0] < old:
                trial[equal[0]] = True
                chosen, changed = trial, True
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


def _without(found: Reduced, chosen: Bools, old: int) -> tuple[Bools, Floats]:
    """The choice without one column, and what each other column would then add."""
    trial = chosen.copy()
    trial[old] = False
    gain, _ = gains_of(found, _counts(found, trial))
    gain[trial] = -np.inf
    return trial, gain


def _allowed(found: Reduced, room: Room, trial: Bools) -> Bools:
    """Columns that may be added to a choice."""
    free = ~trial
    if int(trial.sum()) + 1 > room.sites(found):
        return np.zeros(len(trial), bool)
    if int(trial[found.movable].sum()) < room.kept(found):
        return free & found.movable
    return free
