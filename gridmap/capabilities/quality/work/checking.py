"""Running the checks over a project, keeping what they find, and how complete the months are."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from pyproj import Geod

from gridmap.capabilities.quality.rules.checks import (
    Examined,
    beside_others,
    examine,
    examine_item,
    examine_station,
)
from gridmap.capabilities.quality.rules.completeness import MonthCount, month_counts
from gridmap.capabilities.quality.rules.findings import (
    CheckedSeries,
    Finding,
    Mask,
    Severity,
    rhythm,
)
from gridmap.capabilities.quality.work.figures import FigureTable, figures_of
from gridmap.capabilities.stations.work.facts import STATION_READS, stations_of
from gridmap.capabilities.stations.work.judged import MAINTENANCE, Judge
from gridmap.standards.item_files import items as known_items
from gridmap.store.change import Change
from gridmap.store.changes import JUDGED, settings, tables
from gridmap.store.project import Project
from gridmap.store.records import read_notes

Watch = Callable[[int, int], None]
"""Told how many series are done, of how many; may raise in order to stop."""

NEIGHBOURS: Final = 6
_GEOD: Final = Geod(ellps="GRS80")
_DECIMALS: Final = 3
_FACT_DIGITS: Final = 6


@dataclass(frozen=True)
class Scope:
    """What is checked: None means all; `start` included, `end` excluded, both aware."""

    stations: frozenset[str] | None = None
    items: frozenset[str] | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Findings:
    """The outcome of a run: findings by station and time, months of every series."""

    scope: Scope
    findings: tuple[Finding, ...]
    months: tuple[MonthCount, ...]
    series: int
    readings: int


@dataclass
class _Read:
    """A series as it was read, with which readings judgements count."""

    series: CheckedSeries
    used: Mask


@dataclass
class _Desk:
    """What the checks need of a project, read once."""

    project: Project
    scope: Scope
    keys: pd.DataFrame
    figures: FigureTable
    judge: Judge = field(init=False)
    plain: Judge = field(init=False)
    maintenance: dict[str, list[tuple[str, int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(self.project)
        self.plain = Judge(self.project, with_exclusions=False)
        self.maintenance = _maintenance(self.project)

    def read(self, station: str, item: str) -> _Read:
        """Read one series of the scope's time."""
        frame = self.project.series.details(station, item, self.scope.start, self.scope.end)
        times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
        values = frame["value"].to_numpy(np.float64)
        flags = frame["flag"].to_numpy(dtype=object)
        protocols = frame["protocol"].to_numpy(dtype=object)
        used = self.judge.decide((station, item), times, values, flags, protocols).used
        plain = self.plain.decide((station, item), times, values, flags, protocols)
        known = known_items().get(item)
        checked = CheckedSeries(
            station=station,
            item=item,
            medium=known.medium if known else "",
            decimals=known.decimals if known else _DECIMALS,
            step=rhythm(times),
            times=times,
            values=values,
            sound=plain.used,
            non_detect=plain.non_detect,
        )
        return _Read(checked, used)

    def until(self, item: str) -> int:
        """Up to when readings of an item are expected: the latest reading of its medium."""
        medium = _medium(item)
        same = self.keys[[_medium(one) == medium for one in self.keys["item"]]]
        last = same["last"].max()
        if self.scope.end is not None:
            last = min(last, pd.Timestamp(self.scope.end) - pd.Timedelta(microseconds=1))
        return int(last.value // 1000)

    def spans(self, station: str, item: str) -> list[tuple[int, int]]:
        """When a series was under maintenance, µs, both included."""
        return [(a, b) for own, a, b in self.maintenance.get(station, ()) if own in {"", item}]

    def chosen(self) -> dict[str, list[str]]:
        """The items to check of each station."""
        found: dict[str, list[str]] = defaultdict(list)
        for station, item in zip(self.keys["station"], self.keys["item"], strict=True):
            if self.scope.stations is not None and station not in self.scope.stations:
                continue
            if self.scope.items is None or item in self.scope.items:
                found[station].append(item)
        return dict(found)


QUALITY_READS: Final = (
    JUDGED | STATION_READS | tables("series_findings") | settings("quality.", "rules.")
)
"""What the page and the report of quality are made of."""


def run_checks(
    project: Project,
    stations: Iterable[str] | None = None,
    items: Iterable[str] | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    watch: Watch = lambda _done, _total: None,
) -> Findings:
    """Run all checks. Nothing is written; see `store_findings`.

    Args:
        project: whose readings.
        stations: codes of the stations to check, None for all.
        items: ids of the items to check, None for all.
        start: first time, aware, included.
        end: last time, aware, excluded.
        watch: told how far the work is; what it raises stops it.

    Returns:
        Findings by station, time and check; the same readings give the same findings.
    """
    desk = _desk(project, _scope(stations, items, start, end))
    chosen = desk.chosen()
    total = 2 * sum(map(len, chosen.values()))
    done = 0
    found: list[Finding] = []
    months: list[MonthCount] = []
    skips: dict[tuple[str, str], Mask] = {}
    readings = 0
    for station, own in chosen.items():
        examined: dict[str, Examined] = {}
        for item in own:
            watch(done, total)
            one = desk.read(station, item)
            readings += len(one.series.times)
            spans = desk.spans(station, item)
            examined[item] = examine(one.series, one.used, desk.figures, desk.until(item), spans)
            skips[station, item] = examined[item].skip
            months.extend(examined[item].counts)
            done += 1
        found.extend(examine_station(examined, desk.figures))
    near = neighbours_of(project)
    for item in dict.fromkeys(item for own in chosen.values() for item in own):
        found = _across(desk, item, skips, near, found, partial(watch, done, total))
        done += sum(item in own for own in chosen.values())
    watch(total, total)
    # What is shown after a run is what the project keeps of it.
    found = [replace(one, facts=_plain(one.facts)) for one in found]
    found.sort(key=lambda one: (one.station, one.start, one.check, one.item, one.end))
    return Findings(desk.scope, tuple(found), tuple(months), total // 2, readings)


def completeness(
    project: Project, *, watch: Watch = lambda _done, _total: None
) -> tuple[MonthCount, ...]:
    """How complete each month of every series is; quicker than all checks."""
    desk = _desk(project, Scope())
    found: list[MonthCount] = []
    pairs = list(zip(desk.keys["station"], desk.keys["item"], strict=True))
    for done, (station, item) in enumerate(pairs):
        watch(done, len(pairs))
        one = desk.read(station, item)
        found.extend(month_counts(one.series, one.used, desk.until(item)))
    return tuple(found)


def store_findings(change: Change, findings: Findings) -> int:
    """Keep findings in place of the former ones of the same scope; exclusions stay.

    Returns:
        How many findings are kept.
    """
    connection = change.touching("series_findings", {})
    scope = findings.scope
    rows = connection.execute(
        "SELECT finding_id, station, item, start_t, end_t FROM series_findings"
    ).fetchall()
    low = _micro(scope.start, -(2**62))
    high = _micro(scope.end, 2**62)
    gone = [
        (identity,) for identity, station, item, begin, end in rows
        if (scope.stations is None or station in scope.stations)
        and (scope.items is None or item in scope.items)
        and begin < high and end >= low
    ]  # fmt: skip
    connection.executemany("DELETE FROM series_findings WHERE finding_id = ?", gone)
    connection.executemany(
        'INSERT OR REPLACE INTO series_findings (finding_id, station, item, "check", start_t,'
        " end_t, readings, severity, facts, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (one.identity, one.station, one.item, one.check, one.start, one.end, one.readings,
             one.severity, json.dumps(dict(one.facts), ensure_ascii=False, sort_keys=True),
             change.at.isoformat())
            for one in findings.findings
        ],
    )  # fmt: skip
    change.detail["findings"] = len(findings.findings)
    change.detail["replaced"] = len(gone)
    return len(findings.findings)


