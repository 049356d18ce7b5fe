"""The tables of ambient air: GB 3095, HJ 633 (AQI), HJ 663 (statistics)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from gridmap.standards.tables import Rounding, Rule, StandardError, Validity, in_force, the_one


class Averaging(StrEnum):
    """Averaging times of limits; `DAY_MAX_8H` is the day's highest moving mean of 8 hours."""

    HOUR = "hour"
    DAY = "day"
    DAY_MAX_8H = "day_max_8h"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class AirLimit(Rule):
    """Limits of grade 1 and 2 in `unit` (μg/m³; CO mg/m³)."""

    item: str
    averaging: Averaging
    unit: str
    grade_1: float
    grade_2: float

    def of_grade(self, grade: int) -> float:
        """The limit of grade 1 or 2."""
        return self.grade_1 if grade == 1 else self.grade_2


@dataclass(frozen=True, kw_only=True)
class AqiScale(Rule):
    """The ends of the AQI and what its values mean.

    Attributes:
        lowest, highest: the range of the AQI.
        primary_above: above it the pollutants with the highest index are primary.
        non_attainment_above: pollutants above it are “超标污染物”; None where not defined.
        withheld_up_to: with an item missing, an AQI up to this is not published; None where
            missing items do not matter.
    """

    lowest: int
    highest: int
    primary_above: int
    non_attainment_above: int | None = None
    withheld_up_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class AqiQuantity(Rule):
    """What enters the AQI, as `so2_1h`, and the curve its index is read from.

    Attributes:
        quantity, curve: see above.
        instead_of: if this one is there, that other quantity does not count.
        stands_in_for: this one counts only where that other one is beyond its curve.
        published: False if the standard's text counts it but the national platform's hourly AQI
            does not.
    """

    quantity: str
    curve: str
    instead_of: str | None = None
    stands_in_for: str | None = None
    published: bool = True


class Beyond(StrEnum):
    """What a concentration above the last point of a curve gives: its index, or none."""

    END = "end"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class AqiCurve(Rule):
    """Concentrations in `unit` and the indices that belong to them, both rising."""

    id: str
    item: str
    unit: str
    concentrations: tuple[float, ...]
    indices: tuple[int, ...]
    beyond: Beyond

    def __post_init__(self) -> None:
        super().__post_init__()
        rising = all(
            list(points) == sorted(set(points)) for points in (self.concentrations, self.indices)
        )
        if not rising or len(self.concentrations) != len(self.indices):
            raise ValueError("curve")


@dataclass(frozen=True, kw_only=True)
class AqiLevel(Rule):
    """A level of the AQI: number, names, colour (`#rrggbb`), lowest and highest AQI."""

    number: int
    name: str
    category: str
    colour_name: str
    colour: str
    lowest: int
    highest: int


@dataclass(frozen=True, kw_only=True)
class OzoneDay(Rule):
    """The day's highest moving mean of O3; all counts are hours or windows.

    `first_end` is the hour at which the first window of the day ends; a result from fewer than
    `windows` windows counts only where it exceeds the limit of `grade`.
    """

    window: int
    hours: int
    first_end: int
    windows: int
    grade: int


@dataclass(frozen=True, kw_only=True)
class Percentile(Rule):
    """The percentile of a year's daily values that is compared with the daily limit."""

    items: tuple[str, ...]
    percent: float


class Statistic(StrEnum):
    """What of an item enters the composite index."""

    MEAN = "mean"
    PERCENTILE = "percentile"


@dataclass(frozen=True, kw_only=True)
class CompositePart:
    """One item of the composite index: its statistic, its limit, its weight."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    item: str
    statistic: Statistic
    averaging: Averaging
    weight: float


@dataclass(frozen=True, kw_only=True)
class CompositeMethod(Rule):
    """The composite index: Σ weight · C / S, S the limit of `grade`."""

    grade: int
    parts: tuple[CompositePart, ...]


@dataclass(frozen=True, kw_only=True)
class CityMethod(Rule):
    """The share of points a mean of a city needs; `share_of_few` with fewer than `few` points."""

    share: float
    few: int
    share_of_few: float


@dataclass(frozen=True, kw_only=True)
class AirTables:
    """All tables of ambient air, of all times."""

    limits: tuple[AirLimit, ...]
    scale: tuple[AqiScale, ...]
    daily: tuple[AqiQuantity, ...]
    hourly: tuple[AqiQuantity, ...]
    curve: tuple[AqiCurve, ...]
    level: tuple[AqiLevel, ...]
    validity: tuple[Validity, ...]
    ozone_day: tuple[OzoneDay, ...]
    percentile: tuple[Percentile, ...]
    composite: tuple[CompositeMethod, ...]
    city: tuple[CityMethod, ...]
    rounding: tuple[Rounding, ...]

    def limit(self, item: str, averaging: Averaging, day: date) -> AirLimit:
        """The limit of an item on a day.

        Raises:
            StandardError: if there is none, or none in force.
        """
        rows = [row for row in self.limits if row.item == item and row.averaging is averaging]
        if not rows:
            raise StandardError("unknown", f"{item} {averaging}")
        return the_one(rows, day, f"GB 3095 {item} {averaging}")

    def curve_of(self, curve: str, day: date) -> AqiCurve:
        """The curve of that name on a day.

        Raises:
            StandardError: if there is none, or none in force.
        """
        rows = [row for row in self.curve if row.id == curve]
        if not rows:
            raise StandardError("unknown", curve)
        return the_one(rows, day, f"HJ 633 {curve}")

    def level_of(self, aqi: int, day: date) -> AqiLevel:
        """The level an AQI belongs to on a day.

        Raises:
            StandardError: if none is in force, or the AQI is outside the scale.
        """
        the_one(self.level, day, "HJ 633")
        for level in in_force(self.level, day):
            if level.lowest <= aqi <= level.highest:
                return level
        raise StandardError("unknown", f"AQI {aqi}", day)
