"""Findings: what an import noticed, each tied to file, row, field and value.

A finding of severity `error` that names a row holds that row back. Nothing is repaired
silently: `fix` proposes what the cell could become, and a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from gridmap.texts import t


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Kind(StrEnum):
    """What was found; the sentence for it is the text `intake.finding.<kind>`."""

    MALFORMED_ROW = "malformed_row"
    MISSING = "missing"
    NOT_INTEGER = "not_integer"
    NOT_REAL = "not_real"
    NOT_BOOLEAN = "not_boolean"
    NOT_DATE = "not_date"
    NOT_TIME = "not_time"
    NOT_ALLOWED = "not_allowed"
    EXCEL_NUMBER = "excel_number"
    DUPLICATE_KEY = "duplicate_key"
    NOT_COORDINATE = "not_coordinate"
    GEOMETRY_MISSING = "geometry_missing"
    GEOMETRY_TYPE = "geometry_type"
    GEOMETRY_INVALID = "geometry_invalid"
    SWAPPED_AXES = "swapped_axes"
    OUTSIDE_CHINA = "outside_china"
    UNKNOWN_ITEM = "unknown_item"
    CODE_CHECK = "code_check"
    AMBIGUOUS_COLUMN = "ambiguous_column"
    COLUMN_LEFT_OUT = "column_left_out"
    WHOLE_NUMBER = "whole_number"
    FLATTENED = "flattened"
    NO_DATUM = "no_datum"
    ROUGH_TRANSFORMATION = "rough_transformation"
    ENCODING = "encoding"
    MARK = "mark"
    DUPLICATE_TIME = "duplicate_time"
    CHANGED_READING = "changed_reading"
    UNKNOWN_PERSON = "unknown_person"
    DATES_REVERSED = "dates_reversed"


@dataclass(frozen=True)
class Finding:
    """One thing noticed.

    `row` is the number a person sees: the row of the sheet (the heading is row 1) or the
    number of the feature, counted from 1; None speaks of the whole file or column. `count`
    says how many cells a finding without row stands for.
    """

    kind: Kind
    severity: Severity
    file: str
    row: int | None = None
    field: str = ""
    value: str = ""
    fix: str | None = None
    detail: str = ""
    count: int = 1

    @property
    def holds_back(self) -> bool:
        """Whether the row of this finding is not loaded."""
        return self.severity is Severity.ERROR and self.row is not None

    @property
    def message(self) -> str:
        """The finding as a sentence in the current language, with the proposed fix."""
        sentence = t(
            f"intake.finding.{self.kind}",
            file=self.file,
            row=self.row,
            field=self.field,
            value=self.value,
            detail=self.detail,
            count=self.count,
        )
        if self.fix is None:
            return sentence
        return sentence + t("intake.fix", fix=self.fix)


def held_rows(findings: Iterable[Finding]) -> frozenset[int]:
    """The numbers of the rows that the findings hold back."""
    return frozenset(f.row for f in findings if f.holds_back and f.row is not None)


def as_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table: severity, kind, file, row, field, value, fix, message."""
    return pd.DataFrame(
        [
            (f.severity.value, f.kind.value, f.file, f.row, f.field, f.value, f.fix, f.message)
            for f in findings
        ],
        columns=["severity", "kind", "file", "row", "field", "value", "fix", "message"],
    )
