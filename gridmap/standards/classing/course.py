"""How a station stood at each moment, and the clock that decides which rule counts.

Times are microseconds since 1970-01-01 UTC (int64, rising); the day of a reading, which decides the
rule, is that of Asia/Shanghai. Readings of air are labelled by the end of their hour, so that 00:00
belongs to the day before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gridmap.core.moments import DAY_US, OFFSET_US, SECOND_US
from gridmap.standards.tables import Confidence, Days

Times = NDArray[np.int64]
Numbers = NDArray[np.float64]
Grades = NDArray[np.int8]
Marks = NDArray[np.bool_]


class Medium(StrEnum):
    """What a station measures."""

    WATER = "water"
    AIR = "air"


@dataclass(frozen=True, eq=False)
class ClassCourse:
    """How one station stood at n moments.

    Attributes:
        medium: water has classes, air has the AQI and its levels.
        times: shape (n,), microseconds since 1970 UTC, rising.
        grade: shape (n,), class of water 1–6 or level of the AQI 1–6; 0 where there is none.
        index: shape (n,), the AQI; NaN where there is none, and for water.
        measured: item to what was measured, shape (n,), NaN where missing.
        item_grades: item to its own class or level, shape (n,).
        deciding: item to whether it has the grade of the station (water, from Ⅱ on) or is a
            primary pollutant (air), shape (n,).
        confidence: of the weakest rule that was used.
    """

    medium: Medium
    times: Times
    grade: Grades
    index: Numbers
    measured: Mapping[str, Numbers]
    item_grades: Mapping[str, Grades]
    deciding: Mapping[str, Marks]
    confidence: Confidence

    def __len__(self) -> int:
        return len(self.times)

    def deciding_at(self, position: int) -> tuple[str, ...]:
        """The items that decided the grade at one place."""
        return tuple(item for item, marks in self.deciding.items() if marks[position])

    def since(self, start: int) -> "ClassCourse":
        """The part from a moment on (microseconds since 1970 UTC), included."""
        first = int(np.searchsorted(self.times, start))
        return ClassCourse(
            self.medium,
            self.times[first:],
            self.grade[first:],
            self.index[first:],
            {item: column[first:] for item, column in self.measured.items()},
            {item: column[first:] for item, column in self.item_grades.items()},
            {item: column[first:] for item, column in self.deciding.items()},
            self.confidence,
        )


def days_of(times: Times, medium: Medium) -> Days:
    """The day of each reading in Asia/Shanghai, `datetime64[D]`, shape (n,)."""
    label = 1 if medium is Medium.AIR else 0
    days: Days = ((times + OFFSET_US - label) // DAY_US).astype("datetime64[D]")
    return days


def wall_clock(times: Times) -> NDArray[np.datetime64]:
    """Times as wall-clock times of Asia/Shanghai, `datetime64[s]`, shape (n,)."""
    return ((times + OFFSET_US) // SECOND_US).astype("datetime64[s]")


def from_wall_clock(starts: NDArray[np.datetime64]) -> Times:
    """Wall-clock times of Asia/Shanghai as microseconds since 1970 UTC, shape (n,)."""
    seconds: Times = starts.astype("datetime64[s]").astype(np.int64)
    return seconds * SECOND_US - OFFSET_US
