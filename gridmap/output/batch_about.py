"""What a batch of answers rests on, and what is to be known about the sheet."""

from datetime import date

import pyarrow as pa

from gridmap.output import wording
from gridmap.output.sheets import text_table
from gridmap.project.project import Project
from gridmap.texts import pick, t

_SHOWN_ROLES = ("grid", "reach")


def data_line(project: Project) -> str:
    """The editions that owners and reaches stem from, in one line; example data say so."""
    editions = project.editions()
    shown = [
        t(
            "verdict.basis.edition" if edition.edition_date else "verdict.basis.edition_undated",
            layer=pick(project.declarations[layer_id].title.as_dict()),
            date=wording.day(edition.edition_date) if edition.edition_date else "",
            accuracy=wording.distance(edition.accuracy_m),
        )
        for layer_id, edition in editions.items()
        if project.declarations[layer_id].role in _SHOWN_ROLES
    ]
    label = [t("batch.example.label")] if project.is_example else []
    return t("verdict.join.clauses").join([*label, t("verdict.join.values").join(shown)])


def about_table(project: Project, source: str, on: date, line: str) -> pa.Table:
    """A small sheet that says where the answers come from."""
    facts = {
        t("batch.about.source"): source,
        t("batch.about.project"): f"{project.title} ({project.path.name})",
        t("batch.about.data"): data_line(project),
        t("batch.about.on"): wording.day(on),
        t("batch.about.rows"): line,
    }
    return text_table(
        {t("batch.about.what"): list(facts), t("batch.about.value"): list(facts.values())}
    )
