"""What no choice of sites exceeds, and which sites no better choice can lack or have.

The rule “a demand counts only if it is covered” is lifted and priced (Lagrangian relaxation;
Galvão and ReVelle 1996, A Lagrangean heuristic for the maximal covering location problem, European
Journal of Operational Research 88: 114–123). Any prices give a bound that holds, so nothing here
depends on how well they are found. With the bound, most sites are settled before the solver sees
them (reduced-cost fixing), which is what makes large questions provable.
"""

from dataclasses import dataclass, replace

import numpy as np

from gridmap.capabilities.siting.rules.question import Bools, Check, Floats, Ints
from gridmap.capabilities.siting.rules.reducing import Reduced, dropped, merged
from gridmap.capabilities.siting.rules.searching import Room, tolerance

_ROUNDS = 400
_PATIENCE = 12  # rounds without a better bound before the steps are halved
_LEAST_STEP = 1e-3


@dataclass(frozen=True, eq=False)
class Bounded:
    """A bound, and the worth of each column at the prices that gave it.

    Attributes:
        bound: weight that no choice exceeds, what is settled included.
        worth: shape (c,).
        picks: the columns that the prices favour, a choice to start from; shape (c,).
    """

    bound: float
    worth: Floats
    picks: Bools


def smallest_step(found: Reduced) -> float:
    """A better answer is better by at least this: 1 for whole weights, else the tolerance."""
    whole = (found.weights == np.round(found.weights)).all()
    return 1.0 if bool(whole) else tolerance(found)


def bounded(found: Reduced, room: Room, value: float, check: Check) -> Bounded:
    """The best bound of some rounds of subgradient steps.

    Args:
        found: the question.
        room: how many sites there may be.
        value: the weight of the best answer so far; the rounds end once the bound proves it.
        check: called between two rounds.
    """
    size = min(room.sites(found), found.cover.shape[1])
    columns = found.columns
    top = found.weights / found.needs
    # Demand that several sites reach is worth less to each of them.
    price = top / np.maximum(np.diff(found.cover.indptr) / max(len(top), 1), 1.0) * 0.5
    enough = value + smallest_step(found) * 0.999
    best: Bounded | None = None
    scale, since = 1.0, 0
    for _ in range(_ROUNDS):
        check()
        worth = np.asarray(columns @ price)
        picked = _largest(worth, size)
        counted = found.weights > found.needs * price
        bound = found.base + float(worth[picked].sum())
        bound += float((found.weights - found.needs * price)[counted].sum())
        if best is None or bound < best.bound:
            best, since = Bounded(bound, worth, picked), 0
        else:
            since += 1
        if best.bound < enough or scale < _LEAST_STEP:
            break
        if since >= _PATIENCE:
            scale, since = scale / 2, 0
        slope = np.asarray(found.cover @ picked.astype(float)) - found.needs * counted
        norm = float(slope @ slope)
        if norm == 0:
            break
        price = np.clip(price - scale * (bound - value) / norm * slope, 0.0, top)
    return best if best is not None else Bounded(found.most, np.zeros(0), np.zeros(0, bool))


@dataclass(frozen=True, eq=False)
class Remaining:
    """The question that all better answers are answers of.

    Attributes:
        found: with the settled columns taken out. room: what is left of it.
        always, never: columns of the whole that every better answer has, or lacks.
        kept: those left, by position.
    """

    found: Reduced
    room: Room
    always: Bools
    never: Bools
    kept: Ints

    def has(self, chosen: Bools) -> bool:
        """Whether a choice of the whole, or one as good, is among the answers that remain."""
        return not bool((self.always & ~chosen).any() or (self.never & chosen).any())

    def whole(self, chosen: Bools) -> Bools:
        """A choice of what remains as a choice of the whole."""
        mask = self.always.copy()
        mask[self.kept[chosen]] = True
        return mask


def remaining(found: Reduced, room: Room, value: float, by: Bounded, check: Check) -> Remaining:
    """Settle each column whose other state would push the bound below a better answer.

    Only where no standing site may be moved: there the room is one plain number.
    """
    count = found.cover.shape[1]
    none = np.zeros(count, bool)
    size = room.sites(found)
    if found.movable.any() or size >= count:
        return Remaining(found, room, none, none, np.arange(count))
    needed = value + smallest_step(found) * 0.999
    order = np.sort(by.worth)[::-1]
    least, next_ = order[size - 1], order[size]
    never = ~by.picks & (by.bound - least + by.worth < needed)
    always = by.picks & (by.bound - by.worth + next_ < needed)
    if not (never.any() or always.any()):
        return Remaining(found, room, none, none, np.arange(count))
    left = found.needs - np.asarray(found.cover @ always.astype(np.int64))
    kept = np.flatnonzero(~never & ~always)
    rows = np.flatnonzero(left > 0)
    cover = found.cover[rows][:, kept]
    can = np.flatnonzero(np.diff(cover.indptr) >= left[rows])
    rest = replace(
        found,
        weights=found.weights[rows][can],
        cover=cover[can],
        needs=left[rows][can],
        sites=kept,
        movable=np.zeros(len(kept), bool),
        base=found.base + float(found.weights[left <= 0].sum()),
    )
    rest = merged(dropped(merged(rest), check))
    return Remaining(rest, Room(room.new - int(always.sum())), always, never, rest.sites)


# --- inner --------------------------------------------------------------------------------


def _largest(worth: Floats, size: int) -> Bools:
    """The columns of the largest worth that is above 0; of equals the first."""
    mask = np.zeros(len(worth), bool)
    order = np.argsort(-worth, kind="stable")[:size]
    mask[order] = True
    return mask
