"""What every command that imports says and asks: its report, pairs of names, who imports."""

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from gridmap.cli import values
from gridmap.intake import Finding, ImportReport, Severity
from gridmap.texts import t

_SHOWN: Final = 5
_ORDER: Final = tuple(Severity)


def lines_of(report: ImportReport, *, everything: bool = False) -> list[str]:
    """The report as lines: the sum, what was loaded, then the findings, worst first.

    Args:
        report: of the import.
        everything: show every finding; else the first of each sort and how many more there are.
    """
    lines = [report.summary]
    if report.revision is None:
        lines.append(t("importing.report.nothing"))
    elif report.target == "series":
        lines.append(
            t(
                "importing.report.series", series=report.series, readings=report.readings,
                missing=report.missing, replaced=report.replaced,
            )
        )  # fmt: skip
    else:
        lines.append(t("importing.report.rows", added=report.added, updated=report.updated))
        if report.people:
            lines.append(t("importing.report.people", people=report.people, new=report.new_people))
    if report.revision is not None:
        lines.append(t("importing.report.logged", revision=report.revision))
    shown = _SHOWN if not everything else len(report.findings)
    return [_one_line(line) for line in (*lines, *_finding_lines(report.findings, shown))]


def _finding_lines(findings: Iterable[Finding], shown: int) -> list[str]:
    def sort_of(finding: Finding) -> tuple[int, str, str]:
        return _ORDER.index(finding.severity), finding.kind.value, finding.field

    lines: list[str] = []
    for _, group in groupby(sorted(findings, key=sort_of), key=sort_of):
        alike = list(group)
        mark = t(f"importing.severity.{alike[0].severity.value}")
        lines += [
            t("importing.report.finding", severity=mark, message=finding.message)
            for finding in alike[:shown]
        ]
        if len(alike) > shown:
            last = max(finding.row or 0 for finding in alike)
            more = len(alike) - shown
            lines.append(t("importing.report.more", count=more, row=last))
    return lines


def table_of(pairs: list[str] | None) -> dict[str, str]:
    """The pairs `name=value` of an option that may be given several times."""
    return dict(values.a_pair(text) for text in pairs or ())


def _one_line(text: str) -> str:
    """Without control characters: values come from files, a terminal obeys escapes."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cf"} else c for c in text)
