"""Which values a panel shows: what is drawn, boxes, limits not far away, room for words."""

from typing import Final

import numpy as np

from gridmap.capabilities.readings.page.data import STANDING, Course
from gridmap.standards.sequences import Numbers

_HEADROOM: Final = 0.22
_PLAIN_HEADROOM: Final = 0.08
_FAR_LIMIT: Final = 4.0
_CLASSES: Final = (0.4, 6.6)


def value_range(
    course: Course, drawn: Numbers, span: tuple[float, float], *, limits: bool, labelled: bool
) -> tuple[float, float]:
    """The lowest and the highest value of an axis.

    Args:
        course: decides the axis.
        drawn: the values of all courses in sight, NaN where a line breaks.
        span: the times in sight, in seconds since 1970 (UTC).
        limits: whether limits are shown; those that count are taken in, unless one stands so
            high above the values that it would press the line flat.
        labelled: whether bands need room for their words above the line.
    """
    if course.item == STANDING and course.water:
        return _CLASSES
    values = drawn[np.isfinite(drawn)]
    if course.spreads is not None:
        boxes = course.spreads
        here = (boxes.end >= span[0]) & (boxes.start <= span[1]) & (boxes.count > 0)
        values = np.concatenate([values, boxes.minimum[here], boxes.maximum[here]])
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if limits:
        low, high = _with_limits(course, low, high)
    low = min(low, 0.0) if course.from_zero else low
    height = high - low or abs(high) or 1.0
    bottom = low if course.from_zero else low - height * _PLAIN_HEADROOM
    return bottom, high + height * (_HEADROOM if labelled else _PLAIN_HEADROOM)


def _with_limits(course: Course, low: float, high: float) -> tuple[float, float]:
    for stretch in course.stretches:
        for limit in stretch.limits:
            if limit.judged and (not limit.at_most or limit.value <= _FAR_LIMIT * max(high, 0.0)):
                low, high = min(low, limit.value), max(high, limit.value)
    return low, high
