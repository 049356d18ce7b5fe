"""Empty tables to be filled in by others, with a sheet that explains them."""

from collections.abc import Iterable, Mapping

from gridmap.capabilities.projects.work.templates import PLACE, READING, fields_of
from gridmap.core.declaration import FieldDeclaration, LayerDeclaration
from gridmap.report.document import Document, Table
from gridmap.texts import current_language, has, pick, t


def template_document(target: str, declarations: Mapping[str, LayerDeclaration]) -> Document:
    """A table without rows, and a second sheet that explains its columns.

    Args:
        target: id of a layer of points, a roster (`choices.ROSTERS`) or "series".
        declarations: the declared layers by id.

    Raises:
        KeyError: if there is no template of that name.
    """
    columns = list(_columns(target, declarations))
    layer = declarations.get(target)
    title = pick(layer.title.as_dict()) if layer else t(f"templates.target.{target}")
    heads = [t(f"templates.about.{name}") for name in ("column", "needed", "allowed")]
    return Document(
        kind="template",
        headline=title,
        tables=(
            Table.of(title, [head for head, _, _ in columns], []),
            Table.of(t("templates.about.title"), heads, [list(one) for one in columns]),
        ),
    )


def _columns(
    target: str, declarations: Mapping[str, LayerDeclaration]
) -> Iterable[tuple[str, str, str]]:
    """Heading, whether it is needed, what may stand there."""
    needed, wished = t("templates.needed"), t("templates.wished")
    fields = fields_of(target, declarations)
    for field in fields:
        yield _heading(field), needed if field.required else wished, _allowed(field)
    if target in declarations:
        for name in PLACE:
            yield t(f"templates.place.{name}"), needed, t("templates.allowed.place")
    elif not fields:
        for name in READING:
            yield t(f"templates.reading.{name}"), needed, t(f"templates.allowed.{name}")


def _heading(field: FieldDeclaration) -> str:
    """The title that people know; in English the name, which the import knows as well."""
    return field.title.zh if current_language() == "zh_CN" else field.name


def _allowed(field: FieldDeclaration) -> str:
    if has(f"templates.allowed.{field.name}"):
        return t(f"templates.allowed.{field.name}")
    if not field.values:
        unit = t("templates.unit", unit=field.unit) if field.unit else ""
        return t(f"templates.type.{field.type.value}") + unit
    titles = {value: title.as_dict() for value, title in field.value_titles.items()}
    words = [pick(titles[value]) if value in titles else value for value in field.values]
    return t("templates.comma").join(words)
