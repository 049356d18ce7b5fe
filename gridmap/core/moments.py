"""Moments: microseconds since 1970 UTC, and what a clock in Shanghai says.

Readings carry the former, people read the latter. Asia/Shanghai has had no summer time since
1991, so that its days all have 24 hours.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

ZONE_NAME: Final = "Asia/Shanghai"
ZONE: Final = ZoneInfo(ZONE_NAME)

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US
OFFSET_US: Final = 8 * HOUR_US
"""How far Shanghai is ahead of UTC."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(us: int) -> datetime:
    """Microseconds since 1970 UTC as a moment in Asia/Shanghai."""
    return (_EPOCH + timedelta(microseconds=int(us))).astimezone(ZONE)


def micros_of(moment: datetime) -> int:
    """An aware moment as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def times_of(us: "NDArray[np.int64]") -> "pd.DatetimeIndex":
    """Microseconds since 1970 UTC, shape (n,), as moments in Asia/Shanghai; nothing is copied."""
    import pandas as pd  # noqa: PLC0415  heavy: a value needs none of it

    return pd.DatetimeIndex(us.view("M8[us]"), tz="UTC", copy=False).tz_convert(ZONE)
