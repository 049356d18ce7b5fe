"""Who answers for sections and stations, how these did, and who comes before whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gridmap.capabilities.attainment.rules.air import AirPeriod
from gridmap.capabilities.attainment.rules.water import WaterPeriod
from gridmap.standards.statistics import (
    Rate,
    ranks,
)


@dataclass(frozen=True)
class Answerable:
    """Who answers for some sections or stations, and how these did.

    Attributes:
        key: code of the unit, or of the chief's post.
        name: as shown.
        about: the unit's tier, or the chief's role and tier.
        sections: sections that attain their target, of those assessed.
        cwqi: mean index of its sections, NaN without.
        days: good days of air, of all.
        composite: mean composite index of its air stations, NaN without.
        rank_water, rank_air: places from 1, equals share one; 0 without a value.
    """

    key: str
    name: str
    about: str
    sections: Rate
    cwqi: float
    days: Rate
    composite: float
    members: tuple[str, ...] = ()
    rank_water: int = 0
    rank_air: int = 0


@dataclass
class Tally:
    """Gathers what belongs to one unit or chief."""

    name: str
    about: str
    water: list[WaterPeriod] = field(default_factory=list)
    air: list[AirPeriod] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def total(self, key: str) -> Answerable:
        """The sums and means."""
        attained = [one.attained for one in self.water]
        cwqi = [one.cwqi.value for one in self.water if one.cwqi]
        composite = [one.composite.value for one in self.air if one.composite and one.valid]
        return Answerable(
            key,
            self.name,
            self.about,
            Rate(attained.count(True), len(attained) - attained.count(None), attained.count(None)),
            float(np.mean(cwqi)) if cwqi else np.nan,
            Rate(
                sum(one.days.attained for one in self.air),
                sum(one.days.assessed for one in self.air),
                sum(one.days.without for one in self.air),
            ),
            float(np.mean(composite)) if composite else np.nan,
            tuple(self.members),
        )


def ranked(found: Sequence[Answerable]) -> tuple[Answerable, ...]:
    """With places: water by the CWQI, air by the composite index, the smallest first."""
    water, air = ranks([one.cwqi for one in found]), ranks([one.composite for one in found])
    placed = [
        replace(one, rank_water=int(w), rank_air=int(a))
        for one, w, a in zip(found, water, air, strict=True)
    ]
    return tuple(sorted(placed, key=lambda o: (o.rank_water or 10**6, o.rank_air or 10**6, o.key)))
