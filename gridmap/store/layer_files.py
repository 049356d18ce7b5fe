"""Reading `layers/*.toml`: the shipped folder and the folders that an office adds.

A file with a mistake is named in `LayerCatalogue.problems` and does not hide the others.
"""

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from gridmap import shipped
from gridmap.core.codes import CHECK_NAMES
from gridmap.core.declaration import LayerDeclaration
from gridmap.store.declared import declared_names
from gridmap.texts import GridMapError, has, t

RESERVED_TABLES: Final = frozenset({*declared_names(), "log"})
RESERVED_PREFIXES: Final = ("gpkg_", "gridmap_", "rtree_", "sqlite_")
RESERVED_FIELDS: Final = frozenset({"fid", "geom", "geometry"})


class LayerFileError(GridMapError):
    """One mistake in one layer file: the facts name `file`, `entry` and `reason`."""


@dataclass(frozen=True)
class LayerCatalogue:
    """The layers that could be read, by id, and the mistakes of those that could not."""

    declarations: Mapping[str, LayerDeclaration]
    problems: tuple[LayerFileError, ...] = ()


def extra_folders(project: Path | None = None) -> tuple[Path, ...]:
    """Where an office puts layers of its own.

    `<project>.layers/` beside the project file, then the folders of the environment
    variable `GRIDMAP_LAYERS` (separated as in PATH). Folders that do not exist are left out.
    """
    named = [project.with_name(project.name + ".layers")] if project else []
    named += [Path(part) for part in os.environ.get("GRIDMAP_LAYERS", "").split(os.pathsep) if part]
    return tuple(folder for folder in named if folder.is_dir())


def read_catalogue(extra: Iterable[Path] = ()) -> LayerCatalogue:
    """Read the shipped layers, then those of the `extra` folders, files in order of name.

    A layer of an extra folder takes the place of a shipped layer with the same id; two
    files of one folder with the same id are a mistake of the second.
    """
    declarations: dict[str, LayerDeclaration] = {}
    problems: list[LayerFileError] = []
    for folder in (shipped.layers_dir(), *extra):
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            declaration, mistakes = read_layer_file(path)
            if declaration is not None and declaration.id in here:
                other = here[declaration.id].name
                reason = t("project.layer.twice", id=declaration.id, other=other)
                mistakes, declaration = (_mistake(path, "id", reason),), None
            problems.extend(mistakes)
            if declaration is not None:
                here[declaration.id] = path
                declarations[declaration.id] = declaration
    return LayerCatalogue(MappingProxyType(declarations), tuple(problems))


def read_layer_file(path: Path) -> tuple[LayerDeclaration | None, tuple[LayerFileError, ...]]:
    """Read one layer file: its declaration, or None and every mistake found in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return None, (_mistake(path, "—", t("project.layer.syntax", detail=error)),)
    except (OSError, UnicodeDecodeError) as error:
        return None, (_mistake(path, "—", t("project.layer.unreadable", detail=error)),)
    try:
        declaration = LayerDeclaration.model_validate(content)
    except ValidationError as error:
        return None, tuple(
            _mistake(path, _where(content, found["loc"]), _reason(found))
            for found in error.errors(include_url=False)
        )
    mistakes = tuple(_reserved(path, declaration))
    return (None if mistakes else declaration), mistakes


def _reserved(path: Path, declaration: LayerDeclaration) -> Iterator[LayerFileError]:
    if declaration.id in RESERVED_TABLES or declaration.id.startswith(RESERVED_PREFIXES):
        yield _mistake(path, "id", t("project.layer.reserved", name=declaration.id))
    for field in declaration.fields:
        if field.name in RESERVED_FIELDS:
            reason = t("project.layer.reserved", name=field.name)
            yield _mistake(path, f"fields.{field.name}.name", reason)
        if field.check is not None and field.check not in CHECK_NAMES:
            reason = t(
                "project.layer.check", name=field.check, known=", ".join(sorted(CHECK_NAMES))
            )
            yield _mistake(path, f"fields.{field.name}.check", reason)


def _mistake(path: Path, key: str, reason: str) -> LayerFileError:
    return LayerFileError("project.layer.problem", file=path, entry=key, reason=reason)


def _where(content: Mapping[str, Any], location: tuple[int | str, ...]) -> str:
    """`fields.code.type` instead of `fields.0.type`: people look for names, not positions."""
    parts: list[str] = []
    here: Any = content
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        name = here.get("name") or here.get("id") if isinstance(here, Mapping) else None
        parts.append(str(name) if isinstance(step, int) and name else str(step))
    return ".".join(parts) or "—"


def _reason(found: Mapping[str, Any]) -> str:
    key = f"project.layer.kind.{found['type']}"
    facts = {**found.get("ctx", {}), "value": repr(found.get("input"))[:60], "detail": found["msg"]}
    return t(key if has(key) else "project.layer.kind.other", **facts)
