"""What was found in a file, drawn small: areas, lines or points as they were read."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridmap.intake.doctor import Case
from gridmap.shell.theme import tokens
from gridmap.store.geopackage import Geometries

_MOST: Final = 4_000
_STEPS: Final = 400.0
_MARGIN: Final = 8.0
_POINT: Final = 2.6
_DEGREES: Final = 360.0
_Line = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shapes:
    """Lines of vertices, shape (n, 2), y up, in the coordinates of the file (or degrees).

    `held` are of rows that are not loaded; `around` is what the project knows there. `extent` is
    that of what is loaded: west, south, east, north. `shrink` is by how much a unit of x is
    shorter than one of y; `areas` and `points` say how lines are painted.
    """

    good: tuple[_Line, ...]
    held: tuple[_Line, ...]
    around: tuple[_Line, ...]
    extent: tuple[float, float, float, float]
    shrink: float
    areas: bool
    points: bool
    count: int


def shapes_of(case: Case) -> Shapes | None:
    """The shapes of a case; None where its rows have no places. Any thread."""
    table, place = case.reading.table, case.place
    held = {f.row for f in case.findings if f.holds_back}
    in_degrees = False
    raw: Geometries
    if table.geometry is not None:
        raw = shapely.force_2d(table.geometry)
        raw[shapely.is_empty(raw)] = None
        frame = getattr(case.outcome.ready, "frame", None)
        if frame is not None and len(frame):
            # As it will be stored; what is held back stays out of the picture then.
            raw, in_degrees = frame.geometry.to_numpy(), True
            rows = case.outcome.ready.rows
        else:
            rows = table.rows
    elif place is not None and len(place.after):
        raw = np.full(len(place.after), None, dtype=object)
        there = np.isfinite(place.after).all(axis=1)
        raw[there] = shapely.points(place.after[there])
        rows, in_degrees = table.rows, True
        rows = rows[: len(raw)] if len(rows) >= len(raw) else np.arange(1, len(raw) + 1)
    else:
        return None
    there = np.array([shape is not None for shape in raw], dtype=bool)
    if not there.any():
        return None
    good = there & ~np.isin(rows, [row for row in held if row is not None])
    shown = good if good.any() else there
    west, south, east, north = (float(v) for v in shapely.total_bounds(raw[shown]))
    degrees = max(abs(west), abs(south), abs(east), abs(north)) <= _DEGREES
    shrink = float(np.cos(np.radians((south + north) / 2))) if degrees else 1.0
    step = max(east - west, north - south) / _STEPS
    dimension = int(np.max(shapely.get_dimensions(raw[shown])))
    around: Geometries = np.empty(0, dtype=object)
    if in_degrees and len(case.references.areas):
        areas = case.references.areas["geometry"].to_numpy()
        box = shapely.box(west, south, east, north)
        around = areas[shapely.intersects(areas, box)][:_MOST]
    return Shapes(
        _lines(raw[shown], step), _lines(raw[there & ~shown], step), _lines(around, step),
        (west, south, east, north), shrink, dimension == 2, dimension == 0,  # noqa: PLR2004
        int(there.sum()),
    )  # fmt: skip


def _lines(shapes: Geometries, step: float) -> tuple[_Line, ...]:
    """The vertices of parts, simplified to what can be seen."""
    if not len(shapes):
        return ()
    shapes = shapes[:: max(1, -(-len(shapes) // _MOST))]
    if step > 0:
        shapes = shapely.simplify(shapes, step, preserve_topology=False)
    found: list[_Line] = []
    parts = shapely.get_parts(shapely.get_parts(shapes))
    for part in parts:
        rings = shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part]  # noqa: PLR2004
        found += [shapely.get_coordinates(ring) for ring in rings]
    return tuple(line for line in found if len(line))


class ShapeView(QWidget):
    """A drawing of `Shapes`, as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self._shapes: Shapes | None = None

    def show_shapes(self, shapes: Shapes | None) -> None:
        """Draw these."""
        self._shapes = shapes
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw what is around, then what was read, then what is held back."""
        painter = QPainter(self)
        colours = tokens()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(frame, QColor(colours["paper"]))
        painter.setPen(QColor(colours["line"]))
        painter.drawRect(frame)
        shapes = self._shapes
        if shapes is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame)
        self._draw(painter, shapes, shapes.around, QColor(colours["line"]), fill=False)
        accent, bad = QColor(colours["accent"]), QColor(colours["bad"])
        self._draw(painter, shapes, shapes.good, accent, fill=shapes.areas, own=True)
        self._draw(painter, shapes, shapes.held, bad, fill=shapes.areas, own=True)

    def _draw(
        self,
        painter: QPainter,
        shapes: Shapes,
        lines: tuple[_Line, ...],
        colour: QColor,
        *,
        fill: bool,
        own: bool = False,
    ) -> None:
        west, south, east, north = shapes.extent
        wide, high = (east - west) * shapes.shrink, north - south
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / (wide or 1e-9), room.height() / (high or 1e-9))
        scale = min(scale, 1e9) if wide or high else 0.0
        middle = room.center()
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        painter.setPen(QPen(colour, 1.2))
        ground = QColor(colour)
        ground.setAlpha(46)
        for line in lines:
            x = middle.x() + (line[:, 0] - (west + east) / 2) * shapes.shrink * scale
            y = middle.y() - (line[:, 1] - (south + north) / 2) * scale
            if own and shapes.points:
                painter.setBrush(colour)
                for one in zip(x.tolist(), y.tolist(), strict=True):
                    painter.drawEllipse(QPointF(*one), _POINT, _POINT)
                continue
            path.moveTo(x[0], y[0])
            for one in zip(x[1:].tolist(), y[1:].tolist(), strict=True):
                path.lineTo(*one)
        painter.setBrush(ground if fill else Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
