"""`gridmap readings check`: how good the readings are, and who leaves which of them out."""

import argparse
import sys
import time
from datetime import datetime, timedelta
from typing import Final

from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.report import QualityReport, quality_document, shares
from gridmap.capabilities.quality.rules.findings import Finding, Severity
from gridmap.capabilities.quality.work.checking import (
    Findings,
    run_checks,
    store_findings,
    stored_findings,
)
from gridmap.capabilities.quality.work.figures import figures_of
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude, exclusions, withdraw
from gridmap.capabilities.stations.work.facts import series_names
from gridmap.cli import values
from gridmap.cli.stopping import stopping
from gridmap.core.moments import ZONE, moment_of
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, save
from gridmap.report.wording import one_line
from gridmap.stopping import Job
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.texts import t

_STEP_S: Final = 0.2


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = t("quality.command.help")
    option = parser.add_argument
    option("--project", metavar="FILE", help=t("cli.help.project"))
    option("--station", action="append", metavar="CODE", help=t("quality.command.station"))
    option("--item", action="append", metavar="ITEM", help=t("quality.command.item"))
    option("--start", metavar="DAY", help=t("quality.command.start"))
    option("--end", metavar="DAY", help=t("quality.command.end"))
    option("--all", action="store_true", help=t("quality.command.all"))
    option("--json", action="store_true", help=t("cli.help.json"))
    option("-o", "--output", metavar="FILE", help=t("quality.command.output"))
    option("--store", action="store_true", help=t("quality.command.store"))
    option("--exclude", metavar="ID", help=t("quality.command.exclude"))
    option("--withdraw", metavar="ID", help=t("quality.command.withdraw"))
    option("--why", metavar="TEXT", default="", help=t("quality.command.why"))
    option("--by", metavar="NAME", default="", help=t("quality.command.actor"))


def run(options: argparse.Namespace) -> int:
    """Check, or leave readings out, or let them count again."""
    target = values.a_target(options.output, FORMATS) if options.output else None
    with _opened(options) as project:
        if options.exclude:
            _exclude(project, options)
        elif options.withdraw:
            _withdraw(project, options)
        else:
            started = time.perf_counter()
            with stopping() as stop:
                found = _checked(project, options, stop)
            seconds = time.perf_counter() - started
            if options.store:
                with project.change("check readings", actor=options.by) as change:
                    count = store_findings(change, found)
                print(t("quality.command.stored", count=f"{count:,}"), file=sys.stderr)
            report = _report(project, found)
            if target is not None:
                save(quality_document(report), target)
                print(t("quality.command.written", file=target), file=sys.stderr)
            if options.json:
                print(json_text(quality_document(report), full_phones=True))
            else:
                _print(report, found, seconds, whole=options.all)
    return 0


def _opened(options: argparse.Namespace) -> Project:
    if not (options.store or options.exclude or options.withdraw):
        return values.open_for_reading(options.project, quiet=options.json)
    if options.project is None:
        raise values.UsageError("quality.error.which_project")
    project = Project.open(options.project)
    if project.read_only:
        path, reason = project.path, project.read_only_reason
        project.close()
        raise ProjectError("project.error.read_only", file=path, reason=reason)
    return project


def _checked(project: Project, options: argparse.Namespace, stop: Job) -> Findings:
    last = -1.0

    def watch(done: int, total: int) -> None:
        nonlocal last
        stop.check()
        now = time.monotonic()
        if sys.stderr.isatty() and (now - last > _STEP_S or done == total):
            last = now
            end = "\n" if done == total else "\r"
            text = t("quality.command.progress", done=done, total=total)
            print(text, end=end, file=sys.stderr, flush=True)

    keys = project.series.keys()
    for name, wanted in (("station", options.station), ("item", options.item)):
        for one in wanted or ():
            if one not in set(keys[name]):
                raise values.UsageError("quality.error.nothing_of", name=one)
    end = _midnight(options.end)
    return run_checks(
        project,
        options.station,
        options.item,
        start=_midnight(options.start),
        end=None if end is None else end + timedelta(days=1),
        watch=watch,
    )


def _midnight(text: str | None) -> datetime | None:
    return None if text is None else datetime.combine(values.a_day(text), datetime.min.time(), ZONE)


def _report(project: Project, found: Findings) -> QualityReport:
    return QualityReport(
        months=found.months,
        findings=found.findings,
        exclusions=exclusions(project),
        figures=figures_of(project),
        names=series_names(project),
        example=project.is_example,
    )


def _print(report: QualityReport, found: Findings, seconds: float, *, whole: bool) -> None:
    by = {severity: [f for f in found.findings if f.severity is severity] for severity in Severity}
    print(
        t(
            "quality.command.done",
            series=found.series,
            readings=f"{found.readings:,}",
            seconds=f"{seconds:.1f}",
            faults=len(by[Severity.FAULT]),
            doubts=len(by[Severity.DOUBT]),
            notes=len(by[Severity.NOTE]),
        )
    )
    summed = shares(found.months)
    if (share := summed.share("")) is not None:
        print(
            t(
                "quality.command.share",
                share=f"{share * 100:.1f} %",
                usable=f"{summed.usable['', '']:,}",
                expected=f"{summed.expected['', '']:,}",
            )
        )
    shown = found.findings if whole else (*by[Severity.FAULT], *by[Severity.DOUBT])
    for one in shown:
        print(_line(report, one))
    if not shown:
        print(t("quality.command.none"))
    if not whole and by[Severity.NOTE]:
        print(t("quality.command.more", count=len(by[Severity.NOTE])))


def _line(report: QualityReport, one: Finding) -> str:
    return one_line(
        t(
            "quality.command.line",
            identity=one.identity,
            severity=words.severity_title(one.severity),
            station=words.named_station(report.names, one.station),
            item=words.item_title(one.item),
            span=words.span(one),
            check=words.check_title(one.check),
            what=words.sentence(one),
        )
    )


def _exclude(project: Project, options: argparse.Namespace) -> None:
    found = {one.identity: one for one in stored_findings(project)}
    if options.exclude not in found:
        raise values.UsageError("quality.command.no_finding", finding=options.exclude)
    one = found[options.exclude]
    with project.change("exclude readings", actor=options.by, note=options.why) as change:
        exclusion = exclude(
            change,
            Exclusion(
                station=one.station,
                item=one.item,
                start=moment_of(one.start),
                end=moment_of(one.end),
                reason=options.why,
                actor=options.by,
                finding_id=one.identity,
            ),
        )
    what = f"{one.station} {words.item_title(one.item)} {words.span(one)}"
    print(one_line(t("quality.command.excluded", exclusion=exclusion, what=what)))


def _withdraw(project: Project, options: argparse.Namespace) -> None:
    with project.change("withdraw exclusion", actor=options.by, note=options.why) as change:
        withdraw(change, options.withdraw, reason=options.why, actor=options.by)
    print(t("quality.command.withdrawn", exclusion=options.withdraw))
