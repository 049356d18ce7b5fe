"""The small tables that travel with the program: measured items and roles of posts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from gridmap import shipped
from gridmap.core.declaration import Titles
from gridmap.standards.mistakes import adapter_of, reason_of
from gridmap.texts import GridMapError


class TableFileError(GridMapError):
    """A mistake in `items.toml` or `roles.toml`: the facts name `file`, `entry` and `reason`."""


@dataclass(frozen=True)
class Item:
    """A measured item. Stored values are in `unit`; `decimals` is how many are shown."""

    id: str
    medium: str
    title: Titles
    unit: str
    decimals: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """A role of posts: where it is held and, if `expected`, whose absence is a vacancy."""

    id: str
    scope: str
    tiers: tuple[str, ...]
    rank: int
    title: Titles
    expected: bool = True


_Entry = TypeVar("_Entry", Item, Role)


@cache
def items() -> Mapping[str, Item]:
    """The items of `resources/items.toml` by id, in the order of the file."""
    return read_items(shipped.resource("items.toml"))


@cache
def roles() -> tuple[Role, ...]:
    """The roles of `resources/roles.toml`, in the order of the file."""
    return read_roles(shipped.resource("roles.toml"))


def read_items(path: Path) -> Mapping[str, Item]:
    """Read an item table.

    Raises:
        TableFileError: naming the file, the entry and what is wrong with it.
    """
    return MappingProxyType({
        name: _made(Item, path, name, {"id": name, **entry}) for name, entry in _read(path).items()
    })  # fmt: skip


def read_roles(path: Path) -> tuple[Role, ...]:
    """Read a role table.

    Raises:
        TableFileError: naming the file, the entry and what is wrong with it.
    """
    entries = _read(path).get("role", [])
    return tuple(_made(Role, path, str(entry.get("id", "?")), entry) for entry in entries)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableFileError("project.table.problem", file=path, entry="—", reason=error) from error


def _made(kind: type[_Entry], path: Path, name: str, entry: Mapping[str, Any]) -> _Entry:
    unknown = sorted(set(entry) - {field.name for field in fields(kind)})
    try:
        if unknown:
            raise ValueError(", ".join(unknown))  # noqa: TRY301  told below like any other mistake
        made: _Entry = adapter_of(kind).validate_python(dict(entry))
    except ValueError as error:  # pydantic's ValidationError is one
        reason = (
            "; ".join(
                f"{'.'.join(map(str, found['loc']))}: {reason_of(found)}"
                for found in error.errors()
            )
            if isinstance(error, ValidationError)
            else error
        )
        raise TableFileError(
            "project.table.problem", file=path, entry=name, reason=reason
        ) from error
    return made
