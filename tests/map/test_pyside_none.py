"""PySide6 6.12.0 on Python 3.11 loses a reference to None on every void call; after some
thousand the process dies. Whoever raises the pinned version learns it here."""

import sys

from PySide6.QtGui import QPainterPath, QPolygonF


def test_void_calls_keep_their_none() -> None:
    polygon, path = QPolygonF(), QPainterPath()
    before = sys.getrefcount(None)
    for size in range(3_000):
        polygon.resize(size % 7)
        path.lineTo(size, 1)
    assert abs(sys.getrefcount(None) - before) < 100
