"""What the intake found out about the datum of a sheet, for reports: they see no intake."""

from gridmap.intake.looks.sheet_datum import DatumDoubt
from gridmap.intake.looks.sheet_values import DATUMS

__all__ = ["DATUMS", "DatumDoubt"]
