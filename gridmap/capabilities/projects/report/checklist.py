"""The checklist in words."""

from collections.abc import Sequence

from gridmap.capabilities.projects.rules import Item, State
from gridmap.report.document import Document, Line, Section, Tone
from gridmap.texts import t

_TONES = {State.PRESENT: Tone.GOOD, State.MISSING: Tone.WARN, State.WAITING: Tone.QUIET}


def title_of(item: Item) -> str:
    """What a step brings in."""
    return t(f"projects.step.{item.step.name}")


def state_of(item: Item) -> str:
    """How a step stands."""
    if item.state is State.PRESENT:
        return t("projects.count", count=f"{item.count:,}")
    if item.state is State.WAITING:
        names = t("projects.comma").join(t(f"projects.step.{name}") for name in item.lacking)
        return t("projects.waiting", names=names)
    return t("projects.missing")


def checklist_document(title: str, items: Sequence[Item], *, example: bool) -> Document:
    """The checklist of a project of that title; it names nobody."""
    lines = tuple(Line(title_of(one), state_of(one), tone=_TONES[one.state]) for one in items)
    return Document(
        kind="checklist",
        body=(Section("checklist", t("projects.checklist", title=title), lines),),
        data={
            "schema": "gridmap.checklist/1",
            "title": title,
            "steps": [
                {
                    "step": one.step.name,
                    "count": one.count,
                    "state": one.state,
                    "waits_for": one.lacking,
                }
                for one in items
            ],
        },
        example=example,
    )
