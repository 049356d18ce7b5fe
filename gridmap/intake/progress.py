"""Telling how far an import is, and stopping it: an import may run off the window's thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gridmap.texts import GridMapError

Stage = Literal["read", "check", "store"]


class CancelledError(GridMapError):
    """The user stopped the import; nothing was written."""


@dataclass(frozen=True)
class Step:
    """How far a stage is: `done` of `total` (rows or series)."""

    stage: Stage
    done: int
    total: int


class CancelToken:
    """Asks an import to stop, from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask: the import raises `CancelledError` at its next step and writes nothing."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()


@dataclass(frozen=True)
class Watch:
    """What a caller may hand to an import; `progress` is called in the import's own thread."""

    progress: Callable[[Step], None] | None = None
    cancel: CancelToken | None = None

    def step(self, stage: Stage, done: int, total: int) -> None:
        """Report a step.

        Raises:
            CancelledError: if the token asks for it.
        """
        if self.cancel is not None and self.cancel.cancelled:
            raise CancelledError("intake.error.cancelled")
        if self.progress is not None:
            self.progress(Step(stage, done, total))
