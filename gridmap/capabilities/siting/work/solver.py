"""The solver in a process of its own, so that it can be stopped at any moment.

HiGHS hears nobody while it works, and its presolve has been seen to run for hours past its time
limit (ERGO-Code/HiGHS#2326). A thread that waits for it could be left alone, but not ended; cut
into slices of time it would begin anew with each. A process is ended at once, by whoever asks or
when the time is up, and gives its memory back.
"""

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from gridmap.capabilities.siting.rules.program import Program, Solution, solved
from gridmap.stopping import Job, never

_POLL_S: Final = 0.1
_GRACE_S: Final = 5.0  # to start, and to read and write: beyond the limit nobody waits longer

Elapsed = Callable[[float], None]
"""Hears how many seconds of its time the solver has used, as a share of 0–1."""


@dataclass(frozen=True)
class OwnProcess:
    """Solves programs in a process of its own; a `Solve` of the rules.

    Attributes:
        check: called ten times a second; what it raises ends the process.
        heard: hears the share of the time limit that is used.
    """

    check: Callable[[], None] = never
    heard: Elapsed = lambda _: None

    @classmethod
    def of(cls, job: Job, begin: float = 0.0, end: float = 1.0) -> "OwnProcess":
        """For a job; the solver's time is that part of its progress."""
        return cls(job.check, lambda share: job.tell(begin + share * (end - begin)))

    def __call__(self, program: Program, limit_s: float) -> Solution:
        """Solve it within so many seconds; without an answer where the process found none."""
        self.check()
        asked = pickle.dumps((program, limit_s))
        began = time.monotonic()
        process = _started()
        told: list[bytes] = []
        # Sending and hearing wait for the process; a thread does so, that this one may look up.
        talk = threading.Thread(target=lambda: told.append(process.communicate(asked)[0]))
        talk.start()
        try:
            while talk.is_alive():
                talk.join(_POLL_S)
                used = time.monotonic() - began
                self.check()
                self.heard(min(used / limit_s, 1.0))
                if used > limit_s + _GRACE_S:
                    break
        finally:
            if process.poll() is None:
                process.kill()
            talk.join()
        return _read(told, process.returncode)


def serve() -> None:
    """What the process does: read one program, solve it, write the solution."""
    program, limit_s = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started it
    answer = pickle.dumps(solved(program, limit_s))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _started() -> "subprocess.Popen[bytes]":
    home = str(Path(__file__).resolve().parents[4])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(  # noqa: S603  this very program
        [sys.executable, "-c", f"from {__name__} import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _read(told: list[bytes], code: int) -> Solution:
    if code != 0 or not told or not told[0]:
        return _nothing()
    found: Solution = pickle.loads(told[0])  # noqa: S301  from the process that was started above
    return found


def _nothing() -> Solution:
    return Solution(None, float(np.nan), float(np.nan), optimal=False)
