"""The answer to "who is responsible here?", as data.

Nothing here is text for people: statuses, reasons and rules are codes, and the room
`output` turns them into sentences. Distances are metres, coordinates degrees of
EPSG:4490, dates days in Asia/Shanghai. A verdict never holds `None` where the answer
is doubtful: it holds a status and a reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gridmap.core.place import Place
from gridmap.standards.water_standards import WaterClass


class Status(StrEnum):
    """How sure the owner is."""

    CERTAIN = "certain"
    BORDERLINE = "borderline"
    SHARED = "shared"
    UNASSIGNED = "unassigned"
    OUTSIDE = "outside"


class Reason(StrEnum):
    """Why the status is what it is."""

    INSIDE_ONE_UNIT = "inside_one_unit"
    NEAR_BORDER = "near_border"
    ON_BORDER = "on_border"
    JUST_OUTSIDE_A_UNIT = "just_outside_a_unit"
    OVERLAPPING_UNITS = "overlapping_units"
    BORDER_RIVER = "border_river"
    DISPUTED = "disputed"
    GAP = "gap"
    OUTSIDE_TERRITORY = "outside_territory"
    NO_GRID = "no_grid"


class Bank(StrEnum):
    """On which side of a reach, looking downstream."""

    LEFT = "left"
    RIGHT = "right"
    IN_WATER = "in_water"


class BorderKind(StrEnum):
    """How a reach meets a border: along it, across it, or both (左右岸, 上下游, 犬牙交错)."""

    LEFT_RIGHT = "left_right"
    UP_DOWN = "up_down"
    INTERLOCKED = "interlocked"


@dataclass(frozen=True)
class UnitRef:
    """A grid unit by code, name and tier."""

    code: str
    name: str
    tier: str


@dataclass(frozen=True)
class Candidate:
    """A unit that could be the owner.

    `distance_m` is the distance to the unit's border: inside it if `covers`, else
    from outside. `priority` is the unit's priority field, the first of the tie-break.
    """

    unit: UnitRef
    covers: bool
    distance_m: float
    priority: int = 0


@dataclass(frozen=True)
class Person:
    """Who holds a post."""

    name: str
    organisation: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Holding:
    """A post on the day asked: held by `person` since a date, or vacant.

    A vacancy has `person` None; `since` is then the first vacant day, None if the post was
    not held before. `begins` is the first day on which the roster tells of the post, where
    the day asked lies before it: then nothing is known, rather than that nobody held it.
    """

    role: str
    tier: str
    person: Person | None
    since: date | None
    begins: date | None = None

    @property
    def vacant(self) -> bool:
        """Whether nobody holds the post."""
        return self.person is None


@dataclass(frozen=True)
class ChainLink:
    """One tier of the grid chain: the unit, how sure, and its people on that day.

    `border_m` is the distance to the nearest border of that tier. `by_code` says
    that the unit was found by the parent code of the tier below, because its own
    outline does not cover the place.
    """

    unit: UnitRef
    status: Status
    border_m: float
    by_code: bool
    posts: tuple[Holding, ...]


@dataclass(frozen=True)
class District:
    """An overlapping second responsibility (片区) with its officers."""

    code: str
    name: str
    border_m: float
    uncertain: bool
    posts: tuple[Holding, ...]


@dataclass(frozen=True)
class OtherReach:
    """A further reach that is as near as the data can tell, or within the set distance."""

    code: str
    name: str
    distance_m: float


@dataclass(frozen=True)
class RiverLink:
    """The river chain: nearest reach, position on it, and its chiefs on that day.

    `chainage_m` runs from the reach's upstream end. `sides` are the owners on the
    left and right bank where the nearest place lies; `border` says how the reach as
    a whole meets borders, None if it does not.
    """

    reach_code: str
    reach_name: str
    river_name: str
    distance_m: float
    chainage_m: float
    length_m: float
    bank: Bank
    flow: str
    border: BorderKind | None
    sides: tuple[UnitRef | None, UnitRef | None]
    chiefs: tuple[Holding, ...]
    others: tuple[OtherReach, ...]


@dataclass(frozen=True)
class ZoneFinding:
    """Where the place stands to a control zone.

    `distance_m` is the distance to the zone's edge, from inside or outside;
    `uncertain` says that the edge is nearer than the data is accurate.
    """

    kind: str
    code: str
    name: str
    zone_class: str
    inside: bool
    distance_m: float
    uncertain: bool
    disputed: bool


@dataclass(frozen=True)
class Reading:
    """One published value: item, value in `unit`, time in Asia/Shanghai."""

    item: str
    value: float
    unit: str
    time: datetime


@dataclass(frozen=True)
class LatestClass:
    """The class of the latest reading that has one (GB 3838, single readings)."""

    water_class: WaterClass
    time: datetime


@dataclass(frozen=True)
class SectionNear:
    """The next section along the water; `downstream` seen from the place."""

    code: str
    name: str
    downstream: bool
    river_m: float
    target_class: str
    control_level: str
    latest: tuple[Reading, ...] = ()
    latest_class: LatestClass | None = None


@dataclass(frozen=True)
class StationNear:
    """A monitoring station near the place, by straight distance."""

    code: str
    name: str
    kind: str
    distance_m: float


@dataclass(frozen=True)
class FirmUpstream:
    """A firm whose waste-water outlet lies upstream, by distance along the river."""

    code: str
    name: str
    outlet: str
    river_m: float
    items: str


@dataclass(frozen=True)
class Around:
    """What else matters near the place."""

    sections: tuple[SectionNear, ...] = ()
    stations: tuple[StationNear, ...] = ()
    firms: tuple[FirmUpstream, ...] = ()


@dataclass(frozen=True)
class Duty:
    """Which department handles a problem type, with the township or without."""

    problem: str
    title_zh: str
    title_en: str
    department: str
    with_township: bool
    work_days: int | None
    basis: str


@dataclass(frozen=True)
class RuleStep:
    """One rule that was applied: its code and the facts it used, as name and value."""

    rule: str
    facts: tuple[tuple[str, str | float | int], ...] = ()


@dataclass(frozen=True)
class EditionUsed:
    """The edition of a layer that the answer rests on."""

    layer_id: str
    edition_date: date | None
    accuracy_m: float
    content_hash: str
    data_status: str


@dataclass(frozen=True)
class Basis:
    """Why the answer is what it is.

    `tolerance_m` is the accuracy of the grid plus the radius of the place;
    `fingerprint` is the SHA-256 of everything that went in, so that the same inputs
    give the same fingerprint and different inputs another one.
    """

    rules: tuple[RuleStep, ...]
    tolerance_m: float
    editions: tuple[EditionUsed, ...]
    fingerprint: str


@dataclass(frozen=True)
class Verdict:
    """Who is responsible at a place on a day, how sure that is, and why.

    `owner` is the one primary owner (None only if `outside`, or if there is no grid);
    `provisional` marks an owner that does not cover the place and is only the nearest.
    `candidates` are all units that cover the place or lie within the tolerance, in
    the order of the tie-break, the owner first. `border_m` is the distance to the
    nearest border; for `outside` the distance to the territory.
    """

    place: Place
    on: date
    status: Status
    reason: Reason
    owner: UnitRef | None
    provisional: bool
    border_m: float
    candidates: tuple[Candidate, ...]
    chain: tuple[ChainLink, ...]
    districts: tuple[District, ...]
    river: RiverLink | None
    zones: tuple[ZoneFinding, ...]
    around: Around
    duty: Duty | None
    basis: Basis
