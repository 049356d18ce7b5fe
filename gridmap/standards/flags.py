"""What the flags of publishers mean: whether a flagged reading counts, and as how much.

A letter means different things in different protocols, so that a flag is asked together with
the protocol that it came by. Where the protocol is not known, the strictest meaning counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gridmap.standards.tables import Days, Rule, the_one

EVERY_PROTOCOL = "*"


class Usable(StrEnum):
    """Whether judgements count a reading with a flag; `ASKED`: an office may decide so."""

    YES = "yes"
    NO = "no"
    ASKED = "asked"


class NonDetectPurpose(StrEnum):
    """What a reading below the detection limit is used for."""

    MEAN = "mean"
    CLASS = "class"


@dataclass(frozen=True, kw_only=True)
class DataFlag(Rule):
    """One flag of one protocol ("*" = of every protocol).

    `non_detect`: the reading lies below the detection limit, which stands in its place.
    """

    protocol: str
    flag: str
    meaning_zh: str
    meaning_en: str
    usable: Usable
    non_detect: bool = False


@dataclass(frozen=True, kw_only=True)
class NonDetect(Rule):
    """By which share of the detection limit a non-detect counts."""

    medium: str
    purpose: NonDetectPurpose
    share: float


@dataclass(frozen=True)
class FlagTable:
    """All flags of all protocols.

    `decisions` are the office's: (protocol, flag) → whether readings with a flag that is
    `ASKED`, or that no table holds, count. Protocol "" is the unknown one.
    """

    flags: tuple[DataFlag, ...]
    non_detects: tuple[NonDetect, ...]
    decisions: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    def meanings(self, protocol: str, flag: str, day: date) -> tuple[DataFlag, ...]:
        """What a flag may mean on a day; for a protocol that no row names, all meanings."""
        same = [one for one in self.flags if one.flag == flag and one.in_force(day)]
        if all(one.protocol != protocol for one in self.flags):
            return tuple(same)
        return tuple(one for one in same if one.protocol in {protocol, EVERY_PROTOCOL})

    def verdict(self, protocol: str, flag: str, day: date) -> Usable:
        """Whether a flagged reading counts by the tables alone; unknown flags are `ASKED`."""
        if not flag:
            return Usable.YES
        found = {one.usable for one in self.meanings(protocol, flag, day)}
        if Usable.NO in found:
            return Usable.NO
        return Usable.YES if found == {Usable.YES} else Usable.ASKED

    def usable(self, protocol: str, flag: str, day: date) -> bool:
        """Whether judgements count a reading with this flag.

        What is `ASKED` counts only where the office decided so.
        """
        verdict = self.verdict(protocol, flag, day)
        if verdict is Usable.ASKED:
            return self.decisions.get((protocol, flag), False)
        return verdict is Usable.YES

    def is_non_detect(self, protocol: str, flag: str, day: date) -> bool:
        """Whether the flag says, by every meaning it may have, "below the detection limit"."""
        found = self.meanings(protocol, flag, day)
        return bool(found) and all(one.non_detect for one in found)

    def share(self, medium: str, purpose: NonDetectPurpose, day: date) -> float:
        """By which share of the detection limit a non-detect counts.

        Raises:
            StandardError: if no rule in force speaks of this medium.
        """
        fitting = (
            one for one in self.non_detects if one.medium == medium and one.purpose is purpose
        )
        return the_one(fitting, day, f"non-detects of {medium}").share

    def days_of_change(self, flag: str) -> Days:
        """The days on which the meaning of a flag begins or ends, rising, `datetime64[D]`."""
        same = [one for one in self.flags if one.flag == flag]
        days = {one.first_day for one in same}
        days |= {one.valid_to + timedelta(days=1) for one in same if one.valid_to}
        return np.array(sorted(days), dtype="datetime64[D]")

    def stretches(self, flag: str, days: Days) -> list[tuple[NDArray[np.bool_], date]]:
        """The stretches of `days`, shape (n,), between changes: masks, each with a day of it."""
        if not len(days):
            return []
        stretch = np.searchsorted(self.days_of_change(flag), days, side="right")
        numbers, first = np.unique(stretch, return_index=True)
        return [
            (stretch == number, days[at].astype("datetime64[D]").item())
            for number, at in zip(numbers, first, strict=True)
        ]
