"""Water that a spill passes, over the map: hours of travel, where its front is, what it reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPolygonF

from gridmap.capabilities.warning.rules import BANDS_H, TargetKind, band_of
from gridmap.capabilities.warning.work.warning import WarningAnswer
from gridmap.map import mercator
from gridmap.map.fonts import font
from gridmap.map.printing import PRINT_RATIO
from gridmap.map.source import MapLayer
from gridmap.map.surface import make_pen
from gridmap.map.theme import ACCENT, BAD, GOOD, PAPER, TEXT, colour, faded
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

RAMP: Final = ("#8c1515", "#c63d27", "#e57f35", "#f0b455", "#f4da95")
"""Colour of each band of hours, the soonest the darkest."""

_LATER: Final = "#7f909c"
_WIDTH: Final = 6.0
PAPER_SIZE: Final = (658, 360)
"""Width and height, in pixels of 96 dpi, that fill the width of a printed sheet."""

_POSSIBLE: Final = 0.45
_NAMED: Final = frozenset({
    TargetKind.INTAKE, TargetKind.SECTION, TargetKind.COUNTY, TargetKind.SLUICE,
})  # fmt: skip
_INKS: Final = {
    TargetKind.INTAKE: "#2a6f97", TargetKind.SECTION: "#1b5fa8", TargetKind.BORDER: "#566773",
    TargetKind.COUNTY: "#22303a", TargetKind.ZONE: GOOD, TargetKind.SLUICE: TEXT,
}  # fmt: skip
_RADII: Final = {TargetKind.INTAKE: 8.0, TargetKind.SECTION: 6.0, TargetKind.SLUICE: 7.0}

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stretch:
    """A reach as the water runs: places (n, 2) in metres of EPSG:3857, hours (n,) of travel."""

    xy: Points
    hours: Points


@dataclass(frozen=True)
class Marked:
    """A target on the map; `urgent` is drinking water."""

    kind: TargetKind
    code: str
    name: str
    at: tuple[float, float]
    hours: float
    urgent: bool


@dataclass(frozen=True, eq=False)
class WarningLook:
    """What is drawn; places in metres of EPSG:3857.

    Attributes:
        stretches: the water passed.
        targets: what is reached, besides reaches.
        place: where it entered the water.
        fast: the quickest water, as a share of the velocity.
        elapsed_h: hours after the start that are shown; None shows the whole way.
        chosen: kind and code of the target that is highlighted.
    """

    stretches: tuple[Stretch, ...]
    targets: tuple[Marked, ...]
    place: tuple[float, float]
    fast: float
    elapsed_h: float | None = None
    chosen: tuple[str, str] = ("", "")

    @property
    def extent(self) -> Extent:
        """What should be seen."""
        xy = np.vstack([np.array([self.place]), *(one.xy for one in self.stretches)])
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        room = 0.08 * max(east - west, north - south, 1500.0)
        return float(west - room), float(south - room), float(east + room), float(north + room)

    def retimed(self, share: float) -> "WarningLook":
        """The same with all hours times `share`."""
        stretches = tuple(Stretch(one.xy, one.hours * share) for one in self.stretches)
        targets = tuple(replace(one, hours=one.hours * share) for one in self.targets)
        return replace(self, stretches=stretches, targets=targets)


def warning_look(
    answer: WarningAnswer, elapsed_h: float | None = None, chosen: tuple[str, str] = ("", "")
) -> WarningLook:
    """Prepare an answer for the map. Any thread."""
    drinking = {call.about[0] for call in answer.calls if call.use == "drinking"}
    return WarningLook(
        tuple(_stretches(answer)),
        tuple(
            Marked(
                one.target.kind, one.target.code, one.target.name,
                xy_of(answer.waters.place_of(one.target.spot)), one.way.hours,
                one.target.kind is TargetKind.INTAKE and one.target.name in drinking,
            )
            for one in answer.found.arrivals
            if one.target.kind is not TargetKind.REACH
        ),
        xy_of(answer.lonlat), answer.waters.ways.velocities.fast, elapsed_h, chosen,
    )  # fmt: skip


def _stretches(answer: WarningAnswer) -> list[Stretch]:
    index, found = answer.waters.index, []
    for code, group in groupby(answer.pieces, key=lambda one: one.reach):
        pieces = sorted(group, key=lambda one: one.from_h)
        runs: list[list[tuple[float, float]]] = []
        for one in pieces:
            if not runs or runs[-1][-1][0] != one.from_m:
                runs.append([(one.from_m, one.from_h)])
            runs[-1].append((one.to_m, one.to_h))
        position = index.position_of(code) or 0
        for run in runs:
            lonlat = np.array([index.place_at(position, metres) for metres, _ in run])
            xy = np.asarray(mercator.project(lonlat[:, 0], lonlat[:, 1]), np.float64)
            found.append(Stretch(xy, np.array([hours for _, hours in run])))
    return found


# --- painting -----------------------------------------------------------------------------


def paint_warning(painter: QPainter, viewport: Viewport, look: WarningLook) -> None:
    """Draw over a map, in device-independent pixels of the viewport."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pixels = [pixels_of(viewport, one.xy) for one in look.stretches]
    _paint_water(painter, look, pixels)
    paint_arrows(painter, viewport, pixels)
    for one in reversed(look.targets):
        _paint_target(painter, viewport, look, one)
    _paint_place(painter, viewport.to_px(*look.place))
    _paint_names(painter, viewport, look)
    painter.restore()


