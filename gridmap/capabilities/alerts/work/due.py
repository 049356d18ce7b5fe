"""Whether an evaluation is due: rules, targets or decisions changed since the last one."""

from dataclasses import dataclass

from gridmap.capabilities.alerts.work.alerting import in_step, looked_at
from gridmap.capabilities.alerts.work.readings import mark_of, stock_of
from gridmap.capabilities.alerts.work.records import read_states
from gridmap.capabilities.alerts.work.rule_files import rules_of
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.store.project import Project


@dataclass(frozen=True)
class Due:
    """What an evaluation would look at anew.

    `rules`: ids of rules that were not evaluated as they are now; `series`: at how many series.
    Nothing is due before the first evaluation: then nothing was evaluated at all.
    """

    rules: tuple[str, ...] = ()
    series: int = 0

    def __bool__(self) -> bool:
        return bool(self.rules)


def due_of(project: Project) -> Due:
    """What has to be evaluated anew, without reading any value. Not for the GUI thread.

    Raises:
        AlertRuleError: if a rule of the project is wrong.
    """
    with project.reading() as connection:
        states = read_states(connection)
    if not states:
        return Due()
    stock, places = stock_of(project), list(stations_of(project).values())
    rules: dict[str, int] = {}
    for rule in rules_of(project).values():
        if not rule.enabled:
            continue
        for facts in places:
            if rule.medium != facts.medium or not rule.covers(facts.code):
                continue
            own = in_step(rule, facts)
            for item, measured in looked_at(own, facts):
                state = states.get((rule.id, facts.code, item))
                if state is None or state.get("mark") != mark_of(own, measured, facts, stock):
                    rules[rule.id] = rules.get(rule.id, 0) + 1
    return Due(tuple(rules), sum(rules.values()))
