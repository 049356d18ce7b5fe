"""In which datum the coordinates of a sheet stand: what it says, and what its rows speak for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import shapely

from gridmap.core.datum import Datum
from gridmap.intake.looks import claiming, placing, sheet_values
from gridmap.intake.looks.placing import Claims
from gridmap.intake.looks.references import References
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.stated import datum_in

_LOOKED_AT: Final = 5_000
_FEWEST_ROWS: Final = 3
_LEAST_SHARE: Final = 0.01


@dataclass(frozen=True)
class DatumDoubt:
    """Read in another datum, more rows lie in the unit that they name.

    `rows` name a unit in `column`; `in_used` and `in_better` of them lie in it.
    """

    used: Datum
    better: Datum
    column: str
    rows: int
    in_used: int
    in_better: int


def stated(columns: SheetColumns) -> Datum | None:
    """The datum that the headings of the coordinates name; None where they do not agree."""
    found = {datum_in(heading) for heading in columns.holding}
    return found.pop() if len(found) == 1 else None


def doubt(
    table: pa.Table, columns: SheetColumns, used: Datum, known: References
) -> DatumDoubt | None:
    """Whether another datum puts more rows into the unit that they name, by the doctor's look.

    Args:
        table: the sheet, or its first block.
        columns: what stands where.
        used: in which datum the rows are read that say none of their own.
        known: what the project knows.

    Returns:
        None where nothing speaks for another datum than `used`, or no column names units.
    """
    part = table.slice(0, _LOOKED_AT)
    # As they are written: CGCS2000 moves nothing.
    written = sheet_values.coordinates(part, columns, Datum.CGCS2000, None)
    own = sheet_values.datum_of_row(part, columns.datum, used)
    there = np.isfinite(written.lon) & (written.datum >= 0)
    there &= np.array([datum is used for datum in own], bool)
    if not there.any() or not len(known.areas):
        return None
    rows, areas, column = claiming.by_name(part.to_pandas(), set(columns.holding), known)
    claimed = there[rows]
    rows, areas = rows[claimed], areas[claimed]
    if not rows.size:
        return None
    places = np.full(part.num_rows, None, dtype=object)
    places[there] = shapely.points(written.lon[there], written.lat[there])
    count = len(np.unique(rows))
    guesses = placing.ranked(places, Claims(rows, areas, column), known)
    named = {guess.crs: round((guess.named or 0.0) * count) for guess in guesses}
    best = max(named, key=lambda crs: named[crs])
    in_used = named.get(_crs(used), 0)
    if named[best] - in_used < max(_FEWEST_ROWS, _LEAST_SHARE * count):
        return None
    better = Datum.CGCS2000 if best == placing.PLAIN else Datum(best)
    return DatumDoubt(used, better, column, count, in_used, named[best])


def _crs(datum: Datum) -> str:
    return placing.PLAIN if datum in {Datum.CGCS2000, Datum.WGS84} else datum.value
