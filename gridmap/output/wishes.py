"""How a project's items and layers are called in the current language, for its verdicts."""

from gridmap.output.verdict_lines import Wishes
from gridmap.project import tables
from gridmap.project.project import Project
from gridmap.texts import pick


def wishes_for(project: Project, *, full_phones: bool = False) -> Wishes:
    """The titles and decimals a verdict of this project is shown with."""
    items = tables.items().values()
    return Wishes(
        full_phones=full_phones,
        item_titles=tuple((item.id, pick(item.title.as_dict())) for item in items),
        item_decimals=tuple((item.id, item.decimals) for item in items),
        layer_titles=tuple(
            (layer_id, pick(declaration.title.as_dict()))
            for layer_id, declaration in project.declarations.items()
        ),
    )
