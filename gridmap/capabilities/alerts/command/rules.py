"""`gridmap alerts rules list|export|import`: the rules of a project as a table and as a file."""

import sys
from collections.abc import Sequence
from pathlib import Path

from gridmap.capabilities.alerts.words import grade_title
from gridmap.capabilities.alerts.work.rule_files import as_toml, read_rules, rules_of, save_rules
from gridmap.cli import values
from gridmap.report.writing import put_text
from gridmap.store.project import Project
from gridmap.texts import pick, t


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
            ))  # fmt: skip
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
    return 0
