"""Lines of rivers over the map, before and while they become a network.

Lines as they are drawn, or reaches of a plan with the way their water runs; what was moved, what
is apart, and where the water leaves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from gridmap.capabilities.rivers.rules.findings import NetFinding, NetKind
from gridmap.capabilities.rivers.work.plan import NetworkPlan
from gridmap.map import mercator
from gridmap.map.surface import make_pen, to_polygon
from gridmap.map.theme import PAPER, colour, faded
from gridmap.map.viewport import Extent, Viewport
from gridmap.map.water_picture import Swatch, paint_arrows, paint_water_legend, pixels_of, xy_of
from gridmap.texts import t

Points = NDArray[np.float64]
Place = tuple[float, float]

INKS: Final = {
    "drawn": "#1b5fa8", "known": "#1b5fa8", "dominant": "#2f7fc1", "unknown": "#c77700",
    "bridge": "#7a3fa0", "gap": "#c7252b", "snap": "#2e8b57", "outlet": "#0b3d63",
}  # fmt: skip
_WIDTH: Final = 2.4
_MARK: Final = 3.4
_LEAST_PX: Final = 9.0  # what is shorter on the screen is drawn that long
_OUTLET_PX: Final = 7.0
_GAPS: Final = frozenset({NetKind.GAP})
_MOVED: Final = frozenset({NetKind.SNAPPED})


@dataclass(frozen=True, eq=False)
class NetworkPicture:
    """What is painted; places (n, 2) in metres of EPSG:3857.

    Attributes:
        lines: from where the water comes to where it goes, as far as that is known.
        kinds: "drawn" (nobody looked at it yet), "known", "dominant", "unknown" or "bridge".
        bounds: xmin, ymin, xmax, ymax of each line, shape (m, 4).
        gaps: pairs of places between which nothing is drawn, shape (g, 2, 2).
        snaps: where ends were, and where they were moved to, shape (s, 2, 2).
        outlets: where the water leaves, shape (o, 2).
    """

    lines: tuple[Points, ...]
    kinds: tuple[str, ...]
    bounds: Points
    gaps: Points
    snaps: Points
    outlets: Points

    @property
    def extent(self) -> Extent | None:
        """Of all lines; None without lines."""
        if not self.lines:
            return None
        low, high = self.bounds[:, :2].min(axis=0), self.bounds[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def with_outlets(self, outlets: Iterable[Place]) -> "NetworkPicture":
        """The same with other outlets, degrees of EPSG:4490."""
        return replace(self, outlets=_places(outlets))


def picture_of_lines(
    lines: Iterable[shapely.Geometry], outlets: Iterable[Place] = ()
) -> NetworkPicture:
    """Lines as they are drawn, degrees of EPSG:4490; nothing is known of their water."""
    shapes = [part for line in lines for part in shapely.get_parts(line)]
    return _picture(shapes, ["drawn"] * len(shapes), (), outlets)


def picture_of_plan(plan: NetworkPlan, outlets: Iterable[Place] = ()) -> NetworkPicture:
    """A network as it is planned or written: reaches, gaps and ends that were moved."""
    shapes, kinds = [], []
    for one in plan.reaches:
        shapes.append(one.built.geometry)
        kinds.append("bridge" if one.built.bridge else one.built.flow or "unknown")
    return _picture(shapes, kinds, plan.findings, outlets)


def _picture(
    shapes: Sequence[shapely.Geometry],
    kinds: Sequence[str],
    findings: Iterable[NetFinding],
    outlets: Iterable[Place],
) -> NetworkPicture:
    lines = tuple(mercator.project(*shapely.get_coordinates(shape).T) for shape in shapes)
    bounds = np.array([[*line.min(axis=0), *line.max(axis=0)] for line in lines]).reshape(-1, 4)
    told = list(findings)
    return NetworkPicture(
        lines, tuple(kinds), bounds, _pairs(told, _GAPS), _pairs(told, _MOVED), _places(outlets)
    )  # fmt: skip


def _pairs(findings: Iterable[NetFinding], kinds: frozenset[NetKind]) -> Points:
    found = [
        (xy_of((one.lon, one.lat)), xy_of(one.other_end))
        for one in findings
        if one.kind in kinds and one.other_end is not None
    ]
    return np.array(found, dtype=np.float64).reshape(-1, 2, 2)


def _places(places: Iterable[Place]) -> Points:
    return np.array([xy_of(place) for place in places], dtype=np.float64).reshape(-1, 2)


def paint_network(painter: QPainter, viewport: Viewport, picture: NetworkPicture) -> None:
    """Lines with arrows, gaps and moved ends as lines, outlets, and what it all means."""
    xmin, ymin, xmax, ymax = viewport.extent
    b = picture.bounds
    seen = (b[:, 0] <= xmax) & (b[:, 2] >= xmin) & (b[:, 1] <= ymax) & (b[:, 3] >= ymin)
    shown = [
        (pixels_of(viewport, picture.lines[i]), picture.kinds[i])
        for i in np.flatnonzero(seen).tolist()
    ]
    for px, kind in shown:
        line = to_polygon(px)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(make_pen(faded(PAPER, 0.8), _WIDTH + 2.0))
        painter.drawPolyline(line)
        pen = make_pen(QColor(INKS[kind]), _WIDTH)
        if kind in {"unknown", "bridge"}:
            pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.drawPolyline(line)
    paint_arrows(painter, viewport, [px for px, kind in shown if kind != "unknown"])
    for pairs, kind in ((picture.snaps, "snap"), (picture.gaps, "gap")):
        for pair in pairs:
            _paint_pair(painter, pixels_of(viewport, pair), QColor(INKS[kind]), kind == "gap")
    for x, y in pixels_of(viewport, picture.outlets).tolist():
        _paint_outlet(painter, x, y)
    swatches = _swatches(picture)
    if swatches:
        paint_water_legend(painter, viewport, t("network.title"), swatches)


def _swatches(picture: NetworkPicture) -> list[Swatch]:
    found = [kind for kind in INKS if kind in picture.kinds]
    found += [
        name
        for name, there in (
            ("gap", picture.gaps), ("snap", picture.snaps), ("outlet", picture.outlets)
        )
        if len(there)
    ]  # fmt: skip
    return [Swatch(QColor(INKS[kind]), t(f"network.picture.{kind}")) for kind in found]


def _paint_pair(painter: QPainter, pair: Points, ink: QColor, dashed: bool) -> None:
    """A line between two places; where it would be a dot, it is drawn long enough to be seen."""
    (x0, y0), (x1, y1) = pair.tolist()
    long = float(np.hypot(x1 - x0, y1 - y0))
    if long < _LEAST_PX:
        share = (_LEAST_PX - long) / 2 / long if long > 0 else 0.0
        dx, dy = ((x1 - x0) * share, (y1 - y0) * share) if share else (_LEAST_PX / 2, 0.0)
        x0, y0, x1, y1 = x0 - dx, y0 - dy, x1 + dx, y1 + dy
    for pen in (make_pen(faded(PAPER, 0.9), _MARK + 2.0), make_pen(ink, _MARK)):
        if dashed and pen.color() == ink:
            pen.setDashPattern([2.0, 1.2])
        painter.setPen(pen)
        painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))


def _paint_outlet(painter: QPainter, x: float, y: float) -> None:
    a = _OUTLET_PX
    painter.setPen(make_pen(colour(PAPER), 1.6))
    painter.setBrush(QColor(INKS["outlet"]))
    painter.drawRect(QRectF(x - a, y - a, 2 * a, 2 * a))
    painter.setPen(make_pen(colour(PAPER), 2.0))
    painter.drawLine(QPointF(x - a / 2, y), QPointF(x + a / 2, y))
    painter.drawLine(QPointF(x, y - a / 2), QPointF(x, y + a / 2))
