"""The parts of the GeoPackage 1.3 standard (OGC 12-128r17) that a project file is made of.

Geometry travels as GeoPackage binary: the header "GP", the spatial reference, an
envelope (not for points), then well-known binary. x is longitude, y is latitude.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

APPLICATION_ID: Final = 0x47504B47  # "GPKG"
USER_VERSION: Final = 10300
SRS_ID: Final = 4490

_HEADER = np.dtype([("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs", "<i4")])
_ENVELOPE = np.dtype([*_HEADER.descr, ("box", "<f8", 4)])
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)  # by the envelope code in bits 1–3 of the flags

Geometries = npt.NDArray[np.object_]

TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


def reference_systems() -> list[tuple[str, int, str, int, str, str]]:
    """Rows of `gpkg_spatial_ref_sys`: the two undefined systems, EPSG:4326 and EPSG:4490."""
    rows = [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined", "undefined Cartesian"),
        ("Undefined geographic", 0, "NONE", 0, "undefined", "undefined geographic"),
    ]
    for code in (4326, SRS_ID):
        crs = pyproj.CRS.from_epsg(code)
        rows.append((crs.name, code, "EPSG", code, crs.to_wkt("WKT1_GDAL"), "longitude, latitude"))
    return rows


def quoted(name: str) -> str:
    """A table or column name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def encode(geometries: Geometries) -> list[bytes]:
    """Geometries (longitude, latitude; none missing, none empty) as GeoPackage binary."""
    wkb = shapely.to_wkb(geometries, byte_order=1, output_dimension=2)
    points = shapely.get_type_id(geometries) == shapely.GeometryType.POINT
    plain = np.zeros((), _HEADER)
    plain["magic"], plain["flags"], plain["srs"] = b"GP", 0b0000_0001, SRS_ID
    boxed = np.zeros(len(geometries), _ENVELOPE)
    boxed["magic"], boxed["flags"], boxed["srs"] = b"GP", 0b0000_0011, SRS_ID
    # The standard orders the envelope minx, maxx, miny, maxy.
    boxed["box"] = shapely.bounds(geometries)[:, [0, 2, 1, 3]]
    short, long, size = plain.tobytes(), boxed.tobytes(), _ENVELOPE.itemsize
    return [
        (short if point else long[i * size : (i + 1) * size]) + body
        for i, (point, body) in enumerate(zip(points.tolist(), wkb.tolist(), strict=True))
    ]


def decode(blobs: Sequence[bytes | None]) -> Geometries:
    """GeoPackage binary as geometries; a missing blob stays None.

    Raises:
        shapely.errors.GEOSException: for a blob that is not well-known binary.
    """
    wkb = [
        None if blob is None else blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 0b111] :]
        for blob in blobs
    ]
    decoded: Geometries = shapely.from_wkb(np.array(wkb, dtype=object))
    return decoded


def register_attributes(connection: sqlite3.Connection, table: str, description: str) -> None:
    """List a table without geometry in `gpkg_contents`."""
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        " VALUES (?, 'attributes', ?, ?, 0)",
        (table, table, description),
    )


def register_features(
    connection: sqlite3.Connection, table: str, geometry_type: str, description: str
) -> None:
    """List a feature table with its geometry column `geom`, and give it a spatial index."""
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        " VALUES (?, 'features', ?, ?, ?)",
        (table, table, description, SRS_ID),
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (table, geometry_type.upper(), SRS_ID),
    )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        (table,),
    )
    connection.execute(
        f"CREATE VIRTUAL TABLE {_rtree(table)} USING rtree(id, minx, maxx, miny, maxy)"
    )
    _create_triggers(connection, table)


def suspend_index(connection: sqlite3.Connection, table: str) -> None:
    """Drop the index triggers of a feature table.

    They call ST_MinX and its kin, which SQLite itself does not have: whoever writes rows
    suspends the index and calls `rebuild_index` in the same transaction.
    """
    for name in _TRIGGERS:
        connection.execute(f"DROP TRIGGER IF EXISTS {quoted(f'rtree_{table}_geom_{name}')}")


def rebuild_index(connection: sqlite3.Connection, table: str) -> None:
    """Fill the spatial index and the extent of a feature table anew and restore its triggers."""
    rows: list[tuple[int, bytes]] = connection.execute(
        f"SELECT fid, geom FROM {quoted(table)} WHERE geom IS NOT NULL"  # noqa: S608
    ).fetchall()
    boxes = shapely.bounds(decode([blob for _, blob in rows])) if rows else np.empty((0, 4))
    connection.execute(f"DELETE FROM {_rtree(table)}")  # noqa: S608
    connection.executemany(
        f"INSERT INTO {_rtree(table)} VALUES (?, ?, ?, ?, ?)",  # noqa: S608
        (
            (fid, minx, maxx, miny, maxy)
            for (fid, _), (minx, miny, maxx, maxy) in zip(rows, boxes.tolist(), strict=True)
        ),
    )
    extent: list[Any] = (
        [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]
        if rows
        else [None] * 4
    )
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
        (*extent, table),
    )
    _create_triggers(connection, table)


def touch(connection: sqlite3.Connection, tables: Iterable[str], at: dt.datetime) -> None:
    """Set `last_change` of registered tables to an aware time."""
    moment = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    connection.executemany(
        "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?",
        [(moment, table) for table in tables],
    )


def _rtree(table: str) -> str:
    return quoted(f"rtree_{table}_geom")


_BOX = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
_SOME = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))"
_NONE = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))"
_PUT = f"INSERT OR REPLACE INTO {{rtree}} VALUES (NEW.fid, {_BOX});"  # noqa: S608
_DROP = "DELETE FROM {rtree} WHERE id = OLD.fid;"
_DROP_BOTH = "DELETE FROM {rtree} WHERE id IN (OLD.fid, NEW.fid);"
# The names and conditions are those of the extension "gpkg_rtree_index" in the standard.
_TRIGGERS: Final = {
    "insert": f"AFTER INSERT ON {{table}} WHEN {_SOME} BEGIN {_PUT} END",
    "update1": f"AFTER UPDATE OF geom ON {{table}} WHEN OLD.fid = NEW.fid AND {_SOME}"
    f" BEGIN {_PUT} END",
    "update2": f"AFTER UPDATE OF geom ON {{table}} WHEN OLD.fid = NEW.fid AND {_NONE}"
    f" BEGIN {_DROP} END",
    "update3": f"AFTER UPDATE ON {{table}} WHEN OLD.fid != NEW.fid AND {_SOME}"
    f" BEGIN {_DROP} {_PUT} END",
    "update4": f"AFTER UPDATE ON {{table}} WHEN OLD.fid != NEW.fid AND {_NONE}"
    f" BEGIN {_DROP_BOTH} END",
    "delete": f"AFTER DELETE ON {{table}} WHEN OLD.geom NOT NULL BEGIN {_DROP} END",
}


def _create_triggers(connection: sqlite3.Connection, table: str) -> None:
    suspend_index(connection, table)
    for name, body in _TRIGGERS.items():
        filled = body.format(table=quoted(table), rtree=_rtree(table))
        connection.execute(f"CREATE TRIGGER {quoted(f'rtree_{table}_geom_{name}')} {filled}")
