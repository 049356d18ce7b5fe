"""Own online monitoring of outlets: hourly ammonia and CODMn over the last thirty days."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from example_build.clockwork import END, ZONE
from example_build.firms import Event
from example_build.plane import Floats, rng
from example_build.readings import Note, Tables, moment, publish
from example_build.series_water import EVENT_HOURS, EVENT_START

START: Final = pd.Timestamp("2026-10-23 00:00", tz=ZONE)
# Firms with permits managed as "key" on 平湖塘 and where waters join it.
_FIRMS: Final = (
    "91330402EXAM00019H", "91330402EXAM00078L", "91330402EXAM00094A", "91330402EXAM002114",
    "91330402EXAM00449B", "91330402EXAM00676G", "91330402EXAM00772R", "91330402EXAM016604",
    "91330402EXAM00131G", "91330402EXAM003420", "91330402EXAM014847", "91330402EXAM00852D",
)  # fmt: skip
OUTLETS: Final = tuple(f"{firm}-DW001" for firm in _FIRMS)
_USUAL_AT_EVENT: Final = 3.0  # mg/L
_LOST: Final = 0.015
_EBB_HOURS: Final = 6


def outlet_series(event: Event) -> tuple[Tables, list[Note]]:
    """The tables of the outlets, and the note of the event at its source."""
    times = pd.date_range(START, END, freq="h")
    tables: Tables = {}
    for code in OUTLETS:
        draw = rng("outlet series", code)
        usual = _USUAL_AT_EVENT if code == event.outlet_code else float(draw.uniform(1.6, 4.6))
        shift = 1 + 0.1 * np.cos(2 * np.pi * (times.hour.to_numpy() - 15) / 24)
        ammonia = usual * shift * np.exp(0.16 * _red(draw, len(times)))
        organic = float(draw.uniform(14, 30)) * shift * np.exp(0.12 * _red(draw, len(times)))
        if code == event.outlet_code:
            ammonia = _with_event(draw, times, ammonia)
        table = publish(pd.DataFrame({"nh3n": ammonia, "codmn": organic}, index=times))
        tables[code] = table[draw.random(len(times)) >= _LOST]
    return tables, [_note(event)]


def _with_event(draw: np.random.Generator, times: pd.DatetimeIndex, usual: Floats) -> Floats:
    """25 to 40 mg/L from the first hour on, ebbing away at the end."""
    hour = np.asarray((times - moment(EVENT_START)) / pd.Timedelta(hours=1))
    inside = (hour >= 0) & (hour < EVENT_HOURS)
    ebb = np.clip((EVENT_HOURS - hour) / _EBB_HOURS, 0, 1)
    high = 32.5 + 5 * np.clip(_red(draw, len(times)), -1.45, 1.45)
    return np.where(inside, usual + (high - usual) * ebb, usual)


def _red(draw: np.random.Generator, count: int) -> Floats:
    """An autoregressive process of unit variance with a memory of half a day."""
    keep = float(np.exp(-1 / 12))
    shocks = draw.standard_normal(count + 200)
    return np.asarray(lfilter([np.sqrt(1 - keep**2)], [1, -keep], shocks)[200:])


def _note(event: Event) -> Note:
    start = moment(EVENT_START)
    end = start + pd.Timedelta(hours=EVENT_HOURS)
    text = f"示例：氨氮事件的源头，{event.firm_name}"
    return Note(event.outlet_code, "nh3n", start, end, "event", text)
