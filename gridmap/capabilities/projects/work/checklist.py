"""What a project holds, and where each kind of data goes."""

from collections import Counter
from typing import Final

from gridmap.capabilities.projects.rules import Item, checklist
from gridmap.store.changes import EVERY, READINGS, ROSTERS, roles
from gridmap.store.project import Project

CHECKLIST_READS: Final = roles(EVERY) | ROSTERS | READINGS
_TABLES: Final = ("people", "posts", "roster", "series")


def checklist_of(project: Project) -> tuple[Item, ...]:
    """The checklist of a project; any thread."""
    return project.derived(_checklist, CHECKLIST_READS)


def target_of(project: Project, source: str) -> str:
    """What the import calls a source: the id of the first layer of a role, or the table.

    Raises:
        KeyError: if no layer is declared for the role.
    """
    if source in _TABLES:
        return source
    found = [one.id for one in project.declarations.values() if one.role == source]
    if not found:
        raise KeyError(source)
    return found[0]


def _checklist(project: Project) -> tuple[Item, ...]:
    counts: Counter[str] = Counter()
    for layer_id, edition in project.editions().items():
        counts[project.declarations[layer_id].role] += edition.rows
    counts["people"], counts["posts"] = len(project.people()), len(project.posts())
    counts["series"] = int(project.series.keys()["count"].sum())
    return checklist(counts)
