"""Rows whose table says in which system each of them stands: converted row by row, and told."""

import numpy as np
import pyproj
import shapely

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Kind, Severity
from gridmap.intake.looks import placing
from gridmap.intake.looks.notes import Notes
from gridmap.intake.looks.stated import PLAIN, Stated
from gridmap.store.geopackage import Geometries

_SHOWN = 20


def converted(raw: Geometries, said: Stated) -> Geometries:
    """Geometry as delivered, shape (n,), in degrees of EPSG:4490, each row by its own system.

    Rows that name none are read as they stand; those that name an unknown one become None.
    """
    moved = raw.copy()
    for name in said.named:
        if name == PLAIN or not _exists(name):
            continue
        rows = (said.systems == name) & ~shapely.is_missing(raw)
        moved[rows] = placing.moved(raw[rows], name)
    moved[unknown(said)] = None
    return moved


def unknown(said: Stated) -> np.ndarray:
    """Rows, shape (n,), whose words name no system that is known."""
    return np.array(
        [name is not None and (not name or not _exists(name)) for name in said.systems], bool
    )


def told(table: RawTable, said: Stated, raw: Geometries, notes: Notes) -> None:
    """Say what was read where, what no row says, and hold back what nobody understands."""
    placed = ~shapely.is_missing(raw)
    odd = unknown(said)
    for i in np.flatnonzero(odd & placed).tolist():
        notes.say(
            Kind.DATUM_UNKNOWN, Severity.ERROR, row=int(table.rows[i]), column=said.heading,
            value=str(said.texts[i]),
        )  # fmt: skip
    silent = placed & np.array([name is None for name in said.systems], bool)
    if silent.any() and said.named:
        rows = tuple(int(row) for row in table.rows[silent])
        notes.say(
            Kind.DATUM_LACKS, Severity.WARNING, column=said.heading, count=len(rows), rows=rows,
            detail=", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else ""),
        )  # fmt: skip
    counts = {name: int(((said.systems == name) & placed).sum()) for name in said.named}
    used = {name: count for name, count in counts.items() if _exists(name)}
    if used:
        notes.say(
            Kind.DATUM_STATED, Severity.HINT, column=said.heading, count=sum(used.values()),
            detail=", ".join(f"{name} × {count}" for name, count in used.items()),
        )  # fmt: skip


def _exists(name: str) -> bool:
    if not name.startswith("EPSG:"):
        return True
    try:
        pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        return False
    return True
