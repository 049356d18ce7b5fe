"""What a spill reaches downstream, and when: whom to warn, in which order.

Pure arithmetic over the water; who holds which post is the business of the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gridmap.domain.rivers.waterways import Spot, Waterways, Way

HOUR_US = 3_600_000_000


class TargetKind(StrEnum):
    """What may be reached. SLUICE: a closed one, where the water stops."""

    INTAKE = "intake"
    ZONE = "zone"
    SECTION = "section"
    BORDER = "border"
    REACH = "reach"
    SLUICE = "sluice"


@dataclass(frozen=True)
class Target:
    """Something on the water: of a zone or reach, the first place that the water touches."""

    kind: TargetKind
    code: str
    name: str
    spot: Spot


@dataclass(frozen=True)
class Arrival:
    """A target with the way to it and the window of arrival (µs since 1970 UTC)."""

    target: Target
    way: Way
    earliest: int
    latest: int


@dataclass(frozen=True)
class Warning:  # noqa: A001  the field's word; Python's own is not used here
    """The answer: arrivals by the earliest time, and the reaches passed with their metres.

    `reaches` is code to the nearer and farther end in metres of water from the place.
    """

    place: Spot
    start: int
    arrivals: tuple[Arrival, ...]
    reaches: dict[str, tuple[float, float]]

    @property
    def stopped_by(self) -> tuple[Arrival, ...]:
        """Closed sluices at which water stops."""
        return tuple(one for one in self.arrivals if one.target.kind is TargetKind.SLUICE)


def warn(
    net: Waterways, place: Spot, start: int, targets: Sequence[Target], limit_m: float
) -> Warning:
    """Walk downstream from a place and say what is reached when.

    Args:
        net: the water; closed sluices stop it.
        place: where it entered the water.
        start: when, microseconds since 1970 UTC.
        targets: what may be reached.
        limit_m: how far to walk.

    Arrivals of equal time are in order of distance, then of kind and code.
    """
    ways = net.downstream(place, [target.spot for target in targets], limit_m)
    arrivals = [
        Arrival(
            targets[number],
            way,
            start + round(way.hours_fast * HOUR_US),
            start + round(way.hours_slow * HOUR_US),
        )
        for number, way in ways.items()
    ]
    kinds = list(TargetKind)
    arrivals.sort(
        key=lambda one: (
            one.earliest, one.way.metres, kinds.index(one.target.kind), one.target.code,
        )
    )  # fmt: skip
    return Warning(place, start, tuple(arrivals), net.reaches_from(place, limit_m, above=False))
