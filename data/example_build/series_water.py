"""Four-hourly water series: season, day, rain, a lag along the river, and the ammonia event."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter1d

from example_build.clockwork import LEAD_HOURS, START, Axis, index_of, lagged
from example_build.firms import Event
from example_build.plane import Floats, rng
from example_build.readings import Note, Tables, lose, maintain, moment, publish, spike, stick
from example_build.sites import SECTIONS, section_spots
from example_build.water import Reach, Spot, travel_hours

STEP_HOURS: Final = 4
EVENT_START: Final = "2026-11-14 06:00"
EVENT_HOURS: Final = 52
_EVENT_MG_L: Final = 3.4  # rise at the outlet, fully mixed
_DECAY_PER_DAY: Final = 0.35
_DISPERSION_M2_S: Final = 45.0
_MEAN_SPEED_M_S: Final = 0.2
_LONG_GAPS: Final = {
    "WS01": (("2026-02-14 08:00", "2026-02-17 16:00"),),
    "WS04": (("2026-11-09 16:00", "2026-11-12 00:00"), ("2026-05-02 00:00", "2026-05-03 12:00")),
    "WS07": (("2026-07-21 04:00", "2026-07-24 20:00"),),
}


@dataclass(frozen=True)
class WaterStation:
    """A water station: code, its spot, and hours of flow from the event's outlet (nan: none)."""

    code: str
    where: Spot
    river: str
    after_outlet_h: float
    after_start_h: float


def water_stations(reaches: list[Reach], event: Event) -> list[WaterStation]:
    """The automatic sections in the order of their codes."""
    found: list[WaterStation] = []
    for plan, where in zip(SECTIONS, section_spots(reaches), strict=True):
        if plan.station:
            below = where.reach.river == event.where.reach.river
            below = below and where.river_m > event.where.river_m
            after = travel_hours(reaches, event.where, where) if below else float("nan")
            start = Spot(where.reach, 0, 0.0)
            found.append(WaterStation(f"WS{len(found) + 1:02d}", where, plan.river, after,
                                      travel_hours(reaches, start, where)))  # fmt: skip
    return found


def water_series(stations: list[WaterStation], event: Event) -> tuple[Tables, list[Note]]:
    """All water tables and their notes."""
    axis = Axis.hourly()
    times, positions = index_of(axis, STEP_HOURS)
    tables: Tables = {}
    for station in stations:
        values = _station(axis, station)
        tables[station.code] = pd.DataFrame(
            {name: column[positions] for name, column in values.items()}, index=times
        )
    tables = {code: publish(table) for code, table in tables.items()}
    notes = maintain(tables, 8)
    notes += [
        stick(tables, "WS02", "turbidity", "2026-08-03 00:00", "2026-08-06 12:00"),
        stick(tables, "WS05", "dissolved_oxygen", "2026-10-20 04:00", "2026-10-22 16:00"),
        stick(tables, "WS07", "ph", "2026-03-11 00:00", "2026-03-14 00:00"),
        spike(tables, "WS03", "nh3n", "2026-09-12 04:00", 14.0),
        spike(tables, "WS06", "codmn", "2026-06-18 16:00", 5.0),
        spike(tables, "WS06", "tp", "2026-10-29 08:00", 9.0),
    ]
    lose(tables, _LONG_GAPS)
    notes += [_event_note(s, event) for s in stations if not np.isnan(s.after_outlet_h)]
    return tables, notes


