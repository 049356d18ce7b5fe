"""The outside world into the project: files of others become rows with findings."""

from gridmap.intake.door import (
    load,
    load_departments,
    load_people,
    load_posts,
    load_roster,
    load_series,
    look,
    source_of,
    stored,
)
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.reading import read, read_features, read_table
from gridmap.intake.files.tables import RawTable, ReadOptions
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.progress import Step, Watch
from gridmap.intake.report import ImportReport

__all__ = [
    "Finding",
    "ImportReport",
    "IntakeError",
    "Kind",
    "RawTable",
    "ReadOptions",
    "Severity",
    "Step",
    "Watch",
    "load",
    "load_departments",
    "load_people",
    "load_posts",
    "load_roster",
    "load_series",
    "look",
    "read",
    "read_features",
    "read_table",
    "source_of",
    "stored",
]
