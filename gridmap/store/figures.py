"""Figures that an office may change: a schema, a file of the program, settings of a project.

There is one way to read them and one way to treat a mistake. The file that ships is whole. A
setting that does not fit is told with its name, its value and what is allowed; never is it
left out in silence, because an office would believe that it holds.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from gridmap import shipped
from gridmap.standards.mistakes import Reason, adapter_of, reason_of
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

_Schema = TypeVar("_Schema")
_LONGEST = 60


class FigureError(ProjectError):
    """A figure that cannot be: the facts name `file`, `setting` (or entry), `value`, `allowed`."""


def put_by_path(content: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put the value of a setting `<prefix>.<path>` where the file has it.

    Raises:
        KeyError: if there is no table on the way there.
    """
    here = content
    for step in path[:-1]:
        if not isinstance(here.get(step), dict):
            raise KeyError(step)
        here = here[step]
    here[path[-1]] = value


@dataclass(frozen=True)
class Figures(Generic[_Schema]):
    """A declaration of figures.

    Attributes:
        schema: what they are: a pydantic model, or a dataclass, that refuses unknown names.
        file: where the program has them: `resources/<file>.toml`.
        prefix: of the settings of a project; "" if a project cannot change them.
        section: the table of the file that holds them, "" for the whole file.
        apart: tables (and settings) below this one that are not of these figures.
        only: the tables (and settings) that are of these figures; all, if empty.
        inner: a table that `put` makes; no part of the name of a setting.
        put: how a setting enters the content of the file.
    """

    schema: type[_Schema]
    file: str
    prefix: str = ""
    section: str = ""
    apart: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    inner: str = ""
    put: Callable[[dict[str, Any], tuple[str, ...], Any], None] = put_by_path

    @property
    def path(self) -> Path:
        """The file of the program."""
        return shipped.resource(self.file).with_suffix(".toml")

    def has(self, name: str) -> bool:
        """Whether a table or an entry of the file, or a setting, is of these figures."""
        return name not in self.apart and (not self.only or name in self.only)


def read(project: Project, figures: Figures[_Schema]) -> _Schema:
    """The figures that hold in a project: its settings win over the file of the program.

    Raises:
        FigureError: `figures.error.setting` for a setting that does not fit.
    """
    content = deepcopy(_shipped(figures))
    changed = _settings(project, figures)
    for path, value in changed.items():
        known = _names(figures, content)
        try:
            if path[0] not in known:
                raise KeyError(path[0])  # noqa: TRY301  told below like one farther down
            figures.put(content, path, value)
        except KeyError:
            allowed = Reason("figures.reason.unknown", {"known": ", ".join(sorted(known))})
            raise refused(project, figures.prefix, path, value, allowed) from None
    try:
        made: _Schema = adapter_of(figures.schema).validate_python(content)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = _where(figures, found)
        path = next((one for one in changed if _meet(one, where)), where)
        value = changed.get(path, found["input"])
        raise refused(project, figures.prefix, path, value, reason_of(found)) from error
    return made


def refused(
    project: Project, prefix: str, path: tuple[str, ...], value: Any, allowed: Reason | str
) -> FigureError:
    """The error of a setting that does not fit, also for what only its reader can know.

    Args:
        project: whose setting it is.
        prefix: of the figures.
        path: the name of the setting behind the prefix.
        value: what it says.
        allowed: what it may say.
    """
    return FigureError(
        "figures.error.setting",
        file=project.path,
        setting=".".join((prefix, *path)),
        value=_shown(value),
        allowed=allowed,
    )


def program_figures(figures: Figures[_Schema]) -> _Schema:
    """The figures as the program has them.

    Raises:
        FigureError: `figures.error.file`.
    """
    return _made(figures, deepcopy(_shipped(figures)), figures.path)


def read_file(figures: Figures[_Schema], path: Path) -> _Schema:
    """The figures of a file.

    Raises:
        FigureError: `figures.error.file`, naming the file, the entry, its value, what is allowed.
    """
    return _made(figures, _content(figures, path), path)


def _made(figures: Figures[_Schema], content: dict[str, Any], path: Path) -> _Schema:
    try:
        made: _Schema = adapter_of(figures.schema).validate_python(content)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        raise FigureError(
            "figures.error.file",
            file=path,
            setting=".".join(_where(figures, found)) or "—",
            value=_shown(found["input"]),
            allowed=reason_of(found),
        ) from error
    return made


@cache
def _shipped(figures: Figures[Any]) -> dict[str, Any]:
    return _content(figures, figures.path)


def _content(figures: Figures[Any], path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FigureError(
            "figures.error.file",
            file=path,
            setting="—",
            value="—",
            allowed=Reason("figures.reason.file", {"detail": error}),
        ) from error
    if figures.section:
        content = content[figures.section]
    return {name: value for name, value in content.items() if figures.has(name)}


def _settings(project: Project, figures: Figures[Any]) -> Mapping[tuple[str, ...], Any]:
    """The settings of these figures, by what stands behind the prefix; a table may come whole.

    Raises:
        FigureError: `figures.error.setting` for a table that is none.
    """
    if not figures.prefix:
        return {}
    names = project.settings.names()
    found: dict[tuple[str, ...], Any] = {}
    steps = figures.prefix.split(".")
    for depth in range(1, len(steps) + 1):
        name = ".".join(steps[:depth])
        if name in names:
            table = _table_in(project, name, steps[depth:])
            found |= {(entry,): value for entry, value in table.items() if figures.has(entry)}
    for name in names:
        if name.startswith(f"{figures.prefix}."):
            path = tuple(name.removeprefix(f"{figures.prefix}.").split("."))
            if figures.has(path[0]):
                found[path] = project.settings.get(name)
    return found


def _table_in(project: Project, name: str, steps: list[str]) -> Mapping[str, Any]:
    """The table within a setting that is one, or holds one; empty where it does not."""
    table: Any = project.settings.get(name)
    for at in range(len(steps) + 1):
        if not isinstance(table, dict):
            raise refused(
                project, name, tuple(steps[:at]), table, Reason("figures.reason.dict_type")
            )
        if at < len(steps):
            table = table.get(steps[at], {})
    found: Mapping[str, Any] = table
    return found


def _names(figures: Figures[Any], content: Mapping[str, Any]) -> set[str]:
    """What may be set: what the file has, and what the schema has besides."""
    schema: Any = figures.schema
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        return {*content, *(name for name in schema.model_fields if name != "root")}
    return {*content, *(one.name for one in fields(schema))} if is_dataclass(schema) else {*content}


def _where(figures: Figures[Any], found: Any) -> tuple[str, ...]:
    """Where a mistake is; a check of a whole entry says itself which part it means (`at`)."""
    steps = (*found["loc"], *found.get("ctx", {}).get("at", ()))
    return tuple(str(step) for step in steps if step not in {"", figures.inner})


def _meet(path: tuple[str, ...], where: tuple[str, ...]) -> bool:
    shorter = min(len(path), len(where))
    return path[:shorter] == where[:shorter]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
