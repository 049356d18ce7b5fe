"""From coordinates as delivered to places in EPSG:4490, with every doubt put to a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gridmap.core import topology
from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.core.topology import FaultKind
from gridmap.intake.choices import Choices
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity
from gridmap.intake.looks import coordinates, geometry, placing, row_systems
from gridmap.intake.looks import stated as statements
from gridmap.intake.looks.notes import Notes
from gridmap.intake.looks.placing import PLAIN, Claims, PlaceGuess
from gridmap.intake.looks.references import References
from gridmap.intake.looks.stated import Stated
from gridmap.store.geopackage import Geometries
from gridmap.texts import t

_DEGREES: Final = frozenset({PLAIN, "GCJ-02", "BD-09"})


@dataclass(frozen=True)
class Place:
    """How the coordinates were read, and how else they could be.

    `stated` is what the file says of its reference system, `chosen` in which it was read
    (None = not decided yet), `guesses` the ranked readings, `column` the heading that names
    units. `before` and `after`, shape (n, 2), degrees of EPSG:4490, NaN where unknown, are the
    places as delivered and as chosen (or as proposed, while that is open); `mean_shift_m`
    their mean distance, `units_changed` how many rows change their unit between them.
    """

    stated: str | None
    chosen: str | None
    guesses: tuple[PlaceGuess, ...]
    column: str
    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]
    mean_shift_m: float
    units_changed: int


@dataclass(frozen=True)
class Placed:
    """Geometry of the rows in EPSG:4490, None where held back; shape (n,)."""

    geometry: Geometries
    crs: str
    place: Place
    columns: tuple[str, ...] = ()


def place(
    table: RawTable,
    declaration: LayerDeclaration,
    claims: Claims,
    references: References,
    choices: Choices,
    notes: Notes,
) -> Placed:
    """Read, orient, convert and check the geometry of all rows.

    Raises:
        IntakeError: `intake.error.no_geometry`, `.bad_crs`, `.stated_column`.
    """
    raw, columns = _raw(table, declaration, choices, notes)
    raw, oriented, swapped = _oriented(table, raw, choices, notes)
    said = _said(table, columns, oriented, choices, notes)
    delivered = oriented
    if said is not None and said.whole is None:
        # Each row has its own: from here on all are degrees of EPSG:4490.
        raw, oriented = row_systems.converted(raw, said), row_systems.converted(oriented, said)
    stated = _stated(table) if said is None else said.whole or PLAIN
    guesses = placing.ranked(
        oriented,
        claims,
        references,
        also=[
            name for name in (stated, choices.crs) if name and (name == stated or choices.recalled)
        ],
        role=declaration.role,
    )
    chosen = _chosen(table, guesses, stated, said, choices, notes)
    place_of = _place(delivered, oriented, stated, chosen, guesses, claims, references)
    if chosen is None:
        return Placed(np.full(len(raw), None, dtype=object), "", place_of, columns)
    # What the file states keeps its name, though WGS 84 and CGCS2000 are read alike.
    as_stated = choices.crs is None and chosen == stated and table.crs is not None
    moved, crs, noticed = (
        geometry.to_stored(table, raw, None)
        if as_stated
        else geometry.to_stored(replace(table, crs=None), raw, chosen)
    )
    if said is not None and said.whole is None:
        crs = ", ".join(said.named)
    notes.take(noticed, {})
    moved = _repaired(table, moved, declaration, notes)
    moved[swapped] = None
    already = notes.rows_held()
    checked, noticed = geometry.looked_over(table, moved, declaration.geometry)
    notes.take([f for f in noticed if _is_new(f, already)], {})
    return Placed(checked, crs, place_of, columns)


def _is_new(finding: Finding, already: frozenset[int]) -> bool:
    # An unreadable coordinate is one mistake, not two.
    return not (finding.kind is Kind.GEOMETRY_MISSING and finding.row in already)


def _raw(
    table: RawTable, declaration: LayerDeclaration, choices: Choices, notes: Notes
) -> tuple[Geometries, tuple[str, ...]]:
    if table.geometry is not None:
        deep = int(shapely.has_z(table.geometry).sum())
        if deep:
            notes.say(Kind.FLATTENED, Severity.HINT, count=deep)
        return shapely.force_2d(table.geometry), ()
    columns = coordinates.columns_of(table, choices.lon, choices.lat)
    if not columns or declaration.geometry is not Geometry.POINT:
        have = ", ".join(table.cells.columns)
        wanted = declaration.geometry.value
        raise IntakeError("intake.error.no_geometry", file=table.file, wanted=wanted, have=have)
    pairs = coordinates.pairs(table, columns)
    notes.take(pairs.findings, {})
    made: Geometries = np.full(len(table.rows), None, dtype=object)
    good = np.isfinite(pairs.xy).all(axis=1)
    made[good] = shapely.points(pairs.xy[good])
    return made, columns


def _oriented(
    table: RawTable, raw: Geometries, choices: Choices, notes: Notes
) -> tuple[Geometries, Geometries, npt.NDArray[np.bool_]]:
    """Geometry as accepted, geometry with all axes put right (to judge by), rows held back.

    Metres whose first value is the northing follow a custom of surveyors: the whole file is
    turned. Degrees are turned row by row, and only if that is accepted.
    """
    points = placing.representative(raw)
    if choices.axes == "yx":
        turned = shapely.transform(raw, _flip)
        return turned, turned, np.zeros(len(raw), dtype=bool)
    wrong = placing.swapped_rows(points)
    if choices.axes == "xy":
        wrong[:] = False
    with np.errstate(invalid="ignore"):
        metres = bool(np.nanmax(np.abs(points), initial=0.0) > 360)  # noqa: PLR2004
    there = np.isfinite(points).all(axis=1)
    if metres and wrong.sum() > there.sum() / 2:
        turned = shapely.transform(raw, _flip)
        return turned, turned, np.zeros(len(raw), dtype=bool)
    oriented = raw.copy()
    if wrong.any():
        oriented[wrong] = shapely.transform(raw[wrong], _flip)
    accepted = raw.copy()
    held = wrong.copy()
    for i in np.flatnonzero(wrong).tolist():
        x, y = points[i].tolist()
        if notes.say(
            Kind.SWAPPED_AXES, Severity.ERROR, row=int(table.rows[i]), value=f"{x:.6f}, {y:.6f}",
            fix=f"{y:.6f}, {x:.6f}", action=Action.SWAP, detail=t("doctor.evidence.swapped"),
        ):  # fmt: skip
            accepted[i], held[i] = oriented[i], False
    return accepted, oriented, held


def _flip(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return xy[:, ::-1]


def _said(
    table: RawTable,
    columns: tuple[str, ...],
    oriented: Geometries,
    choices: Choices,
    notes: Notes,
) -> Stated | None:
    """What the table says of its system in words, if that decides how it is read.

    A person's word outweighs it, and the file's own reference system (.prj) stands beside it:
    then a contradiction is told. "CGCS2000" says nothing about the zone of metres.
    """
    said = statements.of_table(table, columns)
    if said is None or not (said.named or row_systems.unknown(said).any()):
        return None
    against = choices.crs or _stated(table)
    if against is not None:
        others = [name for name in said.named if name != _plain_name(against)]
        if others:
            notes.say(
                Kind.DATUM_OVERRULED, Severity.WARNING, column=said.heading, value=against,
                detail=", ".join(others),
            )  # fmt: skip
        return None
    with np.errstate(invalid="ignore"):
        metres = bool(np.nanmax(np.abs(placing.representative(oriented)), initial=0.0) > 360)  # noqa: PLR2004
    if metres and set(said.named) <= _DEGREES:
        return None
    row_systems.told(table, said, oriented, notes)
    return said


def _plain_name(crs: str) -> str:
    return statements.system_in(crs) or crs


def _stated(table: RawTable) -> str | None:
    """The reference system that the file states; WGS 84 and CGCS2000 count as the same."""
    if table.crs is None:
        return None
    authority = table.crs.to_authority()
    if table.crs.to_epsg() in {4326, 4490, 4979, 4480} or authority == ("OGC", "CRS84"):
        return PLAIN
    return str(table.crs.to_string())


def _chosen(
    table: RawTable,
    guesses: Sequence[PlaceGuess],
    stated: str | None,
    said: Stated | None,
    choices: Choices,
    notes: Notes,
) -> str | None:
    if choices.crs is not None:
        return _as_said(_checked_crs(table, choices.crs), guesses, choices, notes)
    best = guesses[0] if guesses else None
    degrees = any(guess.crs in _DEGREES for guess in guesses)
    assumed = stated or (PLAIN if table.geometry is None and degrees else None)
    if assumed is None:
        detail = t("doctor.evidence.none") if best is None else told(best)
        crs = None if best is None else best.crs
        action = None if best is None else Action.CRS
        accepted = notes.say(
            Kind.NO_CRS, Severity.ERROR, value=crs or "", fix=crs, detail=detail, action=action,
            mark=crs or "", count=len(table.rows),
        )  # fmt: skip
        return crs if accepted else None
    if stated is None:
        notes.say(Kind.NO_DATUM, Severity.WARNING, count=len(table.rows))
    as_read = next((guess for guess in guesses if guess.crs == assumed), None)
    leads = best is not None and as_read is not None and best.leads(as_read)
    if best is None or not leads or best.crs == assumed or as_read is None:
        return assumed
    detail = t("doctor.evidence.against", best=told(best), other=told(as_read))
    if said is not None:  # what contradicts the file's own words is told, never proposed
        notes.say(
            Kind.DATUM_DOUBTED, Severity.WARNING, value=best.crs, column=said.heading,
            detail=detail, count=len(table.rows),
        )  # fmt: skip
        return assumed
    accepted = notes.say(
        Kind.OTHER_DATUM, Severity.WARNING, value=best.crs, fix=best.crs, detail=detail,
        action=Action.CRS, mark=best.crs, count=len(table.rows),
    )  # fmt: skip
    return best.crs if accepted else assumed


def _as_said(crs: str, guesses: Sequence[PlaceGuess], choices: Choices, notes: Notes) -> str:
    """The system that a person named; one named for a former file is held against the places."""
    as_read = next((guess for guess in guesses if guess.crs == crs), None)
    if not choices.recalled or as_read is None or not guesses[0].leads(as_read):
        return crs
    best = guesses[0]
    accepted = notes.say(
        Kind.OTHER_DATUM, Severity.WARNING, value=best.crs, fix=best.crs,
        detail=t("doctor.evidence.against", best=told(best), other=told(as_read)),
        action=Action.CRS, mark=best.crs,
    )  # fmt: skip
    return best.crs if accepted else crs


def told(guess: PlaceGuess) -> str:
    """A guess and its evidence as a sentence in the current language."""
    evidence = []
    if guess.named is not None:
        share = f"{guess.named:.0%}"
        if guess.areal:
            evidence.append(t("doctor.evidence.overlap", share=share))
        else:
            evidence.append(t("doctor.evidence.named", share=share))
    if guess.offset_m is not None:
        evidence.append(t("doctor.evidence.offset", metres=f"{guess.offset_m:,.1f}"))
    if guess.territory is not None:
        evidence.append(t("doctor.evidence.territory", share=f"{guess.territory:.0%}"))
    if guess.rivers is not None:
        evidence.append(t("doctor.evidence.rivers", share=f"{guess.rivers:.0%}"))
    if not evidence:
        evidence.append(t("doctor.evidence.china", share=f"{guess.china:.0%}"))
    return t(
        "doctor.evidence.guess", crs=guess.crs, evidence="，".join(evidence),
        confidence=f"{guess.confidence:.2f}",
    )  # fmt: skip


def _checked_crs(table: RawTable, crs: str) -> str:
    if crs.upper() in {"GCJ-02", "BD-09"}:
        return crs.upper()
    try:
        pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise IntakeError("intake.error.bad_crs", file=table.path, crs=crs) from error
    return crs


def _place(
    delivered: Geometries,
    oriented: Geometries,
    stated: str | None,
    chosen: str | None,
    guesses: Sequence[PlaceGuess],
    claims: Claims,
    references: References,
) -> Place:
    points = placing.representative(oriented)
    # Before: as it was delivered, also where each row was converted by its own system.
    raw_points = points if delivered is oriented else placing.representative(delivered)
    proposed = guesses[0].crs if guesses else None
    base = stated if stated is not None else PLAIN
    # Once decided, the move that was decided; while open, the move that is proposed.
    target = chosen if chosen is not None and chosen != base else proposed or chosen
    before, after = _degrees(raw_points, base), _degrees(points, target)
    old, new = (references.containing(_points(xy), "township") for xy in (before, after))
    both = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
    return Place(
        stated, chosen, tuple(guesses), claims.column, before, after,
        placing.mean_shift(before, after), int(((old != new) & both).sum()),
    )  # fmt: skip


def _degrees(points: npt.NDArray[np.float64], crs: str | None) -> npt.NDArray[np.float64]:
    nothing = np.full(points.shape, np.nan)
    if crs is None:
        return nothing
    good = np.isfinite(points).all(axis=1)
    found = nothing.copy()
    if good.any():
        found[good] = placing.converter(crs)(points[good])
    with np.errstate(invalid="ignore"):
        wild = ~(np.abs(found) <= (180, 90)).all(axis=1)
    found[wild] = np.nan
    return found


def _points(xy: npt.NDArray[np.float64]) -> Geometries:
    made: Geometries = np.full(len(xy), None, dtype=object)
    good = np.isfinite(xy).all(axis=1)
    made[good] = shapely.points(xy[good])
    return made


def _repaired(
    table: RawTable, moved: Geometries, declaration: LayerDeclaration, notes: Notes
) -> Geometries:
    """Closed lines made areas and invalid areas made valid, where that was accepted."""
    moved = moved.copy()
    if declaration.geometry is Geometry.POLYGON:
        _close(table, moved, notes)
    for fault in topology.invalid(moved):
        i = fault.units[0]
        nested = fault.kind is FaultKind.NESTED_SHELL
        where: dict[str, Any] = {}
        if np.isfinite(fault.lon):
            where = {"lon": fault.lon, "lat": fault.lat}
        if notes.say(
            Kind.NESTED_SHELL if nested else Kind.GEOMETRY_INVALID, Severity.ERROR,
            row=int(table.rows[i]), detail=_with_place(fault), fix="", action=Action.REPAIR,
            **where,
        ):  # fmt: skip
            moved[i] = topology.repaired(moved[i : i + 1])[0]
        else:
            moved[i] = None
    return moved


def _with_place(fault: topology.Fault) -> str:
    if not np.isfinite(fault.lon):
        return fault.detail
    return f"{fault.detail}: {fault.lon:.6f}, {fault.lat:.6f}"


def _close(table: RawTable, moved: Geometries, notes: Notes) -> None:
    kinds = shapely.get_type_id(moved)
    closed = (kinds == shapely.GeometryType.LINESTRING) & shapely.is_closed(moved)
    closed &= shapely.get_num_coordinates(moved) > 3  # noqa: PLR2004  a ring needs four
    for i in np.flatnonzero(closed).tolist():
        if notes.say(
            Kind.CLOSED_LINE, Severity.ERROR, row=int(table.rows[i]), fix="", action=Action.CLOSE
        ):
            moved[i] = shapely.polygons(shapely.linearrings(shapely.get_coordinates(moved[i])))
        else:
            moved[i] = None
