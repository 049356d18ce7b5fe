"""Rows of means, totals and remarks below a table: told, and kept out of what the table holds."""

from dataclasses import replace

import numpy as np

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Kind, Severity
from gridmap.intake.looks import matching
from gridmap.intake.looks.notes import Notes

_SHOWN = 60


def without(table: RawTable, notes: Notes) -> RawTable:
    """The table without rows whose first cell says that they sum up or explain the others.

    They stay counted as read, and each is held back by a finding of its own. A file with
    geometry has no such rows.
    """
    if table.geometry is not None or not len(table.rows):
        return table
    first = table.cells.bfill(axis=1).iloc[:, 0].tolist()
    summing = np.array([text is not None and matching.is_summary(str(text)) for text in first])
    for i in np.flatnonzero(summing).tolist():
        notes.say(
            Kind.SUMMARY_ROW, Severity.ERROR, row=int(table.rows[i]), value=str(first[i])[:_SHOWN]
        )
    if not summing.any():
        return table
    cells = table.cells[~summing].reset_index(drop=True)
    return replace(table, cells=cells, rows=table.rows[~summing])
