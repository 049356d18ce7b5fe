"""A proposal over the map: what is covered today and what would be; the sites by rank."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF

from gridmap.capabilities.siting.rules.question import Proof
from gridmap.capabilities.siting.words import percent
from gridmap.capabilities.siting.work.ground import DemandKind, Medium
from gridmap.capabilities.siting.work.siting import SitingAnswer
from gridmap.map.fonts import font, load_fonts
from gridmap.map.printing import PRINT_RATIO
from gridmap.map.source import MapLayer
from gridmap.map.surface import make_pen
from gridmap.map.theme import ACCENT, BAD, GOOD, LINE, PAPER, QUIET, TEXT, colour, faded
from gridmap.map.viewport import Extent, Viewport
from gridmap.map.water_picture import (
    Swatch,
    paint_water_legend,
    picture_of,
    pixels_of,
    view_below_legend,
    xy_of,
)
from gridmap.texts import t

PAPER_SIZE: Final = (658, 380)
"""Width and height, in pixels of 96 dpi, that fill the width of a printed sheet."""

CURVE_SIZE: Final = (658, 160)
GRAB: Final = 14.0
"""So near to a proposed site, in pixels, it is taken hold of."""

_STANDING: Final = "#1b5fa8"
_RADIUS: Final = 11.0

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SitingLook:
    """What is drawn; places in metres of EPSG:3857.

    Attributes:
        today, fresh, bare: pieces of river that are covered, would be, would not be.
        standing: existing sites; moved: those given up; proposed: by rank.
        reach: radius of a station in metres of EPSG:3857, 0 for water.
        chosen: the rank that is highlighted, 0 for none.
        medium: what they measure.
    """

    today: tuple[Points, ...]
    fresh: tuple[Points, ...]
    bare: tuple[Points, ...]
    standing: tuple[tuple[float, float], ...]
    moved: tuple[tuple[float, float], ...]
    proposed: tuple[tuple[float, float], ...]
    reach: float
    chosen: int
    medium: Medium

    @property
    def extent(self) -> Extent:
        """What should be seen: the proposed sites with what is around them."""
        lines = [*self.fresh, *self.today, *self.bare]
        places = np.array([*self.proposed, *self.standing]).reshape(-1, 2)
        xy = np.vstack([places, *lines]) if lines else places
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        room = 0.05 * max(east - west, north - south, 1500.0) + self.reach
        return float(west - room), float(south - room), float(east + room), float(north + room)


def siting_look(answer: SitingAnswer, chosen: int = 0) -> SitingLook:
    """Prepare a proposal for the map. Any thread."""
    sites = answer.ground.sites
    parts: tuple[list[Points], list[Points], list[Points]] = ([], [], [])
    today, then = answer.met_today, answer.met
    for place, one in enumerate(answer.ground.demands):
        if one.kind is DemandKind.RIVER:
            kind = 2 if not then[place] else 0 if today[place] else 1
            parts[kind].append(np.array([xy_of(at) for at in one.path]))
    reach = 0.0
    if answer.asked.medium is Medium.AIR and sites:
        # Web Mercator stretches lengths by 1 / cos(latitude).
        reach = answer.distance_m / math.cos(math.radians(sites[0].lat))
    moved = set(answer.answer.moved)
    standing = [
        xy_of((one.lon, one.lat))
        for place, one in enumerate(sites)
        if answer.question.standing[place] and place not in moved
    ]
    return SitingLook(
        tuple(parts[0]), tuple(parts[1]), tuple(parts[2]), tuple(standing),
        tuple(xy_of((one.lon, one.lat)) for one in answer.moved),
        tuple(xy_of((one.site.lon, one.site.lat)) for one in answer.proposed),
        reach, chosen, answer.asked.medium,
    )  # fmt: skip


def paint_siting(painter: QPainter, viewport: Viewport, look: SitingLook) -> None:
    """Draw over a map, in device-independent pixels of the viewport."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _lines(painter, viewport, look.bare, colour(BAD), (2.6, (2.0, 2.0)))
    _lines(painter, viewport, look.today, faded(_STANDING, 0.8), (4.0, None))
    _lines(painter, viewport, look.fresh, faded(GOOD, 0.95), (6.0, None))
    if look.reach:
        _circles(painter, viewport, look, look.standing, _STANDING)
        _circles(painter, viewport, look, look.proposed, GOOD)
    for at in look.standing:
        _square(painter, QPointF(*viewport.to_px(*at)), colour(_STANDING))
    for at in look.moved:
        _crossed(painter, QPointF(*viewport.to_px(*at)))
    for rank in range(len(look.proposed), 0, -1):
        _numbered(painter, viewport.to_px(*look.proposed[rank - 1]), rank, rank == look.chosen)
    painter.restore()


def paint_siting_legend(painter: QPainter, viewport: Viewport, look: SitingLook) -> None:
    """The legend at the top left."""
    swatches = [
        Swatch(colour(_STANDING), t("siting.legend.today")),
        Swatch(colour(GOOD), t("siting.legend.fresh")),
    ]
    if look.medium is Medium.WATER:
        swatches.append(Swatch(colour(BAD), t("siting.legend.bare")))
    paint_water_legend(painter, viewport, t(f"siting.legend.{look.medium.value}"), swatches)


