"""One year of readings: regular rhythm first, then gaps, maintenance and labelled faults."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from example_build.clockwork import END, ZONE
from example_build.plane import rng
from gridmap.standards.item_files import items

MAINTENANCE_FLAG: Final = "M"  # HJ 212: under maintenance


@dataclass(frozen=True)
class Note:
    """What is known about a stretch of a series; `item` "" = all items; end excluded."""

    station: str
    item: str
    start: pd.Timestamp
    end: pd.Timestamp
    kind: str
    note: str


_EVENT_DAYS: Final = 8
_UNDISTURBED: Final = tuple(pd.Timestamp(day, tz=ZONE) for day in ("2026-11-12", "2026-11-20"))
Tables = dict[str, pd.DataFrame]  # station → frame(time; one column per item)


def moment(text: str) -> pd.Timestamp:
    """A local time."""
    return pd.Timestamp(text, tz=ZONE)


def publish(table: pd.DataFrame) -> pd.DataFrame:
    """Values with the decimals that are published."""
    return table.round({name: items()[name].decimals for name in table.columns})


def maintain(tables: Tables, hours: int) -> list[Note]:
    """Once a month every station is serviced for some hours: values are missing."""
    notes = []
    for station, table in tables.items():
        for month in pd.period_range("2025-12", "2026-11", freq="M"):
            draw = rng("maintenance", station, month)
            date = month.start_time + pd.Timedelta(days=int(draw.integers(1, 27)), hours=8)
            start = date.tz_localize(ZONE)
            if _UNDISTURBED[0] <= start < _UNDISTURBED[1]:
                start += pd.Timedelta(days=_EVENT_DAYS)
            end = start + pd.Timedelta(hours=hours)
            if end < END:
                table.loc[(table.index >= start) & (table.index < end)] = np.nan
                notes.append(Note(station, "", start, end, "maintenance", "示例：例行维护与校准"))
    return notes


def lose(tables: Tables, long_gaps: dict[str, tuple[tuple[str, str], ...]]) -> None:
    """Rows that never arrived: one in a hundred, and the long gaps (start, end) of stations."""
    for station, table in tables.items():
        missing = rng("loss", station).random(len(table)) < 0.01
        for start, end in long_gaps.get(station, ()):
            missing |= np.asarray((table.index >= moment(start)) & (table.index < moment(end)))
        tables[station] = table[~missing]


def stick(tables: Tables, station: str, item: str, start: str, end: str) -> Note:
    """A value that stays the same though the water or air does not."""
    table = tables[station]
    inside = (table.index >= moment(start)) & (table.index < moment(end))
    first = table.loc[inside, item].dropna().iloc[0]
    table.loc[inside & table[item].notna(), item] = first
    text = "示例：数值恒定不变（卡滞）"
    return Note(station, item, moment(start), moment(end), "fault:stuck", text)


def spike(tables: Tables, station: str, item: str, at: str, factor: float) -> Note:
    """One value that nothing around it supports; the first published one from `at` on."""
    table = tables[station]
    where = table.index[(table.index >= moment(at)) & table[item].notna()][0]
    decimals = items()[item].decimals
    table.loc[where, item] = round(float(table.loc[where, item]) * factor, decimals)
    end = where + (table.index[1] - table.index[0])
    return Note(station, item, where, end, "fault:spike", "示例：单点突变（尖峰）")


def notes_frame(notes: list[Note]) -> pd.DataFrame:
    """The notes as the project's table holds them."""
    ordered = sorted(notes, key=lambda n: (n.station, n.start, n.item, n.kind))
    return pd.DataFrame([vars(note) for note in ordered])
