"""Pictures of views: one image per view, one of all labels, composed.

Everything here is a function of its arguments and may run on any one thread at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from gridmap.core.declaration import LayerDeclaration
from gridmap.map.fonts import load_fonts
from gridmap.map.painters import paint_layer
from gridmap.map.painters.labels import paint_labels
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface
from gridmap.map.theme import GROUND, colour
from gridmap.map.viewport import Extent, Viewport
from gridmap.stopping import never

_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied
Check = Callable[[], None]


def draw_layer(layer: MapLayer, viewport: Viewport, check: Check = never) -> QImage | None:
    """The symbols of one view on a transparent image; None when nothing is in sight.

    Raises:
        Cancelled: when `check` does.
    """
    return _draw(viewport, check, lambda surface: paint_layer(layer, surface))


def draw_labels(
    layers: Sequence[MapLayer], viewport: Viewport, check: Check = never
) -> QImage | None:
    """The labels of all `layers` on a transparent image; None when there are none.

    Raises:
        Cancelled: when `check` does.
    """
    if not any(layer.labelled_at(viewport.scale_denominator) for layer in layers):
        return None
    return _draw(viewport, check, lambda surface: paint_labels(layers, surface))


def compose(images: Sequence[QImage | None], viewport: Viewport, ground: str = GROUND) -> QImage:
    """The images over each other, lowest first, on a plain ground; opaque."""
    picture = QImage(*viewport.physical_size, _FORMAT)
    picture.setDevicePixelRatio(1.0)
    picture.fill(colour(ground))
    painter = QPainter(picture)
    for image in images:
        if image is not None:
            painter.drawImage(0, 0, image)
    painter.end()
    return picture


def in_drawing_order(layers: Sequence[MapLayer]) -> list[MapLayer]:
    """Lowest first; views of the same order keep theirs."""
    return sorted(layers, key=lambda layer: layer.view.order)


def render_image(
    layers: Sequence[MapLayer],
    size: tuple[int, int],
    extent: Extent | None = None,
    *,
    ratio: float = 1.0,
    ground: str = GROUND,
) -> QImage:
    """A finished picture, without a window: what `gridmap render` writes.

    Args:
        layers: the views to show; hidden ones are left out by the caller.
        size: width and height in device-independent pixels.
        extent: xmin, ymin, xmax, ymax in metres (EPSG:3857) to be seen; None: all layers.
        ratio: physical pixels per device-independent pixel.
        ground: colour under everything.

    Returns:
        An image of `size` × `ratio` pixels. Needs a QGuiApplication, no widgets.
    """
    load_fonts()
    shown = in_drawing_order(layers)
    viewport = Viewport.fitting(extent or joint_extent(shown), *size, ratio=ratio)
    images = [draw_layer(layer, viewport) for layer in shown]
    return compose([*images, draw_labels(shown, viewport)], viewport, ground)


def joint_extent(layers: Sequence[MapLayer]) -> Extent:
    """The extent of all `layers` in metres (EPSG:3857); China when they are empty."""
    boxes = [layer.extent for layer in layers if layer.extent is not None]
    if not boxes:
        return CHINA
    xmin, ymin, xmax, ymax = zip(*boxes, strict=True)
    return min(xmin), min(ymin), max(xmax), max(ymax)


def territory_extent(
    layers: Sequence[MapLayer], declarations: Mapping[str, LayerDeclaration]
) -> Extent:
    """The extent of the project's own ground in metres (EPSG:3857): its grid without the city.

    Without a grid, the extent of all `layers`: neighbours are only context.
    """
    grid = [
        layer
        for layer in layers
        if declarations[layer.layer_id].role == "grid"
        and "city" not in layer.view.where.get("tier", ())
    ]
    return joint_extent(grid or layers)


CHINA: Final[Extent] = (8_180_000.0, 2_000_000.0, 15_040_000.0, 7_090_000.0)
"""About 73.5–135° E, 17.7–53.6° N: what an empty map shows."""


def _draw(viewport: Viewport, check: Check, paint: Callable[[Surface], bool]) -> QImage | None:
    check()
    image = QImage(*viewport.physical_size, _FORMAT)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        drawn = paint(Surface(painter, viewport, check, image))
    finally:
        painter.end()
    return image if drawn else None
