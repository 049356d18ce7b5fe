"""What the columns of a file can be read as, in words: fields, coordinates, roles, items, units."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gridmap.capabilities.doctor.page.columns import COLUMN, FIXED, UNIT, ColumnRow, Options
from gridmap.core.declaration import FieldDeclaration, Geometry
from gridmap.intake.choices import ITEM, LAT, LON, SERIES, Choices
from gridmap.intake.doctor import Case, fields_of
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.findings import Action, Kind
from gridmap.intake.looks import coordinates
from gridmap.intake.looks.columns import ColumnMatch
from gridmap.intake.looks.matching import usual
from gridmap.intake.looks.units import convertible
from gridmap.standards.item_files import items
from gridmap.store import Project
from gridmap.texts import pick, t

BOTH: Final = "lon+lat"
STATION: Final = "station"
YEAR: Final = "year"
NOTHING: Final = ""
_ASKED: Final = frozenset({Kind.NO_COLUMN, Kind.VALUE_FOR_ALL})


def column_rows(case: Case, project: Project) -> tuple[ColumnRow, ...]:
    """The columns of the file, then the fields that no column fills and a person can fill."""
    fields = {field.name: field for field in fields_of(case.target, project)}
    options = _options(case, project, fields)
    places = _places(case)
    mapped = {
        f.column: f.field for f in case.findings if f.accepted and f.action is Action.MAP
    }  # fmt: skip
    known = {match.column: match for match in case.matches}
    rows = []
    for column in case.reading.table.cells.columns:
        match = known.get(column) or _unmatched(case, column)
        chosen = places.get(column) or _chosen(match, mapped, case.target) or _said(case, column)
        rows.append(
            ColumnRow(
                COLUMN + column, column, options, chosen, _reason(match, case, chosen),
                t("verdict.join.clauses").join(match.samples), *_units(case, column, chosen),
            )
        )  # fmt: skip
    said = _series_rows(case) if case.target == SERIES else _fixed_rows(case, fields)
    return (*rows, *said)


def said_of_column(choices: Choices, name: str, value: str) -> Choices:
    """The choices, and what a person chose in the table of columns.

    Args:
        choices: before.
        name: `COLUMN` or `UNIT` with a heading, `FIXED` with a field.
        value: a meaning of `column_rows`, a unit, or the value of every row; "" for none.
    """
    if choices.target == SERIES and name == FIXED + YEAR:
        return replace(choices, year=int(value) if value.isdecimal() else value or None)
    if choices.target == SERIES and name == FIXED + STATION:
        return replace(choices, station=value or None)
    if name.startswith(FIXED):
        fixed = {k: v for k, v in choices.fixed.items() if k != name.removeprefix(FIXED)}
        if value:
            fixed[name.removeprefix(FIXED)] = value
        return replace(choices, fixed=fixed)
    if name.startswith(UNIT):
        units = {k: v for k, v in choices.units.items() if k != name.removeprefix(UNIT)}
        if value:
            units[name.removeprefix(UNIT)] = value
        return replace(choices, units=units)
    heading = name.removeprefix(COLUMN)
    if value == BOTH:
        return replace(choices.assigned(heading, LON), lon=heading, lat=heading)
    return choices.assigned(heading, value or None)


def _unmatched(case: Case, column: str) -> ColumnMatch:
    cells = case.reading.table.cells[column].dropna().unique()[:3]
    samples = tuple(str(cell)[:60] for cell in cells)
    return ColumnMatch(column, None, 0.0, "none", samples)


def _chosen(match: ColumnMatch, mapped: Mapping[str, str], target: str | None) -> str:
    field = match.field if match.sure else mapped.get(match.column)
    if field is None:
        return NOTHING
    return ITEM + field if target == SERIES and field in items() else field


def _said(case: Case, column: str) -> str:
    """What a person said of a column of a file that cannot be understood yet."""
    choices = case.choices
    said = {heading: field for field, heading in choices.columns.items()}
    said |= {heading: ITEM + item for heading, item in choices.items.items()}
    return said.get(column, NOTHING)


def _reason(match: ColumnMatch, case: Case, chosen: str) -> str:
    if match.column in case.choices.left_out:
        return t("app.doctor.reason.stated")
    told = t(f"app.doctor.reason.{match.reason}")
    if match.field and not match.sure and not chosen:
        return t("app.doctor.reason.only_proposed", reason=told)
    return f"{told} {match.confidence:.2f}" if match.field else told


def _options(case: Case, project: Project, fields: Mapping[str, FieldDeclaration]) -> Options:
    if case.target is None:
        return ()
    found = [(NOTHING, t("app.doctor.reason.none"))]
    if case.target == SERIES:
        found += [(role, t(f"app.doctor.role.{role}")) for role in usual("readings")]
        found += [(ITEM + one.id, pick(one.title.as_dict())) for one in items().values()]
        return tuple(found)
    declaration = project.declarations.get(case.target or "")
    points = declaration is not None and declaration.geometry is Geometry.POINT
    if points and case.reading.table.geometry is None:
        found += [(name, t(f"app.doctor.role.{name}")) for name in (LON, LAT)]
        found.append((BOTH, t("app.doctor.role.both")))
    found += [(field.name, field_title(field)) for field in fields.values()]
    return tuple(found)


def field_title(field: FieldDeclaration) -> str:
    """A field as people call it, with the unit of its values and a mark where it is required."""
    title = pick(field.title.as_dict())
    if field.unit:
        title = f"{title} ({field.unit})"
    return f"{title} *" if field.required or field.key else title


def _places(case: Case) -> dict[str, str]:
    """Heading → longitude, latitude or both; empty where the file has none or has geometry."""
    if case.place is None or case.reading.table.geometry is not None:
        return {}
    try:
        table = case.reading.table.without(case.choices.left_out)
        columns = coordinates.columns_of(table, case.choices.lon, case.choices.lat)
    except IntakeError:
        return {}
    names = (BOTH,) if len(columns) == 1 else (LON, LAT)
    return dict(zip(columns, names, strict=False))


def _units(case: Case, column: str, chosen: str) -> tuple[Options, str]:
    """The units in which the readings of a column can stand, and the one that was said."""
    if not chosen.startswith(ITEM):
        return (), ""
    item = items()[chosen.removeprefix(ITEM)]
    offered = [(one, one) for one in convertible(item.unit)]
    if len(offered) == 1 and column not in case.choices.units:
        return (), ""
    accepted = {
        f.column: f.fix for f in case.findings if f.accepted and f.action is Action.UNIT
    }  # fmt: skip
    said = case.choices.units.get(column) or accepted.get(column) or ""
    return ((NOTHING, t("app.doctor.unit_as_stated")), *offered), said


def _series_rows(case: Case) -> list[ColumnRow]:
    """What readings need and the file does not say: the year of its times, its one station."""
    causes = {f.cause.key for f in case.findings if f.cause is not None}
    rows = []
    if case.choices.station or "intake.error.no_station" in causes:
        known = sorted(
            {(code, f"{name} {code}") for name, code in case.references.stations.items()}
        )
        rows.append((STATION, tuple(known), case.choices.station or ""))
    if case.choices.year or any(f.kind is Kind.NO_YEAR for f in case.findings):
        rows.append((YEAR, (), str(case.choices.year or "")))
    return [
        ColumnRow(
            FIXED + name, t(f"app.doctor.role.{name}"), options, value, t("app.doctor.fixed"), "",
            free=True,
        )
        for name, options, value in rows
    ]  # fmt: skip


def _fixed_rows(case: Case, fields: Mapping[str, FieldDeclaration]) -> list[ColumnRow]:
    asked = {f.field for f in case.findings if f.kind in _ASKED and f.field in fields}
    asked |= set(case.choices.fixed) & set(fields)
    rows = []
    for name, field in fields.items():
        if name not in asked:
            continue
        filled = {f.fix for f in case.findings if f.field == name and f.accepted and f.fix}
        value = str(case.choices.fixed.get(name) or next(iter(filled), ""))
        titles = field.value_titles
        words = [
            (one, pick(titles[one].as_dict()) if one in titles else one) for one in field.values
        ]
        options = ((NOTHING, t("app.doctor.fixed_open")), *words) if words else ()
        rows.append(
            ColumnRow(
                FIXED + name, field_title(field), options, value,
                t("app.doctor.fixed"), "", free=not words,
            )
        )  # fmt: skip
    return rows
