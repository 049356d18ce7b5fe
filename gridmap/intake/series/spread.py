"""Hourly air as the national platform's tables have it: a column per station.

Each row is one hour of one item: date, hour, type, then a column for each station (1001A, …).
Such a table becomes one reading a row.
"""

import re
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks.matching import folded

_STATION = re.compile(r"^\d{4}[A-Z]$")
_NEEDED: Final = ("date", "hour", "type")


def is_spread(table: RawTable) -> bool:
    """Whether the table has a column per station."""
    plain = {folded(column) for column in table.cells.columns}
    return plain >= set(_NEEDED) and any(_STATION.match(c) for c in table.cells.columns)


def as_rows(table: RawTable, items: set[str]) -> RawTable:
    """The table with one reading a row; any other table as it is.

    Args:
        table: of a file.
        items: folded names of the items that can be stored; other types (AQI, means of 24
            hours) are left out and told.
    """
    if not is_spread(table):
        return table
    heading = {folded(column): column for column in reversed(list(table.cells.columns))}
    date, hour, kind = (table.cells[heading[name]] for name in _NEEDED)
    stations = [
        c for c in table.cells.columns if _STATION.match(c) and table.cells[c].notna().any()
    ]
    known = np.array([k is not None and folded(k) in items for k in kind], dtype=bool)
    left = [k for k in dict.fromkeys(kind[~known]) if k is not None]
    times = [
        None if d is None or h is None else f"{_iso(d)} {h}:00"
        for d, h in zip(date, hour, strict=True)
    ]
    n, chosen = len(stations), np.flatnonzero(known)
    cells = pd.DataFrame(
        {
            "station": np.tile(np.array(stations, dtype=object), len(chosen)),
            "item": np.repeat(kind.to_numpy(object)[chosen], n),
            "time": np.repeat(np.array(times, dtype=object)[chosen], n),
            "value": table.cells[stations].to_numpy(object)[chosen].ravel(),
        },
        dtype=object,
    )
    findings = list(table.findings)
    if left:
        findings.append(
            Finding(
                Kind.COLUMN_LEFT_OUT, Severity.HINT, table.file, field=heading["type"],
                detail=", ".join(left), count=len(left),
            )
        )  # fmt: skip
    return replace(
        table, cells=cells, rows=np.repeat(table.rows[chosen], n), findings=tuple(findings)
    )


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if day.isdecimal() and len(day) == 8 else day  # noqa: PLR2004
