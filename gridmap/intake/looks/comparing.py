"""What a new edition changes in a layer, before it is loaded."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from gridmap.core.declaration import LayerDeclaration
from gridmap.core.plane import GEOD
from gridmap.core.topology import measured
from gridmap.intake.choices import Mode

MOVED_FROM_M: Final = 1.0
RESHAPED_FROM_M2: Final = 1.0


@dataclass(frozen=True)
class Changes:
    """What becomes of the rows of a layer; keys are those of the layer.

    `renamed`: (key, old name, new name). `moved`: (key, metres) for points moved by more
    than `MOVED_FROM_M`. `reshaped`: (key, m² that only one of both covers; metres of length
    for lines). `edited`: (key, names of other fields that differ). Removed rows appear with
    "replace" only.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str, str], ...] = ()
    moved: tuple[tuple[str, float], ...] = ()
    reshaped: tuple[tuple[str, float], ...] = ()
    edited: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unchanged: int = 0


def compared(declaration: LayerDeclaration, stored: Any, frame: Any, mode: Mode) -> Changes:
    """Compare the rows to load with the layer as it is; both in EPSG:4490."""
    key = declaration.key
    old = stored.set_index(key, drop=False) if stored is not None else None
    keys = [str(k) for k in frame[key]]
    if old is None or not len(old):
        return Changes(added=tuple(keys))
    known = frame[key].isin(old.index).to_numpy()
    gone = (
        tuple(str(k) for k in old.index[~old.index.isin(frame[key])]) if mode == "replace" else ()
    )
    new = frame[known]
    before = old.loc[new[key]]
    same = [str(k) for k in new[key]]
    renamed: tuple[tuple[str, str, str], ...] = ()
    edited: dict[str, list[str]] = {}
    for name in [n for n in new.columns if n not in {key, new.geometry.name}]:
        differs = _differs(before[name], new[name])
        pairs = [
            (k, a, b)
            for k, a, b, d in zip(same, before[name], new[name], differs, strict=True)
            if d
        ]
        if name == "name":
            renamed = tuple((k, str(a), str(b)) for k, a, b in pairs)
        else:
            for k, _, _ in pairs:
                edited.setdefault(k, []).append(name)
    moved, reshaped = _geometry(same, before.geometry.to_numpy(), new.geometry.to_numpy())
    touched = {k for k, *_ in (*renamed, *moved, *reshaped)} | set(edited)
    return Changes(
        tuple(k for k, there in zip(keys, known, strict=True) if not there), gone, renamed, moved,
        reshaped, tuple((k, tuple(names)) for k, names in edited.items()),
        len(same) - len(touched),
    )  # fmt: skip


def _differs(old: pd.Series, new: pd.Series) -> np.ndarray:
    left, right = old.to_numpy(dtype=object), new.to_numpy(dtype=object)
    missing = old.isna().to_numpy(), new.isna().to_numpy()
    equal = np.array([bool(a == b) if a is not pd.NA and b is not pd.NA else False
                      for a, b in zip(left, right, strict=True)], dtype=bool)  # fmt: skip
    return np.asarray(~(equal | (missing[0] & missing[1])))


def _geometry(
    keys: list[str], old: np.ndarray, new: np.ndarray
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    differs = np.flatnonzero(~shapely.equals_exact(old, new, 1e-9))
    moved, reshaped = [], []
    for i in differs.tolist():
        if old[i].geom_type == "Point":
            metres = GEOD.inv(old[i].x, old[i].y, new[i].x, new[i].y)[2]
            if metres > MOVED_FROM_M:
                moved.append((keys[i], float(metres)))
            continue
        if not (shapely.is_valid(old[i]) and shapely.is_valid(new[i])):
            continue
        rest = shapely.symmetric_difference(old[i], new[i])
        areal = shapely.get_dimensions(old[i]) == 2  # noqa: PLR2004
        size = (
            float(measured(np.array([rest], object))[0][0]) if areal else GEOD.geometry_length(rest)
        )
        if size > RESHAPED_FROM_M2:
            reshaped.append((keys[i], size))
    return tuple(moved), tuple(reshaped)
