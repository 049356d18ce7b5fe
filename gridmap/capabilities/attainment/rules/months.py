"""Whole months: what is assessed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from gridmap.standards.classing.course import Marks
from gridmap.standards.tables import (
    Days,
)

YEAR: Final = 12
"""Months of a year."""

QUARTER: Final = 3
"""Months of a quarter."""


@dataclass(frozen=True, order=True)
class Months:
    """Whole months: `count` from `first` (the first day of a month) on."""

    first: date
    count: int = 1

    @property
    def after(self) -> date:
        """The first day after."""
        return later(self.first, self.count)

    @property
    def last(self) -> date:
        """The last day: what is in force then decides about the whole period."""
        return self.after - timedelta(days=1)

    @property
    def a_year_before(self) -> "Months":
        """The same months a year earlier."""
        return Months(later(self.first, -YEAR), self.count)

    def holds(self, days: Days) -> Marks:
        """Which days lie in it, shape (n,)."""
        first, after = np.datetime64(self.first), np.datetime64(self.after)
        inside: Marks = (days >= first) & (days < after)
        return inside


def later(first: date, months: int) -> date:
    """The first day of the month so many months later, or earlier."""
    whole = first.year * YEAR + first.month - 1 + months
    return date(whole // YEAR, whole % YEAR + 1, 1)