def _state(look: WarningLook, hours: float) -> int:
    """0 passed, 1 perhaps passed (by the quickest water), 2 not yet."""
    if look.elapsed_h is None or hours <= look.elapsed_h:
        return 0
    return 1 if hours / look.fast <= look.elapsed_h else 2


def _paint_water(painter: QPainter, look: WarningLook, pixels: Sequence[Points]) -> None:
    paths: dict[tuple[int, int], QPainterPath] = {}
    for stretch, px in zip(look.stretches, pixels, strict=True):
        middle = (stretch.hours[1:] + stretch.hours[:-1]) / 2
        kinds = [(_state(look, hours), band_of(hours)) for hours in middle.tolist()]
        cuts = [n for n, (a, b) in enumerate(pairwise(kinds), 1) if a != b]
        for start, stop in pairwise([0, *cuts, len(kinds)]):
            if stop > start:
                line = [QPointF(x, y) for x, y in px[start : stop + 1].tolist()]
                paths.setdefault(kinds[start], QPainterPath()).addPolygon(QPolygonF(line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    later = sorted(key for key in paths if key[0] == 2)  # noqa: PLR2004  not yet
    painter.setPen(make_pen(faded(PAPER, 0.9), 5.0))
    for key in later:
        painter.drawPath(paths[key])
    painter.setPen(make_pen(colour(_LATER), 2.6, (3.0, 2.4)))
    for key in later:
        painter.drawPath(paths[key])
    passed = sorted((key for key in paths if key not in later), reverse=True)
    painter.setPen(make_pen(faded(TEXT, 0.5), _WIDTH + 2.2))
    for key in passed:
        painter.drawPath(paths[key])
    for state, band in passed:
        if state:
            painter.setPen(make_pen(colour(PAPER), _WIDTH))
            painter.drawPath(paths[state, band])
        painter.setPen(make_pen(faded(RAMP[band], _POSSIBLE if state else 1.0), _WIDTH))
        painter.drawPath(paths[state, band])


def _paint_target(painter: QPainter, viewport: Viewport, look: WarningLook, one: Marked) -> None:
    at = QPointF(*viewport.to_px(*one.at))
    radius = _RADII.get(one.kind, 5.0)
    ink = colour(_INKS[one.kind]) if _state(look, one.hours) < 2 else colour(_LATER)  # noqa: PLR2004
    if one.urgent or look.chosen == (one.kind.value, one.code):
        painter.setPen(make_pen(colour(BAD if one.urgent else ACCENT), 2.4))
        painter.setBrush(colour(PAPER))
        painter.drawEllipse(at, radius + 4.0, radius + 4.0)
    painter.setPen(make_pen(colour(PAPER), 1.6))
    painter.setBrush(ink)
    if one.kind is TargetKind.SLUICE:
        painter.drawRect(QRectF(at.x() - radius, at.y() - radius * 0.4, 2 * radius, radius * 0.8))
    elif one.kind in {TargetKind.BORDER, TargetKind.COUNTY}:
        corners = ((0.0, -radius), (radius, 0.0), (0.0, radius), (-radius, 0.0))
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
    elif one.kind is TargetKind.SECTION:
        side = radius * 0.9
        painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))
    else:
        painter.drawEllipse(at, radius, radius)


