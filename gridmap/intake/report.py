"""What an import did: every row that was read is loaded or held back."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from gridmap.intake.findings import Finding, Severity, as_frame
from gridmap.store.change import Change
from gridmap.texts import t


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import; `rows_read == rows_loaded + rows_held_back`, always.

    `added` and `updated` split the loaded rows into new ones and ones that took the place of
    a row with the same key. For series, `readings` counts values, `missing` those that were
    published as missing, `replaced` those whose time already held another value. For a roster of
    people and posts the rows are posts; `people` counts those that hold them, `new_people` those
    that the project did not know.
    """

    file: str
    target: str
    rows_read: int
    rows_loaded: int
    rows_held_back: int
    findings: tuple[Finding, ...] = ()
    added: int = 0
    updated: int = 0
    series: int = 0
    readings: int = 0
    missing: int = 0
    replaced: int = 0
    people: int = 0
    new_people: int = 0
    revision: int | None = None

    def __post_init__(self) -> None:
        """Refuse to report what does not add up."""
        if self.rows_read != self.rows_loaded + self.rows_held_back:
            raise ValueError(
                f"{self.rows_read} rows read, but {self.rows_loaded} loaded and"
                f" {self.rows_held_back} held back"
            )

    @property
    def held_back(self) -> tuple[Finding, ...]:
        """The findings that hold rows back; a row may have several."""
        return tuple(finding for finding in self.findings if finding.holds_back)

    @property
    def summary(self) -> str:
        """One sentence in the current language."""
        warnings = sum(finding.severity is Severity.WARNING for finding in self.findings)
        return t(
            "intake.summary",
            file=self.file,
            target=self.target,
            read=self.rows_read,
            loaded=self.rows_loaded,
            held=self.rows_held_back,
            warnings=warnings,
        )

    def frame(self) -> pd.DataFrame:
        """The findings as a table."""
        return as_frame(self.findings)


# What may be written in the same change as the rows of an import.
Extra = Callable[[Change, ImportReport], None]
