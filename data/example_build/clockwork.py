"""Time axes and random processes for the series."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from example_build.plane import Floats, rng

ZONE: Final = "Asia/Shanghai"
START: Final = pd.Timestamp("2025-11-22 00:00", tz=ZONE)
END: Final = pd.Timestamp("2026-11-22 08:00", tz=ZONE)
LEAD_HOURS: Final = 240  # processes run ahead of START, so that a lag can look back


@dataclass(frozen=True)
class Axis:
    """Hourly time with a lead: what every process is computed on."""

    hours: Floats  # since START, from -LEAD_HOURS
    of_day: Floats  # 0 … 24
    year: Floats  # phase in radians, 0 = 1 January

    @classmethod
    def hourly(cls) -> "Axis":
        """The axis of the example."""
        span = int((END - START) / pd.Timedelta(hours=1))
        hours = np.arange(-LEAD_HOURS, span + 1, dtype=float)
        days = hours / 24 + START.dayofyear - 1
        return cls(hours, hours % 24, 2 * np.pi * days / 365.25)

    def season(self, peak_day: float) -> Floats:
        """A wave over the year, 1 at a day of the year, -1 half a year later."""
        return np.asarray(np.cos(self.year - 2 * np.pi * peak_day / 365.25))

    def day(self, peak_hour: float) -> Floats:
        """A wave over the day, 1 at an hour, -1 twelve hours later."""
        return np.asarray(np.cos(2 * np.pi * (self.of_day - peak_hour) / 24))

    def bump(self, hour: float, width: float) -> Floats:
        """A daily bump of height 1."""
        away = (self.of_day - hour + 12) % 24 - 12
        return np.asarray(np.exp(-0.5 * (away / width) ** 2))

    def red_noise(self, memory_hours: float, *names: object) -> Floats:
        """An autoregressive process of unit variance."""
        keep = float(np.exp(-1 / memory_hours))
        shocks = rng("noise", *names).standard_normal(len(self.hours) + 2_000)
        return np.asarray(lfilter([np.sqrt(1 - keep**2)], [1, -keep], shocks)[2_000:])

    def rain(self) -> Floats:
        """Rain as a decaying wetness (0 … about 3); plum rain in June, showers all year."""
        draw = rng("rain")
        chance = (0.0045 + 0.006 * np.exp(-0.5 * ((self.season(170) - 1) / 0.08) ** 2)
                  + 0.003 * np.clip(self.season(215), 0, None))  # fmt: skip
        drops = (draw.random(len(self.hours)) < chance) * draw.gamma(1.6, 0.5, len(self.hours))
        return np.asarray(lfilter([1.0], [1, -float(np.exp(-1 / 30))], drops))


def index_of(axis: Axis, step_hours: int) -> tuple[pd.DatetimeIndex, Floats]:
    """Published times every `step_hours` (0, 4, 8 … local) and their positions on the axis."""
    positions = np.arange(LEAD_HOURS, len(axis.hours), step_hours)
    stamps = START + pd.to_timedelta(axis.hours[positions], unit="h")
    return pd.DatetimeIndex(stamps), positions


def lagged(signal: Floats, hours: float) -> Floats:
    """A signal `hours` later, by linear interpolation."""
    where = np.arange(len(signal)) - hours
    return np.interp(where, np.arange(len(signal)), signal)
