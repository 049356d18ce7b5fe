"""`gridmap alerts rules list|export|import`: the rules of a project as a table and as a file."""

import sys
from collections.abc import Sequence
from pathlib import Path

from gridmap.capabilities.alerts.rules import EVERY_STATION, AlertRule
from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.due import due_of
from gridmap.capabilities.alerts.work.rule_files import as_toml, read_rules, rules_of, save_rules
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.cli import values
from gridmap.report.writing import put_text
from gridmap.store.project import Project
from gridmap.texts import pick, t


def _stations(rule: AlertRule) -> str:
    if rule.without:
        return "  " + t("alerts.rules.all_but", names=", ".join(rule.without))
    return "" if EVERY_STATION in rule.stations else "  " + ", ".join(rule.stations)


def tell_due(project: Project) -> None:
    """Say which rules were not evaluated as they are now; nothing where there are none."""
    due = due_of(project)
    if due:
        told = t("alerts.cli.due", rules=", ".join(due.rules), series=due.series)
        print(told, file=sys.stderr)


def run(project: Project, what: Sequence[str], output: str | None, actor: str) -> int:
    """List the rules, write them to a TOML file, or take them from one."""
    action = what[0] if what else "list"
    rules = rules_of(project)
    if action == "list":
        for rule in rules.values():
            print(t(
                "alerts.cli.rule_line", id=rule.id, grade=grade_title(rule.grade),
                title=pick(rule.title.as_dict()),
                state=t("alerts.cli.on") if rule.enabled else t("alerts.cli.off"),
                confidence=t(f"alerts.confidence.{rule.confidence}"),
            ) + _stations(rule))  # fmt: skip
        tell_due(project)
        return 0
    if action == "export":
        text = as_toml(rules.values())
        if output is None:
            print(text)
        else:
            target = values.a_target(output, (".toml",))
            put_text(target, text)
            print(t("cli.done.written", file=target), file=sys.stderr)
        return 0
    if action != "import":
        raise values.UsageError("alerts.cli.bad_action", text=" ".join(("rules", *what)))
    if len(what) != 2:  # noqa: PLR2004  the word and the file
        raise values.UsageError("alerts.cli.need_file")
    taken = list(read_rules(Path(what[1])).values())
    own = save_rules(project, taken, actor=actor, note=Path(what[1]).name)
    print(t("alerts.cli.rules_saved", count=len(taken), own=own))
    known = stations_of(project)
    for rule in taken:
        lost = [one for one in (*rule.stations, *rule.without) if one not in {"*", *known}]
        if lost:
            print(t("alerts.cli.no_station", rule=rule.id, stations=", ".join(lost)))
    tell_due(project)
    return 0
