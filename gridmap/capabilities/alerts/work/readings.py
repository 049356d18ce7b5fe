"""The readings an evaluation needs, each series read at most once, and whether any came late."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.capabilities.alerts.rules import AlertRule, Surroundings, Track
from gridmap.capabilities.alerts.rules.observing import ABSENT, NOT_COUNTED, USED
from gridmap.capabilities.alerts.work.rule_files import planned_flags, rule_data
from gridmap.capabilities.stations.work import exclusions
from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.capabilities.stations.work.judged import DECISIONS, MAINTENANCE, MISSING, Judge
from gridmap.core.moments import moment_of
from gridmap.standards.classing import Medium
from gridmap.standards.files import standards
from gridmap.standards.item_files import items
from gridmap.store import records
from gridmap.store.project import Project

_FOREVER: Final = 2**62


@dataclass(frozen=True)
class Stock:
    """What the store holds, by station and item, as of the beginning of an evaluation.

    Attributes:
        counts: how many readings.
        revisions: how many were replaced by later arrivals.
        units: of the values.
        changed_by: station to a mark of all that makes readings count or not.
        pauses: station to stretches of maintenance, µs, end excluded.
    """

    counts: Mapping[tuple[str, str], int]
    revisions: Mapping[tuple[str, str], int]
    units: Mapping[tuple[str, str], str]
    changed_by: Mapping[str, str]
    pauses: Mapping[str, tuple[tuple[int, int], ...]]


def stock_of(project: Project) -> Stock:
    """Look through the store without reading any value."""
    with project.reading() as connection:
        rows = connection.execute("SELECT station, item, unit, rows FROM series").fetchall()
        replaced = connection.execute(
            "SELECT station, item, COUNT(*) FROM series_revisions GROUP BY station, item"
        ).fetchall()
        notes = records.read_notes(connection)
    notes = notes[notes["kind"] == MAINTENANCE]
    left_out = exclusions.exclusions(project, active=True)
    decisions = json.dumps(project.settings.get(DECISIONS, {}), sort_keys=True)
    marks, pauses = {}, {}
    for station in {row[0] for row in rows}:
        own, out = notes[notes["station"] == station], left_out[left_out["station"] == station]
        marks[station] = _digest(decisions, own.to_csv(index=False), out.to_csv(index=False))
        pauses[station] = tuple(
            (_micro(start, -_FOREVER), _micro(end, _FOREVER))
            for start, end in zip(own["start"], own["end"], strict=True)
        )
    return Stock(
        counts={(row[0], row[1]): row[3] for row in rows},
        revisions={(station, item): count for station, item, count in replaced},
        units={(row[0], row[1]): row[2] for row in rows},
        changed_by=marks,
        pauses=pauses,
    )


def _micro(at: Any, otherwise: int) -> int:
    return otherwise if pd.isna(at) else int(pd.Timestamp(at).as_unit("us").value)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def mark_of(rule: AlertRule, measured: Sequence[str], facts: StationFacts, stock: Stock) -> str:
    """Changes whenever what a rule found at a station may no longer hold; reads no value."""
    revisions = [stock.revisions.get((facts.code, item), 0) for item in measured]
    # Which stations a rule is about says nothing about what it finds at one of them.
    said = {k: v for k, v in rule_data(rule).items() if k not in {"stations", "without"}}
    return _digest(
        json.dumps(said, sort_keys=True), stock.changed_by.get(facts.code, ""),
        str(facts.target), str(facts.body), str(list(measured)), str(revisions),
    )  # fmt: skip


class StationReadings:
    """The readings of one station, read when first asked for."""

    def __init__(self, project: Project, judge: Judge, facts: StationFacts, stock: Stock) -> None:
        self.facts, self.stock = facts, stock
        self._project, self._judge = project, judge
        self._read: dict[str, tuple[int, Track]] = {}

    def since(self, item: str, low: int) -> Track:
        """Readings later than `low`, µs since 1970 UTC."""
        known = self._read.get(item)
        if known is None or known[0] > low:
            known = self._read[item] = low, self._track(item, low)
        return known[1].after(low)

    def seen(self, item: str, to: int) -> int:
        """How many readings the store holds up to a moment, included."""
        return self.stock.counts.get((self.facts.code, item), 0) - len(self.since(item, to))

    def mark(self, rule: AlertRule, measured: Sequence[str]) -> str:
        """Changes whenever what was evaluated before may no longer hold."""
        return mark_of(rule, measured, self.facts, self.stock)

    def surroundings(self) -> Surroundings:
        """What rules need to know of the station."""
        air = {name for name, item in items().items() if item.medium == Medium.AIR}
        return Surroundings(
            standards().water, standards().air, self.facts.body,
            None if self.facts.target is None else int(self.facts.target),
            frozenset(air - set(self.facts.items)),
        )  # fmt: skip

    def _track(self, item: str, low: int) -> Track:
        start = None if low < -_FOREVER // 2 else moment_of(low)
        frame = self._project.series.read(self.facts.code, item, start)
        times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
        flags = frame["flag"].to_numpy(dtype=object)
        values = frame["value"].to_numpy(np.float64)
        protocols = frame["protocol"].to_numpy(dtype=object) if "protocol" in frame else None
        found = self._judge.decide((self.facts.code, item), times, values, flags, protocols)
        absent = (found.why == MISSING) & ~np.isin(flags, planned_flags())
        marks = np.select([found.used, absent], [USED, ABSENT], NOT_COUNTED).astype(np.int8)
        return Track(times, np.where(found.used, values, np.nan), marks)
