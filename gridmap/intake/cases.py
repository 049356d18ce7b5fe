"""A case: one source, what was found about it, and what would be loaded. Frozen."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from gridmap.intake.choices import Choices
from gridmap.intake.files.encodings import EncodingGuess
from gridmap.intake.files.sources import Reading, Source
from gridmap.intake.findings import Finding, Severity
from gridmap.intake.looks.columns import ColumnMatch
from gridmap.intake.looks.comparing import Changes
from gridmap.intake.looks.placed import Place
from gridmap.intake.looks.references import References
from gridmap.intake.looks.targets import TargetGuess


@dataclass(frozen=True)
class Outcome:
    """What a look at a target gives; `ready` is what would be stored, None while blocked.

    `good_rows` are the numbers of the rows that can be loaded; `heading_rows` belong to the heading
    (units below it) and are no data; `stations` are the names of stations as a file of readings
    has them.
    """

    findings: tuple[Finding, ...]
    good_rows: frozenset[int]
    ready: Any = None
    matches: tuple[ColumnMatch, ...] = ()
    place: Place | None = None
    changes: Changes | None = None
    heading_rows: int = 0
    stations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Rows: `read == loadable + to_confirm + to_fill`, always.

    `to_confirm` wait for an answer to a proposal, `to_fill` for a person to complete the file.
    """

    read: int
    loadable: int
    to_confirm: int
    to_fill: int

    def __post_init__(self) -> None:
        """Refuse what does not add up."""
        if self.read != self.loadable + self.to_confirm + self.to_fill:
            raise ValueError(f"rows do not add up: {self}")

    @property
    def held_back(self) -> int:
        """Rows that would not be loaded now."""
        return self.to_confirm + self.to_fill


@dataclass(frozen=True)
class Group:
    """Findings of one kind about one field: shown as one line, answered together."""

    id: str
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The one that stands for all."""
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        """The worst."""
        order = list(Severity)
        return min((f.severity for f in self.findings), key=order.index)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows concerned, rising, each once."""
        own = {f.row for f in self.findings if f.row is not None}
        return tuple(sorted(own | {row for f in self.findings for row in f.rows}))

    @property
    def accepted(self) -> bool | None:
        """Whether all, none (False) or some (None) of its proposals are accepted."""
        answers = {f.accepted for f in self.findings if f.proposes}
        return answers.pop() if len(answers) == 1 else (False if not answers else None)


@dataclass(frozen=True)
class Case:
    """One source as examined with some choices. See `gridmap.intake.doctor`.

    `target` is None while nobody knows what the file holds; `shape` is the signature of its
    headings, under which decisions are remembered (`gridmap.intake.memory`).
    """

    source: Source
    choices: Choices
    reading: Reading
    references: References
    targets: tuple[TargetGuess, ...]
    target: str | None
    outcome: Outcome
    counts: Counts
    shape: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first, then by row."""
        return self.outcome.findings

    @property
    def groups(self) -> tuple[Group, ...]:
        """The findings by kind and field, in the same order."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.group, []).append(finding)
        return tuple(Group(name, tuple(members)) for name, members in found.items())

    @property
    def blocked(self) -> tuple[Finding, ...]:
        """What must be decided before anything can be loaded."""
        return tuple(f for f in self.findings if f.blocks)

    @property
    def matches(self) -> tuple[ColumnMatch, ...]:
        """How columns and fields belong together, in the order of the file."""
        return self.outcome.matches

    @property
    def place(self) -> Place | None:
        """How coordinates are read, with guesses and the move before and after."""
        return self.outcome.place

    @property
    def changes(self) -> Changes | None:
        """What would change in the layer."""
        return self.outcome.changes

    @property
    def encodings(self) -> tuple[EncodingGuess, ...]:
        """The encodings that fit, the one used first; empty where the format fixes it."""
        return self.reading.table.encodings

    def answered(self, name: str, answer: bool | None) -> Choices:
        """The choices with another answer to a finding or to all of a kind.

        Args:
            name: id of a finding or of a group.
            answer: accepted, refused (False), or the answer taken back (None).
        """
        choices = self.choices
        for group in self.groups:
            ids = [finding.id for finding in group.findings if finding.proposes]
            if name == group.id and name not in ids:
                choices = choices.take_back(group.id, *ids)
            elif name in ids and group.id in choices.accepted | choices.refused:
                # What was said of all is said of each from now on.
                said = choices.accept if group.id in choices.accepted else choices.refuse
                choices = said(*ids).take_back(group.id)
        if answer is None:
            left = choices.take_back(name)
            # What the project tolerates since a former import is only taken back by a word.
            known = any(f.accepted and not choices.accepts(f) for f in self._called(name))
            return left.refuse(name) if known else left
        return choices.accept(name) if answer else choices.refuse(name)

    def _called(self, name: str) -> list[Finding]:
        return [finding for finding in self.findings if name in {finding.id, finding.group}]

    def preview(self, rows: int = 5) -> pd.DataFrame:
        """The first rows as text, with accepted fixes not yet applied; index = row numbers."""
        table = self.reading.table
        shown = table.cells.head(rows).copy()
        shown.index = pd.Index(table.rows[:rows], name="row")
        return shown
