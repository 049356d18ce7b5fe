"""The figures of the checks: `resources/quality.toml`, and what a project changed of them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from gridmap import shipped
from gridmap.domain.quality.checks import CHECKS, COMPLETENESS
from gridmap.project.change import Change
from gridmap.project.project import Project
from gridmap.project.tables import TableFileError
from gridmap.texts import GridMapError, t

EVERY: Final = ""
"""In place of an item: a figure of every item that has none of its own."""


class FigureError(GridMapError):
    """A figure that cannot be: the facts name `check`, `figure`, `value` and the bounds."""


@dataclass(frozen=True)
class Figure:
    """One adjustable figure: its value in the program, and between what it may be changed."""

    default: float
    lowest: float
    highest: float
    whole: bool = False


@dataclass(frozen=True)
class _Entry:
    figures: dict[str, Figure]
    items: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class FigureTable:
    """All figures of all checks.

    `changed` are a project's own: (check, figure, item) → value, item "" for every item.
    A figure that a project set for every item wins over what the program has for single ones.
    """

    entries: Mapping[str, _Entry]
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
        if not bounds.lowest <= value <= bounds.highest or (bounds.whole and value % 1):
            raise FigureError(
                "quality.error.figure", check=check, figure=figure, value=value,
                lowest=bounds.lowest, highest=bounds.highest,
            )  # fmt: skip
        return value


@cache
def shipped_figures() -> FigureTable:
    """The figures that travel with the program."""
    return read_figures(shipped.resource("quality").with_suffix(".toml"))


def read_figures(path: Path) -> FigureTable:
    """Read a table of figures.

    Raises:
        TableFileError: naming the file, the check and what is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableFileError("project.table.problem", file=path, entry="—", reason=error) from error
    entries = {name: _made(path, name, entry) for name, entry in content.items()}
    for name in sorted(entries.keys() ^ {*CHECKS, COMPLETENESS}):
        raise TableFileError(
            "project.table.problem", file=path, entry=name, reason=t("quality.error.sections")
        )
    return FigureTable(MappingProxyType(entries))


def _made(path: Path, name: str, entry: Any) -> _Entry:
    try:
        made = TypeAdapter(_Entry).validate_python(entry)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        reason = f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
        raise TableFileError(
            "project.table.problem", file=path, entry=name, reason=reason
        ) from error
    table = FigureTable({name: made})
    for item, own in {**made.items, EVERY: {n: f.default for n, f in made.figures.items()}}.items():
        for figure, value in own.items():
            try:
                table.checked(name, figure, value)
            except FigureError as error:
                raise TableFileError(
                    "project.table.problem", file=path, entry=f"{name} {item}", reason=error
                ) from error
    return made


def figures_of(project: Project) -> FigureTable:
    """The figures that hold in a project: its settings `quality.<check>.<figure>` win.

    The value of such a setting is a number for every item, or {"<item>": number, …} with ""
    for every item. What cannot be is left out: the program's figure holds.
    """
    table = shipped_figures()
    changed: dict[tuple[str, str, str], float] = {}
    for name in project.settings.names():
        parts = name.split(".")
        if parts[0] != "quality" or len(parts) != 3:  # noqa: PLR2004  quality.check.figure
            continue
        stored = project.settings.get(name)
        own = stored if isinstance(stored, dict) else {EVERY: stored}
        for item, value in own.items():
            if _fits(table, parts[1], parts[2], value):
                changed[parts[1], parts[2], item] = float(value)
    return replace(table, changed=changed)


def _fits(table: FigureTable, check: str, figure: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        table.checked(check, figure, float(value))
    except FigureError:
        return False
    return True


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
