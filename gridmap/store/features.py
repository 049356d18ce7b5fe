"""Feature tables: one per layer that holds data, with the columns that its declaration names."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.store import columns, geopackage
from gridmap.store.editions import content_hash
from gridmap.store.errors import ProjectError
from gridmap.store.geopackage import Geometries, quoted

CRS: Final = "EPSG:4490"

_PART = {
    Geometry.POINT: shapely.GeometryType.POINT,
    Geometry.LINE: shapely.GeometryType.LINESTRING,
    Geometry.POLYGON: shapely.GeometryType.POLYGON,
}
_WHOLE = {
    Geometry.LINE: shapely.GeometryType.MULTILINESTRING,
    Geometry.POLYGON: shapely.GeometryType.MULTIPOLYGON,
}


def exists(connection: sqlite3.Connection, layer_id: str) -> bool:
    """Whether the file has a table for the layer."""
    query = "SELECT 1 FROM gpkg_geometry_columns WHERE table_name = ?"
    return connection.execute(query, (layer_id,)).fetchone() is not None


def ensure_table(connection: sqlite3.Connection, declaration: LayerDeclaration) -> None:
    """Make the layer's table, or add the columns that its declaration gained since."""
    table = quoted(declaration.id)
    wanted = {field.name: columns.SQL_TYPE[field.type] for field in declaration.fields}
    if exists(connection, declaration.id):
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name, kind in wanted.items():
            if name not in there:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")
        return
    body = "".join(f", {quoted(name)} {kind}" for name, kind in wanted.items())
    connection.execute(
        f"CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        f" geom {declaration.geometry.value.upper()}{body})"
    )
    key = quoted(f"{declaration.id}_key")
    connection.execute(f"CREATE UNIQUE INDEX {key} ON {table} ({quoted(declaration.key)})")
    title = declaration.title
    geopackage.register_features(
        connection, declaration.id, declaration.geometry.value, f"{title.zh} {title.en}"
    )


def read(connection: sqlite3.Connection, declaration: LayerDeclaration) -> Any:
    """All rows of a layer as a GeoDataFrame: EPSG:4490, index `fid`, every declared column."""
    rows: Sequence[tuple[Any, ...]] = []
    there: set[str] = set()
    if exists(connection, declaration.id):
        table = quoted(declaration.id)
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        names = [
            quoted(field.name) if field.name in there else "NULL" for field in declaration.fields
        ]
        query = f"SELECT fid, geom, {', '.join(names)} FROM {table} ORDER BY fid"  # noqa: S608
        rows = connection.execute(query).fetchall()
    cells = list(zip(*rows, strict=True)) if rows else [()] * (2 + len(declaration.fields))
    data = {
        field.name: columns.from_store(column, field.type)
        for field, column in zip(declaration.fields, cells[2:], strict=True)
    }
    frame = geopandas.GeoDataFrame(data, geometry=geopackage.decode(cells[1]), crs=CRS)
    frame.index = pd.Index(cells[0], dtype="int64", name="fid")
    return frame


def prepared(declaration: LayerDeclaration, frame: Any) -> Any:
    """The frame as it will be stored: declared columns, geometry of the declared type, 2-D.

    Raises:
        ProjectError: `project.error.crs` unless it is EPSG:4490, `.unknown_column`,
            `.missing_key`, `.duplicate_key`, `.missing_geometry`, `.geometry_type`.
    """
    facts = {"layer": declaration.id}
    crs = frame.crs
    if crs is None or crs.to_epsg() != geopackage.SRS_ID:
        raise ProjectError("project.error.crs", crs=crs.to_string() if crs else "—", **facts)
    names = [field.name for field in declaration.fields]
    given = [name for name in frame.columns if name != frame.geometry.name]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise ProjectError("project.error.unknown_column", columns=", ".join(unknown), **facts)
    geometry = _promoted(declaration, frame.geometry.to_numpy())
    data = {
        name: frame[name] if name in given else pd.Series(None, frame.index, dtype=object)
        for name in names
    }
    whole = geopandas.GeoDataFrame(data, geometry=geometry, crs=CRS, index=frame.index)
    keys = whole[declaration.key]
    if keys.isna().any():
        row = int(np.flatnonzero(keys.isna())[0]) + 1
        raise ProjectError("project.error.missing_key", row=row, field=declaration.key, **facts)
    if not keys.is_unique:
        twice = keys[keys.duplicated()].iloc[0]
        raise ProjectError("project.error.duplicate_key", value=twice, **facts)
    return whole


def _promoted(declaration: LayerDeclaration, geometries: Geometries) -> Geometries:
    facts = {"layer": declaration.id, "wanted": declaration.geometry.value}
    absent = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    if absent.any():
        row = int(np.flatnonzero(absent)[0]) + 1
        raise ProjectError("project.error.missing_geometry", row=row, **facts)
    promoted = promote(shapely.force_2d(geometries), declaration.geometry)
    wrong = shapely.is_missing(promoted)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        found = geometries[row].geom_type
        raise ProjectError("project.error.geometry_type", row=row + 1, found=found, **facts)
    return promoted


def promote(geometries: Geometries, wanted: Geometry) -> Geometries:
    """Single parts become multi; None where a geometry is of another type than `wanted`."""
    kinds = shapely.get_type_id(geometries)
    promoted: Geometries = np.full(len(geometries), None, dtype=object)
    single = kinds == _PART[wanted]
    if wanted is Geometry.POINT:
        promoted[single] = geometries[single]
        return promoted
    kind = _WHOLE[wanted]
    makers = {
        shapely.GeometryType.MULTIPOLYGON: shapely.multipolygons,
        shapely.GeometryType.MULTILINESTRING: shapely.multilinestrings,
    }
    whole = kinds == kind
    promoted[whole] = geometries[whole]
    if single.any():
        promoted[single] = makers[kind](geometries[single], indices=np.arange(single.sum()))
    return promoted


def write(connection: sqlite3.Connection, declaration: LayerDeclaration, frame: Any) -> str:
    """Put a prepared frame in the place of all rows of the layer; its index gives the `fid`.

    Returns:
        The content hash.

    Raises:
        ProjectError: `project.error.bad_value` for a cell that does not fit its field.
    """
    table = quoted(declaration.id)
    stored = []
    for field in declaration.fields:
        try:
            stored.append(columns.to_store(frame[field.name], field.type))
        except (TypeError, ValueError) as error:
            raise ProjectError(
                "project.error.bad_value", layer=declaration.id, field=field.name, reason=error
            ) from error
    attributes = list(zip(*stored, strict=True))
    geometries = frame.geometry.to_numpy()
    geopackage.suspend_index(connection, declaration.id)
    connection.execute(f"DELETE FROM {table}")  # noqa: S608
    names = ", ".join(quoted(field.name) for field in declaration.fields)
    marks = ", ".join("?" * (len(declaration.fields) + 2))
    connection.executemany(
        f"INSERT INTO {table} (fid, geom, {names}) VALUES ({marks})",  # noqa: S608
        (
            (fid, blob, *row)
            for fid, blob, row in zip(
                frame.index.tolist(), geopackage.encode(geometries), attributes, strict=True
            )
        ),
    )
    geopackage.rebuild_index(connection, declaration.id)
    keys = [str(key) for key in frame[declaration.key]]
    return content_hash(keys, attributes, shapely.to_wkb(geometries, byte_order=1).tolist())
