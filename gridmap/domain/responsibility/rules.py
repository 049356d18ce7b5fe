"""The figures of the rule that an office may set (`resources/rules.toml`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """How far the rule looks. All distances in metres, shares between 0 and 1.

    `owner_tier` is the tier that answers for a place; `river_within_m` how near a
    reach must be to count; `walk_m` how far sections and firms are sought along the
    water; `snap_m` how far a point without a reach code may lie from its reach;
    `border_share` from which share of its length on a river is itself the border, and
    `interlocked_share` from which share on a crossing reach counts as both.
    """

    owner_tier: str
    river_within_m: float
    walk_m: float
    snap_m: float
    stations: int
    border_share: float
    interlocked_share: float
