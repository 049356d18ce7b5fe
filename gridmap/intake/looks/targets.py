"""Into which layer or table a file belongs, guessed from headings, values, geometry and name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from gridmap.core.declaration import FieldDeclaration, Geometry, LayerDeclaration
from gridmap.intake import rosters
from gridmap.intake.choices import SERIES
from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks import columns, coordinates
from gridmap.intake.looks.matching import folded
from gridmap.intake.series import headings as series_headings
from gridmap.store import Project

MAPPINGS: Final = "intake.mapping."
_DIMENSION: Final = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}
_ENOUGH: Final = 0.3
_ALIKE: Final = 0.001
_CLEAR: Final = 0.6
_COLUMNS: Final = 200


@dataclass(frozen=True)
class TargetGuess:
    """A layer id, "people", "posts", "departments" or "series", and how well it fits (0–1)."""

    target: str
    score: float
    matched: tuple[str, ...] = ()


def ranked(table: RawTable, name: str, project: Project) -> tuple[TargetGuess, ...]:
    """All targets that could be meant, best first; empty where nothing fits.

    Args:
        table: the file.
        name: of file and sheet, which often tell what they hold.
        project: with its declared layers and remembered headings.
    """
    # What a file is about stands in its first columns, however many there are.
    table = replace(table, cells=table.cells.iloc[:, :_COLUMNS])
    places = coordinates.columns_of(table, None, None) if table.geometry is None else ()
    guesses = [
        _of_layer(table, name, declaration, project, places)
        for declaration in project.declarations.values()
    ]
    for target, fields in rosters.fields().items():
        fit = 0.2 if table.geometry is not None or places else 1.0
        hint = folded(target) in folded(name)
        guesses.append(_scored(table, target, fields, remembered(project, target), fit, hint=hint))
    if table.geometry is None and (share := series_headings.likeness(table)):
        guesses.append(TargetGuess(SERIES, share))
    good = [guess for guess in guesses if guess.score >= _ENOUGH]
    return tuple(sorted(good, key=lambda guess: -guess.score))


def plain(guesses: Sequence[TargetGuess]) -> str | None:
    """The target that is meant, None where it is not plain: nothing fits, or two fit alike."""
    if not guesses:
        return None
    first, *others = guesses
    if others and others[0].score >= first.score - _ALIKE and first.score < _CLEAR:
        return None
    return first.target


def remembered(project: Project, target: str) -> Mapping[str, str]:
    """Folded heading → field, as people decided at former imports into a target."""
    found = project.settings.get(f"{MAPPINGS}{target}", {})
    return found if isinstance(found, dict) else {}


def _of_layer(
    table: RawTable,
    name: str,
    declaration: LayerDeclaration,
    project: Project,
    places: tuple[str, ...],
) -> TargetGuess:
    titles = [declaration.id, declaration.title.zh, declaration.title.en]
    titles += [t for view in declaration.views for t in (view.title.zh, view.title.en)]
    plain = folded(name)
    hint = any(folded(title) in plain for title in titles)
    fields = declaration.fields
    known = remembered(project, declaration.id)
    fit = _geometry_fit(table, declaration, places)
    return _scored(table, declaration.id, fields, known, fit, hint=hint)


def _scored(
    table: RawTable,
    target: str,
    fields: Sequence[FieldDeclaration],
    known: Mapping[str, str],
    fit: float,
    *,
    hint: bool,
) -> TargetGuess:
    matches = columns.match(table, fields, {}, known)
    found = [m for m in matches if m.sure]
    names = {m.field for m in found}
    needed = [field.name for field in fields if field.required]
    recall = sum(name in names for name in needed) / len(needed) if needed else 0.0
    coverage = len(found) / max(len(table.cells.columns), 1)
    by_values = any(m.reason == "values" for m in found)
    learned = any(m.reason == "last_time" for m in found)
    score = fit * min(1.0, 0.45 * recall + 0.3 * coverage + 0.25 * hint + 0.1 * by_values)
    score = min(1.0, score + 0.2 * learned * fit)
    return TargetGuess(target, round(score, 3), tuple(m.column for m in found))


def _geometry_fit(table: RawTable, declaration: LayerDeclaration, places: tuple[str, ...]) -> float:
    wanted = _DIMENSION[declaration.geometry]
    if table.geometry is None:
        if not places:
            return 0.1
        return 1.0 if wanted == 0 else 0.1
    dimensions = shapely.get_dimensions(table.geometry)
    share = float((dimensions[dimensions >= 0] == wanted).mean()) if (dimensions >= 0).any() else 0
    closed = bool(np.any(shapely.is_closed(table.geometry)))
    if wanted == 2 and share < 1 and closed:  # noqa: PLR2004  closed lines may become areas
        share = max(share, 0.5)
    return max(share, 0.1)
