"""What the rows of a file say of where they are: the unit they name, the code they bear."""

import re
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.core import codes
from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks.matching import folded
from gridmap.intake.looks.placing import Claims
from gridmap.intake.looks.references import References

_SAMPLE: Final = 300
_ENOUGH: Final = 0.6
_MOST_COLUMNS: Final = 60
_MOST_NAMES: Final = 20_000
_SMALL: Final = ("township", "village")


def claims_of(
    table: RawTable,
    declaration: LayerDeclaration,
    mapping: dict[str, str],
    references: References,
) -> Claims:
    """The claims of all rows; empty where the file says nothing that the project knows."""
    same = _same(table, declaration, mapping, references)
    empty = np.empty(0, dtype=np.int64)
    if not len(references.areas):
        return Claims(empty, empty, "", same)
    if declaration.geometry is Geometry.POLYGON:
        rows, areas, column = _by_code(table, declaration, mapping, references)
    else:
        taken = {mapping.get(declaration.key), mapping.get("name")}
        rows, areas, column = by_name(table.cells, taken, references)
    return Claims(rows, areas, column, same)


def _by_code(
    table: RawTable, declaration: LayerDeclaration, mapping: dict[str, str], known: References
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str]:
    """Areas: the stored one of the same code, else its nearest known parent."""
    column = mapping.get(declaration.key)
    if column is None:
        return np.empty(0, np.int64), np.empty(0, np.int64), ""
    rows, areas = [], []
    for i, code in enumerate(table.cells[column].tolist()):
        above: str | None = code
        while above is not None and above not in known.by_code:
            above = codes.parent_of(above)
        if above is not None:
            rows.append(i)
            areas.append(known.by_code[above])
    return np.array(rows, np.int64), np.array(areas, np.int64), column


def by_name(
    cells: pd.DataFrame, taken: Collection[str | None], known: References
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str]:
    """The column that names units in most of its cells: wholly, or inside an address."""
    best: tuple[float, str, dict[str, npt.NDArray[np.int64]]] = (0.0, "", {})
    inside = _names_inside(known)
    for column in cells.columns[:_MOST_COLUMNS]:
        if column in taken:
            continue
        texts = cells[column].dropna()
        sample = texts.iloc[:: max(1, len(texts) // _SAMPLE)].tolist()
        for whole in (True, False):
            found = {text: _areas_of(text, known, inside, whole=whole) for text in set(sample)}
            share = sum(found[text].size > 0 for text in sample) / max(len(sample), 1)
            # A column of names is worth more than an address that mentions one.
            if share >= _ENOUGH and share + whole > best[0]:
                distinct = dict.fromkeys(texts.tolist())
                areas = {t: _areas_of(t, known, inside, whole=whole) for t in distinct}
                best = (share + whole, column, areas)
    if not best[1]:
        return np.empty(0, np.int64), np.empty(0, np.int64), ""
    rows, areas_of_rows = [], []
    for i, text in enumerate(cells[best[1]].tolist()):
        for area in best[2].get(text, ()):
            rows.append(i)
            areas_of_rows.append(int(area))
    return np.array(rows, np.int64), np.array(areas_of_rows, np.int64), best[1]


def _areas_of(
    text: str, known: References, inside: re.Pattern[str] | None, *, whole: bool
) -> npt.NDArray[np.int64]:
    nothing = np.empty(0, dtype=np.int64)
    plain = folded(text)
    if whole:
        found = known.by_name.get(plain, nothing)
        return found if found.size else np.array([*_code(text, known)], dtype=np.int64)
    match = inside.search(plain) if inside is not None else None
    return known.by_name.get(match.group(), nothing) if match else nothing


def _code(text: str, known: References) -> tuple[int, ...]:
    return (known.by_code[text],) if text in known.by_code else ()


def _names_inside(known: References) -> re.Pattern[str] | None:
    tiers = known.areas["tier"]
    for tier in _SMALL:
        names = {folded(str(n)) for n in known.areas.loc[tiers == tier, "name"] if n}
        if 0 < len(names) <= _MOST_NAMES:
            longest_first = sorted(names, key=lambda name: (-len(name), name))
            return re.compile("|".join(map(re.escape, longest_first)))
    return None


def _same(
    table: RawTable, declaration: LayerDeclaration, mapping: dict[str, str], known: References
) -> npt.NDArray[np.object_] | None:
    """The stored geometry of the same key, shape (n,), None where there is none."""
    stored = known.layers.get(declaration.id)
    column = mapping.get(declaration.key)
    if stored is None or column is None or not len(stored):
        return None
    shapes = dict(zip(stored[declaration.key], stored.geometry, strict=True))
    found = np.full(len(table.rows), None, dtype=object)
    found[:] = [shapes.get(code) for code in table.cells[column].tolist()]
    return found if any(shape is not None for shape in found) else None
