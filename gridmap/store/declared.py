"""Which module declares which tables of a project file, known by name only.

A module that declares tables has `METADATA`, an SQLAlchemy `MetaData`, with a `Table` for each
name. It is imported when a table has to be made or completed, never to open a whole file.

A declaration is a plain `Table`. Its `comment` is what GeoPackage readers show. `info` of the
table says `since`, the format that brought it, and perhaps `append_only`: such a table refuses
updates and deletions, and undo leaves it alone. `info` of a column says `since` where it came
later than its table; it may be NULL then, because rows that undo puts back may come from before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gridmap.capabilities import capabilities


@dataclass(frozen=True)
class TableModule:
    """A module with declarations.

    Attributes:
        module: its dotted name.
        tables: the names of the tables, and since which format of the file they are there.
        required: whether a file without one of them is damaged. A table that is not required is
            made when the file is next opened for writing; read, it is empty until then.
    """

    module: str
    tables: Mapping[str, int]
    required: bool = False


OWN: Final = TableModule(
    "gridmap.store.store_tables",
    {
        "people": 1, "posts": 1, "departments": 1, "settings": 1, "editions": 1,
        "series": 1, "series_blocks": 1, "series_tail": 1, "series_notes": 1,
        "series_revisions": 2,
    },
    required=True,
)  # fmt: skip
"""The tables without which there is no project."""


def declared() -> tuple[TableModule, ...]:
    """All modules with declarations: the store's own, then those of the capabilities."""
    more = (
        TableModule(f"gridmap.capabilities.{one.name}.tables", dict(one.tables))
        for one in capabilities()
        if one.tables
    )
    return (OWN, *more)


def declared_names() -> Iterator[str]:
    """The names of all declared tables."""
    for one in declared():
        yield from one.tables


def required_names(version: int) -> set[str]:
    """The tables without which a file of a format is damaged."""
    return {
        name
        for one in declared()
        if one.required
        for name, since in one.tables.items()
        if since <= version
    }
