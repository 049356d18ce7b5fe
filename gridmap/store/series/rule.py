"""The rule for a time that comes twice: which reading stays, which is kept as a revision.

In words: `docs/readings.md`. The same rule holds between two imports and between two rows of
one file; rows of a file arrive in their order.

1. The later arrival wins.
2. An empty value without a flag says nothing: it never takes the place of a reading that has a
   value or a flag.
3. The same value with the same flag is the same reading, and no revision. What it newly says
   beside the value (protocol, displayed value) is added to it. Only where there is a flag,
   another protocol is another reading, because a protocol says what its flags mean.
4. A value that is what the present reading shows as its displayed value is the same reading,
   published again after rounding, and no revision.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gridmap.store.series import readings as series_readings
from gridmap.store.series.readings import Readings, WholeReadings

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Resolved:
    """What becomes of a batch.

    `winners` are to be written (new, replaced or completed), rising; `former` the readings
    that lost their place, with times that may repeat, in the order in which they lost it. The
    counts are those of `Appended`.
    """

    winners: Readings
    former: Readings
    added: int
    replaced: int
    unchanged: int
    ignored: int
    duplicates: int


def resolve(stored: Readings, batch: Readings) -> Resolved:
    """Apply the rule.

    Args:
        stored: what the project holds in the span of the batch, times rising.
        batch: what arrives, in the order of its file; times in any order, also twice.
    """
    if _all_new(stored, batch):
        order = np.argsort(batch.times, kind="stable")
        return Resolved(batch.where(order), series_readings.nothing(), len(batch), 0, 0, 0, 0)
    batch, stored = batch.whole(), stored.whole()
    times, place = np.unique(batch.times, return_inverse=True)
    there, mine = _found(stored.times, times)
    state = _State(times, there)
    state.take(stored.where(mine), np.flatnonzero(there))
    before = state.copy()
    order = np.argsort(place, kind="stable")
    turn = np.empty(len(batch), np.int64)  # how often the time came before in the batch
    ranks = np.arange(len(batch)) - np.searchsorted(place[order], place[order])
    turn[order] = ranks
    former = []
    for number in range(int(turn.max()) + 1):
        rows = np.flatnonzero(turn == number)
        former.append(state.arrive(batch.where(rows), place[rows]))
    added = state.there & ~before.there
    replaced = before.there & ~state.same_reading(before)
    # Silent rows say nothing anywhere; a time they alone speak of stays as it is.
    spoke = np.zeros(len(times), dtype=bool)
    spoke[place[~_silent(batch)]] = True
    ignored = before.there & ~replaced & ~spoke & ~_silent(before.readings)
    changed = added | replaced | state.completed(before)
    return Resolved(
        winners=state.readings.where(changed),
        former=series_readings.gathered([part for part in former if len(part)]),
        added=int(added.sum()),
        replaced=int(replaced.sum()),
        unchanged=len(times) - int(added.sum() + replaced.sum() + ignored.sum()),
        ignored=int(ignored.sum()),
        duplicates=len(batch) - len(times),
    )


class _State:
    """The readings of some times while a batch arrives row by row."""

    def __init__(self, times: series_readings.Times, there: Mask) -> None:
        n = len(times)
        self.there = there.copy()
        self.readings = Readings(times, np.full(n, np.nan), series_readings.no_text(n)).whole()

    def copy(self) -> "_State":
        """The state as it is now."""
        twin = _State(self.readings.times, self.there)
        twin.take(self.readings.where(self.there), np.flatnonzero(self.there))
        return twin

    def take(self, readings: WholeReadings, places: npt.NDArray[np.intp]) -> None:
        """Put readings in their places."""
        mine = self.readings
        mine.numbers[places], mine.flags[places] = readings.numbers, readings.flags
        mine.protocols[places], mine.shown[places] = readings.protocols, readings.shown
        mine.arrived[places] = readings.arrived
        self.there[places] = True

    def arrive(self, new: WholeReadings, places: npt.NDArray[np.intp]) -> WholeReadings:
        """One reading for each of some different places; gives back those that lost theirs."""
        present, old = self.there[places], self.readings.where(places)
        same = present & _same(old, new)
        ignored = present & _silent(new) & ~_silent(old)
        lost = present & ~same & ~ignored
        taken = lost | ~present
        self.take(new.where(taken), places[taken])
        self._complete(new.where(same), places[same])
        return old.where(lost)

    def _complete(self, new: WholeReadings, places: npt.NDArray[np.intp]) -> None:
        protocols, shown = self.readings.protocols, self.readings.shown
        protocols[places] = np.where(protocols[places] == "", new.protocols, protocols[places])
        shown[places] = np.where(np.isnan(shown[places]), new.shown, shown[places])

    def same_reading(self, other: "_State") -> Mask:
        """Where both hold the same value, flag and arrival."""
        a, b = self.readings, other.readings
        # A reading that lost its place and came back within one batch arrived anew.
        same: Mask = _equal(a.numbers, b.numbers) & (a.flags == b.flags)
        same &= a.arrived == b.arrived
        return same

    def completed(self, before: "_State") -> Mask:
        """Where a protocol or a displayed value came to a reading that stays."""
        a, b = self.readings, before.readings
        changed: Mask = (a.protocols != b.protocols) | ~_equal(a.shown, b.shown)
        return before.there & changed


def stamped(readings: Readings, arrived: int) -> Readings:
    """Readings with one moment of arrival for all."""
    return replace(readings, arrived=np.full(len(readings), arrived, np.int64))


def _all_new(stored: Readings, batch: Readings) -> bool:
    times = np.sort(batch.times)
    if np.any(times[1:] == times[:-1]):
        return False
    return not len(stored) or not bool(_found(stored.times, times)[0].any())


def _found(
    known: series_readings.Times, times: series_readings.Times
) -> tuple[Mask, npt.NDArray[np.intp]]:
    """Which of `times` are known, and where these lie in `known`."""
    if not len(known):
        return np.zeros(len(times), dtype=bool), np.empty(0, np.intp)
    at = np.minimum(np.searchsorted(known, times), len(known) - 1)
    there = known[at] == times
    return there, at[there]


def _silent(readings: Readings) -> Mask:
    silent: Mask = np.isnan(readings.numbers) & (readings.flags == "")
    return silent


def _equal(a: series_readings.Values, b: series_readings.Values) -> Mask:
    equal: Mask = (a == b) | (np.isnan(a) & np.isnan(b))
    return equal


def _same(old: WholeReadings, new: WholeReadings) -> Mask:
    value = _equal(old.numbers, new.numbers)
    value |= np.isnan(new.shown) & (new.numbers == old.shown)
    other = (old.protocols != "") & (new.protocols != "") & (old.protocols != new.protocols)
    same: Mask = value & (old.flags == new.flags) & ~(other & (new.flags != ""))
    return same
