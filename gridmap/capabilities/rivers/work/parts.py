"""What the file of a river holds, and the rivers of a project by code and name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from gridmap.capabilities.alerts.work.records import Alert
from gridmap.capabilities.locate.rules.verdict import Bank, BorderKind, Holding
from gridmap.capabilities.rivers.rules.boards import BoardState
from gridmap.capabilities.rivers.rules.file import Term, UnitLength
from gridmap.capabilities.rivers.work.figures import ChiefRules
from gridmap.capabilities.rivers.work.reaches import Sides

_SHOWN: Final = 8


@dataclass(frozen=True)
class River:
    """A river of a project, from its layer or, without one, from the names on the reaches.

    Attributes:
        code: of the layer; of a river that is drawn under several codes its name.
        length_km: that the layer states, NaN if none.
        reaches: codes.
        codes: all codes that the layer has for it; the one code, mostly.
    """

    code: str
    name: str
    grade: str = ""
    basin: str = ""
    length_km: float = float("nan")
    goal: str = ""
    reaches: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReachFile:
    """A reach within the file of its river.

    Attributes:
        layer_id: the layer it stands in.
        length_m: geodesic.
        units: metres by unit of the tier that answers; they add up to `length_m`.
        border: how it meets borders, None if it does not.
        sides: units on the left and on the right bank.
        flow: known, dominant or unknown.
        patrol_per_month: the least number of patrols a month, None if none is set.
        chiefs: who holds its posts on the day, vacancies included.
        history: terms and vacancies of each post, highest tier first, oldest first.
    """

    layer_id: str
    code: str
    name: str
    length_m: float
    units: tuple[UnitLength, ...]
    border: BorderKind | None
    sides: Sides
    flow: str
    patrol_per_month: int | None
    chiefs: tuple[Holding, ...]
    history: tuple[Term, ...]


@dataclass(frozen=True)
class SectionFile:
    """A section on the river.

    `target` is 1–5 or None; `classes` are the classes of the last twelve months, oldest first, 0
    for a month without a valid mean; `station` is where its readings are from, "" if it has none.
    """

    layer_id: str
    code: str
    name: str
    reach: str
    chainage_m: float
    role: str
    control_level: str
    target: int | None
    station: str
    classes: tuple[int, ...]


@dataclass(frozen=True)
class OutletFile:
    """A waste-water outlet on the river and its firm; `management` is "" without a permit."""

    layer_id: str
    code: str
    name: str
    reach: str
    chainage_m: float
    bank: Bank
    firm: str
    firm_name: str
    management: str
    items: str


@dataclass(frozen=True)
class ZoneFile:
    """A control zone that the river crosses, or touches (`inside_m` 0, `distance_m` in metres)."""

    layer_id: str
    code: str
    name: str
    kind: str
    zone_class: str
    disputed: bool
    inside_m: float
    distance_m: float
    reaches: tuple[str, ...]


@dataclass(frozen=True)
class RiverFile:
    """A river with all that belongs to it, on a day.

    Attributes:
        months: first days of the months that the classes of sections are of.
        reaches: in the order of the water.
        units: length by unit over all reaches.
        boards: signboards, those that are wrong first.
        rules: the figures that were used.
        editions: layer id and date of what was read.
        until: the latest reading at the river, None without any.
    """

    river: River
    on: date
    reaches: tuple[ReachFile, ...]
    units: tuple[UnitLength, ...]
    months: tuple[date, ...]
    sections: tuple[SectionFile, ...]
    outlets: tuple[OutletFile, ...]
    zones: tuple[ZoneFile, ...]
    alerts: tuple[Alert, ...]
    boards: tuple[BoardState, ...]
    rules: ChiefRules
    editions: tuple[tuple[str, date | None], ...]
    until: datetime | None

    @property
    def length_m(self) -> float:
        """Of all reaches together."""
        return sum(reach.length_m for reach in self.reaches)

    @property
    def vacancies(self) -> tuple[tuple[ReachFile, Holding], ...]:
        """The posts that nobody holds on the day."""
        return tuple((r, one) for r in self.reaches for one in r.chiefs if one.vacant)

    @property
    def outdated(self) -> tuple[BoardState, ...]:
        """The signboards on which something is wrong."""
        return tuple(one for one in self.boards if one.fault is not None)

    @property
    def latest_class(self) -> tuple[int, date] | None:
        """The worst class of the latest month that has any, and that month."""
        for place in reversed(range(len(self.months))):
            found = [one.classes[place] for one in self.sections if one.classes[place]]
            if found:
                return max(found), self.months[place]
        return None
