"""The findings of a case as a table, for a sheet."""

from typing import Any

import pandas as pd

from gridmap.intake.cases import Case
from gridmap.intake.findings import Finding


def findings_table(case: Case) -> pd.DataFrame:
    """The findings, one row each, as plain values in the order of the case.

    Columns: id, severity, kind, title, file, sheet, row, cell, column, field, value, message,
    proposal, accepted (None where there is nothing to accept), rows, lon, lat.
    """
    return pd.DataFrame(
        [_as_row(finding) for finding in case.findings],
        columns=[
            "id", "severity", "kind", "title", "file", "sheet", "row", "cell", "column", "field",
            "value", "message", "proposal", "accepted", "rows", "lon", "lat",
        ],
        dtype=object,
    )  # fmt: skip


def _as_row(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.id, finding.severity.value, finding.kind.value, finding.summary, finding.file,
        finding.sheet, finding.row, finding.cell, finding.column, finding.field, finding.value,
        finding.message, finding.proposal, finding.accepted if finding.proposes else None,
        ", ".join(map(str, finding.rows)), finding.lon, finding.lat,
    )  # fmt: skip
