"""Reading the cells of a sheet in whole columns: coordinates, days, texts.

What a million rows share (plain decimal degrees, few different days) is read in arrays;
what is written in another way is read cell by cell, each different text once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.core import coordinate_cells
from gridmap.core import datum as datums
from gridmap.core.datum import Datum
from gridmap.core.notation import LATITUDES, LONGITUDES, NotationProblem, Written
from gridmap.core.plane import Floats
from gridmap.core.written_times import day_before, of_day_number
from gridmap.core.zones import Zone
from gridmap.intake.files import wrapped
from gridmap.intake.looks import stated
from gridmap.intake.looks.sheet_columns import SheetColumns

_DAY_WIDTH: Final = 14  # what stands behind the day is the time
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
    """The coordinates of a block, from two columns or one.

    Args:
        table: the block.
        columns: what stands where.
        datum: of degrees whose row and heading name none.
        zone: of metres without a zone number.
    """
    count = table.num_rows
    found = Coordinates(
        np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, bool), [None] * count
    )
    if columns.lon is not None and columns.lat is not None:
        first, second = text_column(table, columns.lon), text_column(table, columns.lat)
        _plain(found, *coordinate_cells.plain(first, second))
        rest = [" , ".join(pair) for pair in _cells(found, first, second)]
    elif columns.coordinates is not None:
        cells = text_column(table, columns.coordinates)
        _plain(found, *coordinate_cells.plain(cells))
        rest = [cell for (cell,) in _cells(found, cells)]
    else:
        return _missing(found)
    metres = np.zeros(count, bool)
    for row, text in zip(np.flatnonzero(np.isnan(found.lon)).tolist(), rest, strict=True):
        _read(found, metres, row, text, zone)
    _shift(found, ~metres, _datums(table, columns, datum))
    return found


def _datums(table: pa.Table, columns: SheetColumns, datum: Datum) -> npt.NDArray[np.object_]:
    """The datum of each row: as the row says, else the heading, else as given; None = unknown."""
    headings = [name for name in (columns.lon, columns.lat, columns.coordinates) if name]
    system, _ = stated.of_headings(headings)
    default = stated.datum_in(system) or datum
    if columns.datum is None:
        return np.full(table.num_rows, default, object)
    texts = texts_of(table, columns.datum)
    known = {text: default if text is None else stated.datum_in(text) for text in set(texts)}
    return np.array([known[text] for text in texts], object)


def _shift(
    found: Coordinates, degrees: npt.NDArray[np.bool_], given: npt.NDArray[np.object_]
) -> None:
    """Degrees of several datums to those of EPSG:4490; a datum that nobody knows is trouble."""
    there = np.isfinite(found.lon) & degrees
    for one in set(given[there].tolist()):
        rows = there & np.array([datum == one for datum in given], bool)
        if one is None:
            found.lon[rows] = found.lat[rows] = np.nan
            for row in np.flatnonzero(rows).tolist():
                found.trouble[row] = "datum"
            continue
        lon, lat = datums.to_wgs84(found.lon[rows], found.lat[rows], Datum(one))
        found.lon[rows], found.lat[rows] = lon, lat


def coordinates_within(
    text: str, datum: Datum, zone: Zone | None
) -> Written | NotationProblem | None:
    """Coordinates that a text is, or holds somewhere, as degrees of EPSG:4490.

    None if it holds none; the problem if the whole text is meant as coordinates that
    cannot be.
    """
    plain = text.translate(_HALF_WIDTH)
    whole = coordinate_cells.written(text, zone)
    if isinstance(whole, Written):
        return _moved(whole, datum)
    if whole not in {NotationProblem.NOT_A_COORDINATE, NotationProblem.ONE_VALUE}:
        return whole
    for run in _RUN.finditer(plain):
        part = run.group().strip(" ,，、;；/和")
        if not _EXACT.search(part):
            continue
        written = coordinate_cells.written(part, zone)
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
    texts = [cell.strip() if cell else "" for cell in cells]
    read = _day_numbers(texts) or [day_before(text, on) if text else None for text in texts]
    bad = [
        bool(cell) and cell.strip() != "" and day is None
        for cell, day in zip(cells, read, strict=True)
    ]
    values = np.array([*(day or on for day in read), on], "datetime64[D]")
    places = _places(codes)
    return values[places], np.array([*bad, False], bool)[places]


def _day_numbers(texts: Sequence[str]) -> list[date | None]:
    """Day numbers of a spreadsheet, where a column holds nothing else; empty otherwise."""
    found = [of_day_number(text) for text in texts]
    whole = any(texts) and all(
        moment is not None for text, moment in zip(texts, found, strict=True) if text
    )
    return [None if moment is None else moment.date for moment in found] if whole else []


def texts_of(table: pa.Table, column: str | None) -> list[str | None]:
    """A column as texts, None where empty."""
    if column is None:
        return [None] * table.num_rows
    cells = wrapped.plain_of(table.column(column).to_pylist())
    return [cell.strip() or None if cell else None for cell in cells]


def text_column(table: pa.Table, name: str) -> pa.Array:
    """A column as one array of text, without what a program wrapped around it."""
    return wrapped.plain_column(_whole(table.column(name)))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    column = column.cast(pa.string())
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return pc.utf8_slice_codeunits(_whole(column), 0, _DAY_WIDTH).dictionary_encode()


def _places(codes: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


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
    written = coordinate_cells.written(text, zone)
    if isinstance(written, Written):
        found.lon[row], found.lat[row] = written.lon, written.lat
        found.swapped[row], metres[row] = written.swapped, written.zone is not None
    else:
        found.trouble[row] = str(written)


def _missing(found: Coordinates) -> Coordinates:
    found.trouble[:] = ["missing"] * len(found.trouble)
    return found
