"""Work off the GUI thread: a request, a pure function, and an answer that may be late.

Each kind of work has a channel. A new request on a channel stops the one before: its work ends at
its next step, and its answer, should it still come, is dropped. Callbacks run on the GUI thread.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from gridmap.stopping import Cancelled, Job
from gridmap.texts import GridMapError

_THREADS = 2
_T = TypeVar("_T")


@dataclass(eq=False)
class _Request:
    """A job under way and whom it tells; nobody any more once it is `dropped`."""

    channel: str
    job: Job
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    stopped: Callable[[], None] | None
    heard: Callable[[float], None] | None
    writes: bool
    lasting: bool = False
    future: "Future[Any] | None" = None
    dropped: bool = False


class _Post(QObject):
    """Brings what jobs tell to the GUI thread; nobody ever disconnects from it.

    See `gridmap.map.basemap`: whoever disconnects from an object of which a thread emits a signal
    may wait for that thread for ever.
    """

    heard = Signal(object)
    ended = Signal(object, object, object)


class Jobs(QObject):
    """Runs jobs on a few threads. Owned by the GUI thread; `close` joins the threads.

    Signals:
        changed(jobs): the jobs under way that have a label, oldest first; also when one of them
            tells how far it is.
        failed(error): a job raised and nobody asked to hear of it.
    """

    changed = Signal(list)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="gridmap")
        self._requests: list[_Request] = []
        self._closed = False
        self._post = _Post()
        self._post.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._post.heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    def run(  # noqa: PLR0913  one request: work, whom it tells, and how it is named
        self,
        channel: str,
        work: Callable[[Job], _T],
        done: Callable[[_T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        stopped: Callable[[], None] | None = None,
        heard: Callable[[float], None] | None = None,
        label: str = "",
        owner: str = "",
        writes: bool = False,
    ) -> Job:
        """Run `work(job)` on a thread, then one of the callbacks on this one.

        Args:
            channel: what is under way on the same channel is stopped and counts no longer.
            work: touches no widget; calls `job.tell` or `job.check` between its steps.
            done: what to do with the result.
            failed: what to do with an exception; by default the signal `failed`.
            stopped: what to do when the job was cancelled (not when another took its place).
            heard: hears how far the work is, 0–1.
            label: shown in the status bar while it runs; empty for quick work.
            owner: who asks, such as the name of a page.
            writes: what it did stays, also if it was asked to stop too late: then it is done.

        Returns:
            The job, which may be cancelled.
        """
        self.drop(channel)
        job = Job(owner, label, self._post.heard.emit)
        if self._closed:
            return job
        request = _Request(channel, job, done, failed, stopped, heard, writes)
        self._requests.append(request)
        request.future = self._pool.submit(work, job)
        request.future.add_done_callback(lambda found: self._report(request, found))
        if label:
            self._tell()
        return job

    def finish(self, work: Callable[[], object]) -> None:
        """Run something to its end that nobody can stop, after all that was forgotten."""
        futures = [one.future for one in self._requests if one.dropped and one.future]

        def last(_: Job) -> None:
            wait_for(futures)
            work()

        request = _Request("", Job(), lambda _: None, None, None, None, writes=True, lasting=True)
        self._requests.append(request)
        request.future = self._pool.submit(last, request.job)
        request.future.add_done_callback(lambda found: self._report(request, found))

    def drop(self, channel: str) -> None:
        """Stop what is under way on a channel, and forget it."""
        for request in self._requests:
            if request.channel == channel:
                self._forget(request)

    def drop_all(self, owner: str | None = None) -> None:
        """Stop and forget everything that is under way, or all of an owner: who asked is gone."""
        for request in self._requests:
            if owner is None or request.job.owner == owner:
                self._forget(request)

    def cancel(self, channel: str) -> None:
        """Ask what is under way on a channel to stop; it tells when it has."""
        for request in self._requests:
            if request.channel == channel and not request.dropped:
                self.stop(request.job)

    def stop(self, job: Job) -> None:
        """Ask one job to stop; it tells when it has."""
        job.cancel()
        for request in self._requests:
            if request.job is job and request.future is not None:
                request.future.cancel()

    def is_under_way(self, channel: str) -> bool:
        """Whether something on a channel has not ended yet, and is not forgotten."""
        return any(one.channel == channel and not one.dropped for one in self._requests)

    @property
    def busy(self) -> bool:
        """Whether any job is under way or its answer on the way."""
        return bool(self._requests)

    def close(self) -> None:
        """Start nothing more, stop what runs and wait for it, drop the answers."""
        self._closed = True
        for request in self._requests:
            request.job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._requests.clear()

    def _forget(self, request: _Request) -> None:
        if not (request.dropped or request.lasting):
            request.dropped = True
            self.stop(request.job)
            if request.job.label:
                self._tell()

    def _tell(self) -> None:
        self.changed.emit([one.job for one in self._requests if one.job.label and not one.dropped])

    def _report(self, request: _Request, future: "Future[Any]") -> None:
        """On the worker's thread: hand the outcome over."""
        if self._closed:
            return
        try:
            outcome: tuple[Any, Exception | None] = (future.result(), None)
        except FutureCancelledError:
            outcome = (None, Cancelled())
        except Exception as error:  # noqa: BLE001  every failure is told on the GUI thread
            if not isinstance(error, GridMapError) and not request.dropped:
                traceback.print_exc()
            outcome = (None, error)
        self._post.ended.emit(request, *outcome)

    def _on_heard(self, job: Job) -> None:
        for request in self._requests:
            if request.job is job and not request.dropped and not job.cancelled:
                if request.heard is not None:
                    request.heard(job.share)
                if job.label:
                    self._tell()

    def _on_ended(self, request: _Request, result: Any, error: Exception | None) -> None:
        if request not in self._requests:
            return
        self._requests.remove(request)
        if request.job.label:
            self._tell()
        if request.dropped:
            return
        too_late = request.job.cancelled and not request.writes
        if isinstance(error, Cancelled) or (too_late and error is None):
            if request.stopped is not None:
                request.stopped()
        elif error is None:
            request.done(result)
        elif request.failed is not None:
            request.failed(error)
        else:
            self.failed.emit(error)
