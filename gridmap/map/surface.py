"""What a painter paints on, and the bridge between NumPy arrays and Qt's polygons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gridmap.map.theme import colour
from gridmap.map.viewport import Viewport
from gridmap.stopping import never


@dataclass(frozen=True, slots=True)
class Surface:
    """A painter with its viewport; lengths on it are physical pixels.

    Attributes:
        painter: active, antialiased, with physical pixels as units.
        viewport: what is seen.
        check: raises `Cancelled` when the picture is no longer wanted; painters
            call it between chunks of features.
        image: the picture when it is made of pixels; None on paper, where everything
            stays a vector.
    """

    painter: QPainter
    viewport: Viewport
    check: Callable[[], None] = never
    image: QImage | None = None

    @property
    def scale(self) -> float:
        """Physical pixels per declared pixel (96 dpi)."""
        return self.viewport.ratio

    @property
    def transform(self) -> tuple[float, float, float]:
        """x0, y0, k: physical pixel = ((x - x0) * k, (y0 - y) * k)."""
        xmin, _, _, ymax = self.viewport.extent
        return xmin, ymax, self.viewport.ratio / self.viewport.resolution

    def to_px(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres (EPSG:3857), shape (n, 2), to physical pixels."""
        x0, y0, k = self.transform
        return (xy - (x0, y0)) * (k, -k)

    def pen(self, text: str, width: float, dash: tuple[float, ...] = ()) -> QPen:
        """A round pen; `width` and `dash` in declared pixels."""
        return make_pen(colour(text), width * self.scale, tuple(d * self.scale for d in dash))

    def frame(self, margin: float = 0.0) -> QRectF:
        """The picture's rectangle, widened by `margin` physical pixels."""
        width, height = self.viewport.physical_size
        return QRectF(-margin, -margin, width + 2 * margin, height + 2 * margin)


def make_pen(ink: QColor, width: float, dash: tuple[float, ...] = ()) -> QPen:
    """A pen for `width` and `dash` in physical pixels; dashes end flat, lines round."""
    pen = QPen(ink, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if dash and width > 0:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([d / width for d in dash])
    return pen


class Polygons:
    """Qt polygons that are filled through NumPy, one reused buffer per number of vertices.

    A polygon from here is valid until the next one of the same size is asked for; Qt's
    drawing calls read it before they return. One instance per thread.
    """

    _LARGE: Final = 4096

    def __init__(self) -> None:
        self._buffers: dict[int, tuple[QPolygonF, NDArray[np.float64]]] = {}

    def of(self, points: NDArray[np.float64]) -> QPolygonF:
        """The vertices `points`, float64 (n, 2), as a polygon."""
        size = len(points)
        held = self._buffers.get(size)
        if held is None:
            held = writable_polygon(size)
            if size <= self._LARGE:
                self._buffers[size] = held
        held[1][:] = points
        return held[0]


def writable_polygon(size: int) -> tuple[QPolygonF, NDArray[np.float64]]:
    """A polygon of `size` vertices and a float64 (size, 2) view of its memory.

    The view must not outlive the polygon, and the polygon must not be copied before the
    last write: Qt shares the memory of copies.
    """
    polygon = QPolygonF()
    polygon.resize(size)
    if size == 0:
        return polygon, np.empty((0, 2))
    # The stubs know neither the pointer to a Qt value nor the buffer protocol of VoidPtr.
    void_ptr: Any = shiboken6.VoidPtr
    memory: Any = void_ptr(polygon.data(), size * 16, True)
    return polygon, np.frombuffer(memory, np.float64).reshape(size, 2)


def to_polygon(points: NDArray[np.float64]) -> QPolygonF:
    """A polygon of its own with the vertices `points`, float64 (n, 2)."""
    polygon, view = writable_polygon(len(points))
    view[:] = points
    return polygon
