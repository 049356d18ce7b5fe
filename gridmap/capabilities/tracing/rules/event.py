"""What is traced: an item, too much or too little of it, at a place on the water, for a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.capabilities.rivers.rules.waterways import Spot, Way
from gridmap.core.moments import HOUR_US


@dataclass(frozen=True)
class Event:
    """An exceedance. Times are microseconds since 1970 UTC.

    Attributes:
        spot: where it was measured.
        item: what was measured.
        start, end: first and last reading beyond the limit.
        limit: in the unit of the item.
        at_least: the limit must be reached (dissolved oxygen); else it must not be exceeded.
    """

    spot: Spot
    item: str
    start: int
    end: int
    limit: float
    at_least: bool = False

    def beyond(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values are beyond the limit; NaN is not."""
        with np.errstate(invalid="ignore"):
            found: NDArray[np.bool_] = values < self.limit if self.at_least else values > self.limit
        return found

    def passed_at(self, way: Way) -> tuple[int, int]:
        """When the water of the event passed a place above: earliest and latest moment."""
        return (
            self.start - round(way.hours_slow * HOUR_US),
            self.end - round(way.hours_fast * HOUR_US),
        )
