"""The rivers that have reaches as a document."""

from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.words import river_context
from gridmap.capabilities.rivers.work.rivers import rivers_of
from gridmap.capabilities.rivers.work.waters import present_waters
from gridmap.report import wording
from gridmap.report.document import Document, Paragraph
from gridmap.store.project import Project
from gridmap.texts import t


def rivers_document(project: Project) -> Document:
    """All rivers: codes, reaches, grade, length of water in metres; it names nobody."""
    index = present_waters(project).index
    context = river_context(project, rules_of(project).owner_tier)
    titles = context.titles.get(("river", "grade"), {})
    lengths = {
        reach.code: float(metres)
        for reach, metres in zip(index.reaches, index.lengths_m, strict=True)
    }
    lines, data = [], []
    for one in rivers_of(project):
        metres = sum(lengths.get(code, 0.0) for code in one.reaches)
        text = t(
            "river.list.row", code=one.code, name=one.name, reaches=len(one.reaches),
            length=wording.distance(metres), grade=titles.get(one.grade, one.grade),
        )  # fmt: skip
        lines.append(text.rstrip())
        if len(one.codes) > 1:
            lines.append(t("river.list.codes", codes="、".join(one.codes)))
        data.append({
            "code": one.code, "codes": list(one.codes), "name": one.name,
            "grade": one.grade or None, "length_m": round(metres, 1), "reaches": list(one.reaches),
        })  # fmt: skip
    return Document(
        "rivers",
        body=(Paragraph(tuple(lines)),),
        data={"schema": "gridmap.rivers/1", "rivers": data},
    )
