"""Collecting findings while a file is looked over, each with the answer it was given."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from gridmap.intake.choices import Choices
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity


class Notes:
    """The findings on one table so far. One look, one thread."""

    def __init__(self, table: RawTable, choices: Choices) -> None:
        self.findings: list[Finding] = []
        self._table = table
        self._choices = choices
        self._ids: set[str] = set()

    def add(self, finding: Finding) -> bool:
        """Note a finding; True if its fix was accepted. The same one is noted once."""
        cell = finding.cell or self._table.address(finding.row, finding.column)
        accepted = self._choices.accepts(finding)
        answered = replace(finding, sheet=self._table.sheet, cell=cell, accepted=accepted)
        if answered.id not in self._ids:
            self._ids.add(answered.id)
            self.findings.append(answered)
        return answered.accepted

    def say(self, kind: Kind, severity: Severity, **facts: Any) -> bool:
        """Note a finding on this table; True if its fix was accepted."""
        return self.add(Finding(kind, severity, self._table.file, **facts))

    def take(self, findings: Iterable[Finding], mapping: Mapping[str, str]) -> list[Finding]:
        """Note findings on cells, with column and proposal; give back those accepted."""
        accepted = []
        for finding in findings:
            column = mapping.get(finding.field, finding.column or finding.field)
            proposes = finding.fix is not None and finding.row is not None
            action = finding.action or (Action.REPLACE if proposes else None)
            whole = replace(finding, column=column, action=action)
            if self.add(whole):
                accepted.append(self.findings[-1])
        return accepted

    def refuses(self, kind: Kind, column: str) -> bool:
        """Whether a person refused what was proposed about a column."""
        group = f"{kind}:{column}"
        return any(one == group or one.startswith(f"{group}@") for one in self._choices.refused)

    def rows_held(self) -> frozenset[int]:
        """Rows that some finding holds back so far."""
        return frozenset(f.row for f in self.findings if f.holds_back and f.row is not None)


def replaced(table: RawTable, accepted: Iterable[Finding]) -> RawTable:
    """The table with accepted texts in their cells; the given one stays as it is."""
    accepted = [f for f in accepted if f.action is Action.REPLACE and f.column in table.cells]
    if not accepted:
        return table
    cells = table.cells.copy()
    position = {int(row): i for i, row in enumerate(table.rows)}
    for finding in accepted:
        if finding.row is not None:
            cells.loc[position[finding.row], finding.column] = finding.fix
    return replace(table, cells=cells)