def stored_findings(project: Project) -> tuple[Finding, ...]:
    """The findings that the project keeps, by station and time."""
    with project.reading() as connection:
        rows = connection.execute(
            'SELECT "check", station, item, start_t, end_t, readings, severity, facts'
            ' FROM series_findings ORDER BY station, start_t, "check", item, end_t'
        ).fetchall()
    return tuple(
        Finding(check, station, item, start, end, readings, Severity(severity), json.loads(facts))
        for check, station, item, start, end, readings, severity, facts in rows
    )


def found_at(project: Project) -> datetime | None:
    """When findings were last kept, None where there are none."""
    with project.reading() as connection:
        latest = connection.execute("SELECT MAX(found_at) FROM series_findings").fetchone()[0]
    return datetime.fromisoformat(latest) if latest else None


def neighbours_of(project: Project) -> dict[str, list[str]]:
    """The nearest stations of the same layer and medium, nearest first (geodesic).

    What an outlet lets out is not compared with the river beside it.
    """
    facts = [one for one in stations_of(project).values() if not np.isnan(one.lon)]
    found: dict[str, list[str]] = {}
    for one in facts:
        kind = (one.layer_id, one.medium)
        others = [o for o in facts if (o.layer_id, o.medium) == kind and o is not one]
        count = len(others)
        _, _, metres = _GEOD.inv(
            [one.lon] * count, [one.lat] * count, [o.lon for o in others], [o.lat for o in others]
        )
        order = np.argsort(np.asarray(metres), kind="stable")[:NEIGHBOURS]
        found[one.code] = [others[int(at)].code for at in order]
    return found


