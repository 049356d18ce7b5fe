"""What makes a ring around a station's symbol: offered by capabilities that raise something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gridmap.capabilities import offers
from gridmap.store.project import Project

OFFER: Final = "station_rings"
"""Under this name a capability offers `rings(project) -> Iterable[Ring]`."""

_NO_RING: Final = 9  # no grade is so slight


@dataclass(frozen=True)
class Ring:
    """Something raised about a station.

    Attributes:
        station: its code.
        grade: 1 (the gravest) to 4.
        start, until: when it lasted, aware, Asia/Shanghai.
        live: whether somebody still has to act.
    """

    station: str
    grade: int
    start: datetime
    until: datetime
    live: bool


def rings_of(project: Project) -> tuple[Ring, ...]:
    """All that is raised about the stations of a project. Any thread."""
    return tuple(_offered(project))


def _offered(project: Project) -> Iterator[Ring]:
    for rings in offers(OFFER):
        yield from rings(project)


def live_grades(rings: Iterable[Ring]) -> dict[str, int]:
    """The gravest grade of what is live, by station."""
    return _gravest(ring for ring in rings if ring.live)


def grades_at(rings: Iterable[Ring], moment: datetime) -> dict[str, int]:
    """The gravest grade of what lasted at a moment, by station."""
    return _gravest(ring for ring in rings if ring.start <= moment <= ring.until)


def _gravest(rings: Iterable[Ring]) -> dict[str, int]:
    found: dict[str, int] = {}
    for ring in rings:
        found[ring.station] = min(ring.grade, found.get(ring.station, _NO_RING))
    return found
