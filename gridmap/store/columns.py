"""Columns of frames as SQLite stores them, and back.

A missing cell is None in text and date columns (so that `value or "…"` works), NaN in real
columns, `pd.NA` in integer and boolean columns.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core import moments
from gridmap.core.declaration import FieldType

ZONE: Final = moments.ZONE


def to_store(column: pd.Series, kind: FieldType) -> list[Any]:
    """Cells as SQLite takes them: text, int, float, 0/1, ISO date; None where missing.

    Raises:
        ValueError: for a cell that does not fit the type.
        TypeError: likewise.
    """
    convert = _STORE[kind]
    missing = column.isna().to_numpy()
    return [
        None if gone else convert(cell)
        for cell, gone in zip(column.tolist(), missing.tolist(), strict=True)
    ]


def from_store(cells: Sequence[Any], kind: FieldType) -> pd.Series:
    """Stored cells as a column of the type's dtype: object, Int64, float64, boolean."""
    if kind is FieldType.DATE:
        dates = [None if cell is None else dt.date.fromisoformat(cell[:10]) for cell in cells]
        return pd.Series(dates, dtype=object)
    if kind is FieldType.BOOLEAN:
        truths = [None if cell is None else bool(cell) for cell in cells]
        return pd.Series(truths, dtype="boolean")
    if kind is FieldType.REAL:
        return pd.Series(np.array(cells, dtype=np.float64))
    return pd.Series(list(cells), dtype="Int64" if kind is FieldType.INTEGER else object)


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    raise TypeError(f"{cell!r} is not text")


def _integer(cell: Any) -> int:
    number = int(cell)
    if isinstance(cell, str) or number != cell:
        raise ValueError(f"{cell!r} is not a whole number")
    return number


def _boolean(cell: object) -> int:
    if isinstance(cell, (bool, np.bool_)) or cell in (0, 1):
        return int(bool(cell))
    raise ValueError(f"{cell!r} is neither true nor false")


def _date(cell: object) -> str:
    if isinstance(cell, dt.datetime):  # a pandas Timestamp is one, too
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return dt.date.fromisoformat(_text(cell)).isoformat()


_STORE: Final[dict[FieldType, Callable[[Any], Any]]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.REAL: float,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
}
SQL_TYPE: Final = {
    FieldType.TEXT: "TEXT",
    FieldType.INTEGER: "INTEGER",
    FieldType.REAL: "REAL",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE",
}
