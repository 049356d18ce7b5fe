"""A row of units under the heading of a wide table: it is no reading, it says the units."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Kind, Severity
from gridmap.intake.looks import times, units
from gridmap.intake.looks.matching import folded, usual
from gridmap.intake.looks.notes import Notes
from gridmap.intake.series.headings import SeriesPlan, item_and_unit

_FIRST: Final = 3
_BRACKETS: Final = "()（）[]【】"


def lifted(
    table: RawTable, roles: Mapping[str, str], plan: SeriesPlan, notes: Notes
) -> tuple[RawTable, SeriesPlan]:
    """The table without its row of units, and the plan with these; both as they are without one.

    Such a row has a unit under an item, no number under any, and no time. What a person states
    outweighs it; a heading with a unit of its own that says otherwise is told and not loaded.

    Args:
        table: of a file.
        roles: role → heading.
        plan: what is known of the table.
        notes: gets what was found.
    """
    if {"item", "value"} <= set(roles) or "time" not in roles:
        return table, plan
    columns = {
        heading: item_and_unit(heading)[1]
        for heading in table.cells.columns
        if heading not in roles.values()
        and ((plan.items or {}).get(heading) or item_and_unit(heading)[0])
    }
    for i in range(min(_FIRST, len(table.rows))):
        texts = {heading: table.cells[heading].iloc[i] for heading in columns}
        said = {h: text.strip(_BRACKETS) for h, text in texts.items() if text is not None}
        found = {h: text for h, text in said.items() if units.unit_of(text) is not None}
        if not _is_one(found, said, table.cells[roles["time"]].iloc[i], plan):
            continue
        left = set()
        for heading, text in said.items():
            written = columns[heading]
            known = None if written is None else units.unit_of(written)
            if heading in found and known not in {None, units.unit_of(text)}:
                left.add(heading)
                notes.say(
                    Kind.UNIT_CONTRADICTED, Severity.WARNING, column=heading, value=str(written),
                    detail=text,
                )  # fmt: skip
        row = int(table.rows[i])
        told = ", ".join(f"{heading} {text}" for heading, text in said.items())
        notes.say(Kind.UNIT_ROW, Severity.HINT, detail=told, rows=(row,), value=str(row))
        stated = {**said, **(plan.units or {})}
        keep = [j for j in range(len(table.rows)) if j != i]
        cells = table.cells.iloc[keep].reset_index(drop=True)
        table = replace(
            table, cells=cells, rows=table.rows[keep], rows_read=table.rows_read - 1
        )  # fmt: skip
        return table, replace(plan, units=stated, left_out=plan.left_out | left)
    return table, plan


def _is_one(
    found: Mapping[str, str], said: Mapping[str, str], time: str | None, plan: SeriesPlan
) -> bool:
    """Whether the cells of a row say units."""
    real = {text for text in found.values() if text not in {"1", "-"}}
    if not real or any(_is_number(text) for text in said.values()):
        return False
    if time is None or folded(time) in usual("unit_row")["label"]:
        return True
    moments, _ = times.parse([time], times.zone_of(plan.zone))
    return bool(moments.isna().all()) and not any(figure.isdecimal() for figure in time)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return text != "1"
