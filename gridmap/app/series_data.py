"""What the series dock shows, as plain data: stations to choose from, one course, its words.

Reads the project; runs on any thread; knows no widget.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from gridmap.app.series_axis import local
from gridmap.domain import series
from gridmap.domain.declaration import LayerDeclaration
from gridmap.domain.series import Figures, Numbers
from gridmap.project import tables
from gridmap.project.answering import AnsweringProject
from gridmap.texts import has, pick, t

BandKind = Literal["gap", "maintenance", "fault", "event", "other"]

_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S
_LONG_GAP_S: Final = 6 * _HOUR_S
_LONG_GAP_STEPS: Final = 3
_GAP_IN_DAYS_S: Final = 3 * _DAY_S
_NEAR_STEPS: Final = 0.75
_CONCENTRATION: Final = ("/L", "/m³")


@dataclass(frozen=True)
class StationChoice:
    """A station or section that can be chosen; `series` names its readings in the store."""

    code: str
    label: str
    series: str
    items: tuple[str, ...]


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

    n readings: `times` float64 (n,), seconds since 1970 (UTC), rising; `readings` float64 (n,) in
    `unit`, NaN where published as missing; `flags` n texts. `from_zero` says whether the axis
    of values begins at zero.
    """

    title: str
    unit: str
    decimals: int
    times: Numbers
    readings: Numbers
    flags: tuple[str, ...]
    step_s: float | None
    bands: tuple[Band, ...]
    figures: Figures
    from_zero: bool


@dataclass(frozen=True)
class Pointed:
    """Where the cursor stands: a reading (its position) or, in a gap, none."""

    at: float
    position: int | None = None


def station_choices(project: AnsweringProject) -> list[StationChoice]:
    """All stations and sections, by kind; then what has readings but stands in no layer."""
    keys = project.series.keys()
    items = {str(station): set(rows["item"]) for station, rows in keys.groupby("station")}
    choices = [
        _choice(code, name, kind, items, own or code)
        for code, name, kind, own in (*_stations(project), *_sections(project, set(items)))
    ]
    known = {choice.series for choice in choices} | {choice.code for choice in choices}
    others = sorted(set(items) - known)
    return choices + [_choice(code, code, t("series.kind.other"), items, code) for code in others]


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


def read_course(project: AnsweringProject, station: str, item: str) -> Course:
    """Read one series whole, with its gaps, notes and figures."""
    frame = project.series.read(station, item)
    index = pd.DatetimeIndex(frame.index)
    times = index.as_unit("us").asi8 / 1e6
    values = frame["value"].to_numpy(np.float64)
    step = series.expected_step(times)
    entry = tables.items().get(item)
    unit = project.series.unit(station, item) or (entry.unit if entry else "")
    bands = (*_gap_bands(times, values, step), *_note_bands(project, station, item))
    return Course(
        title=item_label(item, unit),
        unit="" if unit == "1" else unit,
        decimals=entry.decimals if entry else 2,
        times=times,
        readings=values,
        flags=tuple(frame["flag"]),
        step_s=step,
        bands=bands,
        figures=series.figures(times, values, step),
        from_zero=unit.endswith(_CONCENTRATION),
    )


def pointed_at(course: Course, at: float) -> Pointed | None:
    """What lies under a moment: the nearest reading, or a gap; None beyond the series."""
    position = series.nearest(course.times, at)
    if position is None:
        return None
    found = float(course.times[position])
    if course.step_s is None or abs(found - at) <= _NEAR_STEPS * course.step_s:
        return Pointed(found, position)
    inside = course.times[0] < at < course.times[-1]
    return Pointed(at) if inside else None


def words(course: Course, pointed: Pointed) -> str:
    """The reading under the cursor: time, value with unit, flag, and the notes that apply."""
    moment = f"{local(pointed.at):%Y-%m-%d %H:%M}"
    notes = [
        t("series.noted", kind=band.label, note=band.note) if band.note else band.label
        for band in course.bands
        if band.kind != "gap" and band.start <= pointed.at <= band.end
    ]
    return "    ".join([_reading(course, pointed, moment), *notes])


