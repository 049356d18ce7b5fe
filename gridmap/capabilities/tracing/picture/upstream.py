"""Water upstream of an exceedance over the map: hours of travel, which way it runs, suspects.

What the clean sections above exclude is grey. Arrows stand only where the direction of flow is
known, or dominant in a net that may run back.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.tracing.rules import State
from gridmap.capabilities.tracing.work.tracing import TraceAnswer
from gridmap.map import mercator
from gridmap.map.fonts import font
from gridmap.map.printing import PRINT_RATIO
from gridmap.map.source import MapLayer
from gridmap.map.surface import make_pen
from gridmap.map.theme import ACCENT, BAD, GOOD, PAPER, QUIET, TEXT, colour, faded
from gridmap.map.viewport import Extent, Viewport
from gridmap.map.water_picture import (
    Swatch,
    paint_arrows,
    paint_water_legend,
    picture_of,
    pixels_of,
    view_below_legend,
    xy_of,
)
from gridmap.texts import t

HOURS: Final = (1.0, 3.0, 6.0, 12.0, 24.0, math.inf)
RAMP: Final = ("#3f0f7a", "#6a3fb0", "#8c6cc7", "#ab95d8", "#c8bae6", "#e2daf2")
_OUT: Final = "#9aa8b1"
_SUSPECT: Final = "#5b3a86"
_STEP_M: Final = 60.0
_MOST_SAMPLES: Final = 6_000
_WIDTH: Final = 6.0
PAPER_SIZE: Final = (658, 300)
"""Width and height, in pixels of 96 dpi, that fill the width of a printed sheet."""

_LARGE: Final = 10  # suspects beyond have smaller circles
_DIRECTED: Final = frozenset({"known", "dominant"})
_STATES: Final = {State.CLEAN: GOOD, State.BEYOND: BAD, State.SILENT: QUIET}

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stretch:
    """A reach above the exceedance, from upstream: places (n, 2) in metres of EPSG:3857.

    `steps` (n - 1) are positions in `RAMP`, -1 for water that is excluded; `directed` says whether
    its direction of flow is known or dominant.
    """

    xy: Points
    steps: NDArray[np.int64]
    directed: bool


@dataclass(frozen=True)
class Numbered:
    """A suspect on the map: code, place in metres of EPSG:3857, number, whether excluded."""

    code: str
    at: tuple[float, float]
    number: int
    excluded: bool


@dataclass(frozen=True, eq=False)
class UpstreamLook:
    """What is drawn; places in metres of EPSG:3857.

    Attributes:
        stretches: the water.
        suspects: in the order of the list.
        sections: places and states of the sections above.
        event: where it was measured.
        caption: a line for the legend.
        chosen: code of the suspect that is highlighted, "" for none.
    """

    stretches: tuple[Stretch, ...]
    suspects: tuple[Numbered, ...]
    sections: tuple[tuple[tuple[float, float], State], ...]
    event: tuple[float, float]
    caption: str = ""
    chosen: str = ""

    def numbered(self, numbers: Mapping[str, int], chosen: str) -> "UpstreamLook":
        """The same with the numbers of another order, and another suspect highlighted."""
        suspects = tuple(replace(s, number=numbers.get(s.code, s.number)) for s in self.suspects)
        return replace(self, suspects=suspects, chosen=chosen)

    @property
    def extent(self) -> Extent:
        """What should be seen: the exceedance, the sections above, the first suspects."""
        first = [one.at for one in self.suspects if not one.excluded and one.number <= _LARGE]
        water = [] if first else [one.xy for one in self.stretches]
        xy = np.vstack([self.event, *(place for place, _ in self.sections), *first, *water])
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        room = 0.12 * max(east - west, north - south, 800.0)
        return float(west - room), float(south - room), float(east + room), float(north + room)


# --- from the answer ----------------------------------------------------------------------


def upstream_look(answer: TraceAnswer, caption: str = "") -> UpstreamLook:
    """Prepare an answer for the map. Any thread."""
    waters = answer.waters
    here = answer.found.event.spot
    total = sum(far - near for near, far in answer.found.reaches.values())
    step = max(_STEP_M, total / _MOST_SAMPLES)
    samples = {code: _samples(answer, code, step) for code in answer.found.reaches}
    spots = [Spot(code, float(at)) for code, places in samples.items() for at in places]
    ways = waters.ways.upstream(here, spots)
    clean = [one.spot for one in answer.found.sections if one.state is State.CLEAN]
    stopped = replace(waters.ways, closed=(*waters.ways.closed, *clean)) if clean else waters.ways
    free = set(stopped.upstream(here, spots)) if clean else set(ways)
    hours = np.array([ways[n].hours if n in ways else np.nan for n in range(len(spots))])
    open_ = np.array([n in free for n in range(len(spots))], np.bool_)
    found, first = [], 0
    for code, places in samples.items():
        part = slice(first, first + len(places))
        first += len(places)
        found.append(_stretch(answer, code, places, hours[part], open_[part]))
    return UpstreamLook(
        tuple(found),
        tuple(
            Numbered(one.source.code, xy_of(waters.place_of(one.source.spot)), n, bool(one.behind))
            for n, one in enumerate(answer.found.suspects, 1)
        ),
        tuple((xy_of(waters.place_of(s.spot)), s.state) for s in answer.found.sections),
        xy_of(waters.place_of(here)), caption,
    )  # fmt: skip


def _samples(answer: TraceAnswer, code: str, step: float) -> Points:
    """Chainages along the part of a reach that was walked, from upstream as the water runs."""
    index, here = answer.waters.index, answer.found.event.spot
    position = index.position_of(code)
    length = 0.0 if position is None else float(index.lengths_m[position])
    near, far = answer.found.reaches[code]
    turned = code in answer.waters.ways.turned
    lower = here.chainage_m if code == here.reach else (0.0 if turned else length)
    upper = lower + (far - near) if turned else lower - (far - near)
    upper = min(max(upper, 0.0), length)
    count = max(math.ceil(abs(lower - upper) / step), 1) + 1
    return np.linspace(upper, lower, count)


def _stretch(
    answer: TraceAnswer, code: str, places: Points, hours: Points, free: NDArray[np.bool_]
) -> Stretch:
    index = answer.waters.index
    position = index.position_of(code) or 0
    lonlat = np.array([index.place_at(position, float(at)) for at in places])
    xy = np.asarray(mercator.project(lonlat[:, 0], lonlat[:, 1]), np.float64)
    middle = (hours[1:] + hours[:-1]) / 2
    steps = np.searchsorted(np.array(HOURS[:-1]), middle, side="right")
    steps[~(free[1:] & free[:-1]) | np.isnan(middle)] = -1
    return Stretch(xy, steps.astype(np.int64), index.reaches[position].flow in _DIRECTED)


# --- painting -----------------------------------------------------------------------------


def paint_upstream(painter: QPainter, viewport: Viewport, look: UpstreamLook) -> None:
    """Draw over a map, in device-independent pixels of the viewport."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pixels = [pixels_of(viewport, one.xy) for one in look.stretches]
    _paint_water(painter, look, pixels)
    directed = (px for one, px in zip(look.stretches, pixels, strict=True) if one.directed)
    paint_arrows(painter, viewport, (px for px in directed if len(px) > 1))
    for at, state in look.sections:
        _ring(painter, viewport.to_px(*at), _STATES[state], 6.0)
    _ring(painter, viewport.to_px(*look.event), BAD, 8.0)
    _paint_suspects(painter, viewport, look)
    painter.restore()


