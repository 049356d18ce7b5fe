"""The tables of the environmental standards: what a row says, since when, how surely.

A number of a standard never stands in code. It stands in `resources/standards/`, in a row that
names its source, the days on which it is in force, and how far the figure can be trusted; the
rules take the tables as an argument. Which row counts is decided by the day of the reading.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

Days = NDArray[np.datetime64]
"""Days of Asia/Shanghai, `datetime64[D]`."""

EVERY_ITEM: Final = "*"


class Confidence(StrEnum):
    """How far a figure can be trusted; what is `LOW` must be marked on screen.

    HIGH: read in the standard, or two independent sources agree. MEDIUM: one source.
    LOW: unverified, or a default of the program where no standard speaks.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_RISING: Final = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def least_sure(confidences: Iterable[Confidence]) -> Confidence:
    """The weakest of some confidences: an answer is as sure as its weakest rule."""
    return min(confidences, key=_RISING.index, default=Confidence.HIGH)


class StandardError(LookupError):
    """The tables hold no answer.

    Attributes:
        code: "not_in_force" (no row for that day) or "unknown" (no such row at all).
        what: the table, or the item in it.
        day: the day asked, None where the day does not matter.
    """

    def __init__(self, code: str, what: str, day: date | None = None) -> None:
        self.code, self.what, self.day = code, what, day
        super().__init__(f"{what}: {code}" + (f" on {day}" if day else ""))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every row of every table says about itself.

    Attributes:
        standard: the document a screen names, "" where the rule is the program's own.
        source: where the figure was read.
        valid_from, valid_to: first and last day in force; no last day means still in force.
        early_from: some places applied the rule from this day on, before `valid_from`.
        confidence: see `Confidence`; `confidence_on` is at most medium while only some places
            applied the rule.
        note: what a reader of the table should know.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    standard: str = ""
    source: str
    valid_from: date
    valid_to: date | None = None
    early_from: date | None = None
    confidence: Confidence
    note: str = ""

    def __post_init__(self) -> None:
        last = self.valid_to or date.max
        if last < self.valid_from or self.first_day > self.valid_from:
            raise ValueError("days")

    @property
    def first_day(self) -> date:
        """The first day on which the rule is applied."""
        return self.early_from or self.valid_from

    def in_force(self, day: date) -> bool:
        """Whether the rule is applied on a day; both ends of its time are included."""
        return self.first_day <= day and (self.valid_to is None or day <= self.valid_to)

    def confidence_on(self, day: date) -> Confidence:
        """The confidence on a day: before `valid_from` it depends on the place."""
        early = day < self.valid_from
        return least_sure((self.confidence, Confidence.MEDIUM)) if early else self.confidence


RuleT = TypeVar("RuleT", bound=Rule)


def in_force(rules: Iterable[RuleT], day: date) -> tuple[RuleT, ...]:
    """The rules applied on a day, in the order of the table."""
    return tuple(rule for rule in rules if rule.in_force(day))


def the_one(rules: Iterable[RuleT], day: date, what: str) -> RuleT:
    """The one rule of a kind that is applied on a day.

    Raises:
        StandardError: `not_in_force` if there is none; the reader of the tables sees to it
            that there are not two.
    """
    found = in_force(rules, day)
    if not found:
        raise StandardError("not_in_force", what, day)
    return found[0]


def spans(rules: Iterable[Rule], days: Days) -> Iterator[tuple[NDArray[np.bool_], date]]:
    """Split many days into stretches within which the same rules are applied.

    Args:
        rules: the rules that matter.
        days: shape (n,), in any order, NaT nowhere.

    Yields:
        A mask, shape (n,), and one day of the stretch. The masks are disjoint and cover all.
    """
    edges: set[date] = set()
    for rule in rules:
        edges |= {rule.first_day, rule.valid_from}
        edges |= {rule.valid_to + timedelta(days=1)} if rule.valid_to else set()
    starts = np.array(sorted(edges), dtype="datetime64[D]")
    stretch = np.searchsorted(starts, days, side="right")
    for number in np.unique(stretch):
        mask = stretch == number
        yield mask, days[mask][0].astype("datetime64[D]").item()


class Purpose(StrEnum):
    """What a value is rounded for."""

    DISPLAYED = "displayed"
    ASSESSED = "assessed"
    INDEX_INPUT = "index_input"
    STATISTIC = "statistic"


@dataclass(frozen=True, kw_only=True)
class Rounding(Rule):
    """To how many decimals an item is rounded for a purpose, half to even (GB/T 8170).

    `least_digits`: where the result would be zero, that many significant digits stay instead.
    """

    item: str
    purpose: Purpose
    decimals: int
    least_digits: int | None = None


class Period(StrEnum):
    """Lengths of time over which values are averaged, and of what they are averages."""

    MINUTE = "minute"
    HOUR = "hour"
    FOUR_HOURS = "four_hours"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Validity(Rule):
    """How many `counted` values a mean of a `period` needs.

    Attributes:
        items: to which items it applies; "*" is every item of the medium.
        at_least: how many values; `at_least_february` in that month instead.
        at_least_share: of how many there could be, 0–1; both conditions must hold.
        every_month: each month of the period must be valid by the rule of months too.
    """

    items: tuple[str, ...]
    period: Period
    counted: Period
    at_least: int = 1
    at_least_february: int | None = None
    at_least_share: float = 0.0
    every_month: bool = False

    def covers(self, item: str) -> bool:
        """Whether the rule is about this item."""
        return item in self.items or EVERY_ITEM in self.items


@dataclass(frozen=True, kw_only=True)
class CriticalValue(Rule):
    """Wp of the rank correlation for a number of periods, at levels 0.05 and 0.01."""

    periods: int
    w_05: float
    w_01: float


@dataclass(frozen=True, kw_only=True)
class TrendTest(Rule):
    """The level at which a trend after Mann–Kendall is called significant."""

    alpha: float


def validity_of(
    rules: Iterable[Validity], item: str, period: Period, counted: Period, day: date
) -> Validity:
    """How many values a mean needs on a day.

    Raises:
        StandardError: if no rule in force speaks of this item and period.
    """
    fitting = (
        rule
        for rule in rules
        if rule.period is period and rule.counted is counted and rule.covers(item)
    )
    return the_one(fitting, day, f"validity of {item}: {counted} → {period}")
