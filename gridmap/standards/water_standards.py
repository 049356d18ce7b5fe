"""The tables of surface water: GB 3838-2002, 环办〔2011〕22号, CWQI, TLI."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from gridmap.standards.tables import Confidence, Rule, Validity, in_force, least_sure, the_one


class WaterClass(IntEnum):
    """Class of surface water, 1 (Ⅰ) to 5 (Ⅴ); `WORSE` is 劣Ⅴ. A larger number is worse."""

    I = 1  # noqa: E741  the class is called Ⅰ
    II = 2
    III = 3
    IV = 4
    V = 5
    WORSE = 6


UNCLASSED: Final = 0
"""In arrays of classes: no class, because the value is missing."""


class Body(StrEnum):
    """Kind of water; lakes and reservoirs have limits of their own for TP and TN."""

    RIVER = "river"
    LAKE = "lake"


class Role(StrEnum):
    """Whether an item of table 1 is one of the 21 that make the class of a section."""

    EVALUATED = "evaluated"
    SEPARATE = "separate"
    NOT_EVALUATED = "not_evaluated"


class Bound(StrEnum):
    """Whether a limit must not be exceeded or must be reached."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, kw_only=True)
class WaterItem(Rule):
    """An item of GB 3838-2002 table 1 and the part it plays."""

    item: str
    number: int
    name_zh: str
    unit: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class WaterLimit(Rule):
    """The limits of an item for classes Ⅰ to Ⅴ, in the unit of the item.

    `body` is a `Body` or "any". An item may have two rows, as pH has: a floor and a ceiling.
    """

    item: str
    body: str
    bound: Bound
    class_1: float
    class_2: float
    class_3: float
    class_4: float
    class_5: float

    def __post_init__(self) -> None:
        super().__post_init__()
        falling = self.bound is Bound.AT_LEAST
        if sorted(self.limits, reverse=falling) != list(self.limits):
            raise ValueError("class_order")

    @property
    def limits(self) -> tuple[float, ...]:
        """The five limits, class Ⅰ first."""
        return (self.class_1, self.class_2, self.class_3, self.class_4, self.class_5)

    def of_class(self, water_class: int) -> float:
        """The limit of a class 1–5."""
        return self.limits[water_class - 1]


@dataclass(frozen=True, kw_only=True)
class WaterGrade(Rule):
    """The sign, grade and colour of a class; `colour` is `#rrggbb`, the program's shade."""

    water_class: WaterClass
    label: str
    grade: str
    colour_name: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class PollutantMethod(Rule):
    """How main pollutants of a section are chosen: at most `most`, worse than `above_class`."""

    above_class: WaterClass
    most: int
    without_multiple: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Precedence(Rule):
    """Items that come first among the main pollutants whenever they exceed."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BasinMethod(Rule):
    """From how many sections on a river is graded by shares, and which classes are counted."""

    shares_from: int
    good_to_class: WaterClass
    bad_from_class: WaterClass
    most: int


@dataclass(frozen=True, kw_only=True)
class BasinGrade(Rule):
    """A grade of a river: the first in `order` whose conditions hold (shares in percent)."""

    order: int
    grade: str
    colour_name: str
    good_at_least: float = 0.0
    bad_below: float | None = None


class ChangeBy(StrEnum):
    """What is compared between two periods."""

    GRADES = "grades"
    SHARES = "shares"


class Degree(StrEnum):
    """How large a change is: 无明显变化, 有所, 明显."""

    NONE = "none"
    SOME = "some"
    MARKED = "marked"


@dataclass(frozen=True, kw_only=True)
class ChangeStep(Rule):
    """A change of more than `above` grades or percentage points has this degree."""

    by: ChangeBy
    degree: Degree
    above: float


@dataclass(frozen=True, kw_only=True)
class RealtimeMethod(Rule):
    """Items of the class of one reading: `required`, and those a station may lack altogether."""

    required: tuple[str, ...]
    when_configured: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HydrogenMean(Rule):
    """Items averaged as hydrogen ions."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CwqiMethod(Rule):
    """Single indices of CWQI: C/S, S/C for `inverse`, distance from `neutral` for `deviation`."""

    reference_class: WaterClass
    inverse: tuple[str, ...]
    deviation: tuple[str, ...]
    neutral: float


@dataclass(frozen=True, kw_only=True)
class TrophicParameter(Rule):
    """TLI(j) = 10 (intercept + slope ln C), C in `unit`; weight in proportion to r²."""

    item: str
    unit: str
    intercept: float
    slope: float
    r_squared: float


@dataclass(frozen=True, kw_only=True)
class TrophicLevel(Rule):
    """A level of TLI up to `edge`, which belongs to it if `closed`."""

    name: str
    edge: float
    closed: bool


@dataclass(frozen=True, kw_only=True)
class WaterTables:
    """All tables of surface water, of all times."""

    items: tuple[WaterItem, ...]
    limits: tuple[WaterLimit, ...]
    grade: tuple[WaterGrade, ...]
    pollutants: tuple[PollutantMethod, ...]
    precedence: tuple[Precedence, ...]
    basin: tuple[BasinMethod, ...]
    basin_grade: tuple[BasinGrade, ...]
    change: tuple[ChangeStep, ...]
    realtime: tuple[RealtimeMethod, ...]
    hydrogen_mean: tuple[HydrogenMean, ...]
    validity: tuple[Validity, ...]
    cwqi: tuple[CwqiMethod, ...]
    cwqi_city: tuple[Rule, ...]
    cwqi_incomplete: tuple[Rule, ...]
    trophic_parameter: tuple[TrophicParameter, ...]
    trophic_level: tuple[TrophicLevel, ...]

    def on(self, day: date, body: Body) -> "WaterStandard":
        """What GB 3838 says of one kind of water on a day.

        Raises:
            StandardError: `not_in_force` on a day before the standard.
        """
        the_one(self.limits, day, "GB 3838")
        items = {item.item: item for item in in_force(self.items, day)}
        limits: dict[str, tuple[WaterLimit, ...]] = {}
        for limit in in_force(self.limits, day):
            if limit.body in {body, "any"}:
                limits[limit.item] = (*limits.get(limit.item, ()), limit)
        return WaterStandard(day, body, items, limits)


@dataclass(frozen=True)
class WaterStandard:
    """Items and limits for one kind of water, as in force on one day.

    `limits` holds only items that have limits for this kind of water.
    """

    day: date
    body: Body
    items: Mapping[str, WaterItem]
    limits: Mapping[str, tuple[WaterLimit, ...]]

    def evaluated(self) -> tuple[str, ...]:
        """The items that make the class of a section, in the order of table 1."""
        return tuple(
            name
            for name, item in self.items.items()
            if item.role is Role.EVALUATED and name in self.limits
        )

    def separate(self) -> tuple[str, ...]:
        """The items with limits that are evaluated by themselves."""
        return tuple(
            name
            for name, item in self.items.items()
            if item.role is Role.SEPARATE and name in self.limits
        )

    def confidence(self, items: tuple[str, ...]) -> Confidence:
        """The weakest confidence of the limits of some items."""
        rows = (row for item in items for row in self.limits.get(item, ()))
        return least_sure(row.confidence_on(self.day) for row in rows)
