"""Findings: what an import noticed, each tied to file, row, field and value.

A finding of severity `error` that names a row holds that row back until its fix is accepted.
Nothing is repaired silently: `fix` proposes what the cell could become, `action` what
accepting it does, and a person decides.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from gridmap.core.declaration import FieldDeclaration, Titles
from gridmap.texts import GridMapError, pick, t


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
    DATUM_STATED = "datum_stated"
    DATUM_LACKS = "datum_lacks"
    DATUM_UNKNOWN = "datum_unknown"
    DATUM_OVERRULED = "datum_overruled"
    DATUM_DOUBTED = "datum_doubted"
    ROUGH_TRANSFORMATION = "rough_transformation"
    ENCODING = "encoding"
    MARK = "mark"
    DUPLICATE_TIME = "duplicate_time"
    CHANGED_READING = "changed_reading"
    EMPTY_READING = "empty_reading"
    NON_DETECT = "non_detect"
    NOT_DETECTED = "not_detected"
    ABOVE_RANGE = "above_range"
    STARRED = "starred"
    NUMBER_CODE = "number_code"
    MARKS_MORE = "marks_more"
    SUMMARY_ROW = "summary_row"
    SUMMER_TIME = "summer_time"
    UNWRAPPED = "unwrapped"
    DIGITS_LOST = "digits_lost"
    MIXED_ENCODING = "mixed_encoding"
    DISGUISED = "disguised"
    HIDDEN_ROWS = "hidden_rows"
    MERGED_FILLED = "merged_filled"
    UNIT_REFUSED = "unit_refused"
    YEAR_TURN = "year_turn"
    HIDDEN_SHEETS = "hidden_sheets"
    PAGES_MISSING = "pages_missing"
    CONFLICTING_TIME = "conflicting_time"
    NO_ATTRIBUTES = "no_attributes"
    NO_ATTRIBUTE_TABLE = "no_attribute_table"
    ROWS_DELETED = "rows_deleted"
    COUNTS_DIFFER = "counts_differ"
    NUMBER_LOST = "number_lost"
    TEXT_CUT = "text_cut"
    LAYERS_OFF = "layers_off"
    PAPER_SPACE = "paper_space"
    BLOCKS_AS_POINTS = "blocks_as_points"
    LINKS_NOT_READ = "links_not_read"
    PARTS_NOT_READ = "parts_not_read"
    UNIT_CONVERTED = "unit_converted"
    DAY_NUMBERS = "day_numbers"
    UNIT_LACKS = "unit_lacks"
    UNIT_CONTRADICTED = "unit_contradicted"
    UNIT_ROW = "unit_row"
    COLUMN_REFUSED = "column_refused"
    ITEM_TWICE = "item_twice"
    UNKNOWN_PERSON = "unknown_person"
    DATES_REVERSED = "dates_reversed"
    PERSON_DIFFERS = "person_differs"
    PERSON_UNSURE = "person_unsure"
    PERSON_BY_NAME = "person_by_name"
    NAMESAKE = "namesake"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_NEAR = "place_near"
    PLACE_UNSURE = "place_unsure"
    PLACE_OTHER_SCOPE = "place_other_scope"
    PLACE_LAYER_EMPTY = "place_layer_empty"
    TIER_LACKS = "tier_lacks"
    TIER_DIFFERS = "tier_differs"
    TERMS_OVERLAP = "terms_overlap"
    # What only the doctor looks for; their sentences are `doctor.finding.<kind>`.
    CANNOT_LOAD = "cannot_load"
    NO_TARGET = "no_target"
    RECALLED = "recalled"
    NO_CRS = "no_crs"
    OTHER_DATUM = "other_datum"
    KEY_MADE = "key_made"
    NO_COLUMN = "no_column"
    VALUE_FOR_ALL = "value_for_all"
    COLUMN_GUESSED = "column_guessed"
    COLUMN_DOUBTED = "column_doubted"
    NOTATION = "notation"
    ZERO_PLACE = "zero_place"
    OUTSIDE_TERRITORY = "outside_territory"
    OTHER_PROVINCE = "other_province"
    OUTSIDE_NAMED_AREA = "outside_named_area"
    OTHER_UNIT = "other_unit"
    SHARED_PLACE = "shared_place"
    SAME_NAME_AND_PLACE = "same_name_and_place"
    UNIT_NAME = "unit_name"
    LOST_ZEROS = "lost_zeros"
    CONTROL_CHARACTER = "control_character"
    FORMULA = "formula"
    MARKUP = "markup"
    NO_YEAR = "no_year"
    NO_UNIT = "no_unit"
    STATION_NAMED = "station_named"
    STATION_LINKED = "station_linked"
    STATION_UNKNOWN = "station_unknown"
    CLOSED_LINE = "closed_line"
    NESTED_SHELL = "nested_shell"
    GAP = "gap"
    OVERLAP = "overlap"
    SLIVER = "sliver"
    NEAR_NODE = "near_node"
    OUTSIDE_PARENT = "outside_parent"
    ORPHAN = "orphan"
    NO_SUCH_REFERENCE = "no_such_reference"


class Action(StrEnum):
    """What accepting a finding's fix does."""

    REPLACE = "replace"
    SWAP = "swap"
    CRS = "crs"
    MAP = "map"
    FILL = "fill"
    REPAIR = "repair"
    CLOSE = "close"
    SNAP = "snap"
    KEEP_LAST = "keep_last"
    YEAR = "year"
    UNIT = "unit"
    STATION = "station"
    TOLERATE = "tolerate"


