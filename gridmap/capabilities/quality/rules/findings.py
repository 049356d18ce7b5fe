"""What a check looks at and what it finds: a stretch of a series with the facts that speak."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gridmap.core.moments import HOUR_US

Micros = NDArray[np.int64]
"""Moments, µs since 1970 UTC."""
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
Figures = Mapping[str, float]
"""The adjustable figures of a check for one item, by name."""
Fact = str | float | int | None

_SIGMA_OF_MAD = 1.4826  # of a normal distribution


class Severity(StrEnum):
    """How much a finding matters: a fault of the instrument, a doubt, or just to be known."""

    FAULT = "fault"
    DOUBT = "doubt"
    NOTE = "note"


@dataclass(frozen=True)
class CheckedSeries:
    """The readings of one series as checks see them; arrays have shape (n,), times rise.

    Attributes:
        station, item, medium: what it is; the medium is "water" or "air".
        decimals: to how many decimals the item is published.
        step: the rhythm in µs.
        times: µs since 1970 UTC.
        values: in the unit of the series, NaN where none was published.
        sound: which values are to be looked at: published, with a usable flag, outside of
            maintenance. Exclusions do not count here: what was excluded is still found.
        non_detect: which lie below the detection limit.
    """

    station: str
    item: str
    medium: str
    decimals: int
    step: int
    times: Micros
    values: Numbers
    sound: Mask
    non_detect: Mask

    @property
    def resolution(self) -> float:
        """The smallest difference between two published values."""
        return float(10.0**-self.decimals)

    def looked_at(self) -> tuple[Micros, Numbers]:
        """Times and values of the sound readings."""
        return self.times[self.sound], self.values[self.sound]


@dataclass(frozen=True)
class Finding:
    """Something doubtful in a series; it stands beside the readings, never over them.

    Attributes:
        check: id of the check.
        station, item: the series; item "" is the station as a whole.
        start, end: first and last reading meant, µs since 1970 UTC, both included.
        readings: how many readings it is about.
        severity: see `Severity`.
        facts: the figures that the explanation names.
    """

    check: str
    station: str
    item: str
    start: int
    end: int
    readings: int
    severity: Severity
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """The same finding has the same id whenever the checks run."""
        parts = (self.check, self.station, self.item, self.start, self.end)
        return "F-" + hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def runs(mask: Mask) -> Iterator[tuple[int, int]]:
    """The stretches where a mask is true: first and last position, both included."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)


def episodes(times: Micros, apart: int) -> Iterator[tuple[int, int]]:
    """Moments grouped where they follow each other within `apart` µs: first and last position."""
    if not len(times):
        return
    cuts = np.flatnonzero(np.diff(times) > apart)
    firsts = np.concatenate(([0], cuts + 1))
    lasts = np.concatenate((cuts, [len(times) - 1]))
    yield from zip(firsts.tolist(), lasts.tolist(), strict=True)


def rhythm(times: Micros) -> int:
    """The usual distance of readings in µs (the median), an hour for fewer than two."""
    return int(np.median(np.diff(times))) if len(times) > 1 else HOUR_US


def spread(values: Numbers) -> float:
    """The robust standard deviation: MAD × 1.4826, NaN left out; NaN without values."""
    there = values[~np.isnan(values)]
    if not len(there):
        return float("nan")
    return float(np.median(np.abs(there - np.median(there)))) * _SIGMA_OF_MAD
