"""The report of quality as a workbook or a table, and as JSON."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.rules.completeness import MonthCount
from gridmap.capabilities.quality.rules.findings import Finding
from gridmap.capabilities.quality.work.figures import FigureTable
from gridmap.core.moments import moment_of
from gridmap.report.document import Document, Kind, Table
from gridmap.texts import t


@dataclass(frozen=True)
class Shares:
    """Completeness summed up: by station and month, by station, and of all.

    `expected` and `usable` are by (station, month); month "" is all months.
    """

    stations: tuple[str, ...]
    months: tuple[str, ...]
    expected: Mapping[tuple[str, str], int]
    usable: Mapping[tuple[str, str], int]

    def share(self, station: str, month: str = "") -> float | None:
        """The usable share, 0–1; None where nothing is expected."""
        expected = self.expected.get((station, month), 0)
        return self.usable[station, month] / expected if expected else None


def shares(months: Iterable[MonthCount]) -> Shares:
    """Sum up series to stations, those with most months first; station "" is all stations."""
    expected: dict[tuple[str, str], int] = defaultdict(int)
    usable: dict[tuple[str, str], int] = defaultdict(int)
    for one in months:
        for key in ((one.station, one.month), (one.station, ""), ("", one.month), ("", "")):
            expected[key] += one.expected
            usable[key] += one.usable
    lasting = Counter(station for station, month in expected if station and month)
    stations = sorted(lasting, key=lambda station: -lasting[station])
    names = sorted({month for _, month in expected if month})
    return Shares(tuple(stations), tuple(names), dict(expected), dict(usable))


@dataclass(frozen=True)
class QualityReport:
    """What a report holds.

    Attributes:
        months: completeness of every month of every series.
        findings: what the checks found.
        exclusions: as `gridmap.capabilities.stations.work.exclusions.exclusions` gives them.
        figures: with which figures.
        names: of stations, by code.
        example: whether the readings are invented, which is said.
    """

    months: tuple[MonthCount, ...]
    findings: tuple[Finding, ...]
    exclusions: pd.DataFrame
    figures: FigureTable
    names: Mapping[str, str]
    example: bool = False


def quality_document(report: QualityReport) -> Document:
    """A report in the current language: tables, findings first, and the JSON form."""
    return Document(
        kind="quality",
        headline=t("quality.sheet.findings"),
        tables=(
            findings_table(report),
            completeness_table(report),
            months_table(report),
            exclusions_table(report),
            figures_table(report.figures),
        ),
        data=_data(report),
        example=report.example,
    )


def findings_table(report: QualityReport) -> Table:
    """One row per finding, with what it says and how it was found."""
    active = report.exclusions[report.exclusions["withdrawn_at"].isna()]
    excluded = dict(zip(active["finding_id"], active["exclusion_id"], strict=True))
    found = report.findings
    columns: dict[str, list[Any]] = {
        t("quality.sheet.station"): [one.station for one in found],
        t("quality.sheet.name"): [report.names.get(one.station, "") for one in found],
        t("quality.sheet.item"): [words.item_title(one.item) for one in found],
        t("quality.sheet.check"): [words.check_title(one.check) for one in found],
        t("quality.sheet.severity"): [words.severity_title(one.severity) for one in found],
        t("quality.sheet.start"): [f"{moment_of(one.start):%Y-%m-%d %H:%M}" for one in found],
        t("quality.sheet.end"): [f"{moment_of(one.end):%Y-%m-%d %H:%M}" for one in found],
        t("quality.sheet.readings"): [one.readings for one in found],
        t("quality.sheet.what"): [words.sentence(one) for one in found],
        t("quality.sheet.excluded"): [excluded.get(one.identity, "") for one in found],
        t("quality.sheet.why"): [
            words.explained(one.check, one.item, report.figures) for one in found
        ],
        t("quality.sheet.identity"): [one.identity for one in found],
    }
    if report.example:
        columns[t("quality.sheet.example")] = [t("quality.sheet.example") for _ in found]
    title = t("quality.sheet.findings")
    return _table(title, columns, numbers={t("quality.sheet.readings"): Kind.WHOLE})


def completeness_table(report: QualityReport) -> Table:
    """Stations by months, the usable share in percent with one decimal; the sums last."""
    summed = shares(report.months)
    rows = (*summed.stations, "")
    columns: dict[str, list[Any]] = {
        t("quality.sheet.station"): [code or t("quality.sheet.total") for code in rows],
        t("quality.sheet.name"): [report.names.get(code, "") for code in rows],
    }
    titles = [(month, month) for month in summed.months] + [("", t("quality.sheet.total"))]
    for month, title in titles:
        columns[title] = [_percent(summed.share(code, month)) for code in rows]
    title = t("quality.sheet.completeness")
    return _table(title, columns, numbers={title: Kind.NUMBER for _, title in titles})


def months_table(report: QualityReport) -> Table:
    """One row per series and month: expected, received, usable, non-detects, share."""
    months = report.months
    counts = ("expected", "received", "usable", "non_detects")
    columns: dict[str, list[Any]] = {
        t("quality.sheet.station"): [one.station for one in months],
        t("quality.sheet.item"): [words.item_title(one.item) for one in months],
        t("quality.sheet.month"): [one.month for one in months],
    }
    numbers: dict[str, Kind] = {}
    for name in counts:
        title = t(f"quality.sheet.{name}")
        columns[title] = [getattr(one, name) for one in months]
        numbers[title] = Kind.WHOLE
    share = t("quality.sheet.share")
    columns[share] = [
        _percent(one.usable / one.expected if one.expected else None) for one in months
    ]
    title = t("quality.sheet.month")
    return _table(title, columns, numbers={**numbers, share: Kind.NUMBER})


def exclusions_table(report: QualityReport) -> Table:
    """Every exclusion with who, when and why, the withdrawn ones too."""
    rows = report.exclusions.to_dict("records")
    return _table(t("quality.sheet.exclusions"), {
        t("quality.sheet.excluded"): [row["exclusion_id"] for row in rows],
        t("quality.sheet.station"): [row["station"] for row in rows],
        t("quality.sheet.item"): [words.item_title(row["item"]) for row in rows],
        t("quality.sheet.start"): [f"{row['start']:%Y-%m-%d %H:%M}" for row in rows],
        t("quality.sheet.end"): [f"{row['end']:%Y-%m-%d %H:%M}" for row in rows],
        t("quality.sheet.reason"): [row["reason"] for row in rows],
        t("quality.sheet.actor"): [row["actor"] for row in rows],
        t("quality.sheet.at"): [_when(row["at"]) for row in rows],
        t("quality.sheet.finding"): [row["finding_id"] or "" for row in rows],
        t("quality.sheet.withdrawn_at"): [_when(row["withdrawn_at"]) for row in rows],
        t("quality.sheet.withdrawn_by"): [row["withdrawn_by"] or "" for row in rows],
        t("quality.sheet.withdrawn_reason"): [row["withdrawn_reason"] or "" for row in rows],
    })  # fmt: skip


def figures_table(figures: FigureTable) -> Table:
    """Every figure: what holds, and what the program has."""
    rows = list(figures.rows())
    value, shipped = t("quality.sheet.value"), t("quality.sheet.shipped")
    columns: dict[str, list[Any]] = {
        t("quality.sheet.check"): [words.check_title(check) for check, _, _ in rows],
        t("quality.sheet.figure"): [words.figure_title(name) for _, name, _ in rows],
        t("quality.sheet.item"): [words.item_title(item) for _, _, item in rows],
        value: [figures.value(*row) for row in rows],
        shipped: [figures.shipped(*row) for row in rows],
    }
    title = t("quality.sheet.figures")
    return _table(title, columns, numbers={value: Kind.NUMBER, shipped: Kind.NUMBER})


def _data(report: QualityReport) -> dict[str, Any]:
    """The report as plain data; times in ISO 8601, shares from 0 to 1, ids as in the project."""
    summed = shares(report.months)
    return {
        "schema": "gridmap.quality/1",
        "example": report.example,
        "completeness": [
            {"station": code, "month": month, "expected": summed.expected[code, month],
             "usable": summed.usable[code, month]}
            for code in summed.stations for month in summed.months
            if (code, month) in summed.expected
        ],
        "findings": [
            {"id": one.identity, "check": one.check, "station": one.station, "item": one.item,
             "start": moment_of(one.start).isoformat(), "end": moment_of(one.end).isoformat(),
             "readings": one.readings, "severity": str(one.severity), "facts": dict(one.facts),
             "text": words.sentence(one)}
            for one in report.findings
        ],
        "exclusions": [
            {name: _json(row[name]) for name in ("exclusion_id", "station", "item", "start",
             "end", "reason", "actor", "at", "finding_id", "withdrawn_at", "withdrawn_by",
             "withdrawn_reason")}
            for row in report.exclusions.to_dict("records")
        ],
    }  # fmt: skip


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100.0, 1)


def _when(at: Any) -> str:
    return "" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M}"


def _json(value: Any) -> Any:
    if value is None or value is pd.NaT:
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def _table(
    title: str, columns: Mapping[str, list[Any]], numbers: Mapping[str, Kind] | None = None
) -> Table:
    """A table of text, but for the columns of numbers."""
    return Table(title, columns, {**dict.fromkeys(columns, Kind.TEXT), **(numbers or {})})
