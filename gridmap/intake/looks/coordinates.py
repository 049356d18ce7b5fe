"""Coordinates of a table as pairs of numbers: two columns or one, in every usual notation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.core import coordinate_cells
from gridmap.core.notation import Written
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks import matching

_PAIR = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?)\s*[,;/，、；\s]\s*([-+]?\d+(?:\.\d+)?)\s*$")
_NUMBER = re.compile(r"^\s*[-+]?\d+(?:\.\d+)?\s*$")
_SAMPLE: Final = 50
_LOOKED_AT: Final = 100
_ENOUGH, _HALF = 0.8, 0.5


@dataclass(frozen=True)
class Pairs:
    """Coordinates as they were delivered.

    `xy`, shape (n, 2), NaN where there is none: the value of the longitude (easting) column
    first, also where a person put the latitude there. `columns` are the headings used.
    """

    xy: npt.NDArray[np.float64]
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]


def columns_of(table: RawTable, lon: str | None, lat: str | None) -> tuple[str, ...]:
    """The headings of longitude and latitude, or the one that holds both; empty without.

    Args:
        table: the file.
        lon: as a person stated it.
        lat: as a person stated it; the same as `lon` where one cell holds both.

    Raises:
        IntakeError: `intake.error.stated_column`.
    """
    for stated in (lon, lat):
        if stated is not None and stated not in table.cells:
            have = ", ".join(table.cells.columns)
            raise IntakeError(
                "intake.error.stated_column", file=table.file, column=stated, have=have
            )
    usual = matching.usual("place")
    headings = list(table.cells.columns)
    pair = matching.pair(headings)
    found_lon, found_lat = lon or (pair[0] if pair else None), lat or (pair[1] if pair else None)
    if pair and found_lon == found_lat and (lon is None) != (lat is None):
        # Only one was said, and it is the usual one of the other: they stand the other way round.
        found_lon, found_lat = lon or pair[1], lat or pair[0]
    if found_lon is not None and found_lat is not None:
        return (found_lon,) if found_lon == found_lat else (found_lon, found_lat)
    together = [matching.named(headings, [name]) for name in usual["both"]]
    certain = [column for column in dict.fromkeys(together) if column is not None]
    others = [column for column in headings[:_LOOKED_AT] if column not in certain]
    for column in [*certain, *others]:
        if _holds_both(table, column, certain=column in certain):
            return (column,)
    return _spoken_of(table, headings)


def _spoken_of(table: RawTable, headings: Sequence[str]) -> tuple[str, ...]:
    """Two columns that only hold the words (高德经度), and numbers in most cells."""
    columns = matching.pair(headings, inside=True) or ()
    for column in columns:
        sample = table.cells[column].dropna().head(_SAMPLE).tolist()
        if sum(_NUMBER.match(text) is not None for text in sample) <= _HALF * len(sample):
            return ()
    return columns


def pairs(table: RawTable, columns: tuple[str, ...]) -> Pairs:
    """Read the coordinates; rows without readable ones are NaN and have a finding."""
    findings: list[Finding] = []
    name = ", ".join(columns)
    odd: list[str] = []
    arrays = [pa.array(table.cells[column], pa.string()) for column in columns]
    xy = np.column_stack(coordinate_cells.plain(*arrays))
    parts = [table.cells[column].tolist() for column in columns]
    for i in np.flatnonzero(np.isnan(xy[:, 0]) | ~xy.any(axis=1)).tolist():
        row, cells = int(table.rows[i]), tuple(part[i] for part in parts)
        read = None if None in cells else _read(cells)
        if None in cells:
            findings.append(_finding(table, Kind.GEOMETRY_MISSING, row, columns, cells))
        elif read is None:
            findings.append(_finding(table, Kind.NOT_COORDINATE, row, columns, cells))
        elif not any(read):
            findings.append(_finding(table, Kind.ZERO_PLACE, row, columns, cells))
            xy[i] = np.nan
        else:
            xy[i] = read
            odd.append(", ".join(str(cell) for cell in cells))
            degrees = f"{read[0]:.6f}, {read[1]:.6f}"
    if odd:
        findings.append(
            Finding(
                Kind.NOTATION, Severity.HINT, table.file, field=name, value=odd[-1],
                detail=degrees, count=len(odd), sheet=table.sheet,
            )
        )  # fmt: skip
    return Pairs(xy, columns, tuple(findings))


def _read(cells: tuple[str | None, ...]) -> tuple[float, float] | None:
    """The two numbers of a row as delivered: an order that was put right is turned back."""
    text = " , ".join(str(cell) for cell in cells)
    plain = _PAIR.match(text.replace(" , ", ",", 1))
    if plain:
        return float(plain[1]), float(plain[2])
    found = coordinate_cells.written(text)
    if not isinstance(found, Written):
        return None
    return (found.lat, found.lon) if found.swapped else (found.lon, found.lat)


def _finding(
    table: RawTable, kind: Kind, row: int, columns: tuple[str, ...], cells: tuple[str | None, ...]
) -> Finding:
    value = ", ".join("" if cell is None else cell for cell in cells)
    return Finding(
        kind, Severity.ERROR, table.file, row, ", ".join(columns), value[:200], sheet=table.sheet,
        cell=table.address(row, columns[0]),
    )  # fmt: skip


def _holds_both(table: RawTable, column: str, *, certain: bool) -> bool:
    sample = table.cells[column].dropna().head(_SAMPLE).tolist()
    if not sample:
        return False
    good = 0
    for text in sample:
        if certain and _PAIR.match(text):
            good += 1
            continue
        if not isinstance(coordinate_cells.written(text), Written):
            continue
        # A heading that says nothing needs values that are nothing else: 12, 30 may be a range.
        good += certain or len(re.findall(r"\d", text)) > 6  # noqa: PLR2004
    return good / len(sample) >= (_HALF if certain else _ENOUGH)
