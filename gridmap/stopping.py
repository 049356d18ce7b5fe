"""One piece of work that tells how far it is and can be stopped, for every room above the rules.

Work calls `tell` or `check` between two steps; once somebody asked it to stop, these raise
`Cancelled`, and the work ends there. What it would have written is not written.
"""

import threading
from collections.abc import Callable

from gridmap.texts import GridMapError


class Cancelled(GridMapError):  # noqa: N818  no error: somebody asked for it
    """The work was stopped, by the user or because its answer is wanted no more."""

    def __init__(self, key: str = "app.job.stopped", **facts: object) -> None:
        super().__init__(key, **facts)


def never() -> None:
    """A `check` for work that is not stopped."""


def unheard(_share: float) -> None:
    """A `tell` to which nobody listens."""


class Job:
    """Progress and stopping of one piece of work. `cancel` may be called from any thread.

    Attributes:
        owner: who asked for it, such as the name of a page.
        label: what people are told that it is; "" for quick work that nobody is told of.
        share: how far it is, 0–1.
        text: what it is doing, "" if it does not say.
    """

    def __init__(
        self, owner: str = "", label: str = "", heard: Callable[["Job"], None] | None = None
    ) -> None:
        """`heard` is called in the work's thread whenever it tells how far it is."""
        self.owner, self.label = owner, label
        self.share, self.text = 0.0, ""
        self._heard = heard
        self._asked = threading.Event()

    def cancel(self) -> None:
        """Ask: the work raises `Cancelled` at its next step."""
        self._asked.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked."""
        return self._asked.is_set()

    def check(self) -> None:
        """Stop here if somebody asked.

        Raises:
            Cancelled: if so.
        """
        if self._asked.is_set():
            raise Cancelled

    def tell(self, share: float, text: str = "") -> None:
        """Say how far the work is, 0–1, and perhaps what it is doing.

        Raises:
            Cancelled: if somebody asked to stop.
        """
        self.check()
        self.share, self.text = min(max(share, 0.0), 1.0), text
        if self._heard is not None:
            self._heard(self)

    def count(self, done: int, total: int) -> None:
        """Likewise in steps: `done` of `total`.

        Raises:
            Cancelled: if somebody asked to stop.
        """
        self.tell(done / max(total, 1))
