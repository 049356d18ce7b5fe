"""Statistics of a selected span: figures, attainment, classes, trend; and the panel for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.readings.page.data import STANDING, Course, Panel, Part
from gridmap.capabilities.readings.page.reading import Reader
from gridmap.capabilities.readings.page.time import local
from gridmap.capabilities.readings.page.words import full_title, grade_words
from gridmap.capabilities.readings.work.means import Mode
from gridmap.shell.icons import icon
from gridmap.shell.pieces import plain
from gridmap.shell.theme import tokens
from gridmap.standards import sequences as series
from gridmap.standards.files import standards
from gridmap.standards.statistics import Rate, mean_of, percentile_of
from gridmap.standards.tables import Confidence, in_force
from gridmap.standards.trends import Direction, MonotonicTrend, monotonic_trend
from gridmap.texts import t

LEAST_MONTHS: Final = 12
"""A trend is told from so many monthly means on: with fewer, a season would look like one."""

_PERCENT: Final = 95.0
_YEAR_S: Final = 365.25 * 86_400
_WIDTH_PX: Final = 248


@dataclass(frozen=True)
class SpanFigures:
    """What one course says of a span; numbers in its unit, None where there is none.

    `left_out` readings have a value that judgements do not count; `grades` counts points by
    class or level; `months` is how many monthly means the trend had.
    """

    count: int
    missing: int
    left_out: int
    minimum: float | None
    mean: float | None
    median: float | None
    percentile: float | None
    maximum: float | None
    attained: Rate | None
    grades: dict[int, int]
    trend: MonotonicTrend | None
    months: int


def span_figures(
    course: Course, start: float, end: float, months: Course | None = None
) -> SpanFigures:
    """Figures of the points from `start` to `end` (seconds since 1970 UTC, both included).

    pH is averaged as hydrogen ions, as the tables say. The trend is that of monthly means whose
    months lie in the span, and is left out with fewer than `LEAST_MONTHS`.

    Args:
        course: the points.
        start: first moment.
        end: last moment.
        months: monthly means of the same series.
    """
    here = (course.times >= start) & (course.times <= end)
    values = course.counted[here]
    there = values[~np.isnan(values)]
    left_out = int((~course.used & ~np.isnan(course.readings) & here).sum())
    first = int(np.argmax(here)) if here.any() else 0
    steps = course.rhythm[first : first + max(len(values) - 1, 0)]
    figures = series.figures(course.times[here], values, steps, left_out)
    judged = any(limit.judged for stretch in course.stretches for limit in stretch.limits)
    beyond = int(course.beyond[here].sum())
    counts = Counter(course.grades[here & course.used].tolist())
    trend, number = _trend(months, start, end)
    return SpanFigures(
        count=figures.count,
        missing=figures.missing,
        left_out=left_out,
        minimum=figures.minimum,
        mean=_mean(course, there, end) if len(there) else None,
        median=percentile_of(there, 50.0) if len(there) else None,
        percentile=percentile_of(there, _PERCENT) if len(there) else None,
        maximum=figures.maximum,
        attained=Rate(len(there) - beyond, len(there), len(values) - len(there))
        if judged and len(there) else None,
        grades={grade: counts[grade] for grade in sorted(counts) if grade},
        trend=trend,
        months=number,
    )  # fmt: skip


def _mean(course: Course, values: series.Numbers, end: float) -> float:
    day = local(end).date()
    ions = any(course.item in rule.items for rule in in_force(standards().water.hydrogen_mean, day))
    return mean_of(values.tolist(), hydrogen=ions)


def _trend(months: Course | None, start: float, end: float) -> tuple[MonotonicTrend | None, int]:
    if months is None or months.item == STANDING:
        return None, 0
    half = (months.step_s or 0.0) / 2
    here = (months.times - half >= start) & (months.times + half <= end)
    here &= ~np.isnan(months.counted)
    number = int(here.sum())
    if number < LEAST_MONTHS:
        return None, number
    years = months.times[here] / _YEAR_S
    rules, day = standards().mann_kendall, local(end).date()
    return monotonic_trend(rules, day, years, months.counted[here]), number


@dataclass(frozen=True, eq=False)
class Told:
    """The statistics of one course."""

    course: Course
    figures: SpanFigures


def statistics_of(
    reader: Reader, panels: Sequence[Panel], start: float, end: float
) -> tuple[Told, ...]:
    """Statistics of every line: of each item, of the station and of what it is set against."""
    return tuple(
        Told(course, span_figures(course, start, end, _months(reader, course)))
        for panel in panels
        for course in panel.courses
    )


def _months(reader: Reader, course: Course) -> Course | None:
    if course.item == STANDING or course.part is Part.LAST_YEAR:
        return None
    return reader.course(course.station, course.item, Mode.MONTHLY)


# --- in words -----------------------------------------------------------------------------


def title_of(told: Told) -> str:
    """Which course the figures are of: what it shows, and where."""
    return f"{full_title(told.course)} · {told.course.label or told.course.name}"


def rows_of(told: Told) -> Iterator[tuple[str, str]]:
    """Titles and figures, as the panel and the exported picture have them."""
    course, found = told.course, told.figures
    yield t("series.stats.count"), f"{found.count:,}"
    yield t("series.stats.missing"), f"{found.missing:,}"
    if found.left_out:
        yield t("series.stats.left_out"), f"{found.left_out:,}"
    numbers = (
        (t("series.stats.minimum"), found.minimum), (t("series.stats.mean"), found.mean),
        (t("series.stats.median"), found.median), (t("series.stats.percentile"), found.percentile),
        (t("series.stats.maximum"), found.maximum),
    )  # fmt: skip
    for title, number in numbers:
        if number is not None:
            yield title, f"{number:.{course.decimals}f} {course.unit}".rstrip()
    if found.attained is not None:
        rate = found.attained
        yield t("series.stats.attained"), t(
            "series.stats.rate", percent=f"{rate.percent:.1f}",
            attained=f"{rate.attained:,}", assessed=f"{rate.assessed:,}",
        )  # fmt: skip
    total = sum(found.grades.values())
    for grade, count in found.grades.items():
        yield grade_words(course, grade), f"{100 * count / total:.1f} %"
    if course.item != STANDING and course.part is not Part.LAST_YEAR:
        yield t("series.stats.trend"), trend_words(course, found)


def trend_words(course: Course, found: SpanFigures) -> str:
    """Whether the monthly means rise or fall, how fast, and how sure that is."""
    trend = found.trend
    if trend is None:
        return t("series.stats.too_short", months=found.months, least=LEAST_MONTHS)
    if trend.direction is Direction.NONE:
        text = t("series.stats.trend_none", p=f"{trend.p:.2f}")
    else:
        rising = trend.direction is Direction.RISING
        key = "series.stats.trend_rising" if rising else "series.stats.trend_falling"
        slope, p = f"{abs(trend.slope):.3g}", f"{trend.p:.3f}"
        text = t(key, slope=slope, unit=course.unit, p=p)
    if trend.confidence is Confidence.LOW:
        text = t("series.low_confidence", text=text)
    return text


# --- the panel ----------------------------------------------------------------------------


class StatisticsPanel(QFrame):
    """The statistics of the selected span, at the right of the plots.

    Signals:
        closed(): the selection is no longer wanted.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        self._title = plain("", "heading")
        head.addWidget(self._title, 1)
        close = QToolButton()
        close.setIcon(icon("close", tokens()["quiet"]))
        close.setIconSize(QSize(14, 14))
        close.setToolTip(t("series.stats.close"))
        close.setAccessibleName(t("series.stats.close"))
        close.clicked.connect(self.closed)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._area, 1)
        self.rows: list[tuple[str, str]] = []

    def show_told(self, told: Sequence[Told], start: float, end: float) -> None:
        """Show the statistics of a span."""
        style = "%Y-%m-%d %H:%M"
        self._title.setText(
            t("series.from_to", first=local(start).strftime(style), last=local(end).strftime(style))
        )
        inner = QWidget()
        inner.setObjectName("panelInner")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 10, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        self.rows = []
        for one in told:
            grid.addWidget(plain(title_of(one)), grid.rowCount(), 0, 1, 2)
            for title, figure in rows_of(one):
                self.rows.append((title, figure))
                row = grid.rowCount()
                grid.addWidget(plain(title, "quiet", wrap=False), row, 0, Qt.AlignmentFlag.AlignTop)
                value = plain(figure)
                value.setAlignment(Qt.AlignmentFlag.AlignRight)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(value, row, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(inner)
