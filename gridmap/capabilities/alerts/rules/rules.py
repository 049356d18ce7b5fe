"""What an alert rule says. The rules themselves are rows of a table that the office edits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import IntEnum, StrEnum
from typing import ClassVar, Final

from pydantic import ConfigDict

from gridmap.core.declaration import Titles
from gridmap.standards.tables import Confidence

EVERY_STATION: Final = "*"
_CLASSES: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


class AlertGrade(IntEnum):
    """How grave an alert is; the smaller number is the graver."""

    RED = 1
    ORANGE = 2
    YELLOW = 3
    BLUE = 4


class Kind(StrEnum):
    """What a rule looks for.

    EXCEEDANCE: readings worse than a class or a limit. CLASS_JUMP: the class of an item falls by
    several classes between two readings. SUDDEN_CHANGE: a multiple, or a fraction, of the median
    of the readings before. MISSING: records that did not come. STUCK: the same value again and
    again. AQI: hours above an index. HEAVY_POLLUTION: days above indices for several days.
    YANGTZE: month and year so far against last year and the target.
    """

    EXCEEDANCE = "exceedance"
    CLASS_JUMP = "class_jump"
    SUDDEN_CHANGE = "sudden_change"
    MISSING = "missing"
    STUCK = "stuck"
    AQI = "aqi"
    HEAVY_POLLUTION = "heavy_pollution"
    YANGTZE = "yangtze"


STATION_KINDS: Final = frozenset({Kind.AQI, Kind.HEAVY_POLLUTION, Kind.YANGTZE})
"""Kinds that judge a station as a whole; their alerts have no item."""


class Against(StrEnum):
    """What readings are compared with.

    TARGET: the target class of the section. CLASS: `water_class`. STANDARD: the hourly limit of
    grade 2 of GB 3095. LIMIT: `limit`, in the unit of the series.
    """

    NOTHING = ""
    TARGET = "target"
    CLASS = "class"
    STANDARD = "standard"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """From when on an event has a graver grade: any condition that is given suffices.

    `classes` worse than the class compared with; `multiple` (C - S) / S of the limit; `above` an
    index or value.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    grade: AlertGrade
    classes: int | None = None
    multiple: float | None = None
    above: float | None = None

    def __post_init__(self) -> None:
        if self.classes is None and self.multiple is None and self.above is None:
            raise ValueError("escalation")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An index above `above` on each of the last `days` days."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    above: float
    days: int = 1


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A grade of a rule of several: all `conditions` hold, or `worse_by` classes are lost."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    grade: AlertGrade
    conditions: tuple[Condition, ...] = ()
    worse_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """One rule.

    Attributes:
        id: names the rule in alerts; never changed afterwards.
        title: in both languages.
        kind: see `Kind`.
        medium: "water" or "air".
        items: which series are looked at, each by itself; empty for a station as a whole.
        stations: codes, or "*" for all.
        without: codes of stations that are left out, for they have a rule of their own.
        against, water_class, limit: see `Against`.
        above_class: a sudden change counts only where the value or the median is worse.
        grade: of an event, unless an escalation or a tier says otherwise.
        escalations, tiers: see their types.
        duration: so many successive readings make an event.
        hysteresis: so many successive readings back within end it.
        silence_h: within so many hours after its end, what comes again belongs to it.
        gap_h: readings further apart are not successive.
        step_h: the rhythm of the records, for what is missing.
        floors: item to a value up to which repeating or changing says nothing, as near the
            detection limit; for values that are stuck or change suddenly.
        ratio, window: of a sudden change; the window is a number of readings.
        jump: classes.
        quiet: from and to, wall clock of Asia/Shanghai: nobody is notified between; the event
            is found all the same. RED is never quiet.
        enabled: whether it is evaluated.
        standard, source, confidence, note: as in the tables of the standards.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    title: Titles
    kind: Kind
    medium: str
    source: str
    confidence: Confidence
    grade: AlertGrade
    items: tuple[str, ...] = ()
    stations: tuple[str, ...] = (EVERY_STATION,)
    without: tuple[str, ...] = ()
    against: Against = Against.NOTHING
    water_class: str = ""
    limit: float | None = None
    above_class: str = ""
    escalations: tuple[Escalation, ...] = ()
    tiers: tuple[Tier, ...] = ()
    duration: int = 1
    hysteresis: int = 1
    silence_h: float = 0.0
    gap_h: float = 24.0
    step_h: float = 4.0
    floors: Mapping[str, float] = field(default_factory=dict)
    ratio: float = 3.0
    window: int = 6
    jump: int = 2
    quiet: tuple[time, time] | tuple[()] = ()
    enabled: bool = True
    standard: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        # Codes of what is wrong; the room that reads the table says them in words.
        wrong = (
            ("id", not self.id or not self.id.replace("_", "").isalnum()),
            ("medium", self.medium not in {"water", "air"}),
            ("stations", not self.stations),
            ("items", self._lacks_items()),
            ("against", self.kind is Kind.EXCEEDANCE and self.against is Against.NOTHING),
            ("water_class", self.against is Against.CLASS and self.water_class not in _CLASSES),
            ("above_class", self.above_class not in {"", *_CLASSES}),
            ("limit", self._lacks_limit()),
            ("duration", self.duration < 1),
            ("hysteresis", self.hysteresis < 1),
            ("silence_h", self.silence_h < 0),
            ("gap_h", self.gap_h <= 0),
            ("step_h", self.step_h <= 0),
            ("ratio", self.ratio <= 1),
            ("window", self.window < 1),
            ("jump", self.jump < 1),
            ("tiers", self._lacks_tiers()),
        )
        for code, is_wrong in wrong:
            if is_wrong:
                raise ValueError(code)

    def _lacks_items(self) -> bool:
        return not self.items and self.kind not in {*STATION_KINDS, Kind.MISSING}

    def _lacks_limit(self) -> bool:
        needs = self.against is Against.LIMIT or self.kind is Kind.AQI
        return needs and self.limit is None

    def _lacks_tiers(self) -> bool:
        if self.kind is Kind.HEAVY_POLLUTION:
            return not self.tiers or not all(tier.conditions for tier in self.tiers)
        if self.kind is Kind.YANGTZE:
            return not self.tiers or any(tier.worse_by is None for tier in self.tiers)
        return False

    def covers(self, station: str) -> bool:
        """Whether the rule is about this station."""
        named = EVERY_STATION in self.stations or station in self.stations
        return named and station not in self.without

    @property
    def keys(self) -> tuple[str, ...]:
        """The items whose events are told apart; "" is the station as a whole."""
        return ("",) if self.kind in STATION_KINDS or not self.items else self.items


def class_number(name: str) -> int | None:
    """The number of a class written as I to V; None for any other text."""
    return _CLASSES.get(name.strip())


def is_quiet(rule: AlertRule, grade: AlertGrade, at: time) -> bool:
    """Whether nobody should be notified at this time of day; RED always is told."""
    if not rule.quiet or grade is AlertGrade.RED:
        return False
    start, end = rule.quiet
    if start <= end:
        return start <= at < end
    return at >= start or at < end
