"""`gridmap alerts`: list and show alerts, evaluate, act upon them, exchange rules."""

import argparse
import sys
from datetime import datetime
from typing import Final

from gridmap.capabilities.alerts.command import rules as alert_rules
from gridmap.capabilities.alerts.report import alert_document, alerts_document
from gridmap.capabilities.alerts.rules import AlertGrade
from gridmap.capabilities.alerts.words import AlertWriting
from gridmap.capabilities.alerts.work.alerting import evaluate, until_of
from gridmap.capabilities.alerts.work.places import suggested
from gridmap.capabilities.alerts.work.records import Alert, alert_of, alerts, signs_of, steps_of
from gridmap.capabilities.alerts.work.steps import AlertError, Step, take_step
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.cli import values
from gridmap.cli.stopping import stopping
from gridmap.core.moments import ZONE
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, save
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import t

_GRADES: Final = {grade.name.lower(): grade for grade in AlertGrade}
_STEPS: Final = tuple(step.value for step in Step)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", nargs="?", default="list", help=t("alerts.cli.action"))
    parser.add_argument("what", nargs="*", help=t("alerts.cli.what"))
    parser.add_argument("--project", metavar="FILE", help=t("alerts.cli.project"))
    parser.add_argument("--all", action="store_true", help=t("alerts.cli.all"))
    parser.add_argument("--parts", action="store_true", help=t("alerts.cli.parts"))
    parser.add_argument("--station", action="append", metavar="CODE", help=t("alerts.cli.station"))
    parser.add_argument("--grade", metavar="GRADE", help=t("alerts.cli.grade"))
    parser.add_argument("--since", metavar="TIME", help=t("alerts.cli.since"))
    parser.add_argument("--json", action="store_true", help=t("alerts.cli.json"))
    parser.add_argument("-o", "--output", metavar="FILE", help=t("alerts.cli.output"))
    parser.add_argument("--full-phones", action="store_true", help=t("alerts.cli.phones"))
    parser.add_argument("--evaluate", action="store_true", help=t("alerts.cli.evaluate"))
    parser.add_argument("--full", action="store_true", help=t("alerts.cli.full"))
    parser.add_argument("--until", metavar="TIME", help=t("alerts.cli.until"))
    parser.add_argument("--acknowledge", metavar="ID", help=t("alerts.cli.acknowledge"))
    parser.add_argument("--assign", metavar="ID", help=t("alerts.cli.assign"))
    parser.add_argument("--close", metavar="ID", help=t("alerts.cli.close"))
    parser.add_argument("--reopen", metavar="ID", help=t("alerts.cli.reopen"))
    parser.add_argument("--by", metavar="NAME", default="", help=t("alerts.cli.by"))
    parser.add_argument("--to", metavar="NAME", default="", help=t("alerts.cli.to"))
    parser.add_argument("--note", metavar="TEXT", default="", help=t("alerts.cli.note"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked: evaluate, then act, then list, show or exchange rules."""
    steps = [name for name in _STEPS if getattr(options, name)]
    if len(steps) > 1:
        raise values.UsageError("alerts.error.one_step")
    writes = bool(steps) or options.evaluate or options.what[:1] == ["import"]
    with _opened(options.project, writes=writes) as project:
        if options.action == "rules":
            return alert_rules.run(project, options.what, options.output, options.by)
        if options.evaluate:
            _evaluate(project, options)
        if steps:
            return _step(project, Step(steps[0]), options)
        if options.action == "show":
            return _show(project, options)
        if options.action != "list":
            raise values.UsageError("alerts.cli.bad_action", text=options.action)
        return _list(project, options)


def _opened(file: str | None, *, writes: bool) -> Project:
    if not writes:
        return values.open_for_reading(file)
    if file is None:
        raise values.UsageError("alerts.cli.read_only", file="—")
    project = Project.open(file)
    if project.read_only:
        project.close()
        raise AlertError("alerts.cli.read_only", file=file)
    return project


def _evaluate(project: Project, options: argparse.Namespace) -> None:
    until = values.a_time(options.until) if options.until else until_of(project, datetime.now(ZONE))
    with stopping() as stop:
        found = evaluate(
            project, until, options.station, full=options.full,
            progress=lambda _done, _total: stop.check(),
        )  # fmt: skip
    told = t(
        "alerts.cli.evaluated", until=f"{until:%Y-%m-%d %H:%M}", new=len(found.new),
        grown=len(found.grown), ended=len(found.ended), withdrawn=len(found.withdrawn),
    )  # fmt: skip
    print(told, file=sys.stderr)


def _step(project: Project, step: Step, options: argparse.Namespace) -> int:
    name = getattr(options, step.value)
    alert = _alert(project, name)
    to = options.to
    if step is Step.ASSIGN and not to:
        to = next(iter(suggested(alert.verdict, alert.medium)), "")
    follows = take_step(project, name, step, actor=options.by, note=options.note, assignee=to)
    told = {"step": t(f"alerts.step.{step}"), "status": t(f"alerts.status.{follows}")}
    print(t("alerts.cli.done", alert=name, **told))
    return 0


def _alert(project: Project, name: str) -> Alert:
    found = alert_of(project, name)
    if found is None:
        raise AlertError("alerts.error.unknown", alert=name)
    return found


def _show(project: Project, options: argparse.Namespace) -> int:
    if not options.what:
        raise values.UsageError("alerts.cli.need_alert")
    alert = _alert(project, options.what[0])
    signs, steps = signs_of(project, alert.alert_id), steps_of(project, alert.alert_id)
    words = _words(project, options)
    document = alert_document(alert, signs, steps, words, example=project.is_example)
    if options.json:
        print(json_text(document, full_phones=options.full_phones))
    else:
        print(terminal_text(document))
    return 0


def _list(project: Project, options: argparse.Namespace) -> int:
    found = alerts(
        project,
        live=None if options.all else True,
        stations=options.station,
        graver_than=a_grade(options.grade) if options.grade else None,
        since=values.a_time(options.since) if options.since else None,
        parts=options.parts,
    )
    alert_rules.tell_due(project)
    steps = {one.alert_id: steps_of(project, one.alert_id) for one in found}
    words = _words(project, options)
    document = alerts_document(found, steps, words, example=project.is_example)
    if options.output:
        target = values.a_target(options.output, FORMATS)
        save(document, target)
        print(t("cli.done.written", file=target), file=sys.stderr)
    elif options.json:
        print(json_text(document, full_phones=options.full_phones))
    elif found:
        print(terminal_text(document))
    else:
        print(t("alerts.cli.none_at_all") if options.all else t("alerts.cli.none"))
    return 0


def _words(project: Project, options: argparse.Namespace) -> AlertWriting:
    names = {code: facts.name for code, facts in stations_of(project).items()}
    return AlertWriting(names, options.full_phones)


def a_grade(text: str) -> AlertGrade:
    """A grade by its English name or its number.

    Raises:
        UsageError: if there is none.
    """
    plain = text.strip().lower()
    if plain in _GRADES:
        return _GRADES[plain]
    if plain in {"1", "2", "3", "4"}:
        return AlertGrade(int(plain))
    raise values.UsageError("alerts.error.bad_grade", text=text)
