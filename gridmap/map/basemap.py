"""The base map under everything: tiles fetched on threads, drawn when they are there.

Whatever fails here, the map above is complete: tiles that are missing leave the ground
colour (or a coarser tile), and `failed` says why once per reason.
"""

import math
import queue
import threading
import time
from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from gridmap.map.mercator import HALF_WORLD
from gridmap.map.tiles import TileError, TileSource
from gridmap.map.viewport import Viewport
from gridmap.texts import t

_KEPT: Final = 400  # decoded tiles
_RETRY_S: Final = 30.0
_TILE: Final = 256
_COARSER: Final = 4  # levels searched upwards for a stand-in
_MOST: Final = 400  # tiles of one view; a larger screen gets a coarser level

TileName = tuple[int, int, int]


class _Post(QObject):
    """Brings tiles from the threads to the GUI thread; nobody ever disconnects from it.

    To disconnect, PySide takes the lock of the object's signals and then waits for the interpreter;
    a thread that emits a signal of the same object holds the interpreter and waits for that lock.
    """

    arrived = Signal(object, object, object)


class BaseMap(QObject):
    """Tiles of one source. Lives on the GUI thread; owns threads that fetch.

    Signals:
        changed(): tiles arrived; ask for the image again.
        failed(message): why tiles are missing, in the language in use.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, source: TileSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._tiles: OrderedDict[TileName, QImage | None] = OrderedDict()
        self._asked: dict[TileName, float] = {}
        self._told: set[str] = set()
        self._wanted: frozenset[TileName] = frozenset()
        self._queue: queue.LifoQueue[TileName | None] = queue.LifoQueue()
        self._closing = threading.Event()
        self._post = _Post()
        self._post.arrived.connect(self._on_arrived)
        self._threads = [
            threading.Thread(target=self._run, name=f"gridmap-tiles-{n}", daemon=True)
            for n in range(source.threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def attribution(self) -> str:
        """Who made the map; to be shown with it."""
        return self._source.attribution

    @property
    def pending(self) -> int:
        """How many tiles of the present view are still on their way."""
        return sum(name in self._asked for name in self._wanted)

    def want(self, viewport: Viewport) -> None:
        """Fetch what `viewport` needs; what was wanted before and is not begun is dropped."""
        names = self._names(viewport)
        self._wanted = frozenset(names)
        now = time.monotonic()
        for name in names:
            if name not in self._tiles and now - self._asked.get(name, -math.inf) > _RETRY_S:
                self._asked[name] = now
                self._queue.put(name)

    def image(self, viewport: Viewport) -> QImage | None:
        """The tiles that are there, on a transparent image; None when there are none."""
        ready = [name for name in self._names(viewport) if self._stand_in(name) is not None]
        if not ready:
            return None
        image = QImage(*viewport.physical_size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(viewport.ratio, viewport.ratio)
        for name in ready:
            self._draw(painter, viewport, name)
        painter.end()
        return image

    def close(self) -> None:
        """Stop and join the threads; waits for a request that is under way. Idempotent."""
        if self._closing.is_set():
            return
        self._closing.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._source.close()

    def _names(self, viewport: Viewport) -> list[TileName]:
        world = 2 * HALF_WORLD
        level = math.log2(world / _TILE / (viewport.resolution / viewport.ratio))
        zoom = min(max(round(level), self._source.min_zoom), self._source.max_zoom)
        while True:
            edge = world / 2**zoom
            xmin, ymin, xmax, ymax = viewport.extent
            first_x, last_x = _range(xmin + HALF_WORLD, xmax + HALF_WORLD, edge, zoom)
            first_y, last_y = _range(HALF_WORLD - ymax, HALF_WORLD - ymin, edge, zoom)
            count = (last_x - first_x + 1) * (last_y - first_y + 1)
            if count <= _MOST:
                break
            if zoom == self._source.min_zoom:
                return []
            zoom -= 1
        return [
            (zoom, x, y) for y in range(first_y, last_y + 1) for x in range(first_x, last_x + 1)
        ]

    def _stand_in(self, name: TileName) -> tuple[QImage, QRectF] | None:
        """The tile, or the part of a coarser one that covers it."""
        z, x, y = name
        for up in range(_COARSER + 1):
            image = self._tiles.get((z - up, x >> up, y >> up))
            if image is not None:
                part = image.width() / 2**up
                return image, QRectF(x % 2**up * part, y % 2**up * part, part, part)
        return None

    def _draw(self, painter: QPainter, viewport: Viewport, name: TileName) -> None:
        found = self._stand_in(name)
        if found is None:
            return
        z, x, y = name
        edge = 2 * HALF_WORLD / 2**z
        left, top = viewport.to_px(x * edge - HALF_WORLD, HALF_WORLD - y * edge)
        right, bottom = viewport.to_px((x + 1) * edge - HALF_WORLD, HALF_WORLD - (y + 1) * edge)
        # Whole physical pixels, or seams shine through between neighbours.
        ratio = viewport.ratio
        left, top, right, bottom = (round(v * ratio) / ratio for v in (left, top, right, bottom))
        painter.drawImage(QRectF(left, top, right - left, bottom - top), *found)

    def _run(self) -> None:
        while (name := self._queue.get()) is not None:
            if self._closing.is_set():
                return
            if name not in self._wanted:
                self._asked.pop(name, None)
                continue
            image, error = None, None
            try:
                data = self._source.tile(*name)
                if data is not None:
                    image = QImage.fromData(data)
                    if image.isNull():
                        image, error = (
                            None,
                            t("map.error.tiles_image", tile="/".join(map(str, name))),
                        )
            except TileError as failure:
                error = str(failure)
            except Exception as failure:  # noqa: BLE001  a source's own fault must not end the thread
                error = str(failure)
            self._post.arrived.emit(name, image, error)

    def _on_arrived(self, name: TileName, image: QImage | None, error: str | None) -> None:
        if error is not None:
            if error not in self._told:
                self._told.add(error)
                self.failed.emit(error)
            return
        self._asked.pop(name, None)
        self._tiles[name] = image
        while len(self._tiles) > max(_KEPT, 2 * len(self._wanted)):
            self._tiles.popitem(last=False)
        if image is not None:
            self.changed.emit()


def _range(low: float, high: float, edge: float, zoom: int) -> tuple[int, int]:
    top = 2**zoom - 1
    return min(max(math.floor(low / edge), 0), top), min(max(math.floor(high / edge), 0), top)
