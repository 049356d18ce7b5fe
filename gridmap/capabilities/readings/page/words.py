"""What the series dock says in words: the point under the cursor, the whole, limits and levels."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from gridmap.capabilities.readings.page.data import (
    STANDING,
    Course,
    Panel,
    Part,
    Pointed,
    item_label,
    pointed_at,
)
from gridmap.capabilities.readings.page.time import local
from gridmap.capabilities.readings.work.means import Mode
from gridmap.standards.classing.limits import Level, Limit, Stretch, stretch_on
from gridmap.standards.tables import Confidence
from gridmap.texts import has, t

_GAP: Final = "    "
_STYLES: Final = {Mode.DAILY: "%Y-%m-%d", Mode.MONTHLY: "%Y-%m"}
_EXCLUDED: Final = "excluded:"
_PLATFORM_MAINTENANCE: Final = "flag:维护"  # as the national platform writes it
_FLAGGED: Final = "flag:"


# --- the point under the cursor -----------------------------------------------------------


def words(course: Course, pointed: Pointed) -> str:
    """The point under the cursor: time, value with unit, class, multiple, flag, notes."""
    notes = [
        t("series.noted", kind=band.label, note=band.note) if band.note else band.label
        for band in course.bands
        if band.kind != "gap" and band.start <= pointed.at <= band.end
    ]
    return _GAP.join([*_reading(course, pointed), *notes])


def panel_words(panel: Panel, pointed: Pointed) -> str:
    """The same, and what the other courses of the panel have at that time."""
    others = [_beside(course, pointed.at) for course in panel.courses[1:]]
    main = panel.main
    if all(course.part is not Part.LAST_YEAR for course in panel.courses):
        others.append(_a_year_before(main, pointed.at))
    return _GAP.join([words(main, pointed), *(text for text in others if text)])


def moment_of(course: Course, at: float) -> str:
    """A time as the mode has it: minute, day or month."""
    return local(at).strftime(_STYLES.get(course.mode, "%Y-%m-%d %H:%M"))


def figure(course: Course, value: float) -> str:
    """A value with its unit: "0.290 mg/L"."""
    if course.item == STANDING and course.water:
        return water_class(round(value))
    return f"{value:.{course.decimals}f} {course.unit}".rstrip()


def _reading(course: Course, pointed: Pointed) -> Iterator[str]:
    moment = moment_of(course, pointed.at)
    if pointed.position is None:
        yield t("app.series.hover_gap", time=moment)
        return
    place = pointed.position
    flag, value = flag_words(course.flags[place]), course.readings[place]
    if np.isnan(value):
        if course.item == STANDING and course.why[place]:
            yield t("series.no_class", time=moment, why=why_words(course.why[place]))
            if course.why[place] == _PLATFORM_MAINTENANCE:
                yield t("series.maintenance_rule")
        elif course.mode is not Mode.READINGS:
            yield t("series.hover_not_valid", time=moment)
        elif flag:
            yield t("app.series.hover_missing", time=moment, flag=flag)
        else:
            yield t("series.hover_empty", time=moment)
        return
    yield t("series.hover", time=moment, value=figure(course, value))
    yield from _judged(course, place, float(value))
    if flag:
        yield flag
    if not course.used[place]:
        yield t("series.not_used", why=why_words(course.why[place]))
    yield from _spread(course, pointed.at)


def _judged(course: Course, place: int, value: float) -> Iterator[str]:
    """Class or level, and by how much the limit of the day is exceeded."""
    grade = int(course.grades[place])
    if grade and not (course.item == STANDING and course.water):
        yield grade_words(course, grade)
    if course.standing is not None and (items := course.standing.deciding_at(place)):
        yield t("series.decided_by", items=t("series.comma").join(map(item_title, items)))
    if not course.beyond[place]:
        return
    stretch = stretch_on(course.stretches, local(course.times[place]).date())
    multiple = stretch.multiple(value) if stretch else None
    yield (
        t("series.beyond")
        if multiple is None
        else t("series.beyond_by", multiple=f"{multiple:.2f}")
    )


def _spread(course: Course, at: float) -> Iterator[str]:
    spreads = course.spreads
    if spreads is None:
        return
    place = int(np.searchsorted(spreads.start, at, side="right")) - 1
    if 0 <= place < len(spreads) and spreads.count[place]:
        low, high = (
            f"{one[place]:.{course.decimals}f}" for one in (spreads.minimum, spreads.maximum)
        )
        yield t("series.spread", low=low, high=high, count=spreads.count[place])


def _beside(course: Course, at: float) -> str:
    pointed = pointed_at(course, at)
    if pointed is None or pointed.position is None:
        return ""
    value = course.counted[pointed.position]
    if np.isnan(value):
        return ""
    # The legend has the whole name; here there is room for the word alone.
    name = t("series.part.upstream") if course.part is Part.UPSTREAM else course.label
    return t("series.beside", name=name, value=figure(course, value))


def _a_year_before(course: Course, at: float) -> str:
    """What was measured at the same time a year ago, if anything was."""
    now = local(at)
    if (now.month, now.day) == (2, 29):
        return ""
    before = now.replace(year=now.year - 1).timestamp()
    pointed = pointed_at(course, before)
    if pointed is None or pointed.position is None:
        return ""
    value = course.counted[pointed.position]
    return "" if np.isnan(value) else t("series.a_year_before", value=figure(course, value))


# --- the whole ----------------------------------------------------------------------------


def summary(course: Course) -> str:
    """How many readings there are, how many are missing, and when the last one was."""
    found = course.figures
    count = t("app.series.count", count=f"{found.count:,}", missing=f"{found.missing:,}")
    if found.left_out:
        count += t("app.series.left_out", count=f"{found.left_out:,}")
    there = course.times[~np.isnan(course.readings)]
    if not len(there):
        return count
    return f"{count}{_GAP}{t('series.last', time=moment_of(course, float(there[-1])))}"


def panel_title(course: Course) -> tuple[str, str]:
    """What a panel shows: the item, and its unit with, of means, what they are."""
    item = course.title if course.item == STANDING else item_title(course.item)
    if course.mode is Mode.READINGS:
        return item, course.unit
    mean = t("series.mean_of_day") if course.mode is Mode.DAILY else t("series.mean_of_month")
    if course.item == "o3" and course.mode is Mode.DAILY:
        mean = t("series.highest_8h")
    return item, f"{course.unit} {mean}".strip()


def full_title(course: Course) -> str:
    """The same in one line."""
    return " ".join(filter(None, panel_title(course)))


# --- flags, classes, limits ---------------------------------------------------------------


def flag_words(flag: str) -> str:
    """A flag as published, in words where they are known."""
    key = f"series.flag.{flag}"
    return t(key) if flag and has(key) else flag


def why_words(why: str) -> str:
    """Why a reading does not count."""
    if why.startswith(_FLAGGED):
        return t("series.why.flag", flag=why.removeprefix(_FLAGGED))
    if why.startswith(_EXCLUDED):
        return t("series.why.excluded", number=why.removeprefix(_EXCLUDED))
    key = f"series.why.{why}"
    return t(key) if has(key) else why


def item_title(item: str) -> str:
    """The title of an item without its unit."""
    return item_label(item, "1")


def water_class(number: int) -> str:
    """A class of water: "Ⅲ类"."""
    return t(f"series.water_class.{number}")


def grade_words(course: Course, grade: int) -> str:
    """A class of water or a level of the air in words."""
    return water_class(grade) if course.water else t(f"series.air_level.{grade}")


def numeral(course: Course, grade: int) -> str:
    """The sign of a class that stands in a small cell: Ⅰ … Ⅴ, 劣; 1 … 6 for air."""
    return t(f"series.water_sign.{grade}") if course.water else str(grade)


def limit_words(course: Course, limit: Limit) -> str:
    """What stands beside the line of a limit: "目标 Ⅲ 1", low confidence said."""
    value = f"{limit.value:g}"
    if limit.averaging is not None:
        text = t(f"series.limit.{limit.averaging.value}", value=value)
    elif not course.water:
        text = t("series.limit.aqi", value=value)
    else:
        text = _class_limit(course, limit, value)
    return t("series.low_confidence", text=text) if limit.confidence is Confidence.LOW else text


def _class_limit(course: Course, limit: Limit, value: str) -> str:
    best, worst = (t(f"series.water_sign.{number}") for number in limit.classes)
    sign = best if best == worst else f"{best}–{worst}"
    value = "" if course.item == STANDING else value
    if limit.target and best == worst:
        return t("series.limit.target", sign=sign, value=value).rstrip()
    return t("series.limit.class", sign=sign, value=value).rstrip()


def level_sign(course: Course, level: Level) -> str:
    """The sign of a band of levels at the left edge: Ⅲ, or the level of the air."""
    return numeral(course, level.number)


def sources(courses: Sequence[Course]) -> str:
    """The documents behind the lines and bands, one a line, with how sure they are."""
    lines: dict[str, None] = {}
    for course in courses:
        for stretch in course.stretches:
            lines.update(dict.fromkeys(_sources_of(stretch)))
    return "\n".join(lines)


def _sources_of(stretch: Stretch) -> Iterator[str]:
    span = t("series.from_to", first=stretch.first.isoformat(), last=stretch.last.isoformat())
    for limit in stretch.limits:
        sure = t(f"series.confidence.{limit.confidence.value}")
        yield t(
            "series.source", standard=limit.standard or t("series.own_rule"), source=limit.source,
            sure=sure, span=span,
        )  # fmt: skip