def _paint_place(painter: QPainter, at: tuple[float, float]) -> None:
    painter.setPen(make_pen(colour(PAPER), 2.0))
    painter.setBrush(colour(BAD))
    painter.drawEllipse(QPointF(*at), 9.0, 9.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(PAPER))
    painter.drawEllipse(QPointF(*at), 3.2, 3.2)


def _paint_names(painter: QPainter, viewport: Viewport, look: WarningLook) -> None:
    """Names with hours beside what matters most; the later one gives way."""
    letters = font(11, bold=True)
    painter.setFont(letters)
    metrics, taken = QFontMetricsF(letters), list[QRectF]()
    order = sorted(look.targets, key=lambda one: (not one.urgent, one.hours))
    for one in order:
        chosen = look.chosen == (one.kind.value, one.code)
        if one.kind not in _NAMED and not chosen:
            continue
        x, y = viewport.to_px(*one.at)
        text = t("warning.map_name", name=one.name, hours=f"{one.hours:.0f}")
        width = metrics.horizontalAdvance(text) + 12
        left = x + 13 if x + 13 + width < viewport.width - 8 else x - 13 - width
        box = QRectF(left, y - 10, width, 20)
        if not chosen and any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        painter.setPen(make_pen(colour(BAD if one.urgent else "#c9d3da"), 1.0))
        painter.setBrush(faded(PAPER, 0.93))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour(BAD if one.urgent else TEXT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_warning_legend(painter: QPainter, viewport: Viewport, look: WarningLook) -> None:
    """The legend: hours, and while a front is shown what lies beyond it."""
    swatches = [Swatch(colour(ink), text) for ink, text in zip(RAMP, _band_words(), strict=True)]
    if look.elapsed_h is not None:
        swatches.append(Swatch(faded(RAMP[1], _POSSIBLE), t("warning.legend_possible")))
        swatches.append(Swatch(colour(_LATER), t("warning.legend_later")))
    paint_water_legend(painter, viewport, t("warning.legend"), swatches)


def _band_words() -> list[str]:
    """The hours of each colour, in words."""
    edges = [f"{limit:g}" for limit in BANDS_H]
    middle = [t("warning.band", low=low, high=high) for low, high in pairwise(edges)]
    return [
        t("warning.band_first", high=edges[0]), *middle, t("warning.band_last", low=edges[-1])
    ]  # fmt: skip


def warning_view(look: WarningLook, size: tuple[int, int], ratio: float) -> Viewport:
    """The view that shows the water below the legend; `size` in device-independent pixels."""
    return view_below_legend(look.extent, size, ratio)


def warning_picture(
    layers: Sequence[MapLayer],
    look: WarningLook,
    size: tuple[int, int] = PAPER_SIZE,
    ratio: float = PRINT_RATIO,
) -> QImage:
    """A map of what is drawn, for paper; may run on any thread once the fonts are loaded.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        look: what lies over them.
        size: width and height in pixels of 96 dpi; by default they fill the width of a sheet.
        ratio: physical pixels per such pixel.
    """
    viewport = warning_view(look, size, ratio)

    def paint(painter: QPainter) -> None:
        paint_warning(painter, viewport, look)
        paint_warning_legend(painter, viewport, look)

    return picture_of(layers, viewport, paint)