def _paint_water(painter: QPainter, look: UpstreamLook, pixels: Sequence[Points]) -> None:
    """A band in steps of hours over a light casing; excluded water is thin and grey."""
    paths = {step: QPainterPath() for step in range(-1, len(RAMP))}
    for stretch, px in zip(look.stretches, pixels, strict=True):
        cuts = np.flatnonzero(np.diff(stretch.steps)) + 1
        edges = [0, *cuts.tolist(), len(stretch.steps)]
        for start, stop in pairwise(edges):
            if stop > start:
                line = [QPointF(x, y) for x, y in px[start : stop + 1].tolist()]
                paths[int(stretch.steps[start])].addPolygon(QPolygonF(line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(make_pen(colour(_OUT), 3.0, (5.0, 4.0)))
    painter.drawPath(paths[-1])
    painter.setPen(make_pen(faded(TEXT, 0.45), _WIDTH + 2.4))
    for step in range(len(RAMP)):
        painter.drawPath(paths[step])
    for step, ink in reversed(list(enumerate(RAMP))):
        painter.setPen(make_pen(colour(ink), _WIDTH))
        painter.drawPath(paths[step])


def _ring(painter: QPainter, at: tuple[float, float], ink: str, radius: float) -> None:
    painter.setBrush(colour(PAPER))
    painter.setPen(make_pen(colour(ink), 3.0))
    painter.drawEllipse(QPointF(*at), radius, radius)


def _paint_suspects(painter: QPainter, viewport: Viewport, look: UpstreamLook) -> None:
    """Circles with numbers, the first on top, the highlighted one above all."""
    order = sorted(look.suspects, key=lambda one: (one.code == look.chosen, -one.number))
    for one in order:
        x, y = viewport.to_px(*one.at)
        chosen = one.code == look.chosen
        painter.setPen(make_pen(colour(PAPER), 1.6))
        if one.excluded and not chosen:
            painter.setBrush(colour(_OUT))
            painter.drawEllipse(QPointF(x, y), 4.5, 4.5)
            continue
        radius = 13.0 if chosen else (9.5 if one.number <= _LARGE else 7.0)
        painter.setBrush(colour(ACCENT if chosen else _SUSPECT))
        painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.setPen(colour(PAPER))
        painter.setFont(font(radius * 1.25, bold=True))
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(one.number))


def paint_hours(painter: QPainter, viewport: Viewport, look: UpstreamLook) -> None:
    """The legend: caption, steps of hours, what is grey."""
    inks = [*zip(RAMP, _hour_words(), strict=True), (_OUT, t("tracing.legend.excluded"))]
    swatches = [Swatch(colour(ink), text) for ink, text in inks]
    paint_water_legend(painter, viewport, t("tracing.legend.hours"), swatches, look.caption)


def _hour_words() -> list[str]:
    limits = [f"{one:g}" for one in HOURS[:-1]]
    return [*(f"< {one} h" for one in limits), f"≥ {limits[-1]} h"]


def upstream_view(look: UpstreamLook, size: tuple[int, int], ratio: float) -> Viewport:
    """The view that shows the water below the legend; `size` in device-independent pixels."""
    return view_below_legend(look.extent, size, ratio)


def upstream_picture(
    layers: Sequence[MapLayer],
    look: UpstreamLook,
    size: tuple[int, int] = PAPER_SIZE,
    ratio: float = PRINT_RATIO,
) -> QImage:
    """A map of what is drawn, for paper; may run on any thread once the fonts are loaded.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        look: what lies over them.
        size: width and height in pixels of 96 dpi.
        ratio: physical pixels per such pixel.
    """
    viewport = upstream_view(look, size, ratio)

    def paint(painter: QPainter) -> None:
        paint_upstream(painter, viewport, look)
        paint_hours(painter, viewport, look)

    return picture_of(layers, viewport, paint)
