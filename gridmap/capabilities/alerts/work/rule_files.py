"""The alert rules of a project: those that travel with the program, changed by the office's own.

A mistake is told with rule and field. Changes are changes of the project: logged, undoable.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from gridmap import shipped
from gridmap.capabilities.alerts.rules import AlertRule
from gridmap.standards.mistakes import Reason, code_of, reason_of
from gridmap.store.change import Change
from gridmap.store.figures import Figures, program_figures
from gridmap.store.project import Project
from gridmap.texts import GridMapError, has, t

_ADAPTER: Final = TypeAdapter(AlertRule)
_TABLE: Final = "alert_rules"


@dataclass(frozen=True)
class _Head:
    """What stands above the rules in their file."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    past_after_days: Annotated[int, Field(ge=0)]
    planned_flags: tuple[str, ...]


_HEAD: Final = Figures(_Head, "alert_rules", apart=("rule",))


class AlertRuleError(GridMapError):
    """A mistake in a rule: the facts name `file`, `rule`, `field` and `reason`."""


@cache
def shipped_rules() -> Mapping[str, AlertRule]:
    """The rules of `resources/alert_rules.toml`, by id, in the order of the file."""
    return read_rules(shipped.resource("alert_rules.toml"))


def past_after_days() -> int:
    """How many days after its end an event that is found only then needs nobody any more."""
    return program_figures(_HEAD).past_after_days


def planned_flags() -> tuple[str, ...]:
    """Flags that say that nothing is to be expected: a value that is missing then is no gap."""
    return program_figures(_HEAD).planned_flags


def read_rules(path: Path) -> Mapping[str, AlertRule]:
    """Read a file of rules: TOML with `[[rule]]`.

    Raises:
        AlertRuleError: naming file, rule, field and what is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise AlertRuleError("alerts.error.file", file=path, reason=error) from error
    entries = content.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        reason = t("alerts.error.no_rules")
        raise AlertRuleError("alerts.error.file", file=path, reason=reason)
    made: dict[str, AlertRule] = {}
    for number, entry in enumerate(entries, start=1):
        rule = made_rule(entry, str(path), str(entry.get("id", f"#{number}")))
        if rule.id in made:
            reason = t("alerts.reason.twice")
            raise AlertRuleError(
                "alerts.error.rule", file=path, rule=rule.id, field="id", reason=reason
            )
        made[rule.id] = rule
    return made


def made_rule(entry: Mapping[str, Any], file: str, name: str) -> AlertRule:
    """A rule from plain data.

    Raises:
        AlertRuleError: naming file, rule, field and what is wrong.
    """
    try:
        return _ADAPTER.validate_python(dict(entry))
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        ours = found["type"] == "value_error"  # a rule's own checks raise the field as a code
        code = code_of(found)
        where = code if ours else ".".join(map(str, found["loc"])) or "—"
        key = f"alerts.reason.{code}"
        reason = Reason(key) if has(key) else reason_of(found)
        raise AlertRuleError(
            "alerts.error.rule", file=file, rule=name, field=where, reason=reason
        ) from error


def rules_of(project: Project) -> Mapping[str, AlertRule]:
    """The rules of a project by id: the shipped ones, the office's own in their place or after.

    Raises:
        AlertRuleError: if an entry of the project's table is wrong.
    """
    with project.reading() as connection:
        rows = connection.execute(
            f"SELECT rule_id, definition FROM {_TABLE} ORDER BY id"  # noqa: S608
        ).fetchall()
    rules = dict(shipped_rules())
    for name, definition in rows:
        rules[name] = made_rule(_stored(definition, project, name), project.path.name, name)
    return rules


def _stored(definition: str, project: Project, name: str) -> dict[str, Any]:
    """A stored rule as plain data; that it is none is told like any other mistake."""
    try:
        return dict(json.loads(definition))
    except (ValueError, TypeError) as error:
        raise AlertRuleError(
            "alerts.error.rule", file=project.path.name, rule=name, field="—", reason=error
        ) from error


def put_rules(change: Change, rules: Iterable[AlertRule], removed: Iterable[str] = ()) -> int:
    """Write rules into the project's table; those that equal the shipped ones leave it.

    Args:
        change: under way.
        rules: new and changed ones.
        removed: ids of the office's own that are no more; a shipped one is as it was shipped.

    Returns:
        How many differ from what is shipped.
    """
    connection = change.touching(_TABLE, {})
    own = 0
    for name in removed:
        connection.execute(f"DELETE FROM {_TABLE} WHERE rule_id = ?", (name,))  # noqa: S608
    for rule in rules:
        connection.execute(f"DELETE FROM {_TABLE} WHERE rule_id = ?", (rule.id,))  # noqa: S608
        if shipped_rules().get(rule.id) == rule:
            continue
        own += 1
        connection.execute(
            f"INSERT INTO {_TABLE} (rule_id, definition) VALUES (?, ?)",  # noqa: S608
            (rule.id, json.dumps(rule_data(rule), ensure_ascii=False)),
        )
    return own


def save_rules(
    project: Project, rules: Sequence[AlertRule], removed: Sequence[str] = (), *,
    actor: str = "", note: str = "",
) -> int:  # fmt: skip
    """Make these the rules of a project, as one change; see `put_rules`."""
    with project.change("alert_rules", actor=actor, note=note) as change:
        own = put_rules(change, rules, removed)
        change.detail["rules"] = [rule.id for rule in rules]
        if removed:
            change.detail["removed"] = list(removed)
    return own


def own_id(title: str, taken: Iterable[str]) -> str:
    """An id for a rule of the office: made of its title, and of none that there is."""
    digest = hashlib.sha256(title.encode()).hexdigest()
    made = (f"own_{digest[:length]}" for length in range(6, len(digest)))
    known = set(taken)
    return next(name for name in made if name not in known)


def rule_data(rule: AlertRule) -> dict[str, Any]:
    """A rule as JSON types, without what has its default."""
    plain: dict[str, Any] = _ADAPTER.dump_python(
        rule, mode="json", exclude_defaults=True, exclude_none=True
    )
    return plain


def as_toml(rules: Iterable[AlertRule]) -> str:
    """Rules as a file that `read_rules` takes."""
    parts = []
    for rule in rules:
        lines = [f"{name} = {_toml(value)}" for name, value in rule_data(rule).items()]
        parts.append("\n".join(["[[rule]]", *lines, ""]))
    return "\n".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # A JSON text is a TOML basic string, and so are its numbers and truth values.
    return json.dumps(value, ensure_ascii=False)
