"""GeoPackages of others: read as they are written, never written to.

The tables are read with SQLite itself: a library that knows types "corrects" what stands there
(2024-02-30 becomes 1 March, 1200.5 in a whole-number column 1200). A file beside which an
unmerged log lies (-wal) is copied with it first; opening it in place would merge and delete it.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely

from gridmap.intake.files import headings, limits
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import RawTable, ReadOptions, text_of, usable_crs
from gridmap.store.geopackage import Geometries

LOG: Final = "-wal"
_MAGIC: Final = b"GP"
# Bytes of the envelope by its kind, bits 1–3 of the flags (OGC 12-128r18, 2.1.3).
_ENVELOPE: Final = (0, 32, 48, 48, 64)
_EMPTY_BIT: Final = 0x10
_UNDEFINED: Final = frozenset({-1, 0})
_TABLES: Final = """
SELECT c.table_name, c.data_type, g.column_name, g.srs_id
FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid
"""


@dataclass(frozen=True)
class Layer:
    """One table: its name, the column of its geometry and its reference system, if it has one."""

    name: str
    geometry: str | None
    srs: int | None


def layers(path: Path, *, shown: Path | None = None) -> tuple[Layer, ...]:
    """The tables that hold features or plain rows, in the order of the file.

    Raises:
        IntakeError: `intake.error.unreadable`, `.wrong_content`.
    """
    shown = shown or path
    with _opened(path, shown) as connection:
        return _layers(connection, shown)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read one table; rows are counted from 1.

    Raises:
        IntakeError: `intake.error.unreadable`, `.wrong_content`, `.which_layer`, `.no_layer`.
    """
    shown = shown or path
    with _opened(path, shown) as connection:
        known = _layers(connection, shown)
        layer = _chosen(known, options.layer, shown)
        try:
            return _read(connection, layer, shown)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise unreadable(shown, error) from error


def _chosen(known: tuple[Layer, ...], name: str | None, shown: Path) -> Layer:
    names = ", ".join(layer.name for layer in known)
    if name is not None:
        found = [layer for layer in known if layer.name == name]
        if not found:
            raise IntakeError("intake.error.no_layer", file=shown, names=names)
        return found[0]
    # A table without places is only meant where it is named, or where there is nothing else.
    places = [layer for layer in known if layer.geometry is not None] or list(known)
    if len(places) != 1:
        key = "intake.error.which_layer" if places else "intake.error.no_layer"
        raise IntakeError(key, file=shown, names=names)
    return places[0]


@contextlib.contextmanager
def _opened(path: Path, shown: Path) -> Iterator[sqlite3.Connection]:
    with limits.private_folder() as folder:
        file, here = path, "?mode=ro&immutable=1"
        log = path.with_name(path.name + LOG)
        if log.is_file() and log.stat().st_size:
            # The copy may be merged; what lies beside the user's file stays as it is.
            file, here = folder / "copy.gpkg", ""
            shutil.copyfile(path, file)
            shutil.copyfile(log, file.with_name(file.name + LOG))
        try:
            connection = sqlite3.connect(f"{file.absolute().as_uri()}{here}", uri=True)
        except sqlite3.Error as error:
            raise unreadable(shown, error) from error
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.text_factory = _text
            yield connection
        finally:
            connection.close()


def _layers(connection: sqlite3.Connection, shown: Path) -> tuple[Layer, ...]:
    try:
        return tuple(
            Layer(str(name), None if kind == "attributes" else column, srs)
            for name, kind, column, srs in connection.execute(_TABLES)
        )
    except sqlite3.OperationalError as error:  # a database, but no GeoPackage
        raise IntakeError("intake.error.wrong_content", file=shown) from error
    except (sqlite3.Error, UnicodeError) as error:  # names of tables that are no text
        raise unreadable(shown, error) from error


def _read(connection: sqlite3.Connection, layer: Layer, shown: Path) -> RawTable:
    columns = connection.execute(f"PRAGMA table_info({_quoted(layer.name)})").fetchall()
    kept = [c for c in columns if c[1] != layer.geometry and not _is_number_of_row(c)]
    wanted = [c[1] for c in kept] + ([layer.geometry] if layer.geometry else [])
    listed = ", ".join(map(_quoted, wanted)) or "NULL"
    rows = connection.execute(f"SELECT {listed} FROM {_quoted(layer.name)}").fetchall()  # noqa: S608  quoted names
    names = headings.unique([c[1] for c in kept])
    limits.few_enough(shown, len(rows), len(names))
    yes_no = [str(c[2]).upper() == "BOOLEAN" for c in kept]
    data = {name: [_cell(row[i], yes_no=yes_no[i]) for row in rows] for i, name in enumerate(names)}
    cells = pd.DataFrame(data, dtype=object, index=range(len(rows)))
    shapes: Geometries | None = None
    if layer.geometry is not None:
        shapes = np.full(len(rows), None, dtype=object)
        shapes[:] = shapely.from_wkb([_wkb(row[-1]) for row in rows], on_invalid="ignore")
    crs = None if shapes is None else _crs(connection, layer.srs)
    return RawTable(
        shown, cells, np.arange(1, len(rows) + 1), len(rows), shapes, crs, sheet=layer.name
    )


def _is_number_of_row(column: tuple[Any, ...]) -> bool:
    return bool(column[5]) and str(column[2]).upper() == "INTEGER"


def _cell(cell: Any, *, yes_no: bool) -> str | None:
    if isinstance(cell, bytes):
        return text_of(cell.hex())
    return text_of(bool(cell) if yes_no and cell in {0, 1} else cell)


def _wkb(blob: Any) -> bytes | None:
    """The geometry in a GeoPackage's own wrapping; None for an empty or a missing one."""
    if not isinstance(blob, bytes) or not blob.startswith(_MAGIC):
        return None
    flags = blob[3]
    kind = (flags >> 1) & 7
    if flags & _EMPTY_BIT or kind >= len(_ENVELOPE):
        return None
    return blob[8 + _ENVELOPE[kind] :]


def _crs(connection: sqlite3.Connection, srs: int | None) -> pyproj.CRS | None:
    if srs is None or srs in _UNDEFINED:
        return None
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys"
        " WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    for text in (f"{row[0]}:{row[1]}", row[2]) if row else (f"EPSG:{srs}",):
        with contextlib.suppress(pyproj.exceptions.CRSError):
            return usable_crs(text)
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(raw: bytes) -> str:
    """Text that some program stored in another encoding than it should."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
