"""Ctrl-C that is heard between two steps, not in the middle of compiled code."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gridmap.stopping import Cancelled, Job


@contextmanager
def stopping() -> Iterator[Job]:
    """Take the first Ctrl-C as a wish, which stops the job, the second as an order.

    Raises:
        KeyboardInterrupt: if the work inside stopped because of it.
    """
    job = Job()
    heard = threading.current_thread() is threading.main_thread()

    def wish(_number: int, _frame: FrameType | None) -> None:
        job.cancel()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, wish) if heard else None
    try:
        yield job
    except Cancelled:
        raise KeyboardInterrupt from None
    finally:
        if heard:
            signal.signal(signal.SIGINT, before)
