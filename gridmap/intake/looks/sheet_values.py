"""Reading the cells of a sheet in whole columns: coordinates, days, texts.

What a million rows share (plain decimal degrees, few different days) is read in arrays;
what is written in another way is read cell by cell, each different text once.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.core import coordinate_cells, quoted_places
from gridmap.core import datum as datums
from gridmap.core.datum import Datum
from gridmap.core.notation import LATITUDES, LONGITUDES, NotationError, NotationProblem, Written
from gridmap.core.plane import Floats
from gridmap.core.written_times import days_of
from gridmap.core.zones import Zone
from gridmap.intake.files import wrapped
from gridmap.intake.looks import stated
from gridmap.intake.looks.sheet_columns import SheetColumns

DATUMS: Final = tuple(Datum)
_STRANGE: Final = len(DATUMS)
_DAY_WIDTH: Final = 14  # what stands behind the day is the time
_LETTER = r"(?:[EWNS]|东经|北纬|西经|南纬|经度|纬度)?[:：\s]*"
_ONE = r"\d{1,8}(?:[.°º度′'’分″\"”秒\d]|\s(?=\d)|-(?=\d))*(?:[EWNS](?![A-Za-z]))?"
# Where a coordinate may stand inside a text: a run of figures, signs and letters of one.
_RUN = re.compile(rf"{_LETTER}{_ONE}[\s,，、;；/]*(?:和)?{_LETTER}{_ONE}", re.IGNORECASE)
_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_EXACT = re.compile(r"\d\.\d{2,}|[°º度′'’]|\d{6,7}")


@dataclass(frozen=True)
class Coordinates:
    """Degrees of EPSG:4490 of n rows, NaN where a cell held none; then a code says why.

    `datum` are positions in `DATUMS`: in which one the figures of a row were read, −1 for metres
    of a zone, which are CGCS2000 whatever is said of degrees, and where there are none.
    """

    lon: Floats
    lat: Floats
    swapped: npt.NDArray[np.bool_]
    trouble: list[str | None]
    datum: npt.NDArray[np.int8]


def coordinates(
    table: pa.Table, columns: SheetColumns, datum: Datum, zone: Zone | None
) -> Coordinates:
    """The coordinates of a block, from two columns or one."""
    count = table.num_rows
    found = Coordinates(
        np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, bool), [None] * count,
        np.full(count, -1, np.int8),
    )  # fmt: skip
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
    degrees = np.isfinite(found.lon) & ~metres
    silent = degrees & (found.datum < 0)
    found.datum[silent] = _datums(table, columns.datum, datum)[silent]
    for place, one in enumerate(DATUMS):
        moved = found.datum == place
        lon, lat = datums.to_wgs84(found.lon[moved], found.lat[moved], one)
        found.lon[moved], found.lat[moved] = lon, lat
    strange = np.flatnonzero(degrees & (found.datum == _STRANGE))
    for row in strange.tolist():
        found.lon[row] = found.lat[row] = np.nan
        found.trouble[row] = "datum"
    found.datum[strange] = -1
    return found


def datum_of_row(table: pa.Table, column: str | None, datum: Datum) -> list[Datum | None]:
    """The datum of each row: that of its cell, `datum` where that is empty, None if unknown."""
    known = {-1: None, _STRANGE: None, **dict(enumerate(DATUMS))}
    return [known[place] for place in _datums(table, column, datum).tolist()]


def _datums(table: pa.Table, column: str | None, datum: Datum) -> npt.NDArray[np.int8]:
    """Positions in `DATUMS` of n rows, `_STRANGE` where a cell names none of them."""
    usual = DATUMS.index(datum)
    if column is None:
        return np.full(table.num_rows, usual, np.int8)
    codes = _whole(table.column(column)).dictionary_encode()
    meant = []
    for cell in codes.dictionary.to_pylist():
        named = stated.datum_in(cell)
        meant.append(
            usual if not cell.strip() else _STRANGE if named is None else DATUMS.index(named)
        )
    return np.array([*meant, usual], np.int8)[_places(codes)]


def coordinates_within(
    text: str, datum: Datum, zone: Zone | None
) -> Written | NotationProblem | None:
    """Coordinates that a text is, or holds somewhere, as degrees of EPSG:4490.

    None if it holds none; the problem if the whole text is meant as coordinates that
    cannot be.
    """
    whole, quoted = _quoted(text, zone)
    datum = quoted or datum
    plain = (datums.without_datum(text) if quoted else text).translate(_HALF_WIDTH)
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


@dataclass(frozen=True)
class Days:
    """The days of n rows: `on` is NaT where a cell holds something that is no day.

    `numbered` says where a day number of a spreadsheet was taken for a day, `empty` where the
    cell held nothing.
    """

    on: npt.NDArray[np.datetime64]
    numbered: npt.NDArray[np.bool_]
    empty: npt.NDArray[np.bool_]


def days(column: pa.ChunkedArray, on: date) -> Days:
    """The days of a column, shape (n,); an empty cell is `on`, a year left out the latest one."""
    codes = _dictionary(column)
    texts = [cell.strip() if cell else "" for cell in codes.dictionary.to_pylist()]
    read = days_of(texts, on)
    empty = np.array([*(not text for text in texts), True], bool)
    values = np.array([*read.days, None], "datetime64[D]")
    values[empty] = np.datetime64(on)
    numbered = np.array([*read.numbered, False], bool)
    places = _places(codes)
    return Days(values[places], numbered[places], empty[places])


def texts_of(table: pa.Table, column: str | None) -> list[str | None]:
    """A column as texts, None where empty."""
    if column is None:
        return [None] * table.num_rows
    cells = wrapped.plain_of(table.column(column).to_pylist())
    return [cell.strip() or None if cell else None for cell in cells]


def places_written(table: pa.Table, columns: SheetColumns) -> list[str | None]:
    """Where each row is in the sheet's own words or figures, None where it says nothing.

    A row whose place in words is empty may still have figures.
    """
    one = columns.place or columns.coordinates
    words = texts_of(table, one)
    if columns.lon is None or columns.lat is None:
        return words
    both = (text_column(table, columns.lon), text_column(table, columns.lat))
    joined = pc.binary_join_element_wise(*(pc.fill_null(cells, "") for cells in both), ", ")
    figures = [text if text.strip(", ") else None for text in joined.to_pylist()]
    return [said or figure for said, figure in zip(words, figures, strict=True)]


def empty_cells(table: pa.Table, column: str) -> npt.NDArray[np.bool_]:
    """Where a column holds nothing, shape (n,)."""
    cells = pc.fill_null(pc.utf8_trim_whitespace(text_column(table, column)), "")
    found: npt.NDArray[np.bool_] = pc.equal(cells, "").to_numpy(zero_copy_only=False)
    return found


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
    written, stated = _quoted(text, zone)
    if isinstance(written, Written):
        found.datum[row] = -1 if stated is None else DATUMS.index(stated)
        found.lon[row], found.lat[row] = written.lon, written.lat
        found.swapped[row], metres[row] = written.swapped, written.zone is not None
    else:
        found.trouble[row] = str(written)


@lru_cache(maxsize=65_536)
def _quoted(text: str, zone: Zone | None) -> tuple[Written | NotationProblem, Datum | None]:
    """A text as degrees or why it is no coordinate, and the datum that it states itself."""
    try:
        quoted = quoted_places.read(text, zone=zone)
    except NotationError as error:
        return error.problem, None
    except (ValueError, OverflowError):
        return NotationProblem.NOT_A_COORDINATE, None
    return quoted.written, quoted.datum


def _missing(found: Coordinates) -> Coordinates:
    found.trouble[:] = ["missing"] * len(found.trouble)
    return found
