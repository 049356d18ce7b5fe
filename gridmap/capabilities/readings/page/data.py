"""What the series dock shows, as plain data: stations to choose from, courses, their bands.

Reads the project; runs on any thread; knows no widget.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridmap.capabilities.quality.work.checking import stored_findings
from gridmap.capabilities.readings.work.means import Mode
from gridmap.capabilities.stations.work.facts import StationFacts, stations_of
from gridmap.core.moments import SECOND_US
from gridmap.standards import item_files as tables
from gridmap.standards import sequences as series
from gridmap.standards.classing import ClassCourse, Medium
from gridmap.standards.classing.course import Grades, Marks
from gridmap.standards.classing.limits import Stretch
from gridmap.standards.sequences import Figures, Numbers, Spreads
from gridmap.store.project import Project
from gridmap.store.roles import frames_of
from gridmap.texts import has, pick, t

BandKind = Literal["gap", "maintenance", "fault", "finding", "event", "other"]
Texts = NDArray[np.object_]

NOTHING: Final[tuple[Numbers, Numbers]] = (np.empty(0), np.empty(0))
"""Times and values of no points."""

STANDING: Final = "*"
"""In place of an item: the class or the AQI of the station itself."""

_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S
_LONG_GAP_S: Final = 6 * _HOUR_S
_LONG_GAP_STEPS: Final = 3
_GAP_IN_DAYS_S: Final = 3 * _DAY_S
_NEAR_STEPS: Final = 0.75
_ALREADY_BANDS: Final = frozenset({"gap", "maintenance", "completeness"})


class Part(StrEnum):
    """What a course is in its panel; the first decides the axis, the others are set against it."""

    MAIN = "main"
    LAST_YEAR = "last_year"
    UPSTREAM = "upstream"
    OTHER = "other"


@dataclass(frozen=True)
class StationChoice:
    """A station or section that can be chosen; `series` names its readings in the store."""

    code: str
    label: str
    series: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Choices:
    """Stations to choose from by code, and the facts of those with readings.

    `outlets` are codes of outlets that measure themselves: what they discharge is neither surface
    water nor ambient air, so that no class and no limit of those is shown.
    """

    stations: Mapping[str, StationChoice]
    facts: Mapping[str, StationFacts]
    outlets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Band:
    """A stretch of time with a meaning, in seconds since 1970 (UTC)."""

    start: float
    end: float
    kind: BandKind
    label: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Course:
    """One series, ready to be drawn.

    n points: `times` float64 (n,), seconds since 1970 (UTC), rising; `readings` float64 (n,) in
    `unit`, NaN where missing or, of means, where not valid. `left_out` are times and values of the
    readings that judgements do not count, also under means; `rank` numbers the stations of a
    comparison. `used` says what judgements count, `why` why not (words of `judged`); `grades` are
    classes or levels 1–6, 0 for none; `beyond`
    marks exceedances of a limit of the day. `period_s` is how much time one point stands for:
    0 for readings. `spreads` are boxes of days or months. `standing` is given for the class of
    the station itself. `from_zero` says whether the axis of values begins at zero.
    """

    title: str
    unit: str
    decimals: int
    times: Numbers
    readings: Numbers
    flags: Texts
    step_s: float | None
    bands: tuple[Band, ...]
    figures: Figures
    from_zero: bool
    station: str
    name: str
    item: str
    used: Marks
    why: Texts
    grades: Grades
    beyond: Marks
    water: bool
    stretches: tuple[Stretch, ...] = ()
    mode: Mode = Mode.READINGS
    part: Part = Part.MAIN
    label: str = ""
    spreads: Spreads | None = None
    standing: ClassCourse | None = None
    rank: int = 0
    left_out: tuple[Numbers, Numbers] = NOTHING

    @cached_property
    def rhythm(self) -> Numbers:
        """The rhythm between each two points in seconds, shape (n - 1,)."""
        if self.mode is Mode.READINGS:
            return series.rhythms(self.times)
        return np.full(max(len(self.times) - 1, 0), self.step_s or 0.0)

    @property
    def counted(self) -> Numbers:
        """The readings that count, NaN elsewhere, shape (n,)."""
        return np.where(self.used, self.readings, np.nan)


@dataclass(frozen=True, eq=False)
class Panel:
    """Courses over one axis of values, the main one first; `remarks` say what is not there."""

    courses: tuple[Course, ...]
    remarks: tuple[str, ...] = field(default=())

    @property
    def main(self) -> Course:
        """The course that decides the axis."""
        return self.courses[0]


@dataclass(frozen=True)
class Pointed:
    """Where the cursor stands: a reading (its position) or, in a gap, none."""

    at: float
    position: int | None = None


def choices_of(project: Project) -> Choices:
    """Everything that can be chosen in a project."""
    stations = {choice.code: choice for choice in station_choices(project)}
    facts = stations_of(project)
    placed = {one.code for one in facts.values() if one.layer_id}
    names = {
        code: name for code, name, _, _ in _outlets(project, set(stations)) if code not in placed
    }
    own = {code: _outlet_facts(stations[code], name) for code, name in names.items()}
    return Choices(stations, {**facts, **own}, frozenset(own))


def station_choices(project: Project) -> list[StationChoice]:
    """Stations, sections, outlets with readings; then what has readings but stands in no layer."""
    keys = project.series.keys()
    items = {str(station): set(rows["item"]) for station, rows in keys.groupby("station")}
    held = set(items)
    rows = (*_stations(project), *_sections(project, held), *_outlets(project, held))
    choices = [_choice(code, name, kind, items, own or code) for code, name, kind, own in rows]
    known = {choice.series for choice in choices} | {choice.code for choice in choices}
    others = sorted(held - known)
    return choices + [_choice(code, code, t("series.kind.other"), items, code) for code in others]


def _outlet_facts(choice: StationChoice, name: str) -> StationFacts:
    known = tables.items()
    media = [known[item].medium for item in choice.items if item in known]
    medium = Medium(max(media, key=media.count, default="water"))
    return StationFacts(choice.series, name, medium, "", choice.items, math.nan, math.nan)


def _outlets(project: Project, held: set[str]) -> Iterator[tuple[str, str, str, str]]:
    for layer_id, frame in frames_of(project, "outlet"):
        kind = pick(project.declarations[layer_id].title.as_dict())
        rows = frame[frame["code"].isin(held)].sort_values("code")
        for code, name in zip(rows["code"], rows["name"], strict=True):
            yield str(code), str(name or code), kind, ""


def ordered_items(ids: set[str]) -> tuple[str, ...]:
    """Items in the order of the table of items; those it does not know come last."""
    known = [item for item in tables.items() if item in ids]
    return (*known, *sorted(ids.difference(known)))


def item_label(item: str, unit: str | None = None) -> str:
    """Title and unit of an item: "氨氮 mg/L"; an unknown item shows its id."""
    entry = tables.items().get(item)
    title = pick(entry.title.as_dict()) if entry else item
    shown = unit or (entry.unit if entry else "")
    return title if shown in {"", "1"} else f"{title} {shown}"


def pointed_at(course: Course, at: float) -> Pointed | None:
    """What lies under a moment: the nearest reading, or a gap; None beyond the series."""
    position = series.nearest(course.times, at)
    if position is None:
        return None
    found = float(course.times[position])
    if not len(course.rhythm):
        return Pointed(found, position)
    place = min(max(int(np.searchsorted(course.times, at)) - 1, 0), len(course.rhythm) - 1)
    if abs(found - at) <= _NEAR_STEPS * course.rhythm[place]:
        return Pointed(found, position)
    inside = course.times[0] < at < course.times[-1]
    return Pointed(at) if inside else None


def _choice(code: str, name: str, kind: str, items: dict[str, set[str]], own: str) -> StationChoice:
    held = code if code in items else own
    label = t("series.choice", kind=kind, name=name, code=code)
    return StationChoice(code, label, held, ordered_items(items.get(held, set())))


def _stations(project: Project) -> Iterator[tuple[str, str, str, str]]:
    for layer_id, frame in frames_of(project, "station"):
        titles = project.declarations[layer_id].field("kind").value_titles
        rows = frame.sort_values(["kind", "code"], ascending=[False, True])
        for code, name, kind in zip(rows["code"], rows["name"], rows["kind"], strict=True):
            shown = pick(titles[kind].as_dict()) if kind in titles else str(kind)
            yield str(code), str(name), shown, ""


def _sections(project: Project, held: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """Sections; one without readings of its own shows those of its station."""
    station_of: dict[str, str] = {}
    for _, frame in frames_of(project, "station"):
        pairs = zip(frame["section_code"], frame["code"], strict=True)
        station_of.update({str(section): str(code) for section, code in pairs if section})
    for layer_id, frame in frames_of(project, "section"):
        kind = pick(project.declarations[layer_id].title.as_dict())
        rows = frame.sort_values("code")
        for code, name in zip(rows["code"], rows["name"], strict=True):
            own = "" if code in held else station_of.get(str(code), "")
            yield str(code), str(name), kind, own


def bands_of(
    project: Project,
    station: str,
    item: str,
    course: tuple[Numbers, Numbers, series.Steps],
) -> tuple[Band, ...]:
    """Gaps of a series and what is noted or was found about it.

    Args:
        project: where the notes are.
        station: code of the station.
        item: id of the item; `STANDING` takes what concerns all items.
        course: times in seconds (n,), values (n,), rhythm in seconds, one or (n - 1,).
    """
    return (
        *_gap_bands(*course),
        *_note_bands(project, station, item),
        *_finding_bands(project, station, item),
    )


def _finding_bands(project: Project, station: str, item: str) -> Iterator[Band]:
    """What the quality checks found, but for what is a band already."""
    for found in stored_findings(project):
        mine = found.station == station and found.item in {"", item}
        if mine and found.check not in _ALREADY_BANDS:
            key = f"quality.check.{found.check}.title"
            label = t(key) if has(key) else found.check
            yield Band(found.start / SECOND_US, found.end / SECOND_US, "finding", label)


def _gap_bands(times: Numbers, values: Numbers, step: series.Steps) -> Iterator[Band]:
    """The gaps that deserve shading: longer than six hours and than three steps."""
    for gap in series.gaps(times, values, step):
        if gap.missing_s > max(_LONG_GAP_S, _LONG_GAP_STEPS * gap.step_s):
            yield Band(gap.start, gap.end, "gap", gap_label(gap.missing_s))


def gap_label(missing_s: float) -> str:
    """How long nothing was measured, in hours, from three days on in days."""
    if missing_s < _GAP_IN_DAYS_S:
        return t("app.series.gap", hours=f"{missing_s / _HOUR_S:.0f}")
    return t("app.series.gap_days", days=f"{missing_s / _DAY_S:.1f}".removesuffix(".0"))


def _note_bands(project: Project, station: str, item: str) -> Iterator[Band]:
    notes = project.series.notes(station)
    columns = (notes[name] for name in ("item", "start", "end", "kind", "note"))
    for noted, start, end, kind, note in zip(*columns, strict=True):
        if noted and noted != item:
            continue
        family, label = _note_kind(str(kind))
        first = start.timestamp()
        last = _open_end(family, first) if pd.isna(end) else end.timestamp()
        yield Band(first, last, family, label, str(note or ""))


def _open_end(kind: BandKind, start: float) -> float:
    """Maintenance without an end goes on; anything else without one is a moment."""
    return math.inf if kind == "maintenance" else start


def _note_kind(kind: str) -> tuple[BandKind, str]:
    if kind == "maintenance":
        return "maintenance", t("app.note.maintenance")
    if kind == "event":
        return "event", t("app.note.event")
    if kind.startswith("fault"):
        what = kind.partition(":")[2] or kind
        key = f"series.fault.{what}"
        return "fault", t("app.note.fault", kind=t(key) if has(key) else what)
    return "other", kind
