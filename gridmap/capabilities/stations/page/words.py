"""How a station stands, in words."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from gridmap.capabilities.stations.picture import grade_sign
from gridmap.capabilities.stations.work.standing import Standing
from gridmap.standards import item_files as tables
from gridmap.standards.classing import Medium
from gridmap.standards.files import standards
from gridmap.standards.tables import in_force
from gridmap.texts import pick, t

Row = tuple[str, str]

_HOUR: Final = timedelta(hours=1)
_TWO_DAYS: Final = timedelta(days=2)


def rows_of(standing: Standing, day: date, *, pinned: bool = False) -> tuple[Row, ...]:
    """Rows of a card: title and text. Nothing is left blank: without a class it says so.

    Args:
        standing: of the station.
        day: whose tables name the classes.
        pinned: the moment taken for now is that of the newest reading, not the clock's.
    """
    title = t("standing.now")
    if standing.at is None or standing.age is None:
        return ((title, t("standing.none")),)
    parts = [grade_words(standing.facts.medium, standing.grade, standing.index, day)]
    if standing.deciding and _worth_naming(standing, day):
        names = "、".join(_title(item) for item in standing.deciding)
        water = standing.facts.medium is Medium.WATER
        parts.append(
            t("standing.deciding", items=names) if water else t("standing.primary", items=names)
        )
    time = f"{standing.at:%Y-%m-%d %H:%M}"
    if pinned and standing.age < _HOUR:
        parts.append(time)  # "just now" would be said of a day long past
    else:
        said = "standing.at_newest" if pinned else "standing.at"
        parts.append(t(said, time=time, age=age_words(standing.age)))
    if not standing.fresh:
        parts.append(t("standing.old"))
    return ((title, " · ".join(parts)),)


def rows_then(medium: Medium, grade: int, index: float, moment: datetime) -> tuple[Row, ...]:
    """The same for a moment of a replay; `index` is NaN without an AQI."""
    number = None if math.isnan(index) else int(index)
    words = grade_words(medium, grade, number, moment.date())
    return ((t("standing.then"), f"{words} · {moment:%Y-%m-%d %H:%M}"),)


def _worth_naming(standing: Standing, day: date) -> bool:
    """Primary pollutants always; of water only what pollutes (环办〔2011〕22号: worse than Ⅲ)."""
    methods = in_force(standards().water.pollutants, day)
    water = standing.facts.medium is Medium.WATER
    return not water or any(standing.grade > method.above_class for method in methods)


def grade_words(medium: Medium, grade: int, index: int | None, day: date) -> str:
    """A class of water, or an AQI with its category, in words."""
    label, _ = grade_sign(medium, grade, day)
    if medium is Medium.WATER:
        return t("standing.water", label=label) if label else t("standing.none")
    if index is None:
        return t("standing.none")
    return t("standing.air", index=index, label=standards().air.level_of(index, day).category)


def grade_legend(grades: Sequence[tuple[Medium, int]], day: date) -> tuple[tuple[str, str], ...]:
    """Colour and meaning of classes of water and levels of the AQI, for a legend."""
    found = []
    for medium, grade in grades:
        label, ground = grade_sign(medium, grade, day)
        if not ground:
            continue
        if medium is Medium.WATER:
            found.append((ground, t("standing.legend_water", label=label)))
        else:
            levels = in_force(standards().air.level, day)
            category = next(one.category for one in levels if one.number == grade)
            found.append((ground, t("standing.legend_air", label=label, category=category)))
    return tuple(found)


def age_words(age: timedelta) -> str:
    """How long ago: minutes, hours, from two days on days."""
    if age < _HOUR:
        return t("standing.minutes", count=int(age / timedelta(minutes=1)))
    if age < _TWO_DAYS:
        return t("standing.hours", count=int(age / _HOUR))
    return t("standing.days", count=age.days)


def _title(item: str) -> str:
    entry = tables.items().get(item)
    return pick(entry.title.as_dict()) if entry else item
