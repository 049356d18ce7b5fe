"""From layers, visibility and viewport to one finished picture, without blocking the window.

The engine belongs to the GUI thread. It keeps an image per view and one of all labels,
asks the worker for those that are missing, and lays them over each other. While a new
picture is made the old one stays, with the viewport it was made for, so that the window can
show it moved and scaled.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from gridmap.core.declaration import Geometry
from gridmap.map import raster
from gridmap.map.basemap import BaseMap
from gridmap.map.fonts import load_fonts
from gridmap.map.job import ImageCache, ImageKey, RenderRequest, Task, Worker
from gridmap.map.render import compose, draw_labels, draw_layer, in_drawing_order
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport
from gridmap.texts import pick, t

_COALESCE_MS: Final = 20
_PREVIEW_MS: Final = 300


class MapEngine(QObject):
    """Keeps the picture up to date.

    Signals:
        changed(): `picture` is new.
        rendering(busy, fraction): work began, went on (0–1) or ended.
        failed(message): a view or the base map could not be drawn; the rest is complete.
    """

    changed = Signal()
    rendering = Signal(bool, float)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        load_fonts()
        self.picture: QImage | None = None
        self.picture_viewport: Viewport | None = None
        self._layers: list[MapLayer] = []
        self._visible: frozenset[str] = frozenset()
        self._viewport: Viewport | None = None
        self._basemap: BaseMap | None = None
        self._cache = ImageCache()
        self._labels: tuple[Viewport, ImageKey] | None = None
        self._generation = 0
        self._drawing = False
        self._waiting = 0
        self._wanted = 0
        self._since = QElapsedTimer()
        self._worker = Worker(self)
        self._helper: Worker | None = None
        self._worker.drawn.connect(self._on_drawn)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._timer = QTimer(self, singleShot=True, interval=_COALESCE_MS)
        self._timer.timeout.connect(self._update)

    @property
    def layers(self) -> Sequence[MapLayer]:
        """All layers, in drawing order."""
        return self._layers

    @property
    def shown(self) -> list[MapLayer]:
        """The visible layers, in drawing order."""
        return [layer for layer in self._layers if layer.key in self._visible]

    @property
    def busy(self) -> bool:
        """Whether something is being drawn or about to be."""
        return self._drawing or self._timer.isActive()

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Draw these layers from now on; images of snapshots that stay are kept."""
        self._layers = in_drawing_order(layers)
        if any(len(layer) >= raster.MANY for layer in layers):
            raster.prepare()
        self.schedule()

    def set_visible(self, keys: frozenset[str]) -> None:
        """Show exactly the views with these keys; at once where their images are kept."""
        self._visible = keys
        self._update()

    def set_viewport(self, viewport: Viewport) -> None:
        """Show another place or scale, soon."""
        self._viewport = viewport
        self.schedule()

    def set_basemap(self, basemap: BaseMap | None) -> None:
        """Lay a base map under everything, or none. The engine closes it."""
        if self._basemap is not None:
            self._basemap.close()
        self._basemap = basemap
        if basemap is not None:
            basemap.changed.connect(self.schedule)
            basemap.failed.connect(self.failed)
        self.schedule()

    @property
    def basemap(self) -> BaseMap | None:
        """The base map in use."""
        return self._basemap

    def prepare(self, job: Callable[[], object], callback: Callable[[object], None]) -> None:
        """Run `job` (such as building layers) on a thread; `callback(result)` on this one.

        The result is the exception when the job raised one.
        """
        if self._helper is None:
            self._helper = Worker(self)
            self._helper.done.connect(self._call)
        self._helper.submit(job, callback)

    def schedule(self) -> None:
        """Bring the picture up to date soon; many calls become one."""
        if not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Stop and join every thread. Idempotent."""
        self._timer.stop()
        self._worker.close()
        if self._helper is not None:
            self._helper.close()
        if self._basemap is not None:
            self._basemap.close()

    def _call(self, callback: Callable[[object], None], result: object) -> None:
        callback(result)

    def _tasks(self, viewport: Viewport) -> list[Task]:
        scale = viewport.scale_denominator
        shown = [layer for layer in self.shown if layer.shown_at(scale)]
        tasks = [
            Task((layer.revision, viewport), partial(_draw_layer, layer, viewport))
            for layer in shown
        ]
        labelled = tuple(layer for layer in shown if layer.labelled_at(scale))
        # Labels also keep clear of markers: these take part in the key.
        part = [x for x in shown if x in labelled or x.geometry is Geometry.POINT]
        key = ("labels", *(layer.layout for layer in part), viewport)
        if not labelled:
            self._cache.put(key, None)
        return [*tasks, Task(key, partial(_draw_labels, tuple(part), viewport))]

    def _update(self) -> None:
        viewport = self._viewport
        if viewport is None or self._worker.closed:
            return
        if self._basemap is not None:
            self._basemap.want(viewport)
        tasks = self._tasks(viewport)
        width, height = viewport.physical_size
        self._cache.make_room(4 * width * height * (len(tasks) + 1))
        missing = tuple(task for task in tasks if task.key not in self._cache)
        self._generation += 1
        if not missing:
            self._worker.cancel(self._generation)
            self._finish(viewport)
            return
        if self.picture_viewport == viewport:
            self._compose(viewport)
        self._drawing = True
        self._waiting = self._wanted = len(missing)
        self._since.start()
        self._worker.request(RenderRequest(self._generation, missing))
        self.rendering.emit(True, 0.0)

    def _on_drawn(self, generation: int, key: ImageKey, image: QImage | None) -> None:
        self._cache.put(key, image)
        if generation != self._generation or self._viewport is None:
            return
        self._waiting -= 1
        self.rendering.emit(True, 1.0 - self._waiting / max(self._wanted, 1))
        if self._waiting and self._since.elapsed() > _PREVIEW_MS:
            self._compose(self._viewport)
            self._since.restart()

    def _on_finished(self, generation: int) -> None:
        if generation == self._generation and self._viewport is not None:
            self._finish(self._viewport)

    def _on_failed(self, _generation: int, key: ImageKey, error: Exception) -> None:
        names = [
            pick(layer.view.title.as_dict())
            for layer in self._layers
            if isinstance(key, tuple) and {layer.revision, layer.layout} & set(key)
        ]
        self.failed.emit(t("map.error.view", layer="、".join(names), reason=error))

    def _finish(self, viewport: Viewport) -> None:
        self._compose(viewport)
        self._drawing = False
        self.rendering.emit(False, 1.0)

    def _compose(self, viewport: Viewport) -> None:
        tasks = self._tasks(viewport)
        labels = tasks.pop().key
        if labels in self._cache:
            self._labels = viewport, labels
        elif self._labels is not None and self._labels[0] == viewport:
            labels = self._labels[1]  # of a moment ago; the right ones are on their way
        images = [self._cache.get(task.key) for task in tasks]
        ground = self._basemap.image(viewport) if self._basemap is not None else None
        self.picture = compose([ground, *images, self._cache.get(labels)], viewport)
        self.picture_viewport = viewport
        self.changed.emit()


def _draw_layer(layer: MapLayer, viewport: Viewport, check: Callable[[], None]) -> QImage | None:
    return draw_layer(layer, viewport, check)


def _draw_labels(
    layers: tuple[MapLayer, ...], viewport: Viewport, check: Callable[[], None]
) -> QImage | None:
    return draw_labels(layers, viewport, check)