def summary(course: Course) -> str:
    """How many readings there are, how many are missing, and when the last one was."""
    found = course.figures
    count = t("app.series.count", count=f"{found.count:,}", missing=f"{found.missing:,}")
    there = course.times[~np.isnan(course.readings)]
    if not len(there):
        return count
    last = t("series.last", time=f"{local(float(there[-1])):%Y-%m-%d %H:%M}")
    return f"{count}    {last}"


def _reading(course: Course, pointed: Pointed, moment: str) -> str:
    if pointed.position is None:
        return t("app.series.hover_gap", time=moment)
    flag = _flag(course.flags[pointed.position])
    value = course.readings[pointed.position]
    if np.isnan(value):
        if flag:
            return t("app.series.hover_missing", time=moment, flag=flag)
        return t("series.hover_empty", time=moment)
    figure = f"{value:.{course.decimals}f}"
    if flag:
        return t("app.series.hover_flag", time=moment, value=figure, unit=course.unit, flag=flag)
    return t("app.series.hover", time=moment, value=figure, unit=course.unit).rstrip()


def _flag(flag: str) -> str:
    key = f"series.flag.{flag}"
    return t(key) if flag and has(key) else flag


def _choice(code: str, name: str, kind: str, items: dict[str, set[str]], own: str) -> StationChoice:
    held = code if code in items else own
    label = t("series.choice", kind=kind, name=name, code=code)
    return StationChoice(code, label, held, ordered_items(items.get(held, set())))


def _stations(project: AnsweringProject) -> Iterator[tuple[str, str, str, str]]:
    for declaration, frame in _layers(project, "station"):
        titles = declaration.field("kind").value_titles
        rows = frame.sort_values(["kind", "code"], ascending=[False, True])
        for code, name, kind in zip(rows["code"], rows["name"], rows["kind"], strict=True):
            shown = pick(titles[kind].as_dict()) if kind in titles else str(kind)
            yield str(code), str(name), shown, ""


def _sections(project: AnsweringProject, held: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """Sections; one without readings of its own shows those of its station."""
    station_of: dict[str, str] = {}
    for _, frame in _layers(project, "station"):
        pairs = zip(frame["section_code"], frame["code"], strict=True)
        station_of.update({str(section): str(code) for section, code in pairs if section})
    for declaration, frame in _layers(project, "section"):
        kind = pick(declaration.title.as_dict())
        rows = frame.sort_values("code")
        for code, name in zip(rows["code"], rows["name"], strict=True):
            own = "" if code in held else station_of.get(str(code), "")
            yield str(code), str(name), kind, own


def _layers(
    project: AnsweringProject, role: str
) -> Iterator[tuple[LayerDeclaration, pd.DataFrame]]:
    present = project.editions()
    for layer_id, declaration in project.declarations.items():
        if declaration.role == role and layer_id in present:
            yield declaration, project.layer(layer_id)


def _gap_bands(times: Numbers, values: Numbers, step: float | None) -> Iterator[Band]:
    """The gaps that deserve shading: longer than six hours and than three steps."""
    longest_plain = max(_LONG_GAP_S, _LONG_GAP_STEPS * (step or 0.0))
    for gap in series.gaps(times, values, step):
        if gap.missing_s > longest_plain:
            yield Band(gap.start, gap.end, "gap", gap_label(gap.missing_s))


def gap_label(missing_s: float) -> str:
    """How long nothing was measured, in hours, from three days on in days."""
    if missing_s < _GAP_IN_DAYS_S:
        return t("app.series.gap", hours=f"{missing_s / _HOUR_S:.0f}")
    return t("app.series.gap_days", days=f"{missing_s / _DAY_S:.1f}".removesuffix(".0"))


def _note_bands(project: AnsweringProject, station: str, item: str) -> Iterator[Band]:
    notes = project.series.notes(station)
    columns = (notes[name] for name in ("item", "start", "end", "kind", "note"))
    for noted, start, end, kind, note in zip(*columns, strict=True):
        if noted and noted != item:
            continue
        family, label = _note_kind(str(kind))
        first = start.timestamp()
        last = first if pd.isna(end) else end.timestamp()
        yield Band(first, last, family, label, str(note or ""))


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