_FIRST_OF_DOCTOR = list(Kind).index(Kind.CANNOT_LOAD)
OF_DOCTOR = frozenset(list(Kind)[_FIRST_OF_DOCTOR:])


@dataclass(frozen=True)
class Finding:
    """One thing noticed.

    `row` is the number a person sees: the row of the sheet (the heading is row 1) or the
    number of the feature, counted from 1; None speaks of the whole file or column. `count`
    says how many cells a finding without row stands for, `rows` which rows it concerns.
    `column` is the heading in the file, `cell` its address in a sheet (C7). `mark` tells
    findings apart that would else be the same. `lon`, `lat` say where (EPSG:4490). `cause` is
    the error behind it, told in the language of whoever reads it. `titles` are those of the field,
    `value_titles` those of the listed values of the field: people read words, not ids.
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
    sheet: str = ""
    column: str = ""
    cell: str = ""
    action: Action | None = None
    accepted: bool = False
    rows: tuple[int, ...] = ()
    mark: str = ""
    lon: float | None = None
    lat: float | None = None
    cause: GridMapError | None = dataclasses.field(default=None, compare=False)
    titles: Titles | None = dataclasses.field(default=None, compare=False)
    value_titles: Mapping[str, Titles] = dataclasses.field(default_factory=dict, compare=False)

    @property
    def group(self) -> str:
        """The id of all findings of one kind about one field: accepted or refused together."""
        return f"{self.kind}:{self.field or self.column}"

    @property
    def id(self) -> str:
        """The same for the same finding at every look at the same file."""
        row = "" if self.row is None else f"#{self.row}"
        return f"{self.group}{row}{f'@{self.mark}' if self.mark else ''}"

    @property
    def proposes(self) -> bool:
        """Whether there is something to accept."""
        return self.action is not None

    @property
    def holds_back(self) -> bool:
        """Whether the row of this finding is not loaded."""
        return self.severity is Severity.ERROR and self.row is not None and not self.accepted

    @property
    def blocks(self) -> bool:
        """Whether nothing can be loaded before this is decided."""
        return self.severity is Severity.ERROR and self.row is None and not self.accepted

    @property
    def subject(self) -> str:
        """The field as people call it, else the heading; empty where it is about neither."""
        if self.titles is not None:
            return pick(self.titles.as_dict())
        return self.field or self.column

    @property
    def shown(self) -> str:
        """The value as people call it, where it is one of the listed values of the field."""
        return self._word(self.value) or ""

    def _word(self, text: str | None) -> str | None:
        titles = self.value_titles.get(text or "")
        return text if titles is None else pick(titles.as_dict())

    @property
    def evidence(self) -> str:
        """What speaks for it: the detail, or what the error behind it says."""
        return self.detail if self.cause is None else str(self.cause)

    @property
    def message(self) -> str:
        """The finding as a sentence in the current language, with the proposed fix."""
        facts = {
            "file": self.file,
            "row": self.row,
            "field": self.subject,
            "value": self._word(self.value),
            "detail": self.evidence,
            "count": self.count,
        }
        if self.kind in OF_DOCTOR:
            sentence = t(f"doctor.finding.{self.kind}", **facts)
        else:
            sentence = t(f"intake.finding.{self.kind}", **facts)
        if self.cell:
            sentence += t("intake.cell", cell=self.cell)
        if self.action is not None:
            return sentence + t("intake.proposal", proposal=self.proposal)
        if self.fix is None:
            return sentence
        return sentence + t("intake.fix", fix=self._word(self.fix))

    @property
    def proposal(self) -> str:
        """What accepting does, in a few words for a button; without a proposal, what to do."""
        if self.action is not None:
            return t(f"doctor.proposal.{self.action}", fix=self._word(self.fix), field=self.subject)
        return t("doctor.proposal.hold") if self.holds_back else ""

    @property
    def summary(self) -> str:
        """The finding without file and row, for a list that shows those in columns."""
        return t(f"doctor.title.{self.kind}")


@dataclass(frozen=True)
class Told:
    """Findings as one text, in the language in use when it is read."""

    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return "; ".join(finding.message for finding in self.findings) or "—"


def titled(findings: Iterable[Finding], fields: Iterable[FieldDeclaration]) -> tuple[Finding, ...]:
    """Findings that call their fields and listed values as people do."""
    known = {field.name: field for field in fields}
    return tuple(
        replace(
            finding, titles=known[finding.field].title,
            value_titles=known[finding.field].value_titles,
        )
        if finding.field in known
        else finding
        for finding in findings
    )  # fmt: skip


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
