"""In which reference system a table says that its coordinates stand: row by row, or in a heading.

What the file says in words is used or asked about; it is never passed over. A word that nobody
knows holds its row back, because another datum is half a kilometre away.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.core.datum import Datum, stated_in
from gridmap.intake.files.tables import RawTable
from gridmap.intake.looks.matching import named, usual

PLAIN: Final = "EPSG:4490"
_EPSG: Final = re.compile(r"(?:epsg:?)(\d{4,5})$|(4\d{3}|3857)$")
_SYSTEMS: Final = {
    Datum.CGCS2000: PLAIN, Datum.WGS84: PLAIN, Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09",
}  # fmt: skip
_PLAIN_CODES: Final = frozenset({"4326", "4490", "4979", "4480"})
_SIGNS: Final = re.compile(r"[\s\-_.·—]+")


@dataclass(frozen=True)
class Stated:
    """What a table says of its reference system.

    `heading` says it; `systems`, shape (n,), are names of pyproj, "GCJ-02" or "BD-09", None
    where a row says nothing, "" where it says something that nobody knows; `texts` are its words.
    """

    heading: str
    systems: npt.NDArray[np.object_]
    texts: npt.NDArray[np.object_]

    @property
    def whole(self) -> str | None:
        """The one system of all rows, None where they differ or some are silent."""
        distinct = set(self.systems.tolist())
        only = distinct.pop() if len(distinct) == 1 else None
        return only or None

    @property
    def named(self) -> tuple[str, ...]:
        """The systems that some row names, each once."""
        return tuple(dict.fromkeys(name for name in self.systems.tolist() if name))


def of_table(table: RawTable, columns: Sequence[str]) -> Stated | None:
    """What a table says: a column of its own first, else the headings of its coordinates.

    Args:
        table: the file.
        columns: the headings of the coordinates, none for a file with geometry.
    """
    count = len(table.rows)
    column = column_of(c for c in table.cells.columns if c not in columns)
    if column is not None:
        texts = table.cells[column].to_numpy(object)
        if any(text is not None for text in texts):
            return Stated(column, np.array([system_in(t) for t in texts], object), texts)
    system, heading = of_headings(columns)
    if system is None:
        return None
    return Stated(heading, np.full(count, system, object), np.full(count, heading, object))


def column_of(headings: Iterable[str]) -> str | None:
    """The column that says row by row in which system the coordinates stand."""
    return named(headings, usual("datum")["column"])


def of_headings(headings: Sequence[str]) -> tuple[str | None, str]:
    """The system that the headings of coordinates name, and the heading that does."""
    for heading in headings:
        found = system_in(heading)
        if found:
            return found, heading
    return None, ""


@lru_cache(maxsize=65_536)
def system_in(text: str | None) -> str | None:
    """The system that a text names: None for an empty one, "" for words that nobody knows.

    A text that names several is not understood either.
    """
    if text is None:
        return None
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
    code = _EPSG.match(plain)
    if code is not None:
        number = code[1] or code[2]
        return PLAIN if number in _PLAIN_CODES else f"EPSG:{number}"
    datum = stated_in(text)
    if datum is not None:
        return _SYSTEMS[datum]
    found = {
        system for system, words in usual("systems").items() for word in words if word in plain
    }
    return found.pop() if len(found) == 1 else ""


def datum_in(text: str | None) -> Datum | None:
    """The datum of degrees that a text names; None where it names none, or another system."""
    datum = stated_in(text or "")
    if datum is not None:
        return datum
    system = system_in(text)
    return next((one for one, name in _SYSTEMS.items() if name == system), None)
