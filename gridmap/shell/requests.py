"""From one page to another: what somebody wants done, by name, without knowing who does it."""

from collections.abc import Callable
from typing import Any


class Requests:
    """Who answers what in one window. GUI thread.

    A capability answers requests by name; another one asks, and goes on as if nothing had been
    asked where nobody answers: that capability is not there.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Callable[..., Any]] = {}

    def answer(self, name: str, how: Callable[..., Any]) -> None:
        """Answer requests of a name.

        Raises:
            ValueError: if somebody else does already.
        """
        if name in self._answers:
            raise ValueError(f"two answer {name!r}")
        self._answers[name] = how

    def known(self, name: str) -> bool:
        """Whether somebody answers requests of a name."""
        return name in self._answers

    def ask(self, name: str, *facts: Any, **more: Any) -> Any:
        """What the one who answers gives back; None where nobody does."""
        how = self._answers.get(name)
        return None if how is None else how(*facts, **more)
