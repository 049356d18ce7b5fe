"""A place that somebody asks about."""

from dataclasses import dataclass

from gridmap.core.datum import Datum


@dataclass(frozen=True)
class Place:
    """What was asked: a point in EPSG:4490 and how far off it may be.

    `radius_m` is the uncertainty of the place itself (0 for measured coordinates,
    more for a place found by text); `text` is what the user wrote, `datum` in which datum
    the coordinates in it were read, None where it holds none.
    """

    lon: float
    lat: float
    radius_m: float = 0.0
    text: str | None = None
    datum: Datum | None = None
