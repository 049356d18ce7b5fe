"""Files with geometry: Shapefile, GeoPackage, GeoJSON, KML, KMZ, DXF.

The library that reads them decides by content and knows formats that open other files or
addresses; so the first bytes are compared with the name before it is asked.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from gridmap.intake.files import drawings, geopackages, headings, kml, library, limits, shapefiles
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import BLANK, RawTable, ReadOptions, text_of, usable_crs
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.store.geopackage import Geometries

LIBRARY_ERRORS: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    pyproj.exceptions.CRSError,
    shapely.errors.GEOSException,
    UnicodeError,
    ValueError,
    OSError,
    RuntimeError,
)
_KML: Final = frozenset({".kml", ".kmz"})
_JSON: Final = frozenset({".geojson", ".json"})
_SHP, _SQLITE = b"\x00\x00\x27\x0a", b"SQLite format 3\x00"
# What a person never wrote: columns that the KML format adds to every feature.
_KML_FILLERS: Final = frozenset(
    {"id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility",
     "drawOrder", "icon"}
)  # fmt: skip
_PROGRAMS: Final = (b"gdal_streamed_alg", b"GDALG", b"/vsicurl", b"OGRVRTDataSource")


_READERS: Final = {
    ".gpkg": geopackages.read, ".shp": shapefiles.read, ".dxf": drawings.read,
}  # fmt: skip


def layers(path: Path, *, shown: Path | None = None) -> tuple[str, ...]:
    """The layers that hold geometry.

    Raises:
        IntakeError: `intake.error.unreadable`, `.wrong_content`, `.entities`.
    """
    if path.suffix.lower() in _KML:
        with kml.opened(path, shown or path) as content:
            return tuple(layer.name for layer in content.layers)
    _sniff(path, shown or path)
    if path.suffix.lower() == ".gpkg":
        return tuple(layer.name for layer in geopackages.layers(path, shown=shown))
    if path.suffix.lower() == ".dxf":
        return drawings.layers(path, shown=shown)
    return _names(path, shown or path)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read one layer; rows are features counted from 1.

    Raises:
        IntakeError: `intake.error.missing_file`, `.unreadable`, `.which_layer`, `.no_layer`,
            `.wrong_content`, `.entities`, `.encoding_stated`.
    """
    shown = shown or path
    if path.suffix.lower() in _KML:
        return _of_kml(path, shown, options.layer)
    _sniff(path, shown)
    own = _READERS.get(path.suffix.lower())
    if own is not None:
        table = own(path, options, shown=shown)
        return replace(table, findings=(*table.findings, *_endless(table.geometry, shown)))
    names = _names(path, shown)
    if options.layer is None and len(names) > 1:
        raise IntakeError("intake.error.which_layer", file=shown, names=", ".join(names))
    if options.layer is not None and options.layer not in names:
        raise IntakeError("intake.error.no_layer", file=shown, names=", ".join(names))
    try:
        return table_of(path, shown, options.layer or next(iter(names), None))
    except LIBRARY_ERRORS as error:
        raise unreadable(shown, error) from error


def _of_kml(path: Path, shown: Path, name: str | None) -> RawTable:
    with kml.opened(path, shown) as content:
        names = [layer.name for layer in content.layers]
        listed = ", ".join(names)
        if name is None and len(names) > 1:
            raise IntakeError("intake.error.which_layer", file=shown, names=listed)
        if name is not None and name not in names:
            raise IntakeError("intake.error.no_layer", file=shown, names=listed)
        layer = content.layers[names.index(name) if name is not None else 0]
        try:
            table = table_of(layer.file, shown, layer.inside)
        except LIBRARY_ERRORS as error:
            raise unreadable(shown, error) from error
        table = _without_overlays(table, content.overlays)
        return replace(
            table, sheet=layer.name, findings=(*table.findings, *content.told(shown))
        )  # fmt: skip


