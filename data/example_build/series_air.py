"""Hourly air series of the six basic pollutants."""

from typing import Final

import numpy as np
import pandas as pd

from example_build.clockwork import Axis, index_of
from example_build.plane import Floats, rng
from example_build.readings import Note, Tables, lose, maintain, publish, spike, stick

_LONG_GAPS: Final = {
    "KQ03": (("2026-04-11 09:00", "2026-04-14 02:00"),),
    "KQ09": (("2026-08-20 15:00", "2026-08-24 10:00"), ("2026-11-05 03:00", "2026-11-07 11:00")),
    "KQ12": (("2026-11-18 20:00", "2026-11-23 00:00"),),  # silent until the end
}


def air_series(codes: list[str]) -> tuple[Tables, list[Note]]:
    """All air tables and their notes."""
    axis = Axis.hourly()
    times, positions = index_of(axis, 1)
    tables: Tables = {}
    for code in codes:
        values = _station(axis, code)
        table = pd.DataFrame({k: column[positions] for k, column in values.items()}, index=times)
        tables[code] = publish(table)
    notes = maintain(tables, 4)
    notes += [
        stick(tables, "KQ04", "pm10", "2026-09-02 10:00", "2026-09-04 16:00"),
        stick(tables, "KQ08", "no2", "2026-11-02 00:00", "2026-11-03 14:00"),
        spike(tables, "KQ07", "pm25", "2026-10-11 03:00", 11.0),
        spike(tables, "KQ02", "so2", "2026-05-24 13:00", 15.0),
    ]
    lose(tables, _LONG_GAPS)
    return tables, notes


def _station(axis: Axis, code: str) -> dict[str, Floats]:
    draw = rng("air station level", code)
    town = float(np.clip(draw.normal(1.0, 0.08), 0.82, 1.2))
    wash = np.exp(-0.32 * axis.rain())
    winter = axis.season(12)

    def wave(item: str, memory: float, own: float) -> Floats:
        region = axis.red_noise(memory, "air", item)
        return np.asarray(region + own * axis.red_noise(5, code, item))

    rush = axis.bump(8, 1.6) + 1.1 * axis.bump(19.5, 2.4)
    stagnant = wave("stagnation", 40, 0.22)
    fine = 25 * town * np.exp(0.46 * winter + 0.45 * stagnant) * (1 + 0.16 * rush) * wash
    dust = 30 * np.clip(axis.season(95), 0, None) * np.clip(wave("dust", 30, 0.1) - 1.6, 0, None)
    coarse = fine * 1.35 + 14 * town * np.exp(0.25 * wave("coarse", 14, 0.4)) * wash + dust
    nitrogen = 21 * town * np.exp(0.38 * winter + 0.3 * stagnant) * (0.72 + 0.55 * rush) * wash**0.5
    sun = np.clip(0.2 + axis.bump(14.5, 3.4) * 1.05, 0, None)
    cloud = np.clip(1 + 0.2 * wave("cloud", 7, 0.35), 0.35, 1.5)
    heat = (72 + 48 * axis.season(185)) * np.clip(1 + 0.3 * wave("ozone", 50, 0.15), 0.3, 1.9)
    ozone = np.clip(heat / town * sun * cloud * (0.6 + 0.4 * wash) + 14 - 0.28 * nitrogen, 2, 320)
    sulphur = 6.5 * town * np.exp(0.18 * winter + 0.2 * wave("so2", 24, 0.4)) * wash**0.4
    carbon = 0.62 * town * np.exp(0.24 * winter + 0.2 * stagnant) * (1 + 0.12 * rush)
    return {
        "so2": np.clip(sulphur, 2, 90),
        "no2": np.clip(nitrogen, 3, 180),
        "co": np.clip(carbon, 0.2, 4),
        "o3": ozone,
        "pm10": np.clip(coarse, 4, 480),
        "pm25": np.clip(fine, 2, 290),
    }
