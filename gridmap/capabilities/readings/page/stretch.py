"""Which stretch of time the dock is about: a length up to a moment, or from one to another."""

from dataclasses import dataclass, replace
from typing import Final

_DAY_S: Final = 86_400.0

Span = tuple[float, float]
"""Seconds since 1970 (UTC)."""


@dataclass(frozen=True)
class Stretch:
    """A stretch asked for.

    Attributes:
        asked: from one moment to another; None is a length up to `end`.
        end: where that length ends, None for the last reading.
    """

    asked: Span | None = None
    end: float | None = None

    def home(self, extent: Span, days: float | None) -> Span:
        """What is to be seen.

        Args:
            extent: the first and the last reading.
            days: the length that is chosen, None for all.
        """
        if self.asked is not None:
            return self.asked
        first, last = extent
        end = last if self.end is None else self.end
        return extent if days is None else (max(end - days * _DAY_S, first), end)

    def shifted(self, by: int, extent: Span, days: float | None) -> "Stretch":
        """A whole stretch back (-1) or on (1), not beyond the readings."""
        start, end = self.home(extent, days)
        length = end - start
        first, last = extent
        moved = min(max(end + by * length, first + length), last)
        if self.asked is not None:
            return replace(self, asked=(moved - length, moved))
        return replace(self, end=moved)