def siting_view(look: SitingLook, size: tuple[int, int], ratio: float) -> Viewport:
    """The view that shows all of it below the legend; `size` in device-independent pixels."""
    return view_below_legend(look.extent, size, ratio)


def siting_picture(
    layers: Sequence[MapLayer],
    look: SitingLook,
    size: tuple[int, int] = PAPER_SIZE,
    ratio: float = PRINT_RATIO,
) -> QImage:
    """A map of the proposal for paper; may run on any thread once the fonts are loaded."""
    viewport = siting_view(look, size, ratio)

    def paint(painter: QPainter) -> None:
        paint_siting(painter, viewport, look)
        paint_siting_legend(painter, viewport, look)

    return picture_of(layers, viewport, paint)


def paint_curve(painter: QPainter, box: QRectF, answer: SitingAnswer) -> None:
    """The gain curve in a box: a bar a number of sites, its share above; unproven ones pale.

    The axis begins at 0: how much the next site buys is seen beside what is there already.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    total = answer.answer.total
    bars = [(0, answer.answer.before, True)]
    bars += [
        (number, one.covered, one.proof is Proof.OPTIMAL)
        for number, one in enumerate(answer.curve, start=1)
    ]
    letters = font(11)
    painter.setFont(letters)
    inner = box.adjusted(4, 18, -4, -18)
    step = inner.width() / len(bars)
    width = min(step * 0.62, 46.0)
    shown = max(1, math.ceil(44.0 / step))
    painter.setPen(make_pen(colour(LINE), 1.0))
    painter.drawLine(inner.bottomLeft(), inner.bottomRight())
    for place, (number, covered, proven) in enumerate(bars):
        middle = inner.left() + step * (place + 0.5)
        high = inner.height() * (covered / total if total > 0 else 0.0)
        bar = QRectF(middle - width / 2, inner.bottom() - high, width, high)
        ink = colour(_STANDING) if number == 0 else colour(GOOD)
        painter.fillRect(bar, ink if proven else faded(GOOD, 0.45))
        if place % shown and place != len(bars) - 1:
            continue
        painter.setPen(colour(TEXT))
        above = QRectF(middle - 30, bar.top() - 16, 60, 14)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, percent(covered, total))
        painter.setPen(colour(QUIET))
        word = t("siting.legend.now") if number == 0 else str(number)
        below = QRectF(middle - 30, inner.bottom() + 2, 60, 14)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()


def curve_picture(
    answer: SitingAnswer, size: tuple[int, int] = CURVE_SIZE, ratio: float = PRINT_RATIO
) -> QImage | None:
    """The gain curve for paper; None if it was not asked."""
    if not answer.curve:
        return None
    load_fonts()
    image = QImage(
        round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(colour(PAPER))
    painter = QPainter(image)
    paint_curve(painter, QRectF(0, 0, *size), answer)
    painter.end()
    return image


# --- inner --------------------------------------------------------------------------------


def _lines(
    painter: QPainter, viewport: Viewport, lines: Sequence[Points], ink: QColor,
    stroke: tuple[float, tuple[float, float] | None],
) -> None:  # fmt: skip
    path = QPainterPath()
    for xy in lines:
        px = pixels_of(viewport, xy)
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in px.tolist()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width, dashes = stroke
    painter.setPen(make_pen(faded(PAPER, 0.85), width + 2.4))
    painter.drawPath(path)
    painter.setPen(make_pen(ink, width) if dashes is None else make_pen(ink, width, dashes))
    painter.drawPath(path)


def _circles(
    painter: QPainter, viewport: Viewport, look: SitingLook, places: Sequence[tuple[float, float]],
    ink: str,
) -> None:  # fmt: skip
    """What stations stand for, as one area: where circles lie over each other it is no darker."""
    radius = look.reach / viewport.resolution
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for at in places:
        path.addEllipse(QPointF(*viewport.to_px(*at)), radius, radius)
    painter.setPen(make_pen(faded(ink, 0.8), 1.2))
    painter.setBrush(faded(ink, 0.16))
    painter.drawPath(path.simplified())


def _square(painter: QPainter, at: QPointF, ink: QColor) -> None:
    painter.setPen(make_pen(colour(PAPER), 1.6))
    painter.setBrush(ink)
    painter.drawRect(QRectF(at.x() - 5, at.y() - 5, 10, 10))


def _crossed(painter: QPainter, at: QPointF) -> None:
    _square(painter, at, colour(QUIET))
    painter.setPen(make_pen(colour(BAD), 2.6))
    for side in (-1.0, 1.0):
        painter.drawLine(at + QPointF(-8, -8 * side), at + QPointF(8, 8 * side))


def _numbered(painter: QPainter, at: tuple[float, float], rank: int, chosen: bool) -> None:
    place = QPointF(*at)
    if chosen:
        painter.setPen(make_pen(colour(ACCENT), 3.0))
        painter.setBrush(colour(PAPER))
        painter.drawEllipse(place, _RADIUS + 4, _RADIUS + 4)
    painter.setPen(make_pen(colour(PAPER), 2.0))
    painter.setBrush(colour(GOOD))
    painter.drawEllipse(place, _RADIUS, _RADIUS)
    painter.setFont(font(12, bold=True))
    painter.setPen(colour(PAPER))
    box = QRectF(place.x() - _RADIUS, place.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(rank))
