"""A look at a file as features of a layer: meaning, cells, place, checks, changes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from gridmap.core.declaration import FieldDeclaration, LayerDeclaration
from gridmap.intake.cases import Outcome
from gridmap.intake.choices import Choices
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity
from gridmap.intake.loading import Prepared
from gridmap.intake.looks import (
    cells,
    claiming,
    columns,
    comparing,
    coordinates,
    geometry,
    layer_checks,
    matching,
    meaning,
    place_checks,
    placed,
    reference_checks,
    summaries,
    targets,
    values,
)
from gridmap.intake.looks.notes import Notes, replaced
from gridmap.intake.looks.references import References
from gridmap.intake.looks.values import shifted_days
from gridmap.intake.progress import Watch
from gridmap.store import Project


def look(
    table: RawTable,
    name: str,
    declaration: LayerDeclaration,
    choices: Choices,
    project: Project,
    known: References,
    watch: Watch,
) -> Outcome:
    """Everything that is found when the table becomes rows of the layer.

    Raises:
        IntakeError: for a choice that does not fit the file.
    """
    notes = Notes(table, choices)
    notes.take(table.findings, {})
    table = summaries.without(table, notes)
    wheres: tuple[str, ...] = ()
    if table.geometry is None:
        wheres = coordinates.columns_of(table, choices.lon, choices.lat)
    fields = [field for field in declaration.fields if field.name not in choices.fixed]
    stated = {k: v for k, v in choices.columns.items() if k not in choices.fixed}
    remembered = targets.remembered(project, declaration.id)
    matches = columns.match(table, fields, stated, remembered, wheres)
    notes.take(columns.ambiguous(table, fields, matches, stated), {})
    fixed = dict(choices.fixed)
    mapping, fixed, lacking = meaning.completed(
        table, declaration.fields, matches, fixed, name, notes
    )
    watch.step("check", 1, 5)
    table, frame = typed(table, declaration.fields, lacking, mapping, fixed, known, notes)
    _one_per_key(table, declaration, frame, notes)
    watch.step("check", 2, 5)
    claims = claiming.claims_of(table, declaration, mapping, known)
    try:
        place = placed.place(table, declaration, claims, known, choices, notes)
    except IntakeError as error:
        if error.key != "intake.error.no_geometry":
            raise
        notes.say(Kind.CANNOT_LOAD, Severity.ERROR, cause=error)
        return Outcome(ordered(notes.findings), frozenset(), matches=matches)
    watch.step("check", 3, 5)
    notes.take(
        matching.left_out(table.file, table.cells.columns, [*mapping.values(), *place.columns]), {}
    )
    shapes = place.geometry
    place_checks.look(table, declaration, shapes, mapping, claims, known, notes)
    held = notes.rows_held()
    good = np.array([g is not None for g in shapes], dtype=bool) & ~np.isin(table.rows, list(held))
    spoken = [n for n in frame if n in mapping or n in fixed]
    whole = geopandas.GeoDataFrame(
        frame.loc[good, spoken], geometry=shapes[good], crs=geometry.STORED
    ).reset_index(drop=True)
    rows = table.rows[good]
    changes = None
    if declaration.key in whole and not lacking and len(whole):
        watch.step("check", 4, 5)
        stored = known.layers.get(declaration.id)
        layer_checks.look(declaration, whole, rows, stored, choices.mode, notes, watch)
        reference_checks.look(
            project.declarations, declaration.id, whole, rows, known.layers, notes
        )
        changes = comparing.compared(declaration, stored, whole, choices.mode)
    found = ordered(notes.findings)
    blocked = any(finding.blocks for finding in found)
    ready = Prepared(table.file, whole, rows, table.rows_read, place.crs, found)
    good_rows = frozenset(int(row) for row in rows)
    return Outcome(
        found, good_rows, None if blocked else ready, matches, place.place, changes
    )  # fmt: skip


def typed(
    table: RawTable,
    all_fields: Sequence[FieldDeclaration],
    lacking: Sequence[str],
    mapping: dict[str, str],
    fixed: dict[str, Any],
    known: References,
    notes: Notes,
) -> tuple[RawTable, pd.DataFrame]:
    """Typed cells, and the table with the accepted fixes in it."""
    used = list(mapping.values())
    accepted = notes.take(cells.looked_over(table, used), {})
    accepted += notes.take(place_checks.unit_names(table, mapping, known), mapping)
    table = replaced(table, accepted)
    notes.take(cells.lost_zeros(table, all_fields, mapping), mapping)
    fields = [field for field in all_fields if field.name not in lacking]
    frame, findings = values.converted(table, fields, mapping, fixed)
    if table.date1904:
        findings = [shifted_days(finding) for finding in findings]
    duplicates = [f for f in findings if f.kind is Kind.DUPLICATE_KEY]
    accepted = notes.take([f for f in findings if f.kind is not Kind.DUPLICATE_KEY], mapping)
    if accepted:
        table = replaced(table, accepted)
        frame, findings = values.converted(table, fields, mapping, fixed)
        duplicates = [f for f in findings if f.kind is Kind.DUPLICATE_KEY]
        notes.take([f for f in findings if f.kind is not Kind.DUPLICATE_KEY], mapping)
    notes.take(
        [replace(f, action=Action.KEEP_LAST, fix="") for f in duplicates], mapping
    )  # fmt: skip
    return table, frame


def _one_per_key(
    table: RawTable, declaration: LayerDeclaration, frame: pd.DataFrame, notes: Notes
) -> None:
    """Where a later row of a key was accepted, the others of that key are held back."""
    winners: dict[str, int] = {}
    for finding in notes.findings:
        if finding.kind is Kind.DUPLICATE_KEY and finding.accepted and finding.row is not None:
            winners[finding.value] = max(finding.row, winners.get(finding.value, 0))
    if not winners:
        return
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, key in zip(table.rows.tolist(), frame[declaration.key].tolist(), strict=True):
        if key is not None and str(key) in winners:
            rows_of[str(key)].append(row)
    for key, winner in winners.items():
        for row in rows_of[key]:
            if row != winner:
                notes.say(
                    Kind.DUPLICATE_KEY, Severity.ERROR, row=row, field=declaration.key, value=key,
                    detail=str(winner), mark="former",
                )  # fmt: skip


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, then kind as first met, then row."""
    severities, kinds = list(Severity), list(dict.fromkeys(f.group for f in findings))
    return tuple(
        sorted(
            findings,
            key=lambda f: (severities.index(f.severity), kinds.index(f.group), f.row or 0),
        )
    )
