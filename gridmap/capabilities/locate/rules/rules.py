"""The figures of the rule that an office may set (`resources/rules.toml`)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

_Metres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class Rules:
    """How far the rule looks. All distances in metres, shares between 0 and 1.

    `owner_tier` is the tier that answers for a place; `river_within_m` how near a
    reach must be to count; `walk_m` how far sections and firms are sought along the
    water; `snap_m` how far a point without a reach code may lie from its reach;
    `border_share` from which share of its length on a river is itself the border, and
    `interlocked_share` from which share on a crossing reach counts as both.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    owner_tier: str
    river_within_m: _Metres
    walk_m: _Metres
    snap_m: _Metres
    stations: Annotated[int, Field(ge=0)]
    border_share: _Share
    interlocked_share: _Share
