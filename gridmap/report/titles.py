"""How things are called in the current language: codes of verdicts, items, layers, classes."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from gridmap.report import wording
from gridmap.standards import item_files as tables
from gridmap.standards.files import standards
from gridmap.standards.tables import in_force
from gridmap.store.project import Project
from gridmap.texts import has, pick, t

_DECIMALS: Final = 2


@dataclass(frozen=True)
class Wishes:
    """What the reader wants: phones in full (officials on duty only) or masked; item decimals."""

    full_phones: bool = False
    item_titles: tuple[tuple[str, str], ...] = ()
    item_decimals: tuple[tuple[str, int], ...] = ()
    layer_titles: tuple[tuple[str, str], ...] = ()


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


def named(kind: str, code: str) -> str:
    """The title of a code, or the code itself where it is the office's own."""
    key = f"verdict.{kind}.{code}"
    return t(key) if has(key) else code


def item_title(item: str) -> str:
    """An item in words, or its id where the tables do not know it."""
    known = tables.items().get(item)
    return pick(known.title.as_dict()) if known else item


def decimals_of(item: str, default: int = _DECIMALS) -> int:
    """How many decimals the values of an item are published with."""
    known = tables.items().get(item)
    return known.decimals if known else default


def shown_unit(unit: str) -> str:
    """A unit as people read it; nothing for pH and indices."""
    return "" if unit == "1" else unit


def class_title(number: int | None) -> str:
    """A class as Ⅲ类, or a dash."""
    return t(f"alerts.class.{number}") if number else t("alerts.words.none")


def class_look(number: int | None, day: date) -> tuple[str, str] | None:
    """Numeral and ground (`#rrggbb`) of a class of the tables in force; None without such a row."""
    for row in in_force(standards().water.grade, day):
        if row.water_class == number:
            return row.label, row.colour
    return None


def shown_phone(phone: str, *, full: bool) -> str:
    """A phone in full or masked."""
    return phone if full else wording.masked_phone(phone)
