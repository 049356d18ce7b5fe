"""Shapefiles of others: shapes and rows counted against each other, cells as they are written.

Shape n belongs to record n. A row that was deleted takes its shape along; a shape without a row,
or a row without a shape, is told: nothing moves up to fill the place.
"""

import shutil
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from gridmap.intake.files import dbf, encodings, headings, library, limits
from gridmap.intake.files.dbf import Dbf
from gridmap.intake.files.delimited import encoding_finding
from gridmap.intake.files.encodings import EncodingGuess
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import RawTable, ReadOptions, usable_crs
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.store.geopackage import Geometries

PARTS: Final = (".shp", ".shx", ".prj")
_SHAPES_ONLY: Final = (*PARTS, ".qpj")
_SHOWN: Final = 20
_ERRORS: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    pyproj.exceptions.CRSError,
    shapely.errors.GEOSException,
    ValueError,
    OSError,
    RuntimeError,
)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read a shapefile; rows are records counted from 1, deleted ones left out.

    Raises:
        IntakeError: `intake.error.unreadable`, `.encoding_stated`.
    """
    shown = shown or path
    shapes, crs = _shapes(path, shown)
    table = _attributes(path, shown)
    count = max(len(shapes), table.counted if table else 0)
    limits.few_enough(shown, count, len(table.columns) if table else 0)
    notes = _Notes(shown.name)
    guesses: tuple[EncodingGuess, ...] = ()
    cells = pd.DataFrame(index=range(count), dtype=object)
    kept = np.ones(count, dtype=bool)
    if table is not None:
        guesses = _encodings(table, path, shown, options.encoding)
        cells = _cells(table, count, guesses[0].encoding, notes)
        kept = _told_counts(table, len(shapes), count, notes)
        if guesses[0].evidence != "cpg" and guesses[0].encoding != "utf-8":
            notes.found.insert(0, encoding_finding(shown, guesses[0]))
    else:
        notes.whole(Kind.NO_ATTRIBUTE_TABLE, Severity.WARNING, count=count)
    whole: Geometries = np.full(count, None, dtype=object)
    whole[: len(shapes)] = shapes
    return RawTable(
        shown, cells[kept].reset_index(drop=True), np.arange(1, count + 1)[kept],
        int(kept.sum()) + notes.held, whole[kept], crs, tuple(notes.found), encodings=guesses,
    )  # fmt: skip


class _Notes:
    """Findings of one file."""

    def __init__(self, file: str) -> None:
        self.found: list[Finding] = []
        self._file = file

    @property
    def held(self) -> int:
        """How many rows are held back here: they are counted, though they are no rows."""
        return sum(finding.row is not None for finding in self.found)

    def row(self, kind: Kind, row: int) -> None:
        """One row is held back."""
        self.found.append(Finding(kind, Severity.ERROR, self._file, row))

    def whole(
        self, kind: Kind, severity: Severity, rows: list[int] | None = None, **facts: object
    ) -> None:
        """Something about the file, or a few of its rows."""
        rows = rows or []
        shown = ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")
        given: dict[str, object] = {"rows": tuple(rows), "count": len(rows), "detail": shown}
        self.found.append(Finding(kind, severity, self._file, **{**given, **facts}))  # type: ignore[arg-type]


def _shapes(path: Path, shown: Path) -> tuple[Geometries, pyproj.CRS | None]:
    """The shapes without the table: with it the library leaves out shapes that lack a row."""
    with limits.private_folder() as folder:
        for suffix in _SHAPES_ONLY:
            part = _part(path, suffix)
            if part is not None:
                shutil.copyfile(part, folder / f"shapes{suffix}")
        # A lost index is made anew; in this folder that changes nothing of the user's.
        lost = _part(path, ".shx") is None
        try:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True if lost else None})
            meta, table = library.read_arrow(folder / "shapes.shp")
        except _ERRORS as error:
            raise unreadable(shown, error) from error
        finally:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
        wkb = np.full(table.num_rows, None, dtype=object)
        wkb[:] = table.column(meta["geometry_name"] or "wkb_geometry").to_pylist()
        return shapely.from_wkb(wkb, on_invalid="ignore"), usable_crs(meta["crs"])


def _attributes(path: Path, shown: Path) -> Dbf | None:
    file = _part(path, ".dbf")
    if file is None:
        return None
    try:
        return dbf.parsed(file.read_bytes())
    except (OSError, ValueError) as error:
        raise unreadable(shown.with_suffix(".dbf"), error) from error


def _part(path: Path, suffix: str) -> Path | None:
    found = (path.with_suffix(one) for one in (suffix, suffix.upper()))
    return next((file for file in found if file.is_file()), None)


def _encodings(
    table: Dbf, path: Path, shown: Path, stated: str | None
) -> tuple[EncodingGuess, ...]:
    guesses = dbf.ranked(table, encodings.of_cpg(path))
    if stated is None:
        return guesses
    name = encodings.known(stated)
    if name is None:
        raise IntakeError("intake.error.encoding_stated", file=shown, encoding=stated)
    others = tuple(guess for guess in guesses if guess.encoding != name)
    return (EncodingGuess(name, 1.0, "stated"), *others)


def _cells(table: Dbf, count: int, encoding: str, notes: _Notes) -> pd.DataFrame:
    data: dict[str, list[str | None]] = {}
    cut: set[int] = set()
    names = headings.unique(dbf.names(table, encoding))
    for name, column in zip(names, table.columns, strict=True):
        texts, lost = dbf.cells(table, column, encoding)
        texts = texts[:count]
        data[name] = texts + [None] * (count - len(texts))
        cut |= {i + 1 for i, text in enumerate(texts) if dbf.is_cut(text)}
        rows = [i + 1 for i in lost if i < count]
        if rows:
            notes.whole(Kind.NUMBER_LOST, Severity.WARNING, rows, column=name)
    if cut:
        notes.whole(Kind.TEXT_CUT, Severity.HINT, sorted(cut))
    return pd.DataFrame(data, dtype=object, index=range(count))


def _told_counts(table: Dbf, shapes: int, count: int, notes: _Notes) -> np.ndarray:
    """Which rows are there, shape (count,); what does not agree is told."""
    there = min(table.counted, len(table.records))
    kept = np.ones(count, dtype=bool)
    gone = [i for i in range(min(there, count)) if table.is_deleted(i)]
    kept[gone] = False
    if gone:
        notes.whole(Kind.ROWS_DELETED, Severity.WARNING, [i + 1 for i in gone])
    if table.counted != shapes or len(table.records) < table.counted:
        notes.whole(
            Kind.COUNTS_DIFFER, Severity.WARNING, count=shapes, value=str(table.counted),
            detail=str(len(table.records)),
        )  # fmt: skip
    for i in range(there, count):
        notes.row(Kind.NO_ATTRIBUTES, i + 1)
        kept[i] = False
    return kept
