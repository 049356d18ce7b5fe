"""A profile along the river as data: what was measured where, at a moment, and what lies between.

Measured points stand at sections. Between them nothing was measured: `Line` is an interpolation and
must look like one. Beyond the outermost points there is nothing at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from gridmap.capabilities.rivers.rules.waterways import MarkKind, Spot
from gridmap.capabilities.tracing.report.course import Course, course_of
from gridmap.capabilities.tracing.rules import State, Trail
from gridmap.capabilities.tracing.work.tracing import TraceAnswer
from gridmap.core.moments import HOUR_US, ZONE, micros_of, times_of
from gridmap.standards.classing.limits import Level, water_limits
from gridmap.standards.files import standards

_ROOM: Final = 1.25  # how far beyond the clean section above a profile goes
_LEAST_ROOM_M: Final = 600.0
_SECTIONS_BELOW: Final = 2
_SAME_M: Final = 1.0
_MARGIN_KM: Final = 0.4
_AROUND_US: Final = 72 * HOUR_US


@dataclass(frozen=True)
class Post:
    """A section on the course: kilometre, readings, and hours of travel to the exceedance.

    `hours` is negative below the exceedance. `here` marks the section of the exceedance.
    """

    code: str
    name: str
    km: float
    hours: float
    trail: Trail
    here: bool


@dataclass(frozen=True)
class Point:
    """A section at a moment: `value` is NaN where it is silent, `wanted` the moment looked for."""

    post: Post
    wanted: datetime
    value: float
    level: Level | None
    beyond: bool

    @property
    def silent(self) -> bool:
        """Whether there is no valid reading."""
        return bool(np.isnan(self.value))


@dataclass(frozen=True)
class Outlet:
    """A suspect on the course: its number in the list, from 1, its code and kilometre."""

    number: int
    code: str
    name: str
    km: float
    excluded: bool


@dataclass(frozen=True)
class Sign:
    """A mouth of a tributary or a border of units on the course."""

    kind: MarkKind
    name: str
    km: float


@dataclass(frozen=True, eq=False)
class Profile:
    """All that does not change with the moment.

    `first_km` to `last_km` are shown; `clean_km` is the nearest clean section above, None if there
    is none; `until_km` is where the stretch that it leaves ends. `values` are the ends of the
    axis, the same for all moments.
    """

    answer: TraceAnswer
    course: Course
    posts: tuple[Post, ...]
    outlets: tuple[Outlet, ...]
    signs: tuple[Sign, ...]
    first_km: float
    last_km: float
    here_km: float
    clean_km: float | None
    until_km: float
    times: tuple[datetime, ...]
    values: tuple[float, float]

    def at(self, moment: datetime, *, travelling: bool) -> tuple[Point, ...]:
        """The sections at a moment, from upstream.

        Args:
            moment: at the section of the exceedance, aware.
            travelling: look at each section when the same water passed it, else at one moment.
        """
        levels = levels_on(self.answer, moment)
        return tuple(self._point(post, moment, levels, travelling) for post in self.posts)

    def _point(
        self, post: Post, moment: datetime, levels: Sequence[Level], travelling: bool
    ) -> Point:
        wanted = moment - timedelta(hours=post.hours) if travelling else moment
        value = _reading(post.trail, micros_of(wanted))
        event = self.answer.found.event
        level = next((one for one in levels if _within(value, one, event.at_least)), None)
        return Point(post, wanted, value, level, bool(event.beyond(np.array([value]))[0]))


def lines_between(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Neighbours that both have a value: only there may a line be drawn, and dashed."""
    return [(one, two) for one, two in pairwise(points) if not (one.silent or two.silent)]


def profile_of(answer: TraceAnswer, through: Spot | None = None) -> Profile:
    """The profile along the course through a place, by default that of the first suspect."""
    course = course_of(answer, through)
    asked_m = None if through is None else course.metres(through)
    posts = _posts(answer, course)
    above = {one.code: one for one in answer.found.sections}
    clean = [
        post.km for post in posts if post.code in above and above[post.code].state is State.CLEAN
    ]
    outlets = tuple(
        Outlet(number, one.source.code, one.source.firm_name or one.source.name, course.km(m),
               bool(one.behind))
        for number, one in enumerate(answer.found.suspects, 1)
        if (m := course.metres(one.source.spot)) is not None
    )  # fmt: skip
    here = course.km(0.0)
    clean_km = max(clean, default=None)
    first = _first_km(course, posts, outlets, clean_km)
    if asked_m is not None:
        first = max(min(first, course.km(asked_m) - _MARGIN_KM), course.km(course.top_m))
    below = [post.km for post in posts if post.km > here][:_SECTIONS_BELOW]
    last = max(below, default=here)
    room = max(0.04 * (last - first), 0.2)
    last = min(last + room, course.km(course.bottom_m))
    shown = tuple(post for post in posts if first <= post.km <= last)
    return Profile(
        answer, course, shown, tuple(one for one in outlets if first <= one.km <= last),
        tuple(sign for sign in _signs(answer, course) if first <= sign.km <= last),
        first, last, here, clean_km, _until(answer, posts, clean_km, here), _times(answer),
        _values(answer, shown),
    )  # fmt: skip


