"""The render job: one worker thread that draws what is asked for, newest request first.

The GUI thread makes a frozen request with a generation number; the worker draws image by
image and sends each back by a queued signal. A newer request cancels the older between two
chunks of features; its late answers carry the old generation and are dropped. Images are
kept by view, viewport and data revision, so that showing and hiding is only a composition.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from gridmap.stopping import Cancelled

ImageKey = Hashable


@dataclass(frozen=True, slots=True)
class Task:
    """One image to be drawn: the key it is kept under, and a pure function of a `check`."""

    key: ImageKey
    draw: Callable[[Callable[[], None]], QImage | None]


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """Images wanted, in order, under one generation number."""

    generation: int
    tasks: tuple[Task, ...]


class ImageCache:
    """Images by key, the least recently used dropped beyond `limit` bytes. One thread."""

    def __init__(self, limit: int = 300 * 2**20) -> None:
        self._images: OrderedDict[ImageKey, QImage | None] = OrderedDict()
        self._limit = self._least = limit
        self._bytes = 0

    def __contains__(self, key: ImageKey) -> bool:
        return key in self._images

    def get(self, key: ImageKey) -> QImage | None:
        """The image under `key`; None when it is empty or not there (ask `in`)."""
        if key not in self._images:
            return None
        self._images.move_to_end(key)
        return self._images[key]

    def make_room(self, size: int) -> None:
        """Keep at least `size` bytes: a whole picture's images must not push each other out."""
        self._limit = max(self._least, size)

    def put(self, key: ImageKey, image: QImage | None) -> None:
        """Keep `image` (None = drawn and empty) under `key`."""
        self._drop(key)
        self._images[key] = image
        self._bytes += _size(image)
        while self._bytes > self._limit and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def _drop(self, key: ImageKey) -> None:
        if key in self._images:
            self._bytes -= _size(self._images.pop(key))

    def clear(self) -> None:
        """Forget everything."""
        self._images.clear()
        self._bytes = 0


def _size(image: QImage | None) -> int:
    return 0 if image is None else image.sizeInBytes()


_STOP: Final = object()


class Worker(QObject):
    """One thread that draws requests and does other map work. Owned by the GUI thread.

    Signals arrive on the GUI thread:
        drawn(generation, key, image): one image is ready (None: nothing in sight).
        finished(generation): all images of the request were sent.
        failed(generation, key, error): an image could not be drawn; the rest goes on.
        done(callback, result): a job given to `submit` has its result.
    """

    drawn = Signal(int, object, object)
    finished = Signal(int)
    failed = Signal(int, object, object)
    done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._newest = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gridmap-map", daemon=True)
        self._thread.start()

    def request(self, request: RenderRequest) -> None:
        """Draw `request`; whatever was asked for before is abandoned."""
        self._newest = request.generation
        self._queue.put(request)

    def cancel(self, generation: int) -> None:
        """Abandon everything older than `generation`."""
        self._newest = generation

    def submit(self, job: Callable[[], object], callback: Callable[[object], None]) -> None:
        """Run `job` on the worker; `done` then brings `callback` and its result (or error)."""
        self._queue.put((job, callback))

    def close(self) -> None:
        """Cancel, stop and join the thread. Idempotent; nothing is sent afterwards."""
        self._closed.set()
        self._queue.put(_STOP)
        self._thread.join()

    @property
    def closed(self) -> bool:
        """Whether the thread has ended."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (item := self._queue.get()) is not _STOP:
            if self._closed.is_set():
                continue
            if isinstance(item, RenderRequest):
                self._render(item)
            else:
                self._work(*item)

    def _work(self, job: Callable[[], object], callback: Callable[[object], None]) -> None:
        try:
            result = job()
        except Exception as error:  # noqa: BLE001  handed to the callback, which judges it
            result = error
        if not self._closed.is_set():
            self.done.emit(callback, result)

    def _render(self, request: RenderRequest) -> None:
        def check() -> None:
            if self._newest != request.generation or self._closed.is_set():
                raise Cancelled

        for task in request.tasks:
            try:
                check()
                image = task.draw(check)
                check()
            except Cancelled:
                return
            except Exception as error:  # noqa: BLE001  one bad view must not end the map
                self.failed.emit(request.generation, task.key, error)
                image = None
            self.drawn.emit(request.generation, task.key, image)
        self.finished.emit(request.generation)