def _station(axis: Axis, station: WaterStation) -> dict[str, Floats]:
    """All nine items of one station on the hourly axis."""
    draw = rng("water station", station.code)
    rain = lagged(axis.rain(), 6 + station.after_start_h)

    def wave(item: str, memory: float) -> Floats:
        common = lagged(axis.red_noise(memory, station.river, item), station.after_start_h)
        own = axis.red_noise(12, station.code, item)
        return np.asarray(0.88 * common + 0.3 * own)

    def level(spread: float) -> float:
        return float(np.exp(draw.normal(0, spread)))

    event = _pulse(axis, station)
    warm = 18.2 + 11.3 * axis.season(207) + 1.3 * wave("weather", 110) + 0.5 * axis.day(16)
    temperature = np.clip(warm, 3.2, 33.5)
    saturation = 14.652 - 0.41022 * temperature + 0.007991 * temperature**2
    saturation -= 7.7774e-5 * temperature**3
    share = 0.66 * level(0.06) + 0.09 * axis.season(40) + 0.055 * wave("oxygen", 60)
    light = (0.05 + 0.03 * axis.season(200)) * axis.day(16)
    oxygen = saturation * np.clip(share + light - 0.035 * rain, 0.18, 1.4) - 0.45 * event
    winter = axis.season(25)
    ammonia = 0.21 * level(0.2) * np.exp(0.75 * winter + 0.34 * wave("nh3n", 50) + 0.12 * rain)
    nitrogen = (2.5 + 0.95 * winter + 0.35 * wave("tn", 70)) * level(0.1) + 0.15 * rain
    turbid = 52 * level(0.2) * np.exp(0.38 * wave("turbidity", 30) + 0.35 * rain)
    phosphorus = 0.088 * level(0.12) * np.exp(0.2 * wave("tp", 45) + 0.14 * rain)
    organic = 4.5 * level(0.06) + 0.45 * axis.season(190) + 0.4 * wave("codmn", 60) + 0.35 * rain
    salts = 590 * level(0.06) + 85 * axis.season(40) + 26 * wave("conductivity", 80) - 32 * rain
    return {
        "water_temperature": temperature,
        "ph": 7.45 + 0.05 * draw.normal() + 0.9 * light + 0.09 * wave("ph", 90) - 0.03 * rain,
        "dissolved_oxygen": np.clip(oxygen, 0.8, 15.0),
        "conductivity": np.clip(salts + 18 * event, 230, 900),
        "turbidity": np.clip(turbid, 4, 900),
        "codmn": np.clip(organic + 0.25 * event, 1.9, 14),
        "nh3n": np.clip(ammonia + event, 0.025, 8),
        "tp": np.clip(phosphorus + 0.012 * event, 0.02, 0.9),
        "tn": np.clip(nitrogen + 1.05 * event, 0.6, 12),
    }


def _pulse(axis: Axis, station: WaterStation) -> Floats:
    """The event at a station: the outlet's pulse, later, flatter and weaker."""
    if np.isnan(station.after_outlet_h):
        return np.zeros(len(axis.hours))
    begin = (moment(EVENT_START) - START) / pd.Timedelta(hours=1) + LEAD_HOURS
    hour = np.arange(len(axis.hours)) - begin - station.after_outlet_h
    rise = np.clip(hour / 10, 0, 1) * np.clip((EVENT_HOURS - hour) / 16, 0, 1)
    seconds = station.after_outlet_h * 3600
    spread_h = np.sqrt(2 * _DISPERSION_M2_S * seconds) / _MEAN_SPEED_M_S / 3600
    weaker = np.exp(-_DECAY_PER_DAY * station.after_outlet_h / 24) / (1 + seconds / 3.2e5)
    uneven = 1 + 0.16 * lagged(axis.red_noise(9, "event"), station.after_outlet_h)
    return np.asarray(_EVENT_MG_L * weaker * gaussian_filter1d(rise * uneven, max(spread_h, 0.5)))


def _event_note(station: WaterStation, event: Event) -> Note:
    start = moment(EVENT_START) + pd.Timedelta(hours=round(station.after_outlet_h))
    text = (
        f"示例：氨氮事件，来自 {event.firm_name} 排污口 {event.outlet_code}，"
        f"水流到达约需 {station.after_outlet_h:.1f} 小时"
    )
    end = start + pd.Timedelta(hours=EVENT_HOURS + 8)
    return Note(station.code, "nh3n", start, end, "event", text)
