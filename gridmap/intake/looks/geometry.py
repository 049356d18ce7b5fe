"""Geometry of a file, brought to EPSG:4490 and looked over; nothing is repaired."""

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import pyproj.transformer
import shapely

from gridmap.core.datum import Datum, to_wgs84
from gridmap.core.declaration import Geometry
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.store.features import promote
from gridmap.store.geopackage import Geometries

STORED: Final = pyproj.CRS.from_epsg(4490)
# WGS 84 and CGCS2000 agree within about a metre and count as the same for mapping.
_SAME: Final = frozenset({4326, 4490, 4979, 4480})
# The territory with the islands of the South China Sea; on the mainland 18–54 north.
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 135.5, 3.0, 54.0


def to_stored(
    table: RawTable, geometry: Geometries, crs: str | None
) -> tuple[Geometries, str, list[Finding]]:
    """Geometry in EPSG:4490, the name of the reference system it came in, and findings.

    Args:
        table: the file, with the reference system that it states.
        geometry: of its rows, in that system.
        crs: what the caller states: a pyproj name, "GCJ-02" or "BD-09".

    Raises:
        IntakeError: `intake.error.no_crs` where nobody states one, `.two_crs` where file and
            caller disagree, `.bad_crs` for one that does not exist.
    """
    datum = _datum(crs)
    if datum is not None:
        shifted = shapely.transform(
            geometry, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))
        )
        return shifted, datum.value, []
    source = _source(table, crs)
    name = source.to_string()
    if source.to_epsg() in _SAME or _is_crs84(source):
        return geometry, "EPSG:4326" if _is_crs84(source) else name, []
    group = pyproj.transformer.TransformerGroup(source, STORED, always_xy=True)
    transformer = group.transformers[0]
    findings = []
    if transformer.accuracy < 0:
        findings.append(
            Finding(Kind.ROUGH_TRANSFORMATION, Severity.WARNING, table.file, detail=name)
        )
    moved = shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    return moved, name, findings


def looked_over(
    table: RawTable, geometry: Geometries, wanted: Geometry
) -> tuple[Geometries, list[Finding]]:
    """Geometry of the declared type, None where a finding holds the row back."""
    geometry = geometry.copy()
    findings: list[Finding] = []

    def hold(kind: Kind, mask: Any, detail: Any = None) -> None:
        for i in np.flatnonzero(mask).tolist():
            row, text = int(table.rows[i]), detail[i] if detail is not None else ""
            findings.append(Finding(kind, Severity.ERROR, table.file, row, detail=text))
            geometry[i] = None

    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    hold(Kind.GEOMETRY_MISSING, absent)
    promoted = promote(_single_points(geometry, wanted), wanted)
    wrong = shapely.is_missing(promoted) & ~absent
    types = [None if g is None else f"{g.geom_type} ≠ {wanted.value}" for g in geometry]
    hold(Kind.GEOMETRY_TYPE, wrong, types)
    promoted[shapely.is_missing(geometry)] = None
    geometry = promoted
    bad = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    hold(Kind.GEOMETRY_INVALID, bad, shapely.is_valid_reason(geometry))
    bounds = shapely.bounds(geometry)
    with np.errstate(invalid="ignore"):
        outside = ~_in_china(bounds) & ~np.isnan(bounds[:, 0])
        swapped = outside & _in_china(bounds[:, [1, 0, 3, 2]])
    places = [f"{x:.6f}, {y:.6f}" for x, y in bounds[:, :2].tolist()]
    for i in np.flatnonzero(swapped):
        x, y = bounds[i, :2].tolist()
        findings.append(
            Finding(
                Kind.SWAPPED_AXES, Severity.ERROR, table.file, int(table.rows[i]),
                value=places[i], fix=f"{y:.6f}, {x:.6f}",
            )
        )  # fmt: skip
        geometry[i] = None
    hold(Kind.OUTSIDE_CHINA, outside & ~swapped, places)
    return geometry, findings


def _in_china(bounds: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds.T
    inside: npt.NDArray[np.bool_] = (west >= _WEST) & (south >= _SOUTH)
    inside &= (east <= _EAST) & (north <= _NORTH)
    return inside


def _single_points(geometry: Geometries, wanted: Geometry) -> Geometries:
    """A multipoint of one point is that point."""
    if wanted is not Geometry.POINT:
        return geometry
    one = (shapely.get_type_id(geometry) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(geometry) == 1
    )
    return np.where(one, shapely.get_geometry(geometry, 0), geometry)


def _datum(crs: str | None) -> Datum | None:
    plain = re.sub(r"[-_ ]", "", crs or "").upper()
    return {"GCJ02": Datum.GCJ02, "BD09": Datum.BD09}.get(plain)


def agreeing(table: RawTable, crs: str) -> None:
    """Refuse a stated reference system where the file states another; a datum is no such one.

    Raises:
        IntakeError: `intake.error.two_crs`, `.bad_crs`.
    """
    if _datum(crs) is None:
        _source(table, crs)


def _source(table: RawTable, crs: str | None) -> pyproj.CRS:
    if crs is None:
        if table.crs is None:
            raise IntakeError("intake.error.no_crs", file=table.path)
        return table.crs
    try:
        stated = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise IntakeError("intake.error.bad_crs", file=table.path, crs=crs) from error
    if table.crs is not None and not table.crs.equals(stated, ignore_axis_order=True):
        raise IntakeError(
            "intake.error.two_crs", file=table.path, crs=crs, found=table.crs.to_string()
        )
    return stated


def _is_crs84(crs: pyproj.CRS) -> bool:
    return bool(crs.to_authority() == ("OGC", "CRS84"))
