"""Attainment and ranking as a document: the same cells for the screen and for a file."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from gridmap.capabilities.attainment.rules import AirPeriod, Answerable, WaterPeriod
from gridmap.capabilities.attainment.work import Assessment
from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.report.document import Cell, Document, SheetTable, Table
from gridmap.report.titles import class_look, item_title, named
from gridmap.standards.statistics import Rate
from gridmap.standards.surface_water import ItemResult
from gridmap.standards.tables import Confidence
from gridmap.standards.water_basins import BasinResult, Change
from gridmap.standards.water_standards import WaterClass
from gridmap.texts import t

NOTHING: Final = "—"


def tables_of(found: Assessment) -> tuple[SheetTable, ...]:
    """All tables of an assessment: sections, air stations, rivers, units, chiefs."""
    day = found.period.last
    return (
        _table("water", _WATER, [(f.code, (f, w, day)) for f, w in found.water]),
        _table("air", _AIR, [(f.code, (f, a, day)) for f, a in found.air]),
        _table("rivers", _RIVERS, [("", (name, r, day)) for name, r in found.rivers.items()]),
        _table("units", _ANSWERABLE, [("", (one, day)) for one in found.units]),
        _table("chiefs", _CHIEFS, [("", (one, day)) for one in found.chiefs]),
    )


def attainment_document(found: Assessment, note: str) -> Document:
    """An assessment as tables for a file; `note` says what the figures are."""
    about = t("attainment.about")
    return Document(
        kind="attainment",
        headline=t("attainment.title"),
        tables=(
            *(one.values() for one in tables_of(found) if one.rows),
            Table(about, {about: [note]}),
        ),
        spread=True,
    )


_Column = tuple[str, Callable[..., Cell]]


def _table(
    name: str, columns: Sequence[_Column], rows: Iterable[tuple[str, tuple[object, ...]]]
) -> SheetTable:
    made = [(key, tuple(make(*facts) for _, make in columns)) for key, facts in rows]
    return SheetTable(
        name,
        t(f"attainment.table.{name}"),
        tuple(t(f"attainment.column.{title}") for title, _ in columns),
        tuple(cells for _, cells in made),
        tuple(key for key, _ in made),
    )


# --- cells --------------------------------------------------------------------------------


def _text(text: str) -> Cell:
    return Cell(text or None, text or NOTHING)


def _number(value: float, decimals: int, sign: str = "") -> Cell:
    if math.isnan(value):
        return Cell(None, NOTHING)
    return Cell(round(value, decimals), f"{value:{sign}.{decimals}f}")


def _count(value: int) -> Cell:
    return Cell(value, str(value))


def _place(rank: int) -> Cell:
    return Cell(rank, str(rank)) if rank else Cell(None, NOTHING)


def _class(water_class: WaterClass | None, day: date) -> Cell:
    look = class_look(water_class, day)
    return Cell(look[0], *look) if look else Cell(None, t("attainment.no_class"))


def _class_or_why(found: WaterPeriod, day: date) -> Cell:
    """The class; without one, how many months of those needed there are."""
    if found.water_class is None and found.months < found.needed:
        facts = {"there": found.months, "needed": found.needed}
        return Cell(None, t("attainment.too_few_months", **facts))
    return _class(found.water_class, day)


def _target(target: WaterClass | None, day: date) -> Cell:
    """The target has no ground of its own: colour is for how it is."""
    return replace(_class(target, day), colour="") if target else _text("")


def _rate(rate: Rate) -> Cell:
    if not rate.assessed:
        return Cell(None, NOTHING)
    facts = {"percent": f"{rate.percent:.1f}", "good": rate.attained, "all": rate.assessed}
    return Cell(round(rate.percent, 1), t("attainment.rate", **facts))


def _attained(found: WaterPeriod) -> Cell:
    if found.target is None:
        return Cell(None, t("attainment.no_target"))
    if found.attained is None:
        return Cell(None, NOTHING)
    text = t("attainment.yes") if found.attained else t("attainment.no")
    return Cell(text, text, "" if found.attained else "#fbe3e0")


def _pollutants(items: Sequence[ItemResult]) -> Cell:
    words = [
        t("attainment.multiple", item=item_title(one.item), multiple=f"{one.multiple:.2f}")
        if one.multiple is not None
        else item_title(one.item)
        for one in items
    ]
    return _text("、".join(words))


def _changed(change: Change | None) -> Cell:
    if change is None:
        return Cell(None, NOTHING)
    if change.better is None:
        return _text(t("attainment.unchanged"))
    way = t("attainment.better") if change.better else t("attainment.worse")
    return _text(t(f"attainment.degree.{change.degree}", way=way))


def _sure(confidence: Confidence) -> Cell:
    text = t(f"attainment.confidence.{confidence}")
    return Cell(text, text, "#fff6dd" if confidence is Confidence.LOW else "")


def _mean(item: str, decimals: int) -> Callable[[StationFacts, AirPeriod, date], Cell]:
    def cell(_facts: StationFacts, found: AirPeriod, _day: date) -> Cell:
        year = found.items.get(item)
        return Cell(None, NOTHING) if year is None else _number(year.mean, decimals)

    return cell


def _composite(_facts: StationFacts, found: AirPeriod, _day: date) -> Cell:
    """The index; one of too few days says so, and takes no place among the others."""
    if found.composite is None:
        return Cell(None, NOTHING)
    shown = _number(found.composite.value, 2)
    return shown if found.valid else Cell(None, t("attainment.too_few_days", value=shown.text))


def _primary(_facts: StationFacts, found: AirPeriod, _day: date) -> Cell:
    words = [
        t("attainment.days_of", item=item_title(item), days=days)
        for item, days in list(found.primary.items())[:2]
    ]
    return _text("、".join(words))


def _limiting(found: WaterPeriod) -> Cell:
    """What pollutes; up to Ⅲ, nothing does."""
    return (
        Cell(None, NOTHING) if found.result is None else _pollutants(found.result.main_pollutants)
    )


def _basin_main(_name: str, found: BasinResult, _day: date) -> Cell:
    """Of the river; of one with few sections those of each section (环办〔2011〕22号)."""
    if not found.by_shares:
        each = [(name, _pollutants(one)) for name, one in found.main_by_section.items()]
        words = [t("attainment.of_section", section=name, items=cell.text) for name, cell in each]
        return _text("；".join(words))
    words = [
        t("attainment.share_of", item=item_title(one.item), percent=f"{one.percent:.1f}")
        for one in found.main_pollutants
    ]
    return _text("、".join(words))


def _tier(one: Answerable, _day: date) -> Cell:
    return _text(named("tier", one.about))


_WATER: Final[Sequence[_Column]] = (
    ("section", lambda f, _w, _d: _text(f.name)),
    ("river", lambda f, _w, _d: _text(f.river)),
    ("target", lambda f, _w, d: _target(f.target, d)),
    ("class", lambda _f, w, d: _class_or_why(w, d)),
    ("attained", lambda _f, w, _d: _attained(w)),
    ("pollutants", lambda _f, w, _d: _limiting(w)),
    ("days_kept", lambda _f, w, _d: _rate(w.days)),
    ("class_before", lambda _f, w, d: _class(w.before, d) if w.before else _text("")),
    ("change", lambda _f, w, _d: _changed(w.change)),
    ("cwqi", lambda _f, w, _d: _number(w.cwqi.value, 2) if w.cwqi else _text("")),
    ("cwqi_change", lambda _f, w, _d: _number(w.cwqi_change, 1, "+")),
    ("months", lambda _f, w, _d: _count(w.months)),
    ("confidence", lambda _f, w, _d: _sure(w.confidence)),
)

_AIR: Final[Sequence[_Column]] = (
    ("station", lambda f, _a, _d: _text(f.name)),
    ("good_days", lambda _f, a, _d: _rate(a.days)),
    ("good_before", lambda _f, a, _d: _rate(a.before)),
    ("heavy", lambda _f, a, _d: _count(a.levels[5] + a.levels[6])),
    ("pm25", _mean("pm25", 0)),
    ("pm10", _mean("pm10", 0)),
    ("no2", _mean("no2", 0)),
    ("composite", _composite),
    ("composite_change", lambda _f, a, _d: _number(a.composite_change, 1, "+")),
    ("primary", _primary),
    ("confidence", lambda _f, a, _d: _sure(a.confidence)),
)

_RIVERS: Final[Sequence[_Column]] = (
    ("river", lambda name, _r, _d: _text(name)),
    ("grade", lambda _n, r, _d: _text(r.grade or "")),
    (
        "by",
        lambda _n, r, _d: _text(
            t("attainment.by_shares" if r.by_shares else "attainment.by_means")
        ),
    ),
    ("sections", lambda _n, r, _d: _count(len(r.sections))),
    ("good_share", lambda _n, r, _d: _number(r.good, 1)),
    ("bad_share", lambda _n, r, _d: _number(r.bad, 1)),
    ("pollutants", _basin_main),
    ("confidence", lambda _n, r, _d: _sure(r.confidence)),
)

_FIGURES: Final[Sequence[_Column]] = (
    ("sections_kept", lambda one, _d: _rate(one.sections)),
    ("cwqi", lambda one, _d: _number(one.cwqi, 2)),
    ("members", lambda one, _d: _text("、".join(one.members))),
)

_ANSWERABLE: Final[Sequence[_Column]] = (
    ("rank_water", lambda one, _d: _place(one.rank_water)),
    ("rank_air", lambda one, _d: _place(one.rank_air)),
    ("unit", lambda one, _d: _text(one.name)),
    ("tier", _tier),
    *_FIGURES[:2],
    ("good_days", lambda one, _d: _rate(one.days)),
    ("composite", lambda one, _d: _number(one.composite, 2)),
    _FIGURES[2],
)

_CHIEFS: Final[Sequence[_Column]] = (
    ("rank_water", lambda one, _d: _place(one.rank_water)),
    ("chief", lambda one, _d: _text(one.name)),
    ("tier", _tier),
    *_FIGURES,
)
