"""The figures of the checks: `resources/quality.toml`, and what a project changed of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, LiteralString, Self

from pydantic import ConfigDict, RootModel, Strict, model_validator
from pydantic_core import PydanticCustomError

from gridmap.capabilities.quality.rules.checks import CHECKS, COMPLETENESS
from gridmap.store.change import Change
from gridmap.store.figures import FigureError, Figures, program_figures, read
from gridmap.store.project import Project

EVERY: Final = ""
"""In place of an item: a figure of every item that has none of its own."""


@dataclass(frozen=True)
class Figure:
    """One adjustable figure: its value in the program, and between what it may be changed."""

    default: float
    lowest: float
    highest: float
    whole: bool = False

    def allows(self, value: float) -> bool:
        """Whether the figure may be this."""
        return self.lowest <= value <= self.highest and not (self.whole and value % 1)


@dataclass(frozen=True)
class Entry:
    """The figures of one check: `items` of single items in the file, `own` of a project."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    figures: dict[str, Figure]
    items: dict[str, dict[str, float]] = field(default_factory=dict)
    own: dict[str, dict[str, Annotated[float, Strict()]]] = field(default_factory=dict)

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        for name, figure in self.figures.items():
            _check(figure, figure.default, ("figures", name))
        for item, values in self.items.items():
            for name, value in values.items():
                _check(self._known(name), value, ("items", item, name))
        for name, own in self.own.items():
            for item, value in own.items():
                _check(self._known(name), value, (name, item) if item else (name,))
        return self

    def _known(self, name: str) -> Figure:
        if name in self.figures:
            return self.figures[name]
        known = ", ".join(self.figures)
        raise PydanticCustomError("unknown", "unknown", {"known": known, "at": (name,)})


def _check(bounds: Figure, value: float, at: tuple[str, ...]) -> None:
    if bounds.allows(value):
        return
    kind: LiteralString = "whole_between" if bounds.whole else "between"
    limits = {"lowest": bounds.lowest, "highest": bounds.highest, "at": at}
    raise PydanticCustomError(kind, kind, limits)


@dataclass(frozen=True)
class FigureTable:
    """All figures of all checks.

    `changed` are a project's own: (check, figure, item) → value, item "" for every item.
    A figure that a project set for every item wins over what the program has for single ones.
    """

    entries: Mapping[str, Entry]
    changed: Mapping[tuple[str, str, str], float] = field(default_factory=dict)

    def of(self, check: str, item: str = EVERY) -> dict[str, float]:
        """The figures of a check for an item, by name."""
        return {name: self.value(check, name, item) for name in self.entries[check].figures}

    def value(self, check: str, figure: str, item: str = EVERY) -> float:
        """One figure for an item."""
        for where in (item, EVERY):
            if (own := self.changed.get((check, figure, where))) is not None:
                return own
        return self.shipped(check, figure, item)

    def shipped(self, check: str, figure: str, item: str = EVERY) -> float:
        """One figure as the program has it."""
        entry = self.entries[check]
        return entry.items.get(item, {}).get(figure, entry.figures[figure].default)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Every (check, figure, item) that has a value of its own, in the order of the file."""
        for check, entry in self.entries.items():
            for figure in entry.figures:
                yield check, figure, EVERY
                items = [item for item, some in entry.items.items() if figure in some]
                own = {i for c, f, i in self.changed if (c, f) == (check, figure)}
                items += sorted(own - {*items, EVERY})
                yield from ((check, figure, item) for item in items)

    def checked(self, check: str, figure: str, value: float) -> float:
        """A value that the figure may have.

        Raises:
            FigureError: `quality.error.figure`, `.unknown_figure`.
        """
        known = self.entries.get(check)
        if known is None or figure not in known.figures:
            raise FigureError("quality.error.unknown_figure", check=check, figure=figure)
        bounds = known.figures[figure]
        if not bounds.allows(value):
            raise FigureError(
                "quality.error.figure", check=check, figure=figure, value=value,
                lowest=bounds.lowest, highest=bounds.highest,
            )  # fmt: skip
        return value


class Checks(RootModel[dict[str, Entry]]):
    """`resources/quality.toml`: one section for each check."""

    @model_validator(mode="after")
    def _one_for_each(self) -> Self:
        odd = sorted(self.root.keys() ^ {*CHECKS, COMPLETENESS})
        if odd:
            raise PydanticCustomError("sections", "sections", {"at": (odd[0],)})
        return self


def _put(content: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """A setting `<check>.<figure>`: a number for every item, or {"<item>": number, …}."""
    check, figure = path if len(path) == 2 else (path[0], ".".join(path[1:]))  # noqa: PLR2004
    own = value if isinstance(value, dict) else {EVERY: value}
    content[check].setdefault("own", {})[figure] = own


QUALITY: Final = Figures(Checks, "quality", "quality", inner="own", put=_put)


@cache
def shipped_figures() -> FigureTable:
    """The figures that travel with the program."""
    return FigureTable(MappingProxyType(program_figures(QUALITY).root))


def figures_of(project: Project) -> FigureTable:
    """The figures that hold in a project: its settings `quality.<check>.<figure>` win.

    The value of such a setting is a number for every item, or {"<item>": number, …} with ""
    for every item.

    Raises:
        FigureError: for a setting that does not fit.
    """
    changed = {
        (check, figure, item): value
        for check, entry in read(project, QUALITY).root.items()
        for figure, own in entry.own.items()
        for item, value in own.items()
    }
    return replace(shipped_figures(), changed=changed)


def set_figure(
    change: Change,
    table: FigureTable,
    where: tuple[str, str, str],
    value: float | None,
) -> FigureTable:
    """Change a figure of the project; None gives the program's figure back.

    Args:
        change: what writes it.
        table: the figures as they are.
        where: check, figure and item ("" = every item).
        value: the new one.

    Returns:
        The figures as they are then.

    Raises:
        FigureError: for a value that cannot be.
    """
    check, figure, _ = where
    changed = {key: own for key, own in table.changed.items() if key != where}
    if value is not None:
        changed[where] = table.checked(check, figure, value)
    stored = {i: own for (c, f, i), own in changed.items() if (c, f) == (check, figure)}
    plain = stored.get(EVERY) if set(stored) == {EVERY} else stored or None
    change.set_setting(f"quality.{check}.{figure}", plain)
    return replace(table, changed=changed)
