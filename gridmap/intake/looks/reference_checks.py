"""Codes that point to another layer: the `reference` check of a declaration."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.declaration import LayerDeclaration
from gridmap.intake.findings import Kind, Severity
from gridmap.intake.looks.notes import Notes

_MOST: Final = 2_000


def look(
    declarations: Mapping[str, LayerDeclaration],
    layer_id: str,
    frame: Any,
    rows: np.ndarray,
    stored: Mapping[str, Any],
    notes: Notes,
) -> None:
    """Note codes that the layer they point to does not hold.

    Args:
        declarations: of all layers.
        layer_id: of the layer that is loaded.
        frame: the rows to load.
        rows: their numbers in the file.
        stored: the layers of the project that hold data; one without data is not asked.
        notes: gets one finding a row.
    """
    for check in declarations[layer_id].checks:
        target = stored.get(check.layer or "")
        if check.kind != "reference" or target is None or not check.fields:
            continue
        known = set(target[declarations[check.layer or ""].key])
        field = check.fields[0]
        given = frame[field].tolist() if field in frame else []
        lost = [i for i, code in enumerate(given) if not pd.isna(code) and code not in known]
        for i in lost[:_MOST]:
            notes.say(
                Kind.NO_SUCH_REFERENCE, Severity.WARNING, row=int(rows[i]), field=field,
                value=str(given[i]), detail=check.layer,
            )  # fmt: skip
