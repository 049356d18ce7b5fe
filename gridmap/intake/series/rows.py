"""Station and time of each row of a table of readings, and times that come twice."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.intake.looks import matching, times
from gridmap.intake.series.headings import SeriesPlan


def stations_of(
    table: RawTable, plan: SeriesPlan, roles: Mapping[str, str], findings: list[Finding]
) -> npt.NDArray[np.object_]:
    """The code of the station of each row, shape (n,); rows without one are told."""
    if plan.station is not None:
        return np.full(len(table.rows), plan.station, dtype=object)
    cells = table.cells[roles["station"]].tolist()
    findings += [
        Finding(Kind.MISSING, Severity.ERROR, table.file, int(row), roles["station"])
        for row, cell in zip(table.rows, cells, strict=True)
        if cell is None
    ]
    findings += [
        Finding(Kind.SUMMARY_ROW, Severity.ERROR, table.file, int(row), roles["station"], cell)
        for row, cell in zip(table.rows, cells, strict=True)
        if cell is not None and matching.is_summary(cell)
    ]
    renamed = plan.stations or {}
    return np.array([None if c is None else renamed.get(c, c) for c in cells], dtype=object)


def moments_of(
    table: RawTable, plan: SeriesPlan, roles: Mapping[str, str], findings: list[Finding]
) -> pd.DatetimeIndex:
    """The time of each row, shape (n,), in the zone of the plan; NaT where there is none, told."""
    zone = times.zone_of(plan.zone)
    if "time" in roles:
        column = roles["time"]
        texts = _without_day_numbers(table, column, findings)
    else:
        parts = [roles[part] for part in ("year", "month", "day", "hour") if part in roles]
        column = ", ".join(parts)
        texts = [_together(row) for row in table.cells[parts].itertuples(index=False)]
    if isinstance(plan.year, int):
        texts, before = times.with_year(texts, plan.year)
        if before:
            findings.append(
                Finding(
                    Kind.YEAR_TURN, Severity.WARNING, table.file, field=column,
                    value=str(plan.year - 1), detail=str(plan.year), count=before,
                )
            )  # fmt: skip
    elif plan.year is not None and plan.year in table.cells:
        texts = times.with_year_of(texts, table.cells[plan.year].tolist())
    moments, fixes = times.parse(texts, zone)
    for i in np.flatnonzero(moments.isna()).tolist():
        row, text = int(table.rows[i]), texts[i] or ""
        kind = Kind.NOT_TIME if text else Kind.MISSING
        if times.is_clock_change(text, zone):
            kind = Kind.SUMMER_TIME
        findings.append(Finding(kind, Severity.ERROR, table.file, row, column, text, fixes.get(i)))
    return moments


def _without_day_numbers(table: RawTable, column: str, findings: list[Finding]) -> list[str | None]:
    given = table.cells[column].tolist()
    texts, count = times.from_day_numbers(given, from_1904=table.date1904)
    if count:
        first = next(i for i, text in enumerate(given) if text is not None)
        findings.append(
            Finding(
                Kind.DAY_NUMBERS, Severity.HINT, table.file, field=column, value=given[first],
                detail=texts[first] or "", count=count,
            )
        )  # fmt: skip
    return texts


def conflicting(
    moments: pd.DatetimeIndex, numbers: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Readings, shape (n,), whose moment has another value, too."""
    twice = moments.duplicated(keep=False) & np.isfinite(numbers)
    if not twice.any():
        return twice
    several = pd.Series(numbers[twice]).groupby(moments[twice]).transform("nunique") > 1
    twice[twice] = several.to_numpy()
    return twice


def _together(parts: tuple[Any, ...]) -> str | None:
    if any(part is None for part in parts):
        return None
    whole = [str(part).removesuffix(".0") for part in parts]
    return "-".join(whole[:3]) + (f" {whole[3]}:00" if len(whole) > 3 else "")  # noqa: PLR2004