def _across(
    desk: _Desk,
    item: str,
    skips: Mapping[tuple[str, str], Mask],
    near: Mapping[str, Sequence[str]],
    before: list[Finding],
    still: Callable[[], None],
) -> list[Finding]:
    """What was found before, and what the stations of an item say about it and each other."""
    examined: list[Examined] = []
    for station in desk.keys.loc[desk.keys["item"] == item, "station"]:
        still()
        series = desk.read(station, item).series
        skip = skips.get((station, item))
        if skip is None:  # a neighbour outside of the scope
            skip = np.zeros(len(series.times), dtype=bool)
        examined.append(Examined(series, (), (), skip))
    found = examine_item(examined, near, desk.figures, still)
    wanted = desk.scope.stations
    return [
        *beside_others(before, examined, near, desk.figures),
        *(one for one in found if wanted is None or one.station in wanted),
    ]


def _desk(project: Project, scope: Scope) -> _Desk:
    return _Desk(project, scope, project.series.keys(), figures_of(project))


def _scope(
    stations: Iterable[str] | None,
    items: Iterable[str] | None,
    start: datetime | None,
    end: datetime | None,
) -> Scope:
    return Scope(
        None if stations is None else frozenset(stations),
        None if items is None else frozenset(items),
        start,
        end,
    )


def _maintenance(project: Project) -> dict[str, list[tuple[str, int, int]]]:
    with project.reading() as connection:
        notes = read_notes(connection)
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for note in notes[notes["kind"] == MAINTENANCE].to_dict("records"):
        if not pd.isna(note["start"]) and not pd.isna(note["end"]):
            span = (note["item"], note["start"].value // 1000, note["end"].value // 1000 - 1)
            found[note["station"]].append(span)
    return found


def _medium(item: str) -> str:
    known = known_items().get(item)
    return known.medium if known else ""


def _micro(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(pd.Timestamp(moment).value) // 1000


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: float(f"{fact:.{_FACT_DIGITS}g}") if isinstance(fact, float) else fact
        for name, fact in facts.items()
    }
