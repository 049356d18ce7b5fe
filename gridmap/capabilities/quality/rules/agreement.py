"""How well findings agree with labelled faults: precision and recall, by a written definition.

A label is *found* if a finding of its check and series covers at least half of its readings.
A finding is *right* if at least half of its readings lie in a label of its check and series.
Precision is the share of findings that are right, recall the share of labels that are found.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.quality.rules.findings import Finding, Micros

HALF = 0.5


@dataclass(frozen=True)
class Label:
    """A fault that is known: readings of a series at these moments (µs), found by `check`."""

    check: str
    station: str
    item: str
    moments: tuple[int, ...]


@dataclass(frozen=True)
class Agreement:
    """How many labels there are and were found, how many findings there are and are right."""

    labels: int
    found: int
    findings: int
    right: int

    @property
    def precision(self) -> float:
        """The share of findings that are right, 1 without findings."""
        return self.right / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        """The share of labels that are found, 1 without labels."""
        return self.found / self.labels if self.labels else 1.0


def agreement(labels: Iterable[Label], findings: Iterable[Finding]) -> Agreement:
    """Compare labels with the findings of the checks that the labels are about."""
    labels = tuple(labels)
    checks = {one.check for one in labels}
    findings = tuple(one for one in findings if one.check in checks)
    found = sum(any(_covers(one, label) for one in findings) for label in labels)
    right = sum(any(_lies_in(one, label) for label in labels) for one in findings)
    return Agreement(len(labels), found, len(findings), right)


def _same(finding: Finding, label: Label) -> bool:
    return (finding.check, finding.station, finding.item) == (
        label.check, label.station, label.item,
    )  # fmt: skip


def _inside(finding: Finding, label: Label) -> int:
    moments: Micros = np.array(label.moments, dtype=np.int64)
    return int(((moments >= finding.start) & (moments <= finding.end)).sum())


def _covers(finding: Finding, label: Label) -> bool:
    return _same(finding, label) and _inside(finding, label) >= HALF * len(label.moments)


def _lies_in(finding: Finding, label: Label) -> bool:
    return _same(finding, label) and _inside(finding, label) >= HALF * finding.readings
