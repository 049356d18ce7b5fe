"""A look at a file as a roster: people, posts, departments, or people and posts in one sheet."""

from dataclasses import replace

import numpy as np

from gridmap.intake import roster_words, rosters
from gridmap.intake.cases import Outcome
from gridmap.intake.choices import Choices
from gridmap.intake.files.tables import RawTable
from gridmap.intake.layer_case import ordered
from gridmap.intake.looks import cells, columns, matching, meaning, summaries, targets, values
from gridmap.intake.looks.notes import Notes, replaced
from gridmap.store import Project


def look(table: RawTable, name: str, target: str, choices: Choices, project: Project) -> Outcome:
    """Everything that is found when the table becomes rows of the roster.

    Raises:
        IntakeError: for a choice that does not fit the file.
    """
    notes = Notes(table, choices)
    notes.take(table.findings, {})
    table = summaries.without(table, notes)
    fields = rosters.fields()[target]
    open_fields = [field for field in fields if field.name not in choices.fixed]
    stated = {k: v for k, v in choices.columns.items() if k not in choices.fixed}
    matches = columns.match(table, open_fields, stated, targets.remembered(project, target))
    notes.take(columns.ambiguous(table, open_fields, matches, stated), {})
    # A key that nobody delivers is made of the row's content.
    asked = [field for field in fields if not field.key or target == "departments"]
    mapping, fixed, lacking = meaning.completed(
        table, asked, [m for m in matches if m.field != fields[0].name or fields[0] in asked],
        dict(choices.fixed), name, notes,
    )  # fmt: skip
    sure = columns.sure_mapping(matches)
    mapping = {**sure, **mapping}
    accepted = notes.take(cells.looked_over(table, mapping.values()), {})
    table = replaced(table, accepted)
    notes.take(cells.lost_zeros(table, fields, mapping), mapping)
    worded, _ = roster_words.split(table, mapping)
    named = [field for field in fields if field.name in mapping]
    _, findings = values.converted(worded, named, mapping, {})
    accepted = notes.take(findings, mapping)
    table = replaced(table, accepted)
    notes.take(matching.left_out(table.file, table.cells.columns, mapping.values()), {})
    if lacking:
        return Outcome(ordered(notes.findings), frozenset(), matches=matches)
    stated_mapping = {name: column for name, column in mapping.items() if name not in fixed}
    whole = choices.mode == "replace"
    for _ in range(2):  # a second time with what was accepted in the first
        kept = replace(table, cells=table.cells[list(dict.fromkeys(stated_mapping.values()))])
        kept = replace(kept, findings=())
        roster = rosters.prepare(
            project, target, kept, stated_mapping, fixed, replace_all=whole
        )  # fmt: skip
        accepted = notes.take(roster.findings, mapping)
        if not accepted:
            break
        table = replaced(table, accepted)
    held = notes.rows_held()
    good = [int(row) for row in table.rows if int(row) not in held]
    found = ordered(notes.findings)
    roster = replace(roster, table=table, findings=list(found))
    blocked = any(finding.blocks for finding in found) or not np.any(good)
    return Outcome(found, frozenset(good), None if blocked else roster, matches)
