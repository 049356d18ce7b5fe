"""SVG icons from `resources/icons`, in any colour, sharp at any pixel ratio."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gridmap import shipped

_DRAWN = "#22303a"
_SIZES = (16, 20, 24, 32, 48, 64)


@cache
def icon(name: str, colour: str = _DRAWN) -> QIcon:
    """An icon by the name of its file, its strokes in `colour`. Needs a QGuiApplication.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    svg = shipped.resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(svg.replace(_DRAWN, colour).encode()))
    made = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
