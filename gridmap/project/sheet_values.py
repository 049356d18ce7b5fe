"""Reading the cells of a sheet in whole columns: coordinates, days, texts.

What a million rows share (plain decimal degrees, few different days) is read in arrays;
what is written in another way is read cell by cell, each different text once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.domain import datum as datums
from gridmap.domain.datum import Datum
from gridmap.domain.notation import (
    LATITUDES,
    LONGITUDES,
    NotationError,
    NotationProblem,
    Written,
    parse_coordinates,
)
from gridmap.domain.plane import Floats
from gridmap.domain.zones import Zone
from gridmap.project.sheet_columns import SheetColumns

_NUMBER = r"^\s*-?[0-9]{1,3}(\.[0-9]+)?\s*$"
_PAIR = r"^\s*(?P<a>[0-9]{1,3}\.[0-9]+)\s*[,，;；\s]\s*(?P<b>[0-9]{1,3}\.[0-9]+)\s*$"
_DAY = re.compile(r"^(?:(\d{4})\D{1,2})?(\d{1,2})\D{1,2}(\d{1,2})(?:日|号)?(?:\D|$)")
_DAY_WIDTH: Final = 14  # what stands behind the day is the time
_DIGITS_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\D|$|\d{4,6}$)")
_LETTER = r"(?:[EWNS]|东经|北纬|西经|南纬|经度|纬度)?[:：\s]*"
_ONE = r"\d{1,8}(?:[.°º度′'’分″\"”秒\d]|\s(?=\d)|-(?=\d))*(?:[EWNS](?![A-Za-z]))?"
# Where a coordinate may stand inside a text: a run of figures, signs and letters of one.
_RUN = re.compile(rf"{_LETTER}{_ONE}[\s,，、;；/]*(?:和)?{_LETTER}{_ONE}", re.IGNORECASE)
_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_EXACT = re.compile(r"\d\.\d{2,}|[°º度′'’]|\d{6,7}")


@dataclass(frozen=True)
class Coordinates:
    """Degrees of EPSG:4490 of n rows, NaN where a cell held none; then a code says why."""

    lon: Floats
    lat: Floats
    swapped: npt.NDArray[np.bool_]
    trouble: list[str | None]


def coordinates(
    table: pa.Table, columns: SheetColumns, datum: Datum, zone: Zone | None
) -> Coordinates:
    """The coordinates of a block, from two columns or one."""
    count = table.num_rows
    found = Coordinates(
        np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, bool), [None] * count
    )
    if columns.lon is not None and columns.lat is not None:
        first, second = text_column(table, columns.lon), text_column(table, columns.lat)
        _plain(found, _figures(first), _figures(second))
        rest = [" , ".join(pair) for pair in _cells(found, first, second)]
    elif columns.coordinates is not None:
        cells = text_column(table, columns.coordinates)
        parts = pc.extract_regex(cells, _PAIR)
        _plain(found, *(_figures(pc.struct_field(parts, name)) for name in ("a", "b")))
        rest = [cell for (cell,) in _cells(found, cells)]
    else:
        return _missing(found)
    metres = np.zeros(count, bool)
    for row, text in zip(np.flatnonzero(np.isnan(found.lon)).tolist(), rest, strict=True):
        _read(found, metres, row, text, zone)
    moved = np.isfinite(found.lon) & ~metres
    lon, lat = datums.to_wgs84(found.lon[moved], found.lat[moved], datum)
    found.lon[moved], found.lat[moved] = lon, lat
    return found


def coordinates_within(
    text: str, datum: Datum, zone: Zone | None
) -> Written | NotationProblem | None:
    """Coordinates that a text is, or holds somewhere, as degrees of EPSG:4490.

    None if it holds none; the problem if the whole text is meant as coordinates that
    cannot be.
    """
    plain = text.translate(_HALF_WIDTH)
    whole = _written(text, zone)
    if isinstance(whole, Written):
        return _moved(whole, datum)
    if whole not in {NotationProblem.NOT_A_COORDINATE, NotationProblem.ONE_VALUE}:
        return whole
    for run in _RUN.finditer(plain):
        part = run.group().strip(" ,，、;；/和")
        if not _EXACT.search(part):
            continue
        written = _written(part, zone)
        if isinstance(written, Written) and _in_china(written.lon, written.lat):
            return _moved(written, datum)
    return None


def _moved(written: Written, datum: Datum) -> Written:
    """Degrees of a datum as degrees of EPSG:4490; metres of a zone are CGCS2000 already."""
    used = Datum.CGCS2000 if written.zone is not None else datum
    lon, lat = datums.to_wgs84(written.lon, written.lat, used)
    return Written(float(lon), float(lat), written.swapped, written.zone)


def days(
    column: pa.ChunkedArray, on: date
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """The days of a column, shape (n,), and where a cell holds something that is no day.

    Empty cells and unreadable ones are `on`; a day without a year is the last such day up
    to `on`.
    """
    codes = _dictionary(column)
    cells = codes.dictionary.to_pylist()
    read = [_day(cell, on) if cell else None for cell in cells]
    bad = [
        bool(cell) and cell.strip() != "" and day is None
        for cell, day in zip(cells, read, strict=True)
    ]
    values = np.array([*(day or on for day in read), on], "datetime64[D]")
    places = _places(codes)
    return values[places], np.array([*bad, False], bool)[places]


def texts_of(table: pa.Table, column: str | None) -> list[str | None]:
    """A column as texts, None where empty."""
    if column is None:
        return [None] * table.num_rows
    return [cell.strip() or None if cell else None for cell in table.column(column).to_pylist()]


def text_column(table: pa.Table, name: str) -> pa.Array:
    """A column as one array of text."""
    return _whole(table.column(name))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    column = column.cast(pa.string())
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return pc.utf8_slice_codeunits(_whole(column), 0, _DAY_WIDTH).dictionary_encode()


def _places(codes: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def _figures(cells: pa.Array) -> Floats:
    """Plain decimal numbers, NaN for everything else."""
    plain = pc.match_substring_regex(cells, _NUMBER)
    kept = pc.if_else(plain, pc.utf8_trim_whitespace(cells), None)
    found: Floats = kept.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return found.astype(np.float64)


def _plain(found: Coordinates, first: Floats, second: Floats) -> None:
    """Take the rows with plain decimal degrees in China, put the right way round."""
    straight, turned = _in_china(first, second), _in_china(second, first)
    found.lon[straight], found.lat[straight] = first[straight], second[straight]
    found.lon[turned], found.lat[turned] = second[turned], first[turned]
    found.swapped[turned] = True


def _in_china(lon: Floats | float, lat: Floats | float) -> npt.NDArray[np.bool_]:
    inside = (lon >= LONGITUDES[0]) & (lon <= LONGITUDES[1])
    return np.asarray(inside & (lat >= LATITUDES[0]) & (lat <= LATITUDES[1]))


def _cells(found: Coordinates, *columns: pa.Array) -> list[tuple[str, ...]]:
    rows = pa.array(np.flatnonzero(np.isnan(found.lon)))
    texts = [[cell or "" for cell in column.take(rows).to_pylist()] for column in columns]
    return list(zip(*texts, strict=True))


def _read(
    found: Coordinates, metres: npt.NDArray[np.bool_], row: int, text: str, zone: Zone | None
) -> None:
    """Read one row that is written in another way."""
    if not text.strip(" ,"):
        found.trouble[row] = "missing"
        return
    written = _written(text, zone)
    if isinstance(written, Written):
        found.lon[row], found.lat[row] = written.lon, written.lat
        found.swapped[row], metres[row] = written.swapped, written.zone is not None
    else:
        found.trouble[row] = str(written)


@lru_cache(maxsize=65_536)
def _written(text: str, zone: Zone | None) -> Written | NotationProblem:
    try:
        return parse_coordinates(text, zone=zone)
    except NotationError as error:
        return error.problem


def _missing(found: Coordinates) -> Coordinates:
    found.trouble[:] = ["missing"] * len(found.trouble)
    return found


def _day(text: str, on: date) -> date | None:
    """A day in one of the forms that offices write: 2026-11-20, 2026年11月20日, 11-20 09:14."""
    digits = _DIGITS_DAY.match(text.strip())
    found = digits or _DAY.match(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    years: Sequence[int] = (year,) if year is not None else (on.year, on.year - 1)
    for one in years:
        try:
            read = date(one, month or 0, day or 0)
        except ValueError:
            continue
        if year is not None or read <= on:
            return read
    return None
