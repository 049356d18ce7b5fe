"""Readings of one series in memory: arrays of one length, and putting them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

UNKNOWN: Final = 0
"""The arrival of readings that came before arrivals were noted."""

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Readings:
    """Readings of one series: times (µs since 1970 UTC, rising), numbers (NaN = missing), flags.

    All arrays have shape (n,); a flag is text, "" where there is none. What stands beside the
    value is None where no reading has it: `protocols` (text, "" = not known), `shown` (the
    displayed value, NaN = none given), `arrived` (µs since 1970 UTC, `UNKNOWN` = not noted).
    """

    times: Times
    numbers: Values
    flags: Flags
    protocols: Flags | None = None
    shown: Values | None = None
    arrived: Times | None = None

    def __len__(self) -> int:
        return len(self.times)

    def where(self, which: Any) -> Self:
        """The readings that a mask, positions or a slice choose."""
        return type(self)(
            self.times[which], self.numbers[which], self.flags[which],
            None if self.protocols is None else self.protocols[which],
            None if self.shown is None else self.shown[which],
            None if self.arrived is None else self.arrived[which],
        )  # fmt: skip

    def whole(self) -> "WholeReadings":
        """The same with an array for everything that stands beside the value."""
        n = len(self)
        return WholeReadings(
            self.times, self.numbers, self.flags,
            no_text(n) if self.protocols is None else self.protocols,
            np.full(n, np.nan) if self.shown is None else self.shown,
            np.full(n, UNKNOWN, np.int64) if self.arrived is None else self.arrived,
        )  # fmt: skip


@dataclass(frozen=True)
class WholeReadings(Readings):
    """Readings with an array for everything that stands beside the value."""

    protocols: Flags
    shown: Values
    arrived: Times


def no_text(count: int) -> Flags:
    """Empty flags or protocols, shape (count,)."""
    return np.full(count, "", dtype=object)


def nothing() -> Readings:
    """No readings at all."""
    return Readings(np.empty(0, np.int64), np.empty(0), np.empty(0, object))


def gathered(parts: Sequence[Readings]) -> Readings:
    """The parts one after another, in no order of time."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return nothing()

    def column(name: str) -> Any:
        if all(getattr(part, name) is None for part in parts):
            return None
        return np.concatenate([getattr(part.whole(), name) for part in parts])

    return Readings(
        *(np.concatenate([getattr(p, n) for p in parts]) for n in ("times", "numbers", "flags")),
        *(column(name) for name in ("protocols", "shown", "arrived")),
    )


def joined(parts: Sequence[Readings]) -> Readings:
    """Readings in order of time; where a time comes twice, the later part wins."""
    together = gathered(parts)
    times = together.times
    if len(parts) <= 1 or np.all(times[1:] > times[:-1]):
        return together
    order = np.argsort(times, kind="stable")
    last = np.append(np.diff(times[order]) > 0, True)
    return together.where(order[last])
