"""Work off the GUI thread: a request, a pure function, and an answer that may be late.

Each kind of work has a channel. A new request on a channel makes the answers of older
ones worthless: they are dropped. Callbacks run on the GUI thread.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from gridmap.texts import GridMapError

_THREADS = 2


class Runner(QObject):
    """Runs jobs on a few threads. Owned by the GUI thread; `close` joins the threads.

    Signals:
        busy_changed(labels): the labels of the jobs under way that have one, oldest first.
        failed(error): a job raised and nobody asked to hear of it.
    """

    busy_changed = Signal(list)
    failed = Signal(object)
    _ended = Signal(str, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="gridmap")
        self._generation: dict[str, int] = {}
        self._labels: dict[tuple[str, int], str] = {}
        self._callbacks: dict[tuple[str, int], tuple[Callable[[Any], None], Any]] = {}
        self._closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        channel: str,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        label: str = "",
    ) -> None:
        """Run `job` on a thread, then `done(result)` or `failed(error)` on this one.

        Args:
            channel: older requests of the same channel no longer count.
            job: touches no widget.
            done: what to do with the result.
            failed: what to do with an exception; by default the signal `failed`.
            label: shown in the status bar while it runs; empty for quick work.
        """
        if self._closed:
            return
        number = self._generation.get(channel, 0) + 1
        self._generation[channel] = number
        self._callbacks[channel, number] = (done, failed)
        if label:
            self._labels[channel, number] = label
            self.busy_changed.emit(list(self._labels.values()))
        future = self._pool.submit(job)
        future.add_done_callback(lambda found: self._report(channel, number, found))

    def drop(self, channel: str) -> None:
        """Forget what is under way on a channel."""
        self._generation[channel] = self._generation.get(channel, 0) + 1

    def drop_all(self) -> None:
        """Forget everything that is under way: those who asked are gone."""
        for channel in self._generation:
            self.drop(channel)

    @property
    def busy(self) -> bool:
        """Whether any job is under way or its answer on the way."""
        return bool(self._callbacks)

    def close(self) -> None:
        """Start nothing more, wait for what runs, drop the answers."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._callbacks.clear()
        self._labels.clear()

    def _report(self, channel: str, number: int, future: "Future[Any]") -> None:
        """On the worker's thread: hand the outcome over."""
        if self._closed:
            return
        try:
            outcome: tuple[Any, Exception | None] = (future.result(), None)
        except FutureCancelledError:
            return
        except Exception as error:  # noqa: BLE001  every failure is told on the GUI thread
            if not isinstance(error, GridMapError):
                traceback.print_exc()
            outcome = (None, error)
        self._ended.emit(channel, number, *outcome)

    def _on_ended(self, channel: str, number: int, result: Any, error: Exception | None) -> None:
        callbacks = self._callbacks.pop((channel, number), None)
        if self._labels.pop((channel, number), None) is not None:
            self.busy_changed.emit(list(self._labels.values()))
        if callbacks is None or self._generation[channel] != number:
            return
        done, failed = callbacks
        if error is None:
            done(result)
        elif failed is not None:
            failed(error)
        else:
            self.failed.emit(error)
