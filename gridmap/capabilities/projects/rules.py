"""In which order a project is filled, and what of it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How a step stands.

    PRESENT: there is something. MISSING: nothing, and it can be brought in now. WAITING: what
    it is attached to is not there yet.
    """

    PRESENT = "present"
    MISSING = "missing"
    WAITING = "waiting"


@dataclass(frozen=True)
class Step:
    """One kind of data: `name`, the role of a layer or the table, and what comes before it."""

    name: str
    source: str
    after: tuple[str, ...] = ()


STEPS: Final = (
    Step("units", "grid"),
    Step("rivers", "reach", ("units",)),
    Step("people", "people"),
    Step("posts", "posts", ("units", "people")),
    Step("sections", "section", ("rivers",)),
    Step("stations", "station", ("units",)),
    Step("firms", "enterprise", ("units",)),
    Step("readings", "series", ("stations",)),
)
"""Units first: everything is attached to them. Rivers next: chiefs answer for their reaches."""


@dataclass(frozen=True)
class Item:
    """A step of one project: how many rows (or readings) there are, and how it stands.

    `lacking` names the steps that it waits for.
    """

    step: Step
    count: int
    state: State
    lacking: tuple[str, ...] = ()


def checklist(counts: Mapping[str, int]) -> tuple[Item, ...]:
    """The steps in their order.

    Args:
        counts: rows by source; what is not named has none.
    """
    there = {step.name for step in STEPS if counts.get(step.source, 0)}
    found = []
    for step in STEPS:
        count = counts.get(step.source, 0)
        lacking = tuple(name for name in step.after if name not in there)
        state = State.PRESENT if count else State.WAITING if lacking else State.MISSING
        found.append(Item(step, count, state, lacking if not count else ()))
    return tuple(found)