def _without_overlays(table: RawTable, names: set[str | None]) -> RawTable:
    """The library makes a row without place of each picture; they are told by name instead."""
    if not names or table.geometry is None:
        return table
    called = table.cells["Name"] if "Name" in table.cells else pd.Series(None, table.cells.index)
    pictures = called.isin([name for name in names if name]) | (called.isna() & (None in names))
    kept = ~(shapely.is_missing(table.geometry) & pictures.to_numpy(dtype=bool))
    return replace(
        table, cells=table.cells[kept].reset_index(drop=True), rows=table.rows[kept],
        geometry=table.geometry[kept], rows_read=table.rows_read - int((~kept).sum()),
    )  # fmt: skip


def table_of(file: Path, shown: Path, layer: str | None) -> RawTable:
    """One layer as the library reads it; rows are features counted from 1.

    Raises:
        One of `LIBRARY_ERRORS`.
    """
    # Dates as they are written: typed ones are "corrected" (2024-02-30 becomes 1 March).
    as_written = {"DATE_AS_STRING": "YES"} if file.suffix.lower() in _JSON else {}
    meta, table = library.read_arrow(file, layer=layer, datetime_as_string=True, **as_written)
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    own = [i for i, name in enumerate(table.column_names) if name != geometry_name]
    names = headings.unique([table.column_names[i] for i in own])
    limits.few_enough(shown, table.num_rows, len(names))
    columns = {name: table.column(i).to_pylist() for i, name in zip(own, names, strict=True)}
    data = {name: [_flat(cell) for cell in cells] for name, cells in columns.items()}
    cells = pd.DataFrame(data, dtype=object, index=range(table.num_rows))
    if file.suffix.lower() == ".kml":
        fillers = [c for c in cells if c in _KML_FILLERS or cells[c].isna().all()]
        cells = cells.drop(columns=fillers)
    wkb = np.array([None] * table.num_rows, dtype=object)
    if geometry_name in table.column_names:
        wkb[:] = table.column(geometry_name).to_pylist()
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    findings = _endless(shapes, shown)
    return RawTable(
        shown, cells, np.arange(1, table.num_rows + 1), table.num_rows,
        shapes, usable_crs(meta["crs"]), findings,
        sheet=layer or "",
    )  # fmt: skip


def _endless(shapes: Geometries | None, shown: Path) -> tuple[Finding, ...]:
    """Take out shapes with coordinates that are no numbers (NaN, Inf), and name their rows."""
    if shapes is None:
        return ()
    places, owners = shapely.get_coordinates(shapes, return_index=True)
    odd = np.unique(owners[~np.isfinite(places).all(axis=1)]).tolist()
    for i in odd:
        shapes[i] = None
    return tuple(
        Finding(Kind.GEOMETRY_INVALID, Severity.ERROR, shown.name, i + 1, detail="NaN / Inf")
        for i in odd
    )


def _flat(cell: Any) -> str | None:
    if isinstance(cell, (list, dict)):
        return text_of(", ".join(map(str, cell)) if isinstance(cell, list) else str(cell))
    if isinstance(cell, bytes):
        return text_of(cell.hex())
    return text_of(cell)


def _names(file: Path, shown: Path) -> tuple[str, ...]:
    try:
        return tuple(library.list_layers(file))
    except LIBRARY_ERRORS as error:
        raise unreadable(shown, error) from error


def _sniff(file: Path, shown: Path) -> None:
    if not file.is_file():
        raise IntakeError("intake.error.missing_file", file=shown)
    suffix = file.suffix.lower()
    limits.bounded(shown, file.stat().st_size, limits.MAX_FILE_BYTES)
    with file.open("rb") as stream:
        start = stream.read(64)
    fits = {
        ".shp": start.startswith(_SHP),
        ".gpkg": start.startswith(_SQLITE),
    }.get(suffix, True)
    if suffix in {*_JSON, ".dxf"}:
        limits.bounded(shown, file.stat().st_size, limits.MAX_TEXT_BYTES)
        fits = _is_text_of(suffix, file.read_bytes())
    if not fits:
        raise IntakeError("intake.error.wrong_content", file=shown)


def _is_text_of(suffix: str, raw: bytes) -> bool:
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = raw.decode("utf-16", "replace").encode() if marked else raw
    bare = text.lstrip(BLANK.encode())
    if suffix == ".dxf":
        return not bare.startswith((b"<", b"{"))
    return bare.startswith(b"{") and not any(mark in text for mark in _PROGRAMS)