def _until(
    answer: TraceAnswer, posts: Sequence[Post], clean_km: float | None, here: float
) -> float:
    """The uppermost section below the clean one that was beyond the limit, else the event's own."""
    state = {one.code: one.state for one in answer.found.sections}
    beyond = [
        post.km
        for post in posts
        if state.get(post.code) is State.BEYOND and post.km > (clean_km or 0.0)
    ]
    return min(beyond, default=here)


def levels_on(answer: TraceAnswer, moment: datetime) -> tuple[Level, ...]:
    """The bands of classes of the item on the day of a moment."""
    day = moment.astimezone(ZONE).date()
    facts = answer.facts
    spans = water_limits(standards().water, answer.asked.item, facts.body, facts.target, day, day)
    return spans[0].levels if spans else ()


def level_of(answer: TraceAnswer, value: float, moment: datetime) -> Level | None:
    """The class of a value at a moment."""
    at_least = answer.found.event.at_least
    return next((one for one in levels_on(answer, moment) if _within(value, one, at_least)), None)


def _within(value: float, level: Level, at_least: bool) -> bool:
    """A value on an edge has the better class."""
    if at_least:
        return level.low <= value < level.high
    return level.low < value <= level.high


def _first_km(
    course: Course, posts: Sequence[Post], outlets: Sequence[Outlet], clean_km: float | None
) -> float:
    here = course.km(0.0)
    if clean_km is not None:
        far = (here - clean_km) * _ROOM
    else:
        known = [*(post.km for post in posts), *(one.km for one in outlets), here]
        far = (here - min(known)) * 1.08
    far = max(far, _LEAST_ROOM_M / 1000.0)
    return max(here - far, course.km(course.top_m))


def _posts(answer: TraceAnswer, course: Course) -> tuple[Post, ...]:
    here, ways = answer.found.event.spot, answer.waters.ways
    trails = [one for one in answer.trails if course.metres(one.spot) is not None]
    trails.sort(key=lambda one: (one.code != answer.facts.code, one.code))
    spots = [one.spot for one in trails]
    up, down = ways.upstream(here, spots), ways.downstream(here, spots)
    found: list[Post] = []
    for number, trail in enumerate(trails):
        metres = course.metres(trail.spot)
        if metres is None or any(abs(one.km - course.km(metres)) * 1000 < _SAME_M for one in found):
            continue
        if metres >= 0:
            hours = up[number].hours if number in up else 0.0
        else:
            hours = -down[number].hours if number in down else 0.0
        found.append(
            Post(trail.code, trail.name, course.km(metres), hours, trail,
                 trail.code == answer.facts.code)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.km))


def _signs(answer: TraceAnswer, course: Course) -> list[Sign]:
    found = []
    for mark in answer.waters.marks:
        metres = course.metres(mark.spot)
        if metres is not None and mark.kind is not MarkKind.SECTION:
            found.append(Sign(mark.kind, mark.name, course.km(metres)))
    return sorted(found, key=lambda one: one.km)


def _reading(trail: Trail, wanted: int) -> float:
    """The reading nearest to a moment, within half a step; NaN where there is none."""
    if not len(trail.times):
        return float("nan")
    step = float(np.median(np.diff(trail.times))) if len(trail.times) > 1 else float(HOUR_US)
    after = int(np.searchsorted(trail.times, wanted))
    near = [at for at in (after - 1, after) if 0 <= at < len(trail.times)]
    best = min(near, key=lambda at: abs(int(trail.times[at]) - wanted))
    if abs(int(trail.times[best]) - wanted) > step / 2:
        return float("nan")
    return float(trail.values[best])


def _times(answer: TraceAnswer) -> tuple[datetime, ...]:
    """The moments of readings at the section of the exceedance."""
    own = next((one for one in answer.trails if one.code == answer.facts.code), None)
    if own is None:
        return (answer.peak[1],)
    return tuple(times_of(own.times).to_pydatetime())


def _values(answer: TraceAnswer, posts: Sequence[Post]) -> tuple[float, float]:
    """The ends of the axis of values: all that was measured around the event, and the limit."""
    event = answer.found.event
    first, last = event.start - _AROUND_US, event.end + _AROUND_US
    found = [event.limit, answer.peak[0]]
    for post in posts:
        times = post.trail.times
        inside = post.trail.values[(times >= first) & (times <= last)]
        found += inside[~np.isnan(inside)].tolist()
    low, high = min(found), max(found)
    if low > high / 2:  # pH: an axis from zero would show a flat line
        pad = 0.15 * (high - low) or 0.5
        return low - pad, high + pad
    return min(low, 0.0), high * 1.12
