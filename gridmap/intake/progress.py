"""Telling how far an import is, and stopping it: an import may run off the window's thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gridmap.stopping import Job

Stage = Literal["read", "check", "store"]


@dataclass(frozen=True)
class Step:
    """How far a stage is: `done` of `total` (rows or series)."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True)
class Watch:
    """What a caller may hand to an import; `progress` is called in the import's own thread."""

    progress: Callable[[Step], None] | None = None
    job: Job | None = None

    def step(self, stage: Stage, done: int, total: int) -> None:
        """Report a step.

        Raises:
            Cancelled: if somebody asked the job to stop.
        """
        if self.job is not None:
            self.job.check()
        if self.progress is not None:
            self.progress(Step(stage, done, total))
