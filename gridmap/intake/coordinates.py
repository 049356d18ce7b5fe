"""Coordinates of a table as pairs of numbers: two columns or one, in every usual notation."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.domain.notation import NotationError, parse_coordinates
from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.headings import last_part
from gridmap.intake.matching import folded
from gridmap.intake.tables import RawTable

# Usual headings, without brackets and blanks, the likeliest first.
_LON: Final = (
    "lon", "lng", "longitude", "经度", "东经", "x", "横坐标", "x坐标", "东坐标", "easting",
    "经度坐标", "中心经度", "point_x", "e",
)  # fmt: skip
_LAT: Final = (
    "lat", "latitude", "纬度", "北纬", "y", "纵坐标", "y坐标", "北坐标", "northing",
    "纬度坐标", "中心纬度", "point_y", "n",
)  # fmt: skip
_BOTH: Final = (
    "坐标", "经纬度", "位置坐标", "中心坐标", "coordinates", "lonlat", "lnglat", "xy",
    "经纬度坐标", "地理坐标",
)  # fmt: skip
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")
_PAIR = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?)\s*[,;/，、；\s]\s*([-+]?\d+(?:\.\d+)?)\s*$")
_SAMPLE: Final = 50
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
    plain: dict[str, str] = {}
    for column in table.cells.columns:
        plain.setdefault(_bare(column), column)
    found_lon = lon or next((plain[name] for name in _LON if name in plain), None)
    found_lat = lat or next((plain[name] for name in _LAT if name in plain), None)
    if found_lon is not None and found_lat is not None:
        return (found_lon,) if found_lon == found_lat else (found_lon, found_lat)
    named = [plain[name] for name in _BOTH if name in plain]
    others = [column for column in table.cells.columns[:100] if column not in named]
    for column in [*named, *others]:
        if _holds_both(table, column, certain=column in named):
            return (column,)
    return ()


def pairs(table: RawTable, columns: tuple[str, ...]) -> Pairs:
    """Read the coordinates; rows without readable ones are NaN and have a finding."""
    xy = np.full((len(table.rows), 2), np.nan)
    findings: list[Finding] = []
    name = ", ".join(columns)
    odd: list[str] = []
    parts = [table.cells[column].tolist() for column in columns]
    for i, cells in enumerate(zip(*parts, strict=True)):
        row = int(table.rows[i])
        if any(cell is None for cell in cells):
            findings.append(_finding(table, Kind.GEOMETRY_MISSING, row, columns, cells))
            continue
        read, plain = _read(cells)
        if read is None:
            findings.append(_finding(table, Kind.NOT_COORDINATE, row, columns, cells))
        elif not any(read):
            findings.append(_finding(table, Kind.ZERO_PLACE, row, columns, cells))
        else:
            xy[i] = read
            if not plain:
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


def _read(cells: tuple[str | None, ...]) -> tuple[tuple[float, float] | None, bool]:
    """The two numbers of a row, and whether they were written as plain numbers."""
    text = " , ".join(str(cell) for cell in cells)
    plain = _PAIR.match(text.replace(" , ", ",", 1))
    if plain:
        return (float(plain[1]), float(plain[2])), True
    try:
        written = parse_coordinates(text)
    except (NotationError, ValueError, OverflowError):
        return None, False
    if written.swapped:
        return (written.lat, written.lon), False
    return (written.lon, written.lat), False


def _finding(
    table: RawTable, kind: Kind, row: int, columns: tuple[str, ...], cells: tuple[str | None, ...]
) -> Finding:
    value = ", ".join("" if cell is None else cell for cell in cells)
    return Finding(
        kind, Severity.ERROR, table.file, row, ", ".join(columns), value[:200], sheet=table.sheet,
        cell=table.address(row, columns[0]),
    )  # fmt: skip


def _bare(heading: str) -> str:
    return folded(_BRACKETS.sub("", last_part(heading))).rstrip("_")


def _holds_both(table: RawTable, column: str, *, certain: bool) -> bool:
    sample = table.cells[column].dropna().head(_SAMPLE).tolist()
    if not sample:
        return False
    good = 0
    for text in sample:
        if certain and _PAIR.match(text):
            good += 1
            continue
        try:
            parse_coordinates(text)
        except (NotationError, ValueError, OverflowError):
            continue
        # A heading that says nothing needs values that are nothing else: 12, 30 may be a range.
        good += certain or len(re.findall(r"\d", text)) > 6  # noqa: PLR2004
    return good / len(sample) >= (_HALF if certain else _ENOUGH)
